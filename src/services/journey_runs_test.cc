// Journeys over real segments, in a folder that servers come and go on.
#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <filesystem>
#include <functional>
#include <future>
#include <optional>
#include <thread>

#include "base/test_folder.h"
#include "io/real_file_system.h"
#include "io/real_network.h"
#include "io/real_random.h"
#include "services/engines.h"
#include "services/journeys.h"
#include "services/segment_service.h"
#include "services/tag_service.h"
#include "services/test_eventually.h"

namespace waypost::services {
namespace {

namespace json = boost::json;
using Verb = api::SegmentCall::Verb;

constexpr std::string_view kSeen = R"json({"id":"seen","eql":"DID(Seen)"})json";
constexpr std::string_view kOnce = R"({"id":"once","entry":{"kind":"batch","segment":"seen",
  "schedule":{"from":"2026-01-01","at":"00:00","run_now":true}},"reentry":{"policy":"always"},
  "nodes":[{"id":"start","type":"entry"},{"id":"pause","type":"wait","for":"30d"}],
  "edges":[{"from":"start","to":"pause"}]})";

class JourneyRunsTest : public testing::Test {
 protected:
  JourneyRunsTest() { Open(); }
  ~JourneyRunsTest() override { Close(); }

  void Open() {
    catalogs_.emplace(machine_, config_);
    engines_ = std::make_unique<Engines>();
    ASSERT_TRUE(engines_->Open(machine_, config_, {"default"}, &*catalogs_).ok());
    ASSERT_TRUE(engines_->StartJourneys().ok());
  }
  void Close() {
    engines_->Stop();
    engines_.reset();
  }
  void Reopen() {
    Close();
    Open();
  }
  // What is on disk at this moment, without what a server does when it ends.
  void Crash(int64_t down_ms = 0) {
    const std::string copy = folder_.path() + "/" + std::to_string(++crashes_);
    std::filesystem::copy(config_.data, copy, std::filesystem::copy_options::recursive);
    Close();
    config_.data = copy;
    clock_.Advance(down_ms);
    Open();
  }
  // A server that ends before it has looked who came into which segment.
  void CrashAfter(const std::function<void()>& happens) {
    Close();
    engines_ = std::make_unique<Engines>();
    ASSERT_TRUE(engines_->Open(machine_, config_, {"default"}).ok());
    happens();
    Crash(2 * 3'600'000);
  }
  // What happens is on disk, and no server has decided anything about it.
  void CrashUndecided(const std::function<void()>& happens) {
    Close();
    auto opened = engine::Engine::Open(*files_, clock_, random_,
                                       {.directory = ProjectFolder(config_.data, "default"),
                                        .erasure_list = config_.data + "/erasures/default"});
    ASSERT_TRUE(opened.ok()) << opened.error().message();
    alone_ = std::move(opened).value();
    happens();
    const std::string copy = folder_.path() + "/" + std::to_string(++crashes_);
    std::filesystem::copy(config_.data, copy, std::filesystem::copy_options::recursive);
    alone_.reset();
    config_.data = copy;
    Open();
  }
  Journeys& journeys() { return *engines_->FindJourneys("").value(); }
  engine::Engine& engine() { return alone_ ? *alone_ : *engines_->Find("").value(); }

  // With what he becomes by it, in one batch.
  void See(const std::string& login, std::string_view event = "Seen", std::string_view level = {}) {
    BatchWriter out({.project = "default", .source = "test", .ingest_ms = clock_.NowMs()});
    if (!level.empty()) {
      out.BeginItem(ItemKind::kProfile, kProfileSet, {}, {.time_ms = clock_.NowMs()});
      out.AddIdentity("login", login);
      out.AddProperty("level", Value::String(level));
      out.EndItem();
    }
    out.BeginEvent(event, {.time_ms = clock_.NowMs()});
    out.AddIdentity("login", login);
    out.EndItem();
    Take(out.Finish());
  }
  void Owe(const std::string& login, std::string_view event, const Value& loan,
           std::string_view branch) {
    BatchWriter out({.project = "default", .source = "test", .ingest_ms = clock_.NowMs()});
    out.BeginEvent(event, {.time_ms = clock_.NowMs()});
    out.AddIdentity("login", login);
    out.AddProperty("loan_id", loan);
    out.AddProperty("branch", Value::String(branch));
    out.EndItem();
    Take(out.Finish());
  }
  void Take(Bytes batch) {
    std::promise<bool> done;
    engine().Append(std::move(batch), [&](const auto& at) { done.set_value(at.ok()); });
    ASSERT_TRUE(done.get_future().get());
    ASSERT_TRUE(engine().Read().ok());
  }
  void Link(const std::string& login, const std::string& phone) {
    BatchWriter out({.project = "default", .source = "test", .ingest_ms = clock_.NowMs()});
    out.BeginItem(ItemKind::kLink, "link", {}, {.time_ms = clock_.NowMs()});
    out.AddIdentity("login", login);
    out.AddIdentity("phone", phone);
    out.EndItem();
    Take(out.Finish());
  }
  // How many came in, and how many the entry's filter kept out.
  std::pair<uint64_t, uint64_t> Filtered() {
    std::pair<uint64_t, uint64_t> filtered;
    journeys().Look([&](const journeys::State& state) {
      const journeys::JourneyState& once = state.journeys()[0];
      const auto out = once.rejects.find(static_cast<uint8_t>(journeys::Reject::kFilter));
      filtered = {once.entered, out == once.rejects.end() ? 0 : out->second};
    });
    return filtered;
  }
  json::object Segment(Verb verb, std::string_view body = {}) {
    Sights sights(*engines_, &*catalogs_, clock_, config_);
    EngineSegments segments(machine_, *engines_, *catalogs_, sights, config_);
    const Result<std::string> answer =
        segments.Call({.verb = verb, .id = "seen", .body = std::string(body)});
    EXPECT_TRUE(answer.ok()) << answer.error().message();
    return answer.ok() ? json::parse(answer.value()).as_object() : json::object();
  }
  // "mood".
  void Tag(api::TagCall call) {
    Sights sights(*engines_, &*catalogs_, clock_, config_);
    EngineTags shelf(machine_, *engines_, *catalogs_, sights, config_);
    call.id = "mood";
    if (call.who.empty()) call.who = "li";
    const Result<std::string> done = shelf.Call(call);
    ASSERT_TRUE(done.ok()) << done.error().message();
  }
  void Certify() {
    Tag({.verb = api::TagCall::Verb::kStep, .step = "submit"});
    Tag({.verb = api::TagCall::Verb::kStep, .step = "certify", .who = "wang"});
  }
  // As soon as it is known who is in the live segment.
  bool PublishedSoon(std::string_view definition) {
    return Eventually([&] { return journeys().Publish(definition).ok(); });
  }
  json::object Shown() { return json::parse(journeys().Show("once").value()).as_object(); }
  size_t OpenRuns() {
    const json::object shown = Shown();
    const json::value* open = shown.if_contains("open_runs");
    return open ? open->as_array().size() : 0;
  }
  // Why it is not known whom the first open run is for; empty when nothing failed.
  json::object Failure() {
    const json::object shown = Shown();
    const json::value* open = shown.if_contains("open_runs");
    if (!open || !open->at(0).as_object().contains("error")) return {};
    return open->at(0).as_object();
  }
  bool Failed(int64_t tries) {
    return Eventually([&] {
      const json::object failure = Failure();
      return !failure.empty() && failure.at("tries") == tries;
    });
  }
  // Whose last run kept somebody.
  void TakeRunOfNoSegment() {
    See("ann");
    Segment(Verb::kCreate, kSeen);
    Segment(Verb::kRun);
    std::string daily(kOnce);
    const size_t at = daily.find(R"({"from")");
    daily.replace(at, daily.find('}', at) + 1 - at, R"({"every":"day","at":"22:14"})");
    daily.insert(1, R"("zone":"Asia/Shanghai",)");
    const Result<std::string> published = journeys().Publish(daily);
    ASSERT_TRUE(published.ok()) << published.error().message();
    Segment(Verb::kRemove);
    clock_.Advance(60'000);
    ASSERT_TRUE(Failed(1)) << json::serialize(Shown());
  }
  bool Entered(int64_t count) {
    return Eventually([&] { return Shown().at("entered") == count && OpenRuns() == 0; });
  }

  const TestFolder folder_;
  const std::unique_ptr<io::FileSystem> files_ = io::MakeRealFileSystem();
  const std::unique_ptr<io::Network> network_ = io::MakeRealNetwork();
  io::RealRandom random_;
  ManualClock clock_{1'790'000'000'000};
  Config config_{.data = folder_.path() + "/data"};
  const Machine machine_{*files_, *network_, random_, clock_};
  std::optional<Catalogs> catalogs_;
  int crashes_ = 0;
  std::unique_ptr<Engines> engines_;
  std::unique_ptr<engine::Engine> alone_;  // without anybody who decides
};

TEST_F(JourneyRunsTest, ARunIsForWhoIsInTheSegmentThenNotForWhomItsLastRunKept) {
  See("ann");
  Segment(Verb::kCreate, kSeen);
  EXPECT_EQ(Segment(Verb::kRun).at("count"), 1);
  See("ben");
  ASSERT_TRUE(journeys().Publish(kOnce).ok());
  ASSERT_TRUE(Entered(2)) << json::serialize(Shown());
  const json::object run = Shown().at("last_run").as_object();
  EXPECT_EQ(run.at("segment_run"), 2);
  EXPECT_EQ(run.at("customers"), 2);
  const json::object kept = Segment(Verb::kShow).at("runs").at(0).as_object();
  EXPECT_EQ(kept.at("run"), 2);
  EXPECT_EQ(kept.at("count"), 2);
  EXPECT_EQ(kept.at("by"), "journey");
  EXPECT_EQ(kept.at("journey"), "once");
}

TEST_F(JourneyRunsTest, ARunNeedsNoOtherRunOfItsSegmentBefore) {
  See("ann");
  Segment(Verb::kCreate, kSeen);
  const Result<std::string> published = journeys().Publish(kOnce);
  ASSERT_TRUE(published.ok()) << published.error().message();
  EXPECT_TRUE(Entered(1));
}

TEST_F(JourneyRunsTest, ARunThatFailsIsShownAndTriedAgainAndNeverForAListThatIsOld) {
  ASSERT_NO_FATAL_FAILURE(TakeRunOfNoSegment());
  EXPECT_THAT(std::string(Failure().at("error").as_string()),
              testing::HasSubstr("there is no segment 'seen'"));
  clock_.Advance(1'000);
  ASSERT_TRUE(Failed(2));
  for (int64_t tries = 3; tries < 15; ++tries) {
    clock_.Advance(600'000);
    ASSERT_TRUE(Failed(tries)) << "after ten minutes at most";
  }
  EXPECT_EQ(Shown().at("entered"), 0) << "whom the last run kept";
  Segment(Verb::kCreate, kSeen);
  clock_.Advance(600'000);
  ASSERT_TRUE(Entered(1));
  EXPECT_TRUE(Failure().empty());
}

TEST_F(JourneyRunsTest, ARunThatFailsUntilItsGraceIsOverIsGivenUpWithTheReason) {
  ASSERT_NO_FATAL_FAILURE(TakeRunOfNoSegment());
  for (int64_t tries = 2; tries <= 6; ++tries) {
    clock_.Advance(3'600'000);
    ASSERT_TRUE(Failed(tries));
  }
  clock_.Advance(3'600'000);
  ASSERT_TRUE(Eventually([&] { return Shown().contains("failed_runs"); }));
  const json::object failed = Shown().at("failed_runs").at(0).as_object();
  EXPECT_EQ(failed.at("day"), "2026-09-21");
  EXPECT_EQ(failed.at("due"), "2026-09-21T14:14:00.000Z");
  EXPECT_THAT(std::string(failed.at("error").as_string()),
              testing::HasSubstr("there is no segment 'seen'"));
  Segment(Verb::kCreate, kSeen);
  Reopen();
  clock_.Advance(600'000);
  EXPECT_TRUE(Entered(0)) << "it is for nobody";
  clock_.Advance(20 * 3'600'000);
  ASSERT_TRUE(Entered(1)) << "the next one is";
  EXPECT_EQ(Shown().at("last_run").at("due"), "2026-09-22T14:14:00.000Z");
}

TEST_F(JourneyRunsTest, ARunThatAServerFindsOpenTooLateIsGivenUp) {
  ASSERT_NO_FATAL_FAILURE(TakeRunOfNoSegment());
  Close();
  clock_.Advance(7 * 3'600'000);
  Open();
  ASSERT_TRUE(Eventually([&] { return Shown().contains("failed_runs"); }));
  Segment(Verb::kCreate, kSeen);
  clock_.Advance(600'000);
  EXPECT_TRUE(Entered(0));
}

TEST_F(JourneyRunsTest, ACrashBetweenTakingARunAndKnowingWhomItIsForListsThemOnce) {
  ASSERT_NO_FATAL_FAILURE(TakeRunOfNoSegment());
  Crash();
  ASSERT_TRUE(Failed(1)) << "it is open still";
  Close();
  Open();
  ASSERT_TRUE(Failed(1)) << "it is open still";
  See("ben");
  Segment(Verb::kCreate, kSeen);
  clock_.Advance(1'000);
  ASSERT_TRUE(Entered(2)) << json::serialize(Shown());
  for (const bool crash : {true, false}) {
    crash ? Crash() : Reopen();
    clock_.Advance(600'000);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    EXPECT_TRUE(Entered(2)) << "the journey would take everybody again";
  }
}

TEST_F(JourneyRunsTest, ARunOfAListIsForWhoIsOnItThenWhateverIsUploadedLater) {
  for (const char* login : {"ann", "ben", "cid"}) See(login);
  const auto upload = [&](std::string_view logins) {
    return Segment(Verb::kUpload,
                   R"({"id":"payers","key":"login","values":[)" + std::string(logins) + "]}");
  };
  upload(R"("ann")");
  Segment(Verb::kCreate, R"json({"id":"seen","eql":"IN LIST payers"})json");
  EXPECT_EQ(upload(R"("ann","ben","nobody")").at("matched"), 2);
  std::string daily(kOnce);
  daily.replace(daily.find(R"("run_now":true)"), 14, R"("every":"day","run_now":true)");
  daily.insert(1, R"("zone":"Asia/Shanghai",)");
  ASSERT_TRUE(journeys().Publish(daily).ok());
  ASSERT_TRUE(Entered(2)) << json::serialize(Shown());
  const json::object run = Shown().at("last_run").as_object();
  EXPECT_EQ(run.at("customers"), 2);
  upload(R"("cid")");
  EXPECT_EQ(Segment(Verb::kShow).at("runs").at(0).at("count"), 2) << "it is kept";
  EXPECT_EQ(Segment(Verb::kShow).at("runs").at(0).at("by"), "journey");
  clock_.Advance(3 * 3'600'000);  // past midnight in Shanghai
  ASSERT_TRUE(Entered(3)) << "the next run is for whom the new list names";
  EXPECT_EQ(Shown().at("last_run").at("customers"), 1);
  EXPECT_NE(Shown().at("last_run").at("segment_run"), run.at("segment_run"));
}

TEST_F(JourneyRunsTest, ARehearsalByATagPlaysTheValuesOfEachDay) {
  for (const char* login : {"ann", "ben", "cid"}) See(login);
  Tag({.verb = api::TagCall::Verb::kCreate,
       .body = R"({"id":"mood","owner":"li","make":{"kind":"uploaded","type":"string"}})"});
  const auto upload = [&](std::string_view values) {
    Tag({.verb = api::TagCall::Verb::kUpload,
         .body = R"({"key":"login","values":[)" + std::string(values) + "]}"});
  };
  upload(R"(["ann","low"],["ben","low"])");
  Certify();
  clock_.Advance(kDayMs);
  upload(R"(["ann","high"],["cid","high"])");
  clock_.Advance(kDayMs);
  upload(R"(["ben","high"],["ann","low"])");
  const auto entered = [&](std::string_view becomes, int64_t days) {
    const Result<std::string> rehearsed = journeys().Rehearse(
        R"({"id":"draft","entry":{"kind":"tag","tag":"mood",)" + std::string(becomes) +
            R"(},"nodes":[{"id":"start","type":"entry"},{"id":"pause","type":"wait","for":"30d"}],
            "edges":[{"from":"start","to":"pause"}]})",
        days);
    EXPECT_TRUE(rehearsed.ok()) << rehearsed.error().message();
    return rehearsed.ok() ? json::parse(rehearsed.value()).at("entered").to_number<int>() : -1;
  };
  EXPECT_EQ(entered(R"("to":"high")", 30), 3);
  EXPECT_EQ(entered(R"("from":"low","to":"high")", 30), 2);
  EXPECT_EQ(entered(R"("from":"high")", 30), 1);
  EXPECT_EQ(entered(R"("to":"high")", 1), 1) << "the others were so before";
  EXPECT_EQ(entered(R"("to":"high","min_dwell":"1d")", 30), 1) << "only cid stayed so";
}

TEST_F(JourneyRunsTest, WhoCameIntoASegmentBeforeACrashIsInTimeWhenTheTimeoutPassedSince) {
  See("ann");
  See("ben", "Paid");
  Segment(Verb::kCreate, R"json({"id":"seen","eql":"DID(Paid)","refresh":"live"})json");
  ASSERT_TRUE(PublishedSoon(
      R"({"id":"once","entry":{"kind":"api"},
          "nodes":[{"id":"start","type":"entry"},
                   {"id":"x","type":"wait_event","timeout":"1h",
                    "branches":[{"outcome":"in","when":"IN SEGMENT seen"}]}],
          "edges":[{"from":"start","to":"x"}]})"));
  for (const char* login : {"ann", "cid"}) {
    See(login);
    ASSERT_TRUE(journeys().Enter("once", {{"login", login}, {}, {}}).ok());
  }
  CrashAfter([&] { See("ann", "Paid"); });
  ASSERT_TRUE(Eventually([&] { return Shown().at("active") == 0; }));
  EXPECT_THAT(json::serialize(Shown()), testing::HasSubstr(R"("out":{"in":1,"timeout":1})"));
}

TEST_F(JourneyRunsTest, WhatWasDoneBeforeCountsOnlyForTheSameKey) {
  Owe("ann", "Loan", Value::Int(7), "a");
  Owe("ann", "Repaid", Value::Int(8), "b");
  ASSERT_TRUE(PublishedSoon(
      R"json({"id":"once","entry":{"kind":"event","on":"Loan","key":"loan_id"},
          "reentry":{"policy":"per_key"},
          "nodes":[{"id":"start","type":"entry"},{"id":"p","type":"wait","for":"1h"},
                   {"id":"x","type":"wait_event","timeout":"9d","same_key":true,
                    "since":"journey_entry",
                    "branches":[{"outcome":"got","event":"Repaid","where":"branch != z"}]}],
          "edges":[{"from":"start","to":"p"},{"from":"p","to":"x"}]})json"));
  Owe("ben", "Loan", Value::Int(1), "a");
  Owe("cid", "Loan", Value::Int(2), "a");
  Owe("dan", "Loan", Value::Int(3), "a");
  clock_.Advance(60'000);
  Owe("ben", "Repaid", Value::Int(1), "b");
  Owe("cid", "Repaid", Value::Int(1), "b");
  Owe("dan", "Repaid", Value::Int(3), "z");
  clock_.Advance(3'600'000);
  ASSERT_TRUE(Eventually([&] { return Shown().at("active") == 2; })) << json::serialize(Shown());
  EXPECT_THAT(json::serialize(Shown()), testing::HasSubstr(R"("out":{"got":1})"));
}

constexpr std::string_view kWhoPays = R"({"id":"once","reentry":{"policy":"always"},
  "entry":{"kind":"event","on":"Paid","filter":"WHICH"},
  "nodes":[{"id":"start","type":"entry"},{"id":"pause","type":"wait","for":"30d"}],
  "edges":[{"from":"start","to":"pause"}]})";
std::string WhoPays(std::string_view filter) {
  return std::string(kWhoPays).replace(kWhoPays.find("WHICH"), 5, filter);
}

// What came with the event, and before it in its batch, whether a server decided at once or the
// next one did.
TEST_F(JourneyRunsTest, AFilterIsAskedOfWhatTheCustomerBecameWithTheEvent) {
  See("ann", "Paid", "silver");
  ASSERT_TRUE(PublishedSoon(WhoPays("level = gold")));
  See("ben", "Paid", "gold");
  See("cid", "Paid", "silver");
  ASSERT_TRUE(Eventually([&] { return Filtered() == std::pair(1ul, 1ul); }));
  CrashUndecided([&] {
    See("ann", "Paid", "gold");
    See("dan", "Paid", "gold");
    See("eve", "Paid", "silver");
  });
  ASSERT_TRUE(Eventually([&] { return Filtered() == std::pair(3ul, 2ul); }));
}

// Whose members nobody had worked out yet, or as they were kept before.
TEST_F(JourneyRunsTest, AFilterOfALiveSegmentHoldsForEventsThatACrashKeptFromBeingDecided) {
  See("ann", "Joined");
  See("cid");
  Segment(Verb::kCreate, R"json({"id":"seen","eql":"DID(Joined)","refresh":"live"})json");
  Segment(Verb::kRun);
  ASSERT_TRUE(PublishedSoon(WhoPays("IN SEGMENT seen")));
  CrashUndecided([&] {
    See("ben", "Joined");
    for (const char* login : {"ann", "ben", "cid"}) See(login, "Paid");
  });
  ASSERT_TRUE(Eventually([&] { return Filtered() == std::pair(2ul, 1ul); }))
      << Filtered().first << " in, " << Filtered().second << " out";
}

TEST_F(JourneyRunsTest, AFilterOfALiveTagHoldsForEventsThatACrashKeptFromBeingDecided) {
  See("ann", "Seen", "gold");
  See("cid", "Paid", "silver");
  Tag({.verb = api::TagCall::Verb::kCreate,
       .body = R"json({"id":"mood","owner":"li","refresh":"live","make":{"kind":"layers",
           "layers":[{"value":"high","eql":"level = gold AND DID(Seen)"}]}})json"});
  Certify();
  ASSERT_TRUE(PublishedSoon(WhoPays("TAG(mood) = high")));
  CrashUndecided([&] {
    See("ben", "Seen", "gold");
    See("dan", "Seen", "gold");
    Link("dan", "13800000000");
    for (const char* login : {"ann", "ben", "cid", "dan"}) See(login, "Paid");
  });
  ASSERT_TRUE(Eventually([&] { return Filtered() == std::pair(3ul, 1ul); }))
      << Filtered().first << " in, " << Filtered().second << " out";
}

TEST_F(JourneyRunsTest, WhoLeftASegmentBeforeACrashHasNotStayedInIt) {
  for (const char* event : {"Paid", "Closed"}) See("ann", event);
  Segment(Verb::kCreate,
          R"json({"id":"seen","eql":"DID(Paid) AND NOT DID(Closed)","refresh":"live"})json");
  ASSERT_TRUE(PublishedSoon(
      R"({"id":"once","entry":{"kind":"segment","segment":"seen","min_dwell":"1h"},
          "nodes":[{"id":"start","type":"entry"},{"id":"pause","type":"wait","for":"30d"}],
          "edges":[{"from":"start","to":"pause"}]})"));
  const auto waiting = [&] {
    size_t arms = 0;
    journeys().Look([&](const journeys::State& state) { arms = state.journeys()[0].arms.size(); });
    return arms;
  };
  for (const char* login : {"ben", "cid"}) See(login, "Paid");
  ASSERT_TRUE(Eventually([&] { return waiting() == 2; }));
  CrashAfter([&] { See("ben", "Closed"); });
  ASSERT_TRUE(Eventually([&] { return waiting() == 0; }));
  EXPECT_EQ(Shown().at("entered"), 1) << "cid";
}

TEST_F(JourneyRunsTest, ANewVersionListsWhoIsInItsSegmentOnlyWhenTheOneBeforeDidNot) {
  See("ann");
  Segment(Verb::kCreate, R"json({"id":"seen","eql":"DID(Seen)","refresh":"live"})json");
  const auto version = [](std::string_view more) {
    return R"({"id":"once","reentry":{"policy":"always"},"entry":{"kind":"segment","segment":"seen")" +
           std::string(more) +
           R"(},"nodes":[{"id":"start","type":"entry"},{"id":"pause","type":"wait","for":"30d"}],
              "edges":[{"from":"start","to":"pause"}]})";
  };
  const std::string existing = version(R"(,"include_existing":true)");
  ASSERT_TRUE(PublishedSoon(existing));
  ASSERT_TRUE(Entered(1));
  int64_t entered = 1;
  for (const auto& [next, lists] :
       {std::pair(existing, 0),
        {version(R"(,"include_existing":true,"filter":"IN SEGMENT seen")"), 0},
        {version(""), 0},
        {existing, 1},
        {version(R"(,"when":"leaves")"), 0},
        {existing, 1}}) {
    ASSERT_TRUE(journeys().Publish(next).ok());
    const json::object shown = Shown();  // of one moment: who is listed comes in meanwhile
    EXPECT_EQ(shown.at("to_come").to_number<int64_t>() + shown.at("entered").to_number<int64_t>() -
                  entered,
              lists);
    entered += lists;
    ASSERT_TRUE(Entered(entered)) << next;
  }
}

TEST_F(JourneyRunsTest, ARunOfAJourneyThatIsStoppedIsNotOpenAnyMore) {
  ASSERT_NO_FATAL_FAILURE(TakeRunOfNoSegment());
  ASSERT_TRUE(journeys().SetPhase("once", journeys::Phase::kStopped).ok());
  Segment(Verb::kCreate, kSeen);
  clock_.Advance(600'000);
  EXPECT_TRUE(Entered(0));
}

constexpr std::string_view kLister = R"({"id":"lister","entry":{"kind":"event","on":"Seen"},
  "reentry":{"policy":"always"},
  "nodes":[{"id":"start","type":"entry"},{"id":"on","type":"list","list":"blocked"},
           {"id":"wait","type":"wait_event","timeout":"9d",
            "branches":[{"outcome":"left","event":"Left"}]},
           {"id":"off","type":"list","list":"blocked","action":"remove"}],
  "edges":[{"from":"start","to":"on"},{"from":"on","to":"wait"},
           {"from":"wait","to":"off","when":"left"}]})";

TEST_F(JourneyRunsTest, ANodePutsCustomersOnAListAndTakesThemOffOnceAlsoAfterACrash) {
  using Logins = std::set<std::string>;
  const auto catalog = [&]() -> ProjectCatalog& { return *catalogs_->Find("default").value(); };
  const auto upload = [&](const std::string& values) {
    Segment(Verb::kUpload, R"({"id":"blocked","key":"login","values":)" + values + "}");
  };
  const auto members = [&] {
    engine::Engine& engine = *engines_->Find("").value();
    const engine::Reading reading = engine.Read().value();
    const auto bits =
        catalog().segments->MemberBits("list", "blocked", 0, reading.snapshot->view());
    Logins logins;
    for (size_t i = 0; bits.ok() && i < bits.value().size() * 64; ++i) {
      if (!(bits.value()[i / 64] >> (i % 64) & 1)) continue;
      engine.Look([&](const engine::Applier& applier) {
        logins.insert(std::string(applier.identities().identity(static_cast<Ordinal>(i)).value));
      });
    }
    return logins;
  };
  const auto runs = [&] {
    return catalog().catalog->Entries({"list", "blocked"}, 100).value().size();
  };
  for (const char* one : {"ann", "bob", "cat"}) See(one, "Known");
  ASSERT_FALSE(journeys().Publish(kLister).ok()) << "there is no such list";
  upload(R"(["cat"])");
  const auto published = journeys().Publish(kLister);
  ASSERT_TRUE(published.ok()) << published.error().message();
  for (const char* one : {"ann", "bob", "ann"}) {
    See(one);
    clock_.Advance(60'000);
  }
  const auto all_kept = [&] {
    bool kept = false;
    journeys().Look([&](const journeys::State& state) { kept = state.unlisted().empty(); });
    return kept;
  };
  EXPECT_TRUE(Eventually([&] { return members() == Logins{"ann", "bob", "cat"} && all_kept(); }));
  const size_t before = runs();
  upload(R"(["cat"])");
  Crash(120'000);
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_EQ(members(), Logins{"cat"}) << "what was kept is not kept again";
  EXPECT_EQ(runs(), before + 1);
  See("cat");
  See("cat", "Left");
  clock_.Advance(60'000);
  EXPECT_TRUE(Eventually([&] { return members().empty(); }));
}

}  // namespace
}  // namespace waypost::services

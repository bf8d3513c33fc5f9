#include "segments/segments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <roaring/roaring.h>

#include <boost/json.hpp>
#include <filesystem>
#include <set>

#include "base/hash.h"
#include "base/test_folder.h"
#include "column/block_image.h"
#include "io/real_file_system.h"
#include "segments/member_file.h"

namespace waypost::segments {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

constexpr int64_t kRunMs = 1'775'001'600'000;
constexpr uint32_t kVip = 16;

class FewNames final : public analytics::Names {
 public:
  std::optional<EventTypeId> Event(std::string_view name) const override {
    return name == "pay" ? std::optional<EventTypeId>(1) : std::nullopt;
  }
  std::optional<analytics::PropertyName> Property(std::string_view) const override {
    return std::nullopt;
  }
  std::optional<analytics::PropertyName> Attribute(std::string_view name) const override {
    if (name != "vip") return std::nullopt;
    return analytics::PropertyName{kVip, ValueType::kInt};
  }
  std::vector<std::string> EventNames() const override { return {}; }
  std::vector<std::string> PropertyNames() const override { return {}; }
  std::vector<std::string> AttributeNames() const override { return {"vip"}; }
  std::string CustomerName(Ordinal ordinal) const override {
    return "login:u" + std::to_string(ordinal);
  }
};

class SegmentsTest : public testing::Test {
 protected:
  SegmentsTest() {
    std::filesystem::create_directories(folder_ / "segments");
    catalog_ = catalog::Catalog::Open(folder_ / "catalog.db").value();
    SetVips({0, 1, 2, 3, 3});
  }

  // Customer i has vip = vips[i].
  void SetVips(const std::vector<int64_t>& vips) {
    std::vector<column::Cell> cells;
    for (const int64_t vip : vips) cells.push_back({kVip, column::ColumnType::kInt, vip, 0, {}});
    std::vector<const column::Cell*> rows;
    for (const column::Cell& cell : cells) rows.push_back(&cell);
    image_ = column::BuildColumn(kVip, column::ColumnType::kInt, rows);
    view_ = {};
    view_.id = "s" + std::to_string(vips.size());
    view_.ordinal_count = static_cast<uint32_t>(vips.size());
    view_.clustered.assign(1, 0);
    view_.blocks.emplace_back().attributes.push_back(
        column::ReadColumnImage(image_.bytes()).value());
  }

  Moment Now() {
    return {.snapshot = view_,
            .names = names_,
            .now_ms = kRunMs,
            .find = [](std::string_view key, std::string_view value) -> std::optional<uint32_t> {
              if (key != "login" || !value.starts_with('u')) return std::nullopt;
              return static_cast<uint32_t>(std::stoul(std::string(value.substr(1))));
            }};
  }
  static json::object Read(const Result<std::string>& answer) {
    EXPECT_TRUE(answer.ok()) << answer.error().message();
    return answer.ok() ? json::parse(answer.value()).as_object() : json::object();
  }
  void Make(const std::string& id, const std::string& eql) {
    Read(segments_().Create(
        json::serialize(json::object{{"id", id}, {"name_zh", "客群" + id}, {"eql", eql}}), Now()));
  }
  int64_t CountOfRun(const std::string& id) {
    return Read(segments_().Run(id, Now())).at("count").to_number<int64_t>();
  }
  Segments& segments_() {
    if (!made_) made_.emplace(*files_, *catalog_, folder_ / "segments");
    return *made_;
  }

  const TestFolder folder_;
  std::unique_ptr<io::FileSystem> files_ = io::MakeRealFileSystem();
  std::unique_ptr<catalog::Catalog> catalog_;
  std::optional<Segments> made_;
  FewNames names_;
  column::Image image_;
  column::SnapshotView view_;
};

TEST_F(SegmentsTest, ARunKeepsWhoWasInAndTellsWhoCameAndLeft) {
  Make("vip", "vip >= 2 AND vip < 9");
  const json::object first = Read(segments_().Run("vip", Now()));
  EXPECT_EQ(first.at("count"), 3);
  EXPECT_EQ(first.at("run"), 1);
  EXPECT_EQ(first.at("after").as_array().size(), 2u);
  EXPECT_EQ(first.at("leaves").as_array()[0].at("eql"), "vip >= 2");
  EXPECT_EQ(first.at("leaves").as_array()[0].at("count"), 3);
  SetVips({5, 1, 0, 3, 3, 7});
  const json::object second = Read(segments_().Run("vip", Now()));
  EXPECT_EQ(second.at("count"), 4);
  EXPECT_EQ(second.at("came"), 2);
  EXPECT_EQ(second.at("left"), 1);
  const json::object members = Read(segments_().Members("vip", 1, 10, Now()));
  EXPECT_EQ(json::serialize(members.at("members")),
            R"([{"ordinal":2,"name":"login:u2"},{"ordinal":3,"name":"login:u3"},)"
            R"({"ordinal":4,"name":"login:u4"}])");
  EXPECT_EQ(Read(segments_().Show("vip")).at("runs").as_array().size(), 2u);
}

TEST_F(SegmentsTest, ARuleThatWouldReadTooMuchIsRefusedBeforeItRuns) {
  column::BlockBuilder builder(0, 0);
  for (uint32_t row = 0; row < 10; ++row)
    builder.Add({.event_type = 1, .local = row % 3, .time_ms = row});
  const column::Image image = builder.Build();
  const column::EventBlock events = column::ReadBlockImage(image.bytes()).value();
  SetVips({1, 2, 3});
  view_.blocks[0].parts.push_back(&events);
  Moment moment = Now();
  moment.max_rows = 25;
  const std::string two = R"({"eql": "DID(pay) COUNT > 2 AND NOT DID(pay) DAYS > 1"})";
  EXPECT_TRUE(segments_().Estimate(two, moment).ok());
  const auto three = segments_().Estimate(
      R"q({"eql": "DID(pay) COUNT > 2 AND NOT (DID(pay) DAYS > 1 OR SEQ(pay THEN pay))"})q",
      moment);
  ASSERT_FALSE(three.ok());
  EXPECT_EQ(three.error().name(), "too_large");
  EXPECT_THAT(three.error().message(), testing::HasSubstr("30 rows of events, over 25"));
}

TEST_F(SegmentsTest, AnEstimateSaysWhatEachPartSelects) {
  const json::object plain = Read(segments_().Estimate(R"({"eql":"vip = 3"})", Now()));
  EXPECT_EQ(plain.at("count"), 2);
  EXPECT_EQ(plain.at("everyone"), 5);
  const json::object explained =
      Read(segments_().Estimate(R"({"eql":"vip >= 1 AND NOT vip = 3","explain":true})", Now()));
  EXPECT_EQ(explained.at("count"), 2);
  EXPECT_EQ(explained.at("leaves").as_array()[1].at("count"), 2);
  EXPECT_EQ(explained.at("after").as_array()[0].at("left"), 4);
}

TEST_F(SegmentsTest, SegmentsAreMadeOfOthersButNotOfThemselves) {
  Make("a", "vip >= 2");
  const auto early = segments_().Estimate(R"({"eql":"IN SEGMENT a"})", Now());
  ASSERT_FALSE(early.ok());
  EXPECT_THAT(early.error().message(), HasSubstr("has not been run yet"));
  EXPECT_EQ(CountOfRun("a"), 3);
  Make("b", "IN SEGMENT 客群a AND vip = 3");
  EXPECT_EQ(CountOfRun("b"), 2);
  EXPECT_EQ(segments_().Remove("a").error().name(), "in_use");
  const auto circle = segments_().Change("a", R"({"version":1,"eql":"IN SEGMENT b"})", Now());
  ASSERT_FALSE(circle.ok());
  EXPECT_THAT(circle.error().message(), HasSubstr("made of itself"));
  EXPECT_THAT(segments_().Estimate(R"({"eql":"IN SEGMENT bb"})", Now()).error().message(),
              HasSubstr("line 1, column 12: there is no segment 'bb'; did you mean 'b'?"));
  EXPECT_TRUE(segments_().Remove("b").ok());
  EXPECT_TRUE(segments_().Remove("a").ok());
  EXPECT_TRUE(std::filesystem::is_empty(folder_ / "segments"));
}

TEST_F(SegmentsTest, AChangeKeepsTheNamesAndTheOwnerItLeavesOut) {
  const auto made = segments_().Create(
      R"({"id":"a","name_zh":"高端","name_en":"VIP","owner":"li","eql":"vip >= 1"})", Now());
  ASSERT_TRUE(made.ok());
  const auto changed =
      segments_().Change("a", R"({"version":1,"name_en":"Rich","eql":"vip >= 2"})", Now());
  ASSERT_TRUE(changed.ok());
  for (const char* kept :
       {R"("name_zh":"高端")", R"("name_en":"Rich")", R"("owner":"li")", R"("version":2)"})
    EXPECT_THAT(changed.value(), HasSubstr(kept));
  const auto stale = segments_().Change("a", R"({"version":1,"eql":"vip >= 2"})", Now());
  ASSERT_FALSE(stale.ok());
  EXPECT_EQ(stale.error().name(), "conflict");
  EXPECT_FALSE(segments_().Change("a", R"({"eql":"vip >= 2"})", Now()).ok());
}

TEST_F(SegmentsTest, AScheduleComesRoundFromWhenItWasSetAndFromTheLastRun) {
  const auto plan = [&] {
    std::string text;
    for (const analytics::Planned& p : segments_().Plans().value())
      text += p.id + " " + p.schedule.cron + " " + p.schedule.zone + " " +
              std::to_string(p.last_ms - kRunMs) + "\n";
    return text;
  };
  const auto change = [&](const std::string& id, const std::string& body, int64_t later_ms) {
    Moment moment = Now();
    moment.now_ms += later_ms;
    return Read(segments_().Change(id, body, moment));
  };
  Make("z", "vip >= 1");
  Make("a", "vip >= 1");
  Read(segments_().Run("z", Now()));
  EXPECT_EQ(plan(), "");
  change("a", R"({"version":1,"eql":"IN SEGMENT z","schedule":{"cron":"0 2 * * *"}})", 1'000);
  change("z",
         R"({"version":1,"eql":"vip > 1","schedule":{"cron":"0 2 * * *","zone":"Asia/Shanghai"}})",
         2'000);
  // Who others are made of comes first.
  EXPECT_EQ(plan(), "z 0 2 * * * Asia/Shanghai 2000\na 0 2 * * * UTC 1000\n");
  // Another rule does not put off a run that has come; another schedule begins anew.
  change("z", R"({"version":2,"eql":"vip > 2"})", 3'000);
  change("a", R"({"version":2,"eql":"IN SEGMENT z","schedule":{"cron":"5 2 * * *"}})", 4'000);
  EXPECT_EQ(plan(), "z 0 2 * * * Asia/Shanghai 2000\na 5 2 * * * UTC 4000\n");
  Moment moment = Now();
  moment.now_ms += 9'000;
  EXPECT_EQ(Read(segments_().RunPlanned("z", moment)).at("by"), "schedule");
  EXPECT_EQ(plan(), "z 0 2 * * * Asia/Shanghai 9000\na 5 2 * * * UTC 4000\n");
  change("a", R"({"version":3,"eql":"vip = 1","schedule":{}})", 9'000);
  EXPECT_EQ(plan(), "z 0 2 * * * Asia/Shanghai 9000\n");
  const auto bad =
      segments_().Create(R"({"id":"b","eql":"vip > 1","schedule":{"cron":"61 * * * *"}})", Now());
  ASSERT_FALSE(bad.ok());
  EXPECT_THAT(bad.error().message(), HasSubstr("schedule.cron: minute: '61'"));
}

TEST_F(SegmentsTest, ARunThatFailsLeavesTheLastOneThatWasKept) {
  Make("vip", "vip >= 2");
  EXPECT_EQ(Read(segments_().RunPlanned("vip", Now())).at("count"), 3);
  Moment moment = Now();
  moment.max_rows = 0;
  Read(segments_().Change("vip", R"j({"version":1,"eql":"vip >= 2 AND DID(pay)"})j", moment));
  column::BlockBuilder builder(0, 0);
  builder.Add({.event_type = 1, .local = 3, .time_ms = 5});
  const column::Image image = builder.Build();
  const column::EventBlock events = column::ReadBlockImage(image.bytes()).value();
  view_.blocks[0].parts.push_back(&events);
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(segments_().RunPlanned("vip", moment).error().name(), "too_large");
  EXPECT_EQ(Read(segments_().Members("vip", 0, 10, Now())).at("count"), 3);
  const json::object shown = Read(segments_().Show("vip"));
  EXPECT_EQ(shown.at("runs").as_array().size(), 1u);
  EXPECT_EQ(shown.at("failures").as_array().size(), 2u);
  const json::object listed = Read(segments_().List()).at("items").as_array()[0].as_object();
  EXPECT_EQ(listed.at("last_run").at("run"), 1);
  EXPECT_THAT(listed.at("last_failure").at("error").as_string().c_str(),
              HasSubstr("rows of events"));
  const json::object next = Read(segments_().RunPlanned("vip", Now()));
  EXPECT_EQ(next.at("run"), 4);
  EXPECT_EQ(next.at("count"), 1);
  EXPECT_EQ(next.at("left"), 2);
}

class OneLive final : public LiveMembers {
 public:
  std::optional<exec::CustomerBits> Find(std::string_view id) override {
    return id == "live" ? std::optional(exec::CustomerBits{0b10110}) : std::nullopt;
  }
  void Changed() override {}
};

TEST_F(SegmentsTest, APlannedRunOfALiveSegmentKeepsWhoIsInIt) {
  OneLive live;
  segments_().SetLive(&live);
  Read(segments_().Create(R"({"id":"live","eql":"vip >= 3","refresh":"live"})", Now()));
  const json::object run = Read(segments_().RunPlanned("live", Now()));
  EXPECT_EQ(run.at("incremental"), true);
  EXPECT_EQ(run.at("count"), 3);
  EXPECT_EQ(Read(segments_().Run("live", Now())).at("count"), 2);
}

TEST_F(SegmentsTest, MembersOfAMergedCustomerAreTheCustomer) {
  Make("a", "vip >= 2");
  EXPECT_EQ(CountOfRun("a"), 3);
  const std::vector<uint32_t> members = {1, 3};
  view_.clusters = column::Clusters(std::vector<column::Cluster>{{1, members}});
  view_.clustered[0] = 0b1010;
  view_.erased = {0b10000};
  const json::object now = Read(segments_().Members("a", 1, 10, Now()));
  EXPECT_EQ(json::serialize(now.at("members")),
            R"([{"ordinal":1,"name":"login:u1"},{"ordinal":2,"name":"login:u2"}])");
}

TEST_F(SegmentsTest, AListSaysHowManyItKnows) {
  const json::object run = Read(
      segments_().Upload(R"({"id":"blocked","key":"login","values":["u1","u4","nobody"]})", Now()));
  EXPECT_EQ(run.at("given"), 3);
  EXPECT_EQ(run.at("matched"), 2);
  EXPECT_EQ(json::serialize(run.at("unmatched_examples")), R"(["nobody"])");
  EXPECT_EQ(catalog_->Entries({"list", "blocked"}, 1).value()[0].body.find("nobody"),
            std::string::npos);
  EXPECT_EQ(Read(segments_().Estimate(R"({"eql":"vip >= 1 AND NOT IN LIST blocked"})", Now()))
                .at("count"),
            2);
}

TEST_F(SegmentsTest, WhomAListDoesNotKnowAreToldInFullToWhoAsks) {
  std::string values = "\"u1\"";
  for (int i = 0; i < 25; ++i) values += ",\"nobody" + std::to_string(i) + "\"";
  const std::string list = R"({"id":"l","key":"login","values":[)" + values + "]";
  const json::object some = Read(segments_().Upload(list + "}", Now()));
  EXPECT_EQ(some.at("unmatched_examples").as_array().size(), 10u);
  const json::object all = Read(segments_().Upload(list + R"(,"unmatched":"all"})", Now()));
  EXPECT_EQ(all.at("unmatched"), 25);
  ASSERT_EQ(all.at("unmatched_values").as_array().size(), 25u);
  EXPECT_EQ(all.at("unmatched_values").as_array()[24], "nobody24");
  EXPECT_EQ(catalog_->Entries({"list", "l"}, 1).value()[0].body.find("nobody"), std::string::npos);
  EXPECT_FALSE(segments_().Upload(list + R"(,"unmatched":"some"})", Now()).ok());
}

TEST_F(SegmentsTest, TheCustomersOfAnAnswerBecomeAList) {
  const json::object run =
      Read(segments_().Upload(R"({"id":"dropped","ordinals":[1,4,4,5,999999999]})", Now()));
  EXPECT_EQ(run.at("count"), 2);
  EXPECT_EQ(run.at("unmatched_examples"), (json::array{5, 999'999'999}));
  Make("again", "IN LIST dropped AND vip = 3");
  EXPECT_EQ(CountOfRun("again"), 1);
  for (const char* wrong : {R"({"id":"x","ordinals":[-1]})", R"({"id":"x","ordinals":["1"]})",
                            R"({"id":"x","ordinals":[1],"key":"login","values":["u1"]})"})
    EXPECT_EQ(segments_().Upload(wrong, Now()).error().name(), "bad_request") << wrong;
}

TEST_F(SegmentsTest, WhoComesOnAListAndOffItDoesSoOnce) {
  const auto upload = [&](const std::string& ordinals) {
    Read(segments_().Upload(R"({"id":"l","ordinals":)" + ordinals + "}", Now()));
  };
  const auto on = [&] {
    const exec::CustomerBits bits = segments_().MemberBits("list", "l", 0, Now().snapshot).value();
    std::set<uint32_t> members;
    for (uint32_t o = 0; o < bits.size() * 64; ++o) {
      if (bits[o / 64] >> (o % 64) & 1) members.insert(o);
    }
    return members;
  };
  using On = std::set<uint32_t>;
  const std::vector<Segments::Amendment> first = {{1, 2, true}, {2, 3, true}, {3, 0, false}};
  EXPECT_EQ(segments_().Amend("l", first, Now()).error().code(), Code::kNotFound);
  upload("[0,1]");
  ASSERT_TRUE(segments_().Amend("l", first, Now()).ok());
  EXPECT_EQ(on(), (On{1, 2, 3}));
  // Said again after a crash, alone or with what came since, it is kept already.
  upload("[0]");
  ASSERT_TRUE(segments_().Amend("l", first, Now()).ok());
  EXPECT_EQ(on(), On{0});
  std::vector<Segments::Amendment> more = first;
  more.push_back({4, 4, true});
  ASSERT_TRUE(segments_().Amend("l", more, Now()).ok());
  EXPECT_EQ(on(), (On{0, 4}));
}

TEST_F(SegmentsTest, ACustomerIsInTheSegmentsWhoseLastRunHasIt) {
  Make("low", "vip <= 1");
  Make("high", "vip >= 1");
  Make("never_run", "vip >= 0");
  CountOfRun("low");
  CountOfRun("high");
  const auto ids = [&](std::string_view value) {
    std::vector<std::string> out;
    const json::object answer = Read(segments_().OfCustomer("login", value, Now()));
    for (const json::value& one : answer.at("items").as_array())
      out.emplace_back(one.at("id").as_string());
    return out;
  };
  EXPECT_THAT(ids("u0"), testing::ElementsAre("low"));
  EXPECT_THAT(ids("u1"), testing::ElementsAre("high", "low"));
  EXPECT_THAT(ids("u4"), testing::ElementsAre("high"));
  EXPECT_EQ(segments_().OfCustomer("login", "nobody", Now()).error().name(), "unknown_customer");
  view_.erased.assign(1, 1 << 4);  // as if u4 were not there
  EXPECT_EQ(segments_().OfCustomer("login", "u4", Now()).error().name(), "unknown_customer");
}

TEST_F(SegmentsTest, ASegmentShowsItsVersionsOldestFirst) {
  Make("vip", "vip >= 1");
  Read(segments_().Change("vip", R"({"version":1,"eql":"vip >= 2"})", Now()));
  const json::object shown = Read(segments_().Show("vip"));
  const json::array& versions = shown.at("versions").as_array();
  ASSERT_EQ(versions.size(), 2u);
  EXPECT_EQ(versions[0].at("eql"), "FIND customer WHERE vip >= 1");
  EXPECT_EQ(versions[1].at("eql"), "FIND customer WHERE vip >= 2");
}

TEST_F(SegmentsTest, OverlapIsCountedForEachTwo) {
  Make("a", "vip >= 2");
  Make("b", "vip <= 2");
  CountOfRun("a");
  CountOfRun("b");
  EXPECT_EQ(
      json::serialize(Read(segments_().Overlap(R"({"segments":["a","b"]})", Now())).at("shared")),
      "[[3,1],[1,3]]");
}

TEST_F(SegmentsTest, AMemberFileWithAWrongByteIsCorrupt) {
  const std::string path = folder_ / "segments/x.members";
  exec::CustomerBits members(3'000);
  for (uint32_t o : {0u, 5u, 70'000u, 191'999u}) members[o / 64] |= 1ull << (o % 64);
  ASSERT_TRUE(WriteMembers(*files_, path, members).ok());
  EXPECT_EQ(ReadMembers(*files_, path).value(), members);
  const Bytes good = io::ReadFile(*files_, path, 1 << 20).value();
  for (size_t at = 0; at < good.size(); ++at) {
    Bytes bad = good;
    bad[at] ^= 1;
    ASSERT_TRUE(io::ReplaceFile(*files_, path, bad).ok());
    ASSERT_EQ(ReadMembers(*files_, path).error().code(), Code::kCorrupt) << at;
  }
}

// A few of the first block, every other of the second, all of the third, one far away.
TEST_F(SegmentsTest, AMemberFileHoldsTheBitmapThatTheLibraryOfRoaringBitmapsReads) {
  const std::string path = folder_ / "segments/x.members";
  exec::CustomerBits members(9 * 1024 + 1);
  members[3] = 0xF0;
  for (size_t w = 1024; w < 2048; ++w) members[w] = 0x5555555555555555;
  for (size_t w = 2048; w < 3072; ++w) members[w] = ~0ull;
  members.back() = 2;
  ASSERT_TRUE(WriteMembers(*files_, path, members).ok());
  EXPECT_EQ(ReadMembers(*files_, path).value(), members);

  Bytes bytes = io::ReadFile(*files_, path, 1 << 20).value();
  const std::unique_ptr<roaring_bitmap_t, decltype(&roaring_bitmap_free)> bitmap(
      roaring_bitmap_portable_deserialize_safe(reinterpret_cast<const char*>(bytes.data() + 32),
                                               bytes.size() - 32),
      &roaring_bitmap_free);
  ASSERT_NE(bitmap, nullptr);
  for (uint32_t o = 0; o < members.size() * 64; ++o)
    ASSERT_EQ(roaring_bitmap_contains(bitmap.get(), o), bool(members[o / 64] >> (o % 64) & 1)) << o;

  // Bitmaps of runs, as such files had before, are read as well.
  ASSERT_TRUE(roaring_bitmap_run_optimize(bitmap.get()));
  const uint64_t numbers[2] = {roaring_bitmap_get_cardinality(bitmap.get()),
                               roaring_bitmap_portable_size_in_bytes(bitmap.get())};
  bytes.resize(32 + numbers[1]);
  roaring_bitmap_portable_serialize(bitmap.get(), reinterpret_cast<char*>(bytes.data() + 32));
  const uint64_t checksum =
      Hash64(std::span(bytes).subspan(32), Hash64(std::string_view("x.members"), numbers[0]));
  std::memcpy(bytes.data() + 8, numbers, sizeof numbers);
  std::memcpy(bytes.data() + 24, &checksum, sizeof checksum);
  ASSERT_TRUE(io::ReplaceFile(*files_, path, bytes).ok());
  EXPECT_EQ(ReadMembers(*files_, path).value(), members);
}

}  // namespace
}  // namespace waypost::segments

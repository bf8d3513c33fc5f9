// Lists and runs of batch journeys: whom they are for is kept at once, and comes in by and by.
#include <gtest/gtest.h>

#include <functional>
#include <span>

#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

std::string Daily(std::string_view id = "j", std::string_view extra = {}) {
  return Drawn(R"({"id":"say","type":"send","channel":"push","text":"hello"})", "start>say", extra,
               id, R"({"kind":"batch","schedule":{"every":"day","at":"09:00"}})");
}

std::vector<Ordinal> To(Ordinal last) {
  std::vector<Ordinal> customers;
  for (Ordinal customer = 1; customer <= last; ++customer) customers.push_back(customer);
  return customers;
}

// Who came in, in that order.
std::vector<Ordinal> Came(const Stage& stage) {
  std::vector<Ordinal> customers;
  for (const Decision& decision : stage.log) {
    for (const Change& change : decision.changes) {
      const auto* entered = std::get_if<change::Entered>(&change);
      if (entered) customers.push_back(entered->customer);
    }
  }
  return customers;
}

TEST(ListingTest, CustomersComeInByPartsInTheirOrderAndARestartBetweenTakesNobodyTwice) {
  Stage stage;
  stage.Publish(Daily());
  stage.List(To(10));
  EXPECT_EQ(stage.journey().CountListed(), 10u);
  for (uint64_t left = 10; left > 0;) {
    const size_t part = std::min<size_t>(left, 3);
    left -= part;
    EXPECT_EQ(stage.LetIn(part), left > 0);
    EXPECT_EQ(stage.journey().CountListed(), left);
    const Result<State> kept = State::Decode(stage.state().Encode());
    ASSERT_TRUE(kept.ok());
    EXPECT_EQ(kept.value().journeys()[0].CountListed(), left);
    stage.Restart();
  }
  EXPECT_FALSE(stage.LetIn(5));
  EXPECT_EQ(stage.journey().entered, 10u);
  EXPECT_EQ(Came(stage), To(10));
}

TEST(ListingTest, NobodyComesIntoAJourneyThatIsPausedAndTheRestWhenItGoesOn) {
  Stage stage;
  stage.Publish(Daily());
  stage.List(To(5));
  stage.LetIn(2);
  stage.SetPhase(Phase::kPaused);
  EXPECT_FALSE(stage.LetIn(100));
  EXPECT_EQ(stage.journey().entered, 2u);
  stage.SetPhase(Phase::kRunning);
  EXPECT_FALSE(stage.LetIn(100));
  EXPECT_EQ(Came(stage), To(5));
}

TEST(ListingTest, WhoIsStillListedWhenTheJourneyIsStoppedIsRefusedByPartsWhateverItBecomes) {
  for (const auto& become : std::vector<std::function<void(Stage&)>>{
           [](Stage&) {}, [](Stage& stage) { stage.Publish(Daily()); },
           [](Stage& stage) { stage.SetPhase(Phase::kArchived); }}) {
    Stage stage;
    stage.Publish(Daily());
    stage.List(To(5));
    stage.LetIn(2);
    stage.SetPhase(Phase::kStopped);
    EXPECT_EQ(stage.journey().CountListed(), 0u);
    EXPECT_EQ(stage.Rejects(Reject::kEnded), 0u);
    EXPECT_TRUE(stage.LetIn(1));
    EXPECT_EQ(stage.Rejects(Reject::kEnded), 1u);
    become(stage);
    stage.Restart();
    EXPECT_FALSE(stage.LetIn(100));
    EXPECT_EQ(stage.Rejects(Reject::kEnded), 3u);
    EXPECT_EQ(Came(stage), To(2));
    EXPECT_TRUE(stage.journey().listings.empty());
  }
}

TEST(ListingTest, TheSecondTimeInAListIsRefusedAndTheNextListIsAnother) {
  Stage stage;
  stage.Publish(Daily("j", R"("reentry":{"policy":"always"})"));
  stage.List({1, 2, 1});
  stage.List({3, 1});
  stage.LetIn(100);
  EXPECT_EQ(stage.Rejects(Reject::kDuplicateInRun), 1u);
  EXPECT_EQ(Came(stage), (std::vector<Ordinal>{1, 2, 3, 1}));
}

TEST(ListingTest, WhoBecameAnotherComesInAsThatOneOnceAndTheErasedNever) {
  Stage stage;
  stage.Publish(Daily());
  stage.List({1, 2, 3, 4});
  stage.world.roots = {{1, 9}, {2, 4}, {3, std::nullopt}};
  stage.LetIn(100);
  EXPECT_EQ(Came(stage), (std::vector<Ordinal>{9, 4}));
  EXPECT_EQ(stage.Rejects(Reject::kDuplicateInRun), 1u);
}

TEST(ListingTest, JourneysTakeTurns) {
  Stage stage;
  stage.Publish(Daily("a"));
  stage.Publish(Daily("b"));
  stage.List(To(100), "a");
  stage.List(To(2), "b");
  EXPECT_TRUE(stage.LetIn(10));
  EXPECT_EQ(stage.journey("b").entered, 2u);
  EXPECT_EQ(stage.journey("a").entered, 8u);
}

TEST(ListingTest, VeryManyWhoComeIntoASegmentAtOnceComeInByPartsAndFewAtOnce) {
  const std::string dwell = R"(,"min_dwell":"1h")";
  for (const auto& [rest, extra, of, listed] :
       std::initializer_list<std::tuple<std::string, std::string, Ordinal, uint64_t>>{
           {"", "", 4'097, 4'097},
           {"", "", 4'096, 0},
           {dwell, "", 4'097, 0},
           {R"(,"when":"leaves")", "", 4'097, 0}}) {
    Stage stage;
    stage.dispatching = false;
    stage.Publish(Drawn(R"({"id":"w","type":"wait","for":"9d"})", "start>w", extra, "j",
                        R"({"kind":"segment","segment":"s")" + rest + "}"));
    EXPECT_EQ(stage.SetMembers("s", {of + 1}), 1u) << "that is heard, and moves nobody";
    stage.SetMembers("s", To(of));
    EXPECT_EQ(stage.journey().CountListed(), listed);
    const bool leaves = rest.find("leaves") != std::string::npos;
    const uint64_t at_once = leaves ? 1 : rest.empty() ? of - listed : 0;
    EXPECT_EQ(stage.journey().entered, at_once);
    if (listed == 0) continue;
    EXPECT_TRUE(stage.LetIn(100));
    stage.Restart();
    EXPECT_FALSE(stage.LetIn(SIZE_MAX));
    EXPECT_EQ(Came(stage), To(of));
  }
}

TEST(ListingTest, VeryManyWhoHaveToStayFirstBeginToTogether) {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"w","type":"wait","for":"9d"})", "start>w", "", "j",
                      R"({"kind":"segment","segment":"s","min_dwell":"1h"})"));
  stage.SetMembers("s", {});
  EXPECT_EQ(stage.SetMembers("s", To(10'000)), 3u);
  std::vector<Ordinal> stay = To(10'000);
  stay.erase(stay.begin(), stay.begin() + 9'000);
  EXPECT_EQ(stage.SetMembers("s", stay), 3u);
  stage.Restart();
  stage.Advance(kHour);
  EXPECT_EQ(stage.journey().entered, 1'000u);
}

TEST(ListingTest, ARunSaysWhenItWasDueAndUntilWhenItMayBeKnownWhomItIsFor) {
  for (const auto& [schedule, due, until] :
       std::initializer_list<std::tuple<std::string, std::string, std::string>>{
           {R"("every":"day","at":"12:00")", "2026-03-02T12:00:00", "2026-03-02T18:00:00"},
           {R"("every":"day","at":"12:00","grace":"2d")", "2026-03-02T12:00:00",
            "2026-03-03T12:00:00"},
           {R"("every":"day","at":"12:00","grace":"1s")", "2026-03-02T12:00:00",
            "2026-03-02T12:10:00"},
           {R"("every":"once","from":"2026-03-02","at":"09:00","run_now":true)",
            "2026-03-02T10:00:00", "2026-03-02T16:00:00"}}) {
    Stage stage;
    stage.Publish(Drawn(R"({"id":"w","type":"wait","for":"9d"})", "start>w", "", "j",
                        R"({"kind":"batch","segment":"s","schedule":{)" + schedule + "}}"));
    stage.AdvanceTo("2026-03-02T12:00:01");
    stage.Restart();
    ASSERT_EQ(stage.journey().open_runs.size(), 1u) << schedule;
    const auto& [name, run] = *stage.journey().open_runs.begin();
    EXPECT_EQ(run.due_ms, At(due)) << schedule;
    EXPECT_EQ(run.until_ms, At(until)) << schedule;
  }
}

TEST(ListingTest, ARunThatIsGivenUpIsForNobodyForEverAndIsKept) {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"w","type":"wait","for":"9d"})", "start>w", "", "j",
                      R"({"kind":"batch","segment":"s","schedule":{"every":"day","at":"12:00"}})"));
  for (size_t days = 1; days <= kFailedRunsKept + 2; ++days) {
    stage.AdvanceTo(At("2026-03-01T18:00:00") + static_cast<int64_t>(days) * kDayMs);
    const int64_t run = stage.journey().open_runs.begin()->first;
    Machine::Out out;
    ASSERT_TRUE(stage.machine().GiveUpRun("j", run, "no segment", stage.now(), &out).ok());
    stage.Follow(out);
    EXPECT_FALSE(stage.machine().GiveUpRun("j", run, "again", stage.now(), &out).ok());
    EXPECT_FALSE(
        stage.machine()
            .ListRun("j", {.run = run, .segment_run = 1, .customers = {1}}, stage.now(), &out)
            .ok());
  }
  stage.Restart();
  const Result<State> kept = State::Decode(stage.state().Encode());
  ASSERT_TRUE(kept.ok());
  const auto& failed = kept.value().journeys()[0].failed_runs;
  ASSERT_EQ(failed.size(), kFailedRunsKept);
  EXPECT_EQ(failed.rbegin()->second.error, "no segment");
  EXPECT_EQ(failed.rbegin()->second.given_up_ms - failed.rbegin()->second.due_ms, 6 * kHour);
  EXPECT_TRUE(kept.value().journeys()[0].open_runs.empty());
}

// Wherever the log ends: who is in the set is told again, and each comes into each journey once.
TEST(ListingTest, WhoMovesIsDecidedAboutWithWhatIsHeardOfHim) {
  Stage stage;
  for (const auto& [id, rest] : {std::pair("comes", ""),
                                 {"stays", R"(,"min_dwell":"1h")"},
                                 {"leaves", R"(,"when":"leaves")"}}) {
    stage.Publish(Drawn("", "", R"("reentry":{"policy":"always"})", id,
                        R"({"kind":"segment","segment":"s")" + std::string(rest) + "}"));
  }
  stage.SetMembers("s", {1, 2});
  const size_t first = stage.log.size();
  stage.SetMembers("s", {2, 3, 4, 5});
  stage.SetMembers("s", {3, 4, 6});
  stage.SetMembers("s", {3, 4, 5});
  const std::vector<Ordinal> last{3, 4, 5};
  for (size_t end = first; end <= stage.log.size(); ++end) {
    std::vector<Decision> log(stage.log.begin(), stage.log.begin() + static_cast<ptrdiff_t>(end));
    State state;
    for (const Decision& decision : log) ASSERT_TRUE(state.Apply(decision).ok());
    Machine machine(std::move(state), World{stage.world, stage.world, stage.world});
    Members members;
    for (const Ordinal customer : last) members.Set(customer, true);
    for (int times = 0; times < 2; ++times) machine.OnSets({{"s", members}}, stage.now(), &log);
    EXPECT_EQ(machine.state().heard().at("s").Ordinals(), last);
    uint64_t came = 0, left = 0;
    for (size_t i = first; i < log.size(); ++i) {
      for (const Change& change : log[i].changes) {
        const auto* heard = std::get_if<change::Heard>(&change);
        if (!heard) continue;
        came += heard->came.size();
        left += heard->left.size();
      }
    }
    const auto of = [&](const char* id) {
      return machine.state().journeys()[*machine.state().FindJourney(id)];
    };
    EXPECT_EQ(of("comes").entered, came) << end;
    EXPECT_EQ(of("leaves").entered, left) << end;
    EXPECT_EQ(of("stays").arms.size(), last.size()) << end;
  }
}

TEST(ListingTest, ASetThatNobodyFollowedMeanwhileIsHeardOfAnew) {
  Stage stage;
  stage.Publish(Drawn("", "", {}, "a", R"({"kind":"segment","segment":"s"})"));
  stage.SetMembers("s", {1});
  stage.Publish(Drawn("", "", {}, "a", R"({"kind":"segment","segment":"other"})"));
  EXPECT_FALSE(stage.state().heard().contains("s"));
  stage.Publish(Drawn("", "", {}, "b", R"({"kind":"segment","segment":"s"})"));
  stage.SetMembers("s", {1, 2, 3});
  EXPECT_EQ(stage.journey("b").entered, 0u);
}

TEST(ListingTest, VeryManyWhoComeWhileNobodyMayAreRefused) {
  for (const Phase phase : {Phase::kPaused, Phase::kStopped}) {
    Stage stage;
    stage.Publish(Drawn(R"({"id":"w","type":"wait","for":"9d"})", "start>w", "", "j",
                        R"({"kind":"segment","segment":"s"})"));
    stage.SetPhase(phase);
    stage.SetMembers("s", {});
    stage.SetMembers("s", To(5'000));
    EXPECT_EQ(stage.journey().CountListed(), 0u);
    EXPECT_EQ(stage.Rejects(phase == Phase::kPaused ? Reject::kPaused : Reject::kEnded), 5'000u);
  }
}

TEST(ListingTest, OfARunAsManyComeInAsItsCapAllowsAndWhoIsRefusedUsesNothingUp) {
  Stage stage;
  stage.world.tests["vip"] = [](const Facts& facts) {
    return facts.customer == 1 ? Truth::kNo : Truth::kYes;
  };
  std::string json = Daily("j", R"("entry_cap_run":2,"reentry":{"policy":"always"})");
  json.replace(json.find(R"("kind":"batch")"), 14,
               R"("kind":"batch","filter":"vip","rank":{"attribute":"place","first":"smallest"})");
  stage.Publish(json);
  for (Ordinal customer = 1; customer <= 5; ++customer)
    stage.world.attributes[{customer, "place"}] = std::to_string(customer);
  stage.List(To(5));
  stage.LetIn(2);
  stage.Restart();
  stage.LetIn(100);
  EXPECT_EQ(Came(stage), (std::vector<Ordinal>{2, 3}));
  EXPECT_EQ(stage.Rejects(Reject::kFilter), 1u);
  EXPECT_EQ(stage.Rejects(Reject::kCapRun), 2u);
  stage.EnterMany({5, 4});
  EXPECT_EQ(Came(stage), (std::vector<Ordinal>{2, 3, 4, 5}));
}

TEST(ListingTest, WhoRanksHighestComesFirstAndWhoHasNoNumberLast) {
  Stage stage;
  std::string json = Daily();
  json.replace(json.find(R"("kind":"batch")"), 14,
               R"("kind":"batch","rank":{"attribute":"assets"})");
  stage.Publish(json);
  const std::map<Ordinal, std::string> assets = {{1, "9"}, {2, "10.5"}, {4, "many"}, {5, "-3"}};
  for (const auto& [customer, value] : assets) stage.world.attributes[{customer, "assets"}] = value;
  stage.EnterMany(To(5));
  const std::vector<Ordinal> came = Came(stage);
  EXPECT_EQ(std::vector<Ordinal>(came.begin(), came.begin() + 3), (std::vector<Ordinal>{2, 1, 5}));
  EXPECT_EQ(came.size(), 5u);
}

TEST(ListingTest, WhereEntriesAreCappedTheSameComeInHoweverTheyAreListed) {
  std::vector<Ordinal> first;
  for (const bool reversed : {false, true}) {
    Stage stage;
    stage.Publish(Daily("j", R"("entry_cap":7)"));
    std::vector<Ordinal> all = To(50);
    if (reversed) std::ranges::reverse(all);
    stage.EnterMany(all);
    EXPECT_EQ(stage.Rejects(Reject::kCapTotal), 43u);
    if (!reversed) first = Came(stage);
    EXPECT_EQ(Came(stage), first);
  }
  EXPECT_NE(first, To(7)) << "no order that favours old customers";
}

TEST(ListingTest, OfEachBranchAsManyComeInAsItsCapAllowsAlsoOneByOneAndAfterARestart) {
  Stage stage;
  stage.Publish(Daily("j", R"("entry_cap_each":{"attribute":"branch","limit":2})"));
  for (Ordinal customer = 1; customer <= 8; ++customer) {
    if (customer > 2) stage.world.attributes[{customer, "branch"}] = customer % 2 ? "east" : "west";
  }
  stage.EnterMany(To(4));
  stage.Restart();
  State kept = State::Decode(stage.state().Encode()).value();
  EXPECT_EQ(kept.journeys()[0].entered_of, stage.journey().entered_of);
  stage.EnterMany({5, 6, 7, 8});
  EXPECT_EQ(stage.journey().entered_of,
            (std::map<std::string, uint64_t>{{"", 2}, {"east", 2}, {"west", 2}}));
  EXPECT_EQ(stage.Rejects(Reject::kCapEach), 2u);
  EXPECT_EQ(stage.Enter(9).value().reason, Reject::kCapEach);
}

TEST(EntryCapTest, NoMoreIsKeptOfDaysThanMayBeTodaySomewhere) {
  Stage stage;
  stage.Publish(Drawn({}, {}, R"("entry_cap_daily":2,"reentry":{"policy":"always"})"));
  for (int day = 0; day < 60; ++day) {
    for (int i = 0; i < 3; ++i) EXPECT_EQ(stage.Enter(1).value().entry != 0, i < 2) << day;
    stage.Advance(kDayMs);
  }
  EXPECT_EQ(stage.journey().entered, 120u);
  EXPECT_LE(stage.journey().entered_on.size(), 3u);
}

TEST(ReentryTest, EntriesOfOneKeyAreAsTheirRuleSays) {
  struct Case {
    std::string_view rule;
    std::vector<Reject> again;  // while the first is in; after it left; 0: comes in
  };
  const Reject in = Reject();
  for (const auto& [rule, again] :
       std::vector<Case>{{"", {Reject::kActiveKey, in}},
                         {R"(,"each_key":"after_exit")", {Reject::kActiveKey, in}},
                         {R"(,"each_key":"once")", {Reject::kActiveKey, Reject::kReentryOnce}},
                         {R"(,"each_key":"always")", {in, in}}}) {
    SCOPED_TRACE(rule);
    Stage stage;
    stage.Publish(Drawn(R"({"id":"w","type":"wait","for":"1h"})", "start>w",
                        R"("reentry":{"policy":"per_key")" + std::string(rule) + "}", "j",
                        R"({"kind":"api","key":"loan"})"));
    const auto enter = [&](std::string key) {
      const EnterReply reply = stage.Enter(1, "j", {}, {}, std::move(key)).value();
      return reply.entry ? Reject() : reply.reason;
    };
    EXPECT_EQ(enter("a"), in);
    EXPECT_EQ(enter("a"), again[0]);
    EXPECT_EQ(enter("b"), in);
    stage.Advance(2 * kHour);
    stage.Restart();
    EXPECT_EQ(enter("a"), again[1]);
  }
}

TEST(DecisionsTest, OfManyAsManyAsFitAreOneRecordButOneAtLeast) {
  Stage stage;
  stage.Publish(Daily());
  stage.EnterMany(To(20));
  const std::span<const Decision> all = stage.log;
  const size_t whole = EncodeDecisions(all).size();
  for (const auto& [most_bytes, at_least] :
       {std::pair(whole / 3, size_t{3}), {size_t{1}, all.size()}}) {
    DecisionRecords records(most_bytes);
    for (const Decision& decision : all) records.Add({&decision, 1});
    const std::vector<Bytes> written = records.Take();
    EXPECT_GE(written.size(), at_least);
    std::vector<uint64_t> read;
    for (const Bytes& record : written) {
      if (most_bytes > 1) EXPECT_LE(record.size(), most_bytes + 16);
      for (const Decision& one : DecodeDecisions(record).value()) read.push_back(one.number);
    }
    ASSERT_EQ(read.size(), all.size());
    for (size_t i = 0; i < read.size(); ++i) EXPECT_EQ(read[i], all[i].number);
    EXPECT_TRUE(records.Take().empty());
  }
}

// E3: also when the one whom they are now is not in the list himself.
TEST(ListTest, WhoAreOneCustomerByNowComeInOnce) {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"w","type":"wait","for":"1h"})", "start>w",
                      R"("reentry":{"policy":"always"})", "j", R"({"kind":"list"})"));
  stage.world.roots = {{1, 9}, {3, 9}, {4, 5}};
  stage.EnterMany({1, 2, 3, 4, 5});
  EXPECT_EQ(stage.journey().entered, 3u);
  EXPECT_EQ(stage.Rejects(Reject::kDuplicateInRun), 2u);
}

// E9, X8: who becomes one with somebody in the segment has not come into it, and neither has who
// parts from him.
TEST(SetsTest, CustomersWhoBecomeOneOrTwoHaveNotComeIntoASegment) {
  for (const std::string_view when : {"enters", "leaves"}) {
    for (const bool knows : {false, true}) {
      SCOPED_TRACE(std::string(when) + (knows ? ", both known" : ""));
      Stage stage;
      stage.Publish(Drawn(
          R"({"id":"w","type":"wait","for":"1h"})", "start>w", R"("reentry":{"policy":"always"})",
          "j", R"({"kind":"segment","segment":"vip","when":")" + std::string(when) + "\"}"));
      if (knows) {
        for (const Ordinal one : {0, 1}) stage.Consent(one, "sms", true);
      }
      stage.SetMembers("vip", {1});
      stage.world.roots[1] = 0;
      stage.OnIdentity(0, {0, 1});
      stage.SetMembers("vip", {0});
      EXPECT_EQ(stage.journey().entered, 0u) << "they are one";
      stage.world.roots.clear();
      stage.OnIdentity(0, {0});
      stage.OnIdentity(1, {1});
      stage.SetMembers("vip", {1});
      if (when == "enters") EXPECT_EQ(stage.journey().entered, 0u) << "they are two";
      const uint64_t before = stage.journey().entered;
      stage.SetMembers("vip", {});
      stage.SetMembers("vip", {1});
      EXPECT_EQ(stage.journey().entered, before + 1) << "that is a coming, and a leaving";
    }
  }
}

}  // namespace
}  // namespace waypost::journeys

// Whom runs are for comes in in waves.
#include <gmock/gmock.h>

#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

// A journey whose customers, listed by number, stay a day.
std::string InWaves(std::string_view waves, std::string_view extra = {},
                    std::string_view rank = {}) {
  return Drawn(
      R"({"id":"say","type":"send","channel":"push","text":"hello"},
                  {"id":"w","type":"wait","for":"24h"})",
      "start>say say>w", extra, "j",
      R"({"kind":"list",)" + std::string(rank) + R"("waves":{)" + std::string(waves) + "}}");
}

std::vector<Ordinal> FirstOf(Ordinal count) {
  std::vector<Ordinal> customers(count);
  for (Ordinal i = 0; i < count; ++i) customers[i] = i + 1;
  return customers;
}

constexpr std::string_view kByNumber = R"("rank":{"attribute":"number","first":"smallest"},)";

class WavesTest : public testing::Test {
 protected:
  // By their number, 1 to `count`, where the journey ranks by it.
  void List(Ordinal count) {
    for (Ordinal one = 1; one <= count; ++one)
      stage_.world.attributes[{one, "number"}] = std::to_string(one);
    stage_.List(FirstOf(count));
  }
  // How many have come in by then.
  uint64_t EnteredBy(int64_t after_ms) {
    stage_.AdvanceTo(At(kTen) + after_ms);
    stage_.Restart();
    stage_.LetIn(SIZE_MAX);
    return stage_.journey().entered;
  }
  std::vector<std::pair<Ordinal, uint32_t>> WavesOfAll() const {
    std::vector<std::pair<Ordinal, uint32_t>> waves;
    for (const Decision& decision : stage_.log) {
      for (const Change& one : decision.changes) {
        if (const auto* in = std::get_if<change::Entered>(&one))
          waves.emplace_back(in->customer, in->wave);
      }
    }
    return waves;
  }

  Stage stage_;
};

// By how many come in, an hour apart.
struct Sizes {
  std::string_view each, more;
  std::vector<uint64_t> entered;  // by each hour
  uint64_t excluded = 0;
};

TEST_F(WavesTest, HaveTheCustomersThatTheirSizeSays) {
  const std::string by_rank(kByNumber);
  for (const auto& [each, more, entered, excluded] : std::vector<Sizes>{
           {R"({"percent":10},{"percent":90})", "", {1, 11}},
           {R"({"percent":33},{"percent":33},{"percent":34})", "", {3, 7, 11}},
           {R"({"percent":10},{"percent":20})", "", {1, 11}},
           {R"({"percent":10},{"percent":20})", R"("remainder":"drop",)", {1, 3}, 8},
           {R"({"percent":10},{"percent":20})", R"("remainder":"last",)", {1, 11}},
           {R"({"number":2},{"number":3},{"number":50})", R"("remainder":"drop",)", {2, 5, 11}},
           {R"({"number":50},{"number":3})", "", {11, 11}},
           {R"({"rank":4},{"rank":9},{"number":1})", R"("remainder":"drop",)", {4, 9, 10}, 1},
           {R"({"rank":0},{"rank":2})", R"("remainder":"drop",)", {0, 2}, 9},
           {R"({"number":3},{"percent":50},{"rank":9.5})",
            R"("remainder":"drop",)",
            {3, 8, 9},
            2}}) {
    Stage stage;
    stage.Publish(InWaves(std::string(more) + R"("every":"1h","each":[)" + std::string(each) + "]",
                          {}, by_rank));
    for (Ordinal one = 1; one <= 11; ++one)
      stage.world.attributes[{one, "number"}] = std::to_string(one);
    stage.List(FirstOf(11));
    std::vector<uint64_t> came;
    for (size_t hour = 0; hour < entered.size(); ++hour) {
      stage.AdvanceTo(At(kTen) + static_cast<int64_t>(hour) * kHour);
      stage.LetIn(SIZE_MAX);
      came.push_back(stage.journey().entered);
    }
    EXPECT_EQ(came, entered) << each << more;
    EXPECT_EQ(stage.Rejects(Reject::kWaveExcluded), excluded) << each << more;
    EXPECT_EQ(stage.journey().CountListed(), 0u) << each << more;
  }
}

TEST_F(WavesTest, BeginWhenTheySayAndNobodyBefore) {
  stage_.Publish(InWaves(R"("every":"2h","each":[{"number":1},{"number":1},
    {"number":1,"after":"1d"},{"number":1},{"number":1,"start":"2026-03-05T08:00:00"}])"));
  List(5);
  const int64_t day = 24 * kHour;
  EXPECT_EQ(EnteredBy(0), 1u);
  EXPECT_EQ(EnteredBy(2 * kHour - 1), 1u);
  EXPECT_EQ(EnteredBy(2 * kHour), 2u);
  EXPECT_EQ(EnteredBy(day - 1), 2u);
  EXPECT_EQ(EnteredBy(day), 3u);
  EXPECT_EQ(EnteredBy(day + 2 * kHour - 1), 3u);
  EXPECT_EQ(EnteredBy(day + 2 * kHour), 4u);
  EXPECT_EQ(EnteredBy(3 * day - 2 * kHour - 1), 4u);
  EXPECT_EQ(EnteredBy(3 * day - 2 * kHour), 5u);
}

TEST_F(WavesTest, OfOneThatBeginsLateTheSpacedOnesAfterItAreLaterToo) {
  stage_.Publish(InWaves(R"("every":"1h","each":[{"number":1},{"number":1},{"number":1},
    {"number":1},{"number":1,"after":"9h"},{"number":1}])"));
  List(6);
  EXPECT_EQ(EnteredBy(0), 1u);
  stage_.SetPhase(Phase::kPaused);
  stage_.AdvanceTo(At(kTen) + 5 * kHour);
  stage_.LetIn(SIZE_MAX);
  EXPECT_EQ(stage_.journey().entered, 1u);
  stage_.SetPhase(Phase::kRunning);
  EXPECT_EQ(EnteredBy(5 * kHour), 2u) << "one of those that are due at once";
  EXPECT_EQ(EnteredBy(6 * kHour - 1), 2u);
  EXPECT_EQ(EnteredBy(6 * kHour), 3u);
  EXPECT_EQ(EnteredBy(7 * kHour), 4u);
  EXPECT_EQ(EnteredBy(9 * kHour - 1), 4u);
  EXPECT_EQ(EnteredBy(9 * kHour), 5u) << "this one says when";
  EXPECT_EQ(EnteredBy(10 * kHour), 6u);
}

TEST_F(WavesTest, GoTogetherWithOtherRunsAndKeepNobodyWaitingForThem) {
  stage_.Publish(InWaves(R"("every":"9h","each":[{"number":1},{"number":1}])"));
  stage_.List({1, 2});
  EXPECT_EQ(EnteredBy(0), 1u);
  stage_.AdvanceTo(At(kTen) + kHour);
  stage_.List({3, 4});
  EXPECT_EQ(EnteredBy(kHour), 2u) << "the first of the second run";
  EXPECT_EQ(EnteredBy(9 * kHour), 3u);
  EXPECT_EQ(EnteredBy(10 * kHour), 4u);
}

TEST_F(WavesTest, ThatMayNotOverlapBeginWhenNobodyOfThoseBeforeIsInside) {
  stage_.Publish(InWaves(R"("every":"1h","no_overlap":true,
    "each":[{"number":2},{"number":1},{"number":1}])",
                         R"("goal":{"event":"buy"})", kByNumber));
  List(4);
  EXPECT_EQ(EnteredBy(0), 2u);
  EXPECT_EQ(EnteredBy(5 * kHour), 2u);
  stage_.Event(1, "buy");
  EXPECT_EQ(EnteredBy(6 * kHour), 2u);
  stage_.Event(2, "buy");
  EXPECT_EQ(EnteredBy(7 * kHour), 3u);
  EXPECT_EQ(EnteredBy(31 * kHour - 1), 3u);
  EXPECT_EQ(EnteredBy(31 * kHour), 4u) << "who was in has come to the end";
}

// Nobody has come in yet: what caps count by is what the customers have.
TEST_F(WavesTest, LeaveOutWhoIsCappedByAnAccountOrAnAddress) {
  for (const std::string_view cap : {R"("scope":"account","of":"firm")", R"("scope":"address")"}) {
    Stage stage;
    stage.Policy(R"({"caps":[{"name":"c","limit":1,"rolling":"24h",)" + std::string(cap) + "}]}");
    stage.Publish(InWaves(R"("every":"1h","each":[{"number":1},{"number":5}],"exclude":["capped"])",
                          "", kByNumber));
    for (Ordinal one = 1; one <= 3; ++one) {
      stage.world.attributes[{one, "number"}] = std::to_string(one);
      stage.world.attributes[{one, "firm"}] = stage.world.addresses[one] = one == 3 ? "b" : "a";
    }
    stage.List(FirstOf(3));
    stage.LetIn(SIZE_MAX);
    stage.Advance(kHour);
    stage.LetIn(SIZE_MAX);
    EXPECT_EQ(stage.journey().entered, 2u) << cap;
    EXPECT_EQ(stage.Rejects(Reject::kWaveExcluded), 1u) << cap;
    EXPECT_EQ(stage.state().FindCustomer(2)->trace.back().reason,
              static_cast<uint8_t>(Reject::kWaveExcluded));
  }
}

TEST_F(WavesTest, LeaveOutWhoCameToItMeanwhile) {
  struct Case {
    std::string_view exclude;
    std::vector<Ordinal> out;  // of 2 to 6
  };
  for (const auto& [exclude, out] : std::vector<Case>{{"", {}},
                                                      {R"(["converted"])", {2}},
                                                      {R"(["exited"])", {3, 4}},
                                                      {R"(["capped"])", {4, 5}},
                                                      {R"(["converted","capped"])", {2, 4, 5}}}) {
    Stage stage;
    stage.Policy(R"({"caps":[{"name":"daily","limit":1,"rolling":"24h"}]})");
    stage.Publish(Drawn(R"({"id":"say","type":"send","channel":"push","text":"other"})",
                        "start>say", {}, "other"));
    std::string waves = R"("every":"1h","each":[{"number":1},{"number":5}])";
    if (!exclude.empty()) waves += R"(,"exclude":)" + std::string(exclude);
    stage.Publish(InWaves(waves,
                          R"("goal":{"event":"buy"},"exit_on":[{"event":"close"}],
                             "reentry":{"policy":"always"})",
                          kByNumber));
    for (Ordinal one = 1; one <= 6; ++one)
      stage.world.attributes[{one, "number"}] = std::to_string(one);
    for (const char* event : {"buy", "close"}) stage.Event(6, event);  // long ago
    ASSERT_TRUE(stage.Enter(6, "other").ok());
    stage.Advance(30 * kHour);
    stage.List(FirstOf(6));
    stage.LetIn(SIZE_MAX);
    stage.Event(2, "buy");
    stage.Event(3, "close");
    ASSERT_TRUE(stage.Enter(4).ok());
    stage.Event(4, "close");
    ASSERT_TRUE(stage.Enter(5, "other").ok());
    stage.Advance(kHour);
    const uint64_t before = stage.journey().entered;
    stage.LetIn(SIZE_MAX);
    EXPECT_EQ(stage.journey().entered - before, 5 - out.size()) << exclude;
    EXPECT_EQ(stage.Rejects(Reject::kWaveExcluded), out.size()) << exclude;
    for (const Ordinal one : out)
      EXPECT_EQ(stage.state().FindCustomer(one)->trace.back().reason,
                static_cast<uint8_t>(Reject::kWaveExcluded))
          << one;
  }
}

TEST_F(WavesTest, AreToldTheirOwnTextAlsoWhenItIsPutRightLater) {
  const auto json = [](std::string_view second) {
    return InWaves(R"("every":"1h","each":[{"number":1},
                      {"number":1,"texts":[{"node":"say","text":")" +
                       std::string(second) + R"( {{wave}}"}]},{"number":1}])",
                   R"("in_flight":{"policy":"migrate","recall":true})", kByNumber);
  };
  stage_.Publish(json("again"));
  List(3);
  stage_.LetIn(SIZE_MAX);
  stage_.dispatching = false;
  EnteredBy(kHour);
  stage_.Publish(json("anew"));
  stage_.dispatching = true;
  EnteredBy(2 * kHour);
  std::vector<std::string> texts;
  for (const HandOff& one : stage_.sent) texts.push_back(one.text);
  EXPECT_THAT(texts, testing::ElementsAre("hello", "anew 2", "hello"));
  EXPECT_THAT(WavesOfAll(),
              testing::ElementsAre(testing::Pair(1, 1), testing::Pair(2, 2), testing::Pair(3, 3)));
}

TEST_F(WavesTest, AreOfTheSameCustomersHoweverTheyAreListed) {
  std::vector<std::pair<Ordinal, uint32_t>> first;
  for (const bool reversed : {false, true}) {
    Stage stage;
    stage.Publish(InWaves(R"("every":"1h","each":[{"percent":50},{"percent":50}])"));
    std::vector<Ordinal> customers = FirstOf(20);
    if (reversed) std::ranges::reverse(customers);
    stage.List(customers);
    stage.LetIn(SIZE_MAX);
    std::vector<std::pair<Ordinal, uint32_t>> came;
    for (const auto& [customer, known] : stage.state().customers())
      if (!known.entries.empty()) came.emplace_back(customer, 1);
    std::ranges::sort(came);
    if (!reversed) first = came;
    EXPECT_EQ(came, first);
    EXPECT_EQ(came.size(), 10u);
  }
}

TEST_F(WavesTest, AreGoneWhenTheJourneyIsStopped) {
  stage_.Publish(InWaves(R"("every":"1h","each":[{"number":1},{"number":1}])"));
  List(2);
  EXPECT_EQ(EnteredBy(0), 1u);
  stage_.SetPhase(Phase::kStopped);
  EXPECT_EQ(EnteredBy(9 * kHour), 1u);
  EXPECT_EQ(stage_.state().NextWaveAfter(0), kNever);
}

TEST_F(WavesTest, LeaveOutOfWhomAGoalThatIsAConditionHolds) {
  stage_.world.tests["holds"] = [](const Facts& facts) {
    return facts.customer == 2 ? Truth::kYes : Truth::kNo;
  };
  stage_.world.subjects["holds"] = {{Subject::Kind::kSegment, "holders"}};
  stage_.Publish(
      InWaves(R"("every":"1h","exclude":["converted"],"each":[{"number":1},{"number":2}])",
              R"("goal":{"when":"holds"})", kByNumber));
  List(3);
  EXPECT_EQ(EnteredBy(0), 1u);
  EXPECT_EQ(EnteredBy(kHour), 2u);
  EXPECT_EQ(stage_.Rejects(Reject::kWaveExcluded), 1u);
}

TEST(WavesDefinitionTest, WhatIsWrongWithWavesIsNamedWithItsPlace) {
  struct Case {
    std::string_view waves, fault;
  };
  constexpr std::string_view kTwo = R"("each":[{"percent":1},{"percent":2}])";
  for (const auto& [waves, fault] : std::vector<Case>{
           {R"("every":"1h","each":[{"percent":1}])", "entry.waves.each missing"},
           {R"("every":"1h")", "entry.waves.each missing"},
           {kTwo, "entry.waves.each.after missing"},
           {R"("every":"1h","each":[{"percent":60},{"percent":60}])", "entry.waves.each ratio_sum"},
           {R"("every":"1h","each":[{"percent":1},{}])", "entry.waves.each.percent missing"},
           {R"("every":"1h","each":[{"percent":1},{"percent":1,"number":2}])",
            "entry.waves.each.percent missing"},
           {R"("every":"1h","each":[{"number":1},{"rank":2}])", "entry.waves.each.rank no_effect"},
           {R"("each":[{"number":1,"after":"2h"},{"number":2,"after":"1h"}])",
            "entry.waves.each.after wave_order"},
           {R"("every":"1h","each":[{"number":1,"start":"2026-03-02"},{"number":2}])",
            "entry.waves.each.start bad_time"},
           {R"("every":"1h","each":[{"number":1,"start":"2026-03-02T10:00:00","after":"1h"},
               {"number":2}])",
            "entry.waves.each.after no_effect"},
           {R"("every":"1h","each":[{"number":1},{"number":1,"texts":[{"node":"w","text":"x"}]}])",
            "entry.waves.each.texts.node unknown_node"},
           {R"("every":"1h","each":[{"number":1},
               {"number":1,"texts":[{"node":"say","step":2,"text":"x"}]}])",
            "entry.waves.each.texts.node unknown_node"},
           {R"("every":"1h","exclude":["converted"],"each":[{"number":1},{"number":1}])",
            "entry.waves.exclude missing_goal"},
           {R"("every":"1h","exclude":["angry"],"each":[{"number":1},{"number":1}])",
            "entry.waves.exclude bad_list"},
           {R"("every":"1h","remainder":"first","each":[{"number":1},{"number":1}])",
            "entry.waves.remainder unknown_value"}}) {
    std::vector<std::string> faults;
    for (const Fault& one : CheckJourney(InWaves(waves), TestWorld()).faults)
      if (!one.warning) faults.push_back(one.field + " " + one.code);
    EXPECT_THAT(faults, testing::ElementsAre(fault)) << waves;
  }
  const std::string only_lists =
      Drawn({}, {}, {}, "j", R"({"kind":"api","waves":{"every":"1h",)" + std::string(kTwo) + "}}");
  EXPECT_EQ(CheckJourney(only_lists, TestWorld()).faults.front().field, "entry.waves");
  std::string hundred = R"("every":"1h","each":[{"number":1})";
  for (int i = 1; i < 100; ++i) hundred += R"(,{"number":1})";
  EXPECT_TRUE(CheckJourney(InWaves(hundred + "]"), TestWorld()).journey);
  EXPECT_FALSE(CheckJourney(InWaves(hundred + R"(,{"number":1}])"), TestWorld()).journey);
}

}  // namespace
}  // namespace waypost::journeys

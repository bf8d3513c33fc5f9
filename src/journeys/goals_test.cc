// Goals: conditions that become true, reversals, and money.
#include <gtest/gtest.h>

#include "base/clock.h"
#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

const Subject kHolders{Subject::Kind::kSegment, "holders"};

// A stage on which "holds" holds of whom the test says.
class GoalStage : public Stage {
 public:
  GoalStage() {
    world.tests["holds"] = [this](const Facts& facts) {
      if (broken) return Truth::kError;
      return holders.contains(facts.customer) ? Truth::kYes : Truth::kUnknown;
    };
    world.subjects["holds"] = {kHolders};
  }
  void Tell(Ordinal customer, bool holds) {
    if (holds) {
      holders.insert(customer);
    } else {
      holders.erase(customer);
    }
    Machine::Out out;
    machine().OnSubject(customer, kHolders, now(), &out);
    Follow(out);
  }
  std::string Counts() const {
    return std::to_string(journey().conversions) + " " + std::to_string(journey().reversals) + " " +
           std::to_string(journey().revenue / 10'000);
  }
  std::set<Ordinal> holders;
  bool broken = false;
};

std::string Aims(std::string_view goal, std::string_view extra = {}) {
  return Drawn(
      R"({"id":"s","type":"send","channel":"push","text":"1"},
                  {"id":"w","type":"wait","for":"9d"})",
      "start>s s>w",
      R"("reentry":{"policy":"always"},"goal":{)" + std::string(goal) + "}" + std::string(extra));
}

TEST(GoalTest, AConditionThatBecomesTrueIsTheGoalOnce) {
  GoalStage stage;
  stage.world.attributes[{1, "balance"}] = "50000";
  stage.Publish(Aims(R"("when":"holds","value":"balance")"));
  (void)stage.Enter(1);
  stage.Tell(1, false);
  stage.Tell(2, true);
  EXPECT_EQ(stage.Counts(), "0 0 0");
  stage.Restart();
  stage.Tell(1, true);
  EXPECT_EQ(stage.Counts(), "1 0 50000");
  EXPECT_EQ(stage.Exits(Exit::kGoal), 1u);
  EXPECT_EQ(stage.journey().nodes.at("s").credit, 10'000) << "of its message";
}

TEST(GoalTest, WhoComesInWhileItHoldsHasNotMetItAndMeetsItWhenItComesTrueAgain) {
  GoalStage stage;
  stage.holders = {1};
  stage.Publish(Aims(R"("when":"holds","count":"every")"));
  (void)stage.Enter(1);
  stage.Tell(1, true);
  EXPECT_EQ(stage.Counts(), "0 0 0");
  stage.Restart();
  for (int turn = 1; turn <= 3; ++turn) {
    stage.Tell(1, false);
    stage.Tell(1, true);
    stage.Tell(1, true);  // no news
    EXPECT_EQ(stage.journey().conversions, static_cast<uint64_t>(turn));
  }
  EXPECT_EQ(stage.journey().active, 1u);
}

TEST(GoalTest, WhatCannotBeToldIsNeitherMetNorMetAnew) {
  GoalStage stage;
  stage.Publish(Aims(R"("when":"holds","count":"every")"));
  (void)stage.Enter(1);
  stage.Tell(1, true);
  stage.broken = true;
  stage.Tell(1, true);
  stage.broken = false;
  stage.Tell(1, true);
  EXPECT_EQ(stage.Counts(), "1 0 0");
}

// Told of everybody at once, as when a segment is run.
TEST(GoalTest, WhoLeftAndWhoWasHeldOutMeetAConditionWhileTheirWindowIsOpen) {
  for (const bool in_time : {true, false}) {
    for (const bool held_out : {true, false}) {
      GoalStage stage;
      stage.Publish(Drawn(R"({"id":"s","type":"send","channel":"push","text":"1"})", "start>s",
                          R"("goal":{"when":"holds","window":"3d"},"holdout_percent":)" +
                              std::string(held_out ? "100" : "0")));
      stage.holders = {2};
      for (const Ordinal customer : {1u, 2u}) (void)stage.Enter(customer);
      stage.Advance((in_time ? 2 : 4) * kDayMs);
      stage.Restart();
      stage.holders = {1, 2};
      Machine::Out out;
      stage.machine().OnSubject(kHolders, stage.now(), &out);
      stage.machine().OnSubject(kHolders, stage.now(), &out);
      stage.Follow(out);
      EXPECT_EQ(stage.journey().conversions, in_time && !held_out ? 1u : 0u);
      EXPECT_EQ(stage.journey().held_out.conversions, in_time && held_out ? 1u : 0u);
    }
  }
}

TEST(GoalTest, OfWhoGoesOnInANewVersionAConditionCountsFromThenOnOrAlsoBefore) {
  for (const bool history : {false, true}) {
    GoalStage stage;
    stage.Publish(Aims(R"("event":"buy")"));
    (void)stage.Enter(1);
    stage.Tell(1, true);
    stage.Publish(Aims(R"("when":"holds","count":"every")",
                       R"(,"in_flight":{"policy":"migrate","apply_history":)" +
                           std::string(history ? "true}" : "false}")));
    EXPECT_EQ(stage.journey().conversions, history ? 1u : 0u);
    stage.Tell(1, true);
    EXPECT_EQ(stage.journey().conversions, history ? 1u : 0u);
    stage.Tell(1, false);
    stage.Tell(1, true);
    EXPECT_EQ(stage.journey().conversions, history ? 2u : 1u);
  }
}

TEST(GoalTest, AChainEndsByAGoalThatIsACondition) {
  GoalStage stage;
  stage.Publish(Drawn(R"({"id":"c","type":"chain","steps":[
      {"channel":"push","text":"a","success":"goal","wait":"2d"},
      {"channel":"sms","text":"b","success":"goal","wait":"2d"}]})",
                      "start>c", R"("goal":{"when":"holds","count":"every"})"));
  (void)stage.Enter(1);
  stage.Advance(kHour);
  stage.Tell(1, true);
  EXPECT_EQ(stage.Out("c", "succeeded"), 1u) << "at once";
  stage.Advance(9 * kDayMs);
  EXPECT_EQ(stage.sent.size(), 1u);
}

// Each is an event of the goal ("b") or of its reversal ("r") with the name of what was bought.
struct Purchases {
  std::string_view name, goal;
  std::vector<std::string_view> events;
  std::string_view counts;
};
void PrintTo(const Purchases& one, std::ostream* out) { *out << one.name; }
constexpr std::string_view kReversal = R"("event":"b","value":"amount","reversal":"r")";
const Purchases kPurchases[] = {
    {"reversed_once", R"(,"count":"every","unique":"id")", {"b1", "r1", "r1"}, "1 1 0"},
    {"of_two_one", R"(,"count":"every","unique":"id")", {"b1", "b2", "r2"}, "2 1 10"},
    {"bought_again", R"(,"count":"every","unique":"id")", {"b1", "r1", "b1", "b1"}, "2 1 10"},
    {"of_none", R"(,"count":"every","unique":"id")", {"r1", "b1", "r2"}, "1 0 10"},
    {"each_name_once", R"(,"count":"every","unique":"id")", {"b1", "b1", "b2"}, "2 0 20"},
    {"every_one", R"(,"count":"every")", {"b1", "b1", "r1", "b1"}, "3 1 20"},
    {"once_and_back", R"(,"window":"9d")", {"b1", "r1", "r1"}, "1 1 0"},
    {"once_back_and_again", R"(,"window":"9d")", {"b1", "r1", "b2", "b3"}, "2 1 10"},
    {"once", R"(,"window":"9d")", {"b1", "b2"}, "1 0 10"},
};
class PurchasesTest : public testing::TestWithParam<Purchases> {};
TEST_P(PurchasesTest, CountAsTheGoalSays) {
  GoalStage stage;
  stage.Publish(Aims(std::string(kReversal) + std::string(GetParam().goal)));
  (void)stage.Enter(1);
  for (const std::string_view event : GetParam().events) {
    stage.Advance(kHour);
    stage.Restart();
    stage.Event(1, event.substr(0, 1), {{"id", std::string(event.substr(1))}, {"amount", "10"}});
  }
  EXPECT_EQ(stage.Counts(), GetParam().counts);
}
INSTANTIATE_TEST_SUITE_P(Purchases, PurchasesTest, testing::ValuesIn(kPurchases),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(GoalTest, AReversalAfterTheWindowIsOverChangesNothing) {
  GoalStage stage;
  stage.Publish(Aims(std::string(kReversal) + R"(,"window":"2d")"));
  (void)stage.Enter(1);
  stage.Event(1, "b", {{"amount", "10"}});
  stage.Advance(3 * kDayMs);
  stage.Event(1, "r", {{"amount", "10"}});
  EXPECT_EQ(stage.Counts(), "1 0 10");
}

TEST(GoalTest, WhatIsNoSumOfMoneyIsNoMoney) {
  for (const auto& [amount, ten_thousandths] : {std::pair("1.15", 11'500),
                                                {"-3", -30'000},
                                                {"nan", 0},
                                                {"inf", 0},
                                                {"1e300", 0},
                                                {"12 yuan", 0},
                                                {"", 0},
                                                {"x", 0}}) {
    GoalStage stage;
    stage.Publish(Aims(R"("event":"b","value":"amount")"));
    (void)stage.Enter(1);
    stage.Event(1, "b", {{"amount", amount}});
    EXPECT_EQ(stage.journey().conversions, 1u);
    EXPECT_EQ(stage.journey().revenue, ten_thousandths) << amount;
  }
}

TEST(GoalTest, OfAConditionWhatGoesWithEventsIsAFault) {
  GoalStage stage;
  stage.world.tests["done"] = [](const Facts&) { return Truth::kYes; };
  stage.world.unknown.insert("nobody_has");
  const struct {
    std::string_view goal, fault;
  } cases[] = {{R"("when":"holds","event":"b")", "goal.event"},
               {R"("when":"holds","where":"holds")", "goal.where"},
               {R"("when":"holds","unique":"id")", "goal.unique"},
               {R"("when":"holds","reversal":"r")", "goal.reversal"},
               {R"("when":"holds","value":"nobody_has")", "goal.value"},
               {R"("when":"done")", "not_followed"},
               {R"("when":"what")", "bad_condition"},
               {R"("count":"once")", "goal.event"}};
  for (const auto& one : cases) {
    const Result<uint32_t> published = stage.TryPublish(Aims(one.goal));
    ASSERT_FALSE(published.ok()) << one.goal;
    EXPECT_NE(published.error().message().find(one.fault), std::string::npos)
        << published.error().message();
  }
  const Result<uint32_t> experiment =
      stage.TryPublish(Drawn(R"({"id":"x","type":"experiment","lasts":"1d","branches":[
                {"outcome":"a","percent":50},{"outcome":"b","percent":50}]})",
                             "start>x", R"("goal":{"when":"holds"})"));
  ASSERT_FALSE(experiment.ok());
  EXPECT_NE(experiment.error().message().find("metric"), std::string::npos);
}

}  // namespace
}  // namespace waypost::journeys

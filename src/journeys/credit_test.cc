// What messages have of the goals that they led to, and chains that end by one.
#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

// The parts of conversions that each node's messages have, and their money: "a 0.5 50; b ...".
std::string Credits(const Stage& stage) {
  std::string credits;
  for (const auto& [node, counts] : stage.journey().nodes) {
    if (counts.credit == 0) continue;
    credits += (credits.empty() ? "" : "; ") + node + " " + std::to_string(counts.credit) + " " +
               std::to_string(counts.revenue);
  }
  return credits;
}

TEST(CreditTest, AGoalIsOwedToTheMessagesThatTheModelNames) {
  for (const auto& [credit, expected] : std::initializer_list<std::pair<std::string, std::string>>{
           {"last_touch", "c 10000 1000000"},
           {"last_engaged", "b 10000 1000000"},
           {"first_touch", "a 10000 1000000"},
           {"linear", "a 3333 333333; b 3333 333333; c 3334 333334"}}) {
    Stage stage;
    stage.provider = [](const change::TouchPlanned& plan) {
      return plan.text == "lost" ? Outcome::kRejected : Outcome::kAccepted;
    };
    stage.Publish(Drawn(R"({"id":"a","type":"send","channel":"push","text":"1"},
                           {"id":"b","type":"send","channel":"push","text":"2"},
                           {"id":"lost","type":"send","channel":"push","text":"lost"},
                           {"id":"c","type":"send","channel":"push","text":"3"},
                           {"id":"w","type":"wait","for":"9d"})",
                        "start>a a>b b>lost lost>c c>w",
                        R"("goal":{"event":"buy","value":"amount","credit":")" + credit + "\"}"));
    (void)stage.Enter(1);
    const auto second = std::ranges::find(stage.sent, "b", &HandOff::node);
    ASSERT_NE(second, stage.sent.end());
    stage.Receipt(second->key, Outcome::kOpened);
    stage.Advance(kHour);
    stage.Event(1, "buy", {{"amount", "100"}});
    EXPECT_EQ(Credits(stage), expected);
    stage.Restart();
    EXPECT_EQ(Credits(stage), expected);
  }
}

TEST(CreditTest, AGoalAfterLeavingCountsForItsMessagesWhileTheirWindowIsOpen) {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"a","type":"send","channel":"push","text":"1"},
                         {"id":"w","type":"wait","for":"2d"},
                         {"id":"b","type":"send","channel":"push","text":"2"})",
                      "start>a a>w w>b",
                      R"("goal":{"event":"buy","credit":"linear","count":"every","window":"3d"})"));
  (void)stage.Enter(1);
  stage.Advance(2 * kDayMs);
  ASSERT_EQ(stage.journey().active, 0u);
  stage.Event(1, "buy");
  EXPECT_EQ(Credits(stage), "a 5000 0; b 5000 0");
  stage.Advance(2 * kDayMs);
  stage.Event(1, "buy");
  EXPECT_EQ(Credits(stage), "a 5000 0; b 15000 0");
}

std::string ByGoal(std::string_view extra = {}) {
  return Drawn(R"({"id":"c","type":"chain","habit":"h","steps":[
      {"channel":"push","text":"A","success":"goal","wait":"2d"},
      {"channel":"sms","text":"B","success":"goal","wait":"2d"}]},
      {"id":"x","type":"wait_event","timeout":"9d","branches":[{"outcome":"buy","event":"buy"}]},
      {"id":"end","type":"exit"})",
               "start>c c:succeeded>x c:exhausted>end x:buy>end",
               R"("goal":{"event":"buy","count":"every"})" + std::string(extra));
}

TEST(ChainNodeTest, TheGoalEndsAChainThatWaitsForIt) {
  for (const bool second : {false, true}) {
    Stage stage;
    stage.Publish(ByGoal());
    (void)stage.Enter(1);
    stage.Receipt(stage.sent.at(0).key, Outcome::kClicked);
    stage.Advance(second ? 3 * kDayMs : kDayMs);
    EXPECT_EQ(stage.sent.size(), second ? 2u : 1u);
    stage.Event(1, "buy");
    EXPECT_EQ(stage.Out("c", "succeeded"), 1u);
    EXPECT_EQ(stage.Out("x", "buy"), 0u) << "one event is one step";
    ASSERT_EQ(stage.marks.size(), 1u);
    EXPECT_EQ(stage.marks[0].value, second ? "sms" : "push");
    stage.Advance(9 * kDayMs);
    EXPECT_EQ(stage.sent.size(), second ? 2u : 1u);
  }
}

TEST(ChainNodeTest, AGoalBeforeTheMessageWentOutIsNoSuccess) {
  Stage stage;
  stage.dispatching = false;
  stage.Publish(ByGoal());
  (void)stage.Enter(1);
  stage.Advance(kHour);
  stage.Event(1, "buy");
  EXPECT_EQ(stage.journey().conversions, 1u);
  stage.Advance(kHour);
  stage.dispatching = true;
  stage.Dispatch();
  EXPECT_EQ(stage.Out("c", "succeeded"), 0u);
  stage.Advance(9 * kDayMs);
  EXPECT_EQ(stage.SentText(), "push@7200000 sms@172800000");
  EXPECT_EQ(stage.Out("c", "exhausted"), 1u);
}

TEST(ChainNodeTest, AGoalInAPauseEndsTheChainWhenItIsOver) {
  Stage stage;
  stage.Publish(ByGoal());
  (void)stage.Enter(1);
  stage.Advance(kHour);
  stage.SetPhase(Phase::kPaused);
  stage.Event(1, "buy");
  EXPECT_EQ(stage.Out("c", "succeeded"), 0u);
  stage.Advance(kHour);
  stage.SetPhase(Phase::kRunning);
  EXPECT_EQ(stage.Out("c", "succeeded"), 1u);
}

TEST(ChainNodeTest, WithoutAGoalNoStepCanWaitForIt) {
  const Checked checked = CheckJourney(Drawn(R"({"id":"c","type":"chain","steps":[
          {"channel":"push","text":"A","success":"goal","wait":"2d"}]})",
                                             "start>c"),
                                       TestWorld());
  ASSERT_FALSE(checked.faults.empty());
  EXPECT_EQ(checked.faults[0].field + " " + checked.faults[0].code, "steps.success missing_goal");
}

// An earlier message that is opened ends a chain whose next one is held back, at once.
TEST(ChainNodeTest, WhatIsOpenedInQuietHoursEndsAChainThatIsHeld) {
  Stage stage(At("2026-03-02T20:00:00"));
  stage.Policy(R"({"quiet":[{"from":"22:00","to":"08:00"}]})");
  stage.Publish(Drawn(R"({"id":"c","type":"chain","steps":[
      {"channel":"push","text":"A","wait":"3h"},{"channel":"sms","text":"B","wait":"2d"}]})",
                      "start>c"));
  (void)stage.Enter(1);
  stage.Advance(4 * kHour);
  EXPECT_EQ(stage.journey().active, 1u);
  stage.Receipt(stage.sent.at(0).key, Outcome::kOpened);
  EXPECT_EQ(stage.Out("c", "succeeded"), 1u);
}

}  // namespace
}  // namespace waypost::journeys

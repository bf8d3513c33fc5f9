// What stands behind the numbers of a node: how long, until when, and what holds it.
#include "journeys/standing.h"

#include <gmock/gmock.h>

#include "base/clock.h"
#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

using ByHolder = std::map<std::string, uint64_t>;

Standing StandingIn(const Stage& stage, std::string_view node) {
  return StandingAt(stage.state(), {stage.world, stage.world, stage.world}, 0, node, stage.now(),
                    [](Ordinal) { return true; });
}

TEST(DurationsTest, AQuantileIsRightToWithinAPercent) {
  for (const int64_t length :
       {0l, 1l, 63l, 64l, 127l, 128l, 999l, 3'600'000l, kDayMs, 400 * kDayMs}) {
    Durations durations;
    for (int i = 0; i < 95; ++i) durations.Add(length);
    for (int i = 0; i < 5; ++i) durations.Add(2 * length + 1);
    for (const double share : {0.01, 0.5, 0.95})
      EXPECT_NEAR(static_cast<double>(durations.Quantile(share)), static_cast<double>(length),
                  static_cast<double>(length) / 100);
    EXPECT_GT(durations.Quantile(0.96), length);
    EXPECT_EQ(durations.count(), 100u);
  }
}

TEST(StandingTest, HowLongTheyStoodIsOfThoseWhoHaveGone) {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"w","type":"wait_event","timeout":"1h",
                          "branches":[{"outcome":"b","event":"B"}]})",
                      "start>w", R"("goal":{"event":"buy"})"));
  for (Ordinal one = 1; one <= 4; ++one) (void)stage.Enter(one);
  stage.Advance(10 * kMinute);
  stage.Event(1, "B");
  stage.Event(2, "buy");
  stage.Restart();
  const Durations& ten = stage.journey().nodes.at("w").stays;
  EXPECT_EQ(ten.count(), 2u);
  EXPECT_NEAR(static_cast<double>(ten.Quantile(0.5)), 10 * kMinute, kMinute / 10);
  stage.Advance(kHour);
  const Durations& all = stage.journey().nodes.at("w").stays;
  EXPECT_EQ(all.count(), 4u);
  EXPECT_NEAR(static_cast<double>(all.Quantile(0.95)), kHour, kMinute);
  EXPECT_EQ(stage.journey().counts.at(1).nodes.at("w").stays.count(), 4u);
}

TEST(StandingTest, WhoWaitsDoesSoUntilAnHourOrUntilSomethingHappens) {
  Stage stage;  // 10:00
  stage.Publish(Drawn(R"({"id":"w","type":"wait_event","timeout":"90m",
                          "branches":[{"outcome":"b","event":"B"}]},
                         {"id":"f","type":"wait","for":"3d"})",
                      "start>w w:b>f"));
  (void)stage.Enter(1);
  stage.Advance(20 * kMinute);
  (void)stage.Enter(2);
  stage.Advance(20 * kMinute);
  (void)stage.Enter(3);
  const int64_t ten = journeys::At("2026-03-02T10:00:00");
  Standing here = StandingIn(stage, "w");
  EXPECT_EQ(here.here, 3u);
  EXPECT_EQ(here.due, (std::map<int64_t, uint64_t>{{ten + kHour, 2}, {ten + 2 * kHour, 1}}));
  stage.Event(1, "B");
  EXPECT_EQ(StandingIn(stage, "w").here, 2u);
  EXPECT_EQ(StandingIn(stage, "f").due.begin()->first, ten + 3 * kDayMs);
  EXPECT_EQ(StandingIn(stage, "none").here, 0u);
}

// By the rule that keeps the message back now.
TEST(StandingTest, WhoIsHeldIsCountedByWhatHoldsHim) {
  const std::string send =
      R"({"id":"s","type":"send","channel":"sms","text":"hi","on_cap":"wait","cap_wait":"3d"})";
  const struct {
    std::string_view policy;
    int entries;
    ByHolder held;
  } cases[] = {
      {R"({"caps":[{"name":"daily","limit":1,"rolling":"24h"}]})", 3, {{"cap daily", 2}}},
      {R"({"quiet":[{"from":"08:00","to":"12:00"}]})", 2, {{"quiet", 2}}},
      {R"({"arbitration":"5m"})", 2, {{"turn", 2}}},
      {"{}", 2, {}},
  };
  for (const auto& one : cases) {
    SCOPED_TRACE(one.policy);
    Stage stage;
    stage.Policy(one.policy);
    stage.Publish(Drawn(send, "start>s", R"("reentry":{"policy":"always"})"));
    for (int i = 0; i < one.entries; ++i) (void)stage.Enter(1);
    EXPECT_EQ(StandingIn(stage, "s").held, one.held);
    EXPECT_EQ(StandingIn(stage, "s").whenever, 0u);
    stage.SetPhase(Phase::kPaused);
    for (const auto& [by, count] : StandingIn(stage, "s").held) EXPECT_EQ(by, "pause");
  }
}

TEST(StandingTest, WhoseMessageNobodyKnowsTheOutcomeOfWaitsForIt) {
  Stage stage;
  stage.provider = [](const change::TouchPlanned&) { return Outcome::kUnknown; };
  stage.Publish(Drawn(R"({"id":"c","type":"chain","steps":[
                          {"channel":"push","text":"a","success":"opened","wait":"1d"}]})",
                      "start>c"));
  (void)stage.Enter(1);
  EXPECT_EQ(StandingIn(stage, "c").held, (ByHolder{{"outcome", 1}}));
  EXPECT_EQ(StandingIn(stage, "c").whenever, 1u);
}

TEST(StandingTest, MessagesThatAreNotHandedOffAreCountedByWhatTheyWaitFor) {
  Stage stage;
  stage.dispatching = false;
  stage.Publish(Drawn(R"({"id":"s","type":"send","channel":"sms","text":"hi"})", "start>s",
                      R"("sends_per_second":1)"));
  for (Ordinal one = 1; one <= 3; ++one) (void)stage.Enter(one);
  EXPECT_EQ(StandingIn(stage, "s").messages, (ByHolder{{"channel", 1}, {"pace", 2}}));
  Machine::Out out;
  stage.machine().SetHeld(true, stage.now(), &out);
  stage.Follow(out);
  EXPECT_EQ(StandingIn(stage, "s").messages, (ByHolder{{"hold", 3}}));
  EXPECT_EQ(StandingIn(stage, "s").here, 0u);
}

}  // namespace
}  // namespace waypost::journeys

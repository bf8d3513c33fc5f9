// What fell due in a pause, or while the server was down: what is too late, and how fast it goes.
#include <gmock/gmock.h>

#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

constexpr int64_t kDay = 24 * kHour;

// Customers who are sent something at the end of the wait.
std::string AfterWait(std::string_view wait, std::string_view extra) {
  return Drawn(R"({"id":"w","type":"wait",)" + std::string(wait) +
                   R"(},{"id":"s","type":"send","channel":"push","text":"hi"})",
               "start>w w>s", extra);
}

// Paused from an hour after ten on, for so long; how it ends.
struct Late {
  std::string_view wait, fields;
  int64_t pause_ms;
  std::string sent;  // when, from ten o'clock on
  uint64_t too_late;
};

TEST(LateTest, AWaitThatIsTooLateEndsAsTheJourneySays) {
  constexpr std::string_view kExit = R"("max_lateness":"2h","on_late":"exit")",
                             kNext = R"("max_lateness":"2h","on_late":"next_time")";
  const int64_t at_noon = 2 * kHour, noon_after = at_noon + kDay;
  const auto at = [](int64_t ms) { return "push@" + std::to_string(ms); };
  for (const auto& [wait, fields, pause_ms, sent, too_late] : std::vector<Late>{
           {R"("for":"2h")", "", 9 * kHour, at(10 * kHour), 0},
           {R"("for":"2h")", kExit, 3 * kHour, at(4 * kHour), 0},
           {R"("for":"2h")", kExit, 3 * kHour + 1, "", 1},
           {R"("for":"2h")", kExit, kHour / 2, at(2 * kHour), 0},
           {R"("for":"2h")", kNext, 9 * kHour, at(10 * kHour), 0},
           {R"("until":"12:00")", kExit, 3 * kHour + 1, "", 1},
           {R"("until":"12:00")", kNext, 3 * kHour, at(at_noon + 2 * kHour), 0},
           {R"("until":"12:00")", kNext, 3 * kHour + 1, at(noon_after), 0},
           {R"("window":[{"from":"12:00","to":"13:00"}])", kNext, 9 * kHour, at(noon_after), 0},
           {R"("window":[{"from":"12:00","to":"18:00"}])", kNext, 5 * kHour, at(6 * kHour), 0}}) {
    for (const bool down : {false, true}) {
      SCOPED_TRACE(std::string(wait) + std::string(fields) + (down ? " down" : ""));
      Stage stage;
      stage.Publish(AfterWait(wait, fields));
      (void)stage.Enter(1);
      stage.Advance(kHour);
      const int64_t until = stage.now() + pause_ms;
      if (down) {
        stage.SleepTo(until);
      } else {
        stage.SetPhase(Phase::kPaused);
        stage.AdvanceTo(until);
        stage.SetPhase(Phase::kRunning);
      }
      stage.Restart();
      stage.Advance(3 * kDay);
      EXPECT_EQ(stage.SentText(), sent);
      EXPECT_EQ(stage.Exits(Exit::kTooLate), too_late);
    }
  }
}

TEST(LateTest, WhatFellDueInAPauseGoesAsFastAsTheJourneySaysTheEarliestFirst) {
  Stage stage;
  stage.Publish(AfterWait(R"("for":"1h")", R"("resume_per_second":3)"));
  for (Ordinal one = 1; one <= 8; ++one) {
    (void)stage.Enter(9 - one);
    stage.Advance(1'000);
  }
  stage.SetPhase(Phase::kPaused);
  stage.Advance(2 * kHour);
  const int64_t resumed = stage.now();
  stage.SetPhase(Phase::kRunning);
  EXPECT_EQ(stage.sent.size(), 3u) << "at once";
  stage.Restart();
  stage.AdvanceTo(resumed + 999);
  EXPECT_EQ(stage.sent.size(), 3u);
  stage.AdvanceTo(resumed + kMinute);
  std::vector<std::pair<Ordinal, int64_t>> sent;
  for (const HandOff& one : stage.sent) sent.emplace_back(one.customer, one.at_ms - resumed);
  EXPECT_THAT(
      sent,
      testing::UnorderedElementsAreArray(std::vector<std::pair<Ordinal, int64_t>>{
          {8, 0}, {7, 0}, {6, 0}, {5, 1'000}, {4, 1'000}, {3, 1'000}, {2, 2'000}, {1, 2'000}}));
}

TEST(LateTest, WhoCameInAPauseComesInAfterWhatFellDueAndAsFast) {
  constexpr std::string_view kQueued = R"("resume_per_second":2,"entry_while_paused":"queue")";
  Stage stage;
  stage.Publish(AfterWait(R"("for":"1h")", kQueued));
  for (Ordinal one = 1; one <= 3; ++one) (void)stage.Enter(one);
  stage.SetPhase(Phase::kPaused);
  for (Ordinal one = 4; one <= 8; ++one) (void)stage.Enter(one);
  stage.Advance(2 * kHour);
  EXPECT_EQ(stage.journey().queue.size(), 5u);
  const int64_t resumed = stage.now();
  stage.SetPhase(Phase::kRunning);
  for (const auto& [second, entered, sent] :
       {std::tuple(0, 3u, 2u), {1, 3u, 3u}, {2, 5u, 3u}, {3, 7u, 3u}, {4, 8u, 3u}}) {
    SCOPED_TRACE(second);
    stage.AdvanceTo(resumed + second * 1'000 + 999);
    EXPECT_EQ(stage.journey().entered, entered);
    EXPECT_EQ(stage.sent.size(), sent);
    stage.Restart();
  }
  EXPECT_EQ(stage.Rejects(Reject::kPaused), 0u);
}

TEST(LateTest, OfWhoComeInAPauseNoMoreWaitThanTheQueueTakes) {
  Stage stage;
  stage.Publish(AfterWait(R"("for":"1h")", R"("entry_while_paused":"queue","queue_limit":2)"));
  stage.SetPhase(Phase::kPaused);
  for (Ordinal one = 1; one <= 5; ++one) (void)stage.Enter(one);
  stage.Restart();
  EXPECT_EQ(stage.Rejects(Reject::kPaused), 3u);
  stage.SetPhase(Phase::kRunning);
  EXPECT_EQ(stage.journey().entered, 2u);
  stage.SetPhase(Phase::kPaused);
  (void)stage.Enter(6);
  EXPECT_EQ(stage.Rejects(Reject::kPaused), 3u) << "there is room again";
}

TEST(LateTest, WhoStillWaitsToComeInWaitsOnInTheNextPause) {
  Stage stage;
  stage.Publish(
      AfterWait(R"("for":"1h")", R"("resume_per_second":2,"entry_while_paused":"queue")"));
  stage.SetPhase(Phase::kPaused);
  for (Ordinal one = 1; one <= 5; ++one) (void)stage.Enter(one);
  stage.SetPhase(Phase::kRunning);
  EXPECT_EQ(stage.journey().entered, 2u);
  stage.SetPhase(Phase::kPaused);
  stage.Advance(kMinute);
  EXPECT_EQ(stage.journey().entered, 2u);
  stage.SetPhase(Phase::kRunning);
  EXPECT_EQ(stage.journey().entered, 4u);
  stage.Advance(kMinute);
  EXPECT_EQ(stage.journey().entered, 5u);
}

// What happened in the pause counts by when it was received, and what comes after it is too late.
TEST(LateTest, WhatWaitsForItsTurnIsDecidedAlready) {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"x","type":"wait_event","timeout":"2h",
                          "branches":[{"outcome":"b","event":"B"}]})",
                      "start>x", R"("resume_per_second":1)"));
  for (Ordinal one = 1; one <= 4; ++one) (void)stage.Enter(one);
  stage.Advance(kHour);
  stage.SetPhase(Phase::kPaused);
  stage.Event(4, "B");
  stage.Advance(5 * kHour);
  stage.SetPhase(Phase::kRunning);
  EXPECT_EQ(stage.Out("x", "timeout") + stage.Out("x", "b"), 1u);
  stage.Event(3, "B");
  stage.Event(4, "B");
  stage.Advance(kMinute);
  EXPECT_EQ(stage.Out("x", "b"), 1u);
  EXPECT_EQ(stage.Out("x", "timeout"), 3u);
}

TEST(LateTest, AGoalReachedMeanwhileTakesWhoWaitsForItsTurnOut) {
  Stage stage;
  stage.Publish(AfterWait(R"("for":"1h")", R"("resume_per_second":1,"goal":{"event":"buy"})"));
  for (Ordinal one = 1; one <= 3; ++one) (void)stage.Enter(one);
  stage.SetPhase(Phase::kPaused);
  stage.Advance(2 * kHour);
  stage.SetPhase(Phase::kRunning);
  stage.Event(3, "buy");
  stage.Advance(kMinute);
  EXPECT_EQ(stage.sent.size(), 2u);
  EXPECT_EQ(stage.Exits(Exit::kGoal), 1u);
}

// Both ways fell due in the pause: the one that waits at the join, and the other, which releases
// it.
TEST(LateTest, WhoIsReleasedWhenThePauseEndsWaitsInFullAtTheNextNode) {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"f","type":"fork","branches":[{"outcome":"p"},{"outcome":"q"}]},
                         {"id":"w","type":"wait","for":"1h"},
                         {"id":"t","type":"join","timeout":"2h"},
                         {"id":"day","type":"wait","for":"24h"},{"id":"end","type":"exit"})",
                      "start>f f:p>t f:q>w w>t t>day day>end"));
  (void)stage.Enter(1);
  stage.Advance(kHour / 2);
  stage.SetPhase(Phase::kPaused);
  stage.Advance(3 * kHour);
  stage.SetPhase(Phase::kRunning);
  stage.Advance(24 * kHour - 1);
  EXPECT_EQ(stage.journey().active, 1u);
  stage.Advance(1);
  EXPECT_EQ(stage.journey().active, 0u);
}

TEST(LateTest, ADateThatPassedInAPauseIsOverWhenItEndsWhateverItsClock) {
  Stage stage;
  stage.world.attributes[{1, "matures"}] = "2026-03-03";
  stage.Publish(
      AfterWait(R"("date":"matures","until":"09:00")", R"("clock_while_paused":"frozen")"));
  (void)stage.Enter(1);
  stage.SetPhase(Phase::kPaused);
  stage.AdvanceTo("2026-03-03T11:00:00");
  stage.SetPhase(Phase::kRunning);
  ASSERT_EQ(stage.sent.size(), 1u);
  EXPECT_EQ(stage.sent[0].at_ms, At("2026-03-03T11:00:00"));
}

TEST(LateTest, WhatWasHeldUntilItWasOfNoUseIsExpired) {
  Stage stage(At("2026-03-02T23:00:00"));
  stage.Policy(R"({"quiet":[{"from":"22:00","to":"08:00"}]})");
  stage.Publish(Drawn(R"({"id":"s","type":"send","channel":"sms","text":"hi",
                         "time_to_live":"12h"})",
                      "start>s"));
  (void)stage.Enter(1);
  stage.SetPhase(Phase::kPaused);
  stage.AdvanceTo("2026-03-03T12:00:00");
  stage.SetPhase(Phase::kRunning);
  EXPECT_EQ(stage.sent.size(), 0u);
  EXPECT_EQ(stage.Denied("s", Outcome::kExpired), 1u);
}

TEST(LateTest, WhatWouldChangeNothingIsAFault) {
  for (const auto& [fields, fault] : {std::pair(R"("max_lateness":"1h")", "max_lateness"),
                                      {R"("on_late":"exit")", "on_late"},
                                      {R"("queue_limit":5)", "queue_limit"}}) {
    std::vector<std::string> faults;
    for (const Fault& one : CheckJourney(AfterWait(R"("for":"1h")", fields), TestWorld()).faults)
      if (!one.warning) faults.push_back(one.field + " " + one.code);
    EXPECT_THAT(faults, testing::ElementsAre(fault + std::string(" no_effect")));
  }
}

}  // namespace
}  // namespace waypost::journeys

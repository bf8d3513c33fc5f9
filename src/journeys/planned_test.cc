// Messages that are planned and wait for their turn: how fast they go, and when they do not go any
// more.
#include <gtest/gtest.h>

#include "base/clock.h"
#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

constexpr std::string_view kHi = R"({"id":"s","type":"send","channel":"sms","text":"hi"})";

std::string Paced(std::string_view more) {
  return Drawn(kHi, "start>s", R"("sends_per_second":1)" + std::string(more));
}
void EnterFive(Stage& stage) {
  for (Ordinal customer = 0; customer < 5; ++customer) (void)stage.Enter(customer);
  ASSERT_EQ(stage.sent.size(), 1u);
  ASSERT_EQ(stage.journey().active, 0u) << "they have come to the end";
}
void SetHeld(Stage& stage, bool held) {
  Machine::Out out;
  stage.machine().SetHeld(held, stage.now(), &out);
  stage.Follow(out);
}
// The most that went in any second.
size_t MostInASecond(const Stage& stage) {
  size_t most = 0;
  for (size_t i = 0; i < stage.sent.size(); ++i) {
    size_t count = 0;
    while (count <= i && stage.sent[i - count].at_ms > stage.sent[i].at_ms - 1'000) ++count;
    most = std::max(most, count);
  }
  return most;
}

TEST(PlannedTest, NothingGoesOfAJourneyThatIsOverAlsoOfWhoCameToItsEnd) {
  const struct {
    std::string_view more;
    std::function<void(Stage&)> end;
    std::string_view why;
  } ways[] = {{"", [](Stage& stage) { stage.SetPhase(Phase::kStopped); }, "stopped"},
              {R"(,"end":"2026-03-02T10:00:00.500","on_end":"exit_all")",
               [](Stage& stage) { stage.Advance(500); }, "journey_ended"},
              {"", [](Stage& stage) { stage.Publish(Paced(R"(,"in_flight":{"policy":"exit"})")); },
               "version_migrated_out"}};
  for (const auto& way : ways) {
    SCOPED_TRACE(way.why);
    Stage stage;
    stage.Publish(Paced(way.more));
    EnterFive(stage);
    way.end(stage);
    stage.Restart();
    stage.Advance(kHour);
    EXPECT_EQ(stage.sent.size(), 1u);
    EXPECT_EQ(stage.Denied("s", Outcome::kCancelled), 4u);
    EXPECT_EQ(stage.journey().spent_sends, 1u) << "what they had reserved is free again";
    EXPECT_EQ(stage.state().TouchesIn(Outcome::kPlanned).size(), 0u);
  }
}

TEST(PlannedTest, AtAnEndThatDrainsTheyGo) {
  Stage stage;
  stage.Publish(Paced(R"(,"end":"2026-03-02T10:00:00.500")"));
  EnterFive(stage);
  stage.Advance(kHour);
  EXPECT_EQ(stage.sent.size(), 5u);
}

TEST(PlannedTest, WhoWaitedInAPauseIsNotLetInAfterAStop) {
  Stage stage;
  const std::string json = Drawn(kHi, "start>s", R"("entry_while_paused":"queue")");
  stage.Publish(json);
  stage.SetPhase(Phase::kPaused);
  (void)stage.Enter(1);
  stage.SetPhase(Phase::kStopped);
  stage.Publish(json);
  stage.SetPhase(Phase::kPaused);
  stage.SetPhase(Phase::kRunning);
  EXPECT_EQ(stage.journey().entered, 0u);
}

constexpr std::string_view kChain = R"({"id":"c","type":"chain","steps":[
    {"channel":"push","text":"a","success":"opened","wait":"2d"},
    {"channel":"sms","text":"b","success":"clicked","wait":"2d"}]},
    {"id":"z","type":"wait","for":"30d"})";
constexpr std::string_view kWays = "start>c c:succeeded>z c:exhausted>z";

TEST(PlannedTest, ALateSuccessStopsTheNextStepThatHasNotGone) {
  Stage stage;
  stage.Policy(R"({"channels":[{"name":"sms","per_second":1}]})");
  stage.Publish(Drawn(kChain, kWays));
  for (Ordinal customer = 0; customer < 5; ++customer) (void)stage.Enter(customer);
  const std::vector<HandOff> first = stage.sent;
  ASSERT_EQ(first.size(), 5u);
  stage.Advance(2 * kDayMs);
  ASSERT_EQ(stage.sent.size(), 6u);
  for (const HandOff& one : first) stage.Receipt(one.key, Outcome::kOpened);
  stage.Advance(kHour);
  EXPECT_EQ(stage.sent.size(), 6u);
  EXPECT_EQ(stage.Out("c", "succeeded"), 5u);
  EXPECT_EQ(stage.Denied("c", Outcome::kCancelled), 4u);
}

TEST(PlannedTest, AStepThatWasHeldForItsWholeTimeDoesNotGoWithTheNextOne) {
  Stage stage;
  stage.Publish(Drawn(kChain, kWays));
  SetHeld(stage, true);
  (void)stage.Enter(1);
  (void)stage.Enter(2);
  stage.Advance(3 * kDayMs);
  stage.Restart();
  SetHeld(stage, false);
  EXPECT_EQ(stage.SentText(), "sms@259200000 sms@259200000");
  stage.Advance(kDayMs);
  EXPECT_EQ(stage.Out("c", "exhausted"), 2u);
  EXPECT_EQ(stage.sent.size(), 2u);
}

TEST(PlannedTest, AStepWhoseTurnComesInTheNightHasItsTimeInTheMorning) {
  Stage stage;
  stage.Policy(R"({"quiet":[{"from":"22:00","to":"08:00"}],
                   "channels":[{"name":"push","per_second":1}]})");
  stage.Publish(Drawn(R"({"id":"c","type":"chain","steps":[
      {"channel":"push","text":"a","success":"opened","wait":"2h"},
      {"channel":"sms","text":"b","success":"clicked","wait":"2h"}]})",
                      "start>c"));
  stage.AdvanceTo("2026-03-02T21:59:59");
  (void)stage.Enter(1);
  (void)stage.Enter(2);
  stage.Advance(kDayMs);
  EXPECT_EQ(stage.SentText(At("2026-03-02T21:59:59")),
            "push@0 push@36001000 sms@36001000 sms@43201000");
}

TEST(PlannedTest, WhatWaitedForAnythingGoesNoFasterThanItMay) {
  constexpr std::string_view kNight = R"("quiet":[{"from":"22:00","to":"08:00"}])";
  constexpr std::string_view kChannel = R"("channels":[{"name":"sms","per_second":2}])";
  const struct {
    std::string_view name, policy, extra;
    std::function<void(Stage&)> hold, release;
  } cases[] = {
      {"night", kChannel, R"("priority":50)", [](Stage&) {},
       [](Stage& stage) { stage.AdvanceTo("2026-03-03T08:00:00"); }},
      {"night of a journey's pace", "", R"("sends_per_second":2)", [](Stage&) {},
       [](Stage& stage) { stage.AdvanceTo("2026-03-03T08:00:00"); }},
      {"pause", kChannel, R"("priority":50)", [](Stage& stage) { stage.SetPhase(Phase::kPaused); },
       [](Stage& stage) {
         stage.AdvanceTo("2026-03-03T09:00:00");
         stage.SetPhase(Phase::kRunning);
       }},
      {"hold", kChannel, R"("priority":50)", [](Stage& stage) { SetHeld(stage, true); },
       [](Stage& stage) {
         stage.AdvanceTo("2026-03-03T09:00:00");
         SetHeld(stage, false);
       }}};
  for (const auto& one : cases) {
    SCOPED_TRACE(one.name);
    Stage stage;
    stage.Policy("{" + std::string(kNight) + (one.policy.empty() ? "" : ",") +
                 std::string(one.policy) + "}");
    stage.Publish(Drawn(kHi, "start>s", one.extra));
    stage.AdvanceTo("2026-03-02T21:59:58");
    for (Ordinal customer = 0; customer < 20; ++customer) (void)stage.Enter(customer);
    one.hold(stage);
    stage.AdvanceTo("2026-03-03T07:59:59");
    EXPECT_LE(stage.sent.size(), 4u);
    stage.Restart();
    one.release(stage);
    stage.Advance(8'500);
    stage.Restart();
    stage.Advance(kHour);
    EXPECT_EQ(stage.sent.size(), 20u);
    EXPECT_EQ(MostInASecond(stage), 2u);
  }
}

TEST(PlannedTest, WhatIsDroppedInTheNightIsDroppedAlsoWhenItsTurnComesThen) {
  Stage stage;
  stage.Policy(R"({"quiet":[{"from":"22:00","to":"08:00"}],"in_quiet":"drop"})");
  stage.Publish(Paced(""));
  stage.AdvanceTo("2026-03-02T21:59:58");
  EnterFive(stage);
  stage.AdvanceTo("2026-03-03T12:00:00");
  EXPECT_EQ(stage.sent.size(), 2u);
  EXPECT_EQ(stage.Denied("s", Outcome::kQuietDropped), 3u);
}

TEST(PlannedTest, WhatExpiresInTheNightExpires) {
  Stage stage;
  stage.Policy(R"({"quiet":[{"from":"22:00","to":"08:00"}]})");
  stage.Publish(Drawn(R"({"id":"s","type":"send","channel":"sms","text":"hi","time_to_live":"1h"})",
                      "start>s", R"("sends_per_second":1)"));
  stage.AdvanceTo("2026-03-02T21:59:58");
  EnterFive(stage);
  stage.AdvanceTo("2026-03-02T22:59:57");
  EXPECT_EQ(stage.Denied("s", Outcome::kExpired), 0u);
  stage.AdvanceTo("2026-03-02T22:59:58");
  EXPECT_EQ(stage.Denied("s", Outcome::kExpired), 3u);
  stage.AdvanceTo("2026-03-03T12:00:00");
  EXPECT_EQ(stage.sent.size(), 2u);
  EXPECT_EQ(stage.Denied("s", Outcome::kExpired), 3u);
}

TEST(PlannedTest, AVersionOfAnotherPriorityPutsThemInTheirNewPlace) {
  Stage stage;
  stage.dispatching = false;
  for (const char* id : {"a", "b"}) stage.Publish(Drawn(kHi, "start>s", R"("priority":50)", id));
  (void)stage.Enter(1, "a");
  (void)stage.Enter(2, "b");
  stage.Publish(Drawn(kHi, "start>s", R"("priority":90)", "b"));
  stage.Dispatch();
  ASSERT_EQ(stage.sent.size(), 2u);
  EXPECT_EQ(stage.sent[0].customer, 2u);
  EXPECT_TRUE(stage.state().ready().at("sms").empty());
}

TEST(CapTest, AMonthOfMoreThanThirtyOneDaysOfHoursAndALongWindowCountAllOfTheirs) {
  for (const std::string_view rule : {R"("fixed":"month")", R"("rolling":"60d")"}) {
    SCOPED_TRACE(rule);
    Stage stage(At("2026-10-01T06:30:00"));  // half an hour after it began in Berlin
    stage.Policy(R"({"zone":"Europe/Berlin","caps":[{"name":"c","limit":2,"zone":"tenant",)" +
                 std::string(rule) + "}]}");
    stage.Publish(Drawn(kHi, "start>s", R"("reentry":{"policy":"always"})"));
    (void)stage.Enter(1);
    stage.AdvanceTo("2026-11-01T06:35:00");  // before it ends
    for (int i = 0; i < 2; ++i) {
      (void)stage.Enter(1);
      stage.Advance(kMinute);
    }
    EXPECT_EQ(stage.sent.size(), 2u);
  }
}

}  // namespace
}  // namespace waypost::journeys

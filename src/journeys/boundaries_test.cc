// What lies just at a boundary: the event that let somebody in, the first moment of a look back,
// timers that a busy server fires a little late, who becomes one between two waves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

constexpr std::string_view kOnPay = R"({"kind":"event","on":"Pay"})";
constexpr std::string_view kTwice = R"("reentry":{"policy":"always"})";

std::string WaitsForPay(std::string_view timeout, std::string_view since,
                        std::string_view extra = {}) {
  return Drawn(R"({"id":"w","type":"wait_event","since":")" + std::string(since) +
                   R"(","timeout":")" + std::string(timeout) +
                   R"(","branches":[{"outcome":"paid","event":"Pay"}]},{"id":"end","type":"exit"})",
               "start>w w:paid>end w:timeout>end", extra, "j", kOnPay);
}

TEST(Boundaries, TheEventThatLetSomebodyInIsNotWhatHeWaitsForWhenTheJourneyChanges) {
  for (const std::string_view since : {"node_entry", "journey_entry"}) {
    Stage stage;
    stage.Publish(WaitsForPay("2d", since));
    stage.Event(1, "Pay");
    stage.Advance(3'600'000);
    stage.Publish(WaitsForPay("3d", since, R"("in_flight":{"policy":"migrate"})"));
    EXPECT_EQ(stage.journey().active, 1u) << since;
    stage.Event(1, "Pay");
    EXPECT_EQ(stage.Out("w", "paid"), 1u) << since;
  }
}

TEST(Boundaries, TheEventThatLetSomebodyInIsNotDoneSinceHeCameIn) {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"hour","type":"wait","for":"1h"},
                         {"id":"w","type":"wait_event","since":"journey_entry","timeout":"1d",
                          "branches":[{"outcome":"paid","event":"Pay"},{"outcome":"went","event":"Go"}]},
                         {"id":"end","type":"exit"})",
                      "start>hour hour>w w:paid>end w:went>end w:timeout>end", {}, "j", kOnPay));
  stage.Event(1, "Pay");
  stage.Event(2, "Pay");
  stage.Event(2, "Go");  // received in the same millisecond, after it
  stage.Advance(7'200'000);
  EXPECT_EQ(stage.Out("w", "paid"), 0u);
  EXPECT_EQ(stage.Out("w", "went"), 1u);
}

TEST(Boundaries, TheEventThatLetSomebodyInIsNoGoalOfBefore) {
  Stage stage;
  constexpr std::string_view kGoal = R"("goal":{"event":"Pay"})";
  stage.Publish(Drawn(R"({"id":"w","type":"wait","for":"5d"})", "start>w", {}, "j", kOnPay));
  stage.Event(1, "Pay");
  stage.Advance(3'600'000);
  stage.Publish(
      Drawn(R"({"id":"w","type":"wait","for":"5d"})", "start>w",
            std::string(kGoal) + R"(,"in_flight":{"policy":"migrate","apply_history":true})", "j",
            kOnPay));
  EXPECT_EQ(stage.journey().conversions, 0u);
  EXPECT_EQ(stage.journey().active, 1u);
}

TEST(Boundaries, ALookBackHasNotItsFirstMomentAndHasItsLast) {
  for (const int64_t ago : {3'600'000, 3'599'999}) {
    Stage stage;
    stage.Publish(Drawn(R"({"id":"w","type":"wait_event","since":"lookback","lookback":"1h",
                            "timeout":"1d","branches":[{"outcome":"paid","event":"Pay"}]},
                           {"id":"end","type":"exit"})",
                        "start>w w:paid>end w:timeout>end"));
    stage.Event(1, "Pay");
    stage.Advance(ago);
    ASSERT_TRUE(stage.Enter(1).ok());
    EXPECT_EQ(stage.Out("w", "paid"), ago == 3'600'000 ? 0u : 1u) << ago;
  }
}

TEST(Boundaries, ARunThatABusyServerTakesALittleLateWasNotMissed) {
  Stage stage;
  stage.Publish(Drawn({}, {}, {}, "j",
                      R"({"kind":"batch","segment":"","schedule":{"every":"day","at":"10:30",
                          "catch_up":"none"}})"));
  Machine::Out out;
  stage.machine().HoldTimers(At("2026-03-02T10:29:59"));
  stage.machine().SetConsent({1, "sms", "*", true}, At("2026-03-02T10:30:00") + 40, &out);
  stage.machine().HoldTimers(kNever);
  stage.machine().FireUntil(At("2026-03-02T10:30:00") + 50, &out);
  stage.Follow(out);
  ASSERT_EQ(stage.runs.size(), 1u);
  EXPECT_FALSE(stage.runs[0].skipped);
}

TEST(Boundaries, WhoCameInAWaveDoesNotComeInTheNextAsWhomHeBecame) {
  for (const bool later : {true, false}) {
    Stage stage;
    stage.Publish(Drawn(R"({"id":"w","type":"wait","for":"5d"})", "start>w", kTwice, "j",
                        R"({"kind":"list","rank":{"attribute":"r","first":"smallest"},
                            "waves":{"every":"1d","each":[{"number":1},{"number":1}]}})"));
    stage.world.attributes[{1, "r"}] = "1";
    stage.world.attributes[{2, "r"}] = "2";
    stage.EnterMany({1, 2});
    ASSERT_EQ(stage.journey().entered, 1u);
    const Ordinal from = later ? 1 : 2, to = later ? 2 : 1;
    stage.world.roots[from] = to;
    stage.Merge(from, to);
    stage.Advance(25 * 3'600'000);
    stage.LetIn(SIZE_MAX);
    EXPECT_EQ(stage.journey().entered, 1u) << later;
    EXPECT_EQ(stage.Rejects(Reject::kDuplicateInRun), 1u) << later;
  }
}

// F3: the chain is owed to the message that was opened, though another one went out after it.
TEST(Boundaries, AConversionIsOwedToTheMessageThatEndedTheChain) {
  Stage stage;
  stage.Publish(Drawn(
      R"({"id":"c","type":"chain","steps":[
            {"channel":"push","text":"a","success":"opened","wait":"2d"},
            {"channel":"sms","text":"b","success":"clicked","wait":"2d"}]},
         {"id":"w","type":"wait","for":"9d"})",
      "start>c c:succeeded>w", R"("goal":{"event":"Pay","count":"every","value":"amount"})"));
  ASSERT_TRUE(stage.Enter(1).ok());
  stage.Advance(2 * kDayMs);
  ASSERT_EQ(stage.sent.size(), 2u);
  stage.Receipt(stage.sent[0].key, Outcome::kOpened);
  stage.Event(1, "Pay", {{"amount", "5"}});
  std::vector<TouchKey> credited;
  for (const Decision& decision : stage.log) {
    for (const Change& one : decision.changes) {
      if (const auto* met = std::get_if<change::Converted>(&one)) credited = met->credited.touches;
    }
  }
  EXPECT_EQ(credited, std::vector{stage.sent[0].key});
}

TEST(Boundaries, WhoWaitedForWhatNoLongerLeadsInDoesNotComeIn) {
  constexpr std::string_view kNot =
      R"({"kind":"not_done","on":"Apply","without":"Sign","within":"1h"})";
  for (const auto& [entry, comes] : std::initializer_list<std::pair<std::string_view, bool>>{
           {kNot, true},
           {R"({"kind":"not_done","on":"Apply","without":"Sign","within":"2h"})", true},
           {R"({"kind":"api"})", false},
           {R"({"kind":"not_done","on":"Pay","without":"Sign","within":"1h"})", false}}) {
    Stage stage;
    stage.Publish(Drawn(R"({"id":"w","type":"wait","for":"5d"})", "start>w", {}, "j", kNot));
    stage.Event(1, "Apply");
    stage.Advance(60'000);
    stage.Publish(Drawn(R"({"id":"w","type":"wait","for":"5d"})", "start>w", {}, "j", entry));
    stage.Restart();
    stage.Advance(kDayMs);
    EXPECT_EQ(stage.journey().entered, comes ? 1u : 0u) << entry;
  }
}

// A message that waited for its turn longer than a minute asks all rules again when it goes.
TEST(Boundaries, WhatWaitedGoesWhereItsCustomerIsReachedNow) {
  Stage stage;
  stage.Policy(R"({"channels":[{"name":"sms","per_second":1}]})");
  stage.Publish(Drawn(R"({"id":"s","type":"send","channel":"sms","text":"{{tier}}"},
                         {"id":"w","type":"wait","for":"1d"})",
                      "start>s s>w"));
  stage.dispatching = false;
  std::vector<std::string> addresses;
  stage.provider = [&](const change::TouchPlanned& plan) {
    addresses.push_back(plan.address + ":" + plan.text);
    return std::optional(Outcome::kAccepted);
  };
  for (Ordinal one = 1; one <= 3; ++one) {
    stage.world.attributes[{one, "tier"}] = "old";
    ASSERT_TRUE(stage.Enter(one).ok());
  }
  stage.Advance(61'000);
  stage.world.addresses[1] = "moved";
  stage.world.attributes[{1, "tier"}] = "new";
  stage.world.unreachable.insert({2, "sms"});
  stage.dispatching = true;
  stage.Dispatch();
  stage.Advance(10'000);
  EXPECT_EQ(addresses, (std::vector<std::string>{"moved:new", "to-3:old"}));
  EXPECT_EQ(stage.Denied("s", Outcome::kNotReachable), 1u);
}

// The receipt of a fast customer comes before the channel's answer to the hand-off.
TEST(Boundaries, AReceiptThatOvertakesTheHandOffCountsItAsSentOnce) {
  Stage stage;
  stage.Publish(
      Drawn(R"({"id":"hello","type":"send","channel":"sms","text":"hi"})", "start>hello"));
  stage.provider = [](const change::TouchPlanned&) { return std::nullopt; };
  ASSERT_TRUE(stage.Enter(1).ok());
  const TouchKey key = stage.sent.at(0).key;
  for (const Outcome heard : {Outcome::kOpened, Outcome::kAccepted, Outcome::kSent})
    stage.Receipt(key, heard);
  EXPECT_EQ(stage.state().FindTouch(key)->outcome, Outcome::kOpened);
  EXPECT_THAT(stage.state().untold(),
              testing::UnorderedElementsAre(testing::Key(std::pair(key, Outcome::kAccepted)),
                                            testing::Key(std::pair(key, Outcome::kOpened))));
}

TEST(Boundaries, WhatASentMessageIsToldAsIsToldOnce) {
  Stage stage;
  stage.Publish(
      Drawn(R"({"id":"hello","type":"send","channel":"sms","text":"hi"})", "start>hello"));
  stage.provider = [](const change::TouchPlanned&) { return std::optional(Outcome::kSent); };
  ASSERT_TRUE(stage.Enter(1).ok());
  const TouchKey key = stage.sent.at(0).key;
  stage.Receipt(key, Outcome::kAccepted);
  EXPECT_THAT(stage.state().untold(),
              testing::ElementsAre(testing::Key(std::pair(key, Outcome::kSent))));
}

}  // namespace
}  // namespace waypost::journeys

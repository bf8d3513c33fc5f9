#include "journeys/state.h"

#include <gmock/gmock.h>

#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

constexpr int64_t kDay = 24 * kHour;
constexpr std::string_view kHello = R"({"id":"hello","type":"send","channel":"sms","text":"hi"})";
constexpr std::string_view kPause = R"({"id":"pause","type":"wait","for":"40d"})";
constexpr std::string_view kAlways = R"("reentry":{"policy":"always"})";

Result<State> Reopened(const Stage& stage) { return State::Decode(stage.state().Encode()); }

TEST(StateTest, AMessageIsForgottenAMonthAfterItsOutcome) {
  Stage stage;
  stage.Publish(Drawn(kHello, "start>hello", kAlways));
  ASSERT_TRUE(stage.Enter(1).ok());
  const TouchKey key = stage.sent[0].key;
  stage.Advance(30 * kDay);
  stage.Receipt(key, Outcome::kOpened);  // a late receipt counts
  EXPECT_EQ(stage.journey().nodes.at("hello").outcomes.at(static_cast<uint8_t>(Outcome::kOpened)),
            1u);
  stage.Advance(30 * kDay);
  ASSERT_TRUE(stage.Enter(2).ok());
  EXPECT_TRUE(stage.state().FindTouch(key)) << "thirty days after it was opened";
  stage.Advance(2 * kDay);
  ASSERT_TRUE(stage.Enter(3).ok());
  EXPECT_FALSE(stage.state().FindTouch(key));
  EXPECT_EQ(stage.state().touch_count(), 2u);
}

TEST(StateTest, AMessageIsKeptWhileItsEntryMayAskForIt) {
  Stage stage;
  stage.Publish(
      Drawn(std::string(kHello) + "," + std::string(kPause), "start>hello hello>pause", kAlways));
  ASSERT_TRUE(stage.Enter(1).ok());
  const TouchKey key = stage.sent[0].key;
  stage.Advance(35 * kDay);
  ASSERT_TRUE(stage.Enter(2).ok());
  EXPECT_TRUE(stage.state().FindTouch(key));
  const Result<State> reopened = Reopened(stage);
  ASSERT_TRUE(reopened.ok());
  EXPECT_TRUE(reopened.value().FindTouch(key));
  stage.Advance(6 * kDay);
  ASSERT_TRUE(stage.Enter(3).ok());
  EXPECT_FALSE(stage.state().FindTouch(key)) << "it left after forty days";
}

TEST(StateTest, AMessageNobodyKnowsTheOutcomeOfIsNeverForgotten) {
  Stage stage;
  stage.provider = [](const change::TouchPlanned&) { return Outcome::kUnknown; };
  stage.Publish(Drawn(kHello, "start>hello", kAlways));
  ASSERT_TRUE(stage.Enter(1).ok());
  stage.Advance(200 * kDay);
  ASSERT_TRUE(stage.Enter(2).ok());
  EXPECT_THAT(stage.state().TouchesIn(Outcome::kUnknown), testing::SizeIs(2));
}

// Else a server that was restarted often would wait minutes before it tries again.
TEST(StateTest, AMessageThatIsPutBackForAtOnceWasNotTried) {
  Stage stage;
  stage.dispatching = false;
  stage.Publish(Drawn(kHello, "start>hello"));
  ASSERT_TRUE(stage.Enter(1).ok());
  Machine& machine = stage.machine();
  const TouchKey key = stage.state().DueTouches(stage.now()).at(0);
  for (const auto& [pause_ms, tries] : {std::pair(0, 0u), {0, 0u}, {kMinute, 1u}}) {
    Machine::Out out;
    ASSERT_TRUE(machine.Claim(key, stage.now(), &out));
    machine.PutBack(key, stage.now() + pause_ms, false, "test", stage.now(), &out);
    stage.Follow(out);
    EXPECT_EQ(stage.state().FindTouch(key)->tries, tries);
  }
}

TEST(StateTest, AnOutcomeIsToBeToldUntilTheLogHasItsEvent) {
  Stage stage;
  stage.Publish(Drawn(kHello, "start>hello", kAlways));
  ASSERT_TRUE(stage.Enter(1).ok());
  const TouchKey key = stage.sent[0].key;
  stage.Receipt(key, Outcome::kOpened);
  const Result<State> reopened = Reopened(stage);
  ASSERT_TRUE(reopened.ok());
  EXPECT_THAT(reopened.value().untold(),
              testing::ElementsAre(testing::Pair(std::pair(key, Outcome::kAccepted), testing::_),
                                   testing::Pair(std::pair(key, Outcome::kOpened), testing::_)));
  State state = State::Decode(stage.state().Encode()).value();
  state.Told(key, Outcome::kAccepted);
  EXPECT_THAT(state.untold(), testing::SizeIs(1));
  state.Told(key, Outcome::kAccepted);  // it came twice
  state.Told(key, Outcome::kOpened);
  EXPECT_THAT(state.untold(), testing::IsEmpty());
}

TEST(StateTest, NothingIsToldOfWhoWasErased) {
  Stage stage;
  stage.Publish(Drawn(kHello, "start>hello", kAlways));
  ASSERT_TRUE(stage.Enter(1).ok());
  stage.Erase(1);
  EXPECT_THAT(stage.state().untold(), testing::IsEmpty());
}

TEST(StateTest, AMachineSaysWhatWouldKeepSomebodyOutWithoutDeciding) {
  Stage stage;
  stage.Publish(Drawn(kPause, "start>pause"));
  EXPECT_EQ(stage.machine().WouldRefuse("j", 1, stage.now()).value(), std::nullopt);
  ASSERT_TRUE(stage.Enter(1).ok());
  EXPECT_EQ(stage.machine().WouldRefuse("j", 1, stage.now()).value(), Reject::kReentryOnce);
  stage.SetPhase(Phase::kPaused);
  EXPECT_EQ(stage.machine().WouldRefuse("j", 2, stage.now()).value(), Reject::kPaused);
  EXPECT_EQ(stage.Rejects(Reject::kPaused), 0u);
  EXPECT_FALSE(stage.machine().WouldRefuse("k", 1, stage.now()).ok());
}

}  // namespace
}  // namespace waypost::journeys

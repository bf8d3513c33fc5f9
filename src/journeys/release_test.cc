// Letting a journey out step by step, and what stops it by itself.
#include <gmock/gmock.h>

#include "base/clock.h"
#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

constexpr std::string_view kHelloWithConsent =
    R"({"id":"hello","type":"send","channel":"sms","text":"hi",
                                        "price":2},{"id":"stay","type":"wait","for":"30d"})";

std::string Hello(std::string_view extra) {
  return Drawn(kHelloWithConsent, "start>hello hello>stay",
               R"("reentry":{"policy":"always"},)" + std::string(extra));
}
std::set<Ordinal> EnteredOf(Stage& stage, Ordinal customers) {
  std::set<Ordinal> entered;
  for (Ordinal customer = 0; customer < customers; ++customer) {
    if (stage.Enter(customer).value().entry != 0) entered.insert(customer);
  }
  return entered;
}

TEST(ReleaseTest, ALargerShareHoldsTheSmallerOneAndWhoIsNamedIsAlwaysIn) {
  Stage stage;
  stage.world.tests["staff"] = [](const Facts& facts) {
    return facts.customer < 3 ? Truth::kYes : Truth::kNo;
  };
  stage.Publish(Hello(R"("release":{"who":"staff"})"));
  std::set<Ordinal> before = EnteredOf(stage, 300);
  EXPECT_THAT(before, testing::ElementsAre(0, 1, 2));
  EXPECT_EQ(stage.Rejects(Reject::kRolloutExcluded), 297u);
  for (const auto& [release, least, most] :
       {std::tuple(R"("release":{"who":"staff","percent":5})", 6, 35),
        {R"("release":{"who":"staff","percent":40})", 90, 155},
        {R"("priority":50)", 300, 300}}) {
    stage.Publish(Hello(release));
    const std::set<Ordinal> now = EnteredOf(stage, 300);
    EXPECT_TRUE(std::ranges::includes(now, before)) << release;
    EXPECT_GE(now.size(), static_cast<size_t>(least)) << release;
    EXPECT_LE(now.size(), static_cast<size_t>(most)) << release;
    before = now;
  }
}

TEST(ReleaseTest, TooManyFailuresPauseAJourneyUntilSomebodyResumesIt) {
  Stage stage;
  bool failing = true;
  stage.provider = [&](const change::TouchPlanned&) {
    return failing ? Outcome::kRejected : Outcome::kAccepted;
  };
  stage.Publish(Hello(R"("guardrails":{"after":10,"failed_percent":20})"));
  EXPECT_EQ(EnteredOf(stage, 9).size(), 9u) << "too few to judge by";
  EXPECT_EQ(EnteredOf(stage, 100).size(), 1u);
  EXPECT_EQ(stage.sent.size(), 10u);
  EXPECT_EQ(stage.journey().phase, Phase::kPaused);
  EXPECT_EQ(stage.journey().phase_reason, "guardrail: failed 9 of 10 messages, more than 20%");
  EXPECT_EQ(stage.Rejects(Reject::kPaused), 99u);

  failing = false;
  stage.SetPhase(Phase::kRunning);  // counted from here on
  EXPECT_EQ(EnteredOf(stage, 100).size(), 100u);
  EXPECT_EQ(stage.journey().phase, Phase::kRunning);
}

TEST(ReleaseTest, AJourneyThatSpendsMoreThanItIsMeantToIsPaused) {
  Stage stage;
  stage.Publish(Hello(R"("guardrails":{"spend":7})"));
  EXPECT_EQ(EnteredOf(stage, 100).size(), 4u);
  EXPECT_EQ(stage.journey().phase_reason, "guardrail: spend 8, more than 7");
}

TEST(ReleaseTest, OnlyWhoGotAMessageLatelyCountsAsDrivenAway) {
  Stage stage;
  stage.Publish(Hello(R"("guardrails":{"after":1,"opted_out_percent":30})"));
  ASSERT_EQ(EnteredOf(stage, 4).size(), 4u);
  stage.Consent(99, "sms", false);
  stage.Consent(1, "sms", false);
  stage.Consent(1, "sms", false);  // said twice
  stage.Advance(8 * kDayMs);
  stage.Consent(2, "sms", false);
  EXPECT_EQ(stage.journey().phase, Phase::kRunning);
  ASSERT_TRUE(stage.Enter(3).ok());
  stage.Consent(3, "sms", false);
  EXPECT_EQ(stage.journey().phase_reason, "guardrail: opted_out 2 of 5 messages, more than 30%");
}

}  // namespace
}  // namespace waypost::journeys

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

// Whole days of the customer's own, over the end of a year whose working days were imported.
TEST(PolicyTest, NothingIsSentInABlackoutAndWorkingDaysOfAnImportedYearAreKnown) {
  constexpr std::string_view kClosing = R"("blackouts":[
      {"name":"closing","from":"2026-12-30","to":"2027-01-02"},{"name":"tax","from":"2027-01-05"}])";
  constexpr std::string_view kOpen =
      R"("open":[{"on":"working_days","from":"09:00","to":"10:00"}])";
  constexpr std::string_view kYear = R"("calendar":[{"year":2027,"days":[
      {"name":"New Year","date":"2027-01-01","isOffDay":true},
      {"name":"New Year","date":"2027-01-03","isOffDay":true},
      {"name":"New Year","date":"2027-01-04","isOffDay":true}]}])";
  struct {
    std::string policy;
    std::string_view zone, from, sent;  // empty: never
  } const cases[] = {
      {std::string(kClosing), "Asia/Shanghai", "2026-12-29T23:59:59", "2026-12-29T23:59:59"},
      {std::string(kClosing), "Asia/Shanghai", "2026-12-30T00:00:00", "2027-01-03T00:00:00"},
      {std::string(kClosing), "America/New_York", "2026-12-30T12:59:59", "2026-12-30T12:59:59"},
      {std::string(kClosing), "America/New_York", "2026-12-30T13:00:00", "2027-01-03T13:00:00"},
      {std::string(kOpen), "Asia/Shanghai", "2026-12-31T11:00:00", ""},
      {std::string(kOpen) + "," + std::string(kYear), "Asia/Shanghai", "2026-12-31T11:00:00",
       "2027-01-05T09:00:00"},
      {std::string(kOpen) + "," + std::string(kYear) + "," + std::string(kClosing), "Asia/Shanghai",
       "2026-12-31T11:00:00", "2027-01-06T09:00:00"}};
  for (const auto& one : cases) {
    SCOPED_TRACE(one.policy + " " + std::string(one.from));
    Stage stage(At(one.from));
    stage.world.attributes[{1, "timezone"}] = one.zone;
    stage.Policy("{" + one.policy + "}");
    stage.Publish(Drawn(R"({"id":"s","type":"send","channel":"sms","text":"hi"})", "start>s"));
    (void)stage.Enter(1);
    stage.Restart();
    stage.Advance(10 * kDayMs);
    ASSERT_EQ(stage.sent.size(), one.sent.empty() ? 0u : 1u);
    if (!one.sent.empty()) {
      EXPECT_EQ(stage.sent[0].at_ms, At(one.sent));
    }
  }
  for (const std::string_view bad :
       {R"({"blackouts":[{"name":"x","from":"2027-02-30"}]})",
        R"({"blackouts":[{"name":"x","from":"2027-02-02","to":"2027-02-01"}]})",
        R"({"calendar":[{"year":2027,"days":[{"date":"2027-13-01","isOffDay":true}]}]})"}) {
    EXPECT_FALSE(CheckPolicy(bad).policy) << bad;
  }
}

}  // namespace
}  // namespace waypost::journeys

// What becomes of messages that fall into quiet hours.
#include <gtest/gtest.h>

#include "base/clock.h"
#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

constexpr std::string_view kNightRule = R"("quiet":[{"from":"22:00","to":"08:00"}])";
constexpr std::string_view kInbox = R"("channels":[{"name":"inbox","obeys_quiet":false}])";
constexpr std::string_view kSend = R"({"id":"s","type":"send","channel":"sms","text":"hi"})";
constexpr std::string_view kOther = R"({"id":"o","type":"send","channel":"inbox","text":"hi"})";
constexpr std::string_view kThree = R"({"id":"c","type":"chain","steps":[
    {"channel":"push","text":"a","success":"opened","wait":"2h"},
    {"channel":"sms","text":"b","success":"clicked","wait":"2h"},
    {"channel":"inbox","text":"c","success":"opened","wait":"2h"}]})";
const int64_t kTenAtNight = At("2026-03-02T22:00:00");

std::string Rules(std::string_view more) {
  return "{" + std::string(kNightRule) + "," + std::string(more) + "}";
}

TEST(QuietTest, WhatWaitsGoesWithinTheJitterEachCustomerAlwaysAlike) {
  std::map<Ordinal, int64_t> before;
  for (int turn = 0; turn < 2; ++turn) {
    Stage stage(kTenAtNight);
    stage.Policy(Rules(R"("quiet_jitter":"30m")"));
    stage.Publish(Drawn(kSend, "start>s"));
    for (Ordinal customer = 0; customer < 200; ++customer) (void)stage.Enter(customer);
    if (turn == 1) stage.Restart();
    stage.AdvanceTo("2026-03-03T12:00:00");
    ASSERT_EQ(stage.sent.size(), 200u);
    int quarters[2] = {0, 0};
    for (const HandOff& one : stage.sent) {
      const int64_t late = one.at_ms - At("2026-03-03T08:00:00");
      ASSERT_TRUE(late >= 0 && late < 30 * kMinute) << late;
      ++quarters[late / (15 * kMinute)];
      if (turn == 1) EXPECT_EQ(before[one.customer], one.at_ms);
      before[one.customer] = one.at_ms;
    }
    EXPECT_GT(quarters[0], 70);
    EXPECT_GT(quarters[1], 70);
  }
}

// A window shorter than the jitter is not missed, and what is not late is not spread.
TEST(QuietTest, JitterPutsNobodyIntoHoursThatAreNotFairAndHoldsNobodyInThoseThatAre) {
  Stage stage(kTenAtNight);
  stage.Policy(R"({"open":[{"from":"09:00","to":"09:10"}],"quiet_jitter":"3h"})");
  stage.Publish(Drawn(kSend, "start>s"));
  for (Ordinal customer = 0; customer < 100; ++customer) (void)stage.Enter(customer);
  stage.AdvanceTo("2026-03-03T09:09:00");
  (void)stage.Enter(100);
  EXPECT_EQ(stage.sent.back().customer, 100u);
  EXPECT_EQ(stage.sent.back().at_ms, stage.now());
  stage.AdvanceTo("2026-03-03T09:10:00");
  EXPECT_EQ(stage.sent.size(), 101u);
}

// What had its place before the night came is spread as well.
TEST(QuietTest, JitterHoldsAlsoForWhatIsHeldBackAtTheHandOff) {
  Stage stage(kTenAtNight - 1'000);
  stage.Policy(Rules(R"("quiet_jitter":"30m","channels":[{"name":"sms","per_second":1}])"));
  stage.Publish(Drawn(kSend, "start>s"));
  for (Ordinal customer = 0; customer < 40; ++customer) (void)stage.Enter(customer);
  stage.AdvanceTo("2026-03-03T12:00:00");
  ASSERT_EQ(stage.sent.size(), 40u);
  EXPECT_GE(stage.sent[1].at_ms, At("2026-03-03T08:00:00"));
  EXPECT_GT(stage.sent.back().at_ms - stage.sent[1].at_ms, 15 * kMinute);
}

struct Night {
  std::string_view name, policy, nodes, edges, sent;
};
void PrintTo(const Night& night, std::ostream* out) { *out << night.name; }

// 36,000,000 ms from ten in the evening are eight in the morning.
const Night kNights[] = {
    {"chain_waits", R"("in_quiet":"delay")", kThree, "start>c",
     "push@36000000 sms@43200000 inbox@50400000"},
    {"chain_drops", R"("in_quiet":"drop")", kThree, "start>c", "inbox@0"},
    {"chain_goes_on", R"("in_quiet":"other_channel")", kThree, "start>c", "inbox@0"},
    {"send_waits", R"("in_quiet":"delay")", kSend, "start>s", "sms@36000000"},
    {"send_is_dropped", R"("in_quiet":"drop")", kSend, "start>s", ""},
    {"send_without_another", R"("in_quiet":"other_channel")", kSend, "start>s", "sms@36000000"},
    {"send_with_another", R"("in_quiet":"other_channel")", "", "start>s s:failed>o", "inbox@0"},
};
class NightTest : public testing::TestWithParam<Night> {};
TEST_P(NightTest, GoesAsTheRuleSays) {
  Stage stage(kTenAtNight);
  stage.Policy(Rules(std::string(GetParam().policy) + "," + std::string(kInbox)));
  stage.Publish(Drawn(GetParam().nodes.empty() ? std::string(kSend) + "," + std::string(kOther)
                                               : std::string(GetParam().nodes),
                      GetParam().edges));
  (void)stage.Enter(1);
  stage.Restart();
  stage.Advance(kDayMs);
  EXPECT_EQ(stage.SentText(kTenAtNight), GetParam().sent);
}
INSTANTIATE_TEST_SUITE_P(Nights, NightTest, testing::ValuesIn(kNights),
                         [](const auto& info) { return std::string(info.param.name); });

// Where the other channels may not send either, or would not be tried, the first one waits.
TEST(QuietTest, AChainWithNoOtherChannelForTheNightWaits) {
  for (
      const std::string_view channels :
      {R"("channels":[])",
       R"("channels":[{"name":"inbox","obeys_quiet":false,"open":[{"from":"09:00","to":"21:00"}]}])",
       R"("blackouts":[{"name":"closing","from":"2026-03-02"}],
           "channels":[{"name":"inbox","obeys_quiet":false}])"}) {
    SCOPED_TRACE(channels);
    Stage stage(kTenAtNight);
    stage.Policy(Rules(R"("in_quiet":"other_channel",)" + std::string(channels)));
    stage.Publish(Drawn(kThree, "start>c"));
    (void)stage.Enter(1);
    stage.AdvanceTo("2026-03-03T08:00:00");
    EXPECT_EQ(stage.SentText(kTenAtNight), "push@36000000");
  }
  Stage stage(kTenAtNight);
  stage.world.tests["never"] = [](const Facts&) { return Truth::kNo; };
  stage.Policy(Rules(R"("in_quiet":"other_channel",)" + std::string(kInbox)));
  stage.Publish(Drawn(R"({"id":"c","type":"chain","steps":[
      {"channel":"push","text":"a","success":"opened","wait":"2h"},
      {"channel":"inbox","text":"c","success":"opened","wait":"2h","only_if":"never"}]})",
                      "start>c"));
  (void)stage.Enter(1);
  stage.Advance(kDayMs);
  EXPECT_EQ(stage.SentText(kTenAtNight), "push@36000000");
}

// Its turn comes in the night: the chain goes on with the channel that may send.
TEST(QuietTest, WhatWasPlannedBeforeTheNightGoesByTheOtherChannelWhenItsTurnComesThen) {
  for (const bool chain : {true, false}) {
    Stage stage(kTenAtNight - 1'000);
    stage.Policy(Rules(R"("in_quiet":"other_channel","channels":[
        {"name":"inbox","obeys_quiet":false},{"name":"push","per_second":1},
        {"name":"sms","per_second":1}])"));
    stage.Publish(
        chain ? Drawn(kThree, "start>c")
              : Drawn(std::string(kSend) + "," + std::string(kOther), "start>s s:failed>o"));
    (void)stage.Enter(1);
    (void)stage.Enter(2);
    stage.Advance(1'000);
    stage.Restart();
    stage.Dispatch();
    EXPECT_EQ(stage.SentText(kTenAtNight - 1'000),
              chain ? "push@0 inbox@1000" : "sms@0 inbox@1000");
    EXPECT_EQ(stage.Denied(chain ? "c" : "s", Outcome::kQuietDropped), chain ? 2u : 1u);
  }
}

TEST(QuietTest, JitterOfWhatIsDroppedAndOfMoreThanADayAreFaults) {
  for (const auto& [rules, code] :
       {std::pair(R"({"in_quiet":"drop","quiet_jitter":"1h"})", "no_effect"),
        {R"({"quiet_jitter":"25h"})", "out_of_range"},
        {R"({"in_quiet":"later"})", "unknown_value"}}) {
    const CheckedPolicy checked = CheckPolicy(rules);
    ASSERT_EQ(checked.faults.size(), 1u) << rules;
    EXPECT_EQ(checked.faults[0].code, code);
  }
}

}  // namespace
}  // namespace waypost::journeys

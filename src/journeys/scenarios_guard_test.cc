// The published scenarios about caps, quiet hours, consent, budgets, receipts and delivery.
#include <cstdlib>
#include <fstream>

#include "base/clock.h"
#include "journeys/scenarios.h"

namespace waypost::journeys {
namespace {

std::string OneSend(std::string_view id = "j", std::string_view extra = R"("priority":50)",
                    std::string_view more = {}, std::string_view channel = "sms") {
  return Drawn(R"({"id":"s","type":"send","channel":")" + std::string(channel) +
                   R"(","text":"hello")" + std::string(more) + "}",
               "start>s", R"("reentry":{"policy":"always"},)" + std::string(extra), id);
}
constexpr std::string_view kOneADay = R"({"caps":[{"name":"daily","limit":1,"rolling":"24h"}]})";

void FixedOrRolling() {
  for (const bool fixed : {true, false}) {
    Stage stage(At("2026-03-02T23:00:00"));
    stage.Policy(fixed ? R"({"caps":[{"name":"daily","limit":1,"fixed":"day"}]})" : kOneADay);
    stage.Publish(OneSend());
    (void)stage.Enter(1);
    stage.AdvanceTo("2026-03-03T00:30:00");
    (void)stage.Enter(1);
    EXPECT_EQ(stage.sent.size(), fixed ? 2u : 1u);
    EXPECT_EQ(stage.Denied("s", Outcome::kCapped), fixed ? 0u : 1u);
    if (fixed) continue;
    stage.AdvanceTo(At("2026-03-03T23:00:00") - 1);
    (void)stage.Enter(1);
    EXPECT_EQ(stage.sent.size(), 1u);
    stage.Advance(1);
    (void)stage.Enter(1);
    EXPECT_EQ(stage.sent.size(), 2u);
  }
}
void ByPriority() {
  Stage stage;
  stage.Policy(R"({"caps":[{"name":"daily","limit":1,"rolling":"24h"}],"arbitration":"5m"})");
  stage.Publish(OneSend("j50", R"("priority":50)"));
  stage.Publish(OneSend("j80", R"("priority":80)"));
  (void)stage.Enter(1, "j50");
  stage.Advance(1'000);
  (void)stage.Enter(1, "j80");
  stage.Advance(kHour);
  ASSERT_EQ(stage.sent.size(), 1u);
  EXPECT_EQ(stage.Denied("s", Outcome::kCapped, "j50"), 1u);
  const std::vector<TraceLine>& trace = stage.state().FindCustomer(1)->trace;
  EXPECT_TRUE(std::ranges::any_of(trace, [](const TraceLine& line) {
    return line.detail.find("lost to j80") != std::string::npos;
  }));
}
void ImmediateAndReserved() {
  for (const bool reserved : {false, true}) {
    Stage stage;
    stage.Policy(reserved ? R"({"caps":[{"name":"daily","limit":1,"rolling":"24h",
                                "reserve":[{"journey":"j80","slots":1}]}]})"
                          : kOneADay);
    stage.Publish(OneSend("j50", R"("priority":50)"));
    stage.Publish(OneSend("j80", R"("priority":80)"));
    (void)stage.Enter(1, "j50");
    stage.Advance(1);
    (void)stage.Enter(1, "j80");
    ASSERT_EQ(stage.sent.size(), 1u);
    EXPECT_EQ(stage.Denied("s", Outcome::kCapped, reserved ? "j50" : "j80"), 1u);
  }
}
void RejectedGivesTheSlotBack() {
  Stage stage;
  stage.Policy(kOneADay);
  stage.Publish(OneSend("a"));
  stage.Publish(OneSend("b"));
  stage.provider = [](const change::TouchPlanned&) { return Outcome::kRejected; };
  (void)stage.Enter(1, "a");
  stage.provider = nullptr;
  (void)stage.Enter(1, "b");
  EXPECT_EQ(stage.sent.size(), 2u);
}
void UnknownKeepsTheSlot() {
  Stage stage;
  stage.Policy(kOneADay);
  stage.Publish(OneSend("a"));
  stage.Publish(OneSend("b"));
  stage.provider = [](const change::TouchPlanned&) { return Outcome::kUnknown; };
  (void)stage.Enter(1, "a");
  stage.provider = nullptr;
  (void)stage.Enter(1, "b");
  EXPECT_EQ(stage.sent.size(), 1u);
  stage.Receipt(stage.sent[0].key, Outcome::kRejected);
  (void)stage.Enter(1, "b");
  EXPECT_EQ(stage.sent.size(), 2u);
}
void ServiceIsExempt() {
  Stage stage;
  stage.Policy(R"({"caps":[{"name":"weekly","limit":2,"rolling":"7d"}],
                   "uncapped":[{"category":"service"}]})");
  stage.Publish(OneSend("service", R"("category":"service")"));
  stage.Publish(OneSend("marketing"));
  for (int i = 0; i < 5; ++i) (void)stage.Enter(1, "service");
  for (int i = 0; i < 3; ++i) (void)stage.Enter(1, "marketing");
  EXPECT_EQ(stage.sent.size(), 7u);
  EXPECT_EQ(stage.Denied("s", Outcome::kCapped, "marketing"), 1u);
}
void MergedHistories() {
  Stage stage;
  stage.Policy(R"({"caps":[{"name":"weekly","limit":2,"rolling":"7d"}]})");
  stage.Publish(OneSend("a"));
  stage.Publish(Drawn(R"({"id":"w","type":"wait","for":"900h"})", "start>w", "", "long"));
  for (const Ordinal customer : {1u, 2u}) {
    (void)stage.Enter(customer, "a");
    (void)stage.Enter(customer, "long");
    stage.Advance(kHour);
  }
  stage.Merge(2, 1);
  (void)stage.Enter(1, "a");
  EXPECT_EQ(stage.sent.size(), 2u);
  EXPECT_EQ(stage.Denied("s", Outcome::kCapped, "a"), 1u);
  EXPECT_EQ(stage.Exits(Exit::kMerged, "long"), 1u);
  EXPECT_EQ(stage.journey("long").active, 1u);
}
void WaitsForASlot() {
  for (const auto& [on_cap, sends, capped] :
       {std::tuple{R"("on_cap":"wait","cap_wait":"3d")", 2u, 0u},
        {R"("on_cap":"skip")", 1u, 0u},
        {R"("on_cap":"exit")", 1u, 1u}}) {
    Stage stage;
    stage.Policy(kOneADay);
    stage.Publish(OneSend("a"));
    stage.Publish(OneSend("b", R"("priority":50)", "," + std::string(on_cap)));
    (void)stage.Enter(1, "a");
    (void)stage.Enter(1, "b");
    stage.Advance(5 * kDayMs);
    ASSERT_EQ(stage.sent.size(), sends) << on_cap;
    EXPECT_EQ(stage.sent.back().at_ms - At(kTen), sends == 2 ? kDayMs : 0);
    EXPECT_EQ(stage.Exits(Exit::kCapped, "b"), capped);
  }
}
void ThirtyTwoAtOnce() {
  Stage stage;
  stage.Policy(kOneADay);
  for (int i = 0; i < 32; ++i) stage.Publish(OneSend("j" + std::to_string(i)));
  uint64_t capped = 0;
  for (int i = 0; i < 32; ++i) (void)stage.Enter(1, "j" + std::to_string(i));
  for (int i = 0; i < 32; ++i) {
    capped += stage.Denied("s", Outcome::kCapped, "j" + std::to_string(i));
  }
  EXPECT_EQ(stage.sent.size(), 1u);
  EXPECT_EQ(capped, 31u);
}

void JudgedAgainAfterTheNight() {
  Stage stage(At("2026-03-02T23:30:00"));
  stage.Policy(R"({"caps":[{"name":"daily","limit":1,"fixed":"day"}],
                   "quiet":[{"from":"22:00","to":"08:00"}]})");
  stage.Publish(OneSend("held"));
  stage.Publish(OneSend("first", R"("priority":90)"));
  (void)stage.Enter(1, "held");
  stage.AdvanceTo(At("2026-03-03T08:00:00") - 1);
  EXPECT_TRUE(stage.sent.empty());
  stage.JumpClockTo(At("2026-03-03T08:00:00"));
  (void)stage.Enter(1, "first");
  stage.Advance(kHour);
  EXPECT_EQ(stage.sent.size(), 1u);
  EXPECT_EQ(stage.Denied("s", Outcome::kCapped, "held"), 1u);
}
void SpringFestivalQuiet() {
  Stage stage(At("2026-02-14T18:00:00"));
  stage.Policy(R"({"open":[{"on":"working_days","from":"10:00","to":"12:00"},
                           {"on":"working_days","from":"14:00","to":"17:00"}]})");
  stage.Publish(OneSend());
  (void)stage.Enter(1);
  stage.AdvanceTo("2026-02-25T00:00:00");
  ASSERT_EQ(stage.sent.size(), 1u);
  EXPECT_EQ(stage.sent[0].at_ms, At("2026-02-24T10:00:00"));
}

void OptOutInTheOutbox() {
  Stage stage;
  stage.dispatching = false;
  stage.Publish(OneSend());
  (void)stage.Enter(1);
  stage.Consent(1, "sms", false);
  stage.Dispatch();
  EXPECT_TRUE(stage.sent.empty());
  EXPECT_EQ(stage.Denied("s", Outcome::kCancelled), 1u);
}
void OptOutOfOneOrAll() {
  for (const bool all : {false, true}) {
    Stage stage;
    stage.Publish(Drawn(R"({"id":"c","type":"chain","steps":[
        {"channel":"push","text":"A","wait":"1d"},{"channel":"sms","text":"B","wait":"1d"},
        {"channel":"wechat","text":"C","wait":"1d"}]})",
                        "start>c"));
    (void)stage.Enter(1);
    stage.Advance(kHour);
    stage.Consent(1, all ? "*" : "sms", false);
    stage.Advance(9 * kDayMs);
    EXPECT_EQ(stage.SentText(), all ? "push@0" : "push@0 wechat@86400000");
    EXPECT_EQ(stage.Exits(Exit::kOptedOut), all ? 1u : 0u);
  }
}

void BudgetToTheLastCent() {
  Stage stage;
  stage.Publish(OneSend("j", R"("budget":10)", R"(,"price":0.05)"));
  for (Ordinal customer = 0; customer < 300; ++customer) (void)stage.Enter(customer);
  EXPECT_EQ(stage.sent.size(), 200u);
  EXPECT_EQ(stage.Denied("s", Outcome::kBudgetExhausted), 100u);
  stage.Receipt(stage.sent[7].key, Outcome::kBounced);
  (void)stage.Enter(301);
  EXPECT_EQ(stage.sent.size(), 201u);
}
void NeverFasterThanThePace() {
  Stage stage;
  stage.Policy(R"({"channels":[{"name":"sms","per_second":50}]})");
  stage.Publish(OneSend());
  for (Ordinal customer = 0; customer < 500; ++customer) (void)stage.Enter(customer);
  stage.Advance(kMinute);
  ASSERT_EQ(stage.sent.size(), 500u);
  for (size_t i = 50; i < stage.sent.size(); ++i) {
    EXPECT_GE(stage.sent[i].at_ms - stage.sent[i - 50].at_ms, 1'000);
  }
  EXPECT_EQ(stage.sent.back().at_ms - At(kTen), 9'000);
}
void OutOfStock() {
  Stage stage;
  stage.Policy(R"({"stock":[{"benefit":"coupon","count":10}]})");
  stage.Publish(Drawn(R"({"id":"s","type":"send","channel":"coupon","text":"c",
                          "benefit":"coupon"},{"id":"no","type":"exit"})",
                      "start>s s:failed>no"));
  for (Ordinal customer = 0; customer < 11; ++customer) (void)stage.Enter(customer);
  EXPECT_EQ(stage.sent.size(), 10u);
  EXPECT_EQ(stage.Out("s", "failed"), 1u);
  EXPECT_EQ(stage.state().StockTaken("coupon"), 10u);
}
void MissingVariable() {
  Stage stage;
  stage.Policy(kOneADay);
  stage.Publish(Drawn(R"({"id":"s","type":"send","channel":"sms","text":"hi {{nick}}"})", "start>s",
                      R"("budget_sends":1)"));
  (void)stage.Enter(1);
  EXPECT_TRUE(stage.sent.empty());
  EXPECT_EQ(stage.Denied("s", Outcome::kRenderError), 1u);
  EXPECT_EQ(stage.journey().spent_sends, 0u);
  EXPECT_TRUE(stage.state().FindCustomer(1)->marks.empty());
  EXPECT_EQ(stage.Out("s", "next"), 1u);
}
void FailureGoesOn() {
  Stage stage;
  stage.provider = [](const change::TouchPlanned&) { return Outcome::kRejected; };
  stage.Publish(Drawn(R"({"id":"s","type":"send","channel":"sms","text":"x"},
                         {"id":"w","type":"wait","for":"9h"})",
                      "start>s s>w"));
  (void)stage.Enter(1);
  EXPECT_EQ(stage.journey().active, 1u);
  EXPECT_EQ(stage.Out("s", "next"), 1u);
}

void ReceiptFiveTimes() {
  Stage stage;
  stage.Publish(OneSend());
  (void)stage.Enter(1);
  for (int i = 0; i < 5; ++i) stage.Receipt(stage.sent[0].key, Outcome::kDelivered);
  EXPECT_EQ(stage.Denied("s", Outcome::kDelivered), 1u);
}
void ReceiptOfNobody() {
  Stage stage;
  stage.Publish(OneSend());
  const uint64_t before = stage.log.size();
  stage.Receipt({1, 2}, Outcome::kOpened);
  EXPECT_EQ(stage.state().lost_receipts(), 1u);
  EXPECT_EQ(stage.log.size(), before + 1);
}
void SentAgainNever() {
  Stage stage;
  stage.provider = [](const change::TouchPlanned&) { return std::optional<Outcome>(); };
  stage.Publish(OneSend());
  (void)stage.Enter(1);
  const std::vector<TouchKey> claimed = stage.state().TouchesIn(Outcome::kClaimed);
  ASSERT_EQ(claimed.size(), 1u);
  stage.Receipt(*claimed.begin(), Outcome::kUnknown);  // what a restart says
  stage.Advance(30 * kDayMs);
  EXPECT_EQ(stage.sent.size(), 1u);
  EXPECT_EQ(stage.state().TouchesIn(Outcome::kUnknown).size(), 1u);
}
void RedeliveredEvents() {
  Stage stage;
  stage.Publish(OneSend("j", R"("priority":50)"));
  for (int i = 0; i < 1'000; ++i) stage.Event(1, "A", {}, "m" + std::to_string(i % 10));
  const size_t before = stage.log.size();
  for (int i = 0; i < 1'000; ++i) stage.Event(1, "A", {}, "m" + std::to_string(i % 10));
  EXPECT_EQ(stage.log.size(), before);
}
void ConditionFails() {
  Stage stage;
  stage.world.tests["1/0"] = [](const Facts&) { return Truth::kError; };
  stage.Publish(
      Drawn(R"({"id":"d","type":"judge","when":"1/0"},{"id":"w","type":"wait","for":"9h"})",
            "start>d d:error>w"));
  (void)stage.Enter(1);
  EXPECT_EQ(stage.journey().active, 1u);
  EXPECT_EQ(stage.Out("d", "error"), 1u);
}

void SixOfAThousandOptOut() {
  Stage stage;
  stage.Publish(OneSend("j", R"("guardrails":{"after":1000,"opted_out_percent":0.5})"));
  for (Ordinal customer = 0; customer < 1'000; ++customer) (void)stage.Enter(customer);
  for (Ordinal customer = 0; customer < 6; ++customer) {
    EXPECT_EQ(stage.journey().phase, Phase::kRunning) << customer;
    stage.Consent(customer, "sms", false);
  }
  EXPECT_EQ(stage.journey().phase, Phase::kPaused);
  EXPECT_TRUE(stage.journey().phase_reason.starts_with("guardrail"))
      << stage.journey().phase_reason;
  (void)stage.Enter(2'000);
  EXPECT_EQ(stage.sent.size(), 1'000u);
}

// The provider has issued the coupon and the answer is lost: asked again under the same key it
// gives the same code, which the nodes that come may write.
void SameCouponAgain() {
  Stage stage;
  std::map<TouchKey, int> issued;
  stage.provider = [&](const change::TouchPlanned& plan) -> std::optional<Outcome> {
    if (plan.channel == "coupon") {
      issued.try_emplace(plan.key, 100 + static_cast<int>(issued.size()));
      return {};
    }
    return Outcome::kAccepted;
  };
  stage.Policy(R"({"stock":[{"benefit":"cup","count":1}]})");
  stage.Publish(Drawn(R"({"id":"c","type":"send","channel":"coupon","text":"c","benefit":"cup"},
                         {"id":"s","type":"send","channel":"sms","text":"code {{code}}"},
                         {"id":"no","type":"exit"})",
                      "start>c c>s c:failed>no"));
  (void)stage.Enter(1);
  const TouchKey key = stage.sent.at(0).key;
  stage.Receipt(key, Outcome::kUnknown);
  stage.PutBack(key, stage.now());
  ASSERT_EQ(stage.sent.size(), 2u);
  stage.Receipt(key, Outcome::kAccepted, {{"code", std::to_string(issued.at(key))}});
  ASSERT_EQ(stage.sent.size(), 3u);
  EXPECT_EQ(stage.sent[2].text, "code 100");
  EXPECT_EQ(issued.size(), 1u);
  EXPECT_EQ(stage.state().StockTaken("cup"), 1u);
}

constexpr std::string_view kTasks =
    R"({"channels":[{"name":"task","recall":true,"to":[{"attribute":"manager","when":"there"},
                                                        {"attribute":"branch"}]}]})";

void ManagerWhoLeft() {
  Stage stage;
  stage.world.tests["there"] = [](const Facts& facts) {
    return facts.customer == 1 ? Truth::kNo : Truth::kYes;
  };
  for (const Ordinal customer : {1, 2, 3}) stage.world.attributes[{customer, "branch"}] = "B7";
  for (const Ordinal customer : {1, 2}) stage.world.attributes[{customer, "manager"}] = "R1";
  stage.Policy(kTasks);
  stage.Publish(Drawn(R"({"id":"t","type":"send","channel":"task","text":"call"},
                         {"id":"x","type":"wait_event","timeout":"9d",
                          "branches":[{"outcome":"done","receipt":"replied"}]},
                         {"id":"end","type":"exit"})",
                      "start>t t>x x:done>end x:timeout>end"));
  for (const Ordinal customer : {1, 2, 3, 4}) (void)stage.Enter(customer);
  const auto address = [&](size_t i) {
    return stage.state().FindTouch(stage.sent.at(i).key)->plan.address;
  };
  ASSERT_EQ(stage.sent.size(), 3u);
  EXPECT_EQ(address(0), "branch:B7");  // the manager is no more there
  EXPECT_EQ(address(1), "manager:R1");
  EXPECT_EQ(address(2), "branch:B7");  // there is none
  EXPECT_EQ(stage.Denied("t", Outcome::kNotReachable), 1u);
  stage.Receipt(stage.sent[1].key, Outcome::kReplied);
  EXPECT_EQ(stage.Out("x", "done"), 1u);
  EXPECT_TRUE(stage.state().FindCustomer(2)->entries.empty()) << "of that task alone";
}

void TaskTakenBack() {
  for (const bool by_goal : {true, false}) {
    for (const bool in_time : {true, false}) {
      Stage stage;
      stage.world.tests["there"] = [](const Facts&) { return Truth::kYes; };
      stage.world.attributes[{1, "manager"}] = "R1";
      std::string policy(kTasks);
      policy.insert(1, R"("caps":[{"name":"one","limit":1,"rolling":"240h"}],)");
      stage.Policy(policy);
      stage.Publish(Drawn(R"({"id":"t","type":"send","channel":"task","text":"call"},
                             {"id":"w","type":"wait","for":"30d"})",
                          "start>t t>w", R"("goal":{"event":"buy"})"));
      (void)stage.Enter(1);
      const TouchKey key = stage.sent.at(0).key;
      stage.Advance(kDayMs);
      EXPECT_TRUE(stage.state().recalls().empty());
      by_goal ? stage.Event(1, "buy") : stage.SetPhase(Phase::kStopped);
      stage.Restart();
      ASSERT_TRUE(stage.state().recalls().contains(key));
      if (!in_time) stage.Receipt(key, Outcome::kDelivered);  // the employee was faster
      Machine::Out out;
      stage.machine().OnRecall(key, in_time, stage.now(), &out);
      stage.Follow(out);
      EXPECT_TRUE(stage.state().recalls().empty());
      EXPECT_EQ(stage.Denied("t", Outcome::kCancelled), in_time ? 1u : 0u);
      EXPECT_EQ(stage.state().FindCustomer(1)->marks.size(), in_time ? 0u : 1u);
    }
  }
}

// Never out of hours, and three times a day at most.
void BusyLine() {
  Stage stage(At("2026-03-02T09:00:00"));
  stage.Policy(R"({"channels":[{"name":"call","open":[{"from":"09:00","to":"20:00"}],
                                "tries_a_day":3,"retry_after":"30m"}]})");
  stage.provider = [](const change::TouchPlanned&) { return std::optional<Outcome>(); };
  stage.Publish(Drawn(R"({"id":"c","type":"send","channel":"call","text":"hi"})", "start>c"));
  const auto busy_at = [&](std::string_view time) {
    stage.AdvanceTo(time);
    stage.PutBack(stage.sent.back().key, stage.now() + 1);
    return stage.state().FindTouch(stage.sent.back().key)->plan.not_before_ms;
  };
  (void)stage.Enter(1);
  EXPECT_EQ(busy_at("2026-03-02T10:00:00"), At("2026-03-02T10:30:00"));
  EXPECT_EQ(busy_at("2026-03-02T11:00:00"), At("2026-03-02T11:30:00"));
  EXPECT_EQ(busy_at("2026-03-02T12:00:00"), At("2026-03-03T09:00:00"));
  stage.AdvanceTo("2026-03-03T09:00:00");
  EXPECT_EQ(stage.sent.size(), 4u);
  EXPECT_EQ(busy_at("2026-03-03T19:50:00"), At("2026-03-04T09:00:00"));
}

// What no machine alone can play, and who does.
constexpr Scenario kElsewhere[] = {
    {"J084", nullptr},  // a provider's answers: channels/channels_test.cc, and in
    {"J085", nullptr},  // tests/e2e/channels.test.mjs over HTTP
    {"J112", nullptr},  // approvals: governance/approval_test.cc
    {"J113", nullptr},  // as J112
    {"J114", nullptr},  // as J112
    {"J115", nullptr},  // as J112
    {"J170", nullptr},  // a process reads the rules of a time zone once
};

const std::vector<Scenario>& GuardList() {
  static const std::vector<Scenario> kScenarios = {{"J081", SameCouponAgain},
                                                   {"J083", ManagerWhoLeft},
                                                   {"J086", BusyLine},
                                                   {"J173", TaskTakenBack},
                                                   {"J082", OutOfStock},
                                                   {"J088", FixedOrRolling},
                                                   {"J089", ByPriority},
                                                   {"J090", ImmediateAndReserved},
                                                   {"J091", RejectedGivesTheSlotBack},
                                                   {"J092", UnknownKeepsTheSlot},
                                                   {"J093", ServiceIsExempt},
                                                   {"J096", MergedHistories},
                                                   {"J097", WaitsForASlot},
                                                   {"J098", ThirtyTwoAtOnce},
                                                   {"J100", JudgedAgainAfterTheNight},
                                                   {"J104", SpringFestivalQuiet},
                                                   {"J105", OptOutInTheOutbox},
                                                   {"J106", OptOutOfOneOrAll},
                                                   {"J108", BudgetToTheLastCent},
                                                   {"J109", NeverFasterThanThePace},
                                                   {"J111", SixOfAThousandOptOut},
                                                   {"J139", ReceiptFiveTimes},
                                                   {"J140", ReceiptOfNobody},
                                                   {"J153", SentAgainNever},
                                                   {"J157", RedeliveredEvents},
                                                   {"J159", ConditionFails},
                                                   {"J160", FailureGoesOn},
                                                   {"J174", MissingVariable}};
  return kScenarios;
}

class ScenarioTest : public testing::TestWithParam<Scenario> {};
TEST_P(ScenarioTest, HoldsAsPublished) { GetParam().play(); }

const auto kNameOf = [](const testing::TestParamInfo<Scenario>& info) {
  return std::string(info.param.id);
};
// Every published scenario is played here or named above, and nothing else is.
TEST(ScenariosTest, AreThePublishedOnes) {
  const char* set = std::getenv("WAYPOST_SHARED");
  const std::string shared = set ? set : WAYPOST_SOURCE_DIR "/../shared";
  std::ifstream in(shared + "/cases/journey_scenarios.jsonl");
  if (!in) GTEST_SKIP() << "no published scenarios: set WAYPOST_SHARED";
  std::set<std::string, std::less<>> published;
  for (std::string line; std::getline(in, line);) {
    published.insert(line.substr(line.find("\"J") + 1, 4));
  }
  std::set<std::string, std::less<>> named;
  const auto name = [&](const auto& scenarios) {
    for (const Scenario& one : scenarios) {
      EXPECT_TRUE(named.emplace(one.id).second) << one.id << " twice";
      EXPECT_TRUE(published.contains(one.id)) << "there is no scenario " << one.id;
    }
  };
  name(EntryScenarios());
  name(FlowScenarios());
  name(GuardList());
  name(LifeScenarios());
  name(kElsewhere);
  for (const std::string& id : published) EXPECT_TRUE(named.contains(id)) << id << " is missing";
}

INSTANTIATE_TEST_SUITE_P(Entry, ScenarioTest, testing::ValuesIn(EntryScenarios()), kNameOf);
INSTANTIATE_TEST_SUITE_P(Flow, ScenarioTest, testing::ValuesIn(FlowScenarios()), kNameOf);
INSTANTIATE_TEST_SUITE_P(Guard, ScenarioTest, testing::ValuesIn(GuardList()), kNameOf);
INSTANTIATE_TEST_SUITE_P(Life, ScenarioTest, testing::ValuesIn(LifeScenarios()), kNameOf);

}  // namespace

const std::vector<Scenario>& GuardScenarios() { return GuardList(); }

}  // namespace waypost::journeys

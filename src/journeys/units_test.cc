// What a unit of the bank says of messages to its customers holds beside what the bank says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

std::string Sends(std::string_view id = "j", std::string_view more = {},
                  std::string_view extra = {}) {
  return Drawn(
      R"({"id":"s","type":"send","channel":"sms","text":"hi")" + std::string(more) + "}", "start>s",
      R"("reentry":{"policy":"always"})" + (extra.empty() ? "" : "," + std::string(extra)), id);
}

std::string Rules(std::string_view of_hk, std::string_view of_bank = {}) {
  return R"({"units":{"attribute":"branch","rules":[{"unit":"hk",)" + std::string(of_hk) + "}]}" +
         (of_bank.empty() ? "" : "," + std::string(of_bank)) + "}";
}

// Customers 1 and 2 are of Hong Kong, 3 of another unit that says nothing, 4 of none.
class Bank : public Stage {
 public:
  explicit Bank(std::string_view policy) {
    for (const Ordinal customer : {1u, 2u}) world.attributes[{customer, "branch"}] = "hk";
    world.attributes[{3, "branch"}] = "paris";
    Policy(policy);
  }
  // Each so often; how many messages came to each.
  std::vector<size_t> SentTo(int times, std::string_view journey = "j") {
    std::vector<size_t> counts;
    for (Ordinal customer = 1; customer <= 4; ++customer) {
      const size_t before = sent.size();
      for (int time = 0; time < times; ++time) (void)Enter(customer, journey);
      counts.push_back(sent.size() - before);
    }
    return counts;
  }
};

TEST(UnitsTest, OfTheCapsOfBankAndUnitTheLowerOneHolds) {
  constexpr std::string_view kTwo = R"("caps":[{"name":"c","limit":2,"rolling":"24h"}])";
  constexpr std::string_view kFour = R"("caps":[{"name":"c","limit":4,"rolling":"24h"}])";
  for (const auto& [policy, sent] : {std::pair(Rules(kTwo), std::vector<size_t>{2, 2, 5, 5}),
                                     {Rules(kTwo, kFour), {2, 2, 4, 4}},
                                     {Rules(kFour, kTwo), {2, 2, 2, 2}}}) {
    Bank bank(policy);
    bank.Publish(Sends());
    EXPECT_EQ(bank.SentTo(5), sent) << policy;
    bank.Restart();
    EXPECT_EQ(bank.SentTo(1)[0], 0u) << policy;
  }
}

TEST(UnitsTest, ACapOfAUnitOverAnAccountCountsItAndSaysWhoseItIs) {
  Bank bank(
      Rules(R"("caps":[{"name":"firm","limit":1,"rolling":"60d","scope":"account","of":"firm"}])"));
  for (Ordinal customer = 1; customer <= 4; ++customer)
    bank.world.attributes[{customer, "firm"}] = "acme";
  bank.Publish(Sends());
  EXPECT_EQ(bank.SentTo(1), (std::vector<size_t>{1, 0, 1, 1}));
  EXPECT_TRUE(std::ranges::any_of(bank.state().FindCustomer(2)->trace, [](const TraceLine& line) {
    return line.detail.find("cap hk/firm: 1 of 1") != std::string::npos;
  }));
  bank.Advance(59 * kDayMs);
  (void)bank.Enter(2);
  EXPECT_EQ(bank.sent.size(), 3u) << "it counts as long as the longest window of any unit";
}

TEST(UnitsTest, QuietAreTheHoursOfBothAndDaysOfSilenceToo) {
  // At 10:00. The bank is quiet until 11, Hong Kong from then on.
  Bank bank(Rules(R"("quiet":[{"from":"11:00","to":"12:30"}])",
                  R"("quiet":[{"from":"09:00","to":"11:00"}])"));
  bank.Publish(Sends());
  for (const Ordinal customer : {1u, 3u}) (void)bank.Enter(customer);
  bank.AdvanceTo("2026-03-02T15:00:00");
  EXPECT_EQ(bank.SentText(), "sms@3600000 sms@9000000");
  EXPECT_EQ(bank.sent[0].customer, 3u);
  bank.Policy(Rules(R"("blackouts":[{"name":"closed","from":"2026-03-02","to":"2026-03-03"}])"));
  for (const Ordinal customer : {1u, 3u}) (void)bank.Enter(customer);
  bank.AdvanceTo("2026-03-05T00:00:00");
  ASSERT_EQ(bank.sent.size(), 4u);
  EXPECT_EQ(bank.sent[2].at_ms, At("2026-03-02T15:00:00"));
  EXPECT_EQ(bank.sent[3].at_ms, At("2026-03-04T00:00:00"));
}

// What waits for its turn goes by the hours of the unit that has the customer by then.
TEST(UnitsTest, AtTheHandOffTheHoursAreThoseOfTheUnitOfThen) {
  Bank bank(Rules(R"("quiet":[{"from":"11:00","to":"12:00"}])"));
  bank.Publish(Sends());
  bank.dispatching = false;
  (void)bank.Enter(3);
  bank.Attribute(3, "branch", "hk");
  bank.AdvanceTo("2026-03-02T11:30:00");
  bank.dispatching = true;
  bank.Commit();
  EXPECT_TRUE(bank.sent.empty());
  bank.AdvanceTo("2026-03-02T13:00:00");
  ASSERT_EQ(bank.sent.size(), 1u);
  EXPECT_EQ(bank.sent[0].at_ms, At("2026-03-02T12:00:00"));
}

TEST(UnitsTest, OfThePacesOfBankAndUnitTheSlowerOneHolds) {
  for (const auto& [of_bank, last_ms] : {std::pair(5, 3'000), {1, 7'000}}) {
    Bank bank(Rules(R"("channels":[{"name":"sms","per_second":2}])",
                    R"("channels":[{"name":"sms","per_second":)" + std::to_string(of_bank) + "}]"));
    bank.Publish(Sends());
    for (int time = 0; time < 4; ++time) {
      for (const Ordinal customer : {1u, 2u}) (void)bank.Enter(customer);
    }
    bank.Restart();
    bank.Advance(kMinute);
    ASSERT_EQ(bank.sent.size(), 8u);
    EXPECT_EQ(bank.sent.back().at_ms - At(kTen), last_ms) << of_bank;
  }
  Bank bank(Rules(R"("channels":[{"name":"sms","per_second":1}])"));
  bank.Publish(Sends());
  EXPECT_EQ(bank.SentTo(2), (std::vector<size_t>{1, 0, 2, 2})) << "others are not slowed";
}

TEST(UnitsTest, ABudgetOfAUnitIsOfAllItsCustomersAndJourneysAndBeginsAnewByTheBanksMonth) {
  Bank bank(Rules(R"("budget":{"sends":3})"));
  bank.Publish(Sends());
  bank.Publish(Sends("k"));
  EXPECT_EQ(bank.SentTo(2), (std::vector<size_t>{2, 1, 2, 2}));
  EXPECT_EQ(bank.SentTo(1, "k"), (std::vector<size_t>{0, 0, 1, 1}));
  EXPECT_EQ(bank.Denied("s", Outcome::kBudgetExhausted), 1u);
  bank.Restart();
  bank.AdvanceTo("2026-03-31T23:59:59");
  EXPECT_EQ(bank.SentTo(1)[0], 0u);
  bank.AdvanceTo("2026-04-01T00:00:00");
  EXPECT_EQ(bank.SentTo(5), (std::vector<size_t>{3, 0, 5, 5}));
}

TEST(UnitsTest, ABudgetIsOfMoneyOfADayOrWeekAndWhatNeverWentIsGivenBack) {
  for (const std::string_view per : {"day", "week"}) {
    Bank bank(Rules(R"("budget":{"money":1,"per":")" + std::string(per) + "\"}"));
    bank.Publish(Sends("j", R"(,"price":0.4)"));
    bank.provider = [](const change::TouchPlanned&) { return Outcome::kRejected; };
    EXPECT_EQ(bank.SentTo(3)[0], 3u) << "each was refused";
    bank.provider = {};
    EXPECT_EQ(bank.SentTo(3), (std::vector<size_t>{2, 0, 3, 3}));
    bank.Advance(kDayMs);
    EXPECT_EQ(bank.SentTo(1)[0], per == "day" ? 1u : 0u);
    bank.Advance(6 * kDayMs);
    EXPECT_EQ(bank.SentTo(3)[0], 2u) << per;
  }
}

TEST(UnitsTest, TheLowerOfTheBudgetsOfJourneyAndUnitHolds) {
  for (const auto& [of_journey, sent] : {std::pair(2, 2u), {9, 4u}}) {
    Bank bank(Rules(R"("budget":{"sends":4})"));
    bank.Publish(Sends("j", {}, R"("budget_sends":)" + std::to_string(of_journey)));
    EXPECT_EQ(bank.SentTo(6)[0], sent);
  }
}

TEST(UnitsTest, NothingGoesToWhomTheBankOrHisUnitNeverWritesTo) {
  Bank bank("{}");
  for (const std::string_view condition : {"never", "never hk", "lost"})
    bank.world.tests[std::string(condition)] = [condition](const Facts& facts) {
      if (condition == "lost") return facts.customer == 3 ? Truth::kError : Truth::kUnknown;
      return facts.customer == 4 || condition == "never hk" ? Truth::kYes : Truth::kNo;
    };
  bank.Policy(Rules(R"("suppressed":[{"when":"never hk","channel":"sms"}])",
                    R"("suppressed":[{"when":"never"},{"when":"lost","channel":"sms"}])"));
  bank.Publish(Sends());
  bank.Publish(
      Drawn(R"({"id":"s","type":"send","channel":"push","text":"hi"})", "start>s", {}, "p"));
  EXPECT_EQ(bank.SentTo(1), (std::vector<size_t>{0, 0, 0, 0}));
  EXPECT_EQ(bank.Denied("s", Outcome::kSuppressed), 4u);
  EXPECT_EQ(bank.SentTo(1, "p"), (std::vector<size_t>{1, 1, 1, 0})) << "by push only the bank's";
}

TEST(UnitsTest, WhoIsSuppressedWhileAMessageWaitsDoesNotGetIt) {
  Bank bank(Rules(R"("quiet":[{"from":"09:00","to":"12:00"}])"));
  bool suppressed = false;
  bank.world.tests["never"] = [&](const Facts&) { return suppressed ? Truth::kYes : Truth::kNo; };
  bank.Policy(
      Rules(R"("suppressed":[{"when":"never"}])", R"("channels":[{"name":"sms","per_second":1}])"));
  bank.Publish(Sends());
  (void)bank.Enter(3);
  (void)bank.Enter(1);
  suppressed = true;
  bank.Advance(kMinute);
  EXPECT_EQ(bank.sent.size(), 1u);
  EXPECT_EQ(bank.Denied("s", Outcome::kCancelled), 1u);
}

TEST(UnitsTest, FaultsOfRulesSayWhereTheyStand) {
  const struct {
    std::string_view rules, fault;
  } cases[] = {
      {R"("caps":[{"name":"c","rolling":"1d"}])", "units.rules.caps.limit missing"},
      {R"("quiet":[{"from":"x"}])", "units.rules.quiet.from bad_time"},
      {R"("blackouts":[{"name":"b","from":"x"}])", "units.rules.blackouts.from bad_date"},
      {R"("channels":[{"name":"sms"}])", "units.rules.channels.per_second missing"},
      {R"("channels":[{"name":"sms","per_second":1,"consent":"opt_in"}])",
       "units.rules.channels.consent unknown_field"},
      {R"("budget":{"per":"month"})", "units.rules.budget.money missing"},
      {R"("budget":{"money":1,"per":"year"})", "units.rules.budget.per unknown_value"},
      {R"("suppressed":[{"channel":"sms"}])", "units.rules.suppressed.when missing"},
      {R"("zone":"Asia/Tokyo")", "units.rules.zone unknown_field"},
      {R"("quiet":[]},{"unit":"hk")", "units.rules.unit duplicate_unit"},
  };
  for (const auto& [rules, fault] : cases) {
    const CheckedPolicy checked = CheckPolicy(Rules(rules));
    ASSERT_FALSE(checked.faults.empty()) << rules;
    EXPECT_EQ(checked.faults[0].field + " " + checked.faults[0].code, fault);
  }
  Stage stage;
  Machine::Out out;
  const Result<> set =
      stage.machine().SetPolicy(Rules(R"("suppressed":[{"when":"no such"}])"), stage.now(), &out);
  EXPECT_THAT(set.error().message(), testing::HasSubstr("units.rules.hk.suppressed.when"));
}

}  // namespace
}  // namespace waypost::journeys

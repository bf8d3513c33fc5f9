// Experiments: what the tests say, whose word it is, and where everybody goes without a winner.
#include <gtest/gtest.h>

#include "base/clock.h"
#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

// Everybody falls to a or b, or is held; b's customers buy so often of a hundred, a's twenty times.
std::string Tried(std::string_view rules) {
  return Drawn(R"({"id":"x","type":"experiment","lasts":"24h","min_sample":60,
                   "metric":{"event":"buy"},)" +
                   std::string(rules) + R"("branches":[{"outcome":"a","percent":30},
                     {"outcome":"b","percent":30}]},
                  {"id":"a","type":"send","channel":"sms","text":"a"},
                  {"id":"b","type":"send","channel":"sms","text":"b"})",
               "start>x x:a>a x:b>b");
}
constexpr Ordinal kAll = 300;
void Try(Stage* stage, std::string_view rules, uint64_t b_percent) {
  stage->Publish(Tried(rules));
  for (Ordinal customer = 0; customer < kAll; ++customer) (void)stage->Enter(customer);
  std::map<std::string, std::vector<Ordinal>> ways;
  for (const HandOff& one : stage->sent) ways[one.node].push_back(one.customer);
  for (const auto& [way, customers] : ways) {
    const uint64_t percent = way == "b" ? b_percent : 20;
    for (size_t i = 0; i < customers.size() * percent / 100; ++i) stage->Event(customers[i], "buy");
  }
}
size_t WentBy(const Stage& stage, std::string_view node) {
  return static_cast<size_t>(std::ranges::count(stage.sent, node, &HandOff::node));
}
const Trial& TrialOf(const Stage& stage) { return stage.journey().trials.at("x"); }
Result<> Choose(Stage& stage, std::string_view way, const std::string& node = "x",
                std::string_view journey = "j") {
  Machine::Out out;
  const Result<> chosen = stage.machine().ChooseWay(journey, node, way, stage.now(), &out);
  stage.Follow(out);
  return chosen;
}

TEST(TrialsTest, ByHandAllWaitUntilSomebodyChoosesWhateverTheTestSays) {
  Stage stage;
  Try(&stage, R"("winner":"manual",)", 60);
  const size_t tried = stage.sent.size();
  stage.Advance(2 * kDayMs);
  EXPECT_EQ(stage.sent.size(), tried);
  EXPECT_TRUE(TrialOf(stage).over && !TrialOf(stage).decided);
  EXPECT_EQ(TrialOf(stage).end, TrialEnd::kWinner);
  EXPECT_EQ(TrialOf(stage).winner, 1u) << "the test proposes b";
  EXPECT_EQ(stage.state().alarms().at("choose_way"), 1u);
  stage.Restart();
  const std::vector<ArmCounts> arms = TrialOf(stage).arms;
  for (Ordinal customer = kAll; customer < kAll + 50; ++customer) (void)stage.Enter(customer);
  stage.Event(0, "buy");
  EXPECT_EQ(stage.sent.size(), tried) << "who comes now waits as well";
  for (size_t i = 0; i < arms.size(); ++i) {
    EXPECT_EQ(TrialOf(stage).arms[i].entered, arms[i].entered);
    EXPECT_EQ(TrialOf(stage).arms[i].converted, arms[i].converted);
  }
  stage.Publish(Tried(R"("winner":"manual",)"));  // saved again
  stage.Advance(kDayMs);
  EXPECT_EQ(stage.state().alarms().at("choose_way"), 1u) << "it is over once";
  ASSERT_TRUE(Choose(stage, "a").ok());
  EXPECT_EQ(stage.sent.size(), kAll + 50u);
  EXPECT_EQ(TrialOf(stage).end, TrialEnd::kChosen);
  stage.Restart();
  (void)stage.Enter(kAll + 50);
  EXPECT_EQ(stage.sent.back().node, "a");
  EXPECT_EQ(Choose(stage, "b").error().name(), "experiment_decided");
}

// X8: what he does then counts for the branch that he fell to.
TEST(TrialsTest, WhoIsAnotherCustomerByNowFellToHisBranchStill) {
  Stage stage;
  stage.Publish(Tried({}));
  for (Ordinal customer = 0; customer < kAll; ++customer) (void)stage.Enter(customer);
  const HandOff first = stage.sent[0];
  stage.Merge(first.customer, kAll + 1);
  stage.Restart();
  stage.Event(kAll + 1, "buy");
  EXPECT_EQ(TrialOf(stage).arms[first.node == "b"].converted, 1u);
  EXPECT_EQ(TrialOf(stage).arms[first.node == "a"].converted, 0u);
}

TEST(TrialsTest, SomebodyMayChooseBeforeTheEndAndThenNothingElseDecides) {
  Stage stage;
  Try(&stage, "", 60);
  EXPECT_EQ(Choose(stage, "c").error().code(), Code::kInvalid);
  EXPECT_EQ(Choose(stage, "a", "y").error().code(), Code::kNotFound);
  EXPECT_EQ(Choose(stage, "a", "x", "k").error().code(), Code::kNotFound);
  ASSERT_TRUE(Choose(stage, "a").ok());
  EXPECT_EQ(stage.sent.size(), size_t{kAll});
  stage.Restart();
  stage.Advance(2 * kDayMs);
  EXPECT_EQ(TrialOf(stage).end, TrialEnd::kChosen);
  EXPECT_EQ(TrialOf(stage).winner, 0u);
}

TEST(TrialsTest, WhatIsChosenInAPauseIsFollowedWhenItGoesOn) {
  Stage stage;
  Try(&stage, R"("winner":"manual",)", 60);
  stage.Advance(2 * kDayMs);
  const size_t tried = stage.sent.size();
  stage.SetPhase(Phase::kPaused);
  ASSERT_TRUE(Choose(stage, "b").ok());
  stage.Advance(kHour);
  EXPECT_EQ(stage.sent.size(), tried);
  stage.SetPhase(Phase::kRunning);
  EXPECT_EQ(stage.sent.size(), size_t{kAll});
}

TEST(TrialsTest, WithoutAWinnerAllGoTheWayThatIsNamedForThat) {
  for (const auto& [rules, default_way] : {std::pair(R"("no_winner":"b",)", "b"),
                                           {"", "a"},
                                           {R"("test":"bayesian","no_winner":"b",)", "b"}}) {
    Stage stage;
    Try(&stage, rules, 22);
    const size_t before = WentBy(stage, default_way);
    const size_t tried = stage.sent.size();
    stage.Advance(kDayMs);
    EXPECT_EQ(TrialOf(stage).end, TrialEnd::kNoSignificance) << rules;
    EXPECT_EQ(WentBy(stage, default_way), before + kAll - tried) << rules;
  }
  Stage stage;
  Try(&stage, R"("test":"bayesian","no_winner":"a",)", 60);
  stage.Advance(kDayMs);
  EXPECT_EQ(TrialOf(stage).end, TrialEnd::kWinner);
  EXPECT_EQ(stage.sent.back().node, "b");
}

// Computed by the closed form of two Beta distributions, and of three by 200,000 draws.
TEST(TrialsTest, TheChanceToBeBestIsThatOfTheirBetaDistributions) {
  const struct {
    std::vector<ArmCounts> arms;
    double last;
  } cases[] = {{{{100, 10}, {100, 20}}, 0.97517},
               {{{100, 10}, {100, 13}}, 0.74254},
               {{{0, 0}, {0, 0}}, 0.5},
               {{{1'000, 0}, {1'000, 3}}, 0.93769},
               {{{20'000, 1'000}, {20'000, 1'100}}, 0.98751},
               {{{5, 5}, {5, 0}}, 0.00108},
               {{{100, 30}, {100, 35}, {120, 45}}, 0.6025}};
  for (const auto& one : cases) {
    const std::vector<double> chances = ChancesOfBest(one.arms);
    EXPECT_NEAR(chances.back(), one.last, 0.002);
    double sum = 0;
    for (const double chance : chances) sum += chance;
    EXPECT_NEAR(sum, 1, 1e-9);
  }
}

TEST(TrialsTest, WinsBayesianFromNinetyFivePercentOnAndOnlyOfWhatIsSound) {
  const auto end = [](std::vector<ArmCounts> arms, uint64_t least = 60) {
    Expect({5'000, 5'000}, arms[0].entered + arms[1].entered, &arms);
    const Verdict verdict =
        Compare(arms, {.min_sample = least, .test = TrialTest::kBayesian, .no_winner = 1});
    return std::string(NameOf(verdict.end)) + " " + std::to_string(verdict.winner);
  };
  EXPECT_EQ(end({{100, 20}, {100, 10}}), "winner 0");           // 0.975
  EXPECT_EQ(end({{100, 18}, {100, 10}}), "no_significance 1");  // 0.946
  EXPECT_EQ(end({{100, 20}, {100, 10}}, 101), "too_few 1");
  EXPECT_EQ(end({{100, 20}, {300, 10}}), "sample_ratio 1");
}

// Each customer is counted with the shares that held when he was given his way.
TEST(TrialsTest, SharesThatAreOthersMeanwhileBreakNothing) {
  const auto shares = [](int a, int b) {
    return Drawn(R"({"id":"x","type":"experiment","lasts":"24h","min_sample":20,
                     "metric":{"event":"buy"},"branches":[{"outcome":"a","percent":)" +
                     std::to_string(a) + R"(},{"outcome":"b","percent":)" + std::to_string(b) +
                     R"(}]},{"id":"b","type":"send","channel":"sms","text":"b"})",
                 "start>x x:b>b");
  };
  for (const bool odd : {false, true}) {
    Stage stage;
    stage.Publish(shares(40, 40));
    Ordinal customer = 0;
    while (customer < 200) (void)stage.Enter(customer++);
    stage.Publish(shares(10, 70));
    while (customer < 400) (void)stage.Enter(customer++);
    // Four hundred come in that only the second way would have taken, whoever sent them.
    for (size_t more = 0; odd && more < 400; ++customer) {
      const uint32_t bucket = BucketOf(customer, "j", "x");
      if (bucket < 1'000 || bucket >= 8'000) continue;
      (void)stage.Enter(customer);
      ++more;
    }
    stage.Restart();
    stage.Advance(2 * kDayMs);
    EXPECT_EQ(TrialOf(stage).end, odd ? TrialEnd::kSampleRatio : TrialEnd::kNoSignificance);
  }
}

TEST(TrialsTest, ABranchThatIsNoneAndATestThatThereIsNotAreFaults) {
  for (const auto& [rules, fault] : {std::pair(R"("no_winner":"c",)", "unknown_outcome"),
                                     {R"("test":"t",)", "unknown_value"},
                                     {R"("winner":"somebody",)", "unknown_value"}}) {
    Stage stage;
    const Result<uint32_t> published = stage.TryPublish(Tried(rules));
    ASSERT_FALSE(published.ok()) << rules;
    EXPECT_NE(published.error().message().find(fault), std::string::npos);
  }
}

}  // namespace
}  // namespace waypost::journeys

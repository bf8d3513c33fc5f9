#include "tags/scoring.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace waypost::tags {
namespace {

using Method = Scoring::Method;
using testing::ElementsAreArray;

struct ScoringCase {
  const char* name;
  Scoring scoring;
  bool less_is_better;
  std::vector<double> numbers;
  std::vector<uint8_t> classes;
};

const double kNone = std::nan("");

const std::vector<ScoringCase>& ScoringCases() {
  static const std::vector<ScoringCase> cases = {
      {"TheMeanItselfIsHigh",
       {.method = Method::kMean, .numbers = {}},
       false,
       {1, 2, 3, kNone},
       {1, 2, 2, 0}},
      {"FewerDaysThanTheMeanAreBetter",
       {.method = Method::kMean, .numbers = {}},
       true,
       {10, 20, 60},
       {2, 2, 1}},
      {"AnEdgeIsReachedByItself",
       {.method = Method::kEdges, .numbers = {10, 20}},
       false,
       {9.99, 10, 19, 20, 500},
       {1, 2, 2, 3, 3}},
      {"AnEdgeOfDaysIsStillBetter",
       {.method = Method::kEdges, .numbers = {7, 30}},
       true,
       {0, 7, 8, 30, 31},
       {3, 3, 2, 2, 1}},
      {"WhoTiesWithTheLastOfTheTopIsIn",
       {.method = Method::kTopCount, .numbers = {2}},
       false,
       {5, 9, 5, 1},
       {2, 2, 2, 1}},
      {"TopsNest",
       {.method = Method::kTopCount, .numbers = {3, 1}},
       false,
       {4, 3, 2, 1},
       {3, 2, 2, 1}},
      {"AShareIsRoundedUp",
       {.method = Method::kTopShare, .numbers = {34}},
       false,
       {1, 2, 3, kNone},
       {1, 2, 2, 0}},
      {"ThirtyPercentOfTenAreThree",
       {.method = Method::kTopShare, .numbers = {30}},
       true,
       {1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
       {2, 2, 2, 1, 1, 1, 1, 1, 1, 1}},
      {"QuantilesAreAsManyEach",
       {.method = Method::kQuantiles, .numbers = {}, .parts = 3},
       false,
       {6, 5, 4, 3, 2, 1},
       {3, 3, 2, 2, 1, 1}},
      {"EqualsAreInTheBetterQuantile",
       {.method = Method::kQuantiles, .numbers = {}, .parts = 2},
       false,
       {1, 2, 2, 2},
       {1, 2, 2, 2}},
  };
  return cases;
}

// Printed by name, not by bytes.
void PrintTo(const ScoringCase& c, std::ostream* out) { *out << c.name; }

class ScoringTest : public testing::TestWithParam<ScoringCase> {};

TEST_P(ScoringTest, ClassesAre) {
  const ScoringCase& c = GetParam();
  EXPECT_THAT(ClassesOf(c.numbers, c.scoring, c.less_is_better), ElementsAreArray(c.classes));
}

INSTANTIATE_TEST_SUITE_P(, ScoringTest, testing::ValuesIn(ScoringCases()),
                         [](const auto& info) { return info.param.name; });

// Whatever the method: better numbers are never in a worse class, and equal ones are in the same.
TEST(ClassesTest, ClassesFollowTheOrderOfTheNumbers) {
  std::mt19937 random(7);
  for (int round = 0; round < 40; ++round) {
    std::vector<double> numbers(1 + random() % 50);
    for (double& v : numbers) v = random() % 10 == 0 ? kNone : static_cast<double>(random() % 20);
    const std::vector<Scoring> scorings = {
        {.method = Method::kMean, .numbers = {}},
        {.method = Method::kEdges, .numbers = {3, 9, 15}},
        {.method = Method::kTopCount, .numbers = {20, 5}},
        {.method = Method::kTopShare, .numbers = {50, 10}},
        {.method = Method::kQuantiles, .numbers = {}, .parts = 5}};
    for (const Scoring& scoring : scorings) {
      for (const bool less : {false, true}) {
        const std::vector<uint8_t> classes = ClassesOf(numbers, scoring, less);
        for (size_t a = 0; a < numbers.size(); ++a) {
          ASSERT_EQ(std::isnan(numbers[a]), classes[a] == 0);
          ASSERT_LE(classes[a], scoring.classes());
          for (size_t b = 0; b < numbers.size(); ++b) {
            if (numbers[a] == numbers[b]) {
              ASSERT_EQ(classes[a], classes[b]);
            }
            if (less ? numbers[a] < numbers[b] : numbers[a] > numbers[b]) {
              ASSERT_GE(classes[a], classes[b]);
            }
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace waypost::tags

#include "tags/drift.h"

#include <gtest/gtest.h>

#include <cmath>

namespace waypost::tags {
namespace {

Summary OfTexts(std::map<std::string, uint64_t> counts) {
  Summary summary;
  for (const auto& [value, count] : counts) summary.with_value += count;
  summary.counts = std::move(counts);
  return summary;
}

Summary OfNumbers(std::vector<double> numbers) {
  Summary summary;
  summary.with_value = numbers.size();
  summary.numbers = std::move(numbers);
  std::ranges::sort(summary.numbers);
  return summary;
}

TEST(DriftTest, WhatHasNotMovedIsZero) {
  EXPECT_DOUBLE_EQ(*StabilityIndex(OfTexts({{"a", 3}, {"b", 7}}), OfTexts({{"a", 30}, {"b", 70}})),
                   0);
  std::vector<double> numbers;
  for (int i = 0; i < 1000; ++i) numbers.push_back(i % 97);
  EXPECT_DOUBLE_EQ(*StabilityIndex(OfNumbers(numbers), OfNumbers(numbers)), 0);
}

// By hand: (0.4 - 0.5) ln 0.8 + (0.6 - 0.5) ln 1.2 = 0.0405465.
TEST(DriftTest, SharesThatMovedCountByTheFormula) {
  const double index =
      *StabilityIndex(OfTexts({{"a", 50}, {"b", 50}}), OfTexts({{"a", 40}, {"b", 60}}));
  EXPECT_NEAR(index, 0.0405465, 1e-7);
}

// (1e-4 - 0.5) ln 2e-4 + (1 - 0.5) ln 2 = 4.6045...
TEST(DriftTest, AValueThatWentCountsAsATenThousandth) {
  const double index = *StabilityIndex(OfTexts({{"a", 1}, {"b", 1}}), OfTexts({{"b", 2}}));
  EXPECT_NEAR(index, (1e-4 - 0.5) * std::log(2e-4) + 0.5 * std::log(2.0), 1e-12);
  EXPECT_GT(index, kDriftAlarms);
}

TEST(DriftTest, NumbersFallInTenBinsOfTheReference) {
  std::vector<double> reference, shifted;
  for (int i = 1; i <= 1000; ++i) {
    reference.push_back(i);
    shifted.push_back(i + 100);  // one bin up: the first is empty, the last has double
  }
  const double expected = (1e-4 - 0.1) * std::log(1e-4 / 0.1) + (0.2 - 0.1) * std::log(2.0);
  EXPECT_NEAR(*StabilityIndex(OfNumbers(reference), OfNumbers(shifted)), expected, 1e-3);
}

TEST(DriftTest, WithoutValuesThereIsNone) {
  EXPECT_FALSE(StabilityIndex(OfTexts({}), OfTexts({{"a", 1}})));
}

}  // namespace
}  // namespace waypost::tags

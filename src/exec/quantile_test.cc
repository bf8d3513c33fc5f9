#include "exec/quantile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <random>

namespace waypost::exec {
namespace {

TEST(QuantileTest, LiesBetweenNeighbours) {
  EXPECT_EQ(Quantile(std::vector<int64_t>{10}, .9), 10);
  EXPECT_EQ(Quantile(std::vector<int64_t>{10, 20}, .25), 12.5);
  EXPECT_EQ(Quantile(std::vector<double>{1, 2, 4}, 1), 4);
}

TEST(QuantileTest, OfNumbersInAnyOrderIsThatOfThemSorted) {
  constexpr std::array kQs = {.5, 0.0, .1, .999, 1.0, .25};
  std::mt19937_64 random(7);
  constexpr std::numeric_limits<int64_t> kLimit;
  const std::pair<int64_t, int64_t> ranges[] = {
      {0, 0}, {-5, 5}, {1000, 3'600'000}, {kLimit.min(), kLimit.max()}, {-1, kLimit.max()}};
  for (const auto& [low, high] : ranges) {
    std::uniform_int_distribution<int64_t> number(low, high);
    for (const size_t count : {1u, 2u, 3u, 30'000u}) {
      std::vector<int64_t> values(count);
      for (int64_t& v : values) v = number(random);
      if (count == 3) values[1] = high;
      std::vector<int64_t> sorted = values;
      std::sort(sorted.begin(), sorted.end());
      std::vector<double> want;
      for (const double q : kQs) want.push_back(Quantile(sorted, q));
      EXPECT_EQ(Quantiles({&values, 1}, kQs), want) << low << " to " << high << ": " << count;
      Gathered some, others;
      for (size_t i = 0; i < count; ++i) (i % 3 ? some : others).Add(values[i]);
      some.Take(&others);
      EXPECT_EQ(Quantiles(some.runs(), kQs), want) << low << " to " << high << ": " << count;
    }
  }
}

}  // namespace
}  // namespace waypost::exec

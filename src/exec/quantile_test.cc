#include "exec/quantile.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace waypost::exec {
namespace {

TEST(QuantileTest, LiesBetweenNeighbours) {
  EXPECT_EQ(Quantile(std::vector<int64_t>{10}, .9), 10);
  EXPECT_EQ(Quantile(std::vector<int64_t>{10, 20}, .25), 12.5);
  EXPECT_EQ(Quantile(std::vector<double>{1, 2, 4}, 1), 4);
}

TEST(QuantileTest, ManyNumbersSortLikeFew) {
  std::mt19937_64 random(7);
  constexpr std::numeric_limits<int64_t> kLimit;
  const std::pair<int64_t, int64_t> ranges[] = {
      {0, 0}, {-5, 5}, {1000, 3'600'000}, {kLimit.min(), kLimit.max()}, {-1, kLimit.max()}};
  for (const auto& [low, high] : ranges) {
    std::uniform_int_distribution<int64_t> number(low, high);
    std::vector<int64_t> got(10'000);
    for (int64_t& v : got) v = number(random);
    got.push_back(low);
    got.push_back(high);
    std::vector<int64_t> want = got;
    std::sort(want.begin(), want.end());
    SortNumbers(&got);
    EXPECT_EQ(got, want);
  }
}

}  // namespace
}  // namespace waypost::exec

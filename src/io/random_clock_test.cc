#include <gtest/gtest.h>

#include "io/real_clock.h"
#include "io/real_random.h"

namespace waypost::io {
namespace {

TEST(RealClockTest, IsInThisMillenniumAndMovesOn) {
  RealClock clock;
  EXPECT_GT(clock.NowMs(), 1'600'000'000'000);
  const int64_t before = clock.MonotonicNs();
  EXPECT_LE(before, clock.MonotonicNs());
}

TEST(RealRandomTest, NeverRepeatsAWord) {
  RealRandom random;
  EXPECT_NE(random.Next(), random.Next());
}

}  // namespace
}  // namespace waypost::io

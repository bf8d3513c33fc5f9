#include "journeys/timer_wheel.h"

#include <gtest/gtest.h>

#include <set>

#include "io/sim_random.h"

namespace waypost::journeys {
namespace {

// Against a sorted set: arms, cancels and pops as drawn, over spans from seconds to years.
TEST(TimerWheelTest, FiresWhatASortedSetWouldFireInTheSameOrder) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    io::SimRandom random(seed);
    int64_t now = static_cast<int64_t>(random.Below(uint64_t{1} << 41));
    TimerWheel wheel(now);
    std::set<std::pair<Timer, TimerWheel::Handle>> expected;
    for (int round = 0; round < 300; ++round) {
      const int64_t reach = int64_t{1} << random.Below(40);
      const Timer timer{
          .due_ms =
              now + static_cast<int64_t>(random.Below(static_cast<uint64_t>(reach))) - reach / 16,
          .order = random.Below(3) << 40,
          .kind = 0,
          .subject = random.Below(100),
          .detail = static_cast<uint64_t>(round)};
      expected.emplace(timer, wheel.Arm(timer));
      if (random.Below(3) == 0) {
        auto victim = expected.begin();
        std::advance(victim, random.Below(expected.size()));
        wheel.Cancel(victim->second);
        expected.erase(victim);
      }
      if (random.Below(2) == 0) now += int64_t{1} << random.Below(36);
      if (!expected.empty()) {
        const std::optional<int64_t> bound = wheel.NextDueBound();
        ASSERT_TRUE(bound);
        ASSERT_LE(*bound, expected.begin()->first.due_ms) << "seed " << seed;
      }
      while (const std::optional<Timer> popped = wheel.PopDue(now)) {
        ASSERT_FALSE(expected.empty());
        ASSERT_EQ(*popped <=> expected.begin()->first, std::strong_ordering::equal)
            << "seed " << seed;
        expected.erase(expected.begin());
      }
      ASSERT_TRUE(expected.empty() || expected.begin()->first.due_ms > now) << "seed " << seed;
      ASSERT_EQ(wheel.size(), expected.size());
    }
  }
}

// J50 of the bad inputs, a tenth of it.
TEST(TimerWheelTest, AHundredThousandOfOneMillisecondFireOnceEachAndNotBefore) {
  constexpr int64_t kDue = 1'790'000'000'123;
  constexpr uint64_t kCrowd = 100'000;
  TimerWheel wheel(kDue - 86'400'000);
  for (uint64_t i = 0; i < kCrowd; ++i) wheel.Arm({.due_ms = kDue, .subject = i * 7'919 % kCrowd});
  EXPECT_FALSE(wheel.PopDue(kDue - 1));
  uint64_t fired = 0;
  while (const std::optional<Timer> timer = wheel.PopDue(kDue)) ASSERT_EQ(timer->subject, fired++);
  EXPECT_EQ(fired, kCrowd);
  EXPECT_EQ(wheel.size(), 0u);
}

}  // namespace
}  // namespace waypost::journeys

#include "io/guarded_clock.h"

#include <gtest/gtest.h>

namespace waypost::io {
namespace {

constexpr int64_t kNoonMs = 1'772'424'000'000, kHourMs = 3'600'000;

TEST(GuardedClockTest, GoesOnFromWhereItWasWhenTheMachinesClockJumpsAhead) {
  ManualClock machine(kNoonMs);
  const GuardedClock clock(machine);
  machine.SetNowMs(kNoonMs + 400 * kDayMs);
  EXPECT_EQ(clock.NowMs(), kNoonMs);
  machine.Advance(5'000);
  EXPECT_EQ(clock.NowMs(), kNoonMs + 5'000);
  EXPECT_EQ(clock.jump_ms(), 400 * kDayMs);
}

TEST(GuardedClockTest, GoesOnWhenTheMachinesClockIsSetBack) {
  ManualClock machine(kNoonMs);
  const GuardedClock clock(machine);
  machine.SetNowMs(kNoonMs - kHourMs);
  machine.Advance(1'000);
  EXPECT_EQ(clock.NowMs(), kNoonMs + 1'000);
  EXPECT_EQ(clock.jump_ms(), -kHourMs);
}

TEST(GuardedClockTest, FollowsAgainWhenTheMachinesClockIsBack) {
  ManualClock machine(kNoonMs);
  const GuardedClock clock(machine);
  machine.SetNowMs(kNoonMs + kHourMs);
  EXPECT_EQ(clock.NowMs(), kNoonMs);
  machine.SetNowMs(kNoonMs + 300);
  EXPECT_EQ(clock.NowMs(), kNoonMs + 300);
  EXPECT_EQ(clock.jump_ms(), 0);
}

TEST(GuardedClockTest, FollowsAJumpThatWasConfirmed) {
  ManualClock machine(kNoonMs);
  GuardedClock clock(machine);
  machine.SetNowMs(kNoonMs + kHourMs);
  EXPECT_EQ(clock.NowMs(), kNoonMs);
  clock.Confirm();
  EXPECT_EQ(clock.NowMs(), kNoonMs + kHourMs);
  EXPECT_EQ(clock.jump_ms(), 0);
}

TEST(GuardedClockTest, FollowsSlowCorrectionsHoweverFarTheyGo) {
  ManualClock machine(kNoonMs);
  const GuardedClock clock(machine);
  for (int minute = 1; minute <= 60; ++minute) {
    machine.Advance(60'000);
    machine.SetNowMs(machine.NowMs() + 30'000);
    EXPECT_EQ(clock.NowMs(), kNoonMs + minute * 90'000);
  }
  EXPECT_EQ(clock.jump_ms(), 0);
}

}  // namespace
}  // namespace waypost::io

#include "services/scheduler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waypost::services {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int64_t kHour = 3'600'000;
constexpr int64_t kMidnight = 1'774'972'800'000;  // 2026-04-01T00:00 in Shanghai

class Diary final : public ScheduledThings {
 public:
  explicit Diary(const Clock& clock) : clock_(clock) {}
  std::vector<ScheduledWork> Works() override { return works; }
  void Run(const ScheduledWork& work) override {
    ran.push_back(work.id);
    for (ScheduledWork& one : works) {
      if (one.id == work.id) one.last_ms = clock_.NowMs();
    }
  }
  std::vector<ScheduledWork> works;
  std::vector<std::string> ran;

 private:
  const Clock& clock_;
};

TEST(SchedulerTest, WorkComesOnceEachTimeInTheOrderGiven) {
  ManualClock clock(kMidnight);
  Diary diary(clock);
  diary.works = {{"p", "night", "30 2 * * *", "Asia/Shanghai", kMidnight},
                 {"p", "after", "30 2 * * *", "Asia/Shanghai", kMidnight},
                 {"p", "noon", "0 12 * * *", "Asia/Shanghai", kMidnight}};
  Scheduler scheduler(clock, {&diary});
  scheduler.RunDue();
  EXPECT_THAT(diary.ran, IsEmpty());
  clock.Advance(2 * kHour + kHour / 2);
  scheduler.RunDue();
  scheduler.RunDue();
  EXPECT_THAT(diary.ran, ElementsAre("night", "after"));
  clock.Advance(10 * kHour);
  scheduler.RunDue();
  EXPECT_THAT(diary.ran, ElementsAre("night", "after", "noon"));
}

TEST(SchedulerTest, WhatWasMissedComesOnce) {
  ManualClock clock(kMidnight + 100 * 24 * kHour);
  Diary diary(clock);
  diary.works = {{"p", "night", "30 2 * * *", "Asia/Shanghai", kMidnight}};
  Scheduler scheduler(clock, {&diary});
  EXPECT_EQ(scheduler.RunDue(), 1u);
  EXPECT_EQ(scheduler.RunDue(), 0u);
}

TEST(SchedulerTest, WhatCannotBeReadNeverComes) {
  EXPECT_FALSE(IsDue({"p", "a", "never", "UTC", 0}, kMidnight));
  EXPECT_FALSE(IsDue({"p", "a", "* * * * *", "Mars/Olympus", 0}, kMidnight));
  EXPECT_TRUE(IsDue({"p", "a", "* * * * *", "UTC", 0}, kMidnight));
}

TEST(SchedulerTest, ItRunsOnAThreadOfItsOwnAndStops) {
  ManualClock clock(kMidnight);
  Diary diary(clock);
  diary.works = {{"p", "each", "* * * * *", "UTC", 0}};
  {
    Scheduler scheduler(clock, {&diary});
    scheduler.Start();
    scheduler.Stop();
  }
  EXPECT_LE(diary.ran.size(), 1u);
}

}  // namespace
}  // namespace waypost::services

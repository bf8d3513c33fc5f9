#include "services/scheduler.h"

#include <chrono>

#include "analytics/cron.h"

namespace waypost::services {
namespace {

constexpr std::chrono::seconds kBetweenLooks{10};

}  // namespace

bool IsDue(const ScheduledWork& work, int64_t now_ms) {
  const auto cron = ParseCron(work.cron);
  const auto calendar = analytics::Calendar::Of(work.zone);
  if (!cron.ok() || !calendar.ok()) return false;
  const auto next = analytics::NextTime(cron.value(), calendar.value(), work.last_ms);
  return next && *next <= now_ms;
}

void Scheduler::Start() {
  thread_ = std::thread([this] {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      lock.unlock();
      RunDue();
      lock.lock();
      wake_.wait_for(lock, kBetweenLooks, [this] { return stopping_; });
    }
  });
}

void Scheduler::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool Scheduler::stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

size_t Scheduler::RunDue() {
  size_t count = 0;
  for (ScheduledThings* things : things_) {
    for (const ScheduledWork& work : things->Works()) {
      if (stopping()) return count;
      if (!IsDue(work, clock_.NowMs())) continue;
      things->Run(work);
      ++count;
    }
  }
  return count;
}

}  // namespace waypost::services

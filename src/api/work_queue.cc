#include "api/work_queue.h"

namespace waypost::api {

WorkQueue::WorkQueue(const Clock& clock, int threads, size_t max_waiting)
    : clock_(clock), max_waiting_(max_waiting) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
}

void WorkQueue::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  Run();  // with no threads, nobody else has
}

bool WorkQueue::Submit(int64_t max_wait_ms, std::function<void(bool)> work) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || jobs_.size() >= max_waiting_) return false;
    jobs_.push_back({clock_.MonotonicNs() + max_wait_ms * 1'000'000, std::move(work)});
  }
  changed_.notify_one();
  return true;
}

size_t WorkQueue::waiting() const {
  const std::lock_guard lock(mutex_);
  return jobs_.size();
}

void WorkQueue::Run() {
  for (;;) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return stopping_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    const bool late = stopping_ || clock_.MonotonicNs() > job.latest_start_ns;
    lock.unlock();
    job.work(late);
  }
}

}  // namespace waypost::api

// Threads for work that may take long, behind a bounded queue: what does not fit is refused at
// once, and what waited too long is refused when its turn comes, because nobody waits for it any
// more.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/clock.h"

namespace waypost::api {

class WorkQueue {
 public:
  // `clock` must outlive the queue.
  WorkQueue(const Clock& clock, int threads, size_t max_waiting);
  ~WorkQueue() { Stop(); }
  // Finishes what runs, tells what waits that it is late, and refuses what comes after.
  void Stop();

  // Runs `work(late)` once on some thread: late means that it waited longer than `max_wait_ms` and
  // should only say so. Returns false, without calling it, when the queue is full. Any thread.
  bool Submit(int64_t max_wait_ms, std::function<void(bool late)> work);

  size_t waiting() const;

 private:
  struct Job {
    int64_t latest_start_ns;
    std::function<void(bool)> work;
  };
  void Run();

  const Clock& clock_;
  const size_t max_waiting_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;   // under mutex_
  bool stopping_ = false;  // under mutex_
  std::vector<std::thread> threads_;
};

}  // namespace waypost::api

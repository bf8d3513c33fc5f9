// Work that comes round by the calendar: runs of tags, of segments, of whatever says when.
//
//   Scheduler scheduler(clock, {&tags});
//   scheduler.Start();                   // looks every ten seconds, on a thread of its own
//   ...
//   scheduler.Stop();                    // waits for what is running
//
// What was missed while the server was down comes once, not once for each time.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"

namespace waypost::services {

// One piece of work and when it comes round.
struct ScheduledWork {
  std::string project, id;
  std::string cron, zone;  // base/cron.h
  int64_t last_ms = 0;     // when it last came, or when it began to be scheduled
};

class ScheduledThings {
 public:
  virtual ~ScheduledThings() = default;
  // What there is, in the order it is to run when it comes at one time.
  virtual std::vector<ScheduledWork> Works() = 0;
  // Must make last_ms later than it was, also when it fails.
  virtual void Run(const ScheduledWork& work) = 0;
};

class Scheduler {
 public:
  // All must outlive it.
  Scheduler(const Clock& clock, std::vector<ScheduledThings*> things)
      : clock_(clock), things_(std::move(things)) {}
  ~Scheduler() { Stop(); }

  void Start();
  void Stop();
  // Runs what has come, one after the other, and returns how many.
  size_t RunDue();

 private:
  bool stopping();

  const Clock& clock_;
  const std::vector<ScheduledThings*> things_;
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
};

// Whether it has come between last_ms and `now_ms`, both included. A line or zone that cannot be
// read never comes.
bool IsDue(const ScheduledWork& work, int64_t now_ms);

}  // namespace waypost::services

// How long one computation may go on.
//
//   Limit limit([&] { return clock.MonotonicNs() > until_ns; });
//   Result<std::string> answer = Ask(...);
//   if (limit.hit()) return TookTooLong();  // pieces are missing: what came out is nothing
//
// Work that ParallelWithinLimit shares out, by the thread that made the limit, begins no more
// pieces once it is hit. A piece is a block of customers or less, some milliseconds of work. What a
// thread does piece by piece alone asks AllowsMore() before each.
#pragma once

#include <atomic>
#include <functional>

namespace waypost::exec {

class Limit {
 public:
  // `spent` is asked before each piece, by any thread.
  explicit Limit(std::function<bool()> spent) : spent_(std::move(spent)), outer_(current_) {
    current_ = this;
  }
  ~Limit() { current_ = outer_; }
  Limit(const Limit&) = delete;
  Limit& operator=(const Limit&) = delete;

  // That of the calling thread; null when it has none.
  static Limit* Current() { return current_; }
  // Whether one more piece may begin; once not, never again.
  bool Allows() {
    if (!hit_ && spent_()) hit_ = true;
    return !hit_;
  }
  bool hit() const { return hit_; }
  // Whether the calling thread may begin one more piece: always, when it has no limit.
  static bool AllowsMore() { return !current_ || current_->Allows(); }

 private:
  const std::function<bool()> spent_;
  Limit* const outer_;
  std::atomic<bool> hit_{false};
  inline static thread_local Limit* current_ = nullptr;
};

}  // namespace waypost::exec

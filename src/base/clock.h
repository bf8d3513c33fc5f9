// Time comes in through this interface everywhere; io/real_clock.h asks the machine, ManualClock is
// moved by hand.
#pragma once

#include <atomic>
#include <cstdint>

namespace waypost {

inline constexpr int64_t kDayMs = 86'400'000;

class Clock {
 public:
  virtual ~Clock() = default;
  // Milliseconds since the Unix epoch, UTC. May jump, also backwards.
  virtual int64_t NowMs() const = 0;
  // Nanoseconds from an arbitrary start. Never goes back.
  virtual int64_t MonotonicNs() const = 0;
};

// A clock that stands still until told. Any thread may call it.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(int64_t now_ms) : now_ms_(now_ms) {}
  int64_t NowMs() const override { return now_ms_.load(); }
  int64_t MonotonicNs() const override { return monotonic_ns_.load(); }
  // Both times move on.
  void Advance(int64_t ms) {
    now_ms_ += ms;
    monotonic_ns_ += ms * 1'000'000;
  }
  // Only the wall clock jumps.
  void SetNowMs(int64_t now_ms) { now_ms_ = now_ms; }

 private:
  std::atomic<int64_t> now_ms_;
  std::atomic<int64_t> monotonic_ns_{0};
};

}  // namespace waypost

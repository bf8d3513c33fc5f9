// A clock that does not follow a jump.
//
// Somebody sets a machine's clock wrong by hours or years, and every wait would end at once, and
// every message go out. So the wall clock is held against the monotonic one: when the two part by
// more than a minute between two looks, time goes on by the monotonic clock from where it was,
// until the wall clock is back or somebody says that it is right now. A slow correction is
// followed.
#pragma once

#include <atomic>

#include "base/clock.h"

namespace waypost::io {

// Any thread may call it.
class GuardedClock final : public Clock {
 public:
  static constexpr int64_t kJumpMs = 60'000;

  // Borrows the clock, which is right now.
  explicit GuardedClock(const Clock& clock) : clock_(clock), ahead_ms_(AheadMs()) {}

  int64_t NowMs() const override;
  int64_t MonotonicNs() const override { return clock_.MonotonicNs(); }

  // How far the machine's clock is ahead of this one, or behind; 0 while it is followed.
  int64_t jump_ms() const;
  // The machine's clock is right: follows it again from wherever it is.
  void Confirm();

 private:
  int64_t MonotonicMs() const { return clock_.MonotonicNs() / 1'000'000; }
  int64_t AheadMs() const { return clock_.NowMs() - MonotonicMs(); }

  const Clock& clock_;
  mutable std::atomic<int64_t> ahead_ms_;  // of the wall clock, before the monotonic one
  mutable std::atomic<bool> jumped_{false};
};

}  // namespace waypost::io

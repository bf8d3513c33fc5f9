#include "io/guarded_clock.h"

#include <cstdlib>

#include "base/logger.h"

namespace waypost::io {

int64_t GuardedClock::NowMs() const {
  const int64_t now_ms = clock_.NowMs(), monotonic_ms = MonotonicMs();
  const int64_t known_ms = ahead_ms_.load(std::memory_order_relaxed);
  const int64_t jump_ms = now_ms - monotonic_ms - known_ms;
  const bool jumped = std::abs(jump_ms) > kJumpMs;
  if (jumped != jumped_.load(std::memory_order_relaxed) && jumped_.exchange(jumped) != jumped)
    LogWarning(jumped ? "clock.jumped" : "clock.back", {{"by_ms", jump_ms}});
  if (jumped) return monotonic_ms + known_ms;
  if (jump_ms != 0) ahead_ms_.store(known_ms + jump_ms, std::memory_order_relaxed);
  return now_ms;
}

int64_t GuardedClock::jump_ms() const {
  const int64_t jump_ms = AheadMs() - ahead_ms_.load();
  return std::abs(jump_ms) > kJumpMs ? jump_ms : 0;
}

void GuardedClock::Confirm() { ahead_ms_.store(AheadMs()); }

}  // namespace waypost::io

#include "analytics/cron.h"

#include "base/clock.h"

namespace waypost::analytics {

std::optional<int64_t> NextTime(const Cron& cron, const Calendar& calendar, int64_t after_ms) {
  constexpr int64_t kMinuteMs = 60'000;
  const int64_t wall = calendar.Wall(after_ms);
  // From the day's beginning on: the clock may have been set back since the reading.
  std::optional<int64_t> next = NextWallTime(cron, wall - (wall % kDayMs + kDayMs) % kDayMs);
  for (; next; next = NextWallTime(cron, *next + kMinuteMs)) {
    const int64_t instant = calendar.Instant(*next);
    if (instant > after_ms) return instant;
  }
  return std::nullopt;
}

}  // namespace waypost::analytics

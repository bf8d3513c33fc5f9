#include "analytics/cron.h"

#include "base/clock.h"

namespace waypost::analytics {

std::optional<int64_t> NextTime(const Cron& cron, const Calendar& calendar, int64_t after_ms) {
  const int64_t wall = calendar.Wall(after_ms);
  const auto next = waypost::NextTime(cron, wall / kDayMs - (wall % kDayMs < 0), after_ms + 1,
                                      [&](int64_t reading) { return calendar.Instant(reading); });
  return next ? std::optional(next->at_ms) : std::nullopt;
}

}  // namespace waypost::analytics

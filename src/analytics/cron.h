// Cron lines (base/cron.h) in the calendar of a time zone.
#pragma once

#include <cstdint>
#include <optional>

#include "analytics/calendar.h"
#include "base/cron.h"

namespace waypost::analytics {

// The first instant after `after_ms` when it comes round; likewise.
std::optional<int64_t> NextTime(const Cron& cron, const Calendar& calendar, int64_t after_ms);

}  // namespace waypost::analytics

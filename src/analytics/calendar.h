// Calendars of a time zone: local dates and clock times to instants and back, and the edges of
// days, weeks and months. Daylight saving is the zone's: a local day may have 23 or 25 hours.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "exec/time_buckets.h"
#include "model/time_text.h"

namespace date {
class time_zone;
}

namespace waypost::analytics {

enum class CalendarUnit : uint8_t { kHour, kDay, kWeek, kMonth, kQuarter, kYear };

// "hour", "day", ...
std::string_view CalendarUnitName(CalendarUnit unit);

// Any number of threads may use it.
class Calendar {
 public:
  enum class WeekStart : uint8_t { kMonday, kSunday, kSaturday };

  // kInvalid for a zone that is not in the system's time zone database.
  static Result<Calendar> Of(std::string_view zone);

  const std::string& zone() const { return zone_name_; }
  WeekStart week_start = WeekStart::kMonday;
  int64_t day_start_ms =
      0;  // days (and weeks, ...) begin this long after local midnight; under 24 h

  // The instant of a local wall clock reading (ms as if it were UTC). A reading that a clock change
  // skips is the instant of the change; one that happens twice is the first.
  int64_t Instant(int64_t wall_ms) const;
  // The wall clock at an instant, as if it were UTC.
  int64_t Wall(int64_t instant_ms) const;
  // The instant a written time means here.
  int64_t Instant(const WrittenTime& written) const;

  // The begin of the unit that holds the instant.
  int64_t Floor(int64_t instant_ms, CalendarUnit unit) const;
  // The begin of the `count`-th unit after (before, when negative) the one that holds the instant.
  int64_t Step(int64_t instant_ms, CalendarUnit unit, int64_t count) const;
  // The same wall clock `months` later; a day that the month lacks is its last one.
  int64_t AddMonths(int64_t instant_ms, int64_t months) const;

  // Buckets of `unit` over [from, to): the first and the last are cut to the range.
  // REQUIRES: from < to.
  exec::TimeBuckets Buckets(const exec::TimeRange& range, CalendarUnit unit) const;

  // "2026-03-02T00:00:00+08:00", with milliseconds when there are any.
  std::string Text(int64_t instant_ms) const;

 private:
  Calendar(const date::time_zone* zone, std::string_view name) : zone_(zone), zone_name_(name) {}

  const date::time_zone* zone_;
  std::string zone_name_;
};

}  // namespace waypost::analytics

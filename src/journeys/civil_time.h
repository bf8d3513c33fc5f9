// Local clocks and calendars for waiting: "the same time tomorrow", "until 09:00", "on working days
// from 10:00 to 12:00". Instants are milliseconds since 1970 in UTC; days are counted from
// 1970-01-01; a time of day is milliseconds from midnight.
//
// A wall clock reading that a clock change skips is taken with the offset before the change (02:30
// becomes 03:30); one that happens twice is its first occurrence (RFC 5545 3.3.5). So a daily time
// comes exactly once a day, always.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "journeys/holidays.h"

namespace date {
class time_zone;
}

namespace waypost::journeys {

// An IANA time zone. Any number of threads may use it; copying costs nothing.
class Zone {
 public:
  static std::optional<Zone> Find(std::string_view name);
  // Always there.
  static Zone Utc();
  // Where nobody names another: Asia/Shanghai.
  static Zone Usual();

  std::string_view name() const;
  int64_t ToInstant(int64_t wall_ms) const;
  int64_t ToWall(int64_t instant_ms) const;
  int64_t DayOf(int64_t instant_ms) const;
  friend bool operator==(const Zone&, const Zone&) = default;

 private:
  explicit Zone(const date::time_zone* zone) : zone_(zone) {}
  const date::time_zone* zone_;
};

// How long: so many milliseconds whatever clocks do, or so many local days and months at the same
// local time. Written "500ms", "30s", "15m", "24h" for the one and "1d", "2w", "3mo" for the other.
struct Span {
  int64_t ms = 0;
  int32_t days = 0;
  int32_t months = 0;
  bool empty() const { return ms == 0 && days == 0 && months == 0; }
  // About; for limits.
  int64_t RoughMs() const { return ms + days * kDayMs + months * 30 * kDayMs; }
  friend bool operator==(const Span&, const Span&) = default;
};

// One number and one unit, not negative, at most 100 years.
std::optional<Span> ParseSpan(std::string_view text);
// "HH:MM" or "HH:MM:SS" to milliseconds from midnight, below 24:00.
std::optional<int64_t> ParseTimeOfDay(std::string_view text);

int64_t AddSpan(int64_t instant_ms, const Span& span, Zone zone);
// `months` later; a day that the month lacks is its last one.
int64_t AddMonths(int64_t day, int64_t months);
// The first instant at or after `instant_ms` when the local clock shows `time_of_day_ms`.
int64_t NextLocalTime(int64_t instant_ms, int64_t time_of_day_ms, Zone zone);
// 0 = Monday.
int WeekdayOf(int64_t day);

struct CivilDate {
  int year = 1970, month = 1, day = 1;
};
CivilDate ToCivil(int64_t day);
// Nothing when there is no such date.
std::optional<int64_t> FromCivil(const CivilDate& date);
int DaysInMonth(int year, int month);

// Times of day on some days: [from, to), across midnight when to < from.
struct Window {
  enum class Days : uint8_t { kWeekdays, kWorking, kOff } days = Days::kWeekdays;
  uint8_t weekdays = 0x7F;  // of kWeekdays; bit 0 = Monday
  int64_t from_ms = 0;
  int64_t to_ms = kDayMs;
  friend bool operator==(const Window&, const Window&) = default;
};

// Whether an instant is in one of the windows. Working days come from `holidays`; in a year that is
// not in it nothing is a working day and nothing is a day off.
bool InWindows(int64_t instant_ms, std::span<const Window> windows, Zone zone,
               const Holidays& holidays);
// The first instant at or after `instant_ms` in one of the windows; nothing within 400 days.
std::optional<int64_t> NextInWindows(int64_t instant_ms, std::span<const Window> windows, Zone zone,
                                     const Holidays& holidays);

}  // namespace waypost::journeys

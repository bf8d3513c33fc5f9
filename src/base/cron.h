// Cron lines: when something comes round by the wall clock. Pure calendar arithmetic.
//
//   minute hour day-of-month month day-of-week
//   30 2 * * *        at 02:30 every day
//   */15 9-17 * * 1-5 every quarter of an hour from 09:00 to 17:45, Monday to Friday
//   0 6 1 */3 *       on the first of January, April, July and October
//
// A field is a list of *, a number, a range a-b, each perhaps with a step /n. Sunday is 0 or 7;
// days and months are numbers. When both days are given (neither begins with *), either will do.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace waypost {

struct Cron {
  uint64_t minutes = 0;  // a bit each
  uint32_t hours = 0;
  uint32_t days = 0;      // bit 1 is the first
  uint32_t months = 0;    // bit 1 is January
  uint32_t weekdays = 0;  // bit 0 is Sunday
  bool either_day = false;
  friend bool operator==(const Cron&, const Cron&) = default;
};

// Errors: kInvalid "bad_schedule", naming the field and what is wrong.
Result<Cron> ParseCron(std::string_view text);

// The fewest minutes between two times of it on one day, or on days that follow each other.
int ShortestMinutes(const Cron& cron);

struct CronTime {
  int64_t wall_ms = 0;  // what the clock on the wall shows
  int64_t at_ms = 0;    // instant
};
// The first time that it comes round at or after the instant `from_ms`, of the days from
// `first_day` (of the wall clock) on, by a clock of which `instant_of` tells when it shows a time;
// nothing when there is none within nine years ("0 0 30 2 *"). A time that the clock skips comes at
// the change; one that it shows twice comes the first time.
std::optional<CronTime> NextTime(const Cron& cron, int64_t first_day, int64_t from_ms,
                                 const std::function<int64_t(int64_t)>& instant_of);

}  // namespace waypost

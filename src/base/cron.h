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

// The first reading of the wall clock, in milliseconds, at or after `from_ms` when it comes round;
// nothing when there is none within nine years ("0 0 30 2 *").
std::optional<int64_t> NextWallTime(const Cron& cron, int64_t from_ms);

}  // namespace waypost

// When a recurring run of a journey comes round: every occurrence is a local date and time, so it
// has one name for ever and can be run once only, whatever restarts and re-saves.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/cron.h"
#include "journeys/civil_time.h"
#include "journeys/lunar.h"

namespace waypost::journeys {

struct Schedule {
  enum class Every : uint8_t { kOnce, kDay, kWeek, kMonth, kFestival, kCron } every = Every::kOnce;
  enum class MonthEnd : uint8_t { kLastDay, kSkip, kNextDay } month_end = MonthEnd::kLastDay;
  enum class CatchUp : uint8_t { kLatest, kAll, kNone } catch_up = CatchUp::kLatest;
  int64_t at_ms = 0;        // time of day; not of kCron
  uint8_t weekdays = 0x7F;  // of kWeek; bit 0 = Monday
  int32_t interval = 1;     // every so many days, weeks or months from `anchor_day`
  int64_t anchor_day = 0;   // the day itself for kOnce
  int32_t month_day = 1;    // 1..31
  std::string festival;     // of kFestival: a name of journeys/lunar.h
  int32_t offset_days = 0;  // of kFestival
  Cron cron;                // of kCron, from `anchor_day` on
  Adjust adjust = Adjust::kNone;
  Span grace{.ms = 6 * 3'600'000};
  bool run_now = false;
  friend bool operator==(const Schedule&, const Schedule&) = default;
};

struct Occurrence {
  int64_t day = 0;    // local
  int64_t at_ms = 0;  // instant
  int64_t run = 0;    // its name: the local day and time, in milliseconds from 1970-01-01 on
};

// A day that comes round each year: by the calendar, where the 29th of February is the 28th or the
// 1st of March in other years, or by the lunar one.
struct ComesRound {
  enum class Every : uint8_t { kOnce, kYear, kLunarYear } every = Every::kOnce;
  bool leap_day_in_march = false;                     // of kYear
  LeapRule leap_month = LeapRule::kExactElseRegular;  // of kLunarYear
  friend bool operator==(const ComesRound&, const ComesRound&) = default;
};
// The days that `day` comes round on in the years from `first_year` to `last_year`, in order; of
// lunar years those that the table has. REQUIRES: `rule` says how.
std::vector<int64_t> Anniversaries(int64_t day, const ComesRound& rule, int first_year,
                                   int last_year);

// The first occurrence at or after `from_ms`; nothing when there is none within 5 years (9 of a
// cron line), or a calendar year it needs is not known. A time of day that the clock skips comes
// when it is set forward; one that it shows twice comes the first time.
std::optional<Occurrence> NextOccurrence(const Schedule& schedule, int64_t from_ms, Zone zone,
                                         const Holidays& holidays);

}  // namespace waypost::journeys

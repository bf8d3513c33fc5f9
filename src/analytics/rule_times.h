// The times in rules: what `3 DAYS AGO`, `LAST 2 WEEKS` or '2026-03-01' mean at a moment of
// evaluation in a time zone, and for how long after it they go on meaning the same.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "analytics/calendar.h"
#include "base/result.h"
#include "eql/rule.h"
#include "exec/time_buckets.h"

namespace waypost::analytics {

// "eql_unknown" at a place of a rule.
Error Unknown(const eql::Place& place, std::string_view what);

// For one rule, of one thread. Errors: "eql_unknown" with the place.
class RuleTimes {
 public:
  // `of_past`: the moment is another than now.
  RuleTimes(const Calendar& calendar, int64_t base_ms, bool of_past = false)
      : calendar_(calendar), base_ms_(base_ms), of_past_(of_past) {}

  int64_t base_ms() const { return base_ms_; }
  bool of_past() const { return of_past_; }

  // The instant a value means; `end`: the last millisecond of a day that is written as a date.
  Result<int64_t> Instant(const eql::Place& place, const eql::Value& value, bool end = false);

  // From inclusive, to exclusive.
  Result<exec::TimeRange> Range(const eql::Place& place, const eql::Range& range);

  // The time of events, whose ends may roll with the moment.
  struct EventTime {
    exec::TimeRange time;
    bool rolls_from = false, rolls_to = false;
  };
  Result<EventTime> OfEvents(const eql::Rule& rule);

  // Every day up to that of the moment.
  exec::TimeBuckets Days();

  // The day of an instant, as '2026-03-01'.
  std::string DateOf(int64_t instant_ms) const;

  // The milliseconds of a span that has a fixed length.
  static Result<int64_t> Length(const eql::Place& place, const eql::Span& span);

  // How long all that was asked so far stays the same, as ResolvedQuery says it.
  int64_t same_days_until_ms() const { return days_until_ms_; }
  bool drifts() const { return drifts_; }
  int64_t same_until_ms() const { return drifts_ || rolls_ ? base_ms_ + 1 : days_until_ms_; }

 private:
  // The moment of evaluation, for what follows it at every step; and for what depends only on which
  // day it is.
  int64_t Moment();
  int64_t Day();
  int64_t Today() { return calendar_.Floor(Day(), CalendarUnit::kDay); }
  int64_t Ago(const eql::Span& span, bool end);
  Result<exec::TimeRange> Relative(const eql::Place& place, const eql::Range& range);

  const Calendar& calendar_;
  const int64_t base_ms_;
  const bool of_past_;
  int64_t days_until_ms_ = std::numeric_limits<int64_t>::max();
  bool drifts_ = false, rolls_ = false;
};

}  // namespace waypost::analytics

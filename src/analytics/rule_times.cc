#include "analytics/rule_times.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "eql/text.h"

namespace waypost::analytics {
namespace {

using eql::Place;

// Days are counted from here on; what is older counts as the day before.
constexpr int64_t kFirstDayMs = 631'152'000'000;  // 1990-01-01

int64_t UnitMs(eql::Unit unit) {
  switch (unit) {
    case eql::Unit::kSecond:
      return 1'000;
    case eql::Unit::kMinute:
      return 60'000;
    case eql::Unit::kHour:
      return 3'600'000;
    case eql::Unit::kDay:
      return kDayMs;
    case eql::Unit::kWeek:
      return 7 * kDayMs;
    default:
      return 0;
  }
}

CalendarUnit CalendarUnitOf(eql::Unit unit) {
  switch (unit) {
    case eql::Unit::kWeek:
      return CalendarUnit::kWeek;
    case eql::Unit::kMonth:
      return CalendarUnit::kMonth;
    case eql::Unit::kQuarter:
      return CalendarUnit::kQuarter;
    case eql::Unit::kYear:
      return CalendarUnit::kYear;
    default:
      return CalendarUnit::kDay;
  }
}

}  // namespace

Error Unknown(const Place& place, std::string_view what) {
  return eql::ErrorAt(place, "eql_unknown", what);
}

Result<int64_t> RuleTimes::Instant(const Place& place, const eql::Value& value, bool end) {
  switch (value.kind) {
    case eql::Value::Kind::kNow:
      return Moment();
    case eql::Value::Kind::kToday:
      return end ? calendar_.Step(Day(), CalendarUnit::kDay, 1) - 1 : Today();
    case eql::Value::Kind::kAgo:
      return Ago(value.ago, end);
    case eql::Value::Kind::kText: {
      if (const auto days = ParseDate(value.text)) {
        const int64_t begin = calendar_.Instant(*days * kDayMs);
        return end ? calendar_.Step(begin, CalendarUnit::kDay, 1) - 1 : begin;
      }
      if (const auto written = ParseDateTime(value.text)) return calendar_.Instant(*written);
      break;
    }
    default:
      break;
  }
  return Unknown(
      place, fmt::format("'{}' is no time; write '2026-03-01' or '2026-03-01 09:00'", value.text));
}

int64_t RuleTimes::Moment() {
  drifts_ = true;
  return base_ms_;
}

int64_t RuleTimes::Day() {
  days_until_ms_ = std::min(days_until_ms_, calendar_.Step(base_ms_, CalendarUnit::kDay, 1));
  return base_ms_;
}

int64_t RuleTimes::Ago(const eql::Span& span, bool end) {
  if (span.unit <= eql::Unit::kHour) return Moment() - span.count * UnitMs(span.unit);
  int64_t begin = Today();
  switch (span.unit) {
    case eql::Unit::kMonth:
      begin = calendar_.AddMonths(begin, -span.count);
      break;
    case eql::Unit::kQuarter:
      begin = calendar_.AddMonths(begin, -3 * span.count);
      break;
    case eql::Unit::kYear:
      begin = calendar_.AddMonths(begin, -12 * span.count);
      break;
    default:
      begin = calendar_.Step(begin, CalendarUnit::kDay,
                             -span.count * (span.unit == eql::Unit::kWeek ? 7 : 1));
  }
  return end ? calendar_.Step(begin, CalendarUnit::kDay, 1) - 1 : begin;
}

Result<RuleTimes::EventTime> RuleTimes::OfEvents(const eql::Rule& rule) {
  const bool drifts = std::exchange(drifts_, false);
  EventTime of{.time = TRY(Range(rule.place, rule.range))};
  if (drifts_) {
    const auto rolls = [](const eql::Value& end) {
      return end.kind == eql::Value::Kind::kNow ||
             (end.kind == eql::Value::Kind::kAgo && end.ago.unit <= eql::Unit::kHour);
    };
    const bool relative = rule.range.kind <= eql::Range::Kind::kNext;
    of.rolls_from = relative || rolls(rule.range.from);
    of.rolls_to = relative || rolls(rule.range.to);
    rolls_ = true;
  }
  drifts_ = drifts;
  return of;
}

Result<exec::TimeRange> RuleTimes::Range(const Place& place, const eql::Range& range) {
  exec::TimeRange time;  // always
  switch (range.kind) {
    case eql::Range::Kind::kNone:
      return time;
    case eql::Range::Kind::kSince:
      time.from_ms = TRY(Instant(place, range.from));
      return time;
    case eql::Range::Kind::kBetween:
      time = {TRY(Instant(place, range.from)), TRY(Instant(place, range.to, true)) + 1};
      if (time.from_ms >= time.to_ms) return Unknown(place, "the range ends before it begins");
      return time;
    default:
      return Relative(place, range);
  }
}

Result<exec::TimeRange> RuleTimes::Relative(const Place& place, const eql::Range& range) {
  const bool last = range.kind == eql::Range::Kind::kLast;
  const eql::Span& span = range.span;
  if (span.unit <= eql::Unit::kHour) {
    const int64_t ms = span.count * UnitMs(span.unit);
    const int64_t now = Moment();
    return last ? exec::TimeRange{now - ms, now + 1} : exec::TimeRange{now, now + ms + 1};
  }
  constexpr int64_t kMost = 36'600;
  if (span.count > kMost) return Unknown(place, fmt::format("over {} units", kMost));
  const CalendarUnit unit = CalendarUnitOf(span.unit);
  const int64_t current = range.current;
  const auto step = [&](int64_t count) { return calendar_.Step(Day(), unit, count); };
  return last ? exec::TimeRange{step(current - span.count), step(current)}
              : exec::TimeRange{step(1 - current), step(1 - current + span.count)};
}

exec::TimeBuckets RuleTimes::Days() {
  const int64_t tomorrow = calendar_.Step(Day(), CalendarUnit::kDay, 1);
  return calendar_.Buckets({std::min(kFirstDayMs, tomorrow - kDayMs), tomorrow},
                           CalendarUnit::kDay);
}

std::string RuleTimes::DateOf(int64_t instant_ms) const {
  const int64_t wall = calendar_.Wall(instant_ms);
  return DateText((wall - (wall % kDayMs + kDayMs) % kDayMs) / kDayMs);
}

Result<int64_t> RuleTimes::Length(const Place& place, const eql::Span& span) {
  const int64_t ms = UnitMs(span.unit) * span.count;
  if (ms == 0)
    return Unknown(place, "a month has no fixed length: give WITHIN in weeks, days or less");
  return ms;
}

}  // namespace waypost::analytics

#include "analytics/calendar.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "base/clock.h"

namespace waypost::analytics {
namespace {

using std::chrono::milliseconds;

constexpr int64_t kHourMs = 3'600'000;

int64_t FloorTo(int64_t v, int64_t unit) { return v - ((v % unit) + unit) % unit; }

date::year_month_day DayOf(int64_t wall_ms) {
  return date::year_month_day(
      date::floor<date::days>(date::local_time<milliseconds>(milliseconds(wall_ms))));
}

int64_t WallOf(const date::year_month_day& day) {
  return milliseconds(date::local_days(day).time_since_epoch()).count();
}

// Local midnight of the first of the month `months` away.
int64_t MonthBegin(const date::year_month_day& day, int64_t months) {
  const auto month = day.year() / day.month() + date::months(months);
  return WallOf(month / date::day(1));
}

// 1970-01-01 was a Thursday.
int64_t WeekOffset(Calendar::WeekStart start) {
  switch (start) {
    case Calendar::WeekStart::kMonday:
      return 3;
    case Calendar::WeekStart::kSunday:
      return 4;
    case Calendar::WeekStart::kSaturday:
      return 5;
  }
  return 3;
}

}  // namespace

std::string_view CalendarUnitName(CalendarUnit unit) {
  constexpr std::string_view kNames[] = {"hour", "day", "week", "month", "quarter", "year"};
  return kNames[static_cast<size_t>(unit)];
}

Result<Calendar> Calendar::Of(std::string_view zone) {
  try {
    return Calendar(date::locate_zone(std::string(zone)), zone);
  } catch (const std::runtime_error&) {
    return Error(
        Code::kInvalid, "bad_question",
        fmt::format("there is no time zone '{}'; use an IANA name such as Asia/Shanghai", zone));
  }
}

int64_t Calendar::Instant(int64_t wall_ms) const {
  const date::local_time<milliseconds> wall{milliseconds(wall_ms)};
  return zone_->to_sys(wall, date::choose::earliest).time_since_epoch().count();
}

int64_t Calendar::Wall(int64_t instant_ms) const {
  return zone_->to_local(date::sys_time<milliseconds>(milliseconds(instant_ms)))
      .time_since_epoch()
      .count();
}

int64_t Calendar::Instant(const WrittenTime& written) const {
  return written.offset_minutes ? written.UtcMs() : Instant(written.wall_ms);
}

int64_t Calendar::Floor(int64_t instant_ms, CalendarUnit unit) const {
  return Step(instant_ms, unit, 0);
}

int64_t Calendar::Step(int64_t instant_ms, CalendarUnit unit, int64_t count) const {
  if (unit == CalendarUnit::kHour) {
    // Hours go on evenly through clock changes; only zones off by half an hour shift them.
    const int64_t offset = Wall(instant_ms) - instant_ms;
    return FloorTo(instant_ms + offset, kHourMs) - offset + count * kHourMs;
  }
  const int64_t wall = Wall(instant_ms) - day_start_ms;
  const int64_t day = FloorTo(wall, kDayMs);
  int64_t begin = day + count * kDayMs;
  if (unit == CalendarUnit::kWeek) {
    const int64_t shift = WeekOffset(week_start) * kDayMs;
    begin = FloorTo(day + shift, 7 * kDayMs) - shift + count * 7 * kDayMs;
  } else if (unit != CalendarUnit::kDay) {
    const date::year_month_day at = DayOf(day);
    const auto month = static_cast<int64_t>(static_cast<unsigned>(at.month())) - 1;
    if (unit == CalendarUnit::kMonth) begin = MonthBegin(at, count);
    if (unit == CalendarUnit::kQuarter) begin = MonthBegin(at, count * 3 - month % 3);
    if (unit == CalendarUnit::kYear) begin = MonthBegin(at, count * 12 - month);
  }
  return Instant(begin + day_start_ms);
}

int64_t Calendar::AddMonths(int64_t instant_ms, int64_t months) const {
  const int64_t wall = Wall(instant_ms);
  const date::year_month_day day = DayOf(wall);
  const auto month = day.year() / day.month() + date::months(months);
  const date::day last = (month / date::last).day();
  return Instant(WallOf(month / std::min(day.day(), last)) + wall - FloorTo(wall, kDayMs));
}

exec::TimeBuckets Calendar::Buckets(const exec::TimeRange& range, CalendarUnit unit) const {
  std::vector<int64_t> edges = {range.from_ms};
  for (int64_t at = range.from_ms;;) {
    const int64_t next = Step(at, unit, 1);
    // A clock change can make two local hours one instant.
    at = std::max(next, at + 1);
    if (at >= range.to_ms) break;
    edges.push_back(at);
  }
  edges.push_back(range.to_ms);
  return exec::TimeBuckets(std::move(edges));
}

std::string Calendar::Text(int64_t instant_ms) const {
  const int64_t wall = Wall(instant_ms);
  const int64_t offset_minutes = (wall - instant_ms) / 60'000;
  std::string text = DateTimeText(wall);
  text.pop_back();
  if (text.ends_with(".000")) text.resize(text.size() - 4);
  return fmt::format("{}{}{:02}:{:02}", text, offset_minutes < 0 ? '-' : '+',
                     std::abs(offset_minutes) / 60, std::abs(offset_minutes) % 60);
}

}  // namespace waypost::analytics

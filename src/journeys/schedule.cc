#include "journeys/schedule.h"

#include <algorithm>

#include "base/clock.h"
#include "journeys/lunar.h"

namespace waypost::journeys {
namespace {

using Every = Schedule::Every;
constexpr int64_t kSearchDays = 5 * 366;

int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0); }

// The day of the month's occurrence; nothing when the month has none.
std::optional<int64_t> InMonth(const Schedule& schedule, int year, int month) {
  const int days = DaysInMonth(year, month);
  if (schedule.month_day <= days) return FromCivil({year, month, schedule.month_day});
  const std::optional<int64_t> last = FromCivil({year, month, days});
  if (schedule.month_end == Schedule::MonthEnd::kSkip) return {};
  return schedule.month_end == Schedule::MonthEnd::kLastDay ? last : *last + 1;
}

// The rule, before it is moved to a working day, holds on this day.
bool FallsOn(const Schedule& schedule, int64_t day) {
  if (day < schedule.anchor_day) return false;
  switch (schedule.every) {
    case Every::kOnce:
      return day == schedule.anchor_day;
    case Every::kDay:
      return (day - schedule.anchor_day) % schedule.interval == 0;
    case Every::kWeek: {
      // Weeks begin on Monday; day 0 was a Thursday.
      const int64_t week = FloorDivide(day + 3, 7) - FloorDivide(schedule.anchor_day + 3, 7);
      return (schedule.weekdays >> WeekdayOf(day) & 1) && week % schedule.interval == 0;
    }
    case Every::kMonth: {
      const CivilDate date = ToCivil(day), before = ToCivil(AddMonths(day, -1)),
                      anchor = ToCivil(schedule.anchor_day);
      for (const CivilDate& month : {date, before}) {
        if (InMonth(schedule, month.year, month.month) != day) continue;
        if (schedule.interval == 1) return true;
        return ((month.year - anchor.year) * 12 + month.month - anchor.month) % schedule.interval ==
               0;
      }
      return false;
    }
    case Every::kCron:
      return false;  // NextByCron
    case Every::kFestival: {
      const int year = ToCivil(day).year;
      for (int y = year - 1; y <= year + 1; ++y) {
        const std::optional<int64_t> festival = FestivalDay(schedule.festival, y);
        if (festival && *festival + schedule.offset_days == day) return true;
      }
      return false;
    }
  }
  return false;
}

std::optional<Occurrence> NextByCron(const Schedule& schedule, int64_t from_ms, Zone zone) {
  const auto next = NextTime(schedule.cron, std::max(zone.DayOf(from_ms), schedule.anchor_day),
                             from_ms, [&](int64_t wall_ms) { return zone.ToInstant(wall_ms); });
  if (!next) return {};
  return Occurrence{FloorDivide(next->wall_ms, kDayMs), next->at_ms, next->wall_ms};
}

}  // namespace

std::optional<Occurrence> NextOccurrence(const Schedule& schedule, int64_t from_ms, Zone zone,
                                         const Holidays& holidays) {
  if (schedule.every == Every::kCron) return NextByCron(schedule, from_ms, zone);
  // An adjustment moves a day by less than a fortnight.
  const int64_t first = zone.DayOf(from_ms) - (schedule.adjust == Adjust::kNone ? 1 : 15);
  std::optional<Occurrence> next;
  for (int64_t day = std::max(first, schedule.anchor_day); day < first + kSearchDays; ++day) {
    if (!FallsOn(schedule, day)) continue;
    const std::optional<int64_t> moved = holidays.Adjusted(day, schedule.adjust);
    if (!moved) {
      if (schedule.adjust != Adjust::kDrop || !holidays.IsWorkingDay(day)) return next;
      continue;
    }
    const int64_t at = zone.ToInstant(*moved * kDayMs + schedule.at_ms);
    if (at >= from_ms && (!next || at < next->at_ms))
      next = Occurrence{*moved, at, *moved * kDayMs + schedule.at_ms};
    if (next && day > next->day + 15) break;
    if (next && schedule.adjust == Adjust::kNone) break;
  }
  return next;
}

std::vector<int64_t> Anniversaries(int64_t day, const ComesRound& rule, int first_year,
                                   int last_year) {
  std::vector<int64_t> days;
  const CivilDate born = ToCivil(day);
  const std::optional<LunarDate> lunar =
      rule.every == ComesRound::Every::kLunarYear ? DayToLunar(day) : std::nullopt;
  for (int year = first_year; year <= last_year; ++year) {
    if (rule.every == ComesRound::Every::kYear) {
      const int64_t same = AddMonths(day, 12 * (year - born.year));
      const bool moved = ToCivil(same).day != born.day;
      days.push_back(same + (moved && rule.leap_day_in_march ? 1 : 0));
    } else if (lunar) {
      const LunarOccurrence one = LunarAnniversary(*lunar, year, rule.leap_month);
      if (one.first) days.push_back(*one.first);
      if (one.second) days.push_back(*one.second);
    }
  }
  return days;
}

}  // namespace waypost::journeys

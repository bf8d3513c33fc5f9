#include "journeys/lunar.h"

#include "journeys/civil_time.h"
#include "journeys/lunar_table.h"

namespace waypost::journeys {
namespace {

const LunarYear* YearOf(int year) {
  const bool known =
      year >= kFirstLunarYear && year < kFirstLunarYear + static_cast<int>(std::size(kLunarYears));
  return known ? &kLunarYears[year - kFirstLunarYear] : nullptr;
}

// Months in order of the year: 1, 2, ..., the leap one after its regular one.
int MonthsIn(const LunarYear& year) { return year.leap_month ? 13 : 12; }
int PlaceOf(const LunarYear& year, int month, bool leap) {
  const bool after_leap = year.leap_month != 0 && month > year.leap_month;
  return month - 1 + (leap || after_leap ? 1 : 0);
}
int DaysAt(const LunarYear& year, int place) { return year.long_months >> place & 1 ? 30 : 29; }

bool HasMonth(const LunarYear& year, int month, bool leap) {
  return month >= 1 && month <= 12 && (!leap || year.leap_month == month);
}

struct Fixed {
  std::string_view name;
  int month, day;
};
constexpr Fixed kFestivals[] = {
    {"spring_festival", 1, 1}, {"lantern", 1, 15},     {"dragon_boat", 5, 5}, {"qixi", 7, 7},
    {"mid_autumn", 8, 15},     {"double_ninth", 9, 9}, {"laba", 12, 8}};

}  // namespace

int LeapMonthOf(int year) {
  const LunarYear* found = YearOf(year);
  return found ? found->leap_month : 0;
}

int LunarMonthDays(int year, int month, bool leap) {
  const LunarYear* found = YearOf(year);
  if (!found || !HasMonth(*found, month, leap)) return 0;
  return DaysAt(*found, PlaceOf(*found, month, leap));
}

std::optional<int64_t> LunarToDay(const LunarDate& date) {
  const LunarYear* year = YearOf(date.year);
  if (!year || date.day < 1 || date.day > LunarMonthDays(date.year, date.month, date.leap))
    return {};
  int64_t day = year->first_day + date.day - 1;
  for (int place = 0; place < PlaceOf(*year, date.month, date.leap); ++place) {
    day += DaysAt(*year, place);
  }
  return day;
}

std::optional<LunarDate> DayToLunar(int64_t day) {
  int number = ToCivil(day).year;
  const LunarYear* year = YearOf(number);
  if (!year || day < year->first_day) year = YearOf(--number);
  if (!year || day < year->first_day) return {};
  int64_t left = day - year->first_day;
  for (int place = 0; place < MonthsIn(*year); left -= DaysAt(*year, place++)) {
    if (left >= DaysAt(*year, place)) continue;
    const bool leap = year->leap_month != 0 && place == year->leap_month;
    const bool after = year->leap_month != 0 && place > year->leap_month;
    return LunarDate{number, place + 1 - (leap || after ? 1 : 0), static_cast<int>(left) + 1, leap};
  }
  return {};
}

LunarOccurrence LunarAnniversary(const LunarDate& born, int year, LeapRule rule) {
  const auto in = [&](bool leap) -> std::optional<int64_t> {
    const int days = LunarMonthDays(year, born.month, leap);
    if (days == 0) return {};
    return LunarToDay({year, born.month, born.day > days ? days : born.day, leap});
  };
  if (!born.leap || rule == LeapRule::kRegularOnly) return {in(false), {}};
  if (rule == LeapRule::kBoth) return {in(false), in(true)};
  const std::optional<int64_t> exact = in(true);
  return {exact ? exact : in(false), {}};
}

std::optional<int64_t> FestivalDay(std::string_view name, int year) {
  const LunarYear* found = YearOf(year);
  if (!found) return {};
  for (const Fixed& festival : kFestivals) {
    if (festival.name == name) return LunarToDay({year, festival.month, festival.day, false});
  }
  const std::optional<int64_t> january = FromCivil({year, 1, 1});
  if (name == "qingming") return *january + found->qingming;
  if (name == "dongzhi") return *january + found->dongzhi;
  if (name != "new_years_eve") return {};
  int64_t day = found->first_day - 1;
  for (int place = 0; place < MonthsIn(*found); ++place) day += DaysAt(*found, place);
  return day;
}

}  // namespace waypost::journeys

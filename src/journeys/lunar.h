// The Chinese calendar by table, 1900 to 2100, by the rules of GB/T 33661-2017; lunar_table.py says
// how the table was made and what it was compared with. Never computed at run time.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace waypost::journeys {

struct LunarDate {
  int year = 0;  // the year that begins at the Spring Festival of that Gregorian year
  int month = 0;
  int day = 0;
  bool leap = false;
  friend bool operator==(const LunarDate&, const LunarDate&) = default;
};

enum class LeapRule : uint8_t { kExactElseRegular, kRegularOnly, kBoth };

// 0 when the year has none, or is not in the table.
int LeapMonthOf(int year);
// 29 or 30; 0 when there is no such month.
int LunarMonthDays(int year, int month, bool leap);
// Days since 1970-01-01. Nothing when there is no such date.
std::optional<int64_t> LunarToDay(const LunarDate& date);
std::optional<LunarDate> DayToLunar(int64_t day);

// When a date kept by the lunar calendar comes round in a lunar year: day 30 of a month with 29 is
// its last; a leap month that the year lacks is the regular one. With kBoth the regular month's
// date is `first` and the leap month's `second`.
struct LunarOccurrence {
  std::optional<int64_t> first, second;
};
LunarOccurrence LunarAnniversary(const LunarDate& born, int year, LeapRule rule);

// "spring_festival", "new_years_eve", "lantern", "dragon_boat", "qixi", "mid_autumn",
// "double_ninth", "laba", "qingming", "dongzhi": the day in the lunar year (qingming and dongzhi:
// in the Gregorian year). Nothing for other names and years outside the table.
std::optional<int64_t> FestivalDay(std::string_view name, int year);

}  // namespace waypost::journeys

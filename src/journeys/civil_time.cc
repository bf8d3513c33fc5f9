#include "journeys/civil_time.h"

#include <date/tz.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "base/clock.h"

namespace waypost::journeys {
namespace {

using std::chrono::milliseconds;

int64_t FloorDay(int64_t wall_ms) {
  return (wall_ms >= 0 ? wall_ms : wall_ms - kDayMs + 1) / kDayMs;
}

bool HoldsDay(const Window& window, int64_t day, const Holidays& holidays) {
  if (window.days == Window::Days::kWeekdays) return window.weekdays >> WeekdayOf(day) & 1;
  const std::optional<bool> working = holidays.IsWorkingDay(day);
  return working && *working == (window.days == Window::Days::kWorking);
}

// The window that opens on this local day, as instants.
struct Opening {
  int64_t from_ms = 0, to_ms = 0;
};
Opening OpeningOn(const Window& window, int64_t day, Zone zone) {
  const int64_t to_day = window.to_ms <= window.from_ms ? day + 1 : day;
  return {zone.ToInstant(day * kDayMs + window.from_ms),
          zone.ToInstant(to_day * kDayMs + window.to_ms)};
}

}  // namespace

std::optional<Zone> Zone::Find(std::string_view name) {
  try {
    return Zone(date::locate_zone(std::string(name)));
  } catch (const std::runtime_error&) {
    return {};
  }
}

Zone Zone::Utc() {
  static const Zone utc = [] {
    const std::optional<Zone> found = Find("UTC");
    CHECK(found);
    return *found;
  }();
  return utc;
}

Zone Zone::Usual() {
  static const Zone usual = [] {
    const std::optional<Zone> found = Find("Asia/Shanghai");
    CHECK(found);
    return *found;
  }();
  return usual;
}

std::string_view Zone::name() const { return zone_->name(); }

int64_t Zone::ToInstant(int64_t wall_ms) const {
  const date::local_info info = zone_->get_info(
      date::floor<std::chrono::seconds>(date::local_time<milliseconds>(milliseconds(wall_ms))));
  return wall_ms - milliseconds(info.first.offset).count();
}

int64_t Zone::ToWall(int64_t instant_ms) const {
  const date::sys_info info = zone_->get_info(
      date::floor<std::chrono::seconds>(date::sys_time<milliseconds>(milliseconds(instant_ms))));
  return instant_ms + milliseconds(info.offset).count();
}

int64_t Zone::DayOf(int64_t instant_ms) const { return FloorDay(ToWall(instant_ms)); }

std::optional<Span> ParseSpan(std::string_view text) {
  int64_t count = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || count < 0 || text.front() == '-') return {};
  const std::string_view unit(end, static_cast<size_t>(text.data() + text.size() - end));
  constexpr int64_t kMax = 36'525 * kDayMs;
  constexpr std::pair<std::string_view, int64_t> kFixed[] = {
      {"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}};
  for (const auto& [name, ms] : kFixed) {
    if (unit == name && count <= kMax / ms) return Span{.ms = count * ms};
  }
  if (count > 36'525) return {};
  const auto whole = static_cast<int32_t>(count);
  if (unit == "d") return Span{.days = whole};
  if (unit == "w" && whole <= 5'000) return Span{.days = whole * 7};
  if (unit == "mo" && whole <= 1'200) return Span{.months = whole};
  return {};
}

std::optional<int64_t> ParseTimeOfDay(std::string_view text) {
  if (text.size() != 5 && text.size() != 8) return {};
  int64_t parts[3] = {};
  for (size_t i = 0; i * 3 < text.size(); ++i) {
    const char high = text[i * 3], low = text[i * 3 + 1];
    if (high < '0' || high > '9' || low < '0' || low > '9') return {};
    if (i > 0 && text[i * 3 - 1] != ':') return {};
    parts[i] = (high - '0') * 10 + (low - '0');
  }
  if (parts[0] > 23 || parts[1] > 59 || parts[2] > 59) return {};
  return ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1'000;
}

int64_t AddSpan(int64_t instant_ms, const Span& span, Zone zone) {
  if (span.days == 0 && span.months == 0) return instant_ms + span.ms;
  const int64_t wall = zone.ToWall(instant_ms);
  const int64_t day = FloorDay(wall);
  const int64_t later = AddMonths(day, span.months) + span.days;
  return zone.ToInstant(later * kDayMs + (wall - day * kDayMs)) + span.ms;
}

int64_t AddMonths(int64_t day, int64_t months) {
  const CivilDate date = ToCivil(day);
  const int64_t month = int64_t{date.year} * 12 + date.month - 1 + months;
  const int year = static_cast<int>(month / 12), in_year = static_cast<int>(month % 12) + 1;
  const std::optional<int64_t> there =
      FromCivil({year, in_year, std::min(date.day, DaysInMonth(year, in_year))});
  CHECK(there);
  return *there;
}

int64_t NextLocalTime(int64_t instant_ms, int64_t time_of_day_ms, Zone zone) {
  for (int64_t day = zone.DayOf(instant_ms);; ++day) {
    const int64_t at = zone.ToInstant(day * kDayMs + time_of_day_ms);
    if (at >= instant_ms) return at;
  }
}

int WeekdayOf(int64_t day) { return static_cast<int>(((day + 3) % 7 + 7) % 7); }

CivilDate ToCivil(int64_t day) {
  const date::year_month_day ymd{date::sys_days(date::days(day))};
  return {static_cast<int>(ymd.year()), static_cast<int>(static_cast<unsigned>(ymd.month())),
          static_cast<int>(static_cast<unsigned>(ymd.day()))};
}

std::optional<int64_t> FromCivil(const CivilDate& at) {
  const auto ymd = date::year(at.year) / at.month / at.day;
  if (!ymd.ok()) return {};
  return date::sys_days(ymd).time_since_epoch().count();
}

int DaysInMonth(int year, int month) {
  const date::year_month_day_last last{
      date::year(year), date::month_day_last(date::month(static_cast<unsigned>(month)))};
  return static_cast<int>(static_cast<unsigned>(last.day()));
}

bool InWindows(int64_t instant_ms, std::span<const Window> windows, Zone zone,
               const Holidays& holidays) {
  const int64_t today = zone.DayOf(instant_ms);
  for (const Window& window : windows) {
    for (int64_t day = today - 1; day <= today; ++day) {
      if (!HoldsDay(window, day, holidays)) continue;
      const Opening open = OpeningOn(window, day, zone);
      if (instant_ms >= open.from_ms && instant_ms < open.to_ms) return true;
    }
  }
  return false;
}

std::optional<int64_t> NextInWindows(int64_t instant_ms, std::span<const Window> windows, Zone zone,
                                     const Holidays& holidays) {
  if (InWindows(instant_ms, windows, zone, holidays)) return instant_ms;
  const int64_t today = zone.DayOf(instant_ms);
  for (int64_t day = today; day < today + 400; ++day) {
    std::optional<int64_t> first;
    for (const Window& window : windows) {
      if (!HoldsDay(window, day, holidays)) continue;
      const Opening open = OpeningOn(window, day, zone);
      if (open.from_ms < instant_ms || open.to_ms <= open.from_ms) continue;
      first = std::min(first.value_or(open.from_ms), open.from_ms);
    }
    if (first) return first;
  }
  return {};
}

}  // namespace waypost::journeys

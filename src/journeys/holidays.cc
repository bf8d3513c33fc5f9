#include "journeys/holidays.h"

#include <boost/json/parse.hpp>

#include "journeys/civil_time.h"
#include "model/time_text.h"

namespace waypost::journeys {
namespace {

struct Stretch {
  std::string_view first, last;
};

struct ChinaYear {
  int year;
  std::initializer_list<Stretch> off;
  std::initializer_list<std::string_view> worked;
};

const ChinaYear kChina[] = {
    {2024,
     {{"2024-01-01", "2024-01-01"},
      {"2024-02-10", "2024-02-17"},
      {"2024-04-04", "2024-04-06"},
      {"2024-05-01", "2024-05-05"},
      {"2024-06-08", "2024-06-10"},
      {"2024-09-15", "2024-09-17"},
      {"2024-10-01", "2024-10-07"}},
     {"2024-02-04", "2024-02-18", "2024-04-07", "2024-04-28", "2024-05-11", "2024-09-14",
      "2024-09-29", "2024-10-12"}},
    {2025,
     {{"2025-01-01", "2025-01-01"},
      {"2025-01-28", "2025-02-04"},
      {"2025-04-04", "2025-04-06"},
      {"2025-05-01", "2025-05-05"},
      {"2025-05-31", "2025-06-02"},
      {"2025-10-01", "2025-10-08"}},
     {"2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"}},
    {2026,
     {{"2026-01-01", "2026-01-03"},
      {"2026-02-15", "2026-02-23"},
      {"2026-04-04", "2026-04-06"},
      {"2026-05-01", "2026-05-05"},
      {"2026-06-19", "2026-06-21"},
      {"2026-09-25", "2026-09-27"},
      {"2026-10-01", "2026-10-07"}},
     {"2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"}},
};

int64_t Day(std::string_view text) {
  const std::optional<int64_t> day = ParseDate(text);
  CHECK(day);
  return *day;
}

Error BadCalendar(std::string what) {
  return Error(Code::kInvalid, "bad_calendar", std::move(what));
}

}  // namespace

const Holidays& Holidays::China() {
  static const Holidays china = [] {
    Holidays table;
    for (const ChinaYear& year : kChina) {
      std::set<int64_t> off, worked;
      for (const Stretch& stretch : year.off) {
        for (int64_t day = Day(stretch.first); day <= Day(stretch.last); ++day) off.insert(day);
      }
      for (const std::string_view day : year.worked) worked.insert(Day(day));
      table.SetYear(year.year, std::move(off), std::move(worked));
    }
    return table;
  }();
  return china;
}

void Holidays::SetYear(int year, std::set<int64_t> off, std::set<int64_t> worked) {
  years_[year] = {std::move(off), std::move(worked), true};
}

Result<> Holidays::ImportYear(std::string_view json) {
  boost::system::error_code fault;
  const boost::json::value paper = boost::json::parse(json, fault);
  const auto* object = fault ? nullptr : paper.if_object();
  const auto* year = object ? object->if_contains("year") : nullptr;
  const auto* days = object ? object->if_contains("days") : nullptr;
  if (!year || !year->is_int64() || !days || !days->is_array()) {
    return BadCalendar("give {\"year\": ..., \"days\": [{\"date\", \"isOffDay\"}, ...]}");
  }
  std::map<int, Year> changed = years_;
  changed[static_cast<int>(year->get_int64())].known = true;
  for (const auto& item : days->get_array()) {
    const auto* one = item.if_object();
    const auto* date = one ? one->if_contains("date") : nullptr;
    const auto* off = one ? one->if_contains("isOffDay") : nullptr;
    const std::optional<int64_t> day =
        date && date->is_string() ? ParseDate(date->get_string()) : std::nullopt;
    if (!day || !off || !off->is_bool()) {
      return BadCalendar("day " +
                         std::string(date && date->is_string()
                                         ? std::string_view(date->get_string())
                                         : std::string_view("without a date")) +
                         ": give a date as YYYY-MM-DD and isOffDay as true or false");
    }
    Year& of = changed[ToCivil(*day).year];
    of.off.erase(*day);
    of.worked.erase(*day);
    (off->get_bool() ? of.off : of.worked).insert(*day);
  }
  years_ = std::move(changed);
  return {};
}

std::optional<bool> Holidays::IsWorkingDay(int64_t day) const {
  const auto year = years_.find(ToCivil(day).year);
  if (year == years_.end() || !year->second.known) return {};
  if (year->second.worked.contains(day)) return true;
  return !year->second.off.contains(day) && WeekdayOf(day) < 5;
}

std::optional<int64_t> Holidays::Adjusted(int64_t day, Adjust how) const {
  if (how == Adjust::kNone) return day;
  const auto search = [&](int64_t step) -> std::optional<int64_t> {
    for (int64_t at = day;; at += step) {
      const std::optional<bool> working = IsWorkingDay(at);
      if (!working) return {};
      if (*working) return at;
    }
  };
  const std::optional<bool> working = IsWorkingDay(day);
  if (!working) return {};
  if (*working) return day;
  switch (how) {
    case Adjust::kDrop:
      return {};
    case Adjust::kNext:
      return search(1);
    case Adjust::kPrevious:
      return search(-1);
    default:
      break;
  }
  const std::optional<int64_t> before = search(-1), after = search(1);
  if (!before || !after) return before ? before : after;
  return day - *before <= *after - day ? before : after;
}

}  // namespace waypost::journeys

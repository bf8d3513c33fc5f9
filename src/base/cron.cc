#include "base/cron.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <vector>

#include "base/clock.h"

namespace waypost {
namespace {

constexpr int64_t kMinuteMs = 60'000;
constexpr int kMostDays = 9 * 366;
constexpr size_t kMaxText = 200;

struct TimeField {
  std::string_view name;
  uint32_t least, most;
};
constexpr TimeField kFields[] = {{"minute", 0, 59},
                                 {"hour", 0, 23},
                                 {"day of month", 1, 31},
                                 {"month", 1, 12},
                                 {"day of week", 0, 7}};

Error Bad(const TimeField& field, std::string_view text) {
  return Error(Code::kInvalid, "bad_schedule",
               fmt::format("{}: '{}' is none; give *, numbers from {} to {}, ranges as 1-5, lists "
                           "as 1,3 and steps as */15",
                           field.name, text, field.least, field.most));
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(separator, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

std::optional<uint32_t> ReadNumber(std::string_view text, uint32_t least, uint32_t most) {
  uint32_t number = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end || number < least || number > most)
    return std::nullopt;
  return number;
}

// "*", "5", "1-5", "*/2", "10-50/10"; "5/10" is from 5 on.
std::optional<uint64_t> ReadItem(std::string_view item, const TimeField& field) {
  const size_t slash = item.find('/');
  const std::string_view span = item.substr(0, slash);
  uint32_t step = 1, first = field.least, last = field.most;
  if (slash != item.npos) {
    const auto read = ReadNumber(item.substr(slash + 1), 1, field.most);
    if (!read) return std::nullopt;
    step = *read;
  }
  if (span != "*") {
    const size_t dash = span.find('-');
    const auto from = ReadNumber(span.substr(0, dash), field.least, field.most);
    const auto to =
        dash == span.npos ? from : ReadNumber(span.substr(dash + 1), field.least, field.most);
    if (!from || !to || *from > *to) return std::nullopt;
    first = *from;
    last = dash == span.npos && slash != item.npos ? field.most : *to;
  }
  uint64_t bits = 0;
  for (uint32_t i = first; i <= last; i += step) bits |= uint64_t{1} << i;
  return bits;
}

Result<uint64_t> ReadField(std::string_view text, const TimeField& field) {
  uint64_t bits = 0;
  for (const std::string_view item : Split(text, ',')) {
    const auto read = ReadItem(item, field);
    if (!read) return Bad(field, text);
    bits |= *read;
  }
  return bits;
}

bool OnDay(const Cron& cron, int64_t day) {
  const std::chrono::sys_days date{std::chrono::days{day}};
  const std::chrono::year_month_day civil{date};
  const std::chrono::weekday weekday{date};
  if (!(cron.months >> static_cast<unsigned>(civil.month()) & 1)) return false;
  const bool by_month = cron.days >> static_cast<unsigned>(civil.day()) & 1;
  const bool by_week = cron.weekdays >> weekday.c_encoding() & 1;
  return cron.either_day ? by_month || by_week : by_month && by_week;
}

}  // namespace

Result<Cron> ParseCron(std::string_view text) {
  std::vector<std::string_view> fields;
  for (const std::string_view part : Split(text.substr(0, kMaxText), ' ')) {
    if (!part.empty()) fields.push_back(part);
  }
  if (text.size() > kMaxText || fields.size() != std::size(kFields)) {
    return Error(Code::kInvalid, "bad_schedule",
                 "give five fields: minute, hour, day of month, month, day of week, as "
                 "\"30 2 * * *\"");
  }
  uint64_t bits[std::size(kFields)];
  for (size_t i = 0; i < fields.size(); ++i) bits[i] = TRY(ReadField(fields[i], kFields[i]));
  Cron cron;
  cron.minutes = bits[0];
  cron.hours = static_cast<uint32_t>(bits[1]);
  cron.days = static_cast<uint32_t>(bits[2]);
  cron.months = static_cast<uint32_t>(bits[3]);
  cron.weekdays = static_cast<uint32_t>((bits[4] | bits[4] >> 7) & 0x7F);
  cron.either_day = !fields[2].starts_with('*') && !fields[4].starts_with('*');
  return cron;
}

int ShortestMinutes(const Cron& cron) {
  constexpr int kDay = kDayMs / kMinuteMs;
  std::vector<int> comes;
  for (int minute = 0; minute < kDay; ++minute) {
    if ((cron.hours >> (minute / 60) & 1) && (cron.minutes >> (minute % 60) & 1))
      comes.push_back(minute);
  }
  if (comes.empty()) return kDay;
  int shortest = comes.front() + kDay - comes.back();
  for (size_t i = 1; i < comes.size(); ++i) shortest = std::min(shortest, comes[i] - comes[i - 1]);
  return shortest;
}

std::optional<CronTime> NextTime(const Cron& cron, int64_t first_day, int64_t from_ms,
                                 const std::function<int64_t(int64_t)>& instant_of) {
  for (int64_t day = first_day; day < first_day + kMostDays; ++day) {
    if (!OnDay(cron, day)) continue;
    for (int64_t minute = 0; minute < kDayMs / kMinuteMs; ++minute) {
      if (!(cron.hours >> (minute / 60) & 1) || !(cron.minutes >> (minute % 60) & 1)) continue;
      const int64_t wall = day * kDayMs + minute * kMinuteMs;
      if (const int64_t at = instant_of(wall); at >= from_ms) return CronTime{wall, at};
    }
  }
  return std::nullopt;
}

}  // namespace waypost

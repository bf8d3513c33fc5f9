#include "journeys/document.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/clock.h"
#include "model/time_text.h"

namespace waypost::journeys {
namespace {

constexpr std::string_view kWeekdayNames[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

}  // namespace

Document::~Document() {
  for (const auto& member : json_) {
    if (asked_.contains(std::string_view(member.key()))) continue;
    Complain(std::string_view(member.key()), "unknown_field", "there is no such field here");
  }
}

void Document::Complain(std::string_view field, std::string_view code, std::string message,
                        Values values) const {
  faults_->push_back({.node = node_,
                      .field = path_ + std::string(field),
                      .code = std::string(code),
                      .message = std::move(message),
                      .values = std::move(values)});
}

void Document::CheckCondition(std::string_view field, const std::string& condition,
                              const Conditions& conditions, About about) const {
  if (condition.empty()) return;
  const Result<> checked = conditions.Check(condition, about);
  if (!checked.ok()) Complain(field, "bad_condition", checked.error().message());
}

void Document::CheckAttribute(std::string_view field, const std::string& name,
                              const Conditions& conditions, AskedFor what) const {
  if (name.empty()) return;
  const Result<> checked = conditions.CheckAttribute(name, what);
  if (!checked.ok()) Complain(field, checked.error().name(), checked.error().message());
}

void Document::CheckFollowed(std::string_view field, const std::string& condition,
                             const Conditions& conditions) const {
  if (condition.empty()) return;
  const Result<> checked = conditions.Check(condition, About::kCustomer);
  if (!checked.ok()) return Complain(field, "bad_condition", checked.error().message());
  const auto subjects = conditions.SubjectsOf(condition);
  if (!subjects.ok()) Complain(field, "not_followed", subjects.error().message());
}

void Document::OnlyIf(std::string_view field, bool counts, std::string_view when) {
  if (!counts && Has(field))
    Complain(field, kNoEffect, "this has an effect only " + std::string(when));
}

void Document::Warn(std::string_view field, std::string_view code, std::string message) const {
  Complain(field, code, std::move(message));
  faults_->back().warning = true;
}

const boost::json::value* Document::Find(std::string_view field) {
  asked_.emplace(field);
  const boost::json::value* found = json_.if_contains(field);
  return found && !found->is_null() ? found : nullptr;
}

std::string Document::Text(std::string_view field, bool needed) {
  const boost::json::value* found = Find(field);
  if (!found) {
    if (needed) Complain(field, "missing", "is missing");
    return {};
  }
  if (found->is_string() && found->get_string().size() <= 64 * 1024) {
    return std::string(found->get_string());
  }
  Complain(field, "not_text", "give a text of at most 64 KiB");
  return {};
}

bool Document::Flag(std::string_view field, bool absent) {
  const boost::json::value* found = Find(field);
  if (!found) return absent;
  if (found->is_bool()) return found->get_bool();
  Complain(field, "not_flag", "give true or false");
  return absent;
}

int64_t Document::Whole(std::string_view field, int64_t absent, int64_t min, int64_t max) {
  const boost::json::value* found = Find(field);
  if (!found) return absent;
  if (found->is_int64() && found->get_int64() >= min && found->get_int64() <= max) {
    return found->get_int64();
  }
  Complain(field, "out_of_range", fmt::format("give a whole number from {} to {}", min, max),
           {{"least", std::to_string(min)}, {"most", std::to_string(max)}});
  return absent;
}

uint32_t Document::Percent(std::string_view field) {
  const boost::json::value* found = Find(field);
  if (!found) return 0;
  const double percent = found->is_number() ? found->to_number<double>() : -1;
  if (percent >= 0 && percent <= 100) return static_cast<uint32_t>(std::lround(percent * 100));
  Complain(field, "out_of_range", "give a percentage from 0 to 100",
           {{"least_percent", "0"}, {"most_percent", "100"}});
  return 0;
}

double Document::Number(std::string_view field) {
  const boost::json::value* found = Find(field);
  if (!found) return 0;
  if (found->is_number()) return found->to_number<double>();
  Complain(field, "not_number", "give a number");
  return 0;
}

int64_t Document::Money(std::string_view field) {
  const boost::json::value* found = Find(field);
  if (!found) return 0;
  const double amount = found->is_number() ? found->to_number<double>() : -1;
  if (amount >= 0 && amount <= 1e12) return std::llround(amount * 10'000);
  Complain(field, "out_of_range", "give an amount of money that is not negative");
  return 0;
}

Span Document::Length(std::string_view field, bool needed) {
  const std::string text = Text(field, needed);
  if (text.empty()) return {};
  const std::optional<Span> span = ParseSpan(text);
  if (span && !span->empty()) return *span;
  Complain(field, "bad_duration",
           "'" + text + "' is no duration; write 30s, 15m or 24h, or 1d, 2w, 3mo for local days",
           {{"given", text}});
  return {};
}

std::optional<int64_t> Document::TimeOfDay(std::string_view field) {
  const std::string text = Text(field);
  if (text.empty()) return {};
  const std::optional<int64_t> time = ParseTimeOfDay(text);
  if (!time)
    Complain(field, "bad_time", "'" + text + "' is no time of day; write 09:00",
             {{"given", text}, {"example", "09:00"}});
  return time;
}

std::optional<int64_t> Document::Instant(std::string_view field, Zone zone) {
  const std::string text = Text(field);
  if (text.empty()) return {};
  const std::optional<WrittenTime> time = ParseDateTime(text);
  if (time) return time->offset_minutes ? time->UtcMs() : zone.ToInstant(time->wall_ms);
  Complain(field, "bad_time", "'" + text + "' is no time; write 2026-03-02T10:00:00+08:00",
           {{"given", text}, {"example", "2026-03-02T10:00:00+08:00"}});
  return {};
}

std::optional<int64_t> Document::Day(std::string_view field) {
  const std::string text = Text(field);
  if (text.empty()) return {};
  const std::optional<int64_t> day = ParseDate(text);
  if (!day)
    Complain(field, "bad_date", "'" + text + "' is no date; write 2026-03-02", {{"given", text}});
  return day;
}

std::optional<Zone> Document::ZoneOf(std::string_view field, bool needed) {
  const std::string name = Text(field, needed);
  if (name.empty()) return {};
  const std::optional<Zone> zone = Zone::Find(name);
  if (!zone)
    Complain(field, "unknown_zone", "there is no time zone '" + name + "'", {{"given", name}});
  return zone;
}

EventMatch Document::MatchOf(const boost::json::value& json, std::string_view field) {
  if (json.is_string()) return {std::string(json.get_string()), {}};
  if (const auto* object = json.if_object()) {
    Document match(*object, node_, path_ + std::string(field) + ".", faults_);
    return {match.Text("event", true), match.Text("where")};
  }
  Complain(field, "not_event", "give an event's name, or {\"event\": ..., \"where\": ...}");
  return {};
}

EventMatch Document::Match(std::string_view field, bool needed) {
  const boost::json::value* found = Find(field);
  if (found) return MatchOf(*found, field);
  if (needed) Complain(field, "missing", "name the event");
  return {};
}

uint8_t Document::Weekdays(std::string_view field) {
  const boost::json::value* found = Find(field);
  if (!found) return 0x7F;
  uint8_t days = 0;
  const auto* list = found->if_array();
  for (size_t i = 0; list && i < list->size(); ++i) {
    const boost::json::value& item = (*list)[i];
    uint8_t bit = 0;
    for (int day = 0; item.is_string() && day < 7; ++day) {
      if (item.get_string() == kWeekdayNames[day]) bit = static_cast<uint8_t>(1 << day);
    }
    if (!bit) days = 0x80;
    days |= bit;
  }
  if (days != 0 && days < 0x80) return days;
  Complain(field, "bad_weekdays", "give a list of mon, tue, wed, thu, fri, sat, sun");
  return 0x7F;
}

uint32_t Document::Several(std::string_view field, std::span<const std::string_view> names) {
  const boost::json::value* found = Find(field);
  if (!found) return 0;
  uint32_t bits = 0;
  const auto* list = found->if_array();
  bool known = list && !list->empty();
  for (size_t i = 0; known && i < list->size(); ++i) {
    const boost::json::value& item = (*list)[i];
    const auto name = item.is_string()
                          ? std::ranges::find(names, std::string_view(item.get_string()))
                          : names.end();
    known = name != names.end();
    if (known) bits |= 1u << (name - names.begin());
  }
  if (known) return bits;
  const std::string choices = fmt::format("{}", fmt::join(names, ", "));
  Complain(field, "bad_list", "give a list of: " + choices, {{"choices", choices}});
  return 0;
}

std::vector<std::string> Document::Words(std::string_view field, size_t max) {
  const boost::json::value* found = Find(field);
  std::vector<std::string> words;
  if (!found) return words;
  const auto* list = found->if_array();
  bool good = list && list->size() <= max;
  for (size_t i = 0; good && i < list->size(); ++i) {
    const auto* word = (*list)[i].if_string();
    good = word && !word->empty() && std::ranges::find(words, std::string(*word)) == words.end();
    if (good) words.emplace_back(*word);
  }
  if (!good)
    Complain(field, "bad_list", fmt::format("give a list of at most {} words, each once", max),
             {{"most_words", std::to_string(max)}});
  return words;
}

std::vector<Window> Document::Windows(std::string_view field) {
  std::vector<Window> windows;
  for (const boost::json::object* item : List(field, 50)) {
    Document one(*item, node_, path_ + std::string(field) + ".", faults_);
    Window window;
    window.days = one.Choice("on", Window::Days::kWeekdays,
                             {{"weekdays", Window::Days::kWeekdays},
                              {"working_days", Window::Days::kWorking},
                              {"days_off", Window::Days::kOff}});
    window.weekdays = one.Weekdays("days");
    window.from_ms = one.TimeOfDay("from").value_or(0);
    window.to_ms = one.TimeOfDay("to").value_or(kDayMs);
    if (window.from_ms == window.to_ms) {
      one.Complain("to", "never_opens", "a window that ends when it begins never opens");
    }
    windows.push_back(window);
  }
  return windows;
}

const boost::json::object* Document::Object(std::string_view field) {
  const boost::json::value* found = Find(field);
  if (!found) return nullptr;
  if (const auto* object = found->if_object()) return object;
  Complain(field, "not_object", "give an object");
  return nullptr;
}

std::vector<const boost::json::object*> Document::List(std::string_view field, size_t max) {
  const boost::json::value* found = Find(field);
  std::vector<const boost::json::object*> items;
  if (!found) return items;
  const auto* list = found->if_array();
  if (!list || list->size() > max) {
    Complain(field, "bad_list", fmt::format("give a list of at most {} objects", max),
             {{"most", std::to_string(max)}});
    return items;
  }
  for (const auto& item : *list) {
    if (const auto* object = item.if_object()) {
      items.push_back(object);
    } else {
      Complain(field, "bad_list", "give objects only");
    }
  }
  return items;
}

}  // namespace waypost::journeys

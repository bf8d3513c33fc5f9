#include "files/import_report.h"

#include <algorithm>

#include "model/time_text.h"

namespace waypost::files {

void ImportReport::CountEvents(const std::string& name, uint64_t count) {
  events[events.size() < kMaxNames || events.contains(name) ? name : "(other)"] += count;
}

void ImportReport::CountReject(std::string_view column, std::string_view reason, uint64_t count) {
  std::pair key{std::string(column), std::string(reason)};
  if (reasons.size() >= kMaxNames && !reasons.contains(key)) key = {"", "(other)"};
  reasons[key] += count;
}

void ImportReport::Add(const ImportReport& other) {
  files += other.files;
  rows += other.rows;
  loaded += other.loaded;
  rejected += other.rejected;
  normalised += other.normalised;
  duplicates += other.duplicates;
  fixed_times += other.fixed_times;
  first_ms = std::min(first_ms, other.first_ms);
  last_ms = std::max(last_ms, other.last_ms);
  for (const auto& [name, count] : other.events) CountEvents(name, count);
  for (const auto& [key, count] : other.reasons) CountReject(key.first, key.second, count);
}

std::string ImportReport::Text() const {
  std::string out = std::to_string(rows) + " rows in " + std::to_string(files) +
                    " files: " + std::to_string(loaded) + " loaded, " + std::to_string(rejected) +
                    " rejected\n";
  const auto note = [&](uint64_t count, std::string_view what) {
    if (count) out += "  " + std::to_string(count) + " " + std::string(what) + "\n";
  };
  note(normalised, "cells with full-width digits, loaded as plain ones");
  note(duplicates, "rows of the same customer or item as one before; the last one counts");
  note(fixed_times, "times in the future, set to now");
  if (first_ms <= last_ms) {
    out += "  times from " + DateTimeText(first_ms) + " to " + DateTimeText(last_ms) + "\n";
  }
  for (const auto& [name, count] : events)
    out += "  event " + name + ": " + std::to_string(count) + "\n";
  for (const auto& [key, count] : reasons) {
    const std::string where = key.first.empty() ? "row" : "column " + key.first;
    out += "  rejected " + std::to_string(count) + ": " + where + ": " + key.second + "\n";
  }
  return out;
}

}  // namespace waypost::files

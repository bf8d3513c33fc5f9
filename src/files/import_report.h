// What an import did, or a dry run would do.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace waypost::files {

struct ImportReport {
  static constexpr size_t kMaxNames =
      1'000;  // of events and reasons told apart; the rest is "(other)"

  uint64_t files = 0;
  uint64_t rows = 0;  // read, by this run and those it went on from
  uint64_t loaded = 0;
  uint64_t rejected = 0;
  // Of this run only:
  uint64_t normalised = 0;   // cells whose full-width digits became plain ones
  uint64_t duplicates = 0;   // rows of a profile or item that came before; the last one counts
  uint64_t fixed_times = 0;  // events over an hour in the future, set to now
  std::map<std::string, uint64_t> events;  // rows by event name
  std::map<std::pair<std::string, std::string>, uint64_t>
      reasons;                                             // rows rejected by column, reason
  int64_t first_ms = std::numeric_limits<int64_t>::max();  // times of events
  int64_t last_ms = std::numeric_limits<int64_t>::min();

  // "ok" when every row was loaded as it is, else "row_errors".
  const char* code() const { return rejected || normalised || duplicates ? "row_errors" : "ok"; }
  void CountEvents(const std::string& name, uint64_t count);
  void CountReject(std::string_view column, std::string_view reason, uint64_t count = 1);
  void Add(const ImportReport& other);
  // For a person, some lines.
  std::string Text() const;
};

}  // namespace waypost::files

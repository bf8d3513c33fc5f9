// When a customer was in a journey, as its re-entry rules ask.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "journeys/definition.h"

namespace waypost::journeys {

// Of a journey without a limit: one that comes later counts as many of what was before it.
inline constexpr size_t kVisitsKept = 16;

// What re-entry rules of any version ask about one customer and journey.
struct Visits {
  int64_t last_entry_ms = 0, last_exit_ms = 0;
  std::vector<int64_t> entries_ms;  // oldest first; the last ones
  std::vector<std::string> keys;    // each once, while entries are told apart by keys
  template <typename A>
  void Fields(A& a) {
    a(last_entry_ms, last_exit_ms, entries_ms);
    if (a.version() > 10) a(keys);
    if (a.version() < 13 && entries_ms.empty()) entries_ms = {last_entry_ms};
  }

  // Keeps the last `most`.
  void Add(int64_t entry_ms, size_t most) {
    entries_ms.insert(std::ranges::upper_bound(entries_ms, entry_ms), entry_ms);
    if (entries_ms.size() > most)
      entries_ms.erase(entries_ms.begin(), entries_ms.end() - static_cast<ptrdiff_t>(most));
  }
};

}  // namespace waypost::journeys

// Calls that asked somebody into a journey, by the id that they came with: asked again, the same is
// answered.
#pragma once

#include <deque>
#include <map>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "journeys/token.h"

namespace waypost::journeys {

inline constexpr int64_t kRequestsKeptMs = 7 * kDayMs;

class Requests {
 public:
  struct Known {
    uint64_t body = 0;  // hash of what was asked
    EntryId entry = 0;  // 0: he did not come in, for this reason
    Reject reason = Reject::kFilter;
    bool awaited = false;
    int64_t at_ms = 0;
    template <typename A>
    void Fields(A& a) {
      a(body, entry, reason, awaited, at_ms);
    }
  };

  // Null: none that is kept.
  const Known* Find(std::string_view id) const;
  // Instead of what was known of the id. Forgets those of more than kRequestsKeptMs before.
  void Add(std::string_view id, const Known& known);
  // Of older formats, which do not say when they came: then.
  void SetTimes(int64_t at_ms);
  size_t size() const { return known_.size(); }

  template <typename A>
  void Fields(A& a) {
    if (a.version() > 15) {
      a(known_);
    } else {
      std::map<std::string, std::pair<uint64_t, EntryId>> by_id;
      a(by_id);
      for (const auto& [id, was] : by_id)
        known_[KeyOf(id)] = {.body = was.first, .entry = was.second};
    }
    Sort();
  }

 private:
  static TouchKey KeyOf(std::string_view id);
  void Sort();

  std::map<TouchKey, Known> known_;
  std::deque<std::pair<int64_t, TouchKey>> came_;  // oldest first; more than once where asked again
};

}  // namespace waypost::journeys

// What decisions did that the log, or a list of the catalog, has still to say.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "journeys/token.h"

namespace waypost::journeys {

// An outcome that an event has still to tell of: of which decision, and when.
struct Untold {
  uint64_t decision = 0;
  int64_t time_ms = 0;
  template <typename A>
  void Fields(A& a) {
    a(decision, time_ms);
  }
};
// An attribute that a decision set and the log has still to hold; those of one customer in order.
struct Unset {
  uint64_t order = 0;
  uint64_t decision = 0;
  int64_t time_ms = 0;
  Ordinal customer = 0;
  std::string attribute, value;
  template <typename A>
  void Fields(A& a) {
    a(order, decision, time_ms, customer, attribute, value);
  }
};
// Who comes on a list, or off it, by a decision, and the list has still to say so.
struct Unlisted {
  uint64_t order = 0;
  uint64_t decision = 0;
  Ordinal customer = 0;
  std::string list;
  bool on = true;
  template <typename A>
  void Fields(A& a) {
    a(order, decision, customer, list, on);
  }
};
using UntoldMap = std::map<std::pair<TouchKey, Outcome>, Untold>;

}  // namespace waypost::journeys

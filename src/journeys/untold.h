// What decisions did that the log, or a list of the catalog, has still to say.
#pragma once

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
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
  bool adds = false;
  template <typename A>
  void Fields(A& a) {
    a(order, decision, time_ms, customer, attribute, value);
    if (a.version() > 23) a(adds);
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
using UntoldMap = boost::unordered_flat_map<std::pair<TouchKey, Outcome>, Untold>;

// One of the above that is for the log; without an outcome it is an attribute that was set.
struct Telling {
  uint64_t decision = 0;
  TouchKey key;
  std::optional<Outcome> outcome;
};

// What is for the log, in the order it was decided. Each has a number, which no later one has.
class Tellings {
 public:
  void Add(Telling telling) { tellings_.push_back(telling); }
  // Of the first that `is_open` and all after it; those before it are forgotten.
  template <typename IsOpen>
  void ForgetUntil(const IsOpen& is_open) {
    for (; !tellings_.empty() && !is_open(tellings_.front()); ++first_) tellings_.pop_front();
  }
  // Visits those from a number on while `visit` says so. Gives the number of the first that it did
  // not take.
  template <typename Visit>
  uint64_t From(uint64_t number, const Visit& visit) const {
    number = std::max(number, first_);
    while (number - first_ < tellings_.size() && visit(tellings_[number - first_])) ++number;
    return number;
  }

 private:
  uint64_t first_ = 0;
  std::deque<Telling> tellings_;
};

}  // namespace waypost::journeys

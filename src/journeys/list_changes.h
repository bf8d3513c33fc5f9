// Changes (decision.h) of runs and lists: whom they are for, and who comes on them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "journeys/fields.h"
#include "journeys/token.h"

namespace waypost::journeys::change {

// A run is named by the local day and time it was due (Occurrence::run).
struct RunTaken {
  JourneyIndex journey = 0;
  int64_t run = 0;
  bool skipped = false;
  int64_t late_ms = 0;
  int64_t next_from_ms = 0;  // look for the next occurrence from here
  bool open = false;         // until it is Listed whom it is for, or given up
  int64_t until_ms = 0;      // of one that is open: that is known before then, or never
  template <typename A>
  void Fields(A& a) {
    a(journey, run, skipped, late_ms, next_from_ms);
    if (a.version() > 11) a(open);
    if (a.version() > 12) a(until_ms);
  }
};
// Of those listed: who is of this wave and of none before, and not before when it begins.
struct ListedWave {
  uint64_t end = 0;  // their places are before this one
  int64_t start_ms = 0;
  bool spaced = false;  // counted from when the one before begins
  template <typename A>
  void Fields(A& a) {
    a(end, start_ms, spaced);
  }
};
// Whom a run or a list is for; they come in one by one, in this order.
struct Listed {
  JourneyIndex journey = 0;
  std::vector<Ordinal> customers;
  bool of_run = false;  // which is not open any more
  int64_t run = 0;
  int64_t segment_run = 0;  // that kept them; 0: none did
  std::vector<ListedWave> waves;
  template <typename A>
  void Fields(A& a) {
    a(journey);
    StepFields(customers, a);
    if (a.version() > 11) a(of_run, run, segment_run);
    if (a.version() > 15) a(waves);
  }
};
// Whom the open run is for was not found in its time: it is for nobody.
struct RunGivenUp {
  JourneyIndex journey = 0;
  int64_t run = 0;
  std::string error;
  template <typename A>
  void Fields(A& a) {
    a(journey, run, error);
  }
};
// The next of those listed has come in, or never will.
struct ListedTaken {
  JourneyIndex journey = 0;
  bool came = false;
  uint32_t place = 0;  // of the listing, from the oldest
  template <typename A>
  void Fields(A& a) {
    a(journey, came);
    if (a.version() > 15) a(place);
  }
};
// Who came into a set that leads into journeys (heard.h) and who left it, since it was heard of
// last; the first time: who is in it.
struct Heard {
  std::string set;
  std::vector<Ordinal> came, left;
  template <typename A>
  void Fields(A& a) {
    a(set);
    StepFields(came, a);
    StepFields(left, a);
  }
};

// The customer comes on a list of the catalog, or off it; once for `key`.
struct Enlisted {
  Ordinal customer = 0;
  TouchKey key;
  std::string list;
  bool on = true;
  template <typename A>
  void Fields(A& a) {
    a(customer, key, list, on);
  }
};
// The list is as those of the order up to that one say (Unlisted::order).
struct ListKept {
  std::string list;
  uint64_t through = 0;
  template <typename A>
  void Fields(A& a) {
    a(list, through);
  }
};

}  // namespace waypost::journeys::change

// Runs of batch journeys, and lists, as the state keeps them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "journeys/decision.h"

namespace waypost::journeys {

// Whom a run or a list is for, in the order they come in.
struct Listing {
  std::vector<Ordinal> customers;
  uint64_t next = 0;    // they have come as far as here
  uint64_t came = 0;    // in, of those
  uint32_t number = 0;  // of the journey's lists, from 1; 0: of before they had one
  int64_t at_ms = 0;    // when it was known whom it is for
  std::vector<change::ListedWave> waves;
  uint64_t inside = 0;  // of its customers now
  template <typename A>
  void Fields(A& a) {
    StepFields(customers, a);
    a(next, came);
    if (a.version() > 15) a(number, at_ms, waves, inside);
  }

  // They were still to come when the journey was stopped: none of them does, and each is refused.
  // It has one wave, of nobody.
  bool IsOver() const { return waves.size() == 1 && waves[0].end == 0; }
  // The wave of who comes next, from 1; one more than there are: he is of none. 0: there are none.
  uint32_t NextWave() const;
  // The one who comes next is the first of his wave.
  bool Begins() const;
  // When the one who comes next may, at the soonest; 0: at any time.
  int64_t OpensAt() const;
  // He comes, or never will, at that time: what is counted from the beginning of his wave is.
  void Take(int64_t now_ms);
};

// A run that was taken: whom it is for is to be found.
struct OpenRun {
  int64_t due_ms = 0, taken_ms = 0;
  int64_t until_ms = 0;  // exclusive
  template <typename A>
  void Fields(A& a) {
    a(due_ms, taken_ms, until_ms);
  }
};
// Whom a run was for: whoever that run of the segment kept, however many they were.
struct Audience {
  int64_t at_ms = 0;  // when they were listed
  int64_t segment_run = 0;
  uint64_t customers = 0;
  int64_t due_ms = 0;
  template <typename A>
  void Fields(A& a) {
    a(at_ms, segment_run, customers);
    if (a.version() > 12) a(due_ms);
  }
};
// A run that was for nobody, as it was not found in time whom it is for.
struct FailedRun {
  int64_t due_ms = 0, given_up_ms = 0;
  std::string error;
  template <typename A>
  void Fields(A& a) {
    a(due_ms, given_up_ms, error);
  }
};
inline constexpr size_t kFailedRunsKept = 20;

}  // namespace waypost::journeys

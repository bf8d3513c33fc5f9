// Merges one customer's rows into the order of a funnel. The rows of a slice are in time order
// already, and months follow each other, so nothing is sorted: a month's few runs are merged, and
// a customer who is through the funnel by January is not looked up in February.
#pragma once

#include <vector>

#include "exec/customers.h"
#include "exec/funnel_match.h"

namespace waypost::exec {

// The funnel's order: by time; events of one moment by the first step they can be, then as they
// arrived. In strict order only as they arrived.
inline bool HappensBefore(const Hit& a, const Hit& b, bool strict) {
  if (a.time_ms != b.time_ms) return a.time_ms < b.time_ms;
  if (!strict) {
    const int first_a = std::countr_zero(a.mask), first_b = std::countr_zero(b.mask);
    if (first_a != first_b) return first_a < first_b;
  }
  if (a.slice->part_order != b.slice->part_order) return a.slice->part_order < b.slice->part_order;
  return a.slice->Tie(a.row) < b.slice->Tie(b.row);
}

// The rows of one customer of a block, month by month, without those that change no outcome of the
// customer as a whole. Belongs to one thread.
class FunnelRuns {
 public:
  // Borrows the rules.
  explicit FunnelRuns(const MatchRules& rules) : rules_(rules) {}

  // REQUIRES: one place, in the block pass.
  void Begin(const Customer& customer);
  bool done() const { return left_.empty(); }
  // Appends the hits of the next month. Of rows in a row that can only be step 0 the last is
  // enough, and of such that can only break the first. The very first row of step 0 is given too:
  // it is the chain of who never comes to step 1.
  void Append(const TimeRange& entry, std::vector<Hit>* hits);

 private:
  struct Run {
    const BoundSlice* slice;
    const uint32_t* times;
    uint32_t at, end;  // rows
    uint32_t time;     // of `at`
  };

  Run* First(uint32_t* until);
  void Take(Run* run, uint32_t until, const TimeRange& entry, std::vector<Hit>* hits);
  Hit HitOf(const BoundSlice& slice, uint32_t row) const {
    return {slice.TimeMs(row), slice.filtered.empty() ? slice.roles : slice.Mask(row, row_), &slice,
            row};
  }

  const MatchRules& rules_;
  CustomerRow row_;
  std::span<const SliceRows> left_;
  std::vector<Run> runs_;  // of the month in hand, each with a row left
  bool begun_ = false;
};

}  // namespace waypost::exec

// Finds exclusions only where they would break something: of all a customer's events that exclude,
// and mostly they are many, only those between two steps that follow each other matter, and most
// customers never come so far.
#pragma once

#include <vector>

#include "exec/customers.h"
#include "exec/funnel_match.h"

namespace waypost::exec {

// Over the slices of a block that hold exclusions and no steps. Belongs to one thread.
class LateBreaks {
 public:
  // Borrows the block.
  LateBreaks(const BoundBlock& block, const MatchRules& rules);

  void Begin(const CustomerRow& row) { row_ = row; }
  // Is there an event that plays one of `roles` at [from_ms, to_ms)? That is, after a step at
  // from_ms and before one at to_ms: of events at one moment steps come first.
  bool Any(uint64_t roles, int64_t from_ms, int64_t to_ms) const;

 private:
  struct Excluding {
    uint64_t roles;
    int64_t first_ms, last_ms;
    const BoundSlice* slice;
  };

  std::vector<Excluding> slices_;
  CustomerRow row_;
};

}  // namespace waypost::exec

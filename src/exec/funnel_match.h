// Matching one unit's events against the steps of a funnel. Everything about customers, blocks and
// counting is in funnel.cc; here is only one short timeline at a time.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "exec/funnel.h"

namespace waypost::exec {

class LateBreaks;

// An event of a unit. Bit k of `mask` says it can be step k; exclusion e is bit (steps + e).
struct Hit {
  int64_t time_ms = 0;
  uint64_t mask = 0;
  const BoundSlice* slice = nullptr;
  uint32_t row = 0;
};

// Of two events of one moment, in one block.
inline bool ArrivesBefore(const BoundSlice& a, uint32_t a_row, const BoundSlice& b,
                          uint32_t b_row) {
  if (a.part_order != b.part_order) return a.part_order < b.part_order;
  return a.Tie(a_row) < b.Tie(b_row);
}

// The funnel's order: by time; events of one moment by the first step they can be, then as they
// arrived. In strict order only as they arrived.
inline bool HappensBefore(const Hit& a, const Hit& b, bool strict) {
  if (a.time_ms != b.time_ms) return a.time_ms < b.time_ms;
  if (!strict) {
    const int first_a = std::countr_zero(a.mask), first_b = std::countr_zero(b.mask);
    if (first_a != first_b) return first_a < first_b;
  }
  return ArrivesBefore(*a.slice, a.row, *b.slice, b.row);
}

inline constexpr uint32_t kNoHit = ~0u;

// How far a unit came. `chain[k]` is the index of the event that was step k on the furthest chain
// (the earliest such), kNoHit where a step was left out or not reached.
struct Outcome {
  uint32_t reached = 0;  // steps in a row, optional ones included; 0: did not even begin
  uint32_t counted = 0;  // bit per step the unit counts at
  bool removed = false;  // an exclusion took the whole customer out
  std::array<uint32_t, kMaxSteps> chain;
};

// A funnel's steps as numbers.
struct MatchRules {
  explicit MatchRules(const FunnelSpec& spec);

  uint32_t steps = 0;
  uint64_t step_bits = 0;
  uint64_t exclusion_bits = 0;
  uint64_t removing_bits = 0;                // exclusions that remove the customer
  std::array<uint64_t, kMaxSteps> breaks{};  // exclusions that break a chain that ends in step k
  std::array<int64_t, kMaxSteps> max_gap_ms{};
  uint32_t optional = 0;  // bit per step
  uint32_t pinned = 0;
  const FunnelSpec* spec;

  // The last instant a chain that began at `start_ms` may go on.
  int64_t Deadline(int64_t start_ms) const;
};

// Each appends the outcome of one unit to `outcomes`: one, or for kAttempts one per attempt; none
// when the unit never began. `hits` are in the funnel's order. Only events within `entry` begin.
void MatchUnit(const MatchRules& rules, std::span<const Hit> hits, const TimeRange& entry,
               std::vector<Outcome>* outcomes);

}  // namespace waypost::exec

// Matching one unit's events against the steps of a funnel. Everything about customers, blocks and
// counting is in funnel.cc; here is only one short timeline at a time.
#pragma once

#include <array>
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

// Steps in order, other events between. One pass: for each step the newest chain that ends there is
// enough, since whatever an older one can still do, the newer can too. The hits of a unit may come
// in pieces, in order: what was begun goes on with the next Run().
class OrderedMatch {
 public:
  // Borrows both. With `late`, exclusions that are no step are asked of it and are no hits.
  OrderedMatch(const MatchRules& rules, const TimeRange& entry, const LateBreaks* late = nullptr)
      : rules_(rules), entry_(entry), late_(late) {}

  // Follows every start, or only the first one, through hits[from..]. Returns where a single
  // start's attempt was over: after its conversion, or at the event that came too late or broke it.
  size_t Run(std::span<const Hit> hits, size_t from, bool one_start, Outcome* best);

 private:
  struct Chain {
    int64_t deadline_ms, last_ms;
    std::array<uint32_t, kMaxSteps> hits;
  };

  bool Begin(const Hit& hit, bool one_start, const Outcome& best);
  bool Extend(uint32_t step, const Hit& hit);
  void Reach(uint32_t step, const Hit& hit, uint32_t index, Outcome* best);
  // Ends the chains that the event breaks. True when the furthest one was among them.
  bool Break(const Hit& hit, Outcome* best);

  const MatchRules& rules_;
  const TimeRange entry_;
  const LateBreaks* const late_;
  const bool attempts_ = rules_.spec->count == FunnelSpec::Count::kAttempts;
  uint32_t live_ = 0;  // bit per step with a chain
  int64_t deadline_ms_ = 0;
  std::array<Chain, kMaxSteps> chains_;
};

// Each appends the outcome of one unit to `outcomes`: one, or for kAttempts one per attempt; none
// when the unit never began. `hits` are in the funnel's order. Only events within `entry` begin.
void MatchUnit(const MatchRules& rules, std::span<const Hit> hits, const TimeRange& entry,
               std::vector<Outcome>* outcomes);

}  // namespace waypost::exec

// Sequences: whose events follow a pattern, and how often.
//
//   SequenceResult result = RunSequence(spec, binding, threads);
//
// A customer's events that are of any of the spec's sets are taken in time order (within one moment
// as they arrived); all others are not there. A match takes one event for each item of the pattern.
// Matches are found from the left, each as early as it can end, and do not overlap. The same spec
// and snapshot give the same result on any number of threads.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "exec/customer_set.h"
#include "exec/group_keys.h"

namespace waypost::exec {

inline constexpr uint32_t kMaxSequenceSets = 64;
inline constexpr uint32_t kMaxSequenceItems = 64;

struct SequenceSpec {
  // One event of the pattern.
  struct Item {
    std::optional<uint32_t> set;  // index into `sets`; none: any of them
    bool skips = false;           // other events may come between the item before and this one
    // Since the item before, both included.
    int64_t min_gap_ms = 0;
    int64_t max_gap_ms = INT64_MAX;
  };

  std::vector<EventSet> sets;  // 1..kMaxSequenceSets
  std::vector<Item> items;     // 1..kMaxSequenceItems
  TimeRange range;             // all events of a match
  std::vector<uint32_t> properties;
  std::vector<uint32_t> attributes;
  std::vector<uint32_t> ignored;
  Grouping grouping;  // by the first event of the customer's first match
  Population population;

  // Whose customers to give: those with a match.
  struct Wanted {
    std::optional<GroupTuple> group;  // an empty tuple is $other
  };
  std::optional<Wanted> wanted;
};

struct SequenceCounts {
  uint64_t customers = 0;  // with a match
  uint64_t matches = 0;
};

struct SequenceGroup {
  GroupTuple values;  // empty: everyone, or $other
  SequenceCounts counts;
};

struct SequenceResult {
  uint64_t considered = 0;  // customers with any of the events
  SequenceCounts everyone;
  std::vector<SequenceGroup> groups;  // by value; empty without a grouping
  CustomerSet customers;
};

BindSpec SequenceBinding(const SequenceSpec& spec);

// REQUIRES: `binding` was made from SequenceBinding(spec).
SequenceResult RunSequence(const SequenceSpec& spec, const Binding& binding, unsigned threads);

}  // namespace waypost::exec

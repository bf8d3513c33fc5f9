// A question's events and filters bound to the parts of a snapshot: the rows that matter, each with
// a mask of the roles it plays. Operators are written over this and know no columns.
//
//   Binding binding(snapshot, {.roles = {step1, step2}, .time = range}, threads);
//   for (const BoundSlice& slice : binding.blocks()[b].slices) ...
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "column/snapshot_view.h"
#include "exec/predicate.h"
#include "exec/time_buckets.h"

namespace waypost::exec {

inline constexpr int64_t kPartMs = int64_t{1} << 32;  // times of a part are less after its base

// One way to be an event of a set.
struct EventChoice {
  bool any = false;  // every event type that is not ignored
  uint32_t event_type = 0;
  Predicate filter;
};

// Events of one kind for a question: a union. An event is in the set when any choice takes it.
struct EventSet {
  std::vector<EventChoice> choices;
};

struct BindSpec {
  std::vector<EventSet> roles;       // at most 64: role r is bit r
  bool all_events = false;           // also rows without a role (strict order), if not ignored
  std::vector<uint32_t> ignored;     // event types that `any` and `all_events` do not mean, sorted
  TimeRange time;                    // rows outside are not there
  std::vector<uint32_t> properties;  // event properties the operator reads
  std::vector<uint32_t> attributes;  // customer attributes the operator reads
  Population population;
};

// The rows of one event type in one part.
struct BoundSlice {
  struct FilteredRole {
    uint64_t bit;
    BoundPredicate filter;
  };
  const column::EventBlock* part = nullptr;
  const column::EventSlice* slice = nullptr;
  uint32_t number = 0;      // of all bound slices of the snapshot
  uint32_t part_order = 0;  // of the part within its block
  uint64_t roles = 0;       // that every row plays
  uint64_t possible = 0;    // that some row may play
  std::vector<FilteredRole> filtered;
  bool clipped = false;  // some rows are outside of the time asked for
  TimeRange time;
  std::vector<const column::Column*> columns;  // of BindSpec::properties; null when absent

  int64_t TimeMs(uint32_t row) const { return part->base_ms + slice->times[row]; }
  uint64_t Tie(uint32_t row) const { return static_cast<uint64_t>(slice->ties.Get(row)); }

  // The rows of a customer within the time asked for.
  column::RowRange Rows(uint32_t local) const { return Clip(slice->persons.Rows(local)); }
  column::RowRange Clip(column::RowRange rows) const {
    if (!clipped) return rows;
    while (!rows.empty() && TimeMs(rows.begin) < time.from_ms) ++rows.begin;
    while (!rows.empty() && TimeMs(rows.end - 1) >= time.to_ms) --rows.end;
    return rows;
  }
  // The roles a row plays.
  uint64_t Mask(uint32_t row, CustomerRow customer) const {
    uint64_t mask = roles;
    if (customer.past) customer.time_ms = TimeMs(row);
    for (const FilteredRole& role : filtered) {
      if (!(mask & role.bit) && role.filter.Test(row, customer)) mask |= role.bit;
    }
    return mask;
  }
};

struct BoundBlock {
  const column::BlockView* view = nullptr;
  std::vector<BoundSlice> slices;                 // by part, then event type
  std::vector<BoundCondition> conditions;         // of the population
  std::vector<const column::Column*> attributes;  // of BindSpec::attributes; null when absent
  std::vector<std::optional<PastCondition>> past_conditions;  // as conditions; empty: none is
  std::vector<PastValues> past_attributes;                    // of Population::pasts
  // When the population is a set of customers and nothing else: those of this block.
  std::optional<std::span<const uint64_t>> only;

  CustomerRow Customer(uint32_t local) const {
    return {&conditions, local, past_conditions.empty() ? nullptr : &past_conditions};
  }
};

// Everything bound. Reading is free for any number of threads; borrows the snapshot and the spec.
class Binding {
 public:
  Binding(const column::SnapshotView& snapshot, const BindSpec& spec, unsigned threads);

  const column::SnapshotView& snapshot() const { return snapshot_; }
  const BindSpec& spec() const { return spec_; }
  std::span<const BoundBlock> blocks() const { return blocks_; }
  // Null when the block has no events and no attributes.
  const BoundBlock* FindBlock(uint32_t block) const;
  uint32_t slice_count() const { return slice_count_; }

 private:
  void BindBlock(const column::BlockView& view, BoundBlock* block) const;
  void BindPast(uint32_t number, BoundBlock* block) const;

  const column::SnapshotView& snapshot_;
  const BindSpec& spec_;
  std::vector<BoundBlock> blocks_;
  uint32_t slice_count_ = 0;
};

// Rows and bytes of the columns that a question may touch.
struct Cost {
  uint64_t parts = 0;
  uint64_t rows = 0;
  uint64_t bytes = 0;
};
Cost EstimateCost(const column::SnapshotView& snapshot, const BindSpec& spec);

}  // namespace waypost::exec

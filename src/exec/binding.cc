#include "exec/binding.h"

#include <algorithm>

#include "base/check.h"
#include "exec/parallel.h"

namespace waypost::exec {
namespace {

using column::EventBlock;
using column::EventSlice;

bool Takes(const EventChoice& choice, uint32_t event_type, bool ignored) {
  return choice.any ? !ignored : choice.event_type == event_type;
}

// Gives the slice its roles; false when no row of it can matter.
bool BindRoles(const BindSpec& spec, BoundSlice* bound) {
  const uint32_t type = bound->slice->event_type;
  const bool ignored = std::binary_search(spec.ignored.begin(), spec.ignored.end(), type);
  for (size_t r = 0; r < spec.roles.size(); ++r) {
    for (const EventChoice& choice : spec.roles[r].choices) {
      if (!Takes(choice, type, ignored)) continue;
      bound->possible |= 1ull << r;
      if (choice.filter.always()) {
        bound->roles |= 1ull << r;
      } else {
        bound->filtered.push_back({1ull << r, BoundPredicate(choice.filter, *bound->slice)});
      }
    }
  }
  std::erase_if(bound->filtered, [&](const auto& role) { return bound->roles & role.bit; });
  return bound->possible != 0 || (spec.all_events && !ignored);
}

enum class Within { kNone, kSome, kAll };

// How many of the slice's rows lie within the time asked for.
Within RowsWithin(const EventBlock& part, const EventSlice& slice, const TimeRange& time) {
  const TimeRange rows{part.base_ms + slice.first_time, part.base_ms + slice.last_time};
  if (rows.from_ms >= time.to_ms || rows.to_ms < time.from_ms) return Within::kNone;
  return time.Contains(rows.from_ms) && time.Contains(rows.to_ms) ? Within::kAll : Within::kSome;
}

uint64_t BytesOf(const column::Column& column) {
  return column.row_count() / 8 +
         column::PackedInts::ByteSize(column.row_count(), column.numbers().width());
}

}  // namespace

Binding::Binding(const column::SnapshotView& snapshot, const BindSpec& spec, unsigned threads)
    : snapshot_(snapshot), spec_(spec), blocks_(snapshot.blocks.size()) {
  CHECK(spec.roles.size() <= 64);
  ParallelFor(blocks_.size(), threads,
              [&](size_t b) { BindBlock(snapshot.blocks[b], &blocks_[b]); });
  for (BoundBlock& block : blocks_) {
    for (BoundSlice& slice : block.slices) slice.number = slice_count_++;
  }
}

const BoundBlock* Binding::FindBlock(uint32_t block) const {
  const auto at =
      std::lower_bound(blocks_.begin(), blocks_.end(), block,
                       [](const BoundBlock& b, uint32_t n) { return b.view->block < n; });
  return at != blocks_.end() && at->view->block == block ? &*at : nullptr;
}

void Binding::BindPast(uint32_t number, BoundBlock* block) const {
  const std::vector<Condition>& conditions = spec_.population.conditions;
  if (std::ranges::none_of(conditions, [](const Condition& c) { return c.past != nullptr; }))
    return;
  for (const Condition& condition : conditions) {
    auto& bound = block->past_conditions.emplace_back();
    if (condition.past) bound.emplace(condition, number);
  }
}

void Binding::BindBlock(const column::BlockView& view, BoundBlock* block) const {
  block->view = &view;
  for (const Condition& condition : spec_.population.conditions) {
    block->conditions.emplace_back(condition, view.FindAttribute(condition.property), view.block);
  }
  for (const auto& past : spec_.population.pasts)
    block->past_attributes.emplace_back(*past, view.block);
  BindPast(view.block, block);
  if (const Predicate& who = spec_.population.who; who.kind == Predicate::Kind::kCustomer)
    block->only = block->conditions[who.customer_condition].members();
  for (const uint32_t property : spec_.attributes) {
    block->attributes.push_back(view.FindAttribute(property));
  }
  for (size_t p = 0; p < view.parts.size(); ++p) {
    const EventBlock& part = *view.parts[p];
    for (const EventSlice& slice : part.slices) {
      BoundSlice bound;
      bound.part = &part;
      bound.slice = &slice;
      bound.part_order = static_cast<uint32_t>(p);
      if (!BindRoles(spec_, &bound)) continue;
      const Within within = RowsWithin(part, slice, spec_.time);
      if (within == Within::kNone) continue;
      bound.time = spec_.time;
      bound.clipped = within == Within::kSome;
      for (const uint32_t property : spec_.properties)
        bound.columns.push_back(slice.Find(property));
      block->slices.push_back(std::move(bound));
    }
  }
}

Cost EstimateCost(const column::SnapshotView& snapshot, const BindSpec& spec) {
  const Binding binding(snapshot, spec, 1);
  Cost cost;
  for (const BoundBlock& block : binding.blocks()) {
    const EventBlock* last = nullptr;
    for (const BoundSlice& bound : block.slices) {
      cost.parts += bound.part != last;
      last = bound.part;
      cost.rows += bound.slice->row_count;
      cost.bytes += uint64_t{bound.slice->row_count} * sizeof(uint32_t);
      for (const column::Column* column : bound.columns)
        cost.bytes += column ? BytesOf(*column) : 0;
    }
    for (const column::Column* column : block.attributes)
      cost.bytes += column ? BytesOf(*column) : 0;
  }
  return cost;
}

}  // namespace waypost::exec

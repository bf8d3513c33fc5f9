#include "exec/funnel_pairs.h"

#include <algorithm>

namespace waypost::exec {

using column::Column;
using column::ColumnType;

bool PairWalk::Suits(const FunnelSpec& spec) {
  return spec.count == FunnelSpec::Count::kPairs && spec.exclusions.empty() &&
         spec.session.rule == FunnelSpec::Session::Rule::kNone &&
         std::all_of(spec.steps.begin(), spec.steps.end(), [&](const FunnelSpec::Step& step) {
           return step.hold.size() == 1 && step.hold == spec.steps[0].hold;
         });
}

// Calls visit(held value, row, mask) for each row that plays one of `roles` and has a value.
template <typename Visit>
void PairWalk::ForEachHeld(const SliceRows& there, const CustomerRow& customer, uint64_t roles,
                           Visit visit) {
  const auto& [bound, rows] = there;
  const BoundSlice& slice = *bound;
  const uint32_t property = rules_.spec->steps[0].hold[0];
  const Column* column = slice.columns[property];
  if (!column) return;
  const bool whole = column->type() != ColumnType::kString &&
                     column->type() != ColumnType::kDouble && column->type() != ColumnType::kList;
  const bool filtered = !slice.filtered.empty();
  for (uint32_t row = rows.begin; row < rows.end; ++row) {
    const uint64_t mask = filtered ? slice.Mask(row, customer) : slice.roles;
    if (!(mask & roles)) continue;
    if (whole) {
      if (!column->IsNull(row)) visit(static_cast<uint64_t>(column->Whole(row)), row, mask);
    } else if (const UnitSplitter::Key held =
                   splitter_->HeldValue({0, mask, &slice, row}, property)) {
      visit(*held, row, mask);
    }
  }
}

bool PairWalk::Walk(const Customer& customer) {
  const std::span<const SliceRows> all = customer.places[0].near->Of(customer.row.local);
  size_t rows = 0;
  const BoundSlice* last = nullptr;  // of those that may begin
  for (const SliceRows& there : all) {
    rows += there.rows.size();
    if (!(there.slice->possible & 1)) continue;
    if (last && last->part->base_ms == there.slice->part->base_ms) return false;
    last = there.slice;
  }
  table_.Clear(rows);
  placed_.clear();
  begun_.clear();
  further_count_ = 0;
  FindFurther(all, customer.row);
  Place(all, customer.row, true);
  if (further_count_) Place(all, customer.row, false);
  std::sort(placed_.begin(), placed_.end(), [](const Placed& a, const Placed& b) {
    return a.pair != b.pair ? a.pair < b.pair : HappensBefore(a.hit, b.hit, false);
  });
  return true;
}

void PairWalk::FindFurther(std::span<const SliceRows> all, const CustomerRow& row) {
  for (const SliceRows& there : all) {
    if (!(there.slice->possible & 2)) continue;
    ForEachHeld(there, row, 2, [&](uint64_t held, uint32_t, uint64_t) {
      uint32_t& pair = table_.NumberOf(held);
      if (pair == PairTable::kNew) pair = further_count_++;
    });
  }
}

// The rows of slices that may begin, or of all others. The former are in time order.
void PairWalk::Place(std::span<const SliceRows> all, const CustomerRow& customer, bool begins) {
  const TimeRange& entry = rules_.spec->entry;
  for (const SliceRows& there : all) {
    const BoundSlice& slice = *there.slice;
    if ((slice.possible & 1) != uint64_t{begins}) continue;
    const int64_t base_ms = slice.part->base_ms;
    const bool inside = entry.Contains(base_ms + slice.slice->first_time) &&
                        entry.Contains(base_ms + slice.slice->last_time);
    ForEachHeld(there, customer, rules_.step_bits,
                [&](uint64_t held, uint32_t row, uint64_t mask) __attribute__((always_inline)) {
                  uint32_t& pair = table_.NumberOf(held);
                  if (pair < further_count_) {
                    placed_.push_back({pair, {slice.TimeMs(row), mask, &slice, row}});
                  } else if (pair == PairTable::kNew && (mask & 1) &&
                             (inside || entry.Contains(slice.TimeMs(row)))) {
                    pair = kOnlyBegun;
                    begun_.push_back({&slice, row});
                  }
                });
  }
}

}  // namespace waypost::exec

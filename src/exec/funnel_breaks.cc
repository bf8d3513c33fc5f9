#include "exec/funnel_breaks.h"

namespace waypost::exec {

LateBreaks::LateBreaks(const BoundBlock& block, const MatchRules& rules) {
  for (const BoundSlice& slice : block.slices) {
    if (slice.possible & rules.step_bits) continue;
    const int64_t base_ms = slice.part->base_ms;
    slices_.push_back({slice.possible, base_ms + slice.slice->first_time,
                       base_ms + slice.slice->last_time, &slice});
  }
}

bool LateBreaks::Any(uint64_t roles, int64_t from_ms, int64_t to_ms) const {
  for (const auto& [possible, first_ms, last_ms, slice] : slices_) {
    if (!(possible & roles) || last_ms < from_ms || first_ms >= to_ms) continue;
    const column::RowRange rows = slice->Rows(row_.local);
    for (uint32_t row = rows.begin; row < rows.end && slice->TimeMs(row) < to_ms; ++row) {
      if (slice->TimeMs(row) < from_ms) continue;
      if ((slice->filtered.empty() ? slice->roles : slice->Mask(row, row_)) & roles) return true;
    }
  }
  return false;
}

}  // namespace waypost::exec

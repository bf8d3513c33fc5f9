#include "exec/strict_walk.h"

#include <algorithm>
#include <cstring>

namespace waypost::exec {

bool StrictWalk::Suits(const FunnelSpec& spec) {
  return spec.order == FunnelSpec::Order::kStrict && spec.steps[0].hold.empty() &&
         spec.session.rule != FunnelSpec::Session::Rule::kIdleGap &&
         !(spec.touch == FunnelSpec::Touch::kEach && !spec.grouping.dimensions.empty());
}

StrictWalk::StrictWalk(const BoundBlock& block, const MatchRules& rules, UnitSplitter* splitter)
    : rules_(rules),
      splitter_(splitter),
      by_session_(rules.spec->session.rule == FunnelSpec::Session::Rule::kProperty) {
  for (const BoundSlice& slice : block.slices) {
    if (parts_.empty() || parts_.back().part != slice.part) {
      wide_ |= slice.part->timeline.codes == nullptr;
      parts_.push_back({slice.part, {}, {}});
      parts_.back().by_code.resize(slice.part->slices.size());
    }
    const auto code = static_cast<size_t>(slice.slice - slice.part->slices.data());
    parts_.back().by_code[code] = &slice;
    if (slice.possible & 1) parts_.back().entries.push_back(static_cast<uint8_t>(code));
  }
}

bool StrictWalk::Gather(const Customer& customer, std::vector<Hit>* hits) {
  if (wide_ || !FindStretches(customer.row.local)) return false;
  found_.clear();
  for (uint32_t s = 0; s < stretches_.size(); ++s) {
    const Stretch& stretch = stretches_[s];
    for (const uint8_t entry : stretch.walk->entries) {
      const uint8_t* end = stretch.codes + stretch.size;
      for (const uint8_t* at = stretch.codes; at < end; ++at) {
        at = static_cast<const uint8_t*>(std::memchr(at, entry, static_cast<size_t>(end - at)));
        if (!at) break;
        Follow({s, static_cast<uint32_t>(at - stretch.codes)}, customer.row);
      }
    }
  }
  const auto before = [](const Found& a, const Found& b) { return a.spot < b.spot; };
  if (!std::is_sorted(found_.begin(), found_.end(), before))
    std::sort(found_.begin(), found_.end(), before);
  hits->clear();
  for (size_t i = 0; i < found_.size(); ++i) {
    if (i == 0 || found_[i].spot != found_[i - 1].spot) hits->push_back(found_[i].hit);
  }
  return true;
}

bool StrictWalk::FindStretches(uint32_t local) {
  stretches_.clear();
  for (const PartWalk& walk : parts_) {
    const column::RowRange range = walk.part->timeline.persons.Rows(local);
    if (range.empty()) continue;
    if (!stretches_.empty() && stretches_.back().walk->part->base_ms == walk.part->base_ms)
      return false;
    stretches_.push_back({&walk, walk.part->timeline.codes + range.begin, range.size()});
  }
  return true;
}

void StrictWalk::Follow(Spot spot, const CustomerRow& row) {
  Hit hit;
  if (!HitAt(spot, row, &hit) || !(hit.mask & 1)) return;
  const UnitSplitter::Key session = by_session_ ? splitter_->SessionOf(hit) : 0;
  if (!session) return;
  found_.push_back({spot, hit});
  for (uint32_t step = 1; step < rules_.steps;) {
    while (spot.stretch < stretches_.size() && ++spot.index >= stretches_[spot.stretch].size)
      spot = {spot.stretch + 1, ~0u};
    if (spot.stretch == stretches_.size()) return;
    if (!HitAt(spot, row, &hit) || (by_session_ && splitter_->SessionOf(hit) != session)) continue;
    found_.push_back({spot, hit});
    if (!(hit.mask >> step++ & 1)) return;
  }
}

bool StrictWalk::HitAt(Spot spot, const CustomerRow& row, Hit* hit) const {
  const Stretch& stretch = stretches_[spot.stretch];
  const uint8_t code = stretch.codes[spot.index];
  const BoundSlice* slice = stretch.walk->by_code[code];
  if (!slice) return false;
  const auto before = std::count(stretch.codes, stretch.codes + spot.index, code);
  const uint32_t at = slice->slice->persons.Rows(row.local).begin + static_cast<uint32_t>(before);
  const int64_t time_ms = slice->TimeMs(at);
  if (slice->clipped && !slice->time.Contains(time_ms)) return false;
  *hit = {time_ms, slice->filtered.empty() ? slice->roles : slice->Mask(at, row), slice, at};
  return true;
}

}  // namespace waypost::exec

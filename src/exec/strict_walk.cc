#include "exec/strict_walk.h"

#include <algorithm>
#include <cstring>

namespace waypost::exec {
namespace {

// How many of the first `count` codes are `code`: timelines are short, so eight at a time, from the
// last back. What lies before the first is of the same image.
uint32_t CountCode(const uint8_t* codes, uint32_t count, uint8_t code) {
  constexpr uint64_t kOnes = 0x0101010101010101ull, kLow = 0x7F * kOnes;
  const uint64_t wanted = code * kOnes;
  uint64_t found = 0;
  for (uint32_t left = count; left > 0; left -= std::min(left, 8u)) {
    uint64_t eight;
    std::memcpy(&eight, codes + left - 8, sizeof(eight));
    const uint64_t differing = eight ^ wanted;
    uint64_t equal = ~(((differing & kLow) + kLow) | differing | kLow);  // a top bit for each
    if (left < 8) equal >>= 8 * (8 - left);
    found += (equal >> 7) * kOnes >> 56;
  }
  return static_cast<uint32_t>(found);
}

}  // namespace

bool StrictWalk::Suits(const FunnelSpec& spec) {
  return spec.order == FunnelSpec::Order::kStrict && spec.steps[0].hold.empty() &&
         spec.session.rule != FunnelSpec::Session::Rule::kIdleGap &&
         !(spec.touch == FunnelSpec::Touch::kEach && !spec.grouping.dimensions.empty());
}

StrictWalk::StrictWalk(const BoundBlock& block, const MatchRules& rules, UnitSplitter* splitter)
    : rules_(rules),
      splitter_(splitter),
      by_session_(rules.spec->session.rule == FunnelSpec::Session::Rule::kProperty),
      row_(block.Customer(0)) {
  for (const BoundSlice& slice : block.slices) {
    if (parts_.empty() || parts_.back().part != slice.part) {
      wide_ |= slice.part->timeline.codes == nullptr;
      shared_months_ |= !parts_.empty() && parts_.back().part->base_ms == slice.part->base_ms;
      parts_.push_back({slice.part, {}, {}});
      parts_.back().by_code.resize(slice.part->slices.size());
    }
    const auto code = static_cast<size_t>(slice.slice - slice.part->slices.data());
    parts_.back().by_code[code] = &slice;
    if (slice.possible & 1) parts_.back().entries.push_back({&slice, static_cast<uint8_t>(code)});
  }
  part_count_ = static_cast<uint32_t>(parts_.size());
}

void StrictWalk::LookAhead(uint32_t first, const BlockBits& bits) {
  if (wide_) return;
  for (uint32_t w = 0; shared_months_ && w < kWordsAtOnce; ++w) tangled_[w] = Tangled(first + w);
  for (uint32_t p = 0; p < parts_.size(); ++p) {
    parts_[p].ahead.clear();
    parts_[p].next = 0;
    FindStretches(&parts_[p], first, bits);
    for (const Stretch& stretch : stretches_) FindEntries(p, stretch);
  }
}

uint64_t StrictWalk::Tangled(uint32_t w) {
  uint64_t tangled = 0, of_month = 0;
  const column::EventBlock* last = nullptr;
  for (PartWalk& walk : parts_) {
    const uint64_t here = walk.part->timeline.persons.WordAt(w, &walk.cursor).bits;
    const bool same = last && last->base_ms == walk.part->base_ms;
    if (same) tangled |= of_month & here;
    of_month = same ? of_month | here : here;
    last = walk.part;
  }
  return tangled;
}

void StrictWalk::FindStretches(PartWalk* walk, uint32_t first, const BlockBits& bits) {
  stretches_.clear();
  for (uint32_t w = first; w < first + kWordsAtOnce; ++w) {
    const uint64_t wanted = bits[w] & ~tangled_[w - first];
    uint64_t entrants = 0;
    for (Entries& entries : walk->entries)
      entrants |= entries.slice->slice->persons.WordAt(w, &entries.cursor).bits & wanted;
    for (uint64_t left = entrants; left; left &= left - 1) {
      const auto bit = static_cast<uint32_t>(std::countr_zero(left));
      const Stretch& stretch = stretches_.emplace_back(
          StretchOf(w * 64 + bit, static_cast<uint32_t>(walk - parts_.data())));
      __builtin_prefetch(stretch.codes);
      __builtin_prefetch(stretch.codes + stretch.size - 1);
    }
  }
}

void StrictWalk::FindEntries(uint32_t part, const Stretch& stretch) {
  std::vector<Event>& ahead = parts_[part].ahead;
  for (const Entries& entries : parts_[part].entries) {
    const uint8_t* end = stretch.codes + stretch.size;
    for (const uint8_t* at = stretch.codes; at < end; ++at) {
      at =
          static_cast<const uint8_t*>(std::memchr(at, entries.code, static_cast<size_t>(end - at)));
      if (!at) break;
      Spot spot{part, static_cast<uint32_t>(at - stretch.codes)};
      Stretch here = stretch;
      for (uint32_t step = 0; step < rules_.steps; ++step, Advance(&spot, &here))
        Prefetch(ahead.emplace_back(EventAt(spot, here)));
    }
  }
}

void StrictWalk::Prefetch(const Event& event) const {
  if (!event.slice) return;
  __builtin_prefetch(&event.slice->slice->times[event.row]);
  if (!by_session_) return;
  const column::Column* session = event.slice->columns[rules_.spec->session.property];
  if (!session) return;
  const column::PackedInts& numbers = session->numbers();
  __builtin_prefetch(numbers.data() + (uint64_t{event.row} * numbers.width() >> 3));
}

StrictWalk::Found StrictWalk::Gather(uint32_t local, std::vector<Hit>* hits) {
  if (wide_ || (tangled_[local / 64 % kWordsAtOnce] >> (local & 63) & 1)) return Found::kNothing;
  placed_.clear();
  one_session_ = true;
  row_.local = local;
  for (PartWalk& walk : parts_) {
    for (; walk.next < walk.ahead.size() && walk.ahead[walk.next].local == local;
         walk.next += rules_.steps)
      Follow(&walk.ahead[walk.next]);
  }
  const auto before = [](const Placed& a, const Placed& b) { return a.spot < b.spot; };
  if (!std::is_sorted(placed_.begin(), placed_.end(), before))
    std::sort(placed_.begin(), placed_.end(), before);
  hits->clear();
  for (size_t i = 0; i < placed_.size(); ++i) {
    if (i == 0 || placed_[i].spot != placed_[i - 1].spot) hits->push_back(placed_[i].hit);
  }
  return one_session_ ? Found::kOneSession : Found::kSessions;
}

void StrictWalk::Follow(const Event* ahead) {
  Hit hit;
  if (!Read(ahead[0], &hit) || !(hit.mask & 1)) return;
  const UnitSplitter::Key session = by_session_ ? splitter_->SessionOf(hit) : 0;
  if (!session) return;
  if (placed_.empty()) session_ = session;
  one_session_ &= session == session_;
  placed_.push_back({ahead[0].spot, hit});
  Event event = ahead[0];
  for (uint32_t step = 1, seen = 1; step < rules_.steps; ++seen) {
    if (seen < rules_.steps) {
      event = ahead[seen];
    } else if (!AtEnd(event.spot)) {
      Stretch stretch = StretchOf(event.local, event.spot.part);
      Advance(&event.spot, &stretch);
      event = EventAt(event.spot, stretch);
    }
    if (AtEnd(event.spot)) return;
    if (!Read(event, &hit) || (by_session_ && splitter_->SessionOf(hit) != session)) continue;
    placed_.push_back({event.spot, hit});
    if (!(hit.mask >> step++ & 1)) return;
  }
}

StrictWalk::Stretch StrictWalk::StretchOf(uint32_t local, uint32_t part) const {
  const column::Timeline& timeline = parts_[part].part->timeline;
  const column::RowRange range = timeline.persons.Rows(local);
  return {local, range.size(), timeline.codes + range.begin};
}

void StrictWalk::Advance(Spot* spot, Stretch* stretch) const {
  ++spot->index;
  while (!AtEnd(*spot) && spot->index >= stretch->size) {
    *spot = {spot->part + 1, 0};
    if (!AtEnd(*spot)) *stretch = StretchOf(stretch->local, spot->part);
  }
}

StrictWalk::Event StrictWalk::EventAt(const Spot& spot, const Stretch& stretch) const {
  Event event{stretch.local, spot, nullptr, 0};
  if (AtEnd(spot)) return event;
  const uint8_t code = stretch.codes[spot.index];
  event.slice = parts_[spot.part].by_code[code];
  if (!event.slice) return event;
  event.row = event.slice->slice->persons.Rows(stretch.local).begin +
              CountCode(stretch.codes, spot.index, code);
  return event;
}

bool StrictWalk::Read(const Event& event, Hit* hit) const {
  if (!event.slice) return false;
  const BoundSlice& slice = *event.slice;
  const int64_t time_ms = slice.TimeMs(event.row);
  if (slice.clipped && !slice.time.Contains(time_ms)) return false;
  *hit = {time_ms, slice.filtered.empty() ? slice.roles : slice.Mask(event.row, row_), &slice,
          event.row};
  return true;
}

}  // namespace waypost::exec

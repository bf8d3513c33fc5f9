#include "segments/live_rule.h"

#include <algorithm>
#include <bit>

#include "exec/selector.h"

namespace waypost::segments {

Result<> LiveRule::Advance(const analytics::LookMoment& moment, const analytics::Touches& touches,
                           std::vector<Moved>* moves) {
  moves_ = moves;
  return lookout_.Advance(moment, touches, this);
}

// Who came and left in a word of the members.
void LiveRule::Note(size_t word, uint64_t before) {
  for (uint64_t left = before ^ members_[word]; left; left &= left - 1) {
    const auto bit = static_cast<uint32_t>(std::countr_zero(left));
    moves_->push_back({static_cast<uint32_t>(word * 64) + bit, (before >> bit & 1) == 0});
  }
}

Result<> LiveRule::LookAtAll(const analytics::LookMoment& moment, Rules rules) {
  const exec::CustomerBits before = std::exchange(
      members_, exec::Select(rules[0].rule, moment.snapshot, std::max(1u, moment.options.threads)));
  for (size_t w = 0; w < members_.size(); ++w) Note(w, w < before.size() ? before[w] : 0);
  return {};
}

// A customer who became another's has not left: he is known by another ordinal.
Result<> LiveRule::LookAt(const analytics::LookMoment& moment, Rules rules,
                          const column::SnapshotView& near, uint32_t block,
                          const exec::BlockBits& who) {
  const exec::BlockBits found = exec::SelectInBlock(rules[0].rule, near, block, who);
  const size_t blocks = (size_t{moment.snapshot.ordinal_count} + 0xFFFF) >> 16;
  members_.resize(blocks * who.size());
  const size_t first = size_t{block} * who.size();
  for (size_t w = 0; w < who.size() && first + w < members_.size(); ++w) {
    const uint64_t before = members_[first + w];
    members_[first + w] = (before & ~who[w]) | found[w];
    Note(first + w, before);
  }
  return {};
}

}  // namespace waypost::segments

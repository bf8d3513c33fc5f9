#include "exec/customers.h"

namespace waypost::exec {

uint64_t PlainWord(const column::SnapshotView& snapshot, uint32_t block, size_t w) {
  const size_t at = size_t{block - snapshot.bits_from} * BlockBits().size() + w;
  uint64_t word = ~0ull;
  if (at < snapshot.clustered.size()) word &= ~snapshot.clustered[at];
  if (at < snapshot.erased.size()) word &= ~snapshot.erased[at];
  return word;
}

void PlainCustomers(const column::SnapshotView& snapshot, uint32_t block, BlockBits* bits) {
  for (size_t w = 0; w < bits->size(); ++w) (*bits)[w] = PlainWord(snapshot, block, w);
}

NearRows::NearRows(const BoundBlock& block, uint64_t roles) {
  for (const BoundSlice& slice : block.slices) {
    if (!roles || (slice.possible & roles)) walks_.push_back({&slice, 0});
  }
  rows_.resize(64 * walks_.size() + 1);
}

void NearRows::MoveTo(uint32_t w, uint64_t wanted) {
  counts_.fill(0);
  const size_t stride = walks_.size();
  SliceRows* const all = rows_.data();
  for (Walk& walk : walks_) {
    const column::PersonIndex& persons = walk.slice->slice->persons;
    const column::PersonIndex::Word word = persons.WordAt(w, &walk.cursor);
    for (uint64_t left = word.bits & wanted; left; left &= left - 1) {
      const auto bit = static_cast<uint32_t>(std::countr_zero(left));
      const column::RowRange rows = walk.slice->Clip(persons.RowsAt(word.RankOf(bit)));
      if (rows.empty()) continue;
      __builtin_prefetch(&walk.slice->slice->times[rows.begin]);  // a visit is some 100 ns away
      all[bit * stride + counts_[bit]++] = {walk.slice, rows};
    }
  }
}

void PresentCustomers(const BoundBlock& block, uint64_t roles, BlockBits* bits) {
  bits->fill(0);
  for (const BoundSlice& slice : block.slices) {
    if (!roles || (slice.possible & roles)) slice.slice->persons.OrInto(bits->data());
  }
  for (size_t w = 0; block.only && w < bits->size(); ++w)
    (*bits)[w] &= w < block.only->size() ? (*block.only)[w] : 0;
}

void KeepPopulation(const Binding& binding, const BoundBlock& block, BlockBits* bits) {
  const Predicate& who = binding.spec().population.who;
  for (uint32_t w = 0; w < bits->size() && !who.always(); ++w) {
    for (uint64_t left = (*bits)[w]; left; left &= left - 1) {
      const auto local = w * 64 + static_cast<uint32_t>(std::countr_zero(left));
      if (!TestCustomer(who, block.Customer(local))) (*bits)[w] ^= left & -left;
    }
  }
}

}  // namespace waypost::exec

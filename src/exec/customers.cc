#include "exec/customers.h"

#include <algorithm>

namespace waypost::exec {

uint64_t PlainWord(const column::SnapshotView& snapshot, uint32_t block, size_t w) {
  const size_t at = size_t{block - snapshot.bits_from} * BlockBits().size() + w;
  uint64_t word = ~0ull;
  if (at < snapshot.clustered.size()) word &= ~snapshot.clustered[at];
  if (at < snapshot.erased.size()) word &= ~snapshot.erased[at];
  return word;
}

void PlainCustomers(const column::SnapshotView& snapshot, uint32_t block, BlockBits* bits) {
  bits->fill(~0ull);
  const size_t first = size_t{block - snapshot.bits_from} * bits->size();
  for (const std::vector<uint64_t>* others : {&snapshot.clustered, &snapshot.erased}) {
    const size_t end = std::min(first + bits->size(), others->size());
    for (size_t w = first; w < end; ++w) (*bits)[w - first] &= ~(*others)[w];
  }
}

void CustomersOf(const column::SnapshotView& snapshot, uint32_t block, BlockBits* bits) {
  constexpr uint32_t kPages = 1u << (16 - column::Clusters::kPageBits);  // of a block
  PlainCustomers(snapshot, block, bits);
  const int64_t known = int64_t{snapshot.ordinal_count} - (int64_t{block} << 16);
  for (size_t w = static_cast<size_t>(std::max<int64_t>(known, 0)) / 64; w < bits->size(); ++w) {
    const int64_t left_over = known - static_cast<int64_t>(64 * w);
    (*bits)[w] &= left_over > 0 ? (1ull << left_over) - 1 : 0;
  }
  for (uint32_t page = block * kPages; page < (block + 1) * kPages; ++page) {
    snapshot.clusters.ForEachIn(page, [&](const column::Cluster& cluster) {
      const bool remains = std::ranges::any_of(
          cluster.members, [&](uint32_t member) { return !snapshot.IsErased(member); });
      const uint32_t local = cluster.root & 0xFFFF;
      if (remains) (*bits)[local / 64] |= 1ull << (local % 64);
    });
  }
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

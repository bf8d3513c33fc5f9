#include "exec/customers.h"

namespace waypost::exec {

void PlainCustomers(const column::SnapshotView& snapshot, uint32_t block, BlockBits* bits) {
  const size_t first = size_t{block - snapshot.bits_from} * bits->size();
  for (size_t w = 0; w < bits->size(); ++w) {
    uint64_t word = ~0ull;
    if (first + w < snapshot.clustered.size()) word &= ~snapshot.clustered[first + w];
    if (first + w < snapshot.erased.size()) word &= ~snapshot.erased[first + w];
    (*bits)[w] = word;
  }
}

NearRows::NearRows(const BoundBlock& block, uint64_t roles) {
  for (const BoundSlice& slice : block.slices) {
    if (!roles || (slice.possible & roles)) walks_.push_back({&slice, 0});
  }
}

void NearRows::MoveTo(uint32_t w, uint64_t wanted) {
  near_.clear();
  for (Walk& walk : walks_) {
    const column::PersonIndex::Word word = walk.slice->slice->persons.WordAt(w, &walk.cursor);
    if (word.bits & wanted) near_.push_back({walk.slice, word});
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

}  // namespace waypost::exec

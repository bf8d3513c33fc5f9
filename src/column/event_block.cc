#include "column/event_block.h"

#include <algorithm>

#include "column/snapshot_view.h"

namespace waypost::column {
namespace {

template <typename Items, typename Key, typename KeyOf>
auto FindSorted(const Items& items, Key key, KeyOf key_of) -> decltype(items.data()) {
  const auto at = std::lower_bound(items.begin(), items.end(), key,
                                   [&](const auto& item, Key k) { return key_of(item) < k; });
  return at != items.end() && key_of(*at) == key ? &*at : nullptr;
}

}  // namespace

uint32_t Dictionary::LowerBound(std::string_view text, bool* exact) const {
  uint32_t low = 0, high = size();
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (Text(middle) < text) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  *exact = low < size() && Text(low) == text;
  return low;
}

const Column* EventSlice::Find(uint32_t property) const {
  return FindSorted(columns, property, [](const Column& c) { return c.property(); });
}

const EventSlice* EventBlock::Find(uint32_t event_type) const {
  return FindSorted(slices, event_type, [](const EventSlice& s) { return s.event_type; });
}

const Column* BlockView::FindAttribute(uint32_t property) const {
  return FindSorted(attributes, property, [](const Column& c) { return c.property(); });
}

const BlockView* SnapshotView::FindBlock(uint32_t block) const {
  return FindSorted(blocks, block, [](const BlockView& b) { return b.block; });
}

}  // namespace waypost::column

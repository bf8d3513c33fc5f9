#include "store/part_index.h"

#include <algorithm>

namespace waypost::store {

void PartIndex::Add(std::shared_ptr<const Part> part) {
  row_count_ += part->meta().row_count;
  if (part->in_memory()) memory_rows_ += part->meta().row_count;
  lists_[{part->meta().block, part->meta().base_ms}].push_back(std::move(part));
}

void PartIndex::Replace(const PartList& old, std::shared_ptr<const Part> merged) {
  PartList& list = lists_[{merged->meta().block, merged->meta().base_ms}];
  const auto first = std::find(list.begin(), list.end(), old.front());
  CHECK(first != list.end() && static_cast<size_t>(list.end() - first) >= old.size());
  CHECK(std::equal(old.begin(), old.end(), first));
  for (const auto& part : old) {
    if (part->in_memory()) memory_rows_ -= part->meta().row_count;
  }
  if (merged->in_memory()) memory_rows_ += merged->meta().row_count;
  *first = std::move(merged);
  list.erase(first + 1, first + static_cast<ptrdiff_t>(old.size()));
}

std::vector<PartList> PartIndex::InMemory() const {
  std::vector<PartList> found;
  for (const auto& [key, list] : lists_) {
    const auto first =
        std::find_if(list.begin(), list.end(), [](const auto& p) { return p->in_memory(); });
    if (first != list.end()) found.emplace_back(first, list.end());
  }
  return found;
}

PartList PartIndex::PickMerge(size_t fan_in) const {
  PartList best;
  for (const auto& [key, list] : lists_) {
    const auto end =
        std::find_if(list.begin(), list.end(), [](const auto& p) { return p->in_memory(); });
    auto begin = end;
    uint64_t newer = 0;
    while (begin != list.begin()) {
      const uint64_t rows = (*(begin - 1))->meta().row_count;
      if (newer != 0 && rows > newer * 2) break;
      newer += rows;
      --begin;
    }
    const auto count = static_cast<size_t>(end - begin);
    if (count >= fan_in && count > best.size()) best.assign(begin, end);
  }
  return best;
}

std::vector<column::BlockView> PartIndex::Blocks() const {
  std::vector<column::BlockView> blocks;
  for (const auto& [key, list] : lists_) {
    if (blocks.empty() || blocks.back().block != key.block) blocks.push_back({key.block, {}, {}});
    for (const auto& part : list) blocks.back().parts.push_back(&part->events());
  }
  return blocks;
}

column::Image MergeParts(const PartList& parts) {
  column::BlockBuilder builder(parts.front()->meta().block, parts.front()->meta().base_ms);
  for (const auto& part : parts) builder.AddAll(part->events());
  return builder.Build();
}

}  // namespace waypost::store

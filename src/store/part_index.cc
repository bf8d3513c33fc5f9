#include "store/part_index.h"

#include <algorithm>

namespace waypost::store {

void PartIndex::Add(std::shared_ptr<const Part> part) {
  row_count_ += part->meta().row_count;
  if (part->in_memory()) memory_rows_ += part->meta().row_count;
  lists_[{part->meta().block, part->meta().base_ms}].push_back(std::move(part));
}

void PartIndex::Replace(const PartList& old, std::shared_ptr<const Part> merged) {
  PartList& list = lists_[{old.front()->meta().block, old.front()->meta().base_ms}];
  const auto first = std::find(list.begin(), list.end(), old.front());
  CHECK(first != list.end() && static_cast<size_t>(list.end() - first) >= old.size());
  CHECK(std::equal(old.begin(), old.end(), first));
  for (const auto& part : old) {
    row_count_ -= part->meta().row_count;
    if (part->in_memory()) memory_rows_ -= part->meta().row_count;
  }
  if (!merged) {
    list.erase(first, first + static_cast<ptrdiff_t>(old.size()));
    return;
  }
  row_count_ += merged->meta().row_count;
  if (merged->in_memory()) memory_rows_ += merged->meta().row_count;
  *first = std::move(merged);
  list.erase(first + 1, first + static_cast<ptrdiff_t>(old.size()));
}

namespace {

constexpr size_t kFanIn = 4, kQuietFanIn = 2, kLeftFanIn = 3;
constexpr uint64_t kSlack = 2, kQuietSlack = 8, kAnySlack = uint64_t{1} << 31;

PartList::const_iterator FirstInMemory(const PartList& list) {
  return std::find_if(list.begin(), list.end(), [](const auto& part) { return part->in_memory(); });
}

}  // namespace

std::vector<PartList> PartIndex::InMemory() const {
  std::vector<PartList> found;
  for (const auto& [key, list] : lists_) {
    const auto first = FirstInMemory(list);
    if (first != list.end()) found.emplace_back(first, list.end());
  }
  return found;
}

std::vector<PartList> PartIndex::InMemory(uint32_t block) const {
  std::vector<PartList> found;
  for (auto at = lists_.lower_bound({block, INT64_MIN});
       at != lists_.end() && at->first.block == block; ++at) {
    const auto first = FirstInMemory(at->second);
    if (first != at->second.end()) found.emplace_back(first, at->second.end());
  }
  return found;
}

PartList PartIndex::Block(uint32_t block) const {
  PartList parts;
  for (auto at = lists_.lower_bound({block, INT64_MIN});
       at != lists_.end() && at->first.block == block; ++at) {
    parts.insert(parts.end(), at->second.begin(), at->second.end());
  }
  return parts;
}

PartList PartIndex::PickMerge(const std::set<PartKey>& busy) const {
  PartList best;
  for (const auto& [key, list] : lists_) {
    const PartList files(list.begin(), FirstInMemory(list));
    PartList merge = MergeOf(files, kFanIn, kSlack);
    const bool quiet = files.size() == list.size() && !busy.contains(key);
    if (merge.empty() && quiet) merge = MergeOf(files, kQuietFanIn, kQuietSlack);
    if (merge.empty() && quiet) merge = MergeOf(files, kLeftFanIn, kAnySlack);
    if (merge.size() > best.size()) best = std::move(merge);
  }
  return best;
}

PartList MergeOf(const PartList& parts, size_t fan_in, uint64_t slack, uint64_t most_rows) {
  auto begin = parts.end();
  uint64_t newer = 0;
  while (begin != parts.begin()) {
    const uint64_t rows = (*(begin - 1))->meta().row_count;
    if (newer != 0 && (rows > newer * slack || newer + rows > most_rows)) break;
    newer += rows;
    --begin;
  }
  if (static_cast<size_t>(parts.end() - begin) < fan_in) return {};
  return {begin, parts.end()};
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
  if (parts.size() == 1 && parts.front()->in_memory()) return parts.front()->image();
  column::BlockBuilder builder(parts.front()->meta().block, parts.front()->meta().base_ms);
  for (const auto& part : parts) builder.AddAll(part->events());
  return builder.Build();
}

}  // namespace waypost::store

// Which parts make up each block and month, oldest first. In every list the parts that are files
// come before the parts that are still only in memory.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "column/snapshot_view.h"
#include "store/part.h"

namespace waypost::store {

struct PartKey {
  uint32_t block = 0;
  int64_t base_ms = 0;
  friend auto operator<=>(const PartKey&, const PartKey&) = default;
};

using PartList = std::vector<std::shared_ptr<const Part>>;

// Not thread safe.
class PartIndex {
 public:
  // As the newest of its block and month.
  void Add(std::shared_ptr<const Part> part);
  // Puts `merged`, or nothing when it is null, in the place of the adjacent parts `old`. REQUIRES:
  // all of them are there.
  void Replace(const PartList& old, std::shared_ptr<const Part> merged);

  const std::map<PartKey, PartList>& lists() const { return lists_; }
  uint64_t memory_rows() const { return memory_rows_; }
  uint64_t row_count() const { return row_count_; }

  // The parts in memory, one list for each block and month that has any.
  std::vector<PartList> InMemory() const;
  // Those of one block.
  std::vector<PartList> InMemory(uint32_t block) const;

  // Adjacent parts that files would be better off merged, or nothing: the newest ones whose merging
  // is not much larger than what is merged, so every row is rewritten only about log(rows) times.
  // At least four of them; but two where nothing arrives, in memory or as `busy` has it: questions
  // read one part faster than two, and it will not be rewritten soon. Three, there, of whatever
  // size: a little that came last keeps no large ones apart.
  PartList PickMerge(const std::set<PartKey>& busy) const;

  // By (block, base_ms, age), as column::BlockView wants; attributes are not filled in.
  std::vector<column::BlockView> Blocks() const;
  // All parts of one block, by (base_ms, age).
  PartList Block(uint32_t block) const;

 private:
  std::map<PartKey, PartList> lists_;
  uint64_t memory_rows_ = 0;
  uint64_t row_count_ = 0;
};

// The newest of `parts` that are better off merged, at least `fan_in` of them, or nothing: as many
// as are not more than `slack` times as large as all newer ones together, so that a merge makes a
// row's part at least 1 + 1 / slack times as large and a row is rewritten only about log(rows)
// times: to that base.
// They have no more than `most_rows` together.
PartList MergeOf(const PartList& parts, size_t fan_in, uint64_t slack,
                 uint64_t most_rows = UINT64_MAX);

// One image with the rows of all `parts`, which follow each other in age. Costs about 0.3 us a row,
// or a copy when there is but one part in memory.
column::Image MergeParts(const PartList& parts);

}  // namespace waypost::store

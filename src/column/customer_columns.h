// A value for every customer, in the form their attributes have: a column for each block of 65,536
// ordinals, row = ordinal & 0xFFFF.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "column/event_block.h"

namespace waypost::column {

// Any number of threads may read it.
class CustomerColumns {
 public:
  using ByBlock = std::vector<std::pair<uint32_t, Column>>;  // increasing

  // Null when no customer of the block has a value. Rows beyond a column's end have none. Good
  // until the next Set.
  const Column* Find(uint32_t block) const {
    if (block < columns_.size() && columns_[block].first == block)  // nearly all have values
      return &columns_[block].second;
    const auto found = std::ranges::lower_bound(columns_, block, {}, &ByBlock::value_type::first);
    return found == columns_.end() || found->first != block ? nullptr : &found->second;
  }
  const ByBlock& columns() const { return columns_; }

  // Instead of the one the block had. `owner` keeps the column's bytes.
  void Set(uint32_t block, const Column& column, std::shared_ptr<const void> owner) {
    auto at = std::ranges::lower_bound(columns_, block, {}, &ByBlock::value_type::first);
    if (at == columns_.end() || at->first != block) at = columns_.insert(at, {block, column});
    at->second = column;
    owners_.push_back(std::move(owner));
  }

 private:
  ByBlock columns_;
  std::vector<std::shared_ptr<const void>> owners_;
};

}  // namespace waypost::column

// A value for every customer, in the form their attributes have: a column for each block of 65,536
// ordinals, row = ordinal & 0xFFFF.
#pragma once

#include <boost/container/flat_map.hpp>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "column/event_block.h"

namespace waypost::column {

// Any number of threads may read it.
class CustomerColumns {
 public:
  using ByBlock = boost::container::flat_map<uint32_t, Column>;

  // Null when no customer of the block has a value. Rows beyond a column's end have none. Good
  // until the next Set.
  const Column* Find(uint32_t block) const {
    if (block < columns_.size() && columns_.nth(block)->first == block)  // nearly all have values
      return &columns_.nth(block)->second;
    const auto found = columns_.find(block);
    return found == columns_.end() ? nullptr : &found->second;
  }
  const ByBlock& columns() const { return columns_; }

  // Instead of the one the block had. `owner` keeps the column's bytes.
  void Set(uint32_t block, const Column& column, std::shared_ptr<const void> owner) {
    columns_.insert_or_assign(block, column);
    owners_.push_back(std::move(owner));
  }

 private:
  ByBlock columns_;
  std::vector<std::shared_ptr<const void>> owners_;
};

}  // namespace waypost::column

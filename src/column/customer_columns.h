// A value for every customer, in the form their attributes have: a column for each block of 65,536
// ordinals, row = ordinal & 0xFFFF.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "column/event_block.h"

namespace waypost::column {

// Any number of threads may read it.
class CustomerColumns {
 public:
  // Null when no customer of the block has a value. Rows beyond a column's end have none.
  const Column* Find(uint32_t block) const {
    const auto found = columns_.find(block);
    return found == columns_.end() ? nullptr : &found->second;
  }
  const std::map<uint32_t, Column>& columns() const { return columns_; }

  // Instead of the one the block had. `owner` keeps the column's bytes.
  void Set(uint32_t block, const Column& column, std::shared_ptr<const void> owner) {
    columns_.insert_or_assign(block, column);
    owners_.push_back(std::move(owner));
  }

 private:
  std::map<uint32_t, Column> columns_;
  std::vector<std::shared_ptr<const void>> owners_;
};

}  // namespace waypost::column

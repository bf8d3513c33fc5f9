// How often each number of a narrow packed column is met, for the rows of some customers.
//
//   PackedCounts counts(column.numbers());           // 3 bits wide
//   counts.AddRows(begin, end); counts.AddRow(row);
//   counts.ByOffset()[5];                            // rows whose number is base() + 5
//
// Numbers of a run of rows are counted by several at once: as many neighbours as fit 12 bits are
// one index into one table, which is taken apart at the end. Costs under a nanosecond a row in
// runs, and two for a row alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "column/packed_ints.h"

namespace waypost::exec {

// Belongs to one thread. Borrows the numbers' bytes.
class PackedCounts {
 public:
  static constexpr uint8_t kMaxWidth = 12;  // bits

  // REQUIRES: numbers.width() <= kMaxWidth
  explicit PackedCounts(const column::PackedInts& numbers);

  // REQUIRES: row < numbers.size()
  void AddRow(size_t row) { ++single_[numbers_.Offset(row)]; }
  // Rows [begin, end). REQUIRES: begin <= end <= numbers.size()
  void AddRows(size_t begin, size_t end);
  // The rows of word w, [64w, 64w + 64), that have a bit. REQUIRES: they are less than
  // numbers.size()
  void AddWord(size_t w, uint64_t rows);

  // By number without the base, 2^width of them.
  std::vector<uint64_t> ByOffset() const;

 private:
  column::PackedInts numbers_;
  size_t together_;                // numbers that make one index
  std::vector<uint32_t> single_;   // by number
  std::vector<uint32_t> several_;  // by `together_` numbers, the first one lowest
};

}  // namespace waypost::exec

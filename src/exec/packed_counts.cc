#include "exec/packed_counts.h"

#include <bit>

namespace waypost::exec {

PackedCounts::PackedCounts(const column::PackedInts& numbers)
    : numbers_(numbers),
      together_(numbers.width() ? kMaxWidth / numbers.width() : 1),
      single_(size_t{1} << numbers.width()),
      several_(size_t{1} << (numbers.width() * together_)) {}

void PackedCounts::AddRows(size_t begin, size_t end) {
  if (numbers_.width() == 0) {
    single_[0] += static_cast<uint32_t>(end - begin);
    return;
  }
  const auto width = static_cast<uint8_t>(numbers_.width() * together_);
  // Numbers of a row on, seen as numbers of `width` bits: their first bit is no multiple of width,
  // so they are read by bit.
  const uint64_t mask = (uint64_t{1} << width) - 1;
  size_t bit = begin * numbers_.width();
  for (; begin + together_ <= end; begin += together_, bit += width) {
    uint64_t word;
    std::memcpy(&word, numbers_.data() + (bit >> 3), sizeof(word));
    ++several_[word >> (bit & 7) & mask];
  }
  for (; begin < end; ++begin) AddRow(begin);
}

void PackedCounts::AddWord(size_t w, uint64_t rows) {
  if (rows == ~uint64_t{0}) return AddRows(w * 64, w * 64 + 64);
  for (; rows; rows &= rows - 1) AddRow(w * 64 + static_cast<size_t>(std::countr_zero(rows)));
}

std::vector<uint64_t> PackedCounts::ByOffset() const {
  std::vector<uint64_t> counts(single_.begin(), single_.end());
  const uint64_t mask = single_.size() - 1;
  for (size_t index = 0; index < several_.size(); ++index) {
    if (several_[index] == 0) continue;
    for (size_t i = 0; i < together_; ++i)
      counts[index >> (i * numbers_.width()) & mask] += several_[index];
  }
  return counts;
}

}  // namespace waypost::exec

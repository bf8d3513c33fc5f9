// A set of customers by ordinal: what drill-downs give.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace waypost::exec {

class CustomerSet {
 public:
  void Add(uint32_t ordinal) {
    if (ordinal / 64 >= words_.size()) words_.resize(ordinal / 64 + 1);
    words_[ordinal / 64] |= 1ull << (ordinal % 64);
  }
  void AddAll(const CustomerSet& other) {
    if (other.words_.size() > words_.size()) words_.resize(other.words_.size());
    for (size_t w = 0; w < other.words_.size(); ++w) words_[w] |= other.words_[w];
  }
  uint64_t size() const {
    uint64_t count = 0;
    for (const uint64_t word : words_) count += static_cast<uint64_t>(std::popcount(word));
    return count;
  }
  // Increasing; at most `limit` of them.
  std::vector<uint32_t> Ordinals(size_t limit) const {
    std::vector<uint32_t> ordinals;
    for (size_t w = 0; w < words_.size(); ++w) {
      for (uint64_t left = words_[w]; left && ordinals.size() < limit; left &= left - 1) {
        ordinals.push_back(static_cast<uint32_t>(w * 64) +
                           static_cast<uint32_t>(std::countr_zero(left)));
      }
    }
    return ordinals;
  }
  const std::vector<uint64_t>& words() const { return words_; }

 private:
  std::vector<uint64_t> words_;
};

}  // namespace waypost::exec

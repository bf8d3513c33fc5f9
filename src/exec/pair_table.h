// Sorts one customer's events by a held value: a funnel's pairs when every step holds one and the
// same property.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "exec/funnel_match.h"

namespace waypost::exec {

// Belongs to one thread. Keeps its memory from customer to customer.
class PairTable {
 public:
  struct Pair {
    uint64_t steps = 0;  // that some event of the pair may be
    uint32_t first = 0, last = 0;
  };

  void Clear(size_t hit_count) {
    pairs_.clear();
    next_.resize(hit_count);
    if (slots_.size() < 2 * hit_count) slots_.assign(std::bit_ceil(2 * hit_count), {});
    ++stamp_;
  }

  // REQUIRES: hits come in order, indexes below Clear()'s hit_count; fewer than 2^32 customers.
  void Add(uint64_t held, uint32_t index, uint64_t mask) {
    Slot& slot = SlotOf(held);
    if (slot.stamp != stamp_) {
      slot = {held, stamp_, static_cast<uint32_t>(pairs_.size())};
      pairs_.push_back({mask, index, index});
      return;
    }
    Pair& pair = pairs_[slot.pair];
    next_[pair.last] = index;
    pair.last = index;
    pair.steps |= mask;
  }

  // In the order they began.
  std::span<const Pair> pairs() const { return pairs_; }
  // Calls visit(index) for the pair's events in order, while it returns true.
  template <typename Visit>
  void ForEach(const Pair& pair, Visit visit) const {
    uint32_t index = pair.first;
    while (visit(index) && index != pair.last) index = next_[index];
  }

 private:
  struct Slot {
    uint64_t held = 0;
    uint32_t stamp = 0, pair = 0;
  };

  // The value's slot, or the free one that shall be it: at most half are taken.
  Slot& SlotOf(uint64_t held) {
    const size_t last = slots_.size() - 1;
    size_t at = static_cast<size_t>(held * 0x9E3779B97F4A7C15ull >> 40) & last;
    while (slots_[at].stamp == stamp_ && slots_[at].held != held) at = (at + 1) & last;
    return slots_[at];
  }

  std::vector<Slot> slots_ = std::vector<Slot>(64);
  std::vector<Pair> pairs_;
  std::vector<uint32_t> next_;
  uint32_t stamp_ = 0;
};

}  // namespace waypost::exec

// A number for each held value of one customer: which pairs a funnel has met so far.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace waypost::exec {

// Belongs to one thread. Keeps its memory from customer to customer, and uses only as much of it as
// the one in hand needs.
class PairTable {
 public:
  static constexpr uint32_t kNew = UINT32_MAX;

  // REQUIRES: fewer than 2^32 calls.
  void Clear(size_t max_values) {
    const size_t size = std::bit_ceil(2 * max_values + 2);
    if (slots_.size() < size) slots_.assign(size, {});
    last_ = size - 1;
    ++stamp_;
  }

  // The value's number, kNew when it was not asked for since Clear(). At most `max_values` values
  // may be asked for, so half of the slots stay free.
  uint32_t& NumberOf(uint64_t held) {
    size_t at = static_cast<size_t>(held * 0x9E3779B97F4A7C15ull >> 40) & last_;
    Slot* slots = slots_.data();
    while (slots[at].stamp == stamp_ && slots[at].held != held) at = (at + 1) & last_;
    if (slots[at].stamp != stamp_) slots[at] = {held, stamp_, kNew};
    return slots[at].number;
  }

 private:
  struct Slot {
    uint64_t held = 0;
    uint32_t stamp = 0, number = 0;
  };

  std::vector<Slot> slots_;
  size_t last_ = 0;
  uint32_t stamp_ = 0;
};

}  // namespace waypost::exec

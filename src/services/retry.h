// How long to wait before what failed is tried again.
#pragma once

#include <algorithm>
#include <cstdint>

namespace waypost::services {

// In milliseconds: `first` after no try, twice as long after each, never more than `longest`.
constexpr int64_t DoublingPauseMs(uint32_t tries, int64_t first, int64_t longest) {
  return std::min(first << std::min(tries, uint32_t{20}), longest);
}

}  // namespace waypost::services

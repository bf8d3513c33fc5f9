// Randomness comes in through this interface everywhere: real_random.h asks the machine,
// sim_random.h repeats itself for a seed.
#pragma once

#include <cstdint>
#include <span>

namespace waypost::io {

// Any thread may call.
class Random {
 public:
  virtual ~Random() = default;
  virtual void Fill(std::span<uint8_t> out) = 0;

  uint64_t Next() {
    uint64_t word = 0;
    Fill({reinterpret_cast<uint8_t*>(&word), sizeof(word)});
    return word;
  }
  // 0 .. limit - 1, all equally likely but for a bias below limit / 2^64. REQUIRES: limit > 0.
  uint64_t Below(uint64_t limit) {
    return static_cast<uint64_t>((static_cast<unsigned __int128>(Next()) * limit) >> 64);
  }
};

}  // namespace waypost::io

// The same numbers for the same seed, for tests and simulations. Never for keys.
#pragma once

#include <cstring>
#include <mutex>

#include "base/hash.h"
#include "io/random.h"

namespace waypost::io {

class SimRandom final : public Random {
 public:
  explicit SimRandom(uint64_t seed) : state_(MixBits(seed + kStep)) {}

  void Fill(std::span<uint8_t> out) override {
    const std::lock_guard lock(mutex_);
    while (!out.empty()) {
      const uint64_t word = MixBits(state_ += kStep);
      const size_t size = out.size() < sizeof(word) ? out.size() : sizeof(word);
      std::memcpy(out.data(), &word, size);
      out = out.subspan(size);
    }
  }

 private:
  static constexpr uint64_t kStep = 0x9E3779B97F4A7C15ull;  // splitmix64
  std::mutex mutex_;
  uint64_t state_;
};

}  // namespace waypost::io

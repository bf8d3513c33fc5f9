// 64-bit hashing of bytes (XXH3, seedable): checksums of everything on disk, and hash tables.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace waypost {

uint64_t Hash64(std::span<const uint8_t> bytes, uint64_t seed = 0);
uint64_t Hash64(std::string_view text, uint64_t seed = 0);

// A well-mixed 64-bit value of an integer (splitmix64's finisher).
constexpr uint64_t MixBits(uint64_t x) {
  x ^= x >> 30;
  x *= 0xBF58476D1CE4E5B9ull;
  x ^= x >> 27;
  x *= 0x94D049BB133111EBull;
  return x ^ (x >> 31);
}

// For heterogeneous look-up by string_view in standard and Boost tables.
struct TextHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return Hash64(text); }
};

}  // namespace waypost

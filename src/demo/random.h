// Repeatable randomness: a stream is named by a seed and two numbers, and gives the same values
// wherever and in whatever order streams are used.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>

#include "base/hash.h"

namespace waypost::demo {

class Random {
 public:
  Random(uint64_t seed, uint64_t stream, uint64_t index)
      : state_(MixBits(seed ^ MixBits((stream << 48) + index + 1))) {}

  uint64_t Bits() { return MixBits(state_ += 0x9E3779B97F4A7C15ull); }
  // In [0, 1).
  double Unit() { return static_cast<double>(Bits() >> 11) * 0x1.0p-53; }
  // In [0, limit). REQUIRES: limit > 0
  int64_t Below(int64_t limit) { return static_cast<int64_t>(Unit() * static_cast<double>(limit)); }
  // In [first, last].
  int64_t Between(int64_t first, int64_t last) { return first + Below(last - first + 1); }
  bool Chance(double probability) { return Unit() < probability; }
  double Exponential(double mean) { return -mean * std::log(1 - Unit()); }
  double Normal() {
    const double radius = std::sqrt(-2 * std::log(1 - Unit()));  // drawn first, on every compiler
    return radius * std::cos(6.283185307179586 * Unit());
  }
  // e to the normal (mean, deviation): money and visits are like that.
  double LogNormal(double mean, double deviation) { return std::exp(mean + deviation * Normal()); }
  // 1, 2, 3, ... each next one with probability `more`; at most `limit`.
  int Repeats(double more, int limit) {
    int n = 1;
    while (n < limit && Chance(more)) ++n;
    return n;
  }
  // An index, as often as its weight says. REQUIRES: weights are not empty nor all zero
  size_t Weighted(std::span<const double> weights) {
    double sum = 0;
    for (double w : weights) sum += w;
    double at = Unit() * sum;
    size_t i = 0;
    while (i + 1 < weights.size() && (at -= weights[i]) >= 0) ++i;
    return i;
  }
  // An index below `count`, the first ones most often: weight 1 / (i + 1).
  size_t Popular(size_t count) {
    return static_cast<size_t>(std::pow(static_cast<double>(count) + 1, Unit())) - 1;
  }
  template <typename T>
  const T& Pick(std::span<const T> items) {
    return items[static_cast<size_t>(Below(static_cast<int64_t>(items.size())))];
  }

 private:
  uint64_t state_;
};

}  // namespace waypost::demo

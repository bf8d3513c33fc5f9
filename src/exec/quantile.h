// Exact percentiles.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace waypost::exec {

// Sorts numbers, many of them digit by digit: linear in their number for every 11 bits their range
// takes.
inline void SortNumbers(std::vector<int64_t>* values) {
  constexpr int kDigitBits = 11;
  if (std::is_sorted(values->begin(), values->end())) return;
  if (values->size() < 4096) return std::sort(values->begin(), values->end());
  const auto [low, high] = std::minmax_element(values->begin(), values->end());
  const auto least = static_cast<uint64_t>(*low);
  const uint64_t range = static_cast<uint64_t>(*high) - least;
  std::vector<int64_t> other(values->size());
  for (int shift = 0; shift < 64 && range >> shift; shift += kDigitBits) {
    const auto digit = [&](int64_t v) {
      return (static_cast<uint64_t>(v) - least) >> shift & ((1 << kDigitBits) - 1);
    };
    std::array<size_t, 1 << kDigitBits> next{};
    for (const int64_t v : *values) ++next[digit(v)];
    size_t before = 0;
    for (size_t& place : next) before += std::exchange(place, before);
    for (const int64_t v : *values) other[next[digit(v)]++] = v;
    values->swap(other);
  }
}

inline void SortNumbers(std::vector<double>* values) { std::sort(values->begin(), values->end()); }

// The q-quantile by linear interpolation of order statistics, h = (n - 1)q.
// REQUIRES: `sorted` is, and not empty; 0 <= q <= 1.
template <typename T>
double Quantile(const std::vector<T>& sorted, double q) {
  const double h = static_cast<double>(sorted.size() - 1) * q;
  const auto low = static_cast<size_t>(std::floor(h));
  const auto below = static_cast<double>(sorted[low]);
  if (low + 1 == sorted.size()) return below;
  return below + (h - static_cast<double>(low)) * (static_cast<double>(sorted[low + 1]) - below);
}

}  // namespace waypost::exec

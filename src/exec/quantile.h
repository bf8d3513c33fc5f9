// Exact percentiles, by linear interpolation of order statistics: h = (n - 1)q.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "exec/gathered.h"

namespace waypost::exec {

// Of numbers in any order, for each of `qs`. Costs some 3 ns a number, and putting in order those
// near the quantiles. REQUIRES: not empty; 0 <= q <= 1.
std::vector<double> Quantiles(NumberRuns runs, std::span<const double> qs);

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

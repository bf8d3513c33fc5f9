// Exact percentiles.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace waypost::exec {

// The q-quantile by linear interpolation of order statistics, h = (n - 1)q. Reorders `values`.
// Linear in their number. REQUIRES: not empty, 0 <= q <= 1.
template <typename T>
double Quantile(std::vector<T>* values, double q) {
  const double h = static_cast<double>(values->size() - 1) * q;
  const auto low = static_cast<size_t>(std::floor(h));
  const auto at = values->begin() + static_cast<std::ptrdiff_t>(low);
  std::nth_element(values->begin(), at, values->end());
  const auto below = static_cast<double>(*at);
  if (low + 1 == values->size()) return below;
  const auto above = static_cast<double>(*std::min_element(at + 1, values->end()));
  return below + (h - static_cast<double>(low)) * (above - below);
}

}  // namespace waypost::exec

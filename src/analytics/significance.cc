#include "analytics/significance.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace waypost::analytics {

Comparison Compare(const Shares& shares) {
  Comparison found;
  if (shares.of == 0 || shares.base_count == 0) return found;
  const auto n = static_cast<double>(shares.of), all = static_cast<double>(shares.base_of);
  const auto x = static_cast<double>(shares.count), held = static_cast<double>(shares.base_count);
  const double p = x / n, b = held / all, m = all - n;
  found.tgi = 100 * p / b;
  if (m <= 0) return found;
  const double r = (held - x) / m, w = n / all;
  if (b < 1) {
    const double z = (p - r) / std::sqrt(b * (1 - b) * (1 / n + 1 / m));
    found.p = std::erfc(std::abs(z) / std::sqrt(2.0));
  }
  if (x == 0 || x == held) return found;
  const double of_group = 1 / p - w / b, of_rest = (1 - w) / b;
  const double variance =
      of_group * of_group * p * (1 - p) / n + of_rest * of_rest * r * (1 - r) / m;
  constexpr double kTwoSided95 = 1.959963984540054;
  const double reach = std::exp(kTwoSided95 * std::sqrt(variance));
  found.low = *found.tgi / reach;
  found.high = *found.tgi * reach;
  return found;
}

std::vector<double> AdjustedForMany(std::span<const double> p) {
  std::vector<size_t> order(p.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, std::greater(), [&](size_t i) { return p[i]; });
  std::vector<double> adjusted(p.size());
  double least = 1;
  for (size_t i = 0; i < order.size(); ++i) {
    const double rank = static_cast<double>(order.size() - i);
    least = std::min(least, p[order[i]] * static_cast<double>(p.size()) / rank);
    adjusted[order[i]] = least;
  }
  return adjusted;
}

}  // namespace waypost::analytics

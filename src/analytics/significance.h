// How a group's share of something compares with that of those it is part of.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace waypost::analytics {

// `count` of `of` in the group, `base_count` of `base_of` in the base, which holds the group.
struct Shares {
  uint64_t count = 0, of = 0;
  uint64_t base_count = 0, base_of = 0;
};

// Each is there only when it is defined.
struct Comparison {
  // 100 · (count / of) / (base_count / base_of): the target group index.
  std::optional<double> tgi;
  // Its 95 % confidence interval: log-normal, by the delta method from the shares p in the group
  // and r in the rest of the base, of which the base's b is w·p + (1−w)·r with w = of / base_of:
  // var ln(p/b) = (1/p − w/b)²·p(1−p)/n + ((1−w)/b)²·r(1−r)/m. With w = 0 this is the interval of
  // Katz and others (Biometrics 34, 1978). Not for nobody of the group, or nobody else.
  std::optional<double> low, high;
  // Two-sided, of the pooled two-proportion z-test of the group against the rest of the base: the
  // base itself holds the group and is not independent of it.
  std::optional<double> p;
};

// REQUIRES: count <= of, base_count <= base_of, and the rest of the base is not less than nothing.
Comparison Compare(const Shares& shares);

// Benjamini and Hochberg (1995): for each p the least false discovery rate at which it is one.
std::vector<double> AdjustedForMany(std::span<const double> p);

}  // namespace waypost::analytics

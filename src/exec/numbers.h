// What is known of many numbers together: their sum, least and greatest.
#pragma once

#include <algorithm>
#include <cstdint>

namespace waypost::exec {

// A sum that stays exact: wholes in 128 bits; reals in the order of the snapshot.
struct Numbers {
  uint64_t count = 0;  // values, without NULL
  __int128 whole_sum = 0;
  double real_sum = 0;
  int64_t whole_min = 0, whole_max = 0;  // of a count above 0
  double real_min = 0, real_max = 0;

  void AddWhole(int64_t v) {
    whole_min = count ? std::min(whole_min, v) : v;
    whole_max = count ? std::max(whole_max, v) : v;
    whole_sum += v;
    ++count;
  }

  void AddReal(double v) {
    real_min = count ? std::min(real_min, v) : v;
    real_max = count ? std::max(real_max, v) : v;
    real_sum += v;
    ++count;
  }

  void Add(const Numbers& other) {
    if (!other.count) return;
    whole_min = count ? std::min(whole_min, other.whole_min) : other.whole_min;
    whole_max = count ? std::max(whole_max, other.whole_max) : other.whole_max;
    real_min = count ? std::min(real_min, other.real_min) : other.real_min;
    real_max = count ? std::max(real_max, other.real_max) : other.real_max;
    whole_sum += other.whole_sum;
    real_sum += other.real_sum;
    count += other.count;
  }
};

}  // namespace waypost::exec

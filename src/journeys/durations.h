// How long something took, many times over: counts by length, 64 to a doubling, so that a
// quantile is right to within a percent.
#pragma once

#include <cstdint>
#include <map>

namespace waypost::journeys {

class Durations {
 public:
  // Below zero is zero.
  void Add(int64_t ms) { ++counts_[BucketOf(ms)]; }
  void Add(const Durations& others) {
    for (const auto& [bucket, count] : others.counts_) counts_[bucket] += count;
  }
  uint64_t count() const;
  // What this share of them, from 0 to 1, took at most. REQUIRES: there are some.
  int64_t Quantile(double share) const;
  template <typename A>
  void Fields(A& a) {
    a(counts_);
  }

 private:
  static uint16_t BucketOf(int64_t ms);
  static int64_t MiddleOf(uint16_t bucket);

  std::map<uint16_t, uint64_t> counts_;
};

}  // namespace waypost::journeys

// Instants sorted into calendar buckets. Calendars and zones are someone else's business: they come
// as the UTC edges of the buckets, and from then on it is whole numbers.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "base/clock.h"

namespace waypost::exec {

// [from, to), ms UTC.
struct TimeRange {
  int64_t from_ms = std::numeric_limits<int64_t>::min();
  int64_t to_ms = std::numeric_limits<int64_t>::max();
  bool Contains(int64_t ms) const { return ms >= from_ms && ms < to_ms; }
};

// Adjacent buckets: bucket b is [edges[b], edges[b + 1]). REQUIRES: edges increase.
class TimeBuckets {
 public:
  TimeBuckets() = default;
  explicit TimeBuckets(std::vector<int64_t> edges) : edges_(std::move(edges)) {}

  uint32_t count() const {
    return edges_.size() < 2 ? 0 : static_cast<uint32_t>(edges_.size() - 1);
  }
  int64_t begin(uint32_t bucket) const { return edges_[bucket]; }
  int64_t end(uint32_t bucket) const { return edges_[bucket + 1]; }
  TimeRange range() const { return {edges_.front(), edges_.back()}; }

  // The bucket of an instant; -1 before the first and count() after the last.
  int32_t Find(int64_t ms) const {
    const auto at = std::upper_bound(edges_.begin(), edges_.end(), ms);
    return static_cast<int32_t>(at - edges_.begin()) - 1;
  }
  // When the edges in the range all come whole days of 24 hours after one another: how long before
  // the range's begin the last such instant is.
  std::optional<uint32_t> DayPhase(const TimeRange& range) const {
    std::optional<uint32_t> phase;
    for (auto at = std::upper_bound(edges_.begin(), edges_.end(), range.from_ms);
         at != edges_.end() && *at < range.to_ms; ++at) {
      const auto ahead = static_cast<uint32_t>((*at - range.from_ms) % kDayMs);
      const uint32_t its = ahead ? static_cast<uint32_t>(kDayMs - ahead) : 0;
      if (phase && *phase != its) return std::nullopt;
      phase = its;
    }
    return phase;
  }

 private:
  std::vector<int64_t> edges_;
};

// The buckets as seen from one part, whose times are offsets from `base_ms`: Find() is one load and
// one comparison. REQUIRES: no bucket is shorter than kStep. The very last offset, seven weeks off,
// may be said to be one bucket late.
class OffsetBuckets {
 public:
  static constexpr int kStepBits = 20;  // 17 minutes
  static constexpr int64_t kStep = int64_t{1} << kStepBits;

  OffsetBuckets(const TimeBuckets& buckets, int64_t base_ms)
      : day_phase_ms_(buckets.DayPhase({base_ms, base_ms + UINT32_MAX})) {
    const auto count = static_cast<int32_t>(buckets.count());
    int32_t bucket = buckets.Find(base_ms);
    for (int64_t at = base_ms; steps_.size() <= UINT32_MAX >> kStepBits; at += kStep) {
      const auto edge = [&] { return buckets.begin(static_cast<uint32_t>(bucket + 1)); };
      while (bucket < count && edge() <= at) ++bucket;
      const bool ends = bucket < count && edge() - base_ms <= UINT32_MAX;
      steps_.push_back({bucket, ends ? static_cast<uint32_t>(edge() - base_ms) : UINT32_MAX});
    }
  }

  // As TimeBuckets::Find(base_ms + offset).
  int32_t Find(uint32_t offset) const {
    const Step& step = steps_[offset >> kStepBits];
    return step.bucket + (offset >= step.next);
  }
  // When every edge in the part is one of days of 24 hours: how long such a day has been going on
  // at the base.
  std::optional<uint32_t> day_phase_ms() const { return day_phase_ms_; }

 private:
  struct Step {
    int32_t bucket;  // at the step's begin
    uint32_t next;   // where the next bucket begins; the last offset when it does not
  };
  std::vector<Step> steps_;
  std::optional<uint32_t> day_phase_ms_;
};

}  // namespace waypost::exec

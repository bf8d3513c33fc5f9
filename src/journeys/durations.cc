#include "journeys/durations.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/check.h"

namespace waypost::journeys {
namespace {

constexpr int kPartBits = 6;  // of a doubling
constexpr uint64_t kParts = uint64_t{1} << kPartBits;

}  // namespace

// Each below kParts is one of its own; above, the leading bits say which.
uint16_t Durations::BucketOf(int64_t ms) {
  const auto length = static_cast<uint64_t>(std::max<int64_t>(ms, 0));
  if (length < kParts) return static_cast<uint16_t>(length);
  const int shift = std::bit_width(length) - 1 - kPartBits;
  return static_cast<uint16_t>(static_cast<uint64_t>(shift) * kParts + (length >> shift));
}

int64_t Durations::MiddleOf(uint16_t bucket) {
  if (bucket < 2 * kParts) return bucket;
  const uint64_t shift = bucket / kParts - 1;
  const uint64_t first = (bucket - shift * kParts) << shift;
  return static_cast<int64_t>(first + (uint64_t{1} << shift) / 2);
}

uint64_t Durations::count() const {
  uint64_t count = 0;
  for (const auto& [bucket, of_it] : counts_) count += of_it;
  return count;
}

int64_t Durations::Quantile(double share) const {
  CHECK(!counts_.empty());
  const auto rank =
      static_cast<uint64_t>(std::max(1.0, std::ceil(share * static_cast<double>(count()))));
  uint64_t seen = 0;
  for (const auto& [bucket, of_it] : counts_) {
    seen += of_it;
    if (seen >= rank) return MiddleOf(bucket);
  }
  return MiddleOf(counts_.rbegin()->first);
}

}  // namespace waypost::journeys

#include "exec/bucket_bits.h"

#include <algorithm>

namespace waypost::exec {

void BucketBits::Clear(uint32_t count) {
  count_ = count;
  bits_.assign((size_t{count} + 2) * kStride, 0);
}

void BucketBits::Place(const BoundSlice& slice, const OffsetBuckets& buckets) {
  const uint32_t rows = slice.slice->row_count;
  const uint32_t* const times = slice.slice->times;
  const auto last = static_cast<int32_t>(count_);
  places_.resize(rows);
  uint16_t* const places = places_.data();
  for (uint32_t row = 0; row < rows; ++row)
    places[row] = static_cast<uint16_t>(std::min(buckets.Find(times[row]), last) + 1);
  locals_.resize(rows);
  slice.slice->persons.FillLocals(locals_.data());
}

void BucketBits::Mark(const BoundSlice& slice) {
  const uint16_t* const places = places_.data();
  const uint16_t* const locals = locals_.data();
  uint64_t* const bits = bits_.data();
  for (uint32_t row = 0; row < slice.slice->row_count; ++row)
    bits[places[row] * kStride + (locals[row] >> 6)] |= 1ull << (locals[row] & 63);
}

}  // namespace waypost::exec

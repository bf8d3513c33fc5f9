#include "exec/bucket_bits.h"

#include <algorithm>

#include "column/day_index.h"

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

void BucketBits::MarkAll(const BoundSlice& slice, const OffsetBuckets& buckets) {
  const auto place = static_cast<size_t>(slice.slice - slice.part->slices.data());
  const std::optional<uint32_t> phase_ms = buckets.day_phase_ms();
  const auto days = phase_ms ? slice.part->days->Of(place, *slice.slice, *phase_ms) : nullptr;
  if (!days) {
    Place(slice, buckets);
    return Mark(slice);
  }
  const auto last = static_cast<int32_t>(count_);
  for (uint32_t day = 0; day < days->size(); ++day) {
    const int32_t bucket = std::min(buckets.Find(days->Begin(day)), last);
    days->OrInto(day, &bits_[static_cast<size_t>(bucket + 1) * kStride]);
  }
}

}  // namespace waypost::exec

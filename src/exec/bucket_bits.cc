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
  locals_.clear();
}

std::span<const uint16_t> BucketBits::Locals(const BoundSlice& slice) {
  if (locals_.empty()) {
    locals_.resize(slice.slice->row_count);
    slice.slice->persons.FillLocals(locals_.data());
  }
  return locals_;
}

void BucketBits::Mark(const BoundSlice& slice) {
  const uint16_t* const places = places_.data();
  const uint16_t* const locals = Locals(slice).data();
  uint64_t* const bits = bits_.data();
  for (uint32_t row = 0; row < slice.slice->row_count; ++row)
    bits[places[row] * kStride + (locals[row] >> 6)] |= 1ull << (locals[row] & 63);
}

bool BucketBits::MarkAll(const BoundSlice& slice, const OffsetBuckets& buckets) {
  const auto last = static_cast<int32_t>(count_);
  const auto bits_at = [&](uint32_t offset) {
    return &bits_[static_cast<size_t>(std::min(buckets.Find(offset), last) + 1) * kStride];
  };
  uint64_t* const first = bits_at(slice.slice->first_time);
  if (first == bits_at(slice.slice->last_time)) {
    slice.slice->persons.OrInto(first);
    return true;
  }
  const auto place = static_cast<size_t>(slice.slice - slice.part->slices.data());
  const std::optional<uint32_t> phase_ms = buckets.day_phase_ms();
  const auto days = phase_ms ? slice.part->days->Of(place, *slice.slice, *phase_ms) : nullptr;
  if (!days) return false;
  for (uint32_t day = 0; day < days->size(); ++day) days->OrInto(day, bits_at(days->Begin(day)));
  return true;
}

}  // namespace waypost::exec

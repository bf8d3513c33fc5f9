// For each bucket of time, which customers of a block have a row in it: questions that only ask who
// was there when are counted by these bitmaps, not customer by customer.
//
//   bits.Clear(buckets.count());
//   if (!bits.MarkAll(slice, offset_buckets)) {
//     bits.Place(slice, offset_buckets);   // and Leave() rows that do not count
//     bits.Mark(slice);
//   }
//   count_common(bits.of(b), others, BucketBits::kWords);
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "exec/binding.h"

namespace waypost::exec {

// Belongs to one thread. Costs some 3 ns a row, and 8 KiB a bucket; where all rows count, under 1
// ns a customer and day when buckets are whole days, and nothing a row when all are in one bucket.
class BucketBits {
 public:
  static constexpr size_t kWords = column::PersonIndex::kWords;
  static constexpr uint32_t kMaxBuckets = UINT16_MAX - 2;

  // Nobody is anywhere. REQUIRES: count <= kMaxBuckets.
  void Clear(uint32_t count);

  // Says of each row of the slice where it is: 1 + its bucket, 0 before the first bucket, count + 1
  // after the last.
  void Place(const BoundSlice& slice, const OffsetBuckets& buckets);
  std::span<const uint16_t> places() const { return places_; }
  // The customer of each row of the slice that was placed last.
  std::span<const uint16_t> Locals(const BoundSlice& slice);
  // The row does not count: as if it were after the last bucket.
  void Leave(uint32_t row) { places_[row] = static_cast<uint16_t>(count_ + 1); }
  // Sets the bits of the customers of the rows that were placed last.
  void Mark(const BoundSlice& slice);

  // Sets the bits of the customers of all rows of the slice without a look at its rows, where that
  // can be done; otherwise false.
  bool MarkAll(const BoundSlice& slice, const OffsetBuckets& buckets);

  uint64_t* before() { return bits_.data(); }
  uint64_t* of(uint32_t bucket) { return &bits_[(bucket + 1) * kStride]; }

 private:
  // Bitmaps are kStride words apart, so that one customer's words in different buckets do not fight
  // for the same cache lines.
  static constexpr size_t kStride = kWords + 8;

  uint32_t count_ = 0;
  std::vector<uint64_t> bits_;  // before, each bucket, after
  std::vector<uint16_t> places_;
  std::vector<uint16_t> locals_;  // empty until asked for
};

}  // namespace waypost::exec

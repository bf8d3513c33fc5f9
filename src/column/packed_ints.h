// Whole numbers in as few bits as their range needs: base + an unsigned number of `width` bits
// each, lowest bit first, no padding between. A constant column has width 0 and no bytes.
//
// Get() is one unaligned 8-byte load, a shift and a mask, so packed numbers are read in place, in
// any order, without unpacking.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>

#include "base/bytes.h"
#include "base/result.h"

namespace waypost::column {

// A view. The bytes must stay, and 8 more bytes after them must be readable (PackInts adds them).
class PackedInts {
 public:
  PackedInts() = default;
  PackedInts(const uint8_t* data, uint32_t count, uint8_t width, int64_t base)
      : data_(data),
        base_(base),
        count_(count),
        width_(width),
        mask_(width == 64 ? ~0ull : (1ull << width) - 1) {}

  // REQUIRES: i < size()
  int64_t Get(size_t i) const {
    return static_cast<int64_t>(static_cast<uint64_t>(base_) + Offset(i));
  }

  // Get() without the base: 0 .. 2^width - 1.
  uint64_t Offset(size_t i) const {
    const size_t bit = i * width_;
    uint64_t word;
    std::memcpy(&word, data_ + (bit >> 3), sizeof(word));
    return (word >> (bit & 7)) & mask_;
  }

  // Whether `value` could be among these numbers, and puts it at place i of `data`, which is a copy
  // of theirs. REQUIRES: i < size() and, for Put, Holds(value)
  bool Holds(int64_t value) const {
    return value >= base_ && static_cast<uint64_t>(value) - static_cast<uint64_t>(base_) <= mask_;
  }
  void Put(uint8_t* data, size_t i, int64_t value) const {
    const size_t bit = i * width_;
    uint64_t word;
    std::memcpy(&word, data + (bit >> 3), sizeof(word));
    word &= ~(mask_ << (bit & 7));
    word |= (static_cast<uint64_t>(value) - static_cast<uint64_t>(base_)) << (bit & 7);
    std::memcpy(data + (bit >> 3), &word, sizeof(word));
  }

  // Asks memory for the i-th, of who reads many numbers that lie far apart.
  void Prefetch(size_t i) const { __builtin_prefetch(data_ + (i * width_ >> 3)); }

  uint32_t size() const { return count_; }
  uint8_t width() const { return width_; }
  int64_t base() const { return base_; }
  const uint8_t* data() const { return data_; }
  // Bytes the numbers take, without the 8 of padding.
  static size_t ByteSize(uint64_t count, uint8_t width) { return (count * width + 7) / 8; }

 private:
  static constexpr uint8_t kNothing[8] = {};
  const uint8_t* data_ = kNothing;
  int64_t base_ = 0;
  uint32_t count_ = 0;
  uint8_t width_ = 0;  // 0..57 or 64
  uint64_t mask_ = 0;
};

// Appends `values` packed: u32 count · u8 width · 3 zero bytes · i64 base · bits · 8 zero bytes,
// padded to a multiple of 8 from where it began. `spare_bits` are added to the width where they
// fit, unless it is 0.
void PackInts(std::span<const int64_t> values, ByteWriter* out, uint8_t spare_bits = 0);

// The same with base 0, for numbers read by Offset(). REQUIRES: no value is negative.
void PackCodes(std::span<const int64_t> codes, ByteWriter* out);

// Reads what PackInts or PackCodes wrote, as a view into the bytes. kCorrupt when they are cut or
// impossible.
Result<PackedInts> ReadPackedInts(ByteReader* in);

}  // namespace waypost::column

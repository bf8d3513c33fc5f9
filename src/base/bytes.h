// Little-endian numbers, variable-length integers and strings in byte buffers: the one encoding
// every format of ours is made of.
//
// Varint: 7 bits a byte, lowest first, high bit set on all but the last; at most 10 bytes. Signed
// values are zig-zagged. A string is its length as a varint, then its bytes.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace waypost {

using Bytes = std::vector<uint8_t>;

inline std::span<const uint8_t> AsBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}
inline std::string_view AsText(std::span<const uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Appends to a buffer it owns.
class ByteWriter {
 public:
  void U8(uint8_t v) { bytes_.push_back(v); }
  void U16(uint16_t v) { Fixed(v); }
  void U32(uint32_t v) { Fixed(v); }
  void U64(uint64_t v) { Fixed(v); }
  void F64(double v) { Fixed(v); }
  // Zeros up to the next multiple of 8 bytes from the beginning.
  void PadToWord() { bytes_.resize((bytes_.size() + 7) / 8 * 8); }
  void Varint(uint64_t v) {
    while (v >= 0x80) {
      bytes_.push_back(static_cast<uint8_t>(v | 0x80));
      v >>= 7;
    }
    bytes_.push_back(static_cast<uint8_t>(v));
  }
  void Signed(int64_t v) {
    Varint((static_cast<uint64_t>(v) << 1) ^ static_cast<uint64_t>(v >> 63));
  }
  void Text(std::string_view text) {
    Varint(text.size());
    Raw(AsBytes(text));
  }
  void Raw(std::span<const uint8_t> bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }

  size_t size() const { return bytes_.size(); }
  Bytes& bytes() { return bytes_; }
  const Bytes& bytes() const { return bytes_; }
  Bytes Take() { return std::move(bytes_); }
  void Clear() { bytes_.clear(); }

 private:
  template <typename T>
  void Fixed(T v) {
    const size_t at = bytes_.size();
    bytes_.resize(at + sizeof(T));
    std::memcpy(bytes_.data() + at, &v, sizeof(T));
  }
  Bytes bytes_;
};

// Reads what ByteWriter wrote. The first read past the end makes the reader bad for good: every
// later read gives zero or empty, and ok() is false. Check ok() once, after the last read.
class ByteReader {
 public:
  explicit ByteReader(std::span<const uint8_t> bytes)
      : at_(bytes.data()), end_(at_ + bytes.size()) {}

  uint8_t U8() { return Fixed<uint8_t>(); }
  uint16_t U16() { return Fixed<uint16_t>(); }
  uint32_t U32() { return Fixed<uint32_t>(); }
  uint64_t U64() { return Fixed<uint64_t>(); }
  double F64() { return Fixed<double>(); }
  uint64_t Varint() {
    uint64_t v = 0;
    for (int shift = 0; shift < 64 && at_ < end_; shift += 7) {
      const uint8_t byte = *at_++;
      v |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return v;
    }
    Fail();
    return 0;
  }
  int64_t Signed() {
    const uint64_t v = Varint();
    return static_cast<int64_t>(v >> 1) ^ -static_cast<int64_t>(v & 1);
  }
  // A view into the bytes given to the constructor.
  std::string_view Text() { return AsText(Raw(Varint())); }
  std::span<const uint8_t> Raw(uint64_t size) {
    if (size > static_cast<uint64_t>(end_ - at_)) {
      Fail();
      return {};
    }
    const uint8_t* begin = at_;
    at_ += size;
    return {begin, static_cast<size_t>(size)};
  }

  bool ok() const { return ok_; }
  bool done() const { return at_ == end_; }
  size_t left() const { return static_cast<size_t>(end_ - at_); }
  const uint8_t* position() const { return at_; }

 private:
  template <typename T>
  T Fixed() {
    if (static_cast<size_t>(end_ - at_) < sizeof(T)) {
      Fail();
      return T{};
    }
    T v;
    std::memcpy(&v, at_, sizeof(T));
    at_ += sizeof(T);
    return v;
  }
  void Fail() {
    ok_ = false;
    at_ = end_;
  }
  const uint8_t* at_;
  const uint8_t* end_;
  bool ok_ = true;
};

}  // namespace waypost

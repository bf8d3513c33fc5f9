#include "column/packed_ints.h"

#include <algorithm>

namespace waypost::column {
namespace {

// Widths over 57 bits could straddle nine bytes; they are stored as whole words.
uint8_t WidthOf(uint64_t range) {
  const auto width = static_cast<uint8_t>(std::bit_width(range));
  return width > 57 ? 64 : width;
}

void PadToWord(size_t begin, ByteWriter* out) {
  while ((out->size() - begin) % 8 != 0) out->U8(0);
}

void Pack(std::span<const int64_t> values, int64_t low, int64_t high, ByteWriter* out,
          uint8_t spare_bits = 0) {
  uint8_t width = WidthOf(static_cast<uint64_t>(high) - static_cast<uint64_t>(low));
  if (width > 0 && width + spare_bits <= 57) width = static_cast<uint8_t>(width + spare_bits);
  const size_t begin = out->size();
  out->U32(static_cast<uint32_t>(values.size()));
  out->U8(width);
  for (int i = 0; i < 3; ++i) out->U8(0);
  out->U64(static_cast<uint64_t>(low));

  const size_t bits_at = out->size();
  out->bytes().resize(bits_at + PackedInts::ByteSize(values.size(), width) + 8);
  uint8_t* bits = out->bytes().data() + bits_at;
  for (size_t i = 0; width != 0 && i < values.size(); ++i) {
    const uint64_t offset = static_cast<uint64_t>(values[i]) - static_cast<uint64_t>(low);
    const size_t bit = i * width;
    uint64_t word;
    std::memcpy(&word, bits + (bit >> 3), 8);
    word |= offset << (bit & 7);
    std::memcpy(bits + (bit >> 3), &word, 8);
  }
  PadToWord(begin, out);
}

}  // namespace

void PackInts(std::span<const int64_t> values, ByteWriter* out, uint8_t spare_bits) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  if (values.empty()) {
    Pack(values, 0, 0, out);
  } else {
    Pack(values, *low, *high, out, spare_bits);
  }
}

void PackCodes(std::span<const int64_t> codes, ByteWriter* out) {
  Pack(codes, 0, codes.empty() ? 0 : *std::max_element(codes.begin(), codes.end()), out);
}

Result<PackedInts> ReadPackedInts(ByteReader* in) {
  const uint32_t count = in->U32();
  const uint8_t width = in->U8();
  in->Raw(3);
  const auto base = static_cast<int64_t>(in->U64());
  if (width > 57 && width != 64) return Error(Code::kCorrupt, "packed numbers of impossible width");
  const size_t bytes = PackedInts::ByteSize(count, width) + 8;
  const std::span<const uint8_t> bits = in->Raw((bytes + 7) / 8 * 8);
  if (!in->ok()) return Error(Code::kCorrupt, "packed numbers are cut");
  return PackedInts(bits.data(), count, width, base);
}

}  // namespace waypost::column

#include "column/block_checksum.h"

#include <algorithm>
#include <bit>
#include <vector>

#include "base/hash.h"

namespace waypost::column {
namespace {

// One number stands for every value of a column, the same whichever type a number was packed as.
uint64_t NumberHash(double real) {
  return MixBits(std::bit_cast<uint64_t>(real) ^ 0xD6E8FEB86659FD93ull);
}

std::vector<uint64_t> TextHashes(const Dictionary& dictionary) {
  std::vector<uint64_t> hashes(dictionary.size());
  for (uint32_t code = 0; code < hashes.size(); ++code)
    hashes[code] = Hash64(dictionary.Text(code));
  return hashes;
}

uint64_t ValueHash(const Column& column, const std::vector<uint64_t>& texts, uint32_t row) {
  if (column.type() == ColumnType::kString) return texts[column.Code(row)];
  if (column.type() == ColumnType::kDouble) return NumberHash(column.Real(row));
  if (column.type() == ColumnType::kInt) return NumberHash(static_cast<double>(column.Whole(row)));
  if (column.type() != ColumnType::kList)
    return MixBits(static_cast<uint64_t>(column.Whole(row)) + 1);
  uint64_t hash = 0x9E3779B97F4A7C15ull;
  const RowRange items = column.Items(row);
  for (uint32_t i = items.begin; i < items.end; ++i)
    hash = MixBits(hash ^ texts[column.ItemCode(i)]);
  return hash;
}

// Zero of rows that do not count.
std::vector<uint64_t> RowHashes(const EventSlice& slice, std::span<const uint32_t> without) {
  std::vector<uint64_t> hashes(slice.row_count);
  slice.persons.ForEach([&](uint32_t local, RowRange range) {
    if (std::binary_search(without.begin(), without.end(), local)) return;
    for (uint32_t row = range.begin; row < range.end; ++row) {
      hashes[row] =
          MixBits((uint64_t{local} << 32 | slice.times[row]) ^ MixBits(slice.event_type + 1));
    }
  });
  return hashes;
}

}  // namespace

uint64_t BlockChecksum(const EventBlock& block, std::span<const uint32_t> without) {
  uint64_t sum = 0;
  for (const EventSlice& slice : block.slices) {
    const std::vector<uint64_t> rows = RowHashes(slice, without);
    for (const uint64_t hash : rows) sum += hash;
    for (const Column& column : slice.columns) {
      const std::vector<uint64_t> texts = TextHashes(column.dictionary());
      for (uint32_t row = 0; row < slice.row_count; ++row) {
        if (column.IsNull(row) || rows[row] == 0) continue;
        sum += MixBits(rows[row] ^ (ValueHash(column, texts, row) + column.property()));
      }
    }
  }
  return sum;
}

}  // namespace waypost::column

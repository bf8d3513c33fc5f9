// Building and reading the bytes of one Column (column/event_block.h).
//
//   u32 property · u8 type · u8 has_nulls · u16 0 · u32 rows · u32 0
//   [has_nulls: one bit a row, set when present, padded to 8]
//   bool, int, decimal, datetime, date: packed values       double: 8 bytes a row
//   string: packed codes, dictionary      list: packed starts (rows + 1), packed codes, dictionary
//   dictionary: packed ends · u64 text bytes · text, padded to 8
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/result.h"
#include "column/event_block.h"

namespace waypost::column {

struct Cell;
class Image;

// Texts that stay where they are, in pieces that double in size.
class TextKeeper {
 public:
  std::string_view Keep(std::string_view text);

 private:
  std::vector<std::unique_ptr<char[]>> pieces_;
  size_t size_ = 0, used_ = 0;  // of the last piece
};

// Collects the values of one property for rows in any order, each row once.
class ColumnBuilder {
 public:
  ColumnBuilder(uint32_t property, ColumnType type) : property_(property), type_(type) {}

  uint32_t property() const { return property_; }
  ColumnType type() const { return type_; }
  // An int column given a double becomes a double column; any other mixture is a broken promise.
  // Keeps a copy of each different text.
  void Add(uint32_t row, const Cell& cell);
  // Row i of `column` becomes row `first_row` + i. Borrows its texts until Write().
  void AddAll(uint32_t first_row, const Column& column);
  // Instead of Add(), where texts have numbers: `texts`, which must stay until Write(), then their
  // numbers. REQUIRES: the column is of strings; no text twice.
  void SetTexts(std::vector<std::string_view> texts) { texts_ = std::move(texts); }
  void AddCode(uint32_t row, uint32_t code) { AddNumber(row, code); }
  // The value of a row, nothing when it has none. Its text borrows the column's; of a list, which
  // is written into `list`, that. REQUIRES: rows were added in increasing order.
  std::optional<Cell> CellAt(uint32_t row, ByteWriter* list) const;
  // Appends the column with row r at place[r]; rows without a value are NULL.
  // REQUIRES: out->size() % 8 == 0.
  void Write(std::span<const uint32_t> place, ByteWriter* out);
  // The column of `rows` rows as an image of its own, every row in its place. Leaves room for
  // numbers of twice the range, so that ChangedColumn has some.
  Image WriteAlone(size_t rows);

 private:
  uint32_t CodeOf(std::string_view text, bool keep);
  uint32_t RowOf(size_t i) const { return rows_.empty() ? static_cast<uint32_t>(i) : rows_[i]; }
  void AddNumber(uint32_t row, int64_t bits);
  void AddItems(uint32_t row, std::span<const uint32_t> codes);
  void Admit(ColumnType type);
  std::vector<int64_t> Placed(std::span<const uint32_t> place) const;
  void WritePresence(std::span<const uint32_t> place, ByteWriter* out) const;
  void WriteDictionary(ByteWriter* out);
  void WriteLists(std::span<const uint32_t> place, ByteWriter* out);

  uint32_t property_;
  ColumnType type_;
  std::vector<uint32_t> rows_;    // of numbers_; empty while those are rows 0, 1, 2, ...
  std::vector<int64_t> numbers_;  // values, bits of doubles, codes, or end in items_
  std::vector<uint32_t> items_;   // codes of list items
  std::vector<std::string_view> texts_;
  std::vector<uint32_t> code_place_;  // after WriteDictionary: code -> place in byte order
  boost::unordered_flat_map<std::string_view, uint32_t, TextHash> codes_;
  uint8_t spare_bits_ = 0;
  uint32_t last_code_ = 0;  // texts repeat: the next one is often the same
  TextKeeper keeper_;
};

Result<Column> ReadColumn(ByteReader* in);

}  // namespace waypost::column

// Building and reading block images: the bytes an EventBlock is a view of. An image stands alone
// (its own dictionaries and event types), so it can be checked, moved and merged without anything
// else.
//
//   BlockBuilder builder(block, month_start_ms);
//   builder.Add({.event_type = 3, .local = 17, .time_ms = t, .properties = values});
//   Image image = builder.Build();
//   EventBlock view = ReadBlockImage(image.bytes()).value();
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "column/event_block.h"

namespace waypost::column {

// One property of a row being added.
struct Cell {
  uint32_t property = 0;
  ColumnType type = ColumnType::kInt;
  int64_t whole = 0;
  double real = 0;
  std::string_view text;  // string; or packed list (model/value.h)
};

struct Row {
  uint32_t event_type = 0;
  uint32_t local = 0;  // ordinal within the block
  int64_t time_ms = 0;
  std::span<const Cell> cells;  // each property once; copied
};

// 8-byte aligned bytes with 8 readable bytes after the end.
class Image {
 public:
  Image() = default;
  explicit Image(std::span<const uint8_t> bytes);
  std::span<const uint8_t> bytes() const {
    return {reinterpret_cast<const uint8_t*>(words_.data()), size_};
  }
  uint8_t* data() { return reinterpret_cast<uint8_t*>(words_.data()); }

 private:
  std::vector<uint64_t> words_;
  size_t size_ = 0;
};

// Collects rows in any order; rows of one customer and millisecond must come in arrival order.
// Types of one property may differ only between int and double (the column is then double).
class BlockBuilder {
 public:
  // Times added must lie in [base_ms, base_ms + 2^32).
  BlockBuilder(uint32_t block, int64_t base_ms);
  ~BlockBuilder();

  void Add(const Row& row);
  // Every row of another block of the same block number and base, which arrived after all rows so
  // far.
  void AddAll(const EventBlock& rows);
  // The same without the rows of the customers `without` (locals, increasing), and without their
  // texts. Costs some 0.5 us a row.
  void AddOthers(const EventBlock& rows, std::span<const uint32_t> without);
  uint32_t row_count() const;

  // Sorts and encodes what was added. Call once.
  Image Build();

  // How many rows of a customer were added. The first call for any costs a step for every row; from
  // then on a row costs some 30 ns more to add.
  uint32_t RowsOf(uint32_t local);
  // What Build would give had only what is wanted of these customers' rows been added; adding goes
  // on. Nothing when there is no such row. REQUIRES: no local twice. Costs some us a
  // row built, and a step for each other row of theirs.
  std::optional<Image> BuildOf(std::span<const uint32_t> locals, const Wanted& wanted);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A view of an image. Checks structure (every offset inside, every count sane), so that reading the
// view cannot leave the bytes even when they were never written by BlockBuilder; values are not
// judged. `bytes` must be 8-byte aligned, have 8 readable bytes after them, and stay.
Result<EventBlock> ReadBlockImage(std::span<const uint8_t> bytes);

// Builds a stand-alone column (for attributes): row i is cells[i]; nullptr is NULL.
Image BuildColumn(uint32_t property, ColumnType type, std::span<const Cell* const> cells);

struct RowCell {
  uint32_t row = 0;
  const Cell* cell = nullptr;  // null: NULL
};
// A column built before, with some rows as they are now. Nothing when that would take building it
// anew: numbers past the end or out of range, the first NULL, another type, and lists. Costs a copy
// and some ns a change; with new texts some ns a row.
std::optional<Image> ChangedColumn(const Image& before, std::span<const RowCell> changes);
Result<Column> ReadColumnImage(std::span<const uint8_t> bytes);

}  // namespace waypost::column

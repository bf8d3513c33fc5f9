// The rows of one table: each has a name of its own, perhaps an owner, and cells by column number.
//
//   RowTable rows;
//   rows.Put(PackRow({.name = "a-17", .owner = 4711, .cells = cells}));
//   auto blocks = rows.Blocks();   // as they are now, unchanged while held
//
// Rows are kept packed, as they came. What questions read are images of the rows of 65,536 owners
// (or of 65,536 rows that nobody owns) in the form of a block of events of one type, the rows of an
// owner side by side in the order of their names: what walks events walks rows. Images are built
// when they are asked for, and only of blocks whose rows changed: about 1 us a row.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "column/block_image.h"
#include "column/column_image.h"
#include "model/ids.h"

namespace waypost::store {

inline constexpr Ordinal kNobody = UINT32_MAX;

struct RowView {
  std::string_view name;
  Ordinal owner = kNobody;
  std::span<const column::Cell> cells;  // each column once
};

// Packed: text name · varint owner + 1, 0 for nobody · varint cells
//   · (varint column · u8 type · bool u8 | double 8 bytes | string, list text | others signed) *
Bytes PackRow(const RowView& row);

// Rows of a block of owners. Immutable; any number of threads may read it.
struct RowBlock {
  column::Image image;
  column::EventBlock events;  // at most one slice, of event type 0; row_count may be 0
};

struct RowBlocks {
  std::map<uint32_t, std::shared_ptr<const RowBlock>> blocks;  // none is empty
  uint64_t rows = 0;
};

// Belongs to one thread at a time.
class RowTable {
 public:
  // The row of that name is this one now. Errors: kCorrupt when it is not packed as PackRow does.
  Result<> Put(std::span<const uint8_t> packed);
  // False when there is none.
  bool Remove(std::string_view name);

  // The packed row; empty when there is none. Good until the next change.
  std::string_view Find(std::string_view name) const;
  size_t size() const { return numbers_.size(); }
  uint64_t bytes() const { return live_bytes_; }
  // Packed rows, in no order that means anything.
  void ForEach(const std::function<void(std::string_view packed)>& visit) const;
  // The names of an owner's rows.
  std::vector<std::string> NamesOf(Ordinal owner) const;
  // What a row has in a column, as its packed bytes with the type before; empty: nothing. Equal
  // texts are equal values.
  static std::string_view CellOf(std::string_view packed, uint32_t column);
  static std::string_view NameOf(std::string_view packed);
  static Ordinal OwnerOf(std::string_view packed);
  // The row under another name, with this cell in the place of its own of that column.
  static Bytes With(std::string_view packed, std::string_view name, const column::Cell& cell);

  // The same object until something changes.
  std::shared_ptr<const RowBlocks> Blocks();

  // The rows as if each were owned by all owners of those rows of `others` that have the same value
  // in `their_column` as it has in `column`; what those have in columns of `copies` it has, too, as
  // another column, and is there once for each that differs. Costs building all of them.
  struct Copied {
    uint32_t from, to;
  };
  RowBlocks Through(uint32_t column, const RowTable& others, uint32_t their_column,
                    std::span<const Copied> copies = {}) const;
  // Grows with every change. A table that takes the place of another starts from its version.
  uint64_t version() const { return version_; }
  void StartFrom(uint64_t version) { version_ += version; }

 private:
  struct Block {
    std::vector<uint32_t> numbers;  // of rows that are or were here
    bool stale = true;
  };
  uint32_t BlockOf(uint32_t number) const;
  void Touch(uint32_t number);
  void Tidy();

  std::vector<std::string_view> rows_;  // packed, by number; empty: free
  std::vector<uint32_t> free_;
  boost::unordered_flat_map<std::string_view, uint32_t, TextHash> numbers_;  // by name
  std::map<uint32_t, Block> blocks_;
  std::unique_ptr<column::TextKeeper> texts_ = std::make_unique<column::TextKeeper>();
  uint64_t live_bytes_ = 0, kept_bytes_ = 0;
  uint64_t version_ = 0;
  std::shared_ptr<const RowBlocks> built_;
  uint64_t built_version_ = 0;
};

}  // namespace waypost::store

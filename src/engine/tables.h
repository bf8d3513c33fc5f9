// The tables of a project and their rows: a view of the log like the others.
//
// Rows come in batches (model/batch.h, kRow and its kin) and fit the declaration that stands when
// they are applied. A load that replaces a table is staged beside it, row by row, and takes its
// place in one step with its kRowsReplace item.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "model/batch.h"
#include "model/table.h"
#include "store/row_table.h"

namespace waypost::engine {

// A table at one moment. Any number of threads may read it.
struct TableRows {
  std::shared_ptr<const Table> table;
  std::shared_ptr<const store::RowBlocks> rows;  // as they are kept
  // By the customers they are of; null when they are of nobody. As `rows` when each names its own.
  std::shared_ptr<const store::RowBlocks> of_customers;
  // Of a table with history: what rows were, each since and until when (model/table.h), as kept and
  // by the customers they are of.
  std::shared_ptr<const store::RowBlocks> past, past_of_customers;
  // Of the table of customers with history: its attributes of today, which are no rows of it.
  std::shared_ptr<const store::RowBlocks> attributes;
};
struct TableSet {
  std::vector<TableRows> tables;
  uint64_t version = 0;  // another one: something is another than it was
};

// Belongs to one thread at a time.
class Tables {
 public:
  static constexpr uint64_t kMaxBytes = uint64_t{2} << 30;  // of packed rows, all tables together

  Tables();

  std::vector<Table> declared() const;
  const Table* Find(std::string_view id) const;
  uint64_t RowCount(std::string_view id) const;

  // Whether Apply would take the change. Errors: CheckTables'; kConflict "table_has_rows" where
  // rows are there that would no longer fit (a column goes or has another type, another key or
  // owner) and "in_use" for a table that others name; kNotFound "unknown_table" to remove.
  Result<> Check(const TableChange& change) const;
  // All of the change, or nothing and Check's error. A column of a table with rows keeps its place,
  // in whatever order columns are given.
  Result<> Apply(const TableChange& change);

  // What may be wrong with an item; "" when it was taken in.
  //   "unknown_table"; "row_without_key" when a part of its key is missing, or its name too long;
  //   "tables_full".
  // Values that do not fit are left out: `misfit(property, why)` hears of each, why being
  // "undeclared_column" or as Coerce says. `load`: of which load it is, for what is staged.
  using Misfit = std::function<void(const PropertyView&, std::string_view why)>;
  std::string_view Take(const BatchReader& batch, const ItemView& item, Ordinal owner,
                        const Misfit& misfit);

  // What an attribute of an owner has become, or that it has none, where the table of customers has
  // that column and history. `value` is of the attribute's type.
  void TakeAttribute(Ordinal owner, std::string_view name, const Value* value, int64_t time_ms);
  bool keeps_attributes() const { return keeps_attributes_; }

  // Takes the rows of an owner away, and those that were its alone through them.
  void Erase(Ordinal owner);

  // As they are now; the same object until something changes.
  std::shared_ptr<const TableSet> Rows();

  // Declarations, whole. Restored before rows.
  Bytes Encode() const;
  Result<> Decode(std::span<const uint8_t> bytes);
  // Changes of rows since the last call, for a journal, or with *anew all rows, to take the place
  // of what was drained before. ApplyJournal takes them in again.
  Bytes Drain(bool* anew);
  Result<> ApplyJournal(std::span<const uint8_t> bytes);

 private:
  struct Entry {
    uint32_t number = 0;  // for ever this table's
    std::shared_ptr<const Table> table;
    store::RowTable rows;
    store::RowTable
        past;  // with history: each row as it was, named by what it was called and since
    std::map<std::string, store::RowTable, std::less<>> staged;  // by load
    // Kept of the last Rows().
    std::shared_ptr<const store::RowBlocks> through, past_through;
    // Of rows, of what they were, and of the table they are through.
    std::array<uint64_t, 3> through_versions{};
  };
  using Entries = std::vector<std::unique_ptr<Entry>>;

  Entry* EntryOf(std::string_view id) const;
  Result<std::vector<Table>> Changed(const TableChange& change) const;
  uint64_t bytes() const;
  // The item's columns in cells_ and its name in name_; false when it has no name.
  bool Read(const Table& table, const BatchReader& batch, const ItemView& item,
            const Misfit& misfit);
  void Put(Entry* entry, std::string_view load, std::span<const uint8_t> packed);
  void PutNew(Entry* entry, Ordinal owner, int64_t time_ms);
  void Remove(Entry* entry, std::string_view name);
  void Replace(Entry* entry, std::string_view load);
  void ReplaceNew(Entry* entry, std::string_view load, int64_t time_ms);
  void KeepPast(Entry* entry, std::string_view row, int64_t until_ms);
  store::RowTable& Staged(Entry* entry, std::string_view load);
  void GoThrough(Entry* entry);
  void Forget(Entry* entry);
  bool KeepsAttributes() const;
  void Note(uint8_t change, const Entry& entry, std::string_view text);
  void EraseThrough(Entry* from, Ordinal owner);
  Result<> ApplyChange(ByteReader* in, std::string* staged_load);
  Bytes EncodeRows() const;

  Entries entries_;
  uint32_t next_number_ = 1;
  uint64_t changes_made_ = 0;  // of anything
  ByteWriter journal_;
  std::string journaled_load_;  // of the last kStage in it
  uint64_t journaled_rows_ = 0;
  bool rewrite_ = false;
  bool keeps_attributes_ = false;  // the table of customers has history
  std::vector<column::Cell> cells_;
  std::string name_;
  std::shared_ptr<const TableSet> set_;
  uint64_t set_at_ = 0;
};

}  // namespace waypost::engine

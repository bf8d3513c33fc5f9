// What tables a project has beside events and attributes: things with a key of their own (products,
// accounts, branches) and details of customers (holdings, orders). The declaration of one, as
// people make it and as the log has it (RecordKind::kTable).
//
//   u8 version = 2 · u8 removed · text id · text zh · text en · u8 owner · text through · text by
//   varint columns · (text name · text zh · text en · u8 type · u8 class · text refers) *
//   varint keys · text column * keys · text valid_from · text valid_to · u8 history
// Version 1 ends with the keys.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "model/plan_change.h"
#include "model/value.h"

namespace waypost {

inline constexpr size_t kMaxTables = 200;
inline constexpr size_t kMaxTableColumns = 500;
inline constexpr size_t kMaxTableKey = 8;
inline constexpr size_t kMaxRowName = 1'000;  // bytes
// The table that has no rows: its columns say which attributes of customers name things.
inline constexpr std::string_view kCustomerTable = "customer";
// Columns that rows have beside those declared: in a table with history since when a row is so and,
// of what is past, until when; of a row that is a customer's through another, when that one holds.
inline constexpr uint32_t kSinceColumn = kMaxTableColumns, kUntilColumn = kMaxTableColumns + 1,
                          kThroughFromColumn = kMaxTableColumns + 2,
                          kThroughToColumn = kMaxTableColumns + 3;

struct TableColumn {
  std::string name, display_zh, display_en;
  ValueType type = ValueType::kString;
  DataClass data_class = DataClass::kC2;
  std::string refers = {};  // id of the table whose key it holds, many to one; empty: none
  friend bool operator==(const TableColumn&, const TableColumn&) = default;
};

struct Table {
  // Numbers are stored: never renumber.
  enum class Owner : uint8_t {
    kNobody = 0,    // products, branches
    kCustomer = 1,  // each row names a customer by identities; a customer has many rows
    kThrough = 2,   // a row is of the customers of those rows of `through` that have the same `by`
  };
  std::string id, display_zh, display_en;
  std::vector<TableColumn> columns;  // a column's place is its number for ever
  std::vector<std::string> key;      // columns whose values name a row; none: the sender names it
  Owner owner = Owner::kNobody;
  std::string through = {}, by = {};
  // Columns of dates or times between which a row holds, the second moment left out; a row that has
  // none has no such bound. Empty: rows hold for ever.
  std::string valid_from = {}, valid_to = {};
  bool history = false;  // what a row was before it changed or went stays known

  // By name, or by a display name that only one has.
  std::optional<uint32_t> FindColumn(std::string_view name) const;
  std::vector<std::string> ColumnNames() const;
  friend bool operator==(const Table&, const Table&) = default;
};

struct TableChange {
  Table table;           // when removed: its id alone
  bool removed = false;  // with its rows

  Bytes Encode() const;
  // Errors: kCorrupt.
  static Result<TableChange> Decode(std::span<const uint8_t> bytes);
};

// What people are spared to declare: customer, account, product, organisation, employee, content,
// benefit, each with its key and a name, but for customers, who have attributes.
std::span<const Table> BuiltInTables();

// Whether these may stand side by side. Errors: kInvalid "bad_table", saying which table, what and
// what to do.
Result<> CheckTables(std::span<const Table> tables);

}  // namespace waypost

#include "model/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/nearest.h"
#include "model/displayed.h"

namespace waypost {
namespace {

constexpr uint8_t kTableVersion = 2;
constexpr size_t kMaxId = 64;
constexpr size_t kMaxName = 128;

Error Bad(const Table& table, std::string_view what) {
  return {Code::kInvalid, "bad_table", fmt::format("table '{}': {}", table.id, what)};
}

bool IsId(std::string_view id) {
  return !id.empty() && id.size() <= kMaxId && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

Table Thing(std::string_view id, std::string_view zh, std::string_view en,
            DataClass data_class = DataClass::kC1) {
  const std::string key = std::string(id) + "_id";
  return {.id = std::string(id),
          .display_zh = std::string(zh),
          .display_en = std::string(en),
          .columns = {{.name = key,
                       .display_zh = std::string(zh) + "编号",
                       .display_en = "",
                       .data_class = data_class},
                      {.name = "name",
                       .display_zh = "名称",
                       .display_en = "Name",
                       .data_class = data_class}},
          .key = {key}};
}

const TableColumn* Column(const Table& table, std::string_view name) {
  const auto found = std::ranges::find(table.columns, name, &TableColumn::name);
  return found == table.columns.end() ? nullptr : &*found;
}

Result<> CheckColumns(const Table& table) {
  const bool customers = table.id == kCustomerTable;
  if (customers && (!table.key.empty() || table.owner != Table::Owner::kNobody))
    return Bad(table, "says which attributes refer to what: it has no key and belongs to nobody");
  if (table.columns.empty() && !customers) return Bad(table, "has no columns");
  if (table.columns.size() > kMaxTableColumns) return Bad(table, "has over 500 columns");
  std::set<std::string_view> names;
  for (const TableColumn& column : table.columns) {
    if (column.name.empty() || column.name.size() > kMaxName)
      return Bad(table, "a column's name has 1 to 128 bytes");
    if (!names.insert(column.name).second)
      return Bad(table, fmt::format("column '{}' is there twice", column.name));
    if (column.data_class == DataClass::kC3) {
      return Bad(table, fmt::format("column '{}' is of class C3, which is never stored: leave it "
                                    "out",
                                    column.name));
    }
  }
  if (table.key.size() > kMaxTableKey) return Bad(table, "a key has at most 8 columns");
  for (const std::string& key : table.key) {
    const TableColumn* column = Column(table, key);
    if (!column) return Bad(table, fmt::format("its key '{}' is no column", key));
    if (column->type == ValueType::kDouble || column->type == ValueType::kList)
      return Bad(table,
                 fmt::format("a {} cannot be a key: '{}'", ValueTypeName(column->type), key));
  }
  return {};
}

Result<const Table*> Other(std::span<const Table> tables, const Table& table,
                           const std::string& id) {
  const auto found = std::ranges::find(tables, id, &Table::id);
  if (found != tables.end()) return &*found;
  std::vector<std::string> ids;
  for (const Table& other : tables) ids.push_back(other.id);
  const std::string nearest = Nearest(id, ids);
  return Bad(table, fmt::format("there is no table '{}'{}", id,
                                nearest.empty() ? ": declare it first"
                                                : "; did you mean '" + nearest + "'?"));
}

// What is built in may still become another: tables may refer to each other, and one is declared
// first.
Result<> CheckReferences(std::span<const Table> tables, const Table& table) {
  for (const TableColumn& column : table.columns) {
    if (column.refers.empty()) continue;
    const Table& other = *TRY(Other(tables, table, column.refers));
    const TableColumn* key = other.key.size() == 1 ? Column(other, other.key[0]) : nullptr;
    if (!key) return Bad(table, fmt::format("'{}' has no key of one column", other.id));
    if (std::ranges::find(BuiltInTables(), other) != BuiltInTables().end()) continue;
    if (key->type != column.type) {
      return Bad(table,
                 fmt::format("column '{}' is a {} and the key of '{}' a {}", column.name,
                             ValueTypeName(column.type), other.id, ValueTypeName(key->type)));
    }
  }
  return {};
}

Result<> CheckValidity(const Table& table) {
  for (const std::string& name : {table.valid_from, table.valid_to}) {
    const TableColumn* column = name.empty() ? nullptr : Column(table, name);
    if (!name.empty() && !column)
      return Bad(table, fmt::format("rows hold from or to '{}', which is no column", name));
    if (column && column->type != ValueType::kDate && column->type != ValueType::kDateTime) {
      return Bad(table, fmt::format("rows hold from or to '{}', which is a {}: name a date or a "
                                    "datetime",
                                    name, ValueTypeName(column->type)));
    }
  }
  if (table.history && table.key.empty() && table.id != kCustomerTable)
    return Bad(table, "has no key, so nobody can tell what a row was before: declare one");
  return {};
}

Result<> CheckOwner(std::span<const Table> tables, const Table& table) {
  if (table.owner != Table::Owner::kThrough) return {};
  const Table& other = *TRY(Other(tables, table, table.through));
  if (other.owner != Table::Owner::kCustomer) {
    return Bad(table, fmt::format("the rows of '{}' are not of customers: name a table whose are",
                                  other.id));
  }
  const TableColumn *ours = Column(table, table.by), *theirs = Column(other, table.by);
  if (!ours || !theirs)
    return Bad(table, fmt::format("'{}' is not a column of both, it and '{}'", table.by, other.id));
  if (ours->type == theirs->type) return {};
  return Bad(table, fmt::format("'{}' is a {} here and a {} in '{}'", table.by,
                                ValueTypeName(ours->type), ValueTypeName(theirs->type), other.id));
}

}  // namespace

std::optional<uint32_t> Table::FindColumn(std::string_view name) const {
  const TableColumn* found = Column(*this, name);
  if (!found) found = Displayed(std::span(columns), name);
  if (!found) return std::nullopt;
  return static_cast<uint32_t>(found - columns.data());
}

std::vector<std::string> Table::ColumnNames() const {
  std::vector<std::string> names;
  for (const TableColumn& column : columns) {
    for (const std::string& name : {column.name, column.display_zh, column.display_en}) {
      if (!name.empty()) names.push_back(name);
    }
  }
  return names;
}

Bytes TableChange::Encode() const {
  ByteWriter out;
  out.U8(kTableVersion);
  out.U8(removed);
  for (const std::string* text : {&table.id, &table.display_zh, &table.display_en}) out.Text(*text);
  out.U8(static_cast<uint8_t>(table.owner));
  out.Text(table.through);
  out.Text(table.by);
  out.Varint(table.columns.size());
  for (const TableColumn& column : table.columns) {
    for (const std::string* text : {&column.name, &column.display_zh, &column.display_en})
      out.Text(*text);
    out.U8(static_cast<uint8_t>(column.type));
    out.U8(static_cast<uint8_t>(column.data_class));
    out.Text(column.refers);
  }
  out.Varint(table.key.size());
  for (const std::string& key : table.key) out.Text(key);
  out.Text(table.valid_from);
  out.Text(table.valid_to);
  out.U8(table.history);
  return out.Take();
}

Result<TableChange> TableChange::Decode(std::span<const uint8_t> bytes) {
  ByteReader in(bytes);
  const auto text = [&] { return std::string(in.Text()); };
  const uint8_t version = in.U8();
  if (version < 1 || version > kTableVersion)
    return Error(Code::kCorrupt, "table: unknown version");
  TableChange change;
  change.removed = in.U8() != 0;
  Table& table = change.table;
  for (std::string* out : {&table.id, &table.display_zh, &table.display_en}) *out = text();
  const uint8_t owner = in.U8();
  table.owner = static_cast<Table::Owner>(owner);
  table.through = text();
  table.by = text();
  bool sane = owner <= static_cast<uint8_t>(Table::Owner::kThrough);
  for (uint64_t left = in.Varint(); left > 0 && in.ok(); --left) {
    TableColumn& column = table.columns.emplace_back();
    for (std::string* out : {&column.name, &column.display_zh, &column.display_en}) *out = text();
    const uint8_t type = in.U8(), data_class = in.U8();
    column.type = static_cast<ValueType>(type);
    column.data_class = static_cast<DataClass>(data_class);
    column.refers = text();
    sane &= type >= 1 && type <= static_cast<uint8_t>(ValueType::kList);
    sane &= data_class >= 1 && data_class <= static_cast<uint8_t>(DataClass::kC3);
  }
  for (uint64_t left = in.Varint(); left > 0 && in.ok(); --left) table.key.push_back(text());
  if (version > 1) {
    table.valid_from = text();
    table.valid_to = text();
    table.history = in.U8() != 0;
  }
  if (!sane || !in.ok() || !in.done()) return Error(Code::kCorrupt, "table: cut or impossible");
  return change;
}

std::span<const Table> BuiltInTables() {
  static const std::vector<Table> tables = {
      {.id = std::string(kCustomerTable), .display_zh = "客户", .display_en = "Customer"},
      Thing("account", "账户", "Account", DataClass::kC2),
      Thing("product", "产品", "Product"),
      Thing("organisation", "机构", "Branch"),
      Thing("employee", "员工", "Employee", DataClass::kC2),
      Thing("content", "内容", "Content"),
      Thing("benefit", "权益", "Benefit"),
  };
  return tables;
}

Result<> CheckTables(std::span<const Table> tables) {
  std::set<std::string_view> ids;
  for (const Table& table : tables) {
    if (!IsId(table.id)) return Bad(table, "an id is 1 to 64 letters, digits, '_' and '-'");
    if (!ids.insert(table.id).second) return Bad(table, "is there twice");
    TRY(CheckColumns(table));
    TRY(CheckValidity(table));
    TRY(CheckReferences(tables, table));
    TRY(CheckOwner(tables, table));
  }
  if (tables.size() <= kMaxTables) return {};
  return Error(Code::kInvalid, "bad_table", "a project has at most 200 tables");
}

}  // namespace waypost

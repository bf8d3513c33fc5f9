#include "engine/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "model/coerce.h"

namespace waypost::engine {
namespace {

using store::RowTable;

// Of the journal: u8 change · varint table's number · what follows.
enum RowChange : uint8_t {
  kPut = 1,      // text row, packed
  kRemove = 2,   // text name
  kStage = 3,    // text load, empty: the one before in these bytes · text row, packed
  kReplace = 4,  // text load
};

constexpr uint8_t kTablesVersion = 1;
// A journal of rows may hold this many times what is alive before it is written anew.
constexpr uint64_t kRowJournalSlack = 3;
constexpr uint64_t kRowJournalSpare = 100'000;

// A value of a key as text; equal values of one type are equal texts.
std::string KeyText(const column::Cell& cell) {
  if (cell.type == column::ColumnType::kString) return std::string(cell.text);
  return std::to_string(cell.whole);
}

// A table as it will be while rows of it are there: columns keep their places.
Result<Table> Kept(const Table& now, const Table& wanted) {
  const auto bad = [&](std::string_view what) {
    return Error(Code::kConflict, "table_has_rows",
                 fmt::format("table '{}' has rows: {}", now.id, what));
  };
  if (now.key != wanted.key) return bad("its key must stay");
  if (now.owner != wanted.owner || now.through != wanted.through || now.by != wanted.by)
    return bad("whose its rows are must stay");
  Table kept = wanted;
  kept.columns = now.columns;
  for (TableColumn& column : kept.columns) {
    const auto found = std::ranges::find(wanted.columns, column.name, &TableColumn::name);
    if (found == wanted.columns.end())
      return bad(fmt::format("column '{}' must stay", column.name));
    if (found->type != column.type)
      return bad(
          fmt::format("the type of '{}' must stay {}", column.name, ValueTypeName(column.type)));
    column = *found;
  }
  for (const TableColumn& column : wanted.columns) {
    if (std::ranges::find(kept.columns, column.name, &TableColumn::name) == kept.columns.end())
      kept.columns.push_back(column);
  }
  return kept;
}

}  // namespace

Tables::Tables() {
  for (const Table& table : BuiltInTables()) {
    auto entry = std::make_unique<Entry>();
    entry->number = next_number_++;
    entry->table = std::make_shared<const Table>(table);
    entries_.push_back(std::move(entry));
  }
}

std::vector<Table> Tables::declared() const {
  std::vector<Table> tables;
  for (const auto& entry : entries_) tables.push_back(*entry->table);
  return tables;
}

Tables::Entry* Tables::EntryOf(std::string_view id) const {
  for (const auto& entry : entries_) {
    if (entry->table->id == id) return entry.get();
  }
  return nullptr;
}

const Table* Tables::Find(std::string_view id) const {
  const Entry* entry = EntryOf(id);
  return entry ? entry->table.get() : nullptr;
}

uint64_t Tables::RowCount(std::string_view id) const {
  const Entry* entry = EntryOf(id);
  return entry ? entry->rows.size() : 0;
}

uint64_t Tables::bytes() const {
  uint64_t bytes = 0;
  for (const auto& entry : entries_) {
    bytes += entry->rows.bytes();
    for (const auto& [load, rows] : entry->staged) bytes += rows.bytes();
  }
  return bytes;
}

Result<std::vector<Table>> Tables::Changed(const TableChange& change) const {
  std::vector<Table> tables = declared();
  const Entry* entry = EntryOf(change.table.id);
  const auto place = std::ranges::find(tables, change.table.id, &Table::id);
  if (!change.removed) {
    const bool has_rows = entry && (entry->rows.size() > 0 || !entry->staged.empty());
    Table table = has_rows ? TRY(Kept(*entry->table, change.table)) : change.table;
    if (entry) {
      *place = std::move(table);
    } else {
      tables.push_back(std::move(table));
    }
    TRY(CheckTables(tables));
    return tables;
  }
  if (!entry) {
    return Error(Code::kNotFound, "unknown_table",
                 fmt::format("there is no table '{}'", change.table.id));
  }
  tables.erase(place);
  const Result<> rest = CheckTables(tables);
  if (rest.ok()) return tables;
  return Error(Code::kConflict, "in_use", rest.error().message());
}

Result<> Tables::Check(const TableChange& change) const {
  TRY(Changed(change));
  return {};
}

Result<> Tables::Apply(const TableChange& change) {
  const std::vector<Table> tables = TRY(Changed(change));
  Entries entries;
  for (const Table& table : tables) {
    const auto there = std::ranges::find_if(
        entries_, [&](const auto& entry) { return entry && entry->table->id == table.id; });
    auto entry = there == entries_.end() ? std::make_unique<Entry>() : std::move(*there);
    if (entry->number == 0) entry->number = next_number_++;
    if (!entry->table || *entry->table != table)
      entry->table = std::make_shared<const Table>(table);
    entry->through.reset();
    entries.push_back(std::move(entry));
  }
  entries_ = std::move(entries);
  rewrite_ |= change.removed;
  ++changes_made_;
  return {};
}

bool Tables::Read(const Table& table, const BatchReader& batch, const ItemView& item,
                  const Misfit& misfit) {
  cells_.clear();
  for (const PropertyView& property : item.properties) {
    const auto column =
        std::ranges::find(table.columns, batch.names()[property.name], &TableColumn::name);
    Value value = property.value;
    std::string_view why = column == table.columns.end() ? "undeclared_column" : "";
    if (why.empty() && value.type != column->type) why = Coerce(column->type, &value);
    if (!why.empty()) {
      misfit(property, why);
      continue;
    }
    cells_.push_back({static_cast<uint32_t>(column - table.columns.begin()),
                      static_cast<column::ColumnType>(value.type), value.whole, value.real,
                      value.text});
  }
  if (table.key.empty()) {
    name_ = item.detail;
  } else {
    std::vector<std::string> parts;
    for (const std::string& key : table.key) {
      const auto cell = std::ranges::find_if(
          cells_, [&](const column::Cell& c) { return table.columns[c.property].name == key; });
      if (cell == cells_.end()) return false;
      parts.push_back(KeyText(*cell));
    }
    const std::vector<std::string_view> views(parts.begin(), parts.end());
    name_ = parts.size() == 1 ? parts[0] : PackList(views);
  }
  return !name_.empty() && name_.size() <= kMaxRowName;
}

std::string_view Tables::Take(const BatchReader& batch, const ItemView& item, Ordinal owner,
                              const Misfit& misfit) {
  Entry* entry = EntryOf(item.what);
  if (!entry || item.what == kCustomerTable) return "unknown_table";
  const std::string_view load = LoadOf(batch.header().import_chunk);
  if (item.kind == ItemKind::kRowsReplace) {
    Replace(entry, load);
    return {};
  }
  if (!Read(*entry->table, batch, item, misfit)) return "row_without_key";
  if (item.kind == ItemKind::kRowDelete) {
    Remove(entry, name_);
    return {};
  }
  if (bytes() > kMaxBytes) return "tables_full";
  const Bytes packed = store::PackRow({name_, owner, cells_});
  Put(entry, item.kind == ItemKind::kStagedRow ? load : std::string_view(), packed);
  return {};
}

// `load` empty: not staged.
void Tables::Put(Entry* entry, std::string_view load, std::span<const uint8_t> packed) {
  if (load.empty()) {
    CHECK(entry->rows.Put(packed).ok());
  } else {
    CHECK(entry->staged[std::string(load)].Put(packed).ok());
  }
  journal_.U8(load.empty() ? kPut : kStage);
  journal_.Varint(entry->number);
  if (!load.empty()) journal_.Text(load == journaled_load_ ? std::string_view() : load);
  if (!load.empty()) journaled_load_ = load;
  journal_.Text(AsText(packed));
  ++journaled_rows_;
  ++changes_made_;
}

void Tables::Remove(Entry* entry, std::string_view name) {
  if (!entry->rows.Remove(name)) return;
  journal_.U8(kRemove);
  journal_.Varint(entry->number);
  journal_.Text(name);
  ++journaled_rows_;
  ++changes_made_;
}

// A load without a row empties the table. Others that were staged are of the past.
void Tables::Replace(Entry* entry, std::string_view load) {
  const uint64_t before = entry->rows.version();
  const auto staged = entry->staged.find(load);
  entry->rows = staged == entry->staged.end() ? RowTable() : std::move(staged->second);
  entry->rows.StartFrom(before + 1);
  entry->staged.clear();
  journal_.U8(kReplace);
  journal_.Varint(entry->number);
  journal_.Text(load);
  ++changes_made_;
}

void Tables::Erase(Ordinal owner) {
  for (const auto& entry : entries_) {
    if (entry->table->owner != Table::Owner::kCustomer) continue;
    EraseThrough(entry.get(), owner);
    for (auto& [load, rows] : entry->staged) {
      for (const std::string& name : rows.NamesOf(owner)) rows.Remove(name);
    }
  }
  rewrite_ = true;
  ++changes_made_;
}

void Tables::EraseThrough(Entry* from, Ordinal owner) {
  const std::vector<std::string> names = from->rows.NamesOf(owner);
  std::vector<std::pair<Entry*, std::set<std::string, std::less<>>>> gone;
  for (const auto& entry : entries_) {
    if (entry->table->through != from->table->id) continue;
    const uint32_t by = *from->table->FindColumn(entry->table->by);
    auto& values = gone.emplace_back(entry.get(), std::set<std::string, std::less<>>()).second;
    for (const std::string& name : names)
      values.emplace(RowTable::CellOf(from->rows.Find(name), by));
    values.erase("");
  }
  for (const std::string& name : names) from->rows.Remove(name);
  for (auto& [entry, values] : gone) {
    const uint32_t theirs = *from->table->FindColumn(entry->table->by);
    from->rows.ForEach([&](std::string_view row) {
      const auto other = values.find(RowTable::CellOf(row, theirs));
      if (other != values.end()) values.erase(other);
    });
    if (values.empty()) continue;
    const uint32_t by = *entry->table->FindColumn(entry->table->by);
    std::vector<std::string> orphans;
    entry->rows.ForEach([&](std::string_view row) {
      if (values.contains(RowTable::CellOf(row, by))) orphans.emplace_back(RowTable::NameOf(row));
    });
    for (const std::string& name : orphans) entry->rows.Remove(name);
  }
}

std::shared_ptr<const TableSet> Tables::Rows() {
  if (set_ && set_at_ == changes_made_) return set_;
  auto set = std::make_shared<TableSet>();
  for (const auto& entry : entries_) {
    TableRows& rows =
        set->tables.emplace_back(TableRows{entry->table, entry->rows.Blocks(), nullptr});
    if (entry->table->owner == Table::Owner::kCustomer) rows.of_customers = rows.rows;
    if (entry->table->owner != Table::Owner::kThrough) continue;
    const Entry& other = *EntryOf(entry->table->through);
    const std::pair versions{entry->rows.version(), other.rows.version()};
    if (!entry->through || entry->through_versions != versions) {
      entry->through = std::make_shared<const store::RowBlocks>(
          entry->rows.Through(*entry->table->FindColumn(entry->table->by), other.rows,
                              *other.table->FindColumn(entry->table->by)));
      entry->through_versions = versions;
    }
    rows.of_customers = entry->through;
  }
  set->version = changes_made_;
  set_ = std::move(set);
  set_at_ = changes_made_;
  return set_;
}

Bytes Tables::Encode() const {
  ByteWriter out;
  out.U8(kTablesVersion);
  out.Varint(next_number_);
  out.Varint(entries_.size());
  for (const auto& entry : entries_) {
    out.Varint(entry->number);
    out.Text(AsText(TableChange{*entry->table}.Encode()));
  }
  return out.Take();
}

Result<> Tables::Decode(std::span<const uint8_t> bytes) {
  const Error damaged(Code::kCorrupt, "tables: cut or impossible");
  ByteReader in(bytes);
  if (in.U8() != kTablesVersion) return damaged;
  next_number_ = static_cast<uint32_t>(in.Varint());
  entries_.clear();
  for (uint64_t left = in.Varint(); left > 0; --left) {
    auto entry = std::make_unique<Entry>();
    entry->number = static_cast<uint32_t>(in.Varint());
    const std::string_view declared = in.Text();
    if (!in.ok() || entry->number == 0) return damaged;
    entry->table = std::make_shared<const Table>(TRY(TableChange::Decode(AsBytes(declared))).table);
    entries_.push_back(std::move(entry));
  }
  if (!in.ok() || !in.done()) return damaged;
  return CheckTables(declared());
}

Bytes Tables::EncodeRows() const {
  ByteWriter out;
  for (const auto& entry : entries_) {
    entry->rows.ForEach([&](std::string_view row) {
      out.U8(kPut);
      out.Varint(entry->number);
      out.Text(row);
    });
    for (const auto& [load, rows] : entry->staged) {
      std::string_view told = load;
      rows.ForEach([&](std::string_view row) {
        out.U8(kStage);
        out.Varint(entry->number);
        out.Text(std::exchange(told, {}));
        out.Text(row);
      });
    }
  }
  return out.Take();
}

Bytes Tables::Drain(bool* anew) {
  uint64_t alive = 0;
  for (const auto& entry : entries_) {
    alive += entry->rows.size();
    for (const auto& [load, rows] : entry->staged) alive += rows.size();
  }
  Bytes changes = std::exchange(journal_, {}).Take();
  journaled_load_.clear();
  rewrite_ |= journaled_rows_ > kRowJournalSlack * alive + kRowJournalSpare;
  *anew = std::exchange(rewrite_, false);
  if (!*anew) return changes;
  journaled_rows_ = alive;
  return EncodeRows();
}

Result<> Tables::ApplyChange(ByteReader* in, std::string* staged_load) {
  const uint8_t change = in->U8();
  const uint64_t number = in->Varint();
  const std::string_view load = change == kStage || change == kReplace ? in->Text() : "";
  if (change == kStage && !load.empty()) *staged_load = load;
  const std::string_view text = change == kReplace ? "" : in->Text();
  if (!in->ok() || change < kPut || change > kReplace)
    return Error(Code::kCorrupt, "rows: cut or impossible");
  ++journaled_rows_;
  const auto entry =
      std::ranges::find_if(entries_, [&](const auto& known) { return known->number == number; });
  if (entry == entries_.end()) return {};  // of a table that was removed since
  if (change == kPut) return (*entry)->rows.Put(AsBytes(text));
  if (change == kStage) return (*entry)->staged[*staged_load].Put(AsBytes(text));
  if (change == kRemove) (*entry)->rows.Remove(text);
  if (change == kReplace) Replace(entry->get(), load);
  return {};
}

Result<> Tables::ApplyJournal(std::span<const uint8_t> bytes) {
  std::string load;
  for (ByteReader in(bytes); !in.done();) TRY(ApplyChange(&in, &load));
  journal_.Clear();
  ++changes_made_;
  return {};
}

}  // namespace waypost::engine

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
  kPast = 5,     // text row, packed, as it was
};

const auto kNoRows = std::make_shared<const store::RowBlocks>();

constexpr uint8_t kTablesVersion = 1;
// A journal of rows may hold this many times what is alive before it is written anew.
constexpr uint64_t kRowJournalSlack = 3;
constexpr uint64_t kRowJournalSpare = 100'000;

// A value of a key as text; equal values of one type are equal texts.
std::string KeyText(const column::Cell& cell) {
  if (cell.type == column::ColumnType::kString) return std::string(cell.text);
  return std::to_string(cell.whole);
}

column::Cell Moment(uint32_t column, int64_t ms) {
  return {.property = column, .type = column::ColumnType::kDateTime, .whole = ms};
}

// Since when a row of a table with history is as it is; rows from before it had any: for ever.
std::optional<int64_t> SinceOf(std::string_view row) {
  const std::string_view cell = RowTable::CellOf(row, kSinceColumn);
  if (cell.empty()) return std::nullopt;
  ByteReader in(AsBytes(cell.substr(1)));
  return in.Signed();
}

// Loads of one name; each takes the place of those that did not come to their end.
std::string_view NameOfLoad(std::string_view load) { return load.substr(0, load.rfind('@')); }

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
    bytes += entry->rows.bytes() + entry->past.bytes();
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
    if (!table.history) Forget(entry.get());
    entries.push_back(std::move(entry));
  }
  entries_ = std::move(entries);
  rewrite_ |= change.removed;
  keeps_attributes_ = KeepsAttributes();
  ++changes_made_;
  return {};
}

// What was, of a table that has no history any longer.
void Tables::Forget(Entry* entry) {
  const bool attributes = entry->table->id == kCustomerTable && entry->rows.size() > 0;
  if (entry->past.size() == 0 && !attributes) return;
  entry->past = RowTable();
  if (attributes) entry->rows = RowTable();
  rewrite_ = true;
}

bool Tables::KeepsAttributes() const {
  const Table* customers = Find(kCustomerTable);
  return customers && customers->history;
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
  const int64_t time_ms = item.meta.time_ms;
  if (item.kind == ItemKind::kRowsReplace) {
    entry->table->history ? ReplaceNew(entry, load, time_ms) : Replace(entry, load);
    return {};
  }
  if (!Read(*entry->table, batch, item, misfit)) return "row_without_key";
  if (item.kind == ItemKind::kRowDelete) {
    if (entry->table->history) KeepPast(entry, entry->rows.Find(name_), time_ms);
    Remove(entry, name_);
    return {};
  }
  if (bytes() > kMaxBytes) return "tables_full";
  if (entry->table->history) {
    std::ranges::sort(cells_, {}, &column::Cell::property);
    cells_.push_back(Moment(kSinceColumn, time_ms));
  }
  if (item.kind == ItemKind::kStagedRow) {
    Put(entry, load, store::PackRow({name_, owner, cells_}));
  } else if (entry->table->history) {
    PutNew(entry, owner, time_ms);
  } else {
    Put(entry, {}, store::PackRow({name_, owner, cells_}));
  }
  return {};
}

// The row at hand, which has its moment as its last cell, after what it was. One that is as it was
// stays.
void Tables::PutNew(Entry* entry, Ordinal owner, int64_t time_ms) {
  const std::string_view was = entry->rows.Find(name_);
  if (!was.empty()) {
    const auto since = SinceOf(was);
    cells_.back().whole = since.value_or(0);
    const auto same = std::span(cells_).first(cells_.size() - (since ? 0 : 1));
    if (AsText(store::PackRow({name_, owner, same})) == was) return;
    cells_.back().whole = std::max(time_ms, since.value_or(time_ms));
    KeepPast(entry, was, time_ms);
  }
  Put(entry, {}, store::PackRow({name_, owner, cells_}));
}

// What a row was is known until then; what it was for no time at all is not.
void Tables::KeepPast(Entry* entry, std::string_view row, int64_t until_ms) {
  if (row.empty()) return;
  const auto since = SinceOf(row);
  if (since && *since >= until_ms) return;
  const std::string name =
      fmt::format("{}\n{}", RowTable::NameOf(row), since ? std::to_string(*since) : "");
  const Bytes past = RowTable::With(row, name, Moment(kUntilColumn, until_ms));
  CHECK(entry->past.Put(past).ok());
  Note(kPast, *entry, AsText(past));
}

void Tables::TakeAttribute(Ordinal owner, std::string_view name, const Value* value,
                           int64_t time_ms) {
  Entry* entry = EntryOf(kCustomerTable);
  const std::vector<TableColumn>& columns = entry->table->columns;
  const auto column = std::ranges::find(columns, name, &TableColumn::name);
  if (column == columns.end() || bytes() > kMaxBytes) return;
  Value now = value ? *value : Value();
  if (value && value->type != column->type && !Coerce(column->type, &now).empty()) return;
  name_ = fmt::format("{}/{}", owner, name);
  cells_.clear();
  if (value) {
    cells_.push_back({static_cast<uint32_t>(column - columns.begin()),
                      static_cast<column::ColumnType>(now.type), now.whole, now.real, now.text});
  }
  cells_.push_back(Moment(kSinceColumn, time_ms));
  PutNew(entry, owner, time_ms);
}

void Tables::Note(uint8_t change, const Entry& entry, std::string_view text) {
  journal_.U8(change);
  journal_.Varint(entry.number);
  journal_.Text(text);
  ++journaled_rows_;
  ++changes_made_;
}

RowTable& Tables::Staged(Entry* entry, std::string_view load) {
  const auto known = entry->staged.find(load);
  if (known != entry->staged.end()) return known->second;
  std::erase_if(entry->staged,
                [&](const auto& other) { return NameOfLoad(other.first) == NameOfLoad(load); });
  return entry->staged[std::string(load)];
}

// `load` empty: not staged.
void Tables::Put(Entry* entry, std::string_view load, std::span<const uint8_t> packed) {
  CHECK((load.empty() ? entry->rows : Staged(entry, load)).Put(packed).ok());
  journal_.U8(load.empty() ? kPut : kStage);
  journal_.Varint(entry->number);
  if (!load.empty()) journal_.Text(load == journaled_load_ ? std::string_view() : load);
  if (!load.empty()) journaled_load_ = load;
  journal_.Text(AsText(packed));
  ++journaled_rows_;
  ++changes_made_;
}

void Tables::Remove(Entry* entry, std::string_view name) {
  if (entry->rows.Remove(name)) Note(kRemove, *entry, name);
}

// Rows that are as they were go on being so.
void Tables::ReplaceNew(Entry* entry, std::string_view load, int64_t time_ms) {
  RowTable before = std::move(entry->rows);
  entry->rows = RowTable();
  entry->rows.StartFrom(before.version());
  Replace(entry, load);
  before.ForEach([&](std::string_view was) {
    const std::string name(RowTable::NameOf(was));
    const std::string_view is = entry->rows.Find(name);
    const auto since = SinceOf(was);
    const Bytes same =
        is.empty() || !since ? Bytes() : RowTable::With(is, name, Moment(kSinceColumn, *since));
    if (!same.empty() && AsText(same) == was) {
      Put(entry, {}, same);
    } else {
      KeepPast(entry, was, time_ms);
    }
  });
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
  for (const auto& entry : entries_) {
    for (const std::string& name : entry->past.NamesOf(owner)) entry->past.Remove(name);
  }
  if (Entry* customers = EntryOf(kCustomerTable)) {
    for (const std::string& name : customers->rows.NamesOf(owner)) customers->rows.Remove(name);
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
    for (RowTable* rows : {&entry->rows, &entry->past}) {
      std::vector<std::string> orphans;
      rows->ForEach([&](std::string_view row) {
        if (values.contains(RowTable::CellOf(row, by))) orphans.emplace_back(RowTable::NameOf(row));
      });
      for (const std::string& name : orphans) rows->Remove(name);
    }
  }
}

std::shared_ptr<const TableSet> Tables::Rows() {
  if (set_ && set_at_ == changes_made_) return set_;
  auto set = std::make_shared<TableSet>();
  for (const auto& entry : entries_) {
    TableRows& rows = set->tables.emplace_back(
        TableRows{entry->table, entry->rows.Blocks(), nullptr, nullptr, nullptr});
    if (entry->table->history) rows.past = entry->past.Blocks();
    if (entry->table->id == kCustomerTable) {
      rows.past_of_customers = rows.past;
      if (rows.past) rows.attributes = std::exchange(rows.rows, kNoRows);
    }
    if (entry->table->owner == Table::Owner::kCustomer) {
      rows.of_customers = rows.rows;
      rows.past_of_customers = rows.past;
    }
    if (entry->table->owner != Table::Owner::kThrough) continue;
    GoThrough(entry.get());
    rows.of_customers = entry->through;
    rows.past_of_customers = entry->past_through;
  }
  set->version = changes_made_;
  set_ = std::move(set);
  set_at_ = changes_made_;
  return set_;
}

// Rows, and what they were, of the customers whom the other table's rows of today give them.
void Tables::GoThrough(Entry* entry) {
  const Entry& other = *EntryOf(entry->table->through);
  const std::array versions{entry->rows.version(), entry->past.version(), other.rows.version()};
  if (entry->through && entry->through_versions == versions) return;
  std::vector<RowTable::Copied> copies;
  const auto copy = [&](const std::string& name, uint32_t to) {
    if (!name.empty()) copies.push_back({*other.table->FindColumn(name), to});
  };
  copy(other.table->valid_from, kThroughFromColumn);
  copy(other.table->valid_to, kThroughToColumn);
  const uint32_t ours = *entry->table->FindColumn(entry->table->by),
                 theirs = *other.table->FindColumn(entry->table->by);
  const auto through = [&](const RowTable& rows) {
    return std::make_shared<const store::RowBlocks>(rows.Through(ours, other.rows, theirs, copies));
  };
  entry->through = through(entry->rows);
  entry->past_through = entry->table->history ? through(entry->past) : nullptr;
  entry->through_versions = versions;
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
  keeps_attributes_ = KeepsAttributes();
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
    entry->past.ForEach([&](std::string_view row) {
      out.U8(kPast);
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
    alive += entry->rows.size() + entry->past.size();
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
  if (!in->ok() || change < kPut || change > kPast)
    return Error(Code::kCorrupt, "rows: cut or impossible");
  ++journaled_rows_;
  const auto entry =
      std::ranges::find_if(entries_, [&](const auto& known) { return known->number == number; });
  if (entry == entries_.end()) return {};  // of a table that was removed since
  if (change == kPut) return (*entry)->rows.Put(AsBytes(text));
  if (change == kPast) return (*entry)->past.Put(AsBytes(text));
  if (change == kStage) return Staged(entry->get(), *staged_load).Put(AsBytes(text));
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

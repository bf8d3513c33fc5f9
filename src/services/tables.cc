#include "services/tables.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/nearest.h"
#include "services/batch_feed.h"
#include "services/row_json.h"
#include "services/row_upload.h"
#include "services/table_json.h"

namespace waypost::services {
namespace {

using TableVerb = api::TableCall::Verb;

std::string ListJson(const engine::TableSet& tables) {
  std::string items;
  for (const engine::TableRows& table : tables.tables)
    items += (items.empty() ? "" : ",") + TableJson(*table.table, table.rows->rows);
  return "{\"items\":[" + items + "]}";
}

// What rules name must stay.
Result<> RefuseIfNamed(catalog::Catalog& catalog, const std::string& id) {
  const std::vector<catalog::Reference> users = TRY(catalog.UsersOf({"table", id}));
  if (users.empty()) return {};
  return Error(Code::kConflict, "in_use",
               fmt::format("table '{}' is used by {} '{}'", id, users[0].kind, users[0].id));
}

// Without the names of what tells who somebody is: nothing that can be asked is called "".
std::shared_ptr<const Table> Unbarred(const Table& table) {
  auto known = std::make_shared<Table>(table);
  for (TableColumn& column : known->columns) {
    const bool text = column.type == ValueType::kString || column.type == ValueType::kList ||
                      column.type == ValueType::kDate || column.type == ValueType::kDateTime;
    const bool key = std::ranges::find(table.key, column.name) != table.key.end();
    if (column.data_class == DataClass::kC1 || !text || key) continue;
    column.name.clear();
    column.display_zh.clear();
    column.display_en.clear();
  }
  return known;
}

using BlockSets = std::vector<std::shared_ptr<const store::RowBlocks>>;

std::shared_ptr<const std::vector<const column::EventBlock*>> AllOf(BlockSets sets) {
  struct Held {
    BlockSets sets;
    std::vector<const column::EventBlock*> rows;
  };
  const auto held = std::make_shared<Held>();
  for (const auto& set : sets) {
    for (const auto& [number, block] : set->blocks) held->rows.push_back(&block->events);
  }
  held->sets = std::move(sets);
  return {held, &held->rows};
}

// As customers are known in the view. Null when the rows are of nobody.
std::shared_ptr<const column::SnapshotView> OfCustomers(const column::SnapshotView& view,
                                                        BlockSets sets) {
  std::erase(sets, nullptr);
  if (sets.empty()) return nullptr;
  struct Held {
    BlockSets sets;
    column::SnapshotView view;
  };
  const auto held = std::make_shared<Held>();
  std::map<uint32_t, std::vector<const column::EventBlock*>> parts;
  for (const auto& set : sets) {
    for (const auto& [number, block] : set->blocks) parts[number].push_back(&block->events);
  }
  held->sets = std::move(sets);
  held->view.id = view.id;
  held->view.ordinal_count = view.ordinal_count;
  held->view.clusters = view.clusters;
  held->view.clustered = view.clustered;
  held->view.erased = view.erased;
  held->view.bits_from = view.bits_from;
  for (auto& [number, blocks] : parts)
    held->view.blocks.push_back({.block = number, .parts = std::move(blocks), .attributes = {}});
  return {held, &held->view};
}

Result<std::string> ShownTable(engine::Engine& engine, std::string_view name) {
  const engine::Reading reading = TRY(engine.Read());
  const engine::TableRows& table = *TRY(FindRows(*reading.tables, name));
  return TableJson(*table.table, table.rows->rows);
}

}  // namespace

Result<const engine::TableRows*> FindRows(const engine::TableSet& tables, std::string_view name) {
  std::vector<std::string> names;
  std::vector<const engine::TableRows*> displayed;
  for (const engine::TableRows& table : tables.tables) {
    const Table& declared = *table.table;
    if (declared.id == name) return &table;
    if (declared.display_zh == name || declared.display_en == name) displayed.push_back(&table);
    for (const std::string& called : {declared.id, declared.display_zh, declared.display_en}) {
      if (!called.empty()) names.push_back(called);
    }
  }
  if (displayed.size() == 1 && !name.empty()) return displayed[0];
  const std::string nearest = Nearest(name, names);
  return Error(Code::kNotFound, "unknown_table",
               fmt::format("there is no table '{}'{}", name,
                           nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
}

Result<analytics::Tables::Found> RuleTables::Find(std::string_view name) const {
  const engine::TableRows& table = *TRY(FindRows(*tables_, name));
  Found found{.table = barred_ ? Unbarred(*table.table) : table.table,
              .of_customers = OfCustomers(view_, {table.of_customers}),
              .rows = AllOf({table.rows}),
              .ever_of_customers = nullptr,
              .ever_rows = nullptr,
              .through = nullptr};
  if (table.past) {
    const auto& now = table.attributes ? table.attributes : table.rows;
    found.ever_rows = AllOf({now, table.past});
    found.ever_of_customers = OfCustomers(
        view_, {table.attributes ? table.attributes : table.of_customers, table.past_of_customers});
  }
  if (table.table->owner == Table::Owner::kThrough)
    found.through = TRY(FindRows(*tables_, table.table->through))->table;
  return found;
}

Result<std::string> EngineTables::Call(const api::TableCall& call) {
  engine::Engine* engine = TRY(engines_.Find(call.project));
  switch (call.verb) {
    case TableVerb::kList:
      return ListJson(*TRY(engine->Read()).tables);
    case TableVerb::kShow:
      return ShownTable(*engine, call.id);
    case TableVerb::kDeclare: {
      const Table table = TRY(TableOf(call.body, call.id));
      TRY(engine->ChangeTable({table}));
      return ShownTable(*engine, table.id);
    }
    case TableVerb::kRemove: {
      const std::string project = TRY(engines_.NameOf(call.project));
      TRY(RefuseIfNamed(*TRY(catalogs_.Find(project))->catalog, call.id));
      TRY(engine->ChangeTable({.table = {.id = call.id}, .removed = true}));
      return std::string(R"({"status":"removed"})");
    }
    case TableVerb::kRows: {
      const engine::Reading reading = TRY(engine->Read());
      return AllRows(*TRY(FindRows(*reading.tables, call.id)),
                     {.skip = TRY(SkipOf(call.after)), .limit = call.limit, .masked = call.masked});
    }
    case TableVerb::kUpload: {
      const engine::Reading reading = TRY(engine->Read());
      const Table& table = *TRY(FindRows(*reading.tables, call.id))->table;
      RowUpload upload =
          TRY(ReadRowUpload(table, TRY(engines_.NameOf(call.project)), call.body, clock_.NowMs()));
      BatchFeed feed(*engine);
      TRY(feed.Append(std::move(upload.batch)));
      TRY(feed.Finish());
      return fmt::format(R"({{"rows":{}}})", upload.rows);
    }
    default:
      return sources_.Call(call);
  }
}

}  // namespace waypost::services

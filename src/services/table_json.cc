#include "services/table_json.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "ingest/sensitive_names.h"
#include "model/form.h"

namespace waypost::services {
namespace {

namespace json = boost::json;

Result<ValueType> TypeOf(const Form& form) {
  return form.Choice<ValueType>({{"bool", ValueType::kBool},
                                 {"int", ValueType::kInt},
                                 {"double", ValueType::kDouble},
                                 {"decimal", ValueType::kDecimal},
                                 {"string", ValueType::kString},
                                 {"datetime", ValueType::kDateTime},
                                 {"date", ValueType::kDate},
                                 {"list", ValueType::kList}});
}

// Leaves *out as it is when the member is not there.
Result<> Text(const Form& form, std::string_view key, std::string* out) {
  if (const auto member = form.Find(key)) *out = TRY(member->Text());
  return {};
}

Result<TableColumn> ColumnOf(const Form& form, DataClass usual) {
  TRY(form.Only({"name", "type", "zh", "en", "class", "refers", "cardinality"}));
  TableColumn column{.name = TRY(TRY(form.Need("name")).Text()),
                     .type = TRY(TypeOf(TRY(form.Need("type")))),
                     .data_class = usual};
  TRY(Text(form, "zh", &column.display_zh));
  TRY(Text(form, "en", &column.display_en));
  TRY(Text(form, "refers", &column.refers));
  if (const auto data_class = form.Find("class")) {
    column.data_class = TRY(data_class->Choice<DataClass>(
        {{"C1", DataClass::kC1}, {"C2", DataClass::kC2}, {"C3", DataClass::kC3}}));
  }
  if (!ingest::IsSensitiveName(column.name)) return column;
  return Error(Code::kInvalid, "sensitive",
               fmt::format("{}: '{}' means C3 data (a password, a CVV), which is never stored: "
                           "leave it out",
                           form.path(), column.name));
}

Result<> ReadOwner(const Form& form, Table* table) {
  if (form.is_text()) {
    table->owner = TRY(form.Choice<Table::Owner>({{"customer", Table::Owner::kCustomer}}));
    return {};
  }
  TRY(form.Only({"table", "by", "cardinality"}));
  table->owner = Table::Owner::kThrough;
  table->through = TRY(TRY(form.Need("table")).Text());
  table->by = TRY(TRY(form.Need("by")).Text());
  return {};
}

Result<Table> Read(const Form& form, std::string_view id) {
  TRY(form.Only({"id", "zh", "en", "key", "belongs_to", "columns", "rows", "valid", "history"}));
  Table table{.id = std::string(id)};
  TRY(Text(form, "id", &table.id));
  if (table.id != id && !id.empty()) return form.Bad("its id cannot change");
  TRY(Text(form, "zh", &table.display_zh));
  TRY(Text(form, "en", &table.display_en));
  if (const auto owner = form.Find("belongs_to")) TRY(ReadOwner(*owner, &table));
  if (const auto valid = form.Find("valid")) {
    TRY(valid->Only({"from", "to"}));
    TRY(Text(*valid, "from", &table.valid_from));
    TRY(Text(*valid, "to", &table.valid_to));
  }
  if (const auto history = form.Find("history")) table.history = TRY(history->Flag());
  const DataClass usual = table.owner == Table::Owner::kNobody ? DataClass::kC1 : DataClass::kC2;
  for (const Form& column : TRY(TRY(form.Need("columns")).List(0, kMaxTableColumns)))
    table.columns.push_back(TRY(ColumnOf(column, usual)));
  if (const auto key = form.Find("key")) {
    for (const Form& column : TRY(key->OneOrList(kMaxTableKey)))
      table.key.push_back(TRY(column.Text()));
  }
  return table;
}

std::string_view ClassName(DataClass data_class) {
  constexpr std::string_view kClasses[] = {"C1", "C2", "C3"};
  return kClasses[static_cast<int>(data_class) - 1];
}

json::object ObjectOf(const Table& table) {
  json::object out{{"id", table.id}, {"zh", table.display_zh}, {"en", table.display_en}};
  if (!table.key.empty()) out["key"] = json::array(table.key.begin(), table.key.end());
  if (table.owner == Table::Owner::kCustomer) out["belongs_to"] = "customer";
  if (table.owner == Table::Owner::kThrough) {
    out["belongs_to"] = {
        {"table", table.through}, {"by", table.by}, {"cardinality", "many_to_many"}};
  }
  json::object valid;
  if (!table.valid_from.empty()) valid["from"] = table.valid_from;
  if (!table.valid_to.empty()) valid["to"] = table.valid_to;
  if (!valid.empty()) out["valid"] = std::move(valid);
  if (table.history) out["history"] = true;
  json::array columns;
  for (const TableColumn& column : table.columns) {
    json::object one{{"name", column.name}, {"type", ValueTypeName(column.type)}};
    if (!column.display_zh.empty()) one["zh"] = column.display_zh;
    if (!column.display_en.empty()) one["en"] = column.display_en;
    one["class"] = ClassName(column.data_class);
    if (!column.refers.empty()) {
      one["refers"] = column.refers;
      one["cardinality"] = "many_to_one";
    }
    columns.push_back(std::move(one));
  }
  out["columns"] = std::move(columns);
  return out;
}

}  // namespace

std::string TableJson(const Table& table, uint64_t rows) {
  json::object out = ObjectOf(table);
  out["rows"] = rows;
  return json::serialize(out);
}

std::string DeclarationText(const Table& table) {
  const json::object object = ObjectOf(table);
  std::string text = "{";
  for (const auto& member : object) {
    if (text.size() > 1) text += ",";
    text += "\n  " + json::serialize(json::value(member.key())) + ": ";
    if (!member.value().is_array() || member.key() == "key") {
      text += json::serialize(member.value());
      continue;
    }
    std::string items;
    for (const json::value& item : member.value().get_array())
      items += (items.empty() ? "\n    " : ",\n    ") + json::serialize(item);
    text += "[" + items + "\n  ]";
  }
  return text + "\n}\n";
}

Result<Table> TableOf(std::string_view text, std::string_view id) {
  json::error_code error;
  const json::value body = json::parse({text.data(), text.size()}, error);
  if (error) return Error(Code::kInvalid, "bad_json", "the table is no JSON: " + error.message());
  return Read(Form(body, "bad_table", ""), id);
}

}  // namespace waypost::services

#include "services/row_upload.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <set>

#include "base/nearest.h"
#include "model/batch.h"
#include "model/coerce.h"
#include "model/form.h"

namespace waypost::services {
namespace {

namespace json = boost::json;

constexpr size_t kMaxIdentity = 255;

// `packed` holds the text of a list.
Result<Value> ValueOf(const Form& form, std::string* packed) {
  const json::value& value = form.json();
  if (value.is_bool()) return Value::Bool(value.get_bool());
  if (value.is_int64()) return Value::Int(value.get_int64());
  if (value.is_string()) return Value::String(value.get_string());
  if (value.is_number()) return Value::Double(TRY(form.Real()));
  std::vector<std::string> items;
  for (const Form& item : TRY(form.List(0, 1'000))) items.push_back(TRY(item.Text()));
  const std::vector<std::string_view> views(items.begin(), items.end());
  *packed = PackList(views);
  return Value::List(*packed);
}

class Reader {
 public:
  Reader(const Table& table, std::string_view project, int64_t now_ms)
      : table_(table),
        now_ms_(now_ms),
        batch_({.project = project, .source = "api", .ingest_ms = now_ms}) {}

  Result<RowUpload> Read(const Form& form) {
    TRY(form.Only({"rows", "delete"}));
    if (const auto deletes = form.Find("delete")) deletes_ = TRY(deletes->Flag());
    const std::vector<Form> rows = TRY(TRY(form.Need("rows")).List(1, kMaxRowsUploaded));
    for (const Form& row : rows) TRY(ReadRow(row));
    return RowUpload{batch_.Finish(), rows.size()};
  }

 private:
  Result<> ReadRow(const Form& row) {
    TRY(row.Only({"identities", "name", "values"}));
    std::string name;
    if (const auto given = row.Find("name")) name = TRY(given->Text());
    if (name.empty() == table_.key.empty()) {
      return row.Bad(table_.key.empty() ? "a row of a table without a key needs a \"name\""
                                        : "its key names a row: leave \"name\" out");
    }
    batch_.BeginItem(deletes_ ? ItemKind::kRowDelete : ItemKind::kRow, table_.id, name,
                     {.time_ms = now_ms_});
    TRY(ReadIdentities(row));
    TRY(ReadValues(row));
    batch_.EndItem();
    return {};
  }

  Result<> ReadIdentities(const Form& row) {
    const auto identities = row.Find("identities");
    const bool needed = table_.owner == Table::Owner::kCustomer && !deletes_;
    if (!identities) {
      return needed ? Result<>(row.Bad("whose it is is missing: \"identities\": {\"login\": ...}"))
                    : Result<>();
    }
    if (!identities->is_object()) return identities->Bad("give an object");
    for (const auto& member : identities->json().get_object()) {
      const std::string value = TRY(TRY(identities->Need(member.key())).Text());
      if (value.empty() || value.size() > kMaxIdentity)
        return identities->Bad("an identity has 1 to 255 bytes");
      batch_.AddIdentity(member.key(), value);
    }
    return {};
  }

  Result<> ReadValues(const Form& row) {
    const auto values = row.Find("values");
    std::set<std::string_view> given;
    if (values && !values->is_object()) return values->Bad("give an object");
    for (const auto& member : values ? values->json().get_object() : json::object()) {
      const auto form = values->Find(member.key());
      if (!form) continue;  // null
      const auto column =
          std::ranges::find(table_.columns, std::string_view(member.key()), &TableColumn::name);
      if (column == table_.columns.end())
        return values->Unknown(member.key(), table_.ColumnNames());
      std::string packed;
      Value value = TRY(ValueOf(*form, &packed));
      if (value.type != column->type && !Coerce(column->type, &value).empty())
        return form->Bad(fmt::format("is no {}", ValueTypeName(column->type)));
      batch_.AddProperty(column->name, value);
      given.insert(column->name);
    }
    for (const std::string& key : table_.key) {
      if (!given.contains(key)) return row.Bad(fmt::format("its key '{}' is missing", key));
    }
    return {};
  }

  const Table& table_;
  const int64_t now_ms_;
  bool deletes_ = false;
  BatchWriter batch_;
};

}  // namespace

Result<RowUpload> ReadRowUpload(const Table& table, std::string_view project, std::string_view body,
                                int64_t now_ms) {
  json::error_code error;
  const json::value parsed = json::parse({body.data(), body.size()}, error);
  if (error) return Error(Code::kInvalid, "bad_json", "the rows are no JSON: " + error.message());
  return Reader(table, project, now_ms).Read(Form(parsed, "bad_rows", ""));
}

}  // namespace waypost::services

#include "files/mapping.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/toml.h"
#include "files/csv_reader.h"

namespace waypost::files {
namespace {

Error BadMapping(const std::string& file, size_t line, std::string_view key,
                 std::string_view what) {
  return {Code::kInvalid, "bad_mapping",
          file + ":" + std::to_string(line) + ": " + std::string(key) + ": " + std::string(what)};
}

size_t LineOf(const toml::node& node) { return node.source().begin.line; }

// A table of the mapping. Every key must be asked for; Finish() names one that was not.
class Section {
 public:
  Section(const toml::table& table, std::string path, const std::string& file)
      : table_(table), path_(std::move(path)), file_(file) {}

  Error Wrong(std::string_view key, std::string_view what) const {
    const toml::node* node = table_.get(key);
    return BadMapping(file_, node ? LineOf(*node) : LineOf(table_), path_ + std::string(key), what);
  }

  const toml::node* Find(std::string_view key) {
    asked_.emplace(key);
    return table_.get(key);
  }
  bool Has(std::string_view key) { return Find(key) != nullptr; }

  // Leaves *out as it is when the key is not there.
  Result<> Text(std::string_view key, std::string* out) {
    const toml::node* node = Find(key);
    if (!node) return {};
    const auto value = node->value<std::string_view>();
    if (!value) return Wrong(key, "must be a text in quotes");
    *out = *value;
    return {};
  }
  Result<> Required(std::string_view key, std::string* out) {
    TRY(Text(key, out));
    if (out->empty()) return Wrong(key, "is missing or empty");
    return {};
  }
  Result<> Flag(std::string_view key, bool* out) {
    const toml::node* node = Find(key);
    if (!node) return {};
    if (!node->is_boolean()) return Wrong(key, "must be true or false");
    *out = *node->value<bool>();
    return {};
  }
  Result<> Texts(std::string_view key, std::vector<std::string>* out) {
    const toml::node* node = Find(key);
    if (!node) return {};
    if (!node->is_array()) return Wrong(key, "must be a list of texts");
    out->clear();
    for (const toml::node& item : *node->as_array()) {
      const auto value = item.value_exact<std::string_view>();
      if (!value) return Wrong(key, "must be a list of texts");
      out->emplace_back(*value);
    }
    return {};
  }
  // A character, or '\0' for the empty text.
  Result<> Character(std::string_view key, char* out) {
    std::string text(1, *out);
    TRY(Text(key, &text));
    if (text.size() > 1 || text == "\n" || text == "\r") return Wrong(key, "must be one character");
    *out = text.empty() ? '\0' : text[0];
    return {};
  }
  // A nested table; nothing when it is not there.
  Result<std::optional<Section>> Nested(std::string_view key) {
    const toml::node* node = Find(key);
    if (!node) return std::optional<Section>();
    if (!node->is_table()) return Wrong(key, "must be a table");
    return std::optional<Section>(std::in_place, *node->as_table(), path_ + std::string(key) + ".",
                                  file_);
  }

  Result<> Finish() const {
    for (const auto& [key, node] : table_) {
      if (asked_.contains(key.str())) continue;
      return BadMapping(file_, LineOf(node), path_ + std::string(key.str()),
                        "there is no such key; is it misspelt?");
    }
    return {};
  }

  const toml::table& table() const { return table_; }
  const std::string& path() const { return path_; }

 private:
  const toml::table& table_;
  std::string path_;
  const std::string& file_;
  std::set<std::string, std::less<>> asked_;
};

constexpr std::pair<std::string_view, Format> kFormats[] = {
    {"csv", Format::kCsv}, {"jsonl", Format::kJsonLines}, {"parquet", Format::kParquet}};
constexpr std::pair<std::string_view, Encoding> kEncodings[] = {{"utf-8", Encoding::kUtf8},
                                                                {"gbk", Encoding::kGbk}};
constexpr std::pair<std::string_view, Mapping::Kind> kKinds[] = {
    {"events", Mapping::Kind::kEvents},
    {"profiles", Mapping::Kind::kProfiles},
    {"items", Mapping::Kind::kItems},
    {"rows", Mapping::Kind::kRows}};
constexpr std::pair<std::string_view, RowsRule::Mode> kModes[] = {
    {"upsert", RowsRule::Mode::kUpsert},
    {"delete", RowsRule::Mode::kDelete},
    {"replace", RowsRule::Mode::kReplace}};
constexpr std::pair<std::string_view, ValueType> kTypes[] = {
    {"bool", ValueType::kBool},     {"int", ValueType::kInt},
    {"double", ValueType::kDouble}, {"decimal", ValueType::kDecimal},
    {"string", ValueType::kString}, {"datetime", ValueType::kDateTime},
    {"date", ValueType::kDate},     {"list", ValueType::kList}};

template <typename T, size_t n>
std::string_view WordOf(const std::pair<std::string_view, T> (&words)[n], T value) {
  return std::ranges::find(words, value, &std::pair<std::string_view, T>::second)->first;
}

template <typename T, size_t n>
Result<std::optional<T>> Choice(Section& in, std::string_view key,
                                const std::pair<std::string_view, T> (&words)[n]) {
  std::string text;
  TRY(in.Text(key, &text));
  if (!in.Has(key)) return std::optional<T>();
  std::string known;
  for (const auto& [word, value] : words) {
    if (word == text) return std::optional<T>(value);
    known += (known.empty() ? "" : ", ") + std::string(word);
  }
  return in.Wrong(key, "must be one of " + known);
}

Result<> ReadDialect(Section& in, CsvOptions* csv) {
  std::string delimiter(1, csv->delimiter);
  TRY(in.Text("delimiter", &delimiter));
  csv->merge_delimiters = delimiter == "blanks";
  if (csv->merge_delimiters) delimiter = " ";
  if (delimiter.size() != 1 || delimiter == "\n" || delimiter == "\r") {
    return in.Wrong("delimiter", "must be one character, or \"blanks\" for any number of spaces");
  }
  csv->delimiter = delimiter[0];
  TRY(in.Character("quote", &csv->quote));
  if (csv->quote == csv->delimiter) return in.Wrong("quote", "must differ from the delimiter");
  TRY(in.Flag("header", &csv->header));
  TRY(in.Texts("columns", &csv->columns));
  if (csv->header && !csv->columns.empty()) {
    return in.Wrong("columns", "are named by the header; say header = false when there is none");
  }
  return {};
}

Result<> ReadTable(Section& in, TableRules* table) {
  table->format = TRY(Choice(in, "format", kFormats));
  TRY(ReadDialect(in, &table->csv));
  table->encoding = TRY(Choice(in, "encoding", kEncodings)).value_or(Encoding::kUtf8);
  TRY(in.Texts("null", &table->nulls));
  TRY(in.Text("zone", &table->zone));
  return in.Finish();
}

Result<> ReadIdentities(Section& root, const std::string& file, std::vector<IdentityRule>* out) {
  const toml::node* node = root.Find("identity");
  if (!node)
    return root.Wrong("identity", "is missing: say which column says who it was, as [[identity]]");
  if (!node->is_array_of_tables()) return root.Wrong("identity", "must be written as [[identity]]");
  for (const toml::node& item : *node->as_array()) {
    Section in(*item.as_table(), "identity.", file);
    IdentityRule rule;
    TRY(in.Text("key", &rule.key));
    TRY(in.Text("key_column", &rule.key_column));
    if (rule.key.empty() == rule.key_column.empty()) {
      return in.Wrong("key", "say either key = (\"login\", \"device\", ...) or key_column =");
    }
    TRY(in.Required("column", &rule.column));
    TRY(in.Finish());
    out->push_back(std::move(rule));
  }
  return {};
}

// "id,name" a line.
Result<> ReadNamesFile(Section& in, const std::string& path, const ReadText& read, Mapping* out) {
  auto text = read(path);
  if (!text.ok()) return in.Wrong("names_file", "cannot be read: " + text.error().message());
  auto reader = CsvReader::Open(MakeTextSource(std::move(text).value()), {.header = false});
  if (!reader.ok()) return in.Wrong("names_file", reader.error().message());
  for (;;) {
    const auto record = reader.value()->Next();
    if (!record.ok()) return in.Wrong("names_file", record.error().message());
    if (!record.value()) return {};
    if (record.value()->fields.size() != 2) {
      return in.Wrong("names_file",
                      "line " + std::to_string(record.value()->line) + " is not \"id,name\"");
    }
    out->event_names.emplace(record.value()->fields[0].value.text,
                             record.value()->fields[1].value.text);
  }
}

Result<> ReadEvent(Section& in, const ReadText& read, Mapping* out) {
  TRY(in.Text("name", &out->event_name));
  TRY(in.Text("column", &out->event_column));
  if (out->event_name.empty() == out->event_column.empty()) {
    return in.Wrong("name", "say either name = (the same for every row) or column = (where it is)");
  }
  if (auto names = TRY(in.Nested("names"))) {
    for (const auto& [key, node] : names->table()) {
      const auto name = node.value_exact<std::string_view>();
      if (!name) return names->Wrong(key.str(), "must be a text in quotes");
      out->event_names.emplace(key.str(), *name);
    }
  }
  std::string names_file;
  TRY(in.Text("names_file", &names_file));
  if (!names_file.empty()) TRY(ReadNamesFile(in, names_file, read, out));
  if (!out->event_names.empty() && out->event_column.empty()) {
    return in.Wrong("column", "is missing: names belong to the ids in a column");
  }
  return in.Finish();
}

Result<TimeRule> ReadTime(Section& in) {
  TimeRule rule;
  TRY(in.Required("column", &rule.column));
  TRY(in.Text("format", &rule.format));
  TRY(in.Finish());
  return rule;
}

// What names mean to customers they do not mean to the columns of a table.
Result<> CheckName(Section& in, std::string_view name, Mapping::Kind kind) {
  if (name.empty()) return in.Wrong(name, "a name must not be empty");
  if (kind == Mapping::Kind::kRows || !IsProtectedName(name)) return {};
  return in.Wrong(
      name, "is protected and cannot be set by files; take it out, or load it under another name");
}

// name = "type", or name = { column = ..., type = ..., ... }.
Result<PropertyRule> ReadProperty(Section& all, std::string_view name) {
  PropertyRule rule{.name = std::string(name), .column = std::string(name)};
  if (all.Find(name)->is_string()) {
    rule.type = *TRY(Choice(all, name, kTypes));
    return rule;
  }
  auto in = TRY(all.Nested(name));
  TRY(in->Text("column", &rule.column));
  rule.type = TRY(Choice(*in, "type", kTypes)).value_or(ValueType::kString);
  TRY(in->Texts("null", &rule.nulls));
  TRY(in->Text("format", &rule.format));
  TRY(in->Text("separator", &rule.separator));
  if (rule.separator.empty()) return in->Wrong("separator", "must not be empty");
  TRY(in->Finish());
  return rule;
}

// name = "text", name = 7, name = 1.5, name = true.
Result<ConstantRule> ReadConstant(Section& all, std::string_view name) {
  ConstantRule rule{.name = std::string(name)};
  const toml::node& node = *all.Find(name);
  if (const auto text = node.value_exact<std::string_view>()) {
    rule.text = *text;
  } else if (const auto whole = node.value_exact<int64_t>()) {
    rule.type = ValueType::kInt;
    rule.text = std::to_string(*whole);
  } else if (const auto flag = node.value_exact<bool>()) {
    rule.type = ValueType::kBool;
    rule.text = *flag ? "true" : "false";
  } else if (const auto real = node.value_exact<double>(); real && std::isfinite(*real)) {
    rule.type = ValueType::kDouble;
    rule.text = std::to_string(*real);
  } else {
    return all.Wrong(name, "must be a text, a number, true or false");
  }
  return rule;
}

Result<> ReadValues(Section& root, Mapping* out) {
  if (auto properties = TRY(root.Nested("properties"))) {
    for (const auto& [key, node] : properties->table()) {
      TRY(CheckName(*properties, key.str(), out->kind));
      out->properties.push_back(TRY(ReadProperty(*properties, key.str())));
    }
  }
  if (auto constants = TRY(root.Nested("constants"))) {
    for (const auto& [key, node] : constants->table()) {
      if (std::ranges::find(out->properties, key.str(), &PropertyRule::name) !=
          out->properties.end()) {
        return constants->Wrong(key.str(), "is a property already");
      }
      TRY(CheckName(*constants, key.str(), out->kind));
      out->constants.push_back(TRY(ReadConstant(*constants, key.str())));
    }
  }
  return root.Texts("ignore", &out->ignore);
}

Result<> ReadRows(Section& root, const std::string& file, Mapping* out) {
  auto rows = TRY(root.Nested("rows"));
  if (!rows) return root.Wrong("rows", "is missing: say [rows] with the table they are of");
  TRY(rows->Required("table", &out->rows.table));
  out->rows.mode = TRY(Choice(*rows, "mode", kModes)).value_or(RowsRule::Mode::kUpsert);
  std::string name;
  TRY(rows->Text("name", &name));
  if (!name.empty() && name != kRowColumn) {
    return rows->Wrong("name", "is \"$row\" for a table without a key, or left out");
  }
  out->rows.numbered = !name.empty();
  TRY(rows->Finish());
  if (root.Has("identity")) TRY(ReadIdentities(root, file, &out->identities));
  return {};
}

Result<> ReadKind(Section& root, const std::string& file, const ReadText& read, Mapping* out) {
  const auto kind = TRY(Choice(root, "kind", kKinds));
  if (!kind)
    return root.Wrong("kind", "is missing: say \"events\", \"profiles\", \"items\" or \"rows\"");
  out->kind = *kind;
  if (out->kind == Mapping::Kind::kRows) return ReadRows(root, file, out);
  if (out->kind == Mapping::Kind::kItems) {
    auto item = TRY(root.Nested("item"));
    if (!item) return root.Wrong("item", "is missing: say [item] with type and column");
    TRY(item->Required("type", &out->item_type));
    TRY(item->Required("column", &out->item_column));
    return item->Finish();
  }
  TRY(ReadIdentities(root, file, &out->identities));
  if (out->kind == Mapping::Kind::kProfiles) return {};
  auto event = TRY(root.Nested("event"));
  if (!event) return root.Wrong("event", "is missing: say [event] with name or column");
  TRY(ReadEvent(*event, read, out));
  if (!root.Has("time"))
    return root.Wrong("time", "is missing: say [time] with the column that has it");
  return {};
}

}  // namespace

Result<Mapping> ParseMapping(std::string_view text, const std::string& file, const ReadText& read) {
  const toml::parse_result parsed = toml::parse(text, file);
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    return BadMapping(file, error.source().begin.line, "TOML", error.description());
  }
  Section root(parsed.table(), "", file);
  Mapping mapping;
  TRY(ReadKind(root, file, read, &mapping));
  if (auto table = TRY(root.Nested("table"))) TRY(ReadTable(*table, &mapping.table));
  if (auto time = TRY(root.Nested("time"))) mapping.time = TRY(ReadTime(*time));
  TRY(root.Text("message_id", &mapping.message_id_column));
  TRY(ReadValues(root, &mapping));
  TRY(root.Finish());
  return mapping;
}

std::string MappingText(const Mapping& mapping) {
  toml::table root;
  root.insert("kind", WordOf(kKinds, mapping.kind));
  const auto list = [](const std::vector<std::string>& texts) {
    toml::array out;
    for (const std::string& text : texts) out.push_back(text);
    return out;
  };

  const CsvOptions& csv = mapping.table.csv;
  toml::table table{
      {"delimiter", csv.merge_delimiters ? std::string("blanks") : std::string(1, csv.delimiter)},
      {"quote", csv.quote ? std::string(1, csv.quote) : std::string()},
      {"header", csv.header},
      {"encoding", WordOf(kEncodings, mapping.table.encoding)},
      {"null", list(mapping.table.nulls)},
      {"zone", mapping.table.zone}};
  if (mapping.table.format) table.insert("format", WordOf(kFormats, *mapping.table.format));
  if (!csv.header) table.insert("columns", list(csv.columns));
  root.insert("table", std::move(table));

  toml::array identities;
  for (const IdentityRule& rule : mapping.identities) {
    const bool same = rule.key_column.empty();
    identities.push_back(toml::table{
        {same ? "key" : "key_column", same ? rule.key : rule.key_column}, {"column", rule.column}});
  }
  if (!identities.empty()) root.insert("identity", std::move(identities));

  toml::table event;
  if (!mapping.event_name.empty()) event.insert("name", mapping.event_name);
  if (!mapping.event_column.empty()) event.insert("column", mapping.event_column);
  toml::table names;
  for (const auto& [id, name] : mapping.event_names) names.insert(id, name);
  if (!names.empty()) event.insert("names", std::move(names));
  if (!event.empty()) root.insert("event", std::move(event));
  if (!mapping.item_type.empty()) {
    root.insert("item", toml::table{{"type", mapping.item_type}, {"column", mapping.item_column}});
  }
  if (mapping.kind == Mapping::Kind::kRows) {
    toml::table rows{{"table", mapping.rows.table}, {"mode", WordOf(kModes, mapping.rows.mode)}};
    if (mapping.rows.numbered) rows.insert("name", kRowColumn);
    root.insert("rows", std::move(rows));
  }
  if (mapping.time) {
    root.insert("time",
                toml::table{{"column", mapping.time->column}, {"format", mapping.time->format}});
  }
  if (!mapping.message_id_column.empty()) root.insert("message_id", mapping.message_id_column);
  if (!mapping.ignore.empty()) root.insert("ignore", list(mapping.ignore));

  toml::table properties;
  for (const PropertyRule& rule : mapping.properties) {
    toml::table entry{{"type", WordOf(kTypes, rule.type)}};
    if (rule.column != rule.name) entry.insert("column", rule.column);
    if (!rule.nulls.empty()) entry.insert("null", list(rule.nulls));
    if (rule.format != "iso") entry.insert("format", rule.format);
    if (rule.separator != "|") entry.insert("separator", rule.separator);
    entry.is_inline(true);
    properties.insert(rule.name, std::move(entry));
  }
  if (!properties.empty()) root.insert("properties", std::move(properties));
  toml::table constants;
  for (const ConstantRule& rule : mapping.constants) {
    switch (rule.type) {
      case ValueType::kInt:
        constants.insert(rule.name, std::stoll(rule.text));
        break;
      case ValueType::kDouble:
        constants.insert(rule.name, std::stod(rule.text));
        break;
      case ValueType::kBool:
        constants.insert(rule.name, rule.text == "true");
        break;
      default:
        constants.insert(rule.name, rule.text);
    }
  }
  if (!constants.empty()) root.insert("constants", std::move(constants));

  std::ostringstream out;
  out << root << '\n';
  return out.str();
}

bool IsProtectedName(std::string_view name) {
  static const std::set<std::string, std::less<>> kNames = {"consent", "consent_status", "oneid",
                                                            "one_id", "org_id"};
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
  return kNames.contains(lower);
}

}  // namespace waypost::files

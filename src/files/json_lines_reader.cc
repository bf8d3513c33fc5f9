#include "files/json_lines_reader.h"

#include <simdjson.h>

#include <algorithm>

#include "model/batch.h"

namespace waypost::files {
namespace {

namespace dom = simdjson::dom;

constexpr size_t kMaxColumns = 1'000;
// No field ends a line of one field.
CsvOptions WholeLines() { return {.delimiter = '\n', .quote = '\0', .header = false}; }

simdjson::simdjson_result<dom::element> FindMember(dom::object object, std::string_view path) {
  const auto whole = object.at_key(path);
  const size_t dot = path.find('.');
  if (whole.error() == simdjson::SUCCESS || dot == path.npos) return whole;
  dom::object inner;
  const auto error = object.at_key(path.substr(0, dot)).get(inner);
  if (error) return error;
  return FindMember(inner, path.substr(dot + 1));
}

std::string TextOf(dom::element element) {
  std::string_view text;
  if (element.get(text) == simdjson::SUCCESS) return std::string(text);
  return simdjson::minify(element);
}

std::string PackItems(dom::array array) {
  ByteWriter packed;
  for (const dom::element item : array) packed.Text(TextOf(item));
  return std::string(AsText(packed.bytes()));
}

void SetField(dom::element element, Field* field, std::string* text) {
  switch (element.type()) {
    case dom::element_type::NULL_VALUE:
      field->kind = Field::Kind::kAbsent;
      break;
    case dom::element_type::BOOL:
      field->SetTyped(Value::Bool(element.get_bool().value_unsafe()));
      break;
    case dom::element_type::INT64:
      field->SetTyped(Value::Int(element.get_int64().value_unsafe()));
      break;
    case dom::element_type::DOUBLE:
      field->SetTyped(Value::Double(element.get_double().value_unsafe()));
      break;
    case dom::element_type::STRING:
      field->SetText(element.get_string().value_unsafe());
      break;
    case dom::element_type::ARRAY:
      *text = PackItems(element.get_array().value_unsafe());
      field->SetTyped(Value::List(*text));
      break;
    default:
      *text = TextOf(element);
      field->SetText(*text);
  }
}

void AddPaths(dom::object object, const std::string& prefix, std::vector<std::string>* out) {
  for (const auto& [key, value] : object) {
    const std::string path = prefix + std::string(key);
    dom::object inner;
    if (value.get(inner) == simdjson::SUCCESS && inner.size() > 0) {
      AddPaths(inner, path + ".", out);
    } else if (out->size() < kMaxColumns && std::ranges::find(*out, path) == out->end()) {
      out->push_back(path);
    }
  }
}

}  // namespace

struct JsonLinesReader::State {
  dom::parser parser;
};

JsonLinesReader::JsonLinesReader(std::unique_ptr<CsvReader> lines, std::vector<std::string> columns)
    : lines_(std::move(lines)),
      columns_(std::move(columns)),
      fields_(columns_.size()),
      texts_(columns_.size()),
      state_(std::make_unique<State>()) {}

JsonLinesReader::~JsonLinesReader() = default;

Result<std::unique_ptr<JsonLinesReader>> JsonLinesReader::Open(std::unique_ptr<ByteSource> text,
                                                               std::vector<std::string> columns) {
  auto lines = TRY(CsvReader::Open(std::move(text), WholeLines()));
  return std::unique_ptr<JsonLinesReader>(
      new JsonLinesReader(std::move(lines), std::move(columns)));
}

Result<const Record*> JsonLinesReader::Next() {
  const Record* line = TRY(lines_->Next());
  if (!line) return nullptr;
  record_ = *line;
  record_.fields = {};
  if (record_.problem.empty()) ReadFields();
  return &record_;
}

void JsonLinesReader::ReadFields() {
  dom::object object;
  const auto error = state_->parser.parse(record_.raw.data(), record_.raw.size()).get(object);
  if (error == simdjson::INCORRECT_TYPE)
    record_.problem = "the line is JSON but no object in {}";
  else if (error)
    record_.problem = simdjson::error_message(error);
  if (error) return;
  for (size_t i = 0; i < columns_.size(); ++i) {
    dom::element element;
    fields_[i].kind = Field::Kind::kAbsent;
    if (FindMember(object, columns_[i]).get(element) == simdjson::SUCCESS)
      SetField(element, &fields_[i], &texts_[i]);
  }
  record_.fields = fields_;
}

Result<std::vector<std::string>> FindJsonColumns(ByteSource& text, size_t max_lines) {
  std::string head(1 << 20, '\0');
  head.resize(TRY(ReadFully(text, head)));
  if (head.size() == 1 << 20) head.resize(head.rfind('\n') + 1);
  auto lines = TRY(CsvReader::Open(MakeTextSource(std::move(head)), WholeLines()));
  dom::parser parser;
  std::vector<std::string> columns;
  for (size_t i = 0; i < max_lines; ++i) {
    const Record* line = TRY(lines->Next());
    if (!line) break;
    dom::object object;
    if (parser.parse(line->raw.data(), line->raw.size()).get(object) == simdjson::SUCCESS)
      AddPaths(object, "", &columns);
  }
  if (columns.empty())
    return Error(Code::kInvalid, "bad_file", "the file has no line that is a JSON object");
  return columns;
}

}  // namespace waypost::files

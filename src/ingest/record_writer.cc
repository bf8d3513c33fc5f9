#include "ingest/record_writer.h"

#include "ingest/json_parser.h"
#include "ingest/limits.h"
#include "ingest/redacted_json.h"
#include "ingest/sensitive_names.h"
#include "model/time_text.h"

namespace waypost::ingest {
namespace {

using simdjson::dom::element_type;

constexpr size_t kMaxGoodNames = 20'000;

}  // namespace

std::string_view GoodNames::Judge(std::string_view name) {
  if (good_.contains(name)) return {};
  if (name.empty() || name.size() > kMaxNameSize) return "bad_name";
  if (name.starts_with("$internal_") || name.starts_with("$waypost_")) return "reserved_name";
  if (IsSensitiveName(name)) return "sensitive";
  if (good_.size() >= kMaxGoodNames) good_.clear();
  good_.emplace(name);
  return {};
}

void RecordWriter::Start() {
  start_ = out_.Here();
  reason_ = {};
}

void RecordWriter::Fail(std::string_view reason) {
  if (!failed()) reason_ = reason;
}

std::string_view RecordWriter::Finish(simdjson::dom::element record,
                                      std::span<const std::string> hashed_keys) {
  if (std::exchange(begun_, false)) out_.DropItem();
  if (out_.size() - start_.bytes > kMaxRecordSize) Fail("event_too_large");
  if (failed()) {
    out_.RewindTo(start_);
    out_.AddQuarantine(reason_, RedactedJson(record, hashed_keys), now_ms_);
  }
  return reason_;
}

void RecordWriter::BeginItem(ItemKind kind, std::string_view what, std::string_view detail,
                             const ItemMeta& meta) {
  if (failed()) return;
  out_.BeginItem(kind, what, detail, meta);
  begun_ = true;
  property_count_ = 0;
}

void RecordWriter::EndItem() {
  if (failed()) return;
  out_.EndItem();
  begun_ = false;
}

void RecordWriter::AddIdentity(std::string_view key, std::string_view value) {
  if (!failed()) out_.AddIdentity(key, value);
}

void RecordWriter::AddProperty(std::string_view name, const Value& value) {
  if (failed()) return;
  std::optional<uint32_t> number = out_.GuessName(name);
  if (!number) {
    if (const auto problem = names_.Judge(name); !problem.empty()) return Fail(problem);
    number = out_.NumberName(name);
  }
  if (++property_count_ > kMaxProperties) return Fail("too_many_properties");
  if (!out_.AddProperty(*number, value) && !keep_first_) Fail("duplicate_property");
}

void RecordWriter::AddMissingProperty(std::string_view name, const Value& value) {
  keep_first_ = true;
  AddProperty(name, value);
  keep_first_ = false;
}

void RecordWriter::AddFields(std::string_view prefix, simdjson::dom::object fields,
                             bool keep_first) {
  keep_first_ = keep_first;
  path_ = prefix;
  for (const auto [name, value] : fields) {
    if (prefix.empty()) {
      AddField(name, value);
    } else {
      path_.resize(prefix.size());
      path_ += name;
      AddField(path_, value);
    }
  }
  keep_first_ = false;
}

void RecordWriter::AddField(std::string_view name, simdjson::dom::element value) {
  if (failed()) return;
  switch (value.type()) {
    case element_type::STRING:
      return AddText(name, TextOf(value));
    case element_type::INT64:
      return AddProperty(name, Value::Int(value.get_int64().value_unsafe()));
    case element_type::DOUBLE:
      return AddProperty(name, Value::Double(value.get_double().value_unsafe()));
    case element_type::BOOL:
      return AddProperty(name, Value::Bool(value.get_bool().value_unsafe()));
    case element_type::ARRAY:
      return AddList(name, ListOf(value));
    case element_type::OBJECT:
      return AddNested(name, ObjectOf(value));
    case element_type::NULL_VALUE:
      return;
    case element_type::UINT64:
      return Fail("bad_number");  // over 2^63
  }
}

// `name` may be path_ itself.
void RecordWriter::AddNested(std::string_view name, simdjson::dom::object fields) {
  if (nested_ == Nested::kRefuse) return Fail("nested_object");
  if (name.data() != path_.data()) path_ = name;
  path_ += '.';
  const size_t size = path_.size();
  for (const auto [inner_name, value] : fields) {
    path_.resize(size);
    path_ += inner_name;
    AddField(path_, value);
  }
}

void RecordWriter::AddText(std::string_view name, std::string_view text) {
  if (text.size() > kMaxTextSize) return Fail("value_too_long");
  if (IsUnkeepableNumber(text)) return Fail("bad_number");
  if (LooksLikeTime(text)) {
    const std::optional<WrittenTime> time = ParseDateTime(text);
    if (!time && !ParseDate(text)) return Fail("bad_time");
    const bool is_moment = time && clock_ && !time->offset_minutes && text[10] == ' ';
    if (is_moment) return AddProperty(name, Value::DateTime(clock_->ToUtc(time->wall_ms)));
  }
  AddProperty(name, Value::String(text));
}

void RecordWriter::AddList(std::string_view name, simdjson::dom::array list) {
  if (list.size() > kMaxListSize) return Fail("list_too_long");
  list_.Clear();
  for (const simdjson::dom::element value : list) {
    std::string_view text;
    if (value.get_string().get(text)) {
      if (!AppendJson(value)) return;
      text = item_;
    }
    if (IsUnkeepableNumber(text)) return Fail("bad_number");
    if (text.size() > kMaxTextSize) return Fail("value_too_long");
    list_.Text(text);
  }
  AddProperty(name, Value::List(AsText(list_.bytes())));
}

// The JSON text of a list's item that is no string, into item_.
bool RecordWriter::AppendJson(simdjson::dom::element value) {
  const bool compound = value.is_object() || value.is_array();
  if (compound && nested_ == Nested::kRefuse) Fail("nested_object");
  if (compound && HasSensitiveName(value)) Fail("sensitive");
  if (failed()) return false;
  item_ = simdjson::minify(value);
  return true;
}

bool RecordWriter::HasSensitiveName(simdjson::dom::element value) const {
  if (value.is_array()) {
    for (const simdjson::dom::element inner : ListOf(value)) {
      if (HasSensitiveName(inner)) return true;
    }
  }
  if (value.is_object()) {
    for (const auto [name, inner] : ObjectOf(value)) {
      if (IsSensitiveName(name) || HasSensitiveName(inner)) return true;
    }
  }
  return false;
}

}  // namespace waypost::ingest

#include "api/model_json.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/logger.h"
#include "model/masking.h"
#include "model/time_text.h"

namespace waypost::api {
namespace {

namespace json = boost::json;

std::string DecimalText(int64_t ten_thousandths) {
  const bool negative = ten_thousandths < 0;
  const uint64_t size = negative ? 0 - static_cast<uint64_t>(ten_thousandths)
                                 : static_cast<uint64_t>(ten_thousandths);
  std::string text =
      fmt::format("{}{}.{:04}", negative ? "-" : "", size / kDecimalScale, size % kDecimalScale);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string ListJson(std::string_view packed) {
  std::string out = "[";
  for (const std::string_view item : ListItems(packed)) {
    if (out.size() > 1) out += ',';
    out += JsonQuoted(item);
  }
  return out + "]";
}

std::string_view KindName(ItemKind kind) {
  switch (kind) {
    case ItemKind::kEvent:
      return "event";
    case ItemKind::kProfile:
      return "profile";
    case ItemKind::kLink:
      return "link";
    case ItemKind::kUnlink:
      return "unlink";
    case ItemKind::kItem:
      return "item";
    case ItemKind::kItemDelete:
      return "item_delete";
    case ItemKind::kQuarantine:
      return "quarantine";
    case ItemKind::kRow:
      return "row";
    case ItemKind::kRowDelete:
      return "row_delete";
    case ItemKind::kStagedRow:
      return "staged_row";
    case ItemKind::kRowsReplace:
      return "rows_replace";
  }
  return "unknown";
}

std::string_view ClassName(DataClass data_class) {
  constexpr std::string_view kNames[] = {"C1", "C2", "C3"};
  return kNames[static_cast<int>(data_class) - 1];
}

int64_t Told(uint64_t count, bool counts) {
  return static_cast<int64_t>(counts ? count : std::min<uint64_t>(count, 1));
}

json::value DeclaredJson(const PlanProperty& property, bool counts) {
  return {{"name", property.name},
          {"type", ValueTypeName(property.type)},
          {"class", ClassName(property.data_class)},
          {"zh", property.display_zh},
          {"en", property.display_en},
          {"declared", property.declared},
          {"count", Told(property.count, counts)}};
}

json::value DeclaredJson(const TrackingPlan& plan, const PlanEvent& event, bool counts) {
  json::array required;
  for (const PropertyId id : event.required) required.emplace_back(plan.FindProperty(id)->name);
  return {{"name", event.name},
          {"zh", event.display_zh},
          {"en", event.display_en},
          {"declared", event.declared},
          {"required", required},
          {"count", Told(event.count, counts)},
          {"first_ms", counts ? event.first_ms : 0},
          {"last_ms", counts ? event.last_ms : 0}};
}

// Reads one object; remembers the first thing that is wrong, with its path.
class ChangeReader {
 public:
  Result<PlanChange> Read(const json::value& root, std::string_view project) {
    change_.project = project;
    for (const auto& [key, value] : ObjectAt("", root)) {
      if (key == "mode") {
        change_.mode = Named<PlanMode>("mode", value,
                                       {{"open", PlanMode::kOpen}, {"strict", PlanMode::kStrict}});
      } else if (key == "properties") {
        ReadList("properties", value,
                 [&](const std::string& path, const json::value& v) { ReadProperty(path, v); });
      } else if (key == "events") {
        ReadList("events", value,
                 [&](const std::string& path, const json::value& v) { ReadEvent(path, v); });
      } else {
        Fail(std::string(key), "is not known: use mode, properties, events");
      }
    }
    if (!problem_.empty()) return Error(Code::kInvalid, "bad_plan", problem_);
    return std::move(change_);
  }

 private:
  void Fail(const std::string& path, std::string_view what) {
    if (problem_.empty()) problem_ = (path.empty() ? "the plan" : path) + " " + std::string(what);
  }

  const json::object& ObjectAt(const std::string& path, const json::value& value) {
    static const json::object kNothing;
    if (value.is_object()) return value.get_object();
    Fail(path, "must be an object");
    return kNothing;
  }

  std::string Text(const std::string& path, const json::value& value) {
    if (value.is_string()) return std::string(value.get_string());
    Fail(path, "must be a text");
    return {};
  }

  template <typename T>
  std::optional<T> Named(const std::string& path, const json::value& value,
                         std::initializer_list<std::pair<std::string_view, T>> names) {
    std::string known;
    for (const auto& [name, named] : names) {
      if (value.is_string() && value.get_string() == name) return named;
      known += (known.empty() ? "" : ", ") + std::string(name);
    }
    Fail(path, "must be one of: " + known);
    return std::nullopt;
  }

  template <typename Visit>
  void ReadList(const std::string& path, const json::value& value, const Visit& visit) {
    if (!value.is_array()) return Fail(path, "must be a list");
    size_t index = 0;
    for (const json::value& element : value.get_array()) {
      visit(path + "[" + std::to_string(index++) + "]", element);
    }
  }

  // Counts that PlanJson shows are passed over, so that what was read can be sent back changed.
  static bool IsCount(std::string_view key) {
    return key == "declared" || key == "count" || key == "first_ms" || key == "last_ms";
  }

  void ReadProperty(const std::string& path, const json::value& value) {
    PropertyChange& property = change_.properties.emplace_back();
    for (const auto& [key, field] : ObjectAt(path, value)) {
      const std::string at = path + "." + std::string(key);
      if (key == "name") {
        property.name = Text(at, field);
      } else if (key == "zh") {
        property.display_zh = Text(at, field);
      } else if (key == "en") {
        property.display_en = Text(at, field);
      } else if (key == "class") {
        property.data_class = Named<DataClass>(
            at, field, {{"C1", DataClass::kC1}, {"C2", DataClass::kC2}, {"C3", DataClass::kC3}});
      } else if (key == "type") {
        property.type = Named<ValueType>(at, field,
                                         {{"bool", ValueType::kBool},
                                          {"int", ValueType::kInt},
                                          {"double", ValueType::kDouble},
                                          {"decimal", ValueType::kDecimal},
                                          {"string", ValueType::kString},
                                          {"datetime", ValueType::kDateTime},
                                          {"date", ValueType::kDate},
                                          {"list", ValueType::kList}});
      } else if (!IsCount(key)) {
        Fail(at, "is not known: use name, type, class, zh, en");
      }
    }
    if (property.name.empty()) Fail(path + ".name", "is missing");
  }

  void ReadEvent(const std::string& path, const json::value& value) {
    EventChange& event = change_.events.emplace_back();
    for (const auto& [key, field] : ObjectAt(path, value)) {
      const std::string at = path + "." + std::string(key);
      if (key == "name") {
        event.name = Text(at, field);
      } else if (key == "zh") {
        event.display_zh = Text(at, field);
      } else if (key == "en") {
        event.display_en = Text(at, field);
      } else if (key == "required") {
        auto& required = event.required.emplace();
        ReadList(at, field, [&](const std::string& p, const json::value& v) {
          required.push_back(Text(p, v));
        });
      } else if (!IsCount(key)) {
        Fail(at, "is not known: use name, zh, en, required");
      }
    }
    if (event.name.empty()) Fail(path + ".name", "is missing");
  }

  PlanChange change_;
  std::string problem_;
};

}  // namespace

std::string ValueJson(const Value& value) {
  switch (value.type) {
    case ValueType::kBool:
      return value.whole ? "true" : "false";
    case ValueType::kInt:
      return std::to_string(value.whole);
    case ValueType::kDouble:
      return fmt::format("{}", value.real);
    case ValueType::kDecimal:
      return JsonQuoted(DecimalText(value.whole));
    case ValueType::kString:
      return JsonQuoted(value.text);
    case ValueType::kDateTime:
      return JsonQuoted(DateTimeText(value.whole));
    case ValueType::kDate:
      return JsonQuoted(DateText(value.whole));
    case ValueType::kList:
      return ListJson(value.text);
  }
  return "null";
}

std::string MaskedJson(const Value& value) {
  return JsonQuoted(value.type == ValueType::kString ? Masked(value.text) : kMask);
}

std::string IdentityJson(const IdentityView& identity, bool masked) {
  const bool hide = masked && IsPersonalKey(identity.key);
  return "{\"key\":" + JsonQuoted(identity.key) +
         ",\"value\":" + JsonQuoted(hide ? Masked(identity.value) : std::string(identity.value)) +
         "}";
}

std::string ItemJson(const BatchHeader& header, std::span<const std::string_view> names,
                     const ItemView& item, const TrackingPlan* masked_by) {
  const auto text = [](std::string_view name, std::string_view value) {
    return ",\"" + std::string(name) + "\":" + JsonQuoted(value);
  };
  std::string out = "{\"kind\":" + JsonQuoted(KindName(item.kind));
  const bool quarantined = item.kind == ItemKind::kQuarantine;
  out += text(quarantined ? "reason" : item.kind == ItemKind::kEvent ? "event" : "what", item.what);
  if (!item.detail.empty()) out += text("detail", masked_by ? kMask : item.detail);
  out += ",\"time_ms\":" + std::to_string(item.meta.time_ms);
  out += ",\"ingest_ms\":" + std::to_string(header.ingest_ms);
  if (item.meta.time_fixed) out += ",\"time_fixed\":true";
  out += text("project", header.project) + text("source", header.source);
  if (!item.meta.message_id.empty()) out += text("message_id", item.meta.message_id);
  if (!item.meta.library.empty()) out += text("library", item.meta.library);
  if (quarantined) return out + "}";

  out += ",\"identities\":{";
  for (const IdentityView& identity : item.identities) {
    if (out.back() != '{') out += ',';
    const bool hide = masked_by && IsPersonalKey(identity.key);
    out += JsonQuoted(identity.key) + ":" +
           JsonQuoted(hide ? Masked(identity.value) : std::string(identity.value));
  }
  out += "},\"properties\":{";
  for (const PropertyView& property : item.properties) {
    if (out.back() != '{') out += ',';
    const std::string_view name = names[property.name];
    const PlanProperty* known = masked_by ? masked_by->FindProperty(name) : nullptr;
    const bool hide = masked_by && (!known || IsPersonal(*known));
    out += JsonQuoted(name) + ":" + (hide ? MaskedJson(property.value) : ValueJson(property.value));
  }
  return out + "}}";
}

std::string PlanJson(const TrackingPlan& plan, bool counts) {
  json::array events, properties;
  for (const PlanEvent& event : plan.events()) events.push_back(DeclaredJson(plan, event, counts));
  for (const PlanProperty& property : plan.properties())
    properties.push_back(DeclaredJson(property, counts));
  return json::serialize(
      json::object{{"mode", plan.mode() == PlanMode::kStrict ? "strict" : "open"},
                   {"events", std::move(events)},
                   {"properties", std::move(properties)}});
}

std::string PlanReportJson(const TrackingPlan& plan) {
  json::array events, properties, undeclared_events, undeclared_properties;
  for (const PlanEvent& event : plan.events()) {
    if (!event.declared) undeclared_events.emplace_back(event.name);
    if (event.incomplete == 0) continue;
    events.push_back(
        {{"event", event.name}, {"count", event.count}, {"incomplete", event.incomplete}});
  }
  for (const PlanProperty& property : plan.properties()) {
    if (!property.declared) undeclared_properties.emplace_back(property.name);
    if (property.mismatches == 0) continue;
    properties.push_back({{"property", property.name},
                          {"type", ValueTypeName(property.type)},
                          {"count", property.count},
                          {"mismatches", property.mismatches}});
  }
  return json::serialize(json::object{{"events", std::move(events)},
                                      {"properties", std::move(properties)},
                                      {"undeclared",
                                       {{"events", std::move(undeclared_events)},
                                        {"properties", std::move(undeclared_properties)}}}});
}

Result<PlanChange> PlanChangeOf(std::string_view text, std::string_view project) {
  boost::system::error_code error;
  const json::value root = json::parse(text, error);
  if (error) return Error(Code::kInvalid, "bad_json", "the plan is not valid JSON");
  return ChangeReader().Read(root, project);
}

}  // namespace waypost::api

#include "api/question_schema.h"

#include <boost/json/parse.hpp>

namespace waypost::api {
namespace {

// "@Name" stands for a reference to a schema of this file. Members that all kinds have are joined
// to each kind below.
constexpr std::string_view kParts = R"({
"Time": {"description": "A day, a local or marked time, or milliseconds since 1970",
  "type": ["string", "integer"]},
"Duration": {"description": "30s, 15m, 24h, 7d, 2w or whole milliseconds", "type": ["string", "integer"]},
"Unit": {"enum": ["hour", "day", "week", "month", "quarter", "year"]},
"Range": {"type": "object", "additionalProperties": false, "properties": {
  "from": "@Time", "to": "@Time",
  "last": {"type": "integer", "minimum": 1}, "unit": "@Unit", "include_current": {"type": "boolean"}}},
"Filter": {"description": "A condition, several together, or a list of which all must hold", "anyOf": [
  {"type": "array", "items": "@Filter"},
  {"type": "object", "additionalProperties": false, "properties": {
    "all": {"type": "array", "items": "@Filter"}, "any": {"type": "array", "items": "@Filter"},
    "not": "@Filter", "property": {"type": "string"}, "customer": {"type": "string"},
    "tag": {"type": "string"}, "at": "@Time",
    "op": {"enum": ["=", "!=", "<", "<=", ">", ">=", "between", "in", "not in", "contains", "not contains",
      "starts with", "ends with", "matches", "not matches", "has any", "has all", "has none", "is set",
      "is not set"]},
    "value": {"description": "Of the property's type; lists for between and in"},
    "null": {"enum": ["include", "exclude"]}}}]},
"Who": {"description": "A condition, or a rule of EQL as text or as tree", "anyOf": ["@Filter",
  {"type": "object", "additionalProperties": false, "properties": {
    "eql": {"type": "string"}, "rule": {"type": "object"}}}]},
"Event": {"anyOf": [{"type": "string"},
  {"type": "object", "required": ["event"], "additionalProperties": false, "properties": {
    "event": {"type": "string"}, "where": "@Filter"}}]},
"Events": {"description": "Any of these events; \"*\" is any event", "anyOf": ["@Event",
  {"type": "array", "minItems": 1, "items": "@Event"}]},
"First": {"description": "Only a customer's first event ever: of these, of their names, or of others",
  "anyOf": [{"enum": ["match", "event"]}, "@Events"]},
"Dimension": {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": false,
  "properties": {"property": {"type": "string"}, "customer": {"type": "string"}}}]},
"Field": {"description": "An attribute or a tag; edges put numbers into ranges", "anyOf": [
  {"type": "string"}, {"type": "object", "additionalProperties": false, "properties": {
    "customer": {"type": "string"}, "tag": {"type": "string"},
    "edges": {"type": "array", "minItems": 1, "maxItems": 100, "items": {"type": "number"}}}}]},
"Group": {"description": "The values of a group of the breakdown, or \"$other\"",
  "anyOf": [{"const": "$other"}, {"type": "array"}]},
"Hold": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
"Breakdown": {"anyOf": ["@Dimension", {"type": "array", "minItems": 1, "maxItems": 5, "items": "@Dimension"}]},
"Measure": {"type": "object", "additionalProperties": false, "properties": {
  "name": {"type": "string"}, "of": "@Events", "formula": {"type": "string"}, "first": "@First",
  "measure": {"enum": ["count", "uniques", "dau", "wau", "mau", "first_time_users", "per_user", "sum", "avg",
    "min", "max", "median", "percentile", "distinct"]},
  "property": {"type": "string"}, "q": {"type": "number"},
  "per_customer": {"enum": ["count", "sum", "avg", "min", "max"]},
  "window": {"type": "integer", "minimum": 1, "maximum": 366}, "cumulative": {"type": "boolean"}}},
"Step": {"anyOf": [{"type": "string"}, {"type": "array", "minItems": 1, "items": "@Event"},
  {"type": "object", "additionalProperties": false, "properties": {
    "events": "@Events", "event": "@Events", "where": "@Filter", "alias": {"type": "string"},
    "within": "@Duration", "optional": {"type": "boolean"}, "pinned": {"type": "boolean"}, "hold": "@Hold",
    "first": "@First"}}]},
"Exclusion": {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": false, "properties": {
  "events": "@Events", "event": "@Events", "where": "@Filter", "from": {"type": "integer", "minimum": 1},
  "to": {"type": "integer", "minimum": 2}, "scope": {"enum": ["attempt", "user"]}, "hold": "@Hold"}}]}
})";

constexpr std::string_view kEveryKind = R"({
"range": "@Range", "zone": {"type": "string", "description": "IANA time zone"},
"week_start": {"enum": ["monday", "sunday", "saturday"]},
"day_start": {"type": "string", "description": "Clock time at which days begin, as 04:00"},
"who": "@Who", "ignore": {"type": "array", "items": {"type": "string"}}, "as_of": {"enum": ["now", "event"]}
})";

// "required" and the members of a kind beyond those of every kind.
constexpr std::string_view kKinds = R"({
"Trends": {"required": ["ask", "range", "measures"], "properties": {"by": "@Breakdown",
  "top": {"type": "integer", "minimum": 1},
  "interval": {"enum": ["hour", "day", "week", "month", "quarter", "year", "all"]},
  "measures": {"type": "array", "minItems": 1, "items": "@Measure"},
  "compare": {"anyOf": [{"enum": ["previous", "last_week", "last_month", "last_year"]},
    {"type": "object", "required": ["from"], "additionalProperties": false, "properties": {"from": "@Time"}}]},
  "customers_of": {"type": "object", "required": ["measure"], "additionalProperties": false, "properties": {
    "measure": {"type": "string"}, "bucket": "@Time", "group": "@Group"}}}},
"Funnel": {"required": ["ask", "steps"], "properties": {"by": "@Breakdown",
  "top": {"type": "integer", "minimum": 1},
  "touch": {"anyOf": [{"enum": ["step", "first_entry", "first_defined", "last_defined", "each"]},
    {"type": "object", "additionalProperties": false, "properties": {
      "step": {"type": "integer", "minimum": 1}, "each": {"type": "integer", "minimum": 1}}}]},
  "steps": {"type": "array", "minItems": 1, "maxItems": 32, "items": "@Step"},
  "order": {"enum": ["ordered", "strict", "any"]},
  "modes": {"type": "array", "items": {"enum": ["strict_order", "strict_deduplication", "strict_increase"]}},
  "window": "@Duration",
  "session": {"type": "object", "additionalProperties": false, "properties": {
    "property": {"type": "string"}, "idle": "@Duration"}},
  "hold": "@Hold", "exclude": {"anyOf": ["@Exclusion", {"type": "array", "items": "@Exclusion"}]},
  "count": {"enum": ["customers", "pairs", "attempts", "sessions"]}, "attempt": {"enum": ["best", "first"]},
  "tie": "@Duration",
  "times": {"anyOf": [{"type": "boolean"}, {"type": "object", "additionalProperties": false, "properties": {
    "bins": {"type": "integer", "minimum": 1, "maximum": 200}, "width": "@Duration"}}]},
  "trend": {"enum": ["once", "independent"]}, "interval": "@Unit",
  "customers_of": {"type": "object", "required": ["step"], "additionalProperties": false, "properties": {
    "step": {"type": "integer", "minimum": 1}, "dropped": {"type": "boolean"}, "bucket": "@Time",
    "group": "@Group"}}}},
"Retention": {"required": ["ask", "range", "start", "return"], "properties": {"by": "@Breakdown",
  "by_event": {"enum": ["first", "last"]}, "top": {"type": "integer", "minimum": 1},
  "start": "@Events", "return": "@Events", "cohort": {"enum": ["recurring", "first_time"]},
  "clock": {"enum": ["calendar", "rolling"]}, "unit": {"enum": ["hour", "day", "week", "month", "quarter"]},
  "periods": {"type": "integer", "minimum": 1, "maximum": 366},
  "brackets": {"type": "array", "minItems": 1, "items": {"type": "array", "minItems": 2, "maxItems": 2,
    "items": {"type": "integer", "minimum": 0}}},
  "counted": {"enum": ["on", "on_or_after", "on_or_before", "streak"]},
  "value": {"type": "object", "required": ["property"], "additionalProperties": false, "properties": {
    "property": {"type": "string"}, "measure": {"enum": ["sum", "avg"]}, "per": {"enum": ["cohort", "retained"]}}},
  "customers_of": {"type": "object", "required": ["cohort"], "additionalProperties": false, "properties": {
    "cohort": "@Time", "column": {"type": "integer", "minimum": 0}, "churned": {"type": "boolean"},
    "group": "@Group"}}}},
"Sequence": {"required": ["ask", "range", "events", "pattern"], "properties": {"by": "@Breakdown",
  "top": {"type": "integer", "minimum": 1},
  "events": {"type": "array", "minItems": 1, "maxItems": 64, "items": "@Events"},
  "pattern": {"type": "string", "maxLength": 1000},
  "customers_of": {"type": "object", "additionalProperties": false, "properties": {"group": "@Group"}}}},
"Lifecycle": {"required": ["ask", "range", "events"], "properties": {
  "events": "@Events", "interval": "@Unit",
  "customers_of": {"type": "object", "required": ["state", "bucket"], "additionalProperties": false,
    "properties": {"state": {"enum": ["new", "current", "resurrected", "dormant"]}, "bucket": "@Time"}}}},
"Stickiness": {"required": ["ask", "range", "events"], "properties": {
  "events": "@Events", "interval": "@Unit",
  "customers_of": {"type": "object", "required": ["active_in"], "additionalProperties": false,
    "properties": {"active_in": {"type": "integer", "minimum": 1}}}}},
"Portrait": {"required": ["ask", "groups"], "properties": {
  "groups": {"type": "array", "minItems": 1, "maxItems": 5, "items": {"type": "object",
    "additionalProperties": false, "properties": {"name": {"type": "string"}, "who": "@Who",
      "values_at": "@Time"}}},
  "by": {"anyOf": ["@Field", {"type": "array", "minItems": 1, "maxItems": 100, "items": "@Field"}]},
  "cross": {"type": "array", "maxItems": 10, "items": {"type": "array", "minItems": 2, "maxItems": 2,
    "items": "@Field"}},
  "top": {"type": "integer", "minimum": 1, "maximum": 1000},
  "min_support": {"type": "integer", "minimum": 1}, "min_expected": {"type": "number"}}}
})";

namespace json = boost::json;

json::object PartReference(std::string_view part) {
  return {{"$ref", "#/components/schemas/Question" + std::string(part)}};
}

// Puts references where "@Name" stands.
void Resolve(json::value* schema) {
  if (schema->is_string() && schema->get_string().starts_with("@")) {
    const std::string name(std::string_view(schema->get_string()).substr(1));
    *schema = PartReference(name);
  } else if (schema->is_array()) {
    for (json::value& item : schema->get_array()) Resolve(&item);
  } else if (schema->is_object()) {
    for (auto& member : schema->get_object()) Resolve(&member.value());
  }
}

// Any question; which schema says the rest is said by "ask".
json::object Whole(json::object mapping) {
  json::array words;
  for (const auto& [word, reference] : mapping) words.push_back(json::value(word));
  json::object properties{
      {"ask", json::object{{"enum", std::move(words)}}},
      {"range", json::object{{"type", "object"}}},
      {"zone", json::object{{"type", "string"}, {"description", "IANA time zone"}}}};
  return {
      {"type", "object"},
      {"required", json::array{"ask"}},
      {"properties", std::move(properties)},
      {"additionalProperties", true},
      {"discriminator", json::object{{"propertyName", "ask"}, {"mapping", std::move(mapping)}}}};
}

json::object Build() {
  json::object schemas;
  json::object mapping;
  const json::object every = json::parse(kEveryKind).as_object();
  const json::object all_kinds = json::parse(kKinds).as_object();
  for (const auto& [name, kind] : all_kinds) {
    std::string word(name);
    word[0] = static_cast<char>(word[0] + 'a' - 'A');
    json::object schema = kind.as_object();
    json::object& members = schema["properties"].as_object();
    members["ask"] = {{"const", word}};
    for (const auto& [member, value] : every) members[member] = value;
    schema["type"] = "object";
    schema["additionalProperties"] = false;
    schemas["Question" + std::string(name)] = std::move(schema);
    mapping[word] = PartReference(name).at("$ref");
  }
  const json::object parts = json::parse(kParts).as_object();
  for (const auto& [name, part] : parts) schemas["Question" + std::string(name)] = part;
  schemas["Question"] = Whole(std::move(mapping));
  json::value all(std::move(schemas));
  Resolve(&all);
  return all.as_object();
}

}  // namespace

const json::object& QuestionSchemas() {
  static const json::object schemas = Build();
  return schemas;
}

}  // namespace waypost::api

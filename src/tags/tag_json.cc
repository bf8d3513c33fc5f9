#include "tags/tag_json.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/nearest.h"
#include "model/time_text.h"

namespace waypost::tags {

namespace json = boost::json;

namespace {

constexpr size_t kMaxName = 200;
constexpr size_t kMaxDepth = 96;

void Add(const json::object& from, json::object* to) {
  for (const auto& member : from) (*to)[member.key()] = member.value();
}

json::object ParseOwn(const std::string& text) {
  json::error_code error;
  json::value value = json::parse(text, error);
  return error || !value.is_object() ? json::object() : std::move(value.get_object());
}

}  // namespace

Error BadTag(std::string_view what) {
  return Error(Code::kInvalid, std::string(kBadTag), std::string(what));
}

Result<json::object> ReadBody(std::string_view body) {
  if (body.empty()) return json::object();
  json::error_code error;
  json::parse_options options;
  options.max_depth = kMaxDepth;
  json::value value = json::parse(body, error, {}, options);
  if (error) return Error(Code::kInvalid, "bad_json", "the body is no JSON: " + error.message());
  if (!value.is_object()) return BadTag("send a JSON object");
  return std::move(value.get_object());
}

Result<> Only(const json::object& body, std::initializer_list<std::string_view> keys) {
  const std::vector<std::string> known(keys.begin(), keys.end());
  for (const auto& member : body) {
    if (std::ranges::find(known, std::string(member.key())) != known.end()) continue;
    const std::string nearest = Nearest(member.key(), known);
    return BadTag(fmt::format("\"{}\" does not belong here{}", std::string_view(member.key()),
                              nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?"));
  }
  return {};
}

Result<std::string> Text(const json::object& body, std::string_view key) {
  const json::value* value = body.if_contains(key);
  if (!value) return std::string();
  if (!value->is_string() || value->get_string().size() > kMaxName)
    return BadTag(fmt::format("{}: give a text of up to {} bytes", key, kMaxName));
  return std::string(value->get_string());
}

Result<std::optional<int64_t>> Day(const json::object& body, std::string_view key) {
  const json::value* value = body.if_contains(key);
  if (!value) return std::optional<int64_t>();
  const auto day = value->is_string() ? ParseDate(value->get_string()) : std::nullopt;
  if (!day) return BadTag(fmt::format("{}: give a date, as \"2026-03-01\"", key));
  return day;
}

std::string_view TextOf(const json::object& body, std::string_view key) {
  const json::value* value = body.if_contains(key);
  return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

json::object EntryBody(const catalog::Entry& entry) { return ParseOwn(entry.body); }

json::object EntryJson(const catalog::Entry& entry) {
  json::object out{{"number", entry.number}, {"at", DateTimeText(entry.at_ms)}};
  Add(ParseOwn(entry.body), &out);
  return out;
}

json::object DefinitionJson(const catalog::Definition& d) {
  json::object out{{"id", d.id},
                   {"version", d.version},
                   {"state", d.state},
                   {"name_zh", d.name_zh},
                   {"name_en", d.name_en},
                   {"owner", d.owner},
                   {"created", DateTimeText(d.created_ms)},
                   {"changed", DateTimeText(d.changed_ms)}};
  Add(ParseOwn(d.body), &out);
  return out;
}

json::array ReferencesJson(const std::vector<catalog::Reference>& references) {
  json::array out;
  for (const catalog::Reference& r : references) out.push_back({{"kind", r.kind}, {"id", r.id}});
  return out;
}

}  // namespace waypost::tags

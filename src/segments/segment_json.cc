#include "segments/segment_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/nearest.h"
#include "eql/rule_json.h"
#include "model/time_text.h"

namespace waypost::segments {

namespace json = boost::json;
using catalog::Definition;
using catalog::Reference;

Error Bad(std::string_view what) {
  return Error(Code::kInvalid, std::string(kBadSegment), std::string(what));
}

Result<json::object> ReadBody(std::string_view body) {
  json::error_code error;
  json::parse_options options;
  options.max_depth = 96;
  json::value value = json::parse(body, error, {}, options);
  if (error) return Error(Code::kInvalid, "bad_json", "the body is no JSON: " + error.message());
  if (!value.is_object()) return Bad("send a JSON object");
  return std::move(value.get_object());
}

Result<std::optional<eql::Query>> LiveRuleOf(const Definition& segment) {
  const json::object body = TRY(ReadBody(segment.body));
  if (!body.contains("refresh")) return std::optional<eql::Query>();
  return std::optional(TRY(eql::QueryFromJson(body.at("rule"))));
}

Result<std::string> Text(const json::object& body, std::string_view key, size_t most) {
  const json::value* value = body.if_contains(key);
  if (!value) return std::string();
  if (!value->is_string() || value->get_string().size() > most)
    return Bad(fmt::format("\"{}\" is a text of up to {} bytes", key, most));
  return std::string(value->get_string());
}

Result<> Only(const json::object& body, std::initializer_list<std::string_view> keys) {
  const std::vector<std::string> known(keys.begin(), keys.end());
  for (const auto& member : body) {
    if (std::ranges::find(known, std::string(member.key())) != known.end()) continue;
    const std::string nearest = Nearest(member.key(), known);
    return Bad(fmt::format("\"{}\" does not belong here{}", std::string_view(member.key()),
                           nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?"));
  }
  return {};
}

json::object DefinitionJson(const Definition& d) {
  json::object out{{"id", d.id},
                   {"version", d.version},
                   {"name_zh", d.name_zh},
                   {"name_en", d.name_en},
                   {"owner", d.owner},
                   {"created", DateTimeText(d.created_ms)},
                   {"changed", DateTimeText(d.changed_ms)}};
  json::error_code error;
  const json::value body = json::parse(d.body, error);
  if (!error && body.is_object()) {
    for (const auto& member : body.get_object()) out[member.key()] = member.value();
  }
  return out;
}

json::array ReferencesJson(const std::vector<Reference>& references) {
  json::array out;
  for (const Reference& r : references) out.push_back({{"kind", r.kind}, {"id", r.id}});
  return out;
}

json::object EntryJson(const catalog::Entry& entry) {
  json::object out{{"run", entry.number}, {"at", DateTimeText(entry.at_ms)}};
  json::error_code error;
  const json::value body = json::parse(entry.body, error);
  if (!error && body.is_object()) {
    for (const auto& member : body.get_object()) out[member.key()] = member.value();
  }
  return out;
}

bool IsFailure(const catalog::Entry& entry) { return EntryJson(entry).contains("error"); }

json::object FailureJson(const catalog::Entry& entry) {
  json::object out = EntryJson(entry);
  out.erase("last_run");
  return out;
}

json::object KeptRun(const catalog::Entry& entry) {
  json::object out = EntryJson(entry);
  if (!out.contains("error")) return out;
  const json::value* kept = out.if_contains("last_run");
  return kept ? kept->as_object() : json::object();
}

double Share(uint64_t part, uint64_t whole) {
  return whole ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

}  // namespace waypost::segments

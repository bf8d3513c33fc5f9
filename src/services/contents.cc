#include "services/contents.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "journeys/civil_time.h"
#include "services/body.h"

namespace waypost::services {
namespace {

namespace json = boost::json;

constexpr size_t kKeptTemplates = 1'000;  // templates that were read
constexpr std::string_view kWanted = "{\"text\": the template, ...}";

bool TakePrefix(std::string_view* name, std::string_view prefix) {
  if (!name->starts_with(prefix)) return false;
  name->remove_prefix(prefix.size());
  return true;
}

}  // namespace

std::vector<journeys::Fault> Contents::Review(
    const journeys::Journey& journey, const std::function<bool(const std::string&)>& described,
    const std::function<Result<>(std::string_view)>& check_name) const {
  std::vector<journeys::Fault> faults;
  const auto review = [&](const journeys::Node& node, const std::string& channel,
                          const std::string& field, const std::string& text) {
    const std::string category = node.transactional ? "transactional" : journey.category;
    const Result<content::Template> read = Find(text);
    if (read.ok()) {
      for (const std::string& name : read.value().names()) {
        if (const Result<> known = check_name(name); !known.ok())
          faults.push_back({node.id, field, "template_invalid",
                            fmt::format("{{{{{}}}}}: {}", name, known.error().message())});
      }
    }
    for (content::Finding& finding : content::Review(text, {channel, category}, rules_)) {
      const bool warning = finding.code == "compliance" && !described(channel);
      faults.push_back(
          {node.id, field, std::move(finding.code), std::move(finding.message), warning});
    }
  };
  for (const journeys::Node& node : journey.nodes) {
    for (size_t i = 0; i < node.attempts.size(); ++i) {
      const journeys::Attempt& attempt = node.attempts[i];
      const bool chain = node.kind == journeys::NodeKind::kChain;
      const std::string field = chain    ? fmt::format("steps[{}].text", i)
                                : i == 0 ? "text"
                                         : fmt::format("instead[{}].text", i - 1);
      review(node, attempt.channel, field, attempt.text);
      for (const auto& [wave, text] : attempt.wave_texts)
        review(node, attempt.channel, fmt::format("{} of wave {}", field, wave), text);
    }
  }
  return faults;
}

Result<content::Template> Contents::Find(std::string_view text) const {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = read_.find(text); found != read_.end()) return found->second;
  }
  content::Template read = TRY(content::Template::Read(text));
  const std::lock_guard lock(mutex_);
  if (read_.size() >= kKeptTemplates) read_.clear();
  read_.emplace(text, read);
  return read;
}

Result<std::string> Contents::Fill(std::string_view text, const content::Lookup& entry,
                                   const content::Lookup& customer,
                                   const content::ToWall& to_wall) const {
  return TRY(Find(text))
      .Fill(
          [&](std::string_view name) -> std::optional<std::string> {
            if (TakePrefix(&name, "entry.") || TakePrefix(&name, "event.")) return entry(name);
            if (TakePrefix(&name, "customer.") || TakePrefix(&name, "user.")) return customer(name);
            std::optional<std::string> value = entry(name);
            return value ? value : customer(name);
          },
          to_wall);
}

Result<std::string> Contents::Check(std::string_view body) const {
  const json::object given = TRY(ObjectOf(body, kWanted));
  const std::string text = TextIn(given, "text", "");
  const content::Template read = TRY(content::ReadReviewed(
      text, {TextIn(given, "channel", ""), TextIn(given, "category", "marketing")}, rules_));
  json::array names;
  for (const std::string& name : read.names()) names.push_back(json::value(name));
  return json::serialize(
      json::object{{"valid", true}, {"html", read.html()}, {"names", std::move(names)}});
}

Result<std::string> Contents::Preview(std::string_view body) const {
  const json::object given = TRY(ObjectOf(body, kWanted));
  const std::string zone_name = TextIn(given, "zone", "Asia/Shanghai");
  const std::optional<journeys::Zone> zone = journeys::Zone::Find(zone_name);
  if (!zone) return Error(Code::kInvalid, "bad_request", "there is no time zone " + zone_name);
  const json::value* values = given.if_contains("values");
  const content::Lookup lookup = [&](std::string_view name) -> std::optional<std::string> {
    const json::value* found =
        values && values->is_object() ? values->get_object().if_contains(name) : nullptr;
    if (!found || found->is_null()) return {};
    return found->is_string() ? std::string(found->get_string()) : json::serialize(*found);
  };
  const content::Template read = TRY(Find(TextIn(given, "text", "")));
  const std::string text =
      TRY(read.Fill(lookup, [&](int64_t utc_ms) { return zone->ToWall(utc_ms); }));
  return json::serialize(json::object{{"text", text}, {"bytes", text.size()}});
}

}  // namespace waypost::services

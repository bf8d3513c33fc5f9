#include "journeys/overlay.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

namespace waypost::journeys {
namespace {

namespace json = boost::json;

constexpr std::string_view kNodes = "nodes.";

std::string TextOr(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

// The member of a list that has this outcome, or this number from 1.
json::value* MemberOf(json::array& list, std::string_view name) {
  for (json::value& one : list) {
    if (one.is_object() && TextOr(one.get_object(), "outcome") == name) return &one;
  }
  for (size_t i = 0; i < list.size(); ++i) {
    if (std::to_string(i + 1) == name) return &list[i];
  }
  return nullptr;
}

// Where a place leads: the object that has its last member, or would have it.
struct Spot {
  json::object* in = nullptr;  // null: there is no such place
  std::string member;
  std::string node;
};

Spot Find(json::object& journey, std::string_view place) {
  Spot spot{&journey, {}, {}};
  if (place.starts_with(kNodes)) {
    place.remove_prefix(kNodes.size());
    json::value* nodes = journey.if_contains("nodes");
    spot.in = nullptr;
    if (!nodes || !nodes->is_array()) return spot;
    spot.node = place.substr(0, place.find('.'));
    if (spot.node.size() == place.size()) return spot;
    for (json::value& node : nodes->get_array()) {
      if (node.is_object() && TextOr(node.get_object(), "id") == spot.node)
        spot.in = &node.get_object();
    }
    if (!spot.in) return spot;
    place.remove_prefix(spot.node.size() + 1);
  }
  for (size_t dot = place.find('.'); dot != place.npos; dot = place.find('.')) {
    json::value* next = spot.in->if_contains(place.substr(0, dot));
    place.remove_prefix(dot + 1);
    if (next && next->is_array()) {
      dot = place.find('.');
      if (dot == place.npos) next = nullptr;
      if (next) next = MemberOf(next->get_array(), place.substr(0, dot));
      place.remove_prefix(dot == place.npos ? 0 : dot + 1);
    }
    spot.in = next ? next->if_object() : nullptr;
    if (!spot.in) return spot;
  }
  spot.member = place;
  return spot;
}

// Nobody may open what a thing is, and what ties the parts together.
bool MayBeOpen(std::string_view place, const Spot& spot) {
  if (!spot.in || spot.member.empty()) return false;
  constexpr std::string_view kOfNodes[] = {"id", "type", "outcome"};
  constexpr std::string_view kOfJourneys[] = {"id", "nodes", "edges", "template", "in_flight"};
  if (!spot.node.empty()) return std::ranges::find(kOfNodes, spot.member) == std::end(kOfNodes);
  const std::string_view first = place.substr(0, place.find('.'));
  return std::ranges::find(kOfJourneys, first) == std::end(kOfJourneys);
}

bool Narrows(std::string_view place) { return place == "entry.filter"; }

std::string Joined(const std::string& a, const std::string& b) {
  if (a.empty() || b.empty()) return a + b;
  return "(" + a + ") AND (" + b + ")";
}

// Compares numbers with numbers and times with times: less than 0, 0, more; nothing for others.
std::optional<int> Order(const json::value& a, const json::value& b) {
  const auto sign = [](auto x, auto y) { return x < y ? -1 : x > y ? 1 : 0; };
  if (a.is_number() && b.is_number()) return sign(a.to_number<double>(), b.to_number<double>());
  if (!a.is_string() || !b.is_string()) return {};
  const auto span_a = ParseSpan(std::string_view(a.get_string()));
  const auto span_b = ParseSpan(std::string_view(b.get_string()));
  if (span_a && span_b) return sign(span_a->RoughMs(), span_b->RoughMs());
  const auto time_a = ParseTimeOfDay(std::string_view(a.get_string()));
  const auto time_b = ParseTimeOfDay(std::string_view(b.get_string()));
  return time_a && time_b ? std::optional(sign(*time_a, *time_b)) : std::nullopt;
}

// Why the value does not fit what is open there; empty: it does.
std::string Misfit(const json::object& open, const json::value& value) {
  const json::value *least = open.if_contains("least"), *most = open.if_contains("most"),
                    *one_of = open.if_contains("one_of"), *length = open.if_contains("max_length");
  if (least && Order(value, *least).value_or(-1) < 0) return "at least " + json::serialize(*least);
  if (most && Order(value, *most).value_or(1) > 0) return "at most " + json::serialize(*most);
  if (one_of && std::ranges::find(one_of->as_array(), value) == one_of->as_array().end())
    return "one of " + json::serialize(*one_of);
  if (!length) return {};
  const auto starts = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  const bool fits = value.is_string() && std::ranges::count_if(value.get_string(), starts) <=
                                             static_cast<int64_t>(length->to_number<int64_t>());
  return fits ? "" : "a text of at most " + json::serialize(*length) + " characters";
}

// What is open at the place, by the most special entry: itself, or the node or object it is in.
const json::object* OpenAt(const json::array& open, std::string_view place) {
  const json::object* found = nullptr;
  size_t longest = 0;
  for (const json::value& one : open) {
    const std::string path = TextOr(one.get_object(), "path");
    const bool covers =
        place.starts_with(path) && (place.size() == path.size() || place[path.size()] == '.');
    if (!covers || path.size() < longest) continue;
    found = &one.get_object();
    longest = path.size();
  }
  return found;
}

void CheckOpen(const json::value& item, size_t number, json::object& journey,
               std::vector<Fault>* faults) {
  const std::string at = fmt::format("open.{}.", number);
  const auto complain = [&](std::string_view field, std::string_view code, std::string message) {
    faults->push_back({{}, at + std::string(field), std::string(code), std::move(message)});
  };
  if (!item.is_object()) return complain("path", "bad_type", "give an object with a 'path'");
  const json::object& open = item.get_object();
  constexpr std::string_view kKnown[] = {"path", "name", "least", "most", "one_of", "max_length"};
  for (const auto& member : open) {
    if (std::ranges::find(kKnown, std::string_view(member.key())) == std::end(kKnown))
      complain(member.key(), "unknown_field", "there is no such field");
  }
  const std::string path = TextOr(open, "path");
  // A field, or all that is in a node or another object.
  if (!MayBeOpen(path, Find(journey, path)) && !MayBeOpen(path, Find(journey, path + ".x")))
    complain("path", "unknown_place", "'" + path + "' is no place of the journey that may be open");
  for (const char* bound : {"least", "most"}) {
    const json::value* value = open.if_contains(bound);
    if (value && !Order(*value, *value))
      complain(bound, "bad_type", "give a number, a length of time or a time of day");
  }
  const json::value *one_of = open.if_contains("one_of"), *length = open.if_contains("max_length");
  if (one_of && !one_of->is_array()) complain("one_of", "bad_type", "give a list of values");
  if (length && (!length->is_int64() || length->get_int64() < 1))
    complain("max_length", "bad_type", "give a whole number from 1 on");
}

}  // namespace

std::vector<Fault> CheckTemplate(std::string_view text) {
  boost::system::error_code fault;
  json::value document = json::parse(text, fault);
  if (fault || !document.is_object()) return {{{}, {}, "bad_json", "give a JSON object"}};
  json::object& form = document.get_object();
  std::vector<Fault> faults;
  for (const auto& member : form) {
    constexpr std::string_view kKnown[] = {"id", "name", "name_en", "journey", "open"};
    if (std::ranges::find(kKnown, std::string_view(member.key())) == std::end(kKnown))
      faults.push_back({{}, std::string(member.key()), "unknown_field", "there is no such field"});
  }
  json::value *journey = form.if_contains("journey"), *open = form.if_contains("open");
  if (!journey || !journey->is_object()) {
    faults.push_back({{}, "journey", "missing", "give the definition of a journey"});
    return faults;
  }
  if (!open || !open->is_array() || open->get_array().size() > kMaxOpen) {
    faults.push_back({{}, "open", "missing", fmt::format("give a list of up to {}", kMaxOpen)});
    return faults;
  }
  const json::value* nodes = journey->get_object().if_contains("nodes");
  for (const json::value& node : nodes && nodes->is_array() ? nodes->get_array() : json::array()) {
    if (node.is_object() && TextOr(node.get_object(), "id").find('.') != std::string::npos)
      faults.push_back({{}, "journey.nodes", "bad_id", "a template's nodes have ids without '.'"});
  }
  for (size_t i = 0; i < open->get_array().size(); ++i)
    CheckOpen(open->get_array()[i], i + 1, journey->get_object(), &faults);
  return faults;
}

Made ApplyOverlay(std::string_view text, uint32_t version, const Overlay& overlay) {
  Made made;
  const json::object form = json::parse(text).as_object();
  json::object journey = form.at("journey").as_object();
  const json::array& open = form.at("open").as_array();
  const json::value set = overlay.set.empty() ? json::object() : json::parse(overlay.set);
  for (const auto& [place, value] : set.as_object()) {
    const Spot spot = Find(journey, place);
    const auto complain = [&](std::string_view code, std::string message) {
      made.faults.push_back({spot.node, std::string(place), std::string(code), std::move(message)});
    };
    const json::object* at = OpenAt(open, place);
    if (!spot.in || spot.member.empty()) {
      complain("unknown_place", "the template has no such place");
    } else if (!at || !MayBeOpen(place, spot)) {
      complain("locked", "the template does not leave this open");
    } else if (const std::string misfit = Misfit(*at, value); !misfit.empty()) {
      complain("out_of_bounds", "the template asks for " + misfit);
    } else if (Narrows(place)) {
      const std::string added = value.is_string() ? std::string(value.get_string()) : "";
      (*spot.in)[spot.member] = Joined(TextOr(*spot.in, spot.member), added);
    } else {
      (*spot.in)[spot.member] = value;
    }
  }
  if (!made.faults.empty()) return made;
  json::value& entry = journey["entry"];
  if (!overlay.scope.empty() && entry.is_object()) {
    const std::string filter = TextOr(entry.get_object(), "filter");
    entry.get_object()["filter"] = Joined(filter, overlay.scope);
  }
  journey["id"] = overlay.id;
  if (!overlay.name.empty()) {
    journey["name"] = overlay.name;
    journey.erase("name_en");
  }
  journey["template"] = {{"id", std::string(TextOr(form, "id"))},
                         {"version", version},
                         {"branch", overlay.branch},
                         {"scope", overlay.scope},
                         {"set", set}};
  made.definition = json::serialize(journey);
  return made;
}

std::optional<Origin> OriginOf(std::string_view definition) {
  const json::object journey = json::parse(definition).as_object();
  const json::value* found = journey.if_contains("template");
  const json::object* made = found ? found->if_object() : nullptr;
  if (!made) return {};
  const json::value *version = made->if_contains("version"), *set = made->if_contains("set");
  return Origin{
      .of = TextOr(*made, "id"),
      .version = version && version->is_int64() ? static_cast<uint32_t>(version->get_int64()) : 0,
      .overlay = {.id = TextOr(journey, "id"),
                  .name = TextOr(journey, "name"),
                  .branch = TextOr(*made, "branch"),
                  .scope = TextOr(*made, "scope"),
                  .set = set && set->is_object() ? json::serialize(*set) : "{}"}};
}

}  // namespace waypost::journeys

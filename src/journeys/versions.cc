#include "journeys/versions.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

namespace waypost::journeys {
namespace {

namespace json = boost::json;

// The values of an object by their paths. Members of lists are told apart by their outcome, else by
// their number.
using Flat = std::vector<std::pair<std::string, std::string>>;

void Flatten(const std::string& path, const json::value& value, Flat* flat);

void Flatten(const std::string& path, const json::object& object, Flat* flat) {
  for (const auto& [name, value] : object) {
    if (!(path.empty() && name == "id") && !(path == "branches." && name == "outcome"))
      Flatten(path + std::string(name), value, flat);
  }
}

void Flatten(const std::string& path, const json::value& value, Flat* flat) {
  if (value.is_object()) return Flatten(path + ".", value.get_object(), flat);
  const json::array* list = value.if_array();
  const bool parts = list && std::ranges::all_of(*list, &json::value::is_object);
  if (!parts) return flat->emplace_back(path, json::serialize(value)), void();
  for (size_t i = 0; i < list->size(); ++i) {
    const json::object& part = (*list)[i].get_object();
    const json::value* outcome = part.if_contains("outcome");
    const bool named = outcome && outcome->is_string();
    const std::string name = named ? std::string(outcome->get_string()) : std::to_string(i + 1);
    Flatten(path + "." + name, (*list)[i], flat);
  }
}

struct Drawing {
  Flat own;
  std::vector<std::pair<std::string, Flat>> nodes;
};

Drawing DrawingOf(std::string_view text) {
  json::object object = json::parse(text).as_object();
  const json::array nodes = object["nodes"].as_array(), edges = object["edges"].as_array();
  for (const char* other : {"nodes", "edges", "in_flight"}) object.erase(other);
  Drawing drawing;
  Flatten({}, object, &drawing.own);
  for (const json::value& item : nodes) {
    json::object node = item.as_object();
    node.erase("at");
    auto& [id, flat] = drawing.nodes.emplace_back(std::string(node.at("id").as_string()), Flat());
    Flatten({}, node, &flat);
    for (const json::value& edge : edges) {
      const json::object& from = edge.as_object();
      if (from.at("from").as_string() != id) continue;
      const json::value* when = from.if_contains("when");
      flat.emplace_back("next." + (when ? std::string(when->as_string()) : "next"),
                        json::serialize(from.at("to")));
    }
  }
  return drawing;
}

// The value of a name, or an empty one.
template <typename Value>
Value Of(const std::vector<std::pair<std::string, Value>>& all, const std::string& name) {
  const auto found = std::ranges::find(all, name, &std::pair<std::string, Value>::first);
  return found == all.end() ? Value() : found->second;
}

void Compare(const std::string& node, const Flat& before, const Flat& after,
             std::vector<Difference>* differences) {
  for (const auto& [field, value] : after) {
    const std::string was = Of(before, field);
    if (was != value) differences->push_back({node, field, was, value});
  }
  for (const auto& [field, value] : before) {
    if (Of(after, field).empty()) differences->push_back({node, field, value, {}});
  }
}

// Where a token goes that leaves the node by its first outcome: to the next node that is still
// there, by its place in the draft, or nowhere.
uint32_t Successor(const Journey& from, uint32_t node, const std::vector<uint32_t>& same) {
  for (size_t steps = 0; steps <= from.nodes.size(); ++steps) {
    if (from.nodes[node].next.empty()) return kNoNode;
    node = from.nodes[node].next[0];
    if (node == kNoNode || same[node] != kNoNode) return node == kNoNode ? node : same[node];
  }
  return kNoNode;
}

}  // namespace

std::vector<Difference> Differences(std::string_view before, std::string_view after) {
  const Drawing was = DrawingOf(before), is = DrawingOf(after);
  std::vector<Difference> differences;
  Compare({}, was.own, is.own, &differences);
  for (const auto& [id, flat] : is.nodes) {
    const Flat old = Of(was.nodes, id);
    if (old.empty()) {
      differences.push_back({id, {}, {}, Of(flat, "type")});
    } else {
      Compare(id, old, flat, &differences);
    }
  }
  for (const auto& [id, flat] : was.nodes) {
    if (Of(is.nodes, id).empty()) differences.push_back({id, {}, Of(flat, "type"), {}});
  }
  return differences;
}

Migration MigrationTo(const Journey& draft, const JourneyState& journey) {
  Migration migration;
  for (const auto& [version, counts] : journey.counts) {
    if (counts.active == 0) continue;
    const Journey& from = *journey.versions.at(version);
    const std::vector<uint32_t> same = SameNodes(from, draft);
    for (uint32_t i = 0; i < from.nodes.size(); ++i) {
      if (same[i] != kNoNode) continue;
      const auto here = counts.nodes.find(from.nodes[i].id);
      const bool anybody = here != counts.nodes.end() && here->second.here > 0;
      const std::string target = Of(draft.in_flight.removed, from.nodes[i].id);
      if (target.empty() && anybody) {
        migration.faults.push_back(
            {from.nodes[i].id, "in_flight.removed", "node_needs_target",
             fmt::format("{} stand at it in version {}, and this one has no such node: say where "
                         "they go, 'next', 'exit' or 'node:' and a node",
                         here->second.here, version)});
        continue;
      }
      const bool leaves = target.empty() || target == "exit";
      const uint32_t to = target == "next" ? Successor(from, i, same)
                          : leaves         ? kNoNode
                                           : draft.FindNode(target.substr(5));
      if (to == kNoNode) {
        migration.leaving.emplace(version, i);
      } else {
        migration.moves.emplace(OldPlace(version, i), to);
      }
    }
  }
  return migration;
}

}  // namespace waypost::journeys

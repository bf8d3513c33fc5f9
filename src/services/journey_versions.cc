// The versions of a journey: what each did, what one changes of another, and what the next would.
#include <boost/json.hpp>

#include "model/error_sentences.h"
#include "model/time_text.h"
#include "services/journey_json.h"
#include "services/journeys.h"

namespace waypost::services {
namespace {

namespace json = boost::json;
using journeys::JourneyState;
using journeys::TraceLine;
using journeys::VersionCounts;

void Add(json::object* counts, std::string_view name, uint64_t more) {
  json::value& count = (*counts)[name];
  count = (count.is_null() ? 0 : count.to_number<uint64_t>()) + more;
}

void AddParts(json::object* counts, std::string_view name, int64_t more) {
  json::value& count = (*counts)[name];
  count = (count.is_null() ? 0 : count.to_number<double>()) + static_cast<double>(more) / 10'000;
}

json::object& ObjectIn(json::object* shown, std::string_view name) {
  json::value& value = (*shown)[name];
  if (value.is_null()) value = json::object();
  return value.get_object();
}

// By TraceLine::What.
constexpr std::string_view kLineKinds[] = {"refused",  "entered",   "passed", "planned",
                                           "message",  "denied",    "left",   "converted",
                                           "migrated", "late_event"};

json::object VersionJson(const JourneyState& journey, uint32_t version) {
  const VersionCounts& counts = journey.counts.at(version);
  using Policy = journeys::InFlight::Policy;
  constexpr std::string_view kPolicies[] = {"pin", "migrate", "exit"};
  const Policy policy = journey.versions.at(version)->in_flight.policy;
  json::object exits;
  for (const auto& [reason, count] : counts.exits) {
    exits[journeys::NameOf(static_cast<journeys::Exit>(reason))] = count;
  }
  json::object shown{{"version", version},
                     {"in_flight", kPolicies[static_cast<size_t>(policy)]},
                     {"entered", counts.entered},
                     {"moved_in", counts.moved_in},
                     {"active", counts.active},
                     {"moved_out", counts.moved_out},
                     {"exits", std::move(exits)},
                     {"messages", counts.sends},
                     {"spend", static_cast<double>(counts.spent) / 10'000},
                     {"conversions", counts.conversions},
                     {"reversals", counts.reversals},
                     {"revenue", static_cast<double>(counts.revenue) / 10'000}};
  if (counts.published_ms > 0) shown["published"] = DateTimeText(counts.published_ms);
  return shown;
}

json::array ChangesJson(std::string_view before, std::string_view after) {
  json::array changes;
  for (const journeys::Difference& one : journeys::Differences(before, after)) {
    json::object change{{"node", one.node}, {"field", one.field}};
    if (!one.before.empty()) change["before"] = json::parse(one.before);
    if (!one.after.empty()) change["after"] = json::parse(one.after);
    changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace

void AddCounts(const journeys::Journey& version, const journeys::NodeCounts& counts,
               json::object* shown) {
  const uint32_t place = version.FindNode(shown->at("id").as_string());
  Add(shown, "in", counts.in);
  Add(shown, "here", counts.here);
  json::object& out = ObjectIn(shown, "out");
  for (const auto& [outcome, count] : counts.out) {
    if (place == journeys::kNoNode || outcome >= version.nodes[place].outcomes.size()) continue;
    Add(&out, version.nodes[place].outcomes[outcome], count);
  }
  if (!counts.left.empty()) {
    json::object& left = ObjectIn(shown, "left");
    for (const auto& [reason, count] : counts.left) {
      Add(&left, journeys::NameOf(static_cast<journeys::Exit>(reason)), count);
    }
  }
  if (counts.credit != 0) {
    AddParts(shown, "conversions", counts.credit);
    AddParts(shown, "revenue", counts.revenue);
  }
  if (counts.outcomes.empty()) return;
  json::object& messages = ObjectIn(shown, "messages");
  for (const auto& [outcome, count] : counts.outcomes) {
    Add(&messages, journeys::NameOf(static_cast<journeys::Outcome>(outcome)), count);
  }
}

void AddStay(const journeys::NodeCounts& counts, json::object* shown) {
  if (counts.stays.count() == 0) return;
  (*shown)["stay"] = {{"count", counts.stays.count()},
                      {"p50_ms", counts.stays.Quantile(0.5)},
                      {"p95_ms", counts.stays.Quantile(0.95)}};
}

const journeys::ReasonText* ReasonOf(const TraceLine& line) {
  using What = TraceLine::What;
  switch (line.what) {
    case What::kRefused:
      return &journeys::TextOf(static_cast<journeys::Reject>(line.reason));
    case What::kMoved:
    case What::kDenied:
      return &journeys::TextOf(static_cast<journeys::Outcome>(line.reason));
    case What::kLeft:
      return &journeys::TextOf(static_cast<journeys::Exit>(line.reason));
    default:
      return nullptr;
  }
}

const std::string* NodeOf(const JourneyState& journey, const TraceLine& line) {
  const auto version = journey.versions.find(line.version == 0 ? journey.current : line.version);
  if (version == journey.versions.end() || line.node >= version->second->nodes.size()) return {};
  return &version->second->nodes[line.node].id;
}

json::object LineJson(const journeys::State& state, const TraceLine& line) {
  const journeys::JourneyState& journey = state.journeys()[line.journey];
  json::object one{{"time", DateTimeText(line.time_ms)},
                   {"journey", journey.id},
                   {"journey_name", journey.now().name},
                   {"journey_name_en", journey.now().name_en},
                   {"what", kLineKinds[static_cast<size_t>(line.what)]}};
  if (line.entry != 0) one["entry"] = line.entry;
  if (const std::string* node = NodeOf(journey, line)) one["node"] = *node;
  if (const journeys::ReasonText* reason = ReasonOf(line)) {
    one["reason"] = reason->name;
    one["reason_en"] = reason->en;
    one["reason_zh"] = reason->zh;
  }
  if (!line.detail.empty()) one["detail"] = line.detail;
  return one;
}

std::optional<TraceLine::What> FindLineKind(std::string_view name) {
  const auto* found = std::ranges::find(kLineKinds, name);
  if (found == std::end(kLineKinds)) return {};
  return static_cast<TraceLine::What>(found - kLineKinds);
}

json::object FaultJson(const journeys::Fault& fault) {
  json::object values;
  for (const auto& [name, value] : fault.values) values[name] = value;
  json::object shown{{"node", fault.node},
                     {"field", fault.field},
                     {"code", fault.code},
                     {"message", fault.message},
                     {"warning", fault.warning}};
  if (const auto said = SayInChinese(fault.message); said && values.empty()) {
    shown["message_zh"] = said->text;
    if (const FaultPlace place = PlaceOfFault(fault.message); place.line > 0)
      values = {{"line", std::to_string(place.line)}, {"column", std::to_string(place.column)}};
    for (const auto& [name, value] : said->values) values[name] = value;
  }
  shown["values"] = std::move(values);
  return shown;
}

json::object DefinitionOf(const journeys::Journey& version) {
  json::object definition = json::parse(version.json).as_object();
  definition.erase("in_flight");
  return definition;
}

// What the draft changes of the journey that runs, and who is inside. Faults join the others.
json::object Journeys::AgainstTheRunning(const journeys::Journey& draft,
                                         journeys::Checked* checked) {
  json::object shown;
  Hold([&] {
    const auto index = machine_->state().FindJourney(draft.id);
    if (!index) return;
    const JourneyState& running = machine_->state().journeys()[*index];
    json::object inside;
    for (const auto& [version, counts] : running.counts) {
      if (counts.active > 0) inside[std::to_string(version)] = counts.active;
    }
    shown["inside"] = std::move(inside);
    shown["changes"] = ChangesJson(running.now().json, draft.json);
    if (draft.in_flight.policy != journeys::InFlight::Policy::kMigrate) return;
    for (journeys::Fault& fault : journeys::MigrationTo(draft, running).faults) {
      checked->faults.push_back(std::move(fault));
    }
  });
  for (const journeys::Fault& fault : checked->faults) {
    if (!fault.warning) checked->journey = nullptr;
  }
  return shown;
}

Result<std::string> Journeys::OfVersions(
    const std::string& id, const std::function<Result<json::object>(const JourneyState&)>& show) {
  Result<json::object> shown =
      Error(Code::kNotFound, "not_found", "there is no journey '" + id + "'");
  engine_->Look([&](const engine::Applier&) {
    const auto index = machine_->state().FindJourney(id);
    if (index) shown = show(machine_->state().journeys()[*index]);
  });
  return json::serialize(TRY(std::move(shown)));
}

Result<std::string> Journeys::Versions(const std::string& id) {
  return OfVersions(id, [](const JourneyState& journey) -> Result<json::object> {
    json::array versions;
    for (auto at = journey.versions.rbegin(); at != journey.versions.rend(); ++at) {
      if (journey.counts.contains(at->first)) versions.push_back(VersionJson(journey, at->first));
    }
    return json::object{{"versions", std::move(versions)}};
  });
}

Result<std::string> Journeys::ShowVersion(const std::string& id, uint32_t version, uint32_t since) {
  const auto missing = [&](uint32_t wanted) {
    return Error(Code::kNotFound, "not_found",
                 "journey '" + id + "' has no version " + std::to_string(wanted));
  };
  return OfVersions(id, [&](const JourneyState& journey) -> Result<json::object> {
    const auto found = journey.versions.find(version);
    if (found == journey.versions.end()) return missing(version);
    const uint32_t before = since == 0 && version > 1 ? version - 1 : since;
    if (since != 0 && !journey.versions.contains(since)) return missing(since);
    json::object shown = VersionJson(journey, version);
    const VersionCounts& counts = journey.counts.at(version);
    json::array nodes;
    for (const journeys::Node& node : found->second->nodes) {
      json::object one{{"id", node.id}, {"type", journeys::NameOf(node.kind)}};
      if (const auto of = counts.nodes.find(node.id); of != counts.nodes.end()) {
        AddCounts(*found->second, of->second, &one);
        AddStay(of->second, &one);
      }
      nodes.push_back(std::move(one));
    }
    shown["nodes"] = std::move(nodes);
    shown["definition"] = DefinitionOf(*found->second);
    if (const auto old = journey.versions.find(before); old != journey.versions.end()) {
      shown["since"] = before;
      shown["changes"] = ChangesJson(old->second->json, found->second->json);
    }
    return shown;
  });
}

// What a version without the other branches would do, and is none.
Result<std::string> Journeys::ChooseWay(const std::string& journey, const std::string& node,
                                        const std::string& outcome) {
  TRY(Decide([&](journeys::Machine& machine, Out* out) {
    return machine.ChooseWay(journey, node, outcome, NowMs(), out);
  }));
  return json::serialize(json::object{{"status", "done"}, {"goes_on_with", outcome}});
}

}  // namespace waypost::services

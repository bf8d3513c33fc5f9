#include "services/journey_templates.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "eql/text.h"
#include "journeys/versions.h"
#include "model/time_text.h"
#include "services/body.h"

namespace waypost::services {
namespace {

namespace json = boost::json;
using catalog::Definition;
using journeys::Fault;
using journeys::Origin;
using TemplateVerb = api::JourneyTemplateCall::Verb;

constexpr std::string_view kJourneyTemplateKind = "journey_template";

catalog::Reference TemplateAt(std::string id) {
  return {std::string(kJourneyTemplateKind), std::move(id)};
}

// A journey that was made of a template, and what it is now.
struct MadeJourney {
  Origin origin;
  std::string definition;
  journeys::Phase phase = journeys::Phase::kRunning;
  uint64_t entered = 0, active = 0, conversions = 0, messages = 0;
  int64_t spent = 0, revenue = 0;
};

std::vector<MadeJourney> MadeOf(Journeys& journeys, std::string_view id) {
  std::vector<MadeJourney> made;
  journeys.Look([&](const journeys::State& state) {
    for (const journeys::JourneyState& journey : state.journeys()) {
      std::optional<Origin> origin = journeys::OriginOf(journey.now().json);
      if (!origin || origin->of != id) continue;
      made.push_back({std::move(*origin), journey.now().json, journey.phase, journey.entered,
                      journey.active, journey.conversions, journey.spent_sends, journey.spent_money,
                      journey.revenue});
    }
  });
  return made;
}

// The definition that runs; nothing when there is no such journey.
std::optional<std::string> RunningOf(Journeys& journeys, const std::string& id) {
  std::optional<std::string> found;
  journeys.Look([&](const journeys::State& state) {
    if (const auto index = state.FindJourney(id)) found = state.journeys()[*index].now().json;
  });
  return found;
}

std::string SayFaults(const std::vector<Fault>& faults) {
  std::string said;
  for (const Fault& fault : faults) {
    said +=
        (said.empty() ? "" : "; ") + fault.field + ": " + fault.message + " (" + fault.code + ")";
  }
  return said;
}

json::array FaultsJson(const std::vector<Fault>& faults) {
  json::array list;
  for (const Fault& fault : faults)
    list.push_back({{"path", fault.field}, {"code", fault.code}, {"message", fault.message}});
  return list;
}

json::object CountsJson(const MadeJourney& made) {
  return {{"entered", made.entered},
          {"active", made.active},
          {"conversions", made.conversions},
          {"messages", made.messages},
          {"spend", static_cast<double>(made.spent) / 10'000},
          {"revenue", static_cast<double>(made.revenue) / 10'000}};
}

json::object MadeJson(const Definition& of, const MadeJourney& made) {
  json::object shown = CountsJson(made);
  shown["id"] = made.origin.overlay.id;
  shown["name"] = made.origin.overlay.name;
  shown["branch"] = made.origin.overlay.branch;
  shown["scope"] = made.origin.overlay.scope;
  shown["set"] = json::parse(made.origin.overlay.set);
  shown["version"] = made.origin.version;
  shown["phase"] = journeys::NameOf(made.phase);
  if (made.origin.version < of.version) {
    shown["offered"] = of.version;
    shown["conflicts"] = FaultsJson(
        journeys::ApplyOverlay(of.body, static_cast<uint32_t>(of.version), made.origin.overlay)
            .faults);
  }
  return shown;
}

json::object TemplateJson(const Definition& of, Journeys& journeys, const api::Sight& sight,
                          bool whole) {
  const json::object body = json::parse(of.body).as_object();
  json::object shown{{"id", of.id},           {"name", of.name_zh},
                     {"name_en", of.name_en}, {"owner", of.owner},
                     {"version", of.version}, {"changed", DateTimeText(of.changed_ms)}};
  json::array list;
  MadeJourney total;
  for (const MadeJourney& made : MadeOf(journeys, of.id)) {
    if (!sight.rows.empty() && made.origin.overlay.scope != sight.rows) continue;
    total.entered += made.entered, total.active += made.active, total.messages += made.messages;
    total.conversions += made.conversions, total.spent += made.spent;
    total.revenue += made.revenue;
    list.push_back(MadeJson(of, made));
  }
  if (whole) {
    shown["journey"] = body.at("journey");
    shown["open"] = body.at("open");
    shown["total"] = CountsJson(total);
  }
  shown["journeys"] = std::move(list);
  return shown;
}

// A condition that is joined to others must be one by itself: "a) OR (b" would reach around them.
Result<> CheckFilter(const std::string& set) {
  const json::value values = json::parse(set);
  const json::value* filter = values.as_object().if_contains("entry.filter");
  if (filter && filter->is_string() && !filter->get_string().empty())
    TRY(eql::ParseQuery(std::string_view(filter->get_string())));
  return {};
}

Error Locked(std::string message) {
  return Error(Code::kInvalid, "template_locked", std::move(message));
}

}  // namespace

Result<> CheckMadeOf(catalog::Catalog& catalog, Journeys& journeys, std::string_view definition) {
  const json::object said = TRY(ObjectOf(definition));
  const std::string id = TextIn(said, "id");
  const std::optional<Origin> origin = journeys::OriginOf(definition);
  if (!origin) {
    const std::optional<std::string> running = RunningOf(journeys, id);
    const std::optional<Origin> was = running ? journeys::OriginOf(*running) : std::nullopt;
    if (!was) return {};
    return Locked("the journey was made of the template '" + was->of + "': change it there");
  }
  TRY(CheckFilter(origin->overlay.set));
  const Definition of = TRY(catalog.GetVersion(TemplateAt(origin->of), origin->version));
  const journeys::Made made = journeys::ApplyOverlay(of.body, origin->version, origin->overlay);
  if (!made.faults.empty()) return Locked(SayFaults(made.faults));
  std::string differs;
  for (const journeys::Difference& one : journeys::Differences(made.definition, definition)) {
    // How far it is let out is the branch's own.
    if (one.node.empty() && (one.field == "release" || one.field.starts_with("release."))) continue;
    differs += (differs.empty() ? "" : ", ") +
               (one.node.empty() ? one.field : "nodes." + one.node + "." + one.field);
  }
  if (differs.empty()) return {};
  return Locked("this is not as the template '" + origin->of + "' says: " + differs);
}

Result<std::string> EngineJourneyTemplates::Call(const api::JourneyTemplateCall& call) {
  const std::string& project = call.sight.project;
  catalog::Catalog& catalog = *TRY(catalogs_.Find(TRY(engines_.NameOf(project))))->catalog;
  Journeys& journeys = *TRY(engines_.FindJourneys(project));
  switch (call.verb) {
    case TemplateVerb::kList: {
      json::array items;
      for (const Definition& of : TRY(catalog.List(kJourneyTemplateKind)))
        items.push_back(TemplateJson(of, journeys, call.sight, false));
      return json::serialize(json::object{{"templates", std::move(items)}});
    }
    case TemplateVerb::kShow:
      return json::serialize(
          TemplateJson(TRY(catalog.Get(TemplateAt(call.id))), journeys, call.sight, true));
    case TemplateVerb::kPut:
      return Put(catalog, call);
    case TemplateVerb::kRemove: {
      const std::lock_guard lock(change_mutex_);
      const std::vector<MadeJourney> made = MadeOf(journeys, call.id);
      if (!made.empty())
        return Error(Code::kConflict, "in_use",
                     "the journey '" + made[0].origin.overlay.id + "' was made of it");
      TRY(catalog.Remove(TemplateAt(call.id)));
      return std::string(R"({"status":"removed"})");
    }
    case TemplateVerb::kMake:
      return Make(catalog, call);
    case TemplateVerb::kSetPhase:
      TRY(catalog.Get(TemplateAt(call.id)));
      return SetPhase(call);
  }
  return std::string();
}

Result<> CheckJourneyTemplate(Journeys& journeys, const std::string& id, std::string_view body,
                              bool barred) {
  json::object form = TRY(ObjectOf(body));
  form["id"] = id;
  if (const std::vector<Fault> faults = journeys::CheckTemplate(json::serialize(form));
      !faults.empty())
    return Error(Code::kInvalid, "journey_invalid", SayFaults(faults));
  json::object journey = form.at("journey").as_object();
  journey["id"] = id;
  const json::value checked = json::parse(journeys.Check(json::serialize(journey), barred));
  if (checked.at("valid").as_bool()) return {};
  return Error(Code::kInvalid, "journey_invalid",
               "journey: " + json::serialize(checked.at("faults")));
}

Result<std::string> EngineJourneyTemplates::Put(catalog::Catalog& catalog,
                                                const api::JourneyTemplateCall& call) {
  TRY(CheckJourneyTemplate(*TRY(engines_.FindJourneys(call.sight.project)), call.id, call.body,
                           call.sight.barred));
  json::object form = TRY(ObjectOf(call.body));
  form["id"] = call.id;
  const std::string body = json::serialize(form);
  if (approvals_) TRY(approvals_->MayDo(call.sight.project, kApprovedTemplate, call.id, call.body));
  const std::lock_guard lock(change_mutex_);
  Definition made{.kind = std::string(kJourneyTemplateKind),
                  .id = call.id,
                  .name_zh = TextIn(form, "name", call.id),
                  .name_en = TextIn(form, "name_en", ""),
                  .owner = call.who,
                  .body = body};
  const Result<Definition> known = catalog.Get(TemplateAt(call.id));
  if (!known.ok() && known.error().code() != Code::kNotFound) return known.error();
  if (!known.ok() && TRY(catalog.List(kJourneyTemplateKind)).size() >= kMaxJourneyTemplates)
    return Error(Code::kTooLarge, "too_large",
                 fmt::format("there are {} templates already", kMaxJourneyTemplates));
  if (known.ok()) made.version = known.value().version;
  const Definition kept = known.ok() ? TRY(catalog.Change(made, clock_.NowMs()))
                                     : TRY(catalog.Create(made, clock_.NowMs()));
  return json::serialize(json::object{{"status", "done"}, {"version", kept.version}});
}

// A new journey, or the next version of one: what is not said stays, so that saying nothing takes
// over a newer template.
Result<std::string> EngineJourneyTemplates::Make(catalog::Catalog& catalog,
                                                 const api::JourneyTemplateCall& call) {
  const json::object said = TRY(ObjectOf(call.body));
  for (const auto& member : said) {
    constexpr std::string_view kKnown[] = {"id",   "name",      "branch", "set",
                                           "drop", "in_flight", "check"};
    if (std::ranges::find(kKnown, std::string_view(member.key())) == std::end(kKnown))
      return Error(Code::kInvalid, "bad_request", std::string(member.key()) + ": no such member");
  }
  const Definition of = TRY(catalog.Get(TemplateAt(call.id)));
  const std::string& project = call.sight.project;
  const std::string id = TextIn(said, "id");
  const std::optional<std::string> running = RunningOf(*TRY(engines_.FindJourneys(project)), id);
  std::optional<Origin> origin = running ? journeys::OriginOf(*running) : std::nullopt;
  if (running && (!origin || origin->of != call.id))
    return Error(Code::kConflict, "exists", "another journey has the id '" + id + "'");
  if (origin && !call.sight.rows.empty() && origin->overlay.scope != call.sight.rows)
    return Error(Code::kInvalid, "forbidden", "the journey '" + id + "' is another branch's");
  const uint32_t before = origin ? origin->version : 0;
  if (!origin) origin = Origin{.overlay = {.id = id, .scope = call.sight.rows}};
  journeys::Overlay& overlay = origin->overlay;
  overlay.name = TextIn(said, "name", overlay.name);
  overlay.branch = TextIn(said, "branch", overlay.branch);
  const json::value *set = said.if_contains("set"), *drop = said.if_contains("drop");
  if ((set && !set->is_object()) || (drop && !drop->is_array()))
    return Error(Code::kInvalid, "bad_request", "give 'set' as an object and 'drop' as a list");
  json::object values = set                   ? set->get_object()
                        : overlay.set.empty() ? json::object()
                                              : json::parse(overlay.set).as_object();
  for (const json::value& place : drop ? drop->get_array() : json::array()) {
    if (place.is_string()) values.erase(std::string_view(place.get_string()));
  }
  overlay.set = json::serialize(values);
  TRY(CheckFilter(overlay.set));
  const auto version = static_cast<uint32_t>(of.version);
  const journeys::Made made = journeys::ApplyOverlay(of.body, version, overlay);
  if (!made.faults.empty() && before != 0 && before < version && !set) {
    return Error(Code::kConflict, "overlay_conflict",
                 fmt::format("version {} does not take: ", version) + SayFaults(made.faults) +
                     "; drop these, or set others");
  }
  if (!made.faults.empty()) return Locked(SayFaults(made.faults));
  json::object definition = json::parse(made.definition).as_object();
  const json::object old = running ? json::parse(*running).as_object() : json::object();
  if (old.contains("release")) definition["release"] = old.at("release");
  if (said.contains("in_flight")) definition["in_flight"] = said.at("in_flight");
  const std::string text = json::serialize(definition);
  const json::value* check = said.if_contains("check");
  if (!check || !check->is_bool() || !check->get_bool()) return desk_.Publish(call.sight, text);
  json::object shown = json::parse(TRY(desk_.Check(call.sight, text))).as_object();
  shown["definition"] = std::move(definition);
  return json::serialize(shown);
}

// Of every journey that was made of it and can do so.
Result<std::string> EngineJourneyTemplates::SetPhase(const api::JourneyTemplateCall& call) {
  json::array done, left;
  for (const MadeJourney& made : MadeOf(*TRY(engines_.FindJourneys(call.sight.project)), call.id)) {
    const std::string& id = made.origin.overlay.id;
    const Result<std::string> set = desk_.SetPhase(call.sight.project, id, call.body);
    if (!set.ok() && set.error().name() != "bad_phase") return set.error();
    (set.ok() ? done : left).push_back(json::value(id));
  }
  return json::serialize(json::object{{"done", std::move(done)}, {"left", std::move(left)}});
}

}  // namespace waypost::services

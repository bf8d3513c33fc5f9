#include "services/journey_desk.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "model/masking.h"
#include "services/body.h"
#include "services/journey_templates.h"

namespace waypost::services {
namespace {

namespace json = boost::json;

constexpr size_t kEveryMessage = SIZE_MAX;  // that the sandbox still has
constexpr size_t kMaxEntries = 1'000;

Error BadCall(std::string what) { return Error(Code::kInvalid, "bad_request", std::move(what)); }

Result<std::string> NeedText(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  if (!found || !found->is_string() || found->get_string().empty()) {
    return BadCall("'" + std::string(name) + "' must be a text");
  }
  return std::string(found->get_string());
}

Result<bool> FlagIn(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  if (!found || !found->is_bool()) {
    return BadCall("'" + std::string(name) + "' must be true or false");
  }
  return found->get_bool();
}

Result<std::string> IdOf(std::string_view definition) {
  return NeedText(TRY(ObjectOf(definition)), "id");
}

// {"customer": {"key": "login", "value": "ann"}}
Result<Person> PersonIn(const json::object& object) {
  const json::value* found = object.if_contains("customer");
  if (!found || !found->is_object()) {
    return BadCall("'customer' must be {\"key\": \"login\", \"value\": ...}");
  }
  return Person{TRY(NeedText(found->get_object(), "key")),
                TRY(NeedText(found->get_object(), "value"))};
}

// Scalars only, as text, 4 KiB in all.
Result<journeys::Properties> ContextIn(const json::object& object) {
  journeys::Properties context;
  const json::value* found = object.if_contains("context");
  if (!found) return context;
  if (!found->is_object()) return BadCall("'context' must be an object");
  size_t bytes = 0;
  for (const auto& [name, value] : found->get_object()) {
    if (value.is_object() || value.is_array()) {
      return BadCall("context." + std::string(name) + " must be a text, a number or a flag");
    }
    if (value.is_null()) continue;
    context.emplace_back(
        name, value.is_string() ? std::string(value.get_string()) : json::serialize(value));
    bytes += name.size() + context.back().second.size();
  }
  if (bytes > 4'096) return Error(Code::kTooLarge, "too_large", "context has over 4 KiB");
  return context;
}

// {"customer", "context", "request_id"}
Result<Journeys::Asked> AskedIn(const json::object& object) {
  return Journeys::Asked{
      TRY(PersonIn(object)), TRY(ContextIn(object)),
      object.contains("request_id") ? TRY(NeedText(object, "request_id")) : std::string()};
}

// A journey or node without what is counted over all customers: what is not named here is left out.
void Bound(json::object* journey) {
  constexpr std::string_view kKept[] = {"id",    "name",  "name_en", "version",
                                        "phase", "nodes", "type",    "definition"};
  json::object kept;
  for (const std::string_view name : kKept) {
    if (const json::value* value = journey->if_contains(name)) kept[name] = *value;
  }
  if (json::value* nodes = kept.if_contains("nodes")) {
    for (json::value& node : nodes->as_array()) Bound(&node.get_object());
  }
  *journey = std::move(kept);
}

// "login:u1" as it is, "phone:138****5678"; what does not say its kind is masked.
std::string MaskedAddress(std::string_view address) {
  const size_t colon = address.find(':');
  if (colon == address.npos) return Masked(address);
  if (!IsPersonalKey(address.substr(0, colon))) return std::string(address);
  return std::string(address.substr(0, colon + 1)) + Masked(address.substr(colon + 1));
}

// Whether a message to "login:u1" went to somebody who is seen.
bool ShowsAddress(engine::Engine& engine, const Seen& seen, std::string_view address) {
  if (!seen.bounded()) return true;
  const size_t colon = address.find(':');
  if (colon == address.npos) return false;
  std::optional<Ordinal> found;
  engine.Look([&](const engine::Applier& applier) {
    found = applier.identities().Find(address.substr(0, colon), address.substr(colon + 1));
  });
  return found && seen.Shows(*found);
}

}  // namespace

Result<std::string> EngineJourneys::Check(const api::Sight& sight, std::string_view definition) {
  return TRY(engines_.FindJourneys(sight.project))->Check(definition, sight.barred);
}

Result<std::string> EngineJourneys::Rehearse(const api::Sight& sight, std::string_view definition,
                                             int64_t days) {
  return TRY(engines_.FindJourneys(sight.project))->Rehearse(definition, days, sight.barred);
}

// {"journey": its id, or a definition, "customer", "context", "becomes", "send"}
Result<std::string> EngineJourneys::Test(const api::Sight& sight, std::string_view body) {
  const json::object call = TRY(ObjectOf(body));
  Journeys* journeys = TRY(engines_.FindJourneys(sight.project));
  Journeys::Test test{.person = TRY(PersonIn(call)), .context = TRY(ContextIn(call))};
  test.masked = sight.masked;
  test.barred = sight.barred;
  const json::value* journey = call.if_contains("journey");
  if (!journey || (!journey->is_string() && !journey->is_object()))
    return BadCall("'journey' must be a journey's id, or a definition");
  if (journey->is_object()) {
    test.definition = json::serialize(*journey);
  } else {
    const std::string shown = TRY(journeys->Show(std::string(journey->get_string())));
    test.definition = json::serialize(json::parse(shown).at("definition"));
  }
  if (call.contains("send")) test.send = TRY(FlagIn(call, "send"));
  if (call.contains("becomes")) {
    const auto outcome = journeys::FindOutcome(TRY(NeedText(call, "becomes")));
    if (!outcome || *outcome <= journeys::Outcome::kClaimed)
      return BadCall("'becomes' must be accepted, delivered, opened, clicked, rejected, ...");
    test.becomes = *outcome;
  }
  return journeys->RunTest(test);
}

Result<std::string> EngineJourneys::Publish(const api::Sight& sight, std::string_view definition) {
  const Result<std::string> id = IdOf(definition);
  // What has no id cannot be published, which is said with all its other faults.
  if (id.ok()) {
    catalog::Catalog& catalog = *TRY(catalogs_->Find(TRY(engines_.NameOf(sight.project))))->catalog;
    TRY(CheckMadeOf(catalog, *TRY(engines_.FindJourneys(sight.project)), definition));
    TRY(approvals_->MayDo(sight.project, kApprovedJourney, id.value(), definition));
  }
  return TRY(engines_.FindJourneys(sight.project))->Publish(definition, sight.barred);
}

Result<std::string> EngineJourneys::SetPhase(std::string_view project, const std::string& journey,
                                             std::string_view body) {
  const std::string wanted = TRY(NeedText(TRY(ObjectOf(body)), "phase"));
  using journeys::Phase;
  for (const Phase phase : {Phase::kRunning, Phase::kPaused, Phase::kStopped, Phase::kArchived}) {
    if (NameOf(phase) != wanted) continue;
    return TRY(engines_.FindJourneys(project))->SetPhase(journey, phase);
  }
  return BadCall("'phase' must be running, paused, stopped or archived");
}

Result<std::string> EngineJourneys::ChooseWay(std::string_view project, const std::string& journey,
                                              const std::string& node, std::string_view body) {
  const std::string outcome = TRY(NeedText(TRY(ObjectOf(body)), "outcome"));
  return TRY(engines_.FindJourneys(project))->ChooseWay(journey, node, outcome);
}

// What is not said stays. Everybody is what a definition says that has no release.
Result<std::string> EngineJourneys::Release(const api::Sight& sight, const std::string& journey,
                                            std::string_view body) {
  const json::object said = TRY(ObjectOf(body));
  if (said.empty()) return BadCall("send 'percent' (0 to 100), 'who' (a condition), or both");
  const std::string shown = TRY(TRY(engines_.FindJourneys(sight.project))->Show(journey));
  json::object definition = json::parse(shown).at("definition").as_object();
  json::object release;
  if (const json::value* before = definition.if_contains("release")) release = before->as_object();
  for (const auto& [name, value] : said) release[name] = value;
  const json::value* percent = release.if_contains("percent");
  if (percent && percent->is_number() && percent->to_number<double>() == 100) {
    definition.erase("release");
  } else {
    definition["release"] = std::move(release);
  }
  return Publish(sight, json::serialize(definition));
}

Result<std::string> EngineJourneys::Enter(std::string_view project, const std::string& journey,
                                          std::string_view body) {
  const json::object call = TRY(ObjectOf(body));
  Journeys* journeys = TRY(engines_.FindJourneys(project));
  const json::value* entries = call.if_contains("entries");
  if (!entries) return journeys->Enter(journey, TRY(AskedIn(call)));
  const size_t count = entries->is_array() ? entries->get_array().size() : 0;
  if (count == 0 || count > kMaxEntries) {
    return BadCall("'entries' must be a list of 1 to 1000 entries");
  }
  std::vector<Journeys::Asked> asked;
  for (const json::value& entry : entries->get_array()) {
    const std::string at = "entries[" + std::to_string(asked.size()) + "]";
    if (!entry.is_object()) return BadCall(at + " must be an object");
    Result<Journeys::Asked> one = AskedIn(entry.get_object());
    if (!one.ok()) return std::move(one).error().While(at);
    asked.push_back(std::move(one).value());
  }
  return journeys->EnterAll(journey, asked);
}

Result<std::string> EngineJourneys::ShowPolicy(std::string_view project) {
  json::object shown;
  TRY(engines_.FindJourneys(project))->Look([&](const journeys::State& state) {
    shown["held"] = state.held();
    shown["policy"] =
        state.policy_json().empty() ? json::object() : json::parse(state.policy_json());
  });
  return json::serialize(shown);
}

Result<std::string> EngineJourneys::SetPolicy(std::string_view project, std::string_view policy) {
  TRY(approvals_->MayDo(project, kApprovedPolicy, kMessagePolicy, policy));
  return TRY(engines_.FindJourneys(project))->SetPolicy(policy);
}

Result<std::string> EngineJourneys::SetHeld(std::string_view project, std::string_view body) {
  const bool held = TRY(FlagIn(TRY(ObjectOf(body)), "held"));
  return TRY(engines_.FindJourneys(project))->SetHeld(held);
}

Result<std::string> EngineJourneys::SetConsent(std::string_view project, std::string_view body,
                                               const std::string& who) {
  const json::object call = TRY(ObjectOf(body));
  return TRY(engines_.FindJourneys(project))
      ->SetConsent(TRY(PersonIn(call)), TRY(NeedText(call, "channel")),
                   TRY(NeedText(call, "purpose")), TRY(FlagIn(call, "allowed")), who);
}

Result<std::string> EngineJourneys::GiveReceipt(std::string_view project, std::string_view body) {
  const json::object call = TRY(ObjectOf(body));
  return TRY(engines_.FindJourneys(project))
      ->GiveReceipt(TRY(NeedText(call, "key")), TRY(NeedText(call, "outcome")));
}

Result<std::string> EngineJourneys::List(const api::Sight& sight) {
  std::string list = TRY(engines_.FindJourneys(sight.project))->List();
  if (sight.rows.empty()) return list;
  json::value value = json::parse(list);
  json::object& object = value.get_object();
  object["unknown"] = json::array();
  for (json::value& journey : object.at("journeys").as_array()) Bound(&journey.get_object());
  return json::serialize(value);
}

Result<std::string> EngineJourneys::Show(const api::Sight& sight, const std::string& journey) {
  std::string shown = TRY(TRY(engines_.FindJourneys(sight.project))->Show(journey));
  if (sight.rows.empty()) return shown;
  json::value value = json::parse(shown);
  Bound(&value.get_object());
  return json::serialize(value);
}

Result<std::string> EngineJourneys::Versions(std::string_view project, const std::string& journey) {
  return TRY(engines_.FindJourneys(project))->Versions(journey);
}

Result<std::string> EngineJourneys::ShowVersion(std::string_view project,
                                                const std::string& journey, uint32_t version,
                                                uint32_t since) {
  return TRY(engines_.FindJourneys(project))->ShowVersion(journey, version, since);
}

Result<Journeys*> EngineJourneys::Of(const api::Sight& sight, const std::string& key,
                                     const std::string& value) {
  Journeys* journeys = TRY(engines_.FindJourneys(sight.project));
  if (sight.rows.empty()) return journeys;
  engine::Engine* engine = TRY(engines_.Find(sight.project));
  const engine::Reading reading = TRY(engine->Read());
  const Seen seen = TRY(sights_.See(sight, *engine, reading));
  bool shown = false;
  engine->Look([&](const engine::Applier& applier) {
    const auto ordinal = applier.identities().Find(key, value);
    shown = ordinal && seen.Shows(*ordinal);
  });
  if (shown) return journeys;
  return Error(Code::kNotFound, "unknown_customer",
               fmt::format("There is no customer with the {} {}.", key, value));
}

Result<std::string> EngineJourneys::Trace(const api::Sight& sight, const std::string& key,
                                          const std::string& value) {
  return TRY(Of(sight, key, value))->Trace({key, value});
}

Result<std::string> EngineJourneys::Why(const api::Sight& sight, const std::string& journey,
                                        const std::string& key, const std::string& value) {
  return TRY(Of(sight, key, value))->Why(journey, {key, value});
}

Result<std::string> EngineJourneys::CustomersAt(const api::Sight& sight, const std::string& journey,
                                                const std::string& node,
                                                const api::AtNodeAsk& ask) {
  engine::Engine* engine = TRY(engines_.Find(sight.project));
  const engine::Reading reading = TRY(engine->Read());
  const Seen seen = TRY(sights_.See(sight, *engine, reading));
  return TRY(engines_.FindJourneys(sight.project))
      ->CustomersAt(journey, node, ask, seen, sight.masked);
}

Result<std::string> EngineJourneys::StandingAt(const api::Sight& sight, const std::string& journey,
                                               const std::string& node) {
  engine::Engine* engine = TRY(engines_.Find(sight.project));
  const engine::Reading reading = TRY(engine->Read());
  const Seen seen = TRY(sights_.See(sight, *engine, reading));
  return TRY(engines_.FindJourneys(sight.project))->StandingAt(journey, node, seen);
}

// Where a message goes is a person's, and what it says is made of what is.
Result<std::string> EngineJourneys::Outbox(const api::Sight& sight, size_t limit) {
  Journeys& journeys = *TRY(engines_.FindJourneys(sight.project));
  if (sight.rows.empty() && !sight.masked) return journeys.Outbox(limit);
  engine::Engine* engine = TRY(engines_.Find(sight.project));
  const engine::Reading reading = TRY(engine->Read());
  const Seen seen = TRY(sights_.See(sight, *engine, reading));
  json::value outbox = json::parse(journeys.Outbox(seen.bounded() ? kEveryMessage : limit));
  json::array items;
  for (json::value& item : outbox.get_object().at("items").as_array()) {
    json::object& message = item.get_object();
    if (items.size() == limit) break;
    if (!ShowsAddress(*engine, seen, message["address"].as_string())) continue;
    if (sight.masked) {
      message["address"] = MaskedAddress(message["address"].as_string());
      message["text"] = kMask;
    }
    items.push_back(std::move(item));
  }
  outbox.get_object()["items"] = std::move(items);
  return json::serialize(outbox);
}

}  // namespace waypost::services

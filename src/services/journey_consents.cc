// What customers consent to: set by people of the bank or by a link, told to the log, and shown.
#include <boost/json.hpp>
#include <future>

#include "services/journey_desk.h"
#include "services/own_events.h"
#include "services/sights.h"

namespace waypost::services {

namespace json = boost::json;
using journeys::State;

Result<> Journeys::TellConsent(const Person& person, const journeys::change::ConsentSet& consent,
                               const std::string& who) {
  DeclareEvents();
  BatchWriter out({.project = project_, .source = kOwnSource, .ingest_ms = NowMs()});
  out.BeginEvent("$consent_set", {.time_ms = NowMs()});
  out.AddIdentity(person.key, person.value);
  out.AddProperty("channel", Value::String(consent.channel));
  out.AddProperty("purpose", Value::String(consent.purpose));
  out.AddProperty("allowed", Value::Bool(consent.allowed));
  out.AddProperty("by", Value::String(who));
  out.EndItem();
  std::promise<Result<LogPosition>> done;
  engine_->Append(out.Finish(), [&](Result<LogPosition> appended) { done.set_value(appended); });
  TRY(done.get_future().get());
  return {};
}

Result<std::string> Journeys::SetConsent(const Person& person, const std::string& channel,
                                         const std::string& purpose, bool allowed,
                                         const std::string& who) {
  TRY(TellConsent(person, {TRY(Find(person)), channel, purpose, allowed}, who));
  TRY(Decide([&](journeys::Machine& machine, Out* out) -> Result<> {
    const identity::IdentityGraph& graph = answers_.identities();
    const Ordinal customer = graph.root(*graph.Find(person.key, person.value));
    machine.SetConsent({customer, channel, purpose, allowed}, NowMs(), out);
    // Should they be several again, it holds for each.
    machine.OnIdentity(customer, graph.Members(customer), NowMs(), out);
    return {};
  }));
  return std::string(R"({"status":"done"})");
}

// A second time decides nothing.
Result<> Journeys::Unsubscribe(const std::string& channel, const std::string& key, bool now) {
  const std::optional<journeys::TouchKey> touch_key = journeys::ParseKey(key);
  std::optional<journeys::change::ConsentSet> wish;
  bool refused = false;
  Look([&](const State& state) {
    const journeys::Touch* touch = touch_key ? state.FindTouch(*touch_key) : nullptr;
    if (!touch || touch->plan.channel != channel || touch->plan.address.empty()) return;
    wish = {state.Now(touch->plan.customer), channel, touch->plan.category, false};
    const journeys::Customer* known = state.FindCustomer(wish->customer);
    const std::pair what(channel, wish->purpose);
    refused = known && known->consents.contains(what) && !known->consents.at(what);
  });
  if (!wish) return Error(Code::kNotFound, "link_expired", "the message is not known any more");
  if (!now || refused) return {};
  Person person;
  engine_->Look([&](const engine::Applier& applier) {
    const IdentityView who = applier.identities().identity(wish->customer);
    person = {std::string(who.key), std::string(who.value)};
  });
  TRY(TellConsent(person, *wish, "link"));
  return Decide([&](journeys::Machine& machine, Out* out) -> Result<> {
    wish->customer = machine.state().Now(wish->customer);
    machine.SetConsent(*wish, NowMs(), out);
    return {};
  });
}

Result<std::string> EngineJourneys::Consents(const api::Sight& sight) {
  Journeys& journeys = *TRY(engines_.FindJourneys(sight.project));
  engine::Engine* engine = TRY(engines_.Find(sight.project));
  const engine::Reading reading = TRY(engine->Read());
  const Seen seen = TRY(sights_.See(sight, *engine, reading));
  std::map<std::pair<std::string, std::string>, std::pair<uint64_t, uint64_t>> counts;
  uint64_t customers = 0;
  journeys.Look([&](const journeys::State& state) {
    for (const auto& [ordinal, customer] : state.customers()) {
      if (customer.consents.empty() || !seen.Shows(ordinal)) continue;
      ++customers;
      for (const auto& [of, allowed] : customer.consents) {
        auto& [yes, no] = counts[of];
        ++(allowed ? yes : no);
      }
    }
  });
  json::array consents;
  for (const auto& [of, count] : counts) {
    consents.push_back({{"channel", of.first},
                        {"purpose", of.second},
                        {"allowed_by", count.first},
                        {"refused_by", count.second}});
  }
  return json::serialize(json::object{{"customers", customers}, {"consents", std::move(consents)}});
}

Result<std::string> EngineJourneys::ConsentsOf(const api::Sight& sight, const std::string& key,
                                               const std::string& value) {
  Journeys* journeys = TRY(Of(sight, key, value));
  const Ordinal ordinal = TRY(journeys->Find({key, value}));
  json::array consents;
  journeys->Look([&](const journeys::State& state) {
    const journeys::Customer* customer = state.FindCustomer(ordinal);
    if (!customer) return;
    for (const auto& [of, allowed] : customer->consents)
      consents.push_back({{"channel", of.first}, {"purpose", of.second}, {"allowed", allowed}});
  });
  return json::serialize(consents);
}

}  // namespace waypost::services

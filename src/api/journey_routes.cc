// Journeys: define, run, watch.
#include <charconv>

#include "api/routes.h"

namespace waypost::api {
namespace {

constexpr uint64_t kBodyLimit = 1 << 20;
constexpr uint32_t kMostVersions = 1'000'000'000;

using Work = Result<std::string> (*)(JourneyDesk& desk, const Call& call);

// Runs the work on a worker, when journeys are offered at all.
template <Work work>
void Handle(std::shared_ptr<Call> call) {
  if (!call->backend.services.journeys) return Tell(*call, ProblemOf("unavailable"));
  OnWorker(std::move(call), [](const Call& c) { return work(*c.backend.services.journeys, c); });
}

Result<std::string> Check(JourneyDesk& desk, const Call& call) {
  return desk.Check(call.sight(), call.request.body);
}
Result<uint32_t> WholeIn(const std::string& text, std::string_view name, uint32_t absent,
                         uint32_t most) {
  if (text.empty()) return absent;
  uint32_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec == std::errc() && read.ptr == text.data() + text.size() && number >= 1 &&
      number <= most) {
    return number;
  }
  return Error(
      Code::kInvalid, "bad_request",
      "'" + std::string(name) + "' must be a whole number from 1 to " + std::to_string(most));
}
Result<std::string> Rehearse(JourneyDesk& desk, const Call& call) {
  const uint32_t days = TRY(WholeIn(QueryValue(call.request.query, "days"), "days", 30, 366));
  return desk.Rehearse(call.sight(), call.request.body, days);
}
Result<std::string> Versions(JourneyDesk& desk, const Call& call) {
  return desk.Versions(call.project(), call.parameters[0]);
}
Result<std::string> ShowVersion(JourneyDesk& desk, const Call& call) {
  const uint32_t version = TRY(WholeIn(call.parameters[1], "version", 1, kMostVersions));
  const uint32_t since =
      TRY(WholeIn(QueryValue(call.request.query, "since"), "since", 0, kMostVersions));
  return desk.ShowVersion(call.project(), call.parameters[0], version, since);
}
Result<std::string> Publish(JourneyDesk& desk, const Call& call) {
  return desk.Publish(call.sight(), call.request.body);
}
Result<std::string> Test(JourneyDesk& desk, const Call& call) {
  return desk.Test(call.sight(), call.request.body);
}
Result<std::string> SetPhase(JourneyDesk& desk, const Call& call) {
  return desk.SetPhase(call.project(), call.parameters[0], call.request.body);
}
Result<std::string> Release(JourneyDesk& desk, const Call& call) {
  return desk.Release(call.sight(), call.parameters[0], call.request.body);
}
Result<std::string> Enter(JourneyDesk& desk, const Call& call) {
  return desk.Enter(call.project(), call.parameters[0], call.request.body);
}
Result<std::string> ChooseWay(JourneyDesk& desk, const Call& call) {
  return desk.ChooseWay(call.project(), call.parameters[0], call.parameters[1], call.request.body);
}
Result<std::string> SetPolicy(JourneyDesk& desk, const Call& call) {
  return desk.SetPolicy(call.project(), call.request.body);
}
Result<std::string> SetHeld(JourneyDesk& desk, const Call& call) {
  return desk.SetHeld(call.project(), call.request.body);
}
Result<std::string> SetConsent(JourneyDesk& desk, const Call& call) {
  return desk.SetConsent(call.project(), call.request.body, call.caller.name);
}
Result<std::string> ShowPolicy(JourneyDesk& desk, const Call& call) {
  return desk.ShowPolicy(call.project());
}
Result<std::string> GiveReceipt(JourneyDesk& desk, const Call& call) {
  return desk.GiveReceipt(call.project(), call.request.body);
}
Result<std::string> Schema(JourneyDesk& desk, const Call&) { return desk.Schema(); }
Result<std::string> List(JourneyDesk& desk, const Call& call) { return desk.List(call.sight()); }
Result<std::string> Show(JourneyDesk& desk, const Call& call) {
  return desk.Show(call.sight(), call.parameters[0]);
}
Result<std::string> Trace(JourneyDesk& desk, const Call& call) {
  return desk.Trace(call.sight(), call.parameters[0], call.parameters[1]);
}
Result<std::string> Why(JourneyDesk& desk, const Call& call) {
  return desk.Why(call.sight(), call.parameters[0], call.parameters[1], call.parameters[2]);
}
Result<std::string> CustomersAt(JourneyDesk& desk, const Call& call) {
  return desk.CustomersAt(
      call.sight(), call.parameters[0], call.parameters[1],
      {QueryValue(call.request.query, "outcome"), QueryValue(call.request.query, "left"),
       QueryValue(call.request.query, "as_of")});
}
Result<std::string> StandingAt(JourneyDesk& desk, const Call& call) {
  return desk.StandingAt(call.sight(), call.parameters[0], call.parameters[1]);
}
Result<std::string> Outbox(JourneyDesk& desk, const Call& call) {
  return desk.Outbox(call.sight(), call.limit());
}

}  // namespace

std::vector<Route> JourneyRoutes() {
  Topic route = Topic::Of(Object::kJourneys);
  route.body_limit = kBodyLimit;
  route.answer = "JourneyAnswer";
  // What also those may call who see some of the customers only.
  Topic seen = route;
  seen.view = route.view.Bounded();
  return {
      seen("GET", "/v1/journeys", Handle<List>, "", "listJourneys",
           "Journeys with their counts, and the messages whose outcome is not known", {},
           "Journeys"),
      route("GET", "/v1/journeys/schema", Handle<Schema>, "", "journeySchema",
            "The JSON Schema of a definition"),
      seen("POST", "/v1/journeys/check", Handle<Check>, "", "checkJourney",
           "Every fault of a definition, with node and field", "Journey", "JourneyCheck"),
      route("POST", "/v1/journeys/rehearse", Handle<Rehearse>, "", "rehearseJourney",
            "What a definition would have done over the last days; ?days=", "Journey",
            "JourneyForecast"),
      route("POST", "/v1/journeys/test", Handle<Test>, "journey.tested", "testJourney",
            "What a journey does with one customer, every wait being over at once; what it sends "
            "to a "
            "tester",
            "JourneyTest", "JourneyTested"),
      route("POST", "/v1/journeys", Handle<Publish>, "journey.published", "publishJourney",
            "Publishes a definition as the journey's next version", "Journey"),
      seen("GET", "/v1/journeys/{journey}", Handle<Show>, "", "showJourney",
           "A journey's definition and the counts of every node", {}, "JourneyState"),
      route("GET", "/v1/journeys/{journey}/versions", Handle<Versions>, "", "journeyVersions",
            "What each version did, newest first", {}, "JourneyVersions"),
      route("GET", "/v1/journeys/{journey}/versions/{version}", Handle<ShowVersion>, "",
            "showJourneyVersion",
            "One version, its counts, and what it changes of the one before; ?since=", {},
            "JourneyVersion"),
      seen("GET", "/v1/journeys/{journey}/nodes/{node}", Handle<StandingAt>, "", "showNode",
           "Until when who is at a node waits, what holds them, and what keeps its messages back",
           {}, "NodeStanding"),
      seen("GET", "/v1/journeys/{journey}/nodes/{node}/customers", Handle<CustomersAt>, "",
           "customersAtNode",
           "Who is at a node now; ?outcome=: who went on from it that way, ?left=: who left the "
           "journey from it for that reason; ?as_of=: as it was then, by their last 200 steps",
           {}, "AtNode"),
      route("POST", "/v1/journeys/{journey}/phase", Handle<SetPhase>, "journey.phase_set",
            "setJourneyPhase", "Pauses, resumes, stops or archives a journey", "JourneyCall"),
      route("POST", "/v1/journeys/{journey}/experiments/{node}", Handle<ChooseWay>,
            "journey.way_chosen", "chooseWay",
            "Says which branch of an experiment all customers go from now on", "JourneyCall"),
      route("POST", "/v1/journeys/{journey}/release", Handle<Release>, "journey.released",
            "releaseJourney", "Publishes a journey as it is for more or fewer customers",
            "JourneyCall"),
      route("POST", "/v1/journeys/{journey}/entries", Handle<Enter>, "journey.entered",
            "enterJourney", "Lets a customer in, or says why not", "JourneyCall"),
      seen("GET", "/v1/journeys/customers/{key}/{value}", Handle<Trace>, "", "traceCustomer",
           "What happened to a customer in all journeys, and why or why not", {}, "Trace")
          .Needs(Right::View(Object::kCustomers).Bounded()),
      seen("GET", "/v1/journeys/{journey}/why/{key}/{value}", Handle<Why>, "", "whyCustomer",
           "Why a customer is, was or is not in a journey"),
      seen("GET", "/v1/journeys/messages/sandbox", Handle<Outbox>, "", "showSandbox",
           "What the sandbox channel was given, newest first; ?limit=", {}, "Outbox"),
      route("POST", "/v1/journeys/messages/receipts", Handle<GiveReceipt>, "journey.receipt",
            "giveReceipt", "What became of a message", "JourneyCall"),
      route("GET", "/v1/journeys/messages/policy", Handle<ShowPolicy>, "", "showMessagePolicy",
            "The rules for all messages that are in force, and whether sending is held", {},
            "MessagePolicy"),
      route("PUT", "/v1/journeys/messages/policy", Handle<SetPolicy>, "journey.policy_set",
            "setMessagePolicy", "The rules for all messages: caps, quiet hours, consent, pace",
            "JourneyCall"),
      route("PUT", "/v1/journeys/messages/hold", Handle<SetHeld>, "journey.hold_set",
            "holdMessages", "Stops all sending at once, or releases it", "JourneyCall"),
      route("PUT", "/v1/journeys/messages/consent", Handle<SetConsent>, "journey.consent_set",
            "setConsent", "A customer's consent for a channel and purpose; * is all",
            "JourneyCall"),
  };
}

}  // namespace waypost::api

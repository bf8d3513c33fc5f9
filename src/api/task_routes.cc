// Tasks for people of the bank, and what customers consent to.
#include "api/routes.h"

namespace waypost::api {
namespace {

using DeskWork = Result<std::string> (*)(JourneyDesk& desk, const Call& call);

template <DeskWork work>
void AtDesk(std::shared_ptr<Call> call) {
  if (!call->backend.services.journeys) return Tell(*call, ProblemOf("unavailable"));
  OnWorker(std::move(call), [](const Call& c) { return work(*c.backend.services.journeys, c); });
}

Result<std::string> ListTasks(JourneyDesk& desk, const Call& call) {
  return desk.Tasks(call.sight(), {.state = QueryValue(call.request.query, "state"),
                                   .to = QueryValue(call.request.query, "to"),
                                   .limit = call.limit()});
}
Result<std::string> StepTask(JourneyDesk& desk, const Call& call) {
  return desk.StepTask(call.sight(), call.parameters[0], call.request.body, call.caller.name);
}
Result<std::string> ShowConsents(JourneyDesk& desk, const Call& call) {
  return desk.Consents(call.sight());
}
// What is so now, and since when and by whom: the events that say it hold nothing that is masked.
Result<std::string> ShowConsentsOf(JourneyDesk& desk, const Call& call) {
  const std::string now =
      TRY(desk.ConsentsOf(call.sight(), call.parameters[0], call.parameters[1]));
  Sight clear = call.sight();
  clear.masked = false;
  // Nobody has set one yet: the project has no such event.
  const Result<std::string> ledger =
      call.backend.services.customers.Timeline(clear, call.parameters[0], call.parameters[1],
                                               {.before = QueryValue(call.request.query, "before"),
                                                .event = "$consent_set",
                                                .limit = call.limit()});
  if (!ledger.ok() && ledger.error().name() != "unknown_event") return ledger.error();
  const std::string said = ledger.ok() ? ledger.value() : R"({"events":[]})";
  return R"({"consents":)" + now + R"(,"ledger":)" + said + "}";
}

}  // namespace

std::vector<Route> TaskRoutes() {
  const Topic task{.view = Right::View(Object::kTasks).Bounded(),
                   .change = Right::Change(Object::kTasks).Bounded(),
                   .body_limit = 16 << 10,
                   .patience = Patience::kLong};
  Topic consents{.view = Right::View(Object::kJourneys).Bounded(), .patience = Patience::kLong};
  Topic of_one = consents;
  of_one.view = Right::View(Object::kCustomers).Bounded();
  return {
      task("GET", "/v1/tasks", AtDesk<ListTasks>, "", "listTasks",
           "Tasks for people of the bank, newest first; ?state=, ?to=, ?limit=", {}, "Tasks"),
      task("POST", "/v1/tasks/{task}", AtDesk<StepTask>, "task.step", "stepTask",
           "Accepts a task, says that it is done, or refuses it", "TaskStep", "Task"),
      consents("GET", "/v1/journeys/messages/consent", AtDesk<ShowConsents>, "", "showConsents",
               "How many customers allowed and refused what, by channel and purpose", {},
               "Consents"),
      of_one("GET", "/v1/journeys/messages/consent/{key}/{value}", AtDesk<ShowConsentsOf>, "",
             "showConsentsOf", "What a customer allowed and refused, and each change; ?before=", {},
             "ConsentsOf"),
  };
}

}  // namespace waypost::api

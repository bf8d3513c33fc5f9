// Deliveries of tags, changes pushed to a channel and files on a schedule, and of what journeys
// decide.
#include "api/routes.h"

namespace waypost::api {
namespace {

using DeliveryVerb = DeliveryCall::Verb;

template <DeliveryVerb verb>
void Handle(std::shared_ptr<Call> call) {
  if (!call->backend.services.deliveries) return Tell(*call, ProblemOf("unavailable"));
  OnWorker(std::move(call), [](const Call& c) {
    Result<std::string> answer = c.backend.services.deliveries->Call(
        {.verb = verb,
         .project = c.project(),
         .id = c.parameters.empty() ? std::string() : c.parameters[0],
         .who = c.caller.name,
         .body = c.request.body});
    if (verb == DeliveryVerb::kRun && answer.ok()) c.audit->detail = answer.value();
    return answer;
  });
}

}  // namespace

std::vector<Route> DeliveryRoutes() {
  // What is delivered is of all customers, with their identities.
  const Topic route{.view = Right::View(people::Object::kTags),
                    .change = Right::Export(people::Object::kSegments),
                    .body_limit = 64 << 10,
                    .patience = Patience::kLong,
                    .answer = "Delivery"};
  return {
      route("GET", "/v1/deliveries", Handle<DeliveryVerb::kList>, "", "listDeliveries",
            "All deliveries of tags and of what journeys decide, and how each goes", {},
            "Deliveries"),
      route("GET", "/v1/deliveries/{id}", Handle<DeliveryVerb::kShow>, "", "showDelivery",
            "A delivery: what waits, what was sent, what was given up, files"),
      route("PUT", "/v1/deliveries/{id}", Handle<DeliveryVerb::kPut>, "delivery.put", "putDelivery",
            "Makes a delivery of tags or of what journeys decide, or changes it", "DeliveryChange"),
      route("DELETE", "/v1/deliveries/{id}", Handle<DeliveryVerb::kRemove>, "delivery.removed",
            "removeDelivery", "Ends a delivery; its files stay", {}, "Status"),
      route("POST", "/v1/deliveries/{id}/run", Handle<DeliveryVerb::kRun>, "delivery.file",
            "runDelivery", "Writes the file now", {}, "DeliveredFile"),
      route("POST", "/v1/deliveries/{id}/retry", Handle<DeliveryVerb::kRetry>, "delivery.retried",
            "retryDelivery", "Sends again what was given up", {}, "DeliveryPushes"),
  };
}

}  // namespace waypost::api

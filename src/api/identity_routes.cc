// Which identities are one customer: the rules, the links, why.
#include <algorithm>
#include <charconv>

#include "api/routes.h"

namespace waypost::api {
namespace {

constexpr uint64_t kRulesLimit = 1 << 20;

Identities& Of(const Call& call) { return call.backend.services.identities; }

void ShowRules(std::shared_ptr<Call> call) {
  OnWorker(std::move(call), [](const Call& c) { return Of(c).Rules(c.project()); });
}
void PutRules(std::shared_ptr<Call> call) {
  OnWorker(std::move(call),
           [](const Call& c) { return Of(c).ChangeRules(c.project(), c.request.body); });
}
void TryRules(std::shared_ptr<Call> call) {
  OnWorker(std::move(call),
           [](const Call& c) { return Of(c).TryRules(c.sight(), c.request.body); });
}
void ShowLinks(std::shared_ptr<Call> call) {
  OnWorker(std::move(call), [](const Call& c) {
    return Of(c).Links(c.sight(), QueryValue(c.request.query, "before"), c.limit());
  });
}
void ShowConflicts(std::shared_ptr<Call> call) {
  OnWorker(std::move(call), [](const Call& c) { return Of(c).Conflicts(c.sight(), c.limit()); });
}
void ShowWhy(std::shared_ptr<Call> call) {
  OnWorker(std::move(call), [](const Call& c) {
    return Of(c).Why(c.sight(), {c.parameters[0], c.parameters[1]},
                     {c.parameters[2], c.parameters[3]});
  });
}

}  // namespace

std::vector<Route> IdentityRoutes() {
  const auto route = [](Object object, std::string_view method, std::string_view path,
                        void (*handle)(std::shared_ptr<Call>), std::string_view operation,
                        std::string_view summary, std::string_view request_schema,
                        std::string_view response_schema) {
    const bool changes = method == "PUT";
    return Route{.method = method,
                 .path = path,
                 .right = changes ? Right::Change(object) : Right::View(object),
                 .scope = Scope::kProject,
                 .audit = changes ? "identity.rules_changed" : "",
                 .body_limit = request_schema.empty() ? 0 : kRulesLimit,
                 .patience = Patience::kLong,
                 .cors = false,
                 .handle = handle,
                 .operation = operation,
                 .summary = summary,
                 .request_schema = request_schema,
                 .response_schema = response_schema};
  };
  return {
      route(Object::kPlan, "GET", "/v1/identity/keys", ShowRules, "showIdentityRules",
            "What is said of each kind of identity", "", "IdentityRules"),
      route(Object::kPlan, "PUT", "/v1/identity/keys", PutRules, "putIdentityRules",
            "Replaces the rules; all links are folded again under them", "IdentityRules",
            "IdentityRules"),
      route(Object::kEvents, "POST", "/v1/identity/keys/try", TryRules, "tryIdentityRules",
            "What other rules would merge and split, with examples; changes nothing",
            "IdentityRules", "IdentityTrial"),
      route(Object::kEvents, "GET", "/v1/identity/links", ShowLinks, "showLinks",
            "The link log, newest first; ?limit=, ?before= the next of the page before", "",
            "Links"),
      route(
          Object::kEvents, "GET", "/v1/identity/conflicts", ShowConflicts, "showIdentityConflicts",
          "Links that were refused, newest first, and identities that were set apart; ?limit=", "",
          "IdentityConflicts"),
      route(Object::kCustomers, "GET", "/v1/identity/why/{key}/{value}/{other_key}/{other_value}",
            ShowWhy, "explainIdentity", "Why two identities are one customer, or are not", "",
            "IdentityReason"),
  };
}

}  // namespace waypost::api

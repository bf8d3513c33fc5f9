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
  Topic plan = Topic::Of(Object::kPlan), events = Topic::Of(Object::kEvents);
  plan.body_limit = events.body_limit = kRulesLimit;
  plan.patience = events.patience = Patience::kLong;
  Topic customers = Topic::Of(Object::kCustomers);
  customers.patience = Patience::kLong;
  // What also those may call who see some of the customers only.
  Topic seen = events;
  seen.view = events.view.Bounded();
  customers.view = customers.view.Bounded();
  return {
      plan("GET", "/v1/identity/keys", ShowRules, "", "showIdentityRules",
           "What is said of each kind of identity", "", "IdentityRules"),
      plan("PUT", "/v1/identity/keys", PutRules, "identity.rules_changed", "putIdentityRules",
           "Replaces the rules; all links are folded again under them", "IdentityRules",
           "IdentityRules"),
      events("POST", "/v1/identity/keys/try", TryRules, "", "tryIdentityRules",
             "What other rules would merge and split, with examples; changes nothing",
             "IdentityRules", "IdentityTrial"),
      seen("GET", "/v1/identity/links", ShowLinks, "", "showLinks",
           "The link log, newest first; ?limit=, ?before= the next of the page before", "",
           "Links"),
      seen("GET", "/v1/identity/conflicts", ShowConflicts, "", "showIdentityConflicts",
           "Links that were refused, newest first, and identities that were set apart; ?limit=", "",
           "IdentityConflicts"),
      customers("GET", "/v1/identity/why/{key}/{value}/{other_key}/{other_value}", ShowWhy, "",
                "explainIdentity", "Why two identities are one customer, or are not", "",
                "IdentityReason"),
  };
}

}  // namespace waypost::api

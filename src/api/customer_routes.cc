// One customer: who it is, and what it did.
#include <algorithm>
#include <charconv>
#include <ranges>

#include "api/identity_json.h"
#include "api/routes.h"

namespace waypost::api {
namespace {

constexpr size_t kPageMax = 1'000;

// Asked of us by other systems at each of their own calls: to hand it to a worker and its answer
// back costs as much as the answer.
void ShowCustomer(std::shared_ptr<Call> call) {
  if (auto found = call->backend.services.customers.CustomerAtOnce(
          call->sight(), call->parameters[0], call->parameters[1])) {
    return Tell(*call, *std::move(found));
  }
  OnWorker(std::move(call), [](const Call& c) {
    return c.backend.services.customers.Customer(c.sight(), c.parameters[0], c.parameters[1]);
  });
}

// The ids of ?tags=, which commas part; of who may not see tags there are none.
std::optional<std::vector<std::string>> TagsOf(const Call& call) {
  if (!call.caller.rights.Has(Right::View(Object::kTags).needs)) return std::nullopt;
  std::vector<std::string> ids;
  const std::string text = QueryValue(call.request.query, "tags");
  for (const auto id : text | std::views::split(',')) {
    if (!id.empty()) ids.emplace_back(id.begin(), id.end());
  }
  return ids;
}

void ShowProfile(std::shared_ptr<Call> call) {
  OnWorker(std::move(call), [](const Call& c) {
    ProfileAsk ask{.tags = TagsOf(c)};
    const std::string events = QueryValue(c.request.query, "events");
    std::from_chars(events.data(), events.data() + events.size(), ask.events);
    ask.events = std::min(ask.events, kPageMax);
    return c.backend.services.customers.Profile(c.sight(), c.parameters[0], c.parameters[1], ask);
  });
}

void ShowTimeline(std::shared_ptr<Call> call) {
  OnWorker(std::move(call), [](const Call& c) {
    TimelineAsk ask{.before = QueryValue(c.request.query, "before"),
                    .event = QueryValue(c.request.query, "event")};
    const std::string limit = QueryValue(c.request.query, "limit");
    std::from_chars(limit.data(), limit.data() + limit.size(), ask.limit);
    ask.limit = std::clamp<size_t>(ask.limit, 1, kPageMax);
    return c.backend.services.customers.Timeline(c.sight(), c.parameters[0], c.parameters[1], ask);
  });
}

void ShowRows(std::shared_ptr<Call> call) {
  OnWorker(std::move(call), [](const Call& c) {
    const RowsAsk ask{.table = c.parameters[2],
                      .after = QueryValue(c.request.query, "after"),
                      .limit = c.limit()};
    return c.backend.services.customers.Rows(c.sight(), c.parameters[0], c.parameters[1], ask);
  });
}

// The identity is in the body, so that no log of requests and no audit record holds it.
void EraseCustomer(std::shared_ptr<Call> call) {
  OnWorker(std::move(call), [](const Call& c) -> Result<std::string> {
    const IdentityName who = TRY(IdentityOf(c.request.body));
    return c.backend.services.customers.Erase(c.project(), who.key, who.value);
  });
}

void CutIdentity(std::shared_ptr<Call> call) {
  OnWorker(std::move(call), [](const Call& c) -> Result<std::string> {
    const IdentityName name = TRY(IdentityOf(c.request.body));
    return c.backend.services.customers.Cut(c.project(), name.key, name.value);
  });
}

constexpr uint64_t kIdentityLimit = 4'096;

void SearchCustomers(std::shared_ptr<Call> call) {
  OnWorker(std::move(call), [](const Call& c) {
    return c.backend.services.customers.Search(c.sight(), QueryValue(c.request.query, "find"));
  });
}

}  // namespace

std::vector<Route> CustomerRoutes() {
  const Topic route{.view = Right::View(Object::kCustomers).Bounded(),
                    .change = Right::Change(Object::kCustomers),
                    .body_limit = kIdentityLimit};
  Topic erasures = route;
  erasures.patience = Patience::kLong;
  return {
      route("GET", "/v1/customers", SearchCustomers, "", "searchCustomers",
            "The customers that ?find= is an identity of, of any kind, or a part of the name; "
            "without it, any; the first 50",
            {}, "FoundCustomers"),
      route(
          "GET", "/v1/customers/{key}/{value}", ShowCustomer, "", "showCustomer",
          "The customer that has this identity: identities, attributes, counts by event and table",
          {}, "Customer"),
      route("GET", "/v1/customers/{key}/{value}/profile", ShowProfile, "", "showProfile",
            "Who the customer is, the newest values of tags, and the last events: what another "
            "system asks at a call of its own; ?tags= ids with commas between, else all certified "
            "ones; ?events= how many, up to 1,000, else 100",
            {}, "Profile"),
      route("GET", "/v1/customers/{key}/{value}/timeline", ShowTimeline, "", "showTimeline",
            "What the customer did, newest first; ?limit=, ?before= the next of the page before, "
            "?event=",
            {}, "Timeline"),
      route("GET", "/v1/customers/{key}/{value}/tables/{table}", ShowRows, "", "showCustomerRows",
            "The customer's rows of a table; ?limit=, ?after= the next of the page before", {},
            "Rows"),
      erasures("POST", "/v1/erasures", EraseCustomer, "customer.erased", "eraseCustomer",
               "Erases the customer that has this identity, for good", "Identity", "Erasure"),
      erasures("POST", "/v1/identity/cuts", CutIdentity, "customer.identity_cut", "cutIdentity",
               "Cuts the identity off the customer it is of, with what came with it", "Identity",
               "IdentityCut"),
  };
}

}  // namespace waypost::api

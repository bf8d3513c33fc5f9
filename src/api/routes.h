// The one route table. What a route is (method, path, right, limits, what it does, how OpenAPI
// describes it) is said here and nowhere else: dispatch, authorisation, CORS, /v1/openapi.json and
// the tests are all made from it.
//
// Adding a route is one entry in the file of its topic.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/http_session.h"
#include "api/metrics.h"
#include "api/services.h"
#include "api/sign_in.h"
#include "api/work_queue.h"

namespace waypost::api {

using people::Object;

// What an allowed call can reach.
enum class Scope { kServer, kProject };

// How long a request may wait for a worker before it is refused.
enum class Patience { kNone, kShort, kLong };

struct Route;

// Where handlers find the rest.
struct Backend {
  Services services;
  WorkQueue& workers;
  Metrics& metrics;
  SignIn& sign_in;
  people::People& people;
  io::Random& random;
};

// One call of a route.
struct Call {
  const Backend& backend;
  const Route& route;
  std::vector<std::string> parameters;  // the path's {...}, decoded, in order
  Request request;
  Respond respond;
  Caller caller;
  // What the audit log will say of the call, for handlers to add to; null: the route is not
  // audited.
  std::shared_ptr<AuditEntry> audit;

  // ?project=, or empty.
  std::string project() const { return QueryValue(request.query, "project"); }
  Sight sight() const {
    return {project(), caller.rows, !caller.clear, !caller.rights.Has(kReveal)};
  }
  // ?limit=, from 1 to 1,000; 100 when there is none.
  size_t limit() const;
};

using Handler = void (*)(std::shared_ptr<Call> call);

struct Route {
  std::string_view method;
  std::string_view path;  // "/v1/projects/{key}/settings"; "{name...}" takes all that follows
  Right right;
  Scope scope;
  std::string_view audit;  // the audit event a call writes; empty: none, because it changes nothing
  uint64_t body_limit;
  Patience patience;
  bool cors;  // browsers of other sites may call, with credentials
  Handler handle;

  // For OpenAPI: names of its schemas (api/openapi.cc); empty: no JSON body.
  std::string_view operation;
  std::string_view summary;
  std::string_view request_schema;
  std::string_view response_schema;

  // The same route, with another right or another limit of its body than its topic's.
  Route Needs(const Right& other) const;
  Route Takes(uint64_t limit) const;
};

// What the routes of a topic have in common; called with the rest, it makes one. A route that
// writes no audit event changes nothing and needs the right to `view`; else that to `change`.
struct Topic {
  Right view;
  Right change = view;
  Scope scope = Scope::kProject;
  uint64_t body_limit = 0;  // of the routes that have a request schema; others take no body
  Patience patience = Patience::kShort;
  bool cors = false;
  std::string_view answer = {};  // the schema of answers that name none

  // For those who may view things of a kind, and those who may change them.
  static Topic Of(Object object) {
    return {.view = Right::View(object), .change = Right::Change(object)};
  }

  Route operator()(std::string_view method, std::string_view path, Handler handle,
                   std::string_view audit, std::string_view operation, std::string_view summary,
                   std::string_view request_schema = {},
                   std::string_view response_schema = {}) const;
};

std::span<const Route> Routes();

// The entries of each topic.
std::vector<Route> CollectRoutes();
std::vector<Route> QuestionRoutes();
std::vector<Route> PlanRoutes();
std::vector<Route> CustomerRoutes();
std::vector<Route> SegmentRoutes();
std::vector<Route> IdentityRoutes();
std::vector<Route> TagRoutes();
std::vector<Route> WatchRoutes();
std::vector<Route> ConsoleRoutes();
std::vector<Route> JourneyRoutes();
std::vector<Route> JourneyTemplateRoutes();
std::vector<Route> TaskRoutes();
std::vector<Route> PeopleRoutes();
std::vector<Route> ChannelRoutes();
std::vector<Route> ApprovalRoutes();
std::vector<Route> SavedRoutes();
std::vector<Route> TableRoutes();
std::vector<Route> DeliveryRoutes();

struct Match {
  const Route* route = nullptr;  // none: `allowed` says why
  std::vector<std::string> parameters;
  std::vector<std::string_view> allowed;  // methods the path has; empty: no such path
};

// HEAD finds the GET route.
Match FindRoute(std::string_view method, std::string_view path);

// For handlers: 200 with a JSON text; a problem; the problem of an error, which is logged when it
// is ours and not the sender's.
void Json(Call& call, std::string body);
void Tell(Call& call, const Problem& problem);
void Tell(Call& call, const Error& error);
// The JSON text, or why there is none.
void Tell(Call& call, Result<std::string> json);
Response ProblemResponse(const Problem& problem, const std::string& request_id);

// Runs `work` on a worker and answers with its JSON text or problem; 429 when the queue is full.
void OnWorker(std::shared_ptr<Call> call, std::function<Result<std::string>(const Call&)> work);
// Likewise; `answer` makes the response of what the work gives.
void OnWorker(std::shared_ptr<Call> call, std::function<Result<std::string>(const Call&)> work,
              Response (*answer)(std::string text));

}  // namespace waypost::api

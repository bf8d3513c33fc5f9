#include "api/api.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/json_body.h"
#include "base/hash.h"
#include "base/logger.h"

namespace waypost::api {
namespace {

constexpr std::string_view kKnownMethods[] = {"GET",    "HEAD",    "POST",  "PUT",    "PATCH",
                                              "DELETE", "OPTIONS", "TRACE", "CONNECT"};

constexpr int64_t kAuditedWaitMs = 5'000;

// What takes more than that is no definition but a list of values or rows.
constexpr uint64_t kLargestDefinition = 4 << 20;
// Of routes that take no body: clients send "{}" all the same.
constexpr uint64_t kNoBodyLimit = 1 << 10;

bool HasCors(std::string_view path) {
  const Match match = FindRoute("OPTIONS", path);
  return std::any_of(match.allowed.begin(), match.allowed.end(),
                     [&](std::string_view method) { return FindRoute(method, path).route->cors; });
}

// Browsers that send credentials need their own origin back, not "*".
void AllowOrigin(const std::string& origin, Response* response) {
  if (origin.empty()) return;
  response->headers.emplace_back("Access-Control-Allow-Origin", origin);
  response->headers.emplace_back("Access-Control-Allow-Credentials", "true");
  response->headers.emplace_back("Vary", "Origin");
}

Response Preflight(const Request& request) {
  Response response{.status = 204, .headers = {}};
  AllowOrigin(request.origin, &response);
  response.headers.emplace_back("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
  const std::string& wanted = request.access_control_request_headers;
  response.headers.emplace_back("Access-Control-Allow-Headers",
                                wanted.empty() ? "Authorization, Content-Type" : wanted);
  response.headers.emplace_back("Access-Control-Max-Age", "86400");
  return response;
}

// Why no route takes the request; it has none.
Response NoRoute(const Request& head, const Match& match) {
  const bool known = std::find(std::begin(kKnownMethods), std::end(kKnownMethods), head.method) !=
                     std::end(kKnownMethods);
  if (!known) return ProblemResponse(ProblemOf("not_implemented", "method"), head.id);
  if (match.allowed.empty()) return ProblemResponse(ProblemOf("not_found"), head.id);
  Response response = ProblemResponse(ProblemOf("method_not_allowed", "method"), head.id);
  std::string allow;
  for (const std::string_view method : match.allowed) {
    allow += (allow.empty() ? "" : ", ") + std::string(method);
  }
  response.headers.emplace_back("Allow", allow);
  return response;
}

// What is wrong with a body before anybody reads it.
std::optional<Problem> FaultOf(const Route& route, std::string_view body) {
  if (route.body_limit == 0) {
    const bool is_empty = body.find_first_not_of(" \t\r\n{}") == body.npos;
    return is_empty ? std::nullopt : std::optional(ProblemOf("body_unwanted", "body"));
  }
  const bool is_definition = !route.request_schema.empty() && route.request_schema != "Events" &&
                             route.right != Right::kCollect &&
                             route.body_limit <= kLargestDefinition;
  if (!is_definition) return std::nullopt;
  const std::string twice = TwiceNamed(body);
  return twice.empty() ? std::nullopt : std::optional(ProblemOf("member_twice", twice));
}

// What refuses the call, if anything does.
std::optional<Response> Refusal(const Route& route, const Request& head, const Caller& caller) {
  const std::string_view why = SignIn::Refusal(route.right, head, caller);
  if (why.empty()) return std::nullopt;
  const std::string where = why == "unauthorized" ? "Authorization"
                            : why == "cross_site" ? "Origin"
                            : why == "forbidden"  ? people::RightName(route.right.needs)
                                                  : "";
  return ProblemResponse(ProblemOf(why, where), head.id);
}

}  // namespace

Api::Api(const Backend& backend, const Clock& clock, uint64_t seed)
    : backend_(backend), clock_(clock), seed_(seed) {}

RequestHandler::Verdict Api::Admit(const Request& head) {
  const auto refuse = [&](Response response) { return Verdict{.refusal = std::move(response)}; };
  if (head.method_override) {
    return refuse(
        ProblemResponse(ProblemOf("method_not_allowed", "X-HTTP-Method-Override"), head.id));
  }
  const Match match = FindRoute(head.method, head.path);
  if (match.route == nullptr) {
    if (head.method == "OPTIONS" && HasCors(head.path)) return {};
    return refuse(NoRoute(head, match));
  }
  const Route& route = *match.route;
  auto refusal = Refusal(route, head, backend_.sign_in.WhoIs(route.right, head));
  if (refusal) return refuse(*std::move(refusal));
  return {.body_limit = route.body_limit == 0 ? kNoBodyLimit : route.body_limit};
}

void Api::Handle(Request request, Respond respond) {
  Match match = FindRoute(request.method, request.path);
  if (match.route == nullptr) return respond(Preflight(request));
  const Route& route = *match.route;
  // Asked again, because the body may have taken long to come.
  Caller caller = backend_.sign_in.WhoIs(route.right, request);
  if (auto refusal = Refusal(route, request, caller)) return respond(*std::move(refusal));
  if (const auto fault = FaultOf(route, request.body))
    return respond(ProblemResponse(*fault, request.id));
  auto call = std::make_shared<Call>(
      Call{backend_, route, std::move(match.parameters), {}, {}, std::move(caller)});
  if (!route.audit.empty()) {
    call->audit =
        std::make_shared<AuditEntry>(AuditEntry{.what = route.audit,
                                                .who = call->caller.name,
                                                .peer = request.peer,
                                                .project = QueryValue(request.query, "project"),
                                                .target = request.method + " " + request.path,
                                                .request_id = request.id});
    respond = Audited(call->audit, std::move(respond));
  }
  call->respond = [this, &route, started_ns = clock_.MonotonicNs(),
                   origin = route.cors ? request.origin : std::string(),
                   respond = std::move(respond)](Response response) {
    const double seconds = static_cast<double>(clock_.MonotonicNs() - started_ns) / 1e9;
    backend_.metrics.Answered(route.path, response.status, seconds);
    AllowOrigin(origin, &response);
    respond(std::move(response));
  };
  call->request = std::move(request);
  if (route.audit.empty()) return route.handle(std::move(call));
  // Recording waits for the disk, which connections never do; and what cannot be recorded is not
  // done.
  if (const Result<> ready = backend_.services.audit.Ready(); !ready.ok()) {
    return Tell(*call, ready.error());
  }
  const bool queued = backend_.workers.Submit(kAuditedWaitMs, [call](bool late) {
    late ? Tell(*call, ProblemOf("overloaded")) : call->route.handle(call);
  });
  if (!queued) Tell(*call, ProblemOf("overloaded"));
}

Respond Api::Audited(std::shared_ptr<AuditEntry> entry, Respond respond) {
  return [this, entry = std::move(entry), respond = std::move(respond)](Response response) {
    entry->status = response.status;
    const Result<> recorded = backend_.services.audit.Record(*entry);
    if (!recorded.ok()) {
      LogError("audit.lost", {{"request_id", entry->request_id},
                              {"status", entry->status},
                              {"error", recorded.error().message()}});
      response = ProblemResponse(ProblemOf(recorded.error()), entry->request_id);
    }
    respond(std::move(response));
  };
}

Response Api::Refuse(const Problem& problem, const std::string& request_id) {
  backend_.metrics.Answered("(refused)", problem.status, 0);
  return ProblemResponse(problem, request_id);
}

std::string Api::NewRequestId() { return fmt::format("{:016x}", MixBits(seed_ + ++requests_)); }

}  // namespace waypost::api

#include "api/routes.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "base/hash.h"
#include "base/logger.h"

namespace waypost::api {
namespace {

constexpr std::string_view kRetryAfterSeconds = "2";
constexpr std::string_view kGuessSeconds = "900";  // Tries::kWindowMs

int64_t WaitMs(Patience patience) {
  switch (patience) {
    case Patience::kNone:
      return 0;
    case Patience::kShort:
      return 5'000;
    case Patience::kLong:
      return 30'000;
  }
  return 0;
}

// Takes the next "/segment" off the front.
std::string_view NextSegment(std::string_view* path) {
  path->remove_prefix(1);
  const std::string_view segment = path->substr(0, path->find('/'));
  path->remove_prefix(segment.size());
  return segment;
}

bool Matches(std::string_view pattern, std::string_view path,
             std::vector<std::string>* parameters) {
  parameters->clear();
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = NextSegment(&pattern);
    if (wanted.ends_with("...}")) {
      return PercentDecode(path.substr(1), false, &parameters->emplace_back());
    }
    const std::string_view given = NextSegment(&path);
    if (!wanted.starts_with('{')) {
      if (wanted != given) return false;
    } else if (!PercentDecode(given, false, &parameters->emplace_back()) || given.empty()) {
      return false;
    }
  }
  return pattern.empty() && path.empty();
}

// Routes whose path has no parameter, by path: nearly all calls end here.
const std::unordered_map<std::string_view, std::vector<const Route*>, TextHash>& PlainPaths() {
  static const auto paths = [] {
    std::unordered_map<std::string_view, std::vector<const Route*>, TextHash> made;
    for (const Route& route : Routes()) {
      if (route.path.find('{') == route.path.npos) made[route.path].push_back(&route);
    }
    return made;
  }();
  return paths;
}

// The first two segments of a path.
std::string_view TopicOf(std::string_view path) {
  const size_t second = path.find('/', 1);
  return second == path.npos ? path : path.substr(0, path.find('/', second + 1));
}

// Routes whose path has parameters, by its topic; by none when there is a parameter in that.
const std::unordered_map<std::string_view, std::vector<const Route*>, TextHash>& Patterns() {
  static const auto patterns = [] {
    std::unordered_map<std::string_view, std::vector<const Route*>, TextHash> made;
    for (const Route& route : Routes()) {
      if (route.path.find('{') == route.path.npos) continue;
      const std::string_view topic = TopicOf(route.path);
      made[topic.find('{') == topic.npos ? topic : std::string_view()].push_back(&route);
    }
    return made;
  }();
  return patterns;
}

Response JsonResponse(std::string json) { return {.body = std::move(json), .headers = {}}; }

}  // namespace

std::span<const Route> Routes() {
  static const std::vector<Route> routes = [] {
    std::vector<Route> all;
    for (const auto& topic :
         {CollectRoutes(), QuestionRoutes(), PlanRoutes(), CustomerRoutes(), SegmentRoutes(),
          IdentityRoutes(), TagRoutes(), WatchRoutes(), ConsoleRoutes(), JourneyRoutes(),
          JourneyTemplateRoutes(), TaskRoutes(), ChannelRoutes(), ApprovalRoutes(), SavedRoutes(),
          PeopleRoutes(), TableRoutes(), DeliveryRoutes()}) {
      all.insert(all.end(), topic.begin(), topic.end());
    }
    return all;
  }();
  return routes;
}

size_t Call::limit() const {
  const std::string text = QueryValue(request.query, "limit");
  size_t limit = 100;
  std::from_chars(text.data(), text.data() + text.size(), limit);
  return std::clamp<size_t>(limit, 1, 1'000);
}

Route Route::Needs(const Right& other) const {
  Route route = *this;
  route.right = other;
  return route;
}

Route Route::Takes(uint64_t limit) const {
  Route route = *this;
  route.body_limit = limit;
  return route;
}

Route Topic::operator()(std::string_view method, std::string_view path, Handler handle,
                        std::string_view audit, std::string_view operation,
                        std::string_view summary, std::string_view request_schema,
                        std::string_view response_schema) const {
  return {.method = method,
          .path = path,
          .right = audit.empty() ? view : change,
          .scope = scope,
          .audit = audit,
          .body_limit = request_schema.empty() ? 0 : body_limit,
          .patience = patience,
          .cors = cors,
          .handle = handle,
          .operation = operation,
          .summary = summary,
          .request_schema = request_schema,
          .response_schema = response_schema.empty() ? answer : response_schema};
}

Match FindRoute(std::string_view method, std::string_view path) {
  Match match;
  if (method == "HEAD") method = "GET";
  std::vector<std::string> parameters;
  const auto consider = [&](const Route& route) {
    match.allowed.push_back(route.method);
    if (route.method != method) return;
    match.route = &route;
    match.parameters = parameters;
  };
  const auto& plain = PlainPaths();
  if (const auto found = plain.find(path); found != plain.end()) {
    for (const Route* route : found->second) consider(*route);
    return match;
  }
  if (!path.starts_with('/')) return match;
  for (const std::string_view topic : {TopicOf(path), std::string_view()}) {
    const auto patterns = Patterns().find(topic);
    if (patterns == Patterns().end()) continue;
    for (const Route* route : patterns->second) {
      if (Matches(route->path, path, &parameters)) consider(*route);
    }
  }
  return match;
}

void Json(Call& call, std::string body) { call.respond({.body = std::move(body), .headers = {}}); }

void Tell(Call& call, const Problem& problem) {
  call.respond(ProblemResponse(problem, call.request.id));
}

void Tell(Call& call, const Error& error) {
  const Problem problem = ProblemOf(error);
  if (problem.status == 500) {
    LogError("request.failed", {{"request_id", call.request.id},
                                {"route", call.route.path},
                                {"code", problem.code},
                                {"reason", error.message()}});
  }
  Tell(call, problem);
}

void Tell(Call& call, Result<std::string> json) {
  json.ok() ? call.respond(JsonResponse(std::move(json).value())) : Tell(call, json.error());
}

Response ProblemResponse(const Problem& problem, const std::string& request_id) {
  Response response{
      .status = problem.status, .body = ProblemJson(problem, request_id), .headers = {}};
  if (problem.status == 429 || problem.status == 503) {
    const bool guessed = problem.code == "too_many_tries";
    response.headers.emplace_back("Retry-After", guessed ? kGuessSeconds : kRetryAfterSeconds);
  }
  if (problem.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

void OnWorker(std::shared_ptr<Call> call, std::function<Result<std::string>(const Call&)> work) {
  OnWorker(std::move(call), std::move(work), JsonResponse);
}

void OnWorker(std::shared_ptr<Call> call, std::function<Result<std::string>(const Call&)> work,
              Response (*answer)(std::string text)) {
  const bool queued = call->backend.workers.Submit(
      WaitMs(call->route.patience), [call, work = std::move(work), answer](bool late) {
        if (late) return Tell(*call, ProblemOf("overloaded"));
        Result<std::string> text = work(*call);
        text.ok() ? call->respond(answer(std::move(text).value())) : Tell(*call, text.error());
      });
  if (!queued) Tell(*call, ProblemOf("overloaded"));
}

}  // namespace waypost::api

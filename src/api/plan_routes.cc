// The tracking plan, and what was collected under it.
#include <algorithm>
#include <charconv>

#include "api/routes.h"

namespace waypost::api {
namespace {

constexpr uint64_t kPlanLimit = 4 << 20;
constexpr size_t kListDefault = 100;
constexpr size_t kListMax = 1'000;

// ?limit=, between 1 and kListMax.
size_t Limit(const Call& call) {
  const std::string text = QueryValue(call.request.query, "limit");
  size_t limit = kListDefault;
  std::from_chars(text.data(), text.data() + text.size(), limit);
  return std::clamp<size_t>(limit, 1, kListMax);
}

void ShowPlan(std::shared_ptr<Call> call) {
  OnWorker(std::move(call), [](const Call& c) { return c.backend.services.plan.Plan(); });
}
void ReplacePlan(std::shared_ptr<Call> call) {
  OnWorker(std::move(call),
           [](const Call& c) { return c.backend.services.plan.Change(c.request.body, true); });
}
void ExtendPlan(std::shared_ptr<Call> call) {
  OnWorker(std::move(call),
           [](const Call& c) { return c.backend.services.plan.Change(c.request.body, false); });
}
void ShowReport(std::shared_ptr<Call> call) {
  OnWorker(std::move(call), [](const Call& c) { return c.backend.services.plan.Report(); });
}
void ShowRecentEvents(std::shared_ptr<Call> call) {
  OnWorker(std::move(call),
           [](const Call& c) { return c.backend.services.plan.RecentEvents(Limit(c)); });
}
void ShowQuarantine(std::shared_ptr<Call> call) {
  OnWorker(std::move(call),
           [](const Call& c) { return c.backend.services.plan.Quarantine(Limit(c)); });
}
void ShowProjects(std::shared_ptr<Call> call) {
  OnWorker(std::move(call), [](const Call& c) { return c.backend.services.plan.Projects(); });
}

}  // namespace

std::vector<Route> PlanRoutes() {
  const auto show = [](std::string_view path, void (*handle)(std::shared_ptr<Call>),
                       std::string_view operation, std::string_view summary,
                       std::string_view response_schema) {
    return Route{.method = "GET",
                 .path = path,
                 .right = Right::kRead,
                 .scope = Scope::kProject,
                 .audit = "",
                 .body_limit = 0,
                 .patience = Patience::kShort,
                 .cors = false,
                 .handle = handle,
                 .operation = operation,
                 .summary = summary,
                 .request_schema = "",
                 .response_schema = response_schema};
  };
  const auto change = [](std::string_view method, void (*handle)(std::shared_ptr<Call>),
                         std::string_view operation, std::string_view summary) {
    return Route{.method = method,
                 .path = "/v1/plan",
                 .right = Right::kChange,
                 .scope = Scope::kProject,
                 .audit = "plan.changed",
                 .body_limit = kPlanLimit,
                 .patience = Patience::kShort,
                 .cors = false,
                 .handle = handle,
                 .operation = operation,
                 .summary = summary,
                 .request_schema = "TrackingPlan",
                 .response_schema = "TrackingPlan"};
  };
  return {
      show("/v1/plan", ShowPlan, "showPlan", "The tracking plan", "TrackingPlan"),
      change("PUT", ReplacePlan, "replacePlan", "Sets the mode and every declaration"),
      change("PATCH", ExtendPlan, "extendPlan", "Declares more, or changes the mode"),
      show("/v1/plan/report", ShowReport, "showPlanReport",
           "How well what was collected fits the plan", "PlanReport"),
      show("/v1/events/recent", ShowRecentEvents, "showRecentEvents",
           "The live debugger: the last collected items, newest first; ?limit=", "Items"),
      show("/v1/quarantine", ShowQuarantine, "showQuarantine",
           "What did not fit, newest first, with reasons; ?limit=", "Items"),
      show("/v1/projects", ShowProjects, "showProjects", "Projects and their sources", "Projects"),
  };
}

}  // namespace waypost::api

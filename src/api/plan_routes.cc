// The tracking plan, and what was collected under it.
#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "api/routes.h"

namespace waypost::api {
namespace {

constexpr uint64_t kPlanLimit = 4 << 20;

void ShowPlan(std::shared_ptr<Call> call) {
  OnWorker(std::move(call), [](const Call& c) { return c.backend.services.plan.Plan(c.sight()); });
}
void ChangePlan(std::shared_ptr<Call> call) {
  OnWorker(std::move(call), [](const Call& c) {
    return c.backend.services.plan.Change(c.project(), c.request.body);
  });
}
void ShowReport(std::shared_ptr<Call> call) {
  OnWorker(std::move(call),
           [](const Call& c) { return c.backend.services.plan.Report(c.project()); });
}
void ShowRecentEvents(std::shared_ptr<Call> call) {
  OnWorker(std::move(call), [](const Call& c) {
    return c.backend.services.plan.RecentEvents(c.sight(), c.limit());
  });
}
void ShowQuarantine(std::shared_ptr<Call> call) {
  OnWorker(std::move(call),
           [](const Call& c) { return c.backend.services.plan.Quarantine(c.sight(), c.limit()); });
}
void ShowProjects(std::shared_ptr<Call> call) {
  OnWorker(std::move(call), [](const Call& c) { return c.backend.services.plan.Projects(); });
}

void ShowSources(std::shared_ptr<Call> call) {
  OnWorker(std::move(call),
           [](const Call& c) { return c.backend.services.plan.Sources(c.project()); });
}

Result<std::string> MakeBackup(const Call& call) {
  boost::system::error_code error;
  const auto body = boost::json::parse(call.request.body, error);
  const auto* fields = error ? nullptr : body.if_object();
  const auto* directory = fields ? fields->if_contains("directory") : nullptr;
  if (!directory || !directory->is_string() || !directory->get_string().starts_with('/')) {
    return Error(Code::kInvalid, "bad_request",
                 "send {\"directory\": an absolute path on the server}");
  }
  TRY(call.backend.services.backups.Backup(call.project(), std::string(directory->get_string())));
  return std::string("{\"status\":\"done\"}");
}

}  // namespace

std::vector<Route> PlanRoutes() {
  Topic plan = Topic::Of(Object::kPlan);
  plan.body_limit = kPlanLimit;
  const Topic events = Topic::Of(Object::kEvents);
  Topic server = Topic::Of(Object::kServer);
  server.body_limit = kPlanLimit;
  return {
      // Every page begins with the projects.
      plan("GET", "/v1/projects", ShowProjects, "", "showProjects", "Projects and their sources",
           {}, "Projects")
          .Needs(Right::kSignedIn),
      plan("GET", "/v1/plan", ShowPlan, "", "showPlan", "The tracking plan", {}, "TrackingPlan")
          .Needs(plan.view.Bounded()),
      plan("PUT", "/v1/plan", ChangePlan, "plan.changed", "putPlan",
           "Declares events and properties, or changes the mode; what is not named stays",
           "TrackingPlan", "TrackingPlan"),
      plan("PATCH", "/v1/plan", ChangePlan, "plan.changed", "patchPlan", "The same as PUT",
           "TrackingPlan", "TrackingPlan"),
      plan("GET", "/v1/plan/report", ShowReport, "", "showPlanReport",
           "How well what was collected fits the plan", {}, "PlanReport"),
      events("GET", "/v1/events/recent", ShowRecentEvents, "", "showRecentEvents",
             "The live debugger: the last collected items, newest first; ?limit=", {}, "Items")
          .Needs(events.view.Bounded()),
      events("GET", "/v1/quarantine", ShowQuarantine, "", "showQuarantine",
             "What did not fit, newest first, with reasons; ?limit=", {}, "Items"),
      Topic{.view = Right::View(Object::kSources).WithoutRows()}(
          "GET", "/v1/sources", ShowSources, "", "showSources",
          "The sources of a project and their write keys", {}, "Sources"),
      server(
          "POST", "/v1/backup",
          [](std::shared_ptr<Call> call) { OnWorker(std::move(call), MakeBackup); }, "backup.made",
          "makeBackup", "Copies the data into a new folder of the server, while it runs",
          "BackupRequest", "Status"),
  };
}

}  // namespace waypost::api

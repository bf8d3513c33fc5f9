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
  const auto change = [](Object object, std::string_view method, std::string_view path,
                         void (*handle)(std::shared_ptr<Call>), std::string_view audit,
                         std::string_view operation, std::string_view summary,
                         std::string_view request_schema, std::string_view response_schema) {
    return Route{.method = method,
                 .path = path,
                 .right = Right::Change(object),
                 .scope = Scope::kProject,
                 .audit = audit,
                 .body_limit = kPlanLimit,
                 .patience = Patience::kShort,
                 .cors = false,
                 .handle = handle,
                 .operation = operation,
                 .summary = summary,
                 .request_schema = request_schema,
                 .response_schema = response_schema};
  };
  Route projects = ShowOfProject(Object::kPlan, "/v1/projects", ShowProjects, "showProjects",
                                 "Projects and their sources", "Projects");
  Route recent =
      ShowOfProject(Object::kEvents, "/v1/events/recent", ShowRecentEvents, "showRecentEvents",
                    "The live debugger: the last collected items, newest first; ?limit=", "Items");
  recent.right = recent.right.Bounded();
  projects.right = Right::kSignedIn;  // every page begins with them
  Route plan = ShowOfProject(Object::kPlan, "/v1/plan", ShowPlan, "showPlan", "The tracking plan",
                             "TrackingPlan");
  plan.right = plan.right.Bounded();
  Route sources = ShowOfProject(Object::kSources, "/v1/sources", ShowSources, "showSources",
                                "The sources of a project and their write keys", "Sources");
  sources.right = sources.right.WithoutRows();
  return {
      plan,
      change(Object::kPlan, "PUT", "/v1/plan", ChangePlan, "plan.changed", "putPlan",
             "Declares events and properties, or changes the mode; what is not named stays",
             "TrackingPlan", "TrackingPlan"),
      change(Object::kPlan, "PATCH", "/v1/plan", ChangePlan, "plan.changed", "patchPlan",
             "The same as PUT", "TrackingPlan", "TrackingPlan"),
      change(
          Object::kServer, "POST", "/v1/backup",
          [](std::shared_ptr<Call> call) { OnWorker(std::move(call), MakeBackup); }, "backup.made",
          "makeBackup", "Copies the data into a new folder of the server, while it runs",
          "BackupRequest", "Status"),
      ShowOfProject(Object::kPlan, "/v1/plan/report", ShowReport, "showPlanReport",
                    "How well what was collected fits the plan", "PlanReport"),
      recent,
      ShowOfProject(Object::kEvents, "/v1/quarantine", ShowQuarantine, "showQuarantine",
                    "What did not fit, newest first, with reasons; ?limit=", "Items"),
      projects,
      sources,
  };
}

}  // namespace waypost::api

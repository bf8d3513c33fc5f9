#include "services/project_plans.h"

#include "base/logger.h"

namespace waypost::services {

std::vector<ScheduledWork> WorksOf(
    const Engines& engines, Catalogs& catalogs, std::string_view what,
    const std::function<Result<std::vector<analytics::Planned>>(ProjectCatalog&)>& plans) {
  std::vector<ScheduledWork> works;
  for (const auto& [project, engine] : engines.All()) {
    const Result<ProjectCatalog*> catalog = catalogs.Find(project);
    if (!catalog.ok()) continue;
    const auto found = plans(*catalog.value());
    if (!found.ok()) {
      LogError(std::string(what) + ".plans_failed",
               {{"project", project}, {"reason", found.error().message()}});
      continue;
    }
    for (const analytics::Planned& plan : found.value())
      works.push_back({project, plan.id, plan.schedule.cron, plan.schedule.zone, plan.last_ms});
  }
  return works;
}

void LogRun(std::string_view what, const ScheduledWork& work, const Result<std::string>& run) {
  const std::string name(what);
  if (run.ok()) return LogInfo(name + ".run", {{"project", work.project}, {"id", work.id}});
  LogError(name + ".run_failed",
           {{"project", work.project}, {"id", work.id}, {"reason", run.error().message()}});
}

}  // namespace waypost::services

// What the projects that are open have to run by schedule.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "analytics/schedule.h"
#include "services/catalogs.h"
#include "services/engines.h"
#include "services/scheduler.h"

namespace waypost::services {

// What `plans` says of each project, in its order. A project whose plans cannot be read is logged
// as `what`.plans_failed and passed over.
std::vector<ScheduledWork> WorksOf(
    const Engines& engines, Catalogs& catalogs, std::string_view what,
    const std::function<Result<std::vector<analytics::Planned>>(ProjectCatalog&)>& plans);

// Says how a run of `what` came out.
void LogRun(std::string_view what, const ScheduledWork& work, const Result<std::string>& run);

}  // namespace waypost::services

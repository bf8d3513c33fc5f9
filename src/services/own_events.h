// What Waypost itself tells of customers: outcomes of messages ("$touch_sent", ...) and what they
// agreed to ("$consent_set"). A project's tracking plan declares it before the first is told, so
// that a strict plan takes it and everybody calls it the same.
#pragma once

#include <string_view>

#include "model/plan_change.h"
#include "model/tracking_plan.h"

namespace waypost::services {

// The source of what journeys tell.
inline constexpr std::string_view kOwnSource = "journeys";

// What of it the plan does not declare. A property that is there keeps its type and its names.
PlanChange UndeclaredOwnEvents(const TrackingPlan& plan, std::string_view project);

}  // namespace waypost::services

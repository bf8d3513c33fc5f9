// A rule as the body of a call gives it.
#pragma once

#include <boost/json/object.hpp>

#include "analytics/rules.h"
#include "exec/selector.h"
#include "segments/segments.h"

namespace waypost::segments {

struct ReadRule {
  eql::Query query;
  analytics::ResolvedQuery resolved;
};

// {"eql"} or {"rule"}, among others. Errors: ResolveQuery's; kTooLarge "too_large" for one that
// would read more than the moment allows.
Result<ReadRule> Resolve(const boost::json::object& body, const Moment& moment, Segments& segments);

// What each part of a rule selects, in the order written.
boost::json::object ReportJson(const eql::Query& query, const exec::SelectionReport& report);

}  // namespace waypost::segments

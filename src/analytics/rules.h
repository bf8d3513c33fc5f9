// Rules of EQL resolved against the tracking plan: names become numbers, relative times become
// instants, and the tree becomes what exec/selection.h runs.
//
//   const eql::Query query = TRY(eql::ParseQuery("vip >= 1 AND DID(pay) LAST 7 DAYS"));
//   const ResolvedQuery resolved = TRY(ResolveQuery(query, names, options));
//   const exec::CustomerBits who = RunQuery(resolved, snapshot, options.threads);
//
// Conditions are read by the Scope that reads the filters of questions, so a filter means the same
// in both.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <limits>
#include <string_view>

#include "analytics/ask.h"
#include "column/snapshot_view.h"
#include "eql/rule.h"
#include "exec/selection.h"

namespace waypost::analytics {

struct ResolvedQuery {
  exec::Rule rule;
  int64_t base_ms = 0;  // the moment of evaluation: what came after one that is given is left out
  uint64_t limit = 0;   // 0: all
  uint64_t seed = 0;
  // Resolved at any moment from base_ms to before this one, the query comes to the same: INT64_MAX
  // when it does not speak of its moment, the end of the day when it speaks of days.
  int64_t same_until_ms = std::numeric_limits<int64_t>::max();
  // Of that only what it says of days: how its answer about a customer may change without anything
  // happening is at this moment, and when exec::NextChange says, and no other, unless `drifts`.
  int64_t same_days_until_ms = std::numeric_limits<int64_t>::max();
  bool drifts = false;  // a value is compared with a moment that moves: `seen > 2 HOURS AGO`
};

// Errors: kInvalid "eql_unknown" (a name, a type, a value that does not fit, a kind of rule that is
// not offered yet), with line and column and the nearest name; what options.sets says of segments
// and lists.
Result<ResolvedQuery> ResolveQuery(const eql::Query& query, const Names& names,
                                   const AskOptions& options);

// Events from `until_ms` on are not there for the rule.
void LeaveOutFrom(int64_t until_ms, exec::Rule* rule);

exec::CustomerBits RunQuery(const ResolvedQuery& query, const column::SnapshotView& snapshot,
                            unsigned threads);

// A rule given as {"eql": text} or {"rule": tree}.
Result<eql::Query> ReadQueryForm(const boost::json::value& json);

}  // namespace waypost::analytics

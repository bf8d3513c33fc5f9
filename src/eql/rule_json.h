// Rules as JSON: the rule tree of the console.
//
//   {"find": "customer", "where": {"and": [
//      {"field": "vip", "op": ">=", "value": 1},
//      {"did": [{"event": "transfer"}], "where": {...}, "range": {"last": 30, "unit": "day"},
//       "measure": "count", "op": ">=", "value": 2}]}}
//
// Every leaf has the member that names its kind: field, did, first, last, seq, top, bottom, sample,
// segment, list, tag, related. docs/eql.md shows each one. Reading never accepts a member it does
// not know.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "eql/rule.h"

namespace waypost::eql {

boost::json::value QueryToJson(const Query& query);
boost::json::value RuleToJson(const Rule& rule);

// kInvalid "eql_syntax": "where.and[1].op: ...".
Result<Query> QueryFromJson(const boost::json::value& json);

}  // namespace waypost::eql

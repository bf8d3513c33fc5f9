// A tag's value for every customer, by its making, at one moment of a project.
#pragma once

#include "analytics/ask.h"
#include "analytics/rules.h"
#include "exec/customer_values.h"
#include "tags/making.h"

namespace waypost::tags {

// What is looked at. options.snapshot is set; options.now_ms is when.
struct Situation {
  const analytics::Names& names;
  analytics::AskOptions options;  // zone, threads, sets and tags that rules may name
  bool past = false;              // events after options.now_ms are not there yet
};

// Values by the root of each customer, and what they are: kString and kList as texts (lists packed,
// model/batch.h), kDouble, kBool (0, 1) and kDateTime (ms) as numbers.
struct Evaluated {
  ValueType type = ValueType::kString;
  exec::CustomerValues values;
};

// Looks every name up, without running anything: what type the values will be. Errors: kInvalid
// "eql_unknown", "bad_tag".
Result<ValueType> CheckMaking(const Making& making, const Situation& situation);

// The customer's attributes as they are in the snapshot; of a past moment what was seen of events
// then (of what had arrived by now). Errors as CheckMaking's. REQUIRES: !making.is_given().
Result<Evaluated> Evaluate(const Making& making, const Situation& situation);
// Only of everyone() of the selector, standing at their ordinals less of.first(); of.snapshot() may
// be near them. REQUIRES: CheckLive() had no objection when it is not of all customers.
Result<Evaluated> Evaluate(const Making& making, const Situation& situation,
                           const exec::Selector& of);

// Everything the values depend on, as rules: who follows what these say can keep the values.
std::vector<eql::Query> QueriesOf(const Making& making);
// Whether each customer's value can be told without the others, and follows from what
// analytics/lookout.h sees. Errors: kInvalid "bad_tag", "eql_unknown"; CheckMaking's.
Result<> CheckLive(const Making& making, const Situation& situation);

}  // namespace waypost::tags

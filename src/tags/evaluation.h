// A tag's value for every customer, by its making, at one moment of a project.
#pragma once

#include "analytics/ask.h"
#include "exec/customer_values.h"
#include "tags/making.h"

namespace waypost::tags {

// What is looked at. options.snapshot is set; options.now_ms is when.
struct Situation {
  const analytics::Names& names;
  analytics::AskOptions options;  // zone, threads, sets and tags that rules may name
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

// The customer's attributes as they are in the snapshot; of events only those up to options.now_ms,
// so that a past moment gives what was seen then (of what had arrived by now). Errors as
// CheckMaking's. REQUIRES: the kind is not kUploaded.
Result<Evaluated> Evaluate(const Making& making, const Situation& situation);

}  // namespace waypost::tags

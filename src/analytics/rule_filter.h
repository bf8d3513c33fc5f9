// Filters inside rules: AND, OR and NOT over conditions on the properties of an event, or on the
// columns of a row.
#pragma once

#include <functional>

#include "base/result.h"
#include "eql/rule.h"
#include "exec/predicate.h"

namespace waypost::analytics {

// Reads a condition of the filter; `field` is a kField.
using ReadLeaf = std::function<Result<exec::Condition>(const eql::Rule& field)>;

// Errors: kInvalid "eql_unknown" with the place when the rule has anything else in it; what `read`
// says.
Result<exec::Predicate> ReadFilter(const eql::Rule& rule, const ReadLeaf& read);

}  // namespace waypost::analytics

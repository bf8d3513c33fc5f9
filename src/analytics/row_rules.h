// Rules about the rows of tables: `SUM(holdings[product_id.ptype = fund].amount) >= 10000`.
//
// Rows are events of the customers they are of (analytics/ask.h), so what a rule asks of them is a
// measure of events as any other. A field of a thing that a row names, `product_id.ptype`, is asked
// of the things first: the rows meant are those that name one of the keys found.
#pragma once

#include <functional>
#include <string>

#include "analytics/ask.h"
#include "eql/rule.h"
#include "exec/selection.h"

namespace waypost::analytics {

// Reads `test` of something called `name` that has values of the type.
using ReadCondition = std::function<Result<exec::Condition>(const eql::Name& name,
                                                            const eql::Test& test, ValueType type)>;

struct RowsMeasured {
  exec::Rule rule;  // kDid; of ANY, ALL and NONE with its test
  // Of an aggregate: what its test compares, which is the caller's to read.
  bool tested = false;
  eql::Measure::Kind measure = eql::Measure::Kind::kCount;
  ValueType type = ValueType::kInt;  // of what is measured
};

// REQUIRES: rule is kRelated. Errors: kInvalid "eql_unknown" with the place and the nearest name;
// what `read` says.
Result<RowsMeasured> ReadRowsRule(const eql::Rule& rule, const Tables& tables,
                                  const ReadCondition& read);

// A test of what is known of the thing that an attribute of customers names: `manager_id.role =
// rm`, as the table "customer" says which do.
struct ThingTested {
  std::string attribute;      // whose table's key it holds
  exec::Condition condition;  // on that; its property is for the caller to say
};
// Errors as ReadRowsRule's. REQUIRES: the name has a point.
Result<ThingTested> ReadThingTest(const eql::Name& name, const eql::Test& test,
                                  const Tables& tables, const ReadCondition& read);

}  // namespace waypost::analytics

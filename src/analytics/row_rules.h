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

// When rows are asked about. `of_past`: at another moment than now, so rows are meant as they were
// then, where their table has history; rows that hold from and to a time are those that hold then.
struct RowMoment {
  eql::Value at{.kind = eql::Value::Kind::kNow, .text = {}};
  bool of_past = false;
};

// REQUIRES: rule is kRelated. Errors: kInvalid "eql_unknown" with the place and the nearest name;
// what `read` says.
Result<RowsMeasured> ReadRowsRule(const eql::Rule& rule, const RowMoment& moment,
                                  const Tables& tables, const ReadCondition& read);

// An attribute as it was: a rule about what is known of it then, of one that "customer" keeps with
// its history.
Result<exec::Rule> ReadAttributeThen(const eql::Name& name, const eql::Test& test,
                                     const RowMoment& moment, const Tables& tables,
                                     const ReadCondition& read);

// A test of what is known of the thing that an attribute of customers names: `manager_id.role =
// rm`, as the table "customer" says which do; or where it is in its tree: `org_id UNDER 'East'`.
struct ThingTested {
  std::string attribute;      // whose table's key it holds
  exec::Condition condition;  // on that; its property is for the caller to say
};
// Errors as ReadRowsRule's.
Result<ThingTested> ReadThingTest(const eql::Name& name, const eql::Test& test,
                                  const RowMoment& moment, const Tables& tables,
                                  const ReadCondition& read);

// UNDER and OVER: whoever reads other conditions has no trees.
inline bool IsOfTree(eql::Op op) { return op == eql::Op::kUnder || op == eql::Op::kOver; }

}  // namespace waypost::analytics

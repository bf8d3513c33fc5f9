// The conditions in rules: `vip >= 1`, `city IN ('上海', '北京')`, `COUNT > 3`. Conditions on
// values are read by the Scope that reads the filters of questions, so a filter means the same in
// both.
#pragma once

#include <boost/json/value.hpp>

#include "analytics/row_rules.h"
#include "analytics/rule_times.h"
#include "analytics/scope.h"

namespace waypost::analytics {

// What the values of a measure are.
struct MeasureType {
  bool time = false;
  long double scale = 1;
};

// For one rule, of one thread. Errors: "eql_unknown" with the place and the nearest name.
class RuleConditions {
 public:
  RuleConditions(const Names& names, const AskOptions& options, const Calendar& calendar,
                 RuleTimes& times)
      : names_(names), options_(options), times_(times), scope_(names, options, calendar) {}

  // The attribute of customers or the property of events that is meant.
  Result<PropertyName> Find(const eql::Name& name, bool of_customer) const;

  // The test of the value of an attribute (also of a thing it names, `manager_id.role`) or
  // property.
  Result<exec::Condition> OfField(const eql::Name& name, const eql::Test& test, bool of_customer);

  // The test of a value of the type of something called `name`; its property is for the caller to
  // say.
  Result<exec::Condition> OfValue(const eql::Name& name, const eql::Test& test,
                                  ValueType type) const;
  ReadCondition Reader() const;  // OfValue; while this lives
  // When rows of tables are asked about: `at`, none or one, else the moment of evaluation.
  RowMoment RowsAt(const std::vector<eql::Value>& at) const;

  // The test of what a measure comes to.
  Result<exec::NumberTest> OfMeasure(const eql::Place& place, eql::Measure::Kind measure,
                                     const eql::Test& test, const MeasureType& type) const;

  const std::vector<uint32_t>& ignored() const { return scope_.ignored(); }

 private:
  Result<boost::json::value> FilterValue(const eql::Place& place, const eql::Value& value,
                                         ValueType type, bool end = false) const;
  Result<boost::json::value> Filter(const eql::Name& name, const eql::Test& test,
                                    ValueType type) const;
  Result<> PutRange(const eql::Place& place, const eql::Range& range, ValueType type,
                    boost::json::object* filter) const;
  Result<exec::Condition> OfThing(const eql::Name& name, const eql::Test& test) const;
  Result<long double> MeasureValue(const eql::Place& place, const eql::Value& value,
                                   const MeasureType& type, bool end) const;

  const Names& names_;
  const AskOptions& options_;
  RuleTimes& times_;
  Scope scope_;
};

}  // namespace waypost::analytics

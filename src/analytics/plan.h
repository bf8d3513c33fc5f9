// Kinds of questions. Each is one file: it reads its form into a Plan, and a plan can run or say
// what it would touch. Adding a kind is a file and a line in ask.cc.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "analytics/answer.h"
#include "analytics/scope.h"
#include "exec/customer_set.h"

namespace waypost::analytics {

class Plan {
 public:
  virtual ~Plan() = default;
  // What will be bound; for Explain.
  virtual exec::BindSpec Binding() const = 0;
  // One line for people: the way chosen.
  virtual std::string Describe() const = 0;
  // Writes the members of the answer after its head (an open object).
  virtual Result<> Run(const column::SnapshotView& snapshot, Answer* out) const = 0;
};

// Plans share `scope` with their question: it outlives them.
Result<std::unique_ptr<Plan>> PlanTrends(const Form& question, Scope* scope);
Result<std::unique_ptr<Plan>> PlanFunnel(const Form& question, Scope* scope);
Result<std::unique_ptr<Plan>> PlanRetention(const Form& question, Scope* scope);
Result<std::unique_ptr<Plan>> PlanSequence(const Form& question, Scope* scope);
Result<std::unique_ptr<Plan>> PlanLifecycle(const Form& question, Scope* scope);
Result<std::unique_ptr<Plan>> PlanStickiness(const Form& question, Scope* scope);
Result<std::unique_ptr<Plan>> PlanPortrait(const Form& question, Scope* scope);

// What plans write alike.

// "range": {"from", "to"}, as instants in the question's zone.
void WriteRange(const exec::TimeRange& range, const Scope& scope, Answer* out);
// "buckets": [{"from", "complete"}]. A bucket is complete when nothing can change it any more: it
// and `after_ms` are over, late events included.
void WriteBuckets(const exec::TimeBuckets& buckets, int64_t after_ms, const Scope& scope,
                  Answer* out);
// A value of a type as answers show it.
void WriteValue(const exec::GroupValue& value, ValueType type, Answer* out);
// One group's values: ["android", null], or "$other".
void WriteGroup(const exec::GroupTuple& group, const Scope& scope, Answer* out);
// "customers": {"count", "ordinals", "names"}, the first ones when there are very many.
void WriteCustomers(const exec::CustomerSet& customers, const Scope& scope, Answer* out);
// A whole number of a property's type: decimals with their point.
void WriteWhole(__int128 v, ValueType type, Answer* out);

// The groups that keep their names: the `top` first by measure, ties by value. `measures` by group,
// in order of value.
exec::Grouping CloseGrouping(const exec::Grouping& open, size_t top,
                             const std::vector<std::pair<double, exec::GroupTuple>>& measures);

}  // namespace waypost::analytics

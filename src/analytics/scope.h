// Reads the parts that all kinds of questions share (events, filters, breakdowns, ranges) against
// the tracking plan, and collects what the operator will need.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analytics/ask.h"
#include "analytics/calendar.h"
#include "analytics/names.h"
#include "exec/binding.h"
#include "exec/group_keys.h"
#include "model/form.h"

namespace waypost::analytics {

inline constexpr size_t kMaxEventChoices = 100;
inline constexpr size_t kMaxFilterItems =
    1'000;  // conditions of a question, and values of a condition
inline constexpr int kMaxFilterDepth = 16;
inline constexpr size_t kMaxDimensions = 5;
inline constexpr size_t kMaxTagDays = 400;  // of a tag that is asked as of events
inline constexpr size_t kMaxGroups = 10'000;
inline constexpr size_t kMaxBuckets = 5'000;
inline constexpr size_t kMaxCustomersGiven = 100'000;

// The value of a property as questions compare it. Decimals are ten-thousandths.
exec::Domain DomainOf(ValueType type);

// One question being read. Belongs to one thread; borrows names and options.
class Scope {
 public:
  Scope(const Names& names, const AskOptions& options, Calendar calendar);

  const Names& names() const { return names_; }
  const AskOptions& options() const { return options_; }
  const Calendar& calendar() const { return calendar_; }

  // "name" · {"event": "name", "where": filter} · "*" for any event · a list of these.
  Result<exec::EventSet> Events(const Form& form);
  // How an event set is called when the question does not say: its first event's name.
  std::string EventsName(const Form& form) const;

  // The member "first" of a form that says `events`: whose first event ever is meant. "match": of
  // these events, "event": of their names whatever else is asked of them, or an event set written
  // as an object or a list. Empty when absent.
  Result<exec::EventSet> FirstOf(const Form& form, const exec::EventSet& events);

  // A filter: {"property" | "customer" | "tag": name, "op": ..., "value": ...} · {"all" | "any":
  // [...]} ·
  // {"not": filter} · a list, all of which must hold.
  Result<exec::Predicate> Filter(const Form& form);
  // A filter of events, and with it what the population asks of each event's customer.
  Result<exec::Predicate> Where(const Form& form);
  // What the members "op", "value" and "null" of a filter ask of a value of the type.
  Result<exec::Condition> ReadTest(const Form& form, std::string_view name, ValueType type) const;
  // The members "as_of", "who" and "ignore" of the question, before all others. "who" is a filter
  // of customers, or a rule:
  // {"eql": text} or {"rule": tree} (analytics/rules.h).
  Result<> ReadPopulation(const Form& question);
  // The members "by" and "top".
  Result<exec::Grouping> Breakdown(const Form& question);
  size_t top() const { return top_; }
  // A group as an answer shows it: a list of values, or "$other".
  Result<exec::GroupTuple> Group(const Form& form, const exec::Grouping& grouping) const;

  // A number or text property of events, as an index into properties().
  struct Column {
    uint32_t index = 0;
    ValueType type = ValueType::kString;
  };
  Result<Column> EventProperty(const Form& form);

  // An instant: local or marked text, or ms since 1970.
  Result<int64_t> Instant(const Form& form) const;
  // The member "range": {"from", "to"} or {"last", "unit", "include_current"}.
  Result<exec::TimeRange> Range(const Form& question) const;
  // A bucket of `buckets` that holds the instant the form names.
  Result<uint32_t> Bucket(const Form& form, const exec::TimeBuckets& buckets) const;

  // What was collected.
  const exec::Population& population() const { return population_; }
  // Whether attributes and tags count as they were when an event happened.
  bool as_of_event() const { return as_of_event_; }
  const std::vector<uint32_t>& properties() const { return properties_; }
  const std::vector<uint32_t>& attributes() const { return attributes_; }
  const std::vector<uint32_t>& ignored() const { return ignored_; }

 private:
  Result<exec::EventChoice> Choice(const Form& form);
  Result<> ReadRule(const Form& who);
  Result<> ReadAsOf(const Form& question);
  Result<exec::Predicate> FilterAt(const Form& form, int depth);
  Result<exec::Predicate> Leaf(const Form& form);
  Result<exec::Predicate> TagLeaf(const Form& form, const Form& tag);
  exec::Predicate OfCustomer(exec::Condition condition);
  Result<> ReadValues(const Form& form, std::string_view op, ValueType type,
                      exec::Condition* condition) const;
  Result<> ReadNumbers(const Form& form, std::string_view op, ValueType type,
                       exec::Condition* condition) const;
  // A value of the type, as the condition's domain has it: exact when it can be.
  struct Number {
    bool exact = true;
    int64_t whole = 0;
    double real = 0;
  };
  Result<Number> ReadNumber(const Form& form, ValueType type) const;
  Result<PropertyName> Property(const Form& form, bool of_customer) const;
  // What an attribute was, and of which type; `name` is an attribute's.
  struct Past {
    std::shared_ptr<const exec::PastColumn> column;
    ValueType type = ValueType::kString;
  };
  Result<Past> PastOf(const Form& name) const;

  const Names& names_;
  const AskOptions& options_;
  Calendar calendar_;
  exec::Population population_;
  bool as_of_event_ = false;
  exec::Predicate each_;  // what the population asks of each event's customer
  std::vector<uint32_t> properties_, attributes_, ignored_;
  std::vector<ValueType> dimension_types_;
  size_t conditions_ = 0;
  size_t top_ = 25;

 public:
  // The plan's types of the breakdown's properties, to write their values.
  const std::vector<ValueType>& dimension_types() const { return dimension_types_; }
};

}  // namespace waypost::analytics

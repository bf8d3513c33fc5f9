#include "analytics/rule_conditions.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cmath>
#include <utility>

#include "base/nearest.h"
#include "eql/text.h"

namespace waypost::analytics {
namespace {

namespace json = boost::json;
using eql::Op;
using eql::Place;

// The operator as filters of questions write it.
std::string_view FilterOp(Op op) {
  switch (op) {
    case Op::kEqual:
      return "=";
    case Op::kNotEqual:
      return "!=";
    case Op::kLess:
      return "<";
    case Op::kLessEqual:
      return "<=";
    case Op::kGreater:
      return ">";
    case Op::kGreaterEqual:
      return ">=";
    case Op::kIn:
      return "in";
    case Op::kNotIn:
      return "not in";
    case Op::kContains:
      return "contains";
    case Op::kNotContains:
      return "not contains";
    case Op::kStartsWith:
      return "starts with";
    case Op::kEndsWith:
      return "ends with";
    case Op::kMatches:
      return "matches";
    case Op::kNotMatches:
      return "not matches";
    case Op::kHasAny:
      return "has any";
    case Op::kHasAll:
      return "has all";
    case Op::kHasNone:
      return "has none";
    case Op::kIsNull:
      return "is not set";
    case Op::kIsNotNull:
      return "is set";
    case Op::kBetween:
    case Op::kWithin:
    case Op::kUnder:  // not of filters
    case Op::kOver:
      return "between";
  }
  return "=";
}

json::value ValueJson(const eql::Value& value) {
  switch (value.kind) {
    case eql::Value::Kind::kWhole:
      return value.whole;
    case eql::Value::Kind::kReal:
      return value.real;
    case eql::Value::Kind::kFlag:
      return value.whole != 0;
    default:
      return json::string(value.text);
  }
}

}  // namespace

Result<PropertyName> RuleConditions::Find(const eql::Name& name, bool of_customer) const {
  const auto found = of_customer ? names_.Attribute(name.text) : names_.Property(name.text);
  if (found) return *found;
  const std::string nearest =
      Nearest(name.text, of_customer ? names_.AttributeNames() : names_.PropertyNames());
  return Unknown(
      name.place,
      fmt::format("there is no {} '{}'{}", of_customer ? "field" : "event property", name.text,
                  nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
}

// A value as the filters of questions take it for the type.
Result<json::value> RuleConditions::FilterValue(const Place& place, const eql::Value& value,
                                                ValueType type, bool end) const {
  const bool moment = value.kind >= eql::Value::Kind::kNow;
  if (type == ValueType::kDateTime && (moment || value.kind == eql::Value::Kind::kText))
    return json::value(TRY(times_.Instant(place, value, end)));
  if (type == ValueType::kDate && moment)
    return json::value(times_.DateOf(TRY(times_.Instant(place, value))));
  if (moment)
    return Unknown(place, fmt::format("a time cannot be compared with a {}", ValueTypeName(type)));
  return ValueJson(value);
}

// {"op", "value"}: what Scope reads of a filter.
Result<json::value> RuleConditions::Filter(const eql::Name& name, const eql::Test& test,
                                           ValueType type) const {
  const bool timed = type == ValueType::kDateTime || type == ValueType::kDate;
  json::object filter{{"op", FilterOp(test.op)}};
  switch (eql::FormOf(test.op).takes) {
    case eql::OpForm::Takes::kNothing:
      break;
    case eql::OpForm::Takes::kOne: {
      const bool end = test.op == Op::kLessEqual || test.op == Op::kGreater;
      filter["value"] = TRY(FilterValue(name.place, test.values[0], type, end));
      break;
    }
    case eql::OpForm::Takes::kTwo:
      filter["value"] = json::array{TRY(FilterValue(name.place, test.values[0], type)),
                                    TRY(FilterValue(name.place, test.values[1], type, true))};
      break;
    case eql::OpForm::Takes::kList: {
      json::array values;
      for (const eql::Value& value : test.values)
        values.push_back(TRY(FilterValue(name.place, value, type)));
      filter["value"] = std::move(values);
      break;
    }
    case eql::OpForm::Takes::kRange:
      if (!timed) {
        return Unknown(name.place,
                       fmt::format("'{}' is a {}, not a time", name.text, ValueTypeName(type)));
      }
      TRY(PutRange(name.place, test.range, type, &filter));
      break;
  }
  return json::value(std::move(filter));
}

Result<> RuleConditions::PutRange(const Place& place, const eql::Range& range, ValueType type,
                                  json::object* filter) const {
  const exec::TimeRange time = TRY(times_.Range(place, range));
  const bool open = time.to_ms == exec::TimeRange().to_ms;
  const auto value = [&](int64_t ms) -> json::value {
    if (type == ValueType::kDate) return json::string(times_.DateOf(ms));
    return ms;
  };
  if (open) {
    (*filter)["op"] = ">=";
    (*filter)["value"] = value(time.from_ms);
  } else {
    (*filter)["value"] = json::array{value(time.from_ms), value(time.to_ms - 1)};
  }
  return {};
}

Result<exec::Condition> RuleConditions::OfField(const eql::Name& name, const eql::Test& test,
                                                bool of_customer) {
  const bool path = name.text.find('.') != std::string::npos;
  if (of_customer && IsOfTree(test.op) && options_.tables) return OfThing(name, test);
  if (of_customer && path && options_.tables && !names_.Attribute(name.text))
    return OfThing(name, test);
  const PropertyName property = TRY(Find(name, of_customer));
  exec::Condition condition = TRY(OfValue(name, test, property.type));
  condition.property = property.id;
  return condition;
}

Result<exec::Condition> RuleConditions::OfValue(const eql::Name& name, const eql::Test& test,
                                                ValueType type) const {
  if (IsOfTree(test.op)) {
    return Unknown(name.place,
                   fmt::format("{} needs an attribute or a column that names a thing of "
                               "a tree; '{}' does not",
                               eql::FormOf(test.op).words, name.text));
  }
  const json::value filter = TRY(Filter(name, test, type));
  Result<exec::Condition> read = scope_.ReadTest(Form(filter, "bad_question", ""), name.text, type);
  if (!read.ok()) return Unknown(name.place, read.error().message());
  return read;
}

ReadCondition RuleConditions::Reader() const {
  return [this](const eql::Name& name, const eql::Test& test, ValueType type) {
    return OfValue(name, test, type);
  };
}

RowMoment RuleConditions::RowsAt(const std::vector<eql::Value>& at) const {
  RowMoment moment{.of_past = times_.of_past() || !at.empty()};
  if (!at.empty()) moment.at = at[0];
  return moment;
}

Result<exec::Condition> RuleConditions::OfThing(const eql::Name& name,
                                                const eql::Test& test) const {
  ThingTested thing = TRY(ReadThingTest(name, test, RowsAt({}), *options_.tables, Reader()));
  const PropertyName attribute = TRY(Find({thing.attribute, name.place}, true));
  if (DomainOf(attribute.type) != thing.condition.domain) {
    return Unknown(name.place, fmt::format("'{}' is a {}, and what it refers to has another key",
                                           thing.attribute, ValueTypeName(attribute.type)));
  }
  thing.condition.property = attribute.id;
  return std::move(thing.condition);
}

Result<exec::NumberTest> RuleConditions::OfMeasure(const Place& place, eql::Measure::Kind measure,
                                                   const eql::Test& test,
                                                   const MeasureType& type) const {
  exec::NumberTest out;
  const auto value = [&](size_t v, bool end = false) {
    return MeasureValue(place, test.values[v], type, end);
  };
  switch (test.op) {
    case Op::kEqual:
    case Op::kNotEqual:
      out.in.push_back(TRY(value(0)));
      out.negated = test.op == Op::kNotEqual;
      return out;
    case Op::kIn:
    case Op::kNotIn:
      for (size_t v = 0; v < test.values.size(); ++v) out.in.push_back(TRY(value(v)));
      out.negated = test.op == Op::kNotIn;
      return out;
    case Op::kLess:
    case Op::kLessEqual:
      out.max = TRY(value(0, test.op == Op::kLessEqual));
      out.max_open = test.op == Op::kLess;
      return out;
    case Op::kGreater:
    case Op::kGreaterEqual:
      out.min = TRY(value(0, test.op == Op::kGreater));
      out.min_open = test.op == Op::kGreater;
      return out;
    case Op::kBetween:
      out.min = TRY(value(0));
      out.max = TRY(value(1, true));
      return out;
    case Op::kIsNull:
      out.negated = true;  // of everything: nothing but NULL
      out.null_passes = true;
      return out;
    case Op::kIsNotNull:
      return out;
    case Op::kWithin:
      if (type.time) {
        const exec::TimeRange time = TRY(times_.Range(place, test.range));
        out.min = static_cast<long double>(time.from_ms);
        out.max = static_cast<long double>(time.to_ms);
        out.max_open = true;
        return out;
      }
      break;
    default:
      break;
  }
  return Unknown(place, fmt::format("{} cannot be compared with {}", eql::MeasureName(measure),
                                    eql::FormOf(test.op).words));
}

Result<long double> RuleConditions::MeasureValue(const Place& place, const eql::Value& value,
                                                 const MeasureType& type, bool end) const {
  if (type.time) return static_cast<long double>(TRY(times_.Instant(place, value, end)));
  if (value.kind == eql::Value::Kind::kWhole)
    return static_cast<long double>(value.whole) * type.scale;
  if (value.kind != eql::Value::Kind::kReal) return Unknown(place, "expected a number");
  const long double scaled = static_cast<long double>(value.real) * type.scale;
  // 0.1 as a double is not quite a tenth: the decimal that was written is.
  const long double nearest = std::nearbyint(scaled);
  return type.scale != 1 && std::abs(scaled - nearest) < 1e-6L ? nearest : scaled;
}

}  // namespace waypost::analytics

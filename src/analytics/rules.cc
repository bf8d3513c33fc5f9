#include "analytics/rules.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cmath>
#include <utility>

#include "analytics/row_rules.h"
#include "analytics/scope.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/nearest.h"
#include "eql/rule_json.h"
#include "eql/text.h"
#include "exec/customer_values.h"

namespace waypost::analytics {
namespace {

namespace json = boost::json;
using eql::Op;
using eql::Place;

// Days are counted from here on; what is older counts as the day before.
constexpr int64_t kFirstDayMs = 631'152'000'000;  // 1990-01-01
// What a number's place in the range of instants leaves out: nothing.
constexpr exec::TimeRange kAlways;

Error Unknown(const Place& place, std::string_view what) {
  return eql::ErrorAt(place, "eql_unknown", what);
}

int64_t UnitMs(eql::Unit unit) {
  switch (unit) {
    case eql::Unit::kSecond:
      return 1'000;
    case eql::Unit::kMinute:
      return 60'000;
    case eql::Unit::kHour:
      return 3'600'000;
    case eql::Unit::kDay:
      return kDayMs;
    case eql::Unit::kWeek:
      return 7 * kDayMs;
    default:
      return 0;
  }
}

CalendarUnit CalendarUnitOf(eql::Unit unit) {
  switch (unit) {
    case eql::Unit::kWeek:
      return CalendarUnit::kWeek;
    case eql::Unit::kMonth:
      return CalendarUnit::kMonth;
    case eql::Unit::kQuarter:
      return CalendarUnit::kQuarter;
    case eql::Unit::kYear:
      return CalendarUnit::kYear;
    default:
      return CalendarUnit::kDay;
  }
}

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
      return "between";
  }
  return "=";
}

class Resolver {
 public:
  Resolver(const Names& names, const AskOptions& options, Calendar calendar, int64_t base_ms)
      : names_(names),
        options_(options),
        calendar_(std::move(calendar)),
        base_ms_(base_ms),
        scope_(names, options, calendar_) {}

  // How long what was resolved so far stays the same.
  void SayHowLong(ResolvedQuery* out) const {
    out->same_days_until_ms = days_until_ms_;
    out->drifts = drifts_;
    out->same_until_ms = drifts_ || rolls_ ? base_ms_ + 1 : days_until_ms_;
  }

  Result<exec::Rule> Resolve(const eql::Rule& rule) {
    exec::Rule out;
    if (options_.at_hand == AtHand::kEvent && rule.kind > eql::Rule::Kind::kField) {
      return Unknown(rule.place, "a condition on an event speaks of its properties only");
    }
    switch (rule.kind) {
      case eql::Rule::Kind::kAnd:
      case eql::Rule::Kind::kOr:
      case eql::Rule::Kind::kNot:
        out.kind = rule.kind == eql::Rule::Kind::kAnd  ? exec::Rule::Kind::kAll
                   : rule.kind == eql::Rule::Kind::kOr ? exec::Rule::Kind::kAny
                                                       : exec::Rule::Kind::kNot;
        for (const eql::Rule& part : rule.of) out.of.push_back(TRY(Resolve(part)));
        return out;
      case eql::Rule::Kind::kField:
        return ResolveField(rule);
      case eql::Rule::Kind::kDid:
        return ResolveDid(rule);
      case eql::Rule::Kind::kFirst:
      case eql::Rule::Kind::kLast:
        out.kind = exec::Rule::Kind::kEdge;
        out.last = rule.kind == eql::Rule::Kind::kLast;
        TRY(ReadEvents(rule, &out));
        out.condition = TRY(FieldCondition(rule.name, rule.test, false));
        return out;
      case eql::Rule::Kind::kSequence:
        return ResolveSequence(rule);
      case eql::Rule::Kind::kRank:
        return ResolveRank(rule);
      case eql::Rule::Kind::kSample:
        out.kind = exec::Rule::Kind::kSample;
        out.share = rule.number / 100;
        out.seed = Hash64(rule.seed);
        return out;
      case eql::Rule::Kind::kSegment:
      case eql::Rule::Kind::kList:
        return ResolveSet(rule);
      case eql::Rule::Kind::kTag:
        return ResolveTag(rule);
      case eql::Rule::Kind::kRelated:
        return ResolveRows(rule);
    }
    return out;
  }

  // The instant a value means; `end`: the last millisecond of a day that is written as a date.
  Result<int64_t> Instant(const Place& place, const eql::Value& value, bool end = false) const {
    switch (value.kind) {
      case eql::Value::Kind::kNow:
        return Moment();
      case eql::Value::Kind::kToday:
        return end ? calendar_.Step(Day(), CalendarUnit::kDay, 1) - 1 : Today();
      case eql::Value::Kind::kAgo:
        return Ago(value.ago, end);
      case eql::Value::Kind::kText: {
        if (const auto days = ParseDate(value.text)) {
          const int64_t begin = calendar_.Instant(*days * kDayMs);
          return end ? calendar_.Step(begin, CalendarUnit::kDay, 1) - 1 : begin;
        }
        if (const auto written = ParseDateTime(value.text)) return calendar_.Instant(*written);
        break;
      }
      default:
        break;
    }
    return Unknown(place, fmt::format("'{}' is no time; write '2026-03-01' or '2026-03-01 09:00'",
                                      value.text));
  }

 private:
  // The moment of evaluation, for what follows it at every step; and for what depends only on which
  // day it is.
  int64_t Moment() const {
    drifts_ = true;
    return base_ms_;
  }
  int64_t Day() const {
    days_until_ms_ = std::min(days_until_ms_, calendar_.Step(base_ms_, CalendarUnit::kDay, 1));
    return base_ms_;
  }
  int64_t Today() const { return calendar_.Floor(Day(), CalendarUnit::kDay); }

  int64_t Ago(const eql::Span& span, bool end) const {
    if (span.unit <= eql::Unit::kHour) return Moment() - span.count * UnitMs(span.unit);
    int64_t begin = Today();
    switch (span.unit) {
      case eql::Unit::kMonth:
        begin = calendar_.AddMonths(begin, -span.count);
        break;
      case eql::Unit::kQuarter:
        begin = calendar_.AddMonths(begin, -3 * span.count);
        break;
      case eql::Unit::kYear:
        begin = calendar_.AddMonths(begin, -12 * span.count);
        break;
      default:
        begin = calendar_.Step(begin, CalendarUnit::kDay,
                               -span.count * (span.unit == eql::Unit::kWeek ? 7 : 1));
    }
    return end ? calendar_.Step(begin, CalendarUnit::kDay, 1) - 1 : begin;
  }

  // The time of events, whose ends may roll.
  Result<exec::TimeRange> EventTime(const eql::Rule& rule, exec::Rule* out) const {
    const bool drifts = std::exchange(drifts_, false);
    const exec::TimeRange time = TRY(TimeRange(rule.place, rule.range));
    if (drifts_) {
      const auto rolls = [](const eql::Value& end) {
        return end.kind == eql::Value::Kind::kNow ||
               (end.kind == eql::Value::Kind::kAgo && end.ago.unit <= eql::Unit::kHour);
      };
      const bool relative = rule.range.kind <= eql::Range::Kind::kNext;
      out->rolls_from = relative || rolls(rule.range.from);
      out->rolls_to = relative || rolls(rule.range.to);
      rolls_ = true;
    }
    drifts_ = drifts;
    return time;
  }

  Result<exec::TimeRange> TimeRange(const Place& place, const eql::Range& range) const {
    exec::TimeRange time = kAlways;
    switch (range.kind) {
      case eql::Range::Kind::kNone:
        return time;
      case eql::Range::Kind::kSince:
        time.from_ms = TRY(Instant(place, range.from));
        return time;
      case eql::Range::Kind::kBetween:
        time = {TRY(Instant(place, range.from)), TRY(Instant(place, range.to, true)) + 1};
        if (time.from_ms >= time.to_ms) return Unknown(place, "the range ends before it begins");
        return time;
      default:
        return Relative(place, range);
    }
  }

  Result<exec::TimeRange> Relative(const Place& place, const eql::Range& range) const {
    const bool last = range.kind == eql::Range::Kind::kLast;
    const eql::Span& span = range.span;
    if (span.unit <= eql::Unit::kHour) {
      const int64_t ms = span.count * UnitMs(span.unit);
      const int64_t now = Moment();
      return last ? exec::TimeRange{now - ms, now + 1} : exec::TimeRange{now, now + ms + 1};
    }
    constexpr int64_t kMost = 36'600;
    if (span.count > kMost) return Unknown(place, fmt::format("over {} units", kMost));
    const CalendarUnit unit = CalendarUnitOf(span.unit);
    const int64_t current = range.current;
    const auto step = [&](int64_t count) { return calendar_.Step(Day(), unit, count); };
    return last ? exec::TimeRange{step(current - span.count), step(current)}
                : exec::TimeRange{step(1 - current), step(1 - current + span.count)};
  }

  // Conditions.

  Result<PropertyName> Find(const eql::Name& name, bool of_customer) const {
    const auto found = of_customer ? names_.Attribute(name.text) : names_.Property(name.text);
    if (found) return *found;
    const std::string nearest =
        Nearest(name.text, of_customer ? names_.AttributeNames() : names_.PropertyNames());
    return Unknown(
        name.place,
        fmt::format("there is no {} '{}'{}", of_customer ? "field" : "event property", name.text,
                    nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
  }

  json::value ValueJson(const eql::Value& value) const {
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

  // A value as the filters of questions take it for the type.
  Result<json::value> FilterValue(const Place& place, const eql::Value& value, ValueType type,
                                  bool end = false) const {
    const bool moment = value.kind >= eql::Value::Kind::kNow;
    if (type == ValueType::kDateTime && (moment || value.kind == eql::Value::Kind::kText))
      return json::value(TRY(Instant(place, value, end)));
    if (type == ValueType::kDate && moment) return json::value(DateOf(TRY(Instant(place, value))));
    if (moment)
      return Unknown(place,
                     fmt::format("a time cannot be compared with a {}", ValueTypeName(type)));
    return ValueJson(value);
  }
  std::string DateOf(int64_t instant_ms) const {
    const int64_t wall = calendar_.Wall(instant_ms);
    return DateText((wall - (wall % kDayMs + kDayMs) % kDayMs) / kDayMs);
  }

  // {"op", "value"}: what Scope reads of a filter.
  Result<json::value> TestFilter(const eql::Name& name, const eql::Test& test,
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

  Result<> PutRange(const Place& place, const eql::Range& range, ValueType type,
                    json::object* filter) const {
    const exec::TimeRange time = TRY(TimeRange(place, range));
    const bool open = time.to_ms == kAlways.to_ms;
    const auto value = [&](int64_t ms) -> json::value {
      if (type == ValueType::kDate) return json::string(DateOf(ms));
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

  // What Scope says of a form, at the place in the rule.
  template <typename T>
  static Result<T> At(const Place& place, Result<T> read) {
    if (read.ok()) return read;
    return Unknown(place, read.error().message());
  }

  Result<exec::Condition> FieldCondition(const eql::Name& name, const eql::Test& test,
                                         bool of_customer) {
    const bool path = name.text.find('.') != std::string::npos;
    if (of_customer && path && options_.tables && !names_.Attribute(name.text))
      return ThingCondition(name, test);
    const PropertyName property = TRY(Find(name, of_customer));
    exec::Condition condition = TRY(TestCondition(name, test, property.type));
    condition.property = property.id;
    return condition;
  }

  Result<exec::Condition> TestCondition(const eql::Name& name, const eql::Test& test,
                                        ValueType type) const {
    const json::value filter = TRY(TestFilter(name, test, type));
    return At(name.place, scope_.ReadTest(Form(filter, ""), name.text, type));
  }

  // Tables.

  ReadCondition Conditions() const {
    return [this](const eql::Name& name, const eql::Test& test, ValueType type) {
      return TestCondition(name, test, type);
    };
  }

  Result<exec::Condition> ThingCondition(const eql::Name& name, const eql::Test& test) const {
    ThingTested thing = TRY(ReadThingTest(name, test, *options_.tables, Conditions()));
    const PropertyName attribute = TRY(Find({thing.attribute, name.place}, true));
    if (DomainOf(attribute.type) != thing.condition.domain) {
      return Unknown(name.place, fmt::format("'{}' is a {}, and what it refers to has another key",
                                             thing.attribute, ValueTypeName(attribute.type)));
    }
    thing.condition.property = attribute.id;
    return std::move(thing.condition);
  }

  Result<exec::Rule> ResolveRows(const eql::Rule& rule) const {
    if (!options_.tables) return Unknown(rule.place, "there are no tables here");
    RowsMeasured rows = TRY(ReadRowsRule(rule, *options_.tables, Conditions()));
    if (!rows.tested) return std::move(rows.rule);
    eql::Rule tested{.place = rule.place, .test = rule.test, .measure = {.kind = rows.measure}};
    rows.rule.test = TRY(ReadTest(
        tested,
        {rows.type == ValueType::kDateTime,
         rows.type == ValueType::kDecimal ? static_cast<long double>(kDecimalScale) : 1.0L}));
    return std::move(rows.rule);
  }

  // Tags.

  Result<exec::Rule> ResolveTag(const eql::Rule& rule) const {
    if (!options_.tags) return Unknown(rule.place, "there are no tags here");
    if (rule.changed) return ResolveChange(rule);
    const int64_t at_ms = rule.at.empty() ? base_ms_ : TRY(Instant(rule.place, rule.at[0], true));
    const auto values = TRY(OfTag(rule, options_.tags->Find(rule.name.text, at_ms)));
    return TagRule(rule.name, rule.test, values);
  }
  template <typename T>
  static Result<T> OfTag(const eql::Rule& rule, Result<T> found) {
    if (found.ok() || found.error().code() != Code::kNotFound) return found;
    return Unknown(rule.name.place, found.error().message());
  }
  Result<exec::Rule> TagRule(const eql::Name& name, const eql::Test& test,
                             const TagValues::Values& values) const {
    exec::Rule out;
    out.kind = exec::Rule::Kind::kAttribute;
    out.condition = TRY(TestCondition(name, test, values.type));
    out.condition.values = values.columns;
    return out;
  }

  // From one day with values to the next: another than before, and `from` before or `to` after.
  Result<exec::Rule> ResolveChange(const eql::Rule& rule) const {
    const exec::TimeRange range = TRY(TimeRange(rule.place, rule.range));
    const auto days = TRY(OfTag(rule, options_.tags->History(rule.name.text, range)));
    exec::Rule any;
    any.kind = exec::Rule::Kind::kAny;
    for (size_t day = 1; day < days.size(); ++day) {
      exec::Rule& all = any.of.emplace_back();
      all.of.push_back(MembersRule(std::make_shared<const exec::CustomerBits>(
          exec::Changed(*days[day - 1].columns, *days[day].columns))));
      for (const auto& [value, of] : {std::pair{&rule.from, day - 1}, {&rule.to, day}}) {
        if (value->empty()) continue;
        const eql::Test test{.op = Op::kEqual, .values = *value, .range = {}};
        all.of.push_back(TRY(TagRule(rule.name, test, days[of])));
      }
    }
    return any;
  }
  static exec::Rule MembersRule(MemberSets::Members members) {
    exec::Rule out;
    out.kind = exec::Rule::Kind::kAttribute;
    out.condition.kind = exec::Condition::Kind::kMember;
    out.condition.members = std::move(members);
    return out;
  }

  Result<exec::Rule> ResolveField(const eql::Rule& rule) {
    constexpr std::string_view kEntry = "entry.";
    exec::Rule out;
    eql::Name name = rule.name;
    const bool of_entry = options_.at_hand == AtHand::kEntry && name.text.starts_with(kEntry);
    if (of_entry) name.text.erase(0, kEntry.size());
    const bool given = of_entry || options_.at_hand == AtHand::kEvent;
    out.kind = given ? exec::Rule::Kind::kGiven : exec::Rule::Kind::kAttribute;
    out.condition = TRY(FieldCondition(name, rule.test, !given));
    return out;
  }

  Result<exec::Predicate> EventFilter(const eql::Rule& rule) {
    exec::Predicate predicate;
    switch (rule.kind) {
      case eql::Rule::Kind::kField:
        predicate.kind = exec::Predicate::Kind::kEvent;
        predicate.condition = TRY(FieldCondition(rule.name, rule.test, false));
        return predicate;
      case eql::Rule::Kind::kAnd:
        break;
      case eql::Rule::Kind::kOr:
        predicate.kind = exec::Predicate::Kind::kAny;
        break;
      case eql::Rule::Kind::kNot:
        predicate.kind = exec::Predicate::Kind::kNot;
        break;
      default:
        return Unknown(rule.place,
                       "a filter of events has conditions on their properties, AND, OR and NOT");
    }
    for (const eql::Rule& part : rule.of) predicate.of.push_back(TRY(EventFilter(part)));
    return predicate;
  }

  // Events.

  Result<exec::EventSet> Events(const eql::EventRules& events,
                                const std::vector<eql::Rule>& where = {}) {
    exec::EventSet set;
    for (const eql::EventRule& event : events) {
      exec::EventChoice choice;
      choice.any = event.name.text == "*";
      if (!choice.any) {
        const auto id = names_.Event(event.name.text);
        if (!id) return UnknownEvent(event.name);
        choice.event_type = *id;
      }
      for (const eql::Rule& filter : event.where) TRY(Narrow(filter, &choice.filter));
      for (const eql::Rule& filter : where) TRY(Narrow(filter, &choice.filter));
      set.choices.push_back(std::move(choice));
    }
    return set;
  }
  Result<> Narrow(const eql::Rule& filter, exec::Predicate* predicate) {
    predicate->of.push_back(TRY(EventFilter(filter)));
    return {};
  }
  Error UnknownEvent(const eql::Name& name) const {
    const std::string nearest = Nearest(name.text, names_.EventNames());
    return Unknown(name.place,
                   fmt::format("there is no event '{}'{}", name.text,
                               nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
  }

  Result<> ReadEvents(const eql::Rule& rule, exec::Rule* out) {
    out->events = TRY(Events(rule.events, rule.where));
    out->time = TRY(EventTime(rule, out));
    out->ignored = scope_.ignored();
    return {};
  }

  Result<exec::Rule> ResolveDid(const eql::Rule& rule) {
    exec::Rule out;
    out.kind = exec::Rule::Kind::kDid;
    TRY(ReadEvents(rule, &out));
    const MeasureType measured = TRY(ReadMeasure(rule, &out.measure));
    out.test = TRY(ReadTest(rule, measured));
    return out;
  }

  // What the values of a measure are.
  struct MeasureType {
    bool time = false;
    long double scale = 1;
  };

  Result<MeasureType> ReadMeasure(const eql::Rule& rule, exec::Measure* out) const {
    using Kind = eql::Measure::Kind;
    const eql::Measure& measure = rule.measure;
    out->kind = static_cast<exec::Measure::Kind>(measure.kind);
    MeasureType type;
    type.time = measure.kind == Kind::kFirstTime || measure.kind == Kind::kLastTime;
    if (measure.kind == Kind::kDays || measure.kind >= Kind::kDaysSinceFirst) out->days = Days();
    if (!eql::HasProperty(measure.kind)) return type;
    const PropertyName property = TRY(Find(measure.property, false));
    out->property = property.id;
    const bool distinct = measure.kind == Kind::kDistinct;
    const bool number = property.type == ValueType::kInt || property.type == ValueType::kDouble ||
                        property.type == ValueType::kDecimal || property.type == ValueType::kBool;
    if (property.type == ValueType::kList || (!distinct && !number)) {
      return Unknown(measure.property.place,
                     fmt::format("{} needs a number; '{}' is a {}", eql::MeasureName(measure.kind),
                                 measure.property.text, ValueTypeName(property.type)));
    }
    if (!distinct && property.type == ValueType::kDecimal) type.scale = kDecimalScale;
    return type;
  }

  exec::TimeBuckets Days() const {
    const int64_t tomorrow = calendar_.Step(Day(), CalendarUnit::kDay, 1);
    return calendar_.Buckets({std::min(kFirstDayMs, tomorrow - kDayMs), tomorrow},
                             CalendarUnit::kDay);
  }

  Result<exec::NumberTest> ReadTest(const eql::Rule& rule, const MeasureType& type) const {
    const eql::Test& test = rule.test;
    exec::NumberTest out;
    const auto value = [&](size_t v, bool end = false) {
      return MeasureValue(rule.place, test.values[v], type, end);
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
          const exec::TimeRange time = TRY(TimeRange(rule.place, test.range));
          out.min = static_cast<long double>(time.from_ms);
          out.max = static_cast<long double>(time.to_ms);
          out.max_open = true;
          return out;
        }
        break;
      default:
        break;
    }
    return Unknown(rule.place,
                   fmt::format("{} cannot be compared with {}", eql::MeasureName(rule.measure.kind),
                               eql::FormOf(test.op).words));
  }

  Result<long double> MeasureValue(const Place& place, const eql::Value& value,
                                   const MeasureType& type, bool end) const {
    if (type.time) return static_cast<long double>(TRY(Instant(place, value, end)));
    if (value.kind == eql::Value::Kind::kWhole)
      return static_cast<long double>(value.whole) * type.scale;
    if (value.kind != eql::Value::Kind::kReal) return Unknown(place, "expected a number");
    const long double scaled = static_cast<long double>(value.real) * type.scale;
    // 0.1 as a double is not quite a tenth: the decimal that was written is.
    const long double nearest = std::nearbyint(scaled);
    return type.scale != 1 && std::abs(scaled - nearest) < 1e-6L ? nearest : scaled;
  }

  Result<exec::Rule> ResolveSequence(const eql::Rule& rule) {
    exec::Rule out;
    out.kind = exec::Rule::Kind::kSequence;
    exec::FunnelSpec& spec = out.sequence;
    for (const eql::Step& step : rule.steps) {
      exec::FunnelSpec::Step made;
      made.events = TRY(Events(step.events));
      if (step.within.count) made.max_gap_ms = TRY(Duration(rule.place, step.within));
      if (!step.without.empty()) {
        const auto at = static_cast<uint32_t>(spec.steps.size());
        exec::FunnelSpec::Exclusion exclusion;
        exclusion.events = TRY(Events(step.without));
        exclusion.from = at - 1;
        exclusion.to = at;
        spec.exclusions.push_back(std::move(exclusion));
      }
      spec.steps.push_back(std::move(made));
    }
    if (spec.steps.size() + spec.exclusions.size() > 64)
      return Unknown(rule.place, "over 64 steps and WITHOUTs together");
    if (rule.within.count) spec.window_ms = TRY(Duration(rule.place, rule.within));
    spec.entry = TRY(EventTime(rule, &out));
    spec.ignored = scope_.ignored();
    out.steps_reached =
        static_cast<uint32_t>(rule.reached ? static_cast<size_t>(rule.reached) : spec.steps.size());
    return out;
  }

  static Result<int64_t> Duration(const Place& place, const eql::Span& span) {
    const int64_t ms = UnitMs(span.unit) * span.count;
    if (ms == 0)
      return Unknown(place, "a month has no fixed length: give WITHIN in weeks, days or less");
    return ms;
  }

  Result<exec::Rule> ResolveRank(const eql::Rule& rule) {
    exec::Rule out;
    out.kind = exec::Rule::Kind::kRank;
    out.smallest = rule.bottom;
    out.share = rule.percent ? rule.number / 100 : 0;
    out.count = rule.percent ? 0 : static_cast<uint64_t>(rule.number);
    if (!rule.events.empty()) {
      TRY(ReadEvents(rule, &out));
      TRY(ReadMeasure(rule, &out.measure));
      return out;
    }
    const PropertyName property = TRY(Find(rule.name, true));
    const exec::Domain domain = DomainOf(property.type);
    if (domain == exec::Domain::kText || domain == exec::Domain::kList) {
      return Unknown(rule.name.place, fmt::format("'{}' is a {}, which has no order to rank by",
                                                  rule.name.text, ValueTypeName(property.type)));
    }
    out.by_attribute = true;
    out.condition.property = property.id;
    return out;
  }

  Result<exec::Rule> ResolveSet(const eql::Rule& rule) const {
    const bool segment = rule.kind == eql::Rule::Kind::kSegment;
    if (!options_.sets) {
      return Unknown(rule.place,
                     fmt::format("there are no {} here", segment ? "segments" : "lists"));
    }
    Result<MemberSets::Members> members =
        options_.sets->Find(segment ? "segment" : "list", rule.name.text);
    if (!members.ok()) return Unknown(rule.name.place, members.error().message());
    return MembersRule(std::move(members).value());
  }

  const Names& names_;
  const AskOptions& options_;
  const Calendar calendar_;
  const int64_t base_ms_;
  mutable int64_t days_until_ms_ = std::numeric_limits<int64_t>::max();
  mutable bool drifts_ = false, rolls_ = false;
  Scope scope_;
};

}  // namespace

Result<ResolvedQuery> ResolveQuery(const eql::Query& query, const Names& names,
                                   const AskOptions& options) {
  const Calendar calendar = TRY(Calendar::Of(options.default_zone));
  ResolvedQuery resolved;
  resolved.base_ms = options.now_ms;
  if (!query.at.empty()) {
    const Resolver now(names, options, calendar, options.now_ms);
    resolved.base_ms = TRY(now.Instant({}, query.at[0]));
    now.SayHowLong(&resolved);
  }
  Resolver resolver(names, options, calendar, resolved.base_ms);
  if (!query.where.empty()) resolved.rule = TRY(resolver.Resolve(query.where[0]));
  if (query.at.empty()) resolver.SayHowLong(&resolved);
  resolved.limit = static_cast<uint64_t>(query.limit);
  resolved.seed = Hash64(query.seed);
  return resolved;
}

exec::CustomerBits RunQuery(const ResolvedQuery& query, const column::SnapshotView& snapshot,
                            unsigned threads) {
  exec::CustomerBits bits = exec::Select(query.rule, snapshot, threads);
  return query.limit ? exec::Choose(bits, query.limit, query.seed) : bits;
}

Result<eql::Query> ReadQueryForm(const json::value& form) {
  const json::object* object = form.if_object();
  const json::value* text = object ? object->if_contains("eql") : nullptr;
  const json::value* tree = object ? object->if_contains("rule") : nullptr;
  if ((text != nullptr) == (tree != nullptr) || (text && !text->is_string())) {
    return Error(Code::kInvalid, "eql_syntax",
                 "give \"eql\" (a text) or \"rule\" (a tree), one of them");
  }
  return text ? eql::ParseQuery(text->get_string()) : eql::QueryFromJson(*tree);
}

}  // namespace waypost::analytics

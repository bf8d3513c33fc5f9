#include <boost/json.hpp>

#include "base/letters.h"
#include "eql/rule_json.h"

namespace waypost::eql {
namespace {

namespace json = boost::json;

json::value SpanJson(const Span& span) {
  return {{"count", span.count}, {"unit", UnitName(span.unit)}};
}

json::value ValueJson(const Value& value) {
  switch (value.kind) {
    case Value::Kind::kText:
      return json::string(value.text);
    case Value::Kind::kWhole:
      return value.whole;
    case Value::Kind::kReal:
      return value.real;
    case Value::Kind::kFlag:
      return value.whole != 0;
    case Value::Kind::kNow:
      return {{"moment", "now"}};
    case Value::Kind::kToday:
      return {{"moment", "today"}};
    case Value::Kind::kAgo:
      return {{"ago", value.ago.count}, {"unit", UnitName(value.ago.unit)}};
  }
  return nullptr;
}

json::value RangeJson(const Range& range) {
  json::object out;
  if (range.kind == Range::Kind::kLast || range.kind == Range::Kind::kNext) {
    out[range.kind == Range::Kind::kLast ? "last" : "next"] = range.span.count;
    out["unit"] = UnitName(range.span.unit);
    if (range.current) out["include_current"] = true;
  } else {
    out["from"] = ValueJson(range.from);
    if (range.kind == Range::Kind::kBetween) out["to"] = ValueJson(range.to);
  }
  return out;
}

void PutRange(const Range& range, json::object* out) {
  if (range.kind != Range::Kind::kNone) (*out)["range"] = RangeJson(range);
}

void PutTest(const Test& test, json::object* out) {
  const OpForm& form = FormOf(test.op);
  (*out)["op"] = LowerLetters(form.words);
  if (form.takes == OpForm::Takes::kOne) (*out)["value"] = ValueJson(test.values[0]);
  if (form.takes == OpForm::Takes::kRange) (*out)["value"] = RangeJson(test.range);
  if (form.takes == OpForm::Takes::kTwo || form.takes == OpForm::Takes::kList) {
    json::array values;
    for (const Value& value : test.values) values.push_back(ValueJson(value));
    (*out)["value"] = std::move(values);
  }
}

json::value EventsJson(const EventRules& events) {
  json::array out;
  for (const EventRule& event : events) {
    json::object one{{"event", event.name.text}};
    if (!event.where.empty()) one["where"] = RuleToJson(event.where[0]);
    out.push_back(std::move(one));
  }
  return out;
}

void PutGroup(const Rule& rule, std::string_view key, json::object* out) {
  (*out)[key] = EventsJson(rule.events);
  if (!rule.where.empty()) (*out)["where"] = RuleToJson(rule.where[0]);
}

void PutMeasure(const Measure& measure, json::object* out) {
  (*out)["measure"] = LowerLetters(MeasureName(measure.kind));
  if (HasProperty(measure.kind)) (*out)["property"] = measure.property.text;
}

json::object SequenceJson(const Rule& rule) {
  json::array steps;
  for (const Step& step : rule.steps) {
    json::object one{{"events", EventsJson(step.events)}};
    if (step.within.count) one["within"] = SpanJson(step.within);
    if (!step.without.empty()) one["without"] = EventsJson(step.without);
    steps.push_back(std::move(one));
  }
  json::object out{{"seq", std::move(steps)}};
  if (rule.within.count) out["within"] = SpanJson(rule.within);
  if (rule.reached) out["reached"] = rule.reached;
  return out;
}

json::object RankJson(const Rule& rule) {
  json::object out{{rule.bottom ? "bottom" : "top", rule.number}};
  if (!rule.percent) out[rule.bottom ? "bottom" : "top"] = static_cast<int64_t>(rule.number);
  if (rule.percent) out["percent"] = true;
  if (rule.events.empty()) {
    out["by"] = rule.name.text;
  } else {
    PutMeasure(rule.measure, &out);
    PutGroup(rule, "of", &out);
  }
  return out;
}

json::object ChangeJson(const Rule& rule) {
  json::object out;
  if (!rule.from.empty()) out["from"] = ValueJson(rule.from[0]);
  if (!rule.to.empty()) out["to"] = ValueJson(rule.to[0]);
  return out;
}

json::object RelatedJson(const Rule& rule) {
  json::object out{{"related", rule.name.text}, {"words", LowerLetters(rule.words)}};
  if (!rule.of.empty()) out["where"] = RuleToJson(rule.of[0]);
  if (!rule.property.text.empty()) out["property"] = rule.property.text;
  return out;
}

json::object LeafJson(const Rule& rule) {
  json::object out;
  switch (rule.kind) {
    case Rule::Kind::kField:
      out["field"] = rule.name.text;
      break;
    case Rule::Kind::kDid:
      PutGroup(rule, "did", &out);
      PutMeasure(rule.measure, &out);
      break;
    case Rule::Kind::kFirst:
    case Rule::Kind::kLast:
      PutGroup(rule, rule.kind == Rule::Kind::kFirst ? "first" : "last", &out);
      out["property"] = rule.name.text;
      break;
    case Rule::Kind::kSequence:
      out = SequenceJson(rule);
      break;
    case Rule::Kind::kRank:
      out = RankJson(rule);
      break;
    case Rule::Kind::kSample:
      out["sample"] = rule.number;
      if (!rule.seed.empty()) out["seed"] = rule.seed;
      break;
    case Rule::Kind::kSegment:
      out["segment"] = rule.name.text;
      break;
    case Rule::Kind::kList:
      out["list"] = rule.name.text;
      break;
    case Rule::Kind::kTag:
      out["tag"] = rule.name.text;
      if (rule.changed) out["changed"] = ChangeJson(rule);
      break;
    case Rule::Kind::kRelated:
      out = RelatedJson(rule);
      break;
    default:
      break;
  }
  if (!rule.at.empty()) out["at"] = ValueJson(rule.at[0]);
  PutRange(rule.range, &out);
  const bool tested = rule.kind == Rule::Kind::kField || rule.kind == Rule::Kind::kDid ||
                      rule.kind == Rule::Kind::kFirst || rule.kind == Rule::Kind::kLast ||
                      (rule.kind == Rule::Kind::kTag && !rule.changed) ||
                      rule.kind == Rule::Kind::kRelated;
  if (tested) PutTest(rule.test, &out);
  return out;
}

}  // namespace

json::value RuleToJson(const Rule& rule) {
  if (rule.kind == Rule::Kind::kNot) return {{"not", RuleToJson(rule.of[0])}};
  if (rule.kind == Rule::Kind::kAnd || rule.kind == Rule::Kind::kOr) {
    json::array parts;
    for (const Rule& part : rule.of) parts.push_back(RuleToJson(part));
    json::object out;
    out[rule.kind == Rule::Kind::kAnd ? "and" : "or"] = std::move(parts);
    return out;
  }
  return LeafJson(rule);
}

json::value QueryToJson(const Query& query) {
  json::object out{{"find", "customer"}};
  if (!query.at.empty()) out["at"] = ValueJson(query.at[0]);
  if (!query.where.empty()) out["where"] = RuleToJson(query.where[0]);
  if (query.limit) out["limit"] = query.limit;
  if (!query.seed.empty()) out["seed"] = query.seed;
  return out;
}

}  // namespace waypost::eql

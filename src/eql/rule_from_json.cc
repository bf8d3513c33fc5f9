#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <optional>

#include "base/letters.h"
#include "eql/rule_json.h"
#include "model/form.h"

namespace waypost::eql {
namespace {

namespace json = boost::json;

Result<std::string> NameText(const Form& form) {
  std::string text = TRY(form.Text());
  if (text.empty()) return form.Bad("a name is not empty");
  return text;
}

Result<Unit> ReadUnit(const Form& form) {
  const std::string word = TRY(form.Text());
  const Unit* unit = FindUnit(word);
  if (!unit) return form.Bad("give second, minute, hour, day, week, month, quarter or year");
  return *unit;
}

Result<Span> ReadSpan(const Form& form) {
  TRY(form.Only({"count", "unit"}));
  return Span{TRY(TRY(form.Need("count")).Whole(1, kMaxSpan)),
              TRY(ReadUnit(TRY(form.Need("unit"))))};
}

Result<Value> ReadValue(const Form& form) {
  Value value;
  const json::value& json = form.json();
  if (json.is_string()) {
    value.text = std::string(json.get_string());
  } else if (json.is_bool()) {
    value.kind = Value::Kind::kFlag;
    value.whole = json.get_bool();
  } else if (json.is_int64()) {
    value.kind = Value::Kind::kWhole;
    value.whole = json.get_int64();
  } else if (json.is_number()) {
    value.kind = Value::Kind::kReal;
    value.real = TRY(form.Real());
  } else if (form.Find("moment")) {
    TRY(form.Only({"moment"}));
    const std::string moment = TRY(TRY(form.Need("moment")).Text());
    if (moment != "now" && moment != "today") return form.Bad("a moment is now or today");
    value.kind = moment == "now" ? Value::Kind::kNow : Value::Kind::kToday;
  } else if (form.Find("ago")) {
    TRY(form.Only({"ago", "unit"}));
    value.kind = Value::Kind::kAgo;
    value.ago.count = TRY(TRY(form.Need("ago")).Whole(1, kMaxSpan));
    value.ago.unit = TRY(ReadUnit(TRY(form.Need("unit"))));
  } else {
    return form.Bad(
        "give a text, a number, true, false, {\"moment\": \"now\"} or {\"ago\": 7, "
        "\"unit\": \"day\"}");
  }
  return value;
}

Result<Value> ReadMoment(const Form& form) {
  Value value = TRY(ReadValue(form));
  if (value.kind == Value::Kind::kText || value.kind >= Value::Kind::kNow) return value;
  return form.Bad("give a time");
}

Result<Range> ReadRange(const Form& form) {
  Range range;
  const auto last = form.Find("last"), next = form.Find("next");
  if (last || next) {
    TRY(form.Only({last ? "last" : "next", "unit", "include_current"}));
    range.kind = last ? Range::Kind::kLast : Range::Kind::kNext;
    range.span.count = TRY((last ? *last : *next).Whole(1, kMaxSpan));
    range.span.unit = TRY(ReadUnit(TRY(form.Need("unit"))));
    if (const auto current = form.Find("include_current")) range.current = TRY(current->Flag());
    return range;
  }
  TRY(form.Only({"from", "to"}));
  range.from = TRY(ReadMoment(TRY(form.Need("from"))));
  const auto to = form.Find("to");
  range.kind = to ? Range::Kind::kBetween : Range::Kind::kSince;
  if (to) range.to = TRY(ReadMoment(*to));
  return range;
}

Result<> ReadRangeOf(const Form& form, Rule* rule) {
  if (const auto range = form.Find("range")) rule->range = TRY(ReadRange(*range));
  return {};
}

Result<Test> ReadTest(const Form& form) {
  Test test;
  const Form op = TRY(form.Need("op"));
  const std::string word = TRY(op.Text());
  const OpForm* known = FindOp(word);
  if (!known) {
    std::vector<std::string> words;
    for (int o = 0; o <= static_cast<int>(Op::kWithin); ++o)
      words.push_back(LowerLetters(FormOf(static_cast<Op>(o)).words));
    return op.Unknown(word, words);
  }
  test.op = known->op;
  if (known->takes == OpForm::Takes::kNothing) return test;
  const Form value = TRY(form.Need("value"));
  if (known->takes == OpForm::Takes::kOne) {
    test.values.push_back(TRY(ReadValue(value)));
  } else if (known->takes == OpForm::Takes::kRange) {
    test.range = TRY(ReadRange(value));
    if (test.range.kind == Range::Kind::kBetween) {  // the same thing has one form
      test.op = Op::kBetween;
      test.values = {test.range.from, test.range.to};
      test.range = {};
    }
  } else {
    const std::vector<Form> items = TRY(value.List());
    if (items.empty() || (known->takes == OpForm::Takes::kTwo && items.size() != 2))
      return value.Bad(items.empty() ? "give at least one value" : "give two values");
    for (const Form& item : items) test.values.push_back(TRY(ReadValue(item)));
  }
  return test;
}

Result<Rule> ReadRule(const Form& form);

Result<> ReadWhere(const Form& form, std::vector<Rule>* where) {
  if (const auto filter = form.Find("where")) where->push_back(TRY(ReadRule(*filter)));
  return {};
}

Result<EventRules> ReadEvents(const Form& form) {
  EventRules events;
  for (const Form& item : TRY(form.List())) {
    TRY(item.Only({"event", "where"}));
    EventRule event;
    event.name.text = TRY(NameText(TRY(item.Need("event"))));
    TRY(ReadWhere(item, &event.where));
    events.push_back(std::move(event));
  }
  if (events.empty()) return form.Bad("give at least one event");
  return events;
}

Result<Measure> ReadMeasure(const Form& form) {
  Measure measure;
  const auto name = form.Find("measure");
  if (!name) return measure;
  const Measure::Kind* kind = FindMeasure(TRY(name->Text()));
  if (!kind) return name->Bad(fmt::format("there is no measure '{}'", TRY(name->Text())));
  measure.kind = *kind;
  if (HasProperty(measure.kind))
    measure.property.text = TRY(NameText(TRY(form.Need("property"))));
  else if (form.Find("property"))
    return form.Bad(fmt::format("'{}' has no property", LowerLetters(MeasureName(measure.kind))));
  return measure;
}

Test AtLeastOnce() {
  return {.op = Op::kGreaterEqual, .values = {{.kind = Value::Kind::kWhole, .whole = 1}}};
}

Result<Rule> ReadChain(const Form& list, Rule::Kind kind) {
  Rule rule;
  rule.kind = kind;
  for (const Form& item : TRY(list.List())) rule.of.push_back(TRY(ReadRule(item)));
  if (rule.of.empty()) return list.Bad("give at least one rule");
  if (rule.of.size() > 1) return rule;
  Rule only = std::move(rule.of[0]);
  return only;
}

Result<Rule> ReadDid(const Form& form) {
  TRY(form.Only({"did", "where", "range", "measure", "property", "op", "value"}));
  Rule rule;
  rule.kind = Rule::Kind::kDid;
  rule.events = TRY(ReadEvents(TRY(form.Need("did"))));
  TRY(ReadWhere(form, &rule.where));
  TRY(ReadRangeOf(form, &rule));
  rule.measure = TRY(ReadMeasure(form));
  rule.test = form.Find("op") ? TRY(ReadTest(form)) : AtLeastOnce();
  return rule;
}

Result<Rule> ReadEdge(const Form& form, std::string_view key) {
  TRY(form.Only({key, "where", "range", "property", "op", "value"}));
  Rule rule;
  rule.kind = key == "first" ? Rule::Kind::kFirst : Rule::Kind::kLast;
  rule.events = TRY(ReadEvents(TRY(form.Need(key))));
  TRY(ReadWhere(form, &rule.where));
  TRY(ReadRangeOf(form, &rule));
  rule.name.text = TRY(NameText(TRY(form.Need("property"))));
  rule.test = TRY(ReadTest(form));
  return rule;
}

Result<Rule> ReadSequence(const Form& form) {
  TRY(form.Only({"seq", "within", "range", "reached"}));
  Rule rule;
  rule.kind = Rule::Kind::kSequence;
  for (const Form& item : TRY(TRY(form.Need("seq")).List())) {
    TRY(item.Only({"events", "within", "without"}));
    Step step;
    step.events = TRY(ReadEvents(TRY(item.Need("events"))));
    const auto within = item.Find("within"), without = item.Find("without");
    if ((within || without) && rule.steps.empty())
      return item.Bad("the first step has nothing before it");
    if (within) step.within = TRY(ReadSpan(*within));
    if (without) step.without = TRY(ReadEvents(*without));
    rule.steps.push_back(std::move(step));
  }
  if (rule.steps.size() < 2) return form.Bad("a sequence has at least two steps");
  if (const auto within = form.Find("within")) rule.within = TRY(ReadSpan(*within));
  TRY(ReadRangeOf(form, &rule));
  if (const auto reached = form.Find("reached"))
    rule.reached = TRY(reached->Whole(1, static_cast<int64_t>(rule.steps.size())));
  return rule;
}

Result<Rule> ReadRank(const Form& form, std::string_view key) {
  TRY(form.Only({key, "percent", "by", "measure", "property", "of", "where", "range"}));
  Rule rule;
  rule.kind = Rule::Kind::kRank;
  rule.bottom = key == "bottom";
  if (const auto percent = form.Find("percent")) rule.percent = TRY(percent->Flag());
  const Form number = TRY(form.Need(key));
  rule.number =
      rule.percent ? TRY(number.Real()) : static_cast<double>(TRY(number.Whole(1, UINT32_MAX)));
  if (rule.percent && !(rule.number > 0 && rule.number <= 100))
    return number.Bad("give a percentage over 0, up to 100");
  if (const auto by = form.Find("by")) {
    TRY(form.Only({key, "percent", "by"}));
    rule.name.text = TRY(NameText(*by));
    return rule;
  }
  rule.measure = TRY(ReadMeasure(form));
  rule.events = TRY(ReadEvents(TRY(form.Need("of"))));
  TRY(ReadWhere(form, &rule.where));
  TRY(ReadRangeOf(form, &rule));
  return rule;
}

Result<Rule> ReadSample(const Form& form) {
  TRY(form.Only({"sample", "seed"}));
  Rule rule;
  rule.kind = Rule::Kind::kSample;
  const Form number = TRY(form.Need("sample"));
  rule.number = TRY(number.Real());
  if (!(rule.number > 0 && rule.number <= 100))
    return number.Bad("give a percentage over 0, up to 100");
  if (const auto seed = form.Find("seed")) rule.seed = TRY(seed->Text());
  return rule;
}

Result<> ReadAt(const Form& form, Rule* rule) {
  if (const auto at = form.Find("at")) rule->at.push_back(TRY(ReadMoment(*at)));
  return {};
}

Result<Rule> ReadTag(const Form& form) {
  const auto changed = form.Find("changed");
  TRY(changed ? form.Only({"tag", "changed", "range"}) : form.Only({"tag", "at", "op", "value"}));
  Rule rule;
  rule.kind = Rule::Kind::kTag;
  rule.name.text = TRY(NameText(TRY(form.Need("tag"))));
  if (changed) {
    rule.changed = true;
    TRY(changed->Only({"from", "to"}));
    if (const auto from = changed->Find("from")) rule.from.push_back(TRY(ReadValue(*from)));
    if (const auto to = changed->Find("to")) rule.to.push_back(TRY(ReadValue(*to)));
    TRY(ReadRangeOf(form, &rule));
    return rule;
  }
  TRY(ReadAt(form, &rule));
  rule.test = TRY(ReadTest(form));
  return rule;
}

Result<Rule> ReadRelated(const Form& form) {
  TRY(form.Only({"related", "words", "where", "at", "property", "op", "value"}));
  Rule rule;
  rule.kind = Rule::Kind::kRelated;
  rule.name.text = TRY(NameText(TRY(form.Need("related"))));
  const Form words = TRY(form.Need("words"));
  rule.words = TRY(words.Text());
  constexpr std::string_view kWords[] = {"any", "all", "none",  "count",    "sum", "avg",
                                         "max", "min", "share", "distinct", "top"};
  if (std::ranges::find(kWords, rule.words) == std::end(kWords))
    return words.Bad(fmt::format("use one of: {}", fmt::join(kWords, ", ")));
  for (char& c : rule.words) c = static_cast<char>(c - 32);
  if (const auto where = form.Find("where")) rule.of.push_back(TRY(ReadRule(*where)));
  TRY(ReadAt(form, &rule));
  const bool quantified = rule.words == "ANY" || rule.words == "ALL" || rule.words == "NONE";
  if (quantified) {
    rule.test = AtLeastOnce();
    return rule;
  }
  if (rule.words != "COUNT") rule.property.text = TRY(NameText(TRY(form.Need("property"))));
  rule.test = TRY(ReadTest(form));
  return rule;
}

Result<Rule> ReadNamed(const Form& form, std::string_view key, Rule::Kind kind) {
  TRY(form.Only({key}));
  Rule rule;
  rule.kind = kind;
  rule.name.text = TRY(NameText(TRY(form.Need(key))));
  return rule;
}

Result<Rule> ReadField(const Form& form) {
  TRY(form.Only({"field", "at", "op", "value"}));
  Rule rule;
  rule.kind = Rule::Kind::kField;
  rule.name.text = TRY(NameText(TRY(form.Need("field"))));
  TRY(ReadAt(form, &rule));
  rule.test = TRY(ReadTest(form));
  return rule;
}

Result<Rule> ReadRule(const Form& form) {
  if (!form.is_object())
    return form.Bad("give a rule, as {\"field\": \"vip\", \"op\": \"=\", ...}");
  if (form.depth() > kMaxDepth * 4)
    return form.Bad(fmt::format("nested deeper than {}", kMaxDepth));
  const auto has = [&](std::string_view key) { return form.Find(key).has_value(); };
  if (has("and") || has("or") || has("not")) {
    const std::string_view key = has("and") ? "and" : has("or") ? "or" : "not";
    TRY(form.Only({key}));
    const Form inner = TRY(form.Need(key));
    if (key != "not") return ReadChain(inner, key == "and" ? Rule::Kind::kAnd : Rule::Kind::kOr);
    Rule rule;
    rule.kind = Rule::Kind::kNot;
    rule.of.push_back(TRY(ReadRule(inner)));
    return rule;
  }
  if (has("related")) return ReadRelated(form);
  if (has("field")) return ReadField(form);
  if (has("did")) return ReadDid(form);
  if (has("first")) return ReadEdge(form, "first");
  if (has("last")) return ReadEdge(form, "last");
  if (has("seq")) return ReadSequence(form);
  if (has("top")) return ReadRank(form, "top");
  if (has("bottom")) return ReadRank(form, "bottom");
  if (has("sample")) return ReadSample(form);
  if (has("segment")) return ReadNamed(form, "segment", Rule::Kind::kSegment);
  if (has("list")) return ReadNamed(form, "list", Rule::Kind::kList);
  if (has("tag")) return ReadTag(form);
  return form.Bad(
      "a rule has one of: and, or, not, field, did, first, last, seq, top, bottom, "
      "sample, segment, list, tag, related");
}

}  // namespace

Result<Query> QueryFromJson(const json::value& value) {
  const Form form(value, "eql_syntax", "");
  TRY(form.Only({"find", "at", "where", "limit", "seed"}));
  Query query;
  if (const auto find = form.Find("find"); find && TRY(find->Text()) != "customer")
    return find->Bad("only 'customer' can be found yet");
  if (const auto at = form.Find("at")) query.at.push_back(TRY(ReadMoment(*at)));
  if (const auto where = form.Find("where")) query.where.push_back(TRY(ReadRule(*where)));
  if (const auto limit = form.Find("limit")) query.limit = TRY(limit->Whole(1, UINT32_MAX));
  if (const auto seed = form.Find("seed")) {
    query.seed = TRY(seed->Text());
    if (!query.limit && !query.seed.empty()) return seed->Bad("a seed goes with a limit");
  }
  TRY(CheckLimits(query));
  return query;
}

}  // namespace waypost::eql

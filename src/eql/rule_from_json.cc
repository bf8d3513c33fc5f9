#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <initializer_list>
#include <optional>

#include "base/letters.h"
#include "base/nearest.h"
#include "eql/rule_json.h"

namespace waypost::eql {
namespace {

namespace json = boost::json;

// A value that knows where it stands.
class Spot {
 public:
  Spot(const json::value& value, std::string path, int depth = 0)
      : value_(&value), path_(std::move(path)), depth_(depth) {}

  Error Bad(std::string_view what) const {
    return ErrorAt({}, "eql_syntax",
                   path_.empty() ? std::string(what) : fmt::format("{}: {}", path_, what));
  }
  bool is_object() const { return value_->is_object(); }
  bool is_list() const { return value_->is_array(); }
  const json::value& value() const { return *value_; }
  int depth() const { return depth_; }

  std::optional<Spot> Find(std::string_view key) const {
    const auto* object = value_->if_object();
    const auto* member = object ? object->if_contains(key) : nullptr;
    if (!member) return std::nullopt;
    return Spot(*member, path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key),
                depth_ + 1);
  }
  Result<Spot> Need(std::string_view key) const {
    const auto found = Find(key);
    if (!found) return Bad(fmt::format("'{}' is missing", key));
    return *found;
  }
  Result<std::vector<Spot>> List() const {
    if (!value_->is_array()) return Bad("give a list");
    std::vector<Spot> items;
    for (const json::value& item : value_->get_array())
      items.emplace_back(item, fmt::format("{}[{}]", path_, items.size()), depth_ + 1);
    return items;
  }
  Result<std::string> Text() const {
    if (!value_->is_string()) return Bad("give a text");
    return std::string(value_->get_string());
  }
  Result<std::string> NameText() const {
    std::string text = TRY(Text());
    if (text.empty()) return Bad("a name is not empty");
    return text;
  }
  Result<bool> Flag() const {
    if (!value_->is_bool()) return Bad("give true or false");
    return value_->get_bool();
  }
  Result<double> Real() const {
    json::error_code error;
    const double real = value_->to_number<double>(error);
    if (error || !std::isfinite(real)) return Bad("give a number");
    return real == 0 ? 0.0 : real;
  }
  Result<int64_t> Whole(int64_t min, int64_t max) const {
    if (!value_->is_int64() || value_->get_int64() < min || value_->get_int64() > max)
      return Bad(fmt::format("give a whole number from {} to {}", min, max));
    return value_->get_int64();
  }
  // An object that has only these members.
  Result<> Only(std::initializer_list<std::string_view> keys) const {
    if (!value_->is_object()) return Bad("give an object");
    for (const auto& member : value_->get_object()) {
      if (std::ranges::find(keys, std::string_view(member.key())) != keys.end()) continue;
      const std::vector<std::string> known(keys.begin(), keys.end());
      const std::string nearest = Nearest(member.key(), known);
      return Bad(fmt::format("'{}' does not belong here{}", std::string_view(member.key()),
                             nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
    }
    return {};
  }

 private:
  const json::value* value_;
  std::string path_;
  int depth_;
};

Result<Unit> ReadUnit(const Spot& spot) {
  const std::string word = TRY(spot.Text());
  const Unit* unit = FindUnit(word);
  if (!unit) return spot.Bad("give second, minute, hour, day, week, month, quarter or year");
  return *unit;
}

Result<Span> ReadSpan(const Spot& spot) {
  TRY(spot.Only({"count", "unit"}));
  return Span{TRY(TRY(spot.Need("count")).Whole(1, kMaxSpan)),
              TRY(ReadUnit(TRY(spot.Need("unit"))))};
}

Result<Value> ReadValue(const Spot& spot) {
  Value value;
  const json::value& json = spot.value();
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
    value.real = TRY(spot.Real());
  } else if (spot.Find("moment")) {
    TRY(spot.Only({"moment"}));
    const std::string moment = TRY(TRY(spot.Need("moment")).Text());
    if (moment != "now" && moment != "today") return spot.Bad("a moment is now or today");
    value.kind = moment == "now" ? Value::Kind::kNow : Value::Kind::kToday;
  } else if (spot.Find("ago")) {
    TRY(spot.Only({"ago", "unit"}));
    value.kind = Value::Kind::kAgo;
    value.ago.count = TRY(TRY(spot.Need("ago")).Whole(1, kMaxSpan));
    value.ago.unit = TRY(ReadUnit(TRY(spot.Need("unit"))));
  } else {
    return spot.Bad(
        "give a text, a number, true, false, {\"moment\": \"now\"} or {\"ago\": 7, "
        "\"unit\": \"day\"}");
  }
  return value;
}

Result<Value> ReadMoment(const Spot& spot) {
  Value value = TRY(ReadValue(spot));
  if (value.kind == Value::Kind::kText || value.kind >= Value::Kind::kNow) return value;
  return spot.Bad("give a time");
}

Result<Range> ReadRange(const Spot& spot) {
  Range range;
  const auto last = spot.Find("last"), next = spot.Find("next");
  if (last || next) {
    TRY(spot.Only({last ? "last" : "next", "unit", "include_current"}));
    range.kind = last ? Range::Kind::kLast : Range::Kind::kNext;
    range.span.count = TRY((last ? *last : *next).Whole(1, kMaxSpan));
    range.span.unit = TRY(ReadUnit(TRY(spot.Need("unit"))));
    if (const auto current = spot.Find("include_current")) range.current = TRY(current->Flag());
    return range;
  }
  TRY(spot.Only({"from", "to"}));
  range.from = TRY(ReadMoment(TRY(spot.Need("from"))));
  const auto to = spot.Find("to");
  range.kind = to ? Range::Kind::kBetween : Range::Kind::kSince;
  if (to) range.to = TRY(ReadMoment(*to));
  return range;
}

Result<> ReadRangeOf(const Spot& spot, Rule* rule) {
  if (const auto range = spot.Find("range")) rule->range = TRY(ReadRange(*range));
  return {};
}

Result<Test> ReadTest(const Spot& spot) {
  Test test;
  const Spot op = TRY(spot.Need("op"));
  const OpForm* form = FindOp(TRY(op.Text()));
  if (!form) {
    std::vector<std::string> known;
    for (int o = 0; o <= static_cast<int>(Op::kWithin); ++o)
      known.push_back(LowerLetters(FormOf(static_cast<Op>(o)).words));
    const std::string nearest = Nearest(TRY(op.Text()), known);
    return op.Bad(fmt::format("there is no '{}'; {}", TRY(op.Text()),
                              nearest.empty()
                                  ? fmt::format("use one of: {}", fmt::join(known, ", "))
                                  : "did you mean '" + nearest + "'?"));
  }
  test.op = form->op;
  if (form->takes == OpForm::Takes::kNothing) return test;
  const Spot value = TRY(spot.Need("value"));
  if (form->takes == OpForm::Takes::kOne) {
    test.values.push_back(TRY(ReadValue(value)));
  } else if (form->takes == OpForm::Takes::kRange) {
    test.range = TRY(ReadRange(value));
    if (test.range.kind == Range::Kind::kBetween) {  // the same thing has one form
      test.op = Op::kBetween;
      test.values = {test.range.from, test.range.to};
      test.range = {};
    }
  } else {
    const std::vector<Spot> items = TRY(value.List());
    if (items.empty() || (form->takes == OpForm::Takes::kTwo && items.size() != 2))
      return value.Bad(items.empty() ? "give at least one value" : "give two values");
    for (const Spot& item : items) test.values.push_back(TRY(ReadValue(item)));
  }
  return test;
}

Result<Rule> ReadRule(const Spot& spot);

Result<> ReadWhere(const Spot& spot, std::vector<Rule>* where) {
  if (const auto filter = spot.Find("where")) where->push_back(TRY(ReadRule(*filter)));
  return {};
}

Result<EventRules> ReadEvents(const Spot& spot) {
  EventRules events;
  for (const Spot& item : TRY(spot.List())) {
    TRY(item.Only({"event", "where"}));
    EventRule event;
    event.name.text = TRY(TRY(item.Need("event")).NameText());
    TRY(ReadWhere(item, &event.where));
    events.push_back(std::move(event));
  }
  if (events.empty()) return spot.Bad("give at least one event");
  return events;
}

Result<Measure> ReadMeasure(const Spot& spot) {
  Measure measure;
  const auto name = spot.Find("measure");
  if (!name) return measure;
  const Measure::Kind* kind = FindMeasure(TRY(name->Text()));
  if (!kind) return name->Bad(fmt::format("there is no measure '{}'", TRY(name->Text())));
  measure.kind = *kind;
  if (HasProperty(measure.kind))
    measure.property.text = TRY(TRY(spot.Need("property")).NameText());
  else if (spot.Find("property"))
    return spot.Bad(fmt::format("'{}' has no property", LowerLetters(MeasureName(measure.kind))));
  return measure;
}

Test AtLeastOnce() {
  return {.op = Op::kGreaterEqual, .values = {{.kind = Value::Kind::kWhole, .whole = 1}}};
}

Result<Rule> ReadChain(const Spot& list, Rule::Kind kind) {
  Rule rule;
  rule.kind = kind;
  for (const Spot& item : TRY(list.List())) rule.of.push_back(TRY(ReadRule(item)));
  if (rule.of.empty()) return list.Bad("give at least one rule");
  if (rule.of.size() > 1) return rule;
  Rule only = std::move(rule.of[0]);
  return only;
}

Result<Rule> ReadDid(const Spot& spot) {
  TRY(spot.Only({"did", "where", "range", "measure", "property", "op", "value"}));
  Rule rule;
  rule.kind = Rule::Kind::kDid;
  rule.events = TRY(ReadEvents(TRY(spot.Need("did"))));
  TRY(ReadWhere(spot, &rule.where));
  TRY(ReadRangeOf(spot, &rule));
  rule.measure = TRY(ReadMeasure(spot));
  rule.test = spot.Find("op") ? TRY(ReadTest(spot)) : AtLeastOnce();
  return rule;
}

Result<Rule> ReadEdge(const Spot& spot, std::string_view key) {
  TRY(spot.Only({key, "where", "range", "property", "op", "value"}));
  Rule rule;
  rule.kind = key == "first" ? Rule::Kind::kFirst : Rule::Kind::kLast;
  rule.events = TRY(ReadEvents(TRY(spot.Need(key))));
  TRY(ReadWhere(spot, &rule.where));
  TRY(ReadRangeOf(spot, &rule));
  rule.name.text = TRY(TRY(spot.Need("property")).NameText());
  rule.test = TRY(ReadTest(spot));
  return rule;
}

Result<Rule> ReadSequence(const Spot& spot) {
  TRY(spot.Only({"seq", "within", "range", "reached"}));
  Rule rule;
  rule.kind = Rule::Kind::kSequence;
  for (const Spot& item : TRY(TRY(spot.Need("seq")).List())) {
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
  if (rule.steps.size() < 2) return spot.Bad("a sequence has at least two steps");
  if (const auto within = spot.Find("within")) rule.within = TRY(ReadSpan(*within));
  TRY(ReadRangeOf(spot, &rule));
  if (const auto reached = spot.Find("reached"))
    rule.reached = TRY(reached->Whole(1, static_cast<int64_t>(rule.steps.size())));
  return rule;
}

Result<Rule> ReadRank(const Spot& spot, std::string_view key) {
  TRY(spot.Only({key, "percent", "by", "measure", "property", "of", "where", "range"}));
  Rule rule;
  rule.kind = Rule::Kind::kRank;
  rule.bottom = key == "bottom";
  if (const auto percent = spot.Find("percent")) rule.percent = TRY(percent->Flag());
  const Spot number = TRY(spot.Need(key));
  rule.number =
      rule.percent ? TRY(number.Real()) : static_cast<double>(TRY(number.Whole(1, UINT32_MAX)));
  if (rule.percent && !(rule.number > 0 && rule.number <= 100))
    return number.Bad("give a percentage over 0, up to 100");
  if (const auto by = spot.Find("by")) {
    TRY(spot.Only({key, "percent", "by"}));
    rule.name.text = TRY(by->NameText());
    return rule;
  }
  rule.measure = TRY(ReadMeasure(spot));
  rule.events = TRY(ReadEvents(TRY(spot.Need("of"))));
  TRY(ReadWhere(spot, &rule.where));
  TRY(ReadRangeOf(spot, &rule));
  return rule;
}

Result<Rule> ReadSample(const Spot& spot) {
  TRY(spot.Only({"sample", "seed"}));
  Rule rule;
  rule.kind = Rule::Kind::kSample;
  const Spot number = TRY(spot.Need("sample"));
  rule.number = TRY(number.Real());
  if (!(rule.number > 0 && rule.number <= 100))
    return number.Bad("give a percentage over 0, up to 100");
  if (const auto seed = spot.Find("seed")) rule.seed = TRY(seed->Text());
  return rule;
}

Result<> ReadAt(const Spot& spot, Rule* rule) {
  if (const auto at = spot.Find("at")) rule->at.push_back(TRY(ReadMoment(*at)));
  return {};
}

Result<Rule> ReadTag(const Spot& spot) {
  const auto changed = spot.Find("changed");
  TRY(changed ? spot.Only({"tag", "changed", "range"}) : spot.Only({"tag", "at", "op", "value"}));
  Rule rule;
  rule.kind = Rule::Kind::kTag;
  rule.name.text = TRY(TRY(spot.Need("tag")).NameText());
  if (changed) {
    rule.changed = true;
    TRY(changed->Only({"from", "to"}));
    if (const auto from = changed->Find("from")) rule.from.push_back(TRY(ReadValue(*from)));
    if (const auto to = changed->Find("to")) rule.to.push_back(TRY(ReadValue(*to)));
    TRY(ReadRangeOf(spot, &rule));
    return rule;
  }
  TRY(ReadAt(spot, &rule));
  rule.test = TRY(ReadTest(spot));
  return rule;
}

Result<Rule> ReadRelated(const Spot& spot) {
  TRY(spot.Only({"related", "words", "where", "at", "property", "op", "value"}));
  Rule rule;
  rule.kind = Rule::Kind::kRelated;
  rule.name.text = TRY(TRY(spot.Need("related")).NameText());
  const Spot words = TRY(spot.Need("words"));
  rule.words = TRY(words.Text());
  constexpr std::string_view kWords[] = {"any", "all", "none",  "count",    "sum", "avg",
                                         "max", "min", "share", "distinct", "top"};
  if (std::ranges::find(kWords, rule.words) == std::end(kWords))
    return words.Bad(fmt::format("use one of: {}", fmt::join(kWords, ", ")));
  for (char& c : rule.words) c = static_cast<char>(c - 32);
  if (const auto where = spot.Find("where")) rule.of.push_back(TRY(ReadRule(*where)));
  TRY(ReadAt(spot, &rule));
  const bool quantified = rule.words == "ANY" || rule.words == "ALL" || rule.words == "NONE";
  if (quantified) {
    rule.test = AtLeastOnce();
    return rule;
  }
  if (rule.words != "COUNT") rule.property.text = TRY(TRY(spot.Need("property")).NameText());
  rule.test = TRY(ReadTest(spot));
  return rule;
}

Result<Rule> ReadNamed(const Spot& spot, std::string_view key, Rule::Kind kind) {
  TRY(spot.Only({key}));
  Rule rule;
  rule.kind = kind;
  rule.name.text = TRY(TRY(spot.Need(key)).NameText());
  return rule;
}

Result<Rule> ReadField(const Spot& spot) {
  TRY(spot.Only({"field", "at", "op", "value"}));
  Rule rule;
  rule.kind = Rule::Kind::kField;
  rule.name.text = TRY(TRY(spot.Need("field")).NameText());
  TRY(ReadAt(spot, &rule));
  rule.test = TRY(ReadTest(spot));
  return rule;
}

Result<Rule> ReadRule(const Spot& spot) {
  if (!spot.is_object())
    return spot.Bad("give a rule, as {\"field\": \"vip\", \"op\": \"=\", ...}");
  if (spot.depth() > kMaxDepth * 4)
    return spot.Bad(fmt::format("nested deeper than {}", kMaxDepth));
  const auto has = [&](std::string_view key) { return spot.Find(key).has_value(); };
  if (has("and") || has("or") || has("not")) {
    const std::string_view key = has("and") ? "and" : has("or") ? "or" : "not";
    TRY(spot.Only({key}));
    const Spot inner = TRY(spot.Need(key));
    if (key != "not") return ReadChain(inner, key == "and" ? Rule::Kind::kAnd : Rule::Kind::kOr);
    Rule rule;
    rule.kind = Rule::Kind::kNot;
    rule.of.push_back(TRY(ReadRule(inner)));
    return rule;
  }
  if (has("related")) return ReadRelated(spot);
  if (has("field")) return ReadField(spot);
  if (has("did")) return ReadDid(spot);
  if (has("first")) return ReadEdge(spot, "first");
  if (has("last")) return ReadEdge(spot, "last");
  if (has("seq")) return ReadSequence(spot);
  if (has("top")) return ReadRank(spot, "top");
  if (has("bottom")) return ReadRank(spot, "bottom");
  if (has("sample")) return ReadSample(spot);
  if (has("segment")) return ReadNamed(spot, "segment", Rule::Kind::kSegment);
  if (has("list")) return ReadNamed(spot, "list", Rule::Kind::kList);
  if (has("tag")) return ReadTag(spot);
  return spot.Bad(
      "a rule has one of: and, or, not, field, did, first, last, seq, top, bottom, "
      "sample, segment, list, tag, related");
}

}  // namespace

Result<Query> QueryFromJson(const json::value& value) {
  const Spot spot(value, "");
  TRY(spot.Only({"find", "at", "where", "limit", "seed"}));
  Query query;
  if (const auto find = spot.Find("find"); find && TRY(find->Text()) != "customer")
    return find->Bad("only 'customer' can be found yet");
  if (const auto at = spot.Find("at")) query.at.push_back(TRY(ReadMoment(*at)));
  if (const auto where = spot.Find("where")) query.where.push_back(TRY(ReadRule(*where)));
  if (const auto limit = spot.Find("limit")) query.limit = TRY(limit->Whole(1, UINT32_MAX));
  if (const auto seed = spot.Find("seed")) {
    query.seed = TRY(seed->Text());
    if (!query.limit && !query.seed.empty()) return seed->Bad("a seed goes with a limit");
  }
  TRY(CheckLimits(query));
  return query;
}

}  // namespace waypost::eql

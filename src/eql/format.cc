#include <fmt/format.h>

#include "eql/lexer.h"
#include "eql/text.h"

namespace waypost::eql {
namespace {

std::string Quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    out += c;
    if (c == quote) out += c;
  }
  return out + quote;
}

std::string NameText(std::string_view name) {
  return IsPlainWord(name) ? std::string(name) : Quoted(name, '"');
}

std::string RealText(double real) {
  std::string text = fmt::format("{}", real);
  return text.find_first_of(".e") == text.npos ? text + ".0" : text;
}

std::string SpanText(const Span& span) {
  std::string unit(UnitName(span.unit));
  for (char& c : unit) c = static_cast<char>(c - 32);
  return fmt::format("{} {}{}", span.count, unit, span.count == 1 ? "" : "S");
}

std::string ValueText(const Value& value) {
  switch (value.kind) {
    case Value::Kind::kText:
      return Quoted(value.text, '\'');
    case Value::Kind::kWhole:
      return std::to_string(value.whole);
    case Value::Kind::kReal:
      return RealText(value.real);
    case Value::Kind::kFlag:
      return value.whole ? "TRUE" : "FALSE";
    case Value::Kind::kNow:
      return "NOW";
    case Value::Kind::kToday:
      return "TODAY";
    case Value::Kind::kAgo:
      return SpanText(value.ago) + " AGO";
  }
  return {};
}

// With a blank before it; nothing for no range.
std::string RangeText(const Range& range) {
  const std::string_view current = range.current ? " INCLUDING CURRENT" : "";
  switch (range.kind) {
    case Range::Kind::kNone:
      return {};
    case Range::Kind::kLast:
      return fmt::format(" LAST {}{}", SpanText(range.span), current);
    case Range::Kind::kNext:
      return fmt::format(" NEXT {}{}", SpanText(range.span), current);
    case Range::Kind::kBetween:
      return fmt::format(" BETWEEN {} AND {}", ValueText(range.from), ValueText(range.to));
    case Range::Kind::kSince:
      return " SINCE " + ValueText(range.from);
  }
  return {};
}

std::string TestText(const Test& test) {
  const OpForm& form = FormOf(test.op);
  switch (form.takes) {
    case OpForm::Takes::kNothing:
      return " " + std::string(form.words);
    case OpForm::Takes::kOne:
      return fmt::format(" {} {}", form.words, ValueText(test.values[0]));
    case OpForm::Takes::kTwo:
      return fmt::format(" {} {} AND {}", form.words, ValueText(test.values[0]),
                         ValueText(test.values[1]));
    case OpForm::Takes::kRange:
      return RangeText(test.range);
    case OpForm::Takes::kList: {
      std::string values;
      for (const Value& value : test.values)
        values += (values.empty() ? "" : ", ") + ValueText(value);
      return fmt::format(" {} ({})", form.words, values);
    }
  }
  return {};
}

std::string FilterText(const std::vector<Rule>& where) {
  return where.empty() ? "" : "[" + FormatRule(where[0]) + "]";
}

std::string EventsText(const EventRules& events) {
  std::string text;
  for (const EventRule& event : events) {
    text += text.empty() ? "" : " OR ";
    text += event.name.text == "*" ? "ANY EVENT" : NameText(event.name.text);
    text += FilterText(event.where);
  }
  return text;
}

std::string GroupText(const Rule& rule) {
  const bool edge = rule.kind == Rule::Kind::kFirst || rule.kind == Rule::Kind::kLast;
  return "(" + EventsText(rule.events) + (edge ? RangeText(rule.range) : "") +
         (rule.where.empty() ? "" : ", " + FormatRule(rule.where[0])) + ")";
}

std::string MeasureText(const Measure& measure) {
  std::string text(MeasureName(measure.kind));
  if (HasProperty(measure.kind)) text += "(" + NameText(measure.property.text) + ")";
  return text;
}

std::string SeedText(const std::string& seed) {
  return seed.empty() ? "" : " SEED " + Quoted(seed, '\'');
}

bool IsAtLeastOnce(const Test& test) {
  return test.op == Op::kGreaterEqual && test.values.size() == 1 &&
         test.values[0].kind == Value::Kind::kWhole && test.values[0].whole == 1;
}

std::string DidText(const Rule& rule) {
  std::string text = "DID" + GroupText(rule) + RangeText(rule.range);
  if (rule.measure.kind == Measure::Kind::kCount && IsAtLeastOnce(rule.test)) return text;
  return text + " " + MeasureText(rule.measure) + TestText(rule.test);
}

std::string SequenceText(const Rule& rule) {
  std::string text;
  for (const Step& step : rule.steps) {
    text += text.empty() ? "SEQ(" : " THEN ";
    if (step.within.count) text += "WITHIN " + SpanText(step.within) + " ";
    if (!step.without.empty()) text += "WITHOUT (" + EventsText(step.without) + ") ";
    text += EventsText(step.events);
  }
  text += ")";
  if (rule.within.count) text += " WITHIN " + SpanText(rule.within);
  text += RangeText(rule.range);
  if (rule.reached) text += fmt::format(" REACHED >= {}", rule.reached);
  return text;
}

std::string RankText(const Rule& rule) {
  std::string text = rule.bottom ? "BOTTOM " : "TOP ";
  text += rule.percent ? fmt::format("{}%", rule.number)
                       : std::to_string(static_cast<int64_t>(rule.number));
  text += " BY ";
  if (rule.events.empty()) return text + NameText(rule.name.text);
  return text + MeasureText(rule.measure) + " OF " + GroupText(rule) + RangeText(rule.range);
}

std::string TagText(const Rule& rule) {
  std::string text = "TAG(" + NameText(rule.name.text);
  if (!rule.at.empty()) text += ", AT " + ValueText(rule.at[0]);
  text += ")";
  if (!rule.changed) return text + TestText(rule.test);
  text += " CHANGED";
  if (!rule.from.empty()) text += " FROM " + ValueText(rule.from[0]);
  if (!rule.to.empty()) text += " TO " + ValueText(rule.to[0]);
  return text + RangeText(rule.range);
}

std::string AtText(const Rule& rule) {
  return rule.at.empty() ? "" : " AT " + ValueText(rule.at[0]);
}

std::string RelatedText(const Rule& rule) {
  const std::string relation = NameText(rule.name.text) + FilterText(rule.of);
  if (rule.words == "ANY" || rule.words == "ALL" || rule.words == "NONE")
    return rule.words + " " + relation + AtText(rule);
  return rule.words + "(" + relation +
         (rule.property.text.empty() ? "" : "." + NameText(rule.property.text)) + AtText(rule) +
         ")" + TestText(rule.test);
}

// A part of NOT, AND or OR: in parentheses where they are needed.
std::string PartText(const Rule& part, Rule::Kind of) {
  const bool chain = part.kind == Rule::Kind::kAnd || part.kind == Rule::Kind::kOr;
  const bool binds = part.kind == Rule::Kind::kAnd && of == Rule::Kind::kOr;
  return chain && !binds ? "(" + FormatRule(part) + ")" : FormatRule(part);
}

std::string ChainText(const Rule& rule, std::string_view word) {
  std::string text;
  for (const Rule& part : rule.of) {
    if (!text.empty()) text += word;
    text += PartText(part, rule.kind);
  }
  return text;
}

}  // namespace

std::string FormatRule(const Rule& rule) {
  switch (rule.kind) {
    case Rule::Kind::kAnd:
      return ChainText(rule, " AND ");
    case Rule::Kind::kOr:
      return ChainText(rule, " OR ");
    case Rule::Kind::kNot:
      return "NOT " + PartText(rule.of[0], rule.kind);
    case Rule::Kind::kField:
      return NameText(rule.name.text) + AtText(rule) + TestText(rule.test);
    case Rule::Kind::kDid:
      return DidText(rule);
    case Rule::Kind::kFirst:
    case Rule::Kind::kLast:
      return (rule.kind == Rule::Kind::kFirst ? "FIRST" : "LAST") + GroupText(rule) + "." +
             NameText(rule.name.text) + TestText(rule.test);
    case Rule::Kind::kSequence:
      return SequenceText(rule);
    case Rule::Kind::kRank:
      return RankText(rule);
    case Rule::Kind::kSample:
      return fmt::format("SAMPLE {}%{}", rule.number, SeedText(rule.seed));
    case Rule::Kind::kSegment:
      return "IN SEGMENT " + NameText(rule.name.text);
    case Rule::Kind::kList:
      return "IN LIST " + NameText(rule.name.text);
    case Rule::Kind::kTag:
      return TagText(rule);
    case Rule::Kind::kRelated:
      return RelatedText(rule);
  }
  return {};
}

std::string FormatQuery(const Query& query) {
  std::string text = "FIND customer";
  if (!query.at.empty()) text += " AT " + ValueText(query.at[0]);
  if (!query.where.empty()) text += " WHERE " + FormatRule(query.where[0]);
  if (query.limit) text += fmt::format(" LIMIT {}{}", query.limit, SeedText(query.seed));
  return text;
}

}  // namespace waypost::eql

#include "eql/rule.h"

#include <fmt/format.h>

#include <algorithm>

namespace waypost::eql {
namespace {

using Takes = OpForm::Takes;

constexpr OpForm kOps[] = {
    {Op::kEqual, "=", Takes::kOne},
    {Op::kNotEqual, "!=", Takes::kOne},
    {Op::kLess, "<", Takes::kOne},
    {Op::kLessEqual, "<=", Takes::kOne},
    {Op::kGreater, ">", Takes::kOne},
    {Op::kGreaterEqual, ">=", Takes::kOne},
    {Op::kIn, "IN", Takes::kList},
    {Op::kNotIn, "NOT IN", Takes::kList},
    {Op::kBetween, "BETWEEN", Takes::kTwo},
    {Op::kContains, "CONTAINS", Takes::kOne},
    {Op::kNotContains, "NOT CONTAINS", Takes::kOne},
    {Op::kStartsWith, "STARTS WITH", Takes::kOne},
    {Op::kEndsWith, "ENDS WITH", Takes::kOne},
    {Op::kMatches, "MATCHES", Takes::kOne},
    {Op::kNotMatches, "NOT MATCHES", Takes::kOne},
    {Op::kHasAny, "HAS ANY", Takes::kList},
    {Op::kHasAll, "HAS ALL", Takes::kList},
    {Op::kHasNone, "HAS NONE", Takes::kList},
    {Op::kUnder, "UNDER", Takes::kOne},
    {Op::kOver, "OVER", Takes::kOne},
    {Op::kIsNull, "IS NULL", Takes::kNothing},
    {Op::kIsNotNull, "IS NOT NULL", Takes::kNothing},
    {Op::kWithin, "WITHIN", Takes::kRange},
};

constexpr std::string_view kMeasures[] = {
    "COUNT",
    "DAYS",
    "SUM",
    "AVG",
    "MAX",
    "MIN",
    "DISTINCT",
    "FIRST TIME",
    "LAST TIME",
    "DAYS SINCE FIRST",
    "DAYS SINCE LAST",
};
constexpr Measure::Kind kMeasureKinds[] = {
    Measure::Kind::kCount,         Measure::Kind::kDays,
    Measure::Kind::kSum,           Measure::Kind::kAvg,
    Measure::Kind::kMax,           Measure::Kind::kMin,
    Measure::Kind::kDistinct,      Measure::Kind::kFirstTime,
    Measure::Kind::kLastTime,      Measure::Kind::kDaysSinceFirst,
    Measure::Kind::kDaysSinceLast,
};

constexpr std::string_view kUnits[] = {"second", "minute", "hour",    "day",
                                       "week",   "month",  "quarter", "year"};
constexpr Unit kUnitKinds[] = {Unit::kSecond, Unit::kMinute, Unit::kHour,    Unit::kDay,
                               Unit::kWeek,   Unit::kMonth,  Unit::kQuarter, Unit::kYear};

// Visits every rule, filters of events included, with its depth.
template <typename Visit>
void Walk(const Rule& rule, int depth, Visit visit) {
  visit(rule, depth);
  if (depth > kMaxDepth) return;
  const auto all = [&](const std::vector<Rule>& rules) {
    for (const Rule& part : rules) Walk(part, depth + 1, visit);
  };
  const auto filters = [&](const EventRules& events) {
    for (const EventRule& event : events) all(event.where);
  };
  all(rule.of);
  all(rule.where);
  filters(rule.events);
  for (const Step& step : rule.steps) {
    filters(step.events);
    filters(step.without);
  }
}

bool IsBranch(const Rule& rule) { return rule.kind <= Rule::Kind::kNot; }

}  // namespace

bool SameWord(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

Error ErrorAt(const Place& place, std::string_view name, std::string_view what) {
  return Error(Code::kInvalid, std::string(name),
               place.line == 0
                   ? std::string(what)
                   : fmt::format("line {}, column {}: {}", place.line, place.column, what));
}

std::string_view UnitName(Unit unit) { return kUnits[static_cast<size_t>(unit)]; }

const Unit* FindUnit(std::string_view word) {
  if (word.size() > 1 && (word.back() == 's' || word.back() == 'S')) word.remove_suffix(1);
  for (size_t u = 0; u < std::size(kUnits); ++u) {
    if (SameWord(word, kUnits[u])) return &kUnitKinds[u];
  }
  return nullptr;
}

const OpForm& FormOf(Op op) { return kOps[static_cast<size_t>(op)]; }

const OpForm* FindOp(std::string_view words) {
  for (const OpForm& form : kOps) {
    if (SameWord(words, form.words)) return &form;
  }
  return nullptr;
}

std::string_view MeasureName(Measure::Kind kind) { return kMeasures[static_cast<size_t>(kind)]; }

const Measure::Kind* FindMeasure(std::string_view name) {
  for (size_t m = 0; m < std::size(kMeasures); ++m) {
    if (SameWord(name, kMeasures[m])) return &kMeasureKinds[m];
  }
  return nullptr;
}

bool operator==(const Rule& a, const Rule& b) {
  const auto parts = [](const Rule& r) {
    return std::tie(r.kind, r.of, r.name, r.test, r.events, r.where, r.range, r.measure, r.steps,
                    r.within, r.reached, r.bottom, r.percent, r.number, r.seed, r.words, r.property,
                    r.at, r.changed, r.from, r.to);
  };
  return parts(a) == parts(b);
}

void CollectLeaves(const Rule& rule, std::vector<const Rule*>* leaves) {
  if (!IsBranch(rule)) return leaves->push_back(&rule);
  for (const Rule& part : rule.of) CollectLeaves(part, leaves);
}

std::vector<std::string> NamesOf(const Query& query, Rule::Kind kind) {
  std::vector<std::string> names;
  for (const Rule& where : query.where) {
    Walk(where, 1, [&](const Rule& rule, int) {
      if (rule.kind == kind) names.push_back(rule.name.text);
    });
  }
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  return names;
}

Result<> CheckLimits(const Query& query) {
  size_t leaves = 0;
  const Rule* deep = nullptr;
  const Rule* many = nullptr;
  const Rule* wide = nullptr;
  for (const Rule& where : query.where) {
    Walk(where, 1, [&](const Rule& rule, int depth) {
      if (depth > kMaxDepth && !deep) deep = &rule;
      if (!IsBranch(rule) && ++leaves > kMaxLeaves && !many) many = &rule;
      if (rule.test.values.size() > kMaxValues || rule.steps.size() > kMaxSteps) wide = &rule;
    });
  }
  if (deep)
    return ErrorAt(deep->place, "eql_syntax", fmt::format("nested deeper than {}", kMaxDepth));
  if (many) return ErrorAt(many->place, "eql_syntax", fmt::format("over {} leaves", kMaxLeaves));
  if (wide) {
    return ErrorAt(wide->place, "eql_syntax",
                   fmt::format("over {} values or {} steps", kMaxValues, kMaxSteps));
  }
  return {};
}

}  // namespace waypost::eql

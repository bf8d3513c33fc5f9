#include "analytics/rules.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <utility>

#include "analytics/rule_conditions.h"
#include "analytics/rule_filter.h"
#include "analytics/rule_times.h"
#include "base/hash.h"
#include "base/nearest.h"
#include "eql/rule_json.h"
#include "eql/text.h"
#include "exec/customer_values.h"

namespace waypost::analytics {
namespace {

namespace json = boost::json;

class Resolver {
 public:
  Resolver(const Names& names, const AskOptions& options, const Calendar& calendar,
           RuleTimes& times)
      : names_(names),
        options_(options),
        times_(times),
        conditions_(names, options, calendar, times) {}

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
        out.condition = TRY(conditions_.OfField(rule.name, rule.test, false));
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

 private:
  // Tables.

  Result<exec::Rule> ResolveRows(const eql::Rule& rule) const {
    if (!options_.tables) return Unknown(rule.place, "there are no tables here");
    RowsMeasured rows = TRY(
        ReadRowsRule(rule, conditions_.RowsAt(rule.at), *options_.tables, conditions_.Reader()));
    if (!rows.tested) return std::move(rows.rule);
    rows.rule.test = TRY(conditions_.OfMeasure(
        rule.place, rows.measure, rule.test,
        {rows.type == ValueType::kDateTime,
         rows.type == ValueType::kDecimal ? static_cast<long double>(kDecimalScale) : 1.0L}));
    return std::move(rows.rule);
  }

  // Tags.

  Result<exec::Rule> ResolveTag(const eql::Rule& rule) const {
    if (!options_.tags) return Unknown(rule.place, "there are no tags here");
    if (rule.changed) return ResolveChange(rule);
    const int64_t at_ms =
        rule.at.empty() ? times_.base_ms() : TRY(times_.Instant(rule.place, rule.at[0], true));
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
    out.condition = TRY(conditions_.OfValue(name, test, values.type));
    out.condition.values = values.columns;
    return out;
  }

  // From one day with values to the next: another than before, and `from` before or `to` after.
  Result<exec::Rule> ResolveChange(const eql::Rule& rule) const {
    const exec::TimeRange range = TRY(times_.Range(rule.place, rule.range));
    const auto days = TRY(OfTag(rule, options_.tags->History(rule.name.text, range)));
    exec::Rule any;
    any.kind = exec::Rule::Kind::kAny;
    for (size_t day = 1; day < days.size(); ++day) {
      exec::Rule& all = any.of.emplace_back();
      all.of.push_back(MembersRule(std::make_shared<const exec::CustomerBits>(
          exec::Changed(*days[day - 1].columns, *days[day].columns))));
      for (const auto& [value, of] : {std::pair{&rule.from, day - 1}, {&rule.to, day}}) {
        if (value->empty()) continue;
        const eql::Test test{.op = eql::Op::kEqual, .values = *value, .range = {}};
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
    if (!rule.at.empty()) {
      if (given || !options_.tables)
        return Unknown(rule.place, fmt::format("what '{}' was is not kept", name.text));
      TRY(conditions_.Find(name, true));
      return ReadAttributeThen(name, rule.test, conditions_.RowsAt(rule.at), *options_.tables,
                               conditions_.Reader());
    }
    out.kind = given ? exec::Rule::Kind::kGiven : exec::Rule::Kind::kAttribute;
    out.condition = TRY(conditions_.OfField(name, rule.test, !given));
    return out;
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
    predicate->of.push_back(
        TRY(ReadFilter(filter, [this](const eql::Rule& field) -> Result<exec::Condition> {
          if (!field.at.empty()) return Unknown(field.place, "an event has its own moment: no AT");
          return conditions_.OfField(field.name, field.test, false);
        })));
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
    out->ignored = conditions_.ignored();
    return {};
  }
  Result<exec::TimeRange> EventTime(const eql::Rule& rule, exec::Rule* out) {
    const RuleTimes::EventTime of = TRY(times_.OfEvents(rule));
    out->rolls_from = of.rolls_from;
    out->rolls_to = of.rolls_to;
    return of.time;
  }

  Result<exec::Rule> ResolveDid(const eql::Rule& rule) {
    exec::Rule out;
    out.kind = exec::Rule::Kind::kDid;
    TRY(ReadEvents(rule, &out));
    const MeasureType measured = TRY(ReadMeasure(rule, &out.measure));
    out.test = TRY(conditions_.OfMeasure(rule.place, rule.measure.kind, rule.test, measured));
    return out;
  }

  Result<MeasureType> ReadMeasure(const eql::Rule& rule, exec::Measure* out) const {
    using Measured = eql::Measure::Kind;
    const eql::Measure& measure = rule.measure;
    out->kind = static_cast<exec::Measure::Kind>(measure.kind);
    MeasureType type;
    type.time = measure.kind == Measured::kFirstTime || measure.kind == Measured::kLastTime;
    if (measure.kind == Measured::kDays || measure.kind >= Measured::kDaysSinceFirst)
      out->days = times_.Days();
    if (!eql::HasProperty(measure.kind)) return type;
    const PropertyName property = TRY(conditions_.Find(measure.property, false));
    out->property = property.id;
    const bool distinct = measure.kind == Measured::kDistinct;
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

  Result<exec::Rule> ResolveSequence(const eql::Rule& rule) {
    exec::Rule out;
    out.kind = exec::Rule::Kind::kSequence;
    exec::FunnelSpec& spec = out.sequence;
    for (const eql::Step& step : rule.steps) {
      exec::FunnelSpec::Step made;
      made.events = TRY(Events(step.events));
      if (step.within.count) made.max_gap_ms = TRY(RuleTimes::Length(rule.place, step.within));
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
    if (rule.within.count) spec.window_ms = TRY(RuleTimes::Length(rule.place, rule.within));
    spec.entry = TRY(EventTime(rule, &out));
    spec.ignored = conditions_.ignored();
    out.steps_reached =
        static_cast<uint32_t>(rule.reached ? static_cast<size_t>(rule.reached) : spec.steps.size());
    return out;
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
    const PropertyName property = TRY(conditions_.Find(rule.name, true));
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
  RuleTimes& times_;
  RuleConditions conditions_;
};

}  // namespace

Result<ResolvedQuery> ResolveQuery(const eql::Query& query, const Names& names,
                                   const AskOptions& options) {
  const Calendar calendar = TRY(Calendar::Of(options.default_zone));
  ResolvedQuery resolved;
  RuleTimes now(calendar, options.now_ms);
  resolved.base_ms = options.now_ms;
  if (!query.at.empty()) {
    resolved.base_ms = TRY(now.Instant({}, query.at[0], true));
    // Of a day that is not over yet, as far as it has come.
    if (resolved.base_ms > options.now_ms && TRY(now.Instant({}, query.at[0])) <= options.now_ms)
      resolved.base_ms = TRY(now.Instant({}, {.kind = eql::Value::Kind::kNow}));
  }
  RuleTimes then(calendar, resolved.base_ms, !query.at.empty());
  Resolver resolver(names, options, calendar, then);
  if (!query.where.empty()) resolved.rule = TRY(resolver.Resolve(query.where[0]));
  if (resolved.base_ms < options.now_ms) LeaveOutFrom(resolved.base_ms + 1, &resolved.rule);
  // Of a moment that is given only that one is asked how long it stays.
  const RuleTimes& said = query.at.empty() ? then : now;
  resolved.same_days_until_ms = said.same_days_until_ms();
  resolved.drifts = said.drifts();
  resolved.same_until_ms = said.same_until_ms();
  resolved.limit = static_cast<uint64_t>(query.limit);
  resolved.seed = Hash64(query.seed);
  return resolved;
}

void LeaveOutFrom(int64_t until_ms, exec::Rule* rule) {
  for (exec::Rule& part : rule->of) LeaveOutFrom(until_ms, &part);
  rule->time.to_ms = std::min(rule->time.to_ms, until_ms);
  rule->sequence.until_ms = std::min(rule->sequence.until_ms, until_ms);
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

// "ask": "retention"
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "analytics/plan.h"
#include "base/clock.h"
#include "exec/retention.h"

namespace waypost::analytics {
namespace {

using exec::RetentionCell;
using exec::RetentionGroup;
using exec::RetentionSpec;
using Counted = RetentionSpec::Counted;

class RetentionPlan final : public Plan {
 public:
  explicit RetentionPlan(Scope* scope) : scope_(*scope) {}

  Result<> Read(const Form& question, Scope* scope);

  exec::BindSpec Binding() const override { return exec::RetentionBinding(spec_); }
  std::string Describe() const override {
    return fmt::format("retention: {} cohorts of {} columns", spec_.cohorts, Columns());
  }
  Result<> Run(const column::SnapshotView& snapshot, Answer* out) const override;

 private:
  Result<> ReadSets(const Form& question, Scope* scope);
  Result<> ReadPeriods(const Form& question);
  Result<> ReadBuckets(const Form& question);
  Result<> ReadValue(const Form& question, Scope* scope);
  Result<> ReadWanted(const Form& question);

  size_t Columns() const { return spec_.brackets.empty() ? spec_.periods : spec_.brackets.size(); }
  uint32_t LastPeriod(size_t column) const {
    return spec_.brackets.empty() ? static_cast<uint32_t>(column) : spec_.brackets[column].last;
  }
  bool Complete(const RetentionGroup& group, size_t cohort, size_t column) const;
  exec::RetentionResult CountIn(const column::SnapshotView& snapshot) const;
  void WriteBody(const RetentionGroup& group, Answer* out) const;
  void WriteCell(const RetentionCell& cell, uint64_t size, bool complete, Answer* out) const;
  void WriteAverages(const RetentionGroup& group, Answer* out) const;
  void WriteColumns(Answer* out) const;

  // Calendar months from a customer's own start.
  static int64_t MonthStart(const void* plan, int64_t start_ms, uint32_t period) {
    const auto* self = static_cast<const RetentionPlan*>(plan);
    return self->scope_.calendar().AddMonths(start_ms, int64_t{period} * self->months_);
  }

  const Scope& scope_;
  RetentionSpec spec_;
  CalendarUnit unit_ = CalendarUnit::kDay;
  int64_t months_ = 0;
  exec::TimeRange range_;
  ValueType value_type_ = ValueType::kInt;
  bool value_average_ = false;
  bool per_retained_ = false;
};

Result<> RetentionPlan::Read(const Form& question, Scope* scope) {
  TRY(question.Only({"ask",     "range",  "zone",        "week_start", "day_start", "who",
                     "ignore",  "as_of",  "by",          "by_event",   "top",       "start",
                     "return",  "cohort", "clock",       "unit",       "periods",   "brackets",
                     "counted", "value",  "customers_of"}));
  TRY(scope->ReadPopulation(question));
  spec_.grouping = TRY(scope->Breakdown(question));
  if (const auto by_event = question.Find("by_event")) {
    spec_.group_by_last = TRY(by_event->Choice<bool>({{"first", false}, {"last", true}}));
  }
  range_ = TRY(scope->Range(question));
  TRY(ReadSets(question, scope));
  TRY(ReadPeriods(question));
  TRY(ReadBuckets(question));
  TRY(ReadValue(question, scope));
  TRY(ReadWanted(question));
  spec_.properties = scope->properties();
  spec_.attributes = scope->attributes();
  spec_.ignored = scope->ignored();
  spec_.population = scope->population();
  return {};
}

Result<> RetentionPlan::ReadSets(const Form& question, Scope* scope) {
  spec_.start = TRY(scope->Events(TRY(question.Need("start"))));
  spec_.comeback = TRY(scope->Events(TRY(question.Need("return"))));
  std::set<uint32_t> types;
  bool any = false;
  for (const exec::EventChoice& choice : spec_.start.choices) {
    any |= choice.any;
    types.insert(choice.event_type);
  }
  for (const exec::EventChoice& choice : spec_.comeback.choices) {
    spec_.same_events |= any || choice.any || types.contains(choice.event_type);
  }
  if (const auto cohort = question.Find("cohort")) {
    spec_.cohort = TRY(
        cohort->Choice<RetentionSpec::Cohort>({{"recurring", RetentionSpec::Cohort::kRecurring},
                                               {"first_time", RetentionSpec::Cohort::kFirstTime}}));
  }
  if (const auto counted = question.Find("counted")) {
    spec_.counted = TRY(counted->Choice<Counted>({{"on", Counted::kOn},
                                                  {"on_or_after", Counted::kOnOrAfter},
                                                  {"on_or_before", Counted::kOnOrBefore},
                                                  {"streak", Counted::kStreak}}));
  }
  return {};
}

Result<> RetentionPlan::ReadPeriods(const Form& question) {
  if (const auto unit = question.Find("unit")) {
    unit_ = TRY(unit->Choice<CalendarUnit>({{"hour", CalendarUnit::kHour},
                                            {"day", CalendarUnit::kDay},
                                            {"week", CalendarUnit::kWeek},
                                            {"month", CalendarUnit::kMonth},
                                            {"quarter", CalendarUnit::kQuarter}}));
  }
  spec_.periods = 8;
  const auto periods = question.Find("periods"), brackets = question.Find("brackets");
  if (periods && brackets) return brackets->Bad("give \"periods\" or \"brackets\", not both");
  if (periods) spec_.periods = static_cast<uint32_t>(TRY(periods->Whole(1, exec::kMaxPeriods)));
  if (brackets) {
    spec_.periods = 0;
    for (const Form& item : TRY(brackets->List(1, exec::kMaxPeriods))) {
      const std::vector<Form> ends = TRY(item.List(2, 2));
      RetentionSpec::Bracket bracket;
      bracket.first = static_cast<uint32_t>(TRY(ends[0].Whole(0, exec::kMaxPeriods - 1)));
      bracket.last =
          static_cast<uint32_t>(TRY(ends[1].Whole(bracket.first, exec::kMaxPeriods - 1)));
      spec_.brackets.push_back(bracket);
      spec_.periods = std::max(spec_.periods, bracket.last + 1);
    }
    if (spec_.counted != Counted::kOn)
      return brackets->Bad("brackets are counted \"on\" their periods");
  }
  if (const auto clock = question.Find("clock")) {
    spec_.rolling = TRY(clock->Choice<bool>({{"calendar", false}, {"rolling", true}}));
  }
  if (!spec_.rolling) return {};
  spec_.horizon_ms = scope_.options().now_ms;
  constexpr int64_t kUnitMs[] = {kDayMs / 24, kDayMs, 7 * kDayMs, 0, 0, 0};
  spec_.rolling_unit_ms = kUnitMs[static_cast<size_t>(unit_)];
  months_ = unit_ == CalendarUnit::kMonth ? 1 : unit_ == CalendarUnit::kQuarter ? 3 : 0;
  if (months_) {
    spec_.start_of = MonthStart;
    spec_.context = this;
  }
  return {};
}

// The cohorts' buckets, then those where they may come back, then one for all later time.
Result<> RetentionPlan::ReadBuckets(const Form& question) {
  const Calendar& calendar = scope_.calendar();
  constexpr int64_t kUnitMs[] = {3'600'000,     82'800'000,    601'200'000,
                                 2'415'600'000, 7'750'000'000, 31'500'000'000};
  if ((range_.to_ms - range_.from_ms) / kUnitMs[static_cast<size_t>(unit_)] >
      static_cast<int64_t>(exec::kMaxPeriods)) {
    return question.Find("range")->Bad(fmt::format("has over {} cohorts", exec::kMaxPeriods));
  }
  const exec::TimeBuckets cohorts = calendar.Buckets(range_, unit_);
  spec_.cohorts = cohorts.count();
  spec_.starts_before_ms = range_.to_ms;
  std::vector<int64_t> edges;
  for (uint32_t c = 0; c < cohorts.count(); ++c) edges.push_back(cohorts.begin(c));
  const int64_t last_ms = edges.back();
  for (uint32_t k = 1; k <= spec_.periods; ++k) edges.push_back(calendar.Step(last_ms, unit_, k));
  edges.push_back(
      std::max(edges.back() + 1, calendar.Step(scope_.options().now_ms, CalendarUnit::kDay, 2)));
  spec_.buckets = exec::TimeBuckets(std::move(edges));
  return {};
}

Result<> RetentionPlan::ReadValue(const Form& question, Scope* scope) {
  const auto form = question.Find("value");
  if (!form) return {};
  TRY(form->Only({"property", "measure", "per"}));
  const Form property = TRY(form->Need("property"));
  const Scope::Column column = TRY(scope->EventProperty(property));
  spec_.values = true;
  spec_.value_property = column.index;
  spec_.value_domain = DomainOf(column.type);
  value_type_ = column.type;
  if (spec_.value_domain != exec::Domain::kWhole && spec_.value_domain != exec::Domain::kReal) {
    return property.Bad(fmt::format("a {} cannot be added up", ValueTypeName(column.type)));
  }
  if (const auto measure = form->Find("measure")) {
    value_average_ = TRY(measure->Choice<bool>({{"sum", false}, {"avg", true}}));
  }
  if (const auto per = form->Find("per")) {
    per_retained_ = TRY(per->Choice<bool>({{"cohort", false}, {"retained", true}}));
    if (!value_average_) return per->Bad("is used with the measure \"avg\"");
  }
  return {};
}

Result<> RetentionPlan::ReadWanted(const Form& question) {
  const auto form = question.Find("customers_of");
  if (!form) return {};
  TRY(form->Only({"cohort", "column", "churned", "group"}));
  RetentionSpec::Wanted wanted;
  const Form cohort = TRY(form->Need("cohort"));
  wanted.cohort = TRY(scope_.Bucket(cohort, spec_.buckets));
  if (wanted.cohort >= spec_.cohorts) return cohort.Bad("is after the last cohort");
  if (const auto column = form->Find("column")) {
    wanted.column =
        static_cast<uint32_t>(TRY(column->Whole(0, static_cast<int64_t>(Columns()) - 1)));
  }
  if (const auto churned = form->Find("churned")) {
    wanted.churned = TRY(churned->Flag());
    if (!wanted.column) return churned->Bad("say from which \"column\"");
  }
  if (const auto group = form->Find("group"))
    wanted.group = TRY(scope_.Group(*group, spec_.grouping));
  spec_.wanted = wanted;
  return {};
}

exec::RetentionResult RetentionPlan::CountIn(const column::SnapshotView& snapshot) const {
  RetentionSpec spec = spec_;
  const exec::BindSpec bind = exec::RetentionBinding(spec);
  const exec::Binding binding(snapshot, bind, scope_.options().threads);
  exec::RetentionResult result = exec::RunRetention(spec, binding, scope_.options().threads);
  if (result.groups.size() <= scope_.top()) return result;
  std::vector<std::pair<double, exec::GroupTuple>> measured;
  for (const RetentionGroup& group : result.groups) {
    uint64_t members = 0;
    for (const uint64_t size : group.sizes) members += size;
    measured.emplace_back(static_cast<double>(members), group.values);
  }
  spec.grouping = CloseGrouping(spec.grouping, scope_.top(), measured);
  return exec::RunRetention(spec, binding, scope_.options().threads);
}

// Over for everybody in the cohort?
bool RetentionPlan::Complete(const RetentionGroup& group, size_t cohort, size_t column) const {
  if (spec_.rolling) return group.cells[cohort][column].complete == group.sizes[cohort];
  const auto bucket = static_cast<uint32_t>(cohort) + LastPeriod(column);
  return spec_.buckets.end(bucket) <= scope_.options().now_ms - scope_.options().late_ms;
}

void RetentionPlan::WriteCell(const RetentionCell& cell, uint64_t size, bool complete,
                              Answer* out) const {
  out->Open('{').Key("count").Count(cell.customers).Key("rate");
  size ? out->Real(static_cast<double>(cell.customers) / static_cast<double>(size)) : out->Null();
  out->Key("complete").Flag(complete);
  if (spec_.values) {
    const bool real = spec_.value_domain == exec::Domain::kReal;
    out->Key("value");
    if (!value_average_) {
      if (real) {
        out->Real(cell.real_sum);
      } else {
        WriteWhole(cell.whole_sum, value_type_, out);
      }
    } else {
      const uint64_t per = per_retained_ ? cell.customers : size;
      const double scale =
          value_type_ == ValueType::kDecimal ? static_cast<double>(kDecimalScale) : 1;
      const double sum = real ? cell.real_sum : static_cast<double>(cell.whole_sum) / scale;
      per ? out->Real(sum / static_cast<double>(per)) : out->Null();
    }
  }
  out->Close('}');
}

// Per column over its complete cells: pooled is all retained of all members, unweighted the mean of
// the cohorts' rates.
void RetentionPlan::WriteAverages(const RetentionGroup& group, Answer* out) const {
  out->Key("average").Open('[');
  for (size_t k = 0; k < Columns(); ++k) {
    uint64_t retained = 0, members = 0, cohorts = 0;
    double rates = 0;
    for (size_t c = 0; c < spec_.cohorts; ++c) {
      if (!group.sizes[c] || !Complete(group, c, k)) continue;
      retained += group.cells[c][k].customers;
      members += group.sizes[c];
      rates +=
          static_cast<double>(group.cells[c][k].customers) / static_cast<double>(group.sizes[c]);
      ++cohorts;
    }
    out->Open('{').Key("pooled");
    members ? out->Real(static_cast<double>(retained) / static_cast<double>(members)) : out->Null();
    out->Key("unweighted");
    cohorts ? out->Real(rates / static_cast<double>(cohorts)) : out->Null();
    if (spec_.counted == Counted::kOnOrAfter) {
      out->Key("churn");
      members ? out->Real(1 - static_cast<double>(retained) / static_cast<double>(members))
              : out->Null();
    }
    out->Key("cohorts").Count(cohorts).Close('}');
  }
  out->Close(']');
}

void RetentionPlan::WriteBody(const RetentionGroup& group, Answer* out) const {
  out->Key("cohorts").Open('[');
  for (size_t c = 0; c < spec_.cohorts; ++c) {
    out->Open('{').Key("from").Text(
        scope_.calendar().Text(spec_.buckets.begin(static_cast<uint32_t>(c))));
    out->Key("size").Count(group.sizes[c]).Key("cells").Open('[');
    for (size_t k = 0; k < Columns(); ++k) {
      WriteCell(group.cells[c][k], group.sizes[c], Complete(group, c, k), out);
    }
    out->Close(']').Close('}');
  }
  out->Close(']');
  WriteAverages(group, out);
}

void RetentionPlan::WriteColumns(Answer* out) const {
  out->Key("columns").Open('[');
  for (size_t k = 0; k < Columns(); ++k) {
    const uint32_t first =
        spec_.brackets.empty() ? static_cast<uint32_t>(k) : spec_.brackets[k].first;
    out->Open('[').Whole(first).Whole(LastPeriod(k)).Close(']');
  }
  out->Close(']');
}

Result<> RetentionPlan::Run(const column::SnapshotView& snapshot, Answer* out) const {
  const exec::RetentionResult result = CountIn(snapshot);
  WriteRange(range_, scope_, out);
  out->Key("unit").Text(CalendarUnitName(unit_));
  out->Key("clock").Text(spec_.rolling ? "rolling" : "calendar");
  out->Key("cohort").Text(spec_.cohort == RetentionSpec::Cohort::kFirstTime ? "first_time"
                                                                            : "recurring");
  WriteColumns(out);
  out->Key("everyone").Open('{');
  WriteBody(result.everyone, out);
  out->Close('}');
  if (!spec_.grouping.dimensions.empty()) {
    out->Key("groups").Open('[');
    for (const bool other : {false, true}) {
      for (const RetentionGroup& group : result.groups) {
        if (group.values.empty() != other) continue;
        out->Open('{').Key("by");
        WriteGroup(group.values, scope_, out);
        WriteBody(group, out);
        out->Close('}');
      }
    }
    out->Close(']');
  }
  if (spec_.wanted) WriteCustomers(result.customers, scope_, out);
  return {};
}

}  // namespace

Result<std::unique_ptr<Plan>> PlanRetention(const Form& question, Scope* scope) {
  auto plan = std::make_unique<RetentionPlan>(scope);
  TRY(plan->Read(question, scope));
  return std::unique_ptr<Plan>(std::move(plan));
}

}  // namespace waypost::analytics

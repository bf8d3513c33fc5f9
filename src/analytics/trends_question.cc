// "ask": "trends"
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <map>
#include <numeric>

#include "analytics/formula.h"
#include "analytics/plan.h"
#include "exec/quantile.h"
#include "exec/trends.h"

namespace waypost::analytics {
namespace {

using exec::TrendCell;
using exec::TrendsSpec;
using Aggregate = TrendsSpec::Aggregate;
using Fold = TrendsSpec::Fold;

constexpr size_t kMaxMeasures = 50;

enum class What : uint8_t {
  kCount,
  kUniques,
  kPerUser,
  kSum,
  kAvg,
  kMin,
  kMax,
  kPercentile,
  kDistinct,
  kFormula
};

struct Measure {
  std::string name;
  What what = What::kCount;
  uint32_t series = 0;
  ValueType type = ValueType::kInt;  // of the numbers
  double q = 0;
  std::optional<Formula> formula;
};

// A number of an answer, exact where it can be.
struct Figure {
  enum class Kind : uint8_t { kNull, kWhole, kReal } kind = Kind::kNull;
  __int128 whole = 0;
  double real = 0;
  static Figure Null() { return {}; }
  static Figure Whole(__int128 v) { return {Kind::kWhole, v, 0}; }
  static Figure Real(double v) { return {Kind::kReal, 0, v}; }
};

bool IsReal(const exec::Domain domain) { return domain == exec::Domain::kReal; }

// Where the numbers of decimals are scaled, what is no decimal itself must be scaled back.
double Unscaled(double v, ValueType type) {
  return type == ValueType::kDecimal ? v / static_cast<double>(kDecimalScale) : v;
}

Figure Evaluate(const Measure& measure, const TrendsSpec::Series& series, const TrendCell& cell) {
  const exec::Numbers& n = cell.numbers;
  const bool real = IsReal(series.domain) || series.fold == Fold::kMean;
  switch (measure.what) {
    case What::kCount:
      return Figure::Whole(cell.events);
    case What::kUniques:
      return Figure::Whole(cell.customers);
    case What::kDistinct:
      return Figure::Whole(n.count);
    case What::kPerUser:
      if (!cell.customers) return Figure::Null();
      return Figure::Real(static_cast<double>(cell.events) / static_cast<double>(cell.customers));
    case What::kSum:
      return real ? Figure::Real(n.real_sum) : Figure::Whole(n.whole_sum);
    default:
      break;
  }
  if (!n.count) return Figure::Null();
  switch (measure.what) {
    case What::kMin:
      return real ? Figure::Real(n.real_min) : Figure::Whole(n.whole_min);
    case What::kMax:
      return real ? Figure::Real(n.real_max) : Figure::Whole(n.whole_max);
    case What::kAvg: {
      const double sum = real ? n.real_sum : static_cast<double>(n.whole_sum);
      return Figure::Real(Unscaled(sum / static_cast<double>(n.count), measure.type));
    }
    default: {
      std::vector<double> reals = cell.reals;
      std::sort(reals.begin(), reals.end());
      const double value = real ? exec::Quantile(reals, measure.q)
                                : exec::Quantiles({&cell.wholes, 1}, std::array{measure.q})[0];
      return Figure::Real(Unscaled(value, measure.type));
    }
  }
}

std::optional<double> AsReal(const Figure& figure, ValueType type) {
  if (figure.kind == Figure::Kind::kNull) return {};
  return figure.kind == Figure::Kind::kReal ? figure.real
                                            : Unscaled(static_cast<double>(figure.whole), type);
}

class TrendsPlan final : public Plan {
 public:
  explicit TrendsPlan(Scope* scope) : scope_(*scope) {}

  Result<> Read(const Form& question, Scope* scope);

  exec::BindSpec Binding() const override { return exec::TrendsBinding(spec_); }
  std::string Describe() const override {
    return fmt::format(
        "trends: {} series over {} buckets, one pass over the customers that have them",
        spec_.series.size(), spec_.buckets.count());
  }
  Result<> Run(const column::SnapshotView& snapshot, Answer* out) const override;

 private:
  Result<> ReadInterval(const Form& question);
  Result<> ReadMeasure(const Form& form, Scope* scope);
  Result<> ReadAggregate(const Form& form, const std::string& what, Scope* scope, Measure* measure,
                         TrendsSpec::Series* series);
  Result<> ReadWindow(const Form& form, const std::string& what, TrendsSpec::Series* series);
  void SetBefore(int64_t from_ms, TrendsSpec* spec) const;
  Result<uint32_t> SeriesFor(const std::string& key, TrendsSpec::Series series);
  Result<> ReadCompare(const Form& question);
  Result<> ReadWanted(const Form& question, const Scope& scope);

  exec::TrendsResult CountIn(const column::SnapshotView& snapshot, TrendsSpec* spec) const;
  std::vector<std::vector<Figure>> Figures(const exec::TrendGroup& group, bool range) const;
  void WriteFigure(const Figure& figure, const Measure& measure, Answer* out) const;
  void WriteGroupFigures(const exec::TrendGroup& group, Answer* out) const;
  void WriteResult(const exec::TrendsResult& result, Answer* out) const;

  const Scope& scope_;
  TrendsSpec spec_;
  std::vector<Measure> measures_;
  std::map<std::string, uint32_t> series_;
  std::optional<CalendarUnit> unit_;  // none: one bucket, the whole range
  exec::TimeRange range_;
  int64_t units_before_ = 0;  // that windows reach back
  std::optional<exec::TimeRange> compared_;
};

Result<> TrendsPlan::Read(const Form& question, Scope* scope) {
  TRY(question.Only({"ask", "range", "zone", "week_start", "day_start", "who", "ignore", "as_of",
                     "by", "top", "interval", "measures", "compare", "customers_of"}));
  TRY(scope->ReadPopulation(question));
  spec_.grouping = TRY(scope->Breakdown(question));
  range_ = TRY(scope->Range(question));
  TRY(ReadInterval(question));
  const Form measures = TRY(question.Need("measures"));
  for (const Form& form : TRY(measures.List(1, kMaxMeasures))) TRY(ReadMeasure(form, scope));
  if (spec_.series.empty()) return measures.Bad("a formula needs a measure of events before it");
  spec_.properties = scope->properties();
  spec_.attributes = scope->attributes();
  spec_.ignored = scope->ignored();
  spec_.population = scope->population();
  TRY(ReadCompare(question));
  return ReadWanted(question, *scope);
}

Result<> TrendsPlan::ReadInterval(const Form& question) {
  unit_ = CalendarUnit::kDay;
  if (const auto form = question.Find("interval")) {
    using Unit = std::optional<CalendarUnit>;
    unit_ = TRY(form->Choice<Unit>({{"hour", CalendarUnit::kHour},
                                    {"day", CalendarUnit::kDay},
                                    {"week", CalendarUnit::kWeek},
                                    {"month", CalendarUnit::kMonth},
                                    {"quarter", CalendarUnit::kQuarter},
                                    {"year", CalendarUnit::kYear},
                                    {"all", std::nullopt}}));
  }
  constexpr int64_t kUnitMs[] = {3'600'000,     82'800'000,    601'200'000,
                                 2'415'600'000, 7'750'000'000, 31'500'000'000};
  if (unit_ && (range_.to_ms - range_.from_ms) / kUnitMs[static_cast<size_t>(*unit_)] >
                   static_cast<int64_t>(kMaxBuckets)) {
    return question.Find("range")->Bad(
        fmt::format("over {} buckets; ask for a shorter range or longer intervals", kMaxBuckets));
  }
  spec_.buckets = unit_ ? scope_.calendar().Buckets(range_, *unit_)
                        : exec::TimeBuckets({range_.from_ms, range_.to_ms});
  return {};
}

// Of whom the first event is meant, for measures that may share a series.
std::string FirstName(const Form& form, std::string_view what) {
  const auto first = form.Find("first");
  if (first) return boost::json::serialize(first->json());
  return what == "first_time_users" ? "\"match\"" : "";
}

Result<> TrendsPlan::ReadMeasure(const Form& form, Scope* scope) {
  TRY(form.Only({"name", "of", "measure", "property", "q", "per_customer", "window", "cumulative",
                 "formula", "first"}));
  Measure measure;
  std::vector<std::string> names;
  for (const Measure& before : measures_) names.push_back(before.name);
  if (const auto name = form.Find("name")) measure.name = TRY(name->Text());
  if (const auto formula = form.Find("formula")) {
    measure.what = What::kFormula;
    if (measure.name.empty()) measure.name = TRY(formula->Text());
    Result<Formula> parsed = Formula::Parse(TRY(formula->Text()), names);
    if (!parsed.ok()) return formula->Bad(parsed.error().message());
    measure.formula = std::move(parsed).value();
  } else {
    const Form of = TRY(form.Need("of"));
    TrendsSpec::Series series;
    series.events = TRY(scope->Events(of));
    series.first_of = TRY(scope->FirstOf(form, series.events));
    const auto what_form = form.Find("measure");
    const std::string what = what_form ? TRY(what_form->Text()) : "count";
    TRY(ReadAggregate(form, what, scope, &measure, &series));
    TRY(ReadWindow(form, what, &series));
    if (measure.name.empty()) measure.name = fmt::format("{} {}", what, scope->EventsName(of));
    const std::string key =
        fmt::format("{}|{}|{}|{}|{}|{}", boost::json::serialize(of.json()), FirstName(form, what),
                    series.window, series.cumulative, static_cast<int>(series.fold),
                    series.fold == Fold::kNone ? -1 : static_cast<int>(series.property));
    measure.series = TRY(SeriesFor(key, std::move(series)));
  }
  if (std::find(names.begin(), names.end(), measure.name) != names.end()) {
    return form.Bad(fmt::format("there is already a measure '{}'; give this one another \"name\"",
                                measure.name));
  }
  measures_.push_back(std::move(measure));
  return {};
}

Result<> TrendsPlan::ReadAggregate(const Form& form, const std::string& what, Scope* scope,
                                   Measure* measure, TrendsSpec::Series* series) {
  static const std::map<std::string, What, std::less<>> kWhats = {
      {"count", What::kCount},
      {"uniques", What::kUniques},
      {"dau", What::kUniques},
      {"wau", What::kUniques},
      {"mau", What::kUniques},
      {"first_time_users", What::kUniques},
      {"per_user", What::kPerUser},
      {"sum", What::kSum},
      {"avg", What::kAvg},
      {"min", What::kMin},
      {"max", What::kMax},
      {"median", What::kPercentile},
      {"percentile", What::kPercentile},
      {"distinct", What::kDistinct}};
  const auto found = kWhats.find(what);
  if (found == kWhats.end()) {
    std::vector<std::string> names;
    for (const auto& [name, value] : kWhats) names.push_back(name);
    return form.Find("measure")->Unknown(what, names);
  }
  measure->what = found->second;
  if (what == "first_time_users" && series->first_of.choices.empty())
    series->first_of = series->events;
  measure->q = 0.5;
  if (what == "percentile") {
    const Form q = TRY(form.Need("q"));
    measure->q = TRY(q.Real());
    if (!(measure->q >= 0 && measure->q <= 1)) return q.Bad("give a number from 0 to 1");
  }
  const bool numbers = measure->what >= What::kSum && measure->what != What::kFormula;
  if (!numbers) return {};
  const bool limits = measure->what == What::kMin || measure->what == What::kMax;
  series->aggregate = measure->what == What::kPercentile ? Aggregate::kValues
                      : limits                           ? Aggregate::kNumbers
                                                         : Aggregate::kSum;
  if (const auto fold = form.Find("per_customer")) {
    if (measure->what == What::kDistinct)
      return fold->Bad("\"distinct\" is not counted per customer");
    series->fold = TRY(fold->Choice<Fold>({{"count", Fold::kCount},
                                           {"sum", Fold::kSum},
                                           {"avg", Fold::kMean},
                                           {"min", Fold::kMin},
                                           {"max", Fold::kMax}}));
    if (series->fold == Fold::kCount) return {};
  }
  const Form property = TRY(form.Need("property"));
  const Scope::Column column = TRY(scope->EventProperty(property));
  series->property = column.index;
  series->domain = DomainOf(column.type);
  measure->type = column.type;
  if (measure->what == What::kDistinct) {
    series->aggregate = Aggregate::kDistinct;
  } else if (series->domain != exec::Domain::kWhole && series->domain != exec::Domain::kReal) {
    return property.Bad(
        fmt::format("a {} cannot be added up; use \"distinct\"", ValueTypeName(column.type)));
  }
  return {};
}

Result<> TrendsPlan::ReadWindow(const Form& form, const std::string& what,
                                TrendsSpec::Series* series) {
  if (const auto window = form.Find("window")) {
    series->window = static_cast<uint32_t>(TRY(window->Whole(1, 366)));
    if (what != "uniques") return window->Bad("only \"uniques\" have a window");
  }
  if (const auto cumulative = form.Find("cumulative")) {
    series->cumulative = TRY(cumulative->Flag());
    if (what != "uniques")
      return cumulative->Bad("only \"uniques\" are cumulative; for sums use the formula cum(x)");
  }
  if (what == "wau" || what == "mau" || what == "dau") {
    if (unit_ != CalendarUnit::kDay)
      return form.Find("measure")->Bad("is counted by day: use the interval \"day\"");
    series->window = what == "dau" ? 1 : what == "wau" ? 7 : 30;
  }
  if (series->window > 1 && !unit_) return form.Bad("a window needs an interval");
  units_before_ = std::max<int64_t>(units_before_, series->window - 1);
  SetBefore(range_.from_ms, &spec_);
  return {};
}

// The buckets before a range that windows reach back to.
void TrendsPlan::SetBefore(int64_t from_ms, TrendsSpec* spec) const {
  if (units_before_ == 0) return;
  std::vector<int64_t> edges;
  const int64_t first_ms = scope_.calendar().Floor(from_ms, *unit_);
  for (int64_t k = -units_before_; k < 0; ++k)
    edges.push_back(scope_.calendar().Step(first_ms, *unit_, k));
  spec->first_cut = first_ms < from_ms;
  if (spec->first_cut) edges.push_back(first_ms);
  edges.push_back(from_ms);
  spec->before = exec::TimeBuckets(std::move(edges));
}

// Measures of the same events share a series when they read the same property or none.
Result<uint32_t> TrendsPlan::SeriesFor(const std::string& key, TrendsSpec::Series series) {
  for (int copy = 0;; ++copy) {
    const auto [at, added] =
        series_.try_emplace(fmt::format("{}#{}", key, copy), spec_.series.size());
    if (added) {
      uint64_t roles = spec_.series.size() + 1 + !series.first_of.choices.empty();
      for (const TrendsSpec::Series& other : spec_.series) roles += !other.first_of.choices.empty();
      if (roles > 64)
        return Error(Code::kInvalid, "bad_question", "measures: over 64 different sets of events");
      spec_.series.push_back(std::move(series));
      return at->second;
    }
    TrendsSpec::Series& known = spec_.series[at->second];
    if (series.aggregate == Aggregate::kNone) return at->second;
    const bool distinct =
        series.aggregate == Aggregate::kDistinct || known.aggregate == Aggregate::kDistinct;
    const bool same =
        known.property == series.property && (!distinct || known.aggregate == series.aggregate);
    if (known.aggregate != Aggregate::kNone && !same) continue;
    known.aggregate = std::max(known.aggregate, series.aggregate);
    known.property = series.property;
    known.domain = series.domain;
    return at->second;
  }
}

Result<> TrendsPlan::ReadCompare(const Form& question) {
  const auto form = question.Find("compare");
  if (!form) return {};
  const Calendar& calendar = scope_.calendar();
  if (form->is_object()) {
    TRY(form->Only({"from"}));
    const int64_t from_ms = TRY(scope_.Instant(TRY(form->Need("from"))));
    compared_ = {from_ms, from_ms + range_.to_ms - range_.from_ms};
    return {};
  }
  const std::string to = TRY(form->Choice<std::string>({{"previous", "previous"},
                                                        {"last_week", "last_week"},
                                                        {"last_month", "last_month"},
                                                        {"last_year", "last_year"}}));
  const auto shift = [&](int64_t ms) {
    if (to == "last_week")
      return calendar.Step(ms, CalendarUnit::kDay, -7) + ms -
             calendar.Floor(ms, CalendarUnit::kDay);
    return calendar.AddMonths(ms, to == "last_month" ? -1 : -12);
  };
  if (to == "previous") {
    const int64_t count = spec_.buckets.count();
    const int64_t from_ms =
        unit_ ? calendar.Step(range_.from_ms, *unit_, -count) : 2 * range_.from_ms - range_.to_ms;
    compared_ = {from_ms, range_.from_ms};
  } else {
    compared_ = {shift(range_.from_ms), shift(range_.to_ms)};
  }
  return {};
}

Result<> TrendsPlan::ReadWanted(const Form& question, const Scope& scope) {
  const auto form = question.Find("customers_of");
  if (!form) return {};
  TRY(form->Only({"measure", "bucket", "group"}));
  const Form name_form = TRY(form->Need("measure"));
  const std::string name = TRY(name_form.Text());
  TrendsSpec::Wanted wanted;
  std::vector<std::string> names;
  const Measure* found = nullptr;
  for (const Measure& measure : measures_) {
    names.push_back(measure.name);
    if (measure.name == name) found = &measure;
  }
  if (!found) return name_form.Unknown(name, names);
  if (found->what == What::kFormula)
    return name_form.Bad("a formula has no customers; ask for one of its measures");
  wanted.series = found->series;
  if (const auto bucket = form->Find("bucket"))
    wanted.bucket = TRY(scope.Bucket(*bucket, spec_.buckets));
  if (const auto group = form->Find("group"))
    wanted.group = TRY(scope.Group(*group, spec_.grouping));
  spec_.wanted = wanted;
  return {};
}

// Runs twice when there are more groups than asked for: what belongs to $other is known only then.
exec::TrendsResult TrendsPlan::CountIn(const column::SnapshotView& snapshot,
                                       TrendsSpec* spec) const {
  const exec::BindSpec bind = exec::TrendsBinding(*spec);
  const exec::Binding binding(snapshot, bind, scope_.options().threads);
  exec::TrendsResult result = exec::RunTrends(*spec, binding, scope_.options().threads);
  if (spec->grouping.closed || result.groups.size() <= scope_.top()) return result;
  std::vector<std::pair<double, exec::GroupTuple>> measured;
  for (const exec::TrendGroup& group : result.groups) {
    const std::optional<double> first = AsReal(Figures(group, true)[0][0], measures_[0].type);
    measured.emplace_back(first.value_or(0), group.values);
  }
  spec->grouping = CloseGrouping(spec->grouping, scope_.top(), measured);
  return exec::RunTrends(*spec, binding, scope_.options().threads);
}

// [measure][bucket], or with one bucket that is the whole range.
std::vector<std::vector<Figure>> TrendsPlan::Figures(const exec::TrendGroup& group,
                                                     bool range) const {
  std::vector<std::vector<Figure>> figures;
  std::vector<Line> lines;
  for (const Measure& measure : measures_) {
    std::vector<Figure> line;
    if (measure.formula) {
      for (const std::optional<double>& v : measure.formula->Evaluate(lines)) {
        line.push_back(v ? Figure::Real(*v) : Figure::Null());
      }
    } else {
      const TrendsSpec::Series& series = spec_.series[measure.series];
      if (range) {
        line.push_back(Evaluate(measure, series, group.range[measure.series]));
      } else {
        for (const TrendCell& cell : group.buckets[measure.series])
          line.push_back(Evaluate(measure, series, cell));
      }
    }
    Line reals;
    for (const Figure& figure : line) reals.push_back(AsReal(figure, measure.type));
    lines.push_back(std::move(reals));
    figures.push_back(std::move(line));
  }
  return figures;
}

void TrendsPlan::WriteFigure(const Figure& figure, const Measure& measure, Answer* out) const {
  const bool scaled =
      measure.what == What::kSum || measure.what == What::kMin || measure.what == What::kMax;
  if (figure.kind == Figure::Kind::kWhole) {
    WriteWhole(figure.whole, scaled ? measure.type : ValueType::kInt, out);
  } else if (figure.kind == Figure::Kind::kReal) {
    // A customer's mean of decimals is scaled still.
    const bool mean = scaled && spec_.series[measure.series].fold == Fold::kMean;
    out->Real(mean ? Unscaled(figure.real, measure.type) : figure.real);
  } else {
    out->Null();
  }
}

void TrendsPlan::WriteGroupFigures(const exec::TrendGroup& group, Answer* out) const {
  const auto by_bucket = Figures(group, false), total = Figures(group, true);
  out->Key("measures").Open('{');
  for (size_t m = 0; m < measures_.size(); ++m) {
    out->Key(measures_[m].name).Open('{').Key("total");
    WriteFigure(total[m][0], measures_[m], out);
    out->Key("buckets").Open('[');
    for (const Figure& figure : by_bucket[m]) WriteFigure(figure, measures_[m], out);
    out->Close(']').Close('}');
  }
  out->Close('}');
}

void TrendsPlan::WriteResult(const exec::TrendsResult& result, Answer* out) const {
  out->Key("everyone").Open('{');
  WriteGroupFigures(result.everyone, out);
  out->Close('}');
  if (spec_.grouping.dimensions.empty()) return;
  std::vector<std::pair<double, const exec::TrendGroup*>> order;
  for (const exec::TrendGroup& group : result.groups) {
    order.emplace_back(AsReal(Figures(group, true)[0][0], measures_[0].type).value_or(0), &group);
  }
  // $other is last whatever its size.
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    if (a.second->values.empty() != b.second->values.empty()) return b.second->values.empty();
    return a.first > b.first;
  });
  out->Key("groups").Open('[');
  for (const auto& [size, group] : order) {
    out->Open('{').Key("by");
    WriteGroup(group->values, scope_, out);
    WriteGroupFigures(*group, out);
    out->Close('}');
  }
  out->Close(']');
}

Result<> TrendsPlan::Run(const column::SnapshotView& snapshot, Answer* out) const {
  TrendsSpec spec = spec_;
  const exec::TrendsResult result = CountIn(snapshot, &spec);
  WriteRange(range_, scope_, out);
  out->Key("interval").Text(unit_ ? CalendarUnitName(*unit_) : "all");
  WriteBuckets(spec_.buckets, 0, scope_, out);
  WriteResult(result, out);
  if (spec_.wanted) WriteCustomers(result.customers, scope_, out);
  if (!compared_) return {};
  spec.wanted.reset();
  SetBefore(compared_->from_ms, &spec);
  spec.buckets = unit_ ? scope_.calendar().Buckets(*compared_, *unit_)
                       : exec::TimeBuckets({compared_->from_ms, compared_->to_ms});
  out->Key("compared").Open('{');
  WriteRange(*compared_, scope_, out);
  WriteBuckets(spec.buckets, 0, scope_, out);
  WriteResult(CountIn(snapshot, &spec), out);
  out->Close('}');
  return {};
}

}  // namespace

Result<std::unique_ptr<Plan>> PlanTrends(const Form& question, Scope* scope) {
  auto plan = std::make_unique<TrendsPlan>(scope);
  TRY(plan->Read(question, scope));
  return std::unique_ptr<Plan>(std::move(plan));
}

}  // namespace waypost::analytics

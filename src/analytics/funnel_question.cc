// "ask": "funnel"
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "analytics/plan.h"
#include "exec/funnel.h"
#include "exec/quantile.h"

namespace waypost::analytics {
namespace {

using exec::FunnelCounts;
using exec::FunnelSpec;
using Count = FunnelSpec::Count;
using Order = FunnelSpec::Order;
using Touch = FunnelSpec::Touch;

constexpr size_t kMaxHold = 5;
constexpr size_t kMaxOptional = 8;
constexpr size_t kMaxPinnedFunnel = 12;
constexpr size_t kMaxExclusions = 32;
constexpr int64_t kMaxBins = 200;  // a width that needs more is widened

class FunnelPlan final : public Plan {
 public:
  explicit FunnelPlan(Scope* scope) : scope_(*scope) {}

  Result<> Read(const Form& question, Scope* scope);

  exec::BindSpec Binding() const override { return exec::FunnelBinding(spec_); }
  std::string Describe() const override {
    constexpr std::string_view kOrders[] = {"ordered", "strict", "any order"};
    return fmt::format(
        "funnel: {} steps, {}; customers with step 1{}, their events of the steps in time order",
        spec_.steps.size(), kOrders[static_cast<size_t>(spec_.order)],
        spec_.order == Order::kAny ? " or any other step" : "");
  }
  Result<> Run(const column::SnapshotView& snapshot, Answer* out) const override;

 private:
  Result<> ReadModes(const Form& question);
  Result<> ReadSteps(const Form& question, Scope* scope);
  Result<> ReadStep(const Form& form, Scope* scope);
  Result<> ReadWindow(const Form& question, Scope* scope);
  Result<> ReadHold(const Form& question, Scope* scope);
  Result<std::vector<uint32_t>> HoldOf(const Form& form, Scope* scope);
  Result<> ReadExclusions(const Form& question, Scope* scope);
  Result<> ReadTouch(const Form& question);
  Result<> ReadTrend(const Form& question);
  Result<> ReadWanted(const Form& question);
  Result<uint32_t> StepNumber(const Form& form) const;
  Result<> CheckTogether(const Form& question) const;

  exec::FunnelResult CountIn(const column::SnapshotView& snapshot) const;
  void WriteSteps(const FunnelCounts& counts, Answer* out) const;
  void WriteTimes(const FunnelCounts& counts, Answer* out) const;
  void WriteSpread(const exec::Gathered& gathered, Answer* out) const;
  void WriteGroupBody(const exec::FunnelGroup& group, Answer* out) const;

  const Scope& scope_;
  FunnelSpec spec_;
  std::vector<std::string> aliases_;
  std::vector<ValueType> hold_types_;
  std::optional<CalendarUnit> trend_unit_;
  int64_t bins_ = 0, width_ms_ = 0;
};

Result<> FunnelPlan::Read(const Form& question, Scope* scope) {
  TRY(question.Only({"ask",     "range",  "zone",    "week_start", "day_start",
                     "who",     "ignore", "as_of",   "modes",      "by",
                     "top",     "touch",  "steps",   "order",      "window",
                     "session", "hold",   "exclude", "count",      "attempt",
                     "tie",     "times",  "trend",   "interval",   "customers_of"}));
  TRY(scope->ReadPopulation(question));
  spec_.grouping = TRY(scope->Breakdown(question));
  if (question.Find("range")) spec_.entry = TRY(scope->Range(question));
  if (const auto order = question.Find("order")) {
    spec_.order = TRY(order->Choice<Order>(
        {{"ordered", Order::kOrdered}, {"strict", Order::kStrict}, {"any", Order::kAny}}));
  }
  if (const auto count = question.Find("count")) {
    spec_.count = TRY(count->Choice<Count>({{"customers", Count::kCustomers},
                                            {"pairs", Count::kPairs},
                                            {"attempts", Count::kAttempts},
                                            {"sessions", Count::kSessions}}));
  }
  if (const auto attempt = question.Find("attempt")) {
    spec_.first_attempt_only = TRY(attempt->Choice<bool>({{"best", false}, {"first", true}}));
  }
  TRY(ReadModes(question));
  TRY(ReadSteps(question, scope));
  TRY(ReadWindow(question, scope));
  TRY(ReadHold(question, scope));
  TRY(ReadExclusions(question, scope));
  TRY(ReadTouch(question));
  TRY(ReadTrend(question));
  if (const auto tie = question.Find("tie")) spec_.tie_ms = TRY(tie->DurationMs());
  if (const auto times = question.Find("times")) {
    TRY(times->is_object() ? times->Only({"bins", "width"}) : Result<>());
    const auto bins = times->Find("bins"), width = times->Find("width");
    if (bins && width) return times->Bad("give \"bins\" or \"width\", not both");
    bins_ = bins ? TRY(bins->Whole(1, kMaxBins)) : 0;
    width_ms_ = width ? TRY(width->DurationMs()) : 0;
    if (width && width_ms_ == 0) return width->Bad("give a width over 0");
    spec_.times = times->is_object() || TRY(times->Flag());
  }
  TRY(ReadWanted(question));
  spec_.properties = scope->properties();
  spec_.attributes = scope->attributes();
  spec_.ignored = scope->ignored();
  spec_.population = scope->population();
  return CheckTogether(question);
}

Result<> FunnelPlan::ReadModes(const Form& question) {
  const auto modes = question.Find("modes");
  if (!modes) return {};
  for (const Form& item : TRY(modes->List(0, 3))) {
    using Mode = bool FunnelSpec::Modes::*;
    const Mode mode =
        TRY(item.Choice<Mode>({{"strict_deduplication", &FunnelSpec::Modes::deduplication},
                               {"strict_order", &FunnelSpec::Modes::order},
                               {"strict_increase", &FunnelSpec::Modes::increase}}));
    spec_.modes.*mode = true;
  }
  return {};
}

Result<> FunnelPlan::ReadSteps(const Form& question, Scope* scope) {
  const Form steps = TRY(question.Need("steps"));
  for (const Form& form : TRY(steps.List(1, exec::kMaxSteps))) TRY(ReadStep(form, scope));
  if (spec_.steps.front().optional || spec_.steps.back().optional) {
    return steps.Bad("the first and the last step cannot be optional");
  }
  return {};
}

// An event set, or an object with "events" and what else holds for the step.
Result<> FunnelPlan::ReadStep(const Form& form, Scope* scope) {
  FunnelSpec::Step step;
  const auto events = form.Find("events");
  Form set = events ? *events : form;
  if (form.is_object()) {
    TRY(form.Only(
        {"events", "event", "where", "alias", "within", "optional", "pinned", "hold", "first"}));
    if (events && (form.Find("event") || form.Find("where"))) {
      return form.Bad("give \"events\", or \"event\" and \"where\"");
    }
    if (const auto within = form.Find("within")) step.max_gap_ms = TRY(within->DurationMs());
    if (const auto optional = form.Find("optional")) step.optional = TRY(optional->Flag());
    if (const auto pinned = form.Find("pinned")) step.pinned = TRY(pinned->Flag());
    if (const auto hold = form.Find("hold")) step.hold = TRY(HoldOf(*hold, scope));
    if (step.max_gap_ms != exec::kNoLimit && spec_.steps.empty()) {
      return form.Bad(
          "the first step has none before it: \"within\" is the time since the step before");
    }
  }
  if (form.is_object() && !events) {
    exec::EventChoice choice;
    exec::EventSet plain = TRY(scope->Events(TRY(form.Need("event"))));
    if (const auto where = form.Find("where")) {
      for (exec::EventChoice& one : plain.choices) one.filter = TRY(scope->Where(*where));
    }
    step.events = std::move(plain);
  } else {
    step.events = TRY(scope->Events(set));
  }
  step.first_of = TRY(scope->FirstOf(form, step.events));
  const auto alias = form.Find("alias");
  aliases_.push_back(alias ? TRY(alias->Text()) : scope->EventsName(set));
  spec_.steps.push_back(std::move(step));
  return {};
}

Result<> FunnelPlan::ReadWindow(const Form& question, Scope* scope) {
  const auto session = question.Find("session");
  using Rule = FunnelSpec::Session::Rule;
  if (session) {
    TRY(session->Only({"property", "idle"}));
    if (const auto property = session->Find("property")) {
      const Scope::Column column = TRY(scope->EventProperty(*property));
      spec_.session = {Rule::kProperty, column.index, 0};
    } else {
      spec_.session = {Rule::kIdleGap, 0, TRY(TRY(session->Need("idle")).DurationMs())};
    }
  }
  bool by_session = spec_.count == Count::kSessions;
  if (const auto window = question.Find("window")) {
    const std::string text = window->is_text() ? TRY(window->Text()) : "";
    if (text == "session") {
      by_session = true;
    } else if (text == "same_day") {
      const exec::TimeRange& entry = spec_.entry;
      if (entry.to_ms == exec::TimeRange{}.to_ms) return window->Bad("needs a \"range\"");
      spec_.days = scope_.calendar().Buckets(
          {scope_.calendar().Floor(entry.from_ms, CalendarUnit::kDay),
           scope_.calendar().Step(entry.to_ms - 1, CalendarUnit::kDay, 1)},
          CalendarUnit::kDay);
    } else {
      spec_.window_ms = TRY(window->DurationMs());
    }
  }
  if (by_session && !session) {
    return question.Bad(
        "say what a session is: \"session\": {\"property\": ...} or {\"idle\": \"30m\"}");
  }
  if (session && !by_session)
    return session->Bad("is used with \"window\": \"session\" or \"count\": \"sessions\"");
  return {};
}

Result<std::vector<uint32_t>> FunnelPlan::HoldOf(const Form& form, Scope* scope) {
  std::vector<uint32_t> hold;
  for (const Form& item : TRY(form.OneOrList(kMaxHold))) {
    const Scope::Column column = TRY(scope->EventProperty(item));
    const size_t place = hold.size();
    if (DomainOf(column.type) == exec::Domain::kList) return item.Bad("a list cannot be held");
    if (place < hold_types_.size() && DomainOf(hold_types_[place]) != DomainOf(column.type)) {
      return item.Bad(fmt::format("a {} is never the same as a {}; hold properties of one type",
                                  ValueTypeName(column.type), ValueTypeName(hold_types_[place])));
    }
    if (place == hold_types_.size()) hold_types_.push_back(column.type);
    hold.push_back(column.index);
  }
  return hold;
}

Result<> FunnelPlan::ReadHold(const Form& question, Scope* scope) {
  const auto form = question.Find("hold");
  if (form) {
    const std::vector<uint32_t> hold = TRY(HoldOf(*form, scope));
    for (FunnelSpec::Step& step : spec_.steps) {
      if (step.hold.empty()) step.hold = hold;
    }
  }
  for (size_t k = 0; k < spec_.steps.size(); ++k) {
    if (spec_.steps[k].hold.size() != spec_.steps[0].hold.size()) {
      return TRY(question.Need("steps"))
          .Bad(fmt::format("step {} holds {} properties and step 1 {}", k + 1,
                           spec_.steps[k].hold.size(), spec_.steps[0].hold.size()));
    }
  }
  if (spec_.count == Count::kPairs && spec_.steps[0].hold.empty()) {
    return question.Find("count")->Bad("pairs are of a customer and held values: give \"hold\"");
  }
  return {};
}

// 1-based in questions.
Result<uint32_t> FunnelPlan::StepNumber(const Form& form) const {
  return static_cast<uint32_t>(TRY(form.Whole(1, static_cast<int64_t>(spec_.steps.size()))) - 1);
}

Result<> FunnelPlan::ReadExclusions(const Form& question, Scope* scope) {
  const auto form = question.Find("exclude");
  if (!form) return {};
  for (const Form& item : TRY(form->OneOrList(kMaxExclusions))) {
    FunnelSpec::Exclusion exclusion;
    exclusion.to = static_cast<uint32_t>(spec_.steps.size() - 1);
    Form set = item;
    if (item.is_object()) {
      TRY(item.Only({"events", "event", "where", "from", "to", "scope", "hold"}));
      if (const auto from = item.Find("from")) exclusion.from = TRY(StepNumber(*from));
      if (const auto to = item.Find("to")) exclusion.to = TRY(StepNumber(*to));
      if (const auto scope_form = item.Find("scope")) {
        exclusion.removes_customer =
            TRY(scope_form->Choice<bool>({{"attempt", false}, {"user", true}}));
      }
      if (const auto hold = item.Find("hold")) exclusion.hold = TRY(HoldOf(*hold, scope));
    }
    const auto events = item.Find("events");
    if (item.is_object() && !events) {
      exclusion.events = TRY(scope->Events(TRY(item.Need("event"))));
      if (const auto where = item.Find("where")) {
        for (exec::EventChoice& one : exclusion.events.choices)
          one.filter = TRY(scope->Where(*where));
      }
    } else {
      exclusion.events = TRY(scope->Events(events ? *events : set));
    }
    if (exclusion.from >= exclusion.to) return item.Bad("\"from\" must be a step before \"to\"");
    const std::vector<uint32_t>& held = spec_.steps[exclusion.from].hold;
    if (exclusion.hold.empty()) exclusion.hold = held;
    if (exclusion.hold.size() != held.size())
      return item.Bad("hold as many properties as the steps do");
    spec_.exclusions.push_back(std::move(exclusion));
  }
  return {};
}

Result<> FunnelPlan::ReadTouch(const Form& question) {
  const auto form = question.Find("touch");
  if (!form) return {};
  if (form->is_object()) {
    TRY(form->Only({"step", "each"}));
    const auto each = form->Find("each");
    if (each && form->Find("step")) return form->Bad("give \"step\" or \"each\", not both");
    if (each) spec_.touch = Touch::kEachAtStep;
    spec_.touch_step = TRY(StepNumber(each ? *each : TRY(form->Need("step"))));
    return {};
  }
  spec_.touch = TRY(form->Choice<Touch>({{"step", Touch::kStep},
                                         {"first_entry", Touch::kFirstEntry},
                                         {"first_defined", Touch::kFirstDefined},
                                         {"last_defined", Touch::kLastDefined},
                                         {"each", Touch::kEach}}));
  return {};
}

Result<> FunnelPlan::ReadTrend(const Form& question) {
  const auto form = question.Find("trend");
  const auto interval = question.Find("interval");
  if (!form) {
    if (interval) return interval->Bad("is used with \"trend\"");
    return {};
  }
  spec_.independent = TRY(form->Choice<bool>({{"once", false}, {"independent", true}}));
  trend_unit_ = CalendarUnit::kDay;
  if (interval) {
    trend_unit_ = TRY(interval->Choice<CalendarUnit>({{"hour", CalendarUnit::kHour},
                                                      {"day", CalendarUnit::kDay},
                                                      {"week", CalendarUnit::kWeek},
                                                      {"month", CalendarUnit::kMonth},
                                                      {"quarter", CalendarUnit::kQuarter},
                                                      {"year", CalendarUnit::kYear}}));
  }
  if (spec_.entry.to_ms == exec::TimeRange{}.to_ms) return form->Bad("needs a \"range\"");
  if ((spec_.entry.to_ms - spec_.entry.from_ms) / 3'600'000 >
      static_cast<int64_t>(kMaxBuckets) * 24) {
    return question.Find("range")->Bad("is too long for a trend");
  }
  spec_.trend = scope_.calendar().Buckets(spec_.entry, *trend_unit_);
  if (spec_.trend.count() > kMaxBuckets) return question.Find("range")->Bad("has too many buckets");
  return {};
}

Result<> FunnelPlan::ReadWanted(const Form& question) {
  const auto form = question.Find("customers_of");
  if (!form) return {};
  TRY(form->Only({"step", "dropped", "bucket", "group"}));
  FunnelSpec::Wanted wanted;
  wanted.step = TRY(StepNumber(TRY(form->Need("step"))));
  if (const auto dropped = form->Find("dropped")) wanted.dropped = TRY(dropped->Flag());
  if (wanted.dropped && wanted.step + 1 == spec_.steps.size()) {
    return form->Bad("nobody drops off after the last step");
  }
  if (const auto bucket = form->Find("bucket")) {
    if (!trend_unit_) return bucket->Bad("needs a \"trend\"");
    wanted.bucket = TRY(scope_.Bucket(*bucket, spec_.trend));
  }
  if (const auto group = form->Find("group"))
    wanted.group = TRY(scope_.Group(*group, spec_.grouping));
  spec_.wanted = wanted;
  return {};
}

// What means nothing together is refused, not guessed at.
Result<> FunnelPlan::CheckTogether(const Form& question) const {
  const auto any = [&](auto holds) {
    return std::any_of(spec_.steps.begin(), spec_.steps.end(), holds);
  };
  const bool optional = any([](const auto& s) { return s.optional; });
  const bool pinned = any([](const auto& s) { return s.pinned; });
  const bool gaps = any([](const auto& s) { return s.max_gap_ms != exec::kNoLimit; });
  const bool ordered = spec_.order == Order::kOrdered, strict = spec_.order == Order::kStrict;
  const auto refuse = [&](std::string_view key, std::string_view what) {
    return TRY(question.Need(key)).Bad(what);
  };
  const size_t firsts =
      static_cast<size_t>(std::count_if(spec_.steps.begin(), spec_.steps.end(),
                                        [](const auto& s) { return !s.first_of.choices.empty(); }));
  if (spec_.steps.size() + spec_.exclusions.size() + firsts > 64)
    return refuse("steps", "too many together with the exclusions and first events");
  const bool plain = ordered && !optional && spec_.exclusions.empty() && spec_.tie_ms == 0 &&
                     spec_.count != Count::kAttempts && !spec_.first_attempt_only;
  if (spec_.modes.any() && !plain) {
    return refuse("modes",
                  "are for ordered steps without optional ones, exclusions, ties or attempts");
  }
  if (strict && !spec_.exclusions.empty())
    return refuse("exclude", "in strict order nothing can come between");
  if (optional && !ordered) return refuse("steps", "optional steps need the order \"ordered\"");
  if (optional && spec_.count == Count::kAttempts)
    return refuse("count", "attempts have no optional steps");
  if (std::count_if(spec_.steps.begin(), spec_.steps.end(), [](const auto& s) {
        return s.optional;
      }) > static_cast<int64_t>(kMaxOptional)) {
    return refuse("steps", fmt::format("over {} optional steps", kMaxOptional));
  }
  if (pinned && spec_.order != Order::kAny)
    return refuse("steps", "steps are pinned in the order \"any\"");
  if (pinned && spec_.steps.size() > kMaxPinnedFunnel) {
    return refuse("steps", fmt::format("with pinned steps at most {}", kMaxPinnedFunnel));
  }
  if (gaps && spec_.order == Order::kAny)
    return refuse("steps", "\"within\" needs an order of steps");
  const bool removes = std::any_of(spec_.exclusions.begin(), spec_.exclusions.end(),
                                   [](const auto& e) { return e.removes_customer; });
  if (spec_.tie_ms > 0 && (!ordered || optional || spec_.count == Count::kAttempts || removes)) {
    return refuse(
        "tie",
        "is for ordered steps without optional ones, attempts or the exclusion scope \"user\"");
  }
  return {};
}

exec::FunnelResult FunnelPlan::CountIn(const column::SnapshotView& snapshot) const {
  FunnelSpec spec = spec_;
  const exec::BindSpec bind = exec::FunnelBinding(spec);
  const exec::Binding binding(snapshot, bind, scope_.options().threads);
  exec::FunnelResult result = exec::RunFunnel(spec, binding, scope_.options().threads);
  if (result.groups.size() <= scope_.top()) return result;
  std::vector<std::pair<double, exec::GroupTuple>> measured;
  for (const exec::FunnelGroup& group : result.groups) {
    measured.emplace_back(static_cast<double>(group.all.units[0]), group.values);
  }
  spec.grouping = CloseGrouping(spec.grouping, scope_.top(), measured);
  return exec::RunFunnel(spec, binding, scope_.options().threads);
}

void FunnelPlan::WriteSteps(const FunnelCounts& counts, Answer* out) const {
  const auto rate = [&](uint64_t part, uint64_t whole) {
    whole ? out->Real(static_cast<double>(part) / static_cast<double>(whole)) : out->Null();
  };
  out->Key("steps").Open('[');
  size_t before = 0;
  for (size_t k = 0; k < spec_.steps.size(); ++k) {
    out->Open('{').Key("name").Text(aliases_[k]);
    out->Key("count").Count(counts.units[k]);
    if (spec_.count != Count::kCustomers) out->Key("customers").Count(counts.customers[k]);
    out->Key("from_first");
    rate(counts.units[k], counts.units[0]);
    out->Key("from_previous");
    rate(counts.units[k], counts.units[before]);
    out->Close('}');
    if (!spec_.steps[k].optional) before = k;
  }
  out->Close(']');
}

void FunnelPlan::WriteSpread(const exec::Gathered& gathered, Answer* out) const {
  const exec::Extent extent = exec::ExtentOf(gathered.runs());
  out->Open('{').Key("count").Count(extent.count);
  if (extent.count) {
    out->Key("mean_ms").Real(static_cast<double>(extent.sum) / static_cast<double>(extent.count));
    constexpr std::array kNames = {"p10_ms", "p25_ms", "p50_ms", "p75_ms", "p90_ms"};
    constexpr std::array kQuantiles = {.1, .25, .5, .75, .9};
    const std::vector<double> quantiles = exec::Quantiles(gathered.runs(), kQuantiles);
    for (size_t i = 0; i < kNames.size(); ++i) out->Key(kNames[i]).Real(quantiles[i]);
  }
  if (bins_ + width_ms_ > 0 && extent.count) {
    const int64_t from = extent.least, spread = extent.greatest - from;
    const int64_t width = bins_ ? spread / bins_ + 1 : std::max(width_ms_, spread / kMaxBins + 1);
    const int64_t bins = bins_ ? bins_ : spread / width + 1;
    std::vector<uint64_t> counts(static_cast<size_t>(bins));
    for (const std::vector<int64_t>& run : gathered.runs()) {
      for (const int64_t v : run) ++counts[static_cast<size_t>((v - from) / width)];
    }
    out->Key("histogram").Open('[');
    for (int64_t b = 0; b < bins; ++b) {
      out->Open('{').Key("from_ms").Whole(from + b * width);
      out->Key("count").Count(counts[static_cast<size_t>(b)]).Close('}');
    }
    out->Close(']');
  }
  out->Close('}');
}

void FunnelPlan::WriteTimes(const FunnelCounts& counts, Answer* out) const {
  out->Key("times").Open('{').Key("to_convert");
  WriteSpread(counts.to_convert_ms, out);
  out->Key("from_previous").Open('[');
  for (const exec::Gathered& step : counts.step_ms) WriteSpread(step, out);
  out->Close(']').Close('}');
}

void FunnelPlan::WriteGroupBody(const exec::FunnelGroup& group, Answer* out) const {
  WriteSteps(group.all, out);
  if (spec_.times) WriteTimes(group.all, out);
  if (!group.all.paths.empty()) {
    out->Key("paths").Open('[');
    for (const auto& [path, count] : group.all.paths) {
      out->Open('{').Key("steps").Open('[');
      for (uint32_t k = 0; k < exec::kMaxSteps; ++k) {
        if (path >> k & 1) out->Whole(k + 1);
      }
      out->Close(']').Key("count").Count(count).Close('}');
    }
    out->Close(']');
  }
  if (!trend_unit_) return;
  out->Key("trend").Open('[');
  for (const FunnelCounts& counts : group.trend) {
    out->Open('{');
    WriteSteps(counts, out);
    if (spec_.times) WriteTimes(counts, out);
    out->Close('}');
  }
  out->Close(']');
}

Result<> FunnelPlan::Run(const column::SnapshotView& snapshot, Answer* out) const {
  const exec::FunnelResult result = CountIn(snapshot);
  constexpr std::string_view kCounts[] = {"customers", "pairs", "attempts", "sessions"};
  if (spec_.entry.to_ms != exec::TimeRange{}.to_ms) WriteRange(spec_.entry, scope_, out);
  out->Key("count").Text(kCounts[static_cast<size_t>(spec_.count)]);
  out->Key("attempt").Text(spec_.first_attempt_only ? "first" : "best");
  if (trend_unit_) {
    out->Key("trend").Text(spec_.independent ? "independent" : "once");
    out->Key("interval").Text(CalendarUnitName(*trend_unit_));
    const int64_t window_ms = spec_.window_ms == exec::kNoLimit
                                  ? (spec_.days.count() ? 0 : exec::kNoLimit / 2)
                                  : spec_.window_ms;
    WriteBuckets(spec_.trend, window_ms, scope_, out);
  }
  out->Key("everyone").Open('{');
  WriteGroupBody(result.everyone, out);
  out->Close('}');
  if (!spec_.grouping.dimensions.empty()) {
    std::vector<const exec::FunnelGroup*> order;
    for (const exec::FunnelGroup& group : result.groups) order.push_back(&group);
    std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
      if (a->values.empty() != b->values.empty()) return b->values.empty();
      return a->all.units[0] > b->all.units[0];
    });
    out->Key("groups").Open('[');
    for (const exec::FunnelGroup* group : order) {
      out->Open('{').Key("by");
      WriteGroup(group->values, scope_, out);
      WriteGroupBody(*group, out);
      out->Close('}');
    }
    out->Close(']');
  }
  if (spec_.wanted) WriteCustomers(result.customers, scope_, out);
  return {};
}

}  // namespace

Result<std::unique_ptr<Plan>> PlanFunnel(const Form& question, Scope* scope) {
  auto plan = std::make_unique<FunnelPlan>(scope);
  TRY(plan->Read(question, scope));
  return std::unique_ptr<Plan>(std::move(plan));
}

}  // namespace waypost::analytics

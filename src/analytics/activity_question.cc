// "ask": "lifecycle" and "ask": "stickiness"
#include <fmt/format.h>

#include "analytics/plan.h"
#include "exec/activity.h"

namespace waypost::analytics {
namespace {

using exec::ActivitySpec;

constexpr std::string_view kStates[] = {"new", "current", "resurrected", "dormant"};

class ActivityPlan final : public Plan {
 public:
  ActivityPlan(Scope* scope, bool lifecycle) : scope_(*scope), lifecycle_(lifecycle) {}

  Result<> Read(const Form& question, Scope* scope) {
    TRY(question.Only({"ask", "range", "zone", "week_start", "day_start", "who", "ignore", "as_of",
                       "events", "interval", "customers_of"}));
    TRY(scope->ReadPopulation(question));
    range_ = TRY(scope->Range(question));
    spec_.events = TRY(scope->Events(TRY(question.Need("events"))));
    spec_.ever = lifecycle_;
    spec_.ignored = scope->ignored();
    spec_.population = scope->population();
    TRY(ReadBuckets(question));
    return ReadWanted(question);
  }

  exec::BindSpec Binding() const override { return exec::ActivityBinding(spec_); }
  std::string Describe() const override {
    return fmt::format("{}: in which of {} buckets each customer was active",
                       lifecycle_ ? "lifecycle" : "stickiness", buckets_.count());
  }

  Result<> Run(const column::SnapshotView& snapshot, Answer* out) const override {
    const exec::BindSpec bind = exec::ActivityBinding(spec_);
    const exec::Binding binding(snapshot, bind, scope_.options().threads);
    const exec::ActivityResult result = exec::RunActivity(spec_, binding, scope_.options().threads);
    WriteRange(range_, scope_, out);
    out->Key("interval").Text(CalendarUnitName(unit_));
    WriteBuckets(buckets_, 0, scope_, out);
    lifecycle_ ? WriteStates(result, out) : WriteActiveIn(result, out);
    if (spec_.wanted) WriteCustomers(result.customers, scope_, out);
    return {};
  }

 private:
  Result<> ReadBuckets(const Form& question) {
    if (const auto interval = question.Find("interval")) {
      unit_ = TRY(interval->Choice<CalendarUnit>({{"hour", CalendarUnit::kHour},
                                                  {"day", CalendarUnit::kDay},
                                                  {"week", CalendarUnit::kWeek},
                                                  {"month", CalendarUnit::kMonth},
                                                  {"quarter", CalendarUnit::kQuarter},
                                                  {"year", CalendarUnit::kYear}}));
    }
    if ((range_.to_ms - range_.from_ms) / 3'600'000 > static_cast<int64_t>(kMaxBuckets) * 24)
      return question.Find("range")->Bad("is too long");
    const Calendar& calendar = scope_.calendar();
    buckets_ = calendar.Buckets(range_, unit_);
    if (buckets_.count() > kMaxBuckets) return question.Find("range")->Bad("has too many buckets");
    // What came before the range is of the bucket before, also within the range's first one.
    std::vector<int64_t> edges = {calendar.Step(range_.from_ms, unit_, -1)};
    for (uint32_t b = 0; b < buckets_.count(); ++b) edges.push_back(buckets_.begin(b));
    edges.push_back(range_.to_ms);
    spec_.buckets = exec::TimeBuckets(std::move(edges));
    return {};
  }

  Result<> ReadWanted(const Form& question) {
    const auto form = question.Find("customers_of");
    if (!form) return {};
    ActivitySpec::Wanted wanted;
    if (lifecycle_) {
      TRY(form->Only({"state", "bucket"}));
      wanted.state =
          TRY(TRY(form->Need("state"))
                  .Choice<uint32_t>(
                      {{kStates[0], 0}, {kStates[1], 1}, {kStates[2], 2}, {kStates[3], 3}}));
      wanted.bucket = TRY(scope_.Bucket(TRY(form->Need("bucket")), buckets_));
    } else {
      TRY(form->Only({"active_in"}));
      wanted.active_in = static_cast<uint32_t>(
          TRY(TRY(form->Need("active_in")).Whole(1, static_cast<int64_t>(buckets_.count()))));
    }
    spec_.wanted = wanted;
    return {};
  }

  // By bucket; "pulse" is who was won over who was lost.
  static void WriteStates(const exec::ActivityResult& result, Answer* out) {
    out->Key("everyone").Open('{');
    for (size_t s = 0; s < exec::kLifecycleStates; ++s) {
      out->Key(kStates[s]).Open('[');
      for (const auto& counts : result.states) out->Count(counts[s]);
      out->Close(']');
    }
    out->Key("pulse").Open('[');
    for (const auto& counts : result.states) {
      const double lost = static_cast<double>(counts[3]);
      lost > 0 ? out->Real(static_cast<double>(counts[0] + counts[2]) / lost) : out->Null();
    }
    out->Close(']').Close('}');
  }

  // [k - 1]: active in exactly k buckets, and in k or more.
  static void WriteActiveIn(const exec::ActivityResult& result, Answer* out) {
    uint64_t at_least = 0;
    for (size_t k = 1; k < result.active_in.size(); ++k) at_least += result.active_in[k];
    out->Key("everyone").Open('{').Key("active").Count(at_least).Key("exactly").Open('[');
    for (size_t k = 1; k < result.active_in.size(); ++k) out->Count(result.active_in[k]);
    out->Close(']').Key("at_least").Open('[');
    for (size_t k = 1; k < result.active_in.size(); ++k) {
      out->Count(at_least);
      at_least -= result.active_in[k];
    }
    out->Close(']').Close('}');
  }

  const Scope& scope_;
  const bool lifecycle_;
  ActivitySpec spec_;
  exec::TimeRange range_;
  CalendarUnit unit_ = CalendarUnit::kDay;
  exec::TimeBuckets buckets_;
};

Result<std::unique_ptr<Plan>> PlanActivity(const Form& question, Scope* scope, bool lifecycle) {
  auto plan = std::make_unique<ActivityPlan>(scope, lifecycle);
  TRY(plan->Read(question, scope));
  return std::unique_ptr<Plan>(std::move(plan));
}

}  // namespace

Result<std::unique_ptr<Plan>> PlanLifecycle(const Form& question, Scope* scope) {
  return PlanActivity(question, scope, true);
}
Result<std::unique_ptr<Plan>> PlanStickiness(const Form& question, Scope* scope) {
  return PlanActivity(question, scope, false);
}

}  // namespace waypost::analytics

// Whom runs of batch journeys are for. A run is taken by the machine and open from then on; its
// segment is run here, away from the engine's hold, and whoever that kept is listed, with the run's
// number, in the decision that closes it. So a failure or a restart between only begins again. The
// thread sleeps until whoever turns the machine sees that a run's time has come.
#include <algorithm>
#include <boost/json.hpp>

#include "base/logger.h"
#include "model/time_text.h"
#include "services/journeys.h"
#include "services/past_segment.h"
#include "services/plan_names.h"
#include "services/tables.h"

namespace waypost::services {
namespace {

namespace json = boost::json;

constexpr int64_t kFirstPauseMs = 1'000, kLongestPauseMs = 600'000;

int64_t PauseAfter(uint32_t tries) {
  return std::min(kFirstPauseMs << std::min(tries - 1, 16u), kLongestPauseMs);
}

}  // namespace

void Journeys::FindAudiences() {
  while (true) {
    {
      std::unique_lock lock(wake_mutex_);
      wake_.wait(lock, [&] { return runs_due_ || stopping_; });
      if (stopping_) return;
      runs_due_ = false;
    }
    std::vector<OpenRun> due;
    Hold([&] { due = DueRuns(); });
    for (const OpenRun& run : due) {
      if (const Result<> written = FindAudience(run); !written.ok()) {
        LogError("journeys.unwritten", {{"error", written.error().message()}});
      }
    }
  }
}

std::vector<Journeys::OpenRun> Journeys::DueRuns() {
  std::erase_if(run_failures_, [&](const auto& failed) {
    const auto index = machine_->state().FindJourney(failed.first.first);
    return !machine_->state().journeys()[*index].open_runs.contains(failed.first.second);
  });
  std::vector<OpenRun> due;
  for (const journeys::JourneyState& journey : machine_->state().journeys()) {
    for (const auto& [day, taken_ms] : journey.open_runs) {
      const auto failed = run_failures_.find({journey.id, day});
      if (failed == run_failures_.end() || failed->second.again_ms <= NowMs())
        due.push_back({journey.id, journey.now().entry.segment, day});
    }
  }
  return due;
}

Result<> Journeys::FindAudience(const OpenRun& run) {
  const auto found =
      run.segment.empty() ? Result<segments::Segments::LastRun>({}) : RunSegment(run);
  Hold([&] {
    const std::pair key(run.journey, run.day);
    if (!found.ok()) {
      RunFailure& failure = run_failures_[key];
      failure.error = found.error().message();
      failure.again_ms = NowMs() + PauseAfter(++failure.tries);
      LogError("journeys.run_failed", {{"journey", run.journey}, {"error", failure.error}});
      return;
    }
    run_failures_.erase(key);
    journeys::Machine::RunAudience audience{.day = run.day, .segment_run = found.value().number};
    if (found.value().members) audience.customers = AsKnownNow(*found.value().members);
    // A journey that was stopped meanwhile has no open run.
    (void)machine_->ListRun(run.journey, audience, NowMs(), &pending_);
  });
  return WriteDecisions();
}

Result<segments::Segments::LastRun> Journeys::RunSegment(const OpenRun& run) const {
  const ProjectCatalog& catalog = *TRY(catalogs_.Find(project_));
  const engine::Reading reading = TRY(engine_->Read());
  const column::SnapshotView& view = reading.snapshot->view();
  const QuestionNames names(*engine_, reading.plan);
  const tags::TagBook tags(*catalog.tags, view, TRY(analytics::Calendar::Of(answers_.zone())));
  const RuleTables tables(reading.tables, view);
  return catalog.segments->RunFor(run.journey, run.segment,
                                  {.snapshot = view,
                                   .names = names,
                                   .now_ms = NowMs(),
                                   .zone = answers_.zone(),
                                   .threads = threads_,
                                   .tags = &tags,
                                   .tables = &tables,
                                   .find = {}});
}

// Each once.
std::vector<Ordinal> Journeys::AsKnownNow(const exec::CustomerBits& members) const {
  exec::CustomerBits roots(members.size());
  for (const Ordinal customer : OrdinalsOf(members)) {
    const auto root = answers_.Root(customer);
    if (!root) continue;
    if (*root / 64 >= roots.size()) roots.resize(*root / 64 + 1);
    roots[*root / 64] |= 1ull << (*root % 64);
  }
  return OrdinalsOf(roots);
}

void Journeys::AddRuns(const journeys::JourneyState& journey, json::object* shown) const {
  if (!journey.audiences.empty()) {
    const auto& [day, audience] = *journey.audiences.rbegin();
    (*shown)["last_run"] = {{"day", DateText(day)},
                            {"at", DateTimeText(audience.at_ms)},
                            {"segment_run", audience.segment_run},
                            {"customers", audience.customers}};
  }
  json::array open;
  for (const auto& [day, taken_ms] : journey.open_runs) {
    json::object run{{"day", DateText(day)}, {"taken", DateTimeText(taken_ms)}};
    const auto failed = run_failures_.find({journey.id, day});
    if (failed != run_failures_.end()) {
      run["error"] = failed->second.error;
      run["tries"] = failed->second.tries;
      run["again"] = DateTimeText(failed->second.again_ms);
    }
    open.push_back(std::move(run));
  }
  if (!open.empty()) (*shown)["open_runs"] = std::move(open);
}

}  // namespace waypost::services

// Whom runs of batch journeys are for. A run is taken by the machine and open from then on; its
// segment is run here, away from the engine's hold, and whoever that kept is listed, with the run's
// number, in the decision that closes it. So a failure or a restart between only begins again,
// until the run's time is over: it is given up then, and shown with what was wrong. The thread
// sleeps until whoever turns the machine sees that a run's time has come.
#include <algorithm>
#include <boost/json.hpp>

#include "base/logger.h"
#include "model/time_text.h"
#include "services/journeys.h"
#include "services/past_segment.h"
#include "services/plan_names.h"
#include "services/retry.h"
#include "services/tables.h"

namespace waypost::services {
namespace json = boost::json;

namespace {

// The local day of a run by its name.
std::string DayOf(int64_t run) { return DateText(run / kDayMs - (run % kDayMs < 0)); }

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
    if (const Result<> kept = KeepLists(); !kept.ok())
      LogError("journeys.lists_not_kept", {{"error", kept.error().message()}});
  }
}

std::vector<Journeys::OpenRun> Journeys::DueRuns() {
  std::erase_if(run_failures_, [&](const auto& failed) {
    const auto index = machine_->state().FindJourney(failed.first.first);
    return !machine_->state().journeys()[*index].open_runs.contains(failed.first.second);
  });
  std::vector<OpenRun> due;
  for (const journeys::JourneyState& journey : machine_->state().journeys()) {
    for (const auto& [name, times] : journey.open_runs) {
      const auto failed = run_failures_.find({journey.id, name});
      if (failed == run_failures_.end() || failed->second.again_ms <= NowMs())
        due.push_back({journey.id, journey.now().entry.segment, name, times});
    }
  }
  return due;
}

Result<> Journeys::FindAudience(const OpenRun& run) {
  using Found = Result<segments::Segments::LastRun>;
  const bool late = NowMs() >= run.times.until_ms;
  const Found found = late ? Found(Error(Code::kUnavailable, "nobody looked in time"))
                      : run.segment.empty() ? Found({})
                                            : RunSegment(run);
  Hold([&] {
    if (!found.ok()) return OnRunFailed(run, found.error().message());
    run_failures_.erase({run.journey, run.run});
    journeys::Machine::RunAudience audience{.run = run.run, .segment_run = found.value().number};
    if (found.value().members) audience.customers = AsKnownNow(*found.value().members);
    // A journey that was stopped meanwhile has no open run.
    (void)machine_->ListRun(run.journey, audience, NowMs(), &pending_);
  });
  return WriteDecisions();
}

void Journeys::OnRunFailed(const OpenRun& run, const std::string& error) {
  const std::pair key(run.journey, run.run);
  RunFailure& failure = run_failures_[key];
  const bool late = NowMs() >= run.times.until_ms;
  if (!late || failure.tries == 0) failure.error = error;
  failure.again_ms = NowMs() + DoublingPauseMs(failure.tries++, 1'000, 600'000);
  const bool over = failure.again_ms >= run.times.until_ms;
  LogError(over ? "journeys.run_given_up" : "journeys.run_failed",
           {{"journey", run.journey}, {"error", failure.error}});
  if (!over) return;
  (void)machine_->GiveUpRun(run.journey, run.run, failure.error, NowMs(), &pending_);
  run_failures_.erase(key);
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
    const auto& [name, audience] = *std::ranges::max_element(
        journey.audiences, {}, [](const auto& run) { return run.second.at_ms; });
    json::object last{{"day", DayOf(name)},
                      {"at", DateTimeText(audience.at_ms)},
                      {"segment_run", audience.segment_run},
                      {"customers", audience.customers}};
    // What was kept before does not know it.
    if (audience.due_ms != 0) last["due"] = DateTimeText(audience.due_ms);
    (*shown)["last_run"] = std::move(last);
  }
  json::array waves;
  for (const journeys::Listing& list : journey.listings) {
    if (list.IsOver()) continue;
    for (uint64_t i = 0, begin = 0; i < list.waves.size(); begin = list.waves[i++].end) {
      const uint64_t end = list.waves[i].end;
      waves.push_back({{"listed", DateTimeText(list.at_ms)},
                       {"wave", i + 1},
                       {"begins", DateTimeText(list.waves[i].start_ms)},
                       {"customers", end - begin},
                       {"to_come", end - std::clamp(list.next, begin, end)}});
    }
  }
  if (!waves.empty()) (*shown)["waves"] = std::move(waves);
  json::array open;
  for (const auto& [name, times] : journey.open_runs) {
    json::object run{{"day", DayOf(name)},
                     {"due", DateTimeText(times.due_ms)},
                     {"taken", DateTimeText(times.taken_ms)},
                     {"until", DateTimeText(times.until_ms)}};
    const auto failed = run_failures_.find({journey.id, name});
    if (failed != run_failures_.end()) {
      run["error"] = failed->second.error;
      run["tries"] = failed->second.tries;
      run["again"] = DateTimeText(failed->second.again_ms);
    }
    open.push_back(std::move(run));
  }
  if (!open.empty()) (*shown)["open_runs"] = std::move(open);
  json::array given_up;
  for (const auto& [name, failed] : journey.failed_runs) {
    given_up.push_back({{"day", DayOf(name)},
                        {"due", DateTimeText(failed.due_ms)},
                        {"given_up", DateTimeText(failed.given_up_ms)},
                        {"error", failed.error}});
  }
  if (!given_up.empty()) (*shown)["failed_runs"] = std::move(given_up);
}

}  // namespace waypost::services

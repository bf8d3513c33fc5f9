#include "services/health.h"

#include <algorithm>

namespace waypost::services {

std::vector<std::string> EngineHealth::NotReady() const {
  std::vector<std::string> reasons;
  if (draining_) reasons.push_back("draining");
  const auto engines = engines_.All();
  if (engines.empty()) reasons.push_back("replaying");
  for (const auto& [name, engine] : engines) {
    const Result<> health = engine->health();
    if (!health.ok() && std::ranges::find(reasons, health.error().name()) == reasons.end()) {
      reasons.push_back(health.error().name());
    }
  }
  if (!audit_.Ready().ok()) reasons.push_back(audit_.Ready().error().name());
  if (guard_ && guard_->jump_ms() != 0) reasons.push_back("clock_insane");
  return reasons;
}

int64_t EngineHealth::ConfirmClock() {
  const int64_t jump_ms = guard_ ? guard_->jump_ms() : 0;
  if (guard_) guard_->Confirm();
  return jump_ms;
}

std::vector<api::Gauge> EngineHealth::Gauges() const {
  engine::Status sum;
  for (const auto& [name, engine] : engines_.All()) {
    const engine::Status status = engine->status();
    sum.rows += status.rows;
    sum.unflushed_rows += status.unflushed_rows;
    sum.parts += status.parts;
    sum.part_bytes += status.part_bytes;
    sum.ordinals += status.ordinals;
    sum.counts.events += status.counts.events;
    sum.counts.duplicates += status.counts.duplicates;
    sum.counts.quarantined += status.counts.quarantined;
    sum.identity_conflicts += status.identity_conflicts;
    sum.log.end += status.log.end;
    sum.log.files += status.log.files;
    sum.log.groups += status.log.groups;
    sum.log.commit_ns += status.log.commit_ns;
    sum.applied += status.applied;
    sum.damaged_parts.insert(sum.damaged_parts.end(), status.damaged_parts.begin(),
                             status.damaged_parts.end());
  }
  LiveSegments::Lag lag;
  for (LiveSegments* live : engines_.AllLive()) {
    const LiveSegments::Lag one = live->lag();
    lag = {std::max(lag.p50_us, one.p50_us), std::max(lag.p99_us, one.p99_us)};
  }
  uint64_t alarms = 0;
  for (const auto& [name, engine] : engines_.All()) {
    const auto journeys = engines_.FindJourneys(name);
    if (!journeys.ok()) continue;
    journeys.value()->Look([&](const journeys::State& state) {
      for (const auto& [what, count] : state.alarms()) alarms += count;
    });
  }
  const auto gauge = [](std::string name, std::string help, uint64_t value) {
    return api::Gauge{"waypost_" + std::move(name), std::move(help), static_cast<double>(value)};
  };
  return {
      gauge("ready", "1 when ready for traffic", NotReady().empty()),
      {"waypost_clock_jump_milliseconds",
       "How far the machine's clock jumped ahead (or back) and is not followed; 0 while it is",
       static_cast<double>(guard_ ? guard_->jump_ms() : 0)},
      gauge("events", "Events stored", sum.rows),
      gauge("unflushed_events", "Events in memory that no part holds yet", sum.unflushed_rows),
      gauge("parts", "Immutable storage files", sum.parts),
      gauge("part_bytes", "Bytes of them", sum.part_bytes),
      gauge("timelines", "Identities that have a timeline", sum.ordinals),
      gauge("applied_events", "Events applied since the start", sum.counts.events),
      gauge("duplicate_items", "Items dropped since the start because they were known",
            sum.counts.duplicates),
      gauge("quarantined_items", "Items and values quarantined since the start",
            sum.counts.quarantined),
      gauge("identity_conflicts", "Identities that were not joined because they contradict",
            sum.identity_conflicts),
      gauge("log_records", "Records ever written to the log", sum.log.end),
      gauge("log_unapplied_records", "Records on their way to the views",
            sum.log.end - sum.applied),
      gauge("log_files", "Files of the log", sum.log.files),
      gauge("log_commits", "Group commits since the start", sum.log.groups),
      gauge("log_commit_nanoseconds", "Time spent in them", sum.log.commit_ns),
      gauge("live_segments_lag_p50_microseconds",
            "From applied to taken in by all live segments: the median of the last 1,000 turns",
            lag.p50_us),
      gauge("live_segments_lag_p99_microseconds", "And what 99 of 100 turns stay below",
            lag.p99_us),
      gauge("journey_alarms", "Alarms that journeys ever raised; each is on its journey's page",
            alarms),
      gauge("damaged_parts", "Parts that cannot be read: answers are incomplete",
            sum.damaged_parts.size()),
  };
}

}  // namespace waypost::services

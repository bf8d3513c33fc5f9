#include "services/live_segments.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/logger.h"
#include "services/plan_names.h"
#include "services/tables.h"

namespace waypost::services {
namespace {

// Events that come close together are taken in together.
constexpr auto kGather = std::chrono::milliseconds(10);
// Runs of other segments and changes made by other programs are seen so soon.
constexpr int64_t kReadMs = 1'000;
constexpr size_t kLagsKept = 1'000;

}  // namespace

Result<> LiveSegments::Start(engine::Engine& engine, Listener listener,
                             std::vector<TagListener*> tag_listeners, bool tell_at_once) {
  engine_ = &engine;
  listener_ = std::move(listener);
  tags_.SetListeners(std::move(tag_listeners));
  tags_.SetWake([this] { Changed(); });
  const ProjectCatalog& catalog = *TRY(catalogs_.Find(project_));
  catalog.segments->SetLive(this);
  catalog.tags->SetLive(&tags_);
  if (tell_at_once) TryTurn();
  thread_ = std::thread([this] { Work(); });
  return {};
}

void LiveSegments::Stop() {
  {
    const std::lock_guard lock(wake_mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void LiveSegments::Touch(uint32_t customer, uint32_t what) {
  const std::lock_guard lock(wake_mutex_);
  if (!awake_) return;
  touched_.emplace_back(customer, what);
  if (touched_.size() > 1) return;
  touched_ns_ = machine_.clock.MonotonicNs();
  wake_.notify_all();
}

void LiveSegments::Changed() {
  {
    const std::lock_guard lock(wake_mutex_);
    changed_ = true;
  }
  wake_.notify_all();
}

void LiveSegments::Work() {
  while (true) {
    {
      int64_t next_ms = again_ ? 0 : std::min(machine_.clock.NowMs() + kReadMs, tags_.next_ms());
      for (const auto& [id, live] : live_) {
        if (!live.failing) next_ms = std::min(next_ms, live.rule.next_ms());
      }
      const int64_t pause_ms = std::clamp<int64_t>(next_ms - machine_.clock.NowMs(), 1, kReadMs);
      std::unique_lock lock(wake_mutex_);
      wake_.wait_for(lock, std::chrono::milliseconds(pause_ms),
                     [&] { return stopping_ || changed_ || !touched_.empty(); });
      if (!touched_.empty()) wake_.wait_for(lock, kGather, [&] { return stopping_; });
      if (stopping_) return;
    }
    TryTurn();
  }
}

void LiveSegments::TryTurn() {
  const Result<> turned = Turn();
  if (!turned.ok() && !failing_) {
    LogError("segments.stuck", {{"project", project_}, {"error", turned.error().message()}});
  }
  failing_ = !turned.ok();
}

Result<> LiveSegments::ReadDefinitions() {
  const ProjectCatalog& catalog = *TRY(catalogs_.Find(project_));
  TRY(tags_.Read(*catalog.tags));
  segments::Segments& segments = *catalog.segments;
  std::vector<segments::LiveDefinition> now = TRY(segments.LiveDefinitions());
  runs_ = TRY(segments.RunCount());
  std::vector<std::string> gone;
  for (const auto& [id, live] : live_) {
    if (std::ranges::find(now, live.definition) == now.end()) gone.push_back(id);
  }
  for (const std::string& id : gone) live_.erase(id);
  for (segments::LiveDefinition& one : now) {
    if (live_.contains(one.id)) continue;
    segments::LiveRule rule(one.query);
    std::string id = one.id;
    live_.emplace(std::move(id), Live{std::move(one), std::move(rule)});
  }
  {
    const std::lock_guard lock(members_mutex_);
    for (const std::string& id : gone) members_.erase(id);
  }
  const std::lock_guard lock(wake_mutex_);
  awake_ = !live_.empty() || !tags_.idle();
  return {};
}

// What is touched after the reading is looked at twice, which changes nothing.
Result<> LiveSegments::Turn() {
  bool changed = false;
  std::vector<std::pair<uint32_t, uint32_t>> touched;
  int64_t touched_ns = 0;
  {
    const std::lock_guard lock(wake_mutex_);
    touched_ns = touched_ns_;
    changed = std::exchange(changed_, false);
    touched.swap(touched_);
  }
  const int64_t began_ms = machine_.clock.NowMs();
  if (changed || began_ms >= read_ms_ + kReadMs || began_ms < read_ms_) {
    TRY(ReadDefinitions());
    read_ms_ = began_ms;
  }
  again_ = false;
  if (live_.empty() && tags_.idle()) return {};
  const engine::Reading reading = TRY(engine_->ReadApplied());
  const column::SnapshotView& snapshot = reading.snapshot->view();
  const QuestionNames names(*engine_, reading.plan);
  const ProjectCatalog& catalog = *TRY(catalogs_.Find(project_));
  const segments::CatalogSets sets(*catalog.segments, snapshot);
  const RuleTables tables(reading.tables, snapshot);
  const tags::TagBook tags(*catalog.tags, snapshot, TRY(analytics::Calendar::Of(zone_)));
  analytics::Touches touches;
  for (const auto& [customer, what] : touched) touches.Add(customer, what);
  touches.Prepare(snapshot);
  const analytics::AskOptions options{.now_ms = machine_.clock.NowMs(),
                                      .default_zone = zone_,
                                      .threads = threads_,
                                      .sets = &sets,
                                      .tags = &tags,
                                      .tables = &tables,
                                      .snapshot = &snapshot};
  tags_.Advance(*catalog.tags, {snapshot, names, options}, touches, [&](const eql::Query& query) {
    return SetsVersion(query, *catalog.tags, *reading.tables);
  });
  std::vector<Change> changes;
  for (auto& [id, live] : live_) {
    std::vector<segments::Moved> moves;
    const Result<> advanced =
        live.rule.Advance({snapshot, names, options,
                           SetsVersion(live.definition.query, *catalog.tags, *reading.tables) +
                               tags_.MovesOf(live.definition.query)},
                          touches, &moves);
    if (!advanced.ok() && !live.failing) {
      LogError("segments.live_stuck", {{"segment", id}, {"error", advanced.error().message()}});
    }
    live.failing = !advanced.ok();
    if (!live.failing && (!moves.empty() || !live.told))
      changes.push_back(Tell(&live, moves.size()));
  }
  again_ = !changes.empty() && !tags_.idle();
  if (!changes.empty()) listener_(changes);
  if (touched.empty()) return {};
  const std::lock_guard lock(members_mutex_);
  lags_us_.push_back(static_cast<uint64_t>(machine_.clock.MonotonicNs() - touched_ns) / 1'000);
  if (lags_us_.size() > kLagsKept) lags_us_.pop_front();
  return {};
}

LiveSegments::Lag LiveSegments::lag() {
  const std::lock_guard lock(members_mutex_);
  std::vector<uint64_t> sorted(lags_us_.begin(), lags_us_.end());
  if (sorted.empty()) return {};
  std::ranges::sort(sorted);
  return {sorted[sorted.size() / 2], sorted[sorted.size() * 99 / 100]};
}

// Another number when what the rule names has other members or values.
uint64_t LiveSegments::SetsVersion(const eql::Query& query, tags::Tags& tags,
                                   const engine::TableSet& tables) const {
  uint64_t version = static_cast<uint64_t>(runs_) + tags.recorded();
  if (!eql::NamesOf(query, eql::Rule::Kind::kRelated).empty()) version += tables.version;
  for (const std::string& name : eql::NamesOf(query, eql::Rule::Kind::kSegment)) {
    for (const auto& [id, other] : live_) {
      if (other.definition.IsCalled(name)) version += other.moves;
    }
  }
  return version;
}

LiveSegments::Change LiveSegments::Tell(Live* live, size_t moves) {
  live->told = true;
  live->moves += moves;
  auto members = std::make_shared<const exec::CustomerBits>(live->rule.members());
  const std::lock_guard lock(members_mutex_);
  members_[live->definition.id] = members;
  return {live->definition, std::move(members)};
}

std::optional<exec::CustomerBits> LiveSegments::Find(std::string_view id) {
  const std::lock_guard lock(members_mutex_);
  const auto live = members_.find(id);
  return live == members_.end() ? std::nullopt : std::optional(*live->second);
}

}  // namespace waypost::services

#include "engine/engine.h"

#include <algorithm>
#include <chrono>

#include "base/logger.h"
#include "engine/erasure_list.h"
#include "store/verify.h"

namespace waypost::engine {
namespace {

constexpr uint64_t kRecentBytes = 4 << 20;
constexpr size_t kRecentBatches = 1'000;
constexpr auto kKeeperPause = std::chrono::milliseconds(200);

}  // namespace

Result<std::unique_ptr<Engine>> Engine::Open(io::FileSystem& files, const Clock& clock,
                                             io::Random& random, const Options& options) {
  log::DataDirLock lock = TRY(log::DataDirLock::Acquire(files, options.directory));
  std::unique_ptr<Engine> engine(new Engine(files, clock, options, std::move(lock)));
  TRY(engine->Start(random));
  TRY(engine->EraseAgain());
  return engine;
}

Result<> Engine::Start(io::Random& random) {
  store_ = TRY(store::Store::Open(files_, options_.directory + "/store"));
  applier_ =
      TRY(Applier::Open(*store_, options_.follower, identity::KeyedHash(options_.identity_secret)));
  log_ = TRY(log::Log::Open(files_, clock_, random, options_.directory + "/log",
                            {.first = store_->position()}, *this));
  if (log_->end() < store_->position()) {
    return Error(Code::kCorrupt, "log_missing",
                 options_.directory + "/log: ends at record " + std::to_string(log_->end()) +
                     " but the store needs records up to " + std::to_string(store_->position()));
  }
  // Decisions come later in the log than what they are about: the follower hears of all of them
  // first, so that it decides nothing a second time.
  TRY(log_->Replay(
      store_->position(),
      [&](LogPosition, log::RecordKind kind, std::span<const uint8_t> payload) -> Result<> {
        if (kind != log::RecordKind::kDecision || !options_.follower) return {};
        return options_.follower->OnDecisions(payload);
      }));
  const auto replay = [&](LogPosition position, log::RecordKind kind,
                          std::span<const uint8_t> payload) {
    const std::lock_guard lock(store_->mutex());
    return applier_->Apply(position, kind, payload);
  };
  TRY(log_->Replay(store_->position(), replay));
  committed_ = applied_ = log_->end();
  applier_->Watch(options_.watcher);
  door_.SetRules(applier_->identities().rules());
  last_flush_ns_ = clock_.MonotonicNs();
  applier_thread_ = std::thread([this] { ApplyAll(); });
  keeper_thread_ = std::thread([this] { Keep(); });
  LogInfo("engine.opened", {{"directory", options_.directory},
                            {"position", applied_},
                            {"replayed", applied_ - store_->position()},
                            {"damaged_parts", store_->damaged_parts().size()}});
  return {};
}

Engine::~Engine() {
  if (const Result<> stopped = Stop(); !stopped.ok()) {
    LogError("engine.stop", {{"error", stopped.error().message()}});
  }
}

void Engine::Append(Bytes batch, log::Log::Done done) {
  const auto is_full = [&] {
    const std::lock_guard lock(queue_mutex_);
    return queue_bytes_ >= options_.max_unapplied_bytes;
  };
  if (is_full()) {
    return done(Error(Code::kUnavailable, "overloaded",
                      "more has come than could be taken in yet; send again later"));
  }
  AppendOwn(std::move(batch), std::move(done));
}

void Engine::AppendOwn(Bytes batch, log::Log::Done done) {
  const std::shared_lock way_in(way_in_mutex_);
  Result<Bytes> passed = door_.Pass(std::move(batch));
  if (!passed.ok()) return done(std::move(passed).error());
  {
    const std::lock_guard lock(queue_mutex_);
    on_their_way_ms_.push_back(clock_.NowMs());
  }
  log_->Append(log::RecordKind::kBatch, std::move(passed).value(),
               [this, done = std::move(done)](Result<LogPosition> at) {
                 if (!at.ok()) {
                   const std::lock_guard lock(queue_mutex_);
                   on_their_way_ms_.pop_back();
                 }
                 done(std::move(at));
               });
}

std::optional<int64_t> Engine::OldestOnItsWayMs() const {
  const std::lock_guard lock(queue_mutex_);
  if (on_their_way_ms_.empty()) return {};
  return on_their_way_ms_.front();
}

Result<> Engine::AppendDecisions(Bytes decisions) {
  TRY(log_->Append(log::RecordKind::kDecision, std::move(decisions)));
  return {};
}

Result<> Engine::ChangePlan(const PlanChange& change) {
  {
    const std::lock_guard lock(store_->mutex());
    TRY(applier_->plan().Check(change));
  }
  TRY(log_->Append(log::RecordKind::kPlan, change.Encode()));
  TRY(Read());
  return {};
}

Result<> Engine::ChangeTable(const TableChange& change) {
  {
    const std::lock_guard lock(store_->mutex());
    TRY(applier_->tables().Check(change));
  }
  TRY(log_->Append(log::RecordKind::kTable, change.Encode()));
  TRY(Read());
  return {};
}

Result<> Engine::ChangeIdentityRules(const identity::KeyRules& rules) {
  TRY(rules.Check());
  const std::lock_guard lock(rules_mutex_);
  TRY(CheckHashedKeys(rules));
  door_.SetRules(rules);
  // Once more, with what came before the door knew.
  std::unique_lock(way_in_mutex_).unlock();
  Result<LogPosition> changed = LogPosition{0};
  if (Result<> checked = CheckHashedKeys(rules); !checked.ok()) {
    changed = std::move(checked).error();
  } else {
    changed = log_->Append(log::RecordKind::kIdentityRules, rules.Encode());
  }
  const Result<Reading> read = Read();
  Look([&](const Applier& applier) { door_.SetRules(applier.identities().rules()); });
  TRY(changed);
  TRY(read);
  return {};
}

// Whether a key is hashed may change while it has no identities.
Result<> Engine::CheckHashedKeys(const identity::KeyRules& rules) {
  TRY(Read());
  Result<> answer;
  Look([&](const Applier& applier) {
    const identity::IdentityGraph& graph = applier.identities();
    const auto hashes = [](const identity::KeyRules& of, std::string_view key) {
      const identity::KeyRule* rule = of.Find(key);
      return rule && rule->hashed;
    };
    for (Ordinal o = 0; o < graph.ordinal_count(); ++o) {
      const std::string_view key = graph.identity(o).key;
      if (hashes(rules, key) == hashes(graph.rules(), key)) continue;
      answer = HashedTooLate(key);
      return;
    }
  });
  const bool any = std::ranges::any_of(rules.keys, &identity::KeyRule::hashed);
  if (answer.ok() && any && options_.identity_secret.empty()) return NoIdentitySecret();
  return answer;
}

Result<> Engine::EraseCustomer(std::string_view key, std::string_view value) {
  Erasure erasure{clock_.NowMs(), std::string(key), {}};
  TRY(Read());
  std::vector<std::string> hashes;
  Look([&](const Applier& applier) {
    const std::optional<Ordinal> found = applier.identities().Find(key, value);
    if (!found) return;
    hashes = ErasureHashes(applier.identities(), *found);
    erasure.value = applier.identities().identity(*found).value;
  });
  if (hashes.empty()) return {};
  if (!options_.erasure_list.empty()) {
    TRY(AddToErasureList(files_, options_.erasure_list, erasure.time_ms, hashes));
  }
  TRY(log_->Append(log::RecordKind::kErasure, erasure.Encode()));
  TRY(Read());
  return Flush();
}

// A copy may be from before somebody was erased.
Result<> Engine::EraseAgain() {
  const bool copy = files_.FileSize(options_.directory + "/" + std::string(kHeldFile)).ok();
  if (!copy || options_.erasure_list.empty()) return {};
  const identity::IdentityGraph& graph = applier_->identities();
  const std::vector<Ordinal> found = TRY(FindErased(files_, options_.erasure_list, graph));
  for (const Ordinal ordinal : found) {
    const Erasure erasure{clock_.NowMs(), std::string(graph.identity(ordinal).key),
                          std::string(graph.identity(ordinal).value)};
    TRY(log_->Append(log::RecordKind::kErasure, erasure.Encode()));
    TRY(Read());
  }
  return found.empty() ? Result<>() : Flush();
}

void Engine::OnCommitted(LogPosition position, log::RecordKind kind,
                         std::shared_ptr<const Bytes> payload) {
  const std::lock_guard lock(queue_mutex_);
  queue_bytes_ += payload->size();
  queue_.push_back({position, kind, std::move(payload)});
  committed_ = position + 1;
  queue_changed_.notify_all();
}

void Engine::AwaitApplied(uint64_t most_bytes) {
  std::unique_lock lock(queue_mutex_);
  queue_changed_.wait(lock, [&] { return queue_bytes_ <= most_bytes || closing_; });
}

void Engine::ApplyAll() {
  while (true) {
    Committed record;
    {
      std::unique_lock lock(queue_mutex_);
      queue_changed_.wait(lock, [&] { return !queue_.empty() || closing_; });
      if (queue_.empty()) return;
      record = std::move(queue_.front());
      queue_.pop_front();
      queue_bytes_ -= record.payload->size();
    }
    queue_changed_.notify_all();
    ApplyOne(record);
  }
}

void Engine::ApplyOne(const Committed& record) {
  Result<> applied;
  // A mutex is not fair, and we are back at once: who waits to look goes first.
  if (const int looking = looking_; looking > 0) looking_.wait(looking);
  if (!apply_error_) {
    const std::lock_guard lock(store_->mutex());
    applied = applier_->Apply(record.position, record.kind, *record.payload);
  }
  const std::lock_guard lock(queue_mutex_);
  if (!applied.ok()) {
    LogError("engine.apply_failed",
             {{"position", record.position}, {"error", applied.error().message()}});
    apply_error_ =
        Error(Code::kCorrupt, "apply_failed",
              "record " + std::to_string(record.position) + ": " + applied.error().message());
  }
  applied_ = record.position + 1;
  if (record.kind == log::RecordKind::kBatch) {
    Remember(record.payload);
    on_their_way_ms_.pop_front();
  } else if (record.kind == log::RecordKind::kErasure) {  // may be of whoever was erased
    recent_.clear();
    recent_bytes_ = 0;
  }
  queue_changed_.notify_all();
}

void Engine::Remember(std::shared_ptr<const Bytes> batch) {
  recent_bytes_ += batch->size();
  recent_.push_front(std::move(batch));
  while (recent_.size() > kRecentBatches || (recent_bytes_ > kRecentBytes && recent_.size() > 1)) {
    recent_bytes_ -= recent_.back()->size();
    recent_.pop_back();
  }
}

std::vector<std::shared_ptr<const Bytes>> Engine::RecentBatches() const {
  const std::lock_guard lock(queue_mutex_);
  return {recent_.begin(), recent_.end()};
}

// Takes in what changed among the customers since the last reading; costs their pages.
void Engine::UpdateCustomers() {
  using identity::IdentityGraph;
  static_assert(IdentityGraph::kPageBits == column::Clusters::kPageBits);
  constexpr Ordinal kPageSize = 1 << IdentityGraph::kPageBits;
  const IdentityGraph& graph = applier_->identities();
  customers_.ordinal_count = graph.ordinal_count();
  customers_.clustered.resize(graph.ordinal_count() / 64 + 1);
  std::vector<std::pair<uint32_t, column::Clusters::Page>> pages;
  for (const uint32_t number : applier_->TakeTouchedPages()) {
    const Ordinal first = number * kPageSize;
    const Ordinal last = std::min(first + kPageSize, graph.ordinal_count());
    column::Clusters::Page& page = pages.emplace_back(number, column::Clusters::Page()).second;
    graph.ForEachCluster(first, last, [&](Ordinal root, std::span<const Ordinal> members) {
      page.Add({root, members});
    });
    for (Ordinal o = first; o < last; ++o) {
      const uint64_t bit = 1ull << (o & 63);
      uint64_t& word = customers_.clustered[o >> 6];
      word = graph.alone(o) ? word & ~bit : word | bit;
    }
  }
  customers_.clusters.Replace(pages);
  customers_.erased = graph.erased();
}

Result<Reading> Engine::Read() {
  {
    std::unique_lock lock(queue_mutex_);
    const LogPosition wanted = committed_;
    queue_changed_.wait(lock, [&] { return applied_ >= wanted || apply_error_; });
    if (apply_error_) return *apply_error_;
  }
  return ReadApplied();
}

Result<Reading> Engine::ReadApplied() {
  const auto lock = HoldStill();
  if (!reading_ || reading_at_ != store_->applied()) {
    UpdateCustomers();
    reading_ =
        Reading{store_->TakeSnapshot(customers_),
                std::make_shared<const TrackingPlan>(applier_->plan()), applier_->TakeTableRows()};
    reading_at_ = store_->applied();
  }
  return *reading_;
}

void Engine::Look(const std::function<void(const Applier&)>& look) {
  const auto lock = HoldStill();
  look(*applier_);
}

bool Engine::LookAtOnce(const std::function<void(const Applier&, const Reading&)>& look) {
  if (const std::lock_guard lock(queue_mutex_); applied_ != committed_ || apply_error_)
    return false;
  const std::shared_lock lock(store_->mutex(), std::try_to_lock);
  if (!lock || !reading_ || reading_at_ != store_->applied()) return false;
  look(*applier_, *reading_);
  return true;
}

std::unique_lock<std::shared_mutex> Engine::HoldStill() {
  ++looking_;
  std::unique_lock lock(store_->mutex());
  --looking_;
  looking_.notify_all();
  return lock;
}

bool Engine::WantsFlush() {
  const std::lock_guard lock(store_->mutex());
  if (flush_begun_) return true;
  if (store_->applied() == store_->position()) return false;
  const int64_t waited_ms = (clock_.MonotonicNs() - last_flush_ns_) / 1'000'000;
  return store_->unflushed_rows() >= options_.flush_rows || waited_ms >= options_.flush_interval_ms;
}

// A flush that failed is taken up again where it stands.
Result<> Engine::FlushNow() {
  const std::lock_guard keeper(keeper_mutex_);
  if (const std::lock_guard lock(store_->mutex()); !flush_begun_) {
    store_->BeginFlush(applier_->TakeFlushRequest(store_->applied()));
    reading_.reset();  // it would keep the parts in memory that are about to become files
    flush_begun_ = true;
  }
  const LogPosition position = TRY(store_->Flush());
  {
    const std::lock_guard lock(store_->mutex());
    flush_begun_ = false;
    last_flush_ns_ = clock_.MonotonicNs();
  }
  return log_->DropBefore(position);
}

void Engine::Keep() {
  while (true) {
    {
      std::unique_lock lock(wake_mutex_);
      wake_.wait_for(lock, kKeeperPause, [&] { return stopping_; });
      if (stopping_) return;
    }
    if (WantsFlush()) {
      const Result<> flushed = FlushNow();
      if (!flushed.ok()) LogError("engine.flush_failed", {{"error", flushed.error().message()}});
      continue;
    }
    const std::lock_guard keeper(keeper_mutex_);
    const Result<bool> merged = store_->Compact();
    if (!merged.ok()) LogError("engine.merge_failed", {{"error", merged.error().message()}});
  }
}

Result<> Engine::Flush() {
  TRY(Read());
  return FlushNow();
}

Result<> Engine::Backup(const std::string& directory) {
  TRY(Flush());
  const std::lock_guard keeper(keeper_mutex_);
  TRY(files_.CreateDirectory(directory));
  TRY(files_.SyncDirectory(io::ParentDirectory(directory)));
  TRY(store::CopyStore(files_, options_.directory + "/store", directory + "/store"));
  return io::ReplaceFile(
      files_, directory + "/" + std::string(kHeldFile),
      AsBytes("This folder is a copy. Nothing is sent from it until it is released.\n"));
}

Status Engine::status() {
  Status status;
  status.log = log_->stats();
  const std::lock_guard lock(store_->mutex());
  status.applied = store_->applied();
  status.flushed = store_->position();
  status.rows = store_->row_count();
  status.unflushed_rows = store_->unflushed_rows();
  for (const auto& [key, list] : store_->index().lists()) {
    status.parts += list.size();
    for (const auto& part : list) status.part_bytes += part->bytes();
  }
  status.ordinals = applier_->identities().ordinal_count();
  status.counts = applier_->counts();
  status.identity_conflicts = applier_->identities().conflict_count();
  status.epoch = lock_.epoch();
  status.damaged_parts = store_->damaged_parts();
  return status;
}

Result<> Engine::health() {
  {
    const std::lock_guard lock(queue_mutex_);
    if (apply_error_) return *apply_error_;
  }
  return log_->health();
}

Result<> Engine::Stop() {
  {
    const std::lock_guard lock(wake_mutex_);
    if (stopping_) return {};
    stopping_ = true;
  }
  wake_.notify_all();
  if (keeper_thread_.joinable()) keeper_thread_.join();
  if (!log_) return {};
  log_->Stop();
  {
    const std::lock_guard lock(queue_mutex_);
    closing_ = true;
  }
  queue_changed_.notify_all();
  if (applier_thread_.joinable()) applier_thread_.join();
  if (apply_error_) return *apply_error_;
  if (store_->applied() == store_->position() && !flush_begun_) return {};
  return FlushNow();
}

}  // namespace waypost::engine

// A project's data folder, open: the log, the views, and what reads them.
//
//   Options options{.directory = "/var/lib/waypost/default"};
//   auto engine = TRY(Engine::Open(files, clock, random, options));
//   engine->Append(batch, [](Result<LogPosition> done) { ... });  // acknowledged: on disk
//   auto reading = engine->Read();                                // sees everything acknowledged
//
// Threads: the log's thread commits, the applier's thread applies records in order, the keeper's
// thread flushes and merges. Any thread may call any method.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "engine/applier.h"
#include "engine/door.h"
#include "io/file_system.h"
#include "io/random.h"
#include "log/data_dir_lock.h"
#include "log/log.h"
#include "model/plan_change.h"
#include "store/store.h"

namespace waypost::engine {

// In a folder that is a copy of another: nothing may be sent from it until somebody releases it.
inline constexpr std::string_view kHeldFile = "HELD";

struct Options {
  std::string directory;
  // Rows in memory before they become files. Recovery replays about as many.
  uint64_t flush_rows = 2'000'000;
  // Rows wait in memory at most so long before they become files.
  int64_t flush_interval_ms = 300'000;
  // While so much of what is on disk waits to be applied, batches are refused; all else is taken.
  uint64_t max_unapplied_bytes = 256 << 20;
  // File that keeps who was erased (engine/erasure_list.h), not inside `directory`; empty: none. A
  // folder that is a copy is made to forget them when it is opened.
  std::string erasure_list = {};
  // Of identities whose key is hashed; empty: there is none, and what needs it is refused.
  std::string identity_secret = {};
  // A view beside the engine's own; may be null. Outlives the engine.
  Follower* follower = nullptr;
  // Hears whom something happens to; may be null. Outlives the engine.
  Watcher* watcher = nullptr;
};

// One moment of the project, unchanged while it is held.
struct Reading {
  std::shared_ptr<const store::Snapshot> snapshot;
  std::shared_ptr<const TrackingPlan> plan;
  std::shared_ptr<const TableSet> tables;
};

struct Status {
  log::LogStats log;
  LogPosition applied = 0;
  LogPosition flushed = 0;  // the log is needed from here on
  uint64_t rows = 0;
  uint64_t unflushed_rows = 0;
  uint64_t parts = 0;
  uint64_t part_bytes = 0;
  uint64_t ordinals = 0;
  ApplyCounts counts;  // since the folder was opened
  uint64_t identity_conflicts = 0;
  uint64_t epoch = 0;
  std::vector<std::string> damaged_parts;
};

class Engine final : private log::Listener {
 public:
  // Locks the folder, reads the last flush and replays the log from there. `files`, `clock` and
  // `random` must outlive the engine. Errors: kConflict "locked"; kCorrupt naming file and byte;
  // kIo.
  static Result<std::unique_ptr<Engine>> Open(io::FileSystem& files, const Clock& clock,
                                              io::Random& random, const Options& options);
  ~Engine() override;

  // `done` once: the batch is on disk, or refused (log/log.h says how, also where too much waits to
  // be applied; Door::Pass). Batches are
  // applied in the order of the log, shortly after.
  void Append(Bytes batch, log::Log::Done done);
  // The same for events of Waypost itself, which come of what it took in: not refused because too
  // much waits to be applied, for who tells them would only try again.
  void AppendOwn(Bytes batch, log::Log::Done done);
  // Waits until of what is on disk no more than `most_bytes` wait to be applied.
  void AwaitApplied(uint64_t most_bytes);
  // When the oldest of the batches came that were given to Append and are not applied yet; nothing:
  // none is on its way.
  std::optional<int64_t> OldestOnItsWayMs() const;
  // Decisions of the follower, on disk when it returns. Not for the follower's own calls.
  Result<> AppendDecisions(Bytes decisions);
  // Checks against the plan as it is, appends, waits until it is applied.
  Result<> ChangePlan(const PlanChange& change);

  // As ChangePlan. Errors: Tables::Check's.
  Result<> ChangeTable(const TableChange& change);

  // Appends, waits until it is applied: the clusters are folded anew. Errors: kInvalid
  // "bad_identity_rules"; kConflict "hashed_too_late" when a key is to be hashed, or no more, that
  // has identities already; Door::Pass's.
  Result<> ChangeIdentityRules(const identity::KeyRules& rules);
  std::shared_ptr<const std::vector<std::string>> hashed_keys() const {
    return door_.hashed_keys();
  }

  // Erases a customer, known by any identity: gone from every answer when it returns; from the disk
  // once its parts are written anew and the log from before is dropped, which flushes and merges do
  // by and by. An identity nobody has is erased already.
  Result<> EraseCustomer(std::string_view key, std::string_view value);

  // Waits until everything acknowledged before the call is applied. Errors: kCorrupt "apply_failed"
  // when a record could not be applied.
  Result<Reading> Read();
  // What is applied, without waiting for more.
  Result<Reading> ReadApplied();

  // Runs `look` with the applied state held still; keep it short.
  void Look(const std::function<void(const Applier&)>& look);
  // Read and Look in one, for threads that may wait for nothing. False, and `look` is not run,
  // while something is on its way, somebody changes the state, or nobody has read what is applied
  // last. Others may look at the same time.
  bool LookAtOnce(const std::function<void(const Applier&, const Reading&)>& look);
  // The folder's path.
  const std::string& directory() const { return options_.directory; }
  // The last batches applied since the folder was opened, newest first; about 1,000 items.
  std::vector<std::shared_ptr<const Bytes>> RecentBatches() const;

  // Makes files of everything applied so far; waits for it.
  Result<> Flush();
  // A copy of everything applied by now, in `directory`, which must be empty or not exist: a data
  // folder of its own, its log begun anew, sending held (kHeldFile). Goes on collecting meanwhile;
  // costs a flush and reading and writing every file once, each verified. Errors: kConflict when
  // something is there.
  Result<> Backup(const std::string& directory);

  Status status();
  // Why nothing more is taken in, or success: "storage_full", "log_failed", "apply_failed".
  Result<> health();

  // Refuses new batches, applies and flushes the rest, ends the threads. A second call does
  // nothing.
  Result<> Stop();

 private:
  struct Committed {
    LogPosition position = 0;
    log::RecordKind kind = log::RecordKind::kBatch;
    std::shared_ptr<const Bytes> payload;
  };

  Engine(io::FileSystem& files, const Clock& clock, const Options& options, log::DataDirLock lock)
      : files_(files),
        clock_(clock),
        options_(options),
        lock_(std::move(lock)),
        door_(identity::KeyedHash(options.identity_secret)) {}
  Result<> Start(io::Random& random);
  void OnCommitted(LogPosition position, log::RecordKind kind,
                   std::shared_ptr<const Bytes> payload) override;
  std::unique_lock<std::shared_mutex> HoldStill();
  void ApplyAll();
  void ApplyOne(const Committed& record);
  void Remember(std::shared_ptr<const Bytes> batch);
  void UpdateCustomers();
  void Keep();
  bool WantsFlush();
  Result<> EraseAgain();
  Result<> FlushNow();
  Result<> CheckHashedKeys(const identity::KeyRules& rules);

  io::FileSystem& files_;
  const Clock& clock_;
  const Options options_;
  log::DataDirLock lock_;
  Door door_;
  // Shared from the door into the log: once held alone, what a door before let in is in the log.
  std::shared_mutex way_in_mutex_;
  std::mutex rules_mutex_;  // held by who changes the identity rules
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Applier> applier_;  // under the store's mutex
  std::unique_ptr<log::Log> log_;

  // Committed records on their way to the applier.
  mutable std::mutex queue_mutex_;
  std::condition_variable queue_changed_;
  std::deque<Committed> queue_;
  uint64_t queue_bytes_ = 0;
  std::deque<int64_t> on_their_way_ms_;  // when batches came that are not applied yet
  LogPosition committed_ = 0, applied_ = 0;
  std::optional<Error> apply_error_;
  bool closing_ = false;
  std::deque<std::shared_ptr<const Bytes>> recent_;
  uint64_t recent_bytes_ = 0;

  // The last reading, while nothing changed. Under the store's mutex.
  std::optional<Reading> reading_;
  LogPosition reading_at_ = 0;
  std::atomic<int> looking_ = 0;  // who waits for the store's mutex
  store::Customers customers_;    // as of the last reading

  // The keeper.
  std::mutex keeper_mutex_;  // held while flushing, merging or copying files
  std::mutex wake_mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  bool flush_begun_ = false;
  int64_t last_flush_ns_ = 0;

  std::thread applier_thread_, keeper_thread_;
};

}  // namespace waypost::engine

// The append-only log: every write to Waypost is a record here before it is anything else.
//
//   auto log = TRY(Log::Open(files, clock, random, data + "/log", {}, engine));
//   TRY(log->Replay(engine.position(), [&](auto position, auto kind, auto payload) { ... }));
//   log->Append(RecordKind::kBatch, payload, [=](Result<LogPosition> done) { Answer(done); });
//
// Appending is group commit: one thread takes everything queued, writes it with one write and one
// fdatasync, tells the listener, then the callers. A success means that the record is on disk, name
// of the file included, and that the listener has seen it and every record before it.
//
// When the disk is full, what was queued is refused with kUnavailable "storage_full", nothing is
// kept of it, and the next append tries again. After any other failure of the disk every append is
// refused with kIo "log_failed" until the log is opened anew; reading goes on.
//
// Any thread may call any method.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "io/file_system.h"
#include "io/random.h"
#include "log/log_directory.h"
#include "log/log_writer.h"

namespace waypost::log {

// Hears of every record once it is on disk, in order, on the log's own thread; must not call Append
// and wait for it.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual void OnCommitted(LogPosition position, RecordKind kind,
                           std::shared_ptr<const Bytes> payload) = 0;
};

struct Options {
  uint64_t max_file_bytes = 64 << 20;   // a new file is begun once one is as large
  uint64_t max_queue_bytes = 64 << 20;  // waiting to be written; above, appends are refused
  LogPosition first = 0;                // of a log that has no files yet
};

struct LogStats {
  LogPosition first = 0;  // oldest record kept
  LogPosition end = 0;    // next record
  uint64_t files = 0;
  uint64_t queued_bytes = 0;
  uint64_t groups = 0;     // since it was opened, as all below
  uint64_t bytes = 0;      // of payload, committed
  uint64_t commit_ns = 0;  // spent writing and syncing
  uint64_t slowest_commit_ns = 0;
};

class Log {
 public:
  // Repairs the end of the log and starts the thread. `files`, `clock`, `random` and `listener`
  // must outlive the log; the listener hears only of records appended from now on. Errors: as
  // LogDirectory::Recover.
  static Result<std::unique_ptr<Log>> Open(io::FileSystem& files, const Clock& clock,
                                           io::Random& random, const std::string& directory,
                                           const Options& options, Listener& listener);
  ~Log();

  using Done = std::function<void(Result<LogPosition>)>;
  // `done` is called once: on the log's thread, or, when the record is refused at once, by the
  // caller's before this returns. Errors: kUnavailable "overloaded", "storage_full",
  // "too_many_files" and "stopping"; kTooLarge above kMaxPayloadBytes; kIo "log_failed".
  void Append(RecordKind kind, Bytes payload, Done done);
  // Waits for the answer. Not for the listener or a `done`.
  Result<LogPosition> Append(RecordKind kind, Bytes payload);

  // Visits the records committed so far, from `from` on. Errors: as LogDirectory::Read.
  Result<> Replay(LogPosition from, const Visitor& visit);
  // Removes whole files of records below `position`, which every view has persisted.
  Result<> DropBefore(LogPosition position);

  // Position of the next record.
  LogPosition end() const;
  // Why the last group was refused: "storage_full", "log_failed", ...; success when it was not.
  Result<> health() const;
  LogStats stats() const;

  // Refuses new records, writes what is queued, ends the thread. A second call does nothing.
  void Stop();

 private:
  struct Pending {
    Record record;
    Done done;
  };
  Log(io::FileSystem& files, const Clock& clock, io::Random& random, const std::string& directory,
      const Options& options, Listener& listener);
  Result<> Refusal(size_t payload_bytes) const;
  void Run();
  std::vector<Pending> TakeQueue();
  void Commit(std::vector<Pending> group);

  const Clock& clock_;
  const Options options_;
  Listener& listener_;
  LogDirectory directory_;
  std::unique_ptr<LogWriter> writer_;  // the thread's own

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Pending> queue_;
  bool stopping_ = false;
  Result<> health_;
  LogStats stats_;

  std::thread thread_;
};

}  // namespace waypost::log

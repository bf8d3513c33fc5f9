#include "log/log.h"

#include <algorithm>
#include <future>

namespace waypost::log {

Result<std::unique_ptr<Log>> Log::Open(io::FileSystem& files, const Clock& clock,
                                       io::Random& random, const std::string& directory,
                                       const Options& options, Listener& listener) {
  std::unique_ptr<Log> log(new Log(files, clock, random, directory, options, listener));
  OpenLogFile last = TRY(log->directory_.Recover(options.first));
  log->stats_.end = last.end;
  log->writer_ =
      std::make_unique<LogWriter>(log->directory_, std::move(last), options.max_file_bytes);
  log->thread_ = std::thread([raw = log.get()] { raw->Run(); });
  return log;
}

Log::Log(io::FileSystem& files, const Clock& clock, io::Random& random,
         const std::string& directory, const Options& options, Listener& listener)
    : clock_(clock), options_(options), listener_(listener), directory_(files, random, directory) {}

Log::~Log() { Stop(); }

void Log::Append(RecordKind kind, Bytes payload, Done done) {
  const size_t size = payload.size();
  Pending pending{{kind, std::make_shared<const Bytes>(std::move(payload))}, std::move(done)};
  std::unique_lock lock(mutex_);
  if (auto refusal = Refusal(size); !refusal.ok()) {
    lock.unlock();
    return pending.done(std::move(refusal).error());
  }
  queue_.push_back(std::move(pending));
  stats_.queued_bytes += size;
  lock.unlock();
  wake_.notify_one();
}

Result<LogPosition> Log::Append(RecordKind kind, Bytes payload) {
  std::promise<Result<LogPosition>> answer;
  Append(kind, std::move(payload),
         [&](Result<LogPosition> done) { answer.set_value(std::move(done)); });
  return answer.get_future().get();
}

Result<> Log::Refusal(size_t payload_bytes) const {
  if (stopping_)
    return Error(Code::kUnavailable, "stopping", "the server is stopping; send again later");
  if (payload_bytes > kMaxPayloadBytes) {
    return Error(Code::kTooLarge, "a record of " + std::to_string(payload_bytes) +
                                      " bytes; at most " + std::to_string(kMaxPayloadBytes) +
                                      " are taken");
  }
  if (stats_.queued_bytes > 0 && stats_.queued_bytes + payload_bytes > options_.max_queue_bytes) {
    return Error(Code::kUnavailable, "overloaded",
                 "more is being written than the disk takes; send again later");
  }
  return {};
}

void Log::Run() {
  for (;;) {
    std::vector<Pending> group = TakeQueue();
    if (group.empty()) return;
    Commit(std::move(group));
  }
}

// Waits for records. Empty once the log is stopping and everything is written.
std::vector<Log::Pending> Log::TakeQueue() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
  return std::exchange(queue_, {});
}

void Log::Commit(std::vector<Pending> group) {
  std::vector<Record> records;
  uint64_t bytes = 0;
  for (const Pending& pending : group) {
    records.push_back(pending.record);
    bytes += pending.record.payload->size();
  }
  const LogPosition first = writer_->end();
  const int64_t began_ns = clock_.MonotonicNs();
  const Result<> written = writer_->Write(records);
  const auto took_ns = static_cast<uint64_t>(clock_.MonotonicNs() - began_ns);

  std::unique_lock lock(mutex_);
  health_ = written;
  stats_.queued_bytes -= bytes;
  stats_.end = writer_->end();
  stats_.groups += 1;
  stats_.commit_ns += took_ns;
  stats_.slowest_commit_ns = std::max(stats_.slowest_commit_ns, took_ns);
  if (written.ok()) stats_.bytes += bytes;
  lock.unlock();

  for (size_t i = 0; written.ok() && i < records.size(); ++i) {
    listener_.OnCommitted(first + i, records[i].kind, records[i].payload);
  }
  for (size_t i = 0; i < group.size(); ++i) {
    group[i].done(written.ok() ? Result<LogPosition>(first + i)
                               : Result<LogPosition>(written.error()));
  }
}

Result<> Log::Replay(LogPosition from, const Visitor& visit) {
  return directory_.Read(from, end(), visit);
}

Result<> Log::DropBefore(LogPosition position) { return directory_.DropBefore(position); }

LogPosition Log::end() const {
  const std::lock_guard lock(mutex_);
  return stats_.end;
}

Result<> Log::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

LogStats Log::stats() const {
  std::unique_lock lock(mutex_);
  LogStats stats = stats_;
  lock.unlock();
  stats.first = directory_.first();
  stats.files = directory_.file_count();
  return stats;
}

void Log::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

}  // namespace waypost::log

// Writes groups of records to the end of the log, each with one write and one sync. An erasure ends
// its file: what it erases is on disk until that file is dropped, so it need not be full first.
#pragma once

#include <memory>
#include <span>

#include "io/file_system.h"
#include "io/random.h"
#include "log/log_directory.h"

namespace waypost::log {

struct Record {
  RecordKind kind = RecordKind::kBatch;
  std::shared_ptr<const Bytes> payload;
};

// Invariant: the file holds whole groups up to good_size_ and they are on disk, or failed_ is set.
// Belongs to one thread.
class LogWriter {
 public:
  // `directory` must outlive the writer. `last` is what its Recover() gave.
  LogWriter(LogDirectory& directory, OpenLogFile last, uint64_t max_file_bytes);

  // All the records are on disk, in order, from end() on, when this succeeds; none will ever be
  // read when it fails, unless with "log_failed", when some may be. Errors: kUnavailable
  // "storage_full" and "too_many_files", after which it may be tried again; kIo "log_failed" the
  // first time the disk fails otherwise and for ever after: what it holds is known only after a
  // restart.
  Result<> Write(std::span<const Record> group);

  // Position of the next record.
  LogPosition end() const { return open_.end; }
  bool failed() const { return failed_; }

 private:
  Result<> RollIfEnded();
  void Encode(std::span<const Record> group);
  Error Fail(const Error& cause);
  Error RollBack(Error cause);

  LogDirectory& directory_;
  OpenLogFile open_;
  const uint64_t max_file_bytes_;
  Bytes buffer_;
  bool erased_ = false;  // the file takes no more groups
  bool failed_ = false;
};

}  // namespace waypost::log

// The files of a log: finds them, repairs the end of the last one, reads them in order, drops old
// ones.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "io/file_system.h"
#include "io/random.h"
#include "log/log_format.h"

namespace waypost::log {

// Called for each record in order; an error ends the reading and is its result. `payload` is valid
// during the call.
using Visitor = std::function<Result<>(LogPosition, RecordKind, std::span<const uint8_t> payload)>;

// The file that is written, and where it stands.
struct OpenLogFile {
  std::unique_ptr<io::WritableFile> file;
  FileHeader header;
  LogPosition end = 0;  // position of the next record
};

// Any thread may call any method, but only one Recover() or StartFile() at a time.
class LogDirectory {
 public:
  LogDirectory(io::FileSystem& files, io::Random& random, std::string path);

  // Creates the directory when it is missing; cuts what a crash left of a write that was never
  // acknowledged; opens the last file for more, or starts the first with position `first`.
  // Errors: kCorrupt, naming file and byte, when the last file has a hole or a broken header.
  Result<OpenLogFile> Recover(LogPosition first);

  // A new file that is durable, name and all, when this returns. After "storage_full" or
  // "too_many_files" it may be tried again; after another error the disk cannot be trusted.
  Result<OpenLogFile> StartFile(LogPosition first);

  // Visits the records in [from, end). Errors: kNotFound when records from there on were dropped;
  // kCorrupt, naming file and byte, for anything missing or damaged; the visitor's own.
  // REQUIRES: records below `end` are committed.
  Result<> Read(LogPosition from, LogPosition end, const Visitor& visit);

  // Removes the files that hold only records below `position`; never the last one.
  Result<> DropBefore(LogPosition position);

  // Position of the oldest record kept.
  LogPosition first() const;
  size_t file_count() const;

 private:
  std::string PathOf(LogPosition first) const;
  Result<> RemoveUnused();
  Result<OpenLogFile> RepairLast(LogPosition known_end);
  Result<LogPosition> ReadOne(LogPosition first, bool is_last, LogPosition from, LogPosition end,
                              const Visitor& visit);

  io::FileSystem& files_;
  io::Random& random_;
  const std::string path_;
  mutable std::mutex mutex_;
  std::vector<LogPosition> firsts_;  // of the files, increasing
};

}  // namespace waypost::log

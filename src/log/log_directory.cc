#include "log/log_directory.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/logger.h"
#include "log/log_scan.h"

namespace waypost::log {
namespace {

// A file holds max_file_bytes and at most one group more.
constexpr uint64_t kMaxFileBytes = 4ull << 30;

Error Corrupt(const std::string& path, uint64_t offset, std::string_view what) {
  return Error(
      Code::kCorrupt, "log_corrupt",
      fmt::format("{} byte {}: {}; restore the data folder from a backup", path, offset, what));
}

Result<> RemoveIfThere(io::FileSystem& files, const std::string& path) {
  auto removed = files.Remove(path);
  if (!removed.ok() && removed.error().code() != Code::kNotFound) return removed;
  return {};
}

}  // namespace

LogDirectory::LogDirectory(io::FileSystem& files, io::Random& random, std::string path)
    : files_(files), random_(random), path_(std::move(path)) {}

std::string LogDirectory::PathOf(LogPosition first) const {
  return path_ + "/" + LogFileName(first);
}

LogPosition LogDirectory::first() const {
  const std::lock_guard lock(mutex_);
  return firsts_.front();
}

size_t LogDirectory::file_count() const {
  const std::lock_guard lock(mutex_);
  return firsts_.size();
}

Result<OpenLogFile> LogDirectory::Recover(LogPosition first) {
  TRY(files_.CreateDirectory(path_));
  TRY(files_.SyncDirectory(io::ParentDirectory(path_)));
  const auto entries = TRY(files_.List(path_));
  for (const io::DirectoryEntry& entry : entries) {
    if (const auto position = ParseLogFileName(entry.name)) firsts_.push_back(*position);
  }
  std::sort(firsts_.begin(), firsts_.end());
  const LogPosition last = firsts_.empty() ? first : firsts_.back();
  TRY(RemoveUnused());
  return firsts_.empty() ? StartFile(last) : RepairLast(last);
}

// A crash while a file is started leaves a header that is cut or torn, and nothing after it:
// records are written only once the header is on disk.
Result<> LogDirectory::RemoveUnused() {
  if (firsts_.empty()) return {};
  const std::string path = PathOf(firsts_.back());
  if (TRY(files_.FileSize(path)) > kFileHeaderSize) return {};
  if (DecodeFileHeader(TRY(io::ReadFile(files_, path, kFileHeaderSize))).ok()) return {};
  TRY(files_.Remove(path));
  TRY(files_.SyncDirectory(path_));
  firsts_.pop_back();
  return {};
}

// Records below `known_end` were on disk before anything a crash could tear.
Result<OpenLogFile> LogDirectory::RepairLast(LogPosition known_end) {
  const std::string path = PathOf(firsts_.back());
  const Bytes bytes = TRY(io::ReadFile(files_, path, kMaxFileBytes));
  const auto header = DecodeFileHeader(bytes);
  if (!header.ok()) return Corrupt(path, 0, header.error().message());
  if (header.value().first != firsts_.back())
    return Corrupt(path, 24, "the file is not what its name says");
  LogScan scan(bytes, header.value());
  while (scan.Next()) {
  }
  OpenLogFile last{TRY(files_.OpenAppend(path)), header.value(), scan.position()};
  if (scan.at_end() && scan.position() >= known_end) return last;
  if (scan.position() < known_end || scan.IsHole()) {
    return Corrupt(path, scan.offset(), fmt::format("record {} is damaged", scan.position()));
  }
  LogWarning(
      "log.tail_cut",
      {{"file", path}, {"byte", scan.offset()}, {"cut_bytes", bytes.size() - scan.offset()}});
  TRY(last.file->Truncate(scan.offset()));
  TRY(last.file->Sync());
  return last;
}

Result<OpenLogFile> LogDirectory::StartFile(LogPosition first) {
  const std::string path = PathOf(first);
  TRY(RemoveIfThere(files_, path));  // left by an attempt that failed
  OpenLogFile started{TRY(files_.Create(path)), {.file_id = random_.Next(), .first = first}, first};
  TRY(started.file->Append(EncodeFileHeader(started.header)));
  TRY(started.file->Sync());
  TRY(files_.SyncDirectory(path_));
  const std::lock_guard lock(mutex_);
  firsts_.push_back(first);
  return started;
}

Result<> LogDirectory::Read(LogPosition from, LogPosition end, const Visitor& visit) {
  std::unique_lock lock(mutex_);
  const std::vector<LogPosition> firsts = firsts_;
  lock.unlock();
  if (from < firsts.front()) {
    return Error(Code::kNotFound, "log_dropped",
                 fmt::format("{}: asked for records from {} on, the oldest kept is {}", path_, from,
                             firsts.front()));
  }
  if (from > end) {
    return Error(
        Code::kCorrupt, "log_corrupt",
        fmt::format(
            "{}: asked for records from {} on, the log ends at {}: its last files are missing; "
            "restore the data folder from a backup",
            path_, from, end));
  }
  for (size_t i = 0; i < firsts.size() && firsts[i] < end; ++i) {
    const bool is_last = i + 1 == firsts.size();
    if (!is_last && firsts[i + 1] <= from) continue;
    const LogPosition stop = TRY(ReadOne(firsts[i], is_last, from, end, visit));
    if (!is_last && stop < end && stop != firsts[i + 1]) {
      return Corrupt(PathOf(firsts[i + 1]), 0,
                     fmt::format("records {} to {} are missing before it", stop, firsts[i + 1]));
    }
  }
  return {};
}

// Returns the position after the last record of the file.
Result<LogPosition> LogDirectory::ReadOne(LogPosition first, bool is_last, LogPosition from,
                                          LogPosition end, const Visitor& visit) {
  const std::string path = PathOf(first);
  const Bytes bytes = TRY(io::ReadFile(files_, path, kMaxFileBytes));
  const auto header = DecodeFileHeader(bytes);
  if (!header.ok()) return Corrupt(path, 0, header.error().message());
  if (header.value().first != first) return Corrupt(path, 24, "the file is not what its name says");
  LogScan scan(bytes, header.value());
  while (scan.position() < end) {
    const LogPosition position = scan.position();
    const auto record = scan.Next();
    if (!record && (is_last || !scan.at_end())) {
      return Corrupt(path, scan.offset(), fmt::format("record {} is damaged", position));
    }
    if (!record) break;
    if (position >= from) TRY(visit(position, record->header.kind, record->payload));
  }
  return scan.position();
}

Result<> LogDirectory::DropBefore(LogPosition position) {
  const std::lock_guard lock(mutex_);
  while (firsts_.size() > 1 && firsts_[1] <= position) {
    TRY(RemoveIfThere(files_, PathOf(firsts_.front())));
    TRY(files_.SyncDirectory(
        path_));  // one by one, or a crash could bring an older file back alone
    firsts_.erase(firsts_.begin());
  }
  return {};
}

}  // namespace waypost::log

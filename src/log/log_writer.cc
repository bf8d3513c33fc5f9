#include "log/log_writer.h"

#include <algorithm>

#include "base/logger.h"

namespace waypost::log {
namespace {

constexpr size_t kKeptBufferBytes = 16 << 20;

bool MayPass(const Error& error) { return error.code() == Code::kUnavailable; }

}  // namespace

LogWriter::LogWriter(LogDirectory& directory, OpenLogFile last, uint64_t max_file_bytes)
    : directory_(directory), open_(std::move(last)), max_file_bytes_(max_file_bytes) {}

Result<> LogWriter::Write(std::span<const Record> group) {
  if (failed_)
    return Error(Code::kIo, "log_failed",
                 "the log failed before; restart the server to read what the disk holds");
  TRY(RollIfEnded());
  Encode(group);
  auto appended = open_.file->Append(buffer_);
  if (!appended.ok()) return RollBack(std::move(appended).error());
  const auto synced = open_.file->Sync();
  if (!synced.ok()) return Fail(synced.error());
  open_.end += group.size();
  erased_ |= std::ranges::find(group, RecordKind::kErasure, &Record::kind) != group.end();
  // The group is written, whatever becomes of the next file; the next write tries again.
  if (erased_) static_cast<void>(RollIfEnded());
  return {};
}

Result<> LogWriter::RollIfEnded() {
  if (!erased_ && open_.file->size() < max_file_bytes_) return {};
  auto started = directory_.StartFile(open_.end);
  if (started.ok()) {
    open_ = std::move(started).value();
    erased_ = false;
    return {};
  }
  if (MayPass(started.error())) return std::move(started).error();
  return Fail(started.error());
}

void LogWriter::Encode(std::span<const Record> group) {
  if (buffer_.capacity() > kKeptBufferBytes) buffer_ = Bytes();
  buffer_.clear();
  for (uint32_t i = 0; i < group.size(); ++i) {
    EncodeRecord(open_.header.file_id, open_.file->size(),
                 {.position = open_.end + i, .place_in_group = i, .kind = group[i].kind},
                 *group[i].payload, &buffer_);
  }
}

Error LogWriter::Fail(const Error& cause) {
  failed_ = true;
  LogError("log.failed", {{"position", open_.end}, {"cause", cause.message()}});
  return Error(Code::kIo, "log_failed",
               "the log cannot be written: " + cause.message() +
                   "; nothing is accepted until the server is restarted");
}

// Takes back a write that did not fit, so that what was refused cannot come back after a restart.
Error LogWriter::RollBack(Error cause) {
  if (!MayPass(cause)) return Fail(cause);
  const auto cut = open_.file->Truncate(open_.file->size());
  if (!cut.ok()) return Fail(cut.error());
  const auto synced = open_.file->Sync();
  if (!synced.ok()) return Fail(synced.error());
  return cause;
}

}  // namespace waypost::log

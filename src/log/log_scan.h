// Reads the bytes of one log file record by record and judges what stands after the last good one.
#pragma once

#include <optional>
#include <span>

#include "log/log_format.h"

namespace waypost::log {

// Belongs to one thread; borrows the bytes.
class LogScan {
 public:
  // `file` is the whole file, its header included and checked.
  LogScan(std::span<const uint8_t> file, const FileHeader& header)
      : file_(file), file_id_(header.file_id), position_(header.first) {}

  // The next record in order; nothing at the end of the bytes and at the first byte that is wrong.
  std::optional<RecordView> Next();

  // The next record's place, in bytes and in records.
  uint64_t offset() const { return offset_; }
  LogPosition position() const { return position_; }
  bool at_end() const { return offset_ == file_.size(); }

  // After Next() gave nothing before the end: true when a record that was surely on disk once is
  // missing here, because one written after it stands further on; false when these bytes may be no
  // more than a write that a crash tore.
  bool IsHole() const;

 private:
  std::span<const uint8_t> file_;
  uint64_t file_id_;
  uint64_t offset_ = kFileHeaderSize;
  LogPosition position_;
};

}  // namespace waypost::log

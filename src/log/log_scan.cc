#include "log/log_scan.h"

namespace waypost::log {

std::optional<RecordView> LogScan::Next() {
  const auto record = DecodeRecord(file_id_, file_, offset_);
  if (!record || record->header.position != position_) return std::nullopt;
  offset_ += kRecordHeaderSize + record->payload.size();
  ++position_;
  return record;
}

bool LogScan::IsHole() const {
  const LogPosition most = position_ + file_.size() / kRecordHeaderSize;
  for (uint64_t at = offset_ + 1; at + kRecordHeaderSize <= file_.size(); ++at) {
    LogPosition claimed;  // saves the checksum of most bytes that are no record
    std::memcpy(&claimed, file_.data() + at + kPositionOffset, sizeof(claimed));
    if (claimed <= position_ || claimed > most) continue;
    const auto record = DecodeRecord(file_id_, file_, at);
    if (record && record->header.group_begin() > position_) return true;
  }
  return false;
}

}  // namespace waypost::log

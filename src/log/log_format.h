// The bytes of the log. A log is files named log-<first position, 20 digits>.wal, each continuing
// where the one before ends. Numbers are little-endian.
//
// A file begins with a header:
//   OFFSET  SIZE  MEANING
//        0     8  "WAYPTLOG"
//        8     4  version, 1
//       12     4  0
//       16     8  file id, random
//       24     8  position of the first record
//       32     8  checksum of the 32 bytes before
// and goes on with records, without gaps:
//        0     8  checksum of the rest of the record, seeded with the file id and the record's
//        offset 8     4  payload size
//       12     4  records before this one in its group
//       16     8  position
//       24     1  kind
//       25        payload
//
// The seed makes bytes that are right, but of another file or another place, wrong. A group is what
// one write and one sync put on disk together: when a record's group begins at position g, every
// record before g was on disk, and possibly acknowledged, before the first byte of the group was
// written. Recovery tells by this a torn group, which nobody was promised, from a hole.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "model/ids.h"

namespace waypost::log {

// What a payload is. Numbers are stored: never renumber.
enum class RecordKind : uint8_t {
  kBatch = 1,          // model/batch.h
  kPlan = 2,           // a change of the tracking plan
  kDecision = 3,       // reserved for journeys
  kIdentityRules = 5,  // identity/key_rules.h
  kErasure = 6,        // engine/erasure.h
  kTable = 7,          // model/table.h
};

inline constexpr size_t kFileHeaderSize = 40;
inline constexpr size_t kRecordHeaderSize = 25;
inline constexpr size_t kPositionOffset = 16;  // within a record
inline constexpr size_t kMaxPayloadBytes = 64 << 20;

struct FileHeader {
  uint64_t file_id = 0;
  LogPosition first = 0;
};

struct RecordHeader {
  LogPosition position = 0;
  uint32_t place_in_group = 0;
  RecordKind kind = RecordKind::kBatch;
  LogPosition group_begin() const { return position - place_in_group; }
};

// `payload` borrows the bytes read.
struct RecordView {
  RecordHeader header;
  std::span<const uint8_t> payload;
};

Bytes EncodeFileHeader(const FileHeader& header);
// kCorrupt when the bytes are too few or not a header; says which byte.
Result<FileHeader> DecodeFileHeader(std::span<const uint8_t> file);

// Appends one record to `out`, for a file with this id, where out's first byte lies at `base`.
// REQUIRES: payload.size() <= kMaxPayloadBytes.
void EncodeRecord(uint64_t file_id, uint64_t base, const RecordHeader& header,
                  std::span<const uint8_t> payload, Bytes* out);

// The record at `offset` of a file's bytes; nothing when there is none whose checksum holds.
std::optional<RecordView> DecodeRecord(uint64_t file_id, std::span<const uint8_t> file,
                                       uint64_t offset);

// "log-00000000000000000042.wal"; nothing for names of other files.
std::string LogFileName(LogPosition first);
std::optional<LogPosition> ParseLogFileName(std::string_view name);

}  // namespace waypost::log

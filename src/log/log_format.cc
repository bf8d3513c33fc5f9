#include "log/log_format.h"

#include <fmt/format.h>

#include <charconv>

#include "base/hash.h"

namespace waypost::log {
namespace {

constexpr std::string_view kMagic = "WAYPTLOG";
constexpr uint32_t kVersion = 1;
constexpr std::string_view kNamePrefix = "log-";
constexpr std::string_view kNameSuffix = ".wal";
constexpr size_t kNameDigits = 20;

uint64_t PlaceSeed(uint64_t file_id, uint64_t offset) { return MixBits(file_id ^ MixBits(offset)); }

}  // namespace

Bytes EncodeFileHeader(const FileHeader& header) {
  ByteWriter out;
  out.Raw(AsBytes(kMagic));
  out.U32(kVersion);
  out.U32(0);
  out.U64(header.file_id);
  out.U64(header.first);
  out.U64(Hash64(out.bytes()));
  return out.Take();
}

Result<FileHeader> DecodeFileHeader(std::span<const uint8_t> file) {
  if (file.size() < kFileHeaderSize) {
    return Error(Code::kCorrupt, fmt::format("the file header is cut at byte {}", file.size()));
  }
  ByteReader in(file.first(kFileHeaderSize));
  if (AsText(in.Raw(kMagic.size())) != kMagic) {
    return Error(Code::kCorrupt, "byte 0: this is not a log file");
  }
  const uint32_t version = in.U32();
  if (version != kVersion) {
    return Error(Code::kCorrupt,
                 fmt::format("byte 8: log version {}, this program reads {}", version, kVersion));
  }
  in.U32();
  const FileHeader header{.file_id = in.U64(), .first = in.U64()};
  if (in.U64() != Hash64(file.first(kFileHeaderSize - 8))) {
    return Error(Code::kCorrupt, "byte 0: the checksum of the file header is wrong");
  }
  return header;
}

void EncodeRecord(uint64_t file_id, uint64_t base, const RecordHeader& header,
                  std::span<const uint8_t> payload, Bytes* out) {
  CHECK(payload.size() <= kMaxPayloadBytes);
  const size_t begin = out->size();
  ByteWriter head;
  head.U64(0);
  head.U32(static_cast<uint32_t>(payload.size()));
  head.U32(header.place_in_group);
  head.U64(header.position);
  head.U8(static_cast<uint8_t>(header.kind));
  out->insert(out->end(), head.bytes().begin(), head.bytes().end());
  out->insert(out->end(), payload.begin(), payload.end());
  const uint64_t checksum =
      Hash64(std::span(*out).subspan(begin + 8), PlaceSeed(file_id, base + begin));
  std::memcpy(out->data() + begin, &checksum, sizeof(checksum));
}

std::optional<RecordView> DecodeRecord(uint64_t file_id, std::span<const uint8_t> file,
                                       uint64_t offset) {
  if (offset > file.size() || file.size() - offset < kRecordHeaderSize) return std::nullopt;
  ByteReader in(file.subspan(offset));
  const uint64_t checksum = in.U64();
  const uint32_t size = in.U32();
  if (size > kMaxPayloadBytes || size > file.size() - offset - kRecordHeaderSize)
    return std::nullopt;
  RecordView record;
  record.header.place_in_group = in.U32();
  record.header.position = in.U64();
  record.header.kind = static_cast<RecordKind>(in.U8());
  record.payload = in.Raw(size);
  const auto checked = file.subspan(offset + 8, kRecordHeaderSize - 8 + size);
  if (checksum != Hash64(checked, PlaceSeed(file_id, offset))) return std::nullopt;
  return record;
}

std::string LogFileName(LogPosition first) {
  return fmt::format("{}{:0{}}{}", kNamePrefix, first, kNameDigits, kNameSuffix);
}

std::optional<LogPosition> ParseLogFileName(std::string_view name) {
  if (name.size() != kNamePrefix.size() + kNameDigits + kNameSuffix.size()) return std::nullopt;
  if (!name.starts_with(kNamePrefix) || !name.ends_with(kNameSuffix)) return std::nullopt;
  const char* begin = name.data() + kNamePrefix.size();
  LogPosition first = 0;
  const auto [end, error] = std::from_chars(begin, begin + kNameDigits, first);
  if (error != std::errc() || end != begin + kNameDigits) return std::nullopt;
  return first;
}

}  // namespace waypost::log

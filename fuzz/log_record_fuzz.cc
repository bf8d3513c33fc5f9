// A log file written from the input, then damaged as the input says, is read as a prefix of what
// was written; any bytes at all are read without harm.
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "log/log_scan.h"

namespace {

using namespace waypost;

void ScanAll(std::span<const uint8_t> file, const log::FileHeader& header, uint64_t written) {
  log::LogScan scan(file, header);
  while (const auto record = scan.Next()) CHECK(record->payload.size() <= file.size());
  CHECK(scan.position() - header.first <= written);
  (void)scan.IsHole();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ByteReader in({data, size});
  log::FileHeader header{.file_id = in.U64(), .first = in.U64() >> 1};
  Bytes file = log::EncodeFileHeader(header);
  uint64_t written = 0;
  for (uint32_t left = in.U8() % 16; left > 0; --left, ++written) {
    log::EncodeRecord(header.file_id, 0,
                      {.position = header.first + written, .place_in_group = in.U8()},
                      in.Raw(std::min<size_t>(in.U8(), in.left())), &file);
  }
  ScanAll(file, header, written);
  for (uint32_t left = in.U8() % 4; left > 0; --left) file[in.U32() % file.size()] ^= in.U8();
  ScanAll(file, header, written);

  const auto decoded = log::DecodeFileHeader({data, size});
  if (size >= log::kFileHeaderSize)
    ScanAll({data, size}, decoded.ok() ? decoded.value() : header, size);
  return 0;
}

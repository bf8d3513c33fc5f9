// Files that are written once and never changed: parts, attribute blocks, manifests, values of
// tags. Every page of 4 KiB has a checksum over the file's id, the page's place and its bytes, so a
// page that was torn, flipped or belongs to another file is found out.
//
//   payload, padded to 8 · u64 checksum of each page of the padded payload
//   · u32 magic "WPSF" · u32 version · u32 kind · u32 0 · u64 id · u64 payload bytes
//   · u64 checksum of everything from the first page checksum to here
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/result.h"
#include "io/file_system.h"

namespace waypost::store {

enum class SealedKind : uint32_t { kPart = 1, kAttributes = 2, kManifest = 3, kTagValues = 4 };

// Creates `path` whole and synced (through path + ".tmp"); the caller syncs the directory. Returns
// the bytes the file takes.
Result<uint64_t> WriteSealedFile(io::FileSystem& files, const std::string& path, SealedKind kind,
                                 uint64_t id, std::span<const uint8_t> payload);

// A sealed file in memory. Any number of threads may read it.
class SealedFile {
 public:
  // Maps the file and checks its end, not yet its pages. Errors: kNotFound, kCorrupt (naming file
  // and byte), kIo.
  static Result<SealedFile> Open(io::FileSystem& files, const std::string& path, SealedKind kind,
                                 uint64_t id);

  // Checks every page. kCorrupt names the file and the first wrong page's bytes.
  Result<> Verify() const;

  // 8-byte aligned, 8 more bytes readable after it.
  std::span<const uint8_t> payload() const { return file_.bytes().first(payload_size_); }
  uint64_t file_size() const { return file_.bytes().size(); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  io::MappedFile file_;
  uint64_t id_ = 0;
  uint64_t payload_size_ = 0;
};

}  // namespace waypost::store

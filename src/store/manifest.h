// The manifest: what the store consists of at one log position. A new one replaces the old in one
// rename, so a crash leaves one or the other whole.
//
//   files: manifest-<sequence>, sealed; the highest readable one counts, older ones are removed.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "io/file_system.h"
#include "model/ids.h"
#include "store/part.h"

namespace waypost::store {

// The attributes of one block's customers, in one sealed file.
struct AttributeFileMeta {
  uint64_t id = 0;
  uint32_t block = 0;
  uint64_t file_bytes = 0;

  static std::string FileName(uint64_t id);
};

// An append-only file; bytes beyond `size` are from a flush that did not finish.
struct JournalMeta {
  uint64_t id = 0;
  uint64_t size = 0;
  friend bool operator==(const JournalMeta&, const JournalMeta&) = default;
};

struct Manifest {
  uint64_t sequence = 0;
  LogPosition position = 0;  // every record before it is in here
  uint64_t next_file_id = 1;
  std::vector<PartMeta> parts;  // oldest first
  std::vector<AttributeFileMeta> attributes;
  std::map<std::string, JournalMeta> journals;
  std::map<std::string, Bytes> blobs;  // small states of other views, whole

  Bytes Encode() const;
  static Result<Manifest> Decode(std::span<const uint8_t> bytes);
};

// Writes manifest.sequence durably, then removes the ones before.
Result<> WriteManifest(io::FileSystem& files, const std::string& directory,
                       const Manifest& manifest);

// The newest manifest; an empty one when the directory has none. kCorrupt when none that is there
// can be read: never silently an older truth than files that may be gone.
Result<Manifest> ReadManifest(io::FileSystem& files, const std::string& directory);

}  // namespace waypost::store

// What an import knows to be loaded, in a small text file:
//
//   waypost-import 1 <import id>
//   rejects <bytes> <path>
//   file <fingerprint> <chunks> <offset> <records> <lines> <loaded> <rejected> <done: 0 or 1>
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/result.h"
#include "files/record_source.h"
#include "io/file_system.h"

namespace waypost::files {

struct FileState {
  uint64_t chunks = 0;  // loaded without a gap from the first
  Position position;    // after them
  uint64_t loaded = 0;  // rows of them
  uint64_t rejected = 0;
  bool done = false;

  friend bool operator==(const FileState&, const FileState&) = default;
};

struct ImportState {
  std::string import_id;
  uint64_t rejects_bytes = 0;              // of the rejects file that belong to these chunks
  std::string rejects_path;                // that file; empty: there is none
  std::map<std::string, FileState> files;  // by fingerprint

  friend bool operator==(const ImportState&, const ImportState&) = default;
};

// An empty state when there is no file. The state of "<import_id>@<load>" is this import's too.
// kConflict when it is another import's; kCorrupt when it is no state file.
Result<ImportState> LoadImportState(io::FileSystem& files, const std::string& path,
                                    const std::string& import_id);

// Durable when it returns; after a crash the old state or the new one is there.
Result<> SaveImportState(io::FileSystem& files, const std::string& path, const ImportState& state);

}  // namespace waypost::files

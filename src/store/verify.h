// Checking and copying a store's files from outside, without opening it for writing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/file_system.h"

namespace waypost::store {

struct VerifyReport {
  uint64_t files = 0;
  uint64_t bytes = 0;
  uint64_t rows = 0;
  // One sentence for each damaged file: which, and the first wrong bytes. Empty: everything is
  // right.
  std::vector<std::string> damage;
};

// Reads every file the newest manifest names, and checks every checksum, every structure, and every
// part's rows against the checksum they had when they were written. Errors: what keeps it from
// reading the directory at all; a damaged manifest is damage. Works beside an open store, but may
// then report files that were merged away meanwhile.
Result<VerifyReport> VerifyStore(io::FileSystem& files, const std::string& directory);

// Copies what the newest manifest of `from` names into `to`, synced, checking what is copied.
// Nothing may flush or merge in `from` meanwhile. Errors: kConflict when `to` has files; kCorrupt
// for damage.
Result<> CopyStore(io::FileSystem& files, const std::string& from, const std::string& to);

}  // namespace waypost::store

// Who was in a segment at one of its runs: a file that is written once.
//
//   0  u32 magic "WPSM" · u32 version 1 · u64 count of members · u64 payload bytes
//   24 u64 checksum of the file's name, the count and the payload
//   32 payload: the ordinals as a roaring bitmap in its portable format
#pragma once

#include <string>

#include "exec/selection.h"
#include "io/file_system.h"

namespace waypost::segments {

// Durable when it returns. Replaces a file of a run that was never recorded.
Result<> WriteMembers(io::FileSystem& files, const std::string& path,
                      const exec::CustomerBits& members);

// kCorrupt names the file; kNotFound.
Result<exec::CustomerBits> ReadMembers(io::FileSystem& files, const std::string& path);

}  // namespace waypost::segments

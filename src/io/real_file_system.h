// The machine's own files. New files and directories are for their owner alone (0600, 0700).
#pragma once

#include "io/file_system.h"

namespace waypost::io {

// Holds no state: one per process is enough, more do no harm.
std::unique_ptr<FileSystem> MakeRealFileSystem();

}  // namespace waypost::io

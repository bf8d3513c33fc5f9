// Secrets the server makes for itself: one line in a file of the data folder, for its owner alone.
#pragma once

#include <string>

#include "io/file_system.h"
#include "io/random.h"

namespace waypost::server {

// The secret in the file `name` of the folder; made of 32 random bytes, durably, when there is
// none. Errors: kCorrupt for an empty file; those of the file system.
Result<std::string> ReadOrMakeSecret(io::FileSystem& files, io::Random& random,
                                     const std::string& directory, const std::string& name);

}  // namespace waypost::server

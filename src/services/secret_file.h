// Secrets the server makes for itself: one line in a file of the data folder, for its owner alone.
#pragma once

#include <string>

#include "channels/sealed.h"
#include "io/file_system.h"
#include "io/random.h"
#include "services/config.h"
#include "services/machine.h"

namespace waypost::services {

// The secret in the file `name` of the folder; made of 32 random bytes, durably, when there is
// none. Errors: kCorrupt for an empty file; those of the file system.
Result<std::string> ReadOrMakeSecret(io::FileSystem& files, io::Random& random,
                                     const std::string& directory, const std::string& name);

// What secrets of others are sealed with: the configured key, or one made for the folder.
Result<channels::SealKey> SealKeyOf(const Machine& machine, const Config& config);

}  // namespace waypost::services

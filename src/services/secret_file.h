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

// What a project's identities are hashed with (identity/keyed_hash.h): the file `identity_key` of
// its folder, sealed with the server's key and made when there is none. Empty, with a line in the
// log, when it was sealed with another key. Errors: those of the file system.
inline constexpr std::string_view kIdentityKey = "identity_key";
Result<std::string> IdentitySecretOf(const Machine& machine, const Config& config,
                                     const std::string& folder);

}  // namespace waypost::services

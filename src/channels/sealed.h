// Secrets at rest: AES-256-GCM under a key that lies elsewhere, each bound to its name, so that one
// cannot be put in another's place.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/result.h"
#include "io/random.h"

namespace waypost::channels {

using SealKey = std::array<uint8_t, 32>;
// Of 64 hexadecimal digits. kInvalid.
Result<SealKey> ReadSealKey(std::string_view hex);

// Base64 of nonce, ciphertext and tag.
std::string Seal(const SealKey& key, std::string_view name, std::string_view secret,
                 io::Random& random);
// kCorrupt when it is not what Seal gave for this key and name.
Result<std::string> Unseal(const SealKey& key, std::string_view name, std::string_view sealed);

// What only holders of the key can say about `what`: 32 hexadecimal digits.
std::string TokenFor(const SealKey& key, std::string_view what);

}  // namespace waypost::channels

#include "io/real_random.h"

#include <openssl/rand.h>

#include "base/check.h"

namespace waypost::io {

void RealRandom::Fill(std::span<uint8_t> out) {
  CHECK(RAND_bytes(out.data(), static_cast<int>(out.size())) == 1);
}

}  // namespace waypost::io

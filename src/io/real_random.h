// The machine's randomness, good enough for keys and tokens.
#pragma once

#include "io/random.h"

namespace waypost::io {

class RealRandom final : public Random {
 public:
  void Fill(std::span<uint8_t> out) override;
};

}  // namespace waypost::io

// The machine's clocks.
#pragma once

#include "base/clock.h"

namespace waypost::io {

class RealClock final : public Clock {
 public:
  int64_t NowMs() const override;
  int64_t MonotonicNs() const override;
};

}  // namespace waypost::io

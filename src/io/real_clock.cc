#include "io/real_clock.h"

#include <time.h>

#include <chrono>

#include "base/check.h"

namespace waypost::io {

int64_t RealClock::NowMs() const {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

int64_t RealClock::MonotonicNs() const {
  timespec now;  // the clock that also runs while the machine sleeps
  CHECK(clock_gettime(CLOCK_BOOTTIME, &now) == 0);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

}  // namespace waypost::io

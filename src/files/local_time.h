// What a wall clock in a zone shows, as moments.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"

namespace date {
class time_zone;
}

namespace waypost::files {

// Remembers the period it looked up last, so times near each other cost a comparison. Belongs to
// one thread; copies are independent.
class LocalTime {
 public:
  // An IANA name ("Asia/Shanghai"), or kInvalid ("bad_mapping").
  static Result<LocalTime> Open(const std::string& zone);

  // Moment (ms UTC) at which the clock showed `wall_ms`, which is what it showed read as if it were
  // UTC. Nothing when it never did because it was put forward; the first when it did twice.
  std::optional<int64_t> ToUtc(int64_t wall_ms);

 private:
  explicit LocalTime(const date::time_zone* zone) : zone_(zone) {}

  const date::time_zone* zone_;
  int64_t begin_ms_ = 0, end_ms_ = 0;  // wall times safely inside one period
  int64_t offset_ms_ = 0;
};

}  // namespace waypost::files

#include "files/local_time.h"

#include <date/tz.h>

#include <stdexcept>

#include "base/clock.h"

namespace waypost::files {
namespace {

// date::sys_info periods reach beyond what milliseconds can hold.
constexpr int64_t kFarMs = 300'000LL * 365 * kDayMs / 1'000;

int64_t Milliseconds(date::sys_seconds at) {
  const int64_t seconds = at.time_since_epoch().count();
  return std::max(-kFarMs, std::min(kFarMs, seconds > kFarMs / 1'000    ? kFarMs
                                            : seconds < -kFarMs / 1'000 ? -kFarMs
                                                                        : seconds * 1'000));
}

}  // namespace

Result<LocalTime> LocalTime::Open(const std::string& zone) {
  try {
    return LocalTime(date::locate_zone(zone));
  } catch (const std::runtime_error&) {
    return Error(
        Code::kInvalid, "bad_mapping",
        "there is no time zone \"" + zone + "\"; say an IANA name such as Asia/Shanghai or UTC");
  }
}

std::optional<int64_t> LocalTime::ToUtc(int64_t wall_ms) {
  if (wall_ms >= begin_ms_ && wall_ms < end_ms_) return wall_ms - offset_ms_;
  const date::local_time<std::chrono::milliseconds> wall{std::chrono::milliseconds(wall_ms)};
  const date::local_info info = zone_->get_info(std::chrono::floor<std::chrono::seconds>(wall));
  if (info.result == date::local_info::nonexistent) return std::nullopt;
  offset_ms_ = info.first.offset.count() * 1'000;
  // A day from either end no other period can show the same wall time.
  begin_ms_ = Milliseconds(info.first.begin) + offset_ms_ + kDayMs;
  end_ms_ = Milliseconds(info.first.end) + offset_ms_ - kDayMs;
  return wall_ms - offset_ms_;
}

}  // namespace waypost::files

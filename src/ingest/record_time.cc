#include "ingest/record_time.h"

#include <date/tz.h>

#include "model/time_text.h"

namespace waypost::ingest {
namespace {

constexpr int64_t kHour = 3'600'000;
constexpr int64_t kFirstMs = 315'532'800'000;  // 1980-01-01

}  // namespace

int64_t WallClock::ToUtc(int64_t wall_ms) const {
  if (offset_minutes) return wall_ms - *offset_minutes * (kHour / 60);
  if (!zone) return wall_ms;
  const date::local_time<std::chrono::milliseconds> local{std::chrono::milliseconds(wall_ms)};
  const date::local_info info = zone->get_info(date::floor<std::chrono::seconds>(local));
  return wall_ms - std::chrono::milliseconds(info.first.offset).count();
}

std::optional<int64_t> ReadTime(simdjson::dom::element value, const WallClock& clock) {
  int64_t ms;
  if (!value.get_int64().get(ms)) return ms;
  std::string_view text;
  if (value.get_string().get(text)) return std::nullopt;
  const std::optional<WrittenTime> time = ParseDateTime(text);
  if (!time) return std::nullopt;
  return time->offset_minutes ? time->UtcMs() : clock.ToUtc(time->wall_ms);
}

std::optional<JudgedTime> JudgeTime(int64_t ms, int64_t now_ms, int64_t late_limit_ms) {
  if (ms < kFirstMs || ms > now_ms + 24 * kHour) return std::nullopt;
  const bool ahead = ms > now_ms + kHour;
  const bool too_late = late_limit_ms > 0 && ms < now_ms - late_limit_ms;
  return ahead || too_late ? JudgedTime{now_ms, true} : JudgedTime{ms, false};
}

}  // namespace waypost::ingest

// Calendar text to numbers, strictly: what does not exist ("2026-02-30", 24:00, a leap second) is
// no time. Years 0001 to 9999.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace waypost {

// A moment as it was written. Without an offset the writer meant some local clock.
struct WrittenTime {
  int64_t wall_ms = 0;  // what the text says, read as if it were UTC
  std::optional<int> offset_minutes;

  // The moment, when unmarked times are `unmarked_offset_minutes` ahead of UTC.
  int64_t UtcMs(int unmarked_offset_minutes = 0) const {
    return wall_ms - offset_minutes.value_or(unmarked_offset_minutes) * int64_t{60'000};
  }
};

// "YYYY-MM-DD" to days since 1970-01-01.
std::optional<int64_t> ParseDate(std::string_view text);

// ISO 8601 and what SDKs make of it: "YYYY-MM-DD", then 'T' or a space, then "HH:MM" with optional
// ":SS" and ".fff" (1 to 9 digits, cut to milliseconds), then nothing, "Z" or "+HH:MM", "+HHMM".
std::optional<WrittenTime> ParseDateTime(std::string_view text);

// The text begins like one of the two above: four digits, two, two, with '-' between, and then ends
// or goes on with 'T' or a space and a digit. Such text that does not parse is somebody's mistake.
bool LooksLikeTime(std::string_view text);

// "2026-03-02", "2026-03-02T10:00:00.000Z".
// REQUIRES: years 0001 to 9999.
std::string DateText(int64_t days);
std::string DateTimeText(int64_t utc_ms);

}  // namespace waypost

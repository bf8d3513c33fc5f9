// When a record happened: reading the time it gives, and judging it by the server's clock.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>

#include "ingest/wire_request.h"

namespace waypost::ingest {

// A clock somewhere: by its distance from UTC when that is known, else by its zone (null: UTC).
struct WallClock {
  std::optional<int> offset_minutes;
  const date::time_zone* zone = nullptr;

  // What `wall_ms`, read off this clock as if it were UTC, is in UTC. Of two possible moments
  // (clocks put back) the first.
  int64_t ToUtc(int64_t wall_ms) const;
};

// Milliseconds since the epoch: a whole number, or text as model/time_text.h reads it, on `clock`
// when it names no offset. Nothing for anything else.
std::optional<int64_t> ReadTime(simdjson::dom::element value, const WallClock& clock);

struct JudgedTime {
  int64_t ms = 0;
  bool fixed = false;  // it was not ms that came
};

// Nothing for a time before 1980 (seconds taken for milliseconds land there) or over 24 hours ahead
// of now. Over one hour ahead, or further back than late_limit_ms (0: no limit), becomes now,
// fixed.
std::optional<JudgedTime> JudgeTime(int64_t ms, int64_t now_ms, int64_t late_limit_ms);

}  // namespace waypost::ingest

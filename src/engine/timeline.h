// The events of one customer, out of a snapshot: all its timelines as one.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "column/snapshot_view.h"
#include "model/ids.h"

namespace waypost::engine {

// An event where it lies. Borrows the snapshot.
struct EventAt {
  int64_t time_ms = 0;
  Ordinal ordinal = 0;  // the timeline it came with
  const column::EventSlice* slice = nullptr;
  uint32_t row = 0;
};

// Where a page begins: after the first `skip` events of that very millisecond, newest first.
struct TimelinePlace {
  int64_t time_ms = INT64_MAX;
  uint32_t skip = 0;
  friend bool operator==(const TimelinePlace&, const TimelinePlace&) = default;
};

struct TimelinePage {
  std::vector<EventAt> events;        // newest first; of one millisecond the later arrival first
  std::optional<TimelinePlace> next;  // of the older ones, if there are any
};

// `members`: all ordinals of the customer, increasing; erased ones are left out. Only events for
// which `wanted` holds. Opens no month that is newer than `from`, nor any older than the page
// needs.
TimelinePage ReadTimeline(const column::SnapshotView& view, std::span<const Ordinal> members,
                          TimelinePlace from, size_t limit,
                          const std::function<bool(EventTypeId)>& wanted);

struct EventCount {
  uint64_t count = 0;
  int64_t first_ms = 0, last_ms = 0;
};

// By event type.
std::map<EventTypeId, EventCount> CountEvents(const column::SnapshotView& view,
                                              std::span<const Ordinal> members);

}  // namespace waypost::engine

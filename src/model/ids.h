// Small numbers that stand for things. All are dense and given out in the order of the log, so a
// replay gives the same ones.
#pragma once

#include <cstdint>

namespace waypost {

// One typed identity's own timeline. Events stay under the ordinal they came with for ever; which
// customer an ordinal belongs to is the identity graph's business (column/snapshot_view.h, roots).
using Ordinal = uint32_t;
inline constexpr uint32_t kBlockBits = 16;
inline constexpr uint32_t kBlockSize = 1u << kBlockBits;  // customers per block

// An event name of the tracking plan.
using EventTypeId = uint32_t;

// A property name of the tracking plan, or one of the columns every event has:
using PropertyId = uint32_t;
inline constexpr PropertyId kIngestTimeProperty = 1;  // datetime: when the server took it
inline constexpr PropertyId kMessageIdProperty = 2;   // string: the sender's id of the message
inline constexpr PropertyId kSourceProperty = 3;      // string: the write key's source name
inline constexpr PropertyId kLibraryProperty = 4;     // string: "name/version" of the SDK
inline constexpr PropertyId kTimeFixedProperty = 5;   // bool, true where a bad clock was clamped
inline constexpr PropertyId kFirstPlanProperty = 16;

// Position in the log: the number of records before this one.
using LogPosition = uint64_t;

}  // namespace waypost

// What one request and one record may be. All ends are inclusive. docs/collection.md says them to
// users.
#pragma once

#include <cstddef>

namespace waypost::ingest {

inline constexpr size_t kMaxBodySize = 4 << 20;       // as sent
inline constexpr size_t kMaxInflatedSize = 16 << 20;  // after gzip and base64
inline constexpr size_t kMaxRecords = 10'000;         // in one request
inline constexpr size_t kMaxJsonDepth = 32;

inline constexpr size_t kMaxRecordSize = 1 << 20;  // encoded
inline constexpr size_t kMaxProperties = 1'000;    // of one record
inline constexpr size_t kMaxNameSize = 128;        // of an event or property, bytes
inline constexpr size_t kMaxTextSize = 8 << 10;    // of a property's value or a list's item, bytes
inline constexpr size_t kMaxListSize = 1'000;      // items
inline constexpr size_t kMaxIdSize = 255;          // of an identity's value or a message id, bytes

}  // namespace waypost::ingest

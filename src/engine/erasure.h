// The record of the log that erases a customer (RecordKind::kErasure):
//   u8 version = 1 · signed time_ms · text key · text value
// It names the customer by one identity, as it came. What is erased is whoever that was when the
// record is applied; somebody with this identity later is somebody else.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace waypost::engine {

struct Erasure {
  int64_t time_ms = 0;
  std::string key, value;

  Bytes Encode() const;
  // Errors: kCorrupt.
  static Result<Erasure> Decode(std::span<const uint8_t> bytes);
};

}  // namespace waypost::engine

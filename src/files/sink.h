// Where an import puts its batches: the engine's log, or a test's list.
#pragma once

#include <functional>

#include "base/bytes.h"
#include "base/result.h"

namespace waypost::files {

// Any thread may call.
class Sink {
 public:
  virtual ~Sink() = default;
  // Hands over the payload of one batch (model/batch.h), whose header carries an import_chunk.
  // Calls `done` exactly once, on any thread, also before it returns: with success when the batch
  // is durable, with the error when it is not. Order between batches does not matter.
  virtual void Append(Bytes payload, std::function<void(Result<>)> done) = 0;
};

}  // namespace waypost::files

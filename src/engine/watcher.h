// Hears which customers something happened to, as records are applied: what follows customers one
// by one looks only at those.
#pragma once

#include "model/ids.h"

namespace waypost::engine {

// Calls are made by the applier with the applied state held still: they must be short. While a
// folder is opened none are made.
class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void OnEvent(Ordinal customer, EventTypeId event) = 0;
  virtual void OnAttributes(Ordinal customer) = 0;
  // The ordinal may be another customer's now.
  virtual void OnIdentity(Ordinal ordinal) = 0;
};

}  // namespace waypost::engine

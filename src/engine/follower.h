// A view that is more than a function of what was collected: it decides, and its decisions are
// records of the same log. Journeys are one.
//
// Its state is kept with each flush, as of the same position. When a folder is opened it is given
// that state, then every decision in the log since, and then the events since, of which it must
// decide only those that no decision was made about.
#pragma once

#include <span>

#include "base/bytes.h"
#include "base/result.h"
#include "model/batch.h"
#include "model/ids.h"

namespace waypost::engine {

class Applier;

// All calls are made with the applied state held still (Engine::Look), but for those while a folder
// is opened.
class Follower {
 public:
  virtual ~Follower() = default;
  // First of all: what is applied, to look at in any call but Restore.
  virtual void Attach(const Applier& applied) = 0;
  // What Encode gave. Another thread reads what is applied meanwhile. Errors: kCorrupt.
  virtual Result<> Restore(std::span<const uint8_t> state) = 0;
  // A record of decisions; it may have been given before, or be the follower's own. Errors:
  // kCorrupt.
  virtual Result<> OnDecisions(std::span<const uint8_t> record) = 0;
  // An event that counts, of the record at `position`; views borrow for the call.
  virtual void OnEvent(LogPosition position, const BatchReader& batch, const ItemView& item,
                       Ordinal customer) = 0;
  // Attributes that were set or removed; likewise.
  virtual void OnProfile(LogPosition position, const BatchReader& batch, const ItemView& item,
                         Ordinal customer) = 0;
  // The ordinal's customer has other members than before the record at `position`, of that time;
  // an ordinal may come more than once.
  virtual void OnIdentity(LogPosition position, int64_t time_ms, Ordinal ordinal) = 0;
  virtual Bytes Encode() const = 0;
};

}  // namespace waypost::engine

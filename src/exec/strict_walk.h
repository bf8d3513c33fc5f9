// Finds the few events that matter to a funnel in strict order, along the timelines of a block.
//
// The k-th code of a slice in a customer's timeline is the customer's k-th row of the slice, so the
// event after any other is at hand without sorting, and of all of a customer's events only the
// entries and what follows each of them (within its session) are read.
#pragma once

#include <vector>

#include "exec/customers.h"
#include "exec/funnel_units.h"

namespace waypost::exec {

// Over one block. Belongs to one thread.
class StrictWalk {
 public:
  // Borrows everything; `splitter` says what is of one session.
  StrictWalk(const BoundBlock& block, const MatchRules& rules, UnitSplitter* splitter);

  static bool Suits(const FunnelSpec& spec);

  // Replaces `hits` by each entry and the events after it as far as they go on as the steps do, and
  // the first that does not: strict matching sees no more than these. False when it cannot say: the
  // customer's events of one month are in several parts, or a part has over 256 event types.
  // REQUIRES: one place, in this block.
  bool Gather(const Customer& customer, std::vector<Hit>* hits);

 private:
  struct PartWalk {
    const column::EventBlock* part;
    std::vector<const BoundSlice*> by_code;  // null: not an event of the question
    std::vector<uint8_t> entries;            // codes that may be step 0
  };
  // A customer's timeline in one part.
  struct Stretch {
    const PartWalk* walk;
    const uint8_t* codes;
    uint32_t size;
  };
  struct Spot {
    uint32_t stretch, index;
    friend auto operator<=>(const Spot&, const Spot&) = default;
  };
  struct Found {
    Spot spot;
    Hit hit;
  };

  bool FindStretches(uint32_t local);
  void Follow(Spot spot, const CustomerRow& row);
  // The event there; false when it is none of the question's.
  bool HitAt(Spot spot, const CustomerRow& row, Hit* hit) const;

  const MatchRules& rules_;
  UnitSplitter* splitter_;
  bool by_session_;
  bool wide_ = false;
  std::vector<PartWalk> parts_;
  std::vector<Stretch> stretches_;
  std::vector<Found> found_;
};

}  // namespace waypost::exec

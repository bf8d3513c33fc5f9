// Finds the few events that matter to a funnel in strict order, along the timelines of a block.
//
// The k-th code of a slice in a customer's timeline is the customer's k-th row of the slice, so the
// event after any other is at hand without sorting, and of all of a customer's events only the
// entries and what follows each of them (within its session) are read. These lie far apart in
// memory, so what some thousand neighbours need is asked of it at once, part by part, before any of
// it is read.
#pragma once

#include <array>
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

  // What was found of a customer. kNothing: it is to be found in another way, since the customer's
  // events of one month are in several parts, or a part has over 256 event types.
  enum class Found : uint8_t { kNothing, kOneSession, kSessions };
  // Calls visit(local, found) for each customer of `bits`, in order, with each entry and the events
  // after it as far as they go on as the steps do, and the first that does not, in `hits`: strict
  // matching sees no more than these.
  template <typename Visit>
  void Run(const BlockBits& bits, std::vector<Hit>* hits, Visit visit) {
    for (uint32_t first = 0; first < bits.size(); first += kWordsAtOnce) {
      LookAhead(first, bits);
      for (uint32_t w = first; w < first + kWordsAtOnce; ++w) {
        for (uint64_t left = bits[w]; left; left &= left - 1) {
          const uint32_t local = w * 64 + static_cast<uint32_t>(std::countr_zero(left));
          visit(local, Gather(local, hits));
        }
      }
    }
  }

 private:
  static constexpr uint32_t kWordsAtOnce = 32;  // of 64 customers

  // A customer's timeline in one part.
  struct Stretch {
    uint32_t local = 0, size = 0;
    const uint8_t* codes = nullptr;
  };
  // A place on a customer's timeline; one behind the last part is the end.
  struct Spot {
    uint32_t part, index;
    friend auto operator<=>(const Spot&, const Spot&) = default;
  };
  struct Event {
    uint32_t local;
    Spot spot;
    const BoundSlice* slice;  // null: none of the question's events
    uint32_t row;
  };
  struct Entries {
    const BoundSlice* slice;
    uint8_t code;
    uint32_t cursor = 0;
  };
  struct PartWalk {
    const column::EventBlock* part;
    std::vector<const BoundSlice*> by_code;  // null: not an event of the question
    std::vector<Entries> entries;            // slices that may be step 0
    uint32_t cursor = 0;
    // Of those in hand: each entry and the events after it, one for each step.
    std::vector<Event> ahead;
    size_t next = 0;
  };
  struct Placed {
    Spot spot;
    Hit hit;
  };

  void LookAhead(uint32_t first, const BlockBits& bits);
  uint64_t Tangled(uint32_t w);
  // The timelines of those who have entries in the part.
  void FindStretches(PartWalk* walk, uint32_t first, const BlockBits& bits);
  void FindEntries(uint32_t part, const Stretch& stretch);
  void Prefetch(const Event& event) const;
  Found Gather(uint32_t local, std::vector<Hit>* hits);
  void Follow(const Event* ahead);
  Stretch StretchOf(uint32_t local, uint32_t part) const;
  void Advance(Spot* spot, Stretch* stretch) const;
  bool AtEnd(const Spot& spot) const { return spot.part == part_count_; }
  Event EventAt(const Spot& spot, const Stretch& stretch) const;
  // False when it is none of the question's.
  bool Read(const Event& event, Hit* hit) const;

  const MatchRules& rules_;
  UnitSplitter* splitter_;
  bool by_session_;
  bool wide_ = false;
  bool shared_months_ = false;  // some month has several parts
  CustomerRow row_;
  std::vector<PartWalk> parts_;
  uint32_t part_count_ = 0;
  std::vector<Stretch> stretches_;
  std::array<uint64_t, kWordsAtOnce> tangled_{};  // whose events of one month are in several parts

  // Of the customer in hand.
  std::vector<Placed> placed_;
  UnitSplitter::Key session_;  // of the first placed
  bool one_session_ = true;
};

}  // namespace waypost::exec

// Finds the pairs of one customer when every step of an ordered funnel holds one and the same
// property.
//
// Most pairs never come to step 1, and of those nothing matters but the first event of step 0. So
// the rows of step 1 say first which pairs are worth more; then a pair costs one look-up a row, and
// only the events of the few that are left are put in order and matched.
#pragma once

#include <vector>

#include "exec/customers.h"
#include "exec/funnel_units.h"
#include "exec/pair_table.h"

namespace waypost::exec {

// Belongs to one thread.
class PairWalk {
 public:
  // Borrows both.
  PairWalk(const MatchRules& rules, UnitSplitter* splitter) : rules_(rules), splitter_(splitter) {}

  static bool Suits(const FunnelSpec& spec);

  // Finds the pairs of the customer, anew. False when it cannot say: several slices of one month
  // have rows of step 0. REQUIRES: one place, in the block pass.
  bool Walk(const Customer& customer);

  // An event of step 0.
  struct Begun {
    const BoundSlice* slice;
    uint32_t row;
    Hit hit() const { return {slice->TimeMs(row), 1, slice, row}; }
  };
  // Of each pair without an event of step 1: its first event of step 0 within the entry range.
  const std::vector<Begun>& begun() const { return begun_; }
  // Calls visit(hits) for each pair with one: its events in the funnel's order.
  template <typename Visit>
  void ForEachFurther(Visit visit) {
    for (size_t i = 0; i < placed_.size();) {
      hits_.clear();
      for (const uint32_t pair = placed_[i].pair; i < placed_.size() && placed_[i].pair == pair;
           ++i)
        hits_.push_back(placed_[i].hit);
      visit(std::span<const Hit>(hits_));
    }
  }

 private:
  static constexpr uint32_t kOnlyBegun = PairTable::kNew - 1;
  struct Placed {
    uint32_t pair;
    Hit hit;
  };

  template <typename Visit>
  void ForEachHeld(const SliceRows& there, const CustomerRow& row, uint64_t roles, Visit visit);
  void FindFurther(std::span<const SliceRows> all, const CustomerRow& row);
  void Place(std::span<const SliceRows> all, const CustomerRow& row, bool begins);

  const MatchRules& rules_;
  UnitSplitter* splitter_;
  PairTable table_;
  uint32_t further_count_ = 0;
  std::vector<Placed> placed_;  // of pairs with an event of step 1
  std::vector<Begun> begun_;
  std::vector<Hit> hits_;
};

}  // namespace waypost::exec

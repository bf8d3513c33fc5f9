// Finds the pairs of 64 neighbouring customers at once, a slice at a time, when every step of an
// ordered funnel holds one and the same property and its values are whole numbers near each other.
//
// A bit for each customer and value says whether the pair was met, so a row costs a few
// instructions and no branch. As with PairWalk the rows of step 1 come first: of all other pairs
// nothing matters but the first event of step 0.
//
//   PairSweep sweep(block, rules);
//   for (...; sweep.able() && ...) {
//     sweep.MoveTo(w, wanted);
//     for (const PairSweep::Walk& walk : sweep.walks()) ... walk.begun() ...
//     sweep.ForEachFurther(bit, [](std::span<const Hit> hits) { ... });
//   }
#pragma once

#include <array>
#include <vector>

#include "exec/customers.h"
#include "exec/funnel_match.h"

namespace waypost::exec {

// Over one block. Belongs to one thread.
class PairSweep {
 public:
  static constexpr uint32_t kMaxValues = 8192;  // 64 KiB for a bit each of 64 customers

  // Borrows both. REQUIRES: PairWalk::Suits(*rules.spec).
  PairSweep(const BoundBlock& block, const MatchRules& rules);

  // False when the values are others, or several slices of one month have rows of step 0.
  bool able() const { return able_; }

  struct Begun {
    uint32_t row, bit;  // whose of the 64
  };
  // A slice with rows of any step, and its rows in hand.
  struct Walk {
    const BoundSlice* slice;
    const column::Column* held;
    bool plain;  // every row plays the same, and may begin if it is step 0
    uint32_t cursor = 0;
    column::RowRange rows;
    std::vector<uint8_t> bits;    // of each row: whose it is
    std::vector<uint64_t> roles;  // of each row, unless all are plain: the steps it plays
    // Of each pair without an event of step 1: its first event of step 0 within the entry range.
    std::span<const Begun> begun() const { return std::span(found).first(found_count); }
    std::vector<Begun> found;  // more than there are
    size_t found_count = 0;
  };

  // To customers [64w, 64w + 64), of which only `wanted` matter. REQUIRES: able(), and w increases.
  void MoveTo(uint32_t w, uint64_t wanted);
  std::span<const Walk> walks() const { return walks_; }
  // Those who have pairs with an event of step 1.
  uint64_t further() const { return further_; }
  // Calls visit(hits) for each such pair of one of them: its events in the funnel's order.
  template <typename Visit>
  void ForEachFurther(uint32_t bit, Visit visit) {
    Collect(bit);
    for (size_t i = 0; i < placed_.size();) {
      hits_.clear();
      for (const uint32_t value = placed_[i].value; i < placed_.size() && placed_[i].value == value;
           ++i)
        hits_.push_back(placed_[i].hit);
      visit(std::span<const Hit>(hits_));
    }
  }

 private:
  // A row of a pair with an event of step 1.
  struct Met {
    const BoundSlice* slice;
    uint64_t mask;
    uint32_t row;
    uint16_t value;
    uint8_t bit;
  };
  struct Placed {
    uint32_t value;
    Hit hit;
  };

  void Add(const BoundSlice& slice);
  bool FindValues();
  void FindRows(uint32_t w, Walk* walk);
  void FindRoles(Walk* walk) const;
  void MarkFurther(const Walk& walk);
  template <bool kPlain>
  void Meet(Walk* walk);
  void Deal();
  void Collect(uint32_t bit);

  const MatchRules& rules_;
  const BoundBlock& block_;
  bool able_ = true;
  std::vector<Walk> walks_;
  int64_t least_ = 0;    // value
  uint32_t stride_ = 0;  // words of a customer

  // Of the customers in hand.
  uint32_t first_ = 0;
  uint64_t wanted_ = 0, further_ = 0;
  std::vector<uint64_t> marked_, begun_;  // pairs with an event of step 1, and others met
  std::vector<uint32_t> marked_words_, begun_words_;  // which are not 0; of the latter more
  size_t begun_count_ = 0;
  std::vector<Met> met_, dealt_;  // by slice, more than there are; by customer
  size_t met_count_ = 0;
  std::array<uint32_t, 65> ends_{};  // of each customer's, in dealt_
  std::vector<Placed> placed_;       // of one customer
  std::vector<Hit> hits_;            // of one pair
};

}  // namespace waypost::exec

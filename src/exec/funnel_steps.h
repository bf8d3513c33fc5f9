// Follows customers through the steps of an ordered funnel, month by month, 64 neighbours at once.
//
// No rows are put in order. Each step's rows lie in time order, and a step asks the one before it
// only what was met until its own next row; so of a customer's many rows of step 0 only the last
// before each row of step 1 is looked at, and who is through in January is not looked up in
// February.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "exec/customers.h"
#include "exec/funnel_match.h"

namespace waypost::exec {

class LateBreaks;

// Over one block. Belongs to one thread.
class StepWalk {
 public:
  // Borrows all three. With `late`, exclusions are asked of it. Without `chains` nobody's hits are
  // given. REQUIRES: Suits(block, rules).
  StepWalk(const BoundBlock& block, const MatchRules& rules, LateBreaks* late, bool chains);

  // Is every row at most one step, and none that is a step an exclusion too?
  static bool Suits(const BoundBlock& block, const MatchRules& rules);

  // Calls visit(local, reached, hits) for each customer of `bits` that began, in order. `hits` are
  // the first event of step 0, then the events that were steps 0..reached-1 of the furthest chain,
  // the earliest such; they are valid until visit returns.
  template <typename Visit>
  void Run(const BlockBits& bits, Visit visit) {
    for (uint32_t w = 0; w < bits.size(); ++w) {
      if (!bits[w]) continue;
      Follow(w, bits[w]);
      for (uint64_t left = begun_; left; left &= left - 1) {
        const auto bit = static_cast<uint32_t>(std::countr_zero(left));
        visit(w * 64 + bit, lanes_[bit].reached, Hits(bit));
      }
    }
  }

 private:
  struct Source {
    const BoundSlice* slice;
    uint32_t step;
    uint32_t cursor;
    bool all;  // every row is the step
  };
  struct Month {
    int64_t base_ms;
    std::vector<Source> sources;
  };
  // Rows [at, end) of one slice that are left of a customer's month.
  struct Rows {
    const BoundSlice* slice;
    uint32_t at, end;
    bool all;
    uint32_t time() const { return slice->slice->times[at]; }
  };
  // An event that was a step; and the one that was the step before it, at mets_.
  struct Met {
    const BoundSlice* slice;
    uint32_t row;
    uint32_t before;
  };
  // The newest chain that ends in a step.
  struct Chain {
    int64_t last_ms, deadline_ms;
    Met end;
  };
  struct Lane {
    uint32_t reached;
    uint32_t live;    // bit per step with a chain
    Met first, best;  // the first event of step 0, the end of the furthest chain
  };

  void Follow(uint32_t w, uint64_t wanted);
  // The rows of the wanted customers to rows_; returns who can come further by them.
  uint64_t Gather(Month* month, uint32_t w, uint64_t wanted);
  void FollowMonth(uint32_t bit);
  // Takes the step's rows until then, included.
  void Advance(uint32_t step, uint32_t until);
  Rows* Next(uint32_t step);
  bool Plays(const Rows& rows, uint32_t step) const;
  void Begin(const Rows& rows);
  void Extend(uint32_t step, const Rows& rows);
  void Reach(uint32_t step, const Chain& chain);
  std::span<const Hit> Hits(uint32_t bit);  // none without chains

  const MatchRules& rules_;
  LateBreaks* const late_;
  const bool keeps_chains_;
  const uint32_t steps_;
  std::vector<Month> months_;
  uint32_t per_step_ = 1;  // the most sources a step has in a month

  std::vector<Rows> rows_;           // [lane][step][per_step_]
  std::vector<uint32_t> row_count_;  // [lane][step]
  std::vector<Chain> chains_;        // [lane][step]
  std::vector<Met> mets_;            // that a chain went on from
  std::array<Lane, 64> lanes_;
  uint64_t begun_ = 0;
  std::vector<Hit> hits_;

  // Of the customer in hand.
  int64_t base_ms_ = 0;
  CustomerRow row_;
  Lane* lane_ = nullptr;
  Rows* lane_rows_ = nullptr;
  uint32_t* lane_counts_ = nullptr;
  Chain* lane_chains_ = nullptr;
};

}  // namespace waypost::exec

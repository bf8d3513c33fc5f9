// Runs the parts of a rule on sets of customers: what is behind exec/selection.h.
#pragma once

#include <vector>

#include "exec/customers.h"
#include "exec/selection.h"

namespace waypost::exec {

// Its sets have a bit for each customer of its blocks: of all of them from 0, or of one. Borrows
// the snapshot. Any thread may run rules, of which each must outlive its run.
class Selector {
 public:
  Selector(const column::SnapshotView& snapshot, unsigned threads);
  // Of one block's customers, only those `among`. `given`: what kGiven asks about; may be null.
  Selector(const column::SnapshotView& snapshot, uint32_t block, const BlockBits& among,
           const column::EventSlice* given);

  const column::SnapshotView& snapshot() const { return snapshot_; }
  unsigned threads() const { return threads_; }
  uint32_t first() const { return first_; }  // the ordinal of the first bit
  size_t size() const { return everyone_.size() * 64; }
  const CustomerBits& everyone() const { return everyone_; }
  bool HasCustomer(uint32_t ordinal) const { return Has(everyone_, ordinal); }
  // Of any block: of one that the sets do not reach, nobody.
  BlockBits EveryoneIn(uint32_t block) const;
  // Calls visit(ordinal) for each in a set.
  template <typename Visit>
  void ForEach(const CustomerBits& bits, Visit visit) const {
    for (size_t w = 0; w < bits.size(); ++w) {
      for (uint64_t left = bits[w]; left; left &= left - 1)
        visit(first_ + static_cast<uint32_t>(w * 64) +
              static_cast<uint32_t>(std::countr_zero(left)));
    }
  }

  // Those of `among` that the rule selects.
  CustomerBits Run(const Rule& rule, const CustomerBits& among) const;
  // A customer and when a rolling range takes in or lets go one of his events.
  struct Turn {
    uint32_t customer = 0;
    int64_t at_ms = 0;
  };
  // Appends, for each customer of everyone() and each rolling range of the rule, the first such
  // moment after `base_ms`, which the rule was made for, if there is one. One thread.
  void FindChanges(const Rule& rule, int64_t base_ms, std::vector<Turn>* turns) const;

 private:
  CustomerBits RunChain(const Rule& rule, const CustomerBits& among) const;
  CustomerBits RunAttributes(const Rule& rule, const CustomerBits& among) const;
  CustomerBits RunDid(const Rule& rule, const CustomerBits& among) const;
  CustomerBits RunEdge(const Rule& rule, const CustomerBits& among) const;
  CustomerBits RunSequence(const Rule& rule, const CustomerBits& among) const;
  CustomerBits RunRank(const Rule& rule) const;
  CustomerBits RunSample(const Rule& rule, const CustomerBits& among) const;
  CustomerBits RunGiven(const Rule& rule, const CustomerBits& among) const;

  template <typename State, typename Judge>
  CustomerBits RunEvents(const Binding& binding, const CustomerBits& among, State prototype,
                         Judge judge, CustomerBits* seen = nullptr) const;

  struct Ranked {
    long double value;
    uint32_t ordinal;
  };
  std::vector<Ranked> ByAttribute(const Rule& rule) const;
  std::vector<Ranked> ByMeasure(const Rule& rule) const;

  CustomerBits Empty() const { return CustomerBits(everyone_.size()); }
  bool Has(const CustomerBits& bits, uint32_t ordinal) const {
    const uint32_t at = ordinal - first_;
    return at / 64 < bits.size() && (bits[at / 64] >> (at % 64) & 1);
  }
  void Set(CustomerBits* bits, uint32_t ordinal) const {
    const uint32_t at = ordinal - first_;
    (*bits)[at / 64] |= 1ull << (at % 64);
  }

  const column::SnapshotView& snapshot_;
  const unsigned threads_;
  const uint32_t first_;  // ordinal of the first bit
  const column::EventSlice* const given_ = nullptr;
  const bool near_ = false;  // of one block's customers only
  CustomerBits everyone_;
};

// The rows of events that the rule's leaves may read when each looks at everyone. Costs binding
// them.
uint64_t RowsToRead(const Rule& rule, const column::SnapshotView& snapshot);

// a ∩ b, a ∪ b, a without b. REQUIRES: of one size.
CustomerBits And(CustomerBits a, const CustomerBits& b);
CustomerBits Or(CustomerBits a, const CustomerBits& b);
CustomerBits Without(CustomerBits a, const CustomerBits& b);

}  // namespace waypost::exec

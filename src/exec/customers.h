// Visits the customers of a snapshot, in pieces that threads can share.
//
// Most customers are one ordinal: they are visited block by block, straight over the block's
// slices. Customers of several ordinals (clusters) are visited afterwards, each with all its
// places. Erased ordinals are left out everywhere.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "exec/binding.h"
#include "exec/parallel.h"

namespace waypost::exec {

// A bit per customer of a block.
using BlockBits = std::array<uint64_t, column::PersonIndex::kWords>;

// A customer's rows in one slice.
struct SliceRows {
  const BoundSlice* slice = nullptr;
  column::RowRange rows;
};

// The rows of 64 neighbouring customers, found slice by slice, so that a walk over many customers
// of a block searches for none of them and sees of each only the slices that have any of its rows.
class NearRows {
 public:
  // The slices of `block` that may play one of `roles`; 0 means any slice.
  NearRows(const BoundBlock& block, uint64_t roles);

  // To customers [64w, 64w + 64), of which only `wanted` matter. REQUIRES: w does not decrease.
  void MoveTo(uint32_t w, uint64_t wanted);

  // The wanted customer's rows within the time asked for, by part, then event type; none is empty.
  // Valid until the next move.
  std::span<const SliceRows> Of(uint32_t local) const {
    return {&rows_[(local & 63) * walks_.size()], counts_[local & 63]};
  }

 private:
  struct Walk {
    const BoundSlice* slice;
    uint32_t cursor;
  };
  std::vector<Walk> walks_;
  std::vector<SliceRows> rows_;  // room for each slice of each customer
  std::array<uint32_t, 64> counts_{};
};

// Where rows of a customer are.
struct Place {
  const BoundBlock* block = nullptr;
  uint32_t local = 0;
  const NearRows* near = nullptr;  // in the block pass

  // Calls visit(slice, rows) for each slice with rows of the customer, by part, then event type.
  template <typename Visit>
  void ForEachRows(Visit visit) const {
    if (near) {
      for (const SliceRows& there : near->Of(local)) visit(*there.slice, there.rows);
      return;
    }
    for (const BoundSlice& slice : block->slices) {
      const column::RowRange rows = slice.Rows(local);
      if (!rows.empty()) visit(slice, rows);
    }
  }
};

// One customer in hand.
struct Customer {
  uint32_t ordinal = 0;              // the root of a cluster
  std::span<const Place> places;     // at least one
  const BoundBlock* home = nullptr;  // the block of `ordinal`, for attributes
  CustomerRow row;
};

// The customers of a block that are visited in the block pass; those of a word of 64 of them.
uint64_t PlainWord(const column::SnapshotView& snapshot, uint32_t block, size_t w);
void PlainCustomers(const column::SnapshotView& snapshot, uint32_t block, BlockBits* bits);

// All customers of a block: those of the block pass, and the roots of clusters of which somebody
// remains.
void CustomersOf(const column::SnapshotView& snapshot, uint32_t block, BlockBits* bits);

// ORs together who has rows in the slices that may play one of `roles`. 0 means any slice. When the
// population is but a set of customers, only those of them.
void PresentCustomers(const BoundBlock& block, uint64_t roles, BlockBits* bits);

// Leaves only customers of the population.
void KeepPopulation(const Binding& binding, const BoundBlock& block, BlockBits* bits);

inline void Intersect(BlockBits* into, const BlockBits& with) {
  for (size_t w = 0; w < into->size(); ++w) (*into)[w] &= with[w];
}

// Calls visit(Customer) for each customer in `bits` that belongs to the population, in order. Their
// places have the rows that may play one of `roles`; 0 means all rows.
template <typename Visit>
void VisitPlain(const Binding& binding, const BoundBlock& block, const BlockBits& bits,
                uint64_t roles, Visit visit) {
  const Predicate& who = binding.spec().population.who;
  NearRows near(block, roles);
  Place place{&block, 0, &near};
  Customer customer{0, {&place, 1}, &block, block.Customer(0)};
  for (uint32_t w = 0; w < bits.size(); ++w) {
    if (!bits[w]) continue;
    near.MoveTo(w, bits[w]);
    for (uint64_t left = bits[w]; left; left &= left - 1) {
      place.local = w * 64 + static_cast<uint32_t>(std::countr_zero(left));
      customer.ordinal = block.view->block << 16 | place.local;
      customer.row.local = place.local;
      if (who.always() || TestCustomer(who, customer.row)) visit(customer);
    }
  }
}

// Calls visit(Customer) for clusters [begin, end) that belong to the population.
template <typename Visit>
void VisitClusters(const Binding& binding, size_t begin, size_t end, Visit visit) {
  const column::SnapshotView& snapshot = binding.snapshot();
  const Predicate& who = binding.spec().population.who;
  // A root without a block of its own has no attributes: every condition sees NULL.
  BoundBlock nowhere;
  const auto bind_nowhere = [&](uint32_t block_number) {
    nowhere.conditions.clear();
    for (const Condition& c : binding.spec().population.conditions)
      nowhere.conditions.emplace_back(c, nullptr, block_number);
  };
  nowhere.attributes.assign(binding.spec().attributes.size(), nullptr);
  std::vector<Place> places;
  for (size_t c = begin; c < end; ++c) {
    const column::Cluster cluster = snapshot.clusters[c];
    places.clear();
    for (const uint32_t member : cluster.members) {
      const BoundBlock* block =
          snapshot.IsErased(member) ? nullptr : binding.FindBlock(member >> 16);
      if (block) places.push_back({block, member & 0xFFFF, nullptr});
    }
    if (places.empty()) continue;
    const BoundBlock* home = binding.FindBlock(cluster.root >> 16);
    if (!home) {
      bind_nowhere(cluster.root >> 16);
      home = &nowhere;
    }
    const Customer customer{cluster.root, places, home, home->Customer(cluster.root & 0xFFFF)};
    if (who.always() || TestCustomer(who, customer.row)) visit(customer);
  }
}

// Runs `block_pass(&state, block)` for every block and `cluster_pass(&state, begin, end)` for every
// run of clusters, each on a state of its own from `make()`, and gives the states in that order:
// merging them one after the other is the same on any number of threads. What the thread's Limit
// left out has a state as it was made.
template <typename Make, typename BlockPass, typename ClusterPass>
auto RunOverCustomers(const Binding& binding, unsigned threads, Make make, BlockPass block_pass,
                      ClusterPass cluster_pass) {
  constexpr size_t kClustersAtOnce = 1024;
  const size_t blocks = binding.blocks().size();
  const size_t clusters = binding.snapshot().clusters.size();
  std::vector<decltype(make())> states(blocks + (clusters + kClustersAtOnce - 1) / kClustersAtOnce);
  ParallelWithinLimit(states.size(), threads, [&](size_t task) {
    states[task] = make();
    if (task < blocks) {
      block_pass(&*states[task], binding.blocks()[task]);
    } else {
      const size_t begin = (task - blocks) * kClustersAtOnce;
      cluster_pass(&*states[task], begin, std::min(begin + kClustersAtOnce, clusters));
    }
  });
  for (auto& state : states) {
    if (!state) state = make();
  }
  return states;
}

}  // namespace waypost::exec

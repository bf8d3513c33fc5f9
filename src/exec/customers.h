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

// Where rows of a customer are.
struct Place {
  const BoundBlock* block = nullptr;
  uint32_t local = 0;
};

// One customer in hand.
struct Customer {
  uint32_t ordinal = 0;              // the root of a cluster
  std::span<const Place> places;     // at least one
  const BoundBlock* home = nullptr;  // the block of `ordinal`, for attributes
  CustomerRow row;
};

// The customers of a block that are visited in the block pass.
void PlainCustomers(const column::SnapshotView& snapshot, uint32_t block, BlockBits* bits);

// ORs together who has rows in the slices that may play one of `roles`. 0 means any slice.
void PresentCustomers(const BoundBlock& block, uint64_t roles, BlockBits* bits);

inline void Intersect(BlockBits* into, const BlockBits& with) {
  for (size_t w = 0; w < into->size(); ++w) (*into)[w] &= with[w];
}

// Calls visit(Customer) for each customer in `bits` that belongs to the population, in order.
template <typename Visit>
void VisitPlain(const Binding& binding, const BoundBlock& block, const BlockBits& bits,
                Visit visit) {
  const Predicate& who = binding.spec().population.who;
  Place place{&block, 0};
  Customer customer{0, {&place, 1}, &block, {&block.conditions, 0}};
  for (uint32_t w = 0; w < bits.size(); ++w) {
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
  const auto erased = [&](uint32_t ordinal) {
    return !snapshot.erased.empty() && (snapshot.erased[ordinal >> 6] >> (ordinal & 63) & 1);
  };
  const Predicate& who = binding.spec().population.who;
  // A root without a block of its own has no attributes: every condition sees NULL.
  BoundBlock nowhere;
  for (const Condition& c : binding.spec().population.conditions)
    nowhere.conditions.emplace_back(c, nullptr);
  nowhere.attributes.assign(binding.spec().attributes.size(), nullptr);
  std::vector<Place> places;
  for (size_t c = begin; c < end; ++c) {
    const column::Cluster cluster = snapshot.clusters[c];
    places.clear();
    for (const uint32_t member : cluster.members) {
      const BoundBlock* block = erased(member) ? nullptr : binding.FindBlock(member >> 16);
      if (block) places.push_back({block, member & 0xFFFF});
    }
    if (places.empty()) continue;
    const BoundBlock* home = binding.FindBlock(cluster.root >> 16);
    if (!home) home = &nowhere;
    const Customer customer{cluster.root, places, home, home->Customer(cluster.root & 0xFFFF)};
    if (who.always() || TestCustomer(who, customer.row)) visit(customer);
  }
}

// Runs `block_pass(&state, block)` for every block and `cluster_pass(&state, begin, end)` for every
// run of clusters, each on a state of its own from `make()`, and gives the states in that order:
// merging them one after the other is the same on any number of threads.
template <typename Make, typename BlockPass, typename ClusterPass>
auto RunOverCustomers(const Binding& binding, unsigned threads, Make make, BlockPass block_pass,
                      ClusterPass cluster_pass) {
  constexpr size_t kClustersAtOnce = 1024;
  const size_t blocks = binding.blocks().size();
  const size_t clusters = binding.snapshot().clusters.size();
  std::vector<decltype(make())> states(blocks + (clusters + kClustersAtOnce - 1) / kClustersAtOnce);
  ParallelFor(states.size(), threads, [&](size_t task) {
    states[task] = make();
    if (task < blocks) {
      block_pass(&*states[task], binding.blocks()[task]);
    } else {
      const size_t begin = (task - blocks) * kClustersAtOnce;
      cluster_pass(&*states[task], begin, std::min(begin + kClustersAtOnce, clusters));
    }
  });
  return states;
}

}  // namespace waypost::exec

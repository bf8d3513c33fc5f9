// How customers are spread over the values of a field: an attribute, or what is known of them
// elsewhere (tags).
//
//   const ValueCounts counts = CountValues(field, who, snapshot, threads);
//   counts.of == {{"gold", 12}, {"silver", 40}}, counts.known == 52
//
// The same field, customers and snapshot give the same counts on any number of threads.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "column/customer_columns.h"
#include "column/snapshot_view.h"
#include "exec/group_keys.h"
#include "exec/selection.h"

namespace waypost::exec {

struct Field {
  uint32_t property = 0;                                  // an attribute
  std::shared_ptr<const column::CustomerColumns> values;  // instead, when there are any
  // Increasing: a number stands for the whole number i of edges at or below it, NaN for NULL.
  // Empty: each number is a value of its own.
  std::vector<double> edges;
};

struct ValueCounts {
  std::map<GroupValue, uint64_t> of;  // a list counts for each of its different items
  uint64_t known = 0;                 // who have a value at all
  bool too_many = false;              // different numbers: then the rest is not told
};

// Customers of `who` by their value. Costs a look at each of them: a nanosecond for a value of at
// most 12 bits, some ten for others.
ValueCounts CountValues(const Field& field, const CustomerBits& who,
                        const column::SnapshotView& snapshot, unsigned threads,
                        size_t most_numbers);

// The numbers that customers of `who` have, in no order.
std::vector<double> NumbersOf(const Field& field, const CustomerBits& who,
                              const column::SnapshotView& snapshot, unsigned threads);

// Customers by two values, either of which may be NULL. REQUIRES: neither is a list.
std::map<std::pair<GroupValue, GroupValue>, uint64_t> CountPairs(
    const Field& a, const Field& b, const CustomerBits& who, const column::SnapshotView& snapshot,
    unsigned threads);

}  // namespace waypost::exec

// Counts by group, of 64 neighbouring customers at once, the pairs that PairSweep found to have
// come to step 0 only.
#pragma once

#include <vector>

#include "exec/funnel_cells.h"
#include "exec/group_keys.h"
#include "exec/pair_sweep.h"

namespace waypost::exec {

// Belongs to one thread.
class BegunGroups {
 public:
  // Counts what `sweep` has in hand for its groups and for everyone, but leaves the customers that
  // are further to be seen again.
  void Count(const PairSweep& sweep, uint32_t steps, Customer customer, GroupKeys* keys,
             FunnelCells* everyone, std::vector<FunnelCells>* groups);
  // Counts one of those for the groups they began in. To be called before the further pairs.
  void See(uint32_t steps, uint32_t ordinal, FunnelCells* everyone,
           std::vector<FunnelCells>* groups);

 private:
  // REQUIRES: group < who_.size()
  void Add(uint32_t group, uint32_t bit) {
    if (!who_[group]) met_.push_back(group);
    who_[group] |= 1ull << bit;
    ++units_[group];
  }
  void AddSlice(const PairSweep::Walk& walk, Customer customer, GroupKeys* keys);

  uint64_t everyone_ = 0;        // a bit per customer
  std::vector<uint64_t> who_;    // by group
  std::vector<uint32_t> units_;  // by group
  std::vector<uint32_t> met_;    // groups
  std::vector<uint32_t> found_;
};

}  // namespace waypost::exec

#include "exec/begun_groups.h"

namespace waypost::exec {

void BegunGroups::Count(const PairSweep& sweep, uint32_t steps, Customer customer, GroupKeys* keys,
                        FunnelCells* everyone, std::vector<FunnelCells>* groups) {
  for (const uint32_t group : met_) who_[group] = units_[group] = 0;
  met_.clear();
  everyone_ = 0;
  uint64_t units = 0;
  for (const PairSweep::Walk& walk : sweep.walks()) {
    units += walk.begun().size();
    for (const PairSweep::Begun& begun : walk.begun()) everyone_ |= 1ull << begun.bit;
    if (!keys->trivial()) AddSlice(walk, customer, keys);
  }
  everyone->all.AddBegun(steps, units, column::CountBits(everyone_ & ~sweep.further()));
  for (const uint32_t group : met_) {
    if (group >= groups->size()) groups->resize(group + 1);
    (*groups)[group].all.AddBegun(steps, units_[group],
                                  column::CountBits(who_[group] & ~sweep.further()));
  }
}

void BegunGroups::AddSlice(const PairSweep::Walk& walk, Customer customer, GroupKeys* keys) {
  const BoundSlice& slice = *walk.slice;
  const uint32_t first = customer.row.local;
  GroupKeys::ByCode known = keys->Known(slice);
  for (const PairSweep::Begun& begun : walk.begun()) {
    const uint32_t group = known.Of(begun.row);
    if (group < who_.size()) {
      Add(group, begun.bit);
      continue;
    }
    customer.row.local = first + begun.bit;
    keys->Find(slice, begun.row, customer, &found_);
    known = keys->Known(slice);
    for (const uint32_t found : found_) {
      if (found >= who_.size()) {
        who_.resize(found + 1);
        units_.resize(found + 1);
      }
      Add(found, begun.bit);
    }
  }
}

void BegunGroups::See(uint32_t steps, uint32_t ordinal, FunnelCells* everyone,
                      std::vector<FunnelCells>* groups) {
  const uint32_t bit = ordinal & 63;
  if (everyone_ >> bit & 1) everyone->all.SeeBegun(steps, ordinal);
  for (const uint32_t group : met_) {
    if (who_[group] >> bit & 1) (*groups)[group].all.SeeBegun(steps, ordinal);
  }
}

}  // namespace waypost::exec

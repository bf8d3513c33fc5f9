// What a funnel counts, while customers come one by one.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "exec/funnel_match.h"

namespace waypost::exec {

// Where outcomes of one kind are counted. A customer's come one after the other.
struct FunnelCell {
  FunnelCounts counts;
  std::vector<uint32_t> last_customer;  // 1 + the ordinal last counted at each step

  void Prepare(uint32_t steps) {
    if (!counts.units.empty()) return;
    counts.units.assign(steps, 0);
    counts.customers.assign(steps, 0);
    counts.step_ms.resize(steps - 1);
    last_customer.assign(steps, 0);
  }

  void Add(const MatchRules& rules, const Outcome& outcome, std::span<const Hit> hits,
           uint32_t ordinal) {
    Prepare(rules.steps);
    for (uint32_t left = outcome.counted; left; left &= left - 1) {
      const auto step = static_cast<uint32_t>(std::countr_zero(left));
      ++counts.units[step];
      if (last_customer[step] == ordinal + 1) continue;
      last_customer[step] = ordinal + 1;
      ++counts.customers[step];
    }
    if (rules.spec->times) AddTimes(rules.steps, outcome, hits);
    if (rules.optional) AddPath(outcome);
  }

  // Units of so many customers, of whom nothing else is counted, that came to step 0 only.
  void AddBegun(uint32_t steps, uint64_t units, uint64_t customers) {
    Prepare(steps);
    counts.units[0] += units;
    counts.customers[0] += customers;
  }
  // The customer has come to step 0.
  void SeeBegun(uint32_t steps, uint32_t ordinal) {
    Prepare(steps);
    counts.customers[0] += last_customer[0] != ordinal + 1;
    last_customer[0] = ordinal + 1;
  }

  void AddTimes(uint32_t steps, const Outcome& outcome, std::span<const Hit> hits) {
    const auto time = [&](uint32_t step) { return hits[outcome.chain[step]].time_ms; };
    for (uint32_t k = 0; k + 1 < outcome.reached; ++k) {
      if (outcome.chain[k] == kNoHit || outcome.chain[k + 1] == kNoHit) continue;
      counts.step_ms[k].Add(time(k + 1) - time(k));
    }
    if (outcome.reached == steps) counts.to_convert_ms.Add(time(steps - 1) - time(0));
  }

  void AddPath(const Outcome& outcome) {
    uint32_t path = 0;
    for (uint32_t k = 0; k < outcome.reached; ++k)
      path |= uint32_t{outcome.chain[k] != kNoHit} << k;
    ++counts.paths[path];
  }
};

struct FunnelCells {
  FunnelCell all;
  std::vector<FunnelCell> trend;
};

}  // namespace waypost::exec

// Retention: of the customers who did A in a bucket, who did B in the buckets after.
//
//   RetentionResult result = RunRetention(spec, binding, threads);
//
// Cohort c is who did A in bucket c. Period k of it is bucket c + k (calendar clock), or the k-th
// unit of time after the customer's own first A of the bucket (rolling clock). Cells are counted
// only where period k lies within the buckets. The same spec and snapshot give the same result on
// any number of threads.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "exec/customer_set.h"
#include "exec/group_keys.h"

namespace waypost::exec {

inline constexpr uint32_t kMaxPeriods = 366;

struct RetentionSpec {
  enum class Cohort : uint8_t {
    kRecurring,  // in every bucket where A occurs
    kFirstTime,  // where the customer's first A ever is
  };
  enum class Counted : uint8_t {
    kOn,          // B in period k
    kOnOrAfter,   // B in period k or later ("unbounded")
    kOnOrBefore,  // B in any of periods 0..k
    kStreak,      // B in every one of periods 1..k (period 0: the cohort)
  };
  // Periods joined: B in any of first..last counts.
  struct Bracket {
    uint32_t first = 0, last = 0;
  };

  EventSet start;
  EventSet comeback;
  // A and B overlap: in period 0 only events after the A that made the customer a member count.
  bool same_events = false;
  Cohort cohort = Cohort::kRecurring;
  Counted counted = Counted::kOn;
  // Calendar: buckets [0, cohorts) are cohorts' and later ones are for coming back.
  TimeBuckets buckets;
  uint32_t cohorts = 0;
  // A from here on makes no member: the last cohort's bucket may go on.
  int64_t starts_before_ms = TimeRange{}.to_ms;
  uint32_t periods = 0;           // 1..kMaxPeriods: k = 0 .. periods - 1
  std::vector<Bracket> brackets;  // not empty: these are the columns instead of single periods
  // Rolling: period k of a customer who began at t is [t + unit * k, t + unit * (k + 1)), or by
  // months in local time when `rolling_months` > 0, as the function given says.
  bool rolling = false;
  int64_t rolling_unit_ms = 0;
  int64_t horizon_ms = 0;  // rolling: nothing is known from here on
  // Rolling by calendar months: start_of(t, k) is the instant period k begins. Null:
  // rolling_unit_ms.
  int64_t (*start_of)(const void* context, int64_t start_ms, uint32_t period) = nullptr;
  const void* context = nullptr;

  // Value retention: a number of the B events in each cell.
  bool values = false;
  uint32_t value_property = 0;  // index into properties
  Domain value_domain = Domain::kWhole;

  std::vector<uint32_t> properties;
  std::vector<uint32_t> attributes;
  std::vector<uint32_t> ignored;
  Grouping grouping;           // by the A event that made the member
  bool group_by_last = false;  // by the last A in the bucket instead of the first
  Population population;

  struct Wanted {
    uint32_t cohort = 0;
    std::optional<uint32_t> column;   // a period or bracket; none: the cohort itself
    bool churned = false;             // of the cohort, those not in the cell
    std::optional<GroupTuple> group;  // an empty tuple is $other
  };
  std::optional<Wanted> wanted;
};

struct RetentionCell {
  uint64_t customers = 0;
  uint64_t complete = 0;  // rolling: members whose period was over by the horizon
  __int128 whole_sum = 0;
  double real_sum = 0;
  uint64_t value_count = 0;
};

struct RetentionGroup {
  GroupTuple values;                              // empty: everyone, or $other
  std::vector<uint64_t> sizes;                    // [cohort]
  std::vector<std::vector<RetentionCell>> cells;  // [cohort][period or bracket]
};

struct RetentionResult {
  RetentionGroup everyone;
  std::vector<RetentionGroup> groups;  // by value; empty without a grouping
  CustomerSet customers;
};

BindSpec RetentionBinding(const RetentionSpec& spec);

// REQUIRES: `binding` was made from RetentionBinding(spec).
RetentionResult RunRetention(const RetentionSpec& spec, const Binding& binding, unsigned threads);

}  // namespace waypost::exec

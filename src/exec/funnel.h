// Funnels: how many customers (or pairs, attempts, sessions) went through a row of steps.
//
//   FunnelResult result = RunFunnel(spec, binding, threads);
//
// A unit is what is counted: a customer; a (customer, held values) pair; an attempt; a session. A
// unit reaches step k when events for steps 0..k are found in it as the order asks, within the
// window that began with the first one. Step numbers are from 0. The same spec and snapshot give
// the same result on any number of threads.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <vector>

#include "exec/customer_set.h"
#include "exec/gathered.h"
#include "exec/group_keys.h"

namespace waypost::exec {

inline constexpr int64_t kNoLimit = std::numeric_limits<int64_t>::max();
inline constexpr uint32_t kMaxSteps = 32;

struct FunnelSpec {
  struct Step {
    EventSet events;
    bool optional = false;          // may be left out; neither the first nor the last
    bool pinned = false;            // kAny: must be met at its own place
    int64_t max_gap_ms = kNoLimit;  // since the step before; included
    std::vector<uint32_t> hold;     // per held expression, an index into FunnelSpec::properties
    EventSet first_of;  // not empty: only the customer's first event ever of these can be the step
  };
  // An event that breaks what goes from step `from` to step `to`. An event that is also the step
  // then due does not break.
  struct Exclusion {
    EventSet events;
    uint32_t from = 0;
    uint32_t to = 1;
    bool removes_customer = false;  // from the whole funnel, not only what is broken
    std::vector<uint32_t> hold;  // as Step::hold; an event without these values breaks every pair
  };
  enum class Order : uint8_t {
    kOrdered,  // other events may come between
    kStrict,   // each step is the very next event
    kAny,      // the steps in any order
  };
  enum class Count : uint8_t { kCustomers, kPairs, kAttempts, kSessions };
  enum class Touch : uint8_t {
    kStep,  // the event that was step `touch_step` of the furthest chain, the earliest of these
    kFirstEntry,    // the unit's first event of step 0
    kFirstDefined,  // the chain's first event with a value
    kLastDefined,   // the chain's last event with a value
    kEach,          // a funnel for each value, over the events with that value
    kEachAtStep,    // a funnel for each value that `touch_step` was met with
  };
  // Ordered as ClickHouse's windowFunnel has it: one pass that keeps one chain a step. What each
  // mode breaks off ends the unit's funnel for good.
  struct Modes {
    bool deduplication = false;  // a step met again ends it
    bool order = false;          // an event of no step, or of a step before its turn, ends it
    bool increase = false;       // a step must be later than the one before, not at the same time
    bool any() const { return deduplication || order || increase; }
  };
  // What a session is, when the window or the count is by session.
  struct Session {
    enum class Rule : uint8_t { kNone, kProperty, kIdleGap };
    Rule rule = Rule::kNone;
    uint32_t property =
        0;               // index into FunnelSpec::properties; events without it are in no session
    int64_t gap_ms = 0;  // a longer pause of any event begins a new session
  };

  std::vector<Step> steps;  // 1..kMaxSteps
  std::vector<Exclusion> exclusions;
  Order order = Order::kOrdered;
  Modes modes;
  Count count = Count::kCustomers;
  bool first_attempt_only = false;  // only the unit's first event of step 0 may begin
  int64_t window_ms = kNoLimit;     // from step 0; included
  TimeBuckets days;                 // not empty: all steps within the day of step 0
  Session session;
  int64_t tie_ms = 0;                    // events this near may be taken in either order
  TimeRange entry;                       // when step 0 happens
  int64_t until_ms = TimeRange{}.to_ms;  // events from then on are not there
  std::vector<uint32_t> properties;      // event properties used by hold, session and grouping
  std::vector<uint32_t> attributes;
  std::vector<uint32_t> ignored;  // event types that `any` and strict order do not see
  Grouping grouping;
  Touch touch = Touch::kStep;
  uint32_t touch_step = 0;
  bool times = false;        // collect times to convert
  TimeBuckets trend;         // not empty: also by time of step 0
  bool independent = false;  // a trend bucket is a funnel of its own; otherwise each unit is once
  Population population;

  // Whose customers to give: those counted at `step` (or those of them not counted at step + 1).
  struct Wanted {
    uint32_t step = 0;
    bool dropped = false;
    std::optional<uint32_t> bucket;
    std::optional<GroupTuple> group;  // an empty tuple is $other
  };
  std::optional<Wanted> wanted;
};

struct FunnelCounts {
  std::vector<uint64_t> units;      // that reached each step
  std::vector<uint64_t> customers;  // distinct
  Gathered to_convert_ms;           // of each unit that reached the last step
  std::vector<Gathered> step_ms;    // [k]: from step k to k + 1
  std::map<uint32_t, uint64_t>
      paths;  // with optional steps: units by the steps of their chain, as bits
};

struct FunnelGroup {
  GroupTuple values;  // empty: everyone, or $other
  FunnelCounts all;
  std::vector<FunnelCounts> trend;
};

struct FunnelResult {
  FunnelGroup everyone;
  std::vector<FunnelGroup> groups;  // by value; empty without a grouping
  CustomerSet customers;            // as wanted
};

// What to bind for a funnel.
BindSpec FunnelBinding(const FunnelSpec& spec);

// REQUIRES: `binding` was made from FunnelBinding(spec).
FunnelResult RunFunnel(const FunnelSpec& spec, const Binding& binding, unsigned threads);

}  // namespace waypost::exec

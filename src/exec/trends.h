// Trends: what happened per calendar bucket, for several sets of events at once, by group.
//
//   TrendsResult result = RunTrends(spec, TrendsBinding-made binding, threads);
//
// Every series counts its events, its distinct customers and what it is asked to aggregate, per
// bucket and over the whole range. Distinct customers of the range (or of a window) are a union,
// never a sum. The same spec and snapshot give the same result on any number of threads.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "exec/customer_set.h"
#include "exec/group_keys.h"
#include "exec/numbers.h"

namespace waypost::exec {

struct TrendsSpec {
  // What else to learn of a series' events.
  enum class Aggregate : uint8_t {
    kNone,
    kSum,       // of a number property
    kNumbers,   // also its minimum and maximum
    kValues,    // also every value, for percentiles
    kDistinct,  // how many different values
  };
  // How the events of one customer in one cell become one number, for kPerCustomer.
  enum class Fold : uint8_t { kNone, kCount, kSum, kMean, kMin, kMax };

  struct Series {
    EventSet events;
    Aggregate aggregate = Aggregate::kNone;
    Fold fold = Fold::kNone;  // not kNone: aggregate the customers' folded numbers, not the events'
    uint32_t property = 0;    // index into TrendsSpec::properties
    Domain domain = Domain::kWhole;
    // Not empty: only each customer's first event ever of these, and only when it is of `events`.
    EventSet first_of;
    uint32_t window = 1;      // distinct customers of this many buckets, ending at each
    bool cumulative = false;  // distinct customers since the first bucket
  };

  std::vector<Series> series;  // 1..64, those with a `first_of` twice
  TimeBuckets buckets;         // the range asked for
  // Buckets of the same length before the range, to fill windows: windows of the first buckets look
  // back into these. Adjacent to `buckets`; may have none.
  TimeBuckets before;
  bool first_cut = false;  // the last of `before` is what is missing of the first bucket
  std::vector<uint32_t> properties;
  std::vector<uint32_t> attributes;
  std::vector<uint32_t> ignored;
  Grouping grouping;
  Population population;

  // Whose customers to give.
  struct Wanted {
    uint32_t series = 0;
    std::optional<uint32_t> bucket;   // windows as the series has them; none: the whole range
    std::optional<GroupTuple> group;  // an empty tuple is $other
  };
  std::optional<Wanted> wanted;
};

struct TrendCell {
  uint64_t events = 0;
  uint64_t customers = 0;  // distinct
  Numbers numbers;
  std::vector<int64_t> wholes;  // kValues, or the distinct values as keys
  std::vector<double> reals;
};

struct TrendGroup {
  GroupTuple values;  // empty: everyone, or $other
  // [series][bucket]
  std::vector<std::vector<TrendCell>> buckets;
  std::vector<TrendCell> range;  // [series]
};

struct TrendsResult {
  TrendGroup everyone;
  std::vector<TrendGroup> groups;  // by value; empty without a grouping
  CustomerSet customers;
};

BindSpec TrendsBinding(const TrendsSpec& spec);

// REQUIRES: `binding` was made from TrendsBinding(spec).
TrendsResult RunTrends(const TrendsSpec& spec, const Binding& binding, unsigned threads);

}  // namespace waypost::exec

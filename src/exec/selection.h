// Which customers a rule selects: the one evaluator behind segments, populations of questions and
// estimates. Each leaf gives a set of customers (a bit per ordinal, set only for the ordinal a
// customer is known by; erased ones never); branches combine the sets.
//
//   const CustomerBits who = Select(rule, snapshot, threads);
//
// The same rule and snapshot give the same bits on any number of threads. A rule is true or false
// of a customer, never NULL: the conditions inside see to that (exec/predicate.h).
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "column/snapshot_view.h"
#include "exec/customers.h"
#include "exec/funnel.h"
#include "exec/predicate.h"

namespace waypost::exec {

using CustomerBits = std::vector<uint64_t>;
uint64_t CountBits(const CustomerBits& bits);
uint64_t CountBits(const BlockBits& bits);

// A measure of a customer's events. Values are long double, whose 64-bit mantissa holds every whole
// number of ours exactly. Of no events kCount, kDays and kDistinct are 0, the others NULL.
struct Measure {
  enum class Kind : uint8_t {
    kCount,
    kDays,  // buckets of `days` with an event
    kSum,   // of `property`, as all below: decimals in ten-thousandths
    kAvg,
    kMax,
    kMin,
    kDistinct,   // texts or numbers
    kFirstTime,  // ms
    kLastTime,
    kDaysSinceFirst,  // from its bucket of `days` to the last one
    kDaysSinceLast,
  };
  Kind kind = Kind::kCount;
  uint32_t property = 0;
  TimeBuckets days;
};

// Whether a number will do.
struct NumberTest {
  long double min = -std::numeric_limits<long double>::infinity();
  long double max = std::numeric_limits<long double>::infinity();
  bool min_open = false, max_open = false;
  std::vector<long double> in;  // not empty: instead of the range
  bool negated = false;
  bool null_passes = false;

  bool Passes(const std::optional<long double>& value) const;
};

struct Rule {
  enum class Kind : uint8_t {
    kAll,        // of
    kAny,        // of
    kNot,        // of[0]
    kAttribute,  // condition on an attribute; also on membership of a set
    kDid,        // measure of events within time passes test
    kEdge,       // condition on a property of the first (last) of events within time
    kSequence,   // reached step `steps_reached` (from 1) of sequence
    kRank,       // the greatest (smallest) by measure of events, or by attribute; ties included
    kSample,     // a share of all customers, by hash of the ordinal
    kGiven,      // condition on a property of the event at hand; NULL when there is none
  };
  Kind kind = Kind::kAll;
  std::vector<Rule> of;
  Condition condition;
  // kDid: instead of the snapshot's, these: rows of a table (store/row_table.h), of the same
  // customers.
  std::shared_ptr<const column::SnapshotView> rows;
  EventSet events;
  TimeRange time;
  // kDid, kEdge, kSequence: an end of the time (of a sequence: of its entry) that stays as far from
  // the moment of evaluation while that moves.
  bool rolls_from = false, rolls_to = false;
  std::vector<uint32_t> ignored;  // event types that "any event" does not mean, sorted
  Measure measure;
  NumberTest test;
  bool last = false;  // kEdge
  FunnelSpec sequence;
  uint32_t steps_reached = 1;
  bool by_attribute = false;  // kRank: by condition.property
  bool smallest = false;      // kRank
  double share = 0;           // kSample; kRank when not 0: of those who have a value
  uint64_t count = 0;         // kRank
  uint64_t seed = 0;          // kSample
};

// Everyone a rule could select.
CustomerBits AllCustomers(const column::SnapshotView& snapshot, unsigned threads = 1);

// Members of a set made earlier as they are known now: merged customers by their root, without the
// erased.
CustomerBits Canonical(const CustomerBits& members, const column::SnapshotView& snapshot);

// The snapshot as somebody sees it who may see only the customers in `visible`: in every answer all
// others are as if they were erased, so that no question needs to know of it. Borrows what
// `snapshot` borrows. Costs a step for each block, cluster and 64 customers.
column::SnapshotView Restrict(const column::SnapshotView& snapshot, const CustomerBits& visible);

// Leaves are run cheapest first, each only on customers that can still matter.
CustomerBits Select(const Rule& rule, const column::SnapshotView& snapshot, unsigned threads);
// Calls visit(block, those selected of it) once for each block, on up to `threads` threads, in no
// order; not for blocks that the thread's Limit left out. The set as a whole is not made where the
// rule is of conditions on customers alone.
void SelectByBlock(const Rule& rule, const column::SnapshotView& snapshot, unsigned threads,
                   const std::function<void(uint32_t block, const BlockBits& selected)>& visit);
uint64_t CountSelected(const Rule& rule, const column::SnapshotView& snapshot, unsigned threads);
// Only those of `among`, which must be some of AllCustomers().
CustomerBits SelectAmong(const CustomerBits& among, const Rule& rule,
                         const column::SnapshotView& snapshot, unsigned threads);

// Of one block's customers those of `among` that the rule selects, at the cost of their rows: for
// one customer, or those that something just happened to. One thread. `given` is the one event that
// kGiven asks about, at row 0; may be null. REQUIRES: !ComparesCustomers(rule).
BlockBits SelectInBlock(const Rule& rule, const column::SnapshotView& snapshot, uint32_t block,
                        const BlockBits& among, const column::EventSlice* given = nullptr);
// The first moment after `base_ms`, which the rule was resolved for, at which a range that rolls
// takes in or lets go one of the customer's events; INT64_MAX: never.
int64_t NextChange(const Rule& rule, const column::SnapshotView& snapshot, uint32_t ordinal,
                   int64_t base_ms);
// Whether it must see all customers to judge one.
bool ComparesCustomers(const Rule& rule);
// What it reads of events; of a sequence anything.
column::Wanted ReadBy(const Rule& rule);
// Whether it speaks of rows of tables.
bool ReadsRows(const Rule& rule);

// The snapshot with nothing but what these customers of one block need, so that many rules bind
// little. Borrows what `snapshot` borrows.
column::SnapshotView Near(const column::SnapshotView& snapshot, uint32_t block,
                          const BlockBits& customers);

// `count` of the customers, the ones whose hash with `seed` is least.
CustomerBits Choose(const CustomerBits& from, uint64_t count, uint64_t seed);

// What each part of a rule selects by itself.
struct LeafCounts {
  uint64_t estimated = 0;  // from every 32nd run of 64 customers
  uint64_t selected = 0;
};
struct SelectionReport {
  CustomerBits customers;
  uint64_t everyone = 0;
  std::vector<LeafCounts> leaves;  // in the order written
  std::vector<uint64_t> after;     // left after each part of the outermost kAll (or the whole rule)
};
SelectionReport SelectAndReport(const Rule& rule, const column::SnapshotView& snapshot,
                                unsigned threads);
// Only `estimated` of every leaf.
std::vector<uint64_t> EstimateLeaves(const Rule& rule, const column::SnapshotView& snapshot,
                                     unsigned threads);

}  // namespace waypost::exec

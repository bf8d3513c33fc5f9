// Tests on events and customers: `amount >= 100 and vip in (1, 2)`.
//
// A Predicate speaks of properties by number and knows no data. Bound to the columns of one slice
// it becomes a BoundPredicate that answers for a row in a few instructions: whatever depends only
// on the distinct strings of a column is worked out once per string, when binding.
//
// NULL (a property that is missing): no condition holds on it, also no negated one, unless the
// condition says null_passes. Above conditions logic has two values: `not (x = 1)` holds where x is
// NULL, `x != 1` does not.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "column/customer_columns.h"
#include "column/event_block.h"
#include "exec/past_values.h"

namespace waypost::exec {

// What a property's values are for questions; decided by the tracking plan, not by one column.
// Whole covers bool, int, decimal (ten-thousandths), datetime (ms) and date (days).
enum class Domain : uint8_t { kWhole, kReal, kText, kList };

// One test of one property.
struct Condition {
  enum class Kind : uint8_t {
    kIsSet,     // any domain
    kIn,        // wholes, reals or texts
    kRange,     // whole_min..whole_max or real_min..real_max, both included
    kContains,  // texts[0]
    kPrefix,    // texts[0]
    kSuffix,    // texts[0]
    kMatches,   // texts[0] is an RE2 expression, found anywhere. REQUIRES: it compiles
    kAnyOf,     // the list has one of texts
    kAllOf,     // the list has all of texts
    kMember,    // the customer is one of members; no property
  };
  Kind kind = Kind::kIsSet;
  Domain domain = Domain::kWhole;
  uint32_t property = 0;
  bool negated = false;
  bool null_passes = false;
  int64_t whole_min = std::numeric_limits<int64_t>::min();
  int64_t whole_max = std::numeric_limits<int64_t>::max();
  double real_min = -std::numeric_limits<double>::infinity();
  double real_max = std::numeric_limits<double>::infinity();
  std::vector<int64_t> wholes;
  std::vector<double> reals;
  std::vector<std::string> texts;
  std::shared_ptr<const std::vector<uint64_t>> members;  // a bit per ordinal
  uint32_t members_from = 0;                             // block of the first bit
  // Of customers: their values that are no attribute, instead of `property` (tags).
  std::shared_ptr<const column::CustomerColumns> values;
  // Of customers: tested as they were when the event at hand happened, by this history.
  std::shared_ptr<const PastColumn> past;
};

// A tree of conditions. kAll of nothing holds, kAny of nothing does not.
struct Predicate {
  enum class Kind : uint8_t { kAll, kAny, kNot, kEvent, kCustomer };
  Kind kind = Kind::kAll;
  std::vector<Predicate> of;        // kAll, kAny; kNot has one
  Condition condition;              // kEvent
  uint32_t customer_condition = 0;  // kCustomer: index into Population::conditions

  bool always() const { return kind == Kind::kAll && of.empty(); }
};

// Conditions on customers of a whole question, numbered so that they are bound once per block.
struct Population {
  std::vector<Condition> conditions;
  Predicate who;  // of kCustomer conditions only: who is counted at all
  // Of each attribute that the operator reads, when events are to see it as it was; else empty.
  std::vector<std::shared_ptr<const PastColumn>> pasts;
};

// A condition over one column.
class BoundCondition {
 public:
  // `column` is null when no row has the property. kMember and conditions with `values` look at the
  // customers of `block` instead, which only they need.
  BoundCondition(const Condition& condition, const column::Column* column, uint32_t block = 0);

  // False on NULL unless null_passes. REQUIRES: row is one of the column, or beyond its end (NULL).
  bool Test(uint32_t row) const {
    if (kind_ == Kind::kMembers) return IsMember(row) != negated_;
    if (kind_ == Kind::kAlwaysNull || row >= column_.row_count() || column_.IsNull(row)) {
      return null_passes_;
    }
    return TestValue(row) != negated_;
  }
  // Of the rows with a bit in `among`, from row 0 on, those that pass: as many words. Faster than
  // row by row where they are many and the condition is a range, a set or a presence.
  void TestAll(std::span<const uint64_t> among, uint64_t* passed) const;
  // Of a condition that is membership: a bit per customer of the block who passes.
  std::optional<std::span<const uint64_t>> members() const {
    if (kind_ != Kind::kMembers || negated_) return std::nullopt;
    return members_;
  }

 private:
  enum class Kind : uint8_t {
    kAlwaysNull,
    kConstant,
    kOffsets,
    kWholes,
    kRealRange,
    kReals,
    kCodes,
    kItems,
    kMembers
  };

  // Whether the values of rows [64w, 64w + 64) pass, for w < words, NULL and negation aside. False:
  // it takes a look at each row.
  bool MarkValues(size_t words, uint64_t* marks) const;
  // TestAll of values that are a bit each, or all the same.
  void TestBits(std::span<const uint64_t> among, uint64_t* passed) const;
  bool IsMember(uint32_t row) const {
    return row / 64 < members_.size() && (members_[row / 64] >> (row % 64) & 1);
  }

  bool TestValue(uint32_t row) const {
    switch (kind_) {
      case Kind::kOffsets:
        return column_.numbers().Offset(row) - first_ <= span_;
      case Kind::kCodes:
        return HasCode(column_.Code(row));
      default:
        return TestRareValue(row);
    }
  }
  bool HasCode(uint32_t code) const { return codes_[code >> 6] >> (code & 63) & 1; }
  bool TestRareValue(uint32_t row) const;
  bool TestItems(uint32_t row) const;
  void BindWhole(const Condition& condition);
  void BindReal(const Condition& condition);
  void BindText(const Condition& condition);
  void BindRunOfCodes();
  void BindRange(int64_t min, int64_t max);

  Kind kind_ = Kind::kAlwaysNull;
  bool negated_ = false;
  bool null_passes_ = false;
  bool constant_ = false;
  uint32_t needed_items_ = 1;
  column::Column column_;
  uint64_t first_ = 0, span_ = 0;  // kOffsets
  std::vector<uint64_t> codes_;    // kCodes, kItems: a bit per dictionary entry
  std::vector<int64_t> wholes_;    // kWholes, sorted
  std::vector<double> reals_;      // kReals, sorted
  double real_min_ = 0, real_max_ = 0;
  std::span<const uint64_t>
      members_;  // kMembers: of the block; the condition's, which outlives this
};

// A condition with a past, over a block's customers.
class PastCondition {
 public:
  // REQUIRES: condition.past, which outlives this.
  PastCondition(const Condition& condition, uint32_t block);
  bool Test(uint32_t local, int64_t time_ms) const;

 private:
  PastValues values_;
  std::vector<BoundCondition> of_column_;
  BoundCondition of_nothing_;
};

// Where a customer's attributes are: conditions bound to a block, and the row there.
struct CustomerRow {
  const std::vector<BoundCondition>* conditions = nullptr;
  uint32_t local = 0;
  // Of conditions on what customers were; null or empty: none is.
  const std::vector<std::optional<PastCondition>>* past = nullptr;
  int64_t time_ms = 0;  // of the event at hand

  bool Test(uint32_t condition) const {
    if (past && (*past)[condition]) return (*past)[condition]->Test(local, time_ms);
    return (*conditions)[condition].Test(local);
  }
};

// A predicate over the columns of one slice.
class BoundPredicate {
 public:
  BoundPredicate(const Predicate& predicate, const column::EventSlice& slice);
  bool Test(uint32_t row, const CustomerRow& customer) const {
    return TestNode(root_, row, customer);
  }

 private:
  struct Node {
    Predicate::Kind kind;
    uint32_t condition = 0;  // index into conditions_, or the customer condition
    std::vector<Node> of;
  };
  Node BindNode(const Predicate& predicate, const column::EventSlice& slice);
  bool TestNode(const Node& node, uint32_t row, const CustomerRow& customer) const;

  std::vector<BoundCondition> conditions_;
  Node root_;
};

// Tests a predicate of kCustomer conditions only.
bool TestCustomer(const Predicate& predicate, const CustomerRow& customer);

}  // namespace waypost::exec

// Breakdowns: the tuple of property values an event (or its customer) falls under, as small
// numbers.
//
// Each task numbers the groups it meets; GroupMerger joins the tasks' numbers by value. A property
// that is a list puts an event into several groups. NULL is a value of its own.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "exec/customers.h"

namespace waypost::exec {

// One property to break down by.
struct Dimension {
  bool of_customer = false;
  uint32_t column = 0;  // index into BindSpec::attributes or BindSpec::properties
  Domain domain = Domain::kText;
};

// A value, owned. Ordered: NULL, numbers by size, texts by bytes. kNotReached stands for the value
// at an event that never came.
struct GroupValue {
  enum class Kind : uint8_t { kNull, kWhole, kReal, kText, kNotReached };
  Kind kind = Kind::kNull;
  int64_t whole = 0;
  double real = 0;
  std::string text;
  friend auto operator<=>(const GroupValue&, const GroupValue&) = default;
};
using GroupTuple = std::vector<GroupValue>;

// What to break down by, and (once known) which groups keep their name: all others are one, $other,
// before anything is counted.
struct Grouping {
  std::vector<Dimension> dimensions;
  bool closed = false;
  std::vector<GroupTuple> named;  // when closed; group numbers are 1 + index, $other is 0
};

// The groups one task has met, numbered from 0. Without dimensions everything is group 0. Belongs
// to one thread.
class GroupKeys {
 public:
  // `slice_count` is the binding's. Borrows `grouping`.
  GroupKeys(const Grouping& grouping, uint32_t slice_count);

  bool trivial() const { return grouping_->dimensions.empty(); }
  uint32_t size() const { return static_cast<uint32_t>(tuples_.size()); }
  const GroupTuple& tuple(uint32_t group) const { return tuples_[group]; }

  // Replaces `groups` by the groups of an event: one, or one for each item of a list.
  void Find(const BoundSlice& slice, uint32_t row, const Customer& customer,
            std::vector<uint32_t>* groups);
  // Of a slice, by the code of a text: the group, or kUnknown where Find() is to be asked. Null
  // when groups do not go by a text that every event of the slice has, or none is known.
  static constexpr uint32_t kUnknown = ~0u;
  struct ByCode {
    const column::Column* text = nullptr;
    const uint32_t* groups = nullptr;
    uint32_t Of(uint32_t row) const { return groups ? groups[text->Code(row)] : kUnknown; }
  };
  ByCode Known(const BoundSlice& slice) const;
  // Does the event have a value (not NULL) in any dimension?
  bool Defined(const BoundSlice& slice, uint32_t row, const Customer& customer) const;
  // The group where every dimension is `kind`: kNull or kNotReached.
  uint32_t GroupOf(GroupValue::Kind kind);

 private:
  // By dictionary code, kUnknown until met: the value, and with one dimension the group.
  struct Interned {
    std::vector<uint32_t> of_code, group_of_code;
  };

  void AppendValues(size_t dimension, const BoundSlice& slice, uint32_t row,
                    const Customer& customer, std::vector<uint32_t>* values);
  uint32_t* KnownGroup(const BoundSlice& slice, uint32_t row);
  uint32_t TextValue(size_t dimension, uint32_t cache, const column::Column& column, uint32_t code);
  uint32_t Intern(GroupValue value);
  uint32_t Child(size_t dimension, uint32_t parent, uint32_t value);
  GroupTuple TupleOf(size_t dimension, uint32_t node) const;

  const Grouping* grouping_;
  uint32_t slice_count_;
  std::vector<Interned> codes_;  // by slice number and dimension
  std::vector<GroupValue> values_;
  std::map<GroupValue, uint32_t> value_numbers_;
  boost::unordered_flat_map<int64_t, uint32_t> whole_numbers_;
  // A tuple is reached value by value: level d maps (node at d - 1, value) to a node; nodes of the
  // last level are groups.
  struct Level {
    boost::unordered_flat_map<uint64_t, uint32_t> children;
    std::vector<uint64_t> nodes;  // (parent, value) of each node
  };
  std::vector<Level> levels_;
  std::map<GroupTuple, uint32_t> named_;
  std::vector<GroupTuple> tuples_;
  std::vector<uint32_t> scratch_nodes_, scratch_values_, scratch_next_;
};

// Joins tasks' group numbers.
class GroupMerger {
 public:
  // The common numbers of a task's groups, by its own number.
  std::vector<uint32_t> Add(const GroupKeys& keys);
  size_t size() const { return tuples_.size(); }
  const GroupTuple& tuple(uint32_t group) const { return tuples_[group]; }
  const std::vector<GroupTuple>& tuples() const { return tuples_; }

 private:
  std::map<GroupTuple, uint32_t> numbers_;
  std::vector<GroupTuple> tuples_;
};

}  // namespace waypost::exec

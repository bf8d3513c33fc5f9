// The attributes of one block's customers: for each, the value and the time it is of, so that the
// latest by event time wins in whatever order profile changes arrive.
//
// Remembers the log position of the last change it holds and ignores changes from before, so
// replaying the log over it changes nothing.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "column/block_image.h"
#include "model/ids.h"
#include "model/value.h"

namespace waypost::store {

enum class AttributeOp : uint8_t { kSet, kSetOnce, kIncrement, kAppend, kUnset };

// What questions read: columns by property, row = local ordinal. Immutable.
class AttributeColumns {
 public:
  const std::vector<column::Column>& columns() const { return columns_; }

 private:
  friend class AttributeBlock;
  std::vector<std::shared_ptr<const column::Image>> images_;
  std::vector<column::Column> columns_;
};

// Belongs to one thread at a time.
class AttributeBlock {
 public:
  explicit AttributeBlock(uint32_t block) : block_(block) {}

  uint32_t block() const { return block_; }
  LogPosition position() const { return position_; }
  // Of the last record that changed something here since it was made or decoded.
  LogPosition changed_at() const { return changed_at_; }

  // Changes one attribute of the customer `local`. kSet and kUnset: the greatest time_ms wins, the
  // later change among equals. kSetOnce: the smallest time_ms of what was set once wins, and never
  // over a kSet. kIncrement adds numbers, kAppend adds list items not yet there; both in log order.
  // `value.type` is the attribute's type in the tracking plan; int values widen when the attribute
  // is double by now. `position`: of the log record; ignored when before position().
  void Apply(LogPosition position, uint32_t local, AttributeOp op, PropertyId property,
             const Value& value, int64_t time_ms);
  // Unsets every attribute of the customer.
  void Clear(LogPosition position, uint32_t local, int64_t time_ms);
  // Visits the attributes the customer has: visit(property, value, time_ms, set once only). The
  // value borrows until the next change.
  void ForEach(uint32_t local,
               const std::function<void(PropertyId, const Value&, int64_t, bool)>& visit) const;
  // All changes of records before `position` have been applied.
  void Reached(LogPosition position) { position_ = std::max(position_, position); }

  // The columns now; the same object until something changes. Costs ~10 ns a customer and changed
  // attribute.
  std::shared_ptr<const AttributeColumns> Columns();

  // Whole state as bytes, and back.
  Bytes Encode() const;
  static Result<std::unique_ptr<AttributeBlock>> Decode(std::span<const uint8_t> bytes);

 private:
  struct Cell {
    int64_t bits = 0;  // whole, bits of a double, or a text's number
    int64_t time_ms = kNever;
    bool present = false;
    bool once = false;
  };
  static constexpr int64_t kNever = INT64_MIN;

  struct Attribute {
    ValueType type = ValueType::kString;
    std::vector<Cell> cells;
    std::vector<std::unique_ptr<std::string>> texts;
    boost::unordered_flat_map<std::string_view, uint32_t, TextHash> text_numbers;
    bool changed = true;

    Cell& At(uint32_t local);
    uint32_t NumberOf(std::string_view text);
    int64_t BitsOf(const Value& value);
    void Widen();
    void Change(uint32_t local, AttributeOp op, const Value& value, int64_t time_ms);
    void Append(Cell* cell, std::string_view items);
    column::Image Build(PropertyId property) const;
  };

  uint32_t block_;
  LogPosition position_ = 0;
  LogPosition changed_at_ = 0;
  std::map<PropertyId, Attribute> attributes_;
  std::map<PropertyId, std::shared_ptr<const column::Image>> built_;
  std::shared_ptr<const AttributeColumns> columns_;
};

}  // namespace waypost::store

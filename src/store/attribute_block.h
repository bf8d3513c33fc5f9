// The attributes of one block's timelines: for each, the value, the time it is of and the source it
// came from, so that the latest by event time wins in whatever order profile changes arrive.
//
// A value stays with the timeline it came with, also when that becomes part of a customer. What
// questions read at the customer's ordinal is then what survives of all its timelines' values
// (store/survivorship.h); it is shown here instead of the timeline's own value, and is no state: it
// follows from the values and the identity graph.
//
// Remembers the log position of the last change it holds and ignores changes from before, so
// replaying the log over it changes nothing.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "column/block_image.h"
#include "model/ids.h"
#include "model/value.h"
#include "store/survivorship.h"

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

  // Changes one attribute of the timeline `local`. kSet and kUnset: the greatest time_ms wins, the
  // later change among equals. kSetOnce: the smallest time_ms of what was set once wins, and never
  // over a kSet. kIncrement adds numbers, kAppend adds list items not yet there; both in log order.
  // `value.type` is the attribute's type in the tracking plan; int values widen when the attribute
  // is double by now; of kUnset it says the type alone. `position`: of the log record; ignored when
  // before position().
  void Apply(LogPosition position, uint32_t local, AttributeOp op, PropertyId property,
             const Value& value, int64_t time_ms, std::string_view source = {});
  // Takes everything of the timeline away, texts that were its alone too. `position` as Apply's.
  void Erase(LogPosition position, uint32_t local);
  // Visits what the timeline has, removals too, by property. Values borrow until the next change.
  void ForEach(uint32_t local,
               const std::function<void(PropertyId, const AttributeValue&)>& visit) const;
  // Makes the columns show exactly these attributes at `local`, in place of its own.
  void Show(uint32_t local, const std::map<PropertyId, AttributeValue>& values);
  // The columns show its own again.
  void ShowOwn(uint32_t local);
  // All changes of records before `position` have been applied.
  void Reached(LogPosition position) { position_ = std::max(position_, position); }

  // The columns now; the same object until something changes. Costs a copy of each column that
  // changed and some ns a change (column::ChangedColumn); at times ~10 ns a customer.
  std::shared_ptr<const AttributeColumns> Columns();

  // Whole state as bytes, and back.
  Bytes Encode() const;
  static Result<std::unique_ptr<AttributeBlock>> Decode(std::span<const uint8_t> bytes);

 private:
  struct Cell {
    int64_t bits = 0;  // whole, bits of a double, or a text's number
    int64_t time_ms = kNever;
    uint16_t source = 0;  // in sources_
    bool present = false;
    bool once = false;
    bool added = false;  // by increments or appends only
  };
  // What is shown in place of a timeline's own value.
  struct Shown {
    Value value;  // its text is `text`
    std::string text;
  };
  using ShownRows = boost::unordered_flat_map<uint32_t, Shown>;
  static constexpr int64_t kNever = INT64_MIN;

  struct Attribute {
    ValueType type = ValueType::kString;
    std::vector<Cell> cells;
    std::vector<std::unique_ptr<std::string>> texts;
    boost::unordered_flat_map<std::string_view, uint32_t, TextHash> text_numbers;

    Cell& At(uint32_t local);
    uint32_t NumberOf(std::string_view text);
    int64_t BitsOf(const Value& value);
    void Widen();
    void Change(uint32_t local, AttributeOp op, const Value& value, int64_t time_ms,
                uint16_t source);
    void Erase(uint32_t local);
    void Append(Cell* cell, std::string_view items);
    Value ValueOf(const Cell& cell) const;
  };
  uint16_t SourceNumber(std::string_view source);
  void Stale(PropertyId property, uint32_t local);
  // What the columns show at a row, or nothing.
  std::optional<column::Cell> CellAt(PropertyId property, uint32_t local) const;
  column::Image Build(PropertyId property) const;
  std::optional<column::Image> Changed(PropertyId property) const;

  uint32_t block_;
  LogPosition position_ = 0;
  LogPosition changed_at_ = 0;
  std::map<PropertyId, Attribute> attributes_;
  std::vector<std::string> sources_;
  std::map<PropertyId, ShownRows> shown_;
  boost::unordered_flat_set<uint32_t> shown_rows_;  // rows with anything in shown_
  // A column as it was at some time, and the rows that changed since.
  struct Built {
    std::shared_ptr<const column::Image> image;
    column::Column column;
    std::vector<uint32_t> changed;
  };
  std::map<PropertyId, Built> built_;
  std::shared_ptr<const AttributeColumns> columns_;
};

}  // namespace waypost::store

// The events of one block of customers in one month, as columns in memory: what a part holds and
// what operators read.
//
// Rows are ordered by (event type, customer, time, arrival). A slice is the rows of one event type;
// it has only the columns its events use. A customer's timeline is the same events in (time,
// arrival) order, one byte each: the slice number. The k-th byte of slice s in a customer's
// timeline is the k-th row of that customer in slice s, so both orders are there for one byte an
// event.
//
// All types here are views into one image (column/block_image.h); copying them is cheap, and any
// number of threads may read them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "column/packed_ints.h"
#include "column/person_index.h"

namespace waypost::column {

class DayIndex;

// What is read of events.
struct Wanted {
  std::optional<std::vector<uint32_t>> events;      // types, increasing; nothing: any
  std::optional<std::vector<uint32_t>> properties;  // likewise

  static bool Has(const std::optional<std::vector<uint32_t>>& some, uint32_t one) {
    return !some || std::ranges::binary_search(*some, one);
  }
  friend bool operator==(const Wanted&, const Wanted&) = default;
};

// As model/value.h's ValueType; the numbers are the same.
enum class ColumnType : uint8_t {
  kBool = 1,
  kInt = 2,
  kDouble = 3,
  kDecimal = 4,
  kString = 5,
  kDateTime = 6,
  kDate = 7,
  kList = 8,
};

// Distinct strings in byte order, so codes compare as the strings do.
class Dictionary {
 public:
  Dictionary() = default;
  Dictionary(PackedInts ends, const char* text) : ends_(ends), text_(text) {}

  uint32_t size() const { return ends_.size(); }
  // REQUIRES: code < size()
  std::string_view Text(uint32_t code) const {
    const uint64_t begin = code == 0 ? 0 : ends_.Offset(code - 1) + ends_.base();
    return {text_ + begin, static_cast<size_t>(ends_.Offset(code) + ends_.base() - begin)};
  }
  // The code of `text`, or of the first greater string with *exact false; size() when there is
  // none.
  uint32_t LowerBound(std::string_view text, bool* exact) const;

 private:
  PackedInts ends_;  // end of each string in the text
  const char* text_ = nullptr;
};

// One property over the rows of a slice (or one attribute over the customers of a block).
class Column {
 public:
  uint32_t property() const { return property_; }
  ColumnType type() const { return type_; }
  uint32_t row_count() const { return row_count_; }

  bool has_nulls() const { return present_ != nullptr; }
  // Of rows [64w, 64w + 64) a bit for each that is not NULL.
  uint64_t PresentWord(size_t w) const { return present_ ? present_[w] : ~0ull; }
  bool IsNull(uint32_t row) const { return present_ && !(present_[row >> 6] >> (row & 63) & 1); }

  // bool, int, decimal, datetime, date. Unspecified for NULL rows.
  int64_t Whole(uint32_t row) const { return numbers_.Get(row); }
  const PackedInts& numbers() const { return numbers_; }
  // double.
  double Real(uint32_t row) const { return reals_[row]; }
  // string: the dictionary code.
  uint32_t Code(uint32_t row) const { return static_cast<uint32_t>(numbers_.Offset(row)); }
  std::string_view Text(uint32_t row) const { return dictionary_.Text(Code(row)); }
  // list: items [begin, end) of item codes.
  RowRange Items(uint32_t row) const {
    return {static_cast<uint32_t>(numbers_.Get(row)), static_cast<uint32_t>(numbers_.Get(row + 1))};
  }
  uint32_t ItemCode(uint32_t item) const { return static_cast<uint32_t>(items_.Offset(item)); }
  const Dictionary& dictionary() const { return dictionary_; }

  // Asks memory for what tells whether the row has a value, and which: who reads one row of many
  // columns waits once then, not once for each. REQUIRES: row < row_count()
  void Prefetch(uint32_t row) const {
    if (present_) __builtin_prefetch(present_ + (row >> 6));
    if (reals_) __builtin_prefetch(reals_ + row);
    numbers_.Prefetch(row);
  }

 private:
  friend Result<Column> ReadColumn(ByteReader* in);
  uint32_t property_ = 0;
  ColumnType type_ = ColumnType::kInt;
  uint32_t row_count_ = 0;
  const uint64_t* present_ = nullptr;
  PackedInts numbers_;  // values, string codes, or starts of list items (row_count + 1)
  const double* reals_ = nullptr;
  PackedInts items_;
  Dictionary dictionary_;
};

// The rows of one event type.
struct EventSlice {
  uint32_t event_type = 0;
  uint32_t row_count = 0;
  PersonIndex persons;
  const uint32_t* times = nullptr;  // ms since EventBlock::base_ms; increasing within a customer
  uint32_t first_time = 0, last_time = 0;  // the least and the greatest of them
  // Among a customer's events of the same millisecond in this block, the place in arrival order.
  // All zero (width 0) in blocks where no customer has two events in one millisecond.
  PackedInts ties;
  std::vector<Column> columns;  // by property, increasing

  // Null when no row of this slice has the property.
  const Column* Find(uint32_t property) const;
};

struct Timeline {
  PersonIndex persons;  // ranges of codes
  // Slice numbers in time order; exactly one is set: wide only when a block has over 256 slices.
  const uint8_t* codes = nullptr;
  const uint16_t* wide_codes = nullptr;
};

struct EventBlock {
  uint32_t block = 0;   // ordinal >> 16
  int64_t base_ms = 0;  // UTC start of the month; times are base_ms + slice.times[row]
  uint32_t row_count = 0;
  std::vector<EventSlice> slices;  // by event type, increasing
  Timeline timeline;
  std::shared_ptr<DayIndex> days;  // column/day_index.h; copies share it

  // Null when there is no such event here.
  const EventSlice* Find(uint32_t event_type) const;
};

}  // namespace waypost::column

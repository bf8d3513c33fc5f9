// The values properties and attributes take, as borrowed views. Absence is not a value: a property
// that is missing, null or of the wrong type has no Value, and reads as NULL in questions.
#pragma once

#include <cstdint>
#include <string_view>

namespace waypost {

// Numbers are stored in files and the log: never renumber.
enum class ValueType : uint8_t {
  kBool = 1,      // whole: 0 or 1
  kInt = 2,       // whole
  kDouble = 3,    // real: finite
  kDecimal = 4,   // whole: ten-thousandths (kDecimalScale), for money
  kString = 5,    // text: UTF-8
  kDateTime = 6,  // whole: milliseconds since the Unix epoch, UTC
  kDate = 7,      // whole: days since 1970-01-01; a calendar date, in no time zone
  kList = 8,      // text: strings packed as (varint length, bytes)*; see ListItems in model/batch.h
};

inline constexpr int64_t kDecimalScale = 10'000;

// "bool", "int", "double", "decimal", "string", "datetime", "date", "list".
std::string_view ValueTypeName(ValueType type);

// One value. `text` borrows: it lives as long as the bytes it was read from.
struct Value {
  ValueType type = ValueType::kString;
  int64_t whole = 0;
  double real = 0;
  std::string_view text = {};

  static Value Bool(bool v) { return {ValueType::kBool, v, 0, {}}; }
  static Value Int(int64_t v) { return {ValueType::kInt, v, 0, {}}; }
  static Value Double(double v) { return {ValueType::kDouble, 0, v, {}}; }
  static Value Decimal(int64_t ten_thousandths) {
    return {ValueType::kDecimal, ten_thousandths, 0, {}};
  }
  static Value String(std::string_view v) { return {ValueType::kString, 0, 0, v}; }
  static Value DateTime(int64_t ms) { return {ValueType::kDateTime, ms, 0, {}}; }
  static Value Date(int64_t days) { return {ValueType::kDate, days, 0, {}}; }
  static Value List(std::string_view packed) { return {ValueType::kList, 0, 0, packed}; }

  friend bool operator==(const Value&, const Value&) = default;
};

}  // namespace waypost

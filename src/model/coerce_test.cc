#include "model/coerce.h"

#include <gtest/gtest.h>

#include <limits>

namespace waypost {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

TEST(CoerceTest, TurnsValuesWhereNothingIsLost) {
  const struct {
    Value from, to;
  } cases[] = {
      {Value::Int(3), Value::Double(3)},
      {Value::Int(-3), Value::Decimal(-30'000)},
      {Value::Int(1'800'000'000'000), Value::DateTime(1'800'000'000'000)},
      {Value::Double(-4), Value::Int(-4)},
      {Value::Double(0.1), Value::Decimal(1'000)},
      {Value::Double(99.99), Value::Decimal(999'900)},
      {Value::Double(-12345678.9), Value::Decimal(-123'456'789'000)},
      {Value::Decimal(25'000), Value::Double(2.5)},
      {Value::Decimal(20'000), Value::Int(2)},
      {Value::String("12.34"), Value::Decimal(123'400)},
      {Value::String("-0.5"), Value::Decimal(-5'000)},
      {Value::String("7"), Value::Decimal(70'000)},
      {Value::String("2026-03-02"), Value::Date(20'514)},
      {Value::String("1970-01-01T08:00:00+08:00"), Value::DateTime(0)},
  };
  for (const auto& c : cases) {
    Value value = c.from;
    EXPECT_EQ(Coerce(c.to.type, &value), "") << c.from.text << c.from.whole << c.from.real;
    EXPECT_EQ(value, c.to) << c.from.text << c.from.whole << c.from.real;
  }
}

TEST(CoerceTest, RefusesWhatWouldBeAGuess) {
  const struct {
    Value from;
    ValueType to;
    const char* why;
  } cases[] = {
      {Value::Double(2.5), ValueType::kInt, "type_mismatch"},
      {Value::Double(1e300), ValueType::kInt, "type_mismatch"},
      {Value::Int(kMax), ValueType::kDouble, "type_mismatch"},
      {Value::Int(kMax), ValueType::kDecimal, "type_mismatch"},
      {Value::Double(0.00001), ValueType::kDecimal, "type_mismatch"},
      {Value::Double(1e300), ValueType::kDecimal, "type_mismatch"},
      {Value::Int(1'790'000'000), ValueType::kDateTime, "type_mismatch"},
      {Value::Int(1), ValueType::kBool, "type_mismatch"},
      {Value::Bool(true), ValueType::kInt, "type_mismatch"},
      {Value::Int(1), ValueType::kString, "type_mismatch"},
      {Value::String("x"), ValueType::kList, "type_mismatch"},
      {Value::String("12"), ValueType::kInt, "type_mismatch"},
      {Value::String(""), ValueType::kDecimal, "type_mismatch"},
      {Value::String("-"), ValueType::kDecimal, "type_mismatch"},
      {Value::String("1.23456"), ValueType::kDecimal, "type_mismatch"},
      {Value::String("1."), ValueType::kDecimal, "type_mismatch"},
      {Value::String("1.-5"), ValueType::kDecimal, "type_mismatch"},
      {Value::String(".5"), ValueType::kDecimal, "type_mismatch"},
      {Value::String("922337203685477.9999"), ValueType::kDecimal, "type_mismatch"},
      {Value::String("2026-02-30"), ValueType::kDate, "bad_time"},
      {Value::String("2026-03-02 10:00:00"), ValueType::kDateTime, "bad_time"},
      {Value::DateTime(0), ValueType::kDate, "type_mismatch"},
  };
  for (const auto& c : cases) {
    Value value = c.from;
    EXPECT_EQ(Coerce(c.to, &value), c.why) << c.from.text << " to " << ValueTypeName(c.to);
    EXPECT_EQ(value, c.from);
  }
}

}  // namespace
}  // namespace waypost

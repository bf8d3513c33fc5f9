#include "model/coerce.h"

#include <charconv>
#include <cmath>
#include <optional>

#include "model/time_text.h"

namespace waypost {
namespace {

constexpr int64_t kFirstPlausibleMs = 315'532'800'000;  // 1980-01-01
constexpr int64_t kEndPlausibleMs = 4'102'444'800'000;  // 2100-01-01
constexpr int64_t kExactDouble = int64_t{1} << 53;      // every smaller whole number is a double

std::optional<int64_t> WholeOf(double real) {
  if (std::abs(real) > static_cast<double>(kExactDouble) || real != std::trunc(real)) return {};
  return static_cast<int64_t>(real);
}

// Ten-thousandths of a double that a person wrote with up to four decimals.
std::optional<int64_t> DecimalOf(double real) {
  const double scaled = real * kDecimalScale;
  const double nearest = std::nearbyint(scaled);
  if (std::abs(nearest) > static_cast<double>(kExactDouble)) return {};
  if (std::abs(scaled - nearest) > 1e-12 * std::abs(nearest) + 1e-9) return {};
  return static_cast<int64_t>(nearest);
}

std::optional<int64_t> DecimalOf(int64_t whole) {
  int64_t scaled;
  if (__builtin_mul_overflow(whole, kDecimalScale, &scaled)) return {};
  return scaled;
}

// "-12.3400": an optional minus, digits, and up to four decimals.
std::optional<int64_t> DecimalOf(std::string_view text) {
  const size_t point = text.find('.');
  const std::string_view whole_text = text.substr(0, point);
  int64_t whole = 0;
  const auto [end, error] =
      std::from_chars(whole_text.data(), whole_text.data() + whole_text.size(), whole);
  if (error != std::errc() || end != whole_text.data() + whole_text.size()) return {};
  if (whole_text.back() == '-' || whole_text.front() == '+') return {};
  int64_t parts = 0;
  if (point != std::string_view::npos) {
    std::string_view decimals = text.substr(point + 1);
    if (decimals.empty() || decimals.size() > 4) return {};
    for (size_t i = 0; i < 4; ++i) {
      const char c = i < decimals.size() ? decimals[i] : '0';
      if (c < '0' || c > '9') return {};
      parts = parts * 10 + (c - '0');
    }
  }
  const std::optional<int64_t> scaled = DecimalOf(whole);
  int64_t sum;
  const int64_t signed_parts = text.front() == '-' ? -parts : parts;
  if (!scaled || __builtin_add_overflow(*scaled, signed_parts, &sum)) return {};
  return sum;
}

std::optional<Value> ToInt(const Value& value) {
  std::optional<int64_t> whole;
  if (value.type == ValueType::kDouble) whole = WholeOf(value.real);
  if (value.type == ValueType::kDecimal && value.whole % kDecimalScale == 0) {
    whole = value.whole / kDecimalScale;
  }
  return whole ? std::optional(Value::Int(*whole)) : std::nullopt;
}

std::optional<Value> ToDouble(const Value& value) {
  if (value.type == ValueType::kDecimal) {
    return Value::Double(static_cast<double>(value.whole) / kDecimalScale);
  }
  if (value.type != ValueType::kInt || std::abs(static_cast<double>(value.whole)) > kExactDouble) {
    return {};
  }
  return Value::Double(static_cast<double>(value.whole));
}

std::optional<Value> ToDecimal(const Value& value) {
  std::optional<int64_t> scaled;
  if (value.type == ValueType::kInt) scaled = DecimalOf(value.whole);
  if (value.type == ValueType::kDouble) scaled = DecimalOf(value.real);
  if (value.type == ValueType::kString) scaled = DecimalOf(value.text);
  return scaled ? std::optional(Value::Decimal(*scaled)) : std::nullopt;
}

std::optional<Value> ToDateTime(const Value& value) {
  if (value.type == ValueType::kInt && value.whole >= kFirstPlausibleMs &&
      value.whole < kEndPlausibleMs) {
    return Value::DateTime(value.whole);
  }
  if (value.type != ValueType::kString) return {};
  const std::optional<WrittenTime> time = ParseDateTime(value.text);
  if (!time || !time->offset_minutes) return {};
  return Value::DateTime(time->UtcMs());
}

std::optional<Value> ToDate(const Value& value) {
  if (value.type != ValueType::kString) return {};
  const std::optional<int64_t> days = ParseDate(value.text);
  return days ? std::optional(Value::Date(*days)) : std::nullopt;
}

std::optional<Value> Converted(ValueType type, const Value& value) {
  switch (type) {
    case ValueType::kInt:
      return ToInt(value);
    case ValueType::kDouble:
      return ToDouble(value);
    case ValueType::kDecimal:
      return ToDecimal(value);
    case ValueType::kDateTime:
      return ToDateTime(value);
    case ValueType::kDate:
      return ToDate(value);
    case ValueType::kBool:
    case ValueType::kString:
    case ValueType::kList:
      return {};
  }
  return {};
}

}  // namespace

std::string_view Coerce(ValueType type, Value* value) {
  if (const std::optional<Value> converted = Converted(type, *value)) {
    *value = *converted;
    return {};
  }
  const bool wants_time = type == ValueType::kDateTime || type == ValueType::kDate;
  return wants_time && value->type == ValueType::kString ? "bad_time" : "type_mismatch";
}

}  // namespace waypost

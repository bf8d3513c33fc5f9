#include "files/cell_reader.h"

#include <array>
#include <charconv>
#include <cmath>

#include "model/batch.h"
#include "model/time_text.h"

namespace waypost::files {
namespace {

template <typename T>
std::optional<T> ParseNumber(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<bool> ParseBool(std::string_view text) {
  static constexpr std::string_view kYes[] = {"1", "true", "yes", "y", "t", "是"};
  static constexpr std::string_view kNo[] = {"0", "false", "no", "n", "f", "否"};
  std::array<char, 8> lower{};
  if (text.size() > lower.size()) return std::nullopt;
  for (size_t i = 0; i < text.size(); ++i) {
    lower[i] = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + 32) : text[i];
  }
  const std::string_view word(lower.data(), text.size());
  for (const std::string_view yes : kYes) {
    if (word == yes) return true;
  }
  for (const std::string_view no : kNo) {
    if (word == no) return false;
  }
  return std::nullopt;
}

std::string DecimalText(int64_t ten_thousandths) {
  const bool negative = ten_thousandths < 0;
  const uint64_t size = negative ? 0 - static_cast<uint64_t>(ten_thousandths)
                                 : static_cast<uint64_t>(ten_thousandths);
  std::string fraction = std::to_string(size % kDecimalScale);
  fraction.insert(0, 4 - fraction.size(), '0');
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return (negative ? "-" : "") + std::to_string(size / kDecimalScale) +
         (fraction.empty() ? "" : "." + fraction);
}

std::string DoubleText(double value) {
  std::array<char, 32> text;
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

std::string ListText(std::string_view packed) {
  std::string out;
  for (const std::string_view item : ListItems(packed)) {
    if (!out.empty()) out += '|';
    out += item;
  }
  return out;
}

}  // namespace

std::string_view CellText(const Value& value, std::string* scratch) {
  switch (value.type) {
    case ValueType::kString:
      return value.text;
    case ValueType::kBool:
      return value.whole ? "true" : "false";
    case ValueType::kInt:
      *scratch = std::to_string(value.whole);
      break;
    case ValueType::kDouble:
      *scratch = DoubleText(value.real);
      break;
    case ValueType::kDecimal:
      *scratch = DecimalText(value.whole);
      break;
    case ValueType::kDateTime:
      *scratch = DateTimeText(value.whole);
      break;
    case ValueType::kDate:
      *scratch = DateText(value.whole);
      break;
    case ValueType::kList:
      *scratch = ListText(value.text);
      break;
  }
  return *scratch;
}

bool PlainDigits(std::string_view text, std::string* out) {
  out->clear();
  bool wide = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char plain = text[i];
    // U+FF0B..U+FF19 are EF BC 8B..99: + , - . / and digits, as ASCII from '+' on.
    if (text.substr(i).starts_with("\xEF\xBC") && i + 2 < text.size()) {
      plain = static_cast<char>(static_cast<uint8_t>(text[i + 2]) - 0x8B + '+');
      i += 2;
      wide = true;
    }
    if (!(plain >= '0' && plain <= '9') && plain != '+' && plain != '-' && plain != '.')
      return false;
    out->push_back(plain);
  }
  return wide;
}

std::optional<int64_t> ParseDecimal(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const size_t point = text.find('.');
  std::string digits(text.substr(0, point));
  std::string_view fraction = point == text.npos ? "" : text.substr(point + 1);
  if (digits.empty() && fraction.empty()) return std::nullopt;
  while (fraction.size() > 4 && fraction.back() == '0') fraction.remove_suffix(1);
  if (fraction.size() > 4) return std::nullopt;
  digits.append(fraction).append(4 - fraction.size(), '0');
  if (digits.find_first_not_of("0123456789") != digits.npos) return std::nullopt;
  if (negative) digits.insert(0, 1, '-');
  return ParseNumber<int64_t>(digits);
}

Result<CellReader> CellReader::Make(ValueType type, std::string_view format,
                                    std::string_view separator, const std::string& zone) {
  const bool number =
      type == ValueType::kInt || type == ValueType::kDecimal || type == ValueType::kDouble;
  const bool grouped = number && format != "iso";
  CellReader reader(type, separator, TRY(TimeReader::Make(grouped ? "iso" : format, zone)));
  if (!grouped) return reader;
  if (format != "1,234.5" && format != "1.234,5" && format != "1 234,5") {
    return Error(Code::kInvalid, "bad_mapping",
                 "\"" + std::string(format) +
                     "\" is no format of numbers: use \"1,234.5\", \"1.234,5\" or \"1 234,5\"");
  }
  reader.thousands_ = format[1];
  reader.decimal_mark_ = format[5];
  return reader;
}

// The number as programs write it.
std::string_view CellReader::Ungrouped(std::string_view text) {
  if (!thousands_) return text;
  plain_.clear();
  for (const char c : text) {
    if (c != thousands_) plain_ += c == decimal_mark_ ? '.' : c == '.' ? ',' : c;
  }
  return plain_;
}

std::optional<Value> CellReader::Read(const Field& field, std::string_view* reason) {
  if (field.kind == Field::Kind::kText) return ReadText(field.value.text, reason);
  if (field.value.type == type_) return field.value;
  return ReadText(CellText(field.value, &scratch_), reason);
}

std::optional<Value> CellReader::ReadText(std::string_view text, std::string_view* reason) {
  const auto give = [&](auto number, auto make, std::string_view why) -> std::optional<Value> {
    if (number) return make(*number);
    *reason = why;
    return std::nullopt;
  };
  switch (type_) {
    case ValueType::kString:
      return Value::String(text);
    case ValueType::kList:
      return ReadList(text);
    case ValueType::kInt:
      return give(ParseNumber<int64_t>(Ungrouped(text)), Value::Int, "is not a whole number");
    case ValueType::kBool:
      return give(ParseBool(text), Value::Bool, "is not true or false");
    case ValueType::kDecimal:
      return give(ParseDecimal(Ungrouped(text)), Value::Decimal,
                  "is not a number with at most four decimals");
    case ValueType::kDouble: {
      const auto number = ParseNumber<double>(Ungrouped(text));
      return give(number && std::isfinite(*number) ? number : std::nullopt, Value::Double,
                  "is not a number");
    }
    case ValueType::kDateTime: {
      const auto ms = time_.DateTime(text, reason);
      return ms ? std::optional(Value::DateTime(*ms)) : std::nullopt;
    }
    case ValueType::kDate: {
      const auto days = time_.Date(text, reason);
      return days ? std::optional(Value::Date(*days)) : std::nullopt;
    }
  }
  return std::nullopt;
}

Value CellReader::ReadList(std::string_view text) {
  ByteWriter packed;
  while (!text.empty()) {
    const size_t end = text.find(separator_);
    packed.Text(text.substr(0, end));
    text = end == text.npos ? std::string_view() : text.substr(end + separator_.size());
  }
  packed_ = AsText(packed.bytes());
  return Value::List(packed_);
}

}  // namespace waypost::files

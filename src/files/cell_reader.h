// Cells to values of the type a mapping wants.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "files/record_source.h"
#include "files/time_reader.h"
#include "model/value.h"

namespace waypost::files {

// The value of a cell as text: what it would look like in a CSV file. The view borrows from the
// value or from *scratch. Lists are joined by '|'.
std::string_view CellText(const Value& value, std::string* scratch);

// "１３８" to "138": when text is made of full-width digits and signs and plain ones, and of at
// least one full-width. Returns whether it was; *out then holds the plain ones.
bool PlainDigits(std::string_view text, std::string* out);

// Exact ten-thousandths of "-12.34". Nothing for more than four decimals (zeros apart), or too
// large.
std::optional<int64_t> ParseDecimal(std::string_view text);

// Reads cells of one column. Belongs to one thread.
class CellReader {
 public:
  // Numbers may have the format "1,234.5", "1.234,5" or "1 234,5": thousands are set apart by that
  // sign, wherever it stands, and the other one is the decimal mark. kInvalid ("bad_mapping") for
  // an impossible format or zone.
  static Result<CellReader> Make(ValueType type, std::string_view format,
                                 std::string_view separator, const std::string& zone);

  ValueType type() const { return type_; }
  // The value; or nothing, and why ("is not a whole number"). Text of the value borrows from the
  // field or this reader, until the next call.
  std::optional<Value> Read(const Field& field, std::string_view* reason);

 private:
  CellReader(ValueType type, std::string_view separator, TimeReader time)
      : type_(type), separator_(separator), time_(std::move(time)) {}
  std::optional<Value> ReadText(std::string_view text, std::string_view* reason);
  std::string_view Ungrouped(std::string_view text);
  Value ReadList(std::string_view text);

  ValueType type_;
  std::string separator_;
  TimeReader time_;
  char thousands_ = 0, decimal_mark_ = '.';  // thousands_: 0 when numbers are written plainly
  std::string scratch_, plain_, packed_;
};

}  // namespace waypost::files

// Rows on their way out: what an export reads and a file format writes.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "base/result.h"
#include "model/value.h"

namespace waypost::files {

struct OutputColumn {
  std::string name;
  ValueType type = ValueType::kString;
};

// Belongs to one thread.
class RowCursor {
 public:
  virtual ~RowCursor() = default;
  virtual std::span<const OutputColumn> columns() const = 0;
  // The next row, one cell a column, of its type or nothing; valid until the next call. Empty at
  // the end.
  virtual std::span<const std::optional<Value>> Next() = 0;
};

}  // namespace waypost::files

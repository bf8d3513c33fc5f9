#include "model/value.h"

namespace waypost {

std::string_view ValueTypeName(ValueType type) {
  switch (type) {
    case ValueType::kBool:
      return "bool";
    case ValueType::kInt:
      return "int";
    case ValueType::kDouble:
      return "double";
    case ValueType::kDecimal:
      return "decimal";
    case ValueType::kString:
      return "string";
    case ValueType::kDateTime:
      return "datetime";
    case ValueType::kDate:
      return "date";
    case ValueType::kList:
      return "list";
  }
  return "unknown";
}

}  // namespace waypost

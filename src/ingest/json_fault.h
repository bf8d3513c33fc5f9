// Finds what is wrong with a JSON text and where: the slow path, taken only when the fast parser
// has refused the text without saying why.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace waypost::ingest {

struct JsonFault {
  size_t offset = 0;      // of the first wrong byte
  bool encoding = false;  // not UTF-8, or half a surrogate pair; else grammar
  std::string_view what;  // "a comma or bracket is missing", ...
};

struct JsonFinding {
  std::optional<JsonFault> fault;
  // Without a fault: the text with kUnkeepableNumber for every number out of range.
  std::string repaired;
};

// REQUIRES: depth counts from 1 at the outermost bracket; more than `max_depth` is a fault.
JsonFinding FindJsonFault(std::string_view text, size_t max_depth);

}  // namespace waypost::ingest

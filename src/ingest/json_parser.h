// JSON text to a tree, strictly (RFC 8259), at most kMaxJsonDepth deep. One parser per thread; it
// keeps its buffers from one text to the next.
//
// A number that is well-formed but cannot be kept (1e999, 2^64) does not fail the text: in its
// place stands a string for which IsUnkeepableNumber is true, so that only the record it is in is
// refused.
#pragma once

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace waypost::ingest {

inline constexpr std::string_view kUnkeepableNumber("\0number out of range", 20);

inline bool IsUnkeepableNumber(std::string_view text) {
  return text.size() == kUnkeepableNumber.size() && text == kUnkeepableNumber;
}

// What an element holds. REQUIRES: it is of that type.
inline simdjson::dom::object ObjectOf(simdjson::dom::element element) {
  return element.get_object().value_unsafe();
}
inline simdjson::dom::array ListOf(simdjson::dom::element element) {
  return element.get_array().value_unsafe();
}
inline std::string_view TextOf(simdjson::dom::element element) {
  return element.get_string().value_unsafe();
}
// Empty when there is none, or it is no text.
inline std::string_view TextOf(const std::optional<simdjson::dom::element>& element) {
  std::string_view text;
  return element && !element->get_string().get(text) ? text : std::string_view();
}

class JsonParser {
 public:
  // The tree lives until the next Parse. A UTF-8 byte order mark is passed over. Errors: kInvalid,
  // "bad_json" or, where bytes are not UTF-8 or an escape names half a surrogate pair,
  // "bad_encoding"; messages say the byte offset, counted from `offset` at the start of `text`, and
  // never quote it.
  Result<simdjson::dom::element> Parse(std::string_view text, size_t offset = 0);

 private:
  simdjson::error_code ParsePadded(std::string_view text, simdjson::dom::element* tree);

  simdjson::dom::parser parser_;
  std::string padded_;
};

}  // namespace waypost::ingest

#include "ingest/json_parser.h"

#include <algorithm>

#include "ingest/json_fault.h"
#include "ingest/limits.h"

namespace waypost::ingest {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr size_t kMinCapacity = 64 << 10;

Error FaultError(const JsonFault& fault, size_t offset) {
  const std::string where = " at byte " + std::to_string(offset + fault.offset) + ": ";
  if (fault.encoding) {
    return Error(Code::kInvalid, "bad_encoding", "bad encoding" + where + std::string(fault.what));
  }
  return Error(Code::kInvalid, "bad_json", "not JSON" + where + std::string(fault.what));
}

}  // namespace

simdjson::error_code JsonParser::ParsePadded(std::string_view text, simdjson::dom::element* tree) {
  if (text.size() > parser_.capacity()) {
    const size_t capacity = std::max(kMinCapacity, text.size() + text.size() / 2);
    if (const auto error = parser_.allocate(capacity, kMaxJsonDepth)) return error;
  }
  padded_.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  padded_.assign(text);
  padded_.append(simdjson::SIMDJSON_PADDING, ' ');
  return parser_.parse(padded_.data(), text.size(), /*realloc_if_needed=*/false).get(*tree);
}

Result<simdjson::dom::element> JsonParser::Parse(std::string_view text, size_t offset) {
  if (text.starts_with(kByteOrderMark)) {
    text.remove_prefix(kByteOrderMark.size());
    offset += kByteOrderMark.size();
  }
  simdjson::dom::element tree;
  if (!ParsePadded(text, &tree)) return tree;
  const JsonFinding finding = FindJsonFault(text, kMaxJsonDepth);
  if (finding.fault) return FaultError(*finding.fault, offset);
  if (!ParsePadded(finding.repaired, &tree)) return tree;
  return FaultError({.what = "the document cannot be read"}, offset);
}

}  // namespace waypost::ingest

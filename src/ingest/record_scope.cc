#include "ingest/record_scope.h"

#include "ingest/limits.h"

namespace waypost::ingest {

std::string_view JudgeEventName(std::string_view name) {
  if (name.empty() || name.size() > kMaxNameSize) return "bad_event_name";
  if (name.starts_with("$internal_") || name.starts_with("$waypost_")) return "reserved_name";
  return {};
}

std::string FollowUpKey(std::string_view dedup_key, std::string_view what) {
  if (dedup_key.empty()) return {};
  return "\n" + std::string(what) + "\n" + std::string(dedup_key);  // no source begins so
}

std::optional<std::string_view> IdText(simdjson::dom::element value, std::string* number) {
  std::string_view text;
  int64_t whole;
  if (!value.get_int64().get(whole)) {
    *number = std::to_string(whole);
    return *number;
  }
  if (value.get_string().get(text) || text.size() > kMaxIdSize) return std::nullopt;
  return text;
}

}  // namespace waypost::ingest

#include "ingest/identity_list.h"

#include <algorithm>
#include <array>

#include "ingest/json_parser.h"
#include "ingest/limits.h"
#include "ingest/sensitive_names.h"

namespace waypost::ingest {
namespace {

constexpr std::string_view kWirePrefix = "$identity_";

// What broken clients send for "nobody", lower case.
constexpr std::string_view kPlaceholders[] = {
    "null",    "undefined", "none", "nil", "nan",    "true",           "false",
    "unknown", "anonymous", "-1",   "n/a", "(null)", "[object object]"};

bool IsPlaceholder(std::string_view value) {
  if (value.find_first_not_of("0-") == std::string_view::npos) return true;
  std::array<char, 16> lower;
  if (value.size() > lower.size()) return false;
  std::ranges::transform(value, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
  const std::string_view text(lower.data(), value.size());
  return text.find_first_not_of(' ') == std::string_view::npos ||
         std::ranges::find(kPlaceholders, text) != std::end(kPlaceholders);
}

}  // namespace

std::string_view IdentityKey(std::string_view wire_key) {
  if (!wire_key.starts_with(kWirePrefix)) return wire_key;
  const std::string_view key = wire_key.substr(kWirePrefix.size());
  if (key == "login_id") return kLoginKey;
  if (key == "anonymous_id") return kDeviceKey;
  if (key == "cookie_id") return "cookie";
  if (key == "mobile") return "phone";
  return key;
}

void IdentityList::Clear() {
  list_.clear();
  numbers_.clear();
  problem_ = {};
  has_placeholder_ = false;
}

void IdentityList::Fail(std::string_view problem) {
  if (problem_.empty()) problem_ = problem;
}

void IdentityList::Add(std::string_view key, simdjson::dom::element value) {
  switch (value.type()) {
    case simdjson::dom::element_type::STRING:
      return Add(key, TextOf(value));
    case simdjson::dom::element_type::INT64:
      return Add(key, numbers_.emplace_back(std::to_string(value.get_int64().value_unsafe())));
    case simdjson::dom::element_type::ARRAY:
      for (const simdjson::dom::element item : ListOf(value)) {
        if (item.is_array()) return Fail("bad_id");
        Add(key, item);
      }
      return;
    case simdjson::dom::element_type::NULL_VALUE:
      return;
    default:
      Fail("bad_id");
  }
}

void IdentityList::Add(std::string_view key, std::string_view value) {
  if (value.empty()) return;
  if (value.size() > kMaxIdSize) return Fail("bad_id");
  if (IsPlaceholder(value)) {
    has_placeholder_ = true;
    return;
  }
  const IdentityView identity{key, value};
  if (std::ranges::find(list_, identity) == list_.end()) list_.push_back(identity);
}

void IdentityList::AddTyped(std::string_view wire_key, simdjson::dom::element value) {
  const std::string_view key = IdentityKey(wire_key);
  if (key.empty() || key.size() > kMaxNameSize) return Fail("bad_id");
  if (IsSensitiveName(key)) return Fail("sensitive");
  Add(key, value);
}

bool IdentityList::Has(std::string_view value) const {
  return std::ranges::find(list_, value, &IdentityView::value) != list_.end();
}

void IdentityList::Order(std::string_view distinct_id) {
  const auto rank = [&](const IdentityView& identity) {
    return identity.key == kLoginKey ? 0 : identity.value == distinct_id ? 1 : 2;
  };
  std::ranges::stable_sort(list_, {}, rank);
}

void IdentityList::WriteTo(RecordWriter& writer) const {
  for (const IdentityView& identity : list_) writer.AddIdentity(identity.key, identity.value);
}

}  // namespace waypost::ingest

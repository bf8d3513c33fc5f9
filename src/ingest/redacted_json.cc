#include "ingest/redacted_json.h"

#include <algorithm>

#include "base/logger.h"
#include "ingest/identity_list.h"
#include "ingest/json_parser.h"
#include "ingest/sensitive_names.h"

namespace waypost::ingest {
namespace {

constexpr size_t kEnough = 4 << 10;
constexpr size_t kMaxShownText = 200;
constexpr std::string_view kCredentials[] = {"writeKey", "write_key", "token",
                                             "api_key",  "apiKey",    "authorization"};

// Where identities come in one format or another.
constexpr std::string_view kIdentities[] = {"identities", "distinct_id",  "original_id",
                                            "login_id",   "anonymous_id", "userId",
                                            "previousId", "anonymousId",  "externalIds"};

bool AreIn(std::string_view name, std::span<const std::string_view> list) {
  return std::ranges::find(list, name) != list.end();
}

class Redactor {
 public:
  explicit Redactor(std::span<const std::string> hashed_keys) : hashed_keys_(hashed_keys) {}
  void Put(simdjson::dom::element element);
  std::string Take() { return std::move(out_); }

 private:
  bool IsSecret(std::string_view name) const;
  void PutText(std::string_view text);
  void PutObject(simdjson::dom::object object);
  void PutList(simdjson::dom::array list);

  const std::span<const std::string> hashed_keys_;
  std::string out_;
};

bool Redactor::IsSecret(std::string_view name) const {
  if (IsSensitiveName(name) || AreIn(name, kCredentials)) return true;
  if (hashed_keys_.empty()) return false;
  return AreIn(name, kIdentities) ||
         std::ranges::find(hashed_keys_, IdentityKey(name)) != hashed_keys_.end();
}

void Redactor::PutText(std::string_view text) {
  if (IsUnkeepableNumber(text)) text.remove_prefix(1);
  if (text.size() <= kMaxShownText) {
    out_ += JsonQuoted(text);
    return;
  }
  size_t size = kMaxShownText;
  while (size > 0 && (text[size] & 0xC0) == 0x80) --size;  // not inside a UTF-8 sequence
  out_ += JsonQuoted(std::string(text.substr(0, size)) + "…");
}

void Redactor::PutObject(simdjson::dom::object object) {
  out_ += '{';
  for (const auto [name, value] : object) {
    if (out_.size() > kEnough) break;
    if (out_.back() != '{') out_ += ',';
    PutText(name);
    out_ += ':';
    if (IsSecret(name)) {
      out_ += R"("***")";
    } else {
      Put(value);
    }
  }
  out_ += '}';
}

void Redactor::PutList(simdjson::dom::array list) {
  out_ += '[';
  for (const simdjson::dom::element value : list) {
    if (out_.size() > kEnough) break;
    if (out_.back() != '[') out_ += ',';
    Put(value);
  }
  out_ += ']';
}

void Redactor::Put(simdjson::dom::element element) {
  switch (element.type()) {
    case simdjson::dom::element_type::OBJECT:
      return PutObject(ObjectOf(element));
    case simdjson::dom::element_type::ARRAY:
      return PutList(ListOf(element));
    case simdjson::dom::element_type::STRING:
      return PutText(TextOf(element));
    default:
      out_ += simdjson::minify(element);
  }
}

}  // namespace

std::string RedactedJson(simdjson::dom::element element, std::span<const std::string> hashed_keys) {
  Redactor redactor(hashed_keys);
  redactor.Put(element);
  return redactor.Take();
}

}  // namespace waypost::ingest

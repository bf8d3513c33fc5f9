#include "ingest/redacted_json.h"

#include <algorithm>

#include "base/logger.h"
#include "ingest/json_parser.h"
#include "ingest/sensitive_names.h"

namespace waypost::ingest {
namespace {

constexpr size_t kEnough = 4 << 10;
constexpr size_t kMaxShownText = 200;
constexpr std::string_view kCredentials[] = {"writeKey", "write_key", "token",
                                             "api_key",  "apiKey",    "authorization"};

bool IsSecret(std::string_view name) {
  return IsSensitiveName(name) || std::ranges::find(kCredentials, name) != std::end(kCredentials);
}

void Put(std::string& out, simdjson::dom::element element);

void PutText(std::string& out, std::string_view text) {
  if (IsUnkeepableNumber(text)) text.remove_prefix(1);
  if (text.size() <= kMaxShownText) {
    out += JsonQuoted(text);
    return;
  }
  size_t size = kMaxShownText;
  while (size > 0 && (text[size] & 0xC0) == 0x80) --size;  // not inside a UTF-8 sequence
  out += JsonQuoted(std::string(text.substr(0, size)) + "…");
}

void PutObject(std::string& out, simdjson::dom::object object) {
  out += '{';
  for (const auto [name, value] : object) {
    if (out.size() > kEnough) break;
    if (out.back() != '{') out += ',';
    PutText(out, name);
    out += ':';
    if (IsSecret(name)) {
      out += R"("***")";
    } else {
      Put(out, value);
    }
  }
  out += '}';
}

void PutList(std::string& out, simdjson::dom::array list) {
  out += '[';
  for (const simdjson::dom::element value : list) {
    if (out.size() > kEnough) break;
    if (out.back() != '[') out += ',';
    Put(out, value);
  }
  out += ']';
}

void Put(std::string& out, simdjson::dom::element element) {
  switch (element.type()) {
    case simdjson::dom::element_type::OBJECT:
      return PutObject(out, ObjectOf(element));
    case simdjson::dom::element_type::ARRAY:
      return PutList(out, ListOf(element));
    case simdjson::dom::element_type::STRING:
      return PutText(out, TextOf(element));
    default:
      out += simdjson::minify(element);
  }
}

}  // namespace

std::string RedactedJson(simdjson::dom::element element) {
  std::string out;
  Put(out, element);
  return out;
}

}  // namespace waypost::ingest

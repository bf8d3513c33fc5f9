#include "channels/placeholders.h"

#include <fmt/format.h>

#include <algorithm>

namespace waypost::channels {
namespace {

Error Unfit(std::string what) { return Error(Code::kInvalid, "render_error", std::move(what)); }

std::string_view XmlOf(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

bool IsUnreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

void Put(char c, Place place, std::string* out) {
  if (place == Place::kUrl && !IsUnreserved(c)) {
    *out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  } else if (place == Place::kJson && (c == '"' || c == '\\')) {
    (*out += '\\') += c;
  } else if (place == Place::kJson && static_cast<unsigned char>(c) < 0x20) {
    *out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
  } else if (const std::string_view xml = XmlOf(c); place == Place::kXml && !xml.empty()) {
    *out += xml;
  } else {
    *out += c;
  }
}

// Text and names by turns.
Result<> Walk(std::string_view text, const std::function<void(std::string_view)>& plain,
              const std::function<Result<>(std::string_view)>& name) {
  while (true) {
    const size_t begin = text.find("{{");
    plain(text.substr(0, begin));
    if (begin == text.npos) return {};
    const size_t end = text.find("}}", begin);
    if (end == text.npos) return Unfit("a '{{' is not closed");
    TRY(name(text.substr(begin + 2, end - begin - 2)));
    text.remove_prefix(end + 2);
  }
}

}  // namespace

Result<std::string> Fill(std::string_view text, Place place, const Lookup& lookup) {
  std::string out;
  TRY(Walk(
      text, [&](std::string_view plain) { out += plain; },
      [&](std::string_view name) -> Result<> {
        const std::optional<std::string> value = lookup(name);
        if (!value) return Unfit("there is no value for " + std::string(name));
        const bool breaks = value->find_first_of(std::string_view("\r\n\0", 3)) != value->npos;
        if (place == Place::kHeader && breaks) {
          return Unfit(std::string(name) + " has a line break and stands in a header");
        }
        for (const char c : *value) Put(c, place, &out);
        return {};
      }));
  return out;
}

Result<> ForEachName(std::string_view text, const std::function<void(std::string_view)>& visit) {
  return Walk(
      text, [](std::string_view) {},
      [&](std::string_view name) -> Result<> {
        visit(name);
        return {};
      });
}

}  // namespace waypost::channels

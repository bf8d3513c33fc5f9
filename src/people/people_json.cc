#include "people/people_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

namespace waypost::people {
namespace {

namespace json = boost::json;

Error WrongKind(std::string_view name, std::string_view kind) {
  return Error(Code::kInvalid, "bad_request", fmt::format("'{}' has to be {}.", name, kind));
}

}  // namespace

Result<json::object> ReadKept(const std::string& text) {
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  if (error || !value.is_object())
    return Error(Code::kCorrupt, "something in people.db cannot be read");
  return std::move(value.get_object());
}

std::string KeptText(const json::object& fields, std::string_view name) {
  const json::value* value = fields.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::vector<std::string> KeptTexts(const json::object& fields, std::string_view name) {
  std::vector<std::string> texts;
  const json::value* value = fields.if_contains(name);
  if (value == nullptr || !value->is_array()) return texts;
  for (const json::value& text : value->get_array()) {
    if (text.is_string()) texts.emplace_back(text.get_string());
  }
  return texts;
}

Result<json::object> ReadSent(std::string_view body,
                              std::initializer_list<std::string_view> names) {
  boost::system::error_code error;
  json::value value = json::parse(body, error);
  if (error) return Error(Code::kInvalid, "bad_json", "Send JSON: " + error.message());
  if (!value.is_object()) return Error(Code::kInvalid, "bad_json", "Send a JSON object.");
  for (const auto& field : value.get_object()) {
    if (std::ranges::find(names, std::string_view(field.key())) == names.end()) {
      return Error(Code::kInvalid, "bad_request",
                   fmt::format("'{}': there is no such field.", std::string_view(field.key())));
    }
  }
  return std::move(value.get_object());
}

Result<std::string> SentText(const json::object& fields, std::string_view name) {
  const json::value* value = fields.if_contains(name);
  if (value == nullptr || !value->is_string()) return WrongKind(name, "a text");
  return std::string(value->get_string());
}

Result<std::string> SentTextOr(const json::object& fields, std::string_view name,
                               std::string otherwise) {
  return fields.contains(name) ? SentText(fields, name) : Result<std::string>(std::move(otherwise));
}

Result<bool> SentFlag(const json::object& fields, std::string_view name) {
  const json::value* value = fields.if_contains(name);
  if (value == nullptr || !value->is_bool()) return WrongKind(name, "true or false");
  return value->get_bool();
}

Result<std::vector<std::string>> SentTexts(const json::object& fields, std::string_view name) {
  const json::value* value = fields.if_contains(name);
  if (value == nullptr || !value->is_array()) return WrongKind(name, "a list of texts");
  std::vector<std::string> texts;
  for (const json::value& text : value->get_array()) {
    if (!text.is_string()) return WrongKind(name, "a list of texts");
    texts.emplace_back(text.get_string());
  }
  return texts;
}

Result<> CheckTitle(std::string_view title) {
  const bool control = std::ranges::any_of(title, [](char c) { return c >= 0 && c < ' '; });
  if (title.size() <= kMaxTitle && !control) return {};
  return Error(Code::kInvalid, "bad_title",
               fmt::format("A title is one line of at most {} bytes.", kMaxTitle));
}

}  // namespace waypost::people

// JSON as this layer reads it: what it kept itself, and what callers send.
#pragma once

#include <boost/json/object.hpp>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace waypost::people {

inline constexpr size_t kMaxTitle = 100;  // bytes

// Kept by us. Errors: kCorrupt when it is no object; what is missing or of another kind is empty.
Result<boost::json::object> ReadKept(const std::string& text);
std::string KeptText(const boost::json::object& fields, std::string_view name);
std::vector<std::string> KeptTexts(const boost::json::object& fields, std::string_view name);

// Sent: an object that has no fields but `names`. Errors: kInvalid "bad_json", "bad_request".
Result<boost::json::object> ReadSent(std::string_view body,
                                     std::initializer_list<std::string_view> names);
// Errors: kInvalid "bad_request" naming the field.
Result<std::string> SentText(const boost::json::object& fields, std::string_view name);
Result<std::string> SentTextOr(const boost::json::object& fields, std::string_view name,
                               std::string otherwise);
Result<bool> SentFlag(const boost::json::object& fields, std::string_view name);
Result<std::vector<std::string>> SentTexts(const boost::json::object& fields,
                                           std::string_view name);

// One line of at most kMaxTitle bytes. Errors: kInvalid "bad_title".
Result<> CheckTitle(std::string_view title);

}  // namespace waypost::people

// Bodies and answers of the calls about tags.
#pragma once

#include <boost/json.hpp>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"

namespace waypost::tags {

inline constexpr std::string_view kBadTag = "bad_tag";  // the name of what is wrong with one
Error BadTag(std::string_view what);

// An object; empty text is an empty one.
Result<boost::json::object> ReadBody(std::string_view body);
// No members but these.
Result<> Only(const boost::json::object& body, std::initializer_list<std::string_view> keys);
// A member that is a text; empty when it is not there.
Result<std::string> Text(const boost::json::object& body, std::string_view key);
// A member that is a date, as days since 1970; nothing when it is not there.
Result<std::optional<int64_t>> Day(const boost::json::object& body, std::string_view key);

// Of what we wrote ourselves: empty when it is not there.
std::string_view TextOf(const boost::json::object& body, std::string_view key);
inline constexpr size_t kAllEntries = std::numeric_limits<int64_t>::max();
boost::json::object EntryBody(const catalog::Entry& entry);

boost::json::object EntryJson(const catalog::Entry& entry);
boost::json::object DefinitionJson(const catalog::Definition& definition);
boost::json::array ReferencesJson(const std::vector<catalog::Reference>& references);

}  // namespace waypost::tags

// JSON bodies and answers of segments and lists.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"
#include "eql/rule.h"

namespace waypost::segments {

inline constexpr std::string_view kSegment = "segment";
inline constexpr std::string_view kList = "list";

inline constexpr std::string_view kBadSegment = "bad_request";  // the name of what is wrong in one
// kInvalid "bad_request".
Error Bad(std::string_view what);

// Errors: kInvalid "bad_json", "bad_request" for what is no object.
Result<boost::json::object> ReadBody(std::string_view body);
// A member that is a text of up to `most` bytes; empty when it is not there.
Result<std::string> Text(const boost::json::object& body, std::string_view key, size_t most = 200);
// No members but these. The error suggests what was meant.
Result<> Only(const boost::json::object& body, std::initializer_list<std::string_view> keys);

// What decides who is in the segment now; nothing of one that is run.
Result<std::optional<eql::Query>> LiveRuleOf(const catalog::Definition& segment);

boost::json::object DefinitionJson(const catalog::Definition& definition);
boost::json::array ReferencesJson(const std::vector<catalog::Reference>& references);

// A run that was kept, or an upload.
boost::json::object EntryJson(const catalog::Entry& entry);
// A run that failed is an entry as well; it carries the last one that was kept before it.
bool IsFailure(const catalog::Entry& entry);
boost::json::object FailureJson(const catalog::Entry& entry);
// As EntryJson, of the entry or of the last run before it that was kept; empty when there is none.
boost::json::object KeptRun(const catalog::Entry& entry);

// 0 of nothing.
double Share(uint64_t part, uint64_t whole);

}  // namespace waypost::segments

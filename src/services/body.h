// The body of a call that is a JSON object, and what it holds.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace waypost::services {

// kInvalid: "bad_json", or "bad_request", which says to send `wanted`.
Result<boost::json::object> ObjectOf(std::string_view body,
                                     std::string_view wanted = "a JSON object");

// The text under `name`, or `absent` when there is none.
std::string TextIn(const boost::json::object& object, std::string_view name,
                   std::string_view absent = "");

}  // namespace waypost::services

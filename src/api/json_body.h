// What is judged of every body before its route sees it.
#pragma once

#include <string>
#include <string_view>

namespace waypost::api {

// The place of the first member that an object of a JSON text has twice, as "rule.all[2].eql";
// empty: there is none, or the text is no JSON. Costs one pass over the text.
std::string TwiceNamed(std::string_view json);

}  // namespace waypost::api

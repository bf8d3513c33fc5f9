// The demo bank's library of tags (src/demo/bank_tags.json): a list of bodies as POST /v1/tags
// takes them, those that others are made of first.
#pragma once

#include <string_view>

namespace waypost::demo {

std::string_view BankTags();

}  // namespace waypost::demo

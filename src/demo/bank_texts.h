// What people of the demo bank have made, as the API takes it.
#pragma once

#include <string_view>

namespace waypost::demo {

// src/demo/bank_tags.json: a list of bodies of POST /v1/tags, those that others are made of first.
std::string_view BankTags();
// src/demo/bank_things.json: {"segments":[bodies of POST /v1/segments],"policy","journeys":[...]},
// the policy and the definitions as under /v1/journeys.
std::string_view BankThings();

}  // namespace waypost::demo

// The rules of identities as JSON, and back.
//
//   {"keys":[{"key":"phone","strength":"strong","priority":4,"normaliser":"phone","values":1,
//     "window_days":0,"look_back_days":0,"parent":"","blocked":[],"blocked_patterns":[],
//     "hashed":false}],
//    "largest_cluster":1000,"most_customers_a_day":20,
//    "attributes":[{"attribute":"city","keep":"source","sources":["crm"]}]}
#pragma once

#include <string>
#include <string_view>

#include "api/services.h"
#include "base/result.h"
#include "identity/key_rules.h"

namespace waypost::api {

std::string KeyRulesJson(const identity::KeyRules& rules);

// What is not given takes its default; `text` replaces all rules. Errors: kInvalid "bad_json", or
// "bad_identity_rules" with the place.
Result<identity::KeyRules> KeyRulesOf(std::string_view text);

// {"key":"login","value":"ann"}. Errors: kInvalid "bad_json", "bad_request".
Result<IdentityName> IdentityOf(std::string_view text);

}  // namespace waypost::api

// Calls about users and roles, with JSON bodies and answers, for the API and the command line.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "people/people.h"

namespace waypost::people {

struct UserCall {
  enum class Verb : uint8_t {
    kList,
    kShow,
    kCreate,    // {"name","title"} and what kSetRoles takes, as far as given -> {"name","password"}
    kChange,    // {"title","disabled"}, what is given
    kSetRoles,  // {"roles":[...],"organisation","rows"}; rows: EQL
    kReset,     // -> {"name","password"}
    kRoles,
    kPutRole,  // {"name_zh","name_en","rights":[...],"rows"}
    kRemoveRole,
    kOrganisations,
    kPutOrganisation,  // {"name_zh","name_en","parent","rows"}
    kRemoveOrganisation,
    kKeys,
    kCreateKey,  // {"id","title","rights":[...],"organisation","days"} -> {"id","key"}
    kRemoveKey,
    kRemoveFactor,  // of a user who has lost it
  };
  Verb verb = Verb::kList;
  std::string name, body;  // name: of the user, or the id of the role or organisation
  bool may_place = true;   // the caller may say what users may do and see
};

// `locked` says whose failed tries keep them out. Errors: those of People; kInvalid "bad_json",
// "bad_request" for a field that is missing, of the wrong kind or not known, "forbidden" for a new
// user who is placed by whoever may not.
Result<std::string> Answer(People& people, const UserCall& call,
                           const std::function<bool(std::string_view name)>& locked);

}  // namespace waypost::people

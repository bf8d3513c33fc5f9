// Users and roles. Who makes users does not say what they may do: the first is a matter of the
// system's administrators, the second of those for security.
#include "api/routes.h"
#include "people/user_calls.h"

namespace waypost::api {
namespace {

using people::UserCall;
using UserVerb = UserCall::Verb;

constexpr uint64_t kUserLimit = 16 << 10;

// Who was meant, and what they became: passwords are in no body of these.
void Note(const Call& call) {
  if (call.audit) call.audit->detail = call.request.body;
}

template <UserVerb verb>
void Handle(std::shared_ptr<Call> call) {
  OnWorker(std::move(call), [](const Call& c) -> Result<std::string> {
    Note(c);
    const UserCall asked{.verb = verb,
                         .name = c.parameters.empty() ? std::string() : c.parameters[0],
                         .body = c.request.body,
                         .may_place = c.caller.rights.Has(Right::Change(Object::kRoles).needs)};
    return people::Answer(c.backend.people, asked,
                          [&](std::string_view name) { return c.backend.sign_in.Locked(name); });
  });
}

void Unlock(std::shared_ptr<Call> call) {
  call->backend.sign_in.Unlock(call->parameters[0]);
  Handle<UserVerb::kShow>(std::move(call));
}

}  // namespace

std::vector<Route> PeopleRoutes() {
  const auto of = [](Object object) {
    return Topic{.view = Right::View(object).WithoutRows(),
                 .change = Right::Change(object).WithoutRows(),
                 .scope = Scope::kServer,
                 .body_limit = kUserLimit};
  };
  const Topic user = of(Object::kUsers), role = of(Object::kRoles), key = of(Object::kKeys);
  const Topic organisation = of(Object::kOrganisations);
  return {
      user("GET", "/v1/users", Handle<UserVerb::kList>, "", "listUsers", "All users", "", "Users"),
      user("POST", "/v1/users", Handle<UserVerb::kCreate>, "user.created", "createUser",
           "Makes a user; tells the first password. Saying what the user may do and see takes the "
           "right to change roles too",
           "NewUser", "NewPassword"),
      user("GET", "/v1/users/{name}", Handle<UserVerb::kShow>, "", "showUser", "One user", "",
           "User"),
      user("PATCH", "/v1/users/{name}", Handle<UserVerb::kChange>, "user.changed", "changeUser",
           "Renames a user, or takes or gives back the right to sign in; disabling ends all "
           "sessions",
           "UserChange", "User"),
      user("POST", "/v1/users/{name}/password", Handle<UserVerb::kReset>, "user.password_reset",
           "resetPassword", "Gives a user a new password to be changed; ends all sessions", "",
           "NewPassword"),
      user("POST", "/v1/users/{name}/unlock", Unlock, "user.unlocked", "unlockUser",
           "Lets a user try again who failed to sign in too often", "", "User"),
      role("PUT", "/v1/users/{name}/roles", Handle<UserVerb::kSetRoles>, "user.roles_set",
           "setRoles", "Says which roles a user has, at once", "UserRoles", "User"),
      role("PUT", "/v1/roles/{id}", Handle<UserVerb::kPutRole>, "role.set", "setRole",
           "Makes a role, or replaces it; all roles", "RoleChange", "Roles"),
      role("DELETE", "/v1/roles/{id}", Handle<UserVerb::kRemoveRole>, "role.removed", "removeRole",
           "Removes a role that nobody has; all roles", "", "Roles"),
      user("DELETE", "/v1/users/{name}/second-factor", Handle<UserVerb::kRemoveFactor>,
           "user.second_factor_removed", "removeFactor",
           "Takes the second factor of a user away who has lost it; ends all sessions", "", "User"),
      key("GET", "/v1/keys", Handle<UserVerb::kKeys>, "", "listKeys", "All keys of tools", "",
          "Keys"),
      key("POST", "/v1/keys", Handle<UserVerb::kCreateKey>, "key.created", "createKey",
          "Makes a key for a tool; tells it", "NewKey", "KeySecret"),
      key("DELETE", "/v1/keys/{id}", Handle<UserVerb::kRemoveKey>, "key.removed", "removeKey",
          "Ends a key at once; the keys that are left", "", "Keys"),
      organisation("GET", "/v1/organisations", Handle<UserVerb::kOrganisations>, "",
                   "listOrganisations", "All organisations", "", "Organisations"),
      organisation("PUT", "/v1/organisations/{id}", Handle<UserVerb::kPutOrganisation>,
                   "organisation.set", "setOrganisation",
                   "Makes an organisation, or replaces it; all organisations", "OrganisationChange",
                   "Organisations"),
      organisation("DELETE", "/v1/organisations/{id}", Handle<UserVerb::kRemoveOrganisation>,
                   "organisation.removed", "removeOrganisation",
                   "Removes an organisation that nobody is in; all organisations", "",
                   "Organisations"),
      role("GET", "/v1/roles", Handle<UserVerb::kRoles>, "", "listRoles",
           "All roles and their rights", "", "Roles"),
  };
}

}  // namespace waypost::api

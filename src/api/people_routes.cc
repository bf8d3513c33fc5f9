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
                         .body = c.request.body};
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
  const auto route = [](std::string_view method, std::string_view path, const Right& right,
                        void (*handle)(std::shared_ptr<Call>), std::string_view audit,
                        std::string_view operation, std::string_view summary,
                        std::string_view request, std::string_view response) {
    return Route{.method = method,
                 .path = path,
                 .right = right.WithoutRows(),
                 .scope = Scope::kServer,
                 .audit = audit,
                 .body_limit = request.empty() ? 0 : kUserLimit,
                 .patience = Patience::kShort,
                 .cors = false,
                 .handle = handle,
                 .operation = operation,
                 .summary = summary,
                 .request_schema = request,
                 .response_schema = response};
  };
  const Right see = Right::View(Object::kUsers), keep = Right::Change(Object::kUsers);
  return {
      route("GET", "/v1/users", see, Handle<UserVerb::kList>, "", "listUsers", "All users", "",
            "Users"),
      route("POST", "/v1/users", keep, Handle<UserVerb::kCreate>, "user.created", "createUser",
            "Makes a user, who may do nothing yet; tells the first password", "NewUser",
            "NewPassword"),
      route("GET", "/v1/users/{name}", see, Handle<UserVerb::kShow>, "", "showUser", "One user", "",
            "User"),
      route("PATCH", "/v1/users/{name}", keep, Handle<UserVerb::kChange>, "user.changed",
            "changeUser",
            "Renames a user, or takes or gives back the right to sign in; disabling ends all "
            "sessions",
            "UserChange", "User"),
      route("POST", "/v1/users/{name}/password", keep, Handle<UserVerb::kReset>,
            "user.password_reset", "resetPassword",
            "Gives a user a new password to be changed; ends all sessions", "", "NewPassword"),
      route("POST", "/v1/users/{name}/unlock", keep, Unlock, "user.unlocked", "unlockUser",
            "Lets a user try again who failed to sign in too often", "", "User"),
      route("PUT", "/v1/users/{name}/roles", Right::Change(Object::kRoles),
            Handle<UserVerb::kSetRoles>, "user.roles_set", "setRoles",
            "Says which roles a user has, at once", "UserRoles", "User"),
      route("PUT", "/v1/roles/{id}", Right::Change(Object::kRoles), Handle<UserVerb::kPutRole>,
            "role.set", "setRole", "Makes a role, or replaces it; all roles", "RoleChange",
            "Roles"),
      route("DELETE", "/v1/roles/{id}", Right::Change(Object::kRoles),
            Handle<UserVerb::kRemoveRole>, "role.removed", "removeRole",
            "Removes a role that nobody has; all roles", "", "Roles"),
      route("DELETE", "/v1/users/{name}/second-factor", keep, Handle<UserVerb::kRemoveFactor>,
            "user.second_factor_removed", "removeFactor",
            "Takes the second factor of a user away who has lost it; ends all sessions", "",
            "User"),
      route("GET", "/v1/keys", Right::View(Object::kKeys), Handle<UserVerb::kKeys>, "", "listKeys",
            "All keys of tools", "", "Keys"),
      route("POST", "/v1/keys", Right::Change(Object::kKeys), Handle<UserVerb::kCreateKey>,
            "key.created", "createKey", "Makes a key for a tool; tells it", "NewKey", "KeySecret"),
      route("DELETE", "/v1/keys/{id}", Right::Change(Object::kKeys), Handle<UserVerb::kRemoveKey>,
            "key.removed", "removeKey", "Ends a key at once; the keys that are left", "", "Keys"),
      route("GET", "/v1/organisations", Right::View(Object::kOrganisations),
            Handle<UserVerb::kOrganisations>, "", "listOrganisations", "All organisations", "",
            "Organisations"),
      route("PUT", "/v1/organisations/{id}", Right::Change(Object::kOrganisations),
            Handle<UserVerb::kPutOrganisation>, "organisation.set", "setOrganisation",
            "Makes an organisation, or replaces it; all organisations", "OrganisationChange",
            "Organisations"),
      route("DELETE", "/v1/organisations/{id}", Right::Change(Object::kOrganisations),
            Handle<UserVerb::kRemoveOrganisation>, "organisation.removed", "removeOrganisation",
            "Removes an organisation that nobody is in; all organisations", "", "Organisations"),
      route("GET", "/v1/roles", Right::View(Object::kRoles), Handle<UserVerb::kRoles>, "",
            "listRoles", "All roles and their rights", "", "Roles"),
  };
}

}  // namespace waypost::api

// How people sign in through an identity provider: what the settings under "oidc" say.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace waypost::people {

// What the provider calls a group, and the role that stands for it here.
using RoleNames = std::vector<std::pair<std::string, std::string>>;
// "bank-marketing=operator,bank-audit=auditor". kInvalid.
Result<RoleNames> ReadRoleNames(std::string_view text);

struct ProviderRules {
  std::string issuer;  // "https://login.bank.example/realms/staff"; empty: there is no provider
  std::string client_id;
  std::string client_secret;  // empty: PKCE alone
  std::string url;            // of this server, as browsers see it
  std::string scopes = "openid profile";
  std::string name_claim = "preferred_username";  // holds the user's name here
  std::string roles_claim;                        // empty: roles are given here
  RoleNames roles;
};
// Errors: kInvalid naming what is missing, or an address that is neither https nor of this machine.
Result<> CheckProviderRules(const ProviderRules& rules);

// Whether nobody on the way can read or change what goes there: https, or this very machine.
bool IsGuarded(std::string_view url);

}  // namespace waypost::people

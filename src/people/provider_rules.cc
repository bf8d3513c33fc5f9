#include "people/provider_rules.h"

#include <fmt/format.h>

#include <algorithm>

namespace waypost::people {

Result<RoleNames> ReadRoleNames(std::string_view text) {
  RoleNames names;
  while (!text.empty()) {
    const std::string_view item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(item.size() + 1, text.size()));
    const size_t equals = item.rfind('=');
    if (equals == item.npos || equals == 0 || equals + 1 == item.size()) {
      return Error(Code::kInvalid, "bad_setting",
                   fmt::format("expected group=role,group=role, not '{}'", item));
    }
    names.emplace_back(item.substr(0, equals), item.substr(equals + 1));
  }
  return names;
}

Result<> CheckProviderRules(const ProviderRules& rules) {
  const auto wrong = [](std::string what) {
    return Error(Code::kInvalid, "bad_setting", std::move(what));
  };
  if (rules.issuer.empty()) return {};
  if (rules.client_id.empty()) return wrong("oidc.client_id: name this server's client there");
  if (!IsGuarded(rules.issuer)) return wrong("oidc.issuer: expected an address with https");
  if (!IsGuarded(rules.url)) return wrong("oidc.url: expected this server's address with https");
  if (rules.roles_claim.empty() != rules.roles.empty())
    return wrong("oidc.roles and oidc.roles_claim: give both or neither");
  return {};
}

bool IsGuarded(std::string_view url) {
  if (url.starts_with("https://")) return true;
  for (const std::string_view own : {"http://127.0.0.1", "http://localhost", "http://[::1]"}) {
    const std::string_view rest = url.starts_with(own) ? url.substr(own.size()) : "x";
    if (rest.empty() || rest[0] == ':' || rest[0] == '/') return true;
  }
  return false;
}

}  // namespace waypost::people

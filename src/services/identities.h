// Which identities are one customer, as JSON, out of the engines.
#pragma once

#include "api/services.h"
#include "services/engines.h"
#include "services/sights.h"

namespace waypost::services {

class EngineIdentities final : public api::Identities {
 public:
  EngineIdentities(const Engines& engines, Sights& sights) : engines_(engines), sights_(sights) {}

  Result<std::string> Rules(std::string_view project) override;
  Result<std::string> ChangeRules(std::string_view project, std::string_view rules) override;
  Result<std::string> TryRules(const api::Sight& sight, std::string_view rules) override;
  Result<std::string> Links(const api::Sight& sight, std::string_view before,
                            size_t limit) override;
  Result<std::string> Conflicts(const api::Sight& sight, size_t limit) override;
  Result<std::string> Why(const api::Sight& sight, const api::IdentityName& a,
                          const api::IdentityName& b) override;

 private:
  const Engines& engines_;
  Sights& sights_;
};

}  // namespace waypost::services

// The tracking plan and what was collected, out of the engines.
#pragma once

#include "api/services.h"
#include "services/engines.h"
#include "services/key_ring.h"
#include "services/sights.h"

namespace waypost::services {

class EnginePlan final : public api::PlanView {
 public:
  EnginePlan(const Engines& engines, const KeyRing& keys, Sights& sights)
      : engines_(engines), keys_(keys), sights_(sights) {}

  Result<std::string> Plan(const api::Sight& sight) override;
  Result<std::string> Change(std::string_view project, std::string_view change) override;
  Result<std::string> Report(std::string_view project) override;
  Result<std::string> RecentEvents(const api::Sight& sight, size_t limit) override;
  Result<std::string> Quarantine(const api::Sight& sight, size_t limit) override;
  Result<std::string> Projects() override { return keys_.ProjectsJson(); }
  Result<std::string> Sources(std::string_view project) override {
    return keys_.SourcesJson(project);
  }

 private:
  const Engines& engines_;
  const KeyRing& keys_;
  Sights& sights_;
};

}  // namespace waypost::services

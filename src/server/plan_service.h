// The tracking plan and what was collected, out of the engines.
#pragma once

#include "api/services.h"
#include "server/engines.h"
#include "server/key_ring.h"

namespace waypost::server {

class EnginePlan final : public api::PlanView {
 public:
  EnginePlan(const Engines& engines, const KeyRing& keys) : engines_(engines), keys_(keys) {}

  Result<std::string> Plan(const api::Sight& sight) override;
  Result<std::string> Change(std::string_view project, std::string_view change) override;
  Result<std::string> Report(std::string_view project) override;
  Result<std::string> RecentEvents(std::string_view project, size_t limit) override;
  Result<std::string> Quarantine(std::string_view project, size_t limit) override;
  Result<std::string> Projects() override { return keys_.ProjectsJson(); }
  Result<std::string> Sources(std::string_view project) override {
    return keys_.SourcesJson(project);
  }

 private:
  const Engines& engines_;
  const KeyRing& keys_;
};

}  // namespace waypost::server

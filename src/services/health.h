// Readiness and gauges, out of the engines.
#pragma once

#include <atomic>

#include "api/services.h"
#include "services/engines.h"

namespace waypost::services {

class EngineHealth final : public api::Health {
 public:
  EngineHealth(const Engines& engines, const api::AuditTrail& audit)
      : engines_(engines), audit_(audit) {}
  std::vector<std::string> NotReady() const override;
  std::vector<api::Gauge> Gauges() const override;
  // From now on the server gets no new traffic.
  void Drain() { draining_ = true; }

 private:
  const Engines& engines_;
  const api::AuditTrail& audit_;
  std::atomic<bool> draining_{false};
};

}  // namespace waypost::services

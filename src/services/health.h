// Readiness and gauges, out of the engines.
#pragma once

#include <atomic>

#include "api/services.h"
#include "io/guarded_clock.h"
#include "services/engines.h"

namespace waypost::services {

class EngineHealth final : public api::Health {
 public:
  // Borrows everything. Without a guard the clock is never wrong.
  EngineHealth(const Engines& engines, const api::AuditTrail& audit, io::GuardedClock* guard)
      : engines_(engines), audit_(audit), guard_(guard) {}
  std::vector<std::string> NotReady() const override;
  int64_t ConfirmClock() override;
  std::vector<api::Gauge> Gauges() const override;
  // From now on the server gets no new traffic.
  void Drain() { draining_ = true; }

 private:
  const Engines& engines_;
  const api::AuditTrail& audit_;
  io::GuardedClock* const guard_;
  std::atomic<bool> draining_{false};
};

}  // namespace waypost::services

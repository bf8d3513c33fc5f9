// Deliveries of tags (标签快递): to a channel as values change (services/tag_pushes.h), or as a
// file of all customers, when asked and on a schedule; and of what journeys decide, to a channel.
// docs/tags.md and docs/journeys.md show bodies and answers.
#pragma once

#include <mutex>
#include <string>

#include "api/services.h"
#include "services/catalogs.h"
#include "services/config.h"
#include "services/engines.h"
#include "services/scheduler.h"
#include "services/tag_pushes.h"

namespace waypost::services {

inline constexpr size_t kMaxDeliveries = 50;  // of a project
inline constexpr size_t kMaxDelivered = 100;  // tags of one
inline constexpr std::string_view kExportsFolder = "/exports";

// Any thread. Files go to <data>/exports/<project>; each that the schedule makes is an audit
// record.
class EngineDeliveries final : public api::DeliveryDesk, public ScheduledThings {
 public:
  // All must outlive the desk.
  EngineDeliveries(const Machine& machine, const Engines& engines, Catalogs& catalogs,
                   api::AuditTrail& audit, const Config& config)
      : machine_(machine),
        engines_(engines),
        catalogs_(catalogs),
        audit_(audit),
        folder_(config.data + std::string(kExportsFolder)),
        zone_(config.time_zone) {}

  Result<std::string> Call(const api::DeliveryCall& call) override;
  std::vector<ScheduledWork> Works() override;
  void Run(const ScheduledWork& work) override;

 private:
  Result<std::string> Put(const std::string& project, const api::DeliveryCall& call);
  Result<std::string> Show(const std::string& project, const catalog::Definition& delivery);
  Result<std::string> WriteFile(const std::string& project, const std::string& id,
                                std::string_view by);

  const Machine machine_;
  const Engines& engines_;
  Catalogs& catalogs_;
  api::AuditTrail& audit_;
  const std::string folder_;
  const std::string zone_;
  std::mutex change_mutex_;  // one change after the other
};

}  // namespace waypost::services

// A project's names as exports want them, out of one reading.
#pragma once

#include "engine/engine.h"
#include "files/export_job.h"

namespace waypost::services {

// Borrows the engine and holds the reading's plan. `masked`: columns that are a person's are left
// out, identities are masked. Any thread.
class ExportedNames final : public files::ExportNames {
 public:
  ExportedNames(engine::Engine& engine, std::shared_ptr<const TrackingPlan> plan,
                bool masked = false)
      : engine_(engine), plan_(std::move(plan)), masked_(masked) {}

  std::string EventName(EventTypeId type) const override;
  std::optional<EventTypeId> FindEvent(std::string_view name) const override;
  std::vector<Property> EventProperties() const override;
  std::vector<Property> Attributes() const override;
  Identity IdentityOf(Ordinal ordinal) const override;

 private:
  engine::Engine& engine_;
  const std::shared_ptr<const TrackingPlan> plan_;
  const bool masked_;
};

}  // namespace waypost::services

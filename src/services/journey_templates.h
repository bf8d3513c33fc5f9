// Templates of journeys that the head office draws, and the journeys that branches make of them
// (journeys/overlay.h). Templates are in the catalog, each change a version; what a journey was
// made of stands in its definition, so it is approved and kept with it.
#pragma once

#include <boost/json/object.hpp>
#include <mutex>

#include "api/services.h"
#include "journeys/overlay.h"
#include "services/approval_desk.h"
#include "services/catalogs.h"
#include "services/engines.h"

namespace waypost::services {

inline constexpr size_t kMaxJourneyTemplates = 500;  // of a project

// What nobody but the template changes: kInvalid "template_locked" says what else differs of a
// definition that says it was made of one, and when a journey that was would be no more.
Result<> CheckMadeOf(catalog::Catalog& catalog, Journeys& journeys, std::string_view definition);

// kInvalid "journey_invalid" says what is wrong with a template of this id, or with the journey
// that it draws.
Result<> CheckJourneyTemplate(Journeys& journeys, const std::string& id, std::string_view body,
                              bool barred);

// Any thread.
class EngineJourneyTemplates final : public api::JourneyTemplates {
 public:
  // All must outlive it. Journeys are published and paused by `desk`, with its approvals.
  EngineJourneyTemplates(const Engines& engines, Catalogs& catalogs, api::JourneyDesk& desk,
                         const Clock& clock, EngineApprovals* approvals = nullptr)
      : engines_(engines), catalogs_(catalogs), desk_(desk), clock_(clock), approvals_(approvals) {}

  // Errors: kNotFound; kInvalid "bad_request", "journey_invalid", "template_locked" with the
  // places; kConflict "overlay_conflict" naming what a newer version does not take, "in_use";
  // publishing's.
  Result<std::string> Call(const api::JourneyTemplateCall& call) override;

 private:
  Result<std::string> Put(catalog::Catalog& catalog, const api::JourneyTemplateCall& call);
  Result<std::string> Make(catalog::Catalog& catalog, const api::JourneyTemplateCall& call);
  Result<std::string> SetPhase(const api::JourneyTemplateCall& call);

  const Engines& engines_;
  Catalogs& catalogs_;
  api::JourneyDesk& desk_;
  const Clock& clock_;
  EngineApprovals* const approvals_;
  std::mutex change_mutex_;  // one change after the other
};

}  // namespace waypost::services

// Approvals of the projects: flows by the kind of thing, and what was asked under them, in the
// catalog. A kind without a flow needs no approval.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "api/services.h"
#include "governance/approval.h"
#include "people/people.h"
#include "services/catalogs.h"
#include "services/engines.h"

namespace waypost::services {

// What can be made to need approval.
inline constexpr std::string_view kApprovedJourney = "journey";  // by its id
inline constexpr std::string_view kApprovedPolicy = "policy";    // the one, kMessagePolicy
inline constexpr std::string_view kMessagePolicy = "messages";

// Any thread.
class EngineApprovals final : public api::ApprovalDesk {
 public:
  // All must outlive the approvals.
  EngineApprovals(const Engines& engines, Catalogs& catalogs, const people::People& people,
                  const Clock& clock)
      : engines_(engines), catalogs_(catalogs), people_(people), clock_(clock) {}

  Result<std::string> Call(const api::ApprovalCall& call) override;

  // kConflict "approval" when the kind has a flow and there is no approval for just this content by
  // people who may still give it.
  Result<> MayDo(std::string_view project, std::string_view kind, std::string_view id,
                 std::string_view content);

 private:
  Result<std::string> SetFlow(catalog::Catalog& catalog, const api::ApprovalCall& call);
  Result<std::string> Ask(catalog::Catalog& catalog, const api::ApprovalCall& call);
  Result<std::string> Vote(catalog::Catalog& catalog, const api::ApprovalCall& call);
  Result<std::string> Show(catalog::Catalog& catalog, const api::ApprovalCall& call);
  Result<std::string> List(catalog::Catalog& catalog);

  const Engines& engines_;
  Catalogs& catalogs_;
  const people::People& people_;
  const Clock& clock_;
  std::mutex change_mutex_;  // one change after the other
};

}  // namespace waypost::services

// Approvals of the projects: flows by the kind of thing, and what was asked under them, in the
// catalog. A kind without a flow needs no approval.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "api/services.h"
#include "channels/sealed.h"
#include "governance/approval.h"
#include "people/people.h"
#include "services/catalogs.h"
#include "services/engines.h"

namespace waypost::services {

// What can be made to need approval.
inline constexpr std::string_view kApprovedJourney = "journey";  // by its id
inline constexpr std::string_view kApprovedPolicy = "policy";    // the one, kMessagePolicy
inline constexpr std::string_view kMessagePolicy = "messages";
inline constexpr std::string_view kApprovedTemplate = "template";  // of journeys
inline constexpr std::string_view kApprovedText = "text";          // of messages
// Members of a segment as a file, by its id; the content is what ExportContent says of it.
inline constexpr std::string_view kApprovedExport = "export";

// What is exported, as it is asked for: {"id", "run", "ask": the body of the call}. Another run of
// the segment, other attributes or another format is another content.
std::string ExportContent(const std::string& segment, int64_t run, std::string_view ask);

// Any thread.
class EngineApprovals final : public api::ApprovalDesk {
 public:
  // All must outlive the approvals.
  EngineApprovals(const Engines& engines, Catalogs& catalogs, const people::People& people,
                  const Clock& clock, const channels::SealKey& key)
      : engines_(engines), catalogs_(catalogs), people_(people), clock_(clock), key_(key) {}

  Result<std::string> Call(const api::ApprovalCall& call) override;

  // kConflict "approval" when the kind has a flow and there is no approval for just this content by
  // people who may still give it; of a journey, also when a segment, list or tag that it stands on
  // (UsesOf) is not as it was when the approval was asked for.
  Result<> MayDo(std::string_view project, std::string_view kind, std::string_view id,
                 std::string_view content);

 private:
  Result<std::string> SetFlow(catalog::Catalog& catalog, const api::ApprovalCall& call);
  Result<std::string> Ask(ProjectCatalog& of, const api::ApprovalCall& call);
  Result<> MayBeAsked(const api::ApprovalCall& call) const;
  Result<std::string> Vote(catalog::Catalog& catalog, const api::ApprovalCall& call);
  Result<std::string> Show(ProjectCatalog& of, const api::ApprovalCall& call);
  Result<std::string> List(catalog::Catalog& catalog);
  // `change` makes of the request that is kept what is kept then.
  Result<std::string> ChangeRequest(
      catalog::Catalog& catalog, const api::ApprovalCall& call,
      const std::function<Result<>(governance::Request* request, int64_t now_ms)>& change);
  Result<std::string> Delegate(catalog::Catalog& catalog, const api::ApprovalCall& call);
  Result<std::string> Answer(catalog::Catalog& catalog, const std::string& project,
                             const api::ApprovalCall& call);
  std::string SecretOf(const std::string& project, const std::string& system) const;
  bool MayVote(std::string_view person) const;

  const Engines& engines_;
  Catalogs& catalogs_;
  const people::People& people_;
  const Clock& clock_;
  const channels::SealKey key_;
  std::mutex change_mutex_;  // one change after the other
};

}  // namespace waypost::services

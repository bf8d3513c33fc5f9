// What people keep to use again: questions, dashboards of questions, texts of messages; in the
// catalog, each change a version. Shared ones are there for all who have the route's right, others
// for their owner alone.
#pragma once

#include <boost/json/object.hpp>
#include <mutex>
#include <string>

#include "api/services.h"
#include "services/approval_desk.h"
#include "services/catalogs.h"
#include "services/contents.h"
#include "services/engines.h"

namespace waypost::services {

inline constexpr size_t kMaxSaved = 2'000;    // of one kind in a project
inline constexpr size_t kMaxTiles = 30;       // of a dashboard
inline constexpr size_t kMaxSavedName = 200;  // bytes

// Any thread.
class EngineSaved final : public api::SavedDesk {
 public:
  // All must outlive the desk.
  EngineSaved(const Engines& engines, Catalogs& catalogs, const Clock& clock,
              EngineApprovals* approvals = nullptr)
      : engines_(engines), catalogs_(catalogs), clock_(clock), approvals_(approvals) {}

  // Errors: kNotFound, also for what is another's own; kInvalid "bad_request" naming the member,
  // "forbidden" for changing what is another's; what Contents::Check says of a text; kConflict
  // "conflict" for another version than the newest, "in_use" for removing a question that a
  // dashboard shows.
  Result<std::string> Call(const api::SavedCall& call) override;

 private:
  Result<std::string> Put(catalog::Catalog& catalog, const api::SavedCall& call);
  Result<> CheckBody(catalog::Catalog& catalog, const api::SavedCall& call,
                     const boost::json::object& body, catalog::Definition* made) const;

  const Engines& engines_;
  Catalogs& catalogs_;
  const Contents contents_;
  const Clock& clock_;
  EngineApprovals* const approvals_;  // of texts
  std::mutex change_mutex_;           // one change after the other
};

}  // namespace waypost::services

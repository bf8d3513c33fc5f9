// Tags out of engines and catalogs.
#pragma once

#include <map>
#include <string>

#include "api/services.h"
#include "services/catalogs.h"
#include "services/config.h"
#include "services/engines.h"
#include "services/scheduler.h"
#include "services/sights.h"

namespace waypost::services {

// Also runs tags by their schedules, and once a day takes the steps of those nobody uses: each is
// an audit record and a line in the log.
class EngineTags final : public api::TagShelf, public ScheduledThings {
 public:
  EngineTags(const Machine& machine, const Engines& engines, Catalogs& catalogs, Sights& sights,
             const Config& config, api::AuditTrail* audit = nullptr)
      : machine_(machine),
        engines_(engines),
        catalogs_(catalogs),
        sights_(sights),
        audit_(audit),
        time_zone_(config.time_zone),
        threads_(config.question_threads),
        seconds_(config.question_seconds) {}

  Result<std::string> Call(const api::TagCall& call) override;
  std::vector<ScheduledWork> Works() override;
  void Run(const ScheduledWork& work) override;

 private:
  Result<std::string> TakeIdleSteps(const std::string& project);
  // What a call does at a moment of the project.
  using Work = std::function<Result<std::string>(tags::Tags&, const tags::Moment&)>;
  Result<std::string> At(const api::Sight& sight, const std::string& who, const Work& work);
  // The work with a tag, in an answer for who may not see what its values say.
  Result<std::string> Veiled(const api::TagCall& call, const Work& work);

  const Machine machine_;
  const Engines& engines_;
  Catalogs& catalogs_;
  Sights& sights_;
  api::AuditTrail* const audit_;  // null: steps by themselves are not taken here
  const std::string time_zone_;
  const unsigned threads_, seconds_;
  std::map<std::string, int64_t> idled_ms_, noted_ms_;  // by project: since this server began
};

}  // namespace waypost::services

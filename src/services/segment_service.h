// Segments out of engines and catalogs.
#pragma once

#include "api/services.h"
#include "files/export_job.h"
#include "services/approval_desk.h"
#include "services/catalogs.h"
#include "services/config.h"
#include "services/engines.h"
#include "services/scheduler.h"
#include "services/sights.h"

namespace waypost::services {

// Also runs segments by their schedules.
class EngineSegments final : public api::SegmentBook, public ScheduledThings {
 public:
  EngineSegments(const Machine& machine, const Engines& engines, Catalogs& catalogs, Sights& sights,
                 const Config& config, EngineApprovals* approvals = nullptr)
      : machine_(machine),
        engines_(engines),
        catalogs_(catalogs),
        sights_(sights),
        time_zone_(config.time_zone),
        data_(config.data),
        threads_(config.question_threads),
        seconds_(config.question_seconds),
        approvals_(approvals) {}

  // Removes what downloads left that were cut short. For a start, before any.
  Result<> Sweep();
  Result<std::string> Call(const api::SegmentCall& call) override;
  std::vector<ScheduledWork> Works() override;
  void Run(const ScheduledWork& work) override;

 private:
  // What a call does at a moment of the project, with what it was made of.
  struct Stage {
    engine::Engine& engine;
    const engine::Reading& reading;
    segments::Segments& segments;
    const segments::Moment& moment;
  };
  using Work = std::function<Result<std::string>(const Stage&)>;
  Result<std::string> At(const api::Sight& sight, const Work& work);
  Result<files::ExportReport> Export(const Stage& stage, const api::SegmentCall& call,
                                     files::ExportOptions options);
  Result<std::string> Download(const Stage& stage, const api::SegmentCall& call);

  const Machine machine_;
  const Engines& engines_;
  Catalogs& catalogs_;
  Sights& sights_;
  const std::string time_zone_, data_;
  const unsigned threads_, seconds_;
  EngineApprovals* const approvals_;  // of files of members
};

}  // namespace waypost::services

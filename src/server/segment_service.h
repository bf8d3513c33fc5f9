// Segments out of engines and catalogs.
#pragma once

#include "api/services.h"
#include "server/catalogs.h"
#include "server/config.h"
#include "server/engines.h"
#include "server/sights.h"

namespace waypost::server {

class EngineSegments final : public api::SegmentBook {
 public:
  EngineSegments(const Machine& machine, const Engines& engines, Catalogs& catalogs, Sights& sights,
                 const Config& config)
      : machine_(machine),
        engines_(engines),
        catalogs_(catalogs),
        sights_(sights),
        time_zone_(config.time_zone),
        threads_(config.question_threads) {}

  Result<std::string> Call(const api::SegmentCall& call) override;

 private:
  Result<std::string> Export(engine::Engine& engine, const engine::Reading& reading,
                             const column::SnapshotView& seen, segments::Segments& segments,
                             const api::SegmentCall& call);

  const Machine machine_;
  const Engines& engines_;
  Catalogs& catalogs_;
  Sights& sights_;
  const std::string time_zone_;
  const unsigned threads_;
};

}  // namespace waypost::server

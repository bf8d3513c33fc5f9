// Collection: keys, decoders and engines joined.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "api/services.h"
#include "ingest/decoder.h"
#include "services/engines.h"
#include "services/key_ring.h"

namespace waypost::services {

// Sources with what their projects say of identities now.
class ProjectKeys final : public ingest::WriteKeys {
 public:
  ProjectKeys(const KeyRing& keys, const Engines& engines) : keys_(keys), engines_(engines) {}
  std::optional<ingest::Source> FindSource(ingest::WireFormat format,
                                           const ingest::Credentials& credentials) const override;

 private:
  const KeyRing& keys_;
  const Engines& engines_;
};

class EngineCollector final : public api::Collector {
 public:
  EngineCollector(const KeyRing& keys, const Engines& engines, const Clock& clock)
      : keys_(keys), project_keys_(keys, engines), engines_(engines), clock_(clock) {}

  void Collect(api::Request request, std::function<void(Result<api::Receipt>)> done) override;
  bool KnowsWriteKey(std::string_view key) const override { return keys_.Knows(key); }
  Result<std::string> WriteKeyOf(std::string_view project, std::string_view source) const override {
    return keys_.KeyOf(project, source);
  }

 private:
  Result<ingest::Decoded> Decode(const api::Request& request);

  const KeyRing& keys_;
  const ProjectKeys project_keys_;
  const Engines& engines_;
  const Clock& clock_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<ingest::Decoder>>
      idle_;  // under mutex_; as many as ever worked at once
};

}  // namespace waypost::services

// The engines of the configured projects, each in a folder of its own: <data>/projects/<name>.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "services/catalogs.h"
#include "services/config.h"
#include "services/journeys.h"
#include "services/live_segments.h"
#include "services/machine.h"
#include "services/tag_pushes.h"

namespace waypost::services {

std::string ProjectFolder(const std::string& data, std::string_view project);

// Empty until Open returns; any thread may look for an engine meanwhile.
class Engines {
 public:
  ~Engines();  // what was not stopped is
  // Makes missing folders of `config.data`, opens every project. With `catalogs`, which must
  // outlive the engines, live segments are kept. Errors: Engine::Open's, naming the
  // project. Once.
  Result<> Open(const Machine& machine, const Config& config,
                const std::vector<std::string>& projects, Catalogs* catalogs = nullptr);
  // Journeys begin to fire timers and to send. For a server only. Errors: Journeys::Start's.
  Result<> StartJourneys();
  // The project's engine; an empty name means the first project. Errors: kUnavailable "replaying"
  // before Open has returned; kNotFound.
  Result<engine::Engine*> Find(std::string_view project) const;
  // The project's journeys; errors as Find.
  Result<Journeys*> FindJourneys(std::string_view project) const;
  // What the project pushes of its tags; errors as Find, and kUnavailable without catalogs.
  Result<TagPushes*> FindPushes(std::string_view project) const;
  // The name that `project` means: itself, or the first project's when it is empty.
  Result<std::string> NameOf(std::string_view project) const;
  // The live segments of all projects; empty before Open has returned.
  std::vector<LiveSegments*> AllLive() const;
  // All, by project; empty before Open has returned.
  std::vector<std::pair<std::string, engine::Engine*>> All() const;
  // Stops every engine: what was acknowledged is flushed.
  void Stop();

 private:
  std::unique_ptr<Catalogs> own_catalogs_;  // what journeys read of segments when none are given
  // Journeys follow their engine: they are made before it and outlive it.
  std::map<std::string, std::unique_ptr<Journeys>, std::less<>> journeys_;
  std::map<std::string, std::unique_ptr<TagPushes>, std::less<>> pushes_;
  std::map<std::string, std::unique_ptr<LiveSegments>, std::less<>> live_;
  std::map<std::string, std::unique_ptr<engine::Engine>, std::less<>> engines_;
  std::string first_;
  std::atomic<bool> open_{false};  // after this the map does not change
};

}  // namespace waypost::services

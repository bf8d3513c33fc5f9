#include "services/engines.h"

#include "base/logger.h"
#include "services/secret_file.h"

namespace waypost::services {

std::string ProjectFolder(const std::string& data, std::string_view project) {
  return data + "/projects/" + std::string(project);
}

// Journeys let go of their engine before it goes.
Engines::~Engines() {
  for (const auto& [name, live] : live_) live->Stop();
  for (const auto& [name, pushes] : pushes_) pushes->Stop();
  for (const auto& [name, journeys] : journeys_) journeys->Stop();
}

Result<> Engines::Open(const Machine& machine, const Config& config,
                       const std::vector<std::string>& projects, Catalogs* catalogs) {
  TRY(machine.files.CreateDirectory(config.data));
  TRY(machine.files.CreateDirectory(config.data + "/projects"));
  TRY(machine.files.CreateDirectory(config.data + "/erasures"));
  if (!catalogs) own_catalogs_ = std::make_unique<Catalogs>(machine, config);
  Catalogs& known = catalogs ? *catalogs : *own_catalogs_;
  for (const std::string& project : projects) {
    auto made = std::make_unique<Journeys>(machine, project, known, config.time_zone,
                                           config.question_threads);
    Journeys& journeys = *journeys_.emplace(project, std::move(made)).first->second;
    LiveSegments* live = nullptr;
    if (catalogs) {
      auto follows = std::make_unique<LiveSegments>(machine, project, known, config.time_zone,
                                                    config.question_threads);
      live = live_.emplace(project, std::move(follows)).first->second.get();
    }
    std::string secret =
        TRY(IdentitySecretOf(machine, config, ProjectFolder(config.data, project)));
    auto opened = engine::Engine::Open(machine.files, machine.clock, machine.random,
                                       {.directory = ProjectFolder(config.data, project),
                                        .flush_rows = config.flush_rows,
                                        .flush_interval_ms = config.flush_seconds * 1'000,
                                        .erasure_list = config.data + "/erasures/" + project,
                                        .identity_secret = std::move(secret),
                                        .follower = &journeys,
                                        .watcher = live});
    if (!opened.ok()) return std::move(opened).error().While("open project " + project);
    engine::Engine& engine = *engines_.emplace(project, std::move(opened).value()).first->second;
    journeys.Follow(engine);
    if (!live) continue;
    TagPushes& pushes =
        *pushes_.emplace(project, std::make_unique<TagPushes>(machine, project, known))
             .first->second;
    TRY(pushes.Open(engine, journeys));
    TRY(live->Start(
        engine,
        [&journeys](std::span<const LiveSegments::Change> changes) { journeys.OnMembers(changes); },
        {&journeys, &pushes}, journeys.FollowsSets()));
  }
  first_ = projects.front();
  open_ = true;
  return {};
}

Result<> Engines::StartJourneys() {
  for (const auto& [name, journeys] : journeys_) TRY(journeys->Start());
  for (const auto& [name, pushes] : pushes_) TRY(pushes->Start());
  return {};
}

Result<engine::Engine*> Engines::Find(std::string_view project) const {
  if (!open_) return Error(Code::kUnavailable, "replaying", "the server is starting");
  const auto found = engines_.find(project.empty() ? std::string_view(first_) : project);
  if (found == engines_.end())
    return Error(Code::kNotFound, "not_found", "there is no such project");
  return found->second.get();
}

Result<Journeys*> Engines::FindJourneys(std::string_view project) const {
  TRY(Find(project));
  return journeys_.find(project.empty() ? std::string_view(first_) : project)->second.get();
}

Result<TagPushes*> Engines::FindPushes(std::string_view project) const {
  TRY(Find(project));
  const auto found = pushes_.find(project.empty() ? std::string_view(first_) : project);
  if (found == pushes_.end())
    return Error(Code::kUnavailable, "unavailable", "nothing is followed here");
  return found->second.get();
}

Result<std::string> Engines::NameOf(std::string_view project) const {
  TRY(Find(project));
  return project.empty() ? first_ : std::string(project);
}

std::vector<std::pair<std::string, engine::Engine*>> Engines::All() const {
  std::vector<std::pair<std::string, engine::Engine*>> all;
  if (!open_) return all;
  for (const auto& [name, engine] : engines_) all.emplace_back(name, engine.get());
  return all;
}

std::vector<LiveSegments*> Engines::AllLive() const {
  std::vector<LiveSegments*> all;
  if (!open_) return all;
  for (const auto& [name, live] : live_) all.push_back(live.get());
  return all;
}

void Engines::Stop() {
  for (const auto& [name, live] : live_) live->Stop();
  for (const auto& [name, journeys] : journeys_) journeys->Stop();  // they tell the pushes
  for (const auto& [name, pushes] : pushes_) pushes->Stop();
  for (const auto& [name, engine] : All()) {
    const Result<> stopped = engine->Stop();
    if (!stopped.ok())
      LogError("engine.stop", {{"project", name}, {"reason", stopped.error().message()}});
  }
}

}  // namespace waypost::services

// Which write key opens which source, from the configuration.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/hash.h"
#include "ingest/wire_request.h"
#include "services/config.h"

namespace waypost::services {

// Never changes after Make: any thread.
class KeyRing final : public ingest::WriteKeys {
 public:
  // Without a configured project there is one, "default", open to `default_key`. Errors: kInvalid
  // for an unknown time zone, or a write key or project that occurs twice.
  static Result<KeyRing> Make(const Config& config, const std::string& default_key);

  std::optional<ingest::Source> FindSource(ingest::WireFormat format,
                                           const ingest::Credentials& credentials) const override;
  bool Knows(std::string_view write_key) const { return by_key_.contains(write_key); }
  std::vector<std::string> ProjectNames() const;
  // Names only, no keys: {"projects":[{"name","time_zone","sources":["web"]}]}
  std::string ProjectsJson() const;
  // The key of a source, or of the first by name for "", of a project, or of the first for "".
  // Errors: kNotFound.
  Result<std::string> KeyOf(std::string_view project, std::string_view source) const;
  // {"sources":[{"name","write_key"}]} of a project, or of the first for "". Errors: kNotFound.
  Result<std::string> SourcesJson(std::string_view project) const;

 private:
  struct Project {
    std::string name;
    std::string time_zone;
    bool open_to_sensors = true;
    std::vector<ingest::Source> sources;
  };
  Result<> Add(const ProjectConfig& config, const std::string& default_zone);
  const Project* FindProject(std::string_view name) const;
  // Of a project, or of the first for "", by source. Errors: kNotFound.
  Result<std::map<std::string_view, std::string_view>> KeysOf(std::string_view project) const;

  std::vector<Project> projects_;
  std::unordered_map<std::string, ingest::Source, TextHash, std::equal_to<>> by_key_;
};

}  // namespace waypost::services

#include "services/key_ring.h"

#include <date/tz.h>

#include <algorithm>
#include <map>

#include "base/clock.h"
#include "base/logger.h"

namespace waypost::services {
Result<KeyRing> KeyRing::Make(const Config& config, const std::string& default_key) {
  KeyRing ring;
  for (const ProjectConfig& project : config.projects) TRY(ring.Add(project, config.time_zone));
  if (config.projects.empty()) {
    TRY(ring.Add({.name = "default", .sources = {{.name = "default", .write_key = default_key}}},
                 config.time_zone));
  }
  return ring;
}

Result<> KeyRing::Add(const ProjectConfig& config, const std::string& default_zone) {
  if (FindProject(config.name)) {
    return Error(Code::kInvalid, "bad_config", "project \"" + config.name + "\" occurs twice");
  }
  const std::string& zone = config.time_zone.empty() ? default_zone : config.time_zone;
  const date::time_zone* found = FindZone(zone);
  if (!found) {
    return Error(Code::kInvalid, "bad_config",
                 "unknown time zone \"" + zone + "\": use an IANA name");
  }
  Project project{
      .name = config.name, .time_zone = zone, .open_to_sensors = config.open_to_sensors};
  for (const SourceConfig& source : config.sources) {
    project.sources.push_back({.project = config.name,
                               .name = source.name,
                               .late_limit_ms = config.late_days * kDayMs,
                               .time_zone = found});
    if (!by_key_.emplace(source.write_key, project.sources.back()).second) {
      return Error(Code::kInvalid, "bad_config",
                   "source \"" + source.name + "\": its write key is another source's too");
    }
  }
  projects_.push_back(std::move(project));
  return {};
}

const KeyRing::Project* KeyRing::FindProject(std::string_view name) const {
  const auto found = std::ranges::find(projects_, name, &Project::name);
  return found == projects_.end() ? nullptr : &*found;
}

// A key decides alone; a project's name is enough only for Sensors SDKs, which have no key, and
// only when they sent none.
std::optional<ingest::Source> KeyRing::FindSource(ingest::WireFormat format,
                                                  const ingest::Credentials& credentials) const {
  const std::string_view key =
      credentials.write_key.empty() ? credentials.token : credentials.write_key;
  if (const auto found = by_key_.find(key); found != by_key_.end()) return found->second;
  if (format != ingest::WireFormat::kSensors || !key.empty()) return std::nullopt;
  const Project* project =
      FindProject(credentials.project.empty() ? "default" : credentials.project);
  if (project == nullptr || !project->open_to_sensors) return std::nullopt;
  return project->sources.front();
}

std::vector<std::string> KeyRing::ProjectNames() const {
  std::vector<std::string> names;
  for (const Project& project : projects_) names.push_back(project.name);
  return names;
}

std::string KeyRing::ProjectsJson() const {
  std::string json = "{\"projects\":[";
  for (const Project& project : projects_) {
    json += (json.back() == '[' ? "{\"name\":" : ",{\"name\":") + JsonQuoted(project.name);
    json += ",\"time_zone\":" + JsonQuoted(project.time_zone) + ",\"sources\":[";
    for (const ingest::Source& source : project.sources) {
      json += (json.back() == '[' ? "" : ",") + JsonQuoted(source.name);
    }
    json += "]}";
  }
  return json + "]}";
}

Result<std::map<std::string_view, std::string_view>> KeyRing::KeysOf(
    std::string_view project) const {
  const Project* found = project.empty() ? &projects_.front() : FindProject(project);
  if (found == nullptr) {
    return Error(Code::kNotFound, "there is no project \"" + std::string(project) + "\"");
  }
  std::map<std::string_view, std::string_view> keys;
  for (const auto& [key, source] : by_key_) {
    if (source.project == found->name) keys[source.name] = key;
  }
  return keys;
}

Result<std::string> KeyRing::KeyOf(std::string_view project, std::string_view source) const {
  const std::map<std::string_view, std::string_view> keys = TRY(KeysOf(project));
  const auto found = source.empty() ? keys.begin() : keys.find(source);
  if (found == keys.end())
    return Error(Code::kNotFound, "there is no source '" + std::string(source) + "'");
  return std::string(found->second);
}

Result<std::string> KeyRing::SourcesJson(std::string_view project) const {
  const std::map<std::string_view, std::string_view> keys = TRY(KeysOf(project));
  std::string json = "{\"sources\":[";
  for (const auto& [name, key] : keys) {
    json += (json.back() == '[' ? "{\"name\":" : ",{\"name\":") + JsonQuoted(name);
    json += ",\"write_key\":" + JsonQuoted(key) + "}";
  }
  return json + "]}";
}

}  // namespace waypost::services

// store verify, backup and restore.
#include <cstdio>

#include "base/logger.h"
#include "server/backup.h"
#include "server/commands.h"
#include "server/running_server.h"

namespace waypost::server {

Result<> VerifyStore(const Machine& machine, const Config& config) {
  size_t damaged = 0;
  for (const auto& entry : TRY(machine.files.List(config.data + "/projects"))) {
    Engines engines;  // opening checks the log's and every part's checksums
    TRY(engines.Open(machine, config, {entry.name}));
    const engine::Status status = TRY(engines.Find(entry.name))->status();
    engines.Stop();
    for (const std::string& part : status.damaged_parts)
      std::printf("%s: damaged: %s\n", entry.name.c_str(), part.c_str());
    std::printf("%s: %llu events, %llu parts, %llu bytes, log at %llu\n", entry.name.c_str(),
                static_cast<unsigned long long>(status.rows),
                static_cast<unsigned long long>(status.parts),
                static_cast<unsigned long long>(status.part_bytes),
                static_cast<unsigned long long>(status.log.end));
    damaged += status.damaged_parts.size();
  }
  if (damaged > 0)
    return Error(Code::kCorrupt, std::to_string(damaged) + " parts are damaged: restore a backup");
  return {};
}

Result<> Backup(const Machine& machine, const Config& config, const std::string& project,
                const std::string& to) {
  Engines engines;
  const Result<> opened = engines.Open(machine, config, {project});
  if (opened.ok()) {
    Catalogs catalogs(machine, config);
    TRY(ProjectBackups(machine, engines, catalogs).Backup(project, to));
    engines.Stop();
  } else if (opened.error().name() == "locked") {
    TRY(AskRunningServer(machine, config, "/v1/backup?project=" + project,
                         "{\"directory\":" + JsonQuoted(to) + "}"));
  } else {
    return opened;
  }
  std::printf("%s holds project %s\n", to.c_str(), project.c_str());
  return {};
}

Result<> Restore(const Machine& machine, const Config& config, const std::string& project,
                 const std::string& from) {
  TRY(RestoreProject(machine, config, project, from));
  std::printf("project %s is restored to %s; sending is held\n", project.c_str(),
              config.data.c_str());
  return {};
}

}  // namespace waypost::server

// store verify, audit verify, backup and restore.
#include <cstdio>

#include "base/logger.h"
#include "server/backup.h"
#include "server/commands.h"
#include "server/running_server.h"
#include "server/users.h"
#include "services/audit_trail.h"

namespace waypost::server {

namespace {

// Prints what is damaged of what a folder holds beside its store; how much that is.
Result<size_t> PrintDamage(const std::string& of, const Result<std::vector<std::string>>& found) {
  if (!found.ok() && found.error().code() != Code::kCorrupt) return found.error();
  const std::vector<std::string> damage =
      found.ok() ? found.value() : std::vector{found.error().message()};
  for (const std::string& one : damage) std::printf("%s: damaged: %s\n", of.c_str(), one.c_str());
  return damage.size();
}

Result<std::vector<std::string>> VerifyCatalog(const services::Machine& machine,
                                               const services::Config& config,
                                               const std::string& project) {
  return TRY(services::ProjectCatalog::Open(machine, config, project)).Verify();
}

Result<std::vector<std::string>> VerifyPeople(const services::Machine& machine,
                                              const services::Config& config) {
  TRY(TRY(OpenPeople(machine, config))->Verify());
  return std::vector<std::string>();
}

}  // namespace

Result<> VerifyStore(const services::Machine& machine, const services::Config& config) {
  size_t damaged = 0;
  if (!config.catalog_server.empty() ||
      machine.files.FileSize(config.data + std::string(kPeopleFile)).ok()) {
    damaged += TRY(PrintDamage("people", VerifyPeople(machine, config)));
  }
  for (const auto& entry : TRY(machine.files.List(config.data + "/projects"))) {
    services::Engines engines;  // opening checks the log's and every part's checksums
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
    damaged += TRY(PrintDamage(entry.name, VerifyCatalog(machine, config, entry.name)));
  }
  if (damaged > 0)
    return Error(Code::kCorrupt, std::to_string(damaged) + " things are damaged: restore a backup");
  return {};
}

Result<> Backup(const services::Machine& machine, const services::Config& config,
                const std::string& project, const std::string& to) {
  services::Engines engines;
  const Result<> opened = engines.Open(machine, config, {project});
  if (opened.ok()) {
    services::Catalogs catalogs(machine, config);
    const auto people = TRY(OpenPeople(machine, config));
    TRY(ProjectBackups(machine, engines, catalogs, *people).Backup(project, to));
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

Result<> Restore(const services::Machine& machine, const services::Config& config,
                 const std::string& project, const std::string& from) {
  TRY(RestoreProject(machine, config, project, from));
  std::printf("project %s is restored to %s; sending is held\n", project.c_str(),
              config.data.c_str());
  return {};
}

Result<> VerifyAudit(const services::Machine& machine, const services::Config& config,
                     const AuditArguments& arguments) {
  const services::AuditCheck check =
      TRY(services::CheckAudit(machine, config, arguments.witness, arguments.public_key));
  std::printf("%llu records, %llu witnessed, head %s\n",
              static_cast<unsigned long long>(check.head.seq),
              static_cast<unsigned long long>(check.witnessed), check.head.hash.c_str());
  return {};
}

}  // namespace waypost::server

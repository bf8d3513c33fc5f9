// Backups of a project: everything its folder holds but the log, which is in the views, and the
// people who work with it.
//
// A backup is a data folder of its own (docs/storage.md): the people, the catalog as of one moment,
// then the files it names, then the store, then the mark kHeldFile that says the copy is whole.
// Customers are numbered once and for all, so a list of members that is older than the store means
// the same ones.
#pragma once

#include <string>
#include <string_view>

#include "api/services.h"
#include "people/people.h"
#include "services/catalogs.h"
#include "services/engines.h"

namespace waypost::server {

// Any thread; goes on collecting meanwhile.
class ProjectBackups final : public api::Backups {
 public:
  // All must outlive the object.
  ProjectBackups(const services::Machine& machine, const services::Engines& engines,
                 services::Catalogs& catalogs, const people::People& people)
      : machine_(machine), engines_(engines), catalogs_(catalogs), people_(people) {}

  // `directory` must be empty or not there yet; its parent is there. Costs reading and writing
  // every file once, each verified. Errors: kConflict "not_empty"; kCorrupt naming what is damaged;
  // kIo. What was copied before an error stays, without the mark.
  Result<> Backup(std::string_view project, const std::string& directory) override;

 private:
  const services::Machine machine_;
  const services::Engines& engines_;
  services::Catalogs& catalogs_;
  const people::People& people_;
};

// Makes the project's folder out of the backup in `from`, sending held. The folder appears whole
// or, after an error or a crash, not at all. A data folder that has no people gets those of the
// backup; people who are there, or in a database, stay as they are. Errors: kNotFound "no_backup"
// when `from` is no finished backup; kConflict "not_empty" when the project has a folder; those of
// Backup.
Result<> RestoreProject(const services::Machine& machine, const services::Config& config,
                        const std::string& project, const std::string& from);

}  // namespace waypost::server

#include "server/catalogs.h"

#include "server/engines.h"

namespace waypost::server {

Result<ProjectCatalog*> Catalogs::Find(const std::string& project) {
  const std::lock_guard lock(mutex_);
  const auto found = open_.find(project);
  if (found != open_.end()) return &found->second;
  const std::string folder = ProjectFolder(data_, project);
  const std::string members = folder + "/segments";
  const std::string values = folder + "/tags";
  TRY(machine_.files.CreateDirectory(members));
  TRY(machine_.files.CreateDirectory(values));
  TRY(machine_.files.SyncDirectory(folder));
  ProjectCatalog made;
  made.catalog = TRY(catalog::Catalog::Open(folder + "/catalog.db"));
  made.segments = std::make_unique<segments::Segments>(machine_.files, *made.catalog, members);
  made.tags = std::make_unique<tags::Tags>(machine_.files, *made.catalog, values);
  TRY(made.tags->Sweep());
  return &open_.emplace(project, std::move(made)).first->second;
}

}  // namespace waypost::server

#include "server/catalogs.h"

#include "server/engines.h"

namespace waypost::server {

namespace {

constexpr const char* kCatalogFile = "/catalog.db";
constexpr const char* kSegmentsFolder = "/segments";
constexpr const char* kTagsFolder = "/tags";

}  // namespace

Result<ProjectCatalog> ProjectCatalog::Open(const Machine& machine, const std::string& folder) {
  const std::string members = folder + kSegmentsFolder;
  const std::string values = folder + kTagsFolder;
  TRY(machine.files.CreateDirectory(members));
  TRY(machine.files.CreateDirectory(values));
  TRY(machine.files.SyncDirectory(folder));
  ProjectCatalog made;
  made.catalog = TRY(catalog::Catalog::Open(folder + kCatalogFile));
  made.segments = std::make_unique<segments::Segments>(machine.files, *made.catalog, members);
  made.tags = std::make_unique<tags::Tags>(machine.files, *made.catalog, values);
  TRY(made.tags->Sweep());
  return made;
}

Result<> ProjectCatalog::CopyTo(io::FileSystem& files, const std::string& directory) const {
  TRY(catalog->CopyTo(directory + kCatalogFile));
  TRY(TRY(files.OpenAppend(directory + kCatalogFile))->Sync());
  TRY(files.CreateDirectory(directory + kSegmentsFolder));
  TRY(segments->CopyTo(directory + kSegmentsFolder));
  TRY(files.CreateDirectory(directory + kTagsFolder));
  TRY(tags->CopyTo(directory + kTagsFolder));
  return files.SyncDirectory(directory);
}

Result<ProjectCatalog*> Catalogs::Find(const std::string& project) {
  const std::lock_guard lock(mutex_);
  const auto found = open_.find(project);
  if (found != open_.end()) return &found->second;
  ProjectCatalog made = TRY(ProjectCatalog::Open(machine_, ProjectFolder(data_, project)));
  return &open_.emplace(project, std::move(made)).first->second;
}

}  // namespace waypost::server

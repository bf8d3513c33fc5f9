#include "services/catalogs.h"

#include "services/engines.h"

namespace waypost::services {

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
  return made;
}

Result<std::vector<std::string>> ProjectCatalog::Verify() const {
  std::vector<std::string> damage = TRY(segments->Verify());
  for (std::string& one : TRY(tags->Verify())) damage.push_back(std::move(one));
  if (const Result<> whole = catalog->Verify(); !whole.ok()) {
    damage.push_back(whole.error().message());
  }
  return damage;
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
  TRY(made.tags->Sweep());
  return &open_.emplace(project, std::move(made)).first->second;
}

}  // namespace waypost::services

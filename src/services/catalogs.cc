#include "services/catalogs.h"

#include <fmt/format.h>

#include "services/engines.h"

namespace waypost::services {

namespace {

constexpr const char* kCatalogFile = "/catalog.db";
constexpr const char* kSegmentsFolder = "/segments";
constexpr const char* kTagsFolder = "/tags";

Result<ProjectCatalog> OpenWith(const Machine& machine, const std::string& folder,
                                Result<std::unique_ptr<catalog::Catalog>> catalog) {
  const std::string members = folder + kSegmentsFolder;
  const std::string values = folder + kTagsFolder;
  TRY(machine.files.CreateDirectory(members));
  TRY(machine.files.CreateDirectory(values));
  TRY(machine.files.SyncDirectory(folder));
  ProjectCatalog made;
  made.catalog = TRY(std::move(catalog));
  made.segments = std::make_unique<segments::Segments>(machine.files, *made.catalog, members);
  made.tags = std::make_unique<tags::Tags>(machine.files, *made.catalog, values);
  return made;
}

}  // namespace

Result<std::unique_ptr<catalog::Catalog>> OpenCatalog(const Machine& machine, const Config& config,
                                                      const std::string& file,
                                                      const std::string& schema) {
  io::FileSystem& files = machine.files;
  const std::string moved = file + std::string(kMovedSuffix);
  const bool there = files.FileSize(file).ok();
  if (!config.catalog_server.empty()) {
    auto catalog =
        TRY(catalog::Catalog::OpenOn(config.catalog_server, schema, there ? file : std::string()));
    if (there) TRY(files.Rename(file, moved));
    TRY(files.SyncDirectory(io::ParentDirectory(file)));
    return catalog;
  }
  if (!there && files.FileSize(moved).ok()) {
    return Error(Code::kConflict, "catalog_moved",
                 fmt::format("{0} is in a database since it was moved: set catalog.server, or name "
                             "{0}.moved {0} to go on from then",
                             file));
  }
  if (!there) TRY(files.Create(file));  // the database would let others read it
  return catalog::Catalog::Open(file);
}

Result<ProjectCatalog> ProjectCatalog::Open(const Machine& machine, const std::string& folder) {
  return OpenWith(machine, folder, catalog::Catalog::Open(folder + kCatalogFile));
}

Result<ProjectCatalog> ProjectCatalog::Open(const Machine& machine, const Config& config,
                                            const std::string& project) {
  const std::string folder = ProjectFolder(config.data, project);
  return OpenWith(machine, folder,
                  OpenCatalog(machine, config, folder + kCatalogFile, "waypost_" + project));
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
  ProjectCatalog made = TRY(ProjectCatalog::Open(machine_, config_, project));
  TRY(made.tags->Sweep());
  made.tags->SetIdleRules(
      {config_.tags_idle_days, config_.tags_freeze_days, config_.tags_retire_days});
  return &open_.emplace(project, std::move(made)).first->second;
}

}  // namespace waypost::services

#include "server/backup.h"

#include "server/users.h"
#include "services/secret_file.h"
#include "services/text_file.h"

namespace waypost::server {
namespace {

Result<> RefuseIfUsed(io::FileSystem& files, const std::string& directory) {
  const auto entries = files.List(directory);
  if (!entries.ok() || entries.value().empty()) return {};
  return Error(Code::kConflict, "not_empty", directory + ": has files already, choose another");
}

// The people of a backup, or for one.
template <typename People>
Result<> CopyPeople(io::FileSystem& files, People& people, const std::string& to) {
  const std::string copy = to + std::string(kPeopleFile);
  const auto made =
      TRY(files.Create(copy));  // for its owner alone, which the database would not do
  TRY(people.CopyTo(copy));
  TRY(made->Sync());
  return files.SyncDirectory(to);
}

// The folder appears in one rename, and so do they. `unfinished` is there.
Result<> RestorePeople(io::FileSystem& files, const std::string& from,
                       const std::string& unfinished, const std::string& data) {
  const std::string source = from + std::string(kPeopleFile);
  const std::string place = data + std::string(kPeopleFile);
  for (const std::string& there : {place, place + std::string(services::kMovedSuffix)}) {
    if (files.FileSize(there).ok()) return {};
  }
  if (!files.FileSize(source).ok()) return {};
  TRY(CopyPeople(files, *TRY(catalog::Catalog::Open(source)), unfinished));
  return files.Rename(unfinished + std::string(kPeopleFile), place);
}

// Sealed as it is. A backup from before there was one has none.
Result<> CopyIdentityKey(io::FileSystem& files, const std::string& from, const std::string& to) {
  const std::string name = "/" + std::string(services::kIdentityKey);
  const Result<std::string> sealed = services::ReadTextFile(files, from + name);
  if (!sealed.ok()) {
    return sealed.error().code() == Code::kNotFound ? Result<>() : sealed.error();
  }
  return io::ReplaceFile(files, to + name, AsBytes(sealed.value()));
}

Result<> CopyProject(const services::Machine& machine, services::ProjectCatalog& catalog,
                     engine::Engine& engine, const std::string& directory) {
  TRY(CopyIdentityKey(machine.files, engine.directory(), directory));
  TRY(catalog.CopyTo(machine.files, directory));
  return engine.Backup(directory);
}

}  // namespace

Result<> ProjectBackups::Backup(std::string_view project, const std::string& directory) {
  engine::Engine* engine = TRY(engines_.Find(project));
  services::ProjectCatalog* catalog = TRY(catalogs_.Find(TRY(engines_.NameOf(project))));
  TRY(RefuseIfUsed(machine_.files, directory));
  TRY(machine_.files.CreateDirectory(directory));
  TRY(machine_.files.SyncDirectory(io::ParentDirectory(directory)));
  TRY(CopyPeople(machine_.files, people_, directory));
  return CopyProject(machine_, *catalog, *engine, directory);
}

Result<> RestoreProject(const services::Machine& machine, const services::Config& config,
                        const std::string& project, const std::string& from) {
  io::FileSystem& files = machine.files;
  if (!files.FileSize(from + "/" + std::string(engine::kHeldFile)).ok()) {
    return Error(
        Code::kNotFound, "no_backup",
        from + " holds no whole backup; give a folder that `waypost backup --to` finished");
  }
  const std::string projects = config.data + "/projects";
  const std::string folder = services::ProjectFolder(config.data, project);
  TRY(files.CreateDirectory(config.data));
  TRY(files.CreateDirectory(projects));
  TRY(RefuseIfUsed(files, folder));
  const std::string unfinished = config.data + "/restoring-" + project;
  TRY(io::RemoveAll(files, unfinished));
  services::ProjectCatalog catalog = TRY(services::ProjectCatalog::Open(machine, from));
  const auto engine =
      TRY(engine::Engine::Open(files, machine.clock, machine.random, {.directory = from}));
  TRY(files.CreateDirectory(unfinished));
  TRY(CopyProject(machine, catalog, *engine, unfinished));
  TRY(engine->Stop());
  TRY(io::RemoveAll(files, folder));  // empty, or not there
  TRY(RestorePeople(files, from, unfinished, config.data));
  TRY(files.Rename(unfinished, folder));
  TRY(files.SyncDirectory(projects));
  return files.SyncDirectory(config.data);
}

}  // namespace waypost::server

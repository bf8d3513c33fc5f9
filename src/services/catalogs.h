// The catalogs of a data folder: its people's, and the projects', each opened when it is first
// needed. They are files in the folder, or, with `catalog.server`, schemas of a PostgreSQL server.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"
#include "segments/segments.h"
#include "services/config.h"
#include "services/machine.h"
#include "tags/tags.h"

namespace waypost::services {

// Of a file whose catalog is in a database now.
inline constexpr std::string_view kMovedSuffix = ".moved";

// The catalog of `file`, made for its owner alone when it is missing; with `catalog.server`, of the
// schema there. What the file held is taken over by the schema and the file renamed to
// <file>.moved; kConflict "catalog_moved" when only that is there and no server is configured.
// Errors: Catalog::Open's and OpenOn's; those of the file system.
Result<std::unique_ptr<catalog::Catalog>> OpenCatalog(const Machine& machine, const Config& config,
                                                      const std::string& file,
                                                      const std::string& schema);

// What a project has beside its events: definitions, the members of its segments and the
// values of its tags.
struct ProjectCatalog {
  // Makes what is missing in `folder`, which is a project's or a backup's, with the catalog in it.
  // Errors: Catalog::Open's.
  static Result<ProjectCatalog> Open(const Machine& machine, const std::string& folder);
  // Of a project as it is configured. Errors: OpenCatalog's.
  static Result<ProjectCatalog> Open(const Machine& machine, const Config& config,
                                     const std::string& project);
  // A sentence for each thing that is damaged.
  Result<std::vector<std::string>> Verify() const;
  // A copy in `directory`, which is there and has none yet: first the definitions, as of one
  // moment, then the files they name, each verified. Durable when it returns.
  Result<> CopyTo(io::FileSystem& files, const std::string& directory) const;

  std::unique_ptr<catalog::Catalog> catalog;
  std::unique_ptr<segments::Segments> segments;
  std::unique_ptr<tags::Tags> tags;
};

// Any thread.
class Catalogs {
 public:
  Catalogs(const Machine& machine, const Config& config) : machine_(machine), config_(config) {}

  // REQUIRES: the project is one of those that are open. Errors: OpenCatalog's.
  Result<ProjectCatalog*> Find(const std::string& project);

 private:
  const Machine machine_;
  const Config config_;
  std::mutex mutex_;
  std::map<std::string, ProjectCatalog> open_;
};

}  // namespace waypost::services

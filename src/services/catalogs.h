// The catalogs of the projects, each opened when it is first needed: <project folder>/catalog.db.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "segments/segments.h"
#include "services/config.h"
#include "services/machine.h"
#include "tags/tags.h"

namespace waypost::services {

// What a project has beside its events: definitions, the members of its segments and the
// values of its tags.
struct ProjectCatalog {
  // Makes what is missing in `folder`, which is a project's. Errors: Catalog::Open's.
  static Result<ProjectCatalog> Open(const Machine& machine, const std::string& folder);
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
  Catalogs(const Machine& machine, const Config& config) : machine_(machine), data_(config.data) {}

  // REQUIRES: the project is one of those that are open. Errors: Catalog::Open's.
  Result<ProjectCatalog*> Find(const std::string& project);

 private:
  const Machine machine_;
  const std::string data_;
  std::mutex mutex_;
  std::map<std::string, ProjectCatalog> open_;
};

}  // namespace waypost::services

// The sources of the projects' tables: declared in the catalog, their passwords sealed beside,
// loaded when their time comes or when somebody asks.
#pragma once

#include <atomic>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "api/services.h"
#include "channels/sealed.h"
#include "services/catalogs.h"
#include "services/engines.h"
#include "services/scheduler.h"
#include "services/table_source.h"

namespace waypost::services {

// Any thread.
class TableSources final : public ScheduledThings {
 public:
  // All must outlive it.
  TableSources(const Machine& machine, const Engines& engines, Catalogs& catalogs,
               const channels::SealKey& key, io::EgressRules rules)
      : machine_(machine),
        engines_(engines),
        catalogs_(catalogs),
        key_(key),
        servers_(machine.make_sql_servers(std::move(rules))) {}

  // REQUIRES: the verb is one about a source.
  Result<std::string> Call(const api::TableCall& call);
  // Ends loads that are under way, soon; what is safe stays.
  void Stop() { stopping_ = true; }

  std::vector<ScheduledWork> Works() override;
  void Run(const ScheduledWork& work) override;

 private:
  using Of = catalog::Reference;
  struct Kept {  // beside a definition
    std::string password, cursor;
    std::string columns;  // that the last load read, as JSON
  };

  Result<std::string> Show(const std::string& project, const std::string& table);
  Result<std::string> Set(const std::string& project, const std::string& table,
                          const std::string& body);
  Result<std::string> SetPassword(const std::string& project, const std::string& table,
                                  const std::string& body);
  static Result<> SameColumns(const std::string& columns, const files::Mapping& mapping,
                              io::SqlSession& session, const TableSource& source);
  Result<std::string> Check(const std::string& project, const std::string& table);
  // Loads, and records that it did, or why not.
  Result<std::string> Load(const std::string& project, const std::string& table, bool whole);
  Result<files::SqlReport> LoadNow(const std::string& project, const std::string& table,
                                   bool whole);

  Result<catalog::Catalog*> CatalogOf(const std::string& project);
  Result<Kept> KeptOf(const std::string& project, const Of& of);
  Result<std::unique_ptr<io::SqlSession>> Connect(const std::string& project, const Of& of,
                                                  const TableSource& source);
  // How the session's columns fit the table as it is declared now.
  Result<files::Mapping> MappingFor(const std::string& project, const std::string& table,
                                    io::SqlSession& session, const TableSource& source);
  std::string SealName(const std::string& project, const std::string& table) const;

  const Machine machine_;
  const Engines& engines_;
  Catalogs& catalogs_;
  const channels::SealKey key_;
  const std::unique_ptr<io::SqlServers> servers_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::set<std::pair<std::string, std::string>> loading_;  // project, table
};

}  // namespace waypost::services

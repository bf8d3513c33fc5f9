// A catalog in a file of SQLite.
#pragma once

#include <string>
#include <string_view>

#include "catalog/sql_catalog.h"

namespace waypost::catalog {

class SqliteCatalog final : public SqlCatalog {
 public:
  // Makes the file when it is missing. Once, before any other call.
  Result<> Start(const std::string& path);
  // All of another catalog; REQUIRES: this one is empty.
  Result<> Fill(soci::session& from);
  // For who copies all of it elsewhere; no call of this catalog meanwhile.
  soci::session& session() { return sql_; }

  Result<> CopyTo(const std::string& path) override;
  Result<> Verify() override;

 private:
  int Version() override;
  void SetVersion(int version) override;
  std::string Statement(std::string_view statement) const override;
  Error ErrorOf(const soci::soci_error& error) override;
};

}  // namespace waypost::catalog

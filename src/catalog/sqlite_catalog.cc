#include "catalog/sqlite_catalog.h"

#include <soci/sqlite3/soci-sqlite3.h>

namespace waypost::catalog {

using soci::into;
using soci::use;

Result<> SqliteCatalog::Start(const std::string& path) {
  return Guarded([&]() -> Result<> {
    sql_.open(soci::sqlite3, "db=\"" + path + "\"");
    sql_ << "pragma journal_mode=wal";
    sql_ << "pragma synchronous=full";
    sql_ << "pragma secure_delete=on";
    sql_ << "pragma busy_timeout=5000";
    return Migrate();
  });
}

Result<> SqliteCatalog::Fill(soci::session& from) {
  return Guarded([&]() -> Result<> {
    CopyRows(from);
    return {};
  });
}

Result<> SqliteCatalog::CopyTo(const std::string& path) {
  return Guarded([&]() -> Result<> {
    sql_ << "vacuum into :p", use(path);
    return {};
  });
}

Result<> SqliteCatalog::Verify() {
  return Guarded([&]() -> Result<> {
    std::string found;
    sql_ << "pragma integrity_check(1)", into(found);
    return found == "ok" ? Result<>() : Error(Code::kCorrupt, "the catalog is damaged: " + found);
  });
}

int SqliteCatalog::Version() {
  int version = 0;
  sql_ << "pragma user_version", into(version);
  return version;
}

void SqliteCatalog::SetVersion(int version) { sql_ << "pragma user_version = " << version; }

std::string SqliteCatalog::Statement(std::string_view statement) const {
  return std::string(statement);
}

Error SqliteCatalog::ErrorOf(const soci::soci_error& error) {
  const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&error);
  const std::string message = std::string("catalog: ") + error.what();
  switch (sqlite ? sqlite->result() & 0xFF : 0) {
    case 11:  // SQLITE_CORRUPT
    case 26:  // SQLITE_NOTADB
      return Error(Code::kCorrupt, message);
    case 13:  // SQLITE_FULL
      return Error(Code::kUnavailable, "storage_full", message);
    default:
      return Error(Code::kIo, message);
  }
}

Result<std::unique_ptr<Catalog>> Catalog::Open(const std::string& path) {
  auto catalog = std::make_unique<SqliteCatalog>();
  if (Result<> started = catalog->Start(path); !started.ok())
    return std::move(started).error().While("open " + path);
  return std::unique_ptr<Catalog>(std::move(catalog));
}

}  // namespace waypost::catalog

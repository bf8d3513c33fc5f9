#include <fmt/format.h>
#include <soci/postgresql/soci-postgresql.h>

#include <filesystem>
#include <memory>

#include "base/hash.h"
#include "catalog/sqlite_catalog.h"

namespace waypost::catalog {
namespace {

using soci::into;
using soci::use;

std::string Quoted(std::string_view name) { return fmt::format("\"{}\"", name); }

// What libpq reads, as the pairs that SOCI hands on to it whole.
Result<std::string> PairsOf(const std::string& server) {
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> read(
      PQconninfoParse(server.c_str(), nullptr), PQconninfoFree);
  if (!read) {  // libpq's reason may hold the password
    return Error(Code::kInvalid, "bad_catalog_server",
                 "catalog.server: libpq does not read it; give \"host=... user=... dbname=...\" or "
                 "\"postgresql://user@host/database\"");
  }
  std::string pairs;
  for (const PQconninfoOption* one = read.get(); one->keyword; ++one) {
    if (!one->val) continue;
    if (std::string_view(one->val).find_first_of(" '\\") != std::string_view::npos) {
      return Error(Code::kInvalid, "bad_catalog_server",
                   fmt::format("catalog.server: the {} has a blank, a quote or a backslash; give a "
                               "password like that as PGPASSWORD or in a passfile",
                               one->keyword));
    }
    pairs += fmt::format("{}{}={}", pairs.empty() ? "" : " ", one->keyword, one->val);
  }
  return pairs;
}

// A catalog in a schema of a PostgreSQL server, this program's alone while it is open.
class PostgresCatalog final : public SqlCatalog {
 public:
  explicit PostgresCatalog(std::string_view schema) : schema_(schema) {}

  Result<> Start(const std::string& server) {
    const std::string pairs = TRY(PairsOf(server));
    return Guarded([&]() -> Result<> {
      sql_.open(soci::postgresql, pairs);
      opened_ = true;
      TRY(Prepare());
      return Migrate();
    });
  }

  Result<> Fill(const std::string& path) {
    SqliteCatalog file;
    TRY(file.Start(path));
    return Guarded([&]() -> Result<> {
      if (const uint64_t there = Fingerprint(sql_); there != 0) {
        if (there == Fingerprint(file.session())) return {};  // the file was not put away
        return Error(Code::kConflict, "two_catalogs",
                     fmt::format("{} and the schema {} hold different definitions: keep one, and "
                                 "put the other out of the way",
                                 path, schema_));
      }
      CopyRows(file.session());
      return {};
    });
  }

  Result<> CopyTo(const std::string& path) override {
    std::error_code none;
    if (std::filesystem::exists(path) && std::filesystem::file_size(path, none) > 0)
      return Error(Code::kConflict, "exists", path + " is there already");
    SqliteCatalog copy;
    TRY(copy.Start(path));
    return Guarded([&]() -> Result<> { return copy.Fill(sql_); });
  }

  Result<> Verify() override {
    return Guarded([&]() -> Result<> {
      for (const char* read : {"definition", "used", "entry", "kept"}) {
        long long rows = 0;
        sql_ << "select count(*) from (select " << read << "::text as whole from " << read
             << ") t where length(whole) > 0",
            into(rows);
      }
      return {};
    });
  }

 private:
  // A session that begins: where its tables are, and that nobody else writes them.
  Result<> Prepare() {
    sql_ << "set synchronous_commit = on";
    sql_ << "set client_min_messages = warning";
    sql_ << "set lock_timeout = 5000";
    sql_ << "set statement_timeout = 60000";
    sql_ << "select pg_advisory_lock(" << static_cast<int64_t>(Hash64(schema_)) << ")";
    sql_ << "create schema if not exists " << Quoted(schema_);
    sql_ << "set search_path to " << Quoted(schema_);
    sql_ << "create table if not exists schema_version (version bigint not null)";
    return {};
  }

  Result<> Ready() override {
    if (!opened_ || sql_.is_connected()) return {};
    sql_.reconnect();
    return Prepare();
  }

  int Version() override {
    long long version = 0;
    sql_ << "select coalesce(max(version), 0) from schema_version", into(version);
    return static_cast<int>(version);
  }

  void SetVersion(int version) override {
    sql_ << "delete from schema_version";
    sql_ << "insert into schema_version values (" << version << ")";
  }

  // Sorted by bytes, as SQLite does.
  std::string Statement(std::string_view statement) const override {
    std::string said(statement);
    const auto replace = [&](std::string_view from, std::string_view to) {
      for (size_t at = 0; (at = said.find(from, at)) != said.npos; at += to.size())
        said.replace(at, from.size(), to);
    };
    replace(" without rowid", "");
    replace(" text not null", " text collate \"C\" not null");
    return said;
  }

  // SQLSTATE by its class: https://www.postgresql.org/docs/15/errcodes-appendix.html
  Error ErrorOf(const soci::soci_error& error) override {
    const auto* postgres = dynamic_cast<const soci::postgresql_soci_error*>(&error);
    const std::string state = postgres ? postgres->sqlstate() : std::string();
    const std::string message = std::string("catalog: ") + error.what();
    if (state == "55P03") {
      return Error(Code::kConflict, "catalog_in_use",
                   fmt::format("another server has the catalog in the schema {} open", schema_));
    }
    if (state.starts_with("53")) return Error(Code::kUnavailable, "storage_full", message);
    if (state.starts_with("XX00")) return Error(Code::kCorrupt, message);
    const bool gone = !postgres || state.starts_with("08") || state.starts_with("57P") ||
                      state.starts_with("28") || state.starts_with("3D") || state.empty();
    return gone ? Error(Code::kUnavailable, "catalog_unavailable", message)
                : Error(Code::kIo, message);
  }

  const std::string schema_;
  bool opened_ = false;
};

}  // namespace

Result<std::unique_ptr<Catalog>> Catalog::OpenOn(const std::string& server, std::string_view schema,
                                                 const std::string& before) {
  auto catalog = std::make_unique<PostgresCatalog>(schema);
  if (Result<> started = catalog->Start(server); !started.ok())
    return std::move(started).error().While(fmt::format("open the catalog {}", schema));
  if (!before.empty()) TRY(catalog->Fill(before));
  return std::unique_ptr<Catalog>(std::move(catalog));
}

}  // namespace waypost::catalog

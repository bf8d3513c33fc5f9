// A catalog in SQL, through SOCI: every statement but those that make the tables stands here once.
// What databases do differently is a few virtual functions; sqlite_catalog.cc and
// postgres_catalog.cc.
#pragma once

#include <soci/soci.h>

#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/catalog.h"

namespace waypost::catalog {

class SqlCatalog : public Catalog {
 public:
  Result<Definition> Create(Definition definition, int64_t now_ms) override;
  Result<Definition> Change(Definition definition, int64_t now_ms) override;
  Result<> SetState(const Reference& of, std::string_view state) override;
  Result<> Remove(const Reference& of) override;
  Result<Definition> Get(const Reference& of) override;
  Result<Definition> GetVersion(const Reference& of, int64_t version) override;
  Result<std::vector<Definition>> Versions(const Reference& of) override;
  Result<std::vector<Definition>> List(std::string_view kind) override;
  Result<std::vector<Reference>> UsersOf(const Reference& of) override;
  Result<int64_t> Record(const Reference& of, int64_t at_ms, std::string_view body) override;
  Result<std::vector<Entry>> Entries(const Reference& of, size_t limit) override;
  Result<> Amend(const Reference& of, int64_t number, std::string_view body) override;
  Result<> Keep(const Reference& of, std::string_view name, std::string_view value) override;
  Result<std::vector<std::pair<std::string, std::string>>> Kept(const Reference& of) override;

 protected:
  // Of the schema, 0 for none; within a call.
  virtual int Version() = 0;
  virtual void SetVersion(int version) = 0;
  // A step of SchemaSteps as this database says it.
  virtual std::string Statement(std::string_view statement) const = 0;
  // What the database meant.
  virtual Error ErrorOf(const soci::soci_error& error) = 0;
  // Before each call: the session can be used.
  virtual Result<> Ready() { return {}; }

  // Brings the tables up to date. "newer_catalog".
  Result<> Migrate();
  // All rows of another catalog's tables, into this one's, which are empty. One transaction.
  void CopyRows(soci::session& from);
  // Of all versions of all definitions; 0 when there are none.
  static uint64_t Fingerprint(soci::session& sql);

  // One call at a time. SOCI throws; nothing passes this point.
  template <typename Work>
  auto Guarded(Work work) -> decltype(work()) {
    const std::lock_guard lock(mutex_);
    try {
      TRY(Ready());
      return work();
    } catch (const soci::soci_error& error) {
      return ErrorOf(error);
    }
  }

  soci::session sql_;

 private:
  template <typename Work>
  auto InTransaction(Work work) -> decltype(work());
  int64_t NewestVersion(const Reference& of);
  void Insert(Definition* definition);
  std::vector<Definition> Select(std::string_view where, const Reference& of, int64_t value);
  std::vector<Definition> Read(const soci::rowset<soci::row>& rows);
  std::vector<Reference> SelectUses(const Definition& definition);
  std::vector<Reference> SelectUsers(const Reference& of);

  std::mutex mutex_;
};

}  // namespace waypost::catalog

#include "catalog/catalog.h"

#include <fmt/format.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "catalog/schema.h"

namespace waypost::catalog {
namespace {

using soci::into;
using soci::use;

constexpr std::string_view kColumns =
    "kind, id, version, name_zh, name_en, owner, state, body, created_ms, changed_ms";

Error Absent(const Reference& of) {
  return Error(Code::kNotFound, "not_found", fmt::format("there is no {} '{}'", of.kind, of.id));
}

Error ErrorOf(const soci::soci_error& error) {
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

bool IsWord(std::string_view id) {
  return !id.empty() && id.size() <= kMaxId && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

Result<> Check(const Definition& definition) {
  if (!IsWord(definition.kind) || !IsWord(definition.id)) {
    return Error(
        Code::kInvalid, "bad_id",
        fmt::format("'{}': an id is 1 to {} letters, digits, '_' and '-'", definition.id, kMaxId));
  }
  if (definition.body.size() > kMaxBody)
    return Error(Code::kTooLarge, "too_large", fmt::format("the body is over {} bytes", kMaxBody));
  return {};
}

class SqliteCatalog final : public Catalog {
 public:
  Result<> Start(const std::string& path) {
    return Guarded([&]() -> Result<> {
      sql_.open(soci::sqlite3, "db=\"" + path + "\"");
      sql_ << "pragma journal_mode=wal";
      sql_ << "pragma synchronous=full";
      sql_ << "pragma secure_delete=on";
      sql_ << "pragma busy_timeout=5000";
      return Migrate();
    });
  }

  Result<Definition> Create(Definition definition, int64_t now_ms) override {
    TRY(Check(definition));
    return InTransaction([&]() -> Result<Definition> {
      if (NewestVersion({definition.kind, definition.id}) > 0) {
        return Error(Code::kConflict, "exists",
                     fmt::format("there is a {} '{}' already", definition.kind, definition.id));
      }
      definition.version = 1;
      definition.created_ms = definition.changed_ms = now_ms;
      Insert(&definition);
      return definition;
    });
  }

  Result<Definition> Change(Definition definition, int64_t now_ms) override {
    TRY(Check(definition));
    return InTransaction([&]() -> Result<Definition> {
      const Reference of{definition.kind, definition.id};
      const int64_t newest = NewestVersion(of);
      if (newest == 0) return Absent(of);
      if (newest != definition.version) {
        return Error(Code::kConflict, "conflict",
                     fmt::format("the {} '{}' is at version {}, not {}: read it again", of.kind,
                                 of.id, newest, definition.version));
      }
      definition.created_ms = Select("version = :v", of, newest).front().created_ms;
      sql_ << "update definition set newest = 0 where kind = :k and id = :i", use(of.kind),
          use(of.id);
      ++definition.version;
      definition.changed_ms = now_ms;
      Insert(&definition);
      return definition;
    });
  }

  Result<> SetState(const Reference& of, std::string_view state) override {
    return InTransaction([&]() -> Result<> {
      if (NewestVersion(of) == 0) return Absent(of);
      const std::string word(state);
      sql_ << "update definition set state = :s where kind = :k and id = :i", use(word),
          use(of.kind), use(of.id);
      return {};
    });
  }

  Result<> Remove(const Reference& of) override {
    return InTransaction([&]() -> Result<> {
      if (NewestVersion(of) == 0) return Absent(of);
      const std::vector<Reference> users = SelectUsers(of);
      if (!users.empty()) {
        return Error(Code::kConflict, "in_use",
                     fmt::format("the {} '{}' is used by the {} '{}'", of.kind, of.id,
                                 users[0].kind, users[0].id));
      }
      for (const char* table : {"definition", "used", "entry", "kept"}) {
        sql_ << "delete from " << table << " where kind = :k and id = :i", use(of.kind), use(of.id);
      }
      return {};
    });
  }

  Result<Definition> Get(const Reference& of) override {
    return Guarded([&]() -> Result<Definition> {
      std::vector<Definition> found = Select("newest = :v", of, 1);
      if (found.empty()) return Absent(of);
      return std::move(found[0]);
    });
  }

  Result<Definition> GetVersion(const Reference& of, int64_t version) override {
    return Guarded([&]() -> Result<Definition> {
      std::vector<Definition> found = Select("version = :v", of, version);
      if (found.empty()) return Absent(of);
      return std::move(found[0]);
    });
  }

  Result<std::vector<Definition>> Versions(const Reference& of) override {
    return Guarded([&]() -> Result<std::vector<Definition>> {
      std::vector<Definition> found = Select("version >= :v order by version", of, 1);
      if (found.empty()) return Absent(of);
      return found;
    });
  }

  Result<std::vector<Definition>> List(std::string_view kind) override {
    return Guarded([&]() -> Result<std::vector<Definition>> {
      const std::string word(kind);
      const soci::rowset<soci::row> rows =
          (sql_.prepare << "select " << kColumns
                        << " from definition where kind = :k and newest = 1 order by id",
           use(word));
      return Read(rows);
    });
  }

  Result<std::vector<Reference>> UsersOf(const Reference& of) override {
    return Guarded([&]() -> Result<std::vector<Reference>> { return SelectUsers(of); });
  }

  Result<int64_t> Record(const Reference& of, int64_t at_ms, std::string_view body) override {
    return InTransaction([&]() -> Result<int64_t> {
      if (NewestVersion(of) == 0) return Absent(of);
      long long number = 0, at = at_ms;
      sql_ << "select coalesce(max(number), 0) + 1 from entry where kind = :k and id = :i",
          into(number), use(of.kind), use(of.id);
      const std::string text(body);
      sql_ << "insert into entry values (:k, :i, :n, :a, :b)", use(of.kind), use(of.id),
          use(number), use(at), use(text);
      return int64_t{number};
    });
  }

  Result<std::vector<Entry>> Entries(const Reference& of, size_t limit) override {
    return Guarded([&]() -> Result<std::vector<Entry>> {
      const auto most = static_cast<long long>(limit);
      const soci::rowset<soci::row> rows =
          (sql_.prepare << "select number, at_ms, body from entry where kind = :k and id = :i"
                           " order by number desc limit :m",
           use(of.kind), use(of.id), use(most));
      std::vector<Entry> entries;
      for (const soci::row& row : rows) {
        entries.push_back({row.get<long long>(0), row.get<long long>(1), row.get<std::string>(2)});
      }
      return entries;
    });
  }

  Result<> Keep(const Reference& of, std::string_view name, std::string_view value) override {
    return InTransaction([&]() -> Result<> {
      if (NewestVersion(of) == 0) return Absent(of);
      const std::string key(name), text(value);
      sql_ << "delete from kept where kind = :k and id = :i and name = :n", use(of.kind),
          use(of.id), use(key);
      if (!text.empty()) {
        sql_ << "insert into kept values (:k, :i, :n, :v)", use(of.kind), use(of.id), use(key),
            use(text);
      }
      return {};
    });
  }

  Result<std::vector<std::pair<std::string, std::string>>> Kept(const Reference& of) override {
    return Guarded([&]() -> Result<std::vector<std::pair<std::string, std::string>>> {
      const soci::rowset<soci::row> rows =
          (sql_.prepare << "select name, value from kept where kind = :k and id = :i order by name",
           use(of.kind), use(of.id));
      std::vector<std::pair<std::string, std::string>> found;
      for (const soci::row& row : rows)
        found.emplace_back(row.get<std::string>(0), row.get<std::string>(1));
      return found;
    });
  }

  Result<> CopyTo(const std::string& path) override {
    return Guarded([&]() -> Result<> {
      sql_ << "vacuum into :p", use(path);
      return {};
    });
  }

  Result<> Verify() override {
    return Guarded([&]() -> Result<> {
      std::string found;
      sql_ << "pragma integrity_check(1)", into(found);
      return found == "ok" ? Result<>() : Error(Code::kCorrupt, "the catalog is damaged: " + found);
    });
  }

 private:
  // SOCI throws; nothing passes this point.
  template <typename Work>
  auto Guarded(Work work) -> decltype(work()) {
    const std::lock_guard lock(mutex_);
    try {
      return work();
    } catch (const soci::soci_error& error) {
      return ErrorOf(error);
    }
  }

  // All of it or, on an error, nothing.
  template <typename Work>
  auto InTransaction(Work work) -> decltype(work()) {
    return Guarded([&] {
      soci::transaction transaction(sql_);
      auto result = work();
      if (result.ok()) transaction.commit();
      return result;
    });
  }

  Result<> Migrate() {
    int version = 0;
    sql_ << "pragma user_version", into(version);
    const auto known = static_cast<int>(SchemaSteps().size());
    if (version > known) {
      return Error(
          Code::kConflict, "newer_catalog",
          fmt::format("the catalog has version {}, this program knows {}", version, known));
    }
    for (; version < known; ++version) {
      soci::transaction transaction(sql_);
      for (const std::string_view statement : SchemaSteps()[static_cast<size_t>(version)])
        sql_ << std::string(statement);
      sql_ << "pragma user_version = " << version + 1;
      transaction.commit();
    }
    return {};
  }

  int64_t NewestVersion(const Reference& of) {
    long long version = 0;
    sql_ << "select coalesce(max(version), 0) from definition where kind = :k and id = :i",
        into(version), use(of.kind), use(of.id);
    return version;
  }

  void Insert(Definition* definition) {
    Definition& d = *definition;
    const long long version = d.version, created = d.created_ms, changed = d.changed_ms;
    sql_ << "insert into definition values"
            " (:k, :i, :v, :z, :e, :o, :s, :b, :c, :m, 1)",
        use(d.kind), use(d.id), use(version), use(d.name_zh), use(d.name_en), use(d.owner),
        use(d.state), use(d.body), use(created), use(changed);
    std::ranges::sort(d.uses);
    const auto repeated = std::ranges::unique(d.uses);
    d.uses.erase(repeated.begin(), repeated.end());
    for (const Reference& used : d.uses) {
      sql_ << "insert into used values (:k, :i, :v, :uk, :ui)", use(d.kind), use(d.id),
          use(version), use(used.kind), use(used.id);
    }
  }

  std::vector<Definition> Select(std::string_view where, const Reference& of, int64_t value) {
    const long long v = value;
    const soci::rowset<soci::row> rows =
        (sql_.prepare << "select " << kColumns
                      << " from definition where kind = :k and id = :i and " << where,
         use(of.kind), use(of.id), use(v));
    return Read(rows);
  }

  std::vector<Definition> Read(const soci::rowset<soci::row>& rows) {
    std::vector<Definition> found;
    for (const soci::row& row : rows) {
      Definition d;
      d.kind = row.get<std::string>(0);
      d.id = row.get<std::string>(1);
      d.version = row.get<long long>(2);
      d.name_zh = row.get<std::string>(3);
      d.name_en = row.get<std::string>(4);
      d.owner = row.get<std::string>(5);
      d.state = row.get<std::string>(6);
      d.body = row.get<std::string>(7);
      d.created_ms = row.get<long long>(8);
      d.changed_ms = row.get<long long>(9);
      found.push_back(std::move(d));
    }
    for (Definition& d : found) d.uses = SelectUses(d);
    return found;
  }

  std::vector<Reference> SelectUses(const Definition& d) {
    const long long version = d.version;
    const soci::rowset<soci::row> rows =
        (sql_.prepare << "select used_kind, used_id from used where kind = :k and id = :i"
                         " and version = :v order by 1, 2",
         use(d.kind), use(d.id), use(version));
    return References(rows);
  }

  std::vector<Reference> SelectUsers(const Reference& of) {
    const soci::rowset<soci::row> rows =
        (sql_.prepare << "select u.kind, u.id from used u join definition d on d.kind = u.kind"
                         " and d.id = u.id and d.version = u.version and d.newest = 1"
                         " where u.used_kind = :k and u.used_id = :i order by 1, 2",
         use(of.kind), use(of.id));
    return References(rows);
  }

  static std::vector<Reference> References(const soci::rowset<soci::row>& rows) {
    std::vector<Reference> found;
    for (const soci::row& row : rows)
      found.push_back({row.get<std::string>(0), row.get<std::string>(1)});
    return found;
  }

  std::mutex mutex_;
  soci::session sql_;
};

}  // namespace

Result<std::unique_ptr<Catalog>> Catalog::Open(const std::string& path) {
  auto catalog = std::make_unique<SqliteCatalog>();
  if (Result<> started = catalog->Start(path); !started.ok())
    return std::move(started).error().While("open " + path);
  return std::unique_ptr<Catalog>(std::move(catalog));
}

std::vector<Definition> UsedFirst(std::vector<Definition> definitions) {
  std::map<Reference, Definition*> waiting;
  for (Definition& definition : definitions)
    waiting.emplace(Reference{definition.kind, definition.id}, &definition);
  std::vector<Definition> ordered;
  const auto take = [&](const auto& self, const Reference& of) -> void {
    const auto one = waiting.extract(of);
    if (!one) return;
    for (const Reference& used : one.mapped()->uses) self(self, used);
    ordered.push_back(std::move(*one.mapped()));
  };
  while (!waiting.empty()) take(take, Reference(waiting.begin()->first));
  return ordered;
}

}  // namespace waypost::catalog

#include "catalog/sql_catalog.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.h"
#include "catalog/schema.h"

namespace waypost::catalog {
namespace {

using soci::into;
using soci::use;

constexpr std::string_view kColumns =
    "kind, id, version, name_zh, name_en, owner, state, body, created_ms, changed_ms";

// What is copied: a letter for each column, text or number.
struct Columns {
  std::string_view name, columns, kinds;
};
constexpr Columns kTables[] = {
    {"definition",
     "kind, id, version, name_zh, name_en, owner, state, body, created_ms, changed_ms, newest",
     "ttntttttnnn"},
    {"used", "kind, id, version, used_kind, used_id", "ttntt"},
    {"entry", "kind, id, number, at_ms, body", "ttnnt"},
    {"kept", "kind, id, name, value", "tttt"}};

Error Absent(const Reference& of) {
  return Error(Code::kNotFound, "not_found", fmt::format("there is no {} '{}'", of.kind, of.id));
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
  for (const std::string* text :
       {&definition.name_zh, &definition.name_en, &definition.owner, &definition.body}) {
    if (text->find('\0') != text->npos)
      return Error(Code::kInvalid, "bad_text", "a text holds a zero byte");
  }
  if (definition.body.size() > kMaxBody)
    return Error(Code::kTooLarge, "too_large", fmt::format("the body is over {} bytes", kMaxBody));
  return {};
}

std::vector<Reference> References(const soci::rowset<soci::row>& rows) {
  std::vector<Reference> found;
  for (const soci::row& row : rows)
    found.push_back({row.get<std::string>(0), row.get<std::string>(1)});
  return found;
}

}  // namespace

// All of it or, on an error, nothing.
template <typename Work>
auto SqlCatalog::InTransaction(Work work) -> decltype(work()) {
  return Guarded([&] {
    soci::transaction transaction(sql_);
    auto result = work();
    if (result.ok()) transaction.commit();
    return result;
  });
}

Result<Definition> SqlCatalog::Create(Definition definition, int64_t now_ms) {
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

Result<Definition> SqlCatalog::Change(Definition definition, int64_t now_ms) {
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

Result<> SqlCatalog::SetState(const Reference& of, std::string_view state) {
  return InTransaction([&]() -> Result<> {
    if (NewestVersion(of) == 0) return Absent(of);
    const std::string word(state);
    sql_ << "update definition set state = :s where kind = :k and id = :i", use(word), use(of.kind),
        use(of.id);
    return {};
  });
}

Result<> SqlCatalog::Remove(const Reference& of) {
  return InTransaction([&]() -> Result<> {
    if (NewestVersion(of) == 0) return Absent(of);
    const std::vector<Reference> users = SelectUsers(of);
    if (!users.empty()) {
      return Error(Code::kConflict, "in_use",
                   fmt::format("the {} '{}' is used by the {} '{}'", of.kind, of.id, users[0].kind,
                               users[0].id));
    }
    for (const char* table : {"definition", "used", "entry", "kept"}) {
      sql_ << "delete from " << table << " where kind = :k and id = :i", use(of.kind), use(of.id);
    }
    return {};
  });
}

Result<Definition> SqlCatalog::Get(const Reference& of) {
  return Guarded([&]() -> Result<Definition> {
    std::vector<Definition> found = Select("newest = :v", of, 1);
    if (found.empty()) return Absent(of);
    return std::move(found[0]);
  });
}

Result<Definition> SqlCatalog::GetVersion(const Reference& of, int64_t version) {
  return Guarded([&]() -> Result<Definition> {
    std::vector<Definition> found = Select("version = :v", of, version);
    if (found.empty()) return Absent(of);
    return std::move(found[0]);
  });
}

Result<std::vector<Definition>> SqlCatalog::Versions(const Reference& of) {
  return Guarded([&]() -> Result<std::vector<Definition>> {
    std::vector<Definition> found = Select("version >= :v order by version", of, 1);
    if (found.empty()) return Absent(of);
    return found;
  });
}

Result<std::vector<Definition>> SqlCatalog::List(std::string_view kind) {
  return Guarded([&]() -> Result<std::vector<Definition>> {
    const std::string word(kind);
    const soci::rowset<soci::row> rows =
        (sql_.prepare << "select " << kColumns
                      << " from definition where kind = :k and newest = 1 order by id",
         use(word));
    return Read(rows);
  });
}

Result<std::vector<Reference>> SqlCatalog::UsersOf(const Reference& of) {
  return Guarded([&]() -> Result<std::vector<Reference>> { return SelectUsers(of); });
}

Result<int64_t> SqlCatalog::Record(const Reference& of, int64_t at_ms, std::string_view body) {
  return InTransaction([&]() -> Result<int64_t> {
    if (NewestVersion(of) == 0) return Absent(of);
    long long number = 0, at = at_ms;
    sql_ << "select coalesce(max(number), 0) + 1 from entry where kind = :k and id = :i",
        into(number), use(of.kind), use(of.id);
    const std::string text(body);
    sql_ << "insert into entry values (:k, :i, :n, :a, :b)", use(of.kind), use(of.id), use(number),
        use(at), use(text);
    return int64_t{number};
  });
}

Result<std::vector<Entry>> SqlCatalog::Entries(const Reference& of, size_t limit) {
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

Result<> SqlCatalog::Amend(const Reference& of, int64_t number, std::string_view body) {
  return InTransaction([&]() -> Result<> {
    const std::string text(body);
    const auto at = static_cast<long long>(number);
    sql_ << "update entry set body = :b where kind = :k and id = :i and number = :n", use(text),
        use(of.kind), use(of.id), use(at);
    return {};
  });
}

Result<> SqlCatalog::Keep(const Reference& of, std::string_view name, std::string_view value) {
  return InTransaction([&]() -> Result<> {
    if (NewestVersion(of) == 0) return Absent(of);
    const std::string key(name), text(value);
    sql_ << "delete from kept where kind = :k and id = :i and name = :n", use(of.kind), use(of.id),
        use(key);
    if (!text.empty()) {
      sql_ << "insert into kept values (:k, :i, :n, :v)", use(of.kind), use(of.id), use(key),
          use(text);
    }
    return {};
  });
}

Result<std::vector<std::pair<std::string, std::string>>> SqlCatalog::Kept(const Reference& of) {
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

Result<> SqlCatalog::Migrate() {
  int version = Version();
  const auto known = static_cast<int>(SchemaSteps().size());
  if (version > known) {
    return Error(Code::kConflict, "newer_catalog",
                 fmt::format("the catalog has version {}, this program knows {}", version, known));
  }
  for (; version < known; ++version) {
    soci::transaction transaction(sql_);
    for (const std::string_view statement : SchemaSteps()[static_cast<size_t>(version)])
      sql_ << Statement(statement);
    SetVersion(version + 1);
    transaction.commit();
  }
  return {};
}

uint64_t SqlCatalog::Fingerprint(soci::session& sql) {
  uint64_t print = 0;
  const soci::rowset<soci::row> rows =
      (sql.prepare << "select kind, id, version, state, body from definition order by 1, 2, 3");
  for (const soci::row& row : rows) {
    print =
        Hash64(fmt::format("{}/{} {} {} {}", row.get<std::string>(0), row.get<std::string>(1),
                           row.get<long long>(2), row.get<std::string>(3), row.get<std::string>(4)),
               print + 1);
  }
  return print;
}

void SqlCatalog::CopyRows(soci::session& from) {
  soci::transaction transaction(sql_);
  for (const Columns& table : kTables) {
    const std::string columns(table.columns);
    const soci::rowset<soci::row> rows =
        (from.prepare << "select " << columns << " from " << table.name);
    std::vector<std::string> texts(table.kinds.size());
    std::vector<long long> numbers(table.kinds.size());
    soci::statement insert(sql_);
    std::string places;
    for (size_t c = 0; c < table.kinds.size(); ++c) {
      places += fmt::format("{}:c{}", c ? ", " : "", c);
      if (table.kinds[c] == 't') insert.exchange(use(texts[c]));
      if (table.kinds[c] == 'n') insert.exchange(use(numbers[c]));
    }
    insert.alloc();
    insert.prepare(fmt::format("insert into {} ({}) values ({})", table.name, columns, places));
    insert.define_and_bind();
    for (const soci::row& row : rows) {
      for (size_t c = 0; c < table.kinds.size(); ++c) {
        if (table.kinds[c] == 't') texts[c] = row.get<std::string>(c);
        if (table.kinds[c] == 'n') numbers[c] = row.get<long long>(c);
      }
      insert.execute(true);
    }
  }
  transaction.commit();
}

int64_t SqlCatalog::NewestVersion(const Reference& of) {
  long long version = 0;
  sql_ << "select coalesce(max(version), 0) from definition where kind = :k and id = :i",
      into(version), use(of.kind), use(of.id);
  return version;
}

void SqlCatalog::Insert(Definition* definition) {
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
    sql_ << "insert into used values (:k, :i, :v, :uk, :ui)", use(d.kind), use(d.id), use(version),
        use(used.kind), use(used.id);
  }
}

std::vector<Definition> SqlCatalog::Select(std::string_view where, const Reference& of,
                                           int64_t value) {
  const long long v = value;
  const soci::rowset<soci::row> rows =
      (sql_.prepare << "select " << kColumns << " from definition where kind = :k and id = :i and "
                    << where,
       use(of.kind), use(of.id), use(v));
  return Read(rows);
}

std::vector<Definition> SqlCatalog::Read(const soci::rowset<soci::row>& rows) {
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

std::vector<Reference> SqlCatalog::SelectUses(const Definition& d) {
  const long long version = d.version;
  const soci::rowset<soci::row> rows =
      (sql_.prepare << "select used_kind, used_id from used where kind = :k and id = :i"
                       " and version = :v order by 1, 2",
       use(d.kind), use(d.id), use(version));
  return References(rows);
}

std::vector<Reference> SqlCatalog::SelectUsers(const Reference& of) {
  const soci::rowset<soci::row> rows =
      (sql_.prepare << "select u.kind, u.id from used u join definition d on d.kind = u.kind"
                       " and d.id = u.id and d.version = u.version and d.newest = 1"
                       " where u.used_kind = :k and u.used_id = :i order by 1, 2",
       use(of.kind), use(of.id));
  return References(rows);
}

}  // namespace waypost::catalog

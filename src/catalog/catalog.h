// Definitions people make (segments, tags, journeys, ...): named, versioned, with an owner and a
// state, kept in one database per project: a file of SQLite, or a schema of PostgreSQL. What a body
// means is its kind's business.
//
//   auto catalog = TRY(Catalog::Open(folder + "/catalog.db"));
//   Definition made = TRY(catalog->Create({.kind = "segment", .id = "vip", .body = "{...}"}, now));
//   made.body = "{...}";
//   made = TRY(catalog->Change(made, now));           // version 2; version 1 stays readable
//
// A change names the version it was made from, so two people cannot overwrite each other unseen.
// Whatever a call returned as done survives a power cut (WAL, synchronous=FULL). Any thread may
// call any method; calls take turns. The database opens its files itself: the one place beside io/
// that does.
//
// Errors: kNotFound "not_found"; kConflict "exists", "conflict", "in_use"; kInvalid "bad_id" for an
// id that is no word of 1..kMaxId letters, digits, '_' and '-'; kTooLarge "too_large" for a body
// over kMaxBody, kInvalid "bad_text" for a zero byte; kCorrupt; kIo; kUnavailable "storage_full".
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace waypost::catalog {

inline constexpr size_t kMaxId = 64;
inline constexpr size_t kMaxBody = 1 << 20;

// One thing of one kind.
struct Reference {
  std::string kind, id;
  friend auto operator<=>(const Reference&, const Reference&) = default;
};

struct Definition {
  std::string kind, id;
  int64_t version = 0;  // from 1; each change is the next
  std::string name_zh, name_en;
  std::string owner;
  std::string state;            // a word of the kind's own ("draft", "live")
  std::string body;             // JSON
  std::vector<Reference> uses;  // what the body refers to; sorted
  int64_t created_ms = 0;       // of version 1
  int64_t changed_ms = 0;       // of this version
};

// Something that was done with a definition: a run, a publication. Numbers count from 1.
struct Entry {
  int64_t number = 0;
  int64_t at_ms = 0;
  std::string body;  // JSON
};

// The definitions in an order in which what one uses of them comes before it.
std::vector<Definition> UsedFirst(std::vector<Definition> definitions);

class Catalog {
 public:
  // Creates the database when there is none, and brings an older one up to date. kConflict
  // "newer_catalog" when a newer Waypost wrote it.
  static Result<std::unique_ptr<Catalog>> Open(const std::string& path);
  // The same in a schema of a PostgreSQL server, which is made when it is not there: `server` as
  // libpq reads it ("postgresql://waypost@db.bank/catalog?sslmode=verify-full"). One at a time has
  // it open. `before`: a file of Open whose definitions are taken over, or empty; "two_catalogs"
  // when there are others already. Lost connections are made anew by the call after.
  // Further errors: kConflict "catalog_in_use"; kUnavailable "catalog_unavailable"; kInvalid
  // "bad_catalog_server", also for values with blanks or quotes, which cannot be passed on.
  static Result<std::unique_ptr<Catalog>> OpenOn(const std::string& server, std::string_view schema,
                                                 const std::string& before);
  virtual ~Catalog() = default;

  // Version 1 of a new thing. An id that was removed may come again and begins anew.
  virtual Result<Definition> Create(Definition definition, int64_t now_ms) = 0;
  // The version after definition.version, which must be the newest ("conflict" otherwise). Kind,
  // id and created_ms stay.
  virtual Result<Definition> Change(Definition definition, int64_t now_ms) = 0;
  // Changes the state alone, of every version; makes none.
  virtual Result<> SetState(const Reference& of, std::string_view state) = 0;
  // With all versions and entries. "in_use", naming who, while others' newest versions use it.
  virtual Result<> Remove(const Reference& of) = 0;

  virtual Result<Definition> Get(const Reference& of) = 0;  // the newest version
  virtual Result<Definition> GetVersion(const Reference& of, int64_t version) = 0;
  virtual Result<std::vector<Definition>> Versions(const Reference& of) = 0;  // oldest first
  virtual Result<std::vector<Definition>> List(
      std::string_view kind) = 0;  // newest versions, by id
  // Whose newest version uses it, sorted.
  virtual Result<std::vector<Reference>> UsersOf(const Reference& of) = 0;

  // Adds an entry and returns its number.
  virtual Result<int64_t> Record(const Reference& of, int64_t at_ms, std::string_view body) = 0;
  // Newest first, at most `limit`.
  virtual Result<std::vector<Entry>> Entries(const Reference& of, size_t limit) = 0;

  // What an entry says from now on, in place of what may not be kept. Nothing without one.
  virtual Result<> Amend(const Reference& of, int64_t number, std::string_view body) = 0;

  // Sets a value beside a definition, of which no version is kept: secrets. Empty: removes it.
  virtual Result<> Keep(const Reference& of, std::string_view name, std::string_view value) = 0;
  // By name, sorted.
  virtual Result<std::vector<std::pair<std::string, std::string>>> Kept(const Reference& of) = 0;

  // A consistent copy, for Open, in a file that is not there yet or is empty.
  virtual Result<> CopyTo(const std::string& path) = 0;
  // Reads every page. kCorrupt says what is wrong with the first that is.
  virtual Result<> Verify() = 0;
};

}  // namespace waypost::catalog

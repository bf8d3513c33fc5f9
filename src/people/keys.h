// Keys for tools: each with its own rights, for as long as it is meant to live.
//
//   const std::string secret = TRY(keys.Create({.id = "etl", .rights = rights, .expires_ms = t}));
//   keys.Find(secret)     // the key, until it expires or is removed
//
// A key is "wpk_<id>_<64 hexadecimal digits>", shown once; kept is its SHA-256, which is enough for
// 256 random bits. Any thread; only changes wait for the disk. Errors: kConflict "exists"; kInvalid
// "bad_id", "bad_title", "two_duties", "bad_expiry"; kNotFound "unknown_key"; the catalog's.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "catalog/catalog.h"
#include "io/random.h"
#include "people/rights.h"

namespace waypost::people {

inline constexpr size_t kMaxKeys = 1'000;
inline constexpr int64_t kMaxKeyAgeMs = int64_t{366} * 86'400'000;

// What a caller with a key is called: this and its id.
inline constexpr std::string_view kKeyCaller = "key ";

struct Key {
  std::string id;
  std::string title;  // what it is for
  RightSet rights;
  std::string organisation;  // whose rows it sees; empty: the whole
  int64_t created_ms = 0;
  int64_t expires_ms = 0;
};

class Keys {
 public:
  // What is given must outlive it.
  Keys(catalog::Catalog& catalog, const Clock& clock, io::Random& random)
      : catalog_(catalog), clock_(clock), random_(random) {}
  Result<> Load();

  std::vector<Key> All() const;  // by id
  // The key that `secret` is. Takes no longer for one that is nearly right.
  std::optional<Key> Find(std::string_view secret) const;
  // What the key of this id allows now: nothing when there is none, or it has expired.
  RightSet RightsOf(std::string_view id) const;

  // Lives until expires_ms, at most kMaxKeyAgeMs from now. Returns the secret.
  Result<std::string> Create(Key key);
  Result<> Remove(std::string_view id);

 private:
  struct Kept {
    Key key;
    std::string fingerprint;
  };
  catalog::Catalog& catalog_;
  const Clock& clock_;
  io::Random& random_;
  std::mutex writing_;
  mutable std::mutex mutex_;
  std::map<std::string, Kept, std::less<>> keys_;
};

}  // namespace waypost::people

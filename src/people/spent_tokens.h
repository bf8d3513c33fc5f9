// Which one-time tokens have been used: a token that came once is refused from then on, after a
// restart too, for as long as it would be taken otherwise.
//
// Any thread; Spend waits for the disk. Errors: kUnavailable "overloaded" while kMostSpent are
// remembered; the catalog's.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"
#include "catalog/catalog.h"

namespace waypost::people {

inline constexpr size_t kMostSpent = 100'000;

class SpentTokens {
 public:
  // `catalog` must outlive it.
  explicit SpentTokens(catalog::Catalog& catalog) : catalog_(catalog) {}
  Result<> Load();

  // Whether the token of this id is used for the first time; then that is on disk. From old_ms on
  // it is too old to be taken anyway, and is forgotten.
  Result<bool> Spend(std::string_view id, int64_t old_ms, int64_t now_ms);

 private:
  Result<> Forget(int64_t now_ms);

  catalog::Catalog& catalog_;
  std::mutex mutex_;
  std::map<std::string, int64_t, std::less<>> old_ms_;  // by the fingerprint of an id
};

}  // namespace waypost::people

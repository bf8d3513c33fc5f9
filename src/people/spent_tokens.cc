#include "people/spent_tokens.h"

#include <boost/json.hpp>

#include "people/people_json.h"
#include "people/second_factor.h"

namespace waypost::people {
namespace {

namespace json = boost::json;

constexpr std::string_view kSpentKind = "spent_token";

}  // namespace

Result<> SpentTokens::Load() {
  const std::lock_guard lock(mutex_);
  for (const catalog::Definition& spent : TRY(catalog_.List(kSpentKind))) {
    const json::object body = TRY(ReadKept(spent.body));
    const json::value* old = body.if_contains("old_ms");
    old_ms_[spent.id] = old && old->is_int64() ? old->get_int64() : 0;
  }
  return {};
}

// An id is whatever its issuer likes; its fingerprint is one for the catalog.
Result<bool> SpentTokens::Spend(std::string_view id, int64_t old_ms, int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  TRY(Forget(now_ms));
  std::string fingerprint = Fingerprint(id);
  if (old_ms_.contains(fingerprint)) return false;
  if (old_ms_.size() >= kMostSpent)
    return Error(Code::kUnavailable, "overloaded", "too many tokens were used in a few minutes");
  TRY(catalog_.Create({.kind = std::string(kSpentKind),
                       .id = fingerprint,
                       .body = json::serialize(json::value{{"old_ms", old_ms}})},
                      now_ms));
  old_ms_.emplace(std::move(fingerprint), old_ms);
  return true;
}

Result<> SpentTokens::Forget(int64_t now_ms) {
  for (auto at = old_ms_.begin(); at != old_ms_.end();) {
    if (at->second > now_ms) {
      ++at;
      continue;
    }
    TRY(catalog_.Remove({std::string(kSpentKind), at->first}));
    at = old_ms_.erase(at);
  }
  return {};
}

}  // namespace waypost::people

#include "people/keys.h"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>

#include "people/people_json.h"
#include "people/second_factor.h"

namespace waypost::people {
namespace {

namespace json = boost::json;

constexpr std::string_view kKeyKind = "key", kPrefix = "wpk_";
constexpr size_t kKeyDigits = 64;

std::string NewSecret(io::Random& random, std::string_view id) {
  std::array<uint8_t, kKeyDigits / 2> bytes;
  random.Fill(bytes);
  std::string secret = fmt::format("{}{}_", kPrefix, id);
  for (const uint8_t byte : bytes) secret += fmt::format("{:02x}", byte);
  return secret;
}

// The id in a secret; empty when it is none.
std::string_view IdIn(std::string_view secret) {
  if (!secret.starts_with(kPrefix) || secret.size() < kPrefix.size() + 2 + kKeyDigits) return {};
  secret.remove_prefix(kPrefix.size());
  return secret.substr(0, secret.size() - kKeyDigits - 1);
}

}  // namespace

Result<> Keys::Load() {
  for (const catalog::Definition& definition : TRY(catalog_.List(kKeyKind))) {
    const json::object body = TRY(ReadKept(definition.body));
    Kept kept{.key = {.id = definition.id,
                      .title = definition.name_zh,
                      .rights = TRY(people::RightsOf(KeptTexts(body, "rights"))),
                      .organisation = KeptText(body, "organisation"),
                      .created_ms = definition.created_ms},
              .fingerprint = KeptText(body, "fingerprint")};
    if (const auto* expires = body.if_contains("expires_ms"); expires && expires->is_int64())
      kept.key.expires_ms = expires->get_int64();
    keys_[definition.id] = std::move(kept);
  }
  return {};
}

std::vector<Key> Keys::All() const {
  std::vector<Key> all;
  const std::lock_guard lock(mutex_);
  for (const auto& [id, kept] : keys_) all.push_back(kept.key);
  return all;
}

std::optional<Key> Keys::Find(std::string_view secret) const {
  const std::lock_guard lock(mutex_);
  const auto found = keys_.find(IdIn(secret));
  if (found == keys_.end() || clock_.NowMs() >= found->second.key.expires_ms) return std::nullopt;
  // What is compared is a hash, which tells nothing of how much of the secret was right.
  if (Fingerprint(secret) != found->second.fingerprint) return std::nullopt;
  return found->second.key;
}

RightSet Keys::RightsOf(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto found = keys_.find(id);
  const bool lives = found != keys_.end() && clock_.NowMs() < found->second.key.expires_ms;
  return lives ? found->second.key.rights : RightSet();
}

Result<std::string> Keys::Create(Key key) {
  TRY(CheckTitle(key.title));
  TRY(CheckDuties(key.rights));
  key.created_ms = clock_.NowMs();
  if (key.expires_ms <= key.created_ms || key.expires_ms > key.created_ms + kMaxKeyAgeMs) {
    return Error(Code::kInvalid, "bad_expiry",
                 "A key expires in the future, within a year from now.");
  }
  const std::string secret = NewSecret(random_, key.id);
  Kept kept{.key = key, .fingerprint = Fingerprint(secret)};
  catalog::Definition definition{
      .kind = std::string(kKeyKind),
      .id = key.id,
      .name_zh = key.title,
      .body = json::serialize(json::value{{"rights", json::value_from(key.rights.Names())},
                                          {"organisation", key.organisation},
                                          {"expires_ms", key.expires_ms},
                                          {"fingerprint", kept.fingerprint}})};
  if (!key.organisation.empty()) definition.uses = {{"organisation", key.organisation}};
  const std::lock_guard writing(writing_);
  if (keys_.size() >= kMaxKeys)
    return Error(Code::kTooLarge, "too_large", fmt::format("There are {} keys.", kMaxKeys));
  TRY(catalog_.Create(std::move(definition), key.created_ms));
  const std::lock_guard lock(mutex_);
  keys_[key.id] = std::move(kept);
  return secret;
}

Result<> Keys::Remove(std::string_view id) {
  const std::lock_guard writing(writing_);
  if (!keys_.contains(id))
    return Error(Code::kNotFound, "unknown_key", fmt::format("There is no key '{}'.", id));
  TRY(catalog_.Remove({std::string(kKeyKind), std::string(id)}));
  const std::lock_guard lock(mutex_);
  keys_.erase(keys_.find(id));
  return {};
}

}  // namespace waypost::people

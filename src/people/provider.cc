#include "people/provider.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>

#include "base/logger.h"
#include "people/people_json.h"

namespace waypost::people {
namespace {

namespace json = boost::json;

constexpr int64_t kDescriptionMs = 3'600'000;
constexpr int64_t kKeysMs = 60'000;  // between two looks at the provider's keys
constexpr size_t kMaxCame = 4'096;   // bytes of a code, and of a state
constexpr size_t kMaxGroups = 1'000;

// What the browser is told is that it failed; why is for those who run the server.
Error ProviderFailed(std::string_view why) {
  LogWarning("provider.failed", {{"why", why}});
  return Error(Code::kUnavailable, "provider_failed", std::string(why));
}

Error NotAUser(std::string why) { return Error(Code::kNotFound, "not_a_user", std::move(why)); }

// RFC 3986: all but unreserved characters.
std::string Escaped(std::string_view text) {
  constexpr std::string_view kPlain = "-._~";
  std::string escaped;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       kPlain.find(c) != kPlain.npos;
    escaped += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return escaped;
}

std::string Form(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  std::string form;
  for (const auto& [name, value] : fields)
    form += fmt::format("{}{}={}", form.empty() ? "" : "&", name, Escaped(value));
  return form;
}

std::string Sha256(std::string_view text) {
  std::array<uint8_t, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string RandomKey(io::Random& random) {
  std::array<uint8_t, 32> bytes;
  random.Fill(bytes);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// When an attempt began, which its secret begins with.
int64_t BeganMs(std::string_view secret) {
  int64_t began_ms = 0;
  std::from_chars(secret.data(), secret.data() + secret.size(), began_ms);
  return began_ms;
}

Error Stale() {
  return Error(Code::kInvalid, "sign_in_stale", "This signing in began elsewhere or too long ago.");
}

}  // namespace

Provider::Provider(ProviderRules rules, SpentTokens& spent, io::Egress& egress, const Clock& clock,
                   io::Random& random)
    : rules_(std::move(rules)),
      spent_(spent),
      egress_(egress),
      clock_(clock),
      random_(random),
      key_(RandomKey(random)) {}

// 43 characters, which is what a verifier has at least (RFC 7636, 4.1).
std::string Provider::Derived(std::string_view secret, std::string_view what) const {
  const std::string text = fmt::format("{} {}", what, secret);
  std::array<uint8_t, SHA256_DIGEST_LENGTH> mac;
  unsigned size = mac.size();
  CHECK(HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
             reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(),
             &size) != nullptr);
  return Base64Url({reinterpret_cast<const char*>(mac.data()), mac.size()});
}

Result<json::object> Provider::Fetch(io::HttpCall call) const {
  call.headers.emplace_back("Accept", "application/json");
  const std::string url = call.url.substr(0, call.url.find('?'));
  if (!IsGuarded(url)) return ProviderFailed(url + " is neither https nor on this machine");
  Result<io::HttpReply> reply = egress_.Call(call);
  if (!reply.ok()) return ProviderFailed(url + ": " + reply.error().message());
  boost::system::error_code error;
  json::value value = json::parse(reply.value().body, error);
  if (error || !value.is_object()) return ProviderFailed(url + " answers with no JSON object");
  // 400 and 401 are how the token endpoint refuses (RFC 6749, 5.2).
  const int status = reply.value().status;
  const bool refuses = (status == 400 || status == 401) && value.get_object().contains("error");
  if (status != 200 && !refuses) return ProviderFailed(fmt::format("{} answers {}", url, status));
  return std::move(value.get_object());
}

Result<Provider::Description> Provider::Describe() {
  {
    const std::lock_guard lock(mutex_);
    if (description_ && clock_.NowMs() - description_->read_ms < kDescriptionMs)
      return *description_;
  }
  std::string issuer = rules_.issuer;
  if (issuer.ends_with('/')) issuer.pop_back();
  const json::object says =
      TRY(Fetch({.method = "GET", .url = issuer + "/.well-known/openid-configuration"}));
  if (KeptText(says, "issuer") != rules_.issuer)
    return ProviderFailed("it calls itself " + KeptText(says, "issuer"));
  Description read{.authorization = KeptText(says, "authorization_endpoint"),
                   .token = KeptText(says, "token_endpoint"),
                   .keys = KeptText(says, "jwks_uri"),
                   .end_session = KeptText(says, "end_session_endpoint"),
                   .read_ms = clock_.NowMs()};
  for (const std::string* url : {&read.authorization, &read.token, &read.keys}) {
    if (!IsGuarded(*url)) return ProviderFailed("it names no guarded address: '" + *url + "'");
  }
  if (!IsGuarded(read.end_session)) read.end_session.clear();
  const std::lock_guard lock(mutex_);
  description_ = read;
  return read;
}

Result<Provider::Attempt> Provider::Begin() {
  const Description there = TRY(Describe());
  const std::string secret = fmt::format("{}.{}", clock_.NowMs(), Base64Url(RandomKey(random_)));
  const std::string query =
      Form({{"response_type", "code"},
            {"client_id", rules_.client_id},
            {"redirect_uri", ReturnUrl()},
            {"scope", rules_.scopes},
            {"state", Derived(secret, "state")},
            {"nonce", Derived(secret, "nonce")},
            {"code_challenge", Base64Url(Sha256(Derived(secret, "verifier")))},
            {"code_challenge_method", "S256"}});
  const char joint = there.authorization.find('?') == std::string::npos ? '?' : '&';
  return Attempt{there.authorization + joint + query, secret};
}

template <typename Read>
auto Provider::WithKeys(const Description& there, Read read) -> decltype(read(KeySet())) {
  KeySet keys;
  bool look = false;  // they may have changed since
  {
    const std::lock_guard lock(mutex_);
    keys = keys_;
    look = keys_read_ms_ == 0 || clock_.NowMs() - keys_read_ms_ >= kKeysMs;
  }
  auto claims = read(keys);
  const bool unknown = !claims.ok() && claims.error().name() == "unknown_token_key";
  return unknown && look ? read(TRY(ReadKeys(there.keys))) : claims;
}

Result<Provider::Person> Provider::Finish(std::string_view secret, const Came& came) {
  const int64_t age_ms = clock_.NowMs() - BeganMs(secret);
  if (secret.empty() || age_ms < 0 || age_ms > kAttemptMs) return Stale();
  if (came.state.size() > kMaxCame || came.state != Derived(secret, "state")) return Stale();
  if (!came.issuer.empty() && came.issuer != rules_.issuer) return Stale();  // RFC 9207
  if (!came.error.empty() || came.code.empty() || came.code.size() > kMaxCame) {
    return Error(Code::kInvalid, "provider_refused",
                 "The identity provider did not sign you in: begin again.");
  }
  const Description there = TRY(Describe());
  const std::string token = TRY(Exchange(there, secret, came.code));
  const TokenAsk ask{rules_.issuer, rules_.client_id, Derived(secret, "nonce"), clock_.NowMs()};
  const Result<json::object> claims =
      WithKeys(there, [&](const KeySet& keys) { return ReadIdToken(token, keys, ask); });
  if (claims.ok()) return PersonOf(claims.value());
  if (claims.error().name() == "provider_failed") return claims.error();
  LogWarning("provider.bad_token", {{"why", claims.error().message()}});
  return Error(Code::kInvalid, "bad_id_token",
               "The identity provider's token cannot be trusted: " + claims.error().message());
}

Result<std::string> Provider::Exchange(const Description& there, std::string_view secret,
                                       const std::string& code) {
  io::HttpCall call{.url = there.token,
                    .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                    .body = Form({{"grant_type", "authorization_code"},
                                  {"code", code},
                                  {"redirect_uri", ReturnUrl()},
                                  {"client_id", rules_.client_id},
                                  {"code_verifier", Derived(secret, "verifier")}})};
  if (!rules_.client_secret.empty()) {  // RFC 6749, 2.3.1
    std::string both = Escaped(rules_.client_id) + ":" + Escaped(rules_.client_secret);
    std::string basic = Base64Url(both);
    std::ranges::replace(basic, '-', '+');
    std::ranges::replace(basic, '_', '/');
    basic.resize((basic.size() + 3) / 4 * 4, '=');
    call.headers.emplace_back("Authorization", "Basic " + basic);
  }
  const json::object says = TRY(Fetch(std::move(call)));
  if (says.contains("error")) {
    LogWarning("provider.refused", {{"error", KeptText(says, "error")}});
    return Error(Code::kInvalid, "provider_refused",
                 "The identity provider did not sign you in: begin again.");
  }
  std::string token = KeptText(says, "id_token");
  if (token.empty()) return ProviderFailed("it gives no id_token");
  return token;
}

Result<KeySet> Provider::ReadKeys(const std::string& url) {
  const json::object says = TRY(Fetch({.method = "GET", .url = url}));
  Result<KeySet> keys = KeySet::Read(json::serialize(says));
  if (!keys.ok()) return ProviderFailed(keys.error().message());
  const std::lock_guard lock(mutex_);
  keys_ = keys.value();
  keys_read_ms_ = clock_.NowMs();
  return keys;
}

Result<LogoutClaims> Provider::ReadLogout(const std::string& token) {
  const auto refuse = [](std::string_view why) {
    LogWarning("provider.bad_token", {{"why", why}});
    return Error(Code::kInvalid, "bad_logout_token",
                 "The logout token cannot be trusted: " + std::string(why));
  };
  const Description there = TRY(Describe());
  const int64_t now_ms = clock_.NowMs();
  const TokenAsk ask{rules_.issuer, rules_.client_id, {}, now_ms};
  Result<LogoutClaims> claims =
      WithKeys(there, [&](const KeySet& keys) { return ReadLogoutToken(token, keys, ask); });
  if (!claims.ok() && claims.error().code() == Code::kUnavailable) return claims;
  if (!claims.ok()) return refuse(claims.error().message());
  const int64_t old_ms = now_ms + kTokenAgeMs + 2 * kClockSkewMs;
  if (!TRY(spent_.Spend(claims.value().id, old_ms, now_ms))) return refuse("it was used (jti)");
  return claims;
}

Result<Provider::Person> Provider::PersonOf(const json::object& claims) const {
  Person person{.name = KeptText(claims, rules_.name_claim),
                .roles = {},
                .subject = KeptText(claims, "sub"),
                .session = KeptText(claims, "sid")};
  if (person.name.empty())
    return NotAUser("The identity provider does not say your name: " + rules_.name_claim);
  if (rules_.roles_claim.empty()) return person;
  std::vector<std::string> groups = KeptTexts(claims, rules_.roles_claim);
  if (groups.empty()) groups = {KeptText(claims, rules_.roles_claim)};
  groups.resize(std::min(groups.size(), kMaxGroups));
  std::vector<std::string>& roles = person.roles.emplace();
  for (const auto& [group, role] : rules_.roles) {
    if (std::ranges::find(groups, group) != groups.end()) roles.push_back(role);
  }
  if (roles.empty())
    return NotAUser("None of your groups at the identity provider has a role here.");
  return person;
}

std::string Provider::SignOutUrl() const {
  const std::lock_guard lock(mutex_);
  if (!description_ || description_->end_session.empty()) return {};
  const std::string& there = description_->end_session;
  return there + (there.find('?') == there.npos ? '?' : '&') +
         Form({{"client_id", rules_.client_id},
               {"post_logout_redirect_uri", rules_.url + "/console/"}});
}

}  // namespace waypost::people

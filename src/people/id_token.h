// Tokens in which an identity provider says who somebody is (OpenID Connect Core 1.0, section 2),
// and the keys that the provider signs them with (RFC 7517, RFC 7515).
//
//   const KeySet keys = TRY(KeySet::Read(reply.body));
//   const json::object claims = TRY(ReadIdToken(token, keys, {.issuer = ..., .now_ms = ...}));
//
// RS256, PS256, ES256 and EdDSA (Ed25519) are understood; a token that is not signed, or signed
// with what both sides know, is not. Errors: kInvalid "bad_id_token" saying what is wrong; the
// token itself is in no error.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

struct evp_pkey_st;

namespace waypost::people {

inline constexpr size_t kMaxToken = 16 << 10;
inline constexpr size_t kMaxProviderKeys = 64;
inline constexpr int64_t kClockSkewMs = 60'000;      // that the two clocks may differ
inline constexpr int64_t kTokenAgeMs = 10 * 60'000;  // a token is for signing in now

// RFC 4648, section 5, without padding.
std::string Base64Url(std::string_view bytes);
// kInvalid "bad_id_token".
Result<std::string> FromBase64Url(std::string_view text);

// Never changes; any thread may ask.
class KeySet {
 public:
  // Keys of other kinds and other uses are left out. kInvalid when it is no key set, kTooLarge.
  static Result<KeySet> Read(std::string_view json);

  // The signature is one of the key's `id`; an empty id means the only key that fits. Errors:
  // kNotFound "unknown_token_key": the provider may have a new one.
  Result<> Check(std::string_view algorithm, std::string_view id, std::string_view text,
                 std::string_view signature) const;
  size_t size() const { return keys_.size(); }

 private:
  struct Key {
    std::string id;
    std::string algorithm;  // the only one it is for; empty: any of its kind
    std::shared_ptr<evp_pkey_st> key;
  };
  static Result<std::shared_ptr<evp_pkey_st>> ReadKey(const boost::json::object& fields);

  std::vector<Key> keys_;
};

// What a token has to say.
struct TokenAsk {
  std::string issuer, client, nonce;
  int64_t now_ms = 0;
};

// The claims of a token that `keys` have signed, as ReadClaims checks them. Errors: KeySet's too.
Result<boost::json::object> ReadIdToken(std::string_view token, const KeySet& keys,
                                        const TokenAsk& ask);
// The claims in a JSON text, checked: by whom, for whom, when, in answer to what, about whom.
Result<boost::json::object> ReadClaims(std::string_view text, const TokenAsk& ask);

// What a provider says when somebody's session there has ended (OpenID Connect Back-Channel Logout
// 1.0, section 2.4).
struct LogoutClaims {
  std::string subject, session;  // one of them may be empty
  std::string id;                // of the token
};
// As ReadIdToken, of a logout token; no nonce is asked for and none may be there.
Result<LogoutClaims> ReadLogoutToken(std::string_view token, const KeySet& keys,
                                     const TokenAsk& ask);
Result<LogoutClaims> ReadLogoutClaims(std::string_view text, const TokenAsk& ask);

}  // namespace waypost::people

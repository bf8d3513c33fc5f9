#include "people/id_token.h"

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "people/people_json.h"

namespace waypost::people {
namespace {

namespace json = boost::json;

constexpr int kMinRsaBits = 2'048, kMaxRsaBits = 8'192;
constexpr size_t kCoordinate = 32;  // bytes, of P-256 and of Ed25519

struct Algorithm {
  std::string_view name;
  int kind;  // of key
  bool pss;
};
constexpr Algorithm kAlgorithms[] = {{"RS256", EVP_PKEY_RSA, false},
                                     {"PS256", EVP_PKEY_RSA, true},
                                     {"ES256", EVP_PKEY_EC, false},
                                     {"EdDSA", EVP_PKEY_ED25519, false}};

struct Freed {
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(OSSL_PARAM_BLD* builder) const { OSSL_PARAM_BLD_free(builder); }
  void operator()(OSSL_PARAM* parameters) const { OSSL_PARAM_free(parameters); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};
template <typename T>
using Held = std::unique_ptr<T, Freed>;
using PublicKey = std::shared_ptr<EVP_PKEY>;

Error BadToken(std::string what) { return Error(Code::kInvalid, "bad_id_token", std::move(what)); }

const unsigned char* BytesOf(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Held<BIGNUM> NumberOf(std::string_view bytes) {
  return Held<BIGNUM>(BN_bin2bn(BytesOf(bytes), static_cast<int>(bytes.size()), nullptr));
}

PublicKey MakeKey(const char* kind, OSSL_PARAM_BLD* builder) {
  const Held<OSSL_PARAM> parameters(OSSL_PARAM_BLD_to_param(builder));
  const Held<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
    return nullptr;
  return {key, EVP_PKEY_free};
}

PublicKey RsaKey(std::string_view modulus, std::string_view exponent) {
  const Held<BIGNUM> n = NumberOf(modulus), e = NumberOf(exponent);
  if (BN_num_bits(n.get()) < kMinRsaBits || BN_num_bits(n.get()) > kMaxRsaBits) return nullptr;
  const Held<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  return MakeKey("RSA", builder.get());
}

PublicKey EllipticKey(const std::string& x, const std::string& y) {
  if (x.size() != kCoordinate || y.size() != kCoordinate) return nullptr;
  const std::string point = "\x04" + x + y;  // SEC 1, 2.3.3: not compressed
  const Held<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                   point.size());
  return MakeKey("EC", builder.get());
}

PublicKey EdwardsKey(std::string_view x) {
  if (x.size() != kCoordinate) return nullptr;
  return {EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, BytesOf(x), x.size()),
          EVP_PKEY_free};
}

// RFC 7518, 3.4: two numbers of the same length -> DER, as the library reads them; empty when they
// are not.
std::string DerOf(std::string_view signature) {
  if (signature.size() != 2 * kCoordinate) return {};
  const Held<ECDSA_SIG> pair(ECDSA_SIG_new());
  ECDSA_SIG_set0(pair.get(), NumberOf(signature.substr(0, kCoordinate)).release(),
                 NumberOf(signature.substr(kCoordinate)).release());
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  std::string text(reinterpret_cast<char*>(der), static_cast<size_t>(std::max(size, 0)));
  OPENSSL_free(der);
  return text;
}

bool Verifies(const Algorithm& algorithm, EVP_PKEY* key, std::string_view text,
              std::string_view given) {
  const std::string signature = algorithm.kind == EVP_PKEY_EC ? DerOf(given) : std::string(given);
  const Held<EVP_MD_CTX> context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* settings = nullptr;  // the context's
  const EVP_MD* digest = algorithm.kind == EVP_PKEY_ED25519 ? nullptr : EVP_sha256();
  if (EVP_DigestVerifyInit(context.get(), &settings, digest, nullptr, key) != 1) return false;
  if (algorithm.pss && (EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING) != 1 ||
                        EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, RSA_PSS_SALTLEN_DIGEST) != 1))
    return false;
  return EVP_DigestVerify(context.get(), BytesOf(signature), signature.size(), BytesOf(text),
                          text.size()) == 1;
}

Result<json::object> ObjectIn(std::string_view text, std::string_view what) {
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  if (error || !value.is_object()) return BadToken(fmt::format("{} is not a JSON object", what));
  return std::move(value.get_object());
}

// Seconds since 1970, with or without a fraction; none when it is no number or far from any date.
std::optional<int64_t> MillisecondsIn(const json::object& claims, std::string_view name) {
  constexpr double kFar = 1e12;
  const json::value* value = claims.if_contains(name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  const double seconds = value->to_number<double>();
  if (!(seconds >= 0 && seconds < kFar)) return std::nullopt;
  return static_cast<int64_t>(seconds * 1'000);
}

Result<> CheckAudience(const json::object& claims, const std::string& client) {
  const json::value* audience = claims.if_contains("aud");
  const json::array* several = audience ? audience->if_array() : nullptr;
  const auto is_client = [&](const json::value& value) {
    return value.is_string() && value.get_string() == client;
  };
  const bool named = several ? std::ranges::any_of(*several, is_client)
                             : audience != nullptr && is_client(*audience);
  if (!named) return BadToken("it is meant for somebody else (aud)");
  const json::value* party = claims.if_contains("azp");
  if (party ? !is_client(*party) : several != nullptr && several->size() > 1)
    return BadToken("it was made for somebody else (azp)");
  return {};
}

Result<> CheckTimes(const json::object& claims, int64_t now_ms) {
  const auto ends = MillisecondsIn(claims, "exp"), made = MillisecondsIn(claims, "iat");
  if (!ends || !made) return BadToken("it does not say from when to when it is good (iat, exp)");
  if (*ends + kClockSkewMs <= now_ms) return BadToken("it is no longer good (exp)");
  if (*made - kClockSkewMs > now_ms)
    return BadToken("it is from the future (iat): check the clock");
  if (*made + kTokenAgeMs < now_ms) return BadToken("it is too old (iat)");
  if (!claims.contains("nbf")) return {};
  const auto begins = MillisecondsIn(claims, "nbf");
  return begins && *begins - kClockSkewMs <= now_ms ? Result<>()
                                                    : BadToken("it is not good yet (nbf)");
}

// By whom, for whom and when.
Result<> CheckWay(const json::object& claims, const TokenAsk& ask) {
  if (KeptText(claims, "iss") != ask.issuer) return BadToken("it is from somebody else (iss)");
  TRY(CheckAudience(claims, ask.client));
  return CheckTimes(claims, ask.now_ms);
}

// What a token says that `keys` have signed, and that is of no other type than `type` or any.
Result<std::string> SignedText(std::string_view token, const KeySet& keys, std::string_view type) {
  if (token.size() > kMaxToken) return BadToken("it is too long");
  const size_t first = token.find('.'), last = token.rfind('.');
  if (first == last || token.find('.', first + 1) != last)
    return BadToken("it has not three parts");
  const json::object header =
      TRY(ObjectIn(TRY(FromBase64Url(token.substr(0, first))), "its header"));
  const std::string said = KeptText(header, "typ");
  if (header.contains("crit") || (!said.empty() && said != "JWT" && said != type))
    return BadToken("it is of another kind (typ, crit)");
  TRY(keys.Check(KeptText(header, "alg"), KeptText(header, "kid"), token.substr(0, last),
                 TRY(FromBase64Url(token.substr(last + 1)))));
  return FromBase64Url(token.substr(first + 1, last - first - 1));
}

}  // namespace

std::string Base64Url(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), BytesOf(bytes),
                  static_cast<int>(bytes.size()));
  text.resize((bytes.size() * 4 + 2) / 3);
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

Result<std::string> FromBase64Url(std::string_view text) {
  const bool plain = std::ranges::all_of(text, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
  if (!plain || text.size() % 4 == 1) return BadToken("a part of it is not base64url");
  std::string standard(text);
  std::ranges::replace(standard, '-', '+');
  std::ranges::replace(standard, '_', '/');
  standard.resize((standard.size() + 3) / 4 * 4, '=');
  std::string bytes(standard.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   BytesOf(standard), static_cast<int>(standard.size()));
  if (size < 0) return BadToken("a part of it is not base64url");
  bytes.resize(text.size() * 3 / 4);  // the library counts the padding
  return bytes;
}

Result<std::shared_ptr<evp_pkey_st>> KeySet::ReadKey(const json::object& fields) {
  const std::string kind = KeptText(fields, "kty"), curve = KeptText(fields, "crv");
  const auto bytes = [&](std::string_view name) { return FromBase64Url(KeptText(fields, name)); };
  if (kind == "RSA") return RsaKey(TRY(bytes("n")), TRY(bytes("e")));
  if (kind == "EC" && curve == "P-256") return EllipticKey(TRY(bytes("x")), TRY(bytes("y")));
  if (kind == "OKP" && curve == "Ed25519") return EdwardsKey(TRY(bytes("x")));
  return PublicKey();
}

Result<KeySet> KeySet::Read(std::string_view text) {
  const json::object set = TRY(ObjectIn(text, "the key set"));
  const json::value* listed = set.if_contains("keys");
  if (listed == nullptr || !listed->is_array()) return BadToken("the key set has no keys");
  const json::array& all = listed->get_array();
  if (all.size() > kMaxProviderKeys) {
    return Error(Code::kTooLarge, "too_large",
                 fmt::format("more than {} keys of a provider", kMaxProviderKeys));
  }
  KeySet keys;
  for (const json::value& value : all) {
    const json::object* fields = value.if_object();
    if (fields == nullptr) continue;
    const std::string use = KeptText(*fields, "use");
    if (!use.empty() && use != "sig") continue;
    Result<PublicKey> key = ReadKey(*fields);
    if (!key.ok() || key.value() == nullptr) continue;
    keys.keys_.push_back(
        {KeptText(*fields, "kid"), KeptText(*fields, "alg"), std::move(key).value()});
  }
  return keys;
}

Result<> KeySet::Check(std::string_view name, std::string_view id, std::string_view text,
                       std::string_view signature) const {
  const auto* algorithm = std::ranges::find(kAlgorithms, name, &Algorithm::name);
  if (algorithm == std::end(kAlgorithms))
    return BadToken("it is not signed in a way that is accepted (alg)");
  const auto fits = [&](const Key& key) {
    return (id.empty() || key.id == id) && (key.algorithm.empty() || key.algorithm == name) &&
           EVP_PKEY_get_base_id(key.key.get()) == algorithm->kind;
  };
  const auto found = std::ranges::find_if(keys_, fits);
  if (found == keys_.end() || (id.empty() && std::ranges::count_if(keys_, fits) != 1)) {
    return Error(Code::kNotFound, "unknown_token_key",
                 "it is signed with a key that the provider does not publish");
  }
  return Verifies(*algorithm, found->key.get(), text, signature)
             ? Result<>()
             : BadToken("its signature is wrong");
}

Result<json::object> ReadIdToken(std::string_view token, const KeySet& keys, const TokenAsk& ask) {
  return ReadClaims(TRY(SignedText(token, keys, "JWT")), ask);
}

Result<json::object> ReadClaims(std::string_view text, const TokenAsk& ask) {
  json::object claims = TRY(ObjectIn(text, "what it says"));
  TRY(CheckWay(claims, ask));
  if (ask.nonce.empty() || KeptText(claims, "nonce") != ask.nonce)
    return BadToken("it answers another signing in (nonce)");
  if (KeptText(claims, "sub").empty()) return BadToken("it is about nobody (sub)");
  return claims;
}

Result<LogoutClaims> ReadLogoutToken(std::string_view token, const KeySet& keys,
                                     const TokenAsk& ask) {
  return ReadLogoutClaims(TRY(SignedText(token, keys, "logout+jwt")), ask);
}

Result<LogoutClaims> ReadLogoutClaims(std::string_view text, const TokenAsk& ask) {
  constexpr std::string_view kLogout = "http://schemas.openid.net/event/backchannel-logout";
  const json::object claims = TRY(ObjectIn(text, "what it says"));
  TRY(CheckWay(claims, ask));
  const json::value* events = claims.if_contains("events");
  const json::value* logout =
      events && events->is_object() ? events->get_object().if_contains(kLogout) : nullptr;
  if (!logout || !logout->is_object()) return BadToken("it is for no signing out (events)");
  if (claims.contains("nonce")) return BadToken("it is for signing in (nonce)");
  LogoutClaims read{.subject = KeptText(claims, "sub"),
                    .session = KeptText(claims, "sid"),
                    .id = KeptText(claims, "jti")};
  if (read.id.empty()) return BadToken("it has no name of its own (jti)");
  if (read.subject.empty() && read.session.empty())
    return BadToken("it is about nobody (sub, sid)");
  return read;
}

}  // namespace waypost::people

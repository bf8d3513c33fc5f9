#include "people/provider.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <boost/json.hpp>
#include <map>

#include "base/test_folder.h"
#include "io/sim_random.h"

namespace waypost::people {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

constexpr int64_t kSignInMs = 1'800'000'000'000;

// A key of the provider's, made of one repeated byte.
class ProviderKey {
 public:
  explicit ProviderKey(char byte) : id_(1, byte) {
    const std::string seed(32, byte);
    key_.reset(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr,
                                            reinterpret_cast<const unsigned char*>(seed.data()),
                                            seed.size()),
               EVP_PKEY_free);
  }
  json::object Public() const {
    std::string bytes(32, '\0');
    size_t size = bytes.size();
    EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(bytes.data()), &size);
    return {{"kty", "OKP"}, {"crv", "Ed25519"}, {"kid", id_}, {"x", Base64Url(bytes)}};
  }
  std::string Sign(const json::object& claims, json::object header = {}) const {
    header.insert({{"alg", "EdDSA"}, {"kid", id_}});
    const std::string text =
        Base64Url(json::serialize(header)) + "." + Base64Url(json::serialize(claims));
    std::string signature(64, '\0');
    size_t size = signature.size();
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestSignInit(context, nullptr, nullptr, nullptr, key_.get());
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    EVP_MD_CTX_free(context);
    return text + "." + Base64Url(signature);
  }

 private:
  const std::string id_;
  std::shared_ptr<EVP_PKEY> key_;
};

std::string KeysText(std::initializer_list<const ProviderKey*> keys) {
  json::array all;
  for (const ProviderKey* key : keys) all.push_back(key->Public());
  return json::serialize(json::object{{"keys", all}});
}

const TokenAsk kAsk{"https://id.example", "waypost", "n", kSignInMs};
json::object GoodClaims() {
  return {
      {"iss", "https://id.example"}, {"aud", "waypost"},         {"nonce", "n"},
      {"sub", "248289761001"},       {"iat", kSignInMs / 1'000}, {"exp", kSignInMs / 1'000 + 300},
      {"preferred_username", "li"},  {"groups", {"ops", "all"}}};
}

// RFC 7515, appendix A.3, and RFC 8037, appendix A.4.
TEST(IdTokenTest, SignaturesAreThoseOfTheRfcs) {
  const struct {
    std::string_view algorithm, key, text, signature;
  } kCases[] = {
      {"ES256",
       R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
           "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})",
       "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxl"
       "LmNvbS9pc19yb290Ijp0cnVlfQ",
       "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"},
      {"EdDSA",
       R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})",
       "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
       "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"}};
  for (const auto& [algorithm, key, text, signature] : kCases) {
    const KeySet keys = KeySet::Read(R"({"keys":[)" + std::string(key) + "]}").value();
    const std::string bytes = FromBase64Url(signature).value();
    EXPECT_TRUE(keys.Check(algorithm, "", text, bytes).ok()) << algorithm;
    EXPECT_FALSE(keys.Check(algorithm, "", std::string(text) + "x", bytes).ok()) << algorithm;
    EXPECT_FALSE(keys.Check(algorithm, "", text, bytes.substr(1)).ok()) << algorithm;
  }
}

TEST(IdTokenTest, ATokenSaysWhoWhenEveryClaimFits) {
  const ProviderKey key('k');
  const KeySet keys = KeySet::Read(KeysText({&key})).value();
  const auto claims = ReadIdToken(key.Sign(GoodClaims()), keys, kAsk);
  ASSERT_TRUE(claims.ok()) << claims.error().message();
  EXPECT_EQ(claims.value().at("preferred_username"), "li");
}

TEST(IdTokenTest, WhatDoesNotFitIsRefused) {
  const int64_t now = kSignInMs / 1'000;
  const struct {
    std::string_view claim;
    json::value value;  // null: taken away
    std::string_view why;
  } kCases[] = {{"iss", "https://id.example/", "(iss)"},
                {"iss", nullptr, "(iss)"},
                {"aud", "other", "(aud)"},
                {"aud", json::array{"other"}, "(aud)"},
                {"aud", nullptr, "(aud)"},
                {"aud", json::array{"waypost", "other"}, "(azp)"},
                {"azp", "other", "(azp)"},
                {"nonce", "m", "(nonce)"},
                {"nonce", nullptr, "(nonce)"},
                {"exp", now - 61, "(exp)"},
                {"exp", "tomorrow", "(iat, exp)"},
                {"exp", nullptr, "(iat, exp)"},
                {"iat", now + 120, "(iat)"},
                {"iat", now - 3'600, "(iat)"},
                {"iat", 1e300, "(iat, exp)"},
                {"nbf", now + 120, "(nbf)"},
                {"nbf", "soon", "(nbf)"},
                {"sub", "", "(sub)"},
                {"sub", 17, "(sub)"}};
  for (const auto& [claim, value, why] : kCases) {
    json::object claims = GoodClaims();
    claims.erase(claim);
    if (!value.is_null()) claims[claim] = value;
    const auto read = ReadClaims(json::serialize(claims), kAsk);
    ASSERT_FALSE(read.ok()) << claim << ' ' << value;
    EXPECT_THAT(read.error().message(), HasSubstr(why)) << claim << ' ' << value;
  }
  json::object claims = GoodClaims();
  claims["aud"] = json::array{"other", "waypost"};
  claims["azp"] = "waypost";
  EXPECT_TRUE(ReadClaims(json::serialize(claims), kAsk).ok());
}

constexpr const char* kLogout = "http://schemas.openid.net/event/backchannel-logout";
json::object LogoutOf(std::string_view id) {
  return {{"iss", "https://id.example"},
          {"aud", "waypost"},
          {"sub", "248289761001"},
          {"sid", "s1"},
          {"jti", id},
          {"iat", kSignInMs / 1'000},
          {"exp", kSignInMs / 1'000 + 120},
          {"events", {{kLogout, json::object()}}}};
}

TEST(IdTokenTest, ALogoutTokenThatDoesNotFitIsRefused) {
  const int64_t now = kSignInMs / 1'000;
  const struct {
    std::string_view claim;
    json::value value;  // null: taken away
    std::string_view why;
  } kCases[] = {{"iss", "https://evil.example", "(iss)"},
                {"aud", "other", "(aud)"},
                {"iat", now - 3'600, "(iat)"},
                {"iat", nullptr, "(iat, exp)"},
                {"exp", now - 61, "(exp)"},
                {"jti", nullptr, "(jti)"},
                {"jti", 7, "(jti)"},
                {"nonce", "n", "(nonce)"},
                {"events", nullptr, "(events)"},
                {"events", json::array{kLogout}, "(events)"},
                {"events", json::object{{"http://other", json::object()}}, "(events)"},
                {"events", json::object{{kLogout, true}}, "(events)"}};
  for (const auto& [claim, value, why] : kCases) {
    json::object claims = LogoutOf("a");
    claims.erase(claim);
    if (!value.is_null()) claims[claim] = value;
    const auto read = ReadLogoutClaims(json::serialize(claims), kAsk);
    ASSERT_FALSE(read.ok()) << claim << ' ' << value;
    EXPECT_THAT(read.error().message(), HasSubstr(why)) << claim << ' ' << value;
  }
  json::object claims = LogoutOf("a");
  claims.erase("sub");
  EXPECT_EQ(ReadLogoutClaims(json::serialize(claims), kAsk).value().session, "s1");
  claims.erase("sid");
  EXPECT_FALSE(ReadLogoutClaims(json::serialize(claims), kAsk).ok());
}

// One token is never taken for the other.
TEST(IdTokenTest, TokensForSigningInAndOutAreApart) {
  const ProviderKey key('k');
  const KeySet keys = KeySet::Read(KeysText({&key})).value();
  const json::object typed{{"typ", "logout+jwt"}};
  EXPECT_TRUE(ReadLogoutToken(key.Sign(LogoutOf("a"), typed), keys, kAsk).ok());
  EXPECT_TRUE(ReadLogoutToken(key.Sign(LogoutOf("a")), keys, kAsk).ok());
  EXPECT_FALSE(ReadLogoutToken(key.Sign(GoodClaims()), keys, kAsk).ok());
  EXPECT_FALSE(ReadIdToken(key.Sign(LogoutOf("a")), keys, kAsk).ok());
  json::object both = LogoutOf("a");
  both["nonce"] = "n";
  EXPECT_FALSE(ReadIdToken(key.Sign(both, typed), keys, kAsk).ok());
  EXPECT_FALSE(ReadLogoutToken(ProviderKey('m').Sign(LogoutOf("a")), keys, kAsk).ok());
}

TEST(IdTokenTest, ATokenThatNobodySignedOrThatWeCouldHaveSignedIsRefused) {
  const ProviderKey key('k'), other('o');
  const KeySet keys = KeySet::Read(KeysText({&key})).value();
  const std::string good = key.Sign(GoodClaims());
  const auto refused = [&](const std::string& token) {
    const auto read = ReadIdToken(token, keys, kAsk);
    return read.ok() ? std::string("taken") : read.error().name();
  };
  for (const std::string_view algorithm : {"none", "None", "HS256", "RS1", "ES256", ""}) {
    EXPECT_NE(refused(key.Sign(GoodClaims(), {{"alg", algorithm}})), "taken") << algorithm;
  }
  EXPECT_EQ(refused(good.substr(0, good.rfind('.') + 1)), "bad_id_token");
  EXPECT_EQ(refused(good + ".x"), "bad_id_token");
  EXPECT_EQ(refused(good.substr(0, good.size() - 2) + "AA"), "bad_id_token");
  EXPECT_EQ(refused(key.Sign(GoodClaims(), {{"crit", {"b64"}}})), "bad_id_token");
  EXPECT_EQ(refused(key.Sign(GoodClaims(), {{"typ", "at+jwt"}})), "bad_id_token");
  EXPECT_EQ(refused(other.Sign(GoodClaims())), "unknown_token_key");
  EXPECT_EQ(refused(other.Sign(GoodClaims(), {{"kid", "k"}})), "bad_id_token");
  EXPECT_EQ(refused(std::string(kMaxToken + 1, 'a')), "bad_id_token");
}

// A provider that answers as it is told, and counts how often it was asked for what.
class SaidProvider final : public io::Egress {
 public:
  Result<io::HttpReply> Call(const io::HttpCall& call) override {
    ++asked[call.url];
    last = call;
    const auto found = says.find(call.url);
    if (found == says.end()) return Error(Code::kUnavailable, "cannot_connect", "nobody there");
    return io::HttpReply{.status = 200, .body = found->second};
  }
  Result<int> Send(const io::MailCall&) override { return 250; }

  std::map<std::string, std::string> says;
  std::map<std::string, int> asked;
  io::HttpCall last;
};

constexpr std::string_view kDescription = R"({"issuer":"https://id.example",
  "authorization_endpoint":"https://id.example/auth","token_endpoint":"https://id.example/token",
  "jwks_uri":"https://id.example/keys","end_session_endpoint":"https://id.example/end"})";

class ProviderTest : public testing::Test {
 protected:
  ProviderTest() {
    egress_.says["https://id.example/.well-known/openid-configuration"] = kDescription;
    egress_.says["https://id.example/keys"] = KeysText({&key_});
  }
  // The value of a parameter of the URL that an attempt leads to; none has escapes.
  static std::string In(const std::string& url, const std::string& name) {
    const size_t at = url.find("&" + name + "=") + name.size() + 2;
    return url.substr(at, url.find('&', at) - at);
  }
  Result<Provider::Person> SignIn(const ProviderKey& key, json::object claims = GoodClaims()) {
    const auto attempt = provider_.Begin();
    if (!attempt.ok()) return attempt.error();
    claims["nonce"] = In(attempt.value().url, "nonce");
    claims["iat"] = clock_.NowMs() / 1'000;
    claims["exp"] = clock_.NowMs() / 1'000 + 300;
    egress_.says["https://id.example/token"] =
        json::serialize(json::object{{"id_token", key.Sign(claims)}});
    return provider_.Finish(attempt.value().secret, {.code = "c",
                                                     .state = In(attempt.value().url, "state"),
                                                     .issuer = "https://id.example",
                                                     .error = {}});
  }
  std::string Refused(const Result<Provider::Person>& person) {
    return person.ok() ? "taken" : person.error().name();
  }

  const ProviderKey key_{'k'}, next_{'n'};
  ManualClock clock_{kSignInMs};
  io::SimRandom random_{7};
  SaidProvider egress_;
  const ProviderRules rules_{.issuer = "https://id.example",
                             .client_id = "waypost",
                             .client_secret = "s&cret",
                             .url = "https://way.example",
                             .roles_claim = "groups",
                             .roles = ReadRoleNames("ops=operator,audit=auditor").value()};
  const TestFolder folder_;
  const std::unique_ptr<catalog::Catalog> catalog_ =
      catalog::Catalog::Open(folder_ / "people.db").value();
  SpentTokens spent_{*catalog_};
  Provider provider_{rules_, spent_, egress_, clock_, random_};
};

TEST_F(ProviderTest, WhoComesBackIsWhoTheTokenNamesWithTheRolesOfTheirGroups) {
  const auto person = SignIn(key_);
  ASSERT_TRUE(person.ok()) << person.error().message();
  EXPECT_EQ(person.value().name, "li");
  EXPECT_THAT(*person.value().roles, testing::ElementsAre("operator"));
  EXPECT_THAT(egress_.last.url, "https://id.example/keys");
  EXPECT_EQ(provider_.SignOutUrl(),
            "https://id.example/end?client_id=waypost&post_logout_redirect_uri=https%3A%2F%2F"
            "way.example%2Fconsole%2F");
  ASSERT_TRUE(SignIn(key_).ok());
  EXPECT_EQ(egress_.asked["https://id.example/keys"], 1);
  EXPECT_THAT(egress_.last.body, HasSubstr("redirect_uri=https%3A%2F%2Fway.example%2Fconsole%2F"
                                           "sign-in&client_id=waypost&code_verifier="));
  EXPECT_EQ(egress_.last.headers[1].second, "Basic d2F5cG9zdDpzJTI2Y3JldA==");
}

TEST_F(ProviderTest, ALogoutTokenNamesASessionAndCountsOnce) {
  json::object claims = GoodClaims();
  claims["sid"] = "s1";
  const auto person = SignIn(key_, claims);
  ASSERT_TRUE(person.ok()) << person.error().message();
  EXPECT_EQ(person.value().subject, "248289761001");
  EXPECT_EQ(person.value().session, "s1");
  const std::string token = key_.Sign(LogoutOf("a"));
  const auto ended = provider_.ReadLogout(token);
  ASSERT_TRUE(ended.ok()) << ended.error().message();
  EXPECT_EQ(ended.value().session, "s1");
  EXPECT_EQ(provider_.ReadLogout(token).error().name(), "bad_logout_token");
  clock_.Advance(11 * 60'000);  // when it is no longer remembered, it is too old
  EXPECT_EQ(provider_.ReadLogout(token).error().name(), "bad_logout_token");
  EXPECT_EQ(provider_.ReadLogout("a.b").error().name(), "bad_logout_token");
  egress_.says.clear();
  clock_.Advance(2 * 3'600'000);
  EXPECT_EQ(provider_.ReadLogout(token).error().name(), "provider_failed");
}

TEST_F(ProviderTest, ALogoutTokenThatWasUsedIsRefusedAfterARestart) {
  const std::string token = key_.Sign(LogoutOf("a"));
  ASSERT_TRUE(provider_.ReadLogout(token).ok());
  SpentTokens again(*catalog_);
  ASSERT_TRUE(again.Load().ok());
  Provider restarted(rules_, again, egress_, clock_, random_);
  EXPECT_EQ(restarted.ReadLogout(token).error().name(), "bad_logout_token");
  EXPECT_TRUE(restarted.ReadLogout(key_.Sign(LogoutOf("b"))).ok());
  EXPECT_EQ(catalog_->List("spent_token").value().size(), 2u);
  clock_.Advance(13 * 60'000);  // nobody takes these any more
  json::object later = LogoutOf("c");
  later["iat"] = clock_.NowMs() / 1'000;
  later["exp"] = clock_.NowMs() / 1'000 + 120;
  ASSERT_TRUE(restarted.ReadLogout(key_.Sign(later)).ok());
  EXPECT_EQ(catalog_->List("spent_token").value().size(), 1u);
}

TEST_F(ProviderTest, ANewKeyIsLookedForOnceAMinuteAtMost) {
  ASSERT_TRUE(SignIn(key_).ok());
  egress_.says["https://id.example/keys"] = KeysText({&next_});
  EXPECT_EQ(Refused(SignIn(next_)), "bad_id_token");
  clock_.Advance(61'000);
  EXPECT_EQ(Refused(SignIn(next_)), "taken");
  EXPECT_EQ(Refused(SignIn(key_)), "bad_id_token");
  EXPECT_EQ(egress_.asked["https://id.example/keys"], 2);
}

TEST_F(ProviderTest, AnAttemptEndsWhereItBeganAndSoon) {
  const auto attempt = provider_.Begin().value();
  const auto other = provider_.Begin().value();
  const auto came = [&](const std::string& state, const std::string& issuer = {},
                        const std::string& error = {}) {
    return Provider::Came{"c", state, issuer, error};
  };
  const std::string state = In(attempt.url, "state");
  EXPECT_EQ(Refused(provider_.Finish(other.secret, came(state))), "sign_in_stale");
  EXPECT_EQ(Refused(provider_.Finish("", came(state))), "sign_in_stale");
  EXPECT_EQ(Refused(provider_.Finish(attempt.secret, came(""))), "sign_in_stale");
  EXPECT_EQ(Refused(provider_.Finish(attempt.secret, came(state, "https://evil.example"))),
            "sign_in_stale");
  EXPECT_EQ(Refused(provider_.Finish(attempt.secret, came(state, "", "access_denied"))),
            "provider_refused");
  clock_.Advance(Provider::kAttemptMs + 1);
  EXPECT_EQ(Refused(provider_.Finish(attempt.secret, came(state))), "sign_in_stale");
  EXPECT_EQ(egress_.asked["https://id.example/token"], 0);
}

TEST_F(ProviderTest, NobodyIsWhoHasNoNameOrNoGroupHere) {
  json::object claims = GoodClaims();
  claims["groups"] = "all";
  EXPECT_EQ(Refused(SignIn(key_, claims)), "not_a_user");
  claims.erase("preferred_username");
  EXPECT_EQ(Refused(SignIn(key_, claims)), "not_a_user");
}

TEST_F(ProviderTest, AProviderThatSaysWhatItMustNotIsNotUsed) {
  const std::string good(kDescription);
  for (const auto& [from, to] :
       {std::pair{"https://id.example\"", "https://evil.example\""},
        std::pair{"https://id.example/token", "http://id.example/token"},
        std::pair{"https://id.example/keys", "http://localhost.evil/"}, std::pair{"{", "["}}) {
    std::string text = good;
    text.replace(text.find(from), std::string(from).size(), to);
    egress_.says["https://id.example/.well-known/openid-configuration"] = text;
    const auto attempt = provider_.Begin();
    ASSERT_FALSE(attempt.ok()) << text;
    EXPECT_EQ(attempt.error().name(), "provider_failed");
  }
}

TEST_F(ProviderTest, SettingsThatCannotWorkAreNamed) {
  const auto wrong = [&](auto change) {
    ProviderRules rules = rules_;
    change(rules);
    const Result<> checked = CheckProviderRules(rules);
    return checked.ok() ? "" : checked.error().message();
  };
  EXPECT_EQ(wrong([](ProviderRules&) {}), "");
  EXPECT_EQ(wrong([](ProviderRules& rules) { rules = {}; }), "");
  EXPECT_THAT(wrong([](ProviderRules& r) { r.issuer = "http://id.example"; }), HasSubstr("issuer"));
  EXPECT_THAT(wrong([](ProviderRules& r) { r.url.clear(); }), HasSubstr("oidc.url"));
  EXPECT_THAT(wrong([](ProviderRules& r) { r.client_id.clear(); }), HasSubstr("client_id"));
  EXPECT_THAT(wrong([](ProviderRules& r) { r.roles.clear(); }), HasSubstr("oidc.roles"));
  for (const std::string_view text : {"ops", "=operator", "ops=", "ops=operator,,"})
    EXPECT_FALSE(ReadRoleNames(text).ok()) << text;
}

}  // namespace
}  // namespace waypost::people

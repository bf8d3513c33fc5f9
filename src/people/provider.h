// Signing in through an identity provider of the bank (OpenID Connect: authorization code with
// PKCE).
//
//   Provider provider(rules, people.spent_tokens(), egress, clock, random);
//   const auto [url, secret] = TRY(provider.Begin());          // the browser goes to the URL
//   const auto person = TRY(provider.Finish(secret, came));    // and comes back with a code
//   const User user = TRY(people.Admit(person.name, person.roles));
//
// Nothing is kept of an attempt: state, nonce and verifier all follow from its secret, which its
// browser alone has. What the provider says of itself is asked for again after an hour; its keys
// when a token is signed with a new one, once a minute at most.
//
// Any thread may call; Begin and Finish call the provider and wait. Errors: kUnavailable
// "provider_failed" when the provider is not there or says what it must not, which is for the log;
// kInvalid "sign_in_stale", "provider_refused", "bad_id_token"; kNotFound "not_a_user".
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "io/egress.h"
#include "io/random.h"
#include "people/id_token.h"
#include "people/provider_rules.h"
#include "people/spent_tokens.h"

namespace waypost::people {

class Provider {
 public:
  // `spent`, `egress`, `clock` and `random` must outlive it.
  Provider(ProviderRules rules, SpentTokens& spent, io::Egress& egress, const Clock& clock,
           io::Random& random);

  static constexpr int64_t kAttemptMs = 10 * 60'000;
  struct Attempt {
    std::string url;     // where the browser goes
    std::string secret;  // for the browser to keep
  };
  Result<Attempt> Begin();

  // The query that the browser came back with.
  struct Came {
    std::string code, state, issuer, error;
  };
  struct Person {
    std::string name;
    std::optional<std::vector<std::string>> roles;  // none: as they are
    std::string subject, session;  // the provider's names for who it is, and for the session there
  };
  Result<Person> Finish(std::string_view secret, const Came& came);

  // Whose session there has ended, by a logout token, which counts once. Errors: kInvalid
  // "bad_logout_token"; SpentTokens::Spend's.
  Result<LogoutClaims> ReadLogout(const std::string& token);

  // Where the browser goes to end its session there too; empty when the provider has no such place
  // or was not asked yet.
  std::string SignOutUrl() const;

 private:
  struct Description {
    std::string authorization, token, keys, end_session;
    int64_t read_ms = 0;
  };
  std::string Derived(std::string_view secret, std::string_view what) const;
  std::string ReturnUrl() const { return rules_.url + "/console/sign-in"; }
  Result<boost::json::object> Fetch(io::HttpCall call) const;
  Result<Description> Describe();
  Result<KeySet> ReadKeys(const std::string& url);
  Result<std::string> Exchange(const Description& there, std::string_view secret,
                               const std::string& code);
  // What `read` makes of a token with the keys there are, and again with new ones for a key that is
  // not known.
  template <typename Read>
  auto WithKeys(const Description& there, Read read) -> decltype(read(KeySet()));
  Result<Person> PersonOf(const boost::json::object& claims) const;

  const ProviderRules rules_;
  SpentTokens& spent_;
  io::Egress& egress_;
  const Clock& clock_;
  io::Random& random_;
  const std::string key_;  // that what follows from secrets is made with
  mutable std::mutex mutex_;
  std::optional<Description> description_;
  KeySet keys_;
  int64_t keys_read_ms_ = 0;
};

}  // namespace waypost::people

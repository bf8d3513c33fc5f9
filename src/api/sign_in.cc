#include "api/sign_in.h"

namespace waypost::api {
namespace {

// Takes as long for every wrong token of the right length.
bool SameSecret(std::string_view given, std::string_view secret) {
  if (given.size() != secret.size()) return false;
  unsigned char difference = 0;
  for (size_t i = 0; i < given.size(); ++i)
    difference |= static_cast<unsigned char>(given[i] ^ secret[i]);
  return difference == 0;
}

bool IsLoopback(std::string_view peer) { return peer.starts_with("127.") || peer == "::1"; }

bool IsSecure(const Request& request) { return request.forwarded_proto == "https"; }

constexpr std::string_view kSessionCookie = "waypost", kAttemptCookie = "waypost-attempt";

// Behind TLS the name keeps other sites of the domain from setting it.
std::string CookieName(const Request& request, std::string_view plain = kSessionCookie) {
  return (IsSecure(request) ? "__Host-" : "") + std::string(plain);
}

// Of "Authorization: Bearer"; empty when there is none.
std::string_view Bearer(const Request& request) {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string_view given = request.authorization;
  return given.starts_with(kBearer) ? given.substr(kBearer.size()) : std::string_view();
}

std::string SetCookie(const Request& request, std::string_view secret,
                      std::string_view plain = kSessionCookie) {
  std::string cookie = CookieName(request, plain) + "=" + std::string(secret) +
                       "; Path=/; HttpOnly; SameSite=Strict";
  if (IsSecure(request)) cookie += "; Secure";
  if (secret.empty()) cookie += "; Max-Age=0";
  return cookie;
}

// The value of the first cookie of that name.
std::string_view CookieValue(std::string_view cookies, std::string_view name) {
  while (!cookies.empty()) {
    std::string_view pair = cookies.substr(0, cookies.find(';'));
    cookies.remove_prefix(std::min(cookies.size(), pair.size() + 1));
    pair.remove_prefix(std::min(pair.size(), pair.find_first_not_of(' ')));
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('=')) {
      return pair.substr(name.size() + 1);
    }
  }
  return {};
}

}  // namespace

std::string_view SignIn::Refusal(const Right& right, const Request& head, const Caller& caller) {
  using Door = Right::Door;
  if (right.door == Door::kPublic || right.door == Door::kCollect || right.door == Door::kSigned)
    return {};
  if (right.door == Door::kEnter) return IsOwnPage(head) ? "" : "cross_site";
  if (caller.name.empty()) return "unauthorized";
  if (caller.by_session && !IsOwnPage(head)) return "cross_site";
  if (right.door == Door::kSignedIn) return {};
  if (caller.must_change) return "password_change_needed";
  if (!caller.rights.Has(right.needs)) return "forbidden";
  return right.rows == Right::Rows::kWhole && !caller.rows.empty() ? "rows_bounded" : "";
}

bool SignIn::HoldsToken(const Request& request) const {
  const std::string_view given = Bearer(request);
  if (!given.empty()) return SameSecret(given, access_.token);
  return access_.open_on_loopback && IsLoopback(request.peer) && request.origin.empty() &&
         request.cookie.empty();
}

Caller SignIn::WhoIs(const Right& right, const Request& request) {
  if (HoldsToken(request))
    return {.name = std::string(kTokenHolder), .rights = people::RightSet::All(), .clear = true};
  if (const auto key = people_.keys().Find(Bearer(request))) {
    return {.name = std::string(people::kKeyCaller) + key->id,
            .rights = key->rights,
            .rows = people_.structure().RowsOf(key->organisation),
            .clear = key->rights.Has(kReveal)};
  }
  const auto session = SessionOf(request);
  const auto user = session ? people_.Find(session->person) : std::nullopt;
  if (!user) return {};
  const people::RightSet rights = people_.RightsOf(*user);
  return {.name = user->name,
          .rights = rights,
          .rows = people_.RowsOf(*user, right.needs),
          .must_change = user->must_change && !session->provider,
          .by_session = true,
          .clear = rights.Has(kReveal) && clock_.NowMs() < session->clear_until_ms};
}

bool SignIn::IsOwnPage(const Request& head) {
  if (head.method == "GET" || head.method == "HEAD") return true;
  const std::string_view scheme = IsSecure(head) ? "https://" : "http://";
  return !head.page.empty() && head.origin == std::string(scheme) + head.host;
}

Result<> SignIn::CheckTries(std::string_view name, const std::string& address) {
  if (by_name_.WaitMs(name) == 0 && by_address_.WaitMs(address) == 0) return {};
  return Error(Code::kUnavailable, "too_many_tries", "too many failures");
}

Error SignIn::Failed(Error error, std::string_view name, const std::string& address) {
  by_name_.Failed(name);
  by_address_.Failed(address);
  return error;
}

Result<> SignIn::CheckCode(std::string_view name, std::string_view code,
                           const std::string& address) {
  if (code.empty())
    return Error(Code::kInvalid, "code_needed", "Give the code of your second factor too.");
  if (people_.UseCode(name, code)) return {};
  return Failed(Error(Code::kInvalid, "wrong_code", "The code is wrong or was used."), name,
                address);
}

Result<people::User> SignIn::Prove(const Credentials& given, const std::string& address,
                                   bool code) {
  TRY(CheckTries(given.name, address));
  Result<people::User> user = people_.Prove(given.name, given.password);
  if (!user.ok()) return Failed(std::move(user).error(), given.name, address);
  if (code && user.value().second_factor) TRY(CheckCode(given.name, given.code, address));
  by_name_.Succeeded(given.name);
  return user;
}

Result<std::string> SignIn::Open(const Credentials& given, const Request& request) {
  return Begin(TRY(Prove(given, request.peer)), request);
}

std::string SignIn::Begin(const people::User& user, const Request& request,
                          std::optional<ProviderSession> provider) {
  sessions_.Close(CookieValue(request.cookie, CookieName(request)));
  return SetCookie(request, sessions_.Open(user.name, user.epoch, std::move(provider)));
}

Result<SignIn::Attempt> SignIn::BeginAtProvider(const Request& request) {
  if (!has_provider())
    return Error(Code::kNotFound, "no_provider", "No identity provider is set up here.");
  auto attempt = TRY(access_.provider->Begin());
  return Attempt{std::move(attempt.url), SetCookie(request, attempt.secret, kAttemptCookie)};
}

// The name is not locked: who comes from the provider cannot guess at somebody else's.
Result<SignIn::Opened> SignIn::OpenFromProvider(const people::Provider::Came& came,
                                                const Request& request) {
  if (!has_provider())
    return Error(Code::kNotFound, "no_provider", "No identity provider is set up here.");
  TRY(CheckTries({}, request.peer));
  const std::string secret(CookieValue(request.cookie, CookieName(request, kAttemptCookie)));
  auto person = access_.provider->Finish(secret, came);
  if (!person.ok()) {
    by_address_.Failed(request.peer);
    return std::move(person).error();
  }
  people::User user = TRY(people_.Admit(person.value().name, person.value().roles));
  ProviderSession there{std::move(person.value().subject), std::move(person.value().session)};
  return Opened{user,
                {Begin(user, request, std::move(there)), SetCookie(request, "", kAttemptCookie)}};
}

Result<std::vector<std::string>> SignIn::CloseFromProvider(const std::string& token) {
  if (!has_provider())
    return Error(Code::kNotFound, "no_provider", "No identity provider is set up here.");
  people::LogoutClaims ended = TRY(access_.provider->ReadLogout(token));
  return sessions_.CloseOf({std::move(ended.subject), std::move(ended.session)});
}

std::string SignIn::SignOutUrl(const Request& request) {
  const auto session = SessionOf(request);
  return session && session->provider && has_provider() ? access_.provider->SignOutUrl() : "";
}

std::string SignIn::Close(const Request& request) {
  sessions_.Close(CookieValue(request.cookie, CookieName(request)));
  return SetCookie(request, "");
}

Result<std::string> SignIn::ChangePassword(std::string_view before, std::string_view password,
                                           const Request& request) {
  // A session has shown the second factor already, so the password is asked for alone.
  const std::string name = WhoIs(Right::kSignedIn, request).name;
  TRY(Prove({name, std::string(before), {}}, request.peer, false));
  TRY(people_.SetPassword(name, password));
  return Begin(*people_.Find(name), request);
}

Result<std::vector<std::string>> SignIn::ConfirmSecondFactor(std::string_view code,
                                                             const Request& request) {
  const std::string name = WhoIs(Right::kSignedIn, request).name;
  TRY(CheckTries(name, request.peer));
  auto codes = people_.ConfirmSecondFactor(name, code);
  if (!codes.ok()) return Failed(std::move(codes).error(), name, request.peer);
  return codes;
}

Result<> SignIn::RemoveSecondFactor(const Credentials& given, const Request& request) {
  const std::string name = WhoIs(Right::kSignedIn, request).name;
  TRY(Prove({name, given.password, given.code}, request.peer));
  return people_.RemoveSecondFactor(name);
}

Result<int64_t> SignIn::ShowClear(std::string_view code, const Request& request) {
  const auto session = SessionOf(request);
  const auto user = session ? people_.Find(session->person) : std::nullopt;
  if (!user) return Error(Code::kNotFound, "unknown_user", "This is for who has signed in.");
  TRY(CheckTries(user->name, request.peer));
  if (user->second_factor) TRY(CheckCode(user->name, code, request.peer));
  const int64_t until_ms = clock_.NowMs() + kClearMs;
  sessions_.ShowClear(CookieValue(request.cookie, CookieName(request)), until_ms);
  return until_ms;
}

void SignIn::HideAgain(const Request& request) {
  sessions_.ShowClear(CookieValue(request.cookie, CookieName(request)), 0);
}

std::optional<Session> SignIn::SessionOf(const Request& request) {
  const std::string_view secret = CookieValue(request.cookie, CookieName(request));
  auto session = sessions_.Find(secret, request.page != "background");
  if (!session) return std::nullopt;
  const auto user = people_.Find(session->person);
  if (user && !user->disabled && user->epoch == session->epoch) return session;
  sessions_.Close(secret);
  return std::nullopt;
}

}  // namespace waypost::api

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

// Behind TLS the name keeps other sites of the domain from setting it.
std::string_view CookieName(const Request& request) {
  return IsSecure(request) ? "__Host-waypost" : "waypost";
}

std::string SetCookie(const Request& request, std::string_view secret) {
  std::string cookie = std::string(CookieName(request)) + "=" + std::string(secret) +
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

std::string_view SignIn::Refusal(const Right& right, const Request& head) {
  using Door = Right::Door;
  if (right.door == Door::kPublic || right.door == Door::kCollect) return {};
  if (right.door == Door::kEnter) return IsOwnPage(head) ? "" : "cross_site";
  const Caller caller = WhoIs(head);
  if (caller.name.empty()) return "unauthorized";
  if (caller.name != kTokenHolder && !IsOwnPage(head)) return "cross_site";
  if (right.door == Door::kSignedIn) return {};
  if (caller.must_change) return "password_change_needed";
  return caller.rights.Has(right.needs) ? "" : "forbidden";
}

bool SignIn::HoldsToken(const Request& request) const {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string_view given = request.authorization;
  if (given.starts_with(kBearer)) return SameSecret(given.substr(kBearer.size()), access_.token);
  return access_.open_on_loopback && IsLoopback(request.peer) && request.origin.empty() &&
         request.cookie.empty();
}

Caller SignIn::WhoIs(const Request& request) {
  if (HoldsToken(request))
    return {.name = std::string(kTokenHolder), .rights = people::RightSet::All()};
  const auto session = SessionOf(request);
  if (!session) return {};
  const auto user = people_.Find(session->person);
  if (!user) return {};
  return {.name = user->name, .rights = people_.RightsOf(*user), .must_change = user->must_change};
}

bool SignIn::IsOwnPage(const Request& head) {
  if (head.method == "GET" || head.method == "HEAD") return true;
  const std::string_view scheme = IsSecure(head) ? "https://" : "http://";
  return !head.page.empty() && head.origin == std::string(scheme) + head.host;
}

Result<people::User> SignIn::Prove(std::string_view name, std::string_view password,
                                   const std::string& address) {
  if (by_name_.WaitMs(name) > 0 || by_address_.WaitMs(address) > 0) {
    return Error(Code::kUnavailable, "too_many_tries", "too many failures");
  }
  Result<people::User> user = people_.Prove(name, password);
  if (user.ok()) {
    by_name_.Succeeded(name);
  } else {
    by_name_.Failed(name);
    by_address_.Failed(address);
  }
  return user;
}

Result<std::string> SignIn::Open(const Credentials& given, const Request& request) {
  const people::User user = TRY(Prove(given.name, given.password, request.peer));
  sessions_.Close(CookieValue(request.cookie, CookieName(request)));
  return SetCookie(request, sessions_.Open(user.name, user.epoch));
}

std::string SignIn::Close(const Request& request) {
  sessions_.Close(CookieValue(request.cookie, CookieName(request)));
  return SetCookie(request, "");
}

Result<std::string> SignIn::ChangePassword(std::string_view before, std::string_view password,
                                           const Request& request) {
  const std::string name = WhoIs(request).name;
  TRY(Prove(name, before, request.peer));
  TRY(people_.SetPassword(name, password));
  return Open({name, std::string(password)}, request);
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

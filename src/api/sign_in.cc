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

std::string_view SignIn::Refusal(const Request& head) {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string_view given = head.authorization;
  if (given.starts_with(kBearer) && SameSecret(given.substr(kBearer.size()), access_.token))
    return {};
  if (SessionOf(head)) return IsOwnPage(head) ? "" : "cross_site";
  const bool open = access_.open_on_loopback && IsLoopback(head.peer) && head.origin.empty();
  return open ? "" : "unauthorized";
}

bool SignIn::IsOwnPage(const Request& head) {
  if (head.method == "GET" || head.method == "HEAD") return true;
  const std::string_view scheme = IsSecure(head) ? "https://" : "http://";
  return !head.page.empty() && head.origin == std::string(scheme) + head.host;
}

Result<std::string> SignIn::Open(std::string_view token, const Request& request) {
  if (tries_.WaitMs(request.peer) > 0) {
    return Error(Code::kUnavailable, "too_many_tries", "too many wrong tokens");
  }
  if (!SameSecret(token, access_.token)) {
    tries_.Failed(request.peer);
    return Error(Code::kInvalid, "wrong_token",
                 "This is not the token: it is one line in api_token of the data folder.");
  }
  tries_.Succeeded(request.peer);
  sessions_.Close(CookieValue(request.cookie, CookieName(request)));
  return SetCookie(request, sessions_.Open("token"));
}

std::string SignIn::Close(const Request& request) {
  sessions_.Close(CookieValue(request.cookie, CookieName(request)));
  return SetCookie(request, "");
}

std::string SignIn::WhoIs(const Request& request) {
  if (auto session = SessionOf(request)) return std::move(session->person);
  return Refusal(request).empty() ? "token" : "";
}

std::optional<Session> SignIn::SessionOf(const Request& request) {
  return sessions_.Find(CookieValue(request.cookie, CookieName(request)),
                        request.page != "background");
}

}  // namespace waypost::api

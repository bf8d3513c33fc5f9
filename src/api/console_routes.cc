// The console: its files, and signing in to it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "api/routes.h"
#include "base/logger.h"

namespace waypost::api {
namespace {

namespace json = boost::json;

constexpr uint64_t kSignInLimit = 4 << 10, kLogoutLimit = people::kMaxToken + (1 << 10);
constexpr size_t kMaxReason = 200;
constexpr std::string_view kIndex = "index.html";
constexpr std::string_view kNonceMark = "WAYPOST-NONCE";  // web/vite.config.ts puts it
constexpr std::string_view kForever = "public, max-age=31536000, immutable";

const ConsoleFile* FindFile(const Console& console, std::string_view name) {
  const auto found = std::ranges::find(console.files, name, &ConsoleFile::name);
  return found == console.files.end() ? nullptr : &*found;
}

std::string NewNonce(io::Random& random) {
  std::array<uint8_t, 16> bytes;
  random.Fill(bytes);
  std::string nonce;
  for (const uint8_t byte : bytes) nonce += fmt::format("{:02x}", byte);
  return nonce;
}

std::string Replaced(std::string text, std::string_view mark, std::string_view by) {
  for (size_t at = text.find(mark); at != text.npos; at = text.find(mark, at + by.size())) {
    text.replace(at, mark.size(), by);
  }
  return text;
}

// A name with a hash in it never changes its content.
void SendAsset(Call& call, const ConsoleFile& file) {
  Response response{.content_type = std::string(file.content_type),
                    .cache = file.name.starts_with("assets/") ? kForever : "no-cache",
                    .headers = {{"Vary", "Accept-Encoding"}}};
  const std::string& accepted = call.request.accept_encoding;
  if (!file.brotli.empty() && accepted.find("br") != accepted.npos) {
    response.body = file.brotli;
    response.headers.emplace_back("Content-Encoding", "br");
  } else if (!file.gzip.empty() && accepted.find("gzip") != accepted.npos) {
    response.body = file.gzip;
    response.headers.emplace_back("Content-Encoding", "gzip");
  } else {
    response.body = file.plain;
  }
  call.respond(std::move(response));
}

// Scripts come from here alone; the style sheets that the page makes itself carry the nonce.
void SendIndex(Call& call, const ConsoleFile& file) {
  const std::string nonce = NewNonce(call.backend.random);
  call.respond({.content_type = std::string(file.content_type),
                .body = Replaced(std::string(file.plain), kNonceMark, nonce),
                .content_security = "default-src 'none'; script-src 'self'; style-src 'self' "
                                    "'nonce-" +
                                    nonce +
                                    "'; img-src 'self' data:; font-src "
                                    "'self'; connect-src 'self'; object-src 'none'; base-uri "
                                    "'none'; form-action 'self'; frame-ancestors 'none'",
                .headers = {}});
}

// Names of files are files; any other is a page, which the index shows: pages of customers have
// their identities in the name, as li@bank.example.
void ShowConsole(std::shared_ptr<Call> call) {
  const Console& console = call->backend.services.console;
  const std::string name = call->parameters.empty() ? std::string() : call->parameters[0];
  const ConsoleFile* file = FindFile(console, name);
  if (file != nullptr && name != kIndex) return SendAsset(*call, *file);
  const bool is_file =
      !name.starts_with("customers/") && name.find('.', name.rfind('/') + 1) != name.npos;
  const ConsoleFile* index = FindFile(console, kIndex);
  if (index == nullptr || (file == nullptr && is_file)) {
    return Tell(*call, ProblemOf("not_found"));
  }
  SendIndex(*call, *index);
}

void GoToConsole(std::shared_ptr<Call> call) {
  call->respond({.status = 302, .headers = {{"Location", "/console/"}}});
}

// {"signed_in","environment","provider","person","title","rights","must_change","idle_ms","ends_ms"};
// all but the first three only of who is signed in, the last two only of a session.
void ShowSession(std::shared_ptr<Call> call) {
  SignIn& sign_in = call->backend.sign_in;
  const Caller& caller = call->caller;
  json::object fields{{"signed_in", !caller.name.empty()},
                      {"environment", call->backend.services.console.environment},
                      {"provider", sign_in.has_provider()}};
  if (!caller.name.empty()) {
    fields["person"] = caller.name;
    fields["rights"] = json::value_from(caller.rights.Names());
    fields["must_change"] = caller.must_change;
  }
  if (const auto session = sign_in.SessionOf(call->request)) {
    const auto user = call->backend.people.Find(session->person);
    fields["title"] = user ? user->title : "";
    fields["second_factor"] = user && user->second_factor;
    fields["bounded"] = json::value_from(user ? call->backend.people.BoundedOf(*user).Names()
                                              : std::vector<std::string>());
    fields["idle_ms"] = sign_in.age().idle_ms;
    fields["ends_ms"] = session->opened_ms + sign_in.age().absolute_ms;
    if (caller.clear) fields["clear_ms"] = sign_in.ClearMs(*session);
  }
  Json(*call, json::serialize(fields));
}

// The texts of these names; empty for what is missing, and for all when the body is no object.
template <size_t count>
std::array<std::string, count> TextsIn(std::string_view body,
                                       const std::array<std::string_view, count>& names) {
  std::array<std::string, count> texts;
  boost::system::error_code error;
  const json::value value = json::parse(body, error);
  const json::object* fields = error ? nullptr : value.if_object();
  for (size_t i = 0; fields != nullptr && i < count; ++i) {
    const json::value* text = fields->if_contains(names[i]);
    if (text && text->is_string()) texts[i] = std::string(text->get_string());
  }
  return texts;
}

void SendCookie(Call& call, Result<std::string> cookie) {
  if (!cookie.ok()) return Tell(call, cookie.error());
  call.respond(
      {.body = "{\"status\":\"ok\"}", .headers = {{"Set-Cookie", std::move(cookie).value()}}});
}

// Only the names of users get into the audit log: people type passwords into wrong fields.
void OpenSession(std::shared_ptr<Call> call) {
  const auto [name, password, code] = TextsIn<3>(call->request.body, {"name", "password", "code"});
  call->audit->who = call->backend.people.Find(name) ? name : "";
  SendCookie(*call, call->backend.sign_in.Open({name, password, code}, call->request));
}

void BeginAtProvider(std::shared_ptr<Call> call) {
  const auto attempt = call->backend.sign_in.BeginAtProvider(call->request);
  if (!attempt.ok()) return Tell(*call, attempt.error());
  call->respond({.body = json::serialize(json::object{{"url", attempt.value().url}}),
                 .headers = {{"Set-Cookie", attempt.value().cookie}}});
}

void OpenFromProvider(std::shared_ptr<Call> call) {
  auto [code, state, issuer, error] =
      TextsIn<4>(call->request.body, {"code", "state", "iss", "error"});
  const auto opened = call->backend.sign_in.OpenFromProvider(
      {std::move(code), std::move(state), std::move(issuer), std::move(error)}, call->request);
  if (!opened.ok()) return Tell(*call, opened.error());
  const people::User& user = opened.value().user;
  call->audit->who = user.name;
  call->audit->detail =
      json::serialize(json::object{{"by", "provider"}, {"roles", json::value_from(user.roles)}});
  Response response{.body = "{\"status\":\"ok\"}", .headers = {}};
  for (const std::string& cookie : opened.value().cookies)
    response.headers.emplace_back("Set-Cookie", cookie);
  call->respond(std::move(response));
}

void ChangePassword(std::shared_ptr<Call> call) {
  const auto [before, password] = TextsIn<2>(call->request.body, {"before", "password"});
  SendCookie(*call, call->backend.sign_in.ChangePassword(before, password, call->request));
}

// {"secret","uri"}: for an app, typed or as a picture.
void BeginSecondFactor(std::shared_ptr<Call> call) {
  const std::string& name = call->caller.name;
  const Result<std::string> secret = call->backend.people.BeginSecondFactor(name);
  if (!secret.ok()) return Tell(*call, secret.error());
  Json(*call, json::serialize(json::object{
                  {"secret", secret.value()},
                  {"uri", fmt::format("otpauth://totp/Waypost:{}?secret={}&issuer=Waypost", name,
                                      secret.value())}}));
}

void ConfirmSecondFactor(std::shared_ptr<Call> call) {
  const auto [code] = TextsIn<1>(call->request.body, {"code"});
  const auto codes = call->backend.sign_in.ConfirmSecondFactor(code, call->request);
  if (!codes.ok()) return Tell(*call, codes.error());
  Json(*call, json::serialize(json::object{{"recovery", json::value_from(codes.value())}}));
}

void RemoveSecondFactor(std::shared_ptr<Call> call) {
  const auto [password, code] = TextsIn<2>(call->request.body, {"password", "code"});
  const Result<> removed =
      call->backend.sign_in.RemoveSecondFactor({{}, password, code}, call->request);
  if (!removed.ok()) return Tell(*call, removed.error());
  Json(*call, "{\"status\":\"ok\"}");
}

// The reason stands in the audit log.
void ShowClear(std::shared_ptr<Call> call) {
  const auto [reason, code] = TextsIn<2>(call->request.body, {"reason", "code"});
  if (reason.find_first_not_of(" \t\r\n") == reason.npos || reason.size() > kMaxReason) {
    return Tell(*call, Error(Code::kInvalid, "bad_request",
                             fmt::format("reason: say why, in 1 to {} bytes", kMaxReason)));
  }
  call->audit->detail = reason;
  const Result<int64_t> until = call->backend.sign_in.ShowClear(code, call->request);
  if (!until.ok()) return Tell(*call, until.error());
  Json(*call, json::serialize(json::object{{"clear_until_ms", until.value()}}));
}

void HideAgain(std::shared_ptr<Call> call) {
  call->backend.sign_in.HideAgain(call->request);
  Json(*call, "{\"status\":\"ok\"}");
}

// A form, as OpenID Connect Back-Channel Logout has it. Who cannot prove anything is told nothing
// of who was signed in.
void CloseFromProvider(std::shared_ptr<Call> call) {
  const auto closed =
      call->backend.sign_in.CloseFromProvider(QueryValue(call->request.body, "logout_token"));
  if (!closed.ok()) return Tell(*call, closed.error());
  call->audit->who = kProviderCaller;
  call->audit->detail =
      json::serialize(json::object{{"sessions_of", json::value_from(closed.value())}});
  Json(*call, "{\"status\":\"ok\"}");
}

// {"status","url"}: where to sign out of the identity provider too, when it signed the caller in.
void CloseSession(std::shared_ptr<Call> call) {
  json::object said{{"status", "ok"}};
  const std::string url = call->backend.sign_in.SignOutUrl(call->request);
  if (!url.empty()) said["url"] = url;
  call->respond({.body = json::serialize(said),
                 .headers = {{"Set-Cookie", call->backend.sign_in.Close(call->request)}}});
}

}  // namespace

std::vector<Route> ConsoleRoutes() {
  const Topic page{.view = Right::kPublic, .scope = Scope::kServer, .patience = Patience::kNone};
  const Topic door{.view = Right::kEnter,
                   .scope = Scope::kServer,
                   .body_limit = kSignInLimit,
                   .patience = Patience::kNone,
                   .answer = "Status"};
  Topic session = door;
  session.view = session.change = Right::kSignedIn;
  return {
      page("GET", "/", GoToConsole, "", "goToConsole", "Leads to the console"),
      page("GET", "/console", ShowConsole, "", "showConsole", "The console"),
      page("GET", "/console/{page...}", ShowConsole, "", "showConsolePage",
           "A page or a file of the console"),
      page("GET", "/v1/session", ShowSession, "", "showSession", "Whether the caller is signed in",
           {}, "Session"),
      door("POST", "/v1/session", OpenSession, "session.opened", "openSession",
           "Signs a browser in: the answer sets a cookie", "Credentials"),
      door("DELETE", "/v1/session", CloseSession, "session.closed", "closeSession",
           "Signs a browser out", {}, "SignedOut"),
      door("POST", "/v1/session/provider", BeginAtProvider, "session.begun", "beginAtProvider",
           "Begins signing in through the identity provider; sets a cookie, tells where to go", {},
           "ProviderAddress"),
      door("PUT", "/v1/session/provider", OpenFromProvider, "session.opened", "openFromProvider",
           "Signs a browser in that came back from there: the answer sets a cookie",
           "ProviderAnswer"),
      door("POST", "/v1/session/provider/logout", CloseFromProvider, "session.closed",
           "closeFromProvider",
           "Ends the sessions that a logout token of the identity provider names", "LogoutForm")
          .Needs(Right::kSigned)
          .Takes(kLogoutLimit),
      session("POST", "/v1/session/password", ChangePassword, "password.changed", "changePassword",
              "The caller's own new password; ends the caller's other sessions", "PasswordChange"),
      session("POST", "/v1/session/second-factor", BeginSecondFactor, "second_factor.begun",
              "beginSecondFactor", "A secret for the caller's app; counts when confirmed", "",
              "NewSecondFactor"),
      session("PUT", "/v1/session/second-factor", ConfirmSecondFactor, "second_factor.set",
              "confirmSecondFactor",
              "A first code makes the second factor count; tells recovery codes", "FactorCode",
              "RecoveryCodes"),
      session("DELETE", "/v1/session/second-factor", RemoveSecondFactor, "second_factor.removed",
              "removeSecondFactor", "Takes the caller's second factor away; ends all sessions",
              "FactorRemoval"),
      session("POST", "/v1/session/clear", ShowClear, "values.revealed", "showClear",
              "For 15 minutes the caller is shown values that are masked otherwise", "ClearAsk",
              "Cleared")
          .Needs(Right{.needs = kReveal}.WithoutRows()),
      session("DELETE", "/v1/session/clear", HideAgain, "values.hidden", "hideAgain", "Ends it"),
  };
}

}  // namespace waypost::api

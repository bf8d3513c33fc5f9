// The console: its files, and signing in to it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "api/routes.h"
#include "base/logger.h"

namespace waypost::api {
namespace {

constexpr uint64_t kSignInLimit = 4 << 10;
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

// Names of files are files; any other is a page, which the index shows.
void ShowConsole(std::shared_ptr<Call> call) {
  const Console& console = call->backend.services.console;
  const std::string name = call->parameters.empty() ? std::string() : call->parameters[0];
  const ConsoleFile* file = FindFile(console, name);
  if (file != nullptr && name != kIndex) return SendAsset(*call, *file);
  const bool is_file = name.find('.', name.rfind('/') + 1) != name.npos;
  const ConsoleFile* index = FindFile(console, kIndex);
  if (index == nullptr || (file == nullptr && is_file)) {
    return Tell(*call, ProblemOf("not_found"));
  }
  SendIndex(*call, *index);
}

void GoToConsole(std::shared_ptr<Call> call) {
  call->respond({.status = 302, .headers = {{"Location", "/console/"}}});
}

// {"signed_in","environment","idle_ms","ends_ms"}; the last two of a session only.
void ShowSession(std::shared_ptr<Call> call) {
  SignIn& sign_in = call->backend.sign_in;
  const bool known = sign_in.Refusal(call->request).empty();
  std::string json = fmt::format("{{\"signed_in\":{},\"environment\":{}", known,
                                 JsonQuoted(call->backend.services.console.environment));
  if (const auto session = sign_in.SessionOf(call->request)) {
    const SessionAge& age = sign_in.age();
    json += fmt::format(",\"person\":{},\"idle_ms\":{},\"ends_ms\":{}", JsonQuoted(session->person),
                        age.idle_ms, session->opened_ms + age.absolute_ms);
  }
  Json(*call, json + "}");
}

std::string TokenIn(std::string_view body) {
  boost::system::error_code error;
  const auto json = boost::json::parse(body, error);
  const auto* fields = error ? nullptr : json.if_object();
  const auto* token = fields ? fields->if_contains("token") : nullptr;
  return token && token->is_string() ? std::string(token->get_string()) : std::string();
}

void OpenSession(std::shared_ptr<Call> call) {
  Result<std::string> cookie =
      call->backend.sign_in.Open(TokenIn(call->request.body), call->request);
  if (!cookie.ok()) return Tell(*call, cookie.error());
  call->respond(
      {.body = "{\"status\":\"ok\"}", .headers = {{"Set-Cookie", std::move(cookie).value()}}});
}

void CloseSession(std::shared_ptr<Call> call) {
  call->respond({.body = "{\"status\":\"ok\"}",
                 .headers = {{"Set-Cookie", call->backend.sign_in.Close(call->request)}}});
}

Route Show(std::string_view path, void (*handle)(std::shared_ptr<Call>), std::string_view operation,
           std::string_view summary, std::string_view response_schema) {
  return {.method = "GET",
          .path = path,
          .right = Right::kPublic,
          .scope = Scope::kServer,
          .audit = "",
          .body_limit = 0,
          .patience = Patience::kNone,
          .cors = false,
          .handle = handle,
          .operation = operation,
          .summary = summary,
          .request_schema = "",
          .response_schema = response_schema};
}

Route Enter(std::string_view method, void (*handle)(std::shared_ptr<Call>), std::string_view audit,
            std::string_view operation, std::string_view summary, std::string_view request_schema) {
  return {.method = method,
          .path = "/v1/session",
          .right = Right::kEnter,
          .scope = Scope::kServer,
          .audit = audit,
          .body_limit = kSignInLimit,
          .patience = Patience::kNone,
          .cors = false,
          .handle = handle,
          .operation = operation,
          .summary = summary,
          .request_schema = request_schema,
          .response_schema = "Status"};
}

}  // namespace

std::vector<Route> ConsoleRoutes() {
  return {
      Show("/", GoToConsole, "goToConsole", "Leads to the console", ""),
      Show("/console", ShowConsole, "showConsole", "The console", ""),
      Show("/console/{page...}", ShowConsole, "showConsolePage", "A page or a file of the console",
           ""),
      Show("/v1/session", ShowSession, "showSession", "Whether the caller is signed in", "Session"),
      Enter("POST", OpenSession, "session.opened", "openSession",
            "Signs a browser in: the answer sets a cookie", "Credentials"),
      Enter("DELETE", CloseSession, "session.closed", "closeSession", "Signs a browser out", ""),
  };
}

}  // namespace waypost::api

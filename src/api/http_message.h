// One HTTP request and its answer, without sockets or parsers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace waypost::api {

// What the server reads of a request; other header fields are checked and forgotten.
struct Request {
  std::string id;      // made by us, for logs and errors
  std::string method;  // as it came: "GET"
  std::string path;    // up to '?', not decoded
  std::string query;   // after '?', not decoded
  std::string peer;    // the socket's other end

  std::string authorization;
  std::string content_type;
  std::string content_encoding;
  std::string accept_encoding;
  std::string origin;
  std::string host;
  std::string forwarded_proto;  // what a proxy says; never trusted for more than links
  std::string access_control_request_headers;
  std::string user_agent;
  std::string cookie;
  std::string page;              // X-Waypost: our own page made the call; see api/sign_in.h
  bool dry_run = false;          // Dry-Run: say what would become of the body, keep nothing
  bool method_override = false;  // some X-HTTP-Method-Override came
  bool expects_continue = false;
  bool keep_alive = true;

  std::string body;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::string_view cache = "no-store";
  // Nothing that we send may be run or framed as a page, unless it is one.
  std::string content_security = "default-src 'none'; frame-ancestors 'none'";
  std::vector<std::pair<std::string, std::string>> headers;
};

// "Service Unavailable" of 503.
std::string_view StatusText(int status);

// The bytes of a response, with Content-Length and the headers every answer has: nothing may be
// sniffed, framed or opened by other sites.
std::string Serialize(const Response& response, std::string_view request_id, bool keep_alive,
                      bool head_only);

// "%41+b" -> "A b". Returns false, leaving `out` unspecified, when a '%' lacks its two digits.
bool PercentDecode(std::string_view text, bool plus_is_space, std::string* out);

// The decoded value of the first `name=` in a query or form; empty when absent or badly encoded.
std::string QueryValue(std::string_view query, std::string_view name);

}  // namespace waypost::api

#include "api/http_message.h"

#include <charconv>

namespace waypost::api {
namespace {

constexpr std::string_view kEveryAnswer =
    "\r\nX-Content-Type-Options: nosniff"
    "\r\nX-Frame-Options: DENY"
    "\r\nReferrer-Policy: no-referrer"
    "\r\nCross-Origin-Opener-Policy: same-origin"
    "\r\nCross-Origin-Resource-Policy: cross-origin"
    "\r\nCache-Control: ";

}  // namespace

std::string_view StatusText(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 302:
      return "Found";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

std::string Serialize(const Response& response, std::string_view request_id, bool keep_alive,
                      bool head_only) {
  std::string out;
  out.reserve(512 + response.body.size());
  out += "HTTP/1.1 " + std::to_string(response.status) + ' ';
  out += StatusText(response.status);
  if (response.status != 204) {
    out += "\r\nContent-Type: " + response.content_type;
    out += "\r\nContent-Length: " + std::to_string(response.body.size());
  }
  out += keep_alive ? "\r\nConnection: keep-alive" : "\r\nConnection: close";
  out += kEveryAnswer;
  out += response.cache;
  out += "\r\nContent-Security-Policy: " + response.content_security;
  out += "\r\nX-Request-Id: ";
  out += request_id;
  for (const auto& [name, value] : response.headers) out += "\r\n" + name + ": " + value;
  out += "\r\n\r\n";
  if (!head_only && response.status != 204) out += response.body;
  return out;
}

bool PercentDecode(std::string_view text, bool plus_is_space, std::string* out) {
  out->clear();
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      *out += ' ';
    } else if (text[i] != '%') {
      *out += text[i];
    } else {
      uint8_t byte = 0;
      const char* digits = text.data() + i + 1;
      if (i + 2 >= text.size() || std::from_chars(digits, digits + 2, byte, 16).ptr != digits + 2) {
        return false;
      }
      *out += static_cast<char>(byte);
      i += 2;
    }
  }
  return true;
}

std::string QueryValue(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const size_t equals = pair.find('=');
    if (pair.substr(0, equals) != name || equals == std::string_view::npos) continue;
    std::string value;
    return PercentDecode(pair.substr(equals + 1), true, &value) ? value : std::string();
  }
  return {};
}

}  // namespace waypost::api

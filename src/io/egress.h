// Calls to servers of others, whose addresses people type in: no call reaches what is behind the
// firewall unless it was allowed by address.
//
//   EgressRules rules = TRY(EgressRules::Read("10.1.0.0/16,127.0.0.1"));
//   TRY(rules.Check("https://sms.example/send", kHttpSchemes));   // when somebody types it
//   const Result<HttpReply> reply = egress.Call({...});           // and again when it is connected
//
// The address that is connected is the one that was looked at: there is no time for a name to
// change its mind. Redirects are not followed and proxies are not used.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace waypost::io {

// An IPv6 address, or an IPv4 one as ::ffff:a.b.c.d.
using Address = std::array<uint8_t, 16>;
// Only as 1.2.3.4 and the IPv6 forms. kInvalid.
Result<Address> ReadAddress(std::string_view text);
// Routed on the public internet: not private, not this host's or link's, not reserved.
bool IsPublic(const Address& address);

inline constexpr std::array<std::string_view, 2> kHttpSchemes{"http", "https"};
inline constexpr std::array<std::string_view, 2> kMailSchemes{"smtp", "smtps"};

class EgressRules {
 public:
  // Addresses and ranges that may be called though they are not public: "10.0.0.0/8,127.0.0.1";
  // empty: none. kInvalid names the wrong one.
  static Result<EgressRules> Read(std::string_view text);

  bool Allows(const Address& address) const;
  // What can be said of a URL without asking for its name's address. kInvalid "egress_denied": not
  // one of these schemes, a user or a password in it, a host that is this one or not in ASCII, an
  // address that may not be called, however it is written.
  Result<> Check(std::string_view url, std::span<const std::string_view> schemes) const;

 private:
  struct Range {
    Address first;
    int bits = 128;
  };
  std::vector<Range> allowed_;
};

struct HttpCall {
  std::string method = "POST";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  int64_t timeout_ms = 10'000;
  // Nothing is lost when they get it twice. Else each call has a connection of its own: one that
  // was open before may be dead, and libcurl would try again by itself.
  bool repeatable = false;
};
struct HttpReply {
  int status = 0;
  std::string body;            // at most kMaxReply bytes; more is no answer
  int64_t retry_after_ms = 0;  // what Retry-After says; 0: nothing
};
inline constexpr size_t kMaxReply = 256 << 10;

struct MailCall {
  std::string url;             // smtp://host:25, smtps://host:465
  std::string user, password;  // empty: none
  std::string from, to;
  std::string data;  // RFC 5322, lines end in CR LF
  int64_t timeout_ms = 30'000;
};

// Any thread may call; a call waits for its answer.
//
// Errors: kInvalid "egress_denied"; kUnavailable "cannot_connect": nothing was sent; kIo
// "no_answer": they may have it.
class Egress {
 public:
  virtual ~Egress() = default;
  virtual Result<HttpReply> Call(const HttpCall& call) = 0;
  // The last code of the conversation: 250 when the mail was taken, 4xx or 5xx when it was not.
  virtual Result<int> Send(const MailCall& call) = 0;
};

}  // namespace waypost::io

// A channel as data: how a provider is called, how its answers and receipts are understood. Adding
// a provider is writing one JSON document.
//
//   {"name": "sms", "kind": "http", "secrets": ["app_key"], "repeatable": true,
//    "request": {"url": "https://sms.example/send", "headers": {"Content-Type":
//    "application/json"},
//                "body": "{\"to\":\"{{address}}\",\"text\":\"{{text}}\",\"ref\":\"{{key}}\"}"},
//    "accepted": {"status": "2xx", "where": {"/code": "0"}}}
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "channels/channel.h"
#include "io/egress.h"

namespace waypost::channels {

inline constexpr size_t kMaxDescriptionBytes = 64 << 10;
inline constexpr std::string_view kSecretPrefix = "secret.";  // of variables that are secrets

// An answer that it fits: the status lies in the range and every place of the JSON body has one of
// the values; "*" is any value.
struct Match {
  int first_status = 200, last_status = 299;
  std::vector<std::pair<std::string, std::vector<std::string>>> where;  // JSON pointer, values
};

struct Request {
  std::string method = "POST", url, body;
  std::vector<std::pair<std::string, std::string>> headers;
  int64_t timeout_ms = 10'000;
};

// Several messages in one call: Request::body is what is said of each, and this is around them,
// with commas between. A 2xx answer with nothing in it took them all; else it lists what became of
// each.
struct Batch {
  std::string before, after;
  std::string results;  // JSON pointer to the list in the answer
};

// {{sign}}: an HMAC-SHA256 of a text made of the other variables.
struct Signing {
  std::string over, secret;
  bool base64 = false;
};

// What a provider calls back with.
struct ReceiptMap {
  std::string items;  // JSON pointer to the list of receipts; empty: the body is one, or a list
  std::string key, outcome;                     // pointers in a receipt
  std::map<std::string, std::string> outcomes;  // their word to ours: "delivered", "bounced", ...
};

struct Description {
  enum class Kind : uint8_t { kHttp, kMail, kTasks } kind = Kind::kHttp;
  std::string name;
  Traits traits;
  std::vector<std::string> secrets;  // names
  std::string address;  // the key of the identity that is the address; empty: all of it as it came

  // kHttp
  Request send, query;
  Batch batch;  // when traits.together > 1
  Signing signing;
  std::vector<Match> accepted, busy, rejected;  // looked at in this order; else it is unknown
  std::vector<Match> found, absent;
  std::vector<std::pair<std::string, std::string>> capture;  // name, JSON pointer into the answer
  Request recall;
  std::vector<Match> recalled, too_late;
  ReceiptMap receipts;

  // kMail
  std::string url, from, subject, unsubscribe;
  // What {{proof}} in `unsubscribe` is, of a message's key: nobody else can make it. Not of the
  // document.
  std::function<std::string(std::string_view key)> prove;
};

// The message with what its provider calls the address; nothing when the customer has none.
std::optional<Message> Addressed(const Description& description, Message message);

// kInvalid "channel_invalid" says where and what; "egress_denied" for an address that may not be
// called.
Result<Description> ReadDescription(std::string_view json, const io::EgressRules& rules);

// What stands at the places of the body, each up to 1 KiB; places that are not there are left out.
std::vector<std::pair<std::string, std::string>> Captured(
    const std::vector<std::pair<std::string, std::string>>& places, std::string_view body);

// What a 2xx answer says of each of `count` messages, as if they had been sent one by one. Empty
// when it is no list of as many.
std::vector<io::HttpReply> ResultsOf(const Batch& batch, const io::HttpReply& reply, size_t count);

bool Fits(const Match& match, const io::HttpReply& reply);
inline bool FitsOne(const std::vector<Match>& matches, const io::HttpReply& reply) {
  for (const Match& match : matches) {
    if (Fits(match, reply)) return true;
  }
  return false;
}

struct Receipt {
  std::string key, outcome;
};
// The receipts of a call-back; those with another key or word than was described are left out and
// counted. kInvalid "bad_json".
Result<std::vector<Receipt>> ReadReceipts(const ReceiptMap& map, std::string_view body,
                                          size_t* not_understood);

}  // namespace waypost::channels

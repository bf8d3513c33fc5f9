// Where messages go. A channel takes a message under a key that never changes, however often it is
// handed the same one.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace waypost::channels {

struct Message {
  std::string key;      // 32 hexadecimal digits; names the message for ever
  std::string channel;  // "sms", "push", ...
  std::string address;  // "phone:13800000000": an identity of the customer
  std::string text;
  std::string journey, node;
  int64_t time_ms = 0;
};

// What a hand-off came to.
enum class HandOff : uint8_t {
  kAccepted,
  kRejected,  // never to be sent
  kBusy,      // certainly not taken, and may be later
  kUnknown,   // taken or not: nobody can tell but by asking, or by waiting for a receipt
};
struct Answer {
  HandOff what = HandOff::kUnknown;
  std::string why;
  // What of it the nodes that come may ask for: the code of a coupon, a price.
  std::vector<std::pair<std::string, std::string>> captured;
  int64_t retry_after_ms = 0;  // of kBusy: not sooner, as the provider said
};

// What may be done about a message of unknown outcome, and how fast messages may come.
struct Traits {
  // Of messages with one key the customer gets one, so it may be handed over again.
  bool repeatable = false;
  bool can_find = false;      // Find can tell
  bool can_recall = false;    // Recall can do something
  bool tasks = false;         // people of the bank take them, and say themselves what came of it
  int64_t find_after_ms = 0;  // what it does not have so long after the hand-off it never got
  uint32_t per_second = 0;    // 0: as fast as it answers
  uint32_t at_once = 1;       // hand-offs at the same time
  uint32_t together = 1;      // messages in one hand-off, at most
};

// Any thread may call any method; all but traits wait for the answer.
class Channel {
 public:
  virtual ~Channel() = default;
  virtual const Traits& traits() const = 0;
  virtual Answer Send(const Message& message) = 0;
  // What became of each, in their order. REQUIRES: as many as traits().together at most.
  virtual std::vector<Answer> SendAll(std::span<const Message> messages) {
    std::vector<Answer> answers;
    for (const Message& message : messages) answers.push_back(Send(message));
    return answers;
  }
  // Whether the channel has a message of this key; nothing when it cannot tell now.
  virtual std::optional<bool> Find(const Message& message) = 0;
  // Takes the message back: true when the customer will not get it, false when it is too late;
  // nothing when it cannot tell now.
  virtual std::optional<bool> Recall(const Message&) { return {}; }
};

}  // namespace waypost::channels

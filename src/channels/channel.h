// Where messages go. A channel takes a message under a key that never changes, however often it is
// handed the same one, and can be asked later what it knows of a key.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace waypost::channels {

struct Message {
  std::string key;      // 32 hexadecimal digits; names the message for ever
  std::string channel;  // "sms", "push", ...
  std::string address;
  std::string text;
  std::string journey, node;
  int64_t time_ms = 0;
};

// What a hand-off came to. kUnknown: the channel may have it or not, and only Find can tell.
enum class HandOff : uint8_t { kAccepted, kRejected, kUnknown };

class Channel {
 public:
  virtual ~Channel() = default;
  // May be called again with the same message: the customer gets one. Waits for the answer.
  virtual HandOff Send(const Message& message) = 0;
  // Whether the channel has a message of this key; nothing when it cannot tell.
  virtual std::optional<bool> Find(std::string_view key) = 0;
};

}  // namespace waypost::channels

#include "journeys/touch.h"

#include <algorithm>

#include "base/hash.h"

namespace waypost::journeys {

SharedKey AddressKey(const std::string& channel, const std::string& address) {
  return Hash64(channel + " " + address, 3);
}

SharedKey AccountKey(const std::string& named_by, const std::string& account) {
  return Hash64(named_by + " " + account, 4);
}

uint64_t TurnOf(const Journey& journey, int64_t expires_ms) {
  constexpr int64_t kLatest = (int64_t{1} << 56) - 1;
  return uint64_t{!journey.mandatory} << 63 | static_cast<uint64_t>(100 - journey.priority) << 56 |
         static_cast<uint64_t>(std::clamp<int64_t>(expires_ms, 0, kLatest));
}

int64_t ExpiryOf(const Token& token, const Journey& journey) {
  const Span& lives = journey.nodes[token.node].time_to_live;
  return lives.empty() ? kNever : AddSpan(token.hold_since_ms, lives, journey.zone);
}

}  // namespace waypost::journeys

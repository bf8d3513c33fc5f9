// What decisions name: entries and where they are, messages, and how a journey stands.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "journeys/fields.h"
#include "model/ids.h"

namespace waypost::journeys {

inline constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

using EntryId = uint64_t;
inline constexpr Ordinal kNobody = ~0u;  // not a customer that is known
using JourneyIndex = uint32_t;
inline constexpr JourneyIndex kNoJourney = ~0u;

// Names a message for ever: a hash of what it is, so that every retry, restart and replay gives the
// same one. Providers get it as idempotency key.
struct TouchKey {
  uint64_t high = 0, low = 0;
  friend auto operator<=>(const TouchKey&, const TouchKey&) = default;
  friend size_t hash_value(const TouchKey& key) { return key.low; }  // for boost::hash
  template <typename A>
  void Fields(A& a) {
    a(high, low);
  }
};
// 32 hexadecimal digits.
std::string KeyText(const TouchKey& key);
std::optional<TouchKey> ParseKey(std::string_view text);

enum class Phase : uint8_t { kRunning, kPaused, kStopped, kArchived };
inline bool IsValid(Phase, uint8_t number) { return IsOneOf(number, Phase::kArchived); }
std::string_view NameOf(Phase phase);

enum class TokenState : uint8_t { kRunning, kWaiting, kHeld, kFrozen };
inline bool IsValid(TokenState, uint8_t number) { return IsOneOf(number, TokenState::kFrozen); }

// One place an entry is at. `due_ms` is kNever when no time ends the waiting.
struct Token {
  uint32_t id = 0;
  uint32_t node = 0;
  uint32_t visit = 0;  // of the node by this entry, from 1
  uint32_t step = 0;   // chain: the attempt; ranked wait: best branch so far, from 1; rate: the
                       // place in the line
  TokenState state = TokenState::kRunning;
  int64_t arrived_ms = 0;
  int64_t due_ms = kNever;
  int64_t hold_since_ms = 0;
  std::vector<uint32_t> forks;  // it came out of, outermost first
  uint32_t held_already = 0;    // wait_event: branches, by bit, whose condition has to end first
  // How long its clock stood still in pauses since it came, or, chain, since its last message.
  int64_t stood_ms = 0;
  uint32_t timer = ~0u;  // the state's own: the handle of the timer for due_ms
  template <typename A>
  void Fields(A& a) {
    a(id, node, visit, step, state, arrived_ms, due_ms, hold_since_ms, forks);
    if (a.version() > 7) a(held_already);
    if (a.version() > 14) a(stood_ms);
  }
};

}  // namespace waypost::journeys

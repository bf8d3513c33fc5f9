// Why an entry was refused, a message was not sent, a customer left: closed sets, each with a
// stable name and a sentence in Chinese and English. Numbers are stored: never renumber.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace waypost::journeys {

struct ReasonText {
  std::string_view name, zh, en;
};

// Why somebody did not enter.
enum class Reject : uint8_t {
  kDuplicateEvent = 1,
  kDuplicateInRun,
  kUnknownUser,
  kNotStarted,
  kEnded,
  kPaused,
  kFilter,
  kReentryOnce,
  kReentryInterval,
  kReentryLimit,
  kActive,
  kActiveKey,
  kCapTotal,
  kCapDaily,
  kOutOfScope,
  kHoldout,
  kRolloutExcluded,
  kJourneyCap,
  kWaveExcluded,
  kCapRun,
  kCapEach,
};

// What became of a message. The states a provider reports rise in order, kSent to kReplied; of two
// reports the higher counts, in whatever order they come.
enum class Outcome : uint8_t {
  kPlanned = 0,  // decided, waiting to be handed off
  kClaimed = 1,  // being handed off
  kSent = 2,
  kAccepted,
  kDelivered,
  kOpened,
  kClicked,
  kReplied,
  kUnknown = 16,  // handed off, and nobody said what came of it
  kRejected,
  kBounced,
  kNotReachable,
  kNotPermitted,
  kSuppressed,
  kCapped,
  kQuietDropped,
  kExpired,
  kBudgetExhausted,
  kThrottledOut,
  kRenderError,
  kCancelled,
  kOutOfStock,
};

// Why somebody left.
enum class Exit : uint8_t {
  kCompleted = 1,
  kGoal,
  kExitEvent,
  kExitSegment,
  kOptedOut,
  kStopped,
  kJourneyEnded,
  kMaxDuration,
  kNoBranch,
  kDeadEnd,
  kLoopLimit,
  kExhausted,
  kNodeRemoved,
  kVersionMigratedOut,
  kMerged,
  kErased,
  kError,
  kCapped,
  kKeyDateMissing,
  kKeyDatePast,
  kExitCondition,
  kTooLate,
};

const ReasonText& TextOf(Reject reason);
const ReasonText& TextOf(Outcome outcome);
const ReasonText& TextOf(Exit reason);
inline std::string_view NameOf(Reject reason) { return TextOf(reason).name; }
inline std::string_view NameOf(Outcome outcome) { return TextOf(outcome).name; }
inline std::string_view NameOf(Exit reason) { return TextOf(reason).name; }

// The number is one of the enum's.
bool IsReject(uint8_t number);
bool IsOutcome(uint8_t number);
bool IsExit(uint8_t number);

// Messages of whoever leaves so are not sent any more.
bool Recalls(Exit reason);

std::optional<Outcome> FindOutcome(std::string_view name);

// The event of the customer that tells of an outcome; empty when none does.
std::string_view EventOf(Outcome outcome);

// Still to be handed off, or nobody knows yet whether it was.
constexpr bool IsUnsettled(Outcome o) {
  return o == Outcome::kPlanned || o == Outcome::kClaimed || o == Outcome::kUnknown;
}
// The provider has it, or had it: kSent to kReplied.
constexpr bool WasHandedOver(Outcome o) { return o >= Outcome::kSent && o <= Outcome::kReplied; }
// It certainly never reached the customer, so what it had reserved is free again.
constexpr bool NeverHappened(Outcome o) { return o > Outcome::kUnknown; }

}  // namespace waypost::journeys

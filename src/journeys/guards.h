// The one place that says whether a message may be sent to a customer now: whom the journey may
// reach at all, consent, suppression, reachability, quiet hours, caps, stock, budget and pace, in
// this order. It only reads; what it allows is reserved when the caller records the message in the
// same decision, so two journeys in the same millisecond cannot both have the last slot.
#pragma once

#include <cstdint>
#include <string>

#include "journeys/conditions.h"
#include "journeys/state.h"

namespace waypost::journeys {

struct SendRequest {
  Ordinal customer = 0;
  JourneyIndex journey = 0;
  const Journey& definition;
  const Node& node;
  const Attempt& attempt;
  int64_t now_ms = 0;
  const Properties* context = nullptr;  // of the entry
};

struct Ruling {
  enum class Verdict : uint8_t { kAllow, kDeny, kHold } verdict = Verdict::kAllow;
  Outcome outcome = Outcome::kPlanned;  // of kDeny; of kHold: what it would be if it cannot wait
  int64_t until_ms = 0;                 // of kHold: ask again then
  int64_t not_before_ms = 0;            // of kAllow: its place in the pace
  bool other_channel = false;           // of kHold: rather than to wait, where there is one
  bool counts = true;                   // against caps
  std::string address;
  change::Pairs accounts;  // as of change::TouchPlanned
  std::string unit;        // likewise
  std::string why;         // the rule and the value it saw
};

// Who may never be written to is on a list of this name or beginning with it and a channel.
inline constexpr std::string_view kSuppressedList = "suppressed";

Ruling Judge(const SendRequest& request, const State& state, const World& world);
// Whether, and where, the journey may reach the customer, whatever else there is; where that is not
// `address`, also whether caps let the message go there.
Ruling JudgeReach(const SendRequest& request, std::string_view address, const State& state,
                  const World& world);
// Whether a cap alone keeps the message back now.
bool IsCapped(const SendRequest& request, const State& state, const World& world);

// Whose hours hold for a customer's messages, by which clock. Borrows the rules.
struct Hours {
  const Policy& policy;
  const UnitRules& unit;
  Zone zone;
};
Hours HoursOf(Ordinal customer, const Journey& journey, const Policy& policy, const World& world);

// The first instant at or after `at_ms` that is in no quiet hours, and in the open windows both of
// all messages and of the channel; nothing when none comes.
std::optional<int64_t> NextFairTime(int64_t at_ms, const std::string& channel, const Hours& hours);

// When a message goes that may not at `at_ms`, if it waits: as above, and later by a part of the
// jitter that is the customer's, where that is an hour that is fair too.
std::optional<int64_t> NextRelease(int64_t at_ms, const std::string& channel, Ordinal customer,
                                   const Hours& hours);

// When the channel, the journey, and the unit let another message go after those that went.
int64_t PaceOpens(const std::string& channel, std::optional<JourneyIndex> journey,
                  const std::string& unit, const State& state);
// The first time after `now_ms` that a channel or journey, which lets no message go until then,
// does; kNever: none.
int64_t NextOpenPace(int64_t now_ms, const State& state);

// The part that can change between decision and hand-off: consent and suppression, by the bank and
// by the unit.
Ruling JudgeConsent(const Facts& facts, const std::string& channel, const std::string& purpose,
                    bool transactional, const State& state, const World& world);

// The customer refuses everything of this purpose, on all channels.
bool RefusesAll(const Customer& customer, const std::string& purpose);

inline constexpr std::string_view kZoneAttribute = "timezone";
// The customer's own time zone, else that of the unit of the bank that has him, else the journey's;
// `invalid` when the customer's is no zone.
Zone ZoneOf(Ordinal customer, const Journey& journey, const Policy& policy, const World& world,
            bool* invalid = nullptr);

}  // namespace waypost::journeys

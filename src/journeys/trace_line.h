// What happened to a customer in journeys, a line each.
#pragma once

#include <cstdint>
#include <string>

#include "journeys/decision.h"
#include "journeys/definition.h"
#include "journeys/fields.h"

namespace waypost::journeys {

// One line of what happened to a customer and why.
struct TraceLine {
  enum class What : uint8_t {
    kRefused,
    kEntered,
    kPassed,
    kSent,
    kMoved,
    kDenied,
    kLeft,
    kConverted,
    kMigrated,
    kLateEvent  // what an entry came in for not having been done was done after all
  };
  int64_t time_ms = 0;
  What what = What::kEntered;
  JourneyIndex journey = 0;
  EntryId entry = 0;
  uint32_t version = 0;  // of the journey, when an entry did it
  uint32_t node = kNoNode;
  uint8_t reason = 0;  // Reject, Outcome or Exit, as `what` says
  std::string detail;
  friend bool IsValid(What, uint8_t number) { return IsOneOf(number, What::kLateEvent); }
  template <typename A>
  void Fields(A& a) {
    a(time_ms, what, journey, entry, node, reason, detail);
    if (a.version() > 4) a(version);
  }
};

// A line that others are to be told of, and what they are told beside it.
struct UntoldLine {
  uint64_t decision = 0;
  uint32_t place = 0;  // among those of its decision
  Ordinal customer = 0;
  TraceLine line;
  int64_t entered_ms = 0;  // when its entry came in; 0: none, or not known any more
  // kPassed: when it came to the node; 0: as another line of the decision says, for a fork's second
  // way and those after it.
  int64_t came_ms = 0;
  // kSent, kMoved: the message.
  TouchKey touch;
  std::string channel;
  bool handed_over = false;  // kMoved: that it was, nobody had said before
  template <typename A>
  void Fields(A& a) {
    a(decision, place, customer, line);
    if (a.version() > 24) a(entered_ms, came_ms, touch, channel, handed_over);
  }
};

}  // namespace waypost::journeys

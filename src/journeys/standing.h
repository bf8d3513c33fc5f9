// Who stands at a node of a journey now: until when, and what keeps messages back.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "journeys/conditions.h"
#include "journeys/state.h"

namespace waypost::journeys {

struct Standing {
  uint64_t here = 0;
  // Those whom a time ends the waiting of, by the local hour in which it does, the journey's: its
  // first instant. What is over already is of the hour it was over in.
  std::map<int64_t, uint64_t> due;
  uint64_t whenever = 0;  // whom only something that happens moves on
  // Those of `here` who are held, by what holds them: the rule for messages that keeps theirs back
  // ("cap daily", "quiet", ...), "turn": they are collected to go by priority, or may go;
  // "outcome": nobody knows yet what became of their message; "experiment", "rate", "pause".
  std::map<std::string, uint64_t> held;
  // Messages of the node that are not handed off: "hold", "pause", "quiet", "retry", "pace", or
  // "channel", which may take them now.
  std::map<std::string, uint64_t> messages;
};

// Of the customers that `shows` names. Looks at everybody who is in any journey.
// REQUIRES: there is such a journey.
Standing StandingAt(const State& state, const World& world, JourneyIndex journey,
                    std::string_view node, int64_t now_ms,
                    const std::function<bool(Ordinal)>& shows);

// Which rule a guard's reason names: "cap daily" of "cap daily: 1 of 1".
std::string_view RuleIn(std::string_view why);

}  // namespace waypost::journeys

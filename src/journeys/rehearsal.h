// What a draft would have done: it runs over past events on the machine that would run it, with the
// rules, consents and lists of now, and a provider that accepts at once. On the same events and the
// same members the later run gives the same numbers.
//
//   Rehearsal rehearsal(machine.state(), world);
//   TRY(rehearsal.Begin(draft, from_ms));
//   for (const PastEvent& event : events) rehearsal.Play(event);    // by time
//   rehearsal.End(until_ms);
//   Show(rehearsal.forecast());
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "journeys/machine.h"

namespace waypost::journeys {

struct PastEvent {
  int64_t at_ms = 0;
  Ordinal customer = 0;
  std::string name;
  Properties properties;
};

// A customer came into the segment that leads into the draft, or left it.
struct PastMove {
  int64_t at_ms = 0;
  Ordinal customer = 0;
  bool in = false;
};

struct Forecast {
  uint64_t entered = 0, inside = 0;
  std::map<Reject, uint64_t> rejects;
  std::map<Exit, uint64_t> exits;
  // Messages that left, by channel and the hour they left in (hours since 1970 by the clocks of the
  // journey's zone).
  std::map<std::string, std::map<int64_t, uint64_t>> messages;
  // By channel, the longest that a message was on its way from when it was decided until it left.
  std::map<std::string, int64_t> longest_wait_ms;
  std::map<Outcome, uint64_t> denied;  // messages that did not come to be
  // The same by the rule that kept them back: "cap daily", "consent", "quiet", "stock gift", ...
  std::map<std::string, uint64_t> kept_back;
  int64_t spend = 0, revenue = 0;  // ten-thousandths
  uint64_t conversions = 0;
  friend bool operator==(const Forecast&, const Forecast&) = default;
};

class Rehearsal {
 public:
  // Whom a run that is due at that moment is for; each once.
  using Members = std::function<std::vector<Ordinal>(int64_t at_ms)>;

  // Takes what holds for all journeys from `now`; journeys and messages of it are left out.
  Rehearsal(const State& now, const World& world, Members members = {});

  // Publishes the draft then. Errors: Machine::Publish's.
  Result<> Begin(std::string_view draft, int64_t from_ms);
  // Likewise, with whom the segment has that leads into it.
  Result<> Begin(std::string_view draft, int64_t from_ms, const std::vector<Ordinal>& existing);
  // REQUIRES: not before what was played before.
  void Play(const PastEvent& event);
  void Play(const PastMove& move);
  // Whatever is still due by then happens.
  void End(int64_t until_ms) { Advance(until_ms); }

  Forecast forecast() const;

 private:
  void Advance(int64_t until_ms);
  void Dispatch(int64_t now_ms);
  void Count();
  void EnterRuns();

  Machine machine_;
  const Members members_;
  Machine::Out out_;
  int64_t now_ms_ = 0;
  std::string journey_;
  Forecast counted_;  // messages, how long they waited, and what kept others back
};

// What became of a journey so far, in the same shape; `messages` are those that are still known,
// `kept_back` is not.
Forecast ForecastOf(const State& state, std::string_view journey);

}  // namespace waypost::journeys

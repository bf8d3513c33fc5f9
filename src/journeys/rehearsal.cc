#include "journeys/rehearsal.h"

#include <algorithm>

#include "journeys/standing.h"

namespace waypost::journeys {
namespace {

void CountLeaving(const Touch& touch, int64_t at_ms, Zone zone, Forecast* forecast) {
  constexpr int64_t kHour = 3'600'000;
  const std::string& channel = touch.plan.channel;
  ++forecast->messages[channel][zone.ToWall(at_ms) / kHour];
  int64_t& longest_ms = forecast->longest_wait_ms[channel];
  longest_ms = std::max(longest_ms, at_ms - touch.planned_ms);
}

}  // namespace

Rehearsal::Rehearsal(const State& now, const World& world, Members members)
    : machine_(State::Under(now.policy_json()), world), members_(std::move(members)) {
  for (const auto& [ordinal, customer] : now.customers()) {
    for (const auto& [what, allowed] : customer.consents) {
      machine_.SetConsent({ordinal, what.first, what.second, allowed}, 0, &out_);
    }
    for (const std::string& list : customer.lists) {
      machine_.SetList({ordinal, list, true}, 0, &out_);
    }
  }
  out_.clear();
}

Result<> Rehearsal::Begin(std::string_view draft, int64_t from_ms) {
  now_ms_ = from_ms;
  TRY(machine_.Publish(draft, from_ms, &out_));
  journey_ = machine_.state().journeys()[0].id;
  Dispatch(from_ms);
  return {};
}

Result<> Rehearsal::Begin(std::string_view draft, int64_t from_ms,
                          const std::vector<Ordinal>& existing) {
  TRY(Begin(draft, from_ms));
  const EntryRule& entry = machine_.state().journeys()[0].now().entry;
  if (!entry.include_existing || entry.on_leave) return {};
  TRY(machine_.List(journey_, existing, from_ms, &out_));
  machine_.LetIn(SIZE_MAX, from_ms, &out_);
  Dispatch(from_ms);
  return {};
}

void Rehearsal::Play(const PastMove& move) {
  Advance(move.at_ms - 1);
  now_ms_ = move.at_ms;
  machine_.OnMember(journey_, move.customer, move.in, now_ms_, &out_);
  Dispatch(now_ms_);
}

// Who a run is for comes in at once, or with his wave.
void Rehearsal::EnterRuns() {
  machine_.LetIn(SIZE_MAX, now_ms_, &out_);
  for (size_t at = 0; at < out_.size(); ++at) {
    std::vector<int64_t> runs;
    for (const Change& change : out_[at].changes) {
      const auto* run = std::get_if<change::RunTaken>(&change);
      if (run && run->open) runs.push_back(run->run);
    }
    for (const int64_t name : runs) {
      if (!members_) break;
      const Machine::RunAudience run{.run = name, .segment_run = 0, .customers = members_(now_ms_)};
      CHECK(machine_.ListRun(journey_, run, now_ms_, &out_).ok());
    }
    machine_.LetIn(SIZE_MAX, now_ms_, &out_);
  }
}

void Rehearsal::Play(const PastEvent& event) {
  Advance(event.at_ms - 1);
  now_ms_ = event.at_ms;
  machine_.OnEvent({event.customer, event.name, event.properties, event.at_ms}, &out_);
  Dispatch(now_ms_);
}

// Everything due on the way happens at its time.
void Rehearsal::Advance(int64_t until_ms) {
  while (true) {
    const State& state = machine_.state();
    int64_t next = state.NextTimerBound().value_or(kNever);
    for (const auto& [channel, ready] : state.ready()) {
      const auto later = ready.lower_bound({now_ms_ + 1, 0, {}});
      if (later != ready.end()) next = std::min(next, std::get<0>(*later));
    }
    next = std::min({next, NextOpenPace(now_ms_, state), state.NextWaveAfter(now_ms_)});
    if (next > until_ms) break;
    now_ms_ = std::max(now_ms_, next);
    machine_.FireUntil(now_ms_, &out_);
    Dispatch(now_ms_);
  }
  now_ms_ = std::max(now_ms_, until_ms);
}

void Rehearsal::Dispatch(int64_t now_ms) {
  EnterRuns();
  for (const TouchKey& key : machine_.state().DueTouches(now_ms)) {
    if (!machine_.Claim(key, now_ms, &out_)) continue;
    const State& state = machine_.state();
    CountLeaving(*state.FindTouch(key), now_ms, state.journeys()[0].now().zone, &counted_);
    machine_.OnReceipt(key, Outcome::kAccepted, "rehearsal", now_ms, &out_);
  }
  Count();
}

// A refusal begins with its rule and what the rule saw, but for what a text lacks.
void Rehearsal::Count() {
  const auto count = [&](Outcome outcome, const std::string& why) {
    if (!NeverHappened(outcome)) return;
    ++counted_.kept_back[outcome == Outcome::kRenderError ? "text" : std::string(RuleIn(why))];
  };
  for (const Decision& decision : out_) {
    for (const Change& change : decision.changes) {
      if (const auto* denied = std::get_if<change::Denied>(&change)) {
        count(denied->outcome, denied->why);
      } else if (const auto* moved = std::get_if<change::TouchMoved>(&change)) {
        count(moved->outcome, moved->why);
      }
    }
  }
  out_.clear();
}

Forecast Rehearsal::forecast() const {
  Forecast forecast = ForecastOf(machine_.state(), journey_);
  forecast.messages = counted_.messages;
  forecast.longest_wait_ms = counted_.longest_wait_ms;
  forecast.kept_back = counted_.kept_back;
  return forecast;
}

Forecast ForecastOf(const State& state, std::string_view id) {
  const std::optional<JourneyIndex> index = state.FindJourney(id);
  if (!index) return {};
  const JourneyState& journey = state.journeys()[*index];
  Forecast forecast{.entered = journey.entered,
                    .inside = journey.active,
                    .rejects = {},
                    .exits = {},
                    .messages = {},
                    .longest_wait_ms = {},
                    .denied = {},
                    .kept_back = {},
                    .spend = journey.spent_money,
                    .revenue = journey.revenue,
                    .conversions = journey.conversions};
  for (const auto& [reason, count] : journey.rejects) {
    forecast.rejects[static_cast<Reject>(reason)] = count;
  }
  for (const auto& [reason, count] : journey.exits) {
    forecast.exits[static_cast<Exit>(reason)] = count;
  }
  for (const auto& [node, counts] : journey.nodes) {
    for (const auto& [outcome, count] : counts.outcomes) {
      const auto what = static_cast<Outcome>(outcome);
      if (NeverHappened(what)) forecast.denied[what] += count;
    }
  }
  state.ForEachTouch([&](const Touch& touch) {
    if (touch.plan.journey != *index) return;
    for (const auto& [outcome, at_ms] : touch.reached) {
      if (outcome == Outcome::kClaimed) CountLeaving(touch, at_ms, journey.now().zone, &forecast);
    }
  });
  return forecast;
}

}  // namespace waypost::journeys

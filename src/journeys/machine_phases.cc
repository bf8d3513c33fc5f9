// A journey is paused, goes on, stops. What was heard in a pause is followed when it goes on.
#include <algorithm>
#include <tuple>

#include "journeys/machine.h"

namespace waypost::journeys {

Result<> Machine::SetPhase(std::string_view id, Phase phase, std::string reason, int64_t at_ms,
                           Out* out) {
  const std::optional<JourneyIndex> journey = state_.FindJourney(id);
  if (!journey) return Error(Code::kNotFound, "there is no journey '" + std::string(id) + "'");
  const Phase before = state_.journeys()[*journey].phase;
  const bool fits = phase == Phase::kArchived
                        ? before == Phase::kStopped
                        : before == Phase::kRunning || before == Phase::kPaused;
  if (!fits || phase == before) {
    return Error(Code::kConflict, "bad_phase",
                 "the journey is " + std::string(NameOf(before)) + " and cannot become " +
                     std::string(NameOf(phase)));
  }
  Begin(at_ms, out);
  const int64_t paused_ms = state_.journeys()[*journey].paused_ms;
  Do(change::PhaseSet{*journey, phase, std::move(reason)});
  if (phase == Phase::kStopped) LeaveAll(*journey, Exit::kStopped);
  if (phase == Phase::kRunning) Resume(*journey, paused_ms);
  End(out);
  return {};
}

// What was heard of messages in the pause, and who was waited for and is gone.
void Machine::FollowPause(EntryId id, int64_t paused_ms) {
  if (!state_.FindEntry(id)) return;
  const std::vector<TouchKey> touches = EntryOf(id).touches;
  for (const TouchKey& key : touches) {
    if (state_.FindTouch(key)->moved_ms >= paused_ms) Follow(key);
    if (!state_.FindEntry(id)) return;
  }
  if (EntryOf(id).goal_ms >= paused_ms) FollowGoal(id);
  if (state_.FindEntry(id)) SettleJoins(id);
}

// Of a clock that stood still: what lasts so long lasts longer, a time of day or a window is the
// next one, a date stays.
void Machine::GoOnWaiting(const Entry& entry, int64_t paused_ms, Token* token) const {
  const Journey& definition = state_.JourneyOf(entry);
  const Node& node = definition.nodes[token->node];
  if (node.kind != NodeKind::kWait || !node.span.empty()) {
    const int64_t stood = now() - std::max(paused_ms, std::min(token->arrived_ms, now()));
    token->stood_ms += stood;
    token->due_ms += stood;
  } else if (token->due_ms < now()) {
    const Zone zone = ZoneOf(entry.customer, definition, world_);
    if (node.time_of_day) token->due_ms = NextLocalTime(now(), *node.time_of_day, zone);
    if (!node.windows.empty()) {
      token->due_ms =
          NextInWindows(now(), node.windows, zone, state_.policy().holidays).value_or(kNever);
    }
  }
}

// What fell due in the pause, in the order it was due; what was held is judged anew.
void Machine::Resume(JourneyIndex journey, int64_t paused_ms) {
  ResumeTrials(journey, paused_ms);
  Reword(journey, false);
  const int64_t pause = now() - paused_ms;
  std::vector<std::tuple<int64_t, EntryId, uint32_t>> due;
  std::vector<EntryId> inside;
  for (EntryId id = 1; id <= state_.last_entry(); ++id) {
    const Entry* entry = state_.FindEntry(id);
    if (!entry || entry->journey != journey) continue;
    const Journey& definition = state_.JourneyOf(*entry);
    const std::vector<Token> tokens = entry->tokens;
    for (Token token : tokens) {
      if (definition.frozen_clock && token.state == TokenState::kWaiting &&
          token.due_ms != kNever) {
        GoOnWaiting(*entry, paused_ms, &token);
        Do(change::TokenSet{id, token});
      }
      const NodeKind kind = definition.nodes[token.node].kind;
      const bool matched = token.state == TokenState::kHeld && token.step > 0 &&
                           (kind == NodeKind::kWaitEvent || kind == NodeKind::kCall);
      if (matched || (pause >= 0 && token.due_ms <= now())) {
        due.emplace_back(token.due_ms, id, token.id);
      }
    }
    inside.push_back(id);
  }
  std::ranges::sort(due);
  for (const auto& [at, id, token_id] : due) {
    const Entry* entry = state_.FindEntry(id);
    const Token* token = entry ? entry->FindToken(token_id) : nullptr;
    if (!token) continue;
    const NodeKind kind = state_.JourneyOf(*entry).nodes[token->node].kind;
    if (token->state == TokenState::kHeld &&
        (kind == NodeKind::kWaitEvent || kind == NodeKind::kCall)) {
      Go(id, token_id, token->step - 1);
    } else {
      FireToken(id, token_id);
    }
  }
  for (const EntryId id : inside) FollowPause(id, paused_ms);
  FireLines(journey);
  const auto queue = state_.journeys()[journey].queue;
  if (queue.empty()) return;
  Do(change::QueueTaken{journey});
  for (const auto& [customer, rest] : queue) TryEnter(journey, customer, rest.first, rest.second);
}

}  // namespace waypost::journeys

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
  const std::deque<change::Waiting> queue =
      phase == Phase::kStopped ? state_.journeys()[*journey].queue : std::deque<change::Waiting>();
  std::vector<change::Listed> listed;
  if (phase == Phase::kStopped || phase == Phase::kArchived) listed = ListedOver(*journey);
  Do(change::PhaseSet{*journey, phase, std::move(reason)});
  for (change::Listed& one : listed) Do(std::move(one));
  if (phase == Phase::kStopped) LeaveAll(*journey, Exit::kStopped);
  for (const change::Waiting& who : queue) {
    Do(change::Refused{*journey, who.customer, Reject::kEnded});
    Remember(*journey, who.request, who.body, {.reason = Reject::kEnded});
    AnswerCall(who.parent, who.parent_token, now(), NameOf(Reject::kEnded), {});
  }
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
  } else if (token->due_ms < now() && node.date_attribute.empty()) {
    const Zone zone = ZoneOf(entry.customer, definition, state_.policy(), world_);
    if (node.time_of_day) token->due_ms = NextLocalTime(now(), *node.time_of_day, zone);
    if (!node.windows.empty()) {
      token->due_ms =
          NextInWindows(now(), node.windows, zone, state_.policy().holidays).value_or(kNever);
    }
  }
}

uint32_t Machine::OverBy(const Node& node, const Token& token) {
  if (WasMatched(token) || (node.kind == NodeKind::kWaitEvent && node.ranked && token.step > 0))
    return token.step - 1;
  return node.kind == NodeKind::kCall ? 1 : static_cast<uint32_t>(node.OutcomeIndex("timeout"));
}

bool Machine::IsTooLate(const Entry& entry, const Token& token) const {
  const Journey& definition = state_.JourneyOf(entry);
  return !definition.max_lateness.empty() &&
         AddSpan(token.due_ms, definition.max_lateness, definition.zone) < now();
}

// The next time is that of a time of day or a window; what else was waited for does not come again.
void Machine::FollowLate(EntryId id, const Token& token) {
  const Journey& definition = state_.JourneyOf(EntryOf(id));
  const Node& node = definition.nodes[token.node];
  if (definition.on_late == Journey::OnLate::kExit) return EndToken(id, token.id, Exit::kTooLate);
  const bool comes_again =
      node.date_attribute.empty() && (node.time_of_day || !node.windows.empty());
  const std::optional<size_t> outcome =
      comes_again ? Wait(id, token, node) : std::optional<size_t>(0);
  if (outcome) Go(id, token.id, *outcome);
}

// What fell due in the pause, in the order it was due; what was held is judged anew.
void Machine::Resume(JourneyIndex journey, int64_t paused_ms) {
  ResumeTrials(journey, paused_ms);
  Reword(journey, false);
  const int64_t pause = now() - paused_ms;
  std::vector<Due> due;
  const std::vector<EntryId> inside = state_.EntriesIn(journey);
  for (const EntryId id : inside) {
    const Entry& entry = EntryOf(id);
    const Journey& definition = state_.JourneyOf(entry);
    const std::vector<Token> tokens = entry.tokens;
    for (Token token : tokens) {
      if (definition.frozen_clock && token.state == TokenState::kWaiting &&
          token.due_ms != kNever) {
        GoOnWaiting(entry, paused_ms, &token);
        Do(change::TokenSet{id, token});
      }
      const NodeKind kind = definition.nodes[token.node].kind;
      const bool matched =
          WasMatched(token) && (kind == NodeKind::kWaitEvent || kind == NodeKind::kCall);
      if (matched || (pause >= 0 && token.due_ms <= now())) {
        due.push_back({token.due_ms, {id, token.id, token.node, token.visit}});
      }
    }
  }
  const uint64_t released = Drain(journey, std::move(due));
  for (const EntryId id : inside) FollowPause(id, paused_ms);
  FireLines(journey);
  const JourneyState& state = state_.journeys()[journey];
  const uint32_t rate = state.now().resume_per_second;
  if (released == 0 || rate == 0 || state.queue.empty()) return TakeQueue(journey);
  const auto seconds = static_cast<int64_t>((released + rate - 1) / rate);
  Do(change::QueueTaken{journey, 0, now() + seconds * 1'000});
}

// Who came in a pause, as many in a second as the journey says.
void Machine::TakeQueue(JourneyIndex journey) {
  const JourneyState& state = state_.journeys()[journey];
  if (state.phase != Phase::kRunning || state.queue.empty()) return;
  const uint32_t rate = state.now().resume_per_second;
  const size_t count = rate == 0 ? state.queue.size() : std::min<size_t>(rate, state.queue.size());
  const std::vector turn(state.queue.begin(), state.queue.begin() + static_cast<ptrdiff_t>(count));
  Do(change::QueueTaken{journey, count, count == state.queue.size() ? 0 : now() + 1'000});
  for (const change::Waiting& who : turn) {
    const EnterReply reply =
        TryEnter(journey, who.customer, who.key, who.context,
                 {who.parent, who.parent_token, who.depth, who.request, who.body});
    if (reply.awaited) continue;
    Remember(journey, who.request, who.body, reply);
    if (reply.entry == 0) AnswerCall(who.parent, who.parent_token, now(), NameOf(reply.reason), {});
  }
}

// As many in a second as the journey says; what is too late by now is not made later. Who went on
// with another, as at a join, is not at what fell due.
uint64_t Machine::Drain(JourneyIndex journey, std::vector<Due> due) {
  std::ranges::sort(due, {}, [](const Due& one) {
    return std::tuple(one.due_ms, one.stand.entry, one.stand.token);
  });
  const uint32_t rate = state_.journeys()[journey].now().resume_per_second;
  uint64_t released = 0;
  for (const auto& [due_ms, stand] : due) {
    const Token* token = StillAt(stand);
    if (!token) continue;
    const int64_t turn = rate == 0 ? 0 : static_cast<int64_t>(released / rate) * 1'000;
    const Entry& entry = EntryOf(stand.entry);
    const Node& node = state_.JourneyOf(entry).nodes[token->node];
    if (turn == 0 || (node.kind == NodeKind::kWait && IsTooLate(entry, *token))) {
      FireToken(stand.entry, stand.token);
    } else {
      Token later = *token;
      later.due_ms = now() + turn;
      if (node.kind == NodeKind::kWaitEvent || node.kind == NodeKind::kCall) {
        later.step = OverBy(node, later) + 1;  // what comes until then is too late
        later.state = TokenState::kHeld;
      }
      Do(change::TokenSet{stand.entry, std::move(later)});
    }
    ++released;
  }
  return released;
}

}  // namespace waypost::journeys

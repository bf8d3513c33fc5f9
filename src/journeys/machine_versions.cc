// Those inside older versions go on in a new one. What they passed stays judged; what they wait for
// is asked anew with what the node says now, counted from when they came to it.
#include <algorithm>

#include "journeys/machine.h"

namespace waypost::journeys {
namespace {

// By place in `from`: the node says what it said, wherever its ways lead now.
std::vector<bool> AsBefore(const Journey& from, const Journey& to) {
  std::vector<bool> as_before;
  const std::vector<uint32_t> same = SameNodes(from, to);
  for (size_t i = 0; i < same.size(); ++i) {
    Node before = from.nodes[i];
    if (same[i] != kNoNode) {
      before.next = to.nodes[same[i]].next;
      before.join_fork = to.nodes[same[i]].join_fork;
    }
    as_before.push_back(same[i] != kNoNode && before == to.nodes[same[i]] && from.zone == to.zone);
  }
  return as_before;
}

// The best branch so far, from 1, by its name; 0 when it is gone.
uint32_t StepIn(const Node& node, const Node& before, uint32_t step) {
  if (step == 0 || step > before.branches.size()) return 0;
  const auto found =
      std::ranges::find(node.branches, before.branches[step - 1].outcome, &Branch::outcome);
  return found == node.branches.end() ? 0
                                      : static_cast<uint32_t>(found - node.branches.begin()) + 1;
}

}  // namespace

void Machine::Migrate(JourneyIndex journey, const Migration& migration) {
  const JourneyState& state = state_.journeys()[journey];
  struct Before {
    const Journey* from;
    std::vector<Token> tokens;
  };
  std::map<EntryId, Before> inside;
  std::map<const Journey*, std::vector<bool>> as_before;
  const std::vector<EntryId> behind = state_.EntriesBehind(journey);
  // Who leaves may let somebody go on who waited for him, and come to such a node.
  for (size_t before = ~size_t{0}; before != decision_.changes.size();) {
    before = decision_.changes.size();
    for (const EntryId id : behind) {
      if (state_.FindEntry(id)) TakeOut(id, migration);
    }
  }
  for (const EntryId id : behind) {
    const Entry* entry = state_.FindEntry(id);
    if (!entry) continue;
    const Journey& from = state_.JourneyOf(*entry);
    inside[id] = {&from, entry->tokens};
    if (!as_before.contains(&from)) as_before[&from] = AsBefore(from, state.now());
  }
  Do(change::Migrated{journey, state.current, migration.moves});
  for (const auto& [id, before] : inside) {
    const bool gone = !state_.FindEntry(id) || LeaveIfEnded(id) ||
                      (state.now().in_flight.apply_history && ReachedBefore(id));
    if (gone) continue;
    LookAtGoal(id);
    TakeAlong(id, before.tokens, *before.from, as_before[before.from]);
  }
  if (state.now().in_flight.recall) Reword(journey, true);
}

// Ends what stands at nodes that lead nowhere now.
void Machine::TakeOut(EntryId id, const Migration& migration) {
  const std::vector<Token> tokens = EntryOf(id).tokens;
  for (const Token& token : tokens) {
    if (migration.leaving.contains({EntryOf(id).version, token.node}))
      Do(change::TokenGone{id, token.id});
  }
  if (!tokens.empty() && EntryOf(id).tokens.empty()) Leave(id, Exit::kNodeRemoved);
}

void Machine::TakeAlong(EntryId id, const std::vector<Token>& before, const Journey& from,
                        const std::vector<bool>& as_before) {
  for (const Token& was : before) {
    const Entry* entry = state_.FindEntry(id);
    const Token* token = entry ? entry->FindToken(was.id) : nullptr;
    if (token && !as_before[was.node]) JudgeAnew(id, *token, from.nodes[was.node]);
  }
  if (state_.FindEntry(id)) SettleJoins(id);
}

// Waits until then, or no longer.
void Machine::RestOrFire(EntryId id, Token token, int64_t due_ms) {
  Rest(id, token, due_ms, token.state);
  if (due_ms <= now()) FireToken(id, token.id);
}

void Machine::JudgeAnew(EntryId id, Token token, const Node& before) {
  const Entry& entry = EntryOf(id);
  const Journey& definition = state_.JourneyOf(entry);
  const Node& node = definition.nodes[token.node];
  if (token.state == TokenState::kRunning) return RestOrFire(id, token, now());
  const bool matched = token.state == TokenState::kHeld && node.kind == NodeKind::kWaitEvent;
  if (token.state != TokenState::kWaiting && !matched) return;
  const Zone zone = ZoneOf(entry.customer, definition, state_.policy(), world_);
  switch (node.kind) {
    case NodeKind::kWait: {
      const std::optional<size_t> outcome = Wait(id, token, node, token.arrived_ms);
      if (outcome && IsPaused(entry.journey) && node.outcomes[*outcome] == "no_date") {
        RestInPause(id, token, *outcome);
      } else if (outcome && (IsPaused(entry.journey) || node.outcomes[*outcome] == "past")) {
        RestOrFire(id, token, now());
      } else if (outcome) {
        Go(id, token.id, *outcome);
      }
      return;
    }
    case NodeKind::kWaitEvent: {
      token.step = StepIn(node, before, token.step);
      if (matched && token.step > 0) return Do(change::TokenSet{id, token});
      token.state = TokenState::kWaiting;
      if (const std::optional<size_t> branch = WaitEvent(id, token, node)) {
        Rest(id, token, SpanEnd(token, node, zone));
        TakeBranch(id, token.id, *branch);
      } else if (EntryOf(id).FindToken(token.id)->due_ms <= now()) {
        FireToken(id, token.id);
      }
      return;
    }
    case NodeKind::kJoin:
    case NodeKind::kCall:
      return RestOrFire(id, token, node.span.empty() ? kNever : SpanEnd(token, node, zone));
    case NodeKind::kChain: {
      const Touch* touch = TouchAt(entry, token, token.step);
      const bool known = touch && token.step < node.attempts.size();
      return RestOrFire(
          id, token,
          known ? AddSpan(touch->plan.not_before_ms, node.attempts[token.step].wait, zone) +
                      token.stood_ms
                : now());
    }
    default:
      return;
  }
}

// By what was done since the customer came in. True when the entry left.
bool Machine::ReachedBefore(EntryId id) {
  const Entry& entry = EntryOf(id);
  const Journey& definition = state_.JourneyOf(entry);
  const auto done = [&](const EventMatch& match) {
    return !match.of_customer() &&
           HasDone(entry, {match.event, match.where, {}, {}}, entry.entered_ms - 1, now());
  };
  if (std::ranges::any_of(definition.exit_on, done)) {
    Leave(id, Exit::kExitEvent);
    return true;
  }
  if (!definition.goal || !entry.bought.empty()) return false;
  const bool holds = GoalHolds(definition, FactsOf(entry)).value_or(false) && !entry.goal_held;
  if (!holds && !done(definition.goal->on)) return false;
  Do(change::Converted{id, {}, 0, false, CreditedTo(entry.touches, definition)});
  if (definition.goal->every) return false;
  Leave(id, Exit::kGoal);
  return true;
}

// Messages that nobody has been handed yet say what the current version says. What cannot be made
// any more is not sent; of an entry that is over the context is gone, so there the text stays.
void Machine::Reword(JourneyIndex journey, bool by_current) {
  const std::vector<TouchKey> planned = state_.TouchesIn(Outcome::kPlanned);
  for (const TouchKey& key : planned) {
    const Touch& touch = *state_.FindTouch(key);
    if (touch.plan.journey != journey) continue;
    const Entry* entry = state_.FindEntry(touch.plan.entry);
    if (!by_current && !entry) continue;
    const Journey& definition =
        by_current ? state_.journeys()[journey].now() : state_.JourneyOf(*entry);
    Reword(key, definition);
  }
}

// What waits says what the definition says of its node.
void Machine::Reword(const TouchKey& key, const Journey& definition) {
  const Touch& touch = *state_.FindTouch(key);
  const Entry* entry = state_.FindEntry(touch.plan.entry);
  const uint32_t node = definition.FindNode(touch.node);
  if (node == kNoNode) return;
  const std::vector<Attempt>& attempts = definition.nodes[node].attempts;
  if (touch.plan.step >= attempts.size()) return;
  const Attempt& attempt = attempts[touch.plan.step];
  if (attempt.channel != touch.plan.channel) return;
  const Facts facts{.customer = state_.Now(touch.plan.customer),
                    .now_ms = now(),
                    .context = entry ? &entry->context : nullptr};
  const Result<std::string> text = world_.renderer.Render(attempt.TextFor(touch.plan.wave), facts);
  if (text.ok() && text.value() != touch.plan.text) {
    Do(change::TouchReworded{key, text.value(), touch.plan.address});
  } else if (!text.ok() && entry) {
    Do(change::TouchMoved{key, Outcome::kRenderError, text.error().message()});
    Follow(key);
  }
}

}  // namespace waypost::journeys

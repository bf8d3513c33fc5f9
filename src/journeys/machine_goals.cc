// Goals: of who is inside, of who left, and of who was held out to compare with.
#include <algorithm>
#include <cmath>

#include "journeys/machine.h"

namespace waypost::journeys {
namespace {

// In ten-thousandths; what is no number, or no sum of money, is none.
int64_t MoneyOf(std::string_view text) {
  const double amount = NumberOf(text).value_or(0);
  return std::abs(amount) > 1e12 ? 0 : std::llround(amount * 10'000);
}

}  // namespace

// The messages that a conversion is owed to. Where nobody engaged with one, the last.
change::Credited Machine::CreditedTo(const std::vector<TouchKey>& touches,
                                     const Journey& definition) const {
  const Goal& goal = *definition.goal;
  std::vector<TouchKey> came;
  std::optional<TouchKey> engaged;
  for (const TouchKey& key : touches) {
    const Touch* touch = state_.FindTouch(key);
    if (!touch || !WasHandedOver(touch->outcome)) continue;
    if (!goal.window.empty() && AddSpan(touch->planned_ms, goal.window, definition.zone) < now()) {
      continue;
    }
    came.push_back(key);
    if (touch->outcome >= Outcome::kOpened) engaged = key;
  }
  if (came.empty()) return {};
  switch (goal.credit) {
    case Goal::Credit::kLinear:
      return {came};
    case Goal::Credit::kFirstTouch:
      return {{came.front()}};
    case Goal::Credit::kLastEngaged:
      return {{engaged.value_or(came.back())}};
    case Goal::Credit::kLastTouch:
      break;
  }
  return {{OwedOf(came, definition)}};
}

// The last one; of a chain that an earlier message ended, though others went out after it, that.
TouchKey Machine::OwedOf(const std::vector<TouchKey>& came, const Journey& definition) const {
  const change::TouchPlanned& last = state_.FindTouch(came.back())->plan;
  const auto ended_chain = [&](const TouchKey& key) {
    const Touch& touch = *state_.FindTouch(key);
    const change::TouchPlanned& plan = touch.plan;
    if (plan.node != last.node || plan.visit != last.visit || plan.node >= definition.nodes.size())
      return false;
    const Node& node = definition.nodes[plan.node];
    return node.kind == NodeKind::kChain && plan.step < node.attempts.size() &&
           IsSuccess(touch, node.attempts[plan.step]);
  };
  const auto ended = std::ranges::find_if(came.rbegin(), came.rend(), ended_chain);
  return ended == came.rend() ? came.back() : *ended;
}

std::optional<Machine::Reached> Machine::GoalReached(const Goal& goal, const EventInput& event,
                                                     const Properties* context,
                                                     const std::vector<std::string>& bought) const {
  const auto property = [&](const std::string& name) {
    return std::string(FindProperty(event.properties, name).value_or(""));
  };
  Reached reached;
  if (!goal.unique.empty()) reached.unique = property(goal.unique);
  if (!goal.value.empty()) reached.value = MoneyOf(property(goal.value));
  const bool known = std::ranges::find(bought, reached.unique) != bought.end();
  if (!goal.reversal.event.empty() && Holds(goal.reversal, event, context)) {
    reached.reversed = true;
    return known ? std::optional(reached) : std::nullopt;
  }
  if (!Holds(goal.on, event, context)) return {};
  if (goal.every ? !goal.unique.empty() && known : !bought.empty()) return {};
  return reached;
}

void Machine::OnGoal(EntryId id, const EventInput& event) {
  const Entry& entry = EntryOf(id);
  const Journey& definition = *state_.journeys()[entry.journey].versions.at(entry.version);
  for (const EventMatch& match : definition.exit_on) {
    if (!Holds(match, event, &entry.context)) continue;
    return Leave(id, Exit::kExitEvent);
  }
  if (!definition.goal) return;
  if (const auto reached = GoalReached(*definition.goal, event, &entry.context, entry.bought))
    Meet(id, *reached);
}

void Machine::Meet(EntryId id, const Reached& reached) {
  const Entry& entry = EntryOf(id);
  const Journey& definition = state_.JourneyOf(entry);
  Do(change::Converted{
      id, reached.unique, reached.value, reached.reversed,
      reached.reversed ? change::Credited() : CreditedTo(entry.touches, definition)});
  if (!reached.reversed && !definition.goal->every) Leave(id, Exit::kGoal);
}

// Nothing: the goal is none, or cannot be told.
std::optional<bool> Machine::GoalHolds(const Journey& definition, const Facts& facts) const {
  if (!definition.goal || !definition.goal->on.of_customer()) return {};
  const Truth truth = world_.conditions.Test(definition.goal->on.where, facts);
  return truth == Truth::kError ? std::nullopt : std::optional(truth == Truth::kYes);
}

void Machine::LookAtGoal(EntryId id) {
  const Entry& entry = EntryOf(id);
  const bool holds = GoalHolds(state_.JourneyOf(entry), FactsOf(entry)).value_or(false);
  if (holds != entry.goal_held) Do(change::GoalHeld{entry.journey, entry.customer, id, holds});
}

void Machine::AskGoal(EntryId id) {
  const Entry& entry = EntryOf(id);
  const Journey& definition = state_.JourneyOf(entry);
  const std::optional<bool> holds = GoalHolds(definition, FactsOf(entry));
  if (!holds || *holds == entry.goal_held) return;
  Do(change::GoalHeld{entry.journey, entry.customer, id, *holds});
  if (!*holds || (!definition.goal->every && !entry.bought.empty())) return;
  Meet(id, {.unique = {}, .value = ValueOf(*definition.goal, entry.customer)});
  if (state_.FindEntry(id)) FollowGoal(id);
}

void Machine::AskLateGoals(JourneyIndex journey, Ordinal customer) {
  const JourneyState& state = state_.journeys()[journey];
  const auto found = state.watches.find(customer);
  if (found == state.watches.end()) return;
  const std::vector<GoalWatch> watching = found->second;
  for (const GoalWatch& watch : watching) {
    if (watch.until_ms < now()) continue;
    const Journey& definition = *state.versions.at(watch.version);
    const auto holds = GoalHolds(definition, {.customer = customer, .now_ms = now()});
    if (!holds || *holds == watch.held) continue;
    Do(change::GoalHeld{journey, customer, watch.entry, *holds});
    if (!*holds || (!definition.goal->every && !watch.bought.empty())) continue;
    Do(change::LateGoal{journey,
                        customer,
                        watch.entry,
                        {},
                        ValueOf(*definition.goal, customer),
                        false,
                        CreditedTo(watch.touches, definition)});
  }
}

// Of a goal that is a condition: what an attribute says.
int64_t Machine::ValueOf(const Goal& goal, Ordinal customer) const {
  if (goal.value.empty()) return 0;
  return MoneyOf(world_.customers.Attribute(customer, goal.value).value_or(""));
}

// A step is successful by what came of its message, or by the goal since that was handed off.
bool Machine::IsSuccess(const Touch& touch, const Attempt& attempt) const {
  if (!WasHandedOver(touch.outcome)) return false;
  if (!attempt.by_goal) return touch.outcome >= attempt.success;
  const auto claimed =
      std::ranges::find(touch.reached, Outcome::kClaimed, &std::pair<Outcome, int64_t>::first);
  const int64_t sent_ms = claimed == touch.reached.end() ? touch.planned_ms : claimed->second;
  const Entry* entry = state_.FindEntry(touch.plan.entry);
  // The goal that a message was planned at is not owed to it.
  return entry && entry->goal_ms >= sent_ms && entry->goal_ms > touch.planned_ms;
}

void Machine::FollowGoal(EntryId id) {
  const std::vector<Token> tokens = EntryOf(id).tokens;
  for (const Token& token : tokens) {
    const Entry* entry = state_.FindEntry(id);
    if (!entry || IsPaused(entry->journey)) return;
    const bool waits = token.state == TokenState::kWaiting || token.state == TokenState::kFrozen ||
                       token.state == TokenState::kHeld;
    const Node& node = state_.JourneyOf(*entry).nodes[token.node];
    if (node.kind != NodeKind::kChain || !waits) continue;
    for (uint32_t step = static_cast<uint32_t>(node.attempts.size()); step-- > 0;) {
      const Touch* touch = TouchAt(*entry, token, step);
      if (!touch || !node.attempts[step].by_goal || !IsSuccess(*touch, node.attempts[step]))
        continue;
      if (const auto outcome = Succeed(id, token, node, step)) Go(id, token.id, *outcome);
      break;
    }
  }
}

void Machine::OnLateGoal(JourneyIndex journey, const EventInput& event) {
  const auto& watches = state_.journeys()[journey].watches;
  const auto found = watches.find(event.customer);
  if (found == watches.end()) return;
  const std::vector<GoalWatch> watching = found->second;
  for (const GoalWatch& watch : watching) {
    if (watch.until_ms < now()) continue;
    const Journey& definition = *state_.journeys()[journey].versions.at(watch.version);
    if (!definition.goal) continue;
    const auto reached = GoalReached(*definition.goal, event, nullptr, watch.bought);
    if (!reached) continue;
    Do(change::LateGoal{
        journey, event.customer, watch.entry, reached->unique, reached->value, reached->reversed,
        reached->reversed ? change::Credited() : CreditedTo(watch.touches, definition)});
  }
}

// The same customers for ever: those of one journey, and those of all.
bool Machine::IsHeldOut(const Journey& definition, Ordinal customer) const {
  return BucketOf(customer, definition.id, "holdout") < definition.holdout ||
         BucketOf(customer, {}, "holdout") < state_.policy().holdout;
}

// Who would have come in but for that is measured as if he had, once where one comes in once.
void Machine::MeasureHeldOut(JourneyIndex journey, Ordinal customer) {
  const JourneyState& state = state_.journeys()[journey];
  const Journey& definition = state.now();
  if (!definition.goal) return;
  if (const auto found = state.watches.find(customer); found != state.watches.end()) {
    for (const GoalWatch& watch : found->second) {
      const bool once = definition.reentry.policy == Reentry::kOnce;
      if (watch.entry == 0 && (once || watch.until_ms >= now())) return;
    }
  }
  const Span& window =
      definition.goal->window.empty() ? definition.max_duration : definition.goal->window;
  Do(change::HeldOut{journey, customer, AddSpan(now(), window, definition.zone)});
  if (GoalHolds(definition, {.customer = customer, .now_ms = now()}).value_or(false))
    Do(change::GoalHeld{journey, customer, 0, true});
}

}  // namespace waypost::journeys

#include "journeys/standing.h"

#include "base/clock.h"
#include "journeys/guards.h"

namespace waypost::journeys {
namespace {

constexpr int64_t kHourMs = 3'600'000;

// Of a message that could not go and waits at the node to be decided.
std::string HolderOf(const Entry& entry, const Token& token, const State& state, const World& world,
                     int64_t now_ms) {
  const Journey& definition = state.JourneyOf(entry);
  const Node& node = definition.nodes[token.node];
  if (state.journeys()[entry.journey].phase == Phase::kPaused) return "pause";
  if (token.state == TokenState::kFrozen) return "outcome";
  if (node.kind == NodeKind::kRate || node.kind == NodeKind::kExperiment)
    return std::string(NameOf(node.kind));
  const bool first_window = token.hold_since_ms + state.policy().arbitration_ms > now_ms;
  if (token.step >= node.attempts.size() || (first_window && !node.transactional)) return "turn";
  const Ruling ruling = Judge({.customer = entry.customer,
                               .journey = entry.journey,
                               .definition = definition,
                               .node = node,
                               .attempt = node.attempts[token.step],
                               .now_ms = now_ms,
                               .context = &entry.context},
                              state, world);
  return ruling.verdict == Ruling::Verdict::kAllow ? "turn" : std::string(RuleIn(ruling.why));
}

std::string_view WaitsFor(const Touch& touch, const State& state, int64_t now_ms) {
  if (state.held()) return "hold";
  if (state.journeys()[touch.plan.journey].phase == Phase::kPaused) return "pause";
  if (touch.plan.not_before_ms <= now_ms) return "channel";
  if (RuleIn(touch.why) == "quiet") return "quiet";
  return touch.tries > 0 ? "retry" : "pace";
}

}  // namespace

std::string_view RuleIn(std::string_view why) { return why.substr(0, why.find(':')); }

Standing StandingAt(const State& state, const World& world, JourneyIndex journey,
                    std::string_view node, int64_t now_ms,
                    const std::function<bool(Ordinal)>& shows) {
  Standing standing;
  const Zone zone = state.journeys()[journey].now().zone;
  state.ForEachEntry([&](const Entry& entry) {
    if (entry.journey != journey || !shows(entry.customer)) return;
    const Journey& definition = state.JourneyOf(entry);
    for (const Token& token : entry.tokens) {
      const Node& at = definition.nodes[token.node];
      if (at.id != node) continue;
      ++standing.here;
      const bool in_line = at.kind == NodeKind::kRate || at.kind == NodeKind::kExperiment;
      if (token.state == TokenState::kHeld || token.state == TokenState::kFrozen || in_line)
        ++standing.held[HolderOf(entry, token, state, world, now_ms)];
      if (token.due_ms == kNever) {
        ++standing.whenever;
      } else {
        const int64_t wall = zone.ToWall(token.due_ms);
        ++standing.due[zone.ToInstant(wall - wall % kHourMs)];
      }
    }
  });
  for (const TouchKey& key : state.TouchesIn(Outcome::kPlanned)) {
    const Touch& touch = *state.FindTouch(key);
    if (touch.plan.journey == journey && touch.node == node &&
        shows(state.Now(touch.plan.customer)))
      ++standing.messages[std::string(WaitsFor(touch, state, now_ms))];
  }
  return standing;
}

}  // namespace waypost::journeys

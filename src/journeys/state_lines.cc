// Lines of those who wait at a node that lets so many through in so long.
#include "journeys/state.h"

namespace waypost::journeys {
namespace {

bool WaitsInLine(const Node& node, const Token& token) {
  return node.kind == NodeKind::kRate && token.state == TokenState::kWaiting;
}

// The node as the newest version says that has it, or null.
const Node* RateNode(const JourneyState& journey, const std::string& id) {
  for (auto version = journey.versions.rbegin(); version != journey.versions.rend(); ++version) {
    const uint32_t place = version->second->FindNode(id);
    if (place == kNoNode) continue;
    const Node& node = version->second->nodes[place];
    if (node.kind == NodeKind::kRate) return &node;
  }
  return nullptr;
}

}  // namespace

int64_t State::NextInLine(JourneyIndex index, const std::string& id) const {
  const JourneyState& journey = journeys_[index];
  const auto line = journey.lines.find(id);
  const Node* node = line == journey.lines.end() ? nullptr : RateNode(journey, id);
  if (!node || line->second.passed_ms.size() < node->most) return 0;
  return AddSpan(line->second.passed_ms.end()[-static_cast<ptrdiff_t>(node->most)], node->span,
                 journey.now().zone);
}

void State::StepIntoLine(const Entry& entry, const Token& token) {
  const Node& node = JourneyOf(entry).nodes[token.node];
  if (!WaitsInLine(node, token)) return;
  Line& line = journeys_[entry.journey].lines[node.id];
  line.last_place = std::max(line.last_place, token.step);
  line.waiting.emplace(token.step, entry.id, token.id);
  if (line.waiting.size() == 1) ArmLine(entry.journey, node.id);
}

void State::StepOutOfLine(const Entry& entry, const Token& token) {
  if (token.node == kNoNode) return;
  const Node& node = JourneyOf(entry).nodes[token.node];
  if (!WaitsInLine(node, token)) return;
  journeys_[entry.journey].lines[node.id].waiting.erase({token.step, entry.id, token.id});
}

void State::ArmLine(JourneyIndex index, const std::string& node) {
  SetTimer(std::max(NextInLine(index, node), time_ms_), TimerKind::kLine, index, 0, index);
}

Result<> State::Do(const change::LinePassed& c) {
  JourneyState& state = *TRY(JourneyAt(c.journey));
  if (!RateNode(state, c.node)) return Corrupt("there is no such line");
  Line& line = state.lines[c.node];
  line.passed_ms.push_back(time_ms_);
  if (line.passed_ms.size() >= 2 * size_t{kMaxRate}) {
    line.passed_ms.erase(line.passed_ms.begin(), line.passed_ms.end() - kMaxRate);
  }
  // Whoever may go at once too is let through with this one.
  if (!line.waiting.empty() && NextInLine(c.journey, c.node) > time_ms_) {
    ArmLine(c.journey, c.node);
  }
  return {};
}

}  // namespace waypost::journeys

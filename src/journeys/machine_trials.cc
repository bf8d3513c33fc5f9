// Experiments: whom is given which way, what they did, and where the others go.
#include <algorithm>

#include "journeys/machine.h"

namespace waypost::journeys {
namespace {

// Their names, because deciding about one changes it.
std::vector<std::string> NamesOf(const std::map<std::string, Trial>& trials) {
  std::vector<std::string> names;
  for (const auto& [name, trial] : trials) names.push_back(name);
  return names;
}

}  // namespace

std::optional<size_t> Machine::Experiment(EntryId id, const Token& token, const Node& node) {
  const Entry& entry = EntryOf(id);
  const Journey& definition = state_.JourneyOf(entry);
  const Trial& trial = state_.journeys()[entry.journey].trials.at(node.id);
  const size_t ways = node.branches.size();
  if (const auto given = trial.given.find(entry.customer); given != trial.given.end()) {
    return std::min<size_t>(given->second / 2, ways - 1);
  }
  if (trial.decided) return std::min<size_t>(trial.winner, ways - 1);
  uint32_t bucket = BucketOf(entry.customer, definition.id, node.id);
  for (size_t i = 0; i < ways; ++i) {
    if (bucket < node.branches[i].share) {
      Do(change::TrialGiven{entry.journey, node.id, entry.customer, static_cast<uint32_t>(i)});
      return i;
    }
    bucket -= node.branches[i].share;
  }
  return Rest(id, token, kNever);
}

// Also of who has left the journey since.
void Machine::CountForTrials(JourneyIndex journey, const EventInput& event) {
  const JourneyState& state = state_.journeys()[journey];
  const bool stands = IsPaused(journey) && state.now().frozen_clock;
  for (const auto& [id, trial] : state.trials) {
    if (trial.decided || (now() >= trial.ends_ms && !stands)) continue;
    const auto given = trial.given.find(event.customer);
    if (given == trial.given.end() || given->second % 2 == 1) continue;
    const uint32_t node = state.now().FindNode(id);
    if (node == kNoNode || !Holds(state.now().nodes[node].metric, event, nullptr)) continue;
    Do(change::TrialConverted{journey, id, event.customer});
  }
}

void Machine::FireTrials(JourneyIndex journey) {
  const Journey& definition = state_.journeys()[journey].now();
  if (IsPaused(journey) && definition.frozen_clock) return;  // it is longer by the pause
  for (const std::string& id : NamesOf(state_.journeys()[journey].trials)) {
    const Trial& trial = state_.journeys()[journey].trials.at(id);
    if (trial.decided || trial.ends_ms > now()) continue;
    Verdict verdict;
    if (const uint32_t node = definition.FindNode(id); node != kNoNode) {
      std::vector<uint32_t> shares(trial.arms.size());
      const std::vector<Branch>& branches = definition.nodes[node].branches;
      for (size_t i = 0; i < branches.size(); ++i) shares[i] = branches[i].share;
      verdict = Compare(trial.arms, shares, definition.nodes[node].min_sample);
    }
    Do(change::TrialSet{journey, id, trial.ends_ms, true, verdict.winner, verdict.end});
    if (!IsPaused(journey)) ReleaseHeld(journey, id);
  }
}

// Each of them once: who is released stands elsewhere.
void Machine::ReleaseHeld(JourneyIndex journey, const std::string& id) {
  std::vector<std::pair<EntryId, uint32_t>> held;
  for (EntryId entry_id = 1; entry_id <= state_.last_entry(); ++entry_id) {
    const Entry* entry = state_.FindEntry(entry_id);
    if (!entry || entry->journey != journey) continue;
    const std::vector<Node>& nodes = state_.JourneyOf(*entry).nodes;
    for (const Token& token : entry->tokens) {
      const Node& node = nodes[token.node];
      if (node.kind == NodeKind::kExperiment && node.id == id)
        held.emplace_back(entry_id, token.id);
    }
  }
  for (const auto& [entry_id, token] : held) {
    const Entry* entry = state_.FindEntry(entry_id);
    if (entry && entry->FindToken(token)) Run(entry_id, token);
  }
}

// What ended in the pause is followed now; where clocks stood still nothing has.
void Machine::ResumeTrials(JourneyIndex journey, int64_t paused_ms) {
  for (const std::string& id : NamesOf(state_.journeys()[journey].trials)) {
    const Trial& trial = state_.journeys()[journey].trials.at(id);
    if (trial.decided) {
      ReleaseHeld(journey, id);
    } else if (state_.journeys()[journey].now().frozen_clock) {
      const int64_t stood = now() - std::max(paused_ms, trial.begun_ms);
      Do(change::TrialSet{journey, id, trial.ends_ms + stood, false, 0, TrialEnd::kTooFew});
    }
  }
}

}  // namespace waypost::journeys

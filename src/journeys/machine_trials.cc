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
  if (trial.over) return Rest(id, token, kNever);  // until somebody chooses
  uint32_t bucket = BucketOf(entry.customer, definition.id, node.id);
  for (size_t i = 0; i < ways; ++i) {
    if (bucket < node.branches[i].share) {
      Do(change::TrialGiven{entry.journey, node.id, entry.customer, static_cast<uint32_t>(i),
                            entry.version});
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
    if (trial.over || (now() >= trial.ends_ms && !stands)) continue;
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
    if (trial.over || trial.ends_ms > now()) continue;
    Verdict verdict;
    bool by_hand = false;
    if (const uint32_t at = definition.FindNode(id); at != kNoNode) {
      const Node& node = definition.nodes[at];
      verdict = Compare(trial.arms, {node.min_sample, node.test, node.no_winner});
      by_hand = node.chosen_by_hand;
    }
    Do(change::TrialSet{journey, id, trial.ends_ms, !by_hand, verdict.winner, verdict.end, true});
    if (by_hand) {
      Do(change::AlarmRaised{"choose_way", journey, id, std::string(NameOf(verdict.end))});
    } else if (!IsPaused(journey)) {
      ReleaseHeld(journey, id);
    }
  }
}

Result<> Machine::ChooseWay(std::string_view journey_id, const std::string& node,
                            std::string_view outcome, int64_t at_ms, Out* out) {
  const std::optional<JourneyIndex> journey = state_.FindJourney(journey_id);
  const JourneyState* state = journey ? &state_.journeys()[*journey] : nullptr;
  if (!state || !state->trials.contains(node)) {
    return Error(Code::kNotFound, "there is no experiment '" + node + "' of a journey '" +
                                      std::string(journey_id) + "'");
  }
  const uint32_t place = state->now().FindNode(node);
  const size_t way = place == kNoNode ? 0 : state->now().nodes[place].OutcomeIndex(outcome);
  if (place == kNoNode || way >= state->now().nodes[place].branches.size())
    return Error(Code::kInvalid, "bad_request",
                 "the experiment has no branch '" + std::string(outcome) + "'");
  if (state->trials.at(node).decided)
    return Error(Code::kConflict, "experiment_decided", "the experiment has its way already");
  Begin(at_ms, out);
  const Trial& trial = state_.journeys()[*journey].trials.at(node);
  if (!trial.decided) {  // nor did its time end just before
    Do(change::TrialSet{*journey, node, std::min(trial.ends_ms, now()), true,
                        static_cast<uint32_t>(way), TrialEnd::kChosen, true});
    if (!IsPaused(*journey)) ReleaseHeld(*journey, node);
  }
  End(out);
  return {};
}

// Each of them once: who is released stands elsewhere.
void Machine::ReleaseHeld(JourneyIndex journey, const std::string& id) {
  std::vector<std::pair<EntryId, uint32_t>> held;
  for (const EntryId entry_id : state_.EntriesIn(journey)) {
    const Entry& entry = EntryOf(entry_id);
    const std::vector<Node>& nodes = state_.JourneyOf(entry).nodes;
    for (const Token& token : entry.tokens) {
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
    } else if (!trial.over && state_.journeys()[journey].now().frozen_clock) {
      const int64_t stood = now() - std::max(paused_ms, trial.begun_ms);
      Do(change::TrialSet{journey, id, trial.ends_ms + stood, false, 0, TrialEnd::kTooFew, false});
    }
  }
}

}  // namespace waypost::journeys

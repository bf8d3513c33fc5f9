// The versions of journeys, and what each counts.
#include <fmt/format.h>

#include <algorithm>

#include "journeys/state.h"

namespace waypost::journeys {
namespace {

// Conditions were checked when the journey was published.
class AnyConditions final : public Conditions {
 public:
  Result<> Check(std::string_view, About) const override { return {}; }
  Result<> CheckAttribute(std::string_view, AskedFor) const override { return {}; }
  Truth Test(std::string_view, const Facts&) const override { return Truth::kError; }
  Result<std::vector<Subject>> SubjectsOf(std::string_view) const override {
    return std::vector<Subject>();
  }
};

bool HaveTheSameRuns(const Journey& a, const Journey& b) {
  return a.entry.kind == b.entry.kind && a.entry.schedule == b.entry.schedule &&
         a.zone.name() == b.zone.name();
}

}  // namespace

Result<> State::Install(const std::string& json, uint32_t version) {
  const Checked checked = CheckJourney(json, AnyConditions(), policy_->zone, true);
  if (!checked.journey) return Corrupt("a published journey has faults");
  const auto journey = std::make_shared<Journey>(*checked.journey);
  journey->version = version;
  std::optional<JourneyIndex> index = FindJourney(journey->id);
  if (!index) {
    index = static_cast<JourneyIndex>(journeys_.size());
    journeys_.emplace_back().id = journey->id;
  }
  JourneyState& state = journeys_[*index];
  state.versions[version] = journey;
  state.most_visits = std::max<size_t>(state.most_visits, journey->reentry.limit);
  return {};
}

// Journeys that name no zone are read anew: their times are others.
Result<> State::GoByZoneOfBank() {
  for (JourneyIndex i = 0; i < journeys_.size(); ++i) {
    const auto versions = journeys_[i].versions;
    for (const auto& [version, journey] : versions) {
      if (!journey->has_zone) TRY(Install(journey->json, version));
    }
    const JourneyState& state = journeys_[i];
    if (state.current != 0 && state.now().end_ms && !state.ended)
      SetTimer(*state.now().end_ms, TimerKind::kEnd, i, 0, i);
  }
  return {};
}

Result<> State::Do(const change::Published& c) {
  TRY(Install(c.json, c.version));
  for (JourneyIndex i = 0; i < journeys_.size(); ++i) {
    JourneyState& state = journeys_[i];
    const auto version = state.versions.find(c.version);
    if (version == state.versions.end() || version->second->json != c.json) continue;
    // A time that was over before its schedule was there, or while the journey was stopped, was not
    // missed.
    const bool as_before = state.current != 0 && state.phase != Phase::kStopped &&
                           HaveTheSameRuns(state.now(), *version->second);
    const bool other_turn = state.current != 0 && TurnOf(state.now()) != TurnOf(*version->second);
    state.current = c.version;
    if (other_turn) SortTurns(i);
    state.counts[c.version].published_ms = time_ms_;
    if (!as_before) state.next_from_ms = std::max(state.next_from_ms, time_ms_);
    state.watched = {.spent_before = state.spent_money};
    state.alarms.clear();
    const std::optional<int64_t> end_ms = state.now().end_ms;
    state.ended = state.ended && end_ms && *end_ms <= time_ms_;
    BeginTrials(state);
    ArmJourney(i);
  }
  ForgetUnheard();
  return {};
}

// An experiment begins with the version that first has it, and goes on through later ones.
void State::BeginTrials(JourneyState& journey) {
  for (const Node& node : journey.now().nodes) {
    if (node.kind != NodeKind::kExperiment) continue;
    const auto [place, begins] = journey.trials.try_emplace(node.id);
    Trial& trial = place->second;
    if (begins) trial.begun_ms = time_ms_;
    if (!trial.over) trial.ends_ms = AddSpan(trial.begun_ms, node.span, journey.now().zone);
    trial.arms.resize(std::max(trial.arms.size(), node.branches.size()));
  }
}

std::vector<uint32_t> State::SharesOf(const JourneyState& journey, const std::string& node,
                                      uint32_t version) {
  const auto of = journey.versions.find(version);
  const Journey& definition = of == journey.versions.end() ? journey.now() : *of->second;
  std::vector<uint32_t> shares;
  if (const uint32_t at = definition.FindNode(node); at != kNoNode) {
    for (const Branch& branch : definition.nodes[at].branches) shares.push_back(branch.share);
  }
  return shares;
}

std::vector<EntryId> State::EntriesIn(JourneyIndex journey) const {
  std::vector<EntryId> inside;
  for (const auto& [id, entry] : entries_) {
    if (entry.journey == journey) inside.push_back(id);
  }
  std::ranges::sort(inside);
  return inside;
}

std::vector<EntryId> State::EntriesBehind(JourneyIndex journey) const {
  std::vector<EntryId> behind = EntriesIn(journey);
  std::erase_if(behind,
                [&](EntryId id) { return entries_.at(id).version == journeys_[journey].current; });
  return behind;
}

Result<> State::Do(const change::Migrated& c) {
  JourneyState& state = *TRY(JourneyAt(c.journey));
  if (c.version != state.current) return Corrupt("a migration to a version that is not the last");
  for (const auto& [from, to] : c.moves) {
    if (to >= state.now().nodes.size()) return Corrupt("a migration to no node");
  }
  std::map<uint32_t, std::vector<uint32_t>> same;
  for (const EntryId id : EntriesBehind(c.journey)) {
    Entry& entry = entries_.at(id);
    const auto [places, first] = same.try_emplace(entry.version);
    if (first) places->second = SameNodes(JourneyOf(entry), state.now());
    TRY(Migrate(entry, c, places->second));
  }
  return {};
}

// `same`: the place in the new version of each node, or kNoNode.
Result<> State::Migrate(Entry& entry, const change::Migrated& c,
                        const std::vector<uint32_t>& same) {
  JourneyState& state = journeys_[c.journey];
  std::vector<std::pair<Token*, uint32_t>> moved;
  for (Token& token : entry.tokens) {
    CountAt(entry, token.node, [](NodeCounts& counts) { --counts.here, ++counts.moved_out; });
    StepOutOfLine(entry, token);
    if (const auto move = c.moves.find({entry.version, token.node}); move != c.moves.end()) {
      moved.emplace_back(&token, move->second);
    } else if (same[token.node] == kNoNode) {
      return Corrupt("a token at a node that is gone");
    }
  }
  VersionCounts& before = state.counts[entry.version];
  VersionCounts& after = state.counts[c.version];
  ++before.moved_out, --before.active, ++after.moved_in, ++after.active;
  std::vector<std::pair<uint32_t, uint32_t>> visits;
  for (const auto& [node, count] : entry.visits) {
    if (same[node] != kNoNode) visits.emplace_back(same[node], count);
  }
  entry.visits = std::move(visits);
  for (const TouchKey& key : entry.touches) {
    uint32_t& node = touches_.at(key).plan.node;
    if (node != kNoNode) node = same[node];
  }
  const uint32_t was = std::exchange(entry.version, c.version);
  ++entry.migrations;
  CancelTimer(entry.timer);
  ArmEntry(entry);
  for (Token& token : entry.tokens) {
    if (std::ranges::find(moved, &token, &std::pair<Token*, uint32_t>::first) != moved.end())
      continue;
    token.node = same[token.node];
    CountAt(entry, token.node, [](NodeCounts& counts) { ++counts.here, ++counts.moved_in; });
    StepIntoLine(entry, token);
  }
  for (const auto& [token, node] : moved) {
    CancelTimer(token->timer);
    *token = {.id = token->id,
              .node = node,
              .visit = entry.VisitsOf(node) + 1,
              .arrived_ms = time_ms_,
              .forks = std::move(token->forks)};
    SetVisits(entry, node, token->visit);
    CountAt(entry, node, [](NodeCounts& counts) { ++counts.in, ++counts.here; });
  }
  Trace(entry.customer, {.what = TraceLine::What::kMigrated,
                         .journey = c.journey,
                         .entry = entry.id,
                         .detail = fmt::format("version {} -> {}", was, c.version)});
  return {};
}

Result<> State::Do(const change::TouchReworded& c) {
  const auto found = touches_.find(c.key);
  if (found == touches_.end() || found->second.outcome != Outcome::kPlanned) {
    return Corrupt("a message that cannot be reworded");
  }
  Touch& touch = found->second;
  touch.plan.text = c.text;
  if (c.address.empty() || c.address == touch.plan.address) return {};
  // It counts where it goes.
  const SharedKey from = AddressKey(touch.plan.channel, touch.plan.address);
  const SharedKey to = AddressKey(touch.plan.channel, c.address);
  touch.plan.address = c.address;
  const auto key = std::ranges::find(touch.shared, from);
  if (key == touch.shared.end()) return {};
  *key = to;
  std::vector<TouchMark>& marks = shared_[from];
  const auto mark = std::ranges::find(marks, c.key, &TouchMark::key);
  if (mark != marks.end()) {
    TouchMark moved = std::move(*mark);
    marks.erase(mark);
    shared_[to].push_back(std::move(moved));
    shared_since_.emplace_back(time_ms_, to);
  }
  if (shared_[from].empty()) shared_.erase(from);
  return {};
}

// As if what was counted before there were counts by version belonged to the current one.
void State::KnowOldVersions() {
  for (JourneyState& journey : journeys_) {
    journey.counts[journey.current] = {.entered = journey.entered,
                                       .active = journey.active,
                                       .exits = journey.exits,
                                       .sends = journey.spent_sends,
                                       .spent = journey.spent_money,
                                       .conversions = journey.conversions,
                                       .reversals = journey.reversals,
                                       .revenue = journey.revenue,
                                       .nodes = journey.nodes};
  }
  for (auto& [id, entry] : entries_) {
    JourneyState& journey = journeys_[entry.journey];
    if (entry.version == journey.current) continue;
    VersionCounts& now = journey.counts[journey.current];
    VersionCounts& own = journey.counts[entry.version];
    --now.active, --now.entered, ++own.active, ++own.entered;
    for (const Token& token : entry.tokens) {
      const std::string& node = JourneyOf(entry).nodes[token.node].id;
      --now.nodes[node].here, --now.nodes[node].in, ++own.nodes[node].here, ++own.nodes[node].in;
    }
  }
  for (auto& [key, touch] : touches_) {
    const JourneyState& journey = journeys_[touch.plan.journey];
    const auto entry = entries_.find(touch.plan.entry);
    touch.version = entry == entries_.end() ? journey.current : entry->second.version;
    const std::vector<Node>& nodes = journey.versions.at(touch.version)->nodes;
    if (touch.plan.node < nodes.size()) touch.node = nodes[touch.plan.node].id;
  }
}

}  // namespace waypost::journeys

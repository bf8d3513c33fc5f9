// What must hold in a simulated month (simulation.h).
#include "journeys/simulation.h"

namespace waypost::journeys {

void Simulation::CheckConditions() {
  const State& state = machine_->state();
  for (EntryId id = 1; id <= state.last_entry(); ++id) {
    const Entry* entry = state.FindEntry(id);
    if (!entry) continue;
    ASSERT_FALSE(holds_.contains({entry->customer, kGone})) << "in, and it is over";
    if (state.journeys()[entry->journey].phase != Phase::kRunning) continue;
    for (const Token& token : entry->tokens) {
      if (state.JourneyOf(*entry).nodes[token.node].id != "m") continue;
      ASSERT_FALSE(holds_.contains({entry->customer, kMembers})) << "waits for what holds";
    }
  }
}

// What may never be handed off.
void Simulation::CheckHandOff(const change::TouchPlanned& plan) {
  const State& state = machine_->state();
  const Ordinal customer = state.Now(plan.customer);
  ASSERT_EQ(customer, root_[customer]) << "to who is another";
  ASSERT_FALSE(plan.channel == "sms" && refuses_.contains(customer)) << "without consent";
  ASSERT_FALSE(erased_.contains(customer)) << "after erasure";
  const Zone zone = book_.ZoneOfCustomer(customer, state.journeys()[plan.journey].now());
  const int64_t of_day = zone.ToWall(state.time_ms()) % kDayMs;
  ASSERT_FALSE(of_day >= 22 * kHour || of_day < 7 * kHour) << "in quiet hours";
  ASSERT_FALSE(plan.channel == "push" && of_day < 9 * kHour) << "out of the channel's hours";
  ASSERT_FALSE(state.held()) << "while it was held";
  ASSERT_TRUE(mixed_.contains(customer) || BucketOf(customer, {}, "holdout") >= 1'000)
      << "to who is held out";
}

void Simulation::Check() {
  const State& state = machine_->state();
  for (const JourneyState& journey : state.journeys()) {
    uint64_t exits = 0;
    for (const auto& [reason, count] : journey.exits) exits += count;
    ASSERT_EQ(journey.entered, journey.active + exits);
    std::map<uint8_t, uint64_t> left;
    for (const auto& [id, counts] : journey.nodes) {
      for (const auto& [reason, count] : counts.left) left[reason] += count;
    }
    ASSERT_EQ(left, journey.exits);
    for (const auto& [version, of] : journey.counts) {
      std::map<uint8_t, uint64_t> of_version;
      for (const auto& [id, counts] : of.nodes) {
        for (const auto& [reason, count] : counts.left) of_version[reason] += count;
      }
      ASSERT_EQ(of_version, of.exits);
    }
  }
  std::map<std::string, uint64_t> standing;
  std::map<std::string, Places> in_line;
  size_t entries = 0;
  for (EntryId id = 1; id <= state.last_entry(); ++id) {
    const Entry* entry = state.FindEntry(id);
    if (!entry) continue;
    ++entries;
    ASSERT_FALSE(entry->tokens.empty()) << "an entry that is nowhere";
    const Journey& definition = state.JourneyOf(*entry);
    for (const Token& token : entry->tokens) {
      ++standing[definition.id + definition.nodes[token.node].id];
      const Phase phase = state.journeys()[entry->journey].phase;
      ASSERT_TRUE(token.state != TokenState::kRunning || phase == Phase::kPaused);
      if (definition.nodes[token.node].kind == NodeKind::kCall) CheckCall(*entry, token);
      const NodeKind kind = definition.nodes[token.node].kind;
      const JourneyState& of = state.journeys()[entry->journey];
      const bool undecided =
          kind == NodeKind::kExperiment && (phase == Phase::kPaused || !of.trials.at("xp").decided);
      const bool told = token.state == TokenState::kFrozen || kind == NodeKind::kWaitEvent ||
                        kind == NodeKind::kRate || undecided;
      if (kind == NodeKind::kRate) in_line[definition.id].emplace(token.step, id, token.id);
      ASSERT_TRUE(told || token.due_ms != kNever) << "nothing will ever move this token";
      if (state.journeys()[entry->journey].phase == Phase::kRunning) {
        ASSERT_GE(token.due_ms, state.time_ms() - 60'000) << "a timer was lost";
      }
    }
  }
  ASSERT_EQ(entries, state.entry_count());
  for (JourneyIndex i = 0; i < state.journeys().size(); ++i) CheckLine(i, in_line);
  for (const JourneyState& journey : state.journeys()) {
    for (const auto& [id, counts] : journey.nodes) {
      const auto there = standing.find(journey.id + id);
      ASSERT_EQ(counts.here, there == standing.end() ? 0 : there->second) << id;
      if (id == "f") continue;  // one in, two out
      uint64_t left = counts.ended;
      for (const auto& [outcome, count] : counts.out) left += count;
      // A token that leaves by an outcome that leads nowhere has passed and ended.
      ASSERT_LE(counts.in, left + standing[journey.id + id]) << id;
    }
  }
}

// Whom he waits for is in, or has left while the journey is paused and the time was over.
void Simulation::CheckCall(const Entry& entry, const Token& token) {
  if (token.state != TokenState::kWaiting) return;
  const State& state = machine_->state();
  if (state.journeys()[entry.journey].phase == Phase::kPaused && token.due_ms < state.time_ms())
    return;
  const JourneyState& called = state.journeys()[*state.FindJourney("called")];
  bool there = false;
  for (EntryId id = 1; id <= state.last_entry() && !there; ++id) {
    const Entry* one = state.FindEntry(id);
    there = one && one->parent == entry.id && one->parent_token == token.id &&
            one->entered_ms >= token.arrived_ms && state.journeys()[one->journey].id == called.id;
  }
  ASSERT_TRUE(there) << "waits for nobody";
}

// `in_line`: who stands there, by journey.
void Simulation::CheckLine(JourneyIndex index, std::map<std::string, Places>& in_line) {
  const State& state = machine_->state();
  const JourneyState& journey = state.journeys()[index];
  const auto line = journey.lines.find("q");
  const Places waiting = line == journey.lines.end() ? Places() : line->second.waiting;
  ASSERT_EQ(waiting, in_line[journey.id]) << "a line that is not who stands in it";
  int64_t came_ms = 0;
  for (const auto& [place, entry, token] : waiting) {
    const int64_t arrived_ms = state.FindEntry(entry)->FindToken(token)->arrived_ms;
    ASSERT_GE(arrived_ms, came_ms) << "who came later stands before";
    came_ms = arrived_ms;
  }
  if (!waiting.empty() && journey.phase == Phase::kRunning) {
    ASSERT_GE(state.NextInLine(index, "q"), state.time_ms() - 60'000) << "a line that stands still";
  }
}

void Simulation::ForEachDecision(const std::function<void(const Decision&)>& visit) {
  const Result<> read = directory_->Read(
      0, writer_->end(),
      [&](LogPosition, log::RecordKind, std::span<const uint8_t> payload) -> Result<> {
        for (const Decision& decision : TRY(DecodeDecisions(payload))) visit(decision);
        return {};
      });
  ASSERT_TRUE(read.ok()) << read.error().message();
}

// Two in any six hours, whatever went wrong meanwhile.
void Simulation::CheckPace() {
  std::map<JourneyIndex, std::vector<int64_t>> passed;
  ForEachDecision([&](const Decision& decision) {
    for (const Change& one : decision.changes) {
      const auto* through = std::get_if<change::LinePassed>(&one);
      if (through) passed[through->journey].push_back(decision.time_ms);
    }
  });
  for (const auto& [journey, times] : passed) {
    for (size_t i = 2; i < times.size(); ++i) ASSERT_GE(times[i] - times[i - 2], 6 * kHour);
  }
}

// The richest first, who has no number last.
void Simulation::CheckRanks(const Out& decisions) const {
  const auto assets = [&](Ordinal customer) {
    return std::stoi(world_.Attribute(customer, "assets").value_or("-1"));
  };
  for (const Decision& decision : decisions) {
    for (const Change& one : decision.changes) {
      const auto* listed = std::get_if<change::Listed>(&one);
      if (!listed) continue;
      const std::vector<Ordinal>& in = listed->customers;
      ASSERT_TRUE(std::ranges::is_sorted(in, std::greater(), assets)) << "not by rank";
      ASSERT_EQ(std::set<Ordinal>(in.begin(), in.end()).size(), in.size()) << "somebody twice";
    }
  }
}

struct Simulation::OpenList {
  Listing list;  // where it began
  size_t next = 0;
  uint64_t came = 0;
  std::map<size_t, int64_t> began_ms = {};  // by wave, from 0
  uint32_t number = 0;

  size_t WaveOf(size_t place) const {
    size_t wave = 0;
    while (wave < list.waves.size() && place >= list.waves[wave].end) ++wave;
    return wave;
  }
};

// The next of the list was taken, not before his wave began.
void Simulation::CheckTaken(const OpenList& list, int64_t at_ms,
                            std::optional<Reject> refused) const {
  const std::vector<change::ListedWave>& waves = list.list.waves;
  const size_t wave = list.WaveOf(list.next);
  const bool of_none = wave == waves.size();
  const bool excluded = refused == Reject::kWaveExcluded;
  ASSERT_TRUE(!of_none || waves.empty() || !refused || excluded ||
              refused == Reject::kDuplicateInRun);
  ASSERT_TRUE(!excluded || wave > 0) << "of the first wave";
  if (waves.empty()) return;
  const change::ListedWave& his = waves[std::min(wave, waves.size() - 1)];
  if (!his.spaced) {
    ASSERT_GE(at_ms, his.start_ms) << "before his wave";
    return;
  }
  // As long after the one before him as was drawn, whenever that began.
  const auto before = wave == 0 ? list.began_ms.end() : list.began_ms.find(wave - 1);
  if (before == list.began_ms.end() || of_none) return;
  const int64_t spacing = his.start_ms - waves[wave - 1].start_ms;
  ASSERT_GE(at_ms, before->second + spacing) << "before his wave";
}

// The log is read as a list of who was listed, and of what became of each.
void Simulation::CheckRuns() {
  const State before = Decoded(base_), &after = machine_->state();
  const JourneyIndex index = *after.FindJourney("run");
  std::vector<OpenList> lists;
  const bool alone = after.journeys()[index].now().entry.waves.no_overlap;
  std::map<EntryId, std::pair<uint32_t, uint32_t>> inside;  // list and wave
  uint32_t last_list = 0;
  std::map<std::string, uint64_t> of_branch;
  std::set<int64_t> open;  // names of runs
  if (const auto known = before.FindJourney("run")) {
    for (const Listing& list : before.journeys()[*known].listings)
      lists.push_back({list, list.next, list.came, {}, list.number});
    last_list = before.journeys()[*known].last_list;
    for (EntryId id = 1; id <= before.last_entry(); ++id) {
      const Entry* entry = before.FindEntry(id);
      if (entry && entry->journey == *known) inside[id] = {entry->list, entry->wave};
    }
    of_branch = before.journeys()[*known].entered_of;
    for (const auto& [name, run] : before.journeys()[*known].open_runs) open.insert(name);
  }
  ForEachDecision([&](const Decision& decision) {
    std::vector<Ordinal> in, out;
    std::optional<Reject> refusal;
    for (const Change& one : decision.changes) {
      if (const auto* entered = std::get_if<change::Entered>(&one);
          entered && entered->journey == index) {
        in.push_back(entered->customer);
        inside[entered->entry] = {entered->list, entered->wave};
        ASSERT_LE(++of_branch[entered->each], kOfBranch);
      } else if (const auto* refused = std::get_if<change::Refused>(&one);
                 refused && refused->journey == index) {
        out.push_back(refused->customer);
        refusal = refused->reason;
        if (refused->reason == Reject::kCapRun) {
          ASSERT_TRUE(
              std::ranges::any_of(lists, [](const OpenList& list) { return list.came == kOfRun; }));
        } else if (refused->reason == Reject::kCapEach) {
          ASSERT_TRUE(std::ranges::any_of(
              of_branch, [](const auto& branch) { return branch.second == kOfBranch; }));
        }
      } else if (const auto* listed = std::get_if<change::Listed>(&one)) {
        if (!listed->customers.empty()) {
          lists.push_back({{.customers = listed->customers, .waves = listed->waves}});
          lists.back().number = ++last_list;
        }
        ASSERT_TRUE(listed->of_run && open.erase(listed->run) == 1) << "not of a run, or twice";
      } else if (const auto* given_up = std::get_if<change::RunGivenUp>(&one)) {
        ASSERT_EQ(open.erase(given_up->run), 1u) << "not open, or listed";
      } else if (const auto* run = std::get_if<change::RunTaken>(&one)) {
        if (run->open) open.insert(run->run);
        ASSERT_EQ(run->open, !run->skipped);
      } else if (const auto* set = std::get_if<change::PhaseSet>(&one);
                 set && set->journey == index && set->phase == Phase::kStopped) {
        lists.clear();
        open.clear();
      } else if (const auto* taken = std::get_if<change::ListedTaken>(&one)) {
        if (taken->journey != index) continue;
        ASSERT_LT(taken->place, lists.size());
        OpenList& list = lists[taken->place];
        const Ordinal of = list.list.customers[list.next];
        ASSERT_EQ(in.size(), taken->came ? 1u : 0u) << "of " << of;
        ASSERT_TRUE(in.size() + out.size() == 1 || erased_.contains(of)) << "of " << of;
        CheckTaken(list, decision.time_ms, refusal);
        const size_t wave = list.WaveOf(list.next);
        const bool begins = list.next == 0 || list.WaveOf(list.next - 1) != wave;
        if (begins) list.began_ms[wave] = decision.time_ms;
        for (const auto& [id, place] : inside) {
          const bool earlier = place.first == list.number && place.second < wave + 1;
          ASSERT_FALSE(alone && begins && earlier) << "a wave begins, and one before is not over";
        }
        list.came += in.size();
        ASSERT_LE(list.came, kOfRun);
        if (++list.next == list.list.customers.size()) lists.erase(lists.begin() + taken->place);
      } else if (const auto* left_it = std::get_if<change::Left>(&one)) {
        inside.erase(left_it->entry);
      }
    }
  });
  for (const auto& [name, run] : after.journeys()[index].open_runs) ASSERT_EQ(open.erase(name), 1u);
  ASSERT_TRUE(open.empty());
  uint64_t left = 0;
  for (const OpenList& list : lists) left += list.list.customers.size() - list.next;
  ASSERT_EQ(left, after.journeys()[index].CountListed());
}

}  // namespace waypost::journeys

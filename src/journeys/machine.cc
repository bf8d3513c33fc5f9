#include "journeys/machine.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"

namespace waypost::journeys {
namespace {

// A timer this late was waited for by nobody (the machine was down): it fires now, not then.
constexpr int64_t kDownMs = 60'000;
constexpr int64_t kFindMs = 600'000;
constexpr size_t kUsualChanges = 12;  // of a decision

// The name of the run that a version which is published asks for at once; nothing when it asks for
// none, or the version before did so of the same run: to save a journey again runs nothing again.
// Of a schedule with one run that is the one, which is then not run at its time.
std::optional<int64_t> RunNow(const Journey& journey, const JourneyState* before, int64_t now_ms) {
  const Schedule& asked = journey.entry.schedule;
  if (journey.entry.kind != EntryKind::kBatch || !asked.run_now) return {};
  const bool once = asked.every == Schedule::Every::kOnce;
  const int64_t run = once ? asked.anchor_day * kDayMs + asked.at_ms : journey.zone.ToWall(now_ms);
  if (!before) return run;
  const Schedule& then = before->now().entry.schedule;
  const bool same = then.run_now && then.every == asked.every &&
                    then.anchor_day == asked.anchor_day && then.at_ms == asked.at_ms &&
                    then.cron == asked.cron;
  return same || before->runs.contains(run) ? std::nullopt : std::optional(run);
}

}  // namespace

int64_t Machine::Begin(int64_t at_ms, Out* out) {
  FireUntil(at_ms - 1, out);
  input_ms_ = at_ms;
  decision_.time_ms = std::max(at_ms, state_.time_ms());
  decision_.changes.clear();
  decision_.changes.reserve(kUsualChanges);
  return decision_.time_ms;
}

void Machine::Do(Change change) {
  const Result<> done = state_.Apply(change, decision_.time_ms);
  CHECK(done.ok());  // the machine makes only changes that fit
  decision_.changes.push_back(std::move(change));
}

void Machine::End(Out* out) {
  if (decision_.changes.empty()) return;
  const std::map<JourneyIndex, std::string> broken = state_.broken();
  for (const auto& [journey, how] : broken) {
    if (state_.journeys()[journey].phase != Phase::kRunning) continue;
    Do(change::PhaseSet{journey, Phase::kPaused, how});
    Do(change::AlarmRaised{"guardrail", journey, {}, how});
  }
  decision_.number = state_.number() + 1;
  decision_.inputs_to = inputs_to_;
  state_.Commit(decision_.number, decision_.time_ms, decision_.inputs_to);
  out->push_back(std::move(decision_));
  decision_ = {};
}

const Entry& Machine::EntryOf(EntryId id) const {
  const Entry* entry = state_.FindEntry(id);
  CHECK(entry);
  return *entry;
}

Facts Machine::FactsOf(const Entry& entry) const {
  return {.customer = entry.customer, .now_ms = now(), .context = &entry.context};
}

void Machine::FireUntil(int64_t now_ms, Out* out) {
  const int64_t until_ms = std::min(now_ms, timers_until_ms_);
  while (const std::optional<Timer> timer = state_.PopTimer(until_ms)) {
    input_ms_ = timer->due_ms;
    const int64_t at = now_ms - timer->due_ms > kDownMs ? now_ms : timer->due_ms;
    decision_ = {.time_ms = std::max(at, state_.time_ms()), .changes = {}};
    Fire(*timer);
    End(out);
  }
}

void Machine::Fire(const Timer& timer) {
  switch (static_cast<TimerKind>(timer.kind)) {
    case TimerKind::kEnd: {
      const auto journey = static_cast<JourneyIndex>(timer.subject);
      const JourneyState& state = state_.journeys()[journey];
      if (state.now().end_ms != timer.due_ms || state.ended) return;
      Do(change::PhaseSet{journey, state.phase, "journey_ended"});
      if (state.now().exit_all_at_end) LeaveAll(journey, Exit::kJourneyEnded);
      return;
    }
    case TimerKind::kRun:
      return FireRun(timer);
    case TimerKind::kEntryEnd:
      return Leave(timer.subject, Exit::kMaxDuration);
    case TimerKind::kToken:
      return FireTurn(timer);
    case TimerKind::kArm:
      return FireArm(timer);
    case TimerKind::kAwait:
      return FireAwaited(static_cast<JourneyIndex>(timer.subject));
    case TimerKind::kTrial:
      return FireTrials(static_cast<JourneyIndex>(timer.subject));
    case TimerKind::kLine:
      return FireLines(static_cast<JourneyIndex>(timer.subject));
    case TimerKind::kQueue: {
      const auto journey = static_cast<JourneyIndex>(timer.subject);
      if (state_.journeys()[journey].queue_next_ms == timer.due_ms) TakeQueue(journey);
      return;
    }
  }
}

// Occurrences missed while nothing ran are caught up with as the schedule says, each once.
void Machine::FireRun(const Timer& timer) {
  const auto journey = static_cast<JourneyIndex>(timer.subject);
  const JourneyState& state = state_.journeys()[journey];
  const Journey& definition = state.now();
  const Schedule& schedule = definition.entry.schedule;
  if (state.phase != Phase::kRunning && state.phase != Phase::kPaused) return;
  std::vector<Occurrence> due;
  int64_t from = state.next_from_ms;
  while (due.size() < 10'000) {
    const std::optional<Occurrence> next =
        NextOccurrence(schedule, from, definition.zone, state_.policy().holidays);
    if (!next || next->at_ms > now()) break;
    due.push_back(*next);
    from = next->at_ms + 1;
  }
  if (due.empty()) return;
  const int64_t next_from = from;
  for (const Occurrence& occurrence : due) {
    if (state_.journeys()[journey].runs.contains(occurrence.run)) continue;
    const int64_t late = now() - occurrence.at_ms;
    const bool newest = occurrence.at_ms == due.back().at_ms;
    const bool wanted = late <= kDownMs || schedule.catch_up == Schedule::CatchUp::kAll ||
                        (schedule.catch_up == Schedule::CatchUp::kLatest && newest);
    const bool skipped = !wanted || late > schedule.grace.RoughMs() || IsPaused(journey);
    TakeRun({journey, occurrence.run, skipped, late, next_from});
  }
  AlarmOfNextRun(journey);
}

// Whom a run is for may be found as late as a run may come, and in ten minutes in any case, but not
// when the next is due, which is for who is in the segment then.
void Machine::TakeRun(change::RunTaken run) {
  const Journey& definition = state_.journeys()[run.journey].now();
  const Schedule& schedule = definition.entry.schedule;
  run.open = !run.skipped && !definition.entry.segment.empty();
  if (run.open) {
    const std::optional<Occurrence> next =
        NextOccurrence(schedule, now() + 1, definition.zone, state_.policy().holidays);
    run.until_ms = std::max(now() - run.late_ms + schedule.grace.RoughMs(), now() + kFindMs);
    if (next) run.until_ms = std::min(run.until_ms, next->at_ms);
  }
  Do(run);
}

bool Machine::Holds(const EventMatch& match, const EventInput& event,
                    const Properties* context) const {
  if (match.event != event.name) return false;
  if (match.where.empty()) return true;
  return world_.conditions.Test(match.where, {.customer = event.customer,
                                              .now_ms = now(),
                                              .event = event.name,
                                              .properties = &event.properties,
                                              .context = context}) == Truth::kYes;
}

void Machine::LearnInterests() {
  if (interests_known_) return;
  interests_.clear();
  subjects_.clear();
  for (JourneyIndex i = 0; i < state_.journeys().size(); ++i) {
    const auto add = [&](std::vector<JourneyIndex>& journeys) {
      if (journeys.empty() || journeys.back() != i) journeys.push_back(i);
    };
    for (const auto& [version, journey] : state_.journeys()[i].versions) {
      ForEachEventName(*journey, [&](const std::string& name) {
        if (!name.empty()) add(interests_[name]);
      });
      ForEachFollowed(*journey, [&](const std::string&, std::string_view, const std::string& when) {
        const auto subjects = world_.conditions.SubjectsOf(when);
        if (!subjects.ok()) return;  // it cannot be asked any more
        for (const Subject& subject : subjects.value()) add(subjects_[subject]);
      });
    }
  }
  interests_known_ = true;
}

const std::vector<JourneyIndex>* Machine::Interested(std::string_view event) {
  LearnInterests();
  const auto found = interests_.find(event);
  return found == interests_.end() ? nullptr : &found->second;
}

// Who leaves by the event leaves before anybody goes on by it, and who called before who was
// called.
void Machine::OnEvent(const EventInput& event, Out* out) {
  const std::vector<JourneyIndex>* interested = Interested(event.name);
  if (!interested) return;
  Begin(event.receive_ms, out);
  for (const JourneyIndex journey : *interested) CountForTrials(journey, event);
  const std::vector<Stand> standing = StandingOf(event.customer, *interested);
  EntryId last = 0;
  for (const Stand& stand : standing) {
    if (stand.entry == std::exchange(last, stand.entry) || !state_.FindEntry(stand.entry)) continue;
    OnLateEvent(stand.entry, event);
    OnGoal(stand.entry, event);
  }
  OnWaits(standing, event);
  for (const JourneyIndex journey : *interested) {
    OnLateGoal(journey, event);
    OnEntryEvent(journey, event);
  }
  End(out);
}

std::vector<Machine::Stand> Machine::StandingOf(Ordinal customer,
                                                std::span<const JourneyIndex> journeys) const {
  const Customer* known = state_.FindCustomer(customer);
  if (!known) return {};
  std::vector<EntryId> entries = known->entries;
  std::ranges::sort(entries);
  std::vector<Stand> standing;
  for (const EntryId id : entries) {
    const Entry& entry = EntryOf(id);
    if (!std::ranges::binary_search(journeys, entry.journey)) continue;
    for (const Token& token : entry.tokens)
      standing.push_back({id, token.id, token.node, token.visit});
  }
  return standing;
}

const Token* Machine::StillAt(const Stand& stand) const {
  const Entry* entry = state_.FindEntry(stand.entry);
  const Token* token = entry ? entry->FindToken(stand.token) : nullptr;
  const bool still = token && token->node == stand.node && token->visit == stand.visit;
  return still ? token : nullptr;
}

void Machine::OnWaits(std::span<const Stand> standing, const EventInput& event) {
  std::vector<std::pair<JourneyIndex, std::string>> taken;
  for (const Stand& stand : standing) {
    OnWait(stand, event, &taken);
    const Entry* entry = state_.FindEntry(stand.entry);
    if (entry && entry->goal_ms == now()) FollowGoal(stand.entry);
  }
}

void Machine::OnWait(const Stand& stand, const EventInput& event,
                     std::vector<std::pair<JourneyIndex, std::string>>* taken) {
  const Token* token = StillAt(stand);
  if (!token || token->state != TokenState::kWaiting) return;
  const Entry& entry = EntryOf(stand.entry);
  const Journey& definition = state_.JourneyOf(entry);
  const Node& node = definition.nodes[token->node];
  if (node.kind != NodeKind::kWaitEvent) return;
  const std::pair<JourneyIndex, std::string> place{entry.journey, node.id};
  if (node.earliest && std::ranges::find(*taken, place) != taken->end()) return;
  if (node.correlated &&
      FindProperty(event.properties, definition.entry.key) != std::string_view(entry.key)) {
    return;
  }
  for (size_t branch = 0; branch < node.branches.size(); ++branch) {
    if (node.branches[branch].receipt) continue;
    if (!Holds(node.branches[branch].match, event, &entry.context)) continue;
    if (node.earliest) taken->push_back(place);
    return Matched(stand.entry, stand.token, branch);
  }
}

// A wait is over before it ends in a pause that its clock does not stop for, and while timers are
// held.
bool Machine::IsLate(const Entry& entry, const Token& token) const {
  return token.due_ms < input_ms_ && !StandsStill(entry);
}

void Machine::Matched(EntryId id, uint32_t token_id, size_t branch) {
  const Entry& entry = EntryOf(id);
  if (!IsLate(entry, *entry.FindToken(token_id))) TakeBranch(id, token_id, branch);
}

// While the journey is paused the match is kept, and followed when it goes on.
void Machine::TakeBranch(EntryId id, uint32_t token_id, size_t branch) {
  const Entry& entry = EntryOf(id);
  Token token = *entry.FindToken(token_id);
  const Node& node = state_.JourneyOf(entry).nodes[token.node];
  const bool paused = IsPaused(entry.journey);
  if (!node.ranked && !paused) return Go(id, token_id, branch);
  if (node.ranked && token.step != 0 && token.step <= branch + 1) return;
  token.step = static_cast<uint32_t>(branch + 1);
  if (!node.ranked) token.state = TokenState::kHeld;
  Do(change::TokenSet{id, token});
}

void Machine::OnAttribute(Ordinal customer, std::string_view attribute, int64_t at_ms, Out* out) {
  if (!state_.FindCustomer(customer)) return;
  Begin(at_ms, out);
  RestAnew(customer, [&](const Node& node) {
    const bool says_zone =
        attribute == kZoneAttribute || attribute == state_.policy().unit_attribute;
    const bool local = says_zone && GoesByTheClock(node);
    return local || (!node.date_attribute.empty() && node.date_attribute == attribute);
  });
  const auto found = Subjects().find({Subject::Kind::kAttribute, std::string(attribute)});
  if (found != subjects_.end()) AskAnew(customer, &found->second);
  End(out);
}

// When the pause ends he goes on, or, where it is another way out, it is asked anew.
void Machine::RestInPause(EntryId id, const Token& token, size_t outcome) {
  Rest(id, token, now(), outcome == 0 ? TokenState::kWaiting : TokenState::kRunning);
}

// Local days end when the clocks say so where the customer is now.
void Machine::TimeOutAnew(EntryId id, const Token& token, const Node& node) {
  const Entry& entry = EntryOf(id);
  const int64_t due = SpanEnd(
      token, node, ZoneOf(entry.customer, state_.JourneyOf(entry), state_.policy(), world_));
  if (due != token.due_ms) Rest(id, token, due);
}

void Machine::RestAnew(Ordinal customer, const std::function<bool(const Node&)>& which) {
  std::vector<EntryId> entries;
  if (const Customer* known = state_.FindCustomer(customer)) entries = known->entries;
  for (const EntryId id : entries) {
    const Entry* entry = state_.FindEntry(id);
    if (!entry) continue;
    const std::vector<Token> tokens = entry->tokens;
    for (const Token& token : tokens) {
      const Entry* alive = state_.FindEntry(id);
      if (!alive || token.state != TokenState::kWaiting) continue;
      const Node& node = state_.JourneyOf(*alive).nodes[token.node];
      if (!which(node)) continue;
      if (node.kind == NodeKind::kWaitEvent) TimeOutAnew(id, token, node);
      if (node.kind != NodeKind::kWait) continue;
      const bool paused = IsPaused(alive->journey);
      const std::optional<size_t> outcome = Wait(id, token, node);
      if (outcome && paused) RestInPause(id, token, *outcome);
      if (outcome && !paused) Go(id, token.id, *outcome);
    }
  }
}

Result<uint32_t> Machine::Publish(std::string_view json, int64_t at_ms, Out* out) {
  const Checked checked = CheckJourney(json, world_.conditions, state_.policy().zone);
  if (!checked.journey) return AsError(checked.faults);
  const Journey& journey = *checked.journey;
  const Schedule& schedule = journey.entry.schedule;
  if (journey.entry.kind == EntryKind::kBatch && schedule.every == Schedule::Every::kOnce &&
      !schedule.run_now &&
      journey.zone.ToInstant(schedule.anchor_day * kDayMs + schedule.at_ms) < at_ms) {
    return Error(Code::kInvalid, "occurrence_in_past",
                 "entry.schedule: the only run is in the past; move it, or say run_now");
  }
  const std::optional<JourneyIndex> known = state_.FindJourney(journey.id);
  if (known && state_.journeys()[*known].phase == Phase::kArchived) {
    return Error(Code::kConflict, "bad_phase", "the journey is archived");
  }
  std::optional<Migration> migration;
  if (known && journey.in_flight.policy == InFlight::Policy::kMigrate) {
    migration = MigrationTo(journey, state_.journeys()[*known]);
    if (!migration->faults.empty()) return AsError(migration->faults);
  }
  const std::optional<int64_t> run_now = RunNow(
      journey, known ? &state_.journeys()[*known] : nullptr, std::max(at_ms, state_.time_ms()));
  const uint32_t version = known ? state_.journeys()[*known].versions.rbegin()->first + 1 : 1;
  Begin(at_ms, out);
  Do(change::Published{std::string(json), version});
  if (known && state_.journeys()[*known].phase == Phase::kStopped) {
    Do(change::PhaseSet{*known, Phase::kRunning, "published"});
  }
  interests_known_ = false;
  if (known) DisarmIfChanged(*known, version);
  if (known && journey.in_flight.policy == InFlight::Policy::kExit) {
    LeaveAll(*known, Exit::kVersionMigratedOut);
  }
  if (migration) Migrate(*known, *migration);
  const JourneyIndex index = *state_.FindJourney(journey.id);
  if (run_now) TakeRun({index, *run_now, false, 0, now() + 1});
  AlarmOfNextRun(index);
  End(out);
  return version;
}

// Whoever began to wait by what leads in no more.
void Machine::DisarmIfChanged(JourneyIndex journey, uint32_t version) {
  const JourneyState& state = state_.journeys()[journey];
  const auto before = std::prev(state.versions.find(version));
  const EntryRule &was = before->second->entry, &is = state.now().entry;
  if (was.kind == is.kind && was.on == is.on && was.steps == is.steps && was.key == is.key &&
      SetsOf(was) == SetsOf(is) && was.on_leave == is.on_leave)
    return;
  std::vector<ArmPlace> places;
  for (const auto& [place, arms] : state.arms) places.push_back(place);
  for (const auto& [customer, key] : places) DisarmAll(journey, customer, key);
}

Result<> Machine::MaySetPolicy(std::string_view json) const {
  const CheckedPolicy checked = CheckPolicy(json);
  if (!checked.policy) {
    const Error faults = AsError(checked.faults);
    return Error(Code::kInvalid, "policy_invalid", faults.message());
  }
  for (const auto& [place, condition] : ConditionsOf(*checked.policy)) {
    const Result<> good = world_.conditions.Check(condition, About::kCustomer);
    if (!good.ok())
      return Error(Code::kInvalid, "policy_invalid", place + ": " + good.error().message());
  }
  return {};
}

Result<> Machine::SetPolicy(std::string_view json, int64_t at_ms, Out* out) {
  TRY(MaySetPolicy(json));
  const CheckedPolicy checked = CheckPolicy(json);
  Begin(at_ms, out);
  const Policy& before = state_.policy();
  const bool other_zones = checked.policy->zone != before.zone ||
                           checked.policy->unit_attribute != before.unit_attribute ||
                           checked.policy->unit_zones != before.unit_zones;
  Do(change::PolicySet{std::string(json)});
  for (JourneyIndex i = 0; i < state_.journeys().size(); ++i) AlarmOfNextRun(i);
  for (const Ordinal customer : Inside()) {
    RestAnew(customer, [&](const Node& node) {
      return GoesByWorkingDays(node) || (other_zones && GoesByTheClock(node));
    });
  }
  End(out);
  return {};
}

void Machine::SetHeld(bool held, int64_t at_ms, Out* out) {
  if (held == state_.held()) return;
  Begin(at_ms, out);
  Do(change::HeldSet{held});
  End(out);
}

void Machine::FollowLines(uint32_t kinds, int64_t at_ms, Out* out) {
  if (kinds == state_.followed_lines()) return;
  Begin(at_ms, out);
  Do(change::LinesFollowed{kinds});
  End(out);
}

void Machine::SetConsent(const change::ConsentSet& consent, int64_t at_ms, Out* out) {
  Begin(at_ms, out);
  Do(consent);
  FollowConsent(consent.customer);
  End(out);
}

// Nothing goes to whom it may not go to any more.
void Machine::FollowConsent(Ordinal customer) {
  const std::vector<EntryId> entries = state_.FindCustomer(customer)->entries;
  for (const EntryId id : entries) {
    const Entry* entry = state_.FindEntry(id);
    if (!entry) continue;
    if (RefusesAll(*state_.FindCustomer(customer), state_.JourneyOf(*entry).category)) {
      Leave(id, Exit::kOptedOut);
      continue;
    }
    const std::vector<TouchKey> touches = entry->touches;
    for (const TouchKey& key : touches) {
      const Touch& touch = *state_.FindTouch(key);
      if (touch.outcome != Outcome::kPlanned) continue;
      const Ruling ruling =
          JudgeConsent({.customer = customer, .now_ms = now()}, touch.plan.channel,
                       touch.plan.category, touch.plan.transactional, state_, world_);
      if (ruling.verdict != Ruling::Verdict::kAllow) Cancel(key, ruling.why);
    }
  }
}

void Machine::SetList(const change::ListSet& list, int64_t at_ms, Out* out) {
  Begin(at_ms, out);
  Do(list);
  End(out);
}

void Machine::Erase(Ordinal customer, int64_t at_ms, Out* out) {
  const Customer* known = state_.FindCustomer(customer);
  if (!known) return;
  Begin(at_ms, out);
  if (const Customer* still = state_.FindCustomer(customer)) {
    const std::vector<EntryId> entries = still->entries;
    for (const EntryId id : entries) {
      if (state_.FindEntry(id)) Leave(id, Exit::kErased);
    }
  }
  const std::vector<TouchKey> planned = state_.TouchesIn(Outcome::kPlanned);
  for (const TouchKey& key : planned) {
    if (state_.Now(state_.FindTouch(key)->plan.customer) == customer) Cancel(key, "erased");
  }
  for (JourneyIndex journey = 0; journey < state_.journeys().size(); ++journey) {
    std::vector<std::string> keys;
    for (const auto& [place, arms] : state_.journeys()[journey].arms) {
      if (place.first == customer) keys.push_back(place.second);
    }
    for (const std::string& key : keys) DisarmAll(journey, customer, key);
  }
  Do(change::Erased{customer});
  End(out);
}

// Nor is anything sent that waits for its turn, of who came to the end before.
void Machine::LeaveAll(JourneyIndex journey, Exit reason) {
  for (const EntryId id : state_.EntriesIn(journey)) {
    if (state_.FindEntry(id)) Leave(id, reason);
  }
  const std::vector<TouchKey> planned = state_.TouchesIn(Outcome::kPlanned);
  for (const TouchKey& key : planned) {
    if (state_.FindTouch(key)->plan.journey == journey) Cancel(key, std::string(NameOf(reason)));
  }
}

void Machine::Leave(EntryId id, Exit reason) {
  const Entry& entry = EntryOf(id);
  if (Recalls(reason)) {
    for (const TouchKey& key : entry.touches) {
      AskBack(key);
      if (state_.FindTouch(key)->outcome != Outcome::kPlanned) continue;
      Do(change::TouchMoved{key, Outcome::kCancelled, std::string(NameOf(reason))});
    }
  }
  const EntryId parent = entry.parent;
  const uint32_t parent_token = entry.parent_token;
  const int64_t entered_ms = entry.entered_ms;
  const Properties context = parent == 0 ? Properties() : entry.context;
  Do(change::Left{id, reason});
  AnswerCall(parent, parent_token, entered_ms, NameOf(reason), context);
}

// A call made before is not waited for any more.
void Machine::AnswerCall(EntryId parent, uint32_t parent_token, int64_t called_ms,
                         std::string_view how, const Properties& context) {
  const Entry* waiting = parent == 0 ? nullptr : state_.FindEntry(parent);
  const Token* token = waiting ? waiting->FindToken(parent_token) : nullptr;
  if (!token || token->state != TokenState::kWaiting) return;
  const Node& node = state_.JourneyOf(*waiting).nodes[token->node];
  const bool for_it = node.kind == NodeKind::kCall && called_ms >= token->arrived_ms;
  if (!for_it || IsLate(*waiting, *token)) return;
  for (const auto& [name, value] : Carried(context, node.out)) {
    Do(change::ContextSet{parent, name, value});
  }
  Do(change::ContextSet{parent, "child_exit", std::string(how)});
  Matched(parent, parent_token, 0);
}

}  // namespace waypost::journeys

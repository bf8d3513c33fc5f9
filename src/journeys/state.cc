#include "journeys/state.h"

#include <fmt/format.h>

#include <algorithm>

namespace waypost::journeys {

const Token* Entry::FindToken(uint32_t token) const {
  const auto found = std::ranges::find(tokens, token, &Token::id);
  return found == tokens.end() ? nullptr : &*found;
}

Token* Entry::FindToken(uint32_t token) {
  return const_cast<Token*>(std::as_const(*this).FindToken(token));
}

uint32_t Entry::VisitsOf(uint32_t node) const {
  for (const auto& [at, count] : visits) {
    if (at == node) return count;
  }
  return 0;
}

void State::SetVisits(Entry& entry, uint32_t node, uint32_t visit) {
  const auto found = std::ranges::find(entry.visits, node, &std::pair<uint32_t, uint32_t>::first);
  if (found == entry.visits.end()) {
    entry.visits.emplace_back(node, visit);
  } else {
    found->second = visit;
  }
}

State::State() = default;

State State::Under(const std::string& policy_json) {
  State state;
  if (!policy_json.empty()) CHECK(state.Do(change::PolicySet{policy_json}).ok());
  return state;
}

Error State::Corrupt(std::string what) {
  return Error(Code::kCorrupt, "decision: " + std::move(what));
}

Result<> State::Apply(const Decision& decision) {
  if (decision.number <= number_) return {};
  if (decision.number != number_ + 1) return Corrupt("decisions are missing before this one");
  for (const Change& change : decision.changes) {
    if (!decision.older) {
      TRY(Apply(change, decision.time_ms));
      continue;
    }
    Change named = change;
    TRY(NameRuns(named));
    TRY(Apply(named, decision.time_ms));
  }
  if (decision.older) HearAgain(decision);
  Commit(decision.number, decision.time_ms, decision.inputs_to);
  return {};
}

Result<> State::Apply(const Change& change, int64_t time_ms) {
  time_ms_ = std::max(time_ms_, time_ms);
  return std::visit([this](const auto& one) { return Do(one); }, change);
}

void State::Commit(uint64_t number, int64_t time_ms, LogPosition inputs_to) {
  number_ = number;
  time_ms_ = std::max(time_ms_, time_ms);
  inputs_to_ = std::max(inputs_to_, inputs_to);
  broken_.clear();
  ForgetOldTouches();
  ForgetOldShared();
}

bool State::MayForget(const Touch& touch) const {
  return (WasHandedOver(touch.outcome) || NeverHappened(touch.outcome)) &&
         touch.moved_ms <= time_ms_ - kTouchesKeptMs && !entries_.contains(touch.plan.entry) &&
         !recalls_.contains(touch.plan.key);
}

// After a commit there is none that may be forgotten, so a replay keeps what was kept before it.
// Those whose entry lives are looked at again when it leaves.
void State::ForgetOldTouches() {
  const auto look = [this](const TouchKey& key) {
    const auto found = touches_.find(key);
    if (found != touches_.end() && MayForget(found->second)) touches_.erase(found);
  };
  for (; !moved_.empty() && moved_.front().first <= time_ms_ - kTouchesKeptMs; moved_.pop_front()) {
    look(moved_.front().second);
  }
  std::ranges::for_each(std::exchange(left_, {}), look);
}

// As above, of addresses and accounts what counts for no cap.
void State::ForgetOldShared() {
  const int64_t last_ms = time_ms_ - policy_->counted_ms;
  for (; !shared_since_.empty() && shared_since_.front().first <= last_ms;
       shared_since_.pop_front()) {
    const auto shared = shared_.find(shared_since_.front().second);
    if (shared == shared_.end()) continue;
    std::erase_if(shared->second, [&](const TouchMark& mark) { return mark.time_ms <= last_ms; });
    if (shared->second.empty()) shared_.erase(shared);
  }
}

Result<JourneyState*> State::JourneyAt(JourneyIndex index) {
  if (index >= journeys_.size()) return Corrupt("there is no such journey");
  return &journeys_[index];
}

Result<Trial*> State::TrialAt(JourneyIndex index, const std::string& node) {
  JourneyState& journey = *TRY(JourneyAt(index));
  const auto found = journey.trials.find(node);
  if (found == journey.trials.end()) return Corrupt("there is no such experiment");
  return &found->second;
}

Result<Entry*> State::EntryAt(EntryId id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return Corrupt("there is no such entry");
  return &found->second;
}

TimerWheel::Handle State::SetTimer(int64_t due_ms, TimerKind kind, uint64_t subject,
                                   uint64_t detail, JourneyIndex journey, int64_t expires_ms) {
  if (due_ms == kNever) return TimerWheel::kNone;
  const uint64_t order = TurnOf(journeys_[journey].now(), expires_ms);
  return wheel_.Arm({due_ms, order, static_cast<uint8_t>(kind), subject, detail});
}

void State::CancelTimer(TimerWheel::Handle& handle) {
  if (handle != TimerWheel::kNone) wheel_.Cancel(handle);
  handle = TimerWheel::kNone;
}

std::optional<Timer> State::PopTimer(int64_t now_ms) {
  const std::optional<Timer> timer = wheel_.PopDue(now_ms);
  if (!timer) return {};
  const auto kind = static_cast<TimerKind>(timer->kind);
  if (kind == TimerKind::kToken || kind == TimerKind::kEntryEnd) {
    const auto entry = entries_.find(timer->subject);
    CHECK(entry != entries_.end());
    if (kind == TimerKind::kEntryEnd) {
      entry->second.timer = TimerWheel::kNone;
    } else {
      entry->second.FindToken(static_cast<uint32_t>(timer->detail))->timer = TimerWheel::kNone;
    }
  } else if (kind == TimerKind::kArm) {
    const auto customer = static_cast<Ordinal>(timer->subject);
    auto& places = journeys_[timer->subject >> 32].arms;
    for (auto at = places.lower_bound({customer, {}});
         at != places.end() && at->first.first == customer; ++at) {
      for (Arm& arm : at->second) {
        if (arm.number == timer->detail) arm.timer = TimerWheel::kNone;
      }
    }
  }
  return timer;
}

void State::ArmEntry(Entry& entry) {
  const Journey& journey = JourneyOf(entry);
  entry.timer = SetTimer(AddSpan(entry.entered_ms, journey.max_duration, journey.zone),
                         TimerKind::kEntryEnd, entry.id, 0, entry.journey);
}

void State::ArmToken(const Entry& entry, Token& token) {
  const int64_t expires_ms =
      token.state == TokenState::kHeld ? ExpiryOf(token, JourneyOf(entry)) : kNever;
  token.timer =
      SetTimer(token.due_ms, TimerKind::kToken, entry.id, token.id, entry.journey, expires_ms);
}

void State::ArmAt(Ordinal customer, JourneyIndex journey, Arm& arm) {
  arm.timer = SetTimer(arm.due_ms, TimerKind::kArm, uint64_t{journey} << 32 | customer, arm.number,
                       journey);
}

uint32_t State::TriesOn(const TouchKey& key, int64_t day) const {
  const auto found = day_tries_.find(key);
  return found != day_tries_.end() && found->second.day == day ? found->second.tries : 0;
}

void State::ArmJourney(JourneyIndex index) {
  const JourneyState& journey = journeys_[index];
  for (const auto& [person, awaited] : journey.awaited) {
    SetTimer(awaited.due_ms, TimerKind::kAwait, index, 0, index);
  }
  if (journey.phase == Phase::kStopped || journey.phase == Phase::kArchived) return;
  const Journey& now = journey.now();
  if (now.end_ms && !journey.ended) SetTimer(*now.end_ms, TimerKind::kEnd, index, 0, index);
  for (const auto& [node, trial] : journey.trials) {
    if (!trial.over) SetTimer(trial.ends_ms, TimerKind::kTrial, index, 0, index);
  }
  for (const auto& [node, line] : journey.lines) {
    if (!line.waiting.empty()) ArmLine(index, node);
  }
  ArmQueue(index);
  ArmRun(index);
}

void State::ArmQueue(JourneyIndex index) {
  const int64_t next_ms = journeys_[index].queue_next_ms;
  if (next_ms > 0) SetTimer(next_ms, TimerKind::kQueue, index, 0, index);
}

// A run whose name was taken, where wall clocks have gone back, is none that comes.
void State::ArmRun(JourneyIndex index) {
  const JourneyState& journey = journeys_[index];
  const Journey& now = journey.now();
  const bool over = journey.phase == Phase::kStopped || journey.phase == Phase::kArchived;
  if (now.entry.kind != EntryKind::kBatch || over) return;
  const auto after = [&](int64_t from_ms) {
    return NextOccurrence(now.entry.schedule, from_ms, now.zone, policy_->holidays);
  };
  std::optional<Occurrence> next = after(journey.next_from_ms);
  while (next && journey.runs.contains(next->run)) next = after(next->at_ms + 1);
  if (next) SetTimer(next->at_ms, TimerKind::kRun, index, static_cast<uint64_t>(next->day), index);
}

std::optional<JourneyIndex> State::FindJourney(std::string_view id) const {
  const auto found = std::ranges::find(journeys_, id, &JourneyState::id);
  if (found == journeys_.end()) return {};
  return static_cast<JourneyIndex>(found - journeys_.begin());
}

const Entry* State::FindEntry(EntryId id) const {
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : &found->second;
}

const Customer* State::FindCustomer(Ordinal customer) const {
  const auto found = customers_.find(customer);
  return found == customers_.end() ? nullptr : &found->second;
}

const Touch* State::FindTouch(const TouchKey& key) const {
  const auto found = touches_.find(key);
  return found == touches_.end() ? nullptr : &found->second;
}

std::vector<TouchKey> State::DueTouches(int64_t now_ms) const {
  Ready due;
  for (const auto& [channel, ready] : ready_) {
    due.insert(ready.begin(), ready.lower_bound({now_ms + 1, 0, {}}));
  }
  std::vector<TouchKey> keys;
  for (const auto& place : due) keys.push_back(std::get<TouchKey>(place));
  return keys;
}

const std::vector<TouchMark>& State::SharedMarks(SharedKey key) const {
  static const std::vector<TouchMark> kNone;
  const auto found = shared_.find(key);
  return found == shared_.end() ? kNone : found->second;
}

std::vector<TouchKey> State::TouchesIn(Outcome outcome) const {
  const auto found = unsettled_.find(outcome);
  if (found == unsettled_.end()) return {};
  std::vector<TouchKey> keys(found->second.begin(), found->second.end());
  std::ranges::sort(keys);
  return keys;
}

uint64_t State::StockTaken(const std::string& benefit) const {
  const auto found = stock_taken_.find(benefit);
  return found == stock_taken_.end() ? 0 : found->second;
}

Spent State::SpentOf(const std::string& unit, int64_t first, int64_t after) const {
  Spent all;
  const auto days = spent_.find(unit);
  if (days == spent_.end()) return all;
  for (auto day = days->second.lower_bound(first); day != days->second.end() && day->first < after;
       ++day) {
    all.sends += day->second.sends;
    all.money += day->second.money;
  }
  return all;
}

const std::deque<int64_t>& State::SlotsOf(const std::string& pacer) const {
  static const std::deque<int64_t> kNoSlots;
  const auto found = slots_.find(pacer);
  return found == slots_.end() ? kNoSlots : found->second;
}

namespace {

// Version 3 has no experiments; 4 has no counts by version, awaits nobody, watches no goals of who
// left, recalls nothing; 5 does not know whom entries were of before a merge; 6 has no
// lines, and does not know where entries left; 7 waits for no conditions; 9 credits no
// nodes, and does not know how deep calls are; 10 lists nobody,
// and knows of no keys that came before, and of no groups that are capped; 11 has no open runs; 12
// does not know when those were due, and gives none up; 13 does not
// know what was heard of sets, names runs by their day, and keeps no alarms of journeys; 14 does
// not know how long clocks stood still; 15 has no waves, and does not know when requests came, nor
// of refused ones; 16 knows nothing of tags and accounts, keeps addresses as they are, does not say
// whose messages were erased, and knows no goals that are conditions; 17 knows of no experiment
// that is over and not decided, and puts nobody on lists; 18 lets in at once
// who came in a pause; 19 does not say how many were expected of each way of an experiment; 20
// does not know how long tokens stood anywhere, and tells nobody of lines; 21 does not know who
// called those who came in a pause; 22 knows nothing of units; 23
// adds to no attributes.
constexpr uint8_t kStateVersion = 25;

// What a JourneyState keeps besides its definitions.
template <typename A>
void JourneyFields(JourneyState& s, A& a) {
  a(s.id, s.current, s.phase, s.phase_reason, s.paused_ms, s.ended, s.entered, s.active, s.exits,
    s.rejects, s.entered_on, s.nodes, s.visits, s.arms, s.requests, s.queue, s.runs, s.next_from_ms,
    s.spent_money, s.spent_sends, s.conversions, s.reversals, s.revenue, s.watched);
  if (a.version() > 3) a(s.trials);
  if (a.version() > 4) a(s.counts, s.awaited, s.watches, s.held_out);
  if (a.version() > 6) a(s.lines);
  if (a.version() > 10) a(s.listings, s.entered_of);
  if (a.version() == 12) {
    std::map<int64_t, int64_t> taken;
    a(taken, s.audiences);
    for (const auto& [day, at_ms] : taken)
      s.open_runs[day] = {at_ms, at_ms, at_ms + Schedule().grace.ms};
  }
  if (a.version() > 12) a(s.open_runs, s.audiences, s.failed_runs);
  if (a.version() > 13) a(s.alarms);
  if (a.version() > 15) a(s.last_list);
  if (a.version() > 18) a(s.queue_next_ms);
}

// By their local day until format 14.
void NameAll(JourneyState* journey) {
  const auto name = [&](auto& by_day) {
    auto days = std::exchange(by_day, {});
    for (auto& [day, run] : days) by_day.emplace(journey->RunOn(day), std::move(run));
  };
  name(journey->runs);
  name(journey->open_runs);
  name(journey->audiences);
  name(journey->failed_runs);
}

}  // namespace

Bytes State::Encode() const {
  ByteWriter out;
  out.U8(kStateVersion);
  FieldWriter a(&out);
  a(number_, time_ms_, inputs_to_, held_, policy_json_, lost_receipts_, last_entry_, stock_taken_,
    alarms_, shared_, entries_, customers_, touches_, untold_, slots_);
  out.Varint(journeys_.size());
  for (const JourneyState& journey : journeys_) {
    std::vector<std::pair<uint32_t, std::string>> versions;
    for (const auto& [version, text] : journey.versions) versions.emplace_back(version, text->json);
    a(versions);
    JourneyFields(const_cast<JourneyState&>(journey), a);
  }
  a(std::vector<TouchKey>(recalls_.begin(), recalls_.end()), day_tries_, known_as_, sets_, unset_,
    heard_, unlisted_, followed_lines_, untold_lines_, spent_);
  return out.Take();
}

Result<State> State::Decode(std::span<const uint8_t> bytes) {
  ByteReader in(bytes);
  State state;
  const uint8_t version = in.U8();
  FieldReader a(&in, version);
  if (version > kStateVersion) {
    return Error(Code::kInvalid, "newer_format",
                 fmt::format("the state of journeys is of format {}, and this program knows up to "
                             "{}: use the version that wrote it, or a newer one",
                             version, kStateVersion));
  }
  if (version < 3) return Corrupt("the state's version is not one that is known");
  a(state.number_, state.time_ms_, state.inputs_to_, state.held_, state.policy_json_,
    state.lost_receipts_, state.last_entry_, state.stock_taken_, state.alarms_);
  if (version > 16) a(state.shared_);
  std::map<std::string, std::vector<TouchMark>> addresses;
  if (version < 17) a(addresses);
  a(state.entries_, state.customers_, state.touches_, state.untold_, state.slots_);
  for (uint64_t left = in.Varint(); left > 0 && a.ok(); --left) {
    std::vector<std::pair<uint32_t, std::string>> versions;
    a(versions);
    const size_t before = state.journeys_.size();
    for (const auto& [number, json] : versions) TRY(state.Install(json, number));
    if (state.journeys_.size() != before + 1) return Corrupt("a journey without a definition");
    JourneyFields(state.journeys_.back(), a);
    if (!state.journeys_.back().versions.contains(state.journeys_.back().current)) {
      return Corrupt("a journey without its version");
    }
    if (version < 14) NameAll(&state.journeys_.back());
    if (version < 20) ExpectAll(&state.journeys_.back());
    if (version < 16) state.journeys_.back().requests.SetTimes(state.time_ms_);
  }
  if (version > 4) {
    std::vector<TouchKey> recalls;
    a(recalls, state.day_tries_);
    state.recalls_ = {recalls.begin(), recalls.end()};
  }
  if (version > 5) a(state.known_as_);
  if (version > 8) a(state.sets_, state.unset_);
  if (version > 13) a(state.heard_);
  if (version > 17) a(state.unlisted_);
  if (version > 20) a(state.followed_lines_, state.untold_lines_);
  if (version > 22) a(state.spent_);
  if (!a.ok() || !in.done()) return Corrupt("the state is cut short");
  if (version < 6) {
    for (auto& [id, entry] : state.entries_) entry.entered_as = entry.customer;
  }
  if (!state.policy_json_.empty()) TRY(state.Do(change::PolicySet{state.policy_json_}));
  for (const auto& [id, entry] : state.entries_) {
    if (entry.journey >= state.journeys_.size() ||
        !state.journeys_[entry.journey].versions.contains(entry.version)) {
      return Corrupt("an entry of no journey");
    }
    for (const Token& token : entry.tokens) {
      if (token.node >= state.JourneyOf(entry).nodes.size()) return Corrupt("a token at no node");
    }
  }
  for (const auto& [key, touch] : state.touches_) {
    if (touch.plan.journey >= state.journeys_.size()) return Corrupt("a message of no journey");
  }
  for (const auto& [one, other] : state.known_as_) {
    size_t steps = 0;
    for (auto at = state.known_as_.find(other); at != state.known_as_.end();
         at = state.known_as_.find(at->second)) {
      if (++steps > state.known_as_.size()) return Corrupt("customers who are one in a circle");
    }
  }
  if (version < 5) state.KnowOldVersions();
  if (version < 17) state.HashAddresses(addresses);
  state.Rebuild();
  return state;
}

// Until format 20 who entered was expected by the newest shares.
void State::ExpectAll(JourneyState* journey) {
  for (auto& [node, trial] : journey->trials) {
    uint64_t entered = 0;
    for (const ArmCounts& arm : trial.arms) entered += arm.entered;
    Expect(SharesOf(*journey, node, 0), entered, &trial.arms);
  }
}

// By channel, a space and address until format 17.
void State::HashAddresses(const std::map<std::string, std::vector<TouchMark>>& addresses) {
  for (const auto& [address, marks] : addresses) {
    const size_t space = address.find(' ');
    if (space != std::string::npos)
      shared_[AddressKey(address.substr(0, space), address.substr(space + 1))] = marks;
  }
  for (auto& [key, touch] : touches_) {
    const change::TouchPlanned& plan = touch.plan;
    touch.erased = plan.address.empty() && plan.text.empty();
    if (plan.counts && !touch.erased) touch.shared = {AddressKey(plan.channel, plan.address)};
  }
}

void State::Rebuild() {
  for (JourneyIndex i = 0; i < journeys_.size(); ++i) {
    ArmJourney(i);
    for (auto& [place, arms] : journeys_[i].arms) {
      for (Arm& arm : arms) ArmAt(place.first, i, arm);
    }
  }
  for (auto& [id, entry] : entries_) {
    ArmEntry(entry);
    for (Token& token : entry.tokens) {
      ArmToken(entry, token);
      StepIntoLine(entry, token);
    }
  }
  std::vector<std::pair<int64_t, TouchKey>> moved;
  moved.reserve(touches_.size());
  ReadyPlaces waiting;
  for (const auto& [key, touch] : touches_) {
    moved.emplace_back(touch.moved_ms, key);
    if (IsUnsettled(touch.outcome)) unsettled_[touch.outcome].insert(key);
    if (touch.outcome == Outcome::kPlanned) waiting[touch.plan.channel].push_back(PlaceOf(touch));
  }
  std::ranges::sort(moved);
  moved_.assign(moved.begin(), moved.end());
  std::vector<std::pair<int64_t, SharedKey>> since;
  for (const auto& [key, marks] : shared_) {
    for (const TouchMark& mark : marks) since.emplace_back(mark.time_ms, key);
  }
  std::ranges::sort(since);
  shared_since_.assign(since.begin(), since.end());
  OrderTellings();
  SortReady(std::move(waiting));
}

void State::OrderTellings() {
  std::vector<std::pair<uint64_t, Telling>> ordered;  // of one decision first what has no order
  for (const auto& [what, one] : untold_)
    ordered.push_back({0, {one.decision, what.first, what.second}});
  for (const auto& [key, one] : unset_) ordered.push_back({one.order, {one.decision, key, {}}});
  std::ranges::sort(ordered, {}, [](const auto& one) {
    return std::tuple(one.second.decision, one.first, one.second.key, one.second.outcome);
  });
  for (const auto& [order, telling] : ordered) tellings_.Add(telling);
}

bool State::IsOpen(const Telling& telling) const {
  return telling.outcome ? untold_.contains({telling.key, *telling.outcome})
                         : unset_.contains(telling.key);
}

void State::Told(const TouchKey& key, Outcome outcome) {
  untold_.erase({key, outcome});
  tellings_.ForgetUntil([&](const Telling& telling) { return IsOpen(telling); });
}

void State::WasSet(const TouchKey& key) {
  unset_.erase(key);
  tellings_.ForgetUntil([&](const Telling& telling) { return IsOpen(telling); });
}

void State::SortReady() {
  ReadyPlaces waiting;
  for (const TouchKey& key : unsettled_[Outcome::kPlanned]) {
    const Touch& touch = touches_.at(key);
    waiting[touch.plan.channel].push_back(PlaceOf(touch));
  }
  SortReady(std::move(waiting));
}

void State::SortReady(ReadyPlaces waiting) {
  ready_.clear();
  for (auto& [channel, of_channel] : waiting) {
    std::ranges::sort(of_channel);
    ready_.emplace(channel, Ready(of_channel.begin(), of_channel.end()));
  }
}

void State::SortTurns(JourneyIndex index) {
  SortReady();
  for (auto& [id, entry] : entries_) {
    if (entry.journey != index) continue;
    CancelTimer(entry.timer);
    ArmEntry(entry);
    for (Token& token : entry.tokens) {
      CancelTimer(token.timer);
      ArmToken(entry, token);
    }
  }
  for (auto& [place, arms] : journeys_[index].arms) {
    for (Arm& arm : arms) {
      CancelTimer(arm.timer);
      ArmAt(place.first, index, arm);
    }
  }
}

}  // namespace waypost::journeys

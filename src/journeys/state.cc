#include "journeys/state.h"

#include <algorithm>

namespace waypost::journeys {
namespace {

constexpr int64_t kMarksKeptMs = 31 * kDayMs;

// Conditions were checked when the journey was published.
class AnyConditions final : public Conditions {
 public:
  Result<> Check(std::string_view, About) const override { return {}; }
  Truth Test(std::string_view, const Facts&) const override { return Truth::kError; }
};

Error Corrupt(std::string what) { return Error(Code::kCorrupt, "decision: " + std::move(what)); }

template <typename T, typename V>
void EraseOne(std::vector<T>& from, const V& value) {
  if (const auto found = std::ranges::find(from, value); found != from.end()) from.erase(found);
}

// Maps without an order are written by key.
template <typename Map>
std::map<typename Map::key_type, typename Map::mapped_type> Sorted(const Map& map) {
  return {map.begin(), map.end()};
}

}  // namespace

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

State::State() = default;

Result<> State::Apply(const Decision& decision) {
  if (decision.number <= number_) return {};
  if (decision.number != number_ + 1) return Corrupt("decisions are missing before this one");
  for (const Change& change : decision.changes) TRY(Apply(change, decision.time_ms));
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
}

Result<JourneyState*> State::JourneyAt(JourneyIndex index) {
  if (index >= journeys_.size()) return Corrupt("there is no such journey");
  return &journeys_[index];
}

Result<Entry*> State::EntryAt(EntryId id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return Corrupt("there is no such entry");
  return &found->second;
}

NodeCounts& State::CountsAt(const Entry& entry, uint32_t node) {
  return journeys_[entry.journey].nodes[JourneyOf(entry).nodes[node].id];
}

void State::Trace(Ordinal customer, TraceLine line) {
  line.time_ms = time_ms_;
  std::vector<TraceLine>& trace = customers_[customer].trace;
  if (trace.size() == kTraceLines) trace.erase(trace.begin());
  trace.push_back(std::move(line));
}

TimerWheel::Handle State::SetTimer(int64_t due_ms, TimerKind kind, uint64_t subject,
                                   uint64_t detail, JourneyIndex journey) {
  if (due_ms == kNever) return TimerWheel::kNone;
  const auto order = static_cast<uint32_t>(100 - journeys_[journey].now().priority);
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
  token.timer = SetTimer(token.due_ms, TimerKind::kToken, entry.id, token.id, entry.journey);
}

void State::ArmAt(Ordinal customer, JourneyIndex journey, Arm& arm) {
  arm.timer = SetTimer(arm.due_ms, TimerKind::kArm, uint64_t{journey} << 32 | customer, arm.number,
                       journey);
}

void State::ArmJourney(JourneyIndex index) {
  const JourneyState& journey = journeys_[index];
  if (journey.phase == Phase::kStopped || journey.phase == Phase::kArchived) return;
  const Journey& now = journey.now();
  if (now.end_ms && !journey.ended) SetTimer(*now.end_ms, TimerKind::kEnd, index, 0, index);
  if (now.entry.kind != EntryKind::kBatch) return;
  const std::optional<Occurrence> next =
      NextOccurrence(now.entry.schedule, journey.next_from_ms, now.zone, Holidays::China());
  if (next) {
    SetTimer(next->at_ms, TimerKind::kRun, index, static_cast<uint64_t>(next->day), index);
  }
}

Result<> State::Install(const std::string& json, uint32_t version) {
  const Checked checked = CheckJourney(json, AnyConditions());
  if (!checked.journey) return Corrupt("a published journey has faults");
  const auto journey = std::make_shared<Journey>(*checked.journey);
  journey->version = version;
  std::optional<JourneyIndex> index = FindJourney(journey->id);
  if (!index) {
    index = static_cast<JourneyIndex>(journeys_.size());
    journeys_.emplace_back().id = journey->id;
  }
  journeys_[*index].versions[version] = journey;
  return {};
}

Result<> State::Do(const change::Published& c) {
  TRY(Install(c.json, c.version));
  for (JourneyIndex i = 0; i < journeys_.size(); ++i) {
    JourneyState& state = journeys_[i];
    const auto version = state.versions.find(c.version);
    if (version == state.versions.end() || version->second->json != c.json) continue;
    const bool first = state.current == 0;
    state.current = c.version;
    if (first) state.next_from_ms = time_ms_;
    ArmJourney(i);
  }
  return {};
}

Result<> State::Do(const change::PhaseSet& c) {
  JourneyState& state = *TRY(JourneyAt(c.journey));
  if (c.phase == Phase::kPaused && state.phase != Phase::kPaused) state.paused_ms = time_ms_;
  state.phase = c.phase;
  state.phase_reason = c.reason;
  if (c.reason == "journey_ended") state.ended = true;
  if (c.phase == Phase::kStopped || c.phase == Phase::kArchived) {
    for (auto& [place, arms] : state.arms) {
      for (Arm& arm : arms) CancelTimer(arm.timer);
    }
    state.arms.clear();
  }
  return {};
}

Result<> State::Do(const change::PolicySet& c) {
  const CheckedPolicy checked = CheckPolicy(c.json);
  if (!checked.policy) return Corrupt("the policy has faults");
  policy_json_ = c.json;
  policy_ = checked.policy;
  return {};
}

Result<> State::Do(const change::HeldSet& c) {
  held_ = c.held;
  return {};
}

Result<> State::Do(const change::Refused& c) {
  ++TRY(JourneyAt(c.journey))->rejects[static_cast<uint8_t>(c.reason)];
  Trace(c.customer, {.what = TraceLine::What::kRefused,
                     .journey = c.journey,
                     .reason = static_cast<uint8_t>(c.reason),
                     .detail = {}});
  return {};
}

Result<> State::Do(const change::Entered& c) {
  JourneyState& state = *TRY(JourneyAt(c.journey));
  if (!state.versions.contains(c.version) || entries_.contains(c.entry)) {
    return Corrupt("an entry that cannot be");
  }
  Entry& entry = entries_[c.entry];
  entry.id = c.entry;
  entry.journey = c.journey;
  entry.version = c.version;
  entry.customer = c.customer;
  entry.entered_ms = time_ms_;
  entry.key = c.key;
  entry.context = c.context;
  entry.parent = c.parent;
  entry.parent_token = c.parent_token;
  last_entry_ = std::max(last_entry_, c.entry);
  customers_[c.customer].entries.push_back(c.entry);
  ++state.entered;
  ++state.active;
  ++state.entered_on[state.now().zone.DayOf(time_ms_)];
  Visits& visits = state.visits[c.customer];
  visits.last_entry_ms = time_ms_;
  const ReentryRule& rule = state.now().reentry;
  if (rule.limit > 0) {
    std::erase_if(visits.entries_ms,
                  [&](int64_t at) { return at <= time_ms_ - rule.limit_window.RoughMs(); });
    visits.entries_ms.push_back(time_ms_);
  }
  ArmEntry(entry);
  Trace(c.customer, {.what = TraceLine::What::kEntered,
                     .journey = c.journey,
                     .entry = c.entry,
                     .detail = "version " + std::to_string(c.version)});
  return {};
}

Result<> State::Do(const change::TokenSet& c) {
  Entry& entry = *TRY(EntryAt(c.entry));
  if (c.token.node >= JourneyOf(entry).nodes.size()) return Corrupt("there is no such node");
  Token* token = entry.FindToken(c.token.id);
  if (!token) {
    token = &entry.tokens.emplace_back();
    token->node = kNoNode;
  }
  const bool arrives = token->node != c.token.node || token->visit != c.token.visit;
  CancelTimer(token->timer);
  *token = c.token;
  entry.last_token = std::max(entry.last_token, c.token.id);
  token->timer = TimerWheel::kNone;
  if (arrives) {
    ++CountsAt(entry, token->node).in;
    const auto found =
        std::ranges::find(entry.visits, token->node, &std::pair<uint32_t, uint32_t>::first);
    if (found == entry.visits.end()) {
      entry.visits.emplace_back(token->node, token->visit);
    } else {
      found->second = token->visit;
    }
  }
  ArmToken(entry, *token);
  return {};
}

Result<> State::Do(const change::TokenGone& c) {
  Entry& entry = *TRY(EntryAt(c.entry));
  Token* token = entry.FindToken(c.token);
  if (!token) return Corrupt("there is no such token");
  ++CountsAt(entry, token->node).ended;
  CancelTimer(token->timer);
  entry.tokens.erase(entry.tokens.begin() + (token - entry.tokens.data()));
  return {};
}

Result<> State::Do(const change::NodePassed& c) {
  Entry& entry = *TRY(EntryAt(c.entry));
  const std::vector<Node>& nodes = JourneyOf(entry).nodes;
  if (c.node >= nodes.size() || c.outcome >= nodes[c.node].outcomes.size()) {
    return Corrupt("there is no such outcome");
  }
  ++CountsAt(entry, c.node).out[c.outcome];
  Trace(entry.customer, {.what = TraceLine::What::kPassed,
                         .journey = entry.journey,
                         .entry = entry.id,
                         .node = c.node,
                         .detail = nodes[c.node].outcomes[c.outcome]});
  return {};
}

Result<> State::Do(const change::ForkJoined& c) {
  TRY(EntryAt(c.entry))->joined_forks.push_back(c.fork);
  return {};
}

Result<> State::Do(const change::Left& c) {
  Entry& entry = *TRY(EntryAt(c.entry));
  JourneyState& state = journeys_[entry.journey];
  for (Token& token : entry.tokens) {
    ++CountsAt(entry, token.node).ended;
    CancelTimer(token.timer);
  }
  CancelTimer(entry.timer);
  --state.active;
  ++state.exits[static_cast<uint8_t>(c.reason)];
  state.visits[entry.customer].last_exit_ms = time_ms_;
  EraseOne(customers_[entry.customer].entries, entry.id);
  Trace(entry.customer, {.what = TraceLine::What::kLeft,
                         .journey = entry.journey,
                         .entry = entry.id,
                         .reason = static_cast<uint8_t>(c.reason),
                         .detail = {}});
  entries_.erase(c.entry);
  return {};
}

Result<> State::Do(const change::ContextSet& c) {
  Entry& entry = *TRY(EntryAt(c.entry));
  const auto found =
      std::ranges::find(entry.context, c.name, &std::pair<std::string, std::string>::first);
  if (found == entry.context.end()) {
    entry.context.emplace_back(c.name, c.value);
  } else {
    found->second = c.value;
  }
  return {};
}

// Written to the customer by whoever reads the decisions.
Result<> State::Do(const change::Marked&) { return {}; }

Result<> State::Do(const change::TouchPlanned& c) {
  JourneyState& state = *TRY(JourneyAt(c.journey));
  if (touches_.contains(c.key)) return Corrupt("a message is planned twice");
  touches_[c.key] = {.plan = c, .planned_ms = time_ms_, .reached = {}, .why = c.why};
  ready_.emplace(c.not_before_ms, -state.now().priority, c.key);
  if (const auto entry = entries_.find(c.entry); entry != entries_.end()) {
    entry->second.touches.push_back(c.key);
  }
  if (c.counts) {
    const TouchMark mark{c.key, time_ms_, c.journey, c.channel, c.category, c.address};
    const auto keep = [&](std::vector<TouchMark>& marks) {
      std::erase_if(marks,
                    [&](const TouchMark& m) { return m.time_ms <= time_ms_ - kMarksKeptMs; });
      marks.push_back(mark);
    };
    keep(customers_[c.customer].marks);
    keep(addresses_[c.channel + " " + c.address]);
  }
  state.spent_money += c.price;
  ++state.spent_sends;
  if (!c.benefit.empty()) ++stock_taken_[c.benefit];
  for (const auto& [pacer, limit] :
       {std::pair{"channel " + c.channel, policy_->RuleOf(c.channel).per_second},
        {"journey " + state.id, state.now().sends_per_second}}) {
    if (limit == 0) continue;
    std::deque<int64_t>& slots = slots_[pacer];
    slots.push_back(c.not_before_ms);
    while (slots.size() > limit) slots.pop_front();
  }
  const std::vector<Node>& nodes = state.now().nodes;
  if (c.node < nodes.size()) {
    ++state.nodes[nodes[c.node].id].outcomes[static_cast<uint8_t>(Outcome::kPlanned)];
  }
  Trace(c.customer, {.what = TraceLine::What::kSent,
                     .journey = c.journey,
                     .entry = c.entry,
                     .node = c.node,
                     .detail = c.channel + ": " + c.why});
  return {};
}

// What it had reserved is free again.
void State::Release(const Touch& touch) {
  const auto drop = [&](std::vector<TouchMark>& marks) {
    std::erase_if(marks, [&](const TouchMark& mark) { return mark.key == touch.plan.key; });
  };
  drop(customers_[touch.plan.customer].marks);
  drop(addresses_[touch.plan.channel + " " + touch.plan.address]);
  JourneyState& state = journeys_[touch.plan.journey];
  state.spent_money -= touch.plan.price;
  --state.spent_sends;
  if (!touch.plan.benefit.empty()) --stock_taken_[touch.plan.benefit];
}

Result<> State::Do(const change::TouchMoved& c) {
  const auto found = touches_.find(c.key);
  if (found == touches_.end()) return Corrupt("there is no such message");
  Touch& touch = found->second;
  JourneyState& state = journeys_[touch.plan.journey];
  if (touch.outcome == Outcome::kPlanned) {
    ready_.erase({touch.plan.not_before_ms, -state.now().priority, c.key});
  }
  const bool free_before = NeverHappened(touch.outcome), free_now = NeverHappened(c.outcome);
  touch.outcome = c.outcome;
  touch.moved_ms = time_ms_;
  touch.why = c.why;
  if (std::ranges::find(touch.reached, c.outcome, &std::pair<Outcome, int64_t>::first) ==
      touch.reached.end()) {
    touch.reached.emplace_back(c.outcome, time_ms_);
    const std::vector<Node>& nodes = state.now().nodes;
    if (touch.plan.node < nodes.size()) {
      ++state.nodes[nodes[touch.plan.node].id].outcomes[static_cast<uint8_t>(c.outcome)];
    }
  }
  if (free_now && !free_before) Release(touch);
  Trace(touch.plan.customer, {.what = TraceLine::What::kMoved,
                              .journey = touch.plan.journey,
                              .entry = touch.plan.entry,
                              .node = touch.plan.node,
                              .reason = static_cast<uint8_t>(c.outcome),
                              .detail = c.why});
  return {};
}

Result<> State::Do(const change::Denied& c) {
  Entry& entry = *TRY(EntryAt(c.entry));
  if (c.node >= JourneyOf(entry).nodes.size()) return Corrupt("there is no such node");
  ++CountsAt(entry, c.node).outcomes[static_cast<uint8_t>(c.outcome)];
  Trace(entry.customer, {.what = TraceLine::What::kDenied,
                         .journey = entry.journey,
                         .entry = entry.id,
                         .node = c.node,
                         .reason = static_cast<uint8_t>(c.outcome),
                         .detail = c.channel + ": " + c.why});
  return {};
}

Result<> State::Do(const change::ReceiptLost&) {
  ++lost_receipts_;
  return {};
}

Result<> State::Do(const change::ConsentSet& c) {
  customers_[c.customer].consents[{c.channel, c.purpose}] = c.allowed;
  return {};
}

Result<> State::Do(const change::ListSet& c) {
  std::vector<std::string>& lists = customers_[c.customer].lists;
  EraseOne(lists, c.list);
  if (c.on) lists.push_back(c.list);
  return {};
}

Result<> State::Do(const change::Armed& c) {
  JourneyState& state = *TRY(JourneyAt(c.journey));
  Arm& arm = state.arms[{c.customer, c.key}].emplace_back();
  arm.number = c.number;
  arm.step = c.step;
  arm.deadline_ms = c.deadline_ms;
  arm.due_ms = c.due_ms;
  arm.context = c.context;
  ArmAt(c.customer, c.journey, arm);
  return {};
}

Result<> State::Do(const change::Disarmed& c) {
  JourneyState& state = *TRY(JourneyAt(c.journey));
  const auto place = state.arms.find({c.customer, c.key});
  if (place == state.arms.end()) return Corrupt("nothing was armed there");
  std::vector<Arm>& arms = place->second;
  const auto arm = std::ranges::find(arms, c.number, &Arm::number);
  if (arm == arms.end()) return Corrupt("that was not armed");
  CancelTimer(arm->timer);
  arms.erase(arm);
  if (arms.empty()) state.arms.erase(place);
  return {};
}

Result<> State::Do(const change::Requested& c) {
  TRY(JourneyAt(c.journey))->requests[c.request] = {c.body, c.entry};
  return {};
}

Result<> State::Do(const change::Queued& c) {
  TRY(JourneyAt(c.journey))->queue.push_back({c.customer, {c.key, c.context}});
  return {};
}

Result<> State::Do(const change::QueueTaken& c) {
  TRY(JourneyAt(c.journey))->queue.clear();
  return {};
}

Result<> State::Do(const change::RunTaken& c) {
  JourneyState& state = *TRY(JourneyAt(c.journey));
  state.runs[c.day] = c.skipped;
  state.next_from_ms = c.next_from_ms;
  ArmJourney(c.journey);
  return {};
}

Result<> State::Do(const change::Converted& c) {
  Entry& entry = *TRY(EntryAt(c.entry));
  JourneyState& state = journeys_[entry.journey];
  if (c.reversed) {
    ++state.reversals;
    state.revenue -= c.value;
  } else {
    ++state.conversions;
    state.revenue += c.value;
    entry.bought.push_back(c.unique);
  }
  Trace(entry.customer, {.what = TraceLine::What::kConverted,
                         .journey = entry.journey,
                         .entry = entry.id,
                         .detail = c.reversed ? "reversed" : "counted"});
  return {};
}

// What names the person goes; what was counted stays.
Result<> State::Do(const change::Erased& c) {
  customers_.erase(c.customer);
  for (auto& [key, touch] : touches_) {
    if (touch.plan.customer != c.customer) continue;
    addresses_.erase(touch.plan.channel + " " + touch.plan.address);
    touch.plan.address.clear();
    touch.plan.text.clear();
  }
  for (JourneyState& state : journeys_) {
    std::erase_if(state.queue, [&](const auto& item) { return item.first == c.customer; });
  }
  return {};
}

// Histories are united; of two consents the one that forbids stays.
Result<> State::Do(const change::Merged& c) {
  const auto from = customers_.find(c.from);
  if (from == customers_.end()) return {};
  const Customer other = std::move(from->second);
  customers_.erase(from);
  Customer& to = customers_[c.to];
  for (const EntryId id : other.entries) {
    TRY(EntryAt(id))->customer = c.to;
    to.entries.push_back(id);
  }
  to.marks.insert(to.marks.end(), other.marks.begin(), other.marks.end());
  for (const auto& [what, allowed] : other.consents) {
    const auto [known, added] = to.consents.emplace(what, allowed);
    if (!added) known->second = known->second && allowed;
  }
  for (const std::string& list : other.lists) {
    if (std::ranges::find(to.lists, list) == to.lists.end()) to.lists.push_back(list);
  }
  for (auto& [key, touch] : touches_) {
    if (touch.plan.customer == c.from) touch.plan.customer = c.to;
  }
  for (JourneyState& state : journeys_) {
    if (const auto visits = state.visits.find(c.from); visits != state.visits.end()) {
      state.visits.emplace(c.to, visits->second);
      state.visits.erase(c.from);
    }
  }
  return {};
}

Result<> State::Do(const change::AlarmRaised& c) {
  ++alarms_[c.what];
  return {};
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

std::vector<TouchKey> State::TouchesIn(Outcome outcome) const {
  std::vector<TouchKey> keys;
  for (const auto& [key, touch] : touches_) {
    if (touch.outcome == outcome) keys.push_back(key);
  }
  return keys;
}

uint64_t State::StockTaken(const std::string& benefit) const {
  const auto found = stock_taken_.find(benefit);
  return found == stock_taken_.end() ? 0 : found->second;
}

const std::deque<int64_t>& State::SlotsOf(const std::string& pacer) const {
  static const std::deque<int64_t> kNoSlots;
  const auto found = slots_.find(pacer);
  return found == slots_.end() ? kNoSlots : found->second;
}

namespace {

// What a JourneyState keeps besides its definitions.
template <typename A>
void JourneyFields(JourneyState& s, A& a) {
  a(s.id, s.current, s.phase, s.phase_reason, s.paused_ms, s.ended, s.entered, s.active, s.exits,
    s.rejects, s.entered_on, s.nodes, s.visits, s.arms, s.requests, s.queue, s.runs, s.next_from_ms,
    s.spent_money, s.spent_sends, s.conversions, s.reversals, s.revenue);
}

constexpr uint8_t kStateVersion = 1;

}  // namespace

Bytes State::Encode() const {
  ByteWriter out;
  out.U8(kStateVersion);
  FieldWriter a(&out);
  a(number_, time_ms_, inputs_to_, held_, policy_json_, lost_receipts_, last_entry_, stock_taken_,
    alarms_, addresses_, Sorted(entries_), Sorted(customers_), touches_);
  out.Varint(slots_.size());
  for (const auto& [pacer, slots] : slots_)
    a(pacer, std::vector<int64_t>(slots.begin(), slots.end()));
  out.Varint(journeys_.size());
  for (const JourneyState& journey : journeys_) {
    std::vector<std::pair<uint32_t, std::string>> versions;
    for (const auto& [version, text] : journey.versions) versions.emplace_back(version, text->json);
    a(versions);
    JourneyFields(const_cast<JourneyState&>(journey), a);
  }
  return out.Take();
}

Result<State> State::Decode(std::span<const uint8_t> bytes) {
  ByteReader in(bytes);
  FieldReader a(&in);
  State state;
  if (in.U8() != kStateVersion) return Corrupt("the state's version is not one that is known");
  std::map<EntryId, Entry> entries;
  std::map<Ordinal, Customer> customers;
  a(state.number_, state.time_ms_, state.inputs_to_, state.held_, state.policy_json_,
    state.lost_receipts_, state.last_entry_, state.stock_taken_, state.alarms_, state.addresses_,
    entries, customers, state.touches_);
  for (uint64_t left = in.Varint(); left > 0 && a.ok(); --left) {
    std::string pacer;
    std::vector<int64_t> slots;
    a(pacer, slots);
    state.slots_[pacer] = {slots.begin(), slots.end()};
  }
  for (uint64_t left = in.Varint(); left > 0 && a.ok(); --left) {
    std::vector<std::pair<uint32_t, std::string>> versions;
    a(versions);
    const size_t before = state.journeys_.size();
    for (const auto& [version, json] : versions) TRY(state.Install(json, version));
    if (state.journeys_.size() != before + 1) return Corrupt("a journey without a definition");
    JourneyFields(state.journeys_.back(), a);
    if (!state.journeys_.back().versions.contains(state.journeys_.back().current)) {
      return Corrupt("a journey without its version");
    }
  }
  if (!a.ok() || !in.done()) return Corrupt("the state is cut short");
  state.entries_ = {entries.begin(), entries.end()};
  state.customers_ = {customers.begin(), customers.end()};
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
  state.Rebuild();
  return state;
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
    for (Token& token : entry.tokens) ArmToken(entry, token);
  }
  for (const auto& [key, touch] : touches_) {
    if (touch.outcome != Outcome::kPlanned) continue;
    ready_.emplace(touch.plan.not_before_ms, -journeys_[touch.plan.journey].now().priority, key);
  }
}

}  // namespace waypost::journeys

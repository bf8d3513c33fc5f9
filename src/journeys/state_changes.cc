// What each change does to the state.
#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "base/clock.h"
#include "journeys/state.h"

namespace waypost::journeys {
namespace {

template <typename T, typename V>
void EraseOne(std::vector<T>& from, const V& value) {
  if (const auto found = std::ranges::find(from, value); found != from.end()) from.erase(found);
}

}  // namespace

Result<> State::Do(const change::PhaseSet& c) {
  JourneyState& state = *TRY(JourneyAt(c.journey));
  if (c.phase == Phase::kPaused && state.phase != Phase::kPaused) state.paused_ms = time_ms_;
  if (c.phase == Phase::kRunning) state.watched = {.spent_before = state.spent_money};
  const bool anew = state.phase == Phase::kStopped && c.phase == Phase::kRunning;
  state.phase = c.phase;
  state.phase_reason = c.reason;
  if (c.reason == "journey_ended") state.ended = true;
  if (c.phase == Phase::kStopped || c.phase == Phase::kArchived) {
    for (auto& [place, arms] : state.arms) {
      for (Arm& arm : arms) CancelTimer(arm.timer);
    }
    state.arms.clear();
    state.awaited.clear();
    state.queue.clear();
    state.listings.clear();
    state.open_runs.clear();
  }
  if (anew) ArmJourney(c.journey);
  return {};
}

Result<> State::Do(const change::PolicySet& c) {
  const CheckedPolicy checked = CheckPolicy(c.json);
  if (!checked.policy) return Corrupt("the policy has faults");
  policy_json_ = c.json;
  const bool other_zone = checked.policy->zone != policy_->zone;
  policy_ = checked.policy;
  if (other_zone) TRY(GoByZoneOfBank());
  for (JourneyIndex i = 0; i < journeys_.size(); ++i) {
    std::erase_if(journeys_[i].alarms,
                  [](const auto& alarm) { return alarm.first.first == kUnknownYear; });
    ArmRun(i);  // by its calendar
  }
  return {};
}

Result<> State::Do(const change::HeldSet& c) {
  held_ = c.held;
  return {};
}

Result<> State::Do(const change::Refused& c) {
  ++TRY(JourneyAt(c.journey))->rejects[static_cast<uint8_t>(c.reason)];
  if (c.customer == kNobody) return {};
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
  const auto parent = entries_.find(c.parent);
  entry.entered_as = parent == entries_.end() ? c.customer : parent->second.entered_as;
  entry.entered_ms = time_ms_;
  entry.key = c.key;
  entry.context = c.context;
  entry.parent = c.parent;
  entry.parent_token = c.parent_token;
  entry.depth = c.depth;
  entry.list = c.list;
  entry.wave = c.wave;
  if (Listing* listing = state.FindListing(c.list)) ++listing->inside;
  last_entry_ = std::max(last_entry_, c.entry);
  customers_[c.customer].entries.push_back(c.entry);
  ++state.entered;
  ++state.active;
  ++state.counts[c.version].entered;
  ++state.counts[c.version].active;
  // Of days that may be today somewhere else, should the zone be another by then.
  const int64_t today = state.now().zone.DayOf(time_ms_);
  ++state.entered_on[today];
  state.entered_on.erase(state.entered_on.begin(), state.entered_on.lower_bound(today - 2));
  if (state.now().entry_cap_each > 0) ++state.entered_of[c.each];
  Visits& visits = state.visits[c.customer];
  visits.last_entry_ms = time_ms_;
  const ReentryRule& rule = state.now().reentry;
  if (rule.policy == Reentry::kPerKey && std::ranges::find(visits.keys, c.key) == visits.keys.end())
    visits.keys.push_back(c.key);
  visits.Add(time_ms_, state.most_visits);
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
  StepOutOfLine(entry, *token);
  CancelTimer(token->timer);
  if (arrives && token->node != kNoNode) CountStay(entry, *token, false);
  *token = c.token;
  entry.last_token = std::max(entry.last_token, c.token.id);
  token->timer = TimerWheel::kNone;
  if (arrives) {
    CountAt(entry, token->node, [](NodeCounts& counts) { ++counts.in, ++counts.here; });
    SetVisits(entry, token->node, token->visit);
  }
  ArmToken(entry, *token);
  StepIntoLine(entry, *token);
  return {};
}

Result<> State::Do(const change::TokenGone& c) {
  Entry& entry = *TRY(EntryAt(c.entry));
  Token* token = entry.FindToken(c.token);
  if (!token) return Corrupt("there is no such token");
  CountStay(entry, *token, true);
  CancelTimer(token->timer);
  StepOutOfLine(entry, *token);
  entry.ended_at = token->node;
  entry.tokens.erase(entry.tokens.begin() + (token - entry.tokens.data()));
  return {};
}

Result<> State::Do(const change::NodePassed& c) {
  Entry& entry = *TRY(EntryAt(c.entry));
  const std::vector<Node>& nodes = JourneyOf(entry).nodes;
  if (c.node >= nodes.size() || c.outcome >= nodes[c.node].outcomes.size()) {
    return Corrupt("there is no such outcome");
  }
  CountAt(entry, c.node, [&](NodeCounts& counts) { ++counts.out[c.outcome]; });
  Trace(entry.customer, {.what = TraceLine::What::kPassed,
                         .journey = entry.journey,
                         .entry = entry.id,
                         .node = c.node,
                         .detail = nodes[c.node].outcomes[c.outcome]});
  return {};
}

Result<> State::Do(const change::LateEvent& c) {
  const Entry& entry = *TRY(EntryAt(c.entry));
  Trace(entry.customer, {.what = TraceLine::What::kLateEvent,
                         .journey = entry.journey,
                         .entry = entry.id,
                         .detail = c.event});
  return {};
}

Result<> State::Do(const change::ForkJoined& c) {
  TRY(EntryAt(c.entry))->joined_forks.push_back(c.fork);
  return {};
}

// Where it stood, of several places the one it came to last; else where it went no further.
uint32_t State::CountLeft(const Entry& entry, Exit reason) {
  const auto newest = std::ranges::max_element(
      entry.tokens, {}, [](const Token& token) { return std::pair(token.arrived_ms, token.id); });
  const uint32_t node = newest == entry.tokens.end() ? entry.ended_at : newest->node;
  if (node == kNoNode) return node;
  CountAt(entry, node, [&](NodeCounts& counts) { ++counts.left[static_cast<uint8_t>(reason)]; });
  return node;
}

Result<> State::Do(const change::Left& c) {
  Entry& entry = *TRY(EntryAt(c.entry));
  JourneyState& state = journeys_[entry.journey];
  const uint32_t left_at = CountLeft(entry, c.reason);
  for (Token& token : entry.tokens) {
    CountStay(entry, token, true);
    CancelTimer(token.timer);
    StepOutOfLine(entry, token);
  }
  CancelTimer(entry.timer);
  left_.insert(left_.end(), entry.touches.begin(), entry.touches.end());
  for (const TouchKey& key : entry.touches) {
    if (const auto touch = touches_.find(key); Recalls(c.reason) && touch != touches_.end()) {
      touch->second.recalled = true;
    }
  }
  WatchGoal(entry, c.reason);
  VersionCounts& version = state.counts[entry.version];
  --state.active;
  --version.active;
  ++state.exits[static_cast<uint8_t>(c.reason)];
  ++version.exits[static_cast<uint8_t>(c.reason)];
  state.visits[entry.customer].last_exit_ms = time_ms_;
  if (Listing* listing = state.FindListing(entry.list)) --listing->inside;
  EraseOne(customers_[entry.customer].entries, entry.id);
  Trace(entry.customer, {.what = TraceLine::What::kLeft,
                         .journey = entry.journey,
                         .entry = entry.id,
                         .node = left_at,
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
Result<> State::Do(const change::Marked& c) {
  unset_[c.key] = {++sets_, number_ + 1, time_ms_, c.customer, c.attribute, c.value, c.adds};
  tellings_.Add({number_ + 1, c.key, {}});
  return {};
}

Result<> State::Do(const change::TouchPlanned& c) {
  JourneyState& state = *TRY(JourneyAt(c.journey));
  if (touches_.contains(c.key)) return Corrupt("a message is planned twice");
  Touch& touch = touches_[c.key] = {.plan = c,
                                    .version = state.current,
                                    .planned_ms = time_ms_,
                                    .reached = {},
                                    .why = c.why,
                                    .shared = {}};
  ready_[c.channel].insert(PlaceOf(touch));
  unsettled_[Outcome::kPlanned].insert(c.key);
  if (const auto entry = entries_.find(c.entry); entry != entries_.end()) {
    entry->second.touches.push_back(c.key);
    touch.version = entry->second.version;
  }
  const std::vector<Node>& nodes = state.versions.at(touch.version)->nodes;
  if (c.node >= nodes.size()) return Corrupt("a message of no node");
  touch.node = nodes[c.node].id;
  if (c.counts) {
    const TouchMark mark{c.key, time_ms_, c.journey, c.channel, c.category, c.tags};
    const auto keep = [&](std::vector<TouchMark>& marks) {
      std::erase_if(
          marks, [&](const TouchMark& m) { return m.time_ms <= time_ms_ - policy_->counted_ms; });
      marks.push_back(mark);
    };
    keep(customers_[c.customer].marks);
    touch.shared.push_back(AddressKey(c.channel, c.address));
    for (const auto& [named_by, account] : c.accounts)
      touch.shared.push_back(AccountKey(named_by, account));
    for (const SharedKey key : touch.shared) {
      keep(shared_[key]);
      shared_since_.emplace_back(time_ms_, key);
    }
  }
  state.spent_money += c.price;
  state.counts[touch.version].spent += c.price;
  Watch(c.journey);
  ++state.spent_sends;
  ++state.counts[touch.version].sends;
  if (!c.benefit.empty()) ++stock_taken_[c.benefit];
  if (!c.unit.empty()) SpendOf(&touch);
  TakeSlots(c, {}, c.not_before_ms);
  CountAt(c.journey, touch.version, touch.node,
          [](NodeCounts& counts) { ++counts.outcomes[static_cast<uint8_t>(Outcome::kPlanned)]; });
  TraceTouch(touch, TraceLine::What::kSent, Outcome::kPlanned, c.channel + ": " + c.why);
  return {};
}

// Days that no budget asks of any more are forgotten.
void State::SpendOf(Touch* touch) {
  touch->spent_on = policy_->zone.DayOf(time_ms_);
  std::map<int64_t, Spent>& days = spent_[touch->plan.unit];
  days.erase(days.begin(), days.lower_bound(touch->spent_on - 31));
  Spent& spent = days[touch->spent_on];
  ++spent.sends;
  spent.money += touch->plan.price;
}

void State::SpendBack(const Touch& touch) {
  const auto days = spent_.find(touch.plan.unit);
  if (days == spent_.end()) return;
  const auto day = days->second.find(touch.spent_on);
  if (day == days->second.end()) return;
  --day->second.sends;
  day->second.money -= touch.plan.price;
}

std::vector<Pacer> State::PacersOf(const std::string& channel, std::optional<JourneyIndex> journey,
                                   const std::string& unit) const {
  std::vector<Pacer> pacers{{"channel " + channel, policy_->RuleOf(channel).per_second}};
  if (journey) {
    const JourneyState& of = journeys_[*journey];
    pacers.push_back({"journey " + of.id, of.now().sends_per_second});
  }
  const auto& paces = policy_->RulesOfUnit(unit).per_second;
  if (const auto pace = paces.find(channel); pace != paces.end())
    pacers.push_back({"unit " + channel + " " + unit, pace->second});
  std::erase_if(pacers, [](const Pacer& pacer) { return pacer.per_second == 0; });
  return pacers;
}

void State::TakeSlots(const change::TouchPlanned& plan, std::string_view of, int64_t at_ms) {
  for (const Pacer& pacer : PacersOf(plan.channel, plan.journey, plan.unit)) {
    std::deque<int64_t>& slots = slots_[std::string(of) + pacer.name];
    slots.push_back(at_ms);
    while (slots.size() > pacer.per_second) slots.pop_front();
  }
}

// Whether what is known of the journey now breaks a guardrail.
void State::Watch(JourneyIndex index) {
  const JourneyState& state = journeys_[index];
  const Guardrails& limits = state.now().guardrails;
  const Watched& seen = state.watched;
  if (state.phase != Phase::kRunning) return;
  const auto share = [&](std::string_view of, uint64_t count, uint32_t most) {
    if (most == 0 || seen.messages < limits.after || count * 10'000 <= most * seen.messages) return;
    broken_[index] = fmt::format("guardrail: {} {} of {} messages, more than {}%", of, count,
                                 seen.messages, most / 100.0);
  };
  share("failed", seen.failed, limits.failed);
  share("opted_out", seen.opted_out, limits.opted_out);
  const int64_t spent = state.spent_money - seen.spent_before;
  if (limits.spend > 0 && spent > limits.spend) {
    broken_[index] =
        fmt::format("guardrail: spend {}, more than {}", spent / 10'000.0, limits.spend / 10'000.0);
  }
}

void State::Watch(JourneyIndex index, Outcome outcome) {
  Watched& watched = journeys_[index].watched;
  const bool unmade = outcome == Outcome::kRenderError;
  if (unmade || outcome == Outcome::kClaimed) ++watched.messages;
  if (unmade || outcome == Outcome::kRejected || outcome == Outcome::kBounced) ++watched.failed;
  Watch(index);
}

// What it had reserved is free again.
void State::Release(const Touch& touch) {
  const auto drop = [&](std::vector<TouchMark>& marks) {
    std::erase_if(marks, [&](const TouchMark& mark) { return mark.key == touch.plan.key; });
  };
  const auto customer = customers_.find(Now(touch.plan.customer));
  if (customer != customers_.end()) drop(customer->second.marks);
  for (const SharedKey key : touch.shared) {
    const auto shared = shared_.find(key);
    if (shared == shared_.end()) continue;
    drop(shared->second);
    if (shared->second.empty()) shared_.erase(shared);
  }
  JourneyState& state = journeys_[touch.plan.journey];
  state.spent_money -= touch.plan.price;
  --state.spent_sends;
  state.counts[touch.version].spent -= touch.plan.price;
  --state.counts[touch.version].sends;
  if (!touch.plan.benefit.empty()) --stock_taken_[touch.plan.benefit];
  if (!touch.plan.unit.empty()) SpendBack(touch);
}

State::Ready::value_type State::PlaceOf(const Touch& touch) const {
  return {touch.plan.not_before_ms,
          TurnOf(journeys_[touch.plan.journey].now(), touch.plan.expires_ms), touch.plan.key};
}

void State::SetOutcome(Touch& touch, Outcome outcome, std::optional<int64_t> not_before_ms) {
  const TouchKey& key = touch.plan.key;
  Ready& ready = ready_[touch.plan.channel];
  if (touch.outcome == Outcome::kPlanned) ready.erase(PlaceOf(touch));
  if (IsUnsettled(touch.outcome)) unsettled_[touch.outcome].erase(key);
  touch.outcome = outcome;
  if (not_before_ms) touch.plan.not_before_ms = *not_before_ms;
  if (outcome == Outcome::kPlanned) ready.insert(PlaceOf(touch));
  if (IsUnsettled(outcome)) unsettled_[outcome].insert(key);
}

Result<> State::Do(const change::TouchMoved& c) {
  const auto found = touches_.find(c.key);
  if (found == touches_.end()) return Corrupt("there is no such message");
  Touch& touch = found->second;
  const bool free_before = NeverHappened(touch.outcome), free_now = NeverHappened(c.outcome);
  SetOutcome(touch, c.outcome);
  if (c.outcome == Outcome::kClaimed) {
    TakeSlots(touch.plan, kClaimSlots, time_ms_);
    ++touch.tries;
    if (policy_->RuleOf(touch.plan.channel).tries_a_day > 0) {
      DayTries& day_tries = day_tries_[c.key];
      const int64_t day = journeys_[touch.plan.journey].now().zone.DayOf(time_ms_);
      if (day_tries.day != day) day_tries = {day, 0};
      ++day_tries.tries;
    }
  } else if (!IsUnsettled(c.outcome)) {
    day_tries_.erase(c.key);
  }
  touch.moved_ms = time_ms_;
  if (!touch.erased) touch.why = c.why;
  moved_.emplace_back(time_ms_, c.key);
  const auto reached = touch.reached | std::views::keys;
  const bool handed_over = WasHandedOver(c.outcome) && std::ranges::none_of(reached, WasHandedOver);
  if (std::ranges::find(reached, c.outcome) == reached.end()) {
    const bool told = std::ranges::find(reached, EventOf(c.outcome), EventOf) != reached.end();
    touch.reached.emplace_back(c.outcome, time_ms_);
    CountAt(touch.plan.journey, touch.version, touch.node,
            [&](NodeCounts& counts) { ++counts.outcomes[static_cast<uint8_t>(c.outcome)]; });
    Watch(touch.plan.journey, c.outcome);
    if (!told && !EventOf(c.outcome).empty() && !touch.erased) {
      untold_[{c.key, c.outcome}] = {number_ + 1, time_ms_};
      tellings_.Add({number_ + 1, c.key, c.outcome});
    }
  }
  if (free_now && !free_before) Release(touch);
  if (touch.erased) return {};
  TraceTouch(touch, TraceLine::What::kMoved, c.outcome, c.why, handed_over);
  return {};
}

Result<> State::Do(const change::Denied& c) {
  Entry& entry = *TRY(EntryAt(c.entry));
  if (c.node >= JourneyOf(entry).nodes.size()) return Corrupt("there is no such node");
  CountAt(entry, c.node,
          [&](NodeCounts& counts) { ++counts.outcomes[static_cast<uint8_t>(c.outcome)]; });
  Watch(entry.journey, c.outcome);
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

// Each journey that sent the customer something lately lost one.
void State::BlameFor(const Customer& customer) {
  std::set<JourneyIndex> blamed;
  for (const TouchMark& mark : customer.marks) {
    if (mark.time_ms > time_ms_ - kBlamedMs) blamed.insert(mark.journey);
  }
  for (const JourneyIndex journey : blamed) {
    ++journeys_[journey].watched.opted_out;
    Watch(journey);
  }
}

Result<> State::Do(const change::ConsentSet& c) {
  Customer& customer = customers_[c.customer];
  const auto [known, news] = customer.consents.try_emplace({c.channel, c.purpose}, true);
  if (known->second && !c.allowed) BlameFor(customer);
  known->second = c.allowed;
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
  TRY(JourneyAt(c.journey))
      ->requests.Add(c.request, {c.body, c.entry, c.reason, c.awaited, time_ms_});
  return {};
}

Result<> State::Do(const change::Queued& c) {
  TRY(JourneyAt(c.journey))->queue.push_back(c.who);
  return {};
}

Result<> State::Do(const change::QueueTaken& c) {
  JourneyState& state = *TRY(JourneyAt(c.journey));
  const size_t taken = std::min<size_t>(c.count, state.queue.size());
  state.queue.erase(state.queue.begin(), state.queue.begin() + static_cast<ptrdiff_t>(taken));
  state.queue_next_ms = c.next_ms;
  ArmQueue(c.journey);
  return {};
}

Result<> State::Do(const change::AlarmRaised& c) {
  ++alarms_[c.what];
  if (c.journey == kNoJourney) return {};
  Alarm& alarm = TRY(JourneyAt(c.journey))->alarms[{c.what, c.node}];
  if (alarm.count++ == 0) alarm.first_ms = time_ms_;
  alarm.last_ms = time_ms_;
  alarm.detail = c.detail;
  return {};
}

Result<> State::Do(const change::TrialSet& c) {
  Trial& trial = *TRY(TrialAt(c.journey, c.node));
  if (c.winner >= trial.arms.size()) return Corrupt("there is no such way");
  trial.ends_ms = c.ends_ms;
  trial.over = c.over;
  trial.decided = c.decided;
  trial.winner = c.winner;
  trial.end = c.end;
  if (!c.over) ArmJourney(c.journey);
  return {};
}

Result<> State::Do(const change::TrialGiven& c) {
  Trial& trial = *TRY(TrialAt(c.journey, c.node));
  if (c.arm >= trial.arms.size()) return Corrupt("there is no such way");
  if (!trial.given.try_emplace(c.customer, 2 * c.arm).second) return {};
  ++trial.arms[c.arm].entered;
  Expect(SharesOf(journeys_[c.journey], c.node, c.version), 1, &trial.arms);
  return {};
}

Result<> State::Do(const change::TrialConverted& c) {
  Trial& trial = *TRY(TrialAt(c.journey, c.node));
  const auto given = trial.given.find(c.customer);
  if (given == trial.given.end() || given->second / 2 >= trial.arms.size()) {
    return Corrupt("the customer was given no way");
  }
  if (given->second % 2 == 0) ++trial.arms[given->second++ / 2].converted;
  return {};
}

Result<> State::Do(const change::TouchPutBack& c) {
  const auto found = touches_.find(c.key);
  if (found == touches_.end()) return Corrupt("there is no such message");
  Touch& touch = found->second;
  if (c.not_before_ms <= time_ms_ && touch.tries > 0) --touch.tries;
  touch.moved_ms = time_ms_;
  touch.why = c.why;
  SetOutcome(touch, Outcome::kPlanned, c.not_before_ms);
  TraceTouch(touch, TraceLine::What::kMoved, Outcome::kPlanned, c.why);
  return {};
}

}  // namespace waypost::journeys

// Moving through the graph: what each kind of node does with a token.
#include <algorithm>

#include "base/clock.h"
#include "journeys/machine.h"
#include "model/time_text.h"

namespace waypost::journeys {
namespace {

// A token that passes this many nodes at once goes round in a circle.
constexpr int kMaxNodesAtOnce = 2'000;
constexpr uint32_t kMaxCallDepth = 5;
constexpr int kMaxOffsetYears = 10;  // of days and months from a date

// Why a token ends that leaves by an outcome nothing is connected to.
Exit ReasonFor(const Node& node, size_t outcome) {
  const std::string& name = node.outcomes[outcome];
  if (node.kind == NodeKind::kSplit && name == "else") return Exit::kNoBranch;
  if (node.asks() && name == "error") return Exit::kError;
  if (node.kind == NodeKind::kWait && name == "no_date") return Exit::kKeyDateMissing;
  if (node.kind == NodeKind::kWait && name == "past") return Exit::kKeyDatePast;
  if (node.kind == NodeKind::kChain) {
    return name == "exhausted" ? Exit::kExhausted : Exit::kCompleted;
  }
  return Exit::kDeadEnd;
}

}  // namespace

void Machine::PlaceAt(EntryId id, Token token, uint32_t node) {
  token.node = node;
  token.visit = EntryOf(id).VisitsOf(node) + 1;
  token.step = 0;
  token.state = TokenState::kRunning;
  token.arrived_ms = now();
  token.due_ms = kNever;
  token.hold_since_ms = 0;
  token.held_already = 0;
  token.stood_ms = 0;
  Do(change::TokenSet{id, std::move(token)});
}

void Machine::Run(EntryId id, uint32_t token_id) {
  for (int steps = 0; steps < kMaxNodesAtOnce; ++steps) {
    const std::optional<size_t> outcome = Execute(id, token_id);
    if (!outcome || !Pass(id, token_id, *outcome)) return;
  }
  Leave(id, Exit::kLoopLimit);
}

bool Machine::Pass(EntryId id, uint32_t token_id, size_t outcome) {
  const Entry& entry = EntryOf(id);
  const Token token = *entry.FindToken(token_id);
  const Node& node = state_.JourneyOf(entry).nodes[token.node];
  Do(change::NodePassed{id, token.node, static_cast<uint32_t>(outcome)});
  if (node.next[outcome] == kNoNode) {
    EndToken(id, token_id, ReasonFor(node, outcome));
    return false;
  }
  PlaceAt(id, token, node.next[outcome]);
  return true;
}

void Machine::EndToken(EntryId id, uint32_t token_id, Exit reason) {
  Do(change::TokenGone{id, token_id});
  if (EntryOf(id).tokens.empty()) {
    Leave(id, reason);
  } else {
    SettleJoins(id);
  }
}

std::optional<size_t> Machine::Rest(EntryId id, Token token, int64_t due_ms, TokenState state) {
  token.state = state;
  token.due_ms = due_ms;
  Do(change::TokenSet{id, std::move(token)});
  return {};
}

std::optional<size_t> Machine::Execute(EntryId id, uint32_t token_id) {
  const Entry& entry = EntryOf(id);
  const Token token = *entry.FindToken(token_id);
  const Journey& definition = state_.JourneyOf(entry);
  const Node& node = definition.nodes[token.node];
  switch (node.kind) {
    case NodeKind::kEntry:
      return 0;
    case NodeKind::kWait:
      return Wait(id, token, node);
    case NodeKind::kWaitEvent:
      return WaitEvent(id, token, node);
    case NodeKind::kJudge:
    case NodeKind::kSplit:
      return Ask(entry, node);
    case NodeKind::kRatio:
      return Choose(entry, token, node);
    case NodeKind::kTimeSplit:
      AlarmOfYears(entry.journey, node, ZoneOf(entry.customer, definition, state_.policy(), world_),
                   true);
      return Choose(entry, token, node);
    case NodeKind::kSend:
      return Send(id, token, node);
    case NodeKind::kChain:
      return Chain(id, token, node);
    case NodeKind::kSet:
      Set(id, token, node);
      return 0;
    case NodeKind::kList:
      Do(change::Enlisted{entry.customer, KeyOf(entry, token.node, token.visit, 0), node.list,
                          !node.takes_off});
      return 0;
    case NodeKind::kFork:
      Fork(id, token, node);
      return {};
    case NodeKind::kJoin:
      return Join(id, token);
    case NodeKind::kLoop:
      return token.visit <= node.max_visits ? 0 : 1;
    case NodeKind::kCall:
      return Call(id, token, node);
    case NodeKind::kExperiment:
      return Experiment(id, token, node);
    case NodeKind::kRate:
      return StandInLine(id, token, node);
    case NodeKind::kExit:
      EndToken(id, token_id, Exit::kCompleted);
      return {};
  }
  return {};
}

// A year that is not known has neither working days nor days off (holidays.h).
void Machine::AlarmOfYears(JourneyIndex journey, const Node& node, Zone zone, bool found) {
  if (!GoesByWorkingDays(node)) return;
  const Holidays& holidays = state_.policy().holidays;
  int year = ToCivil(zone.DayOf(now())).year;
  if (!found && holidays.KnowsYear(year)) ++year;
  if (!holidays.KnowsYear(year))
    Do(change::AlarmRaised{std::string(kUnknownYear), journey, node.id, std::to_string(year)});
}

// Of runs that working days move: there are no more until the year is known.
void Machine::AlarmOfNextRun(JourneyIndex journey) {
  const Journey& definition = state_.journeys()[journey].now();
  const Schedule& schedule = definition.entry.schedule;
  if (definition.entry.kind != EntryKind::kBatch || schedule.adjust == Adjust::kNone) return;
  if (schedule.every == Schedule::Every::kOnce && !state_.journeys()[journey].runs.empty()) return;
  const Holidays& holidays = state_.policy().holidays;
  const int64_t from = state_.journeys()[journey].next_from_ms;
  if (NextOccurrence(schedule, from, definition.zone, holidays)) return;
  int year = ToCivil(definition.zone.DayOf(now())).year;
  if (holidays.KnowsYear(year)) ++year;
  if (!holidays.KnowsYear(year))
    Do(change::AlarmRaised{std::string(kUnknownYear), journey, {}, std::to_string(year)});
}

std::optional<size_t> Machine::Wait(EntryId id, const Token& token, const Node& node,
                                    std::optional<int64_t> from_ms) {
  if (!node.date_attribute.empty()) return WaitForDate(id, token, node);
  const Entry& entry = EntryOf(id);
  const Journey& definition = state_.JourneyOf(entry);
  bool invalid = false;
  const Zone zone = ZoneOf(entry.customer, definition, state_.policy(), world_, &invalid);
  if (invalid) Do(change::AlarmRaised{"tz_invalid", entry.journey, node.id, {}});
  int64_t due = now();
  if (!node.span.empty()) {
    due = SpanEnd(token, node, zone);
    if (StandsStill(entry)) return Rest(id, token, due);
  } else if (node.time_of_day) {
    due = NextLocalTime(from_ms.value_or(now()), *node.time_of_day, zone);
  } else {
    const auto next = NextInWindows(now(), node.windows, zone, state_.policy().holidays);
    AlarmOfYears(entry.journey, node, zone, next.has_value());
    due = next.value_or(kNever);
  }
  if (due <= now()) return 0;
  if (token.state == TokenState::kWaiting && token.due_ms == due) return {};
  return Rest(id, token, due);
}

std::optional<size_t> Machine::WaitForDate(EntryId id, const Token& token, const Node& node) {
  const Entry& entry = EntryOf(id);
  const Journey& definition = state_.JourneyOf(entry);
  const Zone zone = ZoneOf(entry.customer, definition, state_.policy(), world_);
  const std::optional<std::string> text =
      world_.customers.Attribute(entry.customer, node.date_attribute);
  std::optional<int64_t> day = text ? ParseDate(*text) : std::nullopt;
  if (!day && text) {
    if (const std::optional<WrittenTime> time = ParseDateTime(*text)) {
      day = zone.DayOf(time->offset_minutes ? time->UtcMs() : zone.ToInstant(time->wall_ms));
    }
  }
  if (!day) return node.OutcomeIndex("no_date");
  const auto due_on = [&](int64_t date) {
    return zone.ToInstant((AddMonths(date, node.offset_months) + node.offset_days) * kDayMs +
                          node.time_of_day.value_or(0));
  };
  if (node.round.every != ComesRound::Every::kOnce) {
    const int year = ToCivil(zone.DayOf(now())).year, reach = 2 + kMaxOffsetYears;
    for (const int64_t date : Anniversaries(*day, node.round, year - reach, year + reach)) {
      if (due_on(date) == now()) return 0;
      if (due_on(date) > now()) return Rest(id, token, due_on(date));
    }
    return node.OutcomeIndex("no_date");
  }
  int64_t due = due_on(*day);
  if (due < now()) {
    if (node.on_past == OnPast::kNow) return 0;
    if (node.on_past == OnPast::kSkip) return node.OutcomeIndex("past");
    for (int year = 1; due < now(); ++year) due = due_on(AddMonths(*day, 12 * year));
  }
  if (due == now()) return 0;
  return Rest(id, token, due);
}

bool Machine::HasDone(const Entry& entry, const Deed& deed, int64_t after_ms,
                      int64_t until_ms) const {
  const auto done = [&](int64_t after, int64_t until) {
    return after < until && world_.customers.HasDone(entry.customer, deed, after, until);
  };
  const int64_t in_ms = entry.entered_ms;
  const EntryRule& rule = state_.JourneyOf(entry).entry;
  const bool let_him_in =
      entry.depth > 0 || (rule.kind == EntryKind::kEvent && rule.on.event == deed.event);
  if (!let_him_in || after_ms >= in_ms) return done(after_ms, until_ms);
  return done(after_ms, std::min(in_ms - 1, until_ms)) || done(in_ms, until_ms);
}

// What happened between the message and now was kept, so that nothing falls into the gap. So was
// what happened since the token came, which is asked about when the node is another one now.
std::optional<size_t> Machine::WaitEvent(EntryId id, Token token, const Node& node) {
  const Entry& entry = EntryOf(id);
  const Journey& definition = state_.JourneyOf(entry);
  int64_t since = token.arrived_ms;  // exclusive: what brought him here is not what he waits for
  const int64_t due =
      SpanEnd(token, node, ZoneOf(entry.customer, definition, state_.policy(), world_));
  if (node.since == Since::kJourneyEntry) since = entry.entered_ms - 1;
  if (node.since == Since::kLookback) since = token.arrived_ms - node.lookback.RoughMs();
  if (node.since == Since::kTouch && !entry.touches.empty()) {
    since = state_.FindTouch(entry.touches.back())->planned_ms;
  }
  const auto done = [&](const Branch& branch) {
    if (branch.receipt) {
      return std::ranges::any_of(entry.touches, [&](const TouchKey& key) {
        const Outcome outcome = state_.FindTouch(key)->outcome;
        return WasHandedOver(outcome) && outcome >= *branch.receipt;
      });
    }
    Deed deed{branch.match.event, branch.match.where, {}, {}};
    if (node.correlated) {
      deed.property = definition.entry.key;
      deed.value = entry.key;
    }
    return HasDone(entry, deed, since, std::min(due, now()));
  };
  token.held_already = 0;
  for (size_t i = 0; i < node.branches.size(); ++i) {
    const Branch& branch = node.branches[i];
    if (branch.match.of_customer()) {
      if (world_.conditions.Test(branch.match.where, FactsOf(entry)) != Truth::kYes) continue;
      if (!node.accept_current) {
        token.held_already |= 1u << i;
        continue;
      }
    } else if (!done(branch)) {
      continue;
    }
    if (!node.ranked) return i;
    const auto place = static_cast<uint32_t>(i + 1);
    token.step = token.step == 0 ? place : std::min(token.step, place);
    break;
  }
  return Rest(id, token, due);
}

// The first that holds. A value that is missing is neither yes nor no; what cannot be told at all
// is neither either, and somebody has to look after it.
size_t Machine::Ask(const Entry& entry, const Node& node) {
  const bool one = node.kind == NodeKind::kJudge;
  const size_t count = one ? 1 : node.branches.size();
  for (size_t i = 0; i < count; ++i) {
    const std::string& condition = one ? node.condition : node.branches[i].match.where;
    const Truth holds = world_.conditions.Test(condition, FactsOf(entry));
    if (holds == Truth::kYes) return i;
    if (holds != Truth::kError) continue;
    Do(change::AlarmRaised{"condition_failed", entry.journey, node.id, condition});
    return node.OutcomeIndex("error");
  }
  return count;
}

size_t Machine::Choose(const Entry& entry, const Token& token, const Node& node) const {
  const Journey& definition = state_.JourneyOf(entry);
  switch (node.kind) {
    case NodeKind::kTimeSplit:
      return InWindows(now(), node.windows,
                       ZoneOf(entry.customer, definition, state_.policy(), world_),
                       state_.policy().holidays)
                 ? 0
                 : 1;
    case NodeKind::kRatio: {
      uint32_t bucket =
          node.random ? static_cast<uint32_t>(KeyOf(entry, token.node, token.visit, 0).low % 10'000)
                      : BucketOf(entry.customer, definition.id, node.id);
      for (size_t i = 0; i + 1 < node.branches.size(); ++i) {
        if (bucket < node.branches[i].share) return i;
        bucket -= node.branches[i].share;
      }
      return node.branches.size() - 1;
    }
    default:
      return 0;
  }
}

void Machine::Set(EntryId id, const Token& token, const Node& node) {
  for (uint32_t i = 0; i < node.settings.size(); ++i) {
    const auto& [attribute, value, adds] = node.settings[i];
    const Entry& entry = EntryOf(id);
    const TouchKey key = KeyOf(entry, token.node, token.visit, i);
    const Ordinal customer = entry.customer;
    Do(change::ContextSet{id, attribute, adds ? SumOf(entry, token, node.settings[i]) : value});
    Do(change::Marked{customer, key, attribute, value, adds});
  }
}

// As the entry left it where the log does not have that yet, else as the customer has it.
std::string Machine::SumOf(const Entry& entry, const Token& token, const Setting& added) const {
  const Journey& definition = state_.JourneyOf(entry);
  bool is_pending = false;
  for (uint32_t n = 0; n < definition.nodes.size(); ++n) {
    const std::vector<Setting>& settings = definition.nodes[n].settings;
    const uint32_t visit = n == token.node ? token.visit - 1 : entry.VisitsOf(n);
    for (uint32_t i = 0; i < settings.size(); ++i) {
      is_pending = is_pending || (settings[i].attribute == added.attribute &&
                                  state_.unset().contains(KeyOf(entry, n, visit, i)));
    }
  }
  std::string before;
  if (is_pending) {
    before = FindProperty(entry.context, added.attribute).value_or("");
  } else {
    before = world_.customers.Attribute(entry.customer, added.attribute).value_or("");
  }
  return NumberText(NumberOf(before).value_or(0) + *NumberOf(added.value));
}

void Machine::Fork(EntryId id, Token token, const Node& node) {
  const uint32_t fork = EntryOf(id).last_token + 1;
  const uint32_t from = token.node;
  std::vector<uint32_t> born;
  for (size_t i = 0; i < node.next.size(); ++i) {
    Do(change::NodePassed{id, from, static_cast<uint32_t>(i)});
    if (node.next[i] == kNoNode) continue;
    Token branch = token;
    branch.id = fork + static_cast<uint32_t>(i);
    branch.forks.push_back(fork);
    born.push_back(branch.id);
    PlaceAt(id, branch, node.next[i]);
  }
  EndToken(id, token.id, Exit::kDeadEnd);
  for (const uint32_t one : born) {
    const Entry* entry = state_.FindEntry(id);
    if (!entry) return;
    if (entry->FindToken(one)) Run(id, one);
  }
}

std::optional<size_t> Machine::Join(EntryId id, const Token& token) {
  const Entry& entry = EntryOf(id);
  const Journey& definition = state_.JourneyOf(entry);
  const Node& node = definition.nodes[token.node];
  if (token.forks.empty()) return 0;  // it came from a version without the fork
  const uint32_t fork = token.forks.back();
  if (std::ranges::find(entry.joined_forks, fork) != entry.joined_forks.end()) {
    EndToken(id, token.id, Exit::kCompleted);
    return {};
  }
  int64_t due = node.span.empty() ? kNever : AddSpan(now(), node.span, definition.zone);
  for (const Token& other : entry.tokens) {
    if (other.id != token.id && other.node == token.node && other.state == TokenState::kWaiting &&
        other.forks == token.forks) {
      due = std::min(due, other.due_ms);
    }
  }
  Rest(id, token, due);
  SettleJoins(id);
  return {};
}

// Tokens that died are not waited for, and neither are those that wait at another join for the same
// fork, so a join cannot hang.
void Machine::SettleJoins(EntryId id) {
  const Entry& entry = EntryOf(id);
  if (IsPaused(entry.journey)) return;  // taken up when it goes on
  const Journey& definition = state_.JourneyOf(entry);
  for (const Token& token : entry.tokens) {
    const Node& node = definition.nodes[token.node];
    if (node.kind != NodeKind::kJoin || token.state != TokenState::kWaiting) continue;
    const uint32_t fork = token.forks.back();
    size_t alive = 0, arrived = 0;
    for (const Token& other : entry.tokens) {
      if (std::ranges::find(other.forks, fork) == other.forks.end()) continue;
      const bool joins = definition.nodes[other.node].kind == NodeKind::kJoin &&
                         other.state == TokenState::kWaiting && other.forks.back() == fork;
      if (joins && other.node != token.node) continue;
      ++alive;
      arrived += joins;
    }
    if (arrived < alive && (node.join_count == 0 || arrived < node.join_count)) continue;
    ReleaseJoin(id, fork, token.node);
    if (state_.FindEntry(id)) SettleJoins(id);
    return;
  }
}

void Machine::ReleaseJoin(EntryId id, uint32_t fork, uint32_t node) {
  Do(change::ForkJoined{id, fork});
  std::vector<Token> arrived;
  for (const Token& token : EntryOf(id).tokens) {
    if (token.node == node && token.state == TokenState::kWaiting && token.forks.back() == fork) {
      arrived.push_back(token);
    }
  }
  for (size_t i = 1; i < arrived.size(); ++i) Do(change::TokenGone{id, arrived[i].id});
  Token going = arrived.front();
  going.forks.pop_back();
  going.state = TokenState::kRunning;
  going.due_ms = kNever;
  Do(change::TokenSet{id, going});
  Go(id, going.id, 0);
}

// What is not there is not carried.
Properties Machine::Carried(const Properties& context, const std::vector<Passed>& passed) {
  Properties carried;
  for (const Passed& one : passed) {
    const auto value = FindProperty(context, one.from);
    if (value) carried.emplace_back(one.as, *value);
  }
  return carried;
}

std::optional<size_t> Machine::Call(EntryId id, const Token& token, const Node& node) {
  const Entry& entry = EntryOf(id);
  const std::optional<JourneyIndex> child = state_.FindJourney(node.journey);
  if (!child || entry.depth >= kMaxCallDepth) {
    Do(change::ContextSet{id, "child_exit", "not_entered"});
    return 0;
  }
  const Ordinal customer = entry.customer;
  const Properties context = node.in.empty() ? entry.context : Carried(entry.context, node.in);
  const std::string& key_name = state_.journeys()[*child].now().entry.key;
  const std::string key(FindProperty(context, key_name).value_or(""));
  const uint32_t depth = entry.depth + 1;
  if (!node.wait_for_child) {
    TryEnter(*child, customer, key, context, {.depth = depth});
    return 0;
  }
  Rest(id, token, AddSpan(now(), node.span, state_.JourneyOf(entry).zone));
  const EnterReply reply = TryEnter(*child, customer, key, context, {id, token.id, depth});
  if (reply.entry != 0 || reply.awaited) return {};
  Do(change::ContextSet{id, "child_exit", std::string(NameOf(reply.reason))});
  return 0;
}

// Who comes while others wait, waits behind them.
std::optional<size_t> Machine::StandInLine(EntryId id, Token token, const Node& node) {
  const JourneyIndex journey = EntryOf(id).journey;
  const auto& lines = state_.journeys()[journey].lines;
  const auto line = lines.find(node.id);
  const bool first = line == lines.end() || line->second.waiting.empty();
  if (first && state_.NextInLine(journey, node.id) <= now()) {
    Do(change::LinePassed{journey, node.id});
    return 0;
  }
  token.step = line->second.last_place + 1;
  return Rest(id, token, kNever);
}

// Lets through who may go now. Who goes on may come to a line again, and waits at its end.
void Machine::FireLines(JourneyIndex journey) {
  if (IsPaused(journey)) return;  // taken up when it goes on
  const std::map<std::string, Line>& lines = state_.journeys()[journey].lines;
  for (auto line = lines.begin(); line != lines.end(); ++line) {
    const std::string& node = line->first;
    while (!line->second.waiting.empty() && state_.NextInLine(journey, node) <= now()) {
      const auto [place, entry, token] = *line->second.waiting.begin();
      Do(change::LinePassed{journey, node});
      Go(entry, token, 0);
    }
  }
}

void Machine::FireToken(EntryId id, uint32_t token_id) {
  const Entry& entry = EntryOf(id);
  if (IsPaused(entry.journey)) return;  // taken up when it goes on
  const Token token = *entry.FindToken(token_id);
  if (token.state == TokenState::kRunning) return Run(id, token_id);  // put here in a pause
  const Node& node = state_.JourneyOf(entry).nodes[token.node];
  switch (node.kind) {
    case NodeKind::kWait:
      return IsTooLate(entry, token) ? FollowLate(id, token) : Go(id, token_id, 0);
    case NodeKind::kWaitEvent:
    case NodeKind::kCall:
      return Go(id, token_id, OverBy(node, token));
    case NodeKind::kJoin:
      return ReleaseJoin(id, token.forks.back(), token.node);
    case NodeKind::kSend:
      if (const std::optional<size_t> outcome = Send(id, token, node)) Go(id, token_id, *outcome);
      return;
    case NodeKind::kChain: {
      Token next = token;
      if (token.state == TokenState::kWaiting) ++next.step;  // its time is over
      if (const std::optional<size_t> outcome = Chain(id, next, node)) Go(id, token_id, *outcome);
      return;
    }
    default:
      return;
  }
}

}  // namespace waypost::journeys

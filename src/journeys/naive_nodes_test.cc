// What the naive interpreter does at each kind of node.
#include "journeys/naive_interpreter.h"

namespace waypost::journeys {

void Naive::Arrive(Place at) {
  const Node& node = at.node();
  Token& token = *at.token;
  token.arrived_ms = now_;
  switch (node.kind) {
    case NodeKind::kExit:
      return End(at, "completed");
    case NodeKind::kFork:
      return Fork(at);
    case NodeKind::kJoin:
      return Join(at);
    case NodeKind::kWait:
      if (!node.date_attribute.empty()) return WaitForDate(at);
      token.due_ms = node.span.ms > 0 ? now_ + node.span.ms : NextTime(node);
      if (token.due_ms == now_) return GoOn(at, 0);
      return;
    case NodeKind::kWaitEvent:
      return WaitForEvent(at);
    case NodeKind::kTimeSplit:
      return GoOn(at, IsOpen(node.windows, now_) ? 0 : 1);
    case NodeKind::kLoop:
      return GoOn(at, ++at.visit->rounds[token.node] <= node.max_visits ? 0 : 1);
    case NodeKind::kJudge:
      return GoOn(at, IsRich(customer_) ? 0 : 1);
    case NodeKind::kRatio:
      return GoOn(
          at, BucketOf(customer_, at.visit->journey->id, node.id) < node.branches[0].share ? 0 : 1);
    case NodeKind::kSend:
      token.tries_since = now_;
      return Say(at);
    case NodeKind::kChain:
      return Try(at);
    case NodeKind::kCall:
      return Call(at);
    default:
      return GoOn(at, 0);
  }
}

void Naive::WaitForEvent(Place at) {
  const Node& node = at.node();
  at.token->due_ms = at.token->arrived_ms + node.span.ms + at.token->stood_ms;
  at.token->held_already = member_;
  for (size_t i = 0; i < node.branches.size(); ++i) {
    if (HoldsAlready(at, node.branches[i])) return TakeBranch(at, i);
  }
}

// In a pause nothing is over yet.
void Naive::WaitAnew(Place at) {
  Token& token = *at.token;
  const Node& node = at.node();
  const int moves = token.moves;
  if (token.held || token.matched || token.anew) return;
  switch (node.kind) {
    case NodeKind::kWait:
      if (node.span.ms == 0) return;
      [[fallthrough]];
    case NodeKind::kJoin:
    case NodeKind::kCall:
      if (node.span.ms == 0) return;
      token.due_ms = token.arrived_ms + node.span.ms + token.stood_ms;
      break;
    case NodeKind::kWaitEvent:
      WaitForEvent(at);
      break;
    case NodeKind::kChain:
      if (token.due_ms == kNever) return;
      token.due_ms = sent_ms_[token.messages.back().second] + node.attempts[token.step].wait.ms +
                     token.stood_ms;
      break;
    default:
      return;
  }
  if (!at.gone() && token.moves == moves && token.due_ms <= now_ && !IsPaused(*at.visit))
    TimeIsOver(at);
}

bool Naive::HoldsAlready(Place at, const Branch& branch) const {
  const Node& node = at.node();
  const Visit& visit = *at.visit;
  if (branch.match.of_customer()) return member_ && node.accept_current;
  if (branch.receipt) return HasOpened(visit, opened_);
  const auto counts = [&](int64_t at_ms) {
    switch (node.since) {
      case Since::kNodeEntry:
        return at_ms > at.token->arrived_ms;
      case Since::kTouch:
        return !visit.messages.empty() && at_ms > sent_ms_[visit.messages.back()];
      case Since::kJourneyEntry:
        return at_ms > visit.entered_ms;
      case Since::kLookback:
        return at_ms > at.token->arrived_ms - node.lookback.ms && at_ms != visit.entered_ms;
    }
    return false;
  };
  return std::ranges::any_of(heard_, [&](const auto& one) {
    return one.second == branch.match.event && one.first <= at.token->due_ms && counts(one.first);
  });
}

void Naive::Fork(Place at) {
  const uint64_t fork = ++last_number_;
  std::vector<Token*> born;
  for (const uint32_t next : at.node().next) {
    if (next == kNoNode) continue;
    Token& token = at.visit->tokens.emplace_back(*at.token);
    token.number = ++last_number_;
    token.forks.push_back(fork);
    token.node = next;
    born.push_back(&token);
  }
  End(at, "dead_end");
  for (Token* token : born) {
    const Place place{at.visit, token};
    if (!place.gone()) Arrive(place);
  }
}

void Naive::Join(Place at) {
  Token& token = *at.token;
  const Node& node = at.node();
  if (token.forks.empty()) return GoOn(at, 0);
  if (at.visit->joined.contains(token.forks.back())) return End(at, "completed");
  if (node.span.ms > 0) token.due_ms = now_ + node.span.ms;
  for (const Token& other : at.visit->tokens) {
    if (!other.gone && other.joining && other.node == token.node && other.forks == token.forks)
      token.due_ms = std::min(token.due_ms, other.due_ms);
  }
  token.joining = true;
  SettleJoins(*at.visit);
}

void Naive::SettleJoins(Visit& visit) {
  for (bool again = true; again && !visit.left;) {
    again = false;
    for (Token& token : visit.tokens) {
      if (token.gone || !token.joining) continue;
      const uint64_t fork = token.forks.back();
      size_t here = 0, elsewhere = 0;
      for (const Token& other : visit.tokens) {
        const bool of_it = std::ranges::find(other.forks, fork) != other.forks.end();
        if (other.gone || !of_it) continue;
        const bool joins = other.joining && other.forks.back() == fork;
        here += joins && other.node == token.node;
        elsewhere += !joins;
      }
      const uint32_t enough = visit.journey->nodes[token.node].join_count;
      if (elsewhere > 0 && (enough == 0 || here < enough)) continue;
      Release(visit, token);
      again = true;
      break;
    }
  }
}

void Naive::Release(Visit& visit, Token& first) {
  const uint64_t fork = first.forks.back();
  visit.joined.insert(fork);
  Token* going = nullptr;
  for (Token& token : visit.tokens) {
    if (token.gone || !token.joining || token.node != first.node || token.forks.back() != fork)
      continue;
    if (!going) {
      going = &token;
    } else {
      token.gone = true;
      token.due_ms = kNever;
    }
  }
  going->forks.pop_back();
  going->joining = false;
  going->due_ms = kNever;
  GoOn({&visit, going}, 0);
}

void Naive::WaitForDate(Place at) {
  const Node& node = at.node();
  const std::string text = BornOn(customer_, births_, begin_ms_).value_or("");
  const std::optional<int64_t> born = ParseDate(text);
  at.token->due_ms = kNever;
  if (!born && IsPaused(*at.visit)) {
    at.token->anew = true;
    at.token->due_ms = now_;
    return;
  }
  if (!born) return GoOn(at, 1);
  const int64_t today = (now_ + kShanghai) / kDayMs;
  for (int64_t day = today; day < today + 60; ++day) {
    const int64_t due = day * kDayMs + *node.time_of_day - kShanghai;
    if (due < now_ || !ComesBack(*born, day - node.offset_days, node.round)) continue;
    if (due == now_) return GoOn(at, 0);
    at.token->due_ms = due;
    return;
  }
}

bool Naive::ComesBack(int64_t born, int64_t day, const ComesRound& round) {
  const CivilDate from = ToCivil(born), on = ToCivil(day);
  if (round.every == ComesRound::Every::kYear) {
    if (from.month == on.month && from.day == on.day) return true;
    if (from.month != 2 || from.day != 29 || DaysInMonth(on.year, 2) == 29) return false;
    return round.leap_day_in_march ? on.month == 3 && on.day == 1 : on.month == 2 && on.day == 28;
  }
  const LunarDate first = *DayToLunar(born), then = *DayToLunar(day);
  const bool last_day = LunarMonthDays(then.year, then.month, then.leap) == then.day;
  if (first.month != then.month) return false;
  if (first.day != then.day && !(last_day && first.day > then.day)) return false;
  if (!first.leap || round.leap_month == LeapRule::kRegularOnly) return !then.leap;
  const bool there = LeapMonthOf(then.year) == first.month;
  return round.leap_month == LeapRule::kBoth || then.leap == there;
}

bool Naive::IsOpen(const std::vector<Window>& windows, int64_t at_ms) {
  const int64_t local = at_ms + kShanghai, time = local % kDayMs;
  const auto weekday = (local / kDayMs + 3) % 7;  // from Monday
  return std::ranges::any_of(windows, [&](const Window& window) {
    return (window.weekdays >> weekday & 1) && time >= window.from_ms && time < window.to_ms;
  });
}

int64_t Naive::NextTime(const Node& node) const {
  if (node.time_of_day) {
    const int64_t today = (now_ + kShanghai) / kDayMs * kDayMs - kShanghai + *node.time_of_day;
    return today >= now_ ? today : today + kDayMs;
  }
  int64_t at = now_;
  while (!IsOpen(node.windows, at)) at = (at / kHour + 1) * kHour;
  return at;
}

void Naive::Call(Place at) {
  const Node& node = at.node();
  const Journey& called = *journeys_.at(node.journey);
  const uint32_t depth = at.visit->depth + 1;
  const bool deep = depth > 5;
  if (deep || !node.wait_for_child) {
    if (!deep) (void)Enter(called, depth, 0, 0);
    return GoOn(at, 0);
  }
  at.token->due_ms = now_ + node.span.ms;
  if (!Enter(called, depth, at.token->number, at.token->moves)) GoOn(at, 0);
}

void Naive::Say(Place at) {
  const Sent sent = Send(at, 0);
  if (sent == Sent::kHeld || at.gone()) return;
  const bool asks = at.node().next[1] != kNoNode;
  if (sent == Sent::kNot || !asks) GoOn(at, asks ? 1 : 0);
}

void Naive::Try(Place at) {
  const Node& node = at.node();
  if (Succeeded(at)) return GoOn(at, 0);
  for (uint32_t& step = at.token->step; step < node.attempts.size(); ++step) {
    at.token->tries_since = now_;
    const Sent sent = Send(at, step);
    if (sent == Sent::kNot) continue;
    if (sent == Sent::kNow) at.token->due_ms = now_ + node.attempts[step].wait.ms;
    at.token->stood_ms = 0;
    return;
  }
  GoOn(at, 1);
}

void Naive::HearAnswer(const Answer& answer) {
  const bool refused = IsRefused(customer_, answer.message);
  if (refused) refused_.insert(answer.message);
  if (const auto after = OpenedAfter(customer_, answer.message); after && !refused)
    opens_.emplace_back(now_ + *after, answer.message);
  for (const Place& at : Standing()) {
    if (at.gone() || at.token->number != answer.token || at.token->moves != answer.moves) continue;
    if (at.node().kind == NodeKind::kSend) return GoOn(at, refused ? 1 : 0);
    if (!refused) return;
    at.token->messages.pop_back();
    ++at.token->step;
    at.token->due_ms = kNever;
    return Try(at);
  }
}

Naive::Sent Naive::Send(Place at, uint32_t step) {
  const int64_t time = (now_ + kShanghai) % kDayMs, morning = 8 * kHour;
  if (quiet_ && (time < morning || time >= 22 * kHour))
    return Hold(at, now_ - time + morning + (time < morning ? 0 : kDayMs), kNever);
  std::vector<int64_t> lately;  // of those that were not refused
  for (size_t i = 0; i < sent_ms_.size(); ++i) {
    if (sent_ms_[i] > now_ - kDayMs && !refused_.contains(i)) lately.push_back(sent_ms_[i]);
  }
  const Node& node = at.node();
  if (lately.size() >= 2) {
    if (node.on_cap == OnCap::kExit) Leave(*at.visit, "capped");
    if (node.on_cap != OnCap::kWait) return Sent::kNot;
    return Hold(at, lately[lately.size() - 2] + kDayMs, at.token->tries_since + node.cap_wait.ms);
  }
  const int64_t lives_ms = node.time_to_live.ms;
  if (lives_ms > 0 && now_ > at.token->tries_since + lives_ms) return Sent::kNot;
  Tell("send " + node.attempts[step].text, at.visit->journey->id);
  const size_t message = sent_ms_.size();
  sent_ms_.push_back(now_);
  at.visit->messages.push_back(message);
  answers_.push_back({message, at.token->number, at.token->moves});
  if (node.kind == NodeKind::kChain) at.token->messages.emplace_back(step, message);
  return Sent::kNow;
}

Naive::Sent Naive::Hold(Place at, int64_t until_ms, int64_t last_ms) {
  const int64_t lives_ms = at.node().time_to_live.ms;
  if (lives_ms > 0) last_ms = std::min(last_ms, at.token->tries_since + lives_ms);
  if (until_ms > last_ms) return Sent::kNot;
  at.token->held = true;
  at.token->due_ms = until_ms;
  return Sent::kHeld;
}

}  // namespace waypost::journeys

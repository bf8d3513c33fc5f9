// Journeys as somebody would walk through them with a finger on the drawing: one customer after the
// other, a list that is searched for whatever comes next, no timers, no shared state. What the
// machine does is compared with it (oracle_test.cc). It knows the kinds of nodes drawn there alone.
#pragma once

#include <algorithm>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "journeys/lunar.h"
#include "journeys/test_stage.h"

namespace waypost::journeys {

inline bool IsRich(Ordinal customer) { return customer % 3 == 1; }

// Comes into the segment, or leaves it; gets another birthday.
inline constexpr std::string_view kJoins = "joins", kBornAgain = "born again";

// A journey is paused, and goes on.
inline std::string PauseOf(std::string_view journey) { return "pause " + std::string(journey); }
inline std::string ResumeOf(std::string_view journey) { return "resume " + std::string(journey); }

// When a message is opened, counted from when it was sent; nothing: never.
inline std::optional<int64_t> OpenedAfter(Ordinal customer, uint64_t number) {
  const uint64_t draw = MixBits(customer * 1'000 + number + 7);
  if (draw % 3 != 0) return {};
  return static_cast<int64_t>(draw % (40 * kHour)) * 2 + 1;
}

// Whether the provider does not take it.
inline bool IsRefused(Ordinal customer, uint64_t number) {
  return MixBits(customer * 1'000 + number + 11) % 8 == 0;
}

// The birthday after so many changes, somewhere around the month that begins then.
inline std::optional<std::string> BornOn(Ordinal customer, uint64_t changes, int64_t begin_ms) {
  const uint64_t draw = MixBits(customer * 77 + changes + 3);
  if (draw % 7 == 0) return {};
  if (draw % 7 == 1) return "soon";
  if (draw % 7 == 2) return "2000-02-29";
  const int64_t day = begin_ms / kDayMs + static_cast<int64_t>(MixBits(draw) % 40) - 5;
  const LunarDate lunar = *DayToLunar(day);
  if (draw % 7 == 3) return DateText(*FromCivil({1992, ToCivil(day).month, 1}) + lunar.day - 1);
  for (int year = 1990; year > 1910; --year) {  // in a leap month, when there is one like it
    if (LeapMonthOf(year) != lunar.month || draw % 7 == 4) continue;
    if (const auto born = LunarToDay({year, lunar.month, lunar.day, true})) return DateText(*born);
  }
  return DateText(LunarToDay({1988, lunar.month, lunar.day, false}).value_or(day - 7'000));
}

inline std::string StoryLine(int64_t at_ms, std::string_view what, std::string_view of) {
  return std::to_string(at_ms) + " " + std::string(what) + " " + std::string(of);
}

// The whole life of one customer in some journeys.
class Naive {
 public:
  using Happenings = std::vector<std::pair<int64_t, std::string>>;

  // `quiet`: nothing is sent from 22:00 to 08:00.
  Naive(std::map<std::string, const Journey*> journeys, Ordinal customer, int64_t begin_ms,
        Happenings events, bool quiet)
      : journeys_(std::move(journeys)),
        customer_(customer),
        begin_ms_(begin_ms),
        quiet_(quiet),
        events_(std::move(events)) {}

  std::vector<std::string> Live(int64_t until_ms) {
    while (true) {
      Tidy();
      int64_t next = until_ms + 1;
      for (const auto& [at, name] : events_) next = std::min(next, at);
      for (const auto& [at, message] : opens_) next = std::min(next, at);
      Place due;
      for (Visit& visit : visits_) {
        if (visit.ends_ms < next) {
          next = visit.ends_ms;
          due = {&visit, nullptr};
        }
        for (Token& token : visit.tokens) {
          const Place at{&visit, &token};
          if (IsPaused(visit)) break;
          if (token.due_ms > next || (token.due_ms == next && !IsBefore(at, due))) continue;
          next = token.due_ms;
          due = at;
        }
      }
      if (next > now_ && !answers_.empty()) {  // providers come after all that is due
        const Answer answer = answers_.front();
        answers_.erase(answers_.begin());
        HearAnswer(answer);
        continue;
      }
      if (next > until_ms) return story_;
      now_ = next;
      if (Take(events_, [&](const std::string& name) { Hear(name); })) continue;
      if (Take(opens_, [&](size_t message) { Open(message); })) continue;
      TimeIsOver(due);
    }
  }

 private:
  // Where one way through a visit stands; a fork makes several of one.
  struct Token {
    uint64_t number = 0;
    std::vector<uint64_t> forks;  // it came out of, outermost first
    uint32_t node = 0;
    int moves = 0;
    uint32_t step = 0;
    std::optional<size_t> best;  // branch so far, where the best one counts
    int64_t due_ms = kNever;
    std::vector<std::pair<uint32_t, size_t>> messages;  // of the chain at hand: step, message
    bool held_already = false;      // what it waits for held when it came, and does still
    bool joining = false;           // waits for the others of its fork
    bool held = false;              // wants to send, and may not yet
    int64_t tries_since = 0;        // when it first did
    std::optional<size_t> matched;  // in a pause: the way it goes when that ends
    bool anew = false;              // in a pause: its node is asked anew when that ends
    bool gone = false;
  };
  struct Visit {
    const Journey* journey = nullptr;
    Ordinal customer = 0;
    uint64_t number = 0;
    int64_t entered_ms = 0, ends_ms = kNever, goal_ms = 0;
    uint32_t depth = 0;
    uint64_t caller = 0;  // the token that waits for this one to end, 0: none
    int waits_since = 0;  // how often that one had moved
    std::list<Token> tokens = {};
    std::set<uint64_t> joined = {};            // forks
    std::map<uint32_t, uint32_t> rounds = {};  // of loops, by node
    std::vector<size_t> messages = {};         // all that it sent
    bool left = false;
  };
  struct Place {
    Visit* visit = nullptr;
    Token* token = nullptr;
    const Node& node() const { return visit->journey->nodes[token->node]; }
    bool gone() const { return visit->left || token->gone; }
  };

  // Of what is due in one moment who wants to send comes by when it would be of no use any more,
  // then by the name of the journey, then by a draw of the node.
  static bool IsBefore(Place one, Place other) {
    if (!other.token || !one.token->held || !other.token->held) return false;
    const auto turn = [](Place at) {
      const int64_t lives_ms = at.node().time_to_live.ms;
      const std::string& journey = at.visit->journey->id;
      return std::tuple(lives_ms > 0 ? at.token->tries_since + lives_ms : kNever, journey,
                        BucketOf(at.visit->customer, journey, at.node().id));
    };
    return turn(one) < turn(other);
  }

  // What a provider says at once.
  struct Answer {
    size_t message = 0;
    uint64_t token = 0;  // that sent it, and how often that had moved
    int moves = 0;
  };

  void Tidy() {
    std::erase_if(visits_, [](const Visit& visit) { return visit.left; });
    for (Visit& visit : visits_)
      std::erase_if(visit.tokens, [](const Token& token) { return token.gone; });
  }

  std::vector<Place> Standing() {
    std::vector<Place> standing;
    for (Visit& visit : visits_) {
      for (Token& token : visit.tokens) standing.push_back({&visit, &token});
    }
    return standing;
  }

  template <typename T, typename F>
  bool Take(std::vector<std::pair<int64_t, T>>& list, F take) {
    for (size_t i = 0; i < list.size(); ++i) {
      if (list[i].first != now_) continue;
      const T what = list[i].second;
      list.erase(list.begin() + static_cast<ptrdiff_t>(i));
      take(what);
      return true;
    }
    return false;
  }

  void Tell(std::string_view what, std::string_view of) {
    story_.push_back(StoryLine(now_, what, of));
  }

  // First who leaves by it, then who goes on by it, then who comes in. Nobody is moved twice.
  void Hear(const std::string& name) {
    for (const auto& [id, journey] : journeys_) {
      if (name == PauseOf(id)) return (void)paused_.emplace(journey, now_);
      if (name == ResumeOf(id)) return Resume(*journey);
    }
    heard_.emplace_back(now_, name);
    if (name == kJoins) member_ = !member_;
    if (name == kBornAgain) ++births_;
    const std::vector<Place> standing = Standing();
    std::vector<int> moves;
    for (const Place& at : standing) moves.push_back(at.token->moves);
    for (const Place& at : standing) {
      const auto& goal = at.visit->journey->goal;
      if (goal->on.event == name && !goal->every && !at.visit->left) Leave(*at.visit, "goal");
      for (const EventMatch& exit : at.visit->journey->exit_on) {
        if (exit.event == name && !at.visit->left) Leave(*at.visit, "exit_event");
      }
    }
    for (const Place& at : standing) {
      if (at.visit->journey->goal->on.event == name && !at.visit->left) at.visit->goal_ms = now_;
    }
    for (size_t i = 0; i < standing.size(); ++i) {
      if (!standing[i].gone() && standing[i].token->moves == moves[i]) HearAt(standing[i], name);
    }
    for (const auto& [id, journey] : journeys_) {
      if (journey->entry.on.event == name) (void)Enter(*journey, 0, 0, 0);
    }
  }

  void HearAt(Place at, const std::string& name) {
    const Node& node = at.node();
    if (node.kind == NodeKind::kWait && name == kBornAgain && !node.date_attribute.empty()) {
      if (!at.token->anew) WaitForDate(at);
      return;
    }
    if (IsPaused(*at.visit) && node.kind != NodeKind::kWaitEvent) return;
    if (node.kind == NodeKind::kChain && name == at.visit->journey->goal->on.event) {
      for (const auto& [step, message] : at.token->messages) {
        if (node.attempts[step].by_goal) return GoOn(at, 0);
      }
    }
    if (node.kind != NodeKind::kWaitEvent || at.token->matched) return;
    for (size_t i = 0; i < node.branches.size(); ++i) {
      const EventMatch& match = node.branches[i].match;
      if (node.branches[i].receipt) continue;
      if (!match.of_customer() && match.event == name) return Meet(at, i);
      if (!match.of_customer()) continue;
      if (!member_) at.token->held_already = false;
      if (member_ && name == kJoins && !at.token->held_already) return Meet(at, i);
    }
  }

  void Meet(Place at, size_t branch) {
    Token& token = *at.token;
    const bool paused = IsPaused(*at.visit);
    if (paused && token.due_ms < now_ && !at.visit->journey->frozen_clock) return;
    if (at.node().ranked) {
      token.best = std::min(token.best.value_or(branch), branch);
    } else if (!paused) {
      GoOn(at, branch);
    } else if (!token.matched) {
      token.matched = branch;
    }
  }

  bool IsPaused(const Visit& visit) const { return paused_.contains(visit.journey); }

  // What fell due or was met goes on, the earliest first; then what messages and goals brought.
  void Resume(const Journey& journey) {
    const int64_t since = paused_.at(&journey);
    paused_.erase(&journey);
    std::vector<std::pair<int64_t, Place>> due;
    std::vector<int> moves;
    for (const Place& at : Standing()) {
      if (at.visit->journey != &journey) continue;
      if (journey.frozen_clock) WaitLonger(at, since);
      if (at.token->matched || at.token->due_ms <= now_) due.emplace_back(at.token->due_ms, at);
    }
    std::ranges::stable_sort(due, {}, &std::pair<int64_t, Place>::first);
    for (const auto& [due_ms, at] : due) moves.push_back(at.token->moves);
    for (size_t i = 0; i < due.size(); ++i) {
      const Place at = due[i].second;
      if (at.gone() || at.token->moves != moves[i]) continue;
      if (at.token->matched) {
        GoOn(at, *at.token->matched);
      } else if (at.token->anew) {
        at.token->anew = false;
        Arrive(at);
      } else {
        TimeIsOver(at);
      }
    }
    for (const Place& at : Standing()) {
      if (at.visit->journey != &journey || at.gone() || at.node().kind != NodeKind::kChain)
        continue;
      if (Succeeded(at)) GoOn(at, 0);
    }
  }

  // Whether a message of the chain came to what was hoped for.
  bool Succeeded(Place at) const {
    return std::ranges::any_of(at.token->messages, [&](const auto& one) {
      const bool by_goal = at.node().attempts[one.first].by_goal;
      return by_goal ? at.visit->goal_ms > sent_ms_[one.second] : opened_.contains(one.second);
    });
  }

  void WaitLonger(Place at, int64_t since_ms) {
    Token& token = *at.token;
    const Node& node = at.node();
    if (token.held || token.matched || token.anew || token.due_ms == kNever) return;
    if (node.kind != NodeKind::kWait || node.span.ms > 0) {
      token.due_ms += now_ - since_ms;
    } else if (token.due_ms < now_ && node.date_attribute.empty()) {
      token.due_ms = NextTime(node);
    }
  }

  void Open(size_t message) {
    opened_.insert(message);
    for (const Place& at : Standing()) {
      if (at.gone()) continue;
      if (at.node().kind == NodeKind::kWaitEvent && HasOpened(*at.visit, {message})) {
        for (size_t i = 0; i < at.node().branches.size(); ++i) {
          if (!at.node().branches[i].receipt) continue;
          Meet(at, i);
          break;
        }
        continue;
      }
      if (IsPaused(*at.visit)) continue;
      for (const auto& [step, of] : at.token->messages) {
        if (of != message || at.node().attempts[step].by_goal) continue;
        GoOn(at, 0);
        break;
      }
    }
  }

  // One of these at least, of messages of the visit.
  bool HasOpened(const Visit& visit, const std::set<size_t>& messages) const {
    return std::ranges::any_of(visit.messages,
                               [&](size_t message) { return messages.contains(message); });
  }

  bool MayReturn(const Journey& journey, bool inside) const {
    const ReentryRule& rule = journey.reentry;
    if (rule.policy == Reentry::kAfterExit && inside) return false;
    const auto before = entered_.find(&journey);
    if (before == entered_.end()) return true;
    if (rule.policy == Reentry::kOnce) return false;
    if (rule.policy == Reentry::kAfterInterval) {
      if (rule.from_exit && inside) return false;
      const int64_t anchor = rule.from_exit ? left_.at(&journey) : before->second.back();
      if (now_ - anchor < rule.interval.ms) return false;
    }
    const auto lately = std::ranges::count_if(
        before->second, [&](int64_t at) { return now_ - at < rule.limit_window.ms; });
    return rule.limit == 0 || lately < rule.limit;
  }

  // Whether he may come in.
  bool Enter(const Journey& journey, uint32_t depth, uint64_t caller, int waits_since) {
    const bool inside = std::ranges::any_of(
        visits_, [&](const Visit& visit) { return visit.journey == &journey && !visit.left; });
    if (paused_.contains(&journey) || !MayReturn(journey, inside)) return false;
    entered_[&journey].push_back(now_);
    Tell("in", journey.id);
    Visit& visit = visits_.emplace_back(Visit{.journey = &journey,
                                              .customer = customer_,
                                              .number = ++last_number_,
                                              .entered_ms = now_,
                                              .ends_ms = now_ + journey.max_duration.RoughMs(),
                                              .depth = depth,
                                              .caller = caller,
                                              .waits_since = waits_since});
    Token& token = visit.tokens.emplace_back(Token{.number = ++last_number_, .forks = {}});
    token.node = journey.first;
    Arrive({&visit, &token});
    return true;
  }

  void Leave(Visit& visit, std::string_view why) {
    Tell("out " + std::string(why), visit.journey->id);
    visit.left = true;
    visit.ends_ms = kNever;
    left_[visit.journey] = now_;
    for (Token& token : visit.tokens) token.due_ms = kNever;
    if (visit.caller == 0) return;
    for (const Place& at : Standing()) {
      if (at.token->number == visit.caller && !at.gone() && at.token->moves == visit.waits_since)
        return Meet(at, 0);
    }
  }

  // The visit ends with the last of its tokens.
  void End(Place at, std::string_view why) {
    at.token->gone = true;
    at.token->due_ms = kNever;
    const bool last = std::ranges::all_of(at.visit->tokens, &Token::gone);
    if (last) return Leave(*at.visit, why);
    SettleJoins(*at.visit);
  }

  void GoOn(Place at, size_t outcome) {
    const Node& node = at.node();
    const uint32_t next = node.next[outcome];
    if (next == kNoNode) {
      const bool chain = node.kind == NodeKind::kChain;
      const bool no_date = node.kind == NodeKind::kWait && outcome == 1;
      return End(at, no_date                 ? "key_date_missing"
                     : chain && outcome == 1 ? "exhausted"
                     : chain                 ? "completed"
                                             : "dead_end");
    }
    MoveTo(at, next);
    Arrive(at);
  }

  static void MoveTo(Place at, uint32_t node) {
    Token& token = *at.token;
    token = {.number = token.number, .forks = token.forks, .node = node, .moves = token.moves + 1};
  }

  void Arrive(Place at) {
    const Node& node = at.node();
    Token& token = *at.token;
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
        token.due_ms = now_ + node.span.ms;
        token.held_already = member_;
        for (size_t i = 0; i < node.branches.size(); ++i) {
          if (HoldsAlready(at, node.branches[i])) return Meet(at, i);
        }
        return;
      case NodeKind::kTimeSplit:
        return GoOn(at, IsOpen(node.windows, now_) ? 0 : 1);
      case NodeKind::kLoop:
        return GoOn(at, ++at.visit->rounds[token.node] <= node.max_visits ? 0 : 1);
      case NodeKind::kJudge:
        return GoOn(at, IsRich(customer_) ? 0 : 1);
      case NodeKind::kRatio:
        return GoOn(at, BucketOf(customer_, at.visit->journey->id, node.id) < node.branches[0].share
                            ? 0
                            : 1);
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

  // What was done, or is so, before he came to wait for it.
  bool HoldsAlready(Place at, const Branch& branch) const {
    const Node& node = at.node();
    const Visit& visit = *at.visit;
    if (branch.match.of_customer()) return member_ && node.accept_current;
    if (branch.receipt) return HasOpened(visit, opened_);
    const auto counts = [&](int64_t at_ms) {
      switch (node.since) {
        case Since::kNodeEntry:
          return false;
        case Since::kTouch:
          return !visit.messages.empty() && at_ms > sent_ms_[visit.messages.back()];
        case Since::kJourneyEntry:
          return at_ms > visit.entered_ms;
        case Since::kLookback:
          return at_ms > now_ - node.lookback.ms && at_ms != visit.entered_ms;
      }
      return false;
    };
    return std::ranges::any_of(heard_, [&](const auto& one) {
      return one.second == branch.match.event && counts(one.first);
    });
  }

  static constexpr int64_t kShanghai = 8 * kHour;
  // Windows begin and end with an hour, and with one day.
  static bool IsOpen(const std::vector<Window>& windows, int64_t at_ms) {
    const int64_t local = at_ms + kShanghai, time = local % kDayMs;
    const auto weekday = (local / kDayMs + 3) % 7;  // from Monday
    return std::ranges::any_of(windows, [&](const Window& window) {
      return (window.weekdays >> weekday & 1) && time >= window.from_ms && time < window.to_ms;
    });
  }
  int64_t NextTime(const Node& node) const {
    if (node.time_of_day) {
      const int64_t today = (now_ + kShanghai) / kDayMs * kDayMs - kShanghai + *node.time_of_day;
      return today >= now_ ? today : today + kDayMs;
    }
    int64_t at = now_;
    while (!IsOpen(node.windows, at)) at = (at / kHour + 1) * kHour;
    return at;
  }

  // One token for each way that leads somewhere; the one that came ends.
  void Fork(Place at) {
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

  // Who comes after the others have gone on has nowhere to go.
  void Join(Place at) {
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

  // All are there that can still come, or as many as are enough.
  void SettleJoins(Visit& visit) {
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

  void Release(Visit& visit, Token& first) {
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

  // Day after day until it is one.
  void WaitForDate(Place at) {
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

  static bool ComesBack(int64_t born, int64_t day, const ComesRound& round) {
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

  void Call(Place at) {
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

  // A message whose failure goes its own way is waited for.
  void Say(Place at) {
    const Sent sent = Send(at, 0);
    if (sent == Sent::kHeld || at.gone()) return;
    const bool asks = at.node().next[1] != kNoNode;
    if (sent == Sent::kNot || !asks) GoOn(at, asks ? 1 : 0);
  }

  void HearAnswer(const Answer& answer) {
    const bool refused = IsRefused(customer_, answer.message);
    if (refused) refused_.insert(answer.message);
    if (const auto after = OpenedAfter(customer_, answer.message); after && !refused)
      opens_.emplace_back(now_ + *after, answer.message);
    for (const Place& at : Standing()) {
      if (at.gone() || at.token->number != answer.token || at.token->moves != answer.moves)
        continue;
      if (at.node().kind == NodeKind::kSend) return GoOn(at, refused ? 1 : 0);
      if (!refused) return;
      at.token->messages.pop_back();
      ++at.token->step;
      at.token->due_ms = kNever;
      return Try(at);
    }
  }

  void Try(Place at) {
    const Node& node = at.node();
    if (Succeeded(at)) return GoOn(at, 0);
    for (uint32_t& step = at.token->step; step < node.attempts.size(); ++step) {
      at.token->tries_since = now_;
      const Sent sent = Send(at, step);
      if (sent == Sent::kNot) continue;
      if (sent == Sent::kNow) at.token->due_ms = now_ + node.attempts[step].wait.ms;
      return;
    }
    GoOn(at, 1);
  }

  void TimeIsOver(Place at) {
    if (!at.token) return Leave(*at.visit, "max_duration");
    const Node& node = at.node();
    if (at.token->held) {
      at.token->held = false;
      at.token->due_ms = kNever;
      return node.kind == NodeKind::kSend ? Say(at) : Try(at);
    }
    if (node.kind == NodeKind::kWait) return GoOn(at, 0);
    if (node.kind == NodeKind::kCall) return GoOn(at, 1);
    if (node.kind == NodeKind::kJoin) return Release(*at.visit, *at.token);
    if (node.kind == NodeKind::kWaitEvent)
      return GoOn(at, at.token->best.value_or(node.branches.size()));
    ++at.token->step;
    at.token->due_ms = kNever;
    Try(at);
  }

  enum class Sent : uint8_t { kNow, kHeld, kNot };
  // Two in any 24 hours, of all journeys, and not at night.
  Sent Send(Place at, uint32_t step) {
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

  // Unless it would be of no use any more by then.
  Sent Hold(Place at, int64_t until_ms, int64_t last_ms) {
    const int64_t lives_ms = at.node().time_to_live.ms;
    if (lives_ms > 0) last_ms = std::min(last_ms, at.token->tries_since + lives_ms);
    if (until_ms > last_ms) return Sent::kNot;
    at.token->held = true;
    at.token->due_ms = until_ms;
    return Sent::kHeld;
  }

  const std::map<std::string, const Journey*> journeys_;
  const Ordinal customer_;
  const int64_t begin_ms_;
  const bool quiet_;
  Happenings events_, heard_;
  std::vector<std::pair<int64_t, size_t>> opens_;
  std::list<Visit> visits_;  // in the order they came in
  std::vector<int64_t> sent_ms_;
  std::vector<std::string> story_;
  std::map<const Journey*, std::vector<int64_t>> entered_;
  std::map<const Journey*, int64_t> left_;  // when he did last
  std::set<size_t> opened_, refused_;
  std::map<const Journey*, int64_t> paused_;  // since when
  std::vector<Answer> answers_;
  uint64_t last_number_ = 0, births_ = 0;
  bool member_ = false;
  int64_t now_ = 0;
};

}  // namespace waypost::journeys

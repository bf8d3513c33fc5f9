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
// It becomes another one, for who is inside too.
inline std::string MigrateOf(std::string_view journey) { return "migrate " + std::string(journey); }

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

  using Journeys = std::map<std::string, const Journey*>;

  // `next`: what journeys become. `quiet`: nothing is sent from 22:00 to 08:00.
  Naive(Journeys journeys, Journeys next, Ordinal customer, int64_t begin_ms, Happenings events,
        bool quiet)
      : journeys_(std::move(journeys)),
        next_(std::move(next)),
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
    bool held_already = false;  // what it waits for held when it came, and does still
    bool joining = false;       // waits for the others of its fork
    bool held = false;          // wants to send, and may not yet
    int64_t tries_since = 0;    // when it first did
    int64_t arrived_ms = 0;
    int64_t stood_ms = 0;           // of that, or of a chain since its last message: in pauses
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
      if (name == PauseOf(id)) return (void)paused_.emplace(id, now_);
      if (name == ResumeOf(id)) return Resume(id);
      if (name == MigrateOf(id)) return Migrate(id);
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
    const bool late = at.token->due_ms < now_ && !at.visit->journey->frozen_clock;
    if (!IsPaused(*at.visit) || !late) TakeBranch(at, branch);
  }

  // It was in time.
  void TakeBranch(Place at, size_t branch) {
    Token& token = *at.token;
    if (at.node().ranked) {
      token.best = std::min(token.best.value_or(branch), branch);
    } else if (!IsPaused(*at.visit)) {
      GoOn(at, branch);
    } else if (!token.matched) {
      token.matched = branch;
    }
  }

  // Every wait is counted anew from its beginning; what would have been over is over now.
  void Migrate(const std::string& journey) {
    const Journey* const before = std::exchange(journeys_[journey], next_.at(journey));
    std::vector<Place> inside;  // at nodes that are others now
    for (Visit& visit : visits_) {
      if (visit.journey->id != journey) continue;
      visit.journey = next_.at(journey);
      for (Token& token : visit.tokens) {
        const Place at{&visit, &token};
        if (!LastAlike(before->nodes[token.node], at.node())) inside.push_back(at);
      }
    }
    std::vector<int> moves;
    for (const Place& at : inside) moves.push_back(at.token->moves);
    for (size_t i = 0; i < inside.size(); ++i) {
      if (!inside[i].gone() && inside[i].token->moves == moves[i]) WaitAnew(inside[i]);
    }
  }

  static bool LastAlike(const Node& one, const Node& other) {
    return one.span == other.span &&
           std::ranges::equal(one.attempts, other.attempts, {}, &Attempt::wait, &Attempt::wait);
  }

  void WaitAnew(Place at);

  bool IsPaused(const Visit& visit) const { return paused_.contains(visit.journey->id); }

  // What fell due or was met goes on, the earliest first; then what messages and goals brought.
  void Resume(const std::string& journey) {
    const int64_t since = paused_.at(journey);
    paused_.erase(journey);
    std::vector<std::pair<int64_t, Place>> due;
    std::vector<int> moves;
    for (const Place& at : Standing()) {
      if (at.visit->journey->id != journey) continue;
      if (at.visit->journey->frozen_clock) WaitLonger(at, since);
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
      if (at.visit->journey->id != journey || at.gone() || at.node().kind != NodeKind::kChain)
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
      token.stood_ms += now_ - since_ms;
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
    const auto before = entered_.find(journey.id);
    if (before == entered_.end()) return true;
    if (rule.policy == Reentry::kOnce) return false;
    if (rule.policy == Reentry::kAfterInterval) {
      if (rule.from_exit && inside) return false;
      const int64_t anchor = rule.from_exit ? left_.at(journey.id) : before->second.back();
      if (now_ - anchor < rule.interval.ms) return false;
    }
    const auto lately = std::ranges::count_if(
        before->second, [&](int64_t at) { return now_ - at < rule.limit_window.ms; });
    return rule.limit == 0 || lately < rule.limit;
  }

  // Whether he may come in.
  bool Enter(const Journey& journey, uint32_t depth, uint64_t caller, int waits_since) {
    const bool inside = std::ranges::any_of(visits_, [&](const Visit& visit) {
      return visit.journey->id == journey.id && !visit.left;
    });
    if (paused_.contains(journey.id) || !MayReturn(journey, inside)) return false;
    entered_[journey.id].push_back(now_);
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
    left_[visit.journey->id] = now_;
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

  void Arrive(Place at);

  void WaitForEvent(Place at);
  // What was done, or is so, before he came to wait for it.
  bool HoldsAlready(Place at, const Branch& branch) const;

  static constexpr int64_t kShanghai = 8 * kHour;
  // Windows begin and end with an hour, and with one day.
  static bool IsOpen(const std::vector<Window>& windows, int64_t at_ms);
  int64_t NextTime(const Node& node) const;

  // One token for each way that leads somewhere; the one that came ends.
  void Fork(Place at);

  // Who comes after the others have gone on has nowhere to go.
  void Join(Place at);

  // All are there that can still come, or as many as are enough.
  void SettleJoins(Visit& visit);

  void Release(Visit& visit, Token& first);

  // Day after day until it is one.
  void WaitForDate(Place at);

  static bool ComesBack(int64_t born, int64_t day, const ComesRound& round);

  void Call(Place at);

  // A message whose failure goes its own way is waited for.
  void Say(Place at);

  void HearAnswer(const Answer& answer);

  void Try(Place at);

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
  Sent Send(Place at, uint32_t step);

  // Unless it would be of no use any more by then.
  Sent Hold(Place at, int64_t until_ms, int64_t last_ms);

  Journeys journeys_;  // as they are now
  const Journeys next_;
  const Ordinal customer_;
  const int64_t begin_ms_;
  const bool quiet_;
  Happenings events_, heard_;
  std::vector<std::pair<int64_t, size_t>> opens_;
  std::list<Visit> visits_;  // in the order they came in
  std::vector<int64_t> sent_ms_;
  std::vector<std::string> story_;
  std::map<std::string, std::vector<int64_t>> entered_;
  std::map<std::string, int64_t> left_;  // when he did last
  std::set<size_t> opened_, refused_;
  std::map<std::string, int64_t> paused_;  // since when
  std::vector<Answer> answers_;
  uint64_t last_number_ = 0, births_ = 0;
  bool member_ = false;
  int64_t now_ = 0;
};

}  // namespace waypost::journeys

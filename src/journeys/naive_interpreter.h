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

// When a message is opened, counted from when it was sent; nothing: never.
inline std::optional<int64_t> OpenedAfter(Ordinal customer, uint64_t number) {
  const uint64_t draw = MixBits(customer * 1'000 + number + 7);
  if (draw % 3 != 0) return {};
  return static_cast<int64_t>(draw % (40 * kHour)) * 2 + 1;
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

  Naive(std::map<std::string, const Journey*> journeys, Ordinal customer, int64_t begin_ms,
        Happenings events)
      : journeys_(std::move(journeys)),
        customer_(customer),
        begin_ms_(begin_ms),
        events_(std::move(events)) {}

  std::vector<std::string> Live(int64_t until_ms) {
    while (true) {
      int64_t next = until_ms + 1;
      for (const auto& [at, name] : events_) next = std::min(next, at);
      for (const Visit& visit : visits_) next = std::min(next, visit.due_ms);
      for (const auto& [at, message] : opens_) next = std::min(next, at);
      if (next > until_ms) return story_;
      now_ = next;
      if (Take(events_, [&](const std::string& name) { Hear(name); })) continue;
      if (Take(opens_, [&](size_t message) { Open(message); })) continue;
      const auto due =
          std::ranges::find_if(visits_, [&](const Visit& visit) { return visit.due_ms == now_; });
      TimeIsOver(*due);
      std::erase_if(visits_, [](const Visit& visit) { return visit.left; });
    }
  }

 private:
  struct Visit {
    const Journey* journey = nullptr;
    uint64_t number = 0;
    uint32_t depth = 0;
    uint64_t caller = 0;  // the visit that waits for this one to end, 0: none
    int waits_since = 0;  // how often that one had moved
    uint32_t node = 0;
    int moves = 0;
    uint32_t step = 0;
    std::optional<size_t> best;  // branch so far, where the best one counts
    int64_t due_ms = kNever;
    std::vector<std::pair<uint32_t, size_t>> messages;  // of the chain at hand: step, message
    bool held_already = false;  // what it waits for held when it came, and does still
    bool left = false;
    const Node& at() const { return journey->nodes[node]; }
  };

  template <typename T, typename F>
  bool Take(std::vector<std::pair<int64_t, T>>& list, F take) {
    for (size_t i = 0; i < list.size(); ++i) {
      if (list[i].first != now_) continue;
      const T what = list[i].second;
      list.erase(list.begin() + static_cast<ptrdiff_t>(i));
      take(what);
      std::erase_if(visits_, [](const Visit& visit) { return visit.left; });
      return true;
    }
    return false;
  }

  void Tell(std::string_view what, std::string_view of) {
    story_.push_back(StoryLine(now_, what, of));
  }

  // First who leaves by it, then who goes on by it, then who comes in. Nobody is moved twice.
  void Hear(const std::string& name) {
    if (name == kJoins) member_ = !member_;
    if (name == kBornAgain) ++births_;
    std::vector<std::pair<Visit*, int>> standing;
    for (Visit& visit : visits_) standing.emplace_back(&visit, visit.moves);
    for (const auto& [visit, moves] : standing) {
      const auto& goal = visit->journey->goal;
      if (goal->on.event == name && !goal->every) Leave(*visit, "goal");
    }
    for (const auto& [visit, moves] : standing) {
      if (!visit->left && visit->moves == moves) HearAt(*visit, name);
    }
    for (const auto& [id, journey] : journeys_) {
      if (journey->entry.on.event == name) (void)Enter(*journey, 0, 0, 0);
    }
  }

  void HearAt(Visit& visit, const std::string& name) {
    const Node& node = visit.at();
    if (node.kind == NodeKind::kWait && name == kBornAgain && !node.date_attribute.empty())
      return Arrive(visit);
    if (node.kind == NodeKind::kChain && name == visit.journey->goal->on.event) {
      for (const auto& [step, message] : visit.messages) {
        if (node.attempts[step].by_goal) return GoOn(visit, 0);
      }
    }
    if (node.kind != NodeKind::kWaitEvent) return;
    for (size_t i = 0; i < node.branches.size(); ++i) {
      const EventMatch& match = node.branches[i].match;
      if (!match.of_customer() && match.event == name) return Meet(visit, i);
      if (!match.of_customer()) continue;
      if (!member_) visit.held_already = false;
      if (member_ && name == kJoins && !visit.held_already) return Meet(visit, i);
    }
  }

  void Meet(Visit& visit, size_t branch) {
    if (!visit.at().ranked) return GoOn(visit, branch);
    visit.best = std::min(visit.best.value_or(branch), branch);
  }

  void Open(size_t message) {
    for (Visit& visit : visits_) {
      for (const auto& [step, of] : visit.messages) {
        if (of != message || visit.at().attempts[step].by_goal) continue;
        GoOn(visit, 0);
        break;
      }
    }
  }

  // Whether he may come in.
  bool Enter(const Journey& journey, uint32_t depth, uint64_t caller, int waits_since) {
    const bool inside = std::ranges::any_of(
        visits_, [&](const Visit& visit) { return visit.journey == &journey && !visit.left; });
    const Reentry policy = journey.reentry.policy;
    if (policy == Reentry::kOnce && entered_.contains(&journey)) return false;
    if (policy == Reentry::kAfterExit && inside) return false;
    entered_.insert(&journey);
    Tell("in", journey.id);
    visits_.push_back({.journey = &journey,
                       .number = ++last_number_,
                       .depth = depth,
                       .caller = caller,
                       .waits_since = waits_since,
                       .node = journey.first});
    Arrive(visits_.back());
    return true;
  }

  void Leave(Visit& visit, std::string_view why) {
    Tell("out " + std::string(why), visit.journey->id);
    visit.left = true;
    visit.due_ms = kNever;
    const auto caller = std::ranges::find(visits_, visit.caller, &Visit::number);
    if (caller != visits_.end() && !caller->left && caller->moves == visit.waits_since)
      GoOn(*caller, 0);
  }

  void GoOn(Visit& visit, size_t outcome) {
    const Node& node = visit.at();
    const uint32_t next = node.next[outcome];
    if (next == kNoNode) {
      const bool chain = node.kind == NodeKind::kChain;
      const bool no_date = node.kind == NodeKind::kWait && outcome == 1;
      return Leave(visit, no_date                 ? "key_date_missing"
                          : chain && outcome == 1 ? "exhausted"
                          : chain                 ? "completed"
                                                  : "dead_end");
    }
    visit.node = next;
    ++visit.moves;
    visit.step = 0;
    visit.best.reset();
    visit.due_ms = kNever;
    visit.messages.clear();
    Arrive(visit);
  }

  void Arrive(Visit& visit) {
    const Node& node = visit.at();
    switch (node.kind) {
      case NodeKind::kExit:
        return Leave(visit, "completed");
      case NodeKind::kWait:
        if (!node.date_attribute.empty()) return WaitForDate(visit);
        visit.due_ms = now_ + node.span.ms;
        return;
      case NodeKind::kWaitEvent:
        visit.due_ms = now_ + node.span.ms;
        visit.held_already = member_;
        for (size_t i = 0; i < node.branches.size(); ++i) {
          if (node.branches[i].match.of_customer() && member_ && node.accept_current)
            return Meet(visit, i);
        }
        return;
      case NodeKind::kJudge:
        return GoOn(visit, IsRich(customer_) ? 0 : 1);
      case NodeKind::kRatio:
        return GoOn(visit, BucketOf(customer_, visit.journey->id, node.id) < node.branches[0].share
                               ? 0
                               : 1);
      case NodeKind::kSend:
        (void)Send(visit, 0);
        return GoOn(visit, 0);
      case NodeKind::kChain:
        return Try(visit);
      case NodeKind::kCall:
        return Call(visit);
      default:
        return GoOn(visit, 0);
    }
  }

  // Day after day until it is one.
  void WaitForDate(Visit& visit) {
    const Node& node = visit.at();
    const std::string text = BornOn(customer_, births_, begin_ms_).value_or("");
    const std::optional<int64_t> born = ParseDate(text);
    visit.due_ms = kNever;
    if (!born) return GoOn(visit, 1);
    constexpr int64_t kShanghai = 8 * kHour;
    const int64_t today = (now_ + kShanghai) / kDayMs;
    for (int64_t day = today; day < today + 60; ++day) {
      const int64_t due = day * kDayMs + *node.time_of_day - kShanghai;
      if (due < now_ || !ComesBack(*born, day - node.offset_days, node.round)) continue;
      if (due == now_) return GoOn(visit, 0);
      visit.due_ms = due;
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

  void Call(Visit& visit) {
    const Node& node = visit.at();
    const Journey& called = *journeys_.at(node.journey);
    const bool deep = visit.depth >= 5;
    if (deep || !node.wait_for_child) {
      if (!deep) (void)Enter(called, visit.depth + 1, 0, 0);
      return GoOn(visit, 0);
    }
    visit.due_ms = now_ + node.span.ms;
    if (!Enter(called, visit.depth + 1, visit.number, visit.moves)) GoOn(visit, 0);
  }

  void Try(Visit& visit) {
    const Node& node = visit.at();
    for (; visit.step < node.attempts.size(); ++visit.step) {
      if (!Send(visit, visit.step)) continue;
      visit.due_ms = now_ + node.attempts[visit.step].wait.ms;
      return;
    }
    GoOn(visit, 1);
  }

  void TimeIsOver(Visit& visit) {
    const Node& node = visit.at();
    if (node.kind == NodeKind::kWait) return GoOn(visit, 0);
    if (node.kind == NodeKind::kCall) return GoOn(visit, 1);
    if (node.kind == NodeKind::kWaitEvent)
      return GoOn(visit, visit.best.value_or(node.branches.size()));
    ++visit.step;
    visit.due_ms = kNever;
    Try(visit);
  }

  // Two in any 24 hours, of all journeys.
  bool Send(Visit& visit, uint32_t step) {
    const auto lately =
        std::ranges::count_if(sent_ms_, [&](int64_t at) { return at > now_ - kDayMs; });
    if (lately >= 2) return false;
    Tell("send " + visit.at().attempts[step].text, visit.journey->id);
    if (const auto after = OpenedAfter(customer_, sent_ms_.size())) {
      opens_.emplace_back(now_ + *after, sent_ms_.size());
    }
    if (visit.at().kind == NodeKind::kChain) visit.messages.emplace_back(step, sent_ms_.size());
    sent_ms_.push_back(now_);
    return true;
  }

  const std::map<std::string, const Journey*> journeys_;
  const Ordinal customer_;
  const int64_t begin_ms_;
  Happenings events_;
  std::vector<std::pair<int64_t, size_t>> opens_;
  std::list<Visit> visits_;  // in the order they came in
  std::vector<int64_t> sent_ms_;
  std::vector<std::string> story_;
  std::set<const Journey*> entered_;
  uint64_t last_number_ = 0, births_ = 0;
  bool member_ = false;
  int64_t now_ = 0;
};

}  // namespace waypost::journeys

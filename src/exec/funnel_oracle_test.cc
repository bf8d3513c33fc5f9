// Funnels against what the words say, on random timelines: every chain of events is tried, one
// after the other. Slow, plain, and written without looking at how the operator does it.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>

#include "exec/funnel.h"
#include "exec/test_timelines.h"

namespace waypost::exec {
namespace {

using Order = FunnelSpec::Order;
using Count = FunnelSpec::Count;

constexpr int64_t kSecond = 1000;

// A funnel as letters.
struct Plain {
  std::vector<std::string> steps;
  struct Exclusion {
    std::string letters;
    uint32_t from, to;
  };
  std::vector<Exclusion> exclusions;
  FunnelSpec spec;  // the rest
};

struct Event {
  int64_t time_ms;
  char letter;
  int64_t held;
  size_t arrival;
};
using Timeline = std::vector<Event>;

class Oracle {
 public:
  explicit Oracle(const Plain& plain) : plain_(plain), n_(plain.steps.size()) {}

  // How many of this customer's units are counted at each step.
  std::vector<uint64_t> Units(Timeline all) const {
    std::stable_sort(all.begin(), all.end(), [&](const Event& a, const Event& b) {
      if (a.time_ms != b.time_ms) return a.time_ms < b.time_ms;
      const bool strict = plain_.spec.order == Order::kStrict;
      if (!strict && FirstRole(a) != FirstRole(b)) return FirstRole(a) < FirstRole(b);
      return a.arrival < b.arrival;
    });
    std::vector<uint64_t> units(n_, 0);
    std::vector<bool> best(n_, false);  // of the customer
    for (const std::vector<Timeline>& pair : Split(all)) {
      std::vector<bool> best_of_pair(n_, false);
      for (const Timeline& unit : pair) {
        for (const std::vector<bool>& reached : Outcomes(unit)) {
          if (removed_) return std::vector<uint64_t>(n_, 0);
          const bool each =
              plain_.spec.count == Count::kAttempts || plain_.spec.count == Count::kSessions;
          for (size_t k = 0; k < n_; ++k) {
            if (each) units[k] += reached[k];
            best[k] = best[k] || reached[k];
            best_of_pair[k] = best_of_pair[k] || reached[k];
          }
        }
      }
      if (plain_.spec.count == Count::kPairs) {
        for (size_t k = 0; k < n_; ++k) units[k] += best_of_pair[k];
      }
    }
    if (plain_.spec.count == Count::kCustomers) {
      for (size_t k = 0; k < n_; ++k) units[k] += best[k];
    }
    return units;
  }

 private:
  bool Is(const Event& e, size_t step) const {
    return plain_.steps[step].find(e.letter) != std::string::npos;
  }
  bool IsStep(const Event& e) const {
    for (size_t k = 0; k < n_; ++k) {
      if (Is(e, k)) return true;
    }
    return false;
  }
  bool Excluded(const Event& e, size_t after_step, bool only_removing = false) const {
    for (size_t x = 0; x < plain_.exclusions.size(); ++x) {
      const Plain::Exclusion& exclusion = plain_.exclusions[x];
      if (only_removing && !plain_.spec.exclusions[x].removes_customer) continue;
      if (after_step >= exclusion.from && after_step < exclusion.to &&
          exclusion.letters.find(e.letter) != std::string::npos)
        return true;
    }
    return false;
  }
  size_t FirstRole(const Event& e) const {
    for (size_t k = 0; k < n_; ++k) {
      if (Is(e, k)) return k;
    }
    for (size_t x = 0; x < plain_.exclusions.size(); ++x) {
      if (plain_.exclusions[x].letters.find(e.letter) != std::string::npos) return n_ + x;
    }
    return 64;
  }

  // By held value, then by session.
  std::vector<std::vector<Timeline>> Split(const Timeline& all) const {
    std::vector<std::pair<Event, int>> in_session;
    int session = 0;
    for (size_t i = 0; i < all.size(); ++i) {
      const bool idle = plain_.spec.session.rule == FunnelSpec::Session::Rule::kIdleGap;
      if (idle && i && all[i].time_ms - all[i - 1].time_ms > plain_.spec.session.gap_ms) ++session;
      in_session.emplace_back(all[i], session);
    }
    const bool holds = !plain_.spec.steps[0].hold.empty();
    std::set<int64_t> values = {-1};
    if (holds) {
      values.clear();
      for (const Event& e : all) {
        if (e.held >= 0) values.insert(e.held);
      }
    }
    std::vector<std::vector<Timeline>> pairs;
    for (const int64_t value : values) {
      std::vector<Timeline> sessions(static_cast<size_t>(session) + 1);
      for (const auto& [e, s] : in_session) {
        // An exclusion without the value is for every pair.
        const bool for_all = e.held < 0 && !IsStep(e) && FirstRole(e) < 64;
        if (!holds || e.held == value || for_all) sessions[static_cast<size_t>(s)].push_back(e);
      }
      pairs.push_back(std::move(sessions));
    }
    return pairs;
  }

  int64_t Deadline(const Event& first) const { return first.time_ms + plain_.spec.window_ms; }
  bool Begins(const Event& e) const {
    return Is(e, 0) && plain_.spec.entry.Contains(kTestBegin + e.time_ms);
  }
  bool GapHolds(const Event& before, const Event& e, size_t step) const {
    const int64_t gap = plain_.spec.steps[step].max_gap_ms;
    return gap == kNoLimit || e.time_ms - before.time_ms <= gap;
  }

  // May event j follow event i as `step`, when i was step `before`?
  bool Follows(const Timeline& t, size_t i, size_t before, size_t j, size_t step,
               size_t first) const {
    if (!Is(t[j], step) || t[j].time_ms > Deadline(t[first])) return false;
    if (!GapHolds(t[i], t[j], step)) return false;
    if (plain_.spec.tie_ms > 0) return t[j].time_ms >= t[i].time_ms - plain_.spec.tie_ms;
    if (j <= i) return false;
    for (size_t x = i + 1; x < j; ++x) {
      if (Excluded(t[x], before) && !Is(t[x], step)) return false;
    }
    return true;
  }

  // Every chain: calls seen(chain so far) with (event, step) pairs.
  using Chain = std::vector<std::pair<size_t, size_t>>;
  void Chains(const Timeline& t, Chain* chain,
              const std::function<void(const Chain&)>& seen) const {
    seen(*chain);
    const auto [last, step] = chain->back();
    for (size_t next = step + 1; next < n_; ++next) {
      for (size_t j = 0; j < t.size(); ++j) {
        const bool used =
            std::any_of(chain->begin(), chain->end(), [&](const auto& c) { return c.first == j; });
        if (used || !Follows(t, last, step, j, next, chain->front().first)) continue;
        chain->emplace_back(j, next);
        Chains(t, chain, seen);
        chain->pop_back();
      }
      if (!plain_.spec.steps[next].optional) break;
    }
  }

  // The steps met by the unit, for each thing that counts.
  std::vector<std::vector<bool>> Outcomes(const Timeline& t) const {
    removed_ = false;
    switch (plain_.spec.order) {
      case Order::kStrict:
        return Best(Strict(t));
      case Order::kAny:
        return Best(AnyOrder(t));
      default:
        break;
    }
    if (plain_.spec.count == Count::kAttempts) return Attempts(t);
    removed_ = Removed(t);
    std::vector<bool> met(n_, false);
    for (size_t i = 0; i < t.size(); ++i) {
      if (!Begins(t[i])) continue;
      Chain chain = {{i, 0}};
      Chains(t, &chain, [&](const Chain& c) { met[c.back().second] = true; });
      if (plain_.spec.first_attempt_only) break;
    }
    return {met};
  }

  std::vector<std::vector<bool>> Best(size_t reached) const {
    std::vector<bool> met(n_, false);
    std::fill_n(met.begin(), reached, true);
    return {met};
  }

  // The longest chain from these starts within t[0..end), and whether one so long is alive there.
  size_t Longest(const Timeline& t, const std::vector<size_t>& starts) const {
    size_t longest = 0;
    for (const size_t start : starts) {
      Chain chain = {{start, 0}};
      Chains(t, &chain, [&](const Chain& c) { longest = std::max(longest, c.size()); });
    }
    return longest;
  }
  // Does event `e` come upon a chain of `length` that it breaks?
  bool Breaks(const Timeline& before, const std::vector<size_t>& starts, size_t length,
              const Event& e, bool only_removing) const {
    bool breaks = false;
    for (const size_t start : starts) {
      Chain chain = {{start, 0}};
      Chains(before, &chain, [&](const Chain& c) {
        if (c.size() != length || length == n_) return;
        const size_t step = c.back().second;
        if (e.time_ms > Deadline(before[start])) return;
        if (!Excluded(e, step, only_removing) || Is(e, step + 1)) return;
        for (size_t x = c.back().first + 1; x < before.size(); ++x) {
          if (Excluded(before[x], step) && !Is(before[x], step + 1)) return;
        }
        breaks = true;
      });
    }
    return breaks;
  }

  std::vector<size_t> Starts(const Timeline& t) const {
    std::vector<size_t> starts;
    for (size_t i = 0; i < t.size(); ++i) {
      if (Begins(t[i])) starts.push_back(i);
    }
    if (plain_.spec.first_attempt_only && starts.size() > 1) starts.resize(1);
    return starts;
  }

  // Scope "user": the customer is out when the exclusion comes upon their furthest chain, before
  // they converted.
  bool Removed(const Timeline& t) const {
    for (size_t i = 0; i < t.size(); ++i) {
      const Timeline before(t.begin(), t.begin() + static_cast<std::ptrdiff_t>(i));
      const std::vector<size_t> starts = Starts(before);
      const size_t longest = Longest(before, starts);
      if (longest == n_) return false;
      if (longest && Breaks(before, starts, longest, t[i], true)) return true;
    }
    return false;
  }

  // One start at a time: an attempt ends by converting, by being too late, or by an exclusion.
  std::vector<std::vector<bool>> Attempts(const Timeline& t) const {
    std::vector<std::vector<bool>> attempts;
    for (size_t from = 0; from < t.size();) {
      size_t start = from;
      while (start < t.size() && !Begins(t[start])) ++start;
      if (start == t.size()) break;
      size_t end = start + 1;
      size_t longest = 1;
      for (; end < t.size() && longest < n_; ++end) {
        const Timeline before(t.begin(), t.begin() + static_cast<std::ptrdiff_t>(end));
        if (t[end].time_ms > Deadline(t[start])) break;
        if (Breaks(before, {start}, longest, t[end], false)) break;
        const Timeline with(t.begin(), t.begin() + static_cast<std::ptrdiff_t>(end) + 1);
        longest = Longest(with, {start});
      }
      attempts.push_back(Best(longest)[0]);
      from = end;
    }
    return attempts;
  }

  size_t Strict(const Timeline& t) const {
    size_t best = 0;
    for (size_t i = 0; i < t.size(); ++i) {
      if (!Begins(t[i])) continue;
      size_t k = 1;
      while (k < n_ && i + k < t.size() && Is(t[i + k], k) && t[i + k].time_ms <= Deadline(t[i]) &&
             GapHolds(t[i + k - 1], t[i + k], k))
        ++k;
      best = std::max(best, k);
      if (plain_.spec.first_attempt_only) break;
    }
    return best;
  }

  // As many different steps as events of their own can be found for, from any event on.
  size_t AnyOrder(const Timeline& t) const {
    size_t best = 0;
    for (size_t i = 0; i < t.size(); ++i) {
      if (!IsStep(t[i]) || !plain_.spec.entry.Contains(kTestBegin + t[i].time_ms)) continue;
      std::vector<Event> within;
      for (size_t j = i; j < t.size() && t[j].time_ms <= Deadline(t[i]); ++j) {
        bool excluded = false;
        for (size_t k = 0; k + 1 < n_; ++k) excluded |= Excluded(t[j], k);
        if (excluded && !IsStep(t[j])) break;
        within.push_back(t[j]);
      }
      best = std::max(best, Assign(within, 0, std::vector<bool>(n_, false), 0));
      if (plain_.spec.first_attempt_only) break;
    }
    return best;
  }
  size_t Assign(const Timeline& t, size_t i, std::vector<bool> taken, size_t count) const {
    size_t best = count;
    if (i == t.size()) return best;
    best = std::max(best, Assign(t, i + 1, taken, count));
    for (size_t k = 0; k < n_; ++k) {
      if (taken[k] || !Is(t[i], k)) continue;
      // A pinned step only at its own place, and that place only for it.
      if (k != count && (plain_.spec.steps[k].pinned || plain_.spec.steps[count].pinned)) continue;
      taken[k] = true;
      best = std::max(best, Assign(t, i + 1, taken, count + 1));
      taken[k] = false;
    }
    return best;
  }

  const Plain& plain_;
  const size_t n_;
  mutable bool removed_ = false;
};

class Draw {
 public:
  explicit Draw(uint32_t seed) : random_(seed) {}
  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(random_()) % n; }
  bool Rarely() { return Below(4) == 0; }

  Plain Funnel() {
    Plain plain;
    FunnelSpec& spec = plain.spec;
    const uint32_t steps = 1 + Below(4);
    for (uint32_t k = 0; k < steps; ++k) {
      std::string letters(1, static_cast<char>('a' + Below(4)));
      if (Rarely()) letters += static_cast<char>('a' + Below(4));
      plain.steps.push_back(letters);
      spec.steps.push_back({.events = Letters(letters)});
    }
    spec.window_ms = (1 + Below(8)) * kSecond;
    spec.order =
        std::array{Order::kOrdered, Order::kOrdered, Order::kStrict, Order::kAny}[Below(4)];
    if (Rarely())
      spec.entry = {kTestBegin + Below(4) * kSecond, kTestBegin + (4 + Below(6)) * kSecond};
    spec.first_attempt_only = spec.order == Order::kOrdered && Rarely();
    const bool ordered = spec.order == Order::kOrdered;
    if (spec.order != Order::kAny && steps > 1 && Rarely())
      spec.steps[1 + Below(steps - 1)].max_gap_ms = Below(4) * kSecond;
    if (spec.order == Order::kAny && Rarely()) spec.steps[Below(steps)].pinned = true;
    const uint32_t special = Below(6);
    if (ordered && special == 0 && steps > 2) spec.steps[1 + Below(steps - 2)].optional = true;
    if (ordered && special == 1) spec.tie_ms = kSecond * (1 + Below(2));
    if (ordered && special == 2 && !spec.first_attempt_only) spec.count = Count::kAttempts;
    if (special == 3) {
      spec.properties = {kHeldProperty};
      for (FunnelSpec::Step& step : spec.steps) step.hold = {0};
      spec.count = Below(2) ? Count::kPairs : Count::kCustomers;
    }
    if (special == 4) {
      spec.session = {FunnelSpec::Session::Rule::kIdleGap, 0, (1 + Below(2)) * kSecond};
      spec.count = Below(2) ? Count::kSessions : Count::kCustomers;
    }
    const bool excludes = steps > 1 && special != 0 && special != 1 && spec.order != Order::kStrict;
    for (uint32_t x = 0; excludes && x < Below(3); ++x) {
      const uint32_t from = Below(steps - 1);
      const uint32_t to = from + 1 + Below(steps - from - 1);
      const std::string letters(1, static_cast<char>(Below(3) ? 'x' : 'a' + Below(4)));
      const bool whole = spec.order == Order::kAny;
      plain.exclusions.push_back({letters, whole ? 0 : from, whole ? steps - 1 : to});
      FunnelSpec::Exclusion exclusion{.events = Letters(letters),
                                      .from = plain.exclusions.back().from,
                                      .to = plain.exclusions.back().to,
                                      .hold = spec.steps[0].hold};
      exclusion.removes_customer = ordered && special == 5 && Below(2);
      spec.exclusions.push_back(exclusion);
    }
    return plain;
  }

  // Events as they arrive: late ones last.
  std::vector<TestEvent> Events() {
    std::vector<TestEvent> events;
    const uint32_t customers = 1 + Below(3), count = 1 + Below(9) * customers;
    for (uint32_t i = 0; i < count; ++i) {
      const char letter = "abcdabcdxz"[Below(10)];
      const int64_t held = Below(5) ? static_cast<int64_t>(Below(2)) : -1;
      events.push_back({Below(customers), letter, Below(12) * kSecond, held, {}});
    }
    return events;
  }

  TestLayout Layout() {
    return {.parts = 1 + static_cast<int>(Below(3)),
            .month_ms = Below(2) ? int64_t{1} << 31 : 5 * kSecond,
            .members = 1 + Below(3),
            .stride = Below(2) ? 1u : 40'000u};
  }

 private:
  std::mt19937 random_;
};

std::string Describe(const Plain& plain, const std::vector<TestEvent>& events) {
  std::string text = "order " + std::to_string(static_cast<int>(plain.spec.order)) + " count " +
                     std::to_string(static_cast<int>(plain.spec.count)) + " window " +
                     std::to_string(plain.spec.window_ms / kSecond) +
                     (plain.spec.first_attempt_only ? " first" : "") + " tie " +
                     std::to_string(plain.spec.tie_ms / kSecond) + "\nsteps";
  for (size_t k = 0; k < plain.steps.size(); ++k) {
    const FunnelSpec::Step& step = plain.spec.steps[k];
    text += " " + plain.steps[k];
    if (step.max_gap_ms != kNoLimit) text += "<=" + std::to_string(step.max_gap_ms / kSecond);
    if (step.optional) text += "?";
    if (step.pinned) text += "!";
  }
  for (size_t x = 0; x < plain.exclusions.size(); ++x) {
    const Plain::Exclusion& e = plain.exclusions[x];
    text += " not " + e.letters + " " + std::to_string(e.from) + ".." + std::to_string(e.to);
    if (plain.spec.exclusions[x].removes_customer) text += " removes";
  }
  for (const TestEvent& e : events) {
    text += "\n" + std::to_string(e.customer) + " " + e.letter + " at " +
            std::to_string(e.time_ms / kSecond) + " held " + std::to_string(e.held);
  }
  return text;
}

TEST(FunnelOracleTest, CountsWhatEveryChainSays) {
  constexpr uint32_t kSeeds = 800;
  for (uint32_t seed = 0; seed < kSeeds; ++seed) {
    Draw draw(seed);
    const Plain plain = draw.Funnel();
    const std::vector<TestEvent> events = draw.Events();
    std::map<uint32_t, Timeline> timelines;
    for (size_t i = 0; i < events.size(); ++i) {
      const TestEvent& e = events[i];
      timelines[e.customer].push_back({e.time_ms, e.letter, e.held, i});
    }
    std::vector<uint64_t> expected(plain.steps.size(), 0);
    for (const auto& [customer, timeline] : timelines) {
      const std::vector<uint64_t> units = Oracle(plain).Units(timeline);
      for (size_t k = 0; k < units.size(); ++k) expected[k] += units[k];
    }
    const TestSnapshot snapshot(events, draw.Layout());
    const BindSpec bind = FunnelBinding(plain.spec);
    const Binding binding(snapshot.view(), bind, 1);
    const FunnelResult result = RunFunnel(plain.spec, binding, 1 + seed % 2);
    ASSERT_EQ(result.everyone.all.units, expected) << "seed " << seed << "\n"
                                                   << Describe(plain, events);
  }
}

}  // namespace
}  // namespace waypost::exec

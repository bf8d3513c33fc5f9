#include "exec/funnel_match.h"

#include <algorithm>
#include <bit>
#include <set>

namespace waypost::exec {
namespace {

uint32_t Bits(uint32_t count) { return count == 32 ? ~0u : (1u << count) - 1; }

// As windowFunnel: a step takes its chain from the step before, whenever that was met last.
void RunModes(const MatchRules& rules, const TimeRange& entry, std::span<const Hit> hits,
              Outcome* best) {
  struct Chain {
    int64_t deadline_ms = 0, last_ms = 0;
    std::array<uint32_t, kMaxSteps> hits;
  };
  const FunnelSpec::Modes& modes = rules.spec->modes;
  std::array<Chain, kMaxSteps> chains;
  uint32_t met = 0;
  for (uint32_t i = 0; i < hits.size() && best->reached < rules.steps; ++i) {
    const uint64_t steps = hits[i].mask & rules.step_bits;
    if (!steps && modes.order && met) return;
    for (uint64_t left = steps; left;) {
      const auto step = static_cast<uint32_t>(std::bit_width(left) - 1);
      left ^= 1ull << step;
      if (step == 0) {
        if (!entry.Contains(hits[i].time_ms)) continue;
        chains[0].deadline_ms = rules.Deadline(hits[i].time_ms);
      } else {
        if (modes.deduplication && (met >> step & 1)) return;
        const Chain& before = chains[step - 1];
        if (!(met >> (step - 1) & 1)) {
          if (modes.order && met) return;
          continue;
        }
        if (hits[i].time_ms > before.deadline_ms) continue;
        if (hits[i].time_ms - before.last_ms > rules.max_gap_ms[step]) continue;
        if (modes.increase && hits[i].time_ms <= before.last_ms) continue;
        chains[step].deadline_ms = before.deadline_ms;
        std::copy_n(before.hits.begin(), step, chains[step].hits.begin());
      }
      chains[step].last_ms = hits[i].time_ms;
      chains[step].hits[step] = i;
      met |= 1u << step;
      if (best->reached > step) continue;
      best->reached = step + 1;
      std::copy_n(chains[step].hits.begin(), step + 1, best->chain.begin());
    }
  }
}

// Steps in order, other events between. One pass: for each step the newest chain that ends there is
// enough, since whatever an older one can still do, the newer can too.
class OrderedMatch {
 public:
  OrderedMatch(const MatchRules& rules, const TimeRange& entry) : rules_(rules), entry_(entry) {}

  // Follows every start, or only the first one, through hits[from..]. Returns where a single
  // start's attempt was over: after its conversion, or at the event that came too late or broke it.
  size_t Run(std::span<const Hit> hits, size_t from, bool one_start, Outcome* best);

 private:
  struct Chain {
    int64_t deadline_ms, last_ms;
    std::array<uint32_t, kMaxSteps> hits;
  };

  bool Begin(const Hit& hit, bool one_start, const Outcome& best);
  bool Extend(uint32_t step, const Hit& hit);
  void Reach(uint32_t step, const Hit& hit, uint32_t index, Outcome* best);
  // Ends the chains that the event breaks. True when the furthest one was among them.
  bool Break(const Hit& hit, Outcome* best);

  const MatchRules& rules_;
  const TimeRange entry_;
  const bool attempts_ = rules_.spec->count == FunnelSpec::Count::kAttempts;
  uint32_t live_ = 0;  // bit per step with a chain
  int64_t deadline_ms_ = 0;
  std::array<Chain, kMaxSteps> chains_;
};

size_t OrderedMatch::Run(std::span<const Hit> hits, size_t from, bool one_start, Outcome* best) {
  for (size_t i = from; i < hits.size(); ++i) {
    const Hit& hit = hits[i];
    if (one_start && best->reached > 0 && hit.time_ms > deadline_ms_) return i;
    if ((hit.mask & rules_.exclusion_bits) && live_ && Break(hit, best) && attempts_) return i;
    if (best->removed) return i;
    for (uint64_t left = hit.mask & rules_.step_bits; left;) {
      const auto step = static_cast<uint32_t>(std::bit_width(left) - 1);
      left ^= 1ull << step;
      if (step == 0 ? Begin(hit, one_start, *best) : Extend(step, hit)) {
        Reach(step, hit, static_cast<uint32_t>(i), best);
      }
    }
    if (best->reached == rules_.steps) return i + 1;
  }
  return hits.size();
}

bool OrderedMatch::Begin(const Hit& hit, bool one_start, const Outcome& best) {
  if (!entry_.Contains(hit.time_ms) || (one_start && best.reached > 0)) return false;
  chains_[0].deadline_ms = deadline_ms_ = rules_.Deadline(hit.time_ms);
  return true;
}

bool OrderedMatch::Extend(uint32_t step, const Hit& hit) {
  const Chain& before = chains_[step - 1];
  if (!(live_ >> (step - 1) & 1) || hit.time_ms > before.deadline_ms) return false;
  if (hit.time_ms - before.last_ms > rules_.max_gap_ms[step]) return false;
  chains_[step].deadline_ms = before.deadline_ms;
  for (uint32_t k = 0; k < step; ++k) chains_[step].hits[k] = before.hits[k];
  return true;
}

void OrderedMatch::Reach(uint32_t step, const Hit& hit, uint32_t index, Outcome* best) {
  Chain& chain = chains_[step];
  chain.last_ms = hit.time_ms;
  chain.hits[step] = index;
  live_ |= 1u << step;
  if (best->reached > step) return;
  best->reached = step + 1;
  for (uint32_t k = 0; k <= step; ++k) best->chain[k] = chain.hits[k];
}

bool OrderedMatch::Break(const Hit& hit, Outcome* best) {
  bool furthest = false;
  for (uint32_t left = live_; left; left &= left - 1) {
    const auto step = static_cast<uint32_t>(std::countr_zero(left));
    const bool due = step + 1 < rules_.steps && (hit.mask >> (step + 1) & 1);
    if (!(hit.mask & rules_.breaks[step]) || due) continue;
    if (hit.time_ms <= chains_[step].deadline_ms) {
      const bool removes = hit.mask & rules_.breaks[step] & rules_.removing_bits;
      furthest |= step + 1 == best->reached;
      best->removed |= removes && step + 1 == best->reached;
    }
    live_ &= ~(1u << step);
  }
  return furthest;
}

// Each step the very next event. Returns where the next attempt may begin.
size_t RunStrict(const MatchRules& rules, const TimeRange& entry, std::span<const Hit> hits,
                 size_t from, bool one_start, Outcome* best) {
  for (size_t i = from; i < hits.size(); ++i) {
    if (!(hits[i].mask & 1) || !entry.Contains(hits[i].time_ms)) continue;
    const int64_t deadline_ms = rules.Deadline(hits[i].time_ms);
    uint32_t reached = 1;
    while (reached < rules.steps && i + reached < hits.size()) {
      const Hit& next = hits[i + reached];
      if (!(next.mask >> reached & 1) || next.time_ms > deadline_ms) break;
      if (next.time_ms - hits[i + reached - 1].time_ms > rules.max_gap_ms[reached]) break;
      ++reached;
    }
    if (reached > best->reached) {
      best->reached = reached;
      for (uint32_t k = 0; k < reached; ++k) best->chain[k] = static_cast<uint32_t>(i) + k;
    }
    if (one_start) return i + reached;
    if (best->reached == rules.steps) break;
  }
  return hits.size();
}

// The steps in any order: from each event on, as many different steps as find an event of their own
// before the deadline. Overlapping steps are told apart by bipartite matching (augmenting paths).
class AnyOrderMatch {
 public:
  AnyOrderMatch(const MatchRules& rules, std::span<const Hit> hits) : rules_(rules), hits_(hits) {}

  size_t Run(const TimeRange& entry, size_t from, bool one_start, Outcome* best) {
    for (size_t i = from; i < hits_.size(); ++i) {
      if (!(hits_[i].mask & rules_.step_bits) || !entry.Contains(hits_[i].time_ms)) continue;
      const size_t end = rules_.pinned ? Pinned(i, best) : Fill(i, best);
      if (one_start) return std::max(end, i + 1);
      if (best->removed || best->reached == rules_.steps) break;
    }
    return hits_.size();
  }

 private:
  bool InReach(size_t index, size_t first) const {
    return index < hits_.size() && hits_[index].time_ms <= rules_.Deadline(hits_[first].time_ms);
  }
  // An exclusion ends what began at `first`.
  bool Broken(size_t index, Outcome* best) const {
    if (!(hits_[index].mask & rules_.exclusion_bits) || (hits_[index].mask & rules_.step_bits))
      return false;
    best->removed |= (hits_[index].mask & rules_.removing_bits) != 0;
    return true;
  }

  size_t Fill(size_t first, Outcome* best) {
    taken_.fill(kNoHit);
    uint32_t filled = 0;
    size_t i = first;
    for (; InReach(i, first) && filled < rules_.steps; ++i) {
      if (i > first && Broken(i, best)) break;
      uint32_t tried = 0;
      filled += Assign(static_cast<uint32_t>(i), &tried);
    }
    Keep(filled, best);
    return i;
  }

  // Gives the event a step, moving others along if need be.
  bool Assign(uint32_t index, uint32_t* tried) {
    for (uint64_t left = hits_[index].mask & rules_.step_bits & ~uint64_t{*tried}; left;
         left &= left - 1) {
      const auto step = static_cast<uint32_t>(std::countr_zero(left));
      if (*tried >> step & 1) continue;
      *tried |= 1u << step;
      if (taken_[step] != kNoHit && !Assign(taken_[step], tried)) continue;
      taken_[step] = index;
      return true;
    }
    return false;
  }

  // With steps pinned to their places: every set of steps that the events so far can fill in order.
  size_t Pinned(size_t first, Outcome* best) {
    std::vector<std::pair<uint32_t, std::vector<uint32_t>>> reachable = {{0, {}}};
    size_t i = first;
    for (; InReach(i, first); ++i) {
      if (i > first && Broken(i, best)) break;
      std::set<uint32_t> known;
      for (const auto& [filled, events] : reachable) known.insert(filled);
      for (size_t r = reachable.size(); r-- > 0;) {
        const auto [filled, events] = reachable[r];
        const auto place = static_cast<uint32_t>(events.size());
        for (uint64_t left = hits_[i].mask & rules_.step_bits & ~uint64_t{filled}; left;
             left &= left - 1) {
          const auto step = static_cast<uint32_t>(std::countr_zero(left));
          if (step != place && ((rules_.pinned >> step & 1) || (rules_.pinned >> place & 1)))
            continue;
          if (!known.insert(filled | 1u << step).second) continue;
          std::vector<uint32_t> longer = events;
          longer.push_back(static_cast<uint32_t>(i));
          KeepList(longer, best);
          reachable.emplace_back(filled | 1u << step, std::move(longer));
        }
      }
      if (best->reached == rules_.steps) return i + 1;
    }
    return i;
  }

  void Keep(uint32_t filled, Outcome* best) const {
    if (filled <= best->reached) return;
    std::vector<uint32_t> events;
    for (uint32_t step = 0; step < rules_.steps; ++step) {
      if (taken_[step] != kNoHit) events.push_back(taken_[step]);
    }
    std::sort(events.begin(), events.end());
    KeepList(events, best);
  }
  void KeepList(const std::vector<uint32_t>& events, Outcome* best) const {
    if (events.size() <= best->reached) return;
    best->reached = static_cast<uint32_t>(events.size());
    std::copy(events.begin(), events.end(), best->chain.begin());
  }

  const MatchRules& rules_;
  std::span<const Hit> hits_;
  std::array<uint32_t, kMaxSteps> taken_;
};

// Ordered, with steps that may be left out. Chains that took different optional steps are kept
// apart.
class OptionalMatch {
 public:
  OptionalMatch(const MatchRules& rules, const TimeRange& entry) : rules_(rules), entry_(entry) {}

  void Run(std::span<const Hit> hits, bool one_start, Outcome* best) {
    for (uint32_t i = 0; i < hits.size() && !best->removed; ++i) {
      Break(hits[i], best);
      for (uint64_t left = hits[i].mask & rules_.step_bits; left;) {
        const auto step = static_cast<uint32_t>(std::bit_width(left) - 1);
        left ^= 1ull << step;
        if (step == 0) {
          if (!entry_.Contains(hits[i].time_ms) || (one_start && best->reached > 0)) continue;
          Reach(0, {1, rules_.Deadline(hits[i].time_ms), 0, {}}, hits[i], i, best);
        } else {
          Extend(step, hits[i], i, best);
        }
      }
    }
  }

 private:
  struct Chain {
    uint32_t steps;  // bits
    int64_t deadline_ms, last_ms;
    std::array<uint32_t, kMaxSteps> hits;
  };

  bool Optional(uint32_t step) const { return rules_.optional >> step & 1; }

  // From the step before, or over optional steps from one before those.
  void Extend(uint32_t step, const Hit& hit, uint32_t index, Outcome* best) {
    for (uint32_t from = step; from-- > 0;) {
      for (const Chain& chain : chains_[from]) {
        if (hit.time_ms > chain.deadline_ms) continue;
        if (hit.time_ms - chain.last_ms > rules_.max_gap_ms[step]) continue;
        Chain longer = chain;
        longer.steps |= 1u << step;
        Reach(step, longer, hit, index, best);
      }
      if (!Optional(from)) break;
    }
  }

  void Reach(uint32_t step, Chain chain, const Hit& hit, uint32_t index, Outcome* best) {
    chain.last_ms = hit.time_ms;
    chain.hits[step] = index;
    best->counted |= 1u << step;
    if (Better(chain.steps, step)) {
      best_steps_ = chain.steps;
      best->reached = step + 1;
      for (uint32_t k = 0; k <= step; ++k)
        best->chain[k] = chain.steps >> k & 1 ? chain.hits[k] : kNoHit;
    }
    for (Chain& known : chains_[step]) {
      if (known.steps != chain.steps) continue;
      if (chain.deadline_ms >= known.deadline_ms) known = chain;
      return;
    }
    chains_[step].push_back(chain);
  }

  bool Better(uint32_t steps, uint32_t step) const {
    const auto further = static_cast<uint32_t>(std::bit_width(best_steps_));
    return step + 1 > further ||
           (step + 1 == further && std::popcount(steps) > std::popcount(best_steps_));
  }

  void Break(const Hit& hit, Outcome* best) {
    if (!(hit.mask & rules_.exclusion_bits)) return;
    for (uint32_t step = 0; step < rules_.steps; ++step) {
      uint32_t due = step + 1;
      bool is_due = false;
      for (; due < rules_.steps && !is_due; ++due) {
        is_due = hit.mask >> due & 1;
        if (!Optional(due)) break;
      }
      if (!(hit.mask & rules_.breaks[step]) || is_due) continue;
      for (const Chain& chain : chains_[step]) {
        const bool removes = hit.mask & rules_.breaks[step] & rules_.removing_bits;
        best->removed |= removes && step + 1 == best->reached && hit.time_ms <= chain.deadline_ms;
      }
      chains_[step].clear();
    }
  }

  const MatchRules& rules_;
  const TimeRange entry_;
  uint32_t best_steps_ = 0;
  std::array<std::vector<Chain>, kMaxSteps> chains_;
};

// Ordered, where events within tie_ms of each other may be taken in either order: a search from
// each start. What failed once is not tried again: only used events so near that the search could
// come back to them matter for that.
class TieMatch {
 public:
  TieMatch(const MatchRules& rules, std::span<const Hit> hits)
      : rules_(rules), tie_ms_(rules.spec->tie_ms), hits_(hits) {}

  void Run(const TimeRange& entry, bool one_start, Outcome* best) {
    for (uint32_t i = 0; i < hits_.size(); ++i) {
      if (!(hits_[i].mask & 1) || !entry.Contains(hits_[i].time_ms)) continue;
      failed_.clear();
      deadline_ms_ = rules_.Deadline(hits_[i].time_ms);
      chain_ = {i};
      if (Search(best) || one_start) return;
    }
  }

 private:
  // Tries to lengthen chain_; true when it is complete.
  bool Search(Outcome* best) {
    const auto step = static_cast<uint32_t>(chain_.size());
    if (step > best->reached) {
      best->reached = step;
      std::copy(chain_.begin(), chain_.end(), best->chain.begin());
    }
    if (step == rules_.steps) return true;
    if (!failed_.insert(Situation()).second) return false;
    const int64_t last_ms = hits_[chain_.back()].time_ms;
    for (uint32_t i = FirstFrom(last_ms - tie_ms_); i < hits_.size(); ++i) {
      const Hit& hit = hits_[i];
      if (hit.time_ms > deadline_ms_ || hit.time_ms - last_ms > rules_.max_gap_ms[step]) break;
      if (!(hit.mask >> step & 1) || std::find(chain_.begin(), chain_.end(), i) != chain_.end())
        continue;
      if (Broken(step, last_ms, hit.time_ms)) continue;
      chain_.push_back(i);
      if (Search(best)) return true;
      chain_.pop_back();
    }
    return false;
  }

  uint32_t FirstFrom(int64_t ms) const {
    const auto at = std::lower_bound(hits_.begin(), hits_.end(), ms,
                                     [](const Hit& hit, int64_t t) { return hit.time_ms < t; });
    return static_cast<uint32_t>(at - hits_.begin());
  }

  bool Broken(uint32_t step, int64_t after_ms, int64_t before_ms) const {
    for (uint32_t i = FirstFrom(after_ms + tie_ms_ + 1); i < hits_.size(); ++i) {
      const Hit& hit = hits_[i];
      if (hit.time_ms >= before_ms - tie_ms_) return false;
      if ((hit.mask & rules_.breaks[step - 1]) && !(hit.mask >> step & 1)) return true;
    }
    return false;
  }

  std::vector<uint32_t> Situation() const {
    std::vector<uint32_t> key = {static_cast<uint32_t>(chain_.size()), chain_.back()};
    const int64_t reach_ms =
        hits_[chain_.back()].time_ms - tie_ms_ * static_cast<int64_t>(rules_.steps);
    for (const uint32_t index : chain_) {
      if (hits_[index].time_ms >= reach_ms) key.push_back(index);
    }
    std::sort(key.begin() + 2, key.end());
    return key;
  }

  const MatchRules& rules_;
  const int64_t tie_ms_;
  std::span<const Hit> hits_;
  int64_t deadline_ms_ = 0;
  std::vector<uint32_t> chain_;
  std::set<std::vector<uint32_t>> failed_;
};

// One outcome from hits[from..]; returns where the next attempt may begin.
size_t MatchOnce(const MatchRules& rules, std::span<const Hit> hits, size_t from,
                 const TimeRange& entry, bool one_start, Outcome* best) {
  const FunnelSpec& spec = *rules.spec;
  if (spec.modes.any()) {
    RunModes(rules, entry, hits, best);
    return hits.size();
  }
  if (spec.order == FunnelSpec::Order::kStrict) {
    return RunStrict(rules, entry, hits, from, one_start, best);
  }
  if (spec.order == FunnelSpec::Order::kAny) {
    return AnyOrderMatch(rules, hits).Run(entry, from, one_start, best);
  }
  if (rules.optional) {
    OptionalMatch(rules, entry).Run(hits, one_start, best);
    return hits.size();
  }
  if (spec.tie_ms > 0) {
    TieMatch(rules, hits).Run(entry, one_start, best);
    return hits.size();
  }
  return OrderedMatch(rules, entry).Run(hits, from, one_start, best);
}

}  // namespace

MatchRules::MatchRules(const FunnelSpec& s)
    : steps(static_cast<uint32_t>(s.steps.size())), spec(&s) {
  step_bits = Bits(steps);
  for (uint32_t k = 0; k < steps; ++k) {
    max_gap_ms[k] = s.steps[k].max_gap_ms;
    optional |= uint32_t{s.steps[k].optional} << k;
    pinned |= uint32_t{s.steps[k].pinned} << k;
  }
  for (size_t e = 0; e < s.exclusions.size(); ++e) {
    const uint64_t bit = 1ull << (steps + e);
    exclusion_bits |= bit;
    if (s.exclusions[e].removes_customer) removing_bits |= bit;
    for (uint32_t k = s.exclusions[e].from; k < s.exclusions[e].to; ++k) breaks[k] |= bit;
  }
}

int64_t MatchRules::Deadline(int64_t start_ms) const {
  int64_t deadline = spec->window_ms > kNoLimit - std::max<int64_t>(start_ms, 0)
                         ? kNoLimit
                         : start_ms + spec->window_ms;
  const int32_t day = spec->days.count() ? spec->days.Find(start_ms) : -1;
  if (day >= 0 && day < static_cast<int32_t>(spec->days.count())) {
    deadline = std::min(deadline, spec->days.end(static_cast<uint32_t>(day)) - 1);
  }
  return deadline;
}

void MatchUnit(const MatchRules& rules, std::span<const Hit> hits, const TimeRange& entry,
               std::vector<Outcome>* outcomes) {
  const bool attempts = rules.spec->count == FunnelSpec::Count::kAttempts;
  for (size_t from = 0; from < hits.size();) {
    Outcome outcome;
    from =
        MatchOnce(rules, hits, from, entry, attempts || rules.spec->first_attempt_only, &outcome);
    if (!rules.optional) outcome.counted = Bits(outcome.reached);
    if (outcome.reached > 0 || outcome.removed) outcomes->push_back(outcome);
    if (!attempts || outcome.removed) return;
  }
}

}  // namespace waypost::exec

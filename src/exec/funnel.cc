#include "exec/funnel.h"

#include <algorithm>
#include <memory>

#include "exec/begun_groups.h"
#include "exec/funnel_breaks.h"
#include "exec/funnel_cells.h"
#include "exec/funnel_match.h"
#include "exec/funnel_pairs.h"
#include "exec/funnel_steps.h"
#include "exec/funnel_units.h"
#include "exec/pair_sweep.h"
#include "exec/strict_walk.h"

namespace waypost::exec {
namespace {

using Count = FunnelSpec::Count;
using Touch = FunnelSpec::Touch;

// What one task finds, and what it works with.
struct FunnelTask {
  FunnelTask(const FunnelSpec& spec, const Binding& binding, const MatchRules& rules)
      : keys(spec.grouping, binding.slice_count()),
        splitter(spec, binding.slice_count()),
        pairs(rules, &splitter) {}
  GroupKeys keys;
  UnitSplitter splitter;
  PairWalk pairs;
  BegunGroups begun_groups;
  FunnelCells everyone;
  std::vector<FunnelCells> groups;
  CustomerSet wanted;

  struct Counted {
    size_t outcome;
    const Unit* unit;
  };
  std::vector<Hit> hits;
  bool one_unit = false;  // they are known to be
  std::vector<Unit> whole{1};
  std::vector<Outcome> outcomes;
  std::vector<Counted> counted;
  std::vector<uint32_t> found;
};

// One pass over a customer's events: who may begin when, and which cells it is for.
struct Pass {
  TimeRange entry;
  bool all = true;
  bool trend = false;
};

class Funnel {
 public:
  Funnel(const FunnelSpec& spec, const Binding& binding)
      : spec_(spec), binding_(binding), rules_(spec), splits_(UnitSplitter::Splits(spec)) {
    plain_ = spec.order != FunnelSpec::Order::kAny && spec.count == Count::kCustomers &&
             !Grouped() && !splits_ && !spec.trend.count() && !spec.wanted &&
             !rules_.removing_bits && spec.population.who.always() && !rules_.optional &&
             !spec.modes.any();
    uint64_t bit = 1ull << (spec.steps.size() + spec.exclusions.size());
    for (uint32_t k = 0; k < rules_.steps; ++k) {
      if (spec.steps[k].first_of.choices.empty()) continue;
      firsts_.push_back({k, bit});
      bit <<= 1;
    }
    plain_ &= firsts_.empty();
    const bool one_pass = spec.order == FunnelSpec::Order::kOrdered && !rules_.optional &&
                          !spec.tie_ms && !spec.first_attempt_only && !spec.modes.any() &&
                          firsts_.empty() && !(spec.trend.count() && spec.independent) && !Each();
    steady_ = one_pass && spec.count == Count::kCustomers && !splits_ && !rules_.removing_bits;
    paired_ = one_pass && PairWalk::Suits(spec);
    counts_begun_ =
        !spec.trend.count() && !spec.wanted &&
        (spec.touch == Touch::kFirstEntry || (spec.touch == Touch::kStep && spec.touch_step == 0));
  }

  std::unique_ptr<FunnelTask> MakeTask() const {
    return std::make_unique<FunnelTask>(spec_, binding_, rules_);
  }

  void RunBlock(const BoundBlock& block, FunnelTask* task) const {
    BlockBits begun, plain;
    PlainCustomers(binding_.snapshot(), block.view->block, &plain);
    PresentCustomers(block, EntryRoles(), &begun);
    Intersect(&begun, plain);
    if (plain_ && EntriesAreRows(block)) CountEntriesOnly(block, &begun, task);
    if (StrictWalk::Suits(spec_) && firsts_.empty() && !Each())
      return VisitStrict(block, begun, task);
    if (steady_ && StepWalk::Suits(block, rules_)) return VisitSteps(block, begun, task);
    if (paired_ && counts_begun_) {
      PairSweep sweep(block, rules_);
      if (sweep.able()) return VisitSwept(block, begun, &sweep, task);
    }
    VisitPlain(binding_, block, begun, 0, [&](const Customer& customer) {
      if (paired_) return VisitPairs(customer, task);
      Visit(customer, task);
    });
  }

  void RunClusters(size_t begin, size_t end, FunnelTask* task) const {
    VisitClusters(binding_, begin, end, [&](const Customer& customer) { Visit(customer, task); });
  }

 private:
  bool Grouped() const { return !spec_.grouping.dimensions.empty(); }
  // A funnel of its own for each group?
  bool Each() const {
    return Grouped() && (spec_.touch == Touch::kEach || spec_.touch == Touch::kEachAtStep);
  }
  uint64_t EntryRoles() const {
    return spec_.order == FunnelSpec::Order::kAny ? rules_.step_bits : 1;
  }

  // Is having a row of step 0 the same as having begun? Rows that are bound for later steps may lie
  // outside of the entry range.
  bool EntriesAreRows(const BoundBlock& block) const {
    return std::none_of(block.slices.begin(), block.slices.end(), [&](const BoundSlice& slice) {
      const int64_t base_ms = slice.part->base_ms;
      return (slice.possible & 1) &&
             (!(slice.roles & 1) || slice.clipped || !spec_.entry.Contains(base_ms) ||
              !spec_.entry.Contains(base_ms + kPartMs - 1));
    });
  }

  // Counts those who have nothing of step 1, and leaves only the others to be looked at.
  void CountEntriesOnly(const BoundBlock& block, BlockBits* begun, FunnelTask* task) const {
    BlockBits further{};
    if (rules_.steps > 1) PresentCustomers(block, 2, &further);
    uint64_t only = 0;
    for (size_t w = 0; w < begun->size(); ++w) {
      only += static_cast<uint64_t>(std::popcount((*begun)[w] & ~further[w]));
      (*begun)[w] &= further[w];
    }
    FunnelCell& cell = task->everyone.all;
    cell.Prepare(rules_.steps);
    cell.counts.units[0] += only;
    cell.counts.customers[0] += only;
  }

  void VisitSteps(const BoundBlock& block, BlockBits begun, FunnelTask* task) const {
    std::optional<LateBreaks> breaks;
    if (rules_.exclusion_bits) breaks.emplace(block, rules_);
    const bool chains = spec_.times || Grouped() || spec_.trend.count();
    StepWalk walk(block, rules_, breaks ? &*breaks : nullptr, chains);
    const Pass pass{spec_.entry, true, spec_.trend.count() > 0};
    Outcome outcome;
    for (uint32_t k = 0; k < rules_.steps; ++k) outcome.chain[k] = k + 1;
    KeepPopulation(binding_, block, &begun);
    walk.Run(begun, [&](uint32_t local, uint32_t reached, std::span<const Hit> hits) {
      outcome.reached = reached;
      outcome.counted = static_cast<uint32_t>((1ull << reached) - 1);
      const Place place{&block, local, nullptr};
      Take(pass, outcome, hits,
           {block.view->block << 16 | local, {&place, 1}, &block, block.Customer(local)}, task);
    });
  }

  void VisitSwept(const BoundBlock& block, BlockBits begun, PairSweep* sweep,
                  FunnelTask* task) const {
    KeepPopulation(binding_, block, &begun);
    const Place place{&block, 0, nullptr};
    Customer customer{0, {&place, 1}, &block, block.Customer(0)};
    for (uint32_t w = 0; w < begun.size(); ++w) {
      if (!begun[w]) continue;
      sweep->MoveTo(w, begun[w]);
      customer.row.local = w * 64;
      task->begun_groups.Count(*sweep, rules_.steps, customer, &task->keys, &task->everyone,
                               &task->groups);
      for (uint64_t left = sweep->further(); left; left &= left - 1) {
        const auto bit = static_cast<uint32_t>(std::countr_zero(left));
        customer.row.local = w * 64 + bit;
        customer.ordinal = block.view->block << 16 | customer.row.local;
        task->begun_groups.See(rules_.steps, customer.ordinal, &task->everyone, &task->groups);
        sweep->ForEachFurther(bit,
                              [&](std::span<const Hit> hits) { TakeUnit(hits, customer, task); });
      }
    }
  }

  void VisitPairs(const Customer& customer, FunnelTask* task) const {
    if (!task->pairs.Walk(customer)) return Visit(customer, task);
    const Pass pass{spec_.entry, true, spec_.trend.count() > 0};
    TakeBegun(pass, task->pairs.begun(), customer, task);
    task->pairs.ForEachFurther([&](std::span<const Hit> hits) { TakeUnit(hits, customer, task); });
  }

  void TakeUnit(std::span<const Hit> hits, const Customer& customer, FunnelTask* task) const {
    const Pass pass{spec_.entry, true, spec_.trend.count() > 0};
    task->outcomes.clear();
    MatchUnit(rules_, hits, spec_.entry, &task->outcomes);
    for (const Outcome& outcome : task->outcomes) Take(pass, outcome, hits, customer, task);
  }

  // Units that came to step 0 with this event and no further.
  void TakeBegun(const Pass& pass, std::span<const PairWalk::Begun> begun, const Customer& customer,
                 FunnelTask* task) const {
    if (begun.empty()) return;
    if (!counts_begun_) {
      Outcome outcome;
      outcome.reached = outcome.counted = 1;
      outcome.chain[0] = 0;
      for (const PairWalk::Begun& one : begun) {
        const Hit hit = one.hit();
        Take(pass, outcome, {&hit, 1}, customer, task);
      }
      return;
    }
    task->everyone.all.AddBegun(rules_.steps, begun.size(), 0);
    task->everyone.all.SeeBegun(rules_.steps, customer.ordinal);
    if (!Grouped()) return;
    for (const PairWalk::Begun& one : begun) {
      task->keys.Find(*one.slice, one.row, customer, &task->found);
      for (const uint32_t group : task->found) {
        if (group >= task->groups.size()) task->groups.resize(group + 1);
        task->groups[group].all.AddBegun(rules_.steps, 1, 0);
        task->groups[group].all.SeeBegun(rules_.steps, customer.ordinal);
      }
    }
  }

  void VisitStrict(const BoundBlock& block, BlockBits begun, FunnelTask* task) const {
    KeepPopulation(binding_, block, &begun);
    StrictWalk walk(block, rules_, &task->splitter);
    Place place{&block, 0, nullptr};
    Customer customer{0, {&place, 1}, &block, block.Customer(0)};
    walk.Run(begun, &task->hits, [&](uint32_t local, StrictWalk::Found found) {
      place.local = customer.row.local = local;
      customer.ordinal = block.view->block << 16 | local;
      if (found == StrictWalk::Found::kNothing) return Visit(customer, task);
      task->one_unit = found == StrictWalk::Found::kOneSession;
      RunPasses(customer, task);
      task->one_unit = false;
    });
  }

  void Visit(const Customer& customer, FunnelTask* task) const {
    if (!Gather(customer, &task->hits)) return;
    Sort(&task->hits);
    if (!firsts_.empty()) KeepFirsts(&task->hits);
    RunPasses(customer, task);
  }

  void RunPasses(const Customer& customer, FunnelTask* task) const {
    if (!spec_.trend.count() || !spec_.independent) {
      return Run({spec_.entry, true, spec_.trend.count() > 0}, customer, task);
    }
    Run({spec_.entry, true, false}, customer, task);
    for (const uint32_t bucket : EntryBuckets(task->hits)) {
      const TimeRange entry{std::max(spec_.entry.from_ms, spec_.trend.begin(bucket)),
                            std::min(spec_.entry.to_ms, spec_.trend.end(bucket))};
      Run({entry, false, true}, customer, task);
    }
  }

  std::vector<uint32_t> EntryBuckets(std::span<const Hit> hits) const {
    std::vector<uint32_t> buckets;
    for (const Hit& hit : hits) {
      const int32_t bucket = spec_.trend.Find(hit.time_ms);
      if ((hit.mask & EntryRoles()) && spec_.entry.Contains(hit.time_ms) && InTrend(bucket)) {
        buckets.push_back(static_cast<uint32_t>(bucket));
      }
    }
    std::sort(buckets.begin(), buckets.end());
    buckets.erase(std::unique(buckets.begin(), buckets.end()), buckets.end());
    return buckets;
  }

  bool InTrend(int32_t bucket) const {
    return bucket >= 0 && bucket < static_cast<int32_t>(spec_.trend.count());
  }

  // The customer's events; false when there is nothing to begin with.
  bool Gather(const Customer& customer, std::vector<Hit>* hits) const {
    hits->clear();
    uint64_t seen = 0;
    for (const Place& place : customer.places) {
      place.ForEachRows([&](const BoundSlice& slice, column::RowRange rows) {
        for (uint32_t row = rows.begin; row < rows.end; ++row) {
          const uint64_t mask =
              slice.filtered.empty() ? slice.roles : slice.Mask(row, customer.row);
          if (!mask && !binding_.spec().all_events) continue;
          seen |= mask;
          hits->push_back({slice.TimeMs(row), mask, &slice, row});
        }
      });
    }
    return seen & EntryRoles();
  }

  // Takes a step that only a first event can be from all other events.
  void KeepFirsts(std::vector<Hit>* hits) const {
    for (const FirstOf& first : firsts_) {
      bool met = false;
      for (Hit& hit : *hits) {
        const bool is_first = !met && (hit.mask & first.bit);
        met |= is_first;
        hit.mask &= ~first.bit;
        if (!is_first) hit.mask &= ~(1ull << first.step);
      }
    }
    if (!binding_.spec().all_events) std::erase_if(*hits, [](const Hit& hit) { return !hit.mask; });
  }

  // Hits come as a few sorted runs, mostly short: insertion is quickest.
  void Sort(std::vector<Hit>* hits) const {
    const auto before = [strict = spec_.order == FunnelSpec::Order::kStrict](
                            const Hit& a, const Hit& b) { return HappensBefore(a, b, strict); };
    if (hits->size() > 64) {
      std::stable_sort(hits->begin(), hits->end(), before);
      return;
    }
    Hit* begin = hits->data();
    for (Hit* at = begin + 1; at < begin + hits->size(); ++at) {
      if (!before(*at, at[-1])) continue;
      const Hit hit = *at;
      Hit* to = at;
      for (; to > begin && before(hit, to[-1]); --to) *to = to[-1];
      *to = hit;
    }
  }

  void Run(const Pass& pass, const Customer& customer, FunnelTask* task) const {
    Match(task->hits, pass.entry, task, [&](const Outcome& outcome, std::span<const Hit> hits) {
      Take(pass, outcome, hits, customer, task);
    });
    if (Each()) RunEach(pass, customer, task);
  }

  void Take(const Pass& pass, const Outcome& outcome, std::span<const Hit> hits,
            const Customer& customer, FunnelTask* task) const {
    Add(pass, outcome, hits, customer, nullptr, &task->everyone, task);
    if (!Grouped() || Each()) return;
    FindGroups(outcome, hits, customer, task);
    for (const uint32_t group : task->found) AddToGroup(pass, outcome, hits, customer, group, task);
  }

  // A funnel for each value met, over the events with it.
  void RunEach(const Pass& pass, const Customer& customer, FunnelTask* task) const {
    if (spec_.touch == Touch::kEachAtStep) return RunEachAtStep(pass, customer, task);
    std::map<uint32_t, std::vector<Hit>> by_group;
    for (const Hit& hit : task->hits) {
      task->keys.Find(*hit.slice, hit.row, customer, &task->found);
      for (const uint32_t group : task->found) by_group[group].push_back(hit);
    }
    for (const auto& [group, group_hits] : by_group) {
      Match(group_hits, pass.entry, task, [&](const Outcome& outcome, std::span<const Hit> hits) {
        AddToGroup(pass, outcome, hits, customer, group, task);
      });
    }
  }

  // A funnel for each value the step was met with: other events cannot be that step then.
  void RunEachAtStep(const Pass& pass, const Customer& customer, FunnelTask* task) const {
    const uint32_t step = spec_.touch_step;
    std::map<uint32_t, std::vector<Hit>> by_group;
    for (const Hit& hit : task->hits) {
      if (!(hit.mask >> step & 1)) continue;
      task->keys.Find(*hit.slice, hit.row, customer, &task->found);
      for (const uint32_t group : task->found) by_group.try_emplace(group);
    }
    for (const Hit& hit : task->hits) {
      Hit other = hit;
      other.mask &= ~(1ull << step);
      task->keys.Find(*hit.slice, hit.row, customer, &task->found);
      for (auto& [group, hits] : by_group) {
        const bool has =
            std::find(task->found.begin(), task->found.end(), group) != task->found.end();
        if (has || other.mask || binding_.spec().all_events) hits.push_back(has ? hit : other);
      }
    }
    bool met = false;
    for (const auto& [group, group_hits] : by_group) {
      Match(group_hits, pass.entry, task, [&](const Outcome& outcome, std::span<const Hit> hits) {
        if (!(outcome.counted >> step & 1)) return;
        met = true;
        AddToGroup(pass, outcome, hits, customer, group, task);
      });
    }
    if (met) return;
    Match(task->hits, pass.entry, task, [&](const Outcome& outcome, std::span<const Hit> hits) {
      AddToGroup(pass, outcome, hits, customer, task->keys.GroupOf(GroupValue::Kind::kNotReached),
                 task);
    });
  }

  // Gives the outcomes that count: for customers and pairs the best of theirs.
  template <typename Take>
  void Match(std::span<const Hit> all, const TimeRange& entry, FunnelTask* task, Take take) const {
    task->whole[0] = {all, 0};
    const std::vector<Unit>& units =
        splits_ && !task->one_unit ? task->splitter.Split(all) : task->whole;
    std::vector<Outcome>& outcomes = task->outcomes;
    std::vector<FunnelTask::Counted>& counted = task->counted;
    outcomes.clear();
    counted.clear();
    for (const Unit& unit : units) {
      const size_t first = outcomes.size();
      MatchUnit(rules_, unit.hits, entry, &outcomes);
      for (size_t o = first; o < outcomes.size(); ++o) {
        if (outcomes[o].removed) return;
        if (counted.empty() || !Joins(*counted.back().unit, unit)) {
          counted.push_back({o, &unit});
        } else if (Better(outcomes[o], unit, outcomes[counted.back().outcome],
                          *counted.back().unit)) {
          counted.back() = {o, &unit};
        }
      }
    }
    for (const FunnelTask::Counted& one : counted) take(outcomes[one.outcome], one.unit->hits);
  }

  // Do two units count as one?
  bool Joins(const Unit& a, const Unit& b) const {
    return spec_.count == Count::kCustomers || (spec_.count == Count::kPairs && a.pair == b.pair);
  }

  // Further, or as far but earlier.
  static bool Better(const Outcome& a, const Unit& a_unit, const Outcome& b, const Unit& b_unit) {
    if (a.reached != b.reached) return a.reached > b.reached;
    return a_unit.hits[a.chain[a.reached - 1]].time_ms <
           b_unit.hits[b.chain[b.reached - 1]].time_ms;
  }

  // The groups an outcome counts in, to task->found.
  void FindGroups(const Outcome& outcome, std::span<const Hit> hits, const Customer& customer,
                  FunnelTask* task) const {
    const Hit* touched = nullptr;
    GroupValue::Kind otherwise = GroupValue::Kind::kNull;
    if (spec_.touch == Touch::kStep) {
      const bool met =
          outcome.reached > spec_.touch_step && outcome.chain[spec_.touch_step] != kNoHit;
      if (met) touched = &hits[outcome.chain[spec_.touch_step]];
      otherwise = GroupValue::Kind::kNotReached;
    } else if (spec_.touch == Touch::kFirstEntry) {
      touched = FirstEntry(hits);
    } else {
      for (uint32_t k = 0; k < outcome.reached; ++k) {
        if (outcome.chain[k] == kNoHit) continue;
        const Hit& hit = hits[outcome.chain[k]];
        if (!task->keys.Defined(*hit.slice, hit.row, customer)) continue;
        touched = &hit;
        if (spec_.touch == Touch::kFirstDefined) break;
      }
    }
    if (touched) {
      task->keys.Find(*touched->slice, touched->row, customer, &task->found);
    } else {
      task->found.assign(1, task->keys.GroupOf(otherwise));
    }
  }

  const Hit* FirstEntry(std::span<const Hit> hits) const {
    for (const Hit& hit : hits) {
      if ((hit.mask & EntryRoles()) && spec_.entry.Contains(hit.time_ms)) return &hit;
    }
    return nullptr;
  }

  void AddToGroup(const Pass& pass, const Outcome& outcome, std::span<const Hit> hits,
                  const Customer& customer, uint32_t group, FunnelTask* task) const {
    if (group >= task->groups.size()) task->groups.resize(group + 1);
    Add(pass, outcome, hits, customer, &task->keys.tuple(group), &task->groups[group], task);
  }

  void Add(const Pass& pass, const Outcome& outcome, std::span<const Hit> hits,
           const Customer& customer, const GroupTuple* group, FunnelCells* cells,
           FunnelTask* task) const {
    const int32_t bucket = pass.trend ? spec_.trend.Find(hits[outcome.chain[0]].time_ms) : -1;
    if (pass.all) cells->all.Add(rules_, outcome, hits, customer.ordinal);
    if (pass.trend && InTrend(bucket)) {
      cells->trend.resize(spec_.trend.count());
      cells->trend[static_cast<size_t>(bucket)].Add(rules_, outcome, hits, customer.ordinal);
    }
    if (spec_.wanted && Wanted(pass, outcome, bucket, group)) task->wanted.Add(customer.ordinal);
  }

  bool Wanted(const Pass& pass, const Outcome& outcome, int32_t bucket,
              const GroupTuple* group) const {
    const FunnelSpec::Wanted& wanted = *spec_.wanted;
    if (wanted.group.has_value() != (group != nullptr) || (group && *wanted.group != *group))
      return false;
    if (wanted.bucket ? bucket != static_cast<int32_t>(*wanted.bucket) : !pass.all) return false;
    if (!(outcome.counted >> wanted.step & 1)) return false;
    return !wanted.dropped || wanted.step + 1 == rules_.steps ||
           !(outcome.counted >> (wanted.step + 1) & 1);
  }

  const FunnelSpec& spec_;
  const Binding& binding_;
  const MatchRules rules_;
  const bool splits_;
  bool plain_;
  bool steady_, paired_;  // VisitSteps() or VisitPairs() does it, where it can
  bool counts_begun_;     // who came to step 0 only counts by that event alone
  // A step that only a customer's first event can be, and the bit of the events it is the first of.
  struct FirstOf {
    uint32_t step;
    uint64_t bit;
  };
  std::vector<FirstOf> firsts_;
};

// What was gathered goes over to `to`.
void Merge(FunnelCounts* from, FunnelCounts* to) {
  for (size_t k = 0; k < from->units.size(); ++k) {
    to->units[k] += from->units[k];
    to->customers[k] += from->customers[k];
  }
  for (size_t k = 0; k < from->step_ms.size(); ++k) to->step_ms[k].Take(&from->step_ms[k]);
  to->to_convert_ms.Take(&from->to_convert_ms);
  for (const auto& [path, count] : from->paths) to->paths[path] += count;
}

FunnelGroup EmptyGroup(const FunnelSpec& spec, GroupTuple values) {
  FunnelCell cell;
  cell.Prepare(static_cast<uint32_t>(spec.steps.size()));
  return {std::move(values), cell.counts,
          std::vector<FunnelCounts>(spec.trend.count(), cell.counts)};
}

void Merge(FunnelCells* from, FunnelGroup* to) {
  Merge(&from->all.counts, &to->all);
  for (size_t b = 0; b < from->trend.size(); ++b) Merge(&from->trend[b].counts, &to->trend[b]);
}

}  // namespace

BindSpec FunnelBinding(const FunnelSpec& spec) {
  BindSpec bind;
  for (const FunnelSpec::Step& step : spec.steps) bind.roles.push_back(step.events);
  for (const FunnelSpec::Exclusion& exclusion : spec.exclusions)
    bind.roles.push_back(exclusion.events);
  bool ever = false;
  for (const FunnelSpec::Step& step : spec.steps) {
    if (step.first_of.choices.empty()) continue;
    ever = true;
    bind.roles.push_back(step.first_of);
  }
  bind.all_events = spec.order == FunnelSpec::Order::kStrict || spec.modes.order ||
                    spec.session.rule == FunnelSpec::Session::Rule::kIdleGap;
  bind.ignored = spec.ignored;
  bind.properties = spec.properties;
  bind.attributes = spec.attributes;
  bind.population = spec.population;
  bind.time.from_ms = spec.entry.from_ms == TimeRange{}.from_ms ? spec.entry.from_ms
                                                                : spec.entry.from_ms - spec.tie_ms;
  if (ever) bind.time.from_ms = TimeRange{}.from_ms;
  const bool bounded = spec.window_ms < kNoLimit && spec.entry.to_ms < kNoLimit - spec.window_ms;
  if (bounded) bind.time.to_ms = spec.entry.to_ms + spec.window_ms;
  bind.time.to_ms = std::min(bind.time.to_ms, spec.until_ms);
  return bind;
}

FunnelResult RunFunnel(const FunnelSpec& spec, const Binding& binding, unsigned threads) {
  const Funnel funnel(spec, binding);
  const auto tasks = RunOverCustomers(
      binding, threads, [&] { return funnel.MakeTask(); },
      [&](FunnelTask* task, const BoundBlock& block) { funnel.RunBlock(block, task); },
      [&](FunnelTask* task, size_t begin, size_t end) { funnel.RunClusters(begin, end, task); });

  FunnelResult result{EmptyGroup(spec, {}), {}, {}};
  GroupMerger merger;
  for (const std::unique_ptr<FunnelTask>& task : tasks) {
    Merge(&task->everyone, &result.everyone);
    result.customers.AddAll(task->wanted);
    if (spec.grouping.dimensions.empty()) continue;
    const std::vector<uint32_t> common = merger.Add(task->keys);
    for (size_t g = 0; g < task->groups.size(); ++g) {
      while (result.groups.size() < merger.size()) {
        result.groups.push_back(
            EmptyGroup(spec, merger.tuple(static_cast<uint32_t>(result.groups.size()))));
      }
      Merge(&task->groups[g], &result.groups[common[g]]);
    }
  }
  // Values that were met, but on no unit that counts.
  std::erase_if(result.groups, [](const FunnelGroup& g) { return g.all.units[0] == 0; });
  std::sort(result.groups.begin(), result.groups.end(),
            [](const FunnelGroup& a, const FunnelGroup& b) { return a.values < b.values; });
  return result;
}

}  // namespace waypost::exec

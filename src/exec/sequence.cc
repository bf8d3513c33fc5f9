#include "exec/sequence.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <tuple>

namespace waypost::exec {
namespace {

constexpr uint32_t kNever = std::numeric_limits<uint32_t>::max();

struct Occurrence {
  int64_t time_ms = 0;
  uint64_t mask = 0;
  const BoundSlice* slice = nullptr;
  uint32_t row = 0;

  auto Order() const { return std::make_tuple(time_ms, slice->part_order, slice->Tie(row)); }
};

// The search for one customer's matches: item by item, each event as early as possible, going back
// where that leads nowhere. What failed after an event is remembered, so every pair of item and
// event before it is tried once.
class Search {
 public:
  Search(const SequenceSpec& spec, const std::vector<Occurrence>& hits)
      : items_(spec.items), hits_(hits) {
    failed_.resize(items_.size());
    failed_from_.assign(items_.size(), kNever);
  }

  // The match that begins first at or after `from`: its first event and the one after its last.
  struct Match {
    uint32_t first = 0, end = 0;
  };
  std::optional<Match> Next(uint32_t from) {
    for (uint32_t i = from; i < hits_.size(); ++i) {
      if (!Fits(0, i)) continue;
      if (const std::optional<uint32_t> last = After(1, i)) return Match{i, *last + 1};
    }
    return {};
  }

 private:
  bool Fits(size_t item, uint32_t hit) const {
    return !items_[item].set || (hits_[hit].mask >> *items_[item].set & 1);
  }

  // The last event of the rest of the pattern, when event `before` was the item before.
  std::optional<uint32_t> After(size_t item, uint32_t before) {
    if (item == items_.size()) return before;
    const SequenceSpec::Item& wanted = items_[item];
    // Without a latest time, what failed after an earlier event fails after a later one.
    const bool open = wanted.skips && wanted.max_gap_ms == INT64_MAX;
    if (open && before >= failed_from_[item]) return {};
    std::vector<bool>& failed = failed_[item];
    if (!open && before < failed.size() && failed[before]) return {};
    const uint32_t end = wanted.skips ? static_cast<uint32_t>(hits_.size())
                                      : std::min(before + 2, static_cast<uint32_t>(hits_.size()));
    for (uint32_t i = before + 1; i < end; ++i) {
      const int64_t gap_ms = hits_[i].time_ms - hits_[before].time_ms;
      if (gap_ms > wanted.max_gap_ms) break;
      if (gap_ms < wanted.min_gap_ms || !Fits(item, i)) continue;
      if (const std::optional<uint32_t> last = After(item + 1, i)) return last;
    }
    if (open) {
      failed_from_[item] = std::min(failed_from_[item], before);
    } else {
      failed.resize(hits_.size());
      failed[before] = true;
    }
    return {};
  }

  const std::vector<SequenceSpec::Item>& items_;
  const std::vector<Occurrence>& hits_;
  std::vector<std::vector<bool>> failed_;  // [item][event before it]
  std::vector<uint32_t> failed_from_;      // by item: from this event before it on
};

struct SequenceTask {
  SequenceTask(const SequenceSpec& spec, const Binding& binding)
      : keys(spec.grouping, binding.slice_count()) {}
  GroupKeys keys;
  uint64_t considered = 0;
  SequenceCounts everyone;
  std::vector<SequenceCounts> groups;
  CustomerSet wanted;
  std::vector<Occurrence> hits;
  std::vector<uint32_t> found;
};

class Sequence {
 public:
  Sequence(const SequenceSpec& spec, const Binding& binding) : spec_(spec), binding_(binding) {}

  void RunBlock(const BoundBlock& block, SequenceTask* task) const {
    BlockBits plain, present;
    PlainCustomers(binding_.snapshot(), block.view->block, &plain);
    PresentCustomers(block, 0, &present);
    Intersect(&present, plain);
    VisitPlain(binding_, block, present, 0,
               [&](const Customer& customer) { Visit(customer, task); });
  }

  void RunClusters(size_t begin, size_t end, SequenceTask* task) const {
    VisitClusters(binding_, begin, end, [&](const Customer& customer) { Visit(customer, task); });
  }

 private:
  void Visit(const Customer& customer, SequenceTask* task) const {
    Gather(customer, &task->hits);
    if (task->hits.empty()) return;
    ++task->considered;
    Search search(spec_, task->hits);
    uint64_t matches = 0;
    uint32_t first = 0;
    for (uint32_t from = 0;;) {
      const std::optional<Search::Match> match = search.Next(from);
      if (!match) break;
      if (matches++ == 0) first = match->first;
      from = match->end;
    }
    if (matches) Count(customer, task->hits[first], matches, task);
  }

  void Gather(const Customer& customer, std::vector<Occurrence>* hits) const {
    hits->clear();
    for (const Place& place : customer.places) {
      place.ForEachRows([&](const BoundSlice& slice, column::RowRange rows) {
        for (uint32_t row = rows.begin; row < rows.end; ++row) {
          const uint64_t mask = slice.Mask(row, customer.row);
          if (mask) hits->push_back({slice.TimeMs(row), mask, &slice, row});
        }
      });
    }
    std::stable_sort(hits->begin(), hits->end(), [](const Occurrence& a, const Occurrence& b) {
      return a.Order() < b.Order();
    });
  }

  void Count(const Customer& customer, const Occurrence& first, uint64_t matches,
             SequenceTask* task) const {
    const auto add = [&](SequenceCounts* counts) {
      ++counts->customers;
      counts->matches += matches;
    };
    add(&task->everyone);
    const bool grouped = !spec_.grouping.dimensions.empty();
    bool wanted = spec_.wanted && !spec_.wanted->group;
    if (grouped) {
      task->keys.Find(*first.slice, first.row, customer, &task->found);
      for (const uint32_t group : task->found) {
        if (group >= task->groups.size()) task->groups.resize(group + 1);
        add(&task->groups[group]);
        wanted |=
            spec_.wanted && spec_.wanted->group && *spec_.wanted->group == task->keys.tuple(group);
      }
    }
    if (wanted) task->wanted.Add(customer.ordinal);
  }

  const SequenceSpec& spec_;
  const Binding& binding_;
};

void Merge(const SequenceCounts& from, SequenceCounts* to) {
  to->customers += from.customers;
  to->matches += from.matches;
}

}  // namespace

BindSpec SequenceBinding(const SequenceSpec& spec) {
  BindSpec bind;
  bind.roles = spec.sets;
  bind.time = spec.range;
  bind.ignored = spec.ignored;
  bind.properties = spec.properties;
  bind.attributes = spec.attributes;
  bind.population = spec.population;
  return bind;
}

SequenceResult RunSequence(const SequenceSpec& spec, const Binding& binding, unsigned threads) {
  const Sequence sequence(spec, binding);
  const auto tasks = RunOverCustomers(
      binding, threads, [&] { return std::make_unique<SequenceTask>(spec, binding); },
      [&](SequenceTask* task, const BoundBlock& block) { sequence.RunBlock(block, task); },
      [&](SequenceTask* task, size_t begin, size_t end) {
        sequence.RunClusters(begin, end, task);
      });
  SequenceResult result;
  GroupMerger merger;
  for (const std::unique_ptr<SequenceTask>& task : tasks) {
    result.considered += task->considered;
    Merge(task->everyone, &result.everyone);
    result.customers.AddAll(task->wanted);
    const std::vector<uint32_t> common = merger.Add(task->keys);
    for (size_t g = 0; g < task->groups.size(); ++g) {
      while (result.groups.size() < merger.size())
        result.groups.push_back({merger.tuple(static_cast<uint32_t>(result.groups.size())), {}});
      Merge(task->groups[g], &result.groups[common[g]].counts);
    }
  }
  std::erase_if(result.groups, [](const SequenceGroup& g) { return g.counts.customers == 0; });
  std::sort(result.groups.begin(), result.groups.end(),
            [](const SequenceGroup& a, const SequenceGroup& b) { return a.values < b.values; });
  return result;
}

}  // namespace waypost::exec

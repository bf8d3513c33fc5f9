#include "exec/selection.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <set>

#include "base/hash.h"
#include "exec/attribute_rules.h"
#include "exec/bit_kernels.h"
#include "exec/parallel.h"
#include "exec/selector.h"

namespace waypost::exec {
namespace {

constexpr size_t kEstimateEvery = 32;  // words

bool Has(const CustomerBits& bits, uint32_t ordinal) {
  return ordinal / 64 < bits.size() && (bits[ordinal / 64] >> (ordinal % 64) & 1);
}
void Set(CustomerBits* bits, uint32_t ordinal) { (*bits)[ordinal / 64] |= 1ull << (ordinal % 64); }

size_t BlocksOf(const column::SnapshotView& snapshot) {
  return (size_t{snapshot.ordinal_count} + 0xFFFF) >> 16;
}
void PutBlock(CustomerBits* bits, size_t block, const BlockBits& of_block) {
  std::ranges::copy(of_block, bits->begin() + static_cast<std::ptrdiff_t>(block * of_block.size()));
}

// Every leaf once, in the order written; branches combine what the leaves gave.
class Reporter {
 public:
  Reporter(const Rule& rule, const Selector& selector) : selector_(selector) {
    report_.everyone = CountBits(selector.everyone());
    if (rule.kind != Rule::Kind::kAll) {
      report_.customers = Run(rule);
      report_.after.push_back(CountBits(report_.customers));
      return;
    }
    report_.customers = selector.everyone();
    for (const Rule& part : rule.of) {
      report_.customers = And(std::move(report_.customers), Run(part));
      report_.after.push_back(CountBits(report_.customers));
    }
  }
  SelectionReport Take() { return std::move(report_); }

 private:
  CustomerBits Run(const Rule& rule) {
    if (rule.kind == Rule::Kind::kNot) return Without(selector_.everyone(), Run(rule.of[0]));
    if (rule.kind == Rule::Kind::kAll || rule.kind == Rule::Kind::kAny) {
      const bool all = rule.kind == Rule::Kind::kAll;
      CustomerBits bits = all ? selector_.everyone() : CustomerBits(selector_.everyone().size());
      for (const Rule& part : rule.of) {
        bits = all ? And(std::move(bits), Run(part)) : Or(std::move(bits), Run(part));
      }
      return bits;
    }
    CustomerBits bits = selector_.Run(rule, selector_.everyone());
    report_.leaves.push_back({0, CountBits(bits)});
    return bits;
  }

  const Selector& selector_;
  SelectionReport report_;
};

void Estimate(const Rule& rule, const Selector& selector, const CustomerBits& some, double scale,
              std::vector<uint64_t>* counts) {
  for (const Rule& part : rule.of) Estimate(part, selector, some, scale, counts);
  if (rule.kind <= Rule::Kind::kNot) return;
  const auto everyone = static_cast<double>(CountBits(selector.everyone()));
  double estimate = 0;
  if (rule.kind == Rule::Kind::kRank) {
    estimate = rule.share > 0 ? everyone * rule.share : static_cast<double>(rule.count);
  } else if (rule.kind == Rule::Kind::kSequence) {
    Rule first;  // no more than those who can begin
    first.kind = Rule::Kind::kDid;
    first.events = rule.sequence.steps[0].events;
    first.time = rule.sequence.entry;
    first.ignored = rule.sequence.ignored;
    first.test.min = 1;
    estimate = scale * static_cast<double>(CountBits(selector.Run(first, some)));
  } else {
    estimate = scale * static_cast<double>(CountBits(selector.Run(rule, some)));
  }
  counts->push_back(static_cast<uint64_t>(std::llround(std::min(estimate, everyone))));
}

}  // namespace

uint64_t CountBits(const CustomerBits& bits) {
  return FastestCountCommon()(bits.data(), bits.data(), bits.size());
}

bool NumberTest::Passes(const std::optional<long double>& value) const {
  if (!value) return null_passes;
  const bool inside = in.empty() ? (min_open ? *value > min : *value >= min) &&
                                       (max_open ? *value < max : *value <= max)
                                 : std::ranges::find(in, *value) != in.end();
  return inside != negated;
}

uint64_t CountBits(const BlockBits& bits) {
  return FastestCountCommon()(bits.data(), bits.data(), bits.size());
}

CustomerBits AllCustomers(const column::SnapshotView& snapshot, unsigned threads) {
  const size_t blocks = BlocksOf(snapshot);
  CustomerBits bits(blocks * column::PersonIndex::kWords);
  ParallelFor(blocks, threads, [&](size_t block) {
    BlockBits everyone;
    CustomersOf(snapshot, static_cast<uint32_t>(block), &everyone);
    PutBlock(&bits, block, everyone);
  });
  return bits;
}

CustomerBits Canonical(const CustomerBits& members, const column::SnapshotView& snapshot) {
  const CustomerBits everyone = AllCustomers(snapshot);
  CustomerBits bits = And(everyone, members);
  for (size_t c = 0; c < snapshot.clusters.size(); ++c) {
    const auto& cluster = snapshot.clusters[c];
    const bool in = std::ranges::any_of(cluster.members, [&](uint32_t member) {
      return Has(members, member) && !Has(snapshot.erased, member);
    });
    if (in && Has(everyone, cluster.root)) Set(&bits, cluster.root);
  }
  return bits;
}

// A cluster is seen or not as a whole.
column::SnapshotView Restrict(const column::SnapshotView& snapshot, const CustomerBits& visible) {
  column::SnapshotView seen = snapshot;
  seen.erased.resize(size_t{snapshot.ordinal_count} / 64 + 1);
  for (size_t w = 0; w < seen.erased.size(); ++w) {
    const uint64_t clustered = w < snapshot.clustered.size() ? snapshot.clustered[w] : 0;
    seen.erased[w] |= ~((w < visible.size() ? visible[w] : 0) | clustered);
  }
  for (size_t c = 0; c < snapshot.clusters.size(); ++c) {
    const column::Cluster cluster = snapshot.clusters[c];
    if (Has(visible, cluster.root)) continue;
    for (const uint32_t member : cluster.members) Set(&seen.erased, member);
  }
  return seen;
}

CustomerBits Select(const Rule& rule, const column::SnapshotView& snapshot, unsigned threads) {
  if (OnlyAttributes(rule)) {
    CustomerBits found(BlocksOf(snapshot) * column::PersonIndex::kWords);
    SelectByBlock(rule, snapshot, threads,
                  [&](uint32_t block, const BlockBits& bits) { PutBlock(&found, block, bits); });
    return found;
  }
  const Selector selector(snapshot, threads);
  return selector.Run(rule, selector.everyone());
}

void SelectByBlock(const Rule& rule, const column::SnapshotView& snapshot, unsigned threads,
                   const std::function<void(uint32_t, const BlockBits&)>& visit) {
  const bool whole = !OnlyAttributes(rule);
  const CustomerBits all = whole ? Select(rule, snapshot, threads) : CustomerBits();
  ParallelWithinLimit(BlocksOf(snapshot), threads, [&](size_t place) {
    const auto block = static_cast<uint32_t>(place);
    BlockBits found;
    if (whole) {
      std::copy_n(all.data() + place * found.size(), found.size(), found.data());
    } else {
      BlockBits everyone;
      CustomersOf(snapshot, block, &everyone);
      SelectByAttributes(rule, snapshot.FindBlock(block), block, everyone.data(), found.data());
    }
    visit(block, found);
  });
}

uint64_t CountSelected(const Rule& rule, const column::SnapshotView& snapshot, unsigned threads) {
  std::atomic<uint64_t> count = 0;
  SelectByBlock(rule, snapshot, threads,
                [&](uint32_t, const BlockBits& bits) { count += CountBits(bits); });
  return count;
}

CustomerBits SelectAmong(const CustomerBits& among, const Rule& rule,
                         const column::SnapshotView& snapshot, unsigned threads) {
  return Selector(snapshot, threads).Run(rule, among);
}

BlockBits SelectInBlock(const Rule& rule, const column::SnapshotView& snapshot, uint32_t block,
                        const BlockBits& among, const column::EventSlice* given) {
  const Selector selector(snapshot, block, among, given);
  const CustomerBits found = selector.Run(rule, selector.everyone());
  BlockBits bits;
  std::ranges::copy(found, bits.begin());
  return bits;
}

int64_t NextChange(const Rule& rule, const column::SnapshotView& snapshot, uint32_t ordinal,
                   int64_t base_ms) {
  BlockBits one{};
  one[(ordinal & 0xFFFF) / 64] = 1ull << (ordinal % 64);
  std::vector<Selector::Turn> turns;
  Selector(snapshot, ordinal >> 16, one, nullptr).FindChanges(rule, base_ms, &turns);
  int64_t next = std::numeric_limits<int64_t>::max();
  for (const Selector::Turn& turn : turns) next = std::min(next, turn.at_ms);
  return next;
}

bool ComparesCustomers(const Rule& rule) {
  return rule.kind == Rule::Kind::kRank || std::ranges::any_of(rule.of, ComparesCustomers);
}

namespace {

void AddRead(const Predicate& filter, std::vector<uint32_t>* properties) {
  for (const Predicate& part : filter.of) AddRead(part, properties);
  if (filter.kind == Predicate::Kind::kEvent) properties->push_back(filter.condition.property);
}

// Any: nothing. False: of any event and property.
bool AddRead(const Rule& rule, std::optional<std::vector<uint32_t>>* types,
             std::vector<uint32_t>* properties) {
  if (rule.kind == Rule::Kind::kSequence) return false;
  if (!rule.rows) {  // else of a table
    if (rule.kind == Rule::Kind::kEdge) properties->push_back(rule.condition.property);
    properties->push_back(rule.measure.property);
    for (const EventChoice& choice : rule.events.choices) {
      AddRead(choice.filter, properties);
      if (choice.any) types->reset();
      if (*types) (*types)->push_back(choice.event_type);
    }
  }
  return std::ranges::all_of(rule.of,
                             [&](const Rule& part) { return AddRead(part, types, properties); });
}

void SortOnce(std::vector<uint32_t>* some) {
  std::ranges::sort(*some);
  some->erase(std::ranges::unique(*some).begin(), some->end());
}

}  // namespace

column::Wanted ReadBy(const Rule& rule) {
  column::Wanted wanted{std::vector<uint32_t>(), std::vector<uint32_t>()};
  if (!AddRead(rule, &wanted.events, &*wanted.properties)) return {};
  if (wanted.events) SortOnce(&*wanted.events);
  SortOnce(&*wanted.properties);
  return wanted;
}

bool ReadsRows(const Rule& rule) {
  return rule.rows != nullptr || std::ranges::any_of(rule.of, ReadsRows);
}

column::SnapshotView Near(const column::SnapshotView& snapshot, uint32_t block,
                          const BlockBits& customers) {
  column::SnapshotView near;
  near.id = snapshot.id;
  near.ordinal_count = snapshot.ordinal_count;
  near.damaged_parts = snapshot.damaged_parts;
  near.bits_from = block;
  const auto window = [&](const std::vector<uint64_t>& all) {
    const size_t first = std::min(size_t{block} * column::PersonIndex::kWords, all.size());
    const size_t last = std::min(first + column::PersonIndex::kWords, all.size());
    return std::vector<uint64_t>(all.begin() + static_cast<std::ptrdiff_t>(first),
                                 all.begin() + static_cast<std::ptrdiff_t>(last));
  };
  near.clustered = window(snapshot.clustered);
  near.erased = window(snapshot.erased);
  std::set<uint32_t> blocks{block};
  std::vector<std::vector<uint32_t>> members;
  std::vector<column::Cluster> clusters;
  for (uint32_t w = 0; w < near.clustered.size(); ++w) {
    for (uint64_t left = customers[w] & near.clustered[w]; left; left &= left - 1) {
      const auto cluster = snapshot.clusters.Find(
          block << 16 | (w * 64 + static_cast<uint32_t>(std::countr_zero(left))));
      if (!cluster) continue;
      std::vector<uint32_t>& alive = members.emplace_back();
      std::ranges::remove_copy_if(cluster->members, std::back_inserter(alive),
                                  [&](uint32_t member) { return snapshot.IsErased(member); });
      for (const uint32_t member : alive) blocks.insert(member >> 16);
      if (!alive.empty()) clusters.push_back({cluster->root, alive});
    }
  }
  near.clusters = column::Clusters(clusters);
  for (const uint32_t number : blocks) {
    if (const column::BlockView* view = snapshot.FindBlock(number)) near.blocks.push_back(*view);
  }
  return near;
}

CustomerBits Choose(const CustomerBits& from, uint64_t count, uint64_t seed) {
  std::vector<std::pair<uint64_t, uint32_t>> hashes;
  for (size_t w = 0; w < from.size(); ++w) {
    for (uint64_t left = from[w]; left; left &= left - 1) {
      const auto ordinal =
          static_cast<uint32_t>(w * 64) + static_cast<uint32_t>(std::countr_zero(left));
      hashes.emplace_back(MixBits(MixBits(seed) + ordinal), ordinal);
    }
  }
  if (hashes.size() <= count) return from;
  std::nth_element(hashes.begin(), hashes.begin() + static_cast<std::ptrdiff_t>(count),
                   hashes.end());
  CustomerBits chosen(from.size());
  for (uint64_t i = 0; i < count; ++i) Set(&chosen, hashes[i].second);
  return chosen;
}

SelectionReport SelectAndReport(const Rule& rule, const column::SnapshotView& snapshot,
                                unsigned threads) {
  const Selector selector(snapshot, threads);
  SelectionReport report = Reporter(rule, selector).Take();
  const std::vector<uint64_t> estimated = EstimateLeaves(rule, snapshot, threads);
  for (size_t leaf = 0; leaf < report.leaves.size(); ++leaf)
    report.leaves[leaf].estimated = estimated[leaf];
  return report;
}

std::vector<uint64_t> EstimateLeaves(const Rule& rule, const column::SnapshotView& snapshot,
                                     unsigned threads) {
  const Selector selector(snapshot, threads);
  CustomerBits some = selector.everyone();
  for (size_t w = 0; w < some.size(); ++w) {
    if (w % kEstimateEvery) some[w] = 0;
  }
  const uint64_t all = CountBits(selector.everyone()), sampled = CountBits(some);
  const double scale = sampled ? static_cast<double>(all) / static_cast<double>(sampled) : 0;
  std::vector<uint64_t> counts;
  Estimate(rule, selector, some, scale, &counts);
  return counts;
}

}  // namespace waypost::exec

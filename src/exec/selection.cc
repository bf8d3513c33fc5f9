#include "exec/selection.h"

#include <algorithm>
#include <cmath>

#include "base/hash.h"
#include "exec/customers.h"

namespace waypost::exec {
namespace {

constexpr size_t kBlockWords = column::PersonIndex::kWords;
constexpr size_t kEstimateEvery = 32;  // words

bool Has(const CustomerBits& bits, uint32_t ordinal) {
  return ordinal / 64 < bits.size() && (bits[ordinal / 64] >> (ordinal % 64) & 1);
}
void Set(CustomerBits* bits, uint32_t ordinal) { (*bits)[ordinal / 64] |= 1ull << (ordinal % 64); }

template <typename Visit>
void ForEach(const CustomerBits& bits, Visit visit) {
  for (size_t w = 0; w < bits.size(); ++w) {
    for (uint64_t left = bits[w]; left; left &= left - 1)
      visit(static_cast<uint32_t>(w * 64) + static_cast<uint32_t>(std::countr_zero(left)));
  }
}

// One customer's events, taken in one by one.
class Tally {
 public:
  explicit Tally(const Measure& measure) : measure_(measure) {}

  void Clear() {
    count_ = values_ = 0;
    sum_ = 0;
    keys_.clear();
  }

  void Add(const BoundSlice& slice, uint32_t row) {
    using Kind = Measure::Kind;
    ++count_;
    switch (measure_.kind) {
      case Kind::kCount:
        return;
      case Kind::kDays:
        keys_.push_back(static_cast<uint64_t>(measure_.days.Find(slice.TimeMs(row))));
        return;
      case Kind::kFirstTime:
      case Kind::kLastTime:
      case Kind::kDaysSinceFirst:
      case Kind::kDaysSinceLast:
        return AddNumber(static_cast<long double>(slice.TimeMs(row)));
      default:
        return AddValue(slice.columns[0], row);
    }
  }

  std::optional<long double> Value() {
    using Kind = Measure::Kind;
    switch (measure_.kind) {
      case Kind::kCount:
        return count_;
      case Kind::kDays:
      case Kind::kDistinct:
        std::sort(keys_.begin(), keys_.end());
        return std::unique(keys_.begin(), keys_.end()) - keys_.begin();
      default:
        break;
    }
    if (values_ == 0) return std::nullopt;
    switch (measure_.kind) {
      case Kind::kSum:
        return sum_;
      case Kind::kAvg:
        return sum_ / static_cast<long double>(values_);
      case Kind::kMax:
      case Kind::kLastTime:
        return max_;
      case Kind::kDaysSinceFirst:
        return DaysSince(min_);
      case Kind::kDaysSinceLast:
        return DaysSince(max_);
      default:
        return min_;
    }
  }

 private:
  void AddValue(const column::Column* column, uint32_t row) {
    if (!column || row >= column->row_count() || column->IsNull(row)) return;
    const column::ColumnType type = column->type();
    if (type == column::ColumnType::kList) return;
    if (measure_.kind == Measure::Kind::kDistinct) {
      keys_.push_back(type == column::ColumnType::kString   ? Hash64(column->Text(row))
                      : type == column::ColumnType::kDouble ? RealKey(column->Real(row))
                                                            : RealKey(column->Whole(row)));
    } else if (type == column::ColumnType::kDouble) {
      AddNumber(column->Real(row));
    } else if (type != column::ColumnType::kString) {
      AddNumber(static_cast<long double>(column->Whole(row)));
    }
  }
  // One key for a number in whole and in real columns.
  static uint64_t RealKey(long double v) {
    return v == std::floor(v) && std::abs(v) < 9e18L
               ? MixBits(static_cast<uint64_t>(static_cast<int64_t>(v)))
               : MixBits(std::bit_cast<uint64_t>(static_cast<double>(v)) + 1);
  }
  void AddNumber(long double v) {
    sum_ += v;
    min_ = values_ ? std::min(min_, v) : v;
    max_ = values_ ? std::max(max_, v) : v;
    ++values_;
  }
  long double DaysSince(long double ms) const {
    return static_cast<int32_t>(measure_.days.count()) - 1 -
           measure_.days.Find(static_cast<int64_t>(ms));
  }

  const Measure& measure_;
  uint64_t count_ = 0, values_ = 0;
  long double sum_ = 0, min_ = 0, max_ = 0;
  std::vector<uint64_t> keys_;
};

// The first or last of a customer's events.
struct Edge {
  const BoundSlice* slice = nullptr;
  uint32_t row = 0;

  // By time, then as they arrived.
  void Offer(const BoundSlice& other, uint32_t other_row, bool last) {
    if (slice) {
      const auto key = [](const BoundSlice& s, uint32_t r) {
        return std::tuple(s.TimeMs(r), s.part_order, s.Tie(r));
      };
      const auto mine = key(*slice, row), theirs = key(other, other_row);
      if (last ? theirs < mine : !(theirs < mine)) return;
    }
    slice = &other;
    row = other_row;
  }
};

// Calls visit(slice, row) for the customer's events of role 0 until it returns false.
template <typename Visit>
void VisitEvents(const Customer& customer, Visit visit) {
  bool more = true;
  for (const Place& place : customer.places) {
    place.ForEachRows([&](const BoundSlice& slice, column::RowRange rows) {
      for (uint32_t row = rows.begin; more && row < rows.end; ++row) {
        if (!slice.roles && !slice.Mask(row, customer.row)) continue;
        more = visit(slice, row);
      }
    });
    if (!more) return;
  }
}

class Selector {
 public:
  Selector(const column::SnapshotView& snapshot, unsigned threads)
      : snapshot_(snapshot), threads_(threads), everyone_(AllCustomers(snapshot)) {}

  const CustomerBits& everyone() const { return everyone_; }

  // Those of `among` that the rule selects.
  CustomerBits Run(const Rule& rule, const CustomerBits& among) const {
    switch (rule.kind) {
      case Rule::Kind::kAll:
      case Rule::Kind::kAny:
        return RunChain(rule, among);
      case Rule::Kind::kNot:
        return Without(among, Run(rule.of[0], among));
      case Rule::Kind::kAttribute:
        return RunAttribute(rule.condition, among);
      case Rule::Kind::kDid:
        return RunDid(rule, among);
      case Rule::Kind::kEdge:
        return RunEdge(rule, among);
      case Rule::Kind::kSequence:
        return RunSequence(rule, among);
      case Rule::Kind::kRank:
        return And(RunRank(rule), among);
      case Rule::Kind::kSample:
        return RunSample(rule, among);
    }
    return {};
  }

  static CustomerBits And(CustomerBits a, const CustomerBits& b) {
    for (size_t w = 0; w < a.size(); ++w) a[w] &= w < b.size() ? b[w] : 0;
    return a;
  }
  static CustomerBits Or(CustomerBits a, const CustomerBits& b) {
    for (size_t w = 0; w < b.size(); ++w) a[w] |= b[w];
    return a;
  }
  static CustomerBits Without(CustomerBits a, const CustomerBits& b) {
    for (size_t w = 0; w < b.size(); ++w) a[w] &= ~b[w];
    return a;
  }

 private:
  // About what a rule costs for a customer: attributes and sets, rows of events, timelines.
  static int CostOf(const Rule& rule) {
    int cost = 0;
    for (const Rule& part : rule.of) cost += CostOf(part);
    switch (rule.kind) {
      case Rule::Kind::kAll:
      case Rule::Kind::kAny:
      case Rule::Kind::kNot:
        return cost;
      case Rule::Kind::kAttribute:
      case Rule::Kind::kSample:
        return 1;
      case Rule::Kind::kDid:
        return Exists(rule) ? 5 : 10;
      case Rule::Kind::kEdge:
        return 10;
      case Rule::Kind::kRank:
        return rule.by_attribute ? 3 : 20;
      case Rule::Kind::kSequence:
        return 30;
    }
    return cost;
  }

  CustomerBits RunChain(const Rule& rule, const CustomerBits& among) const {
    std::vector<const Rule*> parts;
    for (const Rule& part : rule.of) parts.push_back(&part);
    std::ranges::stable_sort(parts, {}, [](const Rule* part) { return CostOf(*part); });
    const bool all = rule.kind == Rule::Kind::kAll;
    CustomerBits open = among;  // all: still in; any: not in yet
    for (const Rule* part : parts) {
      CustomerBits found = Run(*part, open);
      open = all ? std::move(found) : Without(std::move(open), found);
    }
    return all ? open : Without(among, open);
  }

  CustomerBits Empty() const { return CustomerBits(everyone_.size()); }

  CustomerBits RunAttribute(const Condition& condition, const CustomerBits& among) const {
    CustomerBits found = Empty();
    ParallelFor(found.size() / kBlockWords, threads_, [&](size_t block) {
      const column::BlockView* view = snapshot_.FindBlock(static_cast<uint32_t>(block));
      const BoundCondition bound(condition,
                                 view ? view->FindAttribute(condition.property) : nullptr,
                                 static_cast<uint32_t>(block));
      for (size_t w = block * kBlockWords; w < (block + 1) * kBlockWords; ++w) {
        const auto first = static_cast<uint32_t>(w % kBlockWords * 64);
        uint64_t word = 0;
        for (uint64_t left = among[w]; left; left &= left - 1) {
          const auto bit = static_cast<uint32_t>(std::countr_zero(left));
          word |= uint64_t{bound.Test(first + bit)} << bit;
        }
        found[w] = word;
      }
    });
    return found;
  }

  // At least one event, whatever else.
  static bool Exists(const Rule& rule) {
    return rule.measure.kind == Measure::Kind::kCount && !rule.test.negated &&
           rule.test.in.empty() && rule.test.Passes(1) && !rule.test.Passes(0) &&
           std::isinf(rule.test.max);
  }

  BindSpec BindingOf(const Rule& rule) const {
    BindSpec spec;
    spec.roles.push_back(rule.events);
    spec.ignored = rule.ignored;
    spec.time = rule.time;
    using Kind = Measure::Kind;
    if (rule.measure.kind >= Kind::kSum && rule.measure.kind <= Kind::kDistinct)
      spec.properties.push_back(rule.measure.property);
    return spec;
  }

  // Calls judge(&state, customer) -> bool for every customer of `among` who has rows that may
  // matter: true selects. `seen`, when given, gets all who were judged.
  template <typename State, typename Judge>
  CustomerBits RunEvents(const Binding& binding, const CustomerBits& among, State prototype,
                         Judge judge, CustomerBits* seen = nullptr) const {
    CustomerBits found = Empty();
    struct Pass {
      std::vector<uint32_t> found, seen;  // of clusters
    };
    const auto passes = RunOverCustomers(
        binding, threads_, [] { return std::optional<Pass>(Pass{}); },
        [&](auto*, const BoundBlock& block) {
          const size_t first = block.view->block * kBlockWords;
          BlockBits present, plain;
          PresentCustomers(block, 0, &present);
          PlainCustomers(snapshot_, block.view->block, &plain);
          Intersect(&present, plain);
          for (size_t w = 0; w < kBlockWords; ++w) present[w] &= among[first + w];
          State state = prototype;
          VisitPlain(binding, block, present, 1, [&](const Customer& customer) {
            if (seen) Set(seen, customer.ordinal);
            if (judge(&state, customer)) Set(&found, customer.ordinal);
          });
        },
        [&](auto* pass, size_t begin, size_t end) {
          State state = prototype;
          VisitClusters(binding, begin, end, [&](const Customer& customer) {
            if (!Has(among, customer.ordinal)) return;
            if (seen) pass->seen.push_back(customer.ordinal);
            if (judge(&state, customer)) pass->found.push_back(customer.ordinal);
          });
        });
    for (const auto& pass : passes) {
      if (!pass) continue;
      for (const uint32_t ordinal : pass->found) Set(&found, ordinal);
      if (!seen) continue;
      for (const uint32_t ordinal : pass->seen) Set(seen, ordinal);
    }
    return found;
  }

  CustomerBits RunDid(const Rule& rule, const CustomerBits& among) const {
    const BindSpec spec = BindingOf(rule);
    const Binding binding(snapshot_, spec, threads_);
    if (Exists(rule)) {
      return RunEvents(binding, among, 0, [](int*, const Customer& customer) {
        bool any = false;
        VisitEvents(customer, [&](const BoundSlice&, uint32_t) { return !(any = true); });
        return any;
      });
    }
    Tally nothing(rule.measure);
    const bool without_events = rule.test.Passes(nothing.Value());
    CustomerBits seen = without_events ? Empty() : CustomerBits();
    CustomerBits found = RunEvents(
        binding, among, Tally(rule.measure),
        [&](Tally* tally, const Customer& customer) {
          return rule.test.Passes(MeasureOf(customer, tally));
        },
        without_events ? &seen : nullptr);
    return without_events ? Or(std::move(found), Without(among, seen)) : found;
  }

  static std::optional<long double> MeasureOf(const Customer& customer, Tally* tally) {
    tally->Clear();
    VisitEvents(customer, [&](const BoundSlice& slice, uint32_t row) {
      tally->Add(slice, row);
      return true;
    });
    return tally->Value();
  }

  CustomerBits RunEdge(const Rule& rule, const CustomerBits& among) const {
    const BindSpec spec = BindingOf(rule);
    const Binding binding(snapshot_, spec, threads_);
    std::vector<BoundCondition> bound;  // by slice number
    for (const BoundBlock& block : binding.blocks()) {
      for (const BoundSlice& slice : block.slices)
        bound.emplace_back(rule.condition, slice.slice->Find(rule.condition.property));
    }
    return RunEvents(binding, among, 0, [&](int*, const Customer& customer) {
      Edge edge;
      VisitEvents(customer, [&](const BoundSlice& slice, uint32_t row) {
        edge.Offer(slice, row, rule.last);
        return true;
      });
      return edge.slice && bound[edge.slice->number].Test(edge.row);
    });
  }

  CustomerBits RunSequence(const Rule& rule, const CustomerBits& among) const {
    FunnelSpec spec = rule.sequence;
    spec.wanted = FunnelSpec::Wanted{.step = rule.steps_reached - 1};
    const BindSpec bind = FunnelBinding(spec);
    const Binding binding(snapshot_, bind, threads_);
    CustomerBits found = RunFunnel(spec, binding, threads_).customers.words();
    found.resize(everyone_.size());
    return And(std::move(found), among);
  }

  struct Ranked {
    long double value;
    uint32_t ordinal;
  };

  CustomerBits RunRank(const Rule& rule) const {
    std::vector<Ranked> ranked = rule.by_attribute ? ByAttribute(rule) : ByMeasure(rule);
    CustomerBits found = Empty();
    const auto share =
        static_cast<uint64_t>(std::ceil(static_cast<double>(ranked.size()) * rule.share - 1e-9));
    const uint64_t wanted = std::min<uint64_t>(rule.share > 0 ? share : rule.count, ranked.size());
    if (wanted == 0) return found;
    const auto before = [&](const Ranked& a, const Ranked& b) {
      return rule.smallest ? a.value < b.value : a.value > b.value;
    };
    const auto edge = ranked.begin() + static_cast<std::ptrdiff_t>(wanted - 1);
    std::nth_element(ranked.begin(), edge, ranked.end(), before);
    const Ranked last = *edge;
    for (const Ranked& one : ranked) {
      if (!before(last, one)) Set(&found, one.ordinal);
    }
    return found;
  }

  std::vector<Ranked> ByAttribute(const Rule& rule) const {
    std::vector<Ranked> ranked;
    ForEach(everyone_, [&](uint32_t ordinal) {
      const column::BlockView* view = snapshot_.FindBlock(ordinal >> 16);
      const column::Column* column = view ? view->FindAttribute(rule.condition.property) : nullptr;
      const uint32_t row = ordinal & 0xFFFF;
      if (!column || row >= column->row_count() || column->IsNull(row)) return;
      const bool real = column->type() == column::ColumnType::kDouble;
      ranked.push_back({real ? static_cast<long double>(column->Real(row))
                             : static_cast<long double>(column->Whole(row)),
                        ordinal});
    });
    return ranked;
  }

  std::vector<Ranked> ByMeasure(const Rule& rule) const {
    const BindSpec spec = BindingOf(rule);
    const Binding binding(snapshot_, spec, threads_);
    // One thread gathers; ranking is rare and the values must come in a fixed order.
    std::vector<Ranked> ranked;
    Tally tally(rule.measure);
    const auto add = [&](const Customer& customer) {
      bool any = false;
      tally.Clear();
      VisitEvents(customer, [&](const BoundSlice& slice, uint32_t row) {
        tally.Add(slice, row);
        return any = true;
      });
      const std::optional<long double> value = tally.Value();
      if (any && value) ranked.push_back({*value, customer.ordinal});
    };
    for (const BoundBlock& block : binding.blocks()) {
      BlockBits present, plain;
      PresentCustomers(block, 0, &present);
      PlainCustomers(snapshot_, block.view->block, &plain);
      Intersect(&present, plain);
      VisitPlain(binding, block, present, 1, add);
    }
    VisitClusters(binding, 0, snapshot_.clusters.size(), add);
    return ranked;
  }

  CustomerBits RunSample(const Rule& rule, const CustomerBits& among) const {
    CustomerBits found = Empty();
    ForEach(among, [&](uint32_t ordinal) {
      const uint64_t hash = MixBits(MixBits(rule.seed) + ordinal);
      if (static_cast<double>(hash >> 11) * 0x1p-53 < rule.share) Set(&found, ordinal);
    });
    return found;
  }

  const column::SnapshotView& snapshot_;
  const unsigned threads_;
  const CustomerBits everyone_;
};

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
      report_.customers = Selector::And(std::move(report_.customers), Run(part));
      report_.after.push_back(CountBits(report_.customers));
    }
  }
  SelectionReport Take() { return std::move(report_); }

 private:
  CustomerBits Run(const Rule& rule) {
    if (rule.kind == Rule::Kind::kNot)
      return Selector::Without(selector_.everyone(), Run(rule.of[0]));
    if (rule.kind == Rule::Kind::kAll || rule.kind == Rule::Kind::kAny) {
      const bool all = rule.kind == Rule::Kind::kAll;
      CustomerBits bits = all ? selector_.everyone() : CustomerBits(selector_.everyone().size());
      for (const Rule& part : rule.of) {
        bits = all ? Selector::And(std::move(bits), Run(part))
                   : Selector::Or(std::move(bits), Run(part));
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
  uint64_t count = 0;
  for (const uint64_t word : bits) count += static_cast<uint64_t>(std::popcount(word));
  return count;
}

bool NumberTest::Passes(const std::optional<long double>& value) const {
  if (!value) return null_passes;
  const bool inside = in.empty() ? (min_open ? *value > min : *value >= min) &&
                                       (max_open ? *value < max : *value <= max)
                                 : std::ranges::find(in, *value) != in.end();
  return inside != negated;
}

CustomerBits AllCustomers(const column::SnapshotView& snapshot) {
  const size_t blocks = (size_t{snapshot.ordinal_count} + 0xFFFF) >> 16;
  CustomerBits bits(blocks * kBlockWords);
  for (size_t block = 0; block < blocks; ++block) {
    BlockBits plain;
    PlainCustomers(snapshot, static_cast<uint32_t>(block), &plain);
    std::ranges::copy(plain, bits.begin() + static_cast<std::ptrdiff_t>(block * kBlockWords));
  }
  const uint32_t last = snapshot.ordinal_count;
  if (last % 64 && last / 64 < bits.size()) bits[last / 64] &= (1ull << (last % 64)) - 1;
  for (size_t w = last / 64 + (last % 64 != 0); w < bits.size(); ++w) bits[w] = 0;
  for (size_t c = 0; c < snapshot.clusters.size(); ++c) {
    const auto& cluster = snapshot.clusters[c];
    const bool remains = std::ranges::any_of(
        cluster.members, [&](uint32_t member) { return !Has(snapshot.erased, member); });
    if (remains) Set(&bits, cluster.root);
  }
  return bits;
}

CustomerBits Canonical(const CustomerBits& members, const column::SnapshotView& snapshot) {
  const CustomerBits everyone = AllCustomers(snapshot);
  CustomerBits bits = Selector::And(everyone, members);
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
  const Selector selector(snapshot, threads);
  return selector.Run(rule, selector.everyone());
}

CustomerBits Choose(const CustomerBits& from, uint64_t count, uint64_t seed) {
  std::vector<std::pair<uint64_t, uint32_t>> hashes;
  ForEach(from, [&](uint32_t ordinal) {
    hashes.emplace_back(MixBits(MixBits(seed) + ordinal), ordinal);
  });
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

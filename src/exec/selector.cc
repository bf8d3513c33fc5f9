#include "exec/selector.h"

#include "exec/attribute_rules.h"
#include "exec/measures.h"

namespace waypost::exec {
namespace {

// At least one event, whatever else.
bool Exists(const Rule& rule) {
  return rule.measure.kind == Measure::Kind::kCount && !rule.test.negated && rule.test.in.empty() &&
         rule.test.Passes(1) && !rule.test.Passes(0) && std::isinf(rule.test.max);
}

// About what a rule costs for a customer: attributes and sets, rows of events, timelines.
int CostOf(const Rule& rule) {
  int cost = 0;
  for (const Rule& part : rule.of) cost += CostOf(part);
  switch (rule.kind) {
    case Rule::Kind::kAll:
    case Rule::Kind::kAny:
    case Rule::Kind::kNot:
      return cost;
    case Rule::Kind::kAttribute:
    case Rule::Kind::kSample:
    case Rule::Kind::kGiven:
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

// Everyone of a block who is a customer.
BlockBits CustomersOf(const column::SnapshotView& snapshot, uint32_t block,
                      const BlockBits& among) {
  BlockBits bits{};
  for (uint32_t w = 0; w < column::PersonIndex::kWords; ++w) {
    if (among[w] == 0) continue;
    bits[w] = among[w] & PlainWord(snapshot, block, w);
    const int64_t left_over = int64_t{snapshot.ordinal_count} - (int64_t{block} << 16) - w * 64;
    if (left_over < 64) bits[w] &= left_over > 0 ? (1ull << left_over) - 1 : 0;
    for (uint64_t left = among[w] & ~bits[w]; left; left &= left - 1) {
      const auto local = w * 64 + static_cast<uint32_t>(std::countr_zero(left));
      const auto cluster = snapshot.clusters.Find(block << 16 | local);
      const bool remains = cluster && std::ranges::any_of(cluster->members, [&](uint32_t member) {
                             return !snapshot.IsErased(member);
                           });
      if (remains) bits[w] |= left & -left;
    }
  }
  return bits;
}

}  // namespace

uint64_t RowsToRead(const Rule& rule, const column::SnapshotView& snapshot) {
  uint64_t rows = 0;
  for (const Rule& part : rule.of) rows += RowsToRead(part, snapshot);
  const bool ranks = rule.kind == Rule::Kind::kRank && !rule.by_attribute;
  if (rule.kind == Rule::Kind::kSequence)
    rows += EstimateCost(snapshot, FunnelBinding(rule.sequence)).rows;
  if (rule.kind == Rule::Kind::kDid || rule.kind == Rule::Kind::kEdge || ranks)
    rows += EstimateCost(rule.rows ? *rule.rows : snapshot, BindingOf(rule)).rows;
  return rows;
}

CustomerBits And(CustomerBits a, const CustomerBits& b) {
  for (size_t w = 0; w < a.size(); ++w) a[w] &= w < b.size() ? b[w] : 0;
  return a;
}
CustomerBits Or(CustomerBits a, const CustomerBits& b) {
  for (size_t w = 0; w < b.size(); ++w) a[w] |= b[w];
  return a;
}
CustomerBits Without(CustomerBits a, const CustomerBits& b) {
  for (size_t w = 0; w < b.size(); ++w) a[w] &= ~b[w];
  return a;
}

Selector::Selector(const column::SnapshotView& snapshot, unsigned threads)
    : snapshot_(snapshot),
      threads_(threads),
      first_(0),
      everyone_(AllCustomers(snapshot, threads)) {}

Selector::Selector(const column::SnapshotView& snapshot, uint32_t block, const BlockBits& among,
                   const column::EventSlice* given)
    : snapshot_(snapshot), threads_(1), first_(block << 16), given_(given), near_(true) {
  const BlockBits customers = CustomersOf(snapshot, block, among);
  everyone_.assign(customers.begin(), customers.end());
}

BlockBits Selector::EveryoneIn(uint32_t block) const {
  BlockBits bits{};
  const size_t first = (size_t{block} - (first_ >> 16)) * bits.size();
  for (size_t w = 0; w < bits.size() && first + w < everyone_.size(); ++w)
    bits[w] = everyone_[first + w];
  return bits;
}

CustomerBits Selector::Run(const Rule& rule, const CustomerBits& among) const {
  if (OnlyAttributes(rule)) return RunAttributes(rule, among);
  switch (rule.kind) {
    case Rule::Kind::kAll:
    case Rule::Kind::kAny:
      return RunChain(rule, among);
    case Rule::Kind::kNot:
      return Without(among, Run(rule.of[0], among));
    case Rule::Kind::kAttribute:
      break;
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
    case Rule::Kind::kGiven:
      return RunGiven(rule, among);
  }
  return {};
}

CustomerBits Selector::RunChain(const Rule& rule, const CustomerBits& among) const {
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

CustomerBits Selector::RunAttributes(const Rule& rule, const CustomerBits& among) const {
  constexpr size_t kWords = column::PersonIndex::kWords;
  CustomerBits found = Empty();
  ParallelWithinLimit(found.size() / kWords, threads_, [&](size_t place) {
    const uint64_t* some = among.data() + place * kWords;
    if (std::all_of(some, some + kWords, [](uint64_t word) { return word == 0; })) return;
    const uint32_t block = (first_ >> 16) + static_cast<uint32_t>(place);
    SelectByAttributes(rule, snapshot_.FindBlock(block), block, some,
                       found.data() + place * kWords);
  });
  return found;
}

// Calls judge(&state, customer) -> bool for every customer of `among` who has rows that may
// matter: true selects. `seen`, when given, gets all who were judged.
template <typename State, typename Judge>
CustomerBits Selector::RunEvents(const Binding& binding, const CustomerBits& among, State prototype,
                                 Judge judge, CustomerBits* seen) const {
  CustomerBits found = Empty();
  struct Pass {
    std::vector<uint32_t> found, seen;  // of clusters
  };
  const auto passes = RunOverCustomers(
      binding, threads_, [] { return std::optional<Pass>(Pass{}); },
      [&](auto*, const BoundBlock& block) {
        // The other blocks of a snapshot near one are there for clusters.
        if (block.view->block < first_ >> 16 ||
            (block.view->block - (first_ >> 16)) * column::PersonIndex::kWords >= among.size())
          return;
        const size_t first = (block.view->block - (first_ >> 16)) * column::PersonIndex::kWords;
        BlockBits present;
        PresentCustomers(block, 0, &present);
        for (size_t w = 0; w < column::PersonIndex::kWords; ++w) {
          present[w] &= among[first + w];
          if (present[w] != 0) present[w] &= PlainWord(snapshot_, block.view->block, w);
        }
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
    for (const uint32_t ordinal : pass->found) Set(&found, ordinal);
    if (!seen) continue;
    for (const uint32_t ordinal : pass->seen) Set(seen, ordinal);
  }
  return found;
}

CustomerBits Selector::RunDid(const Rule& rule, const CustomerBits& among) const {
  const BindSpec spec = BindingOf(rule);
  column::SnapshotView near;
  if (rule.rows && near_) {
    BlockBits customers;
    std::ranges::copy(among, customers.begin());
    near = Near(*rule.rows, first_ >> 16, customers);
  }
  const Binding binding(!rule.rows ? snapshot_ : near_ ? near : *rule.rows, spec, threads_);
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

CustomerBits Selector::RunEdge(const Rule& rule, const CustomerBits& among) const {
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

// Only customers of `among` are looked at: they are the population of the funnel.
CustomerBits Selector::RunSequence(const Rule& rule, const CustomerBits& among) const {
  FunnelSpec spec = rule.sequence;
  spec.wanted = FunnelSpec::Wanted{.step = rule.steps_reached - 1};
  Condition members;
  members.kind = Condition::Kind::kMember;
  members.members = std::shared_ptr<const CustomerBits>(std::shared_ptr<void>(), &among);
  members.members_from = first_ >> 16;
  spec.population.who.kind = Predicate::Kind::kCustomer;
  spec.population.who.customer_condition = 0;
  spec.population.conditions = {std::move(members)};
  const BindSpec bind = FunnelBinding(spec);
  const Binding binding(snapshot_, bind, threads_);
  CustomerBits found = Empty();
  const FunnelResult result = RunFunnel(spec, binding, threads_);
  const CustomerBits& words = result.customers.words();
  for (size_t w = 0, from = first_ / 64; w < found.size() && from + w < words.size(); ++w)
    found[w] = words[from + w];
  return found;
}

CustomerBits Selector::RunRank(const Rule& rule) const {
  CHECK(first_ == 0 && !given_);
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

std::vector<Selector::Ranked> Selector::ByAttribute(const Rule& rule) const {
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

std::vector<Selector::Ranked> Selector::ByMeasure(const Rule& rule) const {
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

CustomerBits Selector::RunSample(const Rule& rule, const CustomerBits& among) const {
  CustomerBits found = Empty();
  ForEach(among, [&](uint32_t ordinal) {
    const uint64_t hash = MixBits(MixBits(rule.seed) + ordinal);
    if (static_cast<double>(hash >> 11) * 0x1p-53 < rule.share) Set(&found, ordinal);
  });
  return found;
}

CustomerBits Selector::RunGiven(const Rule& rule, const CustomerBits& among) const {
  const column::Column* column = given_ ? given_->Find(rule.condition.property) : nullptr;
  return BoundCondition(rule.condition, column).Test(0) ? among : Empty();
}

// An event at t is in [base + a, base + b) from base = t - b + 1 on, and no more from t - a + 1.
void Selector::FindChanges(const Rule& rule, int64_t base_ms, std::vector<Turn>* turns) const {
  for (const Rule& part : rule.of) FindChanges(part, base_ms, turns);
  if (!rule.rolls_from && !rule.rolls_to) return;
  Rule leaf;
  leaf.kind = Rule::Kind::kDid;
  const bool sequence = rule.kind == Rule::Kind::kSequence;
  leaf.events = sequence ? rule.sequence.steps[0].events : rule.events;
  leaf.ignored = sequence ? rule.sequence.ignored : rule.ignored;
  const TimeRange& time = sequence ? rule.sequence.entry : rule.time;
  if (rule.rolls_from) leaf.time.from_ms = time.from_ms;
  if (!rule.rolls_to) leaf.time.to_ms = time.to_ms;
  const BindSpec spec = BindingOf(leaf);
  const Binding binding(snapshot_, spec, 1);
  RunEvents(binding, everyone_, 0, [&](int*, const Customer& customer) {
    constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
    int64_t first = kNever;
    const auto offer = [&](int64_t change_ms) {
      if (change_ms > base_ms) first = std::min(first, change_ms);
    };
    VisitEvents(customer, [&](const BoundSlice& slice, uint32_t row) {
      const int64_t t = slice.TimeMs(row);
      if (rule.rolls_from) offer(t - (time.from_ms - base_ms) + 1);
      if (rule.rolls_to) offer(t - (time.to_ms - base_ms) + 1);
      return true;
    });
    if (first != kNever) turns->push_back({customer.ordinal, first});
    return false;
  });
}

}  // namespace waypost::exec

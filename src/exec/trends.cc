#include "exec/trends.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <memory>
#include <tuple>

#include "exec/bit_kernels.h"
#include "exec/bucket_bits.h"

namespace waypost::exec {
namespace {

using Aggregate = TrendsSpec::Aggregate;
using Fold = TrendsSpec::Fold;

// A cell while customers come one by one.
struct Cell {
  TrendCell counts;
  uint32_t last_customer = 0;                    // 1 + the ordinal last counted
  boost::unordered_flat_set<uint32_t> distinct;  // values, as the task numbers them

  bool SeeCustomer(uint32_t ordinal) {
    if (last_customer == ordinal + 1) return false;
    last_customer = ordinal + 1;
    ++counts.customers;
    return true;
  }
  void AddNumber(bool whole, int64_t w, double r, bool keep) {
    whole ? counts.numbers.AddWhole(w) : counts.numbers.AddReal(r);
    if (!keep) return;
    if (whole) {
      counts.wholes.push_back(w);
    } else {
      counts.reals.push_back(r);
    }
  }
};

// All cells of one group: [series][bucket], the whole range behind the last bucket.
using Cells = std::vector<Cell>;

// What one task finds, and what it works with.
struct TrendsTask {
  TrendsTask(const TrendsSpec& spec, const Binding& binding, const std::vector<Grouping>& values)
      : keys(spec.grouping, binding.slice_count()) {
    for (const Grouping& grouping : values) distinct.emplace_back(grouping, binding.slice_count());
  }
  GroupKeys keys;
  std::vector<GroupKeys> distinct;  // numbers the values of each series, for kDistinct
  Cells everyone;
  std::vector<Cells> groups;
  CustomerSet wanted;

  // Of the customer in hand.
  struct First {
    const BoundSlice* slice = nullptr;
    uint32_t row = 0;
    bool of_series = false;
  };
  struct Active {
    uint32_t group, series, bucket;  // bucket counts from the first one before the range
    friend auto operator<=>(const Active&, const Active&) = default;
  };
  std::vector<First> firsts;                                          // by series
  std::vector<Active> actives;                                        // of series with windows
  std::map<std::tuple<uint32_t, uint32_t, uint32_t>, Numbers> folds;  // group, series, bucket
  std::vector<uint32_t> found, items;

  // The bitmap way.
  std::vector<BucketBits> bits;        // by series
  std::vector<uint64_t> events, sums;  // of a slice, by place
  std::vector<Numbers> numbers;
};

constexpr uint32_t kEveryone = ~0u;

class Trends {
 public:
  Trends(const TrendsSpec& spec, const Binding& binding)
      : spec_(spec),
        binding_(binding),
        bucket_count_(spec.buckets.count()),
        before_count_(spec.before.count()) {
    std::vector<int64_t> edges;
    for (uint32_t b = 0; b < before_count_; ++b) edges.push_back(spec.before.begin(b));
    for (uint32_t b = 0; b < bucket_count_; ++b) edges.push_back(spec.buckets.begin(b));
    edges.push_back(spec.buckets.end(bucket_count_ - 1));
    const TimeBuckets all(std::move(edges));
    by_number_.resize(binding.slice_count());
    for (const BoundBlock& block : binding.blocks()) {
      for (const BoundSlice& slice : block.slices) {
        const int64_t base_ms = slice.part->base_ms;
        const auto at = by_base_.try_emplace(base_ms, all, base_ms).first;
        by_number_[slice.number] = &at->second;
      }
    }
    for (uint32_t s = 0; s < spec.series.size(); ++s) {
      const TrendsSpec::Series& series = spec.series[s];
      const bool first_time = !series.first_of.choices.empty();
      if (first_time) {
        first_series_ |= 1ull << s;
        series_of_first_.push_back(s);
      }
      values_.push_back({{{false, series.property, series.domain}}, false, {}});
      by_bitmaps_ &= series.fold == Fold::kNone && !first_time && !Windowed(series) &&
                     series.aggregate != Aggregate::kDistinct;
    }
    by_bitmaps_ &= spec.grouping.dimensions.empty() && !spec.wanted && !before_count_ &&
                   spec.population.who.always() &&
                   spec.series.size() * bucket_count_ <= kMaxBitmaps;
  }

  std::unique_ptr<TrendsTask> MakeTask() const {
    return std::make_unique<TrendsTask>(spec_, binding_, values_);
  }

  void RunBlock(const BoundBlock& block, TrendsTask* task) const {
    BlockBits plain;
    PlainCustomers(binding_.snapshot(), block.view->block, &plain);
    if (by_bitmaps_) return RunBitmaps(block, plain, task);
    BlockBits present;
    PresentCustomers(block, 0, &present);
    Intersect(&present, plain);
    VisitPlain(binding_, block, present, 0,
               [&](const Customer& customer) { Visit(customer, task); });
  }

  void RunClusters(size_t begin, size_t end, TrendsTask* task) const {
    VisitClusters(binding_, begin, end, [&](const Customer& customer) { Visit(customer, task); });
  }

  TrendsResult Merge(const std::vector<std::unique_ptr<TrendsTask>>& tasks) const;

 private:
  static bool Windowed(const TrendsSpec::Series& series) {
    return series.window > 1 || series.cumulative;
  }

  // --- Whole slices at a time: a bitmap of customers per bucket.
  static constexpr size_t kWords = BucketBits::kWords;
  static constexpr size_t kMaxBitmaps = 512;

  // Series whose events are the same here have their customers from the first such.
  std::vector<uint32_t> Leaders(const BoundBlock& block) const {
    std::vector<uint32_t> leaders(spec_.series.size());
    for (uint32_t s = 0; s < leaders.size(); ++s) {
      const auto alike = [&](uint32_t leader) {
        return std::all_of(block.slices.begin(), block.slices.end(), [&](const BoundSlice& slice) {
          return (slice.roles >> s & 1) == (slice.roles >> leader & 1) &&
                 !((slice.possible & ~slice.roles) >> s & 1) &&
                 !((slice.possible & ~slice.roles) >> leader & 1);
        });
      };
      while (leaders[s] < s && !alike(leaders[s])) ++leaders[s];
    }
    return leaders;
  }

  void RunBitmaps(const BoundBlock& block, const BlockBits& plain, TrendsTask* task) const {
    const std::vector<uint32_t> leaders = Leaders(block);
    task->bits.resize(leaders.size());
    for (uint32_t s = 0; s < leaders.size(); ++s) {
      if (leaders[s] == s) task->bits[s].Clear(bucket_count_);
    }
    for (const BoundSlice& slice : block.slices) {
      for (uint32_t s = 0; s < leaders.size(); ++s) {
        if (leaders[s] == s && (slice.possible >> s & 1))
          CountRows(block, slice, plain, s, leaders, task);
      }
    }
    for (uint32_t s = 0; s < leaders.size(); ++s) CountCustomers(s, leaders[s], task);
    task->bits.clear();  // the next block takes the same memory, which is in the cache
  }

  // Counts the rows of a slice for the series that `leader` leads.
  void CountRows(const BoundBlock& block, const BoundSlice& slice, const BlockBits& plain,
                 uint32_t leader, const std::vector<uint32_t>& leaders, TrendsTask* task) const {
    BucketBits& bits = task->bits[leader];
    const OffsetBuckets& buckets = *by_number_[slice.number];
    bits.Place(slice, buckets);
    const bool every = slice.roles >> leader & 1;
    const bool all = every && Holds(plain, slice.slice->persons);
    if (!(all && bits.MarkAll(slice, buckets))) {
      const auto locals = bits.Locals(slice);
      for (uint32_t row = 0; !all && row < slice.slice->row_count; ++row) {
        const uint32_t local = locals[row];
        if (!(plain[local >> 6] >> (local & 63) & 1) ||
            (!every && !(slice.Mask(row, block.Customer(local)) >> leader & 1)))
          bits.Leave(row);
      }
      bits.Mark(slice);
    }
    std::vector<uint64_t>& events = task->events;
    events.assign(bucket_count_ + 2, 0);
    for (const uint16_t place : bits.places()) ++events[place];
    for (uint32_t s = leader; s < leaders.size(); ++s) {
      if (leaders[s] != leader) continue;
      Cell* cells = SeriesCells(kEveryone, s, task);
      for (uint32_t b = 0; b < bucket_count_; ++b) cells[b].counts.events += events[b + 1];
      if (spec_.series[s].aggregate != Aggregate::kNone)
        AddRows(slice, s, bits.places(), cells, task);
    }
  }

  static bool Holds(const BlockBits& plain, const column::PersonIndex& persons) {
    BlockBits present{};
    persons.OrInto(present.data());
    for (size_t w = 0; w < kWords; ++w) present[w] &= ~plain[w];
    return std::ranges::all_of(present, [](uint64_t word) { return word == 0; });
  }

  // The numbers of the rows of a slice, each to the cell of its bucket.
  void AddRows(const BoundSlice& slice, uint32_t s, std::span<const uint16_t> places, Cell* cells,
               TrendsTask* task) const {
    const TrendsSpec::Series& series = spec_.series[s];
    const column::Column* column = slice.columns[series.property];
    if (!column) return;
    const bool wholes =
        series.domain == Domain::kWhole && column->type() != column::ColumnType::kDouble;
    if (wholes && series.aggregate == Aggregate::kSum && Sums32(*column))
      return AddSums(column->numbers(), places, cells, task);
    if (wholes && series.aggregate <= Aggregate::kNumbers)
      return AddWholes(*column, places, cells, task);
    for (uint32_t row = 0; row < places.size(); ++row) {
      const uint32_t bucket = places[row] - 1u;
      if (bucket < bucket_count_) AddRow(slice, row, series, &cells[bucket]);
    }
  }

  // Whether the numbers, less their base, of all its rows have a sum of 64 bits.
  static bool Sums32(const column::Column& column) {
    return !column.has_nulls() && column.numbers().width() <= 32;
  }

  void AddSums(const column::PackedInts& numbers, std::span<const uint16_t> places, Cell* cells,
               TrendsTask* task) const {
    task->sums.assign(bucket_count_ + 2, 0);
    uint64_t* const sums = task->sums.data();
    const column::PackedInts packed = numbers;  // stays in registers while sums are written
    for (uint32_t row = 0; row < places.size(); ++row) sums[places[row]] += packed.Offset(row);
    for (uint32_t b = 0; b < bucket_count_; ++b) {
      const uint64_t count = task->events[b + 1];
      Numbers& cell = cells[b].counts.numbers;
      cell.count += count;
      cell.whole_sum += __int128{packed.base()} * count + sums[b + 1];
    }
  }

  void AddWholes(const column::Column& column, std::span<const uint16_t> places, Cell* cells,
                 TrendsTask* task) const {
    task->numbers.assign(bucket_count_ + 2, {});
    Numbers* const numbers = task->numbers.data();
    for (uint32_t row = 0; row < places.size(); ++row) {
      if (!column.IsNull(row)) numbers[places[row]].AddWhole(column.Whole(row));
    }
    for (uint32_t b = 0; b < bucket_count_; ++b) cells[b].counts.numbers.Add(numbers[b + 1]);
  }

  void CountCustomers(uint32_t series, uint32_t leader, TrendsTask* task) const {
    Cell* cells = SeriesCells(kEveryone, series, task);
    if (leader != series) {
      const Cell* same = SeriesCells(kEveryone, leader, task);
      for (uint32_t b = 0; b <= bucket_count_; ++b)
        cells[b].counts.customers += same[b].counts.customers;
      return;
    }
    BlockBits ever{};
    for (uint32_t b = 0; b < bucket_count_; ++b) {
      const uint64_t* bits = task->bits[series].of(b);
      cells[b].counts.customers += count_common_(bits, bits, kWords);
      for (size_t w = 0; w < kWords; ++w) ever[w] |= bits[w];
    }
    cells[bucket_count_].counts.customers += count_common_(ever.data(), ever.data(), kWords);
  }

  // --- One customer at a time.

  void Visit(const Customer& customer, TrendsTask* task) const {
    task->firsts.assign(spec_.series.size(), {});
    for (const Place& place : customer.places) {
      place.ForEachRows([&](const BoundSlice& slice, column::RowRange rows) {
        VisitRows(customer, slice, rows, task);
      });
    }
    for (uint32_t s = 0; s < spec_.series.size(); ++s) {
      const TrendsTask::First& first = task->firsts[s];
      if (first.slice && first.of_series) Add(customer, *first.slice, first.row, s, task);
    }
    if (!task->actives.empty()) CountWindows(customer, task);
    if (!task->folds.empty()) CountFolds(task);
  }

  void VisitRows(const Customer& customer, const BoundSlice& slice, column::RowRange rows,
                 TrendsTask* task) const {
    for (uint32_t row = rows.begin; row < rows.end; ++row) {
      const uint64_t roles = slice.filtered.empty() ? slice.roles : slice.Mask(row, customer.row);
      for (uint64_t left = roles & ~first_series_; left; left &= left - 1) {
        const auto role = static_cast<uint32_t>(std::countr_zero(left));
        if (role < spec_.series.size()) {
          Add(customer, slice, row, role, task);
        } else {
          const uint32_t series = series_of_first_[role - spec_.series.size()];
          KeepFirst(slice, row, roles >> series & 1, &task->firsts[series]);
        }
      }
    }
  }

  static void KeepFirst(const BoundSlice& slice, uint32_t row, bool of_series,
                        TrendsTask::First* first) {
    const auto key = [](const BoundSlice& s, uint32_t r) {
      return std::make_tuple(s.TimeMs(r), s.part_order, s.Tie(r));
    };
    if (!first->slice || key(slice, row) < key(*first->slice, first->row))
      *first = {&slice, row, of_series};
  }

  // An event of a series, in every group it belongs to.
  void Add(const Customer& customer, const BoundSlice& slice, uint32_t row, uint32_t series,
           TrendsTask* task) const {
    const int32_t bucket = by_number_[slice.number]->Find(slice.slice->times[row]);
    if (bucket < 0 || bucket >= static_cast<int32_t>(before_count_ + bucket_count_)) return;
    AddTo(kEveryone, customer, slice, row, series, static_cast<uint32_t>(bucket), task);
    if (spec_.grouping.dimensions.empty()) return;
    task->keys.Find(slice, row, customer, &task->found);
    for (const uint32_t group : task->found) {
      AddTo(group, customer, slice, row, series, static_cast<uint32_t>(bucket), task);
    }
  }

  void AddTo(uint32_t group, const Customer& customer, const BoundSlice& slice, uint32_t row,
             uint32_t s, uint32_t bucket, TrendsTask* task) const {
    const TrendsSpec::Series& series = spec_.series[s];
    if (Windowed(series)) task->actives.push_back({group, s, bucket});
    if (bucket < before_count_) return;
    Cell* cells = SeriesCells(group, s, task);
    Cell& cell = cells[bucket - before_count_];
    ++cell.counts.events;
    if (!Windowed(series) && cell.SeeCustomer(customer.ordinal) &&
        Wanted(group, s, bucket - before_count_, *task)) {
      task->wanted.Add(customer.ordinal);
    }
    if (cells[bucket_count_].SeeCustomer(customer.ordinal) &&
        Wanted(group, s, bucket_count_, *task)) {
      task->wanted.Add(customer.ordinal);
    }
    if (series.fold != Fold::kNone) {
      FoldRow(group, slice, row, s, bucket - before_count_, task);
    } else if (series.aggregate == Aggregate::kDistinct) {
      AddDistinct(customer, slice, row, s, &cell, task);
    } else if (series.aggregate != Aggregate::kNone) {
      AddRow(slice, row, series, &cell);
    }
  }

  Cell* SeriesCells(uint32_t group, uint32_t series, TrendsTask* task) const {
    if (group != kEveryone && group >= task->groups.size()) task->groups.resize(group + 1);
    Cells& cells = group == kEveryone ? task->everyone : task->groups[group];
    if (cells.empty()) cells.resize(spec_.series.size() * (bucket_count_ + 1));
    return &cells[series * (bucket_count_ + 1)];
  }

  bool Wanted(uint32_t group, uint32_t series, uint32_t bucket, const TrendsTask& task) const {
    if (!spec_.wanted || spec_.wanted->series != series) return false;
    if (spec_.wanted->bucket.value_or(bucket_count_) != bucket) return false;
    if (spec_.wanted->group.has_value() != (group != kEveryone)) return false;
    return group == kEveryone || task.keys.tuple(group) == *spec_.wanted->group;
  }

  void AddRow(const BoundSlice& slice, uint32_t row, const TrendsSpec::Series& series,
              Cell* cell) const {
    const column::Column* column = slice.columns[series.property];
    if (!column || column->IsNull(row)) return;
    const bool real_column = column->type() == column::ColumnType::kDouble;
    const int64_t whole = real_column ? 0 : column->Whole(row);
    const double real = real_column ? column->Real(row) : static_cast<double>(whole);
    cell->AddNumber(series.domain == Domain::kWhole, whole, real,
                    series.aggregate == Aggregate::kValues);
  }

  void AddDistinct(const Customer& customer, const BoundSlice& slice, uint32_t row, uint32_t series,
                   Cell* cell, TrendsTask* task) const {
    const column::Column* column = slice.columns[spec_.series[series].property];
    if (!column || column->IsNull(row)) return;
    task->distinct[series].Find(slice, row, customer, &task->items);
    cell->distinct.insert(task->items.begin(), task->items.end());
  }

  // Into the customer's own number of this cell and of the whole range.
  void FoldRow(uint32_t group, const BoundSlice& slice, uint32_t row, uint32_t series,
               uint32_t bucket, TrendsTask* task) const {
    Cell one;
    if (spec_.series[series].fold == Fold::kCount) {
      one.counts.numbers.AddWhole(1);
    } else {
      AddRow(slice, row, spec_.series[series], &one);
    }
    if (!one.counts.numbers.count) return;
    task->folds[{group, series, bucket}].Add(one.counts.numbers);
    task->folds[{group, series, bucket_count_}].Add(one.counts.numbers);
  }

  void CountFolds(TrendsTask* task) const {
    for (const auto& [at, n] : task->folds) {
      const auto [group, s, bucket] = at;
      const TrendsSpec::Series& series = spec_.series[s];
      Cell& cell = SeriesCells(group, s, task)[bucket];
      const bool keep = series.aggregate == Aggregate::kValues;
      const bool whole = series.domain == Domain::kWhole;
      const auto count = static_cast<int64_t>(n.count);
      switch (series.fold) {
        case Fold::kCount:
          cell.AddNumber(true, count, 0, keep);
          break;
        case Fold::kSum:
          cell.AddNumber(whole, static_cast<int64_t>(n.whole_sum), n.real_sum, keep);
          break;
        case Fold::kMin:
          cell.AddNumber(whole, n.whole_min, n.real_min, keep);
          break;
        case Fold::kMax:
          cell.AddNumber(whole, n.whole_max, n.real_max, keep);
          break;
        default:
          cell.AddNumber(
              false, 0,
              (whole ? static_cast<double>(n.whole_sum) : n.real_sum) / static_cast<double>(count),
              keep);
      }
    }
    task->folds.clear();
  }

  // The customer counts in every bucket whose window holds one of theirs.
  void CountWindows(const Customer& customer, TrendsTask* task) const {
    std::vector<TrendsTask::Active>& actives = task->actives;
    std::sort(actives.begin(), actives.end());
    const uint32_t end = before_count_ + bucket_count_;
    uint32_t next = 0;
    for (size_t i = 0; i < actives.size(); ++i) {
      const TrendsTask::Active& active = actives[i];
      const bool first =
          i == 0 || actives[i - 1].group != active.group || actives[i - 1].series != active.series;
      if (first) next = before_count_;
      const TrendsSpec::Series& series = spec_.series[active.series];
      // Cumulative counts begin with the range: what was before it does not count.
      if (series.cumulative && active.bucket < before_count_) continue;
      // What is missing of the first bucket is a bucket more, of the same unit.
      const uint32_t same = spec_.first_cut && active.bucket < before_count_;
      const uint32_t last =
          series.cumulative ? end : std::min(end, active.bucket + series.window + same);
      Cell* cells = SeriesCells(active.group, active.series, task);
      for (next = std::max(next, active.bucket); next < last; ++next) {
        ++cells[next - before_count_].counts.customers;
        if (Wanted(active.group, active.series, next - before_count_, *task))
          task->wanted.Add(customer.ordinal);
      }
    }
    actives.clear();
  }

  // Adds a task's cells to a group's; `common` renumbers distinct values.
  void MergeCells(const Cells& from, const std::vector<std::vector<uint32_t>>& common,
                  Cells* to) const;
  TrendGroup Finish(GroupTuple values, Cells cells) const;

  const TrendsSpec& spec_;
  const Binding& binding_;
  const uint32_t bucket_count_, before_count_;
  std::map<int64_t, OffsetBuckets> by_base_;
  std::vector<const OffsetBuckets*> by_number_;  // by slice number
  std::vector<Grouping> values_;                 // by series, to number distinct values
  const CountCommonFn count_common_ = FastestCountCommon();
  bool by_bitmaps_ = true;
  uint64_t first_series_ = 0;              // bit per series that has a first_of
  std::vector<uint32_t> series_of_first_;  // by role behind the series
};

void Trends::MergeCells(const Cells& from, const std::vector<std::vector<uint32_t>>& common,
                        Cells* to) const {
  to->resize(spec_.series.size() * (bucket_count_ + 1));
  for (size_t i = 0; i < from.size(); ++i) {
    const TrendCell& a = from[i].counts;
    TrendCell& b = (*to)[i].counts;
    b.events += a.events;
    b.customers += a.customers;
    b.numbers.Add(a.numbers);
    b.wholes.insert(b.wholes.end(), a.wholes.begin(), a.wholes.end());
    b.reals.insert(b.reals.end(), a.reals.begin(), a.reals.end());
    for (const uint32_t value : from[i].distinct) {
      (*to)[i].distinct.insert(common[i / (bucket_count_ + 1)][value]);
    }
  }
}

// What adds up over buckets is added up; what does not was kept for the range by itself.
TrendGroup Trends::Finish(GroupTuple values, Cells cells) const {
  TrendGroup group{std::move(values), {}, {}};
  cells.resize(spec_.series.size() * (bucket_count_ + 1));
  for (size_t s = 0; s < spec_.series.size(); ++s) {
    const auto begin = cells.begin() + static_cast<std::ptrdiff_t>(s * (bucket_count_ + 1));
    Cell range = begin[bucket_count_];
    std::vector<TrendCell>& buckets = group.buckets.emplace_back();
    for (uint32_t b = 0; b < bucket_count_; ++b) {
      Cell& cell = begin[b];
      range.counts.events += cell.counts.events;
      if (spec_.series[s].fold == Fold::kNone) {
        range.counts.numbers.Add(cell.counts.numbers);
        range.counts.wholes.insert(range.counts.wholes.end(), cell.counts.wholes.begin(),
                                   cell.counts.wholes.end());
        range.counts.reals.insert(range.counts.reals.end(), cell.counts.reals.begin(),
                                  cell.counts.reals.end());
        range.distinct.insert(cell.distinct.begin(), cell.distinct.end());
      }
      if (spec_.series[s].aggregate == Aggregate::kDistinct)
        cell.counts.numbers.count = cell.distinct.size();
      buckets.push_back(std::move(cell.counts));
    }
    if (spec_.series[s].aggregate == Aggregate::kDistinct)
      range.counts.numbers.count = range.distinct.size();
    group.range.push_back(std::move(range.counts));
  }
  return group;
}

TrendsResult Trends::Merge(const std::vector<std::unique_ptr<TrendsTask>>& tasks) const {
  Cells everyone;
  std::vector<Cells> groups;
  GroupMerger merger;
  std::vector<GroupMerger> distinct(spec_.series.size());
  TrendsResult result;
  for (const std::unique_ptr<TrendsTask>& task : tasks) {
    std::vector<std::vector<uint32_t>> values;
    for (size_t s = 0; s < distinct.size(); ++s)
      values.push_back(distinct[s].Add(task->distinct[s]));
    MergeCells(task->everyone, values, &everyone);
    result.customers.AddAll(task->wanted);
    if (spec_.grouping.dimensions.empty()) continue;
    const std::vector<uint32_t> common = merger.Add(task->keys);
    groups.resize(merger.size());
    for (size_t g = 0; g < task->groups.size(); ++g) {
      if (!task->groups[g].empty()) MergeCells(task->groups[g], values, &groups[common[g]]);
    }
  }
  result.everyone = Finish({}, std::move(everyone));
  for (uint32_t g = 0; g < groups.size(); ++g) {
    if (!groups[g].empty()) result.groups.push_back(Finish(merger.tuple(g), std::move(groups[g])));
  }
  std::sort(result.groups.begin(), result.groups.end(),
            [](const TrendGroup& a, const TrendGroup& b) { return a.values < b.values; });
  return result;
}

}  // namespace

BindSpec TrendsBinding(const TrendsSpec& spec) {
  BindSpec bind;
  bool ever = false;
  for (const TrendsSpec::Series& series : spec.series) {
    bind.roles.push_back(series.events);
    ever |= !series.first_of.choices.empty();
  }
  for (const TrendsSpec::Series& series : spec.series) {
    if (!series.first_of.choices.empty()) bind.roles.push_back(series.first_of);
  }
  bind.time = spec.buckets.range();
  if (spec.before.count()) bind.time.from_ms = spec.before.begin(0);
  if (ever) bind.time.from_ms = TimeRange{}.from_ms;
  bind.ignored = spec.ignored;
  bind.properties = spec.properties;
  bind.attributes = spec.attributes;
  bind.population = spec.population;
  return bind;
}

TrendsResult RunTrends(const TrendsSpec& spec, const Binding& binding, unsigned threads) {
  const Trends trends(spec, binding);
  const auto tasks = RunOverCustomers(
      binding, threads, [&] { return trends.MakeTask(); },
      [&](TrendsTask* task, const BoundBlock& block) { trends.RunBlock(block, task); },
      [&](TrendsTask* task, size_t begin, size_t end) { trends.RunClusters(begin, end, task); });
  return trends.Merge(tasks);
}

}  // namespace waypost::exec

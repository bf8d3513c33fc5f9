#include "exec/retention.h"

#include <algorithm>
#include <map>
#include <memory>
#include <tuple>

#include "exec/bit_kernels.h"
#include "exec/bucket_bits.h"

namespace waypost::exec {
namespace {

using Cohort = RetentionSpec::Cohort;
using Counted = RetentionSpec::Counted;

constexpr uint64_t kStart = 1, kComeback = 2;

struct CohortCells {
  std::vector<uint64_t> sizes;
  std::vector<std::vector<RetentionCell>> cells;
};

// An event of the customer in hand.
struct Return {
  int64_t time_ms = 0;
  int32_t bucket = 0;
  uint64_t mask = 0;
  const BoundSlice* slice = nullptr;
  uint32_t row = 0;

  auto Order() const { return std::make_tuple(time_ms, slice->part_order, slice->Tie(row)); }
};

// What a member did in one period.
struct Period {
  bool came = false;
  __int128 whole_sum = 0;
  double real_sum = 0;
  uint64_t value_count = 0;

  void Add(const Period& other) {
    came |= other.came;
    whole_sum += other.whole_sum;
    real_sum += other.real_sum;
    value_count += other.value_count;
  }
};

struct RetentionTask {
  RetentionTask(const RetentionSpec& spec, const Binding& binding)
      : keys(spec.grouping, binding.slice_count()) {}
  GroupKeys keys;
  CohortCells everyone;
  std::vector<CohortCells> groups;
  CustomerSet wanted;

  std::vector<Return> hits;
  std::vector<Period> periods, columns;
  std::vector<uint32_t> found;
  BucketBits starts, comebacks;  // the bitmap way
};

class Retention {
 public:
  Retention(const RetentionSpec& spec, const Binding& binding)
      : spec_(spec),
        binding_(binding),
        buckets_(static_cast<int32_t>(spec.buckets.count())),
        columns_(spec.brackets.empty() ? spec.periods
                                       : static_cast<uint32_t>(spec.brackets.size())) {
    by_number_.resize(binding.slice_count());
    for (const BoundBlock& block : binding.blocks()) {
      for (const BoundSlice& slice : block.slices) {
        const auto at =
            by_base_.try_emplace(slice.part->base_ms, spec.buckets, slice.part->base_ms).first;
        by_number_[slice.number] = &at->second;
      }
    }
    by_bitmaps_ = !spec.rolling && !spec.same_events && !spec.values && spec.brackets.empty() &&
                  spec.grouping.dimensions.empty() && !spec.wanted &&
                  spec.population.who.always() &&
                  spec.starts_before_ms >= spec.buckets.end(spec.cohorts - 1);
  }

  void RunBlock(const BoundBlock& block, RetentionTask* task) const {
    BlockBits plain;
    PlainCustomers(binding_.snapshot(), block.view->block, &plain);
    if (by_bitmaps_) return RunBitmaps(block, plain, task);
    BlockBits started;
    PresentCustomers(block, kStart, &started);
    Intersect(&started, plain);
    VisitPlain(binding_, block, started, 0,
               [&](const Customer& customer) { Visit(customer, task); });
  }

  void RunClusters(size_t begin, size_t end, RetentionTask* task) const {
    VisitClusters(binding_, begin, end, [&](const Customer& customer) { Visit(customer, task); });
  }

  RetentionResult Merge(const std::vector<std::unique_ptr<RetentionTask>>& tasks) const;

 private:
  // --- One customer at a time.

  void Visit(const Customer& customer, RetentionTask* task) const {
    Gather(customer, &task->hits);
    const std::vector<Return>& hits = task->hits;
    const bool first_time = spec_.cohort == Cohort::kFirstTime;
    int32_t last_cohort = -1;
    for (size_t i = 0; i < hits.size(); ++i) {
      if (!(hits[i].mask & kStart)) continue;
      if (hits[i].time_ms >= spec_.starts_before_ms) return;
      const int32_t cohort = hits[i].bucket;
      const bool member =
          cohort >= 0 && cohort < static_cast<int32_t>(spec_.cohorts) && cohort != last_cohort;
      if (member) VisitMember(customer, static_cast<uint32_t>(cohort), i, task);
      if (first_time) return;
      last_cohort = cohort;
    }
  }

  void Gather(const Customer& customer, std::vector<Return>* hits) const {
    hits->clear();
    for (const Place& place : customer.places) {
      place.ForEachRows([&](const BoundSlice& slice, column::RowRange rows) {
        const OffsetBuckets& buckets = *by_number_[slice.number];
        for (uint32_t row = rows.begin; row < rows.end; ++row) {
          const uint64_t mask =
              slice.filtered.empty() ? slice.roles : slice.Mask(row, customer.row);
          if (!mask) continue;
          hits->push_back(
              {slice.TimeMs(row), buckets.Find(slice.slice->times[row]), mask, &slice, row});
        }
      });
    }
    std::stable_sort(hits->begin(), hits->end(),
                     [](const Return& a, const Return& b) { return a.Order() < b.Order(); });
  }

  void VisitMember(const Customer& customer, uint32_t cohort, size_t start,
                   RetentionTask* task) const {
    FillPeriods(cohort, start, task);
    FillColumns(task);
    Add(customer, cohort, start, &task->everyone, nullptr, task);
    if (spec_.grouping.dimensions.empty()) return;
    const Return& touched = task->hits[spec_.group_by_last ? LastStart(cohort, *task) : start];
    task->keys.Find(*touched.slice, touched.row, customer, &task->found);
    for (const uint32_t group : task->found) {
      if (group >= task->groups.size()) task->groups.resize(group + 1);
      Add(customer, cohort, start, &task->groups[group], &task->keys.tuple(group), task);
    }
  }

  size_t LastStart(uint32_t cohort, const RetentionTask& task) const {
    size_t last = 0;
    for (size_t i = 0; i < task.hits.size(); ++i) {
      const Return& hit = task.hits[i];
      if (hit.time_ms >= spec_.starts_before_ms) break;
      if ((hit.mask & kStart) && hit.bucket == static_cast<int32_t>(cohort)) last = i;
    }
    return last;
  }

  // What the member did in each period from the cohort's on, as far as there is data.
  void FillPeriods(uint32_t cohort, size_t start, RetentionTask* task) const {
    task->periods.clear();
    const Return& begin = task->hits[start];
    for (size_t i = 0; i < task->hits.size(); ++i) {
      const Return& hit = task->hits[i];
      if (!(hit.mask & kComeback)) continue;
      const int64_t period =
          spec_.rolling ? RollingPeriod(begin, hit) : hit.bucket - static_cast<int64_t>(cohort);
      if (period < 0 || (period == 0 && spec_.same_events && i <= start)) continue;
      if (!spec_.rolling && hit.bucket >= buckets_) continue;
      if (task->periods.size() <= static_cast<size_t>(period))
        task->periods.resize(static_cast<size_t>(period) + 1);
      AddHit(hit, &task->periods[static_cast<size_t>(period)]);
    }
  }

  int64_t RollingPeriod(const Return& begin, const Return& hit) const {
    if (hit.time_ms < begin.time_ms || hit.time_ms >= spec_.horizon_ms) return -1;
    if (!spec_.start_of) return (hit.time_ms - begin.time_ms) / spec_.rolling_unit_ms;
    uint32_t period = 0;
    while (period < kMaxPeriods &&
           spec_.start_of(spec_.context, begin.time_ms, period + 1) <= hit.time_ms)
      ++period;
    return period;
  }

  void AddHit(const Return& hit, Period* period) const {
    period->came = true;
    if (!spec_.values) return;
    const column::Column* column = hit.slice->columns[spec_.value_property];
    if (!column || column->IsNull(hit.row)) return;
    ++period->value_count;
    const bool real = column->type() == column::ColumnType::kDouble;
    if (spec_.value_domain == Domain::kWhole) {
      period->whole_sum += real ? 0 : column->Whole(hit.row);
    } else {
      period->real_sum +=
          real ? column->Real(hit.row) : static_cast<double>(column->Whole(hit.row));
    }
  }

  // Periods to columns, by what is counted.
  void FillColumns(RetentionTask* task) const {
    const std::vector<Period>& periods = task->periods;
    std::vector<Period>& columns = task->columns;
    const auto at = [&](size_t k) { return k < periods.size() ? periods[k] : Period{}; };
    columns.assign(columns_, {});
    if (!spec_.brackets.empty()) {
      for (size_t b = 0; b < columns_; ++b) {
        for (uint32_t k = spec_.brackets[b].first; k <= spec_.brackets[b].last; ++k)
          columns[b].Add(at(k));
      }
      return;
    }
    Period joined;
    if (spec_.counted == Counted::kOnOrAfter) {
      for (size_t k = std::max<size_t>(periods.size(), columns_); k-- > 0;) {
        joined.Add(at(k));
        if (k < columns_) columns[k] = joined;
      }
      return;
    }
    bool streak = true;
    for (size_t k = 0; k < columns_; ++k) {
      columns[k] = at(k);
      joined.Add(columns[k]);
      streak &= k == 0 || columns[k].came;
      if (spec_.counted == Counted::kOnOrBefore) columns[k] = joined;
      if (spec_.counted == Counted::kStreak) columns[k].came = streak;
    }
  }

  uint32_t LastPeriod(uint32_t column) const {
    return spec_.brackets.empty() ? column : spec_.brackets[column].last;
  }

  // Is the column's last period within what was asked for (calendar), or over for this member
  // (rolling)?
  bool Complete(uint32_t cohort, const Return& begin, uint32_t column) const {
    const uint32_t last = LastPeriod(column);
    if (!spec_.rolling) return static_cast<int64_t>(cohort) + last < buckets_;
    const int64_t end_ms = spec_.start_of
                               ? spec_.start_of(spec_.context, begin.time_ms, last + 1)
                               : begin.time_ms + spec_.rolling_unit_ms * (int64_t{last} + 1);
    return end_ms <= spec_.horizon_ms;
  }

  void Add(const Customer& customer, uint32_t cohort, size_t start, CohortCells* cells,
           const GroupTuple* group, RetentionTask* task) const {
    Prepare(cells);
    ++cells->sizes[cohort];
    for (uint32_t k = 0; k < columns_; ++k) {
      const Period& column = task->columns[k];
      RetentionCell& cell = cells->cells[cohort][k];
      if (!Complete(cohort, task->hits[start], k)) {
        if (!spec_.rolling) continue;
      } else {
        ++cell.complete;
      }
      cell.customers += column.came;
      if (!column.came) continue;
      cell.whole_sum += column.whole_sum;
      cell.real_sum += column.real_sum;
      cell.value_count += column.value_count;
    }
    if (spec_.wanted && Wanted(cohort, group, *task)) task->wanted.Add(customer.ordinal);
  }

  bool Wanted(uint32_t cohort, const GroupTuple* group, const RetentionTask& task) const {
    const RetentionSpec::Wanted& wanted = *spec_.wanted;
    if (wanted.cohort != cohort || wanted.group.has_value() != (group != nullptr)) return false;
    if (group && *wanted.group != *group) return false;
    return !wanted.column || task.columns[*wanted.column].came != wanted.churned;
  }

  void Prepare(CohortCells* cells) const {
    if (!cells->sizes.empty()) return;
    cells->sizes.assign(spec_.cohorts, 0);
    cells->cells.assign(spec_.cohorts, std::vector<RetentionCell>(columns_));
  }

  // --- Whole blocks at a time: a bitmap of customers per bucket.
  static constexpr size_t kWords = BucketBits::kWords;

  void RunBitmaps(const BoundBlock& block, const BlockBits& plain, RetentionTask* task) const {
    task->starts.Clear(spec_.cohorts);
    task->comebacks.Clear(static_cast<uint32_t>(buckets_));
    for (const BoundSlice& slice : block.slices) {
      if (slice.possible & kStart) SetBits(block, slice, kStart, &task->starts);
      if (slice.possible & kComeback) SetBits(block, slice, kComeback, &task->comebacks);
    }
    Prepare(&task->everyone);
    uint64_t* earlier = task->starts.before();
    for (uint32_t c = 0; c < spec_.cohorts; ++c) {
      uint64_t* members = task->starts.of(c);
      for (size_t w = 0; w < kWords; ++w) {
        members[w] &= plain[w];
        if (spec_.cohort != Cohort::kFirstTime) continue;
        members[w] &= ~earlier[w];
        earlier[w] |= members[w];
      }
      CountCohort(c, members, task, &task->everyone);
    }
    task->starts = task->comebacks = {};  // the next block takes the same memory, in the cache
  }

  // Sets the customer's bit in each bucket with an event of this role.
  void SetBits(const BoundBlock& block, const BoundSlice& slice, uint64_t role,
               BucketBits* bits) const {
    const OffsetBuckets& buckets = *by_number_[slice.number];
    const bool every = slice.roles & role;
    if (every && bits->MarkAll(slice, buckets)) return;
    bits->Place(slice, buckets);
    if (!every) {
      const auto locals = bits->Locals(slice);
      for (uint32_t row = 0; row < slice.slice->row_count; ++row) {
        if (!(slice.Mask(row, block.Customer(locals[row])) & role)) bits->Leave(row);
      }
    }
    bits->Mark(slice);
  }

  void CountCohort(uint32_t cohort, const uint64_t* members, RetentionTask* task,
                   CohortCells* cells) const {
    const uint64_t size = count_common_(members, members, kWords);
    if (!size) return;
    cells->sizes[cohort] += size;
    const auto known = std::min<uint32_t>(columns_, static_cast<uint32_t>(buckets_) - cohort);
    const bool after = spec_.counted == Counted::kOnOrAfter,
               streak = spec_.counted == Counted::kStreak;
    BlockBits joined;
    joined.fill(streak ? ~0ull : 0);
    const uint32_t from = after ? static_cast<uint32_t>(buckets_) - cohort : known;
    for (uint32_t i = 0; i < from; ++i) {
      const uint32_t k = after ? from - 1 - i : i;
      const uint64_t* came = task->comebacks.of(cohort + k);
      if (spec_.counted != Counted::kOn) {
        for (size_t w = 0; w < kWords; ++w)
          joined[w] = streak ? joined[w] & (k ? came[w] : ~0ull) : joined[w] | came[w];
        came = joined.data();
      }
      if (k >= known) continue;
      RetentionCell& cell = cells->cells[cohort][k];
      cell.customers += count_common_(members, came, kWords);
      cell.complete += size;
    }
  }

  const RetentionSpec& spec_;
  const Binding& binding_;
  const int32_t buckets_;
  const uint32_t columns_;
  const CountCommonFn count_common_ = FastestCountCommon();
  std::map<int64_t, OffsetBuckets> by_base_;
  std::vector<const OffsetBuckets*> by_number_;  // by slice number
  bool by_bitmaps_ = false;
};

void MergeCells(const CohortCells& from, RetentionGroup* to) {
  for (size_t c = 0; c < from.sizes.size(); ++c) {
    to->sizes[c] += from.sizes[c];
    for (size_t k = 0; k < from.cells[c].size(); ++k) {
      const RetentionCell& a = from.cells[c][k];
      RetentionCell& b = to->cells[c][k];
      b.customers += a.customers;
      b.complete += a.complete;
      b.whole_sum += a.whole_sum;
      b.real_sum += a.real_sum;
      b.value_count += a.value_count;
    }
  }
}

RetentionResult Retention::Merge(const std::vector<std::unique_ptr<RetentionTask>>& tasks) const {
  CohortCells nothing;
  Prepare(&nothing);
  RetentionResult result;
  result.everyone = {{}, nothing.sizes, nothing.cells};
  GroupMerger merger;
  for (const std::unique_ptr<RetentionTask>& task : tasks) {
    MergeCells(task->everyone, &result.everyone);
    result.customers.AddAll(task->wanted);
    if (spec_.grouping.dimensions.empty()) continue;
    const std::vector<uint32_t> common = merger.Add(task->keys);
    while (result.groups.size() < merger.size()) {
      const auto next = static_cast<uint32_t>(result.groups.size());
      result.groups.push_back({merger.tuple(next), nothing.sizes, nothing.cells});
    }
    for (size_t g = 0; g < task->groups.size(); ++g)
      MergeCells(task->groups[g], &result.groups[common[g]]);
  }
  std::sort(result.groups.begin(), result.groups.end(),
            [](const RetentionGroup& a, const RetentionGroup& b) { return a.values < b.values; });
  return result;
}

}  // namespace

BindSpec RetentionBinding(const RetentionSpec& spec) {
  BindSpec bind;
  bind.roles = {spec.start, spec.comeback};
  bind.time = spec.buckets.range();
  if (spec.cohort == Cohort::kFirstTime) bind.time.from_ms = TimeRange{}.from_ms;
  if (spec.rolling) bind.time.to_ms = spec.horizon_ms;
  bind.ignored = spec.ignored;
  bind.properties = spec.properties;
  bind.attributes = spec.attributes;
  bind.population = spec.population;
  return bind;
}

RetentionResult RunRetention(const RetentionSpec& spec, const Binding& binding, unsigned threads) {
  const Retention retention(spec, binding);
  const auto tasks = RunOverCustomers(
      binding, threads, [&] { return std::make_unique<RetentionTask>(spec, binding); },
      [&](RetentionTask* task, const BoundBlock& block) { retention.RunBlock(block, task); },
      [&](RetentionTask* task, size_t begin, size_t end) {
        retention.RunClusters(begin, end, task);
      });
  return retention.Merge(tasks);
}

}  // namespace waypost::exec

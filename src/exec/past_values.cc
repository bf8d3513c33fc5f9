#include "exec/past_values.h"

#include <algorithm>
#include <limits>

namespace waypost::exec {
namespace {

int64_t MomentOf(const column::Column* column, uint32_t row, int64_t unknown) {
  return column && !column->IsNull(row) ? column->Whole(row) : unknown;
}

}  // namespace

PastValues::PastValues(const PastColumn& past, uint32_t block) {
  if (past.rows) {
    ReadRows(past, block);
  } else {
    ReadDays(past, block);
  }
}

void PastValues::ReadDays(const PastColumn& past, uint32_t block) {
  static const column::Column kNobodyHasIt;
  for (const auto& [from_ms, customers] : past.days) {
    const column::Column* column = customers->Find(block);
    days_.push_back(from_ms);
    columns_.push_back(column ? column : &kNobodyHasIt);
  }
}

// Customers of several timelines have those of all of them, at the ordinal they are known by.
void PastValues::ReadRows(const PastColumn& past, uint32_t block) {
  if (const column::BlockView* view = past.rows->FindBlock(block)) ReadBlock(past, *view);
  const column::Clusters& clusters = past.rows->clusters;
  size_t c = 0;
  for (size_t end = clusters.size(); c < end;) {
    const size_t middle = c + (end - c) / 2;
    (clusters[middle].root >> 16 < block ? c : end) =
        middle + (clusters[middle].root >> 16 < block);
  }
  for (; c < clusters.size() && clusters[c].root >> 16 == block; ++c)
    ReadCluster(past, clusters[c]);
  std::ranges::sort(versions_, {}, [](const Version& v) {
    return std::tuple(v.local, v.since_ms, v.place.column, v.place.row);
  });
}

void PastValues::ReadBlock(const PastColumn& past, const column::BlockView& view) {
  for (const column::EventBlock* part : view.parts) {
    for (const column::EventSlice& slice : part->slices) {
      const column::Column* values = slice.Find(past.value);
      if (!values) continue;
      const uint32_t number = NumberOf(values);
      slice.persons.ForEach(
          [&](uint32_t local, column::RowRange rows) { Add(past, slice, number, rows, local); });
    }
  }
}

void PastValues::ReadCluster(const PastColumn& past, const column::Cluster& cluster) {
  for (const uint32_t member : cluster.members) {
    const column::BlockView* view = past.rows->FindBlock(member >> 16);
    if (!view || member == cluster.root || past.rows->IsErased(member)) continue;
    for (const column::EventBlock* part : view->parts) {
      for (const column::EventSlice& slice : part->slices) {
        const column::Column* values = slice.Find(past.value);
        const column::RowRange rows = slice.persons.Rows(member & 0xFFFF);
        if (values && !rows.empty())
          Add(past, slice, NumberOf(values), rows, cluster.root & 0xFFFF);
      }
    }
  }
}

void PastValues::Add(const PastColumn& past, const column::EventSlice& slice, uint32_t column,
                     column::RowRange rows, uint32_t local) {
  using Limits = std::numeric_limits<int64_t>;
  const column::Column* since = slice.Find(past.since);
  const column::Column* until = slice.Find(past.until);
  for (uint32_t row = rows.begin; row < rows.end; ++row) {
    if (columns_[column]->IsNull(row)) continue;
    versions_.push_back({local,
                         MomentOf(since, row, Limits::min()),
                         MomentOf(until, row, Limits::max()),
                         {column, row}});
  }
}

uint32_t PastValues::NumberOf(const column::Column* column) {
  const auto known = std::ranges::find(columns_, column);
  if (known == columns_.end()) columns_.push_back(column);
  return static_cast<uint32_t>(std::ranges::find(columns_, column) - columns_.begin());
}

std::optional<PastValues::Place> PastValues::At(uint32_t local, int64_t time_ms) const {
  if (!days_.empty()) {
    const auto after = std::ranges::upper_bound(days_, time_ms);
    if (after == days_.begin()) return std::nullopt;
    return Place{static_cast<uint32_t>(after - days_.begin() - 1), local};
  }
  auto at =
      std::ranges::upper_bound(versions_, std::pair(local, time_ms), {},
                               [](const Version& v) { return std::pair(v.local, v.since_ms); });
  while (at != versions_.begin() && std::prev(at)->local == local) {
    --at;
    if (time_ms < at->until_ms) return at->place;
  }
  return std::nullopt;
}

}  // namespace waypost::exec

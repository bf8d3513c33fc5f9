// What customers were at moments: an attribute as it was when an event happened, where its history
// is kept, or a tag as it was on the event's day.
//
//   PastValues level(*spec, block);
//   if (const auto was = level.At(local, event_ms)) ... level.columns()[was->column], was->row ...
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "column/customer_columns.h"
#include "column/snapshot_view.h"

namespace waypost::exec {

// Where a history is: rows that each hold from a moment to another, or a value a customer from each
// of some moments on.
struct PastColumn {
  // Rows as events of type 0, clusters as in the snapshot asked. `value`, `since` and `until` are
  // properties; the last two in ms, included and not, and NULL: for ever.
  std::shared_ptr<const column::SnapshotView> rows;
  uint32_t value = 0, since = 0, until = 0;
  // Instead of rows: by moment, increasing.
  std::vector<std::pair<int64_t, std::shared_ptr<const column::CustomerColumns>>> days;
};

// The history of the customers of one block. Any number of threads may read it; borrows the
// PastColumn. Costs a pass over the block's rows to make.
class PastValues {
 public:
  struct Place {
    uint32_t column = 0;  // of columns()
    uint32_t row = 0;     // perhaps beyond the column's end, or NULL
  };

  PastValues(const PastColumn& past, uint32_t block);

  std::span<const column::Column* const> columns() const { return columns_; }
  // What the customer was at the moment; nothing: nothing is known. Of several timelines of one
  // customer the one that changed last says it.
  std::optional<Place> At(uint32_t local, int64_t time_ms) const;

 private:
  struct Version {
    uint32_t local;
    int64_t since_ms, until_ms;
    Place place;
  };
  void ReadDays(const PastColumn& past, uint32_t block);
  void ReadRows(const PastColumn& past, uint32_t block);
  void ReadBlock(const PastColumn& past, const column::BlockView& view);
  void ReadCluster(const PastColumn& past, const column::Cluster& cluster);
  void Add(const PastColumn& past, const column::EventSlice& slice, uint32_t column,
           column::RowRange rows, uint32_t local);
  uint32_t NumberOf(const column::Column* column);

  std::vector<const column::Column*> columns_;
  std::vector<Version> versions_;  // by local, then since
  std::vector<int64_t> days_;      // the moment of each column; empty: versions_ have it
};

}  // namespace waypost::exec

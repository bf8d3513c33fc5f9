// What a rule's leaf looks at of one customer: a measure of events, the first or last of them.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>
#include <tuple>
#include <vector>

#include "base/hash.h"
#include "exec/customers.h"
#include "exec/selection.h"

namespace waypost::exec {

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

// The events that a rule of kind kDid, kEdge or kRank looks at, as role 0, with its measure's
// property as column 0.
inline BindSpec BindingOf(const Rule& rule) {
  BindSpec spec;
  spec.roles.push_back(rule.events);
  spec.ignored = rule.ignored;
  spec.time = rule.time;
  using Kind = Measure::Kind;
  if (rule.measure.kind >= Kind::kSum && rule.measure.kind <= Kind::kDistinct)
    spec.properties.push_back(rule.measure.property);
  return spec;
}

// The measure of a customer's events of role 0.
inline std::optional<long double> MeasureOf(const Customer& customer, Tally* tally) {
  tally->Clear();
  VisitEvents(customer, [&](const BoundSlice& slice, uint32_t row) {
    tally->Add(slice, row);
    return true;
  });
  return tally->Value();
}

}  // namespace waypost::exec

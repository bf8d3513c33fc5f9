#include "exec/group_keys.h"

#include <utility>

namespace waypost::exec {
namespace {

using column::Column;
using column::ColumnType;

bool IsNull(const Column* column, uint32_t row) {
  return !column || row >= column->row_count() || column->IsNull(row);
}

GroupValue NumberOf(const Column& column, uint32_t row, Domain domain) {
  const bool real = column.type() == ColumnType::kDouble;
  GroupValue value;
  if (domain == Domain::kReal) {
    value.kind = GroupValue::Kind::kReal;
    value.real = real ? column.Real(row) : static_cast<double>(column.Whole(row));
  } else if (!real) {
    value.kind = GroupValue::Kind::kWhole;
    value.whole = column.Whole(row);
  }
  return value;
}

// Where the value of an event, or of its customer, stands.
struct ValuePlace {
  const Column* column = nullptr;
  uint32_t row = 0;
};
ValuePlace PlaceOf(const Dimension& d, const BoundSlice& slice, uint32_t row,
                   const Customer& customer) {
  if (!d.of_customer) return {slice.columns[d.column], row};
  const BoundBlock& home = *customer.home;
  if (home.past_attributes.empty()) return {home.attributes[d.column], customer.row.local};
  const PastValues& past = home.past_attributes[d.column];
  const auto was = past.At(customer.row.local, slice.TimeMs(row));
  return was ? ValuePlace{past.columns()[was->column], was->row} : ValuePlace{};
}

}  // namespace

GroupKeys::GroupKeys(const Grouping& grouping, uint32_t slice_count)
    : grouping_(&grouping),
      slice_count_(slice_count),
      codes_(grouping.dimensions.size() * (slice_count + 1)),
      levels_(grouping.dimensions.size()) {
  if (trivial()) tuples_.emplace_back();
  if (!grouping.closed) return;
  tuples_.assign(1, {});
  for (const GroupTuple& tuple : grouping.named) {
    named_.emplace(tuple, size());
    tuples_.push_back(tuple);
  }
}

bool GroupKeys::Defined(const BoundSlice& slice, uint32_t row, const Customer& customer) const {
  for (const Dimension& d : grouping_->dimensions) {
    const ValuePlace place = PlaceOf(d, slice, row, customer);
    if (!IsNull(place.column, place.row)) return true;
  }
  return false;
}

void GroupKeys::Find(const BoundSlice& slice, uint32_t row, const Customer& customer,
                     std::vector<uint32_t>* groups) {
  uint32_t* known = levels_.size() == 1 ? KnownGroup(slice, row) : nullptr;
  groups->assign(1, known && *known != kUnknown ? *known : 0);
  if (known && *known != kUnknown) return;
  for (size_t d = 0; d < levels_.size(); ++d) {
    scratch_values_.clear();
    AppendValues(d, slice, row, customer, &scratch_values_);
    scratch_next_.clear();
    for (const uint32_t parent : *groups) {
      for (const uint32_t value : scratch_values_) scratch_next_.push_back(Child(d, parent, value));
    }
    std::swap(*groups, scratch_next_);
  }
  if (known) *known = (*groups)[0];
}

GroupKeys::ByCode GroupKeys::Known(const BoundSlice& slice) const {
  if (levels_.size() != 1 || codes_[slice.number].group_of_code.empty()) return {};
  const Column* text = slice.columns[grouping_->dimensions[0].column];
  if (text->has_nulls()) return {};
  return {text, codes_[slice.number].group_of_code.data()};
}

// With one dimension that is a text of the event: where its group is kept, by the text's code.
uint32_t* GroupKeys::KnownGroup(const BoundSlice& slice, uint32_t row) {
  const Dimension& d = grouping_->dimensions[0];
  if (d.of_customer) return nullptr;
  const Column* column = slice.columns[d.column];
  if (IsNull(column, row) || column->type() != ColumnType::kString) return nullptr;
  std::vector<uint32_t>& groups = codes_[slice.number].group_of_code;
  if (groups.empty()) groups.assign(column->dictionary().size(), kUnknown);
  return &groups[column->Code(row)];
}

uint32_t GroupKeys::GroupOf(GroupValue::Kind kind) {
  uint32_t node = 0;
  for (size_t d = 0; d < levels_.size(); ++d)
    node = Child(d, node, Intern({.kind = kind, .text = {}}));
  return node;
}

void GroupKeys::AppendValues(size_t dimension, const BoundSlice& slice, uint32_t row,
                             const Customer& customer, std::vector<uint32_t>* values) {
  const Dimension& d = grouping_->dimensions[dimension];
  const auto [column, at] = PlaceOf(d, slice, row, customer);
  if (IsNull(column, at)) {
    values->push_back(Intern({}));
    return;
  }
  // Attributes of a cluster's root may be of another block than the slice: they are not cached.
  const bool cached = !d.of_customer;
  const uint32_t cache = cached ? slice.number : slice_count_;
  switch (column->type()) {
    case ColumnType::kString:
      values->push_back(TextValue(dimension, cache, *column, column->Code(at)));
      return;
    case ColumnType::kList: {
      const column::RowRange items = column->Items(at);
      for (uint32_t i = items.begin; i < items.end; ++i) {
        const uint32_t value = TextValue(dimension, cache, *column, column->ItemCode(i));
        if (std::find(values->begin(), values->end(), value) == values->end())
          values->push_back(value);
      }
      if (items.empty()) values->push_back(Intern({}));
      return;
    }
    default:
      values->push_back(Intern(NumberOf(*column, at, d.domain)));
  }
}

uint32_t GroupKeys::TextValue(size_t dimension, uint32_t cache, const Column& column,
                              uint32_t code) {
  const auto intern = [&] {
    GroupValue value;
    value.kind = GroupValue::Kind::kText;
    value.text = column.dictionary().Text(code);
    return Intern(std::move(value));
  };
  if (cache == slice_count_) return intern();
  std::vector<uint32_t>& known = codes_[cache * levels_.size() + dimension].of_code;
  if (known.empty()) known.assign(column.dictionary().size(), kUnknown);
  if (known[code] == kUnknown) known[code] = intern();
  return known[code];
}

uint32_t GroupKeys::Intern(GroupValue value) {
  const bool whole = value.kind == GroupValue::Kind::kWhole;
  if (whole) {
    const auto at = whole_numbers_.find(value.whole);
    if (at != whole_numbers_.end()) return at->second;
  }
  const auto next = static_cast<uint32_t>(values_.size());
  const auto [at, added] = value_numbers_.emplace(value, next);
  if (added) values_.push_back(value);
  if (whole) whole_numbers_.emplace(value.whole, at->second);
  return at->second;
}

uint32_t GroupKeys::Child(size_t dimension, uint32_t parent, uint32_t value) {
  Level& level = levels_[dimension];
  const uint64_t key = uint64_t{parent} << 32 | value;
  const auto at = level.children.find(key);
  if (at != level.children.end()) return at->second;
  auto node = static_cast<uint32_t>(level.nodes.size());
  level.nodes.push_back(key);
  if (dimension + 1 == levels_.size()) {
    GroupTuple tuple = TupleOf(dimension, node);
    if (grouping_->closed) {
      const auto named = named_.find(tuple);
      node = named == named_.end() ? 0 : named->second;
    } else {
      node = size();
      tuples_.push_back(std::move(tuple));
    }
  }
  level.children.emplace(key, node);
  return node;
}

GroupTuple GroupKeys::TupleOf(size_t dimension, uint32_t node) const {
  GroupTuple tuple(dimension + 1);
  for (size_t d = dimension + 1; d-- > 0;) {
    const uint64_t key = levels_[d].nodes[node];
    tuple[d] = values_[key & 0xFFFFFFFF];
    node = static_cast<uint32_t>(key >> 32);
  }
  return tuple;
}

std::vector<uint32_t> GroupMerger::Add(const GroupKeys& keys) {
  std::vector<uint32_t> common;
  for (uint32_t group = 0; group < keys.size(); ++group) {
    const auto [at, added] =
        numbers_.emplace(keys.tuple(group), static_cast<uint32_t>(tuples_.size()));
    if (added) tuples_.push_back(keys.tuple(group));
    common.push_back(at->second);
  }
  return common;
}

}  // namespace waypost::exec

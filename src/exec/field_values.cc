#include "exec/field_values.h"

#include <algorithm>
#include <bit>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cmath>

#include "exec/parallel.h"

namespace waypost::exec {
namespace {

using column::Column;
using column::ColumnType;

constexpr size_t kBlockWords = column::PersonIndex::kWords;

const Column* ColumnOf(const Field& field, const column::SnapshotView& snapshot, uint32_t block) {
  if (field.values) return field.values->Find(block);
  const column::BlockView* view = snapshot.FindBlock(block);
  return view ? view->FindAttribute(field.property) : nullptr;
}

// Visits the rows of a block's customers.
template <typename Visit>
void ForEachRow(const CustomerBits& who, uint32_t block, Visit visit) {
  const size_t begin = size_t{block} * kBlockWords, end = std::min(begin + kBlockWords, who.size());
  for (size_t w = begin; w < end; ++w) {
    for (uint64_t left = who[w]; left; left &= left - 1)
      visit(static_cast<uint32_t>((w - begin) * 64) +
            static_cast<uint32_t>(std::countr_zero(left)));
  }
}

bool IsCoded(const Column& column) {
  return column.type() == ColumnType::kString || column.type() == ColumnType::kList;
}

// Numbers the different values of one block: texts and items by their code in the dictionary,
// numbers in the order they are met, 0 for NULL.
class BlockKeys {
 public:
  BlockKeys(const Field& field, const Column* column) : field_(field), column_(column) {
    const bool whole = column && !IsCoded(*column) && column->type() != ColumnType::kDouble;
    if (whole && column->numbers().width() <= kMaxWidth)
      key_of_offset_.assign(size_t{1} << column->numbers().width(), kUnknown);
  }

  uint32_t KeyOf(uint32_t row) {
    if (!column_ || row >= column_->row_count() || column_->IsNull(row)) return 0;
    if (column_->type() == ColumnType::kString) return column_->Code(row) + 1;
    if (key_of_offset_.empty()) return KeyOfNumber(row);
    uint32_t& key = key_of_offset_[column_->numbers().Offset(row)];
    if (key == kUnknown) key = KeyOfNumber(row);
    return key;
  }
  GroupValue ValueOf(uint32_t key) const {
    if (key == 0) return {};
    if (IsCoded(*column_)) return TextOf(key - 1);
    const int64_t number = numbers_[key - 1];
    if (column_->type() == ColumnType::kDouble && field_.edges.empty())
      return {.kind = GroupValue::Kind::kReal, .real = std::bit_cast<double>(number)};
    return {.kind = GroupValue::Kind::kWhole, .whole = number};
  }
  GroupValue TextOf(uint32_t code) const {
    return {.kind = GroupValue::Kind::kText, .text = std::string(column_->dictionary().Text(code))};
  }
  size_t numbers() const { return numbers_.size(); }

 private:
  static constexpr uint8_t kMaxWidth = 12;  // bits: 16 KiB
  static constexpr uint32_t kUnknown = ~0u;

  uint32_t KeyOfNumber(uint32_t row) {
    const bool real = column_->type() == ColumnType::kDouble;
    const double number = real ? column_->Real(row) : static_cast<double>(column_->Whole(row));
    if (std::isnan(number)) return 0;
    if (!field_.edges.empty()) {
      const auto above = std::ranges::upper_bound(field_.edges, number);
      return Number(above - field_.edges.begin());
    }
    return Number(real ? std::bit_cast<int64_t>(number == 0 ? 0.0 : number) : column_->Whole(row));
  }
  uint32_t Number(int64_t number) {
    if (!numbers_.empty() && numbers_[last_] == number) return last_ + 1;
    const auto [at, added] = keys_.try_emplace(number, static_cast<uint32_t>(numbers_.size()));
    if (added) numbers_.push_back(number);
    last_ = at->second;
    return last_ + 1;
  }

  const Field& field_;
  const Column* const column_;
  std::vector<uint32_t> key_of_offset_;  // of narrow whole numbers, kUnknown until met
  boost::unordered_flat_map<int64_t, uint32_t> keys_;
  std::vector<int64_t> numbers_;
  uint32_t last_ = 0;
};

void CountList(const Column& column, uint32_t row, std::vector<uint64_t>* by_key) {
  const column::RowRange items = column.Items(row);
  for (uint32_t i = items.begin; i < items.end; ++i) {
    bool again = false;
    for (uint32_t j = items.begin; j < i; ++j) again |= column.ItemCode(j) == column.ItemCode(i);
    if (!again) ++(*by_key)[column.ItemCode(i) + 1];
  }
}

ValueCounts CountBlock(const Field& field, const Column& column, const CustomerBits& who,
                       uint32_t block, size_t most_numbers) {
  BlockKeys keys(field, &column);
  std::vector<uint64_t> by_key(IsCoded(column) ? column.dictionary().size() + 1 : 1);
  const bool list = column.type() == ColumnType::kList;
  ValueCounts counts;
  ForEachRow(who, block, [&](uint32_t row) {
    if (list) {
      if (row >= column.row_count() || column.IsNull(row)) return;
      ++counts.known;
      return CountList(column, row, &by_key);
    }
    if (counts.too_many) return;
    const uint32_t key = keys.KeyOf(row);
    if (key == 0) return;
    if (by_key.size() <= key) by_key.resize(key + 1);
    ++by_key[key];
    ++counts.known;
    counts.too_many = field.edges.empty() && keys.numbers() > most_numbers;
  });
  for (uint32_t key = 1; key < by_key.size() && !counts.too_many; ++key) {
    if (by_key[key]) counts.of[list ? keys.TextOf(key - 1) : keys.ValueOf(key)] += by_key[key];
  }
  return counts;
}

uint32_t BlockCount(const CustomerBits& who) {
  return static_cast<uint32_t>((who.size() + kBlockWords - 1) / kBlockWords);
}

}  // namespace

ValueCounts CountValues(const Field& field, const CustomerBits& who,
                        const column::SnapshotView& snapshot, unsigned threads,
                        size_t most_numbers) {
  std::vector<ValueCounts> blocks(BlockCount(who));
  ParallelWithinLimit(blocks.size(), threads, [&](size_t block) {
    const auto number = static_cast<uint32_t>(block);
    if (const Column* column = ColumnOf(field, snapshot, number))
      blocks[block] = CountBlock(field, *column, who, number, most_numbers);
  });
  ValueCounts all;
  for (const ValueCounts& block : blocks) {
    all.known += block.known;
    all.too_many |= block.too_many;
    if (all.too_many) continue;
    for (const auto& [value, count] : block.of) all.of[value] += count;
    const bool texts = !all.of.empty() && all.of.begin()->first.kind == GroupValue::Kind::kText;
    all.too_many = field.edges.empty() && !texts && all.of.size() > most_numbers;
  }
  return all;
}

std::vector<double> NumbersOf(const Field& field, const CustomerBits& who,
                              const column::SnapshotView& snapshot, unsigned threads) {
  std::vector<std::vector<double>> blocks(BlockCount(who));
  ParallelWithinLimit(blocks.size(), threads, [&](size_t block) {
    const Column* column = ColumnOf(field, snapshot, static_cast<uint32_t>(block));
    if (!column || IsCoded(*column)) return;
    const bool real = column->type() == ColumnType::kDouble;
    ForEachRow(who, static_cast<uint32_t>(block), [&](uint32_t row) {
      if (row >= column->row_count() || column->IsNull(row)) return;
      const double number = real ? column->Real(row) : static_cast<double>(column->Whole(row));
      if (!std::isnan(number)) blocks[block].push_back(number);
    });
  });
  std::vector<double> all;
  for (const auto& block : blocks) all.insert(all.end(), block.begin(), block.end());
  std::ranges::sort(all);
  return all;
}

std::map<std::pair<GroupValue, GroupValue>, uint64_t> CountPairs(
    const Field& a, const Field& b, const CustomerBits& who, const column::SnapshotView& snapshot,
    unsigned threads) {
  using Pairs = std::map<std::pair<GroupValue, GroupValue>, uint64_t>;
  std::vector<Pairs> blocks(BlockCount(who));
  ParallelWithinLimit(blocks.size(), threads, [&](size_t block) {
    const auto number = static_cast<uint32_t>(block);
    BlockKeys first(a, ColumnOf(a, snapshot, number)), second(b, ColumnOf(b, snapshot, number));
    boost::unordered_flat_map<uint64_t, uint64_t> by_keys;
    ForEachRow(who, number, [&](uint32_t row) {
      ++by_keys[uint64_t{first.KeyOf(row)} << 32 | second.KeyOf(row)];
    });
    for (const auto& [keys, count] : by_keys) {
      blocks[block][{first.ValueOf(static_cast<uint32_t>(keys >> 32)),
                     second.ValueOf(static_cast<uint32_t>(keys))}] += count;
    }
  });
  Pairs all;
  for (const Pairs& block : blocks) {
    for (const auto& [values, count] : block) all[values] += count;
  }
  return all;
}

}  // namespace waypost::exec

#include "exec/field_values.h"

#include <algorithm>
#include <bit>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cmath>

#include "exec/packed_counts.h"
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

// The words of `who` that are the block's.
std::span<const uint64_t> WordsOf(const CustomerBits& who, uint32_t block) {
  const size_t begin = std::min(size_t{block} * kBlockWords, who.size());
  return {who.data() + begin, std::min(kBlockWords, who.size() - begin)};
}

// Visits the rows of a block's customers.
template <typename Visit>
void ForEachRow(const CustomerBits& who, uint32_t block, Visit visit) {
  const auto words = WordsOf(who, block);
  for (size_t w = 0; w < words.size(); ++w) {
    for (uint64_t left = words[w]; left; left &= left - 1)
      visit(static_cast<uint32_t>(w * 64) + static_cast<uint32_t>(std::countr_zero(left)));
  }
}

bool IsCoded(const Column& column) {
  return column.type() == ColumnType::kString || column.type() == ColumnType::kList;
}

// Whole numbers or codes of few bits, a row each.
bool IsNarrow(const Column& column) {
  return column.type() != ColumnType::kDouble && column.type() != ColumnType::kList &&
         column.numbers().width() <= PackedCounts::kMaxWidth;
}

template <typename Number>
int64_t EdgesAtOrBelow(const std::vector<double>& edges, Number number) {
  return std::ranges::upper_bound(edges, static_cast<double>(number)) - edges.begin();
}

// Numbers the different values of one block: texts and items by their code in the dictionary,
// numbers in the order they are met, 0 for NULL.
class BlockKeys {
 public:
  BlockKeys(const Field& field, const Column* column) : field_(field), column_(column) {
    if (column && !IsCoded(*column) && IsNarrow(*column))
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
    if (IsCoded(*column_)) {
      const std::string_view text = column_->dictionary().Text(key - 1);
      return {.kind = GroupValue::Kind::kText, .text = std::string(text)};
    }
    const int64_t number = numbers_[key - 1];
    if (column_->type() == ColumnType::kDouble && field_.edges.empty())
      return {.kind = GroupValue::Kind::kReal, .real = std::bit_cast<double>(number)};
    return {.kind = GroupValue::Kind::kWhole, .whole = number};
  }
  size_t numbers() const { return numbers_.size(); }

 private:
  static constexpr uint32_t kUnknown = ~0u;

  uint32_t KeyOfNumber(uint32_t row) {
    const bool real = column_->type() == ColumnType::kDouble;
    const double number = real ? column_->Real(row) : static_cast<double>(column_->Whole(row));
    if (std::isnan(number)) return 0;
    if (!field_.edges.empty()) return Number(EdgesAtOrBelow(field_.edges, number));
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

// Of a column of few bits. Customers without a value are those whose bit is not present.
ValueCounts CountNarrow(const Field& field, const Column& column, std::span<const uint64_t> who,
                        size_t most_numbers) {
  PackedCounts packed(column.numbers());
  const size_t rows = column.row_count();
  ValueCounts counts;
  for (size_t w = 0; w < who.size() && w * 64 < rows; ++w) {
    const uint64_t exist = rows - w * 64 >= 64 ? ~uint64_t{0} : (uint64_t{1} << (rows % 64)) - 1;
    packed.AddWord(w, who[w] & column.PresentWord(w) & exist);
  }
  const std::vector<uint64_t> by_offset = packed.ByOffset();
  const bool text = column.type() == ColumnType::kString;
  for (size_t offset = 0; offset < by_offset.size(); ++offset) {
    const uint64_t customers = by_offset[offset];
    if (customers == 0) continue;
    counts.known += customers;
    GroupValue value{.kind = text ? GroupValue::Kind::kText : GroupValue::Kind::kWhole};
    if (text) {
      value.text = column.dictionary().Text(static_cast<uint32_t>(offset));
    } else {
      value.whole = column.numbers().base() + static_cast<int64_t>(offset);
      if (!field.edges.empty()) value.whole = EdgesAtOrBelow(field.edges, value.whole);
    }
    counts.of[std::move(value)] += customers;
  }
  counts.too_many = field.edges.empty() && !text && counts.of.size() > most_numbers;
  return counts;
}

void CountList(const Column& column, uint32_t row, std::vector<uint64_t>* by_code) {
  const column::RowRange items = column.Items(row);
  for (uint32_t i = items.begin; i < items.end; ++i) {
    bool again = false;
    for (uint32_t j = items.begin; j < i; ++j) again |= column.ItemCode(j) == column.ItemCode(i);
    if (!again) ++(*by_code)[column.ItemCode(i)];
  }
}

ValueCounts CountLists(const Column& column, const CustomerBits& who, uint32_t block) {
  std::vector<uint64_t> by_code(column.dictionary().size());
  ValueCounts counts;
  ForEachRow(who, block, [&](uint32_t row) {
    if (row >= column.row_count() || column.IsNull(row)) return;
    ++counts.known;
    CountList(column, row, &by_code);
  });
  for (uint32_t code = 0; code < by_code.size(); ++code) {
    if (by_code[code] == 0) continue;
    const std::string text(column.dictionary().Text(code));
    counts.of[{.kind = GroupValue::Kind::kText, .text = text}] += by_code[code];
  }
  return counts;
}

ValueCounts CountWide(const Field& field, const Column& column, const CustomerBits& who,
                      uint32_t block, size_t most_numbers) {
  BlockKeys keys(field, &column);
  std::vector<uint64_t> by_key(1);
  ValueCounts counts;
  ForEachRow(who, block, [&](uint32_t row) {
    if (counts.too_many) return;
    const uint32_t key = keys.KeyOf(row);
    if (key == 0) return;
    if (by_key.size() <= key) by_key.resize(key + 1);
    ++by_key[key];
    ++counts.known;
    counts.too_many = field.edges.empty() && keys.numbers() > most_numbers;
  });
  for (uint32_t key = 1; key < by_key.size() && !counts.too_many; ++key) {
    if (by_key[key]) counts.of[keys.ValueOf(key)] += by_key[key];
  }
  return counts;
}

ValueCounts CountBlock(const Field& field, const Column& column, const CustomerBits& who,
                       uint32_t block, size_t most_numbers) {
  if (column.type() == ColumnType::kList) return CountLists(column, who, block);
  if (IsNarrow(column)) return CountNarrow(field, column, WordsOf(who, block), most_numbers);
  return CountWide(field, column, who, block, most_numbers);
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

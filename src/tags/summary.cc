#include "tags/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <boost/json.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cmath>

#include "exec/limit.h"
#include "model/time_text.h"

namespace waypost::tags {
namespace {

namespace json = boost::json;
using column::Column;
using column::ColumnType;

bool Has(const Column* column, uint32_t row) {
  return column && row < column->row_count() && !column->IsNull(row);
}

double NumberAt(const Column& column, uint32_t row) {
  return column.type() == ColumnType::kDouble ? column.Real(row)
                                              : static_cast<double>(column.Whole(row));
}

// What can be counted by its code in a block: texts and lists' items; a list by all of its items.
std::string TextAt(ValueType type, const Column& column, uint32_t row) {
  switch (type) {
    case ValueType::kString:
      return std::string(column.Text(row));
    case ValueType::kBool:
      return column.Whole(row) ? "true" : "false";
    case ValueType::kDateTime:
      return DateTimeText(column.Whole(row));
    case ValueType::kList: {
      std::string text;
      const column::RowRange items = column.Items(row);
      for (uint32_t i = items.begin; i < items.end; ++i) {
        if (i != items.begin) text += ", ";
        text += column.dictionary().Text(column.ItemCode(i));
      }
      return text;
    }
    default:
      return fmt::format("{}", NumberAt(column, row));
  }
}

template <typename Visit>
void ForEachBlock(const exec::CustomerBits& everyone, Visit visit) {
  constexpr size_t kWords = column::PersonIndex::kWords;
  for (size_t w = 0; w < everyone.size() && exec::Limit::AllowsMore(); w += kWords)
    visit(static_cast<uint32_t>(w / kWords), w, std::min(w + kWords, everyone.size()));
}

template <typename Visit>
void ForEachRow(const exec::CustomerBits& everyone, size_t begin, size_t end, Visit visit) {
  for (size_t w = begin; w < end; ++w) {
    for (uint64_t left = everyone[w]; left; left &= left - 1)
      visit(static_cast<uint32_t>((w - begin) * 64) +
            static_cast<uint32_t>(std::countr_zero(left)));
  }
}

void AddCodes(const Column& column, const std::vector<uint64_t>& by_code, Summary* summary) {
  for (uint32_t code = 0; code < by_code.size(); ++code) {
    if (by_code[code])
      summary->counts[std::string(column.dictionary().Text(code))] += by_code[code];
  }
}

void AddRow(ValueType type, const Column& column, uint32_t row, std::vector<uint64_t>* by_code,
            Summary* summary) {
  switch (type) {
    case ValueType::kString:
      ++(*by_code)[column.Code(row)];
      return;
    case ValueType::kBool:
      ++summary->counts[column.Whole(row) ? "true" : "false"];
      return;
    case ValueType::kList: {
      const column::RowRange items = column.Items(row);
      if (items.empty()) ++summary->counts[""];
      std::vector<uint32_t> codes;
      for (uint32_t i = items.begin; i < items.end; ++i) codes.push_back(column.ItemCode(i));
      std::ranges::sort(codes);
      const auto twice = std::ranges::unique(codes);
      for (auto at = codes.begin(); at != twice.begin(); ++at) ++(*by_code)[*at];
      return;
    }
    default:
      summary->numbers.push_back(NumberAt(column, row));
  }
}

// A number for each different value of a block: its text's code, or what is met.
class RowKeys {
 public:
  RowKeys(ValueType type, const Column* column) : type_(type), column_(column) {}
  // 0: none.
  uint32_t KeyOf(uint32_t row) {
    if (!Has(column_, row)) return 0;
    if (type_ == ValueType::kString) {
      const uint32_t code = column_->Code(row);
      if (by_code_.size() <= code) by_code_.resize(code + 1);
      if (by_code_[code] == 0) by_code_[code] = Number(std::string(column_->Text(row)));
      return by_code_[code];
    }
    return Number(TextAt(type_, *column_, row));
  }
  Shown TextOf(uint32_t key) const { return {key != 0, key ? texts_[key - 1] : std::string()}; }

 private:
  uint32_t Number(std::string text) {
    const auto [at, added] = numbers_.try_emplace(text, texts_.size() + 1);
    if (added) texts_.push_back(std::move(text));
    return static_cast<uint32_t>(at->second);
  }

  const ValueType type_;
  const Column* column_;
  std::vector<uint32_t> by_code_;
  boost::unordered_flat_map<std::string, size_t> numbers_;
  std::vector<std::string> texts_;
};

}  // namespace

json::value ValueJson(ValueType type, const Column* column, uint32_t row) {
  if (!Has(column, row)) return nullptr;
  switch (type) {
    case ValueType::kBool:
      return column->Whole(row) != 0;
    case ValueType::kList: {
      json::array items;
      const column::RowRange range = column->Items(row);
      for (uint32_t i = range.begin; i < range.end; ++i)
        items.emplace_back(column->dictionary().Text(column->ItemCode(i)));
      return items;
    }
    case ValueType::kDouble:
      if (column->type() != ColumnType::kDouble) return column->Whole(row);
      return column->Real(row);
    default:
      return json::string(TextAt(type, *column, row));
  }
}

uint64_t Summary::distinct() const {
  uint64_t numbers_told_apart = numbers.empty() ? 0 : 1;
  for (size_t i = 1; i < numbers.size(); ++i) numbers_told_apart += numbers[i] != numbers[i - 1];
  return counts.size() + numbers_told_apart;
}

Summary Summarize(ValueType type, const column::CustomerColumns& columns,
                  const exec::CustomerBits& everyone) {
  Summary summary;
  summary.customers = exec::CountBits(everyone);
  ForEachBlock(everyone, [&](uint32_t block, size_t begin, size_t end) {
    const Column* column = columns.Find(block);
    if (!column) return;
    std::vector<uint64_t> by_code(column->dictionary().size());
    ForEachRow(everyone, begin, end, [&](uint32_t row) {
      if (!Has(column, row)) return;
      ++summary.with_value;
      AddRow(type, *column, row, &by_code, &summary);
    });
    AddCodes(*column, by_code, &summary);
  });
  std::ranges::sort(summary.numbers);
  return summary;
}

std::map<std::pair<Shown, Shown>, uint64_t> CountTransitions(ValueType type,
                                                             const column::CustomerColumns& before,
                                                             const column::CustomerColumns& after,
                                                             const exec::CustomerBits& everyone) {
  std::map<std::pair<Shown, Shown>, uint64_t> counts;
  ForEachBlock(everyone, [&](uint32_t block, size_t begin, size_t end) {
    RowKeys was(type, before.Find(block)), is(type, after.Find(block));
    boost::unordered_flat_map<uint64_t, uint64_t> pairs;
    ForEachRow(everyone, begin, end,
               [&](uint32_t row) { ++pairs[uint64_t{was.KeyOf(row)} << 32 | is.KeyOf(row)]; });
    for (const auto& [pair, count] : pairs) {
      counts[{was.TextOf(static_cast<uint32_t>(pair >> 32)),
              is.TextOf(static_cast<uint32_t>(pair))}] += count;
    }
  });
  return counts;
}

}  // namespace waypost::tags

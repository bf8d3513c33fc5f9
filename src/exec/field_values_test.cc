#include "exec/field_values.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <optional>
#include <random>

#include "column/block_image.h"

namespace waypost::exec {
namespace {

using column::Cell;
using column::ColumnType;

// Customers of two blocks with random values of one kind, some without; and the counts told slowly.
class Crowd {
 public:
  Crowd(ColumnType type, uint64_t range, double without, std::mt19937_64* random)
      : type_(type), values_(std::make_shared<column::CustomerColumns>()) {
    for (uint32_t block = 0; block < 2; ++block) {
      const size_t rows = 500 + (*random)() % 1'500;
      cells_.resize(size_t{block} << 16);
      std::vector<const Cell*> by_row;
      for (size_t row = 0; row < rows; ++row) {
        const bool has = std::uniform_real_distribution<>()(*random) >= without;
        cells_.push_back(has ? std::optional(CellOf((*random)() % range)) : std::nullopt);
        by_row.push_back(cells_.back() ? &*cells_.back() : nullptr);
      }
      auto image = std::make_shared<column::Image>(column::BuildColumn(0, type, by_row));
      values_->Set(block, column::ReadColumnImage(image->bytes()).value(), image);
    }
  }

  Field field(std::vector<double> edges = {}) const {
    return {.property = 0, .values = values_, .edges = std::move(edges)};
  }
  size_t size() const { return cells_.size(); }

  GroupValue ValueOf(size_t customer, const std::vector<double>& edges) const {
    if (customer >= size() || !cells_[customer]) return {};
    const Cell& cell = *cells_[customer];
    if (type_ == ColumnType::kString)
      return {.kind = GroupValue::Kind::kText, .text = std::string(cell.text)};
    const double number =
        type_ == ColumnType::kDouble ? cell.real : static_cast<double>(cell.whole);
    if (std::isnan(number)) return {};
    if (!edges.empty()) {
      const auto passed = std::ranges::count_if(edges, [&](double edge) { return edge <= number; });
      return {.kind = GroupValue::Kind::kWhole, .whole = passed};
    }
    if (type_ == ColumnType::kDouble)
      return {.kind = GroupValue::Kind::kReal, .real = number == 0 ? 0.0 : number};
    return {.kind = GroupValue::Kind::kWhole, .whole = cell.whole};
  }

  std::map<GroupValue, uint64_t> Count(const CustomerBits& who,
                                       const std::vector<double>& edges) const {
    std::map<GroupValue, uint64_t> counts;
    for (size_t customer = 0; customer < size(); ++customer) {
      const GroupValue value = ValueOf(customer, edges);
      const bool asked = customer / 64 < who.size() && who[customer / 64] >> (customer % 64) & 1;
      if (asked && value.kind != GroupValue::Kind::kNull) ++counts[value];
    }
    return counts;
  }

 private:
  Cell CellOf(uint64_t number) {
    Cell cell{.type = type_, .whole = static_cast<int64_t>(number) - 3};
    if (type_ == ColumnType::kDouble)
      cell.real = number == 1 ? std::nan("") : number == 2 ? -0.0 : static_cast<double>(number) / 4;
    if (type_ == ColumnType::kString) cell.text = texts_.emplace_back(std::to_string(number));
    return cell;
  }

  const ColumnType type_;
  std::deque<std::string> texts_;
  std::deque<std::optional<Cell>> cells_;
  std::shared_ptr<column::CustomerColumns> values_;
};

// Everyone, everyone but a few, some, and nobody beyond the first block.
std::vector<CustomerBits> Asked(size_t customers, std::mt19937_64* random) {
  CustomerBits all((customers + 63) / 64 + 5, ~uint64_t{0}), most = all, some = all;
  for (uint64_t& word : most) word = (*random)() % 8 ? word : (*random)();
  for (uint64_t& word : some) word = (*random)() & (*random)() & (*random)();
  return {all, most, some, CustomerBits(all.begin(), all.begin() + 700)};
}

TEST(FieldValuesTest, CountsAreThoseOfCountingEachCustomerForValuesOfAnyWidth) {
  std::mt19937_64 random(19);
  const column::SnapshotView nothing;
  for (const auto type : {ColumnType::kInt, ColumnType::kString, ColumnType::kDouble}) {
    for (const uint64_t range : {1, 2, 9, 60, 500, 4'096, 70'000}) {
      const Crowd crowd(type, range, range % 2 ? 0.0 : 0.1, &random);
      const std::vector<std::vector<double>> edges = {{}, {-3, 0, 1.5, 40}};
      for (const CustomerBits& who : Asked(crowd.size(), &random)) {
        for (size_t e = 0; e < (type == ColumnType::kString ? 1 : 2); ++e) {
          const auto counts = CountValues(crowd.field(edges[e]), who, nothing, 2, SIZE_MAX);
          const auto expected = crowd.Count(who, edges[e]);
          ASSERT_EQ(counts.of, expected) << "type " << int(type) << ", range " << range;
          uint64_t known = 0;
          for (const auto& [value, count] : expected) known += count;
          ASSERT_EQ(counts.known, known);
        }
      }
    }
  }
}

TEST(FieldValuesTest, MoreDifferentNumbersThanAskedForAreTooMany) {
  std::mt19937_64 random(20);
  const column::SnapshotView nothing;
  for (const uint64_t range : {20, 21, 9'000}) {
    const Crowd crowd(ColumnType::kInt, range, 0, &random);
    const CustomerBits everyone(crowd.size() / 64, ~uint64_t{0});
    EXPECT_EQ(CountValues(crowd.field(), everyone, nothing, 1, 20).too_many, range > 20) << range;
    EXPECT_FALSE(CountValues(crowd.field({0.0}), everyone, nothing, 1, 1).too_many) << range;
  }
}

TEST(FieldValuesTest, PairsAreCountedLikeEachCustomer) {
  std::mt19937_64 random(21);
  const column::SnapshotView nothing;
  const Crowd a(ColumnType::kInt, 7, 0.2, &random), b(ColumnType::kString, 5, 0.1, &random);
  for (const CustomerBits& who : Asked(65'536, &random)) {
    std::map<std::pair<GroupValue, GroupValue>, uint64_t> expected;
    for (size_t customer = 0; customer < who.size() * 64; ++customer) {
      if (!(who[customer / 64] >> (customer % 64) & 1)) continue;
      ++expected[{a.ValueOf(customer, {}), b.ValueOf(customer, {})}];
    }
    EXPECT_EQ(CountPairs(a.field(), b.field(), who, nothing, 2), expected);
  }
}

}  // namespace
}  // namespace waypost::exec

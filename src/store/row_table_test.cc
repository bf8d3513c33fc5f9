#include "store/row_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

namespace waypost::store {
namespace {

using column::Cell;
using column::ColumnType;

// The row of a name: its owner, a number and a text that it may have.
struct Kept {
  Ordinal owner = kNobody;
  int64_t number = 0;
  std::string text;
  friend auto operator<=>(const Kept&, const Kept&) = default;
};

Bytes Packed(const std::string& name, const Kept& row) {
  std::vector<Cell> cells = {{.property = 0, .type = ColumnType::kInt, .whole = row.number}};
  if (!row.text.empty())
    cells.push_back({.property = 2, .type = ColumnType::kString, .text = row.text});
  return PackRow({name, row.owner, cells});
}

// What blocks show, owner by owner: of rows that nobody owns their places do not matter.
std::multiset<Kept> Shown(const RowBlocks& blocks, bool owned) {
  std::multiset<Kept> shown;
  for (const auto& [number, block] : blocks.blocks) {
    for (const column::EventSlice& slice : block->events.slices) {
      slice.persons.ForEach(
          [&, first = number << kBlockBits](uint32_t local, column::RowRange rows) {
            for (uint32_t row = rows.begin; row < rows.end; ++row) {
              const column::Column* text = slice.Find(2);
              shown.insert({owned ? first | local : kNobody, slice.Find(0)->Whole(row),
                            text && !text->IsNull(row) ? std::string(text->Text(row)) : ""});
            }
          });
    }
  }
  return shown;
}

// Against a map, with rows that come, go, change hands between blocks and come back.
TEST(RowTableTest, BlocksShowTheRowsThatAreThere) {
  for (const bool owned : {true, false}) {
    std::mt19937 random(owned);
    RowTable table;
    std::map<std::string, Kept> model;
    for (int step = 0; step < 1'500; ++step) {
      const std::string name = "r" + std::to_string(random() % 300);
      if (random() % 4 == 0) {
        EXPECT_EQ(table.Remove(name), model.erase(name) > 0);
      } else {
        const Kept row{owned ? static_cast<Ordinal>(random() % 5 * 60'000) : kNobody,
                       static_cast<int64_t>(random() % 7),
                       std::string(random() % 3 * 20, static_cast<char>('a' + random() % 4))};
        ASSERT_TRUE(table.Put(Packed(name, row)).ok());
        model[name] = row;
      }
      if (step % 131 != 0) continue;
      std::multiset<Kept> expected;
      for (const auto& [key, row] : model) expected.insert(row);
      const auto blocks = table.Blocks();
      ASSERT_EQ(Shown(*blocks, owned), expected) << step;
      EXPECT_EQ(blocks->rows, model.size());
      EXPECT_EQ(table.Blocks(), blocks);  // nothing changed
    }
    if (!owned) continue;
    std::vector<std::string> names;
    for (const auto& [key, row] : model) {
      if (row.owner == 60'000) names.push_back(key);
    }
    EXPECT_EQ(table.NamesOf(60'000), names);
  }
}

TEST(RowTableTest, BytesThatAreNoRowAreRefused) {
  const Bytes row = Packed("name", {7, 1, "text"});
  RowTable table;
  for (size_t size = 0; size < row.size(); ++size)
    EXPECT_FALSE(table.Put(std::span(row).first(size)).ok()) << size;
  const Cell twice[] = {{.property = 1, .whole = 1}, {.property = 1, .whole = 2}};
  EXPECT_FALSE(table.Put(PackRow({"name", 7, twice})).ok());
  EXPECT_FALSE(table.Put(PackRow({"", 7, {}})).ok());
  EXPECT_EQ(table.size(), 0u);
}

}  // namespace
}  // namespace waypost::store

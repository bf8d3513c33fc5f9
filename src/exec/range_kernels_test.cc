#include "exec/range_kernels.h"

#include <gtest/gtest.h>

#include <random>

#include "column/block_image.h"
#include "column/column_image.h"
#include "exec/predicate.h"

namespace waypost::exec {
namespace {

TEST(RangeKernelsTest, EachLevelMarksWhatOneByOneMarks) {
  std::mt19937_64 random(3);
  for (uint32_t width = 0; width <= 30; ++width) {
    for (const size_t words : {1u, 2u, 7u}) {
      std::vector<int64_t> values(64 * words + random() % 64);
      for (int64_t& value : values) value = static_cast<int64_t>(random() % (1ull << width));
      values[0] = 0;
      values[1] = static_cast<int64_t>((1ull << width) - 1);
      ByteWriter out;
      column::PackInts(values, &out);
      const Bytes bytes = out.Take();
      ByteReader in(bytes);
      const column::PackedInts numbers = column::ReadPackedInts(&in).value();
      for (int range = 0; range < 8; ++range) {
        const uint64_t first = random() % (2ull << width);
        const uint64_t span = range == 0 ? ~0ull - first : random() % (2ull << width);
        std::vector<uint64_t> got(words), want(words);
        for (size_t i = 0; i < 64 * words; ++i) {
          const auto v = static_cast<uint64_t>(values[i]);
          want[i / 64] |= uint64_t{v >= first && v - first <= span} << (i % 64);
        }
        for (size_t level = 0; level < MarkRangeLevels().size(); ++level) {
          MarkRangeLevels()[level](numbers, first, span, words, got.data());
          ASSERT_EQ(got, want) << "level " << level << ", width " << width << ", from " << first
                               << ", span " << span;
        }
      }
    }
  }
}

// Some rows have no value, and there are more rows asked for than the column has.
TEST(RangeKernelsTest, AllRowsTogetherPassAsTheyDoOneByOne) {
  std::mt19937_64 random(4);
  constexpr uint32_t kRows = 700;
  column::ColumnBuilder builder(1, column::ColumnType::kInt);
  for (uint32_t row = 0; row < kRows; ++row) {
    if (random() % 4)
      builder.Add(row, {1, column::ColumnType::kInt, int64_t(random() % 90), 0, {}});
  }
  const column::Image image = builder.WriteAlone(kRows);
  const column::Column column = column::ReadColumnImage(image.bytes()).value();
  std::vector<uint64_t> among(1024), passed(1024);
  for (uint64_t& word : among) word = random();
  Condition condition;
  condition.members = std::make_shared<const std::vector<uint64_t>>(among);
  using Kind = Condition::Kind;
  for (const Kind kind : {Kind::kIsSet, Kind::kRange, Kind::kIn, Kind::kMember}) {
    for (int flags = 0; flags < 8; ++flags) {
      condition.kind = kind;
      condition.negated = flags & 1;
      condition.null_passes = flags & 2;
      condition.whole_min = 20;
      condition.whole_max = flags & 4 ? 15 : 60;
      condition.wholes = flags & 4 ? std::vector<int64_t>{7} : std::vector<int64_t>{7, 8};
      const BoundCondition bound(condition, &column);
      bound.TestAll(among, passed.data());
      for (uint32_t row = 0; row < 1024 * 64; ++row) {
        const bool want = (among[row / 64] >> (row % 64) & 1) && bound.Test(row);
        ASSERT_EQ(passed[row / 64] >> (row % 64) & 1, uint64_t{want})
            << "row " << row << ", kind " << static_cast<int>(kind) << ", flags " << flags;
      }
    }
  }
}

}  // namespace
}  // namespace waypost::exec

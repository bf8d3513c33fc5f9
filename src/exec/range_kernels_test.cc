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

// Numbers below `limit`, or texts of them, of which some may be missing.
column::Image ValuesBelow(uint64_t limit, column::ColumnType type, bool some_missing) {
  constexpr uint32_t kRows = 700;
  std::mt19937_64 random(4);
  column::ColumnBuilder builder(1, type);
  for (uint32_t row = 0; row < kRows; ++row) {
    const uint64_t value = random() % limit;
    if (!some_missing || random() % 4)
      builder.Add(row, {1, type, static_cast<int64_t>(value), 0, std::to_string(value)});
  }
  return builder.WriteAlone(kRows);
}

// There are more rows asked for than the column has.
void ExpectAllAsOneByOne(const Condition& condition, const column::Column& column) {
  std::vector<uint64_t> passed(condition.members->size());
  const BoundCondition bound(condition, &column);
  bound.TestAll(*condition.members, passed.data());
  for (uint32_t row = 0; row < 64 * passed.size(); ++row) {
    const bool want = (*condition.members)[row / 64] >> (row % 64) & 1 && bound.Test(row);
    ASSERT_EQ(passed[row / 64] >> (row % 64) & 1, uint64_t{want}) << "row " << row;
  }
}

TEST(RangeKernelsTest, AllRowsTogetherPassAsTheyDoOneByOne) {
  std::mt19937_64 random(5);
  std::vector<uint64_t> among(1024);
  for (uint64_t& word : among) word = random();
  Condition condition;
  condition.members = std::make_shared<const std::vector<uint64_t>>(among);
  using Kind = Condition::Kind;
  for (const uint64_t limit : {1, 2, 90}) {
    for (int flags = 0; flags < 32; ++flags) {
      const bool texts = flags & 16;
      const auto type = texts ? column::ColumnType::kString : column::ColumnType::kInt;
      const column::Image image = ValuesBelow(limit, type, flags & 8);
      const column::Column column = column::ReadColumnImage(image.bytes()).value();
      condition.domain = texts ? Domain::kText : Domain::kWhole;
      condition.negated = flags & 1;
      condition.null_passes = flags & 2;
      condition.whole_min = flags & 4 ? 20 : 1;
      condition.whole_max = flags & 4 ? 15 : 60;
      condition.wholes = flags & 4 ? std::vector<int64_t>{0} : std::vector<int64_t>{1, 8};
      condition.texts = {flags & 4 ? "7" : "1"};
      const auto kinds = texts ? std::vector{Kind::kIsSet, Kind::kIn, Kind::kPrefix, Kind::kSuffix}
                               : std::vector{Kind::kIsSet, Kind::kRange, Kind::kIn, Kind::kMember};
      for (const Kind kind : kinds) {
        SCOPED_TRACE(testing::Message() << "below " << limit << ", kind " << static_cast<int>(kind)
                                        << ", flags " << flags);
        condition.kind = kind;
        ExpectAllAsOneByOne(condition, column);
        if (HasFatalFailure()) return;
      }
    }
  }
}

}  // namespace
}  // namespace waypost::exec

#include "column/block_image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>
#include <tuple>

#include "base/bytes.h"

namespace waypost::column {
namespace {

constexpr int64_t kMonth = 1'767'225'600'000;  // 2026-01-01T00:00Z

Cell Number(uint32_t property, int64_t v) { return {property, ColumnType::kInt, v, 0, {}}; }
Cell Real(uint32_t property, double v) { return {property, ColumnType::kDouble, 0, v, {}}; }
Cell Text(uint32_t property, std::string_view v) {
  return {property, ColumnType::kString, 0, 0, v};
}

// A random event, kept beside the block as the naive truth.
struct Event {
  uint32_t type, local;
  int64_t time;
  int arrival;
  std::vector<Cell> cells;
};

class BlockImageTest : public testing::Test {
 protected:
  void AddRandom(BlockBuilder* builder, int count, uint32_t customers, uint32_t types) {
    for (int i = 0; i < count; ++i) {
      Event event{Draw(types) * 3, Draw(customers) * 7 % 65'536, kMonth + Draw(50), next_++, {}};
      if (Draw(4) != 0) event.cells.push_back(Number(20, static_cast<int64_t>(Draw(1000)) - 500));
      if (Draw(3) != 0)
        event.cells.push_back(Text(21, texts_.emplace_back("v" + std::to_string(Draw(30)))));
      if (Draw(5) == 0) event.cells.push_back(Real(22, Draw(100) / 8.0));
      if (Draw(5) == 0) event.cells.push_back(List(23, Draw(3)));
      builder->Add({event.type, event.local, event.time, event.cells});
      events_.push_back(event);
    }
  }

  Cell List(uint32_t property, uint32_t items) {
    ByteWriter packed;
    for (uint32_t i = 0; i < items; ++i) packed.Text("item " + std::to_string(Draw(9)));
    return {property, ColumnType::kList, 0, 0, texts_.emplace_back(AsText(packed.bytes()))};
  }

  // BuildOf's image is of these customers' events alone, to the byte.
  void ExpectBuildsAlone(BlockBuilder* builder, const std::vector<uint32_t>& locals,
                         const Wanted& wanted = {}) {
    BlockBuilder alone(3, kMonth);
    uint32_t count = 0;
    for (const Event& event : events_) {
      if (std::ranges::find(locals, event.local) == locals.end()) continue;
      if (!Wanted::Has(wanted.events, event.type)) continue;
      std::vector<Cell> cells = event.cells;
      std::erase_if(
          cells, [&](const Cell& cell) { return !Wanted::Has(wanted.properties, cell.property); });
      alone.Add({event.type, event.local, event.time, cells});
      ++count;
    }
    uint32_t counted = 0;
    for (const uint32_t local : locals) counted += builder->RowsOf(local);
    if (!wanted.events) EXPECT_EQ(counted, count);
    const auto built = builder->BuildOf(locals, wanted);
    ASSERT_EQ(built.has_value(), count > 0);
    const Image expected = alone.Build();
    if (built) EXPECT_TRUE(std::ranges::equal(built->bytes(), expected.bytes()));
  }

  uint32_t Draw(uint32_t below) { return static_cast<uint32_t>(random_() % below); }

  // Every event is found at its row, every timeline has its order.
  void ExpectHolds(const EventBlock& block) {
    ASSERT_EQ(block.row_count, events_.size());
    std::stable_sort(events_.begin(), events_.end(), [](const Event& a, const Event& b) {
      return std::tie(a.local, a.time, a.arrival) < std::tie(b.local, b.time, b.arrival);
    });
    for (size_t i = 0; i < events_.size();) {
      size_t end = i;
      while (end < events_.size() && events_[end].local == events_[i].local) ++end;
      ExpectTimeline(block, std::span(events_).subspan(i, end - i));
      i = end;
    }
  }

  void ExpectTimeline(const EventBlock& block, std::span<const Event> expected) {
    const RowRange range = block.timeline.persons.Rows(expected[0].local);
    ASSERT_EQ(range.size(), expected.size());
    std::map<uint32_t, uint32_t> seen;
    int64_t tie = 0;
    for (size_t i = 0; i < expected.size(); ++i) {
      const uint32_t code = block.timeline.codes ? block.timeline.codes[range.begin + i]
                                                 : block.timeline.wide_codes[range.begin + i];
      const EventSlice& slice = block.slices[code];
      ASSERT_EQ(slice.event_type, expected[i].type);
      const RowRange rows = slice.persons.Rows(expected[0].local);
      const uint32_t row = rows.begin + seen[code]++;
      ASSERT_LT(row, rows.end);
      EXPECT_EQ(block.base_ms + slice.times[row], expected[i].time);
      tie = i > 0 && expected[i].time == expected[i - 1].time ? tie + 1 : 0;
      EXPECT_EQ(slice.ties.Get(row), tie);
      ExpectCells(slice, row, expected[i].cells);
    }
  }

  static void ExpectCells(const EventSlice& slice, uint32_t row, const std::vector<Cell>& cells) {
    size_t present = 0;
    for (const Column& column : slice.columns) present += !column.IsNull(row);
    EXPECT_EQ(present, cells.size());
    for (const Cell& cell : cells) {
      const Column* column = slice.Find(cell.property);
      ASSERT_NE(column, nullptr);
      ASSERT_FALSE(column->IsNull(row));
      if (cell.type == ColumnType::kInt) {
        EXPECT_EQ(column->Whole(row), cell.whole);
      }
      if (cell.type == ColumnType::kDouble) {
        EXPECT_EQ(column->Real(row), cell.real);
      }
      if (cell.type == ColumnType::kString) {
        EXPECT_EQ(column->Text(row), cell.text);
      }
      if (cell.type == ColumnType::kList) {
        ByteWriter packed;
        for (uint32_t i = column->Items(row).begin; i < column->Items(row).end; ++i)
          packed.Text(column->dictionary().Text(column->ItemCode(i)));
        EXPECT_EQ(AsText(packed.bytes()), cell.text);
      }
    }
  }

  std::mt19937_64 random_{7};
  std::deque<std::string> texts_;
  std::vector<Event> events_;
  int next_ = 0;
};

TEST_F(BlockImageTest, HoldsEveryRowAndEveryTimeline) {
  BlockBuilder builder(3, kMonth);
  AddRandom(&builder, 5'000, 300, 6);
  const Image image = builder.Build();
  ExpectHolds(ReadBlockImage(image.bytes()).value());
}

TEST_F(BlockImageTest, IndexesCrowdsByBits) {
  BlockBuilder builder(0, kMonth);
  AddRandom(&builder, 20'000, 9'000, 2);
  const Image image = builder.Build();
  const EventBlock block = ReadBlockImage(image.bytes()).value();
  EXPECT_TRUE(block.slices[0].persons.dense());
  ExpectHolds(block);
}

TEST_F(BlockImageTest, MergesBlocksInTheOrderTheyArrived) {
  std::vector<Image> images;
  for (int run = 0; run < 4; ++run) {
    BlockBuilder builder(3, kMonth);
    AddRandom(&builder, 700, 40, 5);
    images.push_back(builder.Build());
  }
  BlockBuilder merged(3, kMonth);
  for (const Image& image : images) merged.AddAll(ReadBlockImage(image.bytes()).value());
  const Image image = merged.Build();
  ExpectHolds(ReadBlockImage(image.bytes()).value());
}

TEST_F(BlockImageTest, ACustomersRowsAreBuiltByThemselvesWhileMoreArrive) {
  BlockBuilder builder(3, kMonth);
  AddRandom(&builder, 400, 40, 5);
  ExpectBuildsAlone(&builder, {7});
  AddRandom(&builder, 400, 40, 5);
  for (uint32_t customer = 0; customer < 42; ++customer)
    ExpectBuildsAlone(&builder, {customer * 7});
  ExpectBuildsAlone(&builder, {70, 14, 35});
  ExpectBuildsAlone(&builder, {70, 14, 35}, {.events = {{3, 9}}, .properties = {}});
  ExpectBuildsAlone(&builder, {70, 14, 35}, {.events = {{2}}, .properties = {}});
  ExpectBuildsAlone(&builder, {70, 14, 35}, {.events = {}, .properties = {{20, 23}}});
  BlockBuilder more(3, kMonth);
  AddRandom(&more, 300, 40, 5);
  const Image image = more.Build();
  builder.AddAll(ReadBlockImage(image.bytes()).value());
  EXPECT_EQ(builder.RowsOf(70), std::ranges::count(events_, 70u, &Event::local));
  const Image whole = builder.Build();
  ExpectHolds(ReadBlockImage(whole.bytes()).value());
}

TEST_F(BlockImageTest, HoldsMoreEventTypesThanAByteNames) {
  BlockBuilder builder(3, kMonth);
  AddRandom(&builder, 3'000, 50, 300);
  const Image image = builder.Build();
  const EventBlock block = ReadBlockImage(image.bytes()).value();
  EXPECT_NE(block.timeline.wide_codes, nullptr);
  ExpectHolds(block);
}

TEST_F(BlockImageTest, AnIntColumnMetByADoubleBecomesDouble) {
  BlockBuilder builder(0, kMonth);
  const std::vector<Cell> whole = {Number(20, 3)}, real = {Real(20, 0.5)};
  builder.Add({1, 1, kMonth, whole});
  builder.Add({1, 2, kMonth, real});
  const Image image = builder.Build();
  const EventBlock block = ReadBlockImage(image.bytes()).value();
  const Column* column = block.Find(1)->Find(20);
  EXPECT_EQ(column->Real(0), 3.0);
  EXPECT_EQ(column->Real(1), 0.5);
}

TEST_F(BlockImageTest, KeepsListsAndExtremeNumbers) {
  ByteWriter packed;
  packed.Text("基金");
  packed.Text("");
  BlockBuilder builder(0, kMonth);
  const std::vector<Cell> cells = {Number(20, INT64_MIN),
                                   {23, ColumnType::kList, 0, 0, AsText(packed.bytes())}};
  const std::vector<Cell> other = {Number(20, INT64_MAX)};
  builder.Add({1, 1, kMonth, cells});
  builder.Add({1, 1, kMonth, other});
  const Image image = builder.Build();
  const EventBlock block = ReadBlockImage(image.bytes()).value();
  const EventSlice& slice = *block.Find(1);
  EXPECT_EQ(slice.Find(20)->Whole(0), INT64_MIN);
  EXPECT_EQ(slice.Find(20)->Whole(1), INT64_MAX);
  const Column& list = *slice.Find(23);
  ASSERT_EQ(list.Items(0).size(), 2u);
  EXPECT_EQ(list.dictionary().Text(list.ItemCode(list.Items(0).begin)), "基金");
  EXPECT_TRUE(list.IsNull(1));
}

TEST_F(BlockImageTest, AColumnStandsAloneWithItsNulls) {
  const Cell a = Text(9, "b"), b = Text(9, "a");
  const Cell* const cells[] = {&a, nullptr, &b};
  const Image image = BuildColumn(9, ColumnType::kString, cells);
  const Column column = ReadColumnImage(image.bytes()).value();
  EXPECT_EQ(column.Text(0), "b");
  EXPECT_TRUE(column.IsNull(1));
  EXPECT_EQ(column.Text(2), "a");
  bool exact = false;
  EXPECT_EQ(column.dictionary().LowerBound("b", &exact), 1u);
  EXPECT_TRUE(exact);
}

TEST_F(BlockImageTest, CutOrChangedBytesNeverReadOutside) {
  BlockBuilder builder(3, kMonth);
  AddRandom(&builder, 400, 30, 4);
  const Image image = builder.Build();
  for (size_t size = 0; size < image.bytes().size(); size += 61) {
    EXPECT_FALSE(ReadBlockImage(Image(image.bytes().first(size)).bytes()).ok()) << size;
  }
  for (int i = 0; i < 500; ++i) {
    Bytes bytes(image.bytes().begin(), image.bytes().end());
    bytes[Draw(static_cast<uint32_t>(bytes.size()))] ^= static_cast<uint8_t>(1u << Draw(8));
    const Image changed{bytes};
    const Result<EventBlock> block = ReadBlockImage(changed.bytes());
    if (!block.ok()) continue;  // what it still accepts, it must be able to read whole
    BlockBuilder copy(block.value().block, block.value().base_ms);
    copy.AddAll(block.value());
    copy.Build();
  }
}

}  // namespace
}  // namespace waypost::column

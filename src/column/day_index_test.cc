#include "column/day_index.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "column/block_image.h"

namespace waypost::column {
namespace {

constexpr uint32_t kHourMs = 3'600'000;

struct Placed {
  uint32_t local;
  uint32_t hour;
};

Image ImageOf(const std::vector<Placed>& rows) {
  BlockBuilder builder(0, 0);
  for (const Placed& row : rows)
    builder.Add({.event_type = 7, .local = row.local, .time_ms = int64_t{row.hour} * kHourMs});
  return builder.Build();
}

std::set<uint32_t> CustomersOf(const DayCustomers& days, uint32_t day) {
  std::vector<uint64_t> words(PersonIndex::kWords);
  days.OrInto(day, words.data());
  std::set<uint32_t> customers;
  for (uint32_t w = 0; w < PersonIndex::kWords; ++w) {
    for (uint64_t left = words[w]; left; left &= left - 1)
      customers.insert(w * 64 + static_cast<uint32_t>(std::countr_zero(left)));
  }
  return customers;
}

TEST(DayIndexTest, SaysWhoHasRowsOnWhichDayWhereverDaysBegin) {
  std::mt19937 random(5);
  const auto below = [&](uint32_t end) { return static_cast<uint32_t>(random() % end); };
  for (const uint32_t hours_before : {0u, 8u, 23u}) {
    std::vector<Placed> rows;
    for (int i = 0; i < 3000; ++i) rows.push_back({9'000 + below(900), below(20 * 24)});
    for (int i = 0; i < 40; ++i) rows.push_back({below(65'536), below(49 * 24)});
    const Image image = ImageOf(rows);
    const EventBlock block = ReadBlockImage(image.bytes()).value();
    std::map<uint32_t, std::set<uint32_t>> expected;
    for (const Placed& row : rows) expected[(row.hour + hours_before) / 24].insert(row.local);
    const auto days = block.days->Of(0, block.slices[0], hours_before * kHourMs);
    ASSERT_EQ(days->size(), expected.rbegin()->first + 1);
    for (uint32_t day = 0; day < days->size(); ++day) {
      EXPECT_EQ(CustomersOf(*days, day), expected[day]) << day << " after " << hours_before;
      EXPECT_EQ(days->Begin(day), day ? (day * 24 - hours_before) * kHourMs : 0);
    }
  }
}

TEST(DayIndexTest, ManyCustomersOnOneDayTakeABitEach) {
  std::vector<Placed> rows;
  for (uint32_t local = 64; local < 64 * 101; ++local) rows.push_back({local, local % 24});
  const Image image = ImageOf(rows);
  const EventBlock block = ReadBlockImage(image.bytes()).value();
  const auto days = block.days->Of(0, block.slices[0], 0);
  EXPECT_LT(days->bytes(), 100 * 8 + 200);
  EXPECT_EQ(CustomersOf(*days, 0).size(), rows.size());
}

TEST(DayIndexTest, WhatIsKeptIsCountedAndBounded) {
  const uint64_t before = DayIndex::KeptBytes();
  const Image image = ImageOf({{1, 1}, {2, 30}});
  {
    const EventBlock block = ReadBlockImage(image.bytes()).value();
    EXPECT_EQ(block.days->Of(0, block.slices[0], 0, 0), nullptr);
    const auto days = block.days->Of(0, block.slices[0], 0);
    EXPECT_EQ(DayIndex::KeptBytes(), before + days->bytes());
    EXPECT_EQ(block.days->Of(0, block.slices[0], 0, 0), days);
    EXPECT_NE(block.days->Of(0, block.slices[0], kHourMs), days);
    EXPECT_EQ(DayIndex::KeptBytes(), before + days->bytes());
  }
  EXPECT_EQ(DayIndex::KeptBytes(), before);
}

}  // namespace
}  // namespace waypost::column

#include "model/time_text.h"

#include <gtest/gtest.h>

namespace waypost {
namespace {

constexpr int64_t kMarch2 = 1'772'409'600'000;  // 2026-03-02T00:00Z

TEST(TimeTextTest, ReadsDatesThatExist) {
  EXPECT_EQ(ParseDate("1970-01-01"), 0);
  EXPECT_EQ(ParseDate("1969-12-31"), -1);
  EXPECT_EQ(ParseDate("2024-02-29"), 19'782);
  for (const char* text :
       {"2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "0000-01-01",
        "2026-1-01", "2026-01-011", "2026/01/01", "", "-026-01-01", "2026-01-0x"}) {
    EXPECT_EQ(ParseDate(text), std::nullopt) << text;
  }
}

TEST(TimeTextTest, ReadsEveryFormSdksWrite) {
  const struct {
    const char* text;
    int64_t utc_ms;
  } cases[] = {
      {"2026-03-02T00:00:00.000Z", kMarch2},
      {"2026-03-02T10:20:30.456Z", kMarch2 + 37'230'456},
      {"2026-03-02 10:20:30.456", kMarch2 + 37'230'456},
      {"2026-03-02T10:20", kMarch2 + 37'200'000},
      {"2026-03-02T10:20:30.1", kMarch2 + 37'230'100},
      {"2026-03-02T10:20:30.123456789Z", kMarch2 + 37'230'123},
      {"2026-03-02T08:00:00+08:00", kMarch2},
      {"2026-03-01T19:00:00-0500", kMarch2},
      {"1969-12-31T23:59:59.999Z", -1},
  };
  for (const auto& c : cases) {
    ASSERT_TRUE(ParseDateTime(c.text)) << c.text;
    EXPECT_EQ(ParseDateTime(c.text)->UtcMs(), c.utc_ms) << c.text;
  }
  EXPECT_EQ(ParseDateTime("2026-03-02 08:00:00")->UtcMs(480), kMarch2);
  EXPECT_EQ(ParseDateTime("2026-03-02T00:00:00Z")->UtcMs(480), kMarch2);
}

TEST(TimeTextTest, RefusesTimesThatDoNotExist) {
  for (const char* text :
       {"2026-03-02", "2026-03-02T24:00:00Z", "2026-03-02T23:59:60Z", "2026-02-30T00:00:00Z",
        "2026-03-02T", "2026-03-02T10", "2026-03-02T10:00:00.", "2026-03-02T10:00:00.1234567890Z",
        "2026-03-02T10:00:00z", "2026-03-02T10:00:00+15:00", "2026-03-02T10:00:00 Z",
        "2026-03-02  10:00", ""}) {
    EXPECT_FALSE(ParseDateTime(text)) << text;
  }
}

TEST(TimeTextTest, TellsMistakesFromOtherText) {
  for (const char* text : {"2026-02-30", "2026-99-99", "2026-03-02 25:00:00", "2026-03-02T1"}) {
    EXPECT_TRUE(LooksLikeTime(text)) << text;
  }
  for (const char* text :
       {"", "2026", "2026-02-3", "2026-02-30x", "13800000000", "2026-02-30 and on"}) {
    EXPECT_FALSE(LooksLikeTime(text)) << text;
  }
}

TEST(TimeTextTest, WritesWhatItReads) {
  for (const char* text :
       {"2026-03-02T10:20:30.456Z", "1969-12-31T23:59:59.999Z", "0001-01-01T00:00:00.000Z"}) {
    EXPECT_EQ(DateTimeText(ParseDateTime(text)->UtcMs()), text);
  }
  EXPECT_EQ(DateText(-1), "1969-12-31");
}

}  // namespace
}  // namespace waypost

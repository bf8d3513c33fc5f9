#include "analytics/cron.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "model/time_text.h"

namespace waypost::analytics {
namespace {

using testing::HasSubstr;

int64_t At(const char* text) { return ParseDateTime(text)->UtcMs(); }

struct Case {
  const char* name;
  const char* cron;
  const char* zone;
  const char* after;
  std::vector<const char*> then;
};

class CronTest : public testing::TestWithParam<Case> {};

TEST_P(CronTest, ComesRound) {
  const Case& c = GetParam();
  const Calendar calendar = Calendar::Of(c.zone).value();
  const Cron cron = ParseCron(c.cron).value();
  int64_t at = At(c.after);
  for (const char* then : c.then) {
    const auto next = NextTime(cron, calendar, at);
    ASSERT_TRUE(next);
    EXPECT_EQ(DateTimeText(*next), DateTimeText(At(then))) << c.cron;
    at = *next;
  }
}

INSTANTIATE_TEST_SUITE_P(
    , CronTest,
    testing::ValuesIn(std::vector<Case>{
        {"EveryNightOfShanghai",
         "30 2 * * *",
         "Asia/Shanghai",
         "2026-03-01T18:29Z",
         {"2026-03-01T18:30Z", "2026-03-02T18:30Z"}},
        {"EveryQuarterOfAWorkingDay",
         "*/15 9-10 * * 1-5",
         "UTC",
         "2026-03-06T10:40Z",
         {"2026-03-06T10:45Z", "2026-03-09T09:00Z", "2026-03-09T09:15Z"}},
        {"TheFirstOfAQuarter",
         "0 6 1 */3 *",
         "UTC",
         "2026-01-01T06:00Z",
         {"2026-04-01T06:00Z", "2026-07-01T06:00Z"}},
        {"EitherDayWillDo",
         "0 0 13 * 5",
         "UTC",
         "2026-03-01T00:00Z",
         {"2026-03-06T00:00Z", "2026-03-13T00:00Z", "2026-03-20T00:00Z"}},
        {"SundayIsSevenToo", "0 0 * * 7", "UTC", "2026-03-02T00:00Z", {"2026-03-08T00:00Z"}},
        {"TheTwentyNinthOfFebruary",
         "0 0 29 2 *",
         "UTC",
         "2026-03-01T00:00Z",
         {"2028-02-29T00:00Z", "2032-02-29T00:00Z"}},
        {"ATimeThatASpringSkipsComesAtTheChange",
         "30 2 * * *",
         "Europe/Berlin",
         "2026-03-28T12:00Z",
         {"2026-03-29T01:00Z", "2026-03-30T00:30Z"}},
        {"ATimeThatAnAutumnRepeatsComesOnce",
         "30 2 * * *",
         "Europe/Berlin",
         "2026-10-24T12:00Z",
         {"2026-10-25T00:30Z", "2026-10-26T01:30Z"}},
        {"ListsAndSteps",
         "5,40-50/5 12 * * *",
         "UTC",
         "2026-03-01T12:05Z",
         {"2026-03-01T12:40Z", "2026-03-01T12:45Z", "2026-03-01T12:50Z", "2026-03-02T12:05Z"}},
    }),
    [](const auto& info) { return info.param.name; });

TEST(CronLineTest, WhatNeverComesIsNothing) {
  const Calendar calendar = Calendar::Of("UTC").value();
  EXPECT_FALSE(NextTime(ParseCron("0 0 30 2 *").value(), calendar, 0));
}

TEST(CronLineTest, WhatIsNoCronLineIsRefusedWithItsField) {
  const std::pair<const char*, const char*> wrongs[] = {
      {"", "five fields"},          {"1 2 3 4", "five fields"},    {"60 * * * *", "minute"},
      {"* 24 * * *", "hour"},       {"* * 0 * *", "day of month"}, {"* * * 13 *", "month"},
      {"* * * * 8", "day of week"}, {"*/0 * * * *", "minute"},     {"5-1 * * * *", "minute"},
      {"a * * * *", "minute"},      {"1,,2 * * * *", "minute"}};
  for (const auto& [text, says] : wrongs) {
    const auto cron = ParseCron(text);
    ASSERT_FALSE(cron.ok()) << text;
    EXPECT_THAT(cron.error().message(), HasSubstr(says)) << text;
  }
}

// Minute by minute, every minute that matches is found and no other, through clock changes.
TEST(CronLineTest, SteppingFindsWhatLookingAtEveryMinuteFinds) {
  const Calendar calendar = Calendar::Of("Europe/Berlin").value();
  const char* lines[] = {"*/20 * * * *", "7 1-4 * * *", "0 */6 28-31 * *", "15 3 * 3 0"};
  const int64_t begin = At("2026-03-27T00:00Z"), end = At("2026-04-01T00:00Z");
  for (const char* line : lines) {
    const Cron cron = ParseCron(line).value();
    std::vector<int64_t> expected, found;
    for (int64_t wall = begin; wall < end; wall += 60'000) {
      const int64_t day_minute = wall / 60'000 % 1440;
      const int64_t day = wall / 86'400'000;
      const std::chrono::sys_days date{std::chrono::days{day}};
      const std::chrono::year_month_day civil{date};
      const bool day_fits = (cron.days >> unsigned(civil.day()) & 1) &&
                            (cron.months >> unsigned(civil.month()) & 1) &&
                            (cron.weekdays >> std::chrono::weekday{date}.c_encoding() & 1);
      if (day_fits && (cron.hours >> (day_minute / 60) & 1) &&
          (cron.minutes >> (day_minute % 60) & 1))
        expected.push_back(calendar.Instant(wall));
    }
    expected.erase(std::unique(expected.begin(), expected.end()), expected.end());
    int64_t at = calendar.Instant(begin) - 1;
    while (const auto next = NextTime(cron, calendar, at)) {
      if (*next >= calendar.Instant(end)) break;
      found.push_back(*next);
      at = *next;
    }
    EXPECT_EQ(found, expected) << line;
  }
}

}  // namespace
}  // namespace waypost::analytics

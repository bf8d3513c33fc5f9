#include "journeys/schedule.h"

#include <gtest/gtest.h>

#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

std::string ByCron(std::string_view line, std::string_view more = "",
                   std::string_view zone = "Asia/Shanghai") {
  return Drawn("", "", R"("zone":")" + std::string(zone) + "\"", "j",
               R"({"kind":"batch","schedule":{"every":"cron","cron":")" + std::string(line) + "\"" +
                   std::string(more) + "}}");
}

// The instants of the runs that were taken.
std::string RunTimes(const Stage& stage) {
  std::string text;
  for (const Decision& decision : stage.log) {
    for (const Change& change : decision.changes) {
      if (const auto* run = std::get_if<change::RunTaken>(&change); run && !run->skipped)
        text += (text.empty() ? "" : " ") + DateTimeText(decision.time_ms);
    }
  }
  return text;
}

TEST(CronScheduleTest, RunsComeRoundByTheClockOfTheJourney) {
  struct Case {
    std::string_view line, more, zone, from, to, runs;
  };
  for (const Case& c : std::initializer_list<Case>{
           {"0 9,15 * * 1-5", "", "Asia/Shanghai", "2026-03-06T04:00:00Z", "2026-03-09T02:00:00Z",
            "2026-03-06T07:00:00.000Z 2026-03-09T01:00:00.000Z"},
           {"0 9 * * *", R"(,"from":"2026-03-08")", "UTC", "2026-03-06T04:00:00Z",
            "2026-03-09T02:00:00Z", "2026-03-08T09:00:00.000Z"},
           // 02:30 is skipped and comes at 03:00, which is no run of its own beside it.
           {"0,30 2,3 * * *", "", "America/New_York", "2026-03-08T06:00:00Z",
            "2026-03-08T08:00:00Z", "2026-03-08T07:00:00.000Z 2026-03-08T07:30:00.000Z"},
           // 01:30 is shown twice.
           {"30 1 * * *", "", "America/New_York", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z",
            "2026-11-01T05:30:00.000Z"}}) {
    Stage stage(At(c.from));
    stage.Publish(ByCron(c.line, c.more, c.zone));
    stage.AdvanceTo(At(c.to));
    EXPECT_EQ(RunTimes(stage), c.runs) << c.line;
  }
}

TEST(CronScheduleTest, WhatIsMissedIsCaughtUpWithOnceHoweverOftenItIsPublished) {
  Stage stage(At("2026-03-02T00:30:00"));
  const std::string json = ByCron("0 */2 * * *", R"(,"catch_up":"all","grace":"3h")");
  stage.Publish(json);
  stage.AdvanceTo("2026-03-02T02:30:00");
  stage.Publish(json);
  stage.SleepTo(At("2026-03-02T08:30:00"));  // 04:00 is over by then
  stage.Restart();
  stage.Publish(json);
  stage.AdvanceTo("2026-03-02T09:00:00");
  EXPECT_EQ(RunTimes(stage),
            "2026-03-01T18:00:00.000Z 2026-03-02T00:30:00.000Z 2026-03-02T00:30:00.000Z");
  EXPECT_EQ(stage.runs.size(), 4u);
}

TEST(RunNamesTest, RunsOfEachMinuteAreForgottenWhenTheyCannotComeAgain) {
  Stage stage;
  stage.Publish(Drawn({}, {}, R"("end":"2027-01-01T00:00:00+08:00")", "j",
                      R"({"kind":"batch","segment":"vip","schedule":{"every":"cron",)"
                      R"("cron":"*/10 * * * *"}})"));
  const auto live = [&](int64_t until_ms) {
    while (stage.now() < until_ms) {
      stage.Advance(10 * kMinute);
      const auto open = stage.journey().open_runs;
      for (const auto& [run, times] : open) {
        Machine::Out out;
        ASSERT_TRUE(stage.machine().ListRun("j", {run, 1, {}}, stage.now(), &out).ok());
        stage.Follow(out);
      }
    }
  };
  live(stage.now() + 3 * kDayMs);
  const size_t size = stage.state().Encode().size(), runs = stage.journey().runs.size();
  const size_t timers = stage.state().timer_count();
  live(stage.now() + kDayMs);
  EXPECT_EQ(stage.runs.size(), 4u * 24 * 6 + 1);
  EXPECT_EQ(stage.journey().runs.size(), runs);
  EXPECT_LE(stage.state().Encode().size(), size + 100);
  EXPECT_EQ(stage.state().timer_count(), timers);
}

// The wall clocks of Kiritimati are 26 hours before those of the date line's other side.
TEST(RunNamesTest, ARunIsNotTakenAgainThoughWallClocksGoBackADay) {
  Stage stage;
  stage.Publish(ByCron("0 * * * *", "", "Pacific/Kiritimati"));
  stage.Advance(4 * kDayMs);
  stage.Publish(ByCron("0 * * * *", "", "Etc/GMT+12"));
  stage.Advance(4 * kDayMs);
  std::set<int64_t> names;
  for (const change::RunTaken& run : stage.runs) EXPECT_TRUE(names.insert(run.run).second);
  EXPECT_EQ(names.size(), 8u * 24 - 26 + 1);
}

TEST(RunNamesTest, TheOneRunOfAScheduleIsNotForgottenForThoseThatComeOften) {
  Stage stage;
  const std::string once =
      Drawn({}, {}, {}, "j",
            R"({"kind":"batch","schedule":{"from":"2026-01-01","at":"00:00","run_now":true}})");
  stage.Publish(once);
  stage.Publish(ByCron("0 * * * *", "", "Asia/Shanghai"));
  stage.Advance(5 * kDayMs);
  const size_t before = stage.runs.size();
  stage.Publish(once);
  EXPECT_EQ(stage.runs.size(), before);
}

}  // namespace
}  // namespace waypost::journeys

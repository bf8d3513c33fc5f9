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

}  // namespace
}  // namespace waypost::journeys

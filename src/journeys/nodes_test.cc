// What single kinds of nodes do beside the published scenarios.
#include <gmock/gmock.h>

#include <array>

#include "base/clock.h"
#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

using testing::ElementsAre;

// Which way each of eight goes, three times.
std::vector<std::string> Ways(std::string_view mode) {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"r","type":"ratio","mode":")" + std::string(mode) +
                          R"(","branches":[{"outcome":"a","percent":50},
                                           {"outcome":"b","percent":50}]})",
                      "start>r", R"("reentry":{"policy":"always"})"));
  std::vector<std::string> ways;
  for (Ordinal customer = 0; customer < 8; ++customer) {
    std::string& way = ways.emplace_back();
    for (int visit = 0; visit < 3; ++visit) {
      const uint64_t before = stage.Out("r", "a");
      stage.Advance(1);
      (void)stage.Enter(customer);
      way += stage.Out("r", "a") > before ? 'a' : 'b';
    }
  }
  return ways;
}

TEST(RatioNodeTest, TheSameCustomerGoesTheSameWayOrIsDrawnAnew) {
  const auto is_one_way = [](const std::string& way) { return way == "aaa" || way == "bbb"; };
  const std::vector<std::string> sticky = Ways("sticky"), drawn = Ways("random");
  EXPECT_TRUE(std::ranges::all_of(sticky, is_one_way));
  EXPECT_FALSE(std::ranges::all_of(drawn, is_one_way));
  EXPECT_EQ(Ways("random"), drawn) << "a replay draws what was drawn";
}

TEST(RatioNodeTest, WhatIsDrawnAnewKeepsTheShares) {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"r","type":"ratio","mode":"random","branches":[
      {"outcome":"a","percent":20},{"outcome":"b","percent":80}]})",
                      "start>r", R"("reentry":{"policy":"always"})"));
  for (int i = 0; i < 4'000; ++i) (void)stage.Enter(7);
  EXPECT_NEAR(static_cast<double>(stage.Out("r", "a")), 800, 110);  // over four deviations
}

TEST(WaitEventTest, AnEventMovesAllEntriesOfTheCustomerOrTheOldest) {
  for (const bool earliest : {false, true}) {
    Stage stage;
    stage.Publish(Drawn(R"({"id":"x","type":"wait_event","timeout":"9d","entries":")" +
                            std::string(earliest ? "earliest" : "all") +
                            R"(","branches":[{"outcome":"paid","event":"Paid"}]},
                               {"id":"m","type":"send","channel":"sms","text":"{{loan}}"})",
                        "start>x x:paid>m", R"("reentry":{"policy":"always"})"));
    for (const char* loan : {"L1", "L2"}) (void)stage.Enter(1, "j", {}, {{"loan", loan}});
    (void)stage.Enter(2, "j", {}, {{"loan", "L3"}});
    stage.Event(1, "Paid");
    std::vector<std::string> texts;
    for (const HandOff& one : stage.sent) texts.push_back(one.text);
    if (earliest) {
      EXPECT_THAT(texts, ElementsAre("L1"));
      stage.Event(1, "Paid");
      EXPECT_EQ(stage.sent.back().text, "L2");
    } else {
      EXPECT_THAT(texts, testing::UnorderedElementsAre("L1", "L2"));
    }
    EXPECT_EQ(stage.journey().active, 1u);
  }
}

// Ranked, best first: an event, a message that was opened, an event of before, what holds of him.
std::string Ranked(std::string_view timeout = "1d") {
  return Drawn(
      R"({"id":"s","type":"send","channel":"push","text":"t"},
                  {"id":"w","type":"wait_event","mode":"ranked","since":"journey_entry","timeout":")" +
          std::string(timeout) +
          R"(","branches":[{"outcome":"y","event":"Y"},{"outcome":"opened","receipt":"opened"},
                        {"outcome":"x","event":"X"},{"outcome":"vip","when":"vip"}]},
                  {"id":"p","type":"wait","for":"1h"},{"id":"end","type":"exit"})",
      "start>s s>p p>w w:y>end w:opened>end w:x>end w:vip>end w:timeout>end",
      R"("reentry":{"policy":"always"})");
}

TEST(WaitEventTest, RankedHoldsToTheEndAlsoWhatWasSoBefore) {
  struct Case {
    bool vip, x_before, opened_before, y_meanwhile;
    std::string_view best;
  };
  for (const Case& one :
       {Case{true, false, false, false, "vip"}, Case{true, true, false, false, "x"},
        Case{true, true, true, false, "opened"}, Case{true, true, true, true, "y"},
        Case{true, false, false, true, "y"}, Case{false, false, false, false, "timeout"}}) {
    SCOPED_TRACE(one.best);
    Stage stage;
    stage.world.tests["vip"] = [&](const Facts&) { return one.vip ? Truth::kYes : Truth::kNo; };
    stage.world.subjects["vip"] = {{Subject::Kind::kAttribute, "vip"}};
    stage.Publish(Ranked());
    (void)stage.Enter(1);
    stage.Advance(kMinute);
    if (one.x_before) stage.Event(1, "X");
    if (one.opened_before) stage.Receipt(stage.sent.at(0).key, Outcome::kOpened);
    stage.AdvanceTo(At(kTen) + 2 * kHour);
    if (one.y_meanwhile) stage.Event(1, "Y");
    stage.AdvanceTo(At(kTen) + kHour + kDayMs - 1);
    EXPECT_EQ(stage.journey().active, 1u) << "the window is not over";
    stage.Advance(1);
    EXPECT_EQ(stage.Out("w", one.best), 1u);
    EXPECT_EQ(stage.journey().active, 0u);
  }
}

TEST(WaitEventTest, WhatComesInAPauseAfterTheTimeIsUpIsTooLate) {
  for (const std::string_view mode : {"first", "ranked"}) {
    for (const bool frozen : {false, true}) {
      SCOPED_TRACE(std::string(mode) + (frozen ? " frozen" : ""));
      Stage stage;
      stage.Publish(Drawn(R"({"id":"x","type":"wait_event","timeout":"3h","mode":")" +
                              std::string(mode) + R"(","branches":[{"outcome":"got","event":"X"}]},
                                                     {"id":"end","type":"exit"})",
                          "start>x x:got>end x:timeout>end",
                          frozen ? R"("clock_while_paused":"frozen")" : ""));
      (void)stage.Enter(1);
      stage.Advance(kHour);
      stage.SetPhase(Phase::kPaused);
      stage.Advance(4 * kHour);
      stage.Event(1, "X");
      stage.Advance(kHour);
      stage.SetPhase(Phase::kRunning);
      stage.Advance(kDayMs);
      EXPECT_EQ(stage.Out("x", frozen ? "got" : "timeout"), 1u);
    }
  }
}

// What is heard of a message in a pause is followed when the journey goes on.
TEST(SendNodeTest, WhatIsHeardInAPauseIsNotForgotten) {
  for (const auto& [outcome, way] :
       {std::pair{Outcome::kDelivered, "next"}, {Outcome::kRejected, "failed"}}) {
    Stage stage;
    stage.provider = [](const change::TouchPlanned&) { return std::optional<Outcome>(); };
    stage.Publish(Drawn(R"({"id":"s","type":"send","channel":"sms","text":"t"},
                           {"id":"end","type":"exit"})",
                        "start>s s>end s:failed>end"));
    (void)stage.Enter(1);
    stage.SetPhase(Phase::kPaused);
    stage.Receipt(stage.sent.at(0).key, outcome);
    stage.Advance(kHour);
    EXPECT_EQ(stage.journey().active, 1u);
    stage.SetPhase(Phase::kRunning);
    EXPECT_EQ(stage.Out("s", way), 1u);
  }
}

TEST(ChainNodeTest, WhatIsHeardInAPauseIsNotForgotten) {
  for (const Outcome outcome : {Outcome::kOpened, Outcome::kAccepted, Outcome::kRejected}) {
    SCOPED_TRACE(NameOf(outcome));
    Stage stage;
    stage.provider = [](const change::TouchPlanned&) { return std::optional<Outcome>(); };
    stage.Publish(Drawn(R"({"id":"c","type":"chain","steps":[
        {"channel":"push","text":"A","wait":"2d"},{"channel":"sms","text":"B","wait":"2d"}]})",
                        "start>c"));
    (void)stage.Enter(1);
    stage.Receipt(stage.sent.at(0).key, Outcome::kUnknown);  // frozen until somebody knows
    stage.SetPhase(Phase::kPaused);
    stage.Receipt(stage.sent.at(0).key, outcome);
    stage.Advance(kHour);
    EXPECT_EQ(stage.SentText(), "push@0");
    stage.SetPhase(Phase::kRunning);
    stage.AdvanceTo(stage.now());
    EXPECT_EQ(stage.Out("c", "succeeded"), outcome == Outcome::kOpened ? 1u : 0u);
    if (outcome == Outcome::kRejected) EXPECT_EQ(stage.SentText(), "push@0 sms@3600000");
    stage.AdvanceTo(At(kTen) + 2 * kDayMs);
    if (outcome == Outcome::kAccepted) EXPECT_EQ(stage.SentText(), "push@0 sms@172800000");
  }
}

// What is in time in a pause counts when it ends; what is not, does not.
TEST(PauseTest, AReceiptThatIsWaitedForCountsByWhenItCame) {
  for (const bool in_time : {true, false}) {
    Stage stage;
    stage.Publish(Drawn(R"({"id":"s","type":"send","channel":"push","text":"t"},
                           {"id":"w","type":"wait_event","timeout":"3h",
                            "branches":[{"outcome":"got","receipt":"opened"}]},
                           {"id":"end","type":"exit"})",
                        "start>s s>w w:got>end w:timeout>end"));
    (void)stage.Enter(1);
    stage.Advance(kHour);
    stage.SetPhase(Phase::kPaused);
    stage.Advance(in_time ? kHour : 4 * kHour);
    stage.Receipt(stage.sent.at(0).key, Outcome::kOpened);
    stage.Advance(9 * kHour);
    EXPECT_EQ(stage.journey().active, 1u);
    stage.SetPhase(Phase::kRunning);
    EXPECT_EQ(stage.Out("w", in_time ? "got" : "timeout"), 1u);
  }
}

TEST(PauseTest, AJourneyThatWasCalledEndsAndItsCallerWaitsForTheEndOfThePause) {
  for (const bool in_time : {true, false}) {
    Stage stage;
    stage.Publish(Drawn(R"({"id":"w","type":"wait_event","timeout":"9d",
                            "branches":[{"outcome":"x","event":"X"}]})",
                        "start>w", "", "child"));
    stage.Publish(Drawn(R"({"id":"c","type":"call","journey":"child","wait":"completion",
                            "timeout":"3h"},{"id":"a","type":"set","attribute":"a","value":"1"})",
                        "start>c c>a"));
    (void)stage.Enter(1);
    stage.SetPhase(Phase::kPaused);
    stage.Advance(in_time ? kHour : 5 * kHour);
    stage.Event(1, "X");
    EXPECT_EQ(stage.journey("child").active, 0u);
    EXPECT_TRUE(stage.marks.empty()) << "it went on in a pause";
    EXPECT_EQ(stage.journey().active, 1u);
    stage.Advance(9 * kHour);
    stage.SetPhase(Phase::kRunning);
    EXPECT_EQ(stage.Out("c", in_time ? "next" : "timeout"), 1u);
  }
}

TEST(PauseTest, ADateThatGoesMovesNobodyAndIsNeverTheDay) {
  Stage stage;
  stage.world.attributes[{1, "maturity"}] = "2026-04-01";
  stage.Publish(Drawn(R"({"id":"w","type":"wait","date":"maturity"},
                         {"id":"a","type":"send","channel":"sms","text":"today"},
                         {"id":"b","type":"set","attribute":"date","value":"none"})",
                      "start>w w>a w:no_date>b"));
  (void)stage.Enter(1);
  stage.SetPhase(Phase::kPaused);
  stage.Attribute(1, "maturity", "unknown");
  EXPECT_TRUE(stage.marks.empty()) << "it went on in a pause";
  stage.Advance(kHour);
  stage.SetPhase(Phase::kRunning);
  EXPECT_EQ(stage.marks.size(), 1u);
  EXPECT_TRUE(stage.sent.empty());
}

// When who comes in at that moment is sent something; once more for each time he is let in again.
std::string SentOn(std::string_view wait, const std::string& born, std::string_view from,
                   int times) {
  Stage stage(At(from));
  stage.world.attributes[{1, "born"}] = born;
  stage.Publish(Drawn(R"({"id":"w","type":"wait","date":"born",)" + std::string(wait) +
                          R"(},{"id":"s","type":"send","channel":"sms","text":"x"},
                             {"id":"o","type":"wait","for":"1d"},
                             {"id":"l","type":"loop","max_visits":9})",
                      "start>w w>s s>o o>l l:again>w", R"("max_duration":"9000d")"));
  (void)stage.Enter(1);
  std::string days;
  while (static_cast<int>(stage.sent.size()) < times && stage.journey().active > 0)
    stage.Advance(5 * kDayMs);
  for (const HandOff& one : stage.sent)
    days += (days.empty() ? "" : " ") + DateText((one.at_ms + 8 * kHour) / kDayMs);
  return days;
}

// New York puts its clocks forward on March 8.
TEST(WaitNodeTest, DaysAreThoseOfWhereTheCustomerIsAndHoursAreHours) {
  for (const auto& [span, hours] :
       std::initializer_list<std::pair<std::string, int>>{{"2d", 47}, {"48h", 48}}) {
    Stage stage(At("2026-03-07T10:00:00"));
    stage.Publish(Drawn(R"({"id":"w","type":"wait","for":")" + span + "\"}", "start>w"));
    (void)stage.Enter(1);
    stage.Advance(kHour);
    stage.Attribute(1, "timezone", "America/New_York");
    stage.Advance((hours - 1) * kHour - 1);
    EXPECT_EQ(stage.journey().active, 1u) << span;
    stage.Advance(1);
    EXPECT_EQ(stage.journey().active, 0u) << span;
  }
}

TEST(WaitNodeTest, ADateComesRoundByItsCalendar) {
  for (const auto& [wait, born, from, days] : std::initializer_list<std::array<std::string, 4>>{
           {R"("every":"year")", "1990-03-05", "2026-03-02T10:00:00", "2026-03-05 2027-03-05"},
           {R"("every":"year","days":-3)", "1990-01-02", "2026-12-01T10:00:00",
            "2026-12-30 2027-12-30"},
           {R"("every":"year")", "1992-02-29", "2026-03-02T10:00:00", "2027-02-28 2028-02-29"},
           {R"("every":"year","leap_day":"03-01")", "1992-02-29", "2026-03-02T10:00:00",
            "2027-03-01 2028-02-29"},
           // The first day of the leap sixth month of 1987; 2025 has one, 2026 has not (J011).
           {R"("every":"lunar_year")", "1987-07-26", "2025-03-02T10:00:00",
            "2025-07-25 2026-07-14"},
           {R"("every":"lunar_year","leap_month":"regular_only")", "1987-07-26",
            "2025-03-02T10:00:00", "2025-06-25 2026-07-14"},
           {R"("every":"lunar_year","leap_month":"both")", "1987-07-26", "2025-03-02T10:00:00",
            "2025-06-25 2025-07-25"},
           {R"("every":"lunar_year","days":-1,"until":"09:00")", "1987-07-26",
            "2025-03-02T10:00:00", "2025-07-24 2026-07-13"}}) {
    EXPECT_EQ(SentOn(wait, born, from, 2), days) << wait << " " << born;
  }
}

TEST(WaitNodeTest, WhatIsNoDateDoesNotComeRound) {
  Stage stage;
  stage.world.attributes[{1, "born"}] = "unknown";
  stage.Publish(Drawn(R"({"id":"w","type":"wait","date":"born","every":"lunar_year"},
                         {"id":"s","type":"send","channel":"sms","text":"x"})",
                      "start>w w>s"));
  (void)stage.Enter(1);
  EXPECT_EQ(stage.Exits(Exit::kKeyDateMissing), 1u);
  for (const auto& [fields, field] :
       {std::pair{R"("for":"1d","every":"year")", "every"},
        {R"("date":"born","leap_day":"03-01")", "leap_day"},
        {R"("date":"born","every":"year","leap_month":"both")", "leap_month"},
        {R"("date":"born","every":"year","on_past":"now")", "on_past"}}) {
    const Checked checked = CheckJourney(
        Drawn(R"({"id":"w","type":"wait",)" + std::string(fields) + "}", "start>w"), TestWorld());
    const auto found =
        std::ranges::find_if(checked.faults, [](const Fault& f) { return !f.warning; });
    ASSERT_NE(found, checked.faults.end()) << fields;
    EXPECT_EQ(found->field + " " + found->code, std::string(field) + " bad_wait");
  }
}

// T1, T4: a timeout of days ends at the same local time, also where clocks change, and where the
// customer moves to another zone meanwhile.
TEST(WaitEventTest, ATimeoutOfDaysIsOfTheClocksWhereTheCustomerIs) {
  struct Case {
    std::string_view zone, moves_to, until;
  };
  for (const Case& one : {Case{"America/New_York", "", "2026-03-08T16:00:00Z"},
                          Case{"America/New_York", "Asia/Shanghai", "2026-03-08T17:00:00Z"},
                          Case{"Asia/Shanghai", "America/New_York", "2026-03-08T16:00:00Z"}}) {
    Stage stage(At("2026-03-07T17:00:00Z"));  // noon in New York, the day before clocks change
    stage.world.attributes[{1, "timezone"}] = one.zone;
    stage.Publish(Drawn(R"({"id":"x","type":"wait_event","timeout":"1d",
                            "branches":[{"outcome":"a","event":"A"}]})",
                        "start>x"));
    (void)stage.Enter(1);
    stage.Advance(kHour);
    if (!one.moves_to.empty()) stage.Attribute(1, "timezone", std::string(one.moves_to));
    stage.AdvanceTo(At(one.until) - 1);
    EXPECT_EQ(stage.journey().active, 1u) << one.zone << " " << one.moves_to;
    stage.AdvanceTo(At(one.until));
    EXPECT_EQ(stage.journey().active, 0u) << one.zone << " " << one.moves_to;
  }
}

// T4, V7: the pause is added to what the clocks say where the customer is by then.
TEST(PausedClockTest, WhoMovesToAnotherZoneAfterOrInAPauseHasItsDaysAndThePause) {
  for (
      const std::string_view node :
      {R"({"id":"x","type":"wait","for":"2d"})",
       R"({"id":"x","type":"wait_event","timeout":"2d","branches":[{"outcome":"a","event":"A"}]})"}) {
    for (const int moves_on : {0, 1, 3, 5}) {
      SCOPED_TRACE(std::string(node) + " " + std::to_string(moves_on));
      // Noon in New York, the day before clocks change: two days are 47 hours there.
      Stage stage(At("2026-03-07T17:00:00Z"));
      stage.Publish(Drawn(node, "start>x", R"("clock_while_paused":"frozen")"));
      (void)stage.Enter(1);
      for (int day = 0; day < 6; ++day) {
        if (day == moves_on) stage.Attribute(1, "timezone", "America/New_York");
        if (day == 1) stage.SetPhase(Phase::kPaused);
        if (day == 5) stage.SetPhase(Phase::kRunning);
        if (day < 5) stage.Advance(kDayMs);
      }
      stage.Advance(23 * kHour - 1);
      EXPECT_EQ(stage.journey().active, 1u);
      stage.Restart();
      stage.Advance(1);
      EXPECT_EQ(stage.journey().active, 0u);
    }
  }
}

// V7: a time of the clock or the calendar that passes in a pause is the next one after it.
TEST(PausedClockTest, AWindowOrADateIsNotMovedByAPause) {
  for (const auto& [wait, paused_to, at] : std::initializer_list<std::array<std::string, 3>>{
           {R"("window":[{"days":["fri"],"from":"09:00","to":"10:00"}])", "2026-03-04T15:00:00",
            "2026-03-06T09:00:00"},
           {R"("window":[{"from":"09:00","to":"09:30"}])", "2026-03-04T15:00:00",
            "2026-03-05T09:00:00"},
           {R"("date":"born","every":"year","until":"09:00")", "2026-03-04T15:00:00",
            "2026-03-06T09:00:00"},
           {R"("date":"born","every":"year")", "2026-03-04T15:00:00", "2026-03-06T00:00:00"},
           {R"("date":"born","every":"year")", "2026-03-07T15:00:00", "2026-03-07T15:00:00"}}) {
    Stage stage;
    stage.world.attributes[{1, "born"}] = "1990-03-06";
    stage.Publish(Drawn(R"({"id":"w","type":"wait",)" + wait +
                            R"(},{"id":"s","type":"send","channel":"sms","text":"x"})",
                        "start>w w>s", R"("clock_while_paused":"frozen")"));
    (void)stage.Enter(1);
    stage.SetPhase(Phase::kPaused);
    stage.AdvanceTo(paused_to);
    stage.SetPhase(Phase::kRunning);
    stage.Advance(9 * kDayMs);
    ASSERT_EQ(stage.sent.size(), 1u) << wait;
    EXPECT_EQ(stage.sent[0].at_ms, At(at)) << wait << " paused to " << paused_to;
  }
}

// C4: a year that is not known has no working days, until it is.
TEST(CalendarTest, WhoWaitsForAWorkingDayWaitsForTheOneOfTheCalendarThereIs) {
  constexpr std::string_view kYear = R"({"calendar":[{"year":2030,"days":[)",
                             kOff = R"({"name":"x","date":"2030-03-05","isOffDay":true})";
  const std::string known = std::string(kYear) + "]}]}",
                    off = std::string(kYear) + std::string(kOff) + "]}]}";
  struct Case {
    std::vector<std::string> policies;
    std::string_view at;
  };
  for (const bool paused : {false, true}) {
    for (const Case& one :
         {Case{{known}, "2030-03-05T09:00:00"}, Case{{off}, "2030-03-06T09:00:00"},
          Case{{known, off}, "2030-03-06T09:00:00"}, Case{{off, known}, "2030-03-05T09:00:00"}}) {
      Stage stage(At("2030-03-04T12:00:00"));  // a Monday
      stage.Publish(Drawn(R"({"id":"w","type":"wait",
                    "window":[{"on":"working_days","from":"09:00","to":"10:00"}]},
                   {"id":"s","type":"send","channel":"sms","text":"x"})",
                          "start>w w>s"));
      (void)stage.Enter(1);
      if (paused) stage.SetPhase(Phase::kPaused);
      for (const std::string& policy : one.policies) stage.Policy(policy);
      if (paused) stage.SetPhase(Phase::kRunning);
      const size_t before = stage.log.size();
      stage.Policy(one.policies.back());
      EXPECT_EQ(stage.log.back().changes.size(), 1u) << "nothing is another now";
      EXPECT_EQ(stage.log.size(), before + 1);
      stage.Restart();
      stage.Advance(5 * kDayMs);
      ASSERT_EQ(stage.sent.size(), 1u);
      EXPECT_EQ(stage.sent[0].at_ms, At(one.at));
    }
  }
}

TEST(CalendarTest, AWindowOfTheDayIsOverOrOpenAsTheNewCalendarSays) {
  Stage stage(At("2030-03-04T09:30:00"));
  stage.Publish(Drawn(R"({"id":"w","type":"wait",
                          "window":[{"on":"working_days","from":"09:00","to":"10:00"}]})",
                      "start>w"));
  (void)stage.Enter(1);
  stage.Advance(kMinute);
  stage.Policy(R"({"calendar":[{"year":2030,"days":[]}]})");
  EXPECT_EQ(stage.journey().active, 0u) << "it is open now";
}

// C4: run-time alarm.
TEST(CalendarTest, RunsThatNeedAYearThatIsNotKnownAreAlarmedOfUntilItIs) {
  Stage stage(At("2030-03-04T12:00:00"));
  stage.Publish(
      Drawn({}, {}, {}, "j",
            R"({"kind":"batch","schedule":{"every":"day","at":"09:00","adjust":"next"}})"));
  const std::pair<std::string, std::string> next{kUnknownYear, ""};
  EXPECT_EQ(stage.journey().alarms.count(next), 1u);
  stage.Policy(R"({"calendar":[{"year":2031,"days":[]}]})");
  EXPECT_EQ(stage.journey().alarms.count(next), 1u) << "that was another year";
  stage.Policy(R"({"calendar":[{"year":2030,"days":[]}]})");
  EXPECT_EQ(stage.journey().alarms.count(next), 0u);
  stage.Advance(kDayMs);
  EXPECT_EQ(stage.RunDays(), "2030-03-05");
}

TEST(JoinTest, TwoJoinsOfOneForkDoNotWaitForEachOther) {
  Stage stage;
  stage.Publish(Drawn(
      R"({"id":"f","type":"fork","branches":[{"outcome":"a"},{"outcome":"b"}]},
         {"id":"w","type":"wait","for":"1h"},
         {"id":"g","type":"join"},{"id":"h","type":"join"},
         {"id":"s","type":"send","channel":"sms","text":"x"},
         {"id":"p","type":"send","channel":"push","text":"y"},
         {"id":"v","type":"wait","for":"1h"})",
      "start>f f:a>g f:b>w w>h g>s s>v h>p"));
  (void)stage.Enter(1);
  EXPECT_EQ(stage.SentText(), "");
  stage.Advance(kHour);
  EXPECT_EQ(stage.SentText(), "push@3600000 sms@3600000");
  stage.Advance(kHour);
  EXPECT_EQ(stage.Exits(Exit::kDeadEnd), 1u);
}

TEST(JoinTest, TheEventThatEndsABranchDoesNotMoveThoseWhoWaitedForIt) {
  Stage stage;
  stage.Publish(Drawn(
      R"({"id":"f","type":"fork","branches":[{"outcome":"a"},{"outcome":"b"}]},
         {"id":"x","type":"wait_event","timeout":"9d","branches":[{"outcome":"x","event":"X"}]},
         {"id":"g","type":"join"},
         {"id":"y","type":"wait_event","timeout":"9d","branches":[{"outcome":"x","event":"X"}]})",
      "start>f f:a>x f:b>g x:timeout>g g>y"));
  (void)stage.Enter(1);
  stage.Advance(kHour);
  stage.Event(1, "X");
  EXPECT_EQ(stage.Out("g", "next"), 1u);
  EXPECT_EQ(stage.journey().active, 1u) << "he went on twice";
  stage.Advance(kHour);
  stage.Event(1, "X");
  EXPECT_EQ(stage.journey().active, 0u);
}

// "1+vip" in the order that decisions say it.
std::string StillToList(const State& state) {
  std::map<uint64_t, std::string> lines;
  for (const auto& [key, one] : state.unlisted())
    lines[one.order] = std::to_string(one.customer) + (one.on ? "+" : "-") + one.list;
  std::string text;
  for (const auto& [order, line] : lines) text += (text.empty() ? "" : " ") + line;
  return text;
}

TEST(ListNodeTest, WhoComesOnAListIsTheStatesUntilTheListSaysSo) {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"on","type":"list","list":"vip"},
                         {"id":"w","type":"wait","for":"1h"},
                         {"id":"off","type":"list","list":"vip","action":"remove"},
                         {"id":"too","type":"list","list":"all"})",
                      "start>on on>w w>off off>too"));
  for (Ordinal one = 1; one <= 3; ++one) (void)stage.Enter(one);
  EXPECT_EQ(StillToList(stage.state()), "1+vip 2+vip 3+vip");
  EXPECT_EQ(StillToList(State::Decode(stage.state().Encode()).value()), "1+vip 2+vip 3+vip");
  stage.Restart();
  Machine::Out out;
  stage.machine().OnListKept("vip", 2, stage.now(), &out);
  stage.Follow(std::exchange(out, {}));
  EXPECT_EQ(StillToList(stage.state()), "3+vip");
  stage.Advance(2 * kHour);
  EXPECT_EQ(StillToList(stage.state()), "3+vip 1-vip 1+all 2-vip 2+all 3-vip 3+all");
  stage.Erase(3);
  EXPECT_EQ(StillToList(stage.state()), "1-vip 1+all 2-vip 2+all");
  stage.machine().OnListKept("all", 1'000, stage.now(), &out);
  stage.Follow(out);
  EXPECT_EQ(StillToList(stage.state()), "1-vip 2-vip");
}

}  // namespace
}  // namespace waypost::journeys

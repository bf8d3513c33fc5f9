// The published scenarios about who enters and when, each as it is written there.
#include "base/clock.h"
#include "journeys/scenarios.h"

namespace waypost::journeys {
namespace {

constexpr std::string_view kWaiting = R"({"id":"w","type":"wait","for":"2000h"},
                                        {"id":"end","type":"exit"})";
constexpr std::string_view kWaitingEdges = "start>w w>end";

std::string Batch(std::string_view schedule, std::string_view zone = "Asia/Shanghai") {
  return Drawn("", "", R"("zone":")" + std::string(zone) + "\"", "j",
               R"({"kind":"batch","schedule":)" + std::string(schedule) + "}");
}

std::string NotDone(std::string_view repeat = "reset") {
  return Drawn("", "", R"("reentry":{"policy":"always"})", "j",
               R"({"kind":"not_done","on":"A","without":"B","within":"30m","repeat":")" +
                   std::string(repeat) + "\"}");
}

// When a customer entered, as minutes after ten.
std::string EnteredAt(const Stage& stage) {
  std::string text;
  for (const Decision& decision : stage.log) {
    for (const Change& change : decision.changes) {
      if (!std::holds_alternative<change::Entered>(change)) continue;
      text += (text.empty() ? "" : " ") +
              std::to_string((decision.time_ms - At("2026-03-02T10:00:00")) / kMinute);
    }
  }
  return text;
}

void LateRunIsCaughtUp() {
  Stage stage(At("2026-03-02T08:50:00"));
  stage.Publish(Batch(R"({"every":"day","at":"09:00"})"));
  stage.SleepTo(At("2026-03-02T09:20:00"));
  EXPECT_EQ(stage.RunDays(), "2026-03-02");
  EXPECT_EQ(stage.runs[0].late_ms, 1'200'000);
}

// J45 of the bad inputs: a run of 08:00, and a server that is down until then. What was too late is
// skipped, and the trace of the run says so.
struct Down {
  std::string_view more, until, ran, skipped;
};
constexpr Down kDown[] = {{"", "2026-03-02T07:59:59", "", ""},
                          {"", "2026-03-02T08:00:00", "2026-03-02", ""},
                          {"", "2026-03-02T12:00:00", "2026-03-02", ""},
                          {R"(,"grace":"2h")", "2026-03-02T12:00:00", "", "2026-03-02"},
                          {R"(,"catch_up":"none")", "2026-03-02T12:00:00", "", "2026-03-02"}};

TEST(BadInputsTest, AMissedRunIsMadeUpForOnceOrSkippedForAReason) {
  for (const Down& down : kDown) {
    SCOPED_TRACE(down.until);
    Stage stage(At("2026-03-02T07:00:00"));
    stage.Publish(Batch(R"({"every":"day","at":"08:00")" + std::string(down.more) + "}"));
    stage.SleepTo(At(down.until));
    EXPECT_EQ(stage.RunDays(), down.ran);
    EXPECT_EQ(stage.RunDays(true), down.skipped);
    stage.Restart();
    stage.SleepTo(std::max(At("2026-03-02T16:00:00"), stage.now()));
    EXPECT_EQ(stage.runs.size(), 1u) << "once, however often it is looked at";
  }
}

void OnlyTheLatestIsCaughtUp() {
  Stage stage(At("2026-03-02T08:50:00"));
  stage.Publish(Batch(R"({"every":"day","at":"09:00"})"));
  stage.SleepTo(At("2026-03-04T10:00:00"));
  EXPECT_EQ(stage.RunDays(), "2026-03-04");
  EXPECT_EQ(stage.RunDays(true), "2026-03-02 2026-03-03");
}

void MonthEnds() {
  for (const auto& [rule, days] :
       {std::pair{"last_day", "2026-01-31 2026-02-28 2026-03-31 2026-04-30"},
        {"skip", "2026-01-31 2026-03-31"}}) {
    Stage stage(At("2026-01-01T00:00:00"));
    stage.Publish(Batch(R"({"every":"month","day":31,"at":"10:00","month_end":")" +
                        std::string(rule) + "\"}"));
    stage.AdvanceTo("2026-05-01T00:00:00");
    EXPECT_EQ(stage.RunDays(), days);
  }
}

void ExpectOneRun(std::string_view at, std::string_view from, std::string_view to,
                  std::string_view instant) {
  Stage stage(At(from));
  stage.Publish(Batch(R"({"every":"day","at":")" + std::string(at) + "\"}", "America/New_York"));
  stage.AdvanceTo(At(to));
  ASSERT_EQ(stage.runs.size(), 1u);
  for (const Decision& decision : stage.log) {
    if (std::holds_alternative<change::RunTaken>(decision.changes.front())) {
      EXPECT_EQ(DateTimeText(decision.time_ms), instant);
    }
  }
}

// J48 of the bad inputs, too.
void RunInTheGap() {
  ExpectOneRun("02:30", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z", "2026-03-08T07:30:00.000Z");
}
void RunInTheOverlap() {
  ExpectOneRun("01:30", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z", "2026-11-01T05:30:00.000Z");
}

void ExpectFestival(std::string_view schedule, std::string_view from, std::string_view instant) {
  const auto checked = CheckJourney(Batch(schedule), TestWorld());
  ASSERT_TRUE(checked.journey);
  const auto next = NextOccurrence(checked.journey->entry.schedule, At(from), checked.journey->zone,
                                   Holidays::China());
  ASSERT_TRUE(next);
  EXPECT_EQ(next->at_ms, At(instant));
}
void BeforeSpringFestival2027() {
  ExpectFestival(
      R"({"every":"festival","festival":"spring_festival","offset_days":-3,"at":"10:00"})",
      "2026-06-01T00:00:00", "2027-02-03T10:00:00");
}
void SpringFestival2030() {
  ExpectFestival(R"({"every":"festival","festival":"spring_festival","at":"00:00"})",
                 "2030-01-01T00:00:00", "2030-02-03T00:00:00");
}

void LeapMonthBirthday() {
  const LunarDate born{.year = 1987, .month = 6, .day = 1, .leap = true};
  const LunarOccurrence in_2025 = LunarAnniversary(born, 2025, LeapRule::kExactElseRegular);
  const LunarOccurrence in_2026 = LunarAnniversary(born, 2026, LeapRule::kExactElseRegular);
  EXPECT_EQ(in_2025.first, ParseDate("2025-07-25"));
  EXPECT_EQ(in_2026.first, ParseDate("2026-07-14"));
  EXPECT_FALSE(in_2025.second || in_2026.second);
}
void LastDayOfAShortMonth() {
  EXPECT_EQ(
      LunarAnniversary({.year = 1990, .month = 12, .day = 30}, 2025, LeapRule::kExactElseRegular)
          .first,
      ParseDate("2026-02-16"));
}

constexpr std::string_view kMaturity =
    R"({"id":"w","type":"wait","date":"maturity","days":-7,"on_past":"ON_PAST"},
       {"id":"s","type":"send","channel":"sms","text":"hello"})";
std::string Maturity(std::string_view on_past) {
  std::string nodes(kMaturity);
  nodes.replace(nodes.find("ON_PAST"), 7, on_past);
  return Drawn(nodes, "start>w w>s");
}

void NoKeyDate() {
  Stage stage;
  stage.Publish(Maturity("skip"));
  EXPECT_NE(stage.Enter(1).value().entry, 0u);
  EXPECT_TRUE(stage.sent.empty());
  EXPECT_EQ(stage.Exits(Exit::kKeyDateMissing), 1u);
}
void KeyDatePast() {
  for (const auto& [rule, sends] : {std::pair{"skip", 0u}, {"now", 1u}}) {
    Stage stage;
    stage.world.attributes[{1, "maturity"}] = "2026-03-05";
    stage.Publish(Maturity(rule));
    (void)stage.Enter(1);
    stage.Advance(30 * kDayMs);
    EXPECT_EQ(stage.sent.size(), sends) << rule;
  }
}
void DaysAndMonths() {
  const int64_t opened = *ParseDate("2026-01-31");
  EXPECT_EQ(DateText(opened + 30), "2026-03-02");
  EXPECT_EQ(DateText(AddMonths(opened, 1)), "2026-02-28");
}

void NotDoneDeadlines() {
  for (const auto& [late_ms, entries] :
       {std::pair{int64_t{-1'000}, 0u}, {int64_t{0}, 0u}, {int64_t{1}, 1u}}) {
    Stage stage;
    stage.Publish(NotDone());
    stage.Event(1, "A");
    // As the server does: a timer due now waits for events of now.
    stage.AdvanceTo(At("2026-03-02T10:30:00") + late_ms - 1);
    stage.JumpClockTo(At("2026-03-02T10:30:00") + late_ms);
    stage.Event(1, "B");
    stage.Advance(kHour);
    EXPECT_EQ(stage.journey().entered, entries) << late_ms;
    EXPECT_EQ(EnteredAt(stage), entries ? "30" : "");
  }
}
void NotDoneRepeats() {
  for (const auto& [repeat, entered] :
       {std::pair{"reset", "40"}, {"first", "30"}, {"independent", "30 40"}}) {
    Stage stage;
    stage.Publish(NotDone(repeat));
    stage.Event(1, "A");
    stage.AdvanceTo("2026-03-02T10:10:00");
    stage.Event(1, "A");
    stage.Advance(kHour);
    EXPECT_EQ(EnteredAt(stage), entered) << repeat;
  }
}
void Breakpoint() {
  Stage stage;
  stage.Publish(Drawn(kWaiting, kWaitingEdges, "", "j",
                      R"({"kind":"breakpoint","within":"30m","steps":[{"event":"s1"},
                          {"event":"s2"},{"event":"s3"},{"event":"s4"}]})"));
  stage.Event(1, "s2");
  stage.AdvanceTo("2026-03-02T10:10:00");
  stage.Event(1, "s3");
  stage.AdvanceTo("2026-03-02T11:00:00");
  EXPECT_EQ(EnteredAt(stage), "40");
  EXPECT_EQ(FindProperty(stage.state().FindEntry(1)->context, "step"), "3");
}

TEST(BreakpointTest, AStepThatIsRepeatedBeginsAnewOrNotOrBesides) {
  for (const auto& [repeat, entered] :
       {std::pair{"reset", "55"}, {"first", "40"}, {"independent", "40 55"}}) {
    Stage stage;
    stage.Publish(Drawn(kWaiting, kWaitingEdges, R"("reentry":{"policy":"always"})", "j",
                        R"({"kind":"breakpoint","within":"30m","repeat":")" + std::string(repeat) +
                            R"(","steps":[{"event":"s1"},{"event":"s2"},{"event":"s3"}]})"));
    stage.Event(1, "s1");
    stage.AdvanceTo("2026-03-02T10:10:00");
    stage.Event(1, "s2");
    stage.AdvanceTo("2026-03-02T10:25:00");
    stage.Event(1, "s2");
    stage.Advance(kHour);
    EXPECT_EQ(EnteredAt(stage), entered) << repeat;
    stage.Event(2, "s2");
    stage.Event(2, "s2");
    stage.Event(2, "s3");
    stage.Advance(kHour);
    EXPECT_EQ(EnteredAt(stage), entered) << "the last step ends all of them";
  }
}

void RequestTwice() {
  Stage stage;
  stage.Publish(Drawn(kWaiting, kWaitingEdges));
  const EnterReply first = stage.Enter(1, "j", "R1", {{"a", "1"}}).value();
  const EnterReply second = stage.Enter(1, "j", "R1", {{"a", "1"}}).value();
  EXPECT_TRUE(second.duplicate);
  EXPECT_EQ(first.entry, second.entry);
  EXPECT_EQ(stage.journey().entered, 1u);
}
void RequestWithAnotherBody() {
  Stage stage;
  stage.Publish(Drawn(kWaiting, kWaitingEdges));
  (void)stage.Enter(1, "j", "R1", {{"a", "1"}});
  EXPECT_EQ(stage.Enter(1, "j", "R1", {{"a", "2"}}).error().name(), "idempotency_conflict");
  EXPECT_EQ(stage.journey().entered, 1u);
}

void OnceForEver() {
  Stage stage;
  stage.Publish(Drawn("", ""));
  (void)stage.Enter(1);
  stage.Publish(Drawn("", "", R"("name":"two")"));
  stage.Advance(400 * kDayMs);
  EXPECT_EQ(stage.Enter(1).value().entry, 0u);
  EXPECT_EQ(stage.Rejects(Reject::kReentryOnce), 1u);
}
void AfterAnInterval() {
  for (const auto& [anchor, from] :
       {std::pair{"exit", "2026-03-12T10:00:00"}, {"entry", "2026-03-09T10:00:00"}}) {
    Stage stage;
    stage.Publish(Drawn(R"({"id":"w","type":"wait","for":"72h"},{"id":"end","type":"exit"})",
                        "start>w w>end",
                        R"("reentry":{"policy":"after_interval","interval":"7d","from":")" +
                            std::string(anchor) + "\"}"));
    (void)stage.Enter(1);
    stage.AdvanceTo(At(from) - 1);
    EXPECT_EQ(stage.Enter(1).value().reason, Reject::kReentryInterval);
    EXPECT_EQ(stage.journey().entered, 1u);
    stage.AdvanceTo(At(from));
    EXPECT_NE(stage.Enter(1).value().entry, 0u);
  }
}
void SlidingLimit() {
  Stage stage;
  stage.Publish(Drawn("", "", R"("reentry":{"policy":"always","limit":3,"per":"30d"})"));
  const int64_t first = stage.now();
  for (int i = 0; i < 3; ++i) {
    EXPECT_NE(stage.Enter(1).value().entry, 0u);
    stage.Advance(kHour);
  }
  stage.AdvanceTo(first + 30 * kDayMs - 1);
  EXPECT_EQ(stage.Enter(1).value().reason, Reject::kReentryLimit);
  stage.AdvanceTo(first + 30 * kDayMs);
  EXPECT_NE(stage.Enter(1).value().entry, 0u);
}

void SameMessageFiveTimes() {
  Stage stage;
  stage.Publish(Drawn(kWaiting, kWaitingEdges, R"("reentry":{"policy":"always"})", "j",
                      R"({"kind":"event","on":"A"})"));
  for (int i = 0; i < 5; ++i) stage.Event(1, "A", {}, "m1");
  EXPECT_EQ(stage.journey().entered, 1u);
  EXPECT_EQ(stage.duplicates, 4);
}
void TwoTriggersAtOnce() {
  Stage stage;
  stage.Publish(Drawn(kWaiting, kWaitingEdges, R"("reentry":{"policy":"after_exit"})", "j",
                      R"({"kind":"event","on":"A"})"));
  stage.Event(1, "A", {}, "m1");
  stage.Event(1, "A", {}, "m2");
  EXPECT_EQ(stage.journey().entered, 1u);
  EXPECT_EQ(stage.Rejects(Reject::kActive), 1u);
}
void StartAndEnd() {
  Stage stage(At("2026-03-02T09:59:59.999"));
  stage.Publish(Drawn("", "",
                      R"("start":"2026-03-02T10:00:00","end":"2026-03-09T10:00:00",
                         "reentry":{"policy":"always"})"));
  EXPECT_EQ(stage.Enter(1).value().reason, Reject::kNotStarted);
  stage.Advance(1);
  EXPECT_NE(stage.Enter(1).value().entry, 0u);
  stage.AdvanceTo("2026-03-09T10:00:00");
  EXPECT_EQ(stage.Enter(1).value().reason, Reject::kEnded);
}
void EndDrainsOrExits() {
  for (const bool drain : {true, false}) {
    Stage stage;
    stage.Publish(Drawn(kWaiting, kWaitingEdges,
                        R"("end":"2026-03-09T10:00:00","on_end":")" +
                            std::string(drain ? "drain" : "exit_all") + "\""));
    for (Ordinal customer = 0; customer < 500; ++customer) (void)stage.Enter(customer);
    stage.AdvanceTo("2026-03-09T10:00:00");
    EXPECT_EQ(stage.journey().active, drain ? 500u : 0u);
    EXPECT_EQ(stage.Exits(Exit::kJourneyEnded), drain ? 0u : 500u);
  }
}

void Payday() {
  Stage stage(At("2026-01-01T00:00:00"));
  stage.Publish(Batch(R"({"every":"month","day":25,"at":"09:00","adjust":"previous"})"));
  stage.AdvanceTo("2026-02-01T00:00:00");
  EXPECT_EQ(stage.RunDays(), "2026-01-23");
}
void SavedAgain() {
  Stage stage(At("2026-03-02T08:00:00"));
  stage.Publish(Batch(R"({"every":"day","at":"09:00"})"));
  stage.AdvanceTo("2026-03-02T10:00:00");
  stage.Publish(Batch(R"({"every":"day","at":"09:00"})"));
  EXPECT_EQ(stage.RunDays(), "2026-03-02");
  stage.AdvanceTo("2026-03-03T10:00:00");
  EXPECT_EQ(stage.RunDays(), "2026-03-02 2026-03-03");
}
void OnceInThePast() {
  Stage stage;
  EXPECT_EQ(stage.TryPublish(Batch(R"({"every":"once","from":"2026-03-02","at":"09:00"})"))
                .error()
                .name(),
            "occurrence_in_past");
  stage.Publish(Batch(R"({"every":"once","from":"2026-03-02","at":"09:00","run_now":true})"));
  stage.Advance(kDayMs);
  EXPECT_EQ(stage.runs.size(), 1u);
}
// E5: a run is of a local day and time, and to save a journey again runs nothing again.
TEST(RunsTest, ARunIsOfADayAndATimeAndARunAtOnceIsOfTheVersionThatAsksForIt) {
  Stage stage;
  const auto publish = [&](std::string_view schedule) { stage.Publish(Batch(schedule)); };
  publish(R"({"every":"day","at":"18:00","run_now":true})");
  EXPECT_EQ(stage.runs.size(), 1u) << "at once";
  publish(R"({"every":"day","at":"18:00","run_now":true,"grace":"1h"})");
  EXPECT_EQ(stage.runs.size(), 1u) << "saved again";
  stage.AdvanceTo("2026-03-02T18:00:01");
  EXPECT_EQ(stage.runs.size(), 2u) << "and at its time";
  publish(R"({"every":"day","at":"20:00","run_now":true})");
  EXPECT_EQ(stage.runs.size(), 3u) << "of another time";
  stage.AdvanceTo("2026-03-02T20:00:01");
  EXPECT_EQ(stage.RunDays(), "2026-03-02 2026-03-02 2026-03-02 2026-03-02");
  publish(R"({"every":"day","at":"20:00"})");
  publish(R"({"every":"day","at":"20:00","run_now":true})");
  EXPECT_EQ(stage.runs.size(), 5u) << "asked for anew";
  stage.Restart();
  stage.AdvanceTo("2026-03-03T19:59:00");
  EXPECT_EQ(stage.runs.size(), 5u);
}

TEST(RunsTest, TheOneRunOfAJourneyIsNotRunAgain) {
  Stage stage;
  const std::string once = R"({"every":"once","from":"2026-03-02","at":"12:00")";
  stage.Publish(Batch(once + "}"));
  stage.AdvanceTo("2026-03-02T12:00:01");
  stage.Publish(Batch(once + R"(,"run_now":true})"));
  EXPECT_EQ(stage.runs.size(), 1u) << "it was run at its time";
  stage.Publish(Batch(R"({"every":"once","from":"2026-03-03","at":"12:00","run_now":true})"));
  EXPECT_EQ(stage.runs.size(), 2u);
  stage.AdvanceTo("2026-03-04T12:00:01");
  EXPECT_EQ(stage.runs.size(), 2u) << "at once, instead of at its time";
}

void EveryTwoWeeks() {
  Stage stage(At("2026-03-01T00:00:00"));
  stage.Publish(Batch(
      R"({"every":"week","days":["mon","thu"],"interval":2,"from":"2026-03-02","at":"09:00"})"));
  stage.AdvanceTo("2026-03-31T00:00:00");
  EXPECT_EQ(stage.RunDays(), "2026-03-02 2026-03-05 2026-03-16 2026-03-19 2026-03-30");
}
void TooManyJourneys() {
  Stage stage;
  stage.Policy(R"({"max_journeys":3})");
  for (const std::string id : {"a", "b", "c"}) {
    stage.Publish(Drawn(kWaiting, kWaitingEdges, "", id));
    (void)stage.Enter(1, id);
  }
  stage.Publish(Drawn(kWaiting, kWaitingEdges, R"("entry_cap":5)", "d"));
  EXPECT_EQ(stage.Enter(1, "d").value().reason, Reject::kJourneyCap);
  EXPECT_EQ(stage.Rejects(Reject::kJourneyCap, "d"), 1u);
  EXPECT_EQ(stage.journey("d").entered, 0u);
  EXPECT_TRUE(stage.journey("d").visits.empty());
}

void ListWithStrangers() {
  Stage stage;
  stage.Publish(Drawn(kWaiting, kWaitingEdges));
  stage.EnterMany({1, 2, 1});
  EXPECT_FALSE(stage.EnterUnknown("login:u9").value().awaited);
  EXPECT_EQ(stage.journey().entered, 2u);
  EXPECT_EQ(stage.Rejects(Reject::kDuplicateInRun), 1u);
  EXPECT_EQ(stage.Rejects(Reject::kUnknownUser), 1u);
}
void KnownInTime() {
  for (const int64_t after : {3 * kMinute, 10 * kMinute, int64_t{0}}) {  // 0: never
    Stage stage;
    stage.Publish(Drawn(kWaiting, kWaitingEdges, {}, "j",
                        R"({"kind":"api","unknown_user":"hold","hold":"10m"})"));
    EXPECT_TRUE(stage.EnterUnknown("login:u9").value().awaited);
    stage.Restart();
    // As the server does: a timer due now waits for what comes now.
    if (after > 0) {
      stage.AdvanceTo(stage.now() + after - 1);
      stage.JumpClockTo(stage.now() + 1);
      Machine::Out out;
      stage.machine().OnKnown("login:u8", 8, stage.now(), &out);
      stage.machine().OnKnown("login:u9", 9, stage.now(), &out);
      stage.Follow(out);
    }
    stage.Advance(kHour);
    EXPECT_EQ(EnteredAt(stage), after ? std::to_string(after / kMinute) : "");
    EXPECT_EQ(stage.Rejects(Reject::kUnknownUser), after ? 0u : 1u);
    EXPECT_FALSE(stage.machine().AwaitsAnybody());
    if (after == 0) {
      EXPECT_EQ(stage.log.back().time_ms, At(kTen) + 10 * kMinute);
    }
  }
}

// Of 60 customers: who is held out by the rules for all journeys gets nothing from any, and what
// they do is counted like what the others do, inside or after they left.
void HeldOutOfEverything() {
  Stage stage;
  stage.Policy(R"({"holdout_percent":25})");
  for (const std::string child : {"a", "b", "c"}) {
    stage.Publish(Drawn(R"({"id":"s","type":"send","channel":"sms","text":"x"})", "start>s",
                        R"("reentry":{"policy":"always"})", child));
  }
  stage.Publish(Drawn(R"({"id":"a","type":"call","journey":"a"},
                         {"id":"b","type":"call","journey":"b"},
                         {"id":"c","type":"call","journey":"c"})",
                      "start>a a>b b>c",
                      R"("reentry":{"policy":"always"},"goal":{"event":"buy","window":"7d"})"));
  std::set<Ordinal> held_out;
  for (Ordinal customer = 0; customer < 60; ++customer) {
    for (int twice = 0; twice < 2; ++twice) {
      if (stage.Enter(customer).value().reason == Reject::kHoldout) held_out.insert(customer);
      for (const std::string child : {"a", "b", "c"}) {
        if (held_out.contains(customer)) (void)stage.Enter(customer, child);
      }
    }
  }
  EXPECT_NEAR(static_cast<double>(held_out.size()), 15, 10);
  for (const HandOff& one : stage.sent) EXPECT_FALSE(held_out.contains(one.customer));
  EXPECT_EQ(stage.journey().held_out.customers, held_out.size());
  const Ordinal inside = held_out.contains(0) ? 1 : 0, outside = *held_out.begin();
  stage.AdvanceTo(At(kTen) + 7 * kDayMs);
  stage.Event(inside, "buy");
  stage.Event(outside, "buy");
  stage.Event(outside, "buy");
  EXPECT_EQ(stage.journey().held_out.conversions, 1u);
  EXPECT_EQ(stage.journey().conversions, 2u) << "of each of two entries";
  stage.Advance(1);
  for (const Ordinal customer : held_out) stage.Event(customer, "buy");
  EXPECT_EQ(stage.journey().held_out.conversions, 1u) << "after the window";
}

}  // namespace

const std::vector<Scenario>& EntryScenarios() {
  static const std::vector<Scenario> kScenarios = {{"J001", ListWithStrangers},
                                                   {"J028", KnownInTime},
                                                   {"J066", HeldOutOfEverything},
                                                   {"J003", LateRunIsCaughtUp},
                                                   {"J004", OnlyTheLatestIsCaughtUp},
                                                   {"J005", MonthEnds},
                                                   {"J006", RunInTheGap},
                                                   {"J007", RunInTheOverlap},
                                                   {"J008", BeforeSpringFestival2027},
                                                   {"J009", SpringFestival2030},
                                                   {"J011", LeapMonthBirthday},
                                                   {"J012", LastDayOfAShortMonth},
                                                   {"J016", NoKeyDate},
                                                   {"J017", KeyDatePast},
                                                   {"J018", DaysAndMonths},
                                                   {"J021", NotDoneDeadlines},
                                                   {"J023", NotDoneRepeats},
                                                   {"J025", Breakpoint},
                                                   {"J026", RequestTwice},
                                                   {"J027", RequestWithAnotherBody},
                                                   {"J029", OnceForEver},
                                                   {"J030", AfterAnInterval},
                                                   {"J031", SlidingLimit},
                                                   {"J033", SameMessageFiveTimes},
                                                   {"J034", TwoTriggersAtOnce},
                                                   {"J037", StartAndEnd},
                                                   {"J038", EndDrainsOrExits},
                                                   {"J165", Payday},
                                                   {"J166", SavedAgain},
                                                   {"J167", OnceInThePast},
                                                   {"J168", EveryTwoWeeks},
                                                   {"J169", TooManyJourneys}};
  return kScenarios;
}

}  // namespace waypost::journeys

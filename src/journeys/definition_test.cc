#include "journeys/definition.h"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

#include "journeys/holidays.h"
#include "journeys/lunar.h"
#include "journeys/overlay.h"
#include "journeys/policy.h"
#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

// "node field code" of every fault that is no warning.
std::vector<std::string> Faults(std::string_view json) {
  std::vector<std::string> texts;
  for (const Fault& fault : CheckJourney(json, TestWorld()).faults) {
    if (!fault.warning) texts.push_back(fault.node + " " + fault.field + " " + fault.code);
  }
  return texts;
}

TEST(DefinitionTest, ListsEveryFaultAtOnceWithNodeAndField) {
  EXPECT_THAT(Faults(Drawn(R"({"id":"w","type":"wait","for":"-1"},{"id":"w","type":"exec"},
                      {"id":"x","type":"judge","when":"nobody knows"},
                      {"id":"alone","type":"exit"},{"id":"l","type":"loop"})",
                           "start>w w>nowhere x:maybe>l")),
              testing::UnorderedElementsAre(
                  "w for bad_duration", "w type unknown_type", "w id duplicate_node",
                  "x when bad_condition", "l max_visits loop_without_limit",
                  "w edges.to unknown_node", "x edges.when unknown_outcome", "w edges unreachable",
                  "x edges unreachable", "alone edges unreachable", "l edges unreachable"));
}

// What is said and changes nothing is a fault where it stands, but of a journey that runs already.
struct Idle {
  std::string_view of, field;
};

TEST(DefinitionTest, WhatWouldHaveNoEffectIsAFaultOfItsNodeAndField) {
  for (const auto& [of, field] :
       {Idle{R"("wait","for":"1d","until":"09:00")", "until"},
        Idle{R"("wait","for":"1d","window":[{"from":"09:00","to":"18:00"}])", "window"},
        Idle{R"("wait","until":"09:00","window":[{"from":"09:00","to":"18:00"}])", "window"},
        Idle{R"("wait","date":"born","for":"1d")", "for"},
        Idle{R"("wait","date":"born","window":[{"from":"09:00","to":"18:00"}])", "window"},
        Idle{R"("wait","for":"1d","days":2)", "days"},
        Idle{R"("wait","until":"09:00","months":1)", "months"},
        Idle{R"("wait","for":"1d","on_past":"now")", "on_past"},
        Idle{R"("wait_event","timeout":"1d","branches":[{"outcome":"a","event":"A"}],
                "lookback":"1d")",
             "lookback"},
        Idle{R"("wait_event","timeout":"1d","branches":[{"outcome":"a","event":"A"}],
                "accept_current":false)",
             "accept_current"},
        Idle{R"("wait_event","timeout":"1d","branches":[{"outcome":"a","event":"A"}],
                "same_key":true)",
             "same_key"},
        Idle{R"("wait_event","timeout":"1d","branches":[{"outcome":"a","receipt":"opened"}],
                "entries":"earliest")",
             "entries"},
        Idle{R"("wait_event","timeout":"1d",
                "branches":[{"outcome":"a","receipt":"opened","event":"A"}])",
             "branches.event"},
        Idle{R"("call","journey":"k","timeout":"1d")", "timeout"},
        Idle{R"("send","channel":"sms","text":"x","cap_wait":"1d")", "cap_wait"},
        Idle{R"("send","channel":"sms","text":"x","on_cap":"skip",
                "instead":[{"channel":"push","text":"y"}])",
             "instead"},
        Idle{R"("chain","on_cap":"exit","cap_wait":"1d",
                "steps":[{"channel":"sms","text":"x","wait":"1d"}])",
             "cap_wait"}}) {
    const std::string json = Drawn(R"({"id":"n","type":)" + std::string(of) + "}", "start>n");
    EXPECT_THAT(Faults(json), testing::ElementsAre("n " + std::string(field) + " no_effect")) << of;
    EXPECT_TRUE(CheckJourney(json, TestWorld(), Zone::Usual(), true).journey) << of;
  }
}

TEST(DefinitionTest, WhatWouldHaveNoEffectOnWhoComesInIsAFault) {
  constexpr std::string_view kRuns = R"("kind":"batch","schedule":{"at":"09:00")";
  for (const auto& [of, field] :
       {Idle{R"("kind":"api","on":"A")", "on"},
        Idle{R"("kind":"event","on":"A","without":"B")", "without"},
        Idle{R"("kind":"event","on":"A","within":"1d")", "within"},
        Idle{R"("kind":"segment","segment":"s","grace":"1d")", "grace"},
        Idle{R"("kind":"event","on":"A","repeat":"first")", "repeat"},
        Idle{R"("kind":"event","on":"A","steps":[{"event":"A"},{"event":"B"}])", "steps"},
        Idle{R"("kind":"api","segment":"s")", "segment"},
        Idle{R"("kind":"tag","tag":"t","to":"x","when":"leaves")", "when"},
        Idle{R"("kind":"segment","segment":"s","when":"leaves","include_existing":true)",
             "include_existing"},
        Idle{R"("kind":"segment","segment":"s","to":"x")", "to"},
        Idle{R"("kind":"segment","segment":"s","from":"x")", "from"},
        Idle{R"("kind":"segment","segment":"s","tag":"t")", "tag"},
        Idle{R"("kind":"tag","tag":"t","to":"x","segment":"s")", "segment"},
        Idle{R"("kind":"batch","segment":"s","schedule":{"every":"day","at":"09:00"},
                "min_dwell":"1d")",
             "min_dwell"},
        Idle{R"(,"every":"festival","festival":"laba","from":"2026-03-02","interval":2})",
             "schedule.interval"},
        Idle{R"("kind":"event","on":"A","min_dwell":"1d")", "min_dwell"},
        Idle{R"("kind":"api","hold":"1d")", "hold"},
        Idle{R"("kind":"api","schedule":{"at":"09:00","every":"day"})", "schedule"},
        Idle{R"(,"every":"day","days":["mon"]})", "schedule.days"},
        Idle{R"(,"from":"2026-03-02","interval":2})", "schedule.interval"},
        Idle{R"(,"every":"week","day":3})", "schedule.day"},
        Idle{R"(,"every":"day","month_end":"skip"})", "schedule.month_end"},
        Idle{R"(,"every":"day","festival":"laba"})", "schedule.festival"},
        Idle{R"(,"every":"month","offset_days":1})", "schedule.offset_days"},
        Idle{R"(,"every":"day","cron":"0 9 * * *"})", "schedule.cron"},
        Idle{R"(,"every":"cron","cron":"0 9 * * *"})", "schedule.at"},
        Idle{R"("kind":"batch","schedule":{"every":"cron","cron":"0 9 * * *","adjust":"next"})",
             "schedule.adjust"}}) {
    const std::string entry = (of.starts_with(",") ? std::string(kRuns) : "") + std::string(of);
    const std::string json = Drawn("", "", "", "j", "{" + entry + "}");
    EXPECT_THAT(Faults(json), testing::ElementsAre(" entry." + std::string(field) + " no_effect"))
        << of;
    EXPECT_TRUE(CheckJourney(json, TestWorld(), Zone::Usual(), true).journey) << of;
  }
  for (const auto& [of, field] : {Idle{R"("policy":"always","interval":"1d")", "interval"},
                                  Idle{R"("policy":"once","from":"exit")", "from"},
                                  Idle{R"("policy":"always","per":"1d")", "per"},
                                  Idle{R"("policy":"always","max_active":3)", "max_active"}}) {
    EXPECT_THAT(Faults(Drawn("", "", R"("reentry":{)" + std::string(of) + "}")),
                testing::ElementsAre(" reentry." + std::string(field) + " no_effect"))
        << of;
  }
}

TEST(DefinitionTest, WhatHasAnEffectOnWhoComesInIsNone) {
  for (
      const std::string_view entry :
      {R"({"kind":"batch","segment":"s","schedule":{"every":"day","at":"09:00","from":"2026-03-02",
            "interval":2}})",
       R"({"kind":"tag","tag":"t","from":"a","to":"b","min_dwell":"1d"})",
       R"({"kind":"segment","segment":"s","min_dwell":"1d","include_existing":true})",
       R"({"kind":"not_done","on":"A","without":"B","within":"1d","grace":"1h","repeat":"first"})",
       R"({"kind":"breakpoint","steps":[{"event":"A"},{"event":"B"}],"within":"1d","grace":"1h"})"}) {
    EXPECT_THAT(Faults(Drawn(R"({"id":"x","type":"exit"})", "start>x", "", "j", entry)),
                testing::IsEmpty())
        << entry;
  }
}

// C4: nothing goes by the working days of a year that is not known, and somebody is told.
TEST(AlarmTest, AYearWithoutACalendarIsAnAlarmOfItsNodeWhereItIsAskedFor) {
  const std::string working = R"([{"on":"working_days","from":"09:00","to":"18:00"}])";
  const std::string nodes = R"({"id":"w","type":"wait","window":)" + working +
                            R"(},{"id":"t","type":"time_split","windows":)" + working + "}";
  Stage stage(At("2026-12-30T10:00:00"));
  stage.Publish(Drawn(nodes, "start>w w>t"));
  (void)stage.Enter(1);
  EXPECT_TRUE(stage.journey().alarms.empty()) << "2026 is known";
  stage.AdvanceTo("2026-12-31T20:00:00");
  (void)stage.Enter(2);
  stage.AdvanceTo("2027-01-01T10:00:00");
  (void)stage.Enter(3);
  stage.Restart();
  const auto& alarms = stage.journey().alarms;
  ASSERT_EQ(alarms.size(), 1u);
  const auto& [what, alarm] = *alarms.begin();
  EXPECT_EQ(what, (std::pair<std::string, std::string>("unknown_year", "w")));
  EXPECT_EQ(alarm.count, 2u);
  EXPECT_EQ(alarm.detail, "2027");
  EXPECT_EQ(alarm.first_ms, At("2026-12-31T20:00:00"));
  EXPECT_EQ(alarm.last_ms, At("2027-01-01T10:00:00"));
  const Result<State> kept = State::Decode(stage.state().Encode());
  EXPECT_EQ(kept.value().journeys()[0].alarms.size(), 1u);
  stage.Policy("{}");
  EXPECT_EQ(stage.journey().alarms.size(), 1u) << "the policy might have brought the year";
  stage.Policy(R"({"calendar":[{"year":2027,"days":[]}]})");
  EXPECT_TRUE(stage.journey().alarms.empty());
}

TEST(AlarmTest, ATimeSplitAsksForTheYearItIsIn) {
  Stage stage(At("2026-12-31T10:00:00"));
  stage.Publish(Drawn(R"({"id":"t","type":"time_split",
                          "windows":[{"on":"working_days","from":"09:00","to":"18:00"}]})",
                      "start>t"));
  (void)stage.Enter(1);
  EXPECT_TRUE(stage.journey().alarms.empty()) << "the next year is not asked for";
  stage.AdvanceTo("2027-01-04T10:00:00");
  (void)stage.Enter(2);
  ASSERT_EQ(stage.journey().alarms.size(), 1u);
  EXPECT_EQ(stage.journey().alarms.begin()->first,
            (std::pair<std::string, std::string>(kUnknownYear, "t")));
  EXPECT_EQ(stage.journey().alarms.begin()->second.detail, "2027");
}

TEST(AlarmTest, AlarmsAreOfTheirJourneyAndBeginAnewWithAVersion) {
  Stage stage;
  const auto once = [](std::string_view id) {
    return Drawn(R"({"id":"s","type":"send","channel":"sms","text":"x","price":9})", "start>s",
                 R"("guardrails":{"spend":7})", id);
  };
  const std::string runs = Drawn({}, {}, {}, "runs",
                                 R"({"kind":"batch","segment":"s",)"
                                 R"("schedule":{"every":"day","at":"11:00"}})");
  stage.Publish(once("other"));
  stage.Publish(once("j"));
  stage.Publish(runs);
  (void)stage.Enter(1);
  stage.Advance(kDayMs);
  const int64_t run = stage.journey("runs").open_runs.begin()->first;
  Machine::Out out;
  ASSERT_TRUE(stage.machine().GiveUpRun("runs", run, "no segment", stage.now(), &out).ok());
  stage.Follow(out);
  EXPECT_TRUE(stage.journey("other").alarms.empty());
  for (const auto& [id, what, detail] :
       {std::tuple{"j", "guardrail", "guardrail: spend 9, more than 7"},
        std::tuple{"runs", "run_given_up", "no segment"}}) {
    const auto& alarms = stage.journey(id).alarms;
    ASSERT_EQ(alarms.size(), 1u) << id;
    EXPECT_EQ(alarms.begin()->first, (std::pair<std::string, std::string>(what, "")));
    EXPECT_EQ(alarms.begin()->second.detail, detail);
    EXPECT_EQ(stage.state().alarms().at(what), 1u);
  }
  stage.Publish(once("j"));
  EXPECT_TRUE(stage.journey("j").alarms.empty());
  EXPECT_EQ(stage.journey("runs").alarms.size(), 1u) << "of another journey";
  EXPECT_EQ(stage.state().alarms().at("guardrail"), 1u) << "that is for ever";
}

TEST(AlarmTest, RunsThatWaitForACalendarAreAnAlarm) {
  Stage stage(At("2026-12-28T08:00:00"));
  stage.Publish(Drawn("", "", "", "j", R"({"kind":"batch","schedule":
      {"every":"day","at":"09:00","adjust":"next"}})"));
  EXPECT_TRUE(stage.journey().alarms.empty());
  stage.AdvanceTo("2027-01-05T08:00:00");
  ASSERT_EQ(stage.journey().alarms.size(), 1u);
  EXPECT_EQ(stage.journey().alarms.begin()->second.detail, "2027");
}

TEST(DefinitionTest, RefusesWhatWouldGoRoundForEver) {
  EXPECT_THAT(
      Faults(Drawn(R"({"id":"w","type":"wait","for":"1h"},
                              {"id":"s","type":"send","channel":"sms","text":"x"})",
                   "start>w w>s s>w")),
      testing::UnorderedElementsAre("w edges loop_without_limit", "s edges loop_without_limit"));
}

TEST(DefinitionTest, RefusesShapesThatAreNoJourney) {
  for (const std::string_view json :
       {R"({"nodes":[{"id":"1","type":"exec"}]})", R"({"nodes":[{"id":"1","type":"exit"}]})",
        R"({"nodes":[{"id":"1","type":"entry"},{"id":"1","type":"exit"}]})",
        R"({"nodes":[{"id":"1","type":"entry"},{"id":"2","type":"split"}],"edges":[["1","2"]]})",
        R"({"nodes":[{"id":"1","type":"wait","ms":-1}]})", R"({"schedule":"0 0 31 2 *"})",
        R"({"window":["09:00","09:00"]})", R"({"split":[60,41]})", R"({"cap":{"n":-1}})", "[]", "",
        "{", "null"}) {
    EXPECT_FALSE(CheckJourney(json, TestWorld()).journey) << json;
    EXPECT_FALSE(CheckJourney(json, TestWorld()).faults.empty()) << json;
  }
}

TEST(DefinitionTest, ACronLineIsGivenAndIsOne) {
  for (const auto& [cron, fault] :
       {std::pair{R"("cron":"0 */6 * * 1-5")", ""},
        {R"("cron":"0 24 * * *")", " entry.schedule.cron bad_schedule"},
        {R"("cron":"daily")", " entry.schedule.cron bad_schedule"},
        {R"("interval":1)", " entry.schedule.cron missing"},
        {R"("cron":"*/5 * * * *")", ""},
        {R"("cron":"0,5 9 * * 1")", ""},
        {R"("cron":"* * * * *")", " entry.schedule.cron too_frequent"},
        {R"("cron":"0,4 9 * * *")", " entry.schedule.cron too_frequent"},
        {R"("cron":"2,58 9-10 * * *")", " entry.schedule.cron too_frequent"},
        {R"("cron":"2,58 9,11 * * *")", ""},
        {R"("cron":"2,58 0,23 * * *")", " entry.schedule.cron too_frequent"},
        {R"("cron":"2,58 1,23 * * *")", ""}}) {
    const auto faults =
        Faults(Drawn("", "", "", "j",
                     R"({"kind":"batch","schedule":{"every":"cron",)" + std::string(cron) + "}}"));
    EXPECT_EQ(faults.empty() ? "" : faults.front(), fault) << cron;
  }
}

TEST(DefinitionTest, ALineThatWasPublishedBeforeThereWasALimitGoesOn) {
  const std::string often =
      Drawn("", "", "", "j", R"({"kind":"batch","schedule":{"every":"cron","cron":"* * * * *"}})");
  EXPECT_FALSE(CheckJourney(often, TestWorld()).journey);
  EXPECT_TRUE(CheckJourney(often, TestWorld(), Zone::Usual(), true).journey);
}

TEST(DefinitionTest, CapsAndRanksSayOfWhatAndHowMany) {
  const auto with = [](std::string_view extra, std::string_view entry = R"({"kind":"api"})") {
    return Faults(Drawn(R"({"id":"w","type":"exit"})", "start>w", extra, "j", entry));
  };
  EXPECT_THAT(with(R"("entry_cap_each":{"attribute":"branch","limit":3},"entry_cap_run":1)"),
              testing::IsEmpty());
  EXPECT_THAT(with(R"("entry_cap_each":{})"),
              testing::UnorderedElementsAre(" entry_cap_each.attribute missing",
                                            " entry_cap_each.limit missing"));
  EXPECT_THAT(with(R"("entry_cap_run":0)"), testing::ElementsAre(" entry_cap_run out_of_range"));
  EXPECT_THAT(with("", R"({"kind":"api","rank":{"first":"middle"}})"),
              testing::UnorderedElementsAre(" entry.rank.attribute missing",
                                            " entry.rank.first unknown_value"));
  EXPECT_THAT(with(R"("reentry":{"policy":"once","each_key":"once"})"),
              testing::ElementsAre(" reentry.each_key not_together"));
}

TEST(DefinitionTest, NamesOfAttributesThatRankAndCapAreChecked) {
  TestWorld world;
  world.unknown = {"asets", "branhc"};
  const Checked checked = CheckJourney(Drawn(R"({"id":"end","type":"exit"})", "start>end",
                                             R"("entry_cap_each":{"attribute":"branhc","limit":2})",
                                             "j", R"({"kind":"api","rank":{"attribute":"asets"}})"),
                                       world);
  EXPECT_FALSE(checked.journey);
  std::vector<std::string> faults;
  for (const Fault& fault : checked.faults) faults.push_back(fault.field + " " + fault.code);
  EXPECT_THAT(faults, testing::UnorderedElementsAre("entry_cap_each.attribute unknown_attribute",
                                                    "entry.rank.attribute unknown_attribute"));
}

TEST(DefinitionTest, NamesOfDatesThatAreWaitedForAreChecked) {
  TestWorld world;
  world.unknown = {"maturty"};
  world.dateless = {"assets"};
  const Checked checked = CheckJourney(Drawn(R"({"id":"a","type":"wait","date":"maturty"},
                                                {"id":"b","type":"wait","date":"assets"},
                                                {"id":"c","type":"wait","date":"born"})",
                                             "start>a a>b b>c", "", "j", R"({"kind":"api"})"),
                                       world);
  EXPECT_FALSE(checked.journey);
  std::vector<std::string> faults;
  for (const Fault& fault : checked.faults) {
    if (!fault.warning) faults.push_back(fault.node + " " + fault.field + " " + fault.code);
  }
  EXPECT_THAT(faults, testing::UnorderedElementsAre("a date unknown_attribute", "b date not_date"));
}

TEST(DefinitionTest, WaysOfAForkInAForkHaveAJoinOfTheirOwn) {
  const auto warns = [](std::string_view edges) {
    const Checked checked =
        CheckJourney(Drawn(R"({"id":"f","type":"fork","branches":[{"outcome":"a"},{"outcome":"b"}]},
                 {"id":"g","type":"fork","branches":[{"outcome":"c"},{"outcome":"d"}]},
                 {"id":"j","type":"join"},{"id":"k","type":"join"})",
                           edges),
                     TestWorld());
    return std::ranges::any_of(checked.faults, [](const Fault& fault) {
      return fault.code == "join_of_two_forks" && fault.node == "k" && fault.warning;
    });
  };
  EXPECT_TRUE(warns("start>f f:a>g g:c>k g:d>k f:b>k k>j"));
  EXPECT_FALSE(warns("start>f f:a>g g:c>j g:d>j j>k f:b>k"));
}

TEST(DefinitionTest, RefusesMoreNodesThanItShows) {
  std::string nodes, edges = "start>n0";
  for (int i = 0; i <= 500; ++i) {
    nodes += (i ? "," : "") + std::string(R"({"id":"n)") + std::to_string(i) +
             R"(","type":"wait","for":"1h"})";
    if (i < 500) edges += " n" + std::to_string(i) + ">n" + std::to_string(i + 1);
  }
  EXPECT_THAT(Faults(Drawn(nodes, edges)), testing::Contains(" nodes bad_list"));
}

TEST(DefinitionTest, SchemaIsJsonAndNamesEveryTypeOfNode) {
  const boost::json::value schema = boost::json::parse(JourneySchema());
  const auto& types = schema.at_pointer("/$defs/node/properties/type/enum").as_array();
  EXPECT_EQ(types.size(), static_cast<size_t>(NodeKind::kList));
  for (uint8_t kind = 1; kind <= static_cast<uint8_t>(NodeKind::kList); ++kind) {
    EXPECT_EQ(types[kind - 1].as_string(), NameOf(static_cast<NodeKind>(kind)));
  }
}

TEST(PolicyTest, RefusesCapsThatAreNone) {
  for (const std::string_view cap :
       {R"({"name":"c","limit":0,"rolling":"1d"})", R"({"name":"c","limit":-1,"rolling":"1d"})",
        R"({"name":"c","limit":1000000000,"rolling":"1d"})",
        R"({"name":"c","limit":"3","rolling":"1d"})", R"({"name":"c","limit":3})",
        R"({"name":"c","limit":3,"rolling":"1d","fixed":"day"})",
        R"({"name":"c","limit":3,"rolling":"367d"})"}) {
    EXPECT_FALSE(CheckPolicy(R"({"caps":[)" + std::string(cap) + "]}").policy) << cap;
  }
  EXPECT_FALSE(CheckPolicy(R"({"quiet":[{"from":"09:00","to":"09:00"}]})").policy);
  EXPECT_TRUE(CheckPolicy(R"({"quiet":[{"from":"22:00","to":"06:00"}]})").policy);
}

TEST(CivilTimeTest, EveryDayOfThreeYearsHasEveryLocalTimeOnce) {
  for (const std::string_view name :
       {"America/New_York", "Europe/London", "Asia/Shanghai", "Australia/Lord_Howe"}) {
    const Zone zone = *Zone::Find(name);
    for (const int64_t minute : {0, 90, 119, 120, 150, 1'439}) {
      int64_t at = At("2026-01-01T00:00:00Z");
      std::optional<int64_t> day;
      while (at < At("2028-12-31T00:00:00Z")) {
        at = NextLocalTime(at, minute * kMinute, zone);
        const int64_t on = zone.DayOf(at);
        ASSERT_TRUE(!day || on == *day + 1) << name << " " << DateTimeText(at);
        day = on;
        ++at;
      }
    }
  }
}

TEST(LunarTest, EveryDayHasOneLunarDateAndComesBackFromIt) {
  const int64_t first = *LunarToDay({1900, 1, 1, false});
  const int64_t last = *FestivalDay("new_years_eve", 2100);
  LunarDate before = *DayToLunar(first);
  for (int64_t day = first + 1; day <= last; ++day) {
    const std::optional<LunarDate> date = DayToLunar(day);
    ASSERT_TRUE(date) << DateText(day);
    ASSERT_EQ(LunarToDay(*date), day);
    ASSERT_TRUE(date->day == before.day + 1 || (date->day == 1 && before.day >= 29));
    before = *date;
  }
}

// Dates as the Hong Kong Observatory publishes them.
TEST(LunarTest, KnowsPublishedDates) {
  const std::pair<int, std::string_view> kNewYears[] = {
      {1900, "1900-01-31"}, {1949, "1949-01-29"}, {1985, "1985-02-20"}, {2000, "2000-02-05"},
      {2008, "2008-02-07"}, {2020, "2020-01-25"}, {2023, "2023-01-22"}, {2024, "2024-02-10"},
      {2025, "2025-01-29"}, {2026, "2026-02-17"}, {2027, "2027-02-06"}, {2028, "2028-01-26"},
      {2030, "2030-02-03"}, {2033, "2033-01-31"}, {2034, "2034-02-19"}};
  for (const auto& [year, date] : kNewYears) {
    EXPECT_EQ(DateText(*FestivalDay("spring_festival", year)), date);
  }
  const std::pair<int, int> kLeaps[] = {{1984, 10}, {2001, 4}, {2004, 2}, {2006, 7},  {2009, 5},
                                        {2012, 4},  {2014, 9}, {2017, 6}, {2020, 4},  {2023, 2},
                                        {2025, 6},  {2028, 5}, {2031, 3}, {2033, 11}, {2036, 6}};
  for (const auto& [year, month] : kLeaps) EXPECT_EQ(LeapMonthOf(year), month) << year;
  EXPECT_EQ(DateText(*FestivalDay("mid_autumn", 2026)), "2026-09-25");
  EXPECT_EQ(DateText(*FestivalDay("dragon_boat", 2026)), "2026-06-19");
  EXPECT_EQ(DateText(*FestivalDay("qingming", 2026)), "2026-04-05");
  EXPECT_EQ(DateText(*FestivalDay("dongzhi", 2026)), "2026-12-22");
}

TEST(HolidaysTest, DaysOfDecemberInTheNextYearsPaperDoNotMakeTheirYearKnown) {
  Holidays holidays = Holidays::China();
  ASSERT_TRUE(holidays
                  .ImportYear(R"({"year":2028,"days":[{"date":"2027-12-31","isOffDay":true},
                                                      {"date":"2028-01-03","isOffDay":true}]})")
                  .ok());
  EXPECT_FALSE(holidays.KnowsYear(2027));
  EXPECT_EQ(holidays.IsWorkingDay(*ParseDate("2027-10-01")), std::nullopt) << "never a guess";
  ASSERT_TRUE(
      holidays.ImportYear(R"({"year":2027,"days":[{"date":"2027-10-01","isOffDay":true}]})").ok());
  EXPECT_EQ(holidays.IsWorkingDay(*ParseDate("2027-10-01")), false);
  EXPECT_EQ(holidays.IsWorkingDay(*ParseDate("2027-12-31")), false) << "as the next paper says";
}

TEST(HolidaysTest, YearsAreImportedWholeOrNotAtAll) {
  Holidays holidays = Holidays::China();
  const int64_t day = *ParseDate("2027-01-04");
  EXPECT_EQ(holidays.IsWorkingDay(day), std::nullopt);
  EXPECT_FALSE(holidays.ImportYear(R"({"year":2027,"days":[{"date":"2027-02-30"}]})").ok());
  EXPECT_EQ(holidays.IsWorkingDay(day), std::nullopt);
  ASSERT_TRUE(holidays
                  .ImportYear(R"({"year":2027,"days":[
                      {"name":"x","date":"2026-12-31","isOffDay":true},
                      {"name":"x","date":"2027-01-01","isOffDay":true},
                      {"name":"x","date":"2027-01-03","isOffDay":false}]})")
                  .ok());
  EXPECT_EQ(holidays.IsWorkingDay(day), true);
  EXPECT_EQ(holidays.IsWorkingDay(day - 1), true);
  EXPECT_EQ(holidays.IsWorkingDay(*ParseDate("2026-12-31")), false);
  EXPECT_EQ(holidays.Adjusted(*ParseDate("2026-12-31"), Adjust::kNext), *ParseDate("2027-01-03"));
}

// A template whose journey waits, sends and splits; `open` is a list of places.
std::string Template(std::string_view open) {
  return R"({"journey":{"entry":{"kind":"event","on":"A","filter":"vip"},"nodes":[
             {"id":"start","type":"entry"},{"id":"w","type":"wait","for":"2d"},
             {"id":"s","type":"send","channel":"sms","text":"hi","price":0.5},
             {"id":"x","type":"ratio","branches":[{"outcome":"a","percent":40},
                                                  {"outcome":"b","percent":60}]}],
             "edges":[{"from":"start","to":"w"},{"from":"w","to":"s"},{"from":"s","to":"x"}]},
           "open":)" +
         std::string(open) + "}";
}

TEST(OverlayTest, SetsWhatIsOpenAndRefusesTheRestWithItsPlace) {
  const std::string of = Template(R"([{"path":"nodes.w.for","least":"12h","most":"3d"},
      {"path":"nodes.s","max_length":3},{"path":"nodes.x.branches.a","most":50},
      {"path":"entry.filter"},{"path":"priority","one_of":[10,20]}])");
  EXPECT_TRUE(CheckTemplate(of).empty());
  struct Case {
    std::string_view set, complaint;  // "place code"
  };
  const Case cases[] = {
      {R"({"nodes.w.for":"12h"})", ""},
      {R"({"nodes.w.for":"11h"})", "nodes.w.for out_of_bounds"},
      {R"({"nodes.w.for":"4d"})", "nodes.w.for out_of_bounds"},
      {R"({"nodes.w.for":5})", "nodes.w.for out_of_bounds"},
      {R"({"nodes.w.until":"09:00"})", "nodes.w.until locked"},
      {R"({"nodes.s.text":"三个字"})", ""},
      {R"({"nodes.s.text":"四个字呢"})", "nodes.s.text out_of_bounds"},
      {R"({"nodes.s.id":"y"})", "nodes.s.id locked"},
      {R"({"nodes.s.type":"exit"})", "nodes.s.type locked"},
      {R"({"nodes.x.branches.a.percent":50})", ""},
      {R"({"nodes.x.branches.a.percent":51})", "nodes.x.branches.a.percent out_of_bounds"},
      {R"({"nodes.x.branches.a.outcome":"z"})", "nodes.x.branches.a.outcome locked"},
      {R"({"nodes.x.branches.2.percent":50})", "nodes.x.branches.2.percent locked"},
      {R"({"nodes.x.branches.c.percent":50})", "nodes.x.branches.c.percent unknown_place"},
      {R"({"nodes.y.for":"1d"})", "nodes.y.for unknown_place"},
      {R"({"priority":10})", ""},
      {R"({"priority":11})", "priority out_of_bounds"},
      {R"({"priorities":11})", "priorities locked"},
      {R"({"id":"other"})", "id locked"},
      {R"({"":1})", " unknown_place"}};
  for (const Case& one : cases) {
    const Made made = ApplyOverlay(of, 1, {.id = "j", .set = std::string(one.set)});
    std::string complaint;
    for (const Fault& fault : made.faults) complaint += fault.field + " " + fault.code;
    EXPECT_EQ(complaint, one.complaint) << one.set;
    EXPECT_EQ(made.definition.empty(), !made.faults.empty());
  }
}

TEST(OverlayTest, NarrowsWhoComesInAndSaysWhatItWasMadeOf) {
  const Overlay overlay{.id = "j",
                        .name = "J",
                        .branch = "east",
                        .scope = "branch = east",
                        .set = R"({"entry.filter":"rich OR old"})"};
  const Made made = ApplyOverlay(Template(R"([{"path":"entry.filter"}])"), 7, overlay);
  const boost::json::value journey = boost::json::parse(made.definition);
  EXPECT_EQ(journey.at("entry").at("filter"), "((vip) AND (rich OR old)) AND (branch = east)");
  const std::optional<Origin> origin = OriginOf(made.definition);
  ASSERT_TRUE(origin);
  EXPECT_EQ(origin->version, 7u);
  EXPECT_EQ(origin->overlay.scope, overlay.scope);
  EXPECT_EQ(ApplyOverlay(Template(R"([{"path":"entry.filter"}])"), 7, origin->overlay).definition,
            made.definition)
      << "what it says it was made of makes another thing";
}

TEST(OverlayTest, RefusesTemplatesThatOpenWhatNobodyMay) {
  for (const std::string_view open :
       {R"([{"path":"id"}])", R"([{"path":"edges"}])", R"([{"path":"nodes"}])",
        R"([{"path":"nodes.w.type"}])", R"([{"path":"edges.1"}])", R"([{"path":"edges.1.to"}])",
        R"([{"path":"nodes.none.text"}])", R"([{"path":""}])",
        R"([{"path":"nodes.w.for","least":"often"}])", R"([{"path":"priority","one_of":5}])",
        R"([{"path":"priority","max_length":0}])", R"([{"path":"priority","more":1}])", R"([5])",
        R"({})"}) {
    EXPECT_FALSE(CheckTemplate(Template(open)).empty()) << open;
  }
  EXPECT_FALSE(CheckTemplate(R"({"journey":{"nodes":[{"id":"a.b"}]},"open":[]})").empty());
  EXPECT_FALSE(CheckTemplate("[]").empty());
  EXPECT_FALSE(CheckTemplate("{").empty());
  EXPECT_FALSE(CheckTemplate(R"({"open":[]})").empty());
}

}  // namespace
}  // namespace waypost::journeys

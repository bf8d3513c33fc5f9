// Whose clock says when a local time is: the customer's, his unit's, the journey's, the bank's.
#include <gtest/gtest.h>

#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

std::string UntilNoon(std::string_view fields = {}) {
  return Drawn(R"({"id":"w","type":"wait","until":"12:00"},
                  {"id":"s","type":"send","channel":"push","text":"hi"})",
               "start>w w>s", fields);
}

// Of the bank, a customer's unit, and himself, for whom noon of the 3rd of March is awaited.
struct Clocks {
  std::string_view policy, journey, unit, customer;
  std::string_view noon;  // in Shanghai
};
constexpr std::string_view kUnits =
    R"("units":{"attribute":"branch","zones":[{"unit":"tokyo","zone":"Asia/Tokyo"}]})";

TEST(ZonesTest, TheFirstThatIsKnownSaysWhenALocalTimeIs) {
  const std::string units = "{" + std::string(kUnits) + "}",
                    all = R"({"zone":"Asia/Singapore",)" + std::string(kUnits) + "}",
                    bangkok = R"({"zone":"Asia/Bangkok"})";
  for (const auto& [policy, journey, unit, customer, noon] :
       std::vector<Clocks>{{"{}", "", "", "", "2026-03-03T12:00:00"},
                           {bangkok, "", "", "", "2026-03-03T13:00:00"},
                           {bangkok, R"("zone":"Asia/Kolkata")", "", "", "2026-03-03T14:30:00"},
                           {units, R"("zone":"Asia/Kolkata")", "tokyo", "", "2026-03-03T11:00:00"},
                           {units, R"("zone":"Asia/Kolkata")", "paris", "", "2026-03-03T14:30:00"},
                           {units, "", "tokyo", "Europe/Paris", "2026-03-03T19:00:00"},
                           {units, "", "tokyo", "nowhere", "2026-03-03T11:00:00"},
                           {all, "", "paris", "nowhere", "2026-03-03T12:00:00"}}) {
    SCOPED_TRACE(std::string(policy) + std::string(journey) + std::string(unit) +
                 std::string(customer));
    Stage stage(At("2026-03-02T20:00:00"));
    stage.Policy(policy);
    stage.Publish(UntilNoon(journey));
    if (!unit.empty()) stage.world.attributes[{1, "branch"}] = unit;
    if (!customer.empty()) stage.world.attributes[{1, "timezone"}] = customer;
    (void)stage.Enter(1);
    stage.Restart();
    stage.Advance(2 * kDayMs);
    ASSERT_EQ(stage.sent.size(), 1u);
    EXPECT_EQ(stage.sent[0].at_ms, At(noon));
    EXPECT_EQ(stage.state().alarms().contains("tz_invalid"), customer == "nowhere");
  }
}

TEST(ZonesTest, WhoWaitsWaitsByTheClockThatHolds) {
  for (const std::string_view what : {"customer", "unit", "zones of units", "bank"}) {
    SCOPED_TRACE(what);
    Stage stage;
    stage.Policy("{" + std::string(kUnits) + "}");
    stage.Publish(UntilNoon());
    stage.world.attributes[{1, "branch"}] = "osaka";
    (void)stage.Enter(1);
    stage.Advance(kMinute);
    if (what == "customer") stage.Attribute(1, "timezone", "Asia/Tokyo");
    if (what == "unit") stage.Attribute(1, "branch", "tokyo");
    if (what == "zones of units")
      stage.Policy(R"({"units":{"attribute":"branch","zones":[
          {"unit":"osaka","zone":"Asia/Tokyo"}]}})");
    if (what == "bank") stage.Policy(R"({"zone":"Asia/Tokyo"})");
    stage.Restart();
    stage.Advance(kDayMs);
    EXPECT_EQ(stage.SentText(), "push@" + std::to_string(kHour));
  }
}

TEST(ZonesTest, WhatAJourneyWithoutAZoneSaysIsOfTheBankAlsoWhenThatMoves) {
  Stage stage;
  stage.Publish(UntilNoon(R"("end":"2026-03-02T20:00:00")"));
  stage.Publish(
      Drawn({}, {}, {}, "daily", R"({"kind":"batch","schedule":{"every":"day","at":"15:00"}})"));
  stage.Policy(R"({"zone":"Asia/Tokyo"})");
  EXPECT_EQ(*stage.journey().now().end_ms, At("2026-03-02T19:00:00"));
  const State kept = State::Decode(stage.state().Encode()).value();
  EXPECT_EQ(*kept.journeys()[0].now().end_ms, At("2026-03-02T19:00:00"));
  stage.AdvanceTo("2026-03-02T18:59:59");
  EXPECT_NE(stage.Enter(1).value().entry, 0u);
  stage.AdvanceTo("2026-03-02T19:00:00");
  EXPECT_EQ(stage.Enter(2).value().reason, Reject::kEnded);
  ASSERT_EQ(stage.runs.size(), 1u);
  EXPECT_EQ(stage.runs[0].run, At("2026-03-02T23:00:00")) << "15:00 by its name";
  EXPECT_EQ(stage.runs[0].late_ms, 0);
}

TEST(ZonesTest, AZoneThatIsNotThereIsAFaultOfItsPlace) {
  for (const auto& [policy, place] :
       {std::pair(R"({"zone":"Mars/Base"})", "zone"),
        {R"({"units":{"attribute":"b","zones":[{"unit":"m","zone":"Mars/Base"}]}})",
         "units.zones.zone"}}) {
    const CheckedPolicy checked = CheckPolicy(policy);
    ASSERT_EQ(checked.faults.size(), 1u);
    EXPECT_EQ(checked.faults[0].field, place);
    EXPECT_EQ(checked.faults[0].code, "unknown_zone");
  }
}

}  // namespace
}  // namespace waypost::journeys

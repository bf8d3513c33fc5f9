// Who did A and within T not B: B that comes late.
#include <gtest/gtest.h>

#include "base/clock.h"
#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

std::string WithoutB(std::string_view more) {
  return Drawn(
      R"({"id":"stay","type":"wait","for":"30d"})", "start>stay",
      R"("reentry":{"policy":"always"})", "j",
      R"({"kind":"not_done","on":"A","without":"B","within":"30m")" + std::string(more) + "}");
}

// What was late, in the customer's trace.
std::string LateOf(const Stage& stage, Ordinal customer) {
  std::string late;
  for (const TraceLine& line : stage.state().FindCustomer(customer)->trace) {
    if (line.what == TraceLine::What::kLateEvent) late += line.detail + " ";
  }
  return late;
}

TEST(NotDoneTest, WhatComesInTheGraceAfterTheDeadlineCounts) {
  for (const auto& [late_ms, entries] :
       {std::pair{10 * kMinute, 0u}, {10 * kMinute + 1, 1u}, {20 * kMinute, 1u}}) {
    Stage stage;
    stage.Publish(WithoutB(R"(,"grace":"10m")"));
    stage.Event(1, "A");
    stage.AdvanceTo(At("2026-03-02T10:30:00") + late_ms - 1);
    EXPECT_EQ(stage.journey().entered, entries);
    stage.JumpClockTo(At("2026-03-02T10:30:00") + late_ms);
    stage.Event(1, "B");
    stage.Advance(kHour);
    EXPECT_EQ(stage.journey().entered, entries) << late_ms;
  }
}

TEST(NotDoneTest, WhatIsDoneAfterTheDecisionIsSaidOnceAndChangesNothing) {
  Stage stage;
  stage.Publish(WithoutB(""));
  stage.Event(1, "B");
  stage.Event(1, "A");
  stage.Event(2, "A");
  stage.Advance(kHour);
  EXPECT_EQ(LateOf(stage, 1), "");
  stage.Event(1, "B");
  stage.Event(1, "B");
  EXPECT_EQ(LateOf(stage, 1), "B ");
  EXPECT_EQ(LateOf(stage, 2), "");
  EXPECT_EQ(stage.journey().active, 2u);
  stage.Event(2, "A");
  stage.Event(2, "B");
  EXPECT_EQ(LateOf(stage, 2), "B ") << "late for the first, in time for the second";
  stage.Advance(kHour);
  EXPECT_EQ(stage.journey().entered, 2u);
}

TEST(NotDoneTest, OnlyWhatIsOfTheSameKeyIsLate) {
  Stage stage;
  stage.Publish(WithoutB(R"(,"key":"order")"));
  stage.Event(1, "A", {{"order", "7"}});
  stage.Advance(kHour);
  stage.Event(1, "B", {{"order", "8"}});
  stage.Event(1, "B");
  EXPECT_EQ(LateOf(stage, 1), "");
  stage.Event(1, "B", {{"order", "7"}});
  EXPECT_EQ(LateOf(stage, 1), "B ");
}

TEST(NotDoneTest, WhatIsLateIsSaidAlsoWhereItEndsTheEntry) {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"stay","type":"wait","for":"30d"})", "start>stay",
                      R"("exit_on":[{"event":"B"}])", "j",
                      R"({"kind":"not_done","on":"A","without":"B","within":"30m"})"));
  stage.Event(1, "A");
  stage.Advance(kHour);
  EXPECT_EQ(stage.journey().active, 1u);
  stage.Event(1, "B");
  EXPECT_EQ(stage.journey().active, 0u);
  EXPECT_EQ(LateOf(stage, 1), "B ");
}

}  // namespace
}  // namespace waypost::journeys

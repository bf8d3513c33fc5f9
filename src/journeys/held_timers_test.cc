// Timers that are held, because what was received before they are due may still come.
#include <gtest/gtest.h>

#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

TEST(HeldTimersTest, WhatWasReceivedInTimeIsInTimeWhateverIsDecidedBefore) {
  for (const auto& [received_ms, in_time] : {std::pair{kHour, 1u}, {kHour + 1, 0u}}) {
    Stage stage;
    stage.Publish(Drawn(R"({"id":"x","type":"wait_event","timeout":"1h",
                            "branches":[{"outcome":"b","event":"B"},
                                        {"outcome":"r","receipt":"opened"}]},
                           {"id":"s","type":"send","channel":"sms","text":"hi"})",
                        "start>s s>x"));
    (void)stage.Enter(1);
    stage.Publish(Drawn({}, {}, {}, "other"));
    stage.JumpClockTo(At(kTen) + kHour + 500);
    stage.machine().HoldTimers(At(kTen) + kHour - 100);
    (void)stage.Enter(2, "other");
    EXPECT_EQ(stage.Out("x", "timeout"), 0u);
    stage.Receipt(stage.sent[0].key, Outcome::kOpened);
    EXPECT_EQ(stage.Out("x", "r"), 0u) << "too late, though the timer is held";
    stage.machine().HoldTimers(kNever);
    stage.JumpClockTo(At(kTen) + received_ms);
    stage.Event(1, "B");
    EXPECT_EQ(stage.Out("x", "b"), in_time);
    EXPECT_EQ(stage.Out("x", "timeout"), 1 - in_time);
  }
}

}  // namespace
}  // namespace waypost::journeys

// What nodes ask about a customer, and about what was done before.
#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

using namespace std::string_literals;

// Also what was done before somebody came to the node is his of that key.
TEST(WaitEventTest, WhatWasDoneBeforeCountsOnlyForTheSameKey) {
  for (const auto& [key, counts] : {std::pair("L1", true), {"L2", false}}) {
    Stage stage;
    stage.Publish(Drawn(R"({"id":"p","type":"wait","for":"1h"},
                           {"id":"x","type":"wait_event","timeout":"9d","same_key":true,
                            "since":"journey_entry",
                            "branches":[{"outcome":"got","event":"repay"}]},
                           {"id":"end","type":"exit"})",
                        "start>p p>x x:got>end x:timeout>end", R"("reentry":{"policy":"per_key"})",
                        "j", R"({"kind":"event","on":"loan","key":"loan_id"})"));
    stage.Event(1, "loan", {{"loan_id", "L1"}});
    stage.Advance(kMinute);
    stage.Event(1, "repay", {{"loan_id", key}});
    stage.Advance(2 * kHour);
    EXPECT_EQ(stage.journey().active, counts ? 0u : 1u) << key;
  }
}

// A condition that cannot be told is not one that does not hold.
TEST(AskingNodeTest, WhatCannotBeToldLeadsOutByErrorAndIsToldOf) {
  for (const auto& [node, edges, ends] :
       {std::tuple(R"({"id":"d","type":"judge","when":"gone"})", "start>d d:yes>w d:no>x", true),
        {R"({"id":"d","type":"judge","when":"gone"})", "start>d d:yes>x d:no>x d:error>w", false},
        {R"({"id":"d","type":"split","branches":[{"outcome":"a","when":"no"},
             {"outcome":"b","when":"gone"},{"outcome":"c","when":"yes"}]})",
         "start>d d:c>x d:else>x d:error>w", false},
        {R"({"id":"d","type":"split","branches":[{"outcome":"a","when":"gone"}]})",
         "start>d d:a>x d:else>w", true}}) {
    SCOPED_TRACE(edges);
    Stage stage;
    stage.world.tests["no"] = [](const Facts&) { return Truth::kUnknown; };
    stage.world.tests["yes"] = [](const Facts&) { return Truth::kYes; };
    stage.world.tests["gone"] = [](const Facts&) { return Truth::kError; };
    stage.Publish(Drawn(std::string(node) + R"(,{"id":"w","type":"wait","for":"9h"},
                                               {"id":"x","type":"exit"})",
                        edges));
    (void)stage.Enter(1);
    stage.Restart();
    EXPECT_EQ(stage.Out("d", "error"), 1u);
    EXPECT_EQ(stage.Exits(Exit::kError), ends ? 1u : 0u);
    EXPECT_EQ(stage.journey().active, ends ? 0u : 1u);
    ASSERT_EQ(stage.journey().alarms.size(), 1u);
    EXPECT_EQ(stage.journey().alarms.begin()->first, std::pair("condition_failed"s, "d"s));
    EXPECT_EQ(stage.journey().alarms.begin()->second.detail, "gone");
  }
}

}  // namespace
}  // namespace waypost::journeys

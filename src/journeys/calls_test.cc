// Journeys that call others: what goes in, what comes back, how deep.
#include <gmock/gmock.h>

#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

std::string Calling(std::string_view call, std::string_view then = R"("text":"{{child_exit}}")") {
  return Drawn(R"({"id":"c","type":"call",)" + std::string(call) +
                   R"(},{"id":"s","type":"send","channel":"sms",)" + std::string(then) + "}",
               "start>c c>s c:timeout>s", R"("reentry":{"policy":"always"})");
}

// What the messages said, in their order.
std::string Texts(const Stage& stage) {
  std::string texts;
  for (const HandOff& one : stage.sent) texts += (texts.empty() ? "" : " ") + one.text;
  return texts;
}

TEST(CallTest, AllGoesInOrWhatIsNamed) {
  for (const auto& [in, text] : std::initializer_list<std::pair<std::string_view, std::string>>{
           {"", "5-gold"},
           {R"(,"in":[{"from":"amount","as":"sum"},{"from":"level","as":"tier"},{"from":"gone"}])",
            "silver"}}) {
    Stage stage;
    stage.world.attributes[{1, "tier"}] = "gold";
    const bool all = in.empty();
    stage.Publish(Drawn(R"({"id":"m","type":"send","channel":"push","text":")" +
                            std::string(all ? "{{amount}}-{{tier}}" : "{{tier}}") +
                            R"("},{"id":"n","type":"send","channel":"push","text":"{{amount}}"})",
                        "start>m m>n", "", "child"));
    stage.Publish(Calling(R"("journey":"child")" + std::string(in)));
    (void)stage.Enter(1, "j", {}, {{"amount", "5"}, {"level", "silver"}});
    EXPECT_EQ(stage.sent.at(0).text, text);
    // What is not named is not there.
    EXPECT_EQ(stage.Denied("n", Outcome::kRenderError, "child"), all ? 0u : 1u);
  }
}

TEST(CallTest, WhatIsNamedComesBack) {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"w","type":"wait","for":"1h"},
                         {"id":"a","type":"set","attribute":"score","value":"87"})",
                      "start>w w>a", "", "child"));
  stage.Publish(Calling(R"("journey":"child","wait":"completion","timeout":"1d",
                           "out":[{"from":"score","as":"risk"},{"from":"gone","as":"kept"}])",
                        R"("text":"{{risk}} {{kept}} {{child_exit}}")"));
  (void)stage.Enter(1, "j", {}, {{"kept", "mine"}, {"score", "1"}});
  EXPECT_EQ(Texts(stage), "");
  stage.Advance(kHour);
  EXPECT_EQ(Texts(stage), "87 mine dead_end");
}

TEST(CallTest, NothingComesBackFromWhoIsLate) {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"a","type":"set","attribute":"score","value":"87"},
                         {"id":"w","type":"wait","for":"9h"})",
                      "start>a a>w", "", "child"));
  stage.Publish(Calling(R"("journey":"child","wait":"completion","timeout":"1h",
                           "out":[{"from":"score"}])",
                        R"("text":"{{score}}")"));
  (void)stage.Enter(1, "j", {}, {{"score", "1"}});
  stage.Advance(kDayMs);
  EXPECT_EQ(Texts(stage), "1");
}

TEST(CallTest, TheKeyOfWhatIsCalledIsInWhatGoesIn) {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"w","type":"wait","for":"9d"})", "start>w",
                      R"("reentry":{"policy":"per_key"})", "child",
                      R"({"kind":"event","on":"loan","key":"loan_id"})"));
  stage.Publish(Calling(R"("journey":"child","in":[{"from":"contract","as":"loan_id"}])"));
  for (const char* contract : {"L1", "L2", "L1"})
    (void)stage.Enter(1, "j", {}, {{"contract", contract}});
  EXPECT_EQ(stage.journey("child").active, 2u);
  EXPECT_EQ(stage.Rejects(Reject::kActiveKey, "child"), 1u);
}

// Whatever order they were published in.
TEST(CallTest, TheEventThatLeadsIntoACallMovesNobodyThere) {
  for (const bool child_first : {true, false}) {
    Stage stage;
    const std::string child = Drawn(
        R"({"id":"x","type":"wait_event","timeout":"1d","branches":[{"outcome":"x","event":"X"}]})",
        "start>x", "", "child");
    const std::string parent = Drawn(R"({"id":"x","type":"wait_event","timeout":"1d",
                  "branches":[{"outcome":"x","event":"X"}]},
                 {"id":"c","type":"call","journey":"child","wait":"completion","timeout":"9d"},
                 {"id":"y","type":"wait_event","timeout":"1d",
                  "branches":[{"outcome":"x","event":"X"}]})",
                                     "start>x x:x>c c>y");
    stage.Publish(child_first ? child : parent);
    stage.Publish(child_first ? parent : child);
    (void)stage.Enter(1);
    stage.Event(1, "X");
    EXPECT_EQ(stage.journey("child").active, 1u) << child_first;
    stage.Advance(kHour);
    stage.Event(1, "X");  // ends the called one, and the caller goes on
    EXPECT_EQ(stage.journey("child").active, 0u);
    EXPECT_EQ(stage.journey().active, 1u) << "by one event he went on twice";
    EXPECT_EQ(stage.Out("c", "next"), 1u);
  }
}

TEST(CallTest, ACallThatIsOverIsNotWhatTheNextOneWaitsFor) {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"w","type":"wait","for":"5h"})", "start>w", "", "slow"));
  stage.Publish(Drawn(R"({"id":"w","type":"wait","for":"9h"})", "start>w", "", "slower"));
  stage.Publish(Drawn(
      R"({"id":"a","type":"call","journey":"slow","wait":"completion","timeout":"1h"},
         {"id":"b","type":"call","journey":"slower","wait":"completion","timeout":"1d"})",
      "start>a a:timeout>b"));
  (void)stage.Enter(1);
  stage.Advance(6 * kHour);
  EXPECT_EQ(stage.journey("slow").active, 0u);
  EXPECT_EQ(stage.journey().active, 1u);
  stage.Advance(4 * kHour + kMinute);
  EXPECT_EQ(stage.Out("b", "next"), 1u);
}

TEST(CallTest, NothingComesBackFromWhoIsLateInAPause) {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"w","type":"wait","for":"9h"})", "start>w", "", "child"));
  stage.Publish(Calling(R"("journey":"child","wait":"completion","timeout":"1h")"));
  (void)stage.Enter(1, "j", {}, {{"child_exit", "none"}});
  stage.SetPhase(Phase::kPaused);
  stage.Advance(kDayMs);
  stage.SetPhase(Phase::kRunning);
  EXPECT_EQ(Texts(stage), "none");
  EXPECT_EQ(stage.Out("c", "timeout"), 1u);
}

// Also of calls that nobody waits for: one that calls itself ends.
TEST(CallTest, CallsGoFiveDeep) {
  for (const std::string_view how : {R"("wait":"none")", R"("wait":"completion","timeout":"1h")"}) {
    for (const std::string_view before : {"1ms", "1h"}) {
      Stage stage;
      stage.Publish(Drawn(R"({"id":"w","type":"wait","for":")" + std::string(before) +
                              R"("},{"id":"c","type":"call","journey":"j",)" + std::string(how) +
                              R"(},{"id":"end","type":"exit"})",
                          "start>w w>c c>end c:timeout>end", R"("reentry":{"policy":"always"})"));
      (void)stage.Enter(1);
      stage.Advance(kDayMs);
      EXPECT_EQ(stage.journey().entered, 6u) << how << before;
      EXPECT_EQ(stage.journey().active, 0u);
    }
  }
  Stage stage;
  stage.Publish(Drawn(R"({"id":"c","type":"call","journey":"j"})", "start>c",
                      R"("reentry":{"policy":"always"})"));
  (void)stage.Enter(1);
  EXPECT_EQ(stage.journey().entered, 6u);
}

TEST(CallTest, WhatCannotBePassedIsRefused) {
  for (const auto& [fields, fault] : std::initializer_list<std::pair<std::string, std::string>>{
           {R"("in":[{"as":"a"}])", "in.from missing"},
           {R"("in":[{"from":"a"},{"from":"b","as":"a"}])", "in.as duplicate_attribute"},
           {R"("in":["a"])", "in bad_list"},
           {R"("out":[{"from":"a"}])", "out bad_wait"},
           {R"("wait":"completion","timeout":"1h","out":[{"from":"a","to":"b"}])",
            "out.to unknown_field"}}) {
    const Checked checked = CheckJourney(Calling(R"("journey":"child",)" + fields), TestWorld());
    const auto found =
        std::ranges::find_if(checked.faults, [](const Fault& f) { return !f.warning; });
    ASSERT_NE(found, checked.faults.end()) << fields;
    EXPECT_EQ(found->node + " " + found->field + " " + found->code, "c " + fault);
  }
}

// Its child is paused and keeps who comes waiting.
TEST(CallTest, WhoseChildWaitsForThePauseToEndWaitsForTheChild) {
  constexpr std::string_view kChild = R"({"id":"w","type":"wait","for":"1h"})";
  constexpr std::string_view kCall =
      R"("journey":"child","wait":"completion","timeout":"1d","out":[{"from":"sum"}])";
  const auto begin = [&](Stage* stage, std::string_view extra) {
    stage->Publish(Drawn(kChild, "start>w", extra, "child"));
    stage->Publish(Calling(kCall));
    stage->SetPhase(Phase::kPaused, "child");
    (void)stage->Enter(1, "j", {}, {{"sum", "5"}});
    EXPECT_EQ(Texts(*stage), "") << "it waits";
    stage->Restart();
    stage->Advance(kHour);
  };
  const std::string queue = R"("entry_while_paused":"queue")";
  {
    Stage stage;
    begin(&stage, queue);
    stage.SetPhase(Phase::kRunning, "child");
    EXPECT_EQ(stage.journey("child").active, 1u);
    stage.Advance(kHour);
    EXPECT_EQ(Texts(stage), "dead_end");
  }
  {
    Stage stage;
    begin(&stage, queue);
    stage.SetPhase(Phase::kStopped, "child");
    EXPECT_EQ(Texts(stage), "ended");
    EXPECT_EQ(stage.Rejects(Reject::kEnded, "child"), 1u) << "nobody is dropped without a word";
  }
  {
    Stage stage;
    begin(&stage, queue + R"(,"end":"2026-03-02T10:30:00+08:00")");
    stage.SetPhase(Phase::kRunning, "child");
    EXPECT_EQ(Texts(stage), "ended") << "he was not let in after all";
  }
  {
    Stage stage;
    begin(&stage, queue);
    stage.Advance(23 * kHour);
    EXPECT_EQ(Texts(stage), "") << "in time until then";
    stage.Advance(1);
    EXPECT_EQ(stage.Out("c", "timeout"), 1u);
    stage.SetPhase(Phase::kRunning, "child");
    stage.Advance(kHour);
    EXPECT_EQ(stage.Out("c", "next"), 0u) << "it does not go on twice";
  }
}

}  // namespace
}  // namespace waypost::journeys

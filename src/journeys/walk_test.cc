#include "journeys/walk.h"

#include <gmock/gmock.h>

#include "base/clock.h"
#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

constexpr std::string_view kWaitThenChain =
    R"({"id":"w","type":"wait","for":"3d"},
       {"id":"c","type":"chain","steps":[
         {"channel":"push","text":"a {{name}}","success":"opened","wait":"2d"},
         {"channel":"sms","text":"b","success":"accepted","wait":"1d"}]})";
constexpr std::string_view kStrictRules =
    R"({"caps":[{"name":"none","limit":1,"rolling":"30d"}],"quiet":[{"from":"00:00","to":"23:00"}],
        "in_quiet":"drop",        "arbitration":"1h","holdout_percent":100,
        "channels":[{"name":"push","open":[{"from":"23:00","to":"23:30"}],"per_second":1}]})";

struct Walked {
  std::optional<Reject> refused;
  std::vector<std::string> texts, passed;
};
Walked WalkIt(const Stage& stage, const std::string& draft, Outcome becomes = Outcome::kAccepted) {
  Walk walk(stage.state(), {stage.world, stage.world, stage.world});
  Walked walked;
  const auto refused = walk.Go(draft, 1, {}, becomes, stage.now());
  EXPECT_TRUE(refused.ok()) << refused.error().message();
  walked.refused = refused.value();
  for (const Touch* touch : walk.Messages()) walked.texts.push_back(touch->plan.text);
  const Journey& journey = walk.state().journeys()[0].now();
  for (const TraceLine& line : walk.state().FindCustomer(1)->trace) {
    if (line.what == TraceLine::What::kPassed)
      walked.passed.push_back(journey.nodes[line.node].id + ":" + line.detail);
  }
  return walked;
}

TEST(WalkTest, EveryWaitIsOverAtOnceAndNothingOfManyHoldsTheOneBack) {
  Stage stage;
  stage.Policy(kStrictRules);
  stage.world.attributes[{1, "name"}] = "Ann";
  const std::string draft =
      Drawn(kWaitThenChain, "start>w w>c",
            R"("release":{"percent":0},"holdout_percent":100,"start":"2040-01-01T00:00:00",
               "budget_sends":1,"sends_per_second":1)");
  const Bytes before = stage.state().Encode();
  const Walked both = WalkIt(stage, draft);
  EXPECT_FALSE(both.refused);
  EXPECT_THAT(both.texts, testing::ElementsAre("a Ann", "b"));
  EXPECT_THAT(both.passed, testing::ElementsAre("start:next", "w:next", "c:succeeded"));
  const Walked opened = WalkIt(stage, draft, Outcome::kOpened);
  EXPECT_THAT(opened.texts, testing::ElementsAre("a Ann"));
  EXPECT_EQ(stage.state().Encode(), before) << "it is nobody's";
  EXPECT_EQ(stage.sent.size(), 0u);
}

TEST(WalkTest, AFilterAndARefusedConsentAreAsked) {
  Stage stage;
  stage.world.tests["vip"] = [](const Facts&) { return Truth::kNo; };
  const auto hello = [](std::string_view entry) {
    return Drawn(R"({"id":"s","type":"send","channel":"sms","text":"hi"})", "start>s", {}, "j",
                 entry);
  };
  EXPECT_EQ(WalkIt(stage, hello(R"({"kind":"api","filter":"vip"})")).refused, Reject::kFilter);
  EXPECT_EQ(WalkIt(stage, hello(R"({"kind":"event","on":"A"})")).texts.size(), 1u);
  stage.Consent(1, "sms", false);
  EXPECT_EQ(WalkIt(stage, hello(R"({"kind":"api"})")).texts.size(), 0u);
}

TEST(WalkTest, ItEndsWhereOnlySomethingThatHappensWouldGoOn) {
  Stage stage;
  const Walked walked = WalkIt(
      stage,
      Drawn(R"({"id":"l","type":"loop","max_visits":1000},{"id":"w","type":"wait","for":"400d"})",
            "start>l l:again>w w>l", R"("max_duration":"2w")"));
  EXPECT_FALSE(walked.refused);
}

}  // namespace
}  // namespace waypost::journeys

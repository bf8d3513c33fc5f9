#include <fmt/format.h>
#include <gmock/gmock.h>

#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

constexpr std::string_view kGreet = R"({"id":"hello","type":"send","channel":"sms","text":"hi"})";
constexpr std::string_view kFortyDays = R"({"id":"pause","type":"wait","for":"40d"})";

// From when somebody asks for them, until they were told, also over a restart.
TEST(StateTraceTest, LinesAreKeptForWhoFollowsThemUntilTheyWereTold) {
  using What = TraceLine::What;
  const auto bit = [](What what) { return 1u << static_cast<uint32_t>(what); };
  Stage stage;
  stage.Publish(Drawn(kGreet, "start>hello"));
  ASSERT_TRUE(stage.Enter(1).ok());
  EXPECT_EQ(stage.state().untold_lines().size(), 0u);
  Machine::Out out;
  stage.machine().FollowLines(bit(What::kEntered) | bit(What::kLeft) | bit(What::kRefused),
                              stage.now(), &out);
  stage.machine().FollowLines(bit(What::kEntered) | bit(What::kLeft) | bit(What::kRefused),
                              stage.now(), &out);
  EXPECT_EQ(out.size(), 1u);
  stage.Follow(std::exchange(out, {}));
  ASSERT_TRUE(stage.Enter(2).ok());
  ASSERT_TRUE(stage.Enter(2).ok());  // once
  ASSERT_TRUE(stage.Enter(3).ok());
  stage.Restart();
  std::vector<std::tuple<Ordinal, What, uint32_t>> lines;
  uint64_t last = 0;
  for (const UntoldLine& one : stage.state().untold_lines()) {
    lines.emplace_back(one.customer, one.line.what, one.place);
    EXPECT_GE(one.decision, last);
    last = one.decision;
  }
  EXPECT_THAT(lines, testing::ElementsAre(
                         std::tuple(2u, What::kEntered, 0u), std::tuple(2u, What::kLeft, 1u),
                         std::tuple(2u, What::kRefused, 0u), std::tuple(3u, What::kEntered, 0u),
                         std::tuple(3u, What::kLeft, 1u)));
  State reopened = State::Decode(stage.state().Encode()).value();
  reopened.LinesTold(3);
  EXPECT_EQ(reopened.untold_lines().size(), 2u);
  stage.Erase(3);
  EXPECT_EQ(stage.state().untold_lines().size(), 3u);
  stage.machine().FollowLines(0, stage.now(), &out);
  stage.Follow(out);
  ASSERT_TRUE(stage.Enter(4).ok());
  EXPECT_EQ(stage.state().untold_lines().size(), 3u);
}

// However late it is heard of, and whatever stands in that place by then.
TEST(StateTraceTest, WhatBecameOfAMessageIsOfTheNodeThatPlannedItAlsoOnceItsCustomerLeft) {
  Stage stage;
  stage.Publish(Drawn(kGreet, "start>hello"));
  ASSERT_TRUE(stage.Enter(1).ok());
  stage.Publish(
      Drawn(std::string(kFortyDays) + "," + std::string(kGreet), "start>pause pause>hello"));
  stage.Receipt(stage.sent[0].key, Outcome::kDelivered);
  const TraceLine& line = stage.state().FindCustomer(1)->trace.back();
  ASSERT_EQ(line.what, TraceLine::What::kMoved);
  EXPECT_EQ(line.version, 1u);
  EXPECT_EQ(stage.journey().versions.at(1)->nodes.at(line.node).id, "hello");
}

// Hours since then: "passed start +0 came +0"; of messages with their channel.
std::vector<std::string> ToldOf(const State& state, int64_t since_ms) {
  constexpr std::string_view kWhat[] = {"refused", "entered", "passed",    "planned",  "moved",
                                        "denied",  "left",    "converted", "migrated", "late"};
  std::vector<std::string> told;
  for (const UntoldLine& one : state.untold_lines()) {
    std::string text(kWhat[static_cast<size_t>(one.line.what)]);
    const JourneyState& journey = state.journeys()[one.line.journey];
    if (one.line.node != kNoNode)
      text += " " + journey.versions.at(one.line.version)->nodes.at(one.line.node).id;
    if (one.line.what == TraceLine::What::kMoved)
      text += " " + std::string(NameOf(static_cast<Outcome>(one.line.reason)));
    if (one.entered_ms != 0) text += fmt::format(" {:+}", (one.entered_ms - since_ms) / kHour);
    if (one.came_ms != 0) text += fmt::format(" came {:+}", (one.came_ms - since_ms) / kHour);
    if (one.touch != TouchKey()) text += " " + one.channel;
    if (one.handed_over) text += " now";
    told.push_back(text);
  }
  return told;
}

TEST(StateTraceTest, LinesThatAreToldSayWhenTheirEntryCameAndWhichMessageTheyAreOf) {
  Stage stage;
  stage.Publish(Drawn(std::string(kFortyDays) + R"(,{"id":"both","type":"fork",
                           "branches":[{"outcome":"a"},{"outcome":"b"}]},)" +
                          std::string(kGreet) + R"(,{"id":"done","type":"exit"})",
                      "start>pause pause>both both:a>hello both:b>done",
                      R"("reentry":{"policy":"always"})"));
  Machine::Out out;
  stage.machine().FollowLines(~0u, stage.now(), &out);
  stage.Follow(std::exchange(out, {}));
  const int64_t start = stage.now();
  ASSERT_TRUE(stage.Enter(1).ok());
  stage.Advance(40 * 24 * kHour);
  const TouchKey key = stage.sent.at(0).key;
  stage.Receipt(key, Outcome::kDelivered);
  stage.Advance(kHour);
  ASSERT_TRUE(stage.Enter(1).ok());  // is not what the message is of
  stage.Receipt(key, Outcome::kOpened);
  stage.Restart();
  EXPECT_THAT(ToldOf(stage.state(), start),
              testing::ElementsAre(
                  "entered +0", "passed start +0 came +0", "passed pause +0 came +0",
                  "passed both +0 came +960", "passed both +0", "planned hello +0 sms",
                  "passed hello +0 came +960", "left done +0", "moved hello claimed +0 sms",
                  "moved hello accepted +0 sms now", "moved hello delivered +0 sms", "entered +961",
                  "passed start +961 came +961", "moved hello opened +0 sms"));
}

}  // namespace
}  // namespace waypost::journeys

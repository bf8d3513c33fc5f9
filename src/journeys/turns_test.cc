// Messages that may not all go: which of them does, and in which order those go that waited.
#include <gtest/gtest.h>

#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

std::string Vies(std::string_view id, std::string_view fields, std::string_view more = {}) {
  return Drawn(R"({"id":"s","type":"send","channel":"sms","text":"hi")" + std::string(more) + "}",
               "start>s", R"("reentry":{"policy":"always"})" + std::string(fields), id);
}

// Each rule alone, and each before those that come after it.
TEST(TurnsTest, OfTwoMessagesTheOneGoesThatTheOrderSays) {
  const struct {
    std::string_view wins, wins_more, loses, loses_more;
  } cases[] = {
      {R"(,"mandatory":true,"priority":10)", "", R"(,"priority":90,"value":500)", ""},
      {R"(,"priority":60)", "", R"(,"priority":50,"value":500)", R"(,"time_to_live":"1h")"},
      {R"(,"value":2.5)", "", R"(,"value":2.4)", R"(,"time_to_live":"1h")"},
      {R"(,"value":{"attribute":"margin"})", "", R"(,"value":899)", R"(,"time_to_live":"1h")"},
      {R"(,"value":1)", "", R"(,"value":{"attribute":"name"})", ""},  // no number is none
      {"", R"(,"time_to_live":"1h")", "", R"(,"time_to_live":"61m")"},
      {"", R"(,"time_to_live":"1h")", "", ""},
  };
  for (const auto& one : cases) {
    for (const bool winner_first : {true, false}) {
      for (const bool winner_has_the_later_name : {true, false}) {
        SCOPED_TRACE(std::string(one.wins) + " " + std::string(one.wins_more));
        const std::string_view wins = winner_has_the_later_name ? "b" : "a";
        const std::string_view loses = winner_has_the_later_name ? "a" : "b";
        Stage stage;
        stage.world.attributes[{1, "margin"}] = "900";
        stage.world.attributes[{1, "name"}] = "900 a year";
        stage.Policy(R"({"caps":[{"name":"c","limit":1,"rolling":"24h"}],"arbitration":"5m"})");
        stage.Publish(Vies(wins, one.wins, one.wins_more));
        stage.Publish(Vies(loses, one.loses, one.loses_more));
        (void)stage.Enter(1, winner_first ? wins : loses);
        (void)stage.Enter(1, winner_first ? loses : wins);
        EXPECT_TRUE(stage.sent.empty());
        stage.Restart();
        stage.Advance(kHour);
        ASSERT_EQ(stage.sent.size(), 1u);
        EXPECT_EQ(stage.Denied("s", Outcome::kCapped, loses), 1u);
        const std::vector<TraceLine>& trace = stage.state().FindCustomer(1)->trace;
        EXPECT_TRUE(std::ranges::any_of(trace, [&](const TraceLine& line) {
          return line.detail.ends_with("lost to " + std::string(wins));
        }));
      }
    }
  }
}

// Also for what waits already, whether the server begins again meanwhile or not.
TEST(TurnsTest, AnotherPriorityHoldsFromWhenItIsPublished) {
  for (const bool restarts : {false, true}) {
    Stage stage;
    stage.Policy(R"({"caps":[{"name":"c","limit":1,"rolling":"24h"}],"arbitration":"5m"})");
    stage.Publish(Vies("a", R"(,"priority":60)"));
    stage.Publish(Vies("b", R"(,"priority":50)"));
    (void)stage.Enter(1, "a");
    (void)stage.Enter(1, "b");
    stage.Publish(Vies("b", R"(,"priority":70)"));
    if (restarts) stage.Restart();
    stage.Advance(kHour);
    EXPECT_EQ(stage.Denied("s", Outcome::kCapped, "a"), 1u) << restarts;
  }
}

TEST(TurnsTest, WhatIsAlikeInAllGoesByTheNamesOfTheJourneysWhoeverCameFirst) {
  for (const auto& [first, second] : {std::pair("a", "b"), {"b", "a"}}) {
    Stage stage;
    stage.Policy(R"({"caps":[{"name":"c","limit":1,"rolling":"24h"}],"arbitration":"5m"})");
    for (const char* id : {"b", "a"}) stage.Publish(Vies(id, ""));
    (void)stage.Enter(1, first);
    stage.Advance(1'000);
    (void)stage.Enter(1, second);
    stage.Advance(kHour);
    EXPECT_EQ(stage.Denied("s", Outcome::kCapped, "b"), 1u);
  }
}

// The morning after: one a second, by class, priority and deadline, of each customer once.
TEST(TurnsTest, WhatWaitedForTheMorningGoesByPriorityAndDeadline) {
  Stage stage(At("2026-03-02T22:30:00"));
  stage.Policy(R"({"quiet":[{"from":"22:00","to":"08:00"}],
                   "channels":[{"name":"sms","per_second":1}]})");
  const std::pair<std::string_view, std::string> journeys[] = {
      {"late", Vies("late", R"(,"priority":50)", R"(,"time_to_live":"20h")")},
      {"soon", Vies("soon", R"(,"priority":50)", R"(,"time_to_live":"12h")")},
      {"high", Vies("high", R"(,"priority":51)")},
      {"must", Vies("must", R"(,"priority":1,"mandatory":true)")}};
  for (const auto& [id, json] : journeys) stage.Publish(json);
  for (Ordinal customer = 0; customer < 20; ++customer)
    (void)stage.Enter(customer, journeys[customer % 4].first);
  stage.Restart();
  stage.AdvanceTo("2026-03-03T09:00:00");
  ASSERT_EQ(stage.sent.size(), 20u);
  std::string order;
  for (const HandOff& one : stage.sent) order += "lshm"[one.customer % 4];
  EXPECT_EQ(order, "mmmmmhhhhhssssslllll");
  EXPECT_EQ(stage.sent.back().at_ms - stage.sent.front().at_ms, 19'000) << "one a second";
}

// What had its place and could not go before the night came goes by the same order after it.
TEST(TurnsTest, WhatWasPlannedBeforeTheNightGoesByDeadlineToo) {
  Stage stage(At("2026-03-02T21:59:59"));
  stage.Policy(R"({"quiet":[{"from":"22:00","to":"08:00"}],
                   "channels":[{"name":"sms","per_second":1}]})");
  stage.Publish(Vies("late", "", R"(,"time_to_live":"20h")"));
  stage.Publish(Vies("soon", "", R"(,"time_to_live":"12h")"));
  for (Ordinal customer = 0; customer < 11; ++customer)
    (void)stage.Enter(customer, customer % 2 ? "soon" : "late");
  stage.AdvanceTo("2026-03-03T09:00:00");
  std::string order;
  for (const HandOff& one : stage.sent) order += one.customer % 2 ? 's' : 'l';
  EXPECT_EQ(order, "lssssslllll");
}

TEST(TurnsTest, AValueThatIsNoneIsAFault) {
  for (const std::string_view value : {R"("x")", "-1", "{}", R"({"attribute":"nobody_has"})"}) {
    Stage stage;
    stage.world.unknown.insert("nobody_has");
    const auto published = stage.TryPublish(Vies("a", R"(,"value":)" + std::string(value)));
    ASSERT_FALSE(published.ok()) << value;
    EXPECT_NE(published.error().message().find("value"), std::string::npos);
  }
}

}  // namespace
}  // namespace waypost::journeys

#include <gtest/gtest.h>

#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

// "in" or why not, of asking so often, a minute one after the other.
std::string Asked(Stage& stage, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) {
    const EnterReply reply = stage.Enter(1).value();
    text += reply.entry ? "i" : reply.reason == Reject::kReentryLimit ? "l" : "?";
    stage.Advance(kMinute);
  }
  return text;
}
std::string Limited(std::string_view limit) {
  return Drawn({}, {}, R"("reentry":{"policy":"always")" + std::string(limit) + "}");
}

TEST(VisitsTest, NoMoreEntriesOfACustomerAreKeptThanALimitMayAskFor) {
  Stage stage;
  stage.Publish(Limited(""));
  EXPECT_EQ(Asked(stage, 100), std::string(100, 'i'));
  EXPECT_EQ(stage.journey().visits.at(1).entries_ms.size(), kVisitsKept);
  stage.Publish(Limited(R"(,"limit":16,"per":"1d")"));
  EXPECT_EQ(Asked(stage, 1), "l") << "those before it count";
  stage.Publish(Limited(R"(,"limit":20,"per":"1d")"));
  EXPECT_EQ(Asked(stage, 6), "iiiill") << "as many as were kept";
  EXPECT_EQ(stage.journey().visits.at(1).entries_ms.size(), 20u);
  stage.Restart();
  stage.Advance(kDayMs);
  EXPECT_EQ(Asked(stage, 21), std::string(20, 'i') + "l");
  const State kept = State::Decode(stage.state().Encode()).value();
  EXPECT_EQ(kept.journeys()[0].most_visits, 20u);
  stage.Publish(Limited(""));
  stage.Advance(kDayMs);
  Asked(stage, 100);
  EXPECT_EQ(stage.journey().visits.at(1).entries_ms.size(), 20u);
}

}  // namespace
}  // namespace waypost::journeys

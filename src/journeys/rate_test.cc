// Nodes that let so many through in so long, against who would go by counting alone.
#include <gmock/gmock.h>

#include "io/sim_random.h"
#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

using testing::ElementsAre;

// Each comes to a line, then to a message.
std::string WithLine(std::string_view line, std::string_view extra = {}) {
  return Drawn(std::string(line) + R"(,{"id":"s","type":"send","channel":"sms","text":"t"},
                                      {"id":"end","type":"wait","for":"300d"})",
               "start>q q>s s>end", extra);
}
constexpr std::string_view kTwoAnHour = R"({"id":"q","type":"rate","most":2,"per":"1h"})";
constexpr std::string_view kFree = R"("goal":{"event":"buy"},"reentry":{"policy":"always"})";

// Whom the line let through, in their order, and when.
std::vector<std::pair<Ordinal, int64_t>> Through(const Stage& stage, int64_t since_ms) {
  std::vector<std::pair<Ordinal, int64_t>> through;
  for (const Decision& decision : stage.log) {
    for (const Change& one : decision.changes) {
      if (const auto* planned = std::get_if<change::TouchPlanned>(&one))
        through.emplace_back(planned->customer, decision.time_ms - since_ms);
    }
  }
  return through;
}
using Gone = std::pair<Ordinal, int64_t>;

TEST(RateTest, TheRestWaitInTheOrderTheyCame) {
  Stage stage;
  const int64_t begin = stage.now();
  stage.Publish(WithLine(kTwoAnHour, kFree));
  for (const Ordinal customer : {5, 3, 4, 1, 2}) ASSERT_TRUE(stage.Enter(customer).ok());
  stage.Advance(10 * kMinute);
  ASSERT_TRUE(stage.Enter(0).ok());
  stage.Advance(10 * kHour);
  EXPECT_THAT(Through(stage, begin),
              ElementsAre(Gone{5, 0}, Gone{3, 0}, Gone{4, kHour}, Gone{1, kHour},
                          Gone{2, 2 * kHour}, Gone{0, 2 * kHour}));
}

TEST(RateTest, WhoLeavesTakesNobodysTurn) {
  Stage stage;
  const int64_t begin = stage.now();
  stage.Publish(WithLine(kTwoAnHour, kFree));
  for (Ordinal customer = 0; customer < 6; ++customer) ASSERT_TRUE(stage.Enter(customer).ok());
  stage.Event(2, "buy");
  stage.Erase(4);
  stage.Advance(kHour);
  EXPECT_THAT(Through(stage, begin),
              ElementsAre(Gone{0, 0}, Gone{1, 0}, Gone{3, kHour}, Gone{5, kHour}));
  EXPECT_TRUE(stage.journey().lines.at("q").waiting.empty());
}

TEST(RateTest, APauseLetsNobodyThroughAndARestartForgetsNobody) {
  Stage stage;
  const int64_t begin = stage.now();
  stage.Publish(WithLine(kTwoAnHour, kFree));
  for (Ordinal customer = 0; customer < 7; ++customer) ASSERT_TRUE(stage.Enter(customer).ok());
  stage.SetPhase(Phase::kPaused);
  stage.Advance(5 * kHour);
  stage.Restart();
  stage.SetPhase(Phase::kRunning);
  stage.Advance(kHour - 1);
  stage.Restart();
  stage.Advance(10 * kHour);
  EXPECT_THAT(Through(stage, begin),
              ElementsAre(Gone{0, 0}, Gone{1, 0}, Gone{2, 5 * kHour}, Gone{3, 5 * kHour},
                          Gone{4, 6 * kHour}, Gone{5, 6 * kHour}, Gone{6, 7 * kHour}));
}

TEST(RateTest, TheNewestVersionSaysHowFastForAll) {
  Stage stage;
  const int64_t begin = stage.now();
  stage.Publish(WithLine(kTwoAnHour, kFree));
  for (Ordinal customer = 0; customer < 6; ++customer) ASSERT_TRUE(stage.Enter(customer).ok());
  stage.Publish(WithLine(R"({"id":"q","type":"rate","most":1,"per":"1d"})", kFree));
  stage.Advance(kDayMs);
  stage.Publish(WithLine(R"({"id":"q","type":"rate","most":2,"per":"1d"})", kFree));
  stage.Advance(kDayMs);
  stage.Publish(WithLine(R"({"id":"q","type":"rate","most":9,"per":"1m"})",
                         std::string(kFree) + R"(,"in_flight":{"policy":"migrate"})"));
  stage.Advance(kHour);
  EXPECT_THAT(Through(stage, begin),
              ElementsAre(Gone{0, 0}, Gone{1, 0}, Gone{2, kDayMs}, Gone{3, kDayMs},
                          Gone{4, 2 * kDayMs}, Gone{5, 2 * kDayMs}));
}

// How many may go in any stretch of how long, and since when.
struct Pace {
  int64_t since_ms = 0;
  size_t most = 0;
  int64_t per_ms = 0;
};

// Who came and left, and who goes when, by counting alone.
std::vector<Gone> ByCounting(const std::vector<std::tuple<int64_t, Ordinal, bool>>& said,
                             const std::vector<Pace>& paces, int64_t until_ms) {
  std::vector<Gone> gone;
  std::vector<Ordinal> waiting;
  for (int64_t minute = 0; minute <= until_ms; minute += kMinute) {
    Pace pace;
    for (const Pace& one : paces) {
      if (one.since_ms <= minute) pace = one;
    }
    const auto may_go = [&] {
      return !waiting.empty() && std::ranges::count_if(gone, [&](const Gone& one) {
                                   return one.second > minute - pace.per_ms;
                                 }) < static_cast<ptrdiff_t>(pace.most);
    };
    const auto go = [&] {
      gone.emplace_back(waiting.front(), minute);
      waiting.erase(waiting.begin());
    };
    // What is said in this minute comes before its timers, and who waits already before who comes.
    for (const auto& [at, customer, comes] : said) {
      if (at != minute) continue;
      if (!comes) {
        std::erase(waiting, customer);
        continue;
      }
      waiting.push_back(customer);
      if (waiting.size() == 1 && may_go()) go();
    }
    while (may_go()) go();
  }
  return gone;
}

// `paces`: how many versions say something else of the line.
void GoesAsByCounting(uint64_t seed, size_t versions) {
  SCOPED_TRACE(seed);
  io::SimRandom random(seed);
  Stage stage;
  const int64_t begin = stage.now(), end = 2 * kDayMs;
  std::vector<Pace> paces;
  for (size_t i = 0; i < versions; ++i) {
    paces.push_back({i == 0 ? 0 : static_cast<int64_t>(random.Below(400)) * kMinute,
                     1 + random.Below(4), static_cast<int64_t>(1 + random.Below(180)) * kMinute});
  }
  std::ranges::stable_sort(paces, {}, &Pace::since_ms);
  std::vector<std::tuple<int64_t, Ordinal, bool>> said;
  for (Ordinal customer = 0; customer < 30; ++customer) {
    const auto at = static_cast<int64_t>(random.Below(300)) * kMinute;
    said.emplace_back(at, customer, true);
    if (random.Below(3) == 0)
      said.emplace_back(at + static_cast<int64_t>(random.Below(300)) * kMinute, customer, false);
  }
  std::ranges::stable_sort(said, {}, [](const auto& one) { return std::get<0>(one); });
  size_t published = 0;
  const auto go_to = [&](int64_t at) {
    stage.AdvanceTo(begin + at - 1);
    stage.JumpClockTo(begin + at);
  };
  const auto publish_to = [&](int64_t at) {
    for (; published < paces.size() && paces[published].since_ms <= at; ++published) {
      const Pace& pace = paces[published];
      go_to(pace.since_ms);
      stage.Publish(WithLine(R"({"id":"q","type":"rate","most":)" + std::to_string(pace.most) +
                                 R"(,"per":")" + std::to_string(pace.per_ms / kMinute) + "m\"}",
                             kFree));
    }
  };
  for (const auto& [at, customer, comes] : said) {
    publish_to(at);
    go_to(at);
    if (!comes) {
      stage.Event(customer, "buy");
    } else {
      ASSERT_TRUE(stage.Enter(customer).ok());
    }
    if (random.Below(20) == 0) stage.Restart();
  }
  publish_to(end);
  stage.AdvanceTo(begin + end);
  EXPECT_EQ(Through(stage, begin), ByCounting(said, paces, end));
}

TEST(RateTest, ALineGoesAsByCountingAlone) {
  for (uint64_t seed = 1; seed <= 12; ++seed) GoesAsByCounting(seed, 1);
}

// Also what went through when another version said how many counts.
TEST(RateTest, ALineOfSeveralVersionsGoesAsByCountingAlone) {
  for (uint64_t seed = 1; seed <= 40; ++seed) GoesAsByCounting(seed, 2 + seed % 3);
}

}  // namespace
}  // namespace waypost::journeys

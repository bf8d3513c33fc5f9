#include "exec/funnel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exec/test_timelines.h"

namespace waypost::exec {
namespace {

using Counts = std::vector<uint64_t>;
using testing::ElementsAre;

FunnelSpec Steps(const std::vector<std::string>& letters, int64_t window_s = 1000) {
  FunnelSpec spec;
  for (const std::string& step : letters) spec.steps.push_back({.events = Letters(step)});
  spec.window_ms = window_s * 1000;
  return spec;
}

FunnelResult RunOn(const FunnelSpec& spec, const std::vector<TestEvent>& events,
                   const TestLayout& layout = {}, unsigned threads = 1) {
  const TestSnapshot snapshot(events, layout);
  const BindSpec bind = FunnelBinding(spec);
  const Binding binding(snapshot.view(), bind, threads);
  return RunFunnel(spec, binding, threads);
}

Counts Reached(const FunnelSpec& spec, const std::vector<std::string>& timelines) {
  return RunOn(spec, ReadTimelines(timelines)).everyone.all.units;
}

TEST(FunnelTest, CountsEveryoneAtTheStepTheyReached) {
  EXPECT_THAT(Reached(Steps({"a", "b", "c"}), {"a.b.c", "a.b", "a", "b.c"}), ElementsAre(3, 2, 1));
}
TEST(FunnelTest, WindowRunsFromTheFirstStep) {
  EXPECT_THAT(Reached(Steps({"a", "b", "c"}, 4), {"a..b..c"}), ElementsAre(1, 1, 0));
}
TEST(FunnelTest, WindowIncludesItsEnd) {
  EXPECT_THAT(Reached(Steps({"a", "b"}, 2), {"a.b"}), ElementsAre(1, 1));
}
TEST(FunnelTest, ALaterStartCanStillFinish) {
  EXPECT_THAT(Reached(Steps({"a", "b"}, 2), {"a...a.b"}), ElementsAre(1, 1));
}
TEST(FunnelTest, OneEventIsOnlyOneStep) {
  EXPECT_THAT(Reached(Steps({"a", "a", "a"}), {"a.a"}), ElementsAre(1, 1, 0));
}
TEST(FunnelTest, EventsOfOneMomentGoInStepOrder) {
  EXPECT_THAT(Reached(Steps({"a", "b"}), {"[ba]"}), ElementsAre(1, 1));
}
TEST(FunnelTest, AlternativesAreOneStep) {
  EXPECT_THAT(Reached(Steps({"ax", "b"}), {"x.b", "a.b"}), ElementsAre(2, 2));
}
TEST(FunnelTest, AStepMayLieInHundredsOfPartsOfAMonth) {
  const std::string many(150, 'a');
  const std::vector<TestEvent> events = ReadTimelines({many + "b" + many});
  EXPECT_THAT(RunOn(Steps({"a", "b"}, 1), events, {.parts = 301}, 1).everyone.all.units,
              ElementsAre(1, 1));
}
TEST(FunnelTest, GapsLimitTheTimeBetweenSteps) {
  FunnelSpec spec = Steps({"a", "b"});
  spec.steps[1].max_gap_ms = 1000;
  EXPECT_THAT(Reached(spec, {"a.b", "ab"}), ElementsAre(2, 1));
}
TEST(FunnelTest, AnExclusionEndsWhatWasBegun) {
  FunnelSpec spec = Steps({"a", "b", "c"});
  spec.exclusions.push_back({.events = Letters("x"), .from = 1, .to = 2});
  EXPECT_THAT(Reached(spec, {"abxc", "axbc", "abxbc"}), ElementsAre(3, 3, 2));
}
TEST(FunnelTest, AnExclusionComesAfterTheStepsOfItsMoment) {
  FunnelSpec spec = Steps({"a", "b", "c"});
  spec.exclusions.push_back({.events = Letters("x"), .from = 1, .to = 2});
  EXPECT_THAT(Reached(spec, {"a[bx]c"}), ElementsAre(1, 1, 0));
  EXPECT_THAT(Reached(spec, {"ab[cx]"}), ElementsAre(1, 1, 1));
  EXPECT_THAT(Reached(spec, {"[ab].xbc"}), ElementsAre(1, 1, 1));
}
TEST(FunnelTest, AnExclusionCanRemoveTheCustomer) {
  FunnelSpec spec = Steps({"a", "b"});
  spec.exclusions.push_back({.events = Letters("x"), .from = 0, .to = 1, .removes_customer = true});
  EXPECT_THAT(Reached(spec, {"axb", "xab", "abx"}), ElementsAre(2, 2));
}
TEST(FunnelTest, FirstAttemptDoesNotStartAgain) {
  FunnelSpec spec = Steps({"a", "b"}, 2);
  spec.first_attempt_only = true;
  EXPECT_THAT(Reached(spec, {"a...a.b"}), ElementsAre(1, 0));
}
TEST(FunnelTest, AttemptsAreCountedOneAfterTheOther) {
  FunnelSpec spec = Steps({"a", "b"}, 3);
  spec.count = FunnelSpec::Count::kAttempts;
  // Converted; timed out; a second start within an open attempt is part of it.
  EXPECT_THAT(Reached(spec, {"ab.a.....aab"}), ElementsAre(3, 2));
}
TEST(FunnelTest, StrictStepsFollowImmediately) {
  FunnelSpec spec = Steps({"a", "b", "c"});
  spec.order = FunnelSpec::Order::kStrict;
  EXPECT_THAT(Reached(spec, {"abc", "abxc", "a.b.c", "xabab.c"}), ElementsAre(4, 4, 3));
}
TEST(FunnelTest, AnyOrderTakesDistinctEventsWithinTheWindow) {
  FunnelSpec spec = Steps({"a", "b", "ab"}, 3);
  spec.order = FunnelSpec::Order::kAny;
  EXPECT_THAT(Reached(spec, {"b.a.", "ba.b", "b....a"}), ElementsAre(3, 2, 1));
}
TEST(FunnelTest, PinnedStepsKeepTheirPlace) {
  FunnelSpec spec = Steps({"a", "b", "c"});
  spec.order = FunnelSpec::Order::kAny;
  spec.steps[0].pinned = true;
  EXPECT_THAT(Reached(spec, {"acb", "bac", "cba"}), ElementsAre(3, 2, 1));
}
TEST(FunnelTest, OptionalStepsMayBeLeftOut) {
  FunnelSpec spec = Steps({"a", "b", "c"});
  spec.steps[1].optional = true;
  const FunnelResult result = RunOn(spec, ReadTimelines({"abc", "ac", "ab"}));
  EXPECT_THAT(result.everyone.all.units, ElementsAre(3, 2, 2));
  EXPECT_EQ(result.everyone.all.paths, (std::map<uint32_t, uint64_t>{{3, 1}, {5, 1}, {7, 1}}));
}
TEST(FunnelTest, TiesMayBeTakenInEitherOrder) {
  FunnelSpec spec = Steps({"a", "b", "c"});
  EXPECT_THAT(Reached(spec, {"bac"}), ElementsAre(1, 0, 0));
  spec.tie_ms = 1000;
  EXPECT_THAT(Reached(spec, {"bac", "b.ac"}), ElementsAre(2, 1, 1));
}
TEST(FunnelTest, TimesAreOfTheFirstCompletionFromItsNewestStart) {
  FunnelSpec spec = Steps({"a", "b"});
  spec.times = true;
  EXPECT_THAT(RunOn(spec, ReadTimelines({"a.a...b.ab"})).everyone.all.to_convert_ms.runs(),
              ElementsAre(ElementsAre(4000)));
}
TEST(FunnelTest, WhoBeginsAfterTheRangeIsNotCountedHoweverLongTheWindow) {
  constexpr int kSixtyDays = 60 * 86'400;
  FunnelSpec spec = Steps({"a", "b"}, kSixtyDays);
  spec.entry = {kTestBegin, kTestBegin + 3000};
  EXPECT_THAT(Reached(spec, {"a", "...a"}), ElementsAre(1, 0));
}
TEST(FunnelTest, GivesTheCustomersWhoDroppedOff) {
  FunnelSpec spec = Steps({"a", "b", "c"});
  spec.wanted = FunnelSpec::Wanted{.step = 1, .dropped = true};
  EXPECT_THAT(RunOn(spec, ReadTimelines({"abc", "ab", "a", "ab"})).customers.Ordinals(9),
              ElementsAre(1, 3));
}
TEST(FunnelTest, IndependentTrendLetsACustomerInEachBucket) {
  FunnelSpec spec = Steps({"a", "b"}, 3);
  spec.trend = TimeBuckets({kTestBegin, kTestBegin + 5000, kTestBegin + 10'000});
  spec.entry = spec.trend.range();
  const auto trend = [&] {
    std::vector<Counts> counts;
    for (const FunnelCounts& bucket : RunOn(spec, ReadTimelines({"ab...a"})).everyone.trend)
      counts.push_back(bucket.units);
    return counts;
  };
  EXPECT_THAT(trend(), ElementsAre(ElementsAre(1, 1), ElementsAre(0, 0)));
  spec.independent = true;
  EXPECT_THAT(trend(), ElementsAre(ElementsAre(1, 1), ElementsAre(1, 0)));
}

}  // namespace
}  // namespace waypost::exec

// The quick way through trends against the plain one: customers of two ordinals are counted event
// by event, so a snapshot where every customer is a cluster is the oracle for one where nobody is.
#include <gtest/gtest.h>

#include "exec/test_timelines.h"
#include "exec/trends.h"

namespace waypost::exec {
namespace {

constexpr int64_t kHalfHour = 1'800'000;

// Forty moments, `step_ms` apart. Letter c always holds a number, the others not.
std::vector<TestEvent> DealtEvents(uint32_t seed, int64_t step_ms) {
  std::mt19937 random(seed);
  std::vector<TestEvent> events;
  for (int64_t moment = 0; moment < 40; ++moment) {
    for (uint32_t customer = 0; customer < 300; ++customer) {
      if (random() % 3) continue;
      const char letter = "abc"[random() % 3];
      const int64_t held = static_cast<int64_t>(random() % 9) - 1;
      events.push_back({customer, letter, moment * step_ms, letter == 'c' ? held + 70 : held});
    }
  }
  return events;
}

TrendsResult RunOn(const TrendsSpec& spec, const std::vector<TestEvent>& events,
                   const TestLayout& layout) {
  const TestSnapshot snapshot(events, layout);
  const BindSpec bind = TrendsBinding(spec);
  const Binding binding(snapshot.view(), bind, 2);
  return RunTrends(spec, binding, 2);
}

TrendsSpec Spec(const std::vector<int64_t>& edges) {
  TrendsSpec spec;
  spec.properties = {kHeldProperty};
  std::vector<int64_t> edges_ms;
  for (const int64_t edge : edges) edges_ms.push_back(kTestBegin + edge * kHalfHour);
  spec.buckets = TimeBuckets(std::move(edges_ms));
  TrendsSpec::Series filtered{.events = Letters("b"), .aggregate = TrendsSpec::Aggregate::kValues};
  filtered.events.choices[0].filter.kind = Predicate::Kind::kEvent;
  filtered.events.choices[0].filter.condition.kind = Condition::Kind::kRange;
  filtered.events.choices[0].filter.condition.property = kHeldProperty;
  filtered.events.choices[0].filter.condition.whole_min = 3;
  spec.series = {{.events = Letters("a")},
                 {.events = Letters("ab")},
                 {.events = Letters("a"), .aggregate = TrendsSpec::Aggregate::kNumbers},
                 filtered,
                 {.events = Letters("a")},
                 {.events = Letters("c"), .aggregate = TrendsSpec::Aggregate::kSum},
                 {.events = Letters("b"), .aggregate = TrendsSpec::Aggregate::kSum}};
  return spec;
}

void ExpectSame(const TrendCell& got, const TrendCell& want, TrendsSpec::Aggregate aggregate) {
  EXPECT_EQ(got.events, want.events);
  EXPECT_EQ(got.customers, want.customers);
  EXPECT_EQ(got.numbers.count, want.numbers.count);
  EXPECT_TRUE(got.numbers.whole_sum == want.numbers.whole_sum);
  if (aggregate != TrendsSpec::Aggregate::kSum) {
    EXPECT_EQ(got.numbers.whole_min, want.numbers.whole_min);
    EXPECT_EQ(got.numbers.whole_max, want.numbers.whole_max);
  }
  const auto sorted = [](std::vector<int64_t> values) {
    std::sort(values.begin(), values.end());
    return values;
  };
  EXPECT_EQ(sorted(got.wholes), sorted(want.wholes));
}

void ExpectSameHoweverLaidOut(const TrendsSpec& spec, const std::vector<TestEvent>& events) {
  const TestLayout layouts[] = {{},
                                {.month_ms = 7 * kHalfHour},
                                {.parts = 3, .month_ms = 16 * kHalfHour},
                                {.stride = 300},
                                {.parts = 2}};
  const TrendsResult want = RunOn(spec, events, {.members = 2});
  ASSERT_GT(want.everyone.range[3].events, 0u);
  for (const TestLayout& layout : layouts) {
    const TrendsResult got = RunOn(spec, events, layout);
    for (size_t s = 0; s < spec.series.size(); ++s) {
      SCOPED_TRACE(testing::Message() << "series " << s << ", parts " << layout.parts << ", month "
                                      << layout.month_ms);
      const TrendsSpec::Aggregate aggregate = spec.series[s].aggregate;
      for (uint32_t b = 0; b < spec.buckets.count(); ++b)
        ExpectSame(got.everyone.buckets[s][b], want.everyone.buckets[s][b], aggregate);
      ExpectSame(got.everyone.range[s], want.everyone.range[s], aggregate);
    }
  }
}

TEST(TrendsLayoutTest, CountsTheSameHoweverCustomersAndMonthsAreLaidOut) {
  for (const uint32_t seed : {1, 2})
    ExpectSameHoweverLaidOut(Spec({5, 9, 20, 21, 34}), DealtEvents(seed, kHalfHour));
}

TEST(TrendsLayoutTest, CountsWholeDaysTheSameHoweverCustomersAndMonthsAreLaidOut) {
  for (const uint32_t seed : {3, 4})
    ExpectSameHoweverLaidOut(Spec({11, 59, 107, 155}), DealtEvents(seed, 6 * kHalfHour));
}

}  // namespace
}  // namespace waypost::exec

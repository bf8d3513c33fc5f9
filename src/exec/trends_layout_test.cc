// The quick way through trends against the plain one: customers of two ordinals are counted event
// by event, so a snapshot where every customer is a cluster is the oracle for one where nobody is.
#include <gtest/gtest.h>

#include "exec/test_timelines.h"
#include "exec/trends.h"

namespace waypost::exec {
namespace {

constexpr int64_t kHalfHour = 1'800'000;

std::vector<TestEvent> RandomEvents(uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<TestEvent> events;
  for (int64_t moment = 0; moment < 40; ++moment) {
    for (uint32_t customer = 0; customer < 300; ++customer) {
      if (random() % 3) continue;
      const char letter = "abc"[random() % 3];
      events.push_back(
          {customer, letter, moment * kHalfHour, static_cast<int64_t>(random() % 9) - 1});
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

TrendsSpec Spec() {
  TrendsSpec spec;
  spec.properties = {kHeldProperty};
  spec.buckets = TimeBuckets({kTestBegin + 5 * kHalfHour, kTestBegin + 9 * kHalfHour,
                              kTestBegin + 20 * kHalfHour, kTestBegin + 21 * kHalfHour,
                              kTestBegin + 34 * kHalfHour});
  TrendsSpec::Series filtered{.events = Letters("b"), .aggregate = TrendsSpec::Aggregate::kValues};
  filtered.events.choices[0].filter.kind = Predicate::Kind::kEvent;
  filtered.events.choices[0].filter.condition.kind = Condition::Kind::kRange;
  filtered.events.choices[0].filter.condition.property = kHeldProperty;
  filtered.events.choices[0].filter.condition.whole_min = 3;
  spec.series = {{.events = Letters("a")},
                 {.events = Letters("ab")},
                 {.events = Letters("a"), .aggregate = TrendsSpec::Aggregate::kNumbers},
                 filtered,
                 {.events = Letters("a")}};
  return spec;
}

void ExpectSame(const TrendCell& got, const TrendCell& want) {
  EXPECT_EQ(got.events, want.events);
  EXPECT_EQ(got.customers, want.customers);
  EXPECT_EQ(got.numbers.count, want.numbers.count);
  EXPECT_TRUE(got.numbers.whole_sum == want.numbers.whole_sum);
  EXPECT_EQ(got.numbers.whole_min, want.numbers.whole_min);
  EXPECT_EQ(got.numbers.whole_max, want.numbers.whole_max);
  const auto sorted = [](std::vector<int64_t> values) {
    std::sort(values.begin(), values.end());
    return values;
  };
  EXPECT_EQ(sorted(got.wholes), sorted(want.wholes));
}

TEST(TrendsLayoutTest, CountsTheSameHoweverCustomersAndMonthsAreLaidOut) {
  const TestLayout layouts[] = {{},
                                {.month_ms = 7 * kHalfHour},
                                {.parts = 3, .month_ms = 16 * kHalfHour},
                                {.stride = 300},
                                {.parts = 2}};
  const TrendsSpec spec = Spec();
  for (const uint32_t seed : {1, 2}) {
    const std::vector<TestEvent> events = RandomEvents(seed);
    const TrendsResult want = RunOn(spec, events, {.members = 2});
    ASSERT_GT(want.everyone.range[3].events, 0u);
    for (const TestLayout& layout : layouts) {
      const TrendsResult got = RunOn(spec, events, layout);
      for (size_t s = 0; s < spec.series.size(); ++s) {
        SCOPED_TRACE(testing::Message() << "series " << s << ", parts " << layout.parts
                                        << ", month " << layout.month_ms);
        for (uint32_t b = 0; b < spec.buckets.count(); ++b)
          ExpectSame(got.everyone.buckets[s][b], want.everyone.buckets[s][b]);
        ExpectSame(got.everyone.range[s], want.everyone.range[s]);
      }
    }
  }
}

}  // namespace
}  // namespace waypost::exec

// The quick ways through a funnel against the plain one: customers of two ordinals are matched
// event by event, so a snapshot where every customer is a cluster is the oracle for one where
// nobody is.
#include <gtest/gtest.h>

#include "exec/funnel.h"
#include "exec/test_timelines.h"

namespace waypost::exec {
namespace {

constexpr uint32_t kCustomers = 300;

std::vector<TestEvent> RandomEvents(uint32_t seed, int64_t seconds) {
  std::mt19937 random(seed);
  std::vector<TestEvent> events;
  for (int64_t second = 0; second < seconds; ++second) {
    for (uint32_t customer = 0; customer < kCustomers; ++customer) {
      if (random() % 3 == 0) continue;
      const char letter = "abcxyz"[random() % 6];
      events.push_back(
          {customer, letter, second * 1000, static_cast<int64_t>(random() % 4) - 1, {}});
    }
  }
  return events;
}

FunnelResult RunOn(const FunnelSpec& spec, const std::vector<TestEvent>& events,
                   const TestLayout& layout) {
  const TestSnapshot snapshot(events, layout);
  const BindSpec bind = FunnelBinding(spec);
  const Binding binding(snapshot.view(), bind, 2);
  return RunFunnel(spec, binding, 2);
}

struct Case {
  const char* name;
  void (*change)(FunnelSpec*);
};

void Hold(FunnelSpec* spec) {
  spec->properties = {kHeldProperty};
  spec->count = FunnelSpec::Count::kPairs;
  for (FunnelSpec::Step& step : spec->steps) step.hold = {0};
}

void Filter(FunnelSpec::Step* step) {
  EventChoice& choice = step->events.choices[0];
  choice.filter.kind = Predicate::Kind::kEvent;
  choice.filter.condition.kind = Condition::Kind::kRange;
  choice.filter.condition.property = kHeldProperty;
  choice.filter.condition.whole_min = 1;
}

void Sessions(FunnelSpec* spec) {
  spec->order = FunnelSpec::Order::kStrict;
  spec->properties = {kHeldProperty};
  spec->session = {.rule = FunnelSpec::Session::Rule::kProperty, .property = 0};
  spec->count = FunnelSpec::Count::kSessions;
}

const Case kCases[] = {
    {"plain", [](FunnelSpec*) {}},
    {"entry in a range",
     [](FunnelSpec* spec) { spec->entry = {kTestBegin + 9000, kTestBegin + 30'000}; }},
    {"filtered step",
     [](FunnelSpec* spec) {
       Filter(&spec->steps[0]);
       Filter(&spec->steps[1]);
     }},
    {"a step of several events", [](FunnelSpec* spec) { spec->steps[0].events = Letters("ay"); }},
    {"one event for two steps", [](FunnelSpec* spec) { spec->steps[2].events = Letters("a"); }},
    {"gap", [](FunnelSpec* spec) { spec->steps[1].max_gap_ms = 2000; }},
    {"exclusion",
     [](FunnelSpec* spec) {
       spec->exclusions.push_back({.events = Letters("x"), .from = 1, .to = 2});
     }},
    {"exclusion of an own step",
     [](FunnelSpec* spec) {
       spec->exclusions.push_back({.events = Letters("xb"), .from = 0, .to = 2});
     }},
    {"removing exclusion",
     [](FunnelSpec* spec) {
       spec->exclusions.push_back(
           {.events = Letters("x"), .from = 0, .to = 1, .removes_customer = true});
     }},
    {"trend",
     [](FunnelSpec* spec) {
       spec->trend = TimeBuckets({kTestBegin, kTestBegin + 10'000, kTestBegin + 20'000});
     }},
    {"first entry's value",
     [](FunnelSpec* spec) {
       spec->properties = {kHeldProperty};
       spec->grouping.dimensions = {{.domain = Domain::kWhole}};
       spec->touch = FunnelSpec::Touch::kFirstEntry;
     }},
    {"pairs", Hold},
    {"pairs with filters, by the first entry's value, entered in a range",
     [](FunnelSpec* spec) {
       Hold(spec);
       Filter(&spec->steps[1]);
       spec->entry = {kTestBegin + 9000, kTestBegin + 30'000};
       spec->grouping.dimensions = {{.domain = Domain::kWhole}};
       spec->touch = FunnelSpec::Touch::kFirstEntry;
     }},
    {"strict", [](FunnelSpec* spec) { spec->order = FunnelSpec::Order::kStrict; }},
    {"strict, attempts, filtered entry",
     [](FunnelSpec* spec) {
       spec->order = FunnelSpec::Order::kStrict;
       spec->count = FunnelSpec::Count::kAttempts;
       spec->steps[1].events = Letters("a");
       Filter(&spec->steps[0]);
     }},
    {"strict in sessions", Sessions},
    {"strict in sessions, some events not seen, entered in a range, by step 1's value",
     [](FunnelSpec* spec) {
       Sessions(spec);
       spec->ignored = {'x', 'y'};
       spec->entry = {kTestBegin + 9000, kTestBegin + 30'000};
       spec->grouping.dimensions = {{.domain = Domain::kWhole}};
       spec->touch_step = 1;
     }},
};

void ExpectSame(const FunnelCounts& got, const FunnelCounts& want) {
  EXPECT_EQ(got.units, want.units);
  EXPECT_EQ(got.customers, want.customers);
  const auto sorted = [](const Gathered& gathered) {
    std::vector<int64_t> times;
    for (const std::vector<int64_t>& run : gathered.runs())
      times.insert(times.end(), run.begin(), run.end());
    std::sort(times.begin(), times.end());
    return times;
  };
  EXPECT_EQ(sorted(got.to_convert_ms), sorted(want.to_convert_ms));
  for (size_t k = 0; k < want.step_ms.size(); ++k)
    EXPECT_EQ(sorted(got.step_ms[k]), sorted(want.step_ms[k]));
}

void ExpectSame(const FunnelGroup& got, const FunnelGroup& want) {
  EXPECT_EQ(got.values, want.values);
  ExpectSame(got.all, want.all);
  ASSERT_EQ(got.trend.size(), want.trend.size());
  for (size_t b = 0; b < want.trend.size(); ++b) ExpectSame(got.trend[b], want.trend[b]);
}

TEST(FunnelLayoutTest, CountsTheSameHoweverCustomersAndMonthsAreLaidOut) {
  const TestLayout layouts[] = {
      {}, {.month_ms = 7000}, {.parts = 3, .month_ms = 16'000}, {.stride = 300}, {.parts = 2}};
  for (const Case& one : kCases) {
    for (const uint32_t seed : {1, 3}) {
      FunnelSpec spec;
      for (const char* step : {"a", "b", "c"}) spec.steps.push_back({.events = Letters(step)});
      spec.window_ms = 5000 * seed;
      spec.times = true;
      one.change(&spec);
      const std::vector<TestEvent> events = RandomEvents(seed, 12 * seed);
      const FunnelResult want = RunOn(spec, events, {.members = 2});
      for (const TestLayout& layout : layouts) {
        SCOPED_TRACE(testing::Message()
                     << one.name << ", seed " << seed << ", parts " << layout.parts << ", month "
                     << layout.month_ms << ", stride " << layout.stride);
        const FunnelResult got = RunOn(spec, events, layout);
        ExpectSame(got.everyone, want.everyone);
        ASSERT_EQ(got.groups.size(), want.groups.size());
        for (size_t g = 0; g < want.groups.size(); ++g) ExpectSame(got.groups[g], want.groups[g]);
      }
    }
  }
}

void ExpectSameInAllLayouts(const FunnelSpec& spec, const std::vector<TestEvent>& events) {
  const FunnelResult want = RunOn(spec, events, {.members = 2});
  for (const TestLayout& layout : {TestLayout{}, {.month_ms = 7000}, {.stride = 300}}) {
    SCOPED_TRACE(testing::Message() << "month " << layout.month_ms << ", stride " << layout.stride);
    const FunnelResult got = RunOn(spec, events, layout);
    ExpectSame(got.everyone, want.everyone);
    ASSERT_EQ(got.groups.size(), want.groups.size());
    for (size_t g = 0; g < want.groups.size(); ++g) ExpectSame(got.groups[g], want.groups[g]);
  }
}

// Values near and far, of every event and of most, and what says the group of a pair.
TEST(FunnelLayoutTest, CountsPairsTheSameWhateverTheirValues) {
  for (const int64_t apart : {1, 160, 100'000}) {
    for (const bool every : {true, false}) {
      for (const uint32_t column : {0, 1}) {
        SCOPED_TRACE(testing::Message() << "values " << apart << " apart, every event " << every
                                        << ", by column " << column);
        std::mt19937 random(3);
        std::vector<TestEvent> events = RandomEvents(3, 30);
        for (TestEvent& event : events) {
          event.held = every || random() % 4 ? static_cast<int64_t>(random() % 50) * apart : -1;
          if (every || random() % 4) event.text = "web" + std::to_string(random() % 3);
        }
        FunnelSpec spec;
        for (const char* step : {"a", "b", "c"}) spec.steps.push_back({.events = Letters(step)});
        spec.window_ms = 9000;
        Hold(&spec);
        spec.properties.push_back(kTextProperty);
        spec.grouping.dimensions = {
            {.column = column, .domain = column ? Domain::kText : Domain::kWhole}};
        spec.touch = FunnelSpec::Touch::kFirstEntry;
        ExpectSameInAllLayouts(spec, events);
        spec.entry = {kTestBegin + 9000, kTestBegin + 20'000};
        spec.until_ms = kTestBegin + 25'000;
        ExpectSameInAllLayouts(spec, events);
      }
    }
  }
}

}  // namespace
}  // namespace waypost::exec

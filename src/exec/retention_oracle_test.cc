// Retention against what the words say, on random timelines: for each cohort, customer and period
// all events are looked through.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "exec/retention.h"
#include "exec/test_timelines.h"

namespace waypost::exec {
namespace {

using Cohort = RetentionSpec::Cohort;
using Counted = RetentionSpec::Counted;

struct History {
  int64_t step_ms;
  std::string start, comeback;
  RetentionSpec spec;
  std::vector<TestEvent> events;  // as they arrive

  int64_t unit_ms() const { return 3 * step_ms; }
  size_t columns() const { return spec.brackets.empty() ? spec.periods : spec.brackets.size(); }
};

// A customer's events in order: by time, then as they arrived. On a rolling clock nothing is known
// from the horizon on.
std::vector<TestEvent> TimelineOf(const History& test, uint32_t customer) {
  std::vector<TestEvent> timeline;
  for (const TestEvent& e : test.events) {
    const bool known = !test.spec.rolling || kTestBegin + e.time_ms < test.spec.horizon_ms;
    if (e.customer == customer && known) timeline.push_back(e);
  }
  std::stable_sort(timeline.begin(), timeline.end(),
                   [](const TestEvent& a, const TestEvent& b) { return a.time_ms < b.time_ms; });
  return timeline;
}

int64_t BucketOf(const History& test, const TestEvent& e) {
  return test.spec.buckets.Find(kTestBegin + e.time_ms);
}
bool In(const std::string& letters, const TestEvent& e) {
  return letters.find(e.letter) != std::string::npos;
}

// The start that made the customer a member of the cohort, or -1.
int MemberBy(const History& test, const std::vector<TestEvent>& timeline, uint32_t cohort) {
  for (size_t i = 0; i < timeline.size(); ++i) {
    if (!In(test.start, timeline[i])) continue;
    if (kTestBegin + timeline[i].time_ms >= test.spec.starts_before_ms) return -1;
    if (BucketOf(test, timeline[i]) == cohort) return static_cast<int>(i);
    if (test.spec.cohort == Cohort::kFirstTime) return -1;
  }
  return -1;
}

struct Found {
  bool came = false;
  int64_t sum = 0;
};

// What the member did in a period.
Found Did(const History& test, const std::vector<TestEvent>& timeline, uint32_t cohort,
          size_t begin, int64_t period) {
  Found found;
  for (size_t i = 0; i < timeline.size(); ++i) {
    const TestEvent& e = timeline[i];
    if (!In(test.comeback, e)) continue;
    if (period == 0 && test.spec.same_events && i <= begin) continue;
    if (test.spec.rolling) {
      const int64_t since_ms = e.time_ms - timeline[begin].time_ms;
      if (since_ms < period * test.unit_ms() || since_ms >= (period + 1) * test.unit_ms()) continue;
    } else if (BucketOf(test, e) != cohort + period) {
      continue;
    }
    found.came = true;
    found.sum += std::max<int64_t>(e.held, 0);
  }
  return found;
}

Found Column(const History& test, const std::vector<TestEvent>& timeline, uint32_t cohort,
             size_t begin, size_t column) {
  const auto k = static_cast<int64_t>(column);
  constexpr int64_t kEver = 30;
  int64_t first = k, last = k;
  if (!test.spec.brackets.empty()) {
    first = test.spec.brackets[column].first;
    last = test.spec.brackets[column].last;
  } else if (test.spec.counted == Counted::kOnOrAfter) {
    last = kEver;
  } else if (test.spec.counted == Counted::kOnOrBefore) {
    first = 0;
  }
  Found joined;
  for (int64_t p = first; p <= last; ++p) {
    const Found found = Did(test, timeline, cohort, begin, p);
    joined.came |= found.came;
    joined.sum += found.sum;
  }
  if (test.spec.brackets.empty() && test.spec.counted == Counted::kStreak) {
    joined.came = true;
    for (int64_t p = 1; p <= k; ++p) joined.came &= Did(test, timeline, cohort, begin, p).came;
  }
  return joined;
}

History Draw(std::mt19937& random) {
  const auto below = [&](uint32_t n) { return static_cast<uint32_t>(random()) % n; };
  History test;
  // Days of 24 hours, or something odd; no bucket of an operator is shorter than a quarter of an
  // hour.
  test.step_ms = below(2) ? 28'800'000 : 1'201'000;
  RetentionSpec& spec = test.spec;
  test.start = std::array{"a", "ab", "b"}[below(3)];
  test.comeback = std::array{"c", "cd", "a", "bc", "d"}[below(5)];
  spec.start = Letters(test.start);
  spec.comeback = Letters(test.comeback);
  for (const char letter : test.start)
    spec.same_events |= test.comeback.find(letter) != std::string::npos;
  spec.cohort = below(2) ? Cohort::kRecurring : Cohort::kFirstTime;
  spec.counted = std::array{Counted::kOn, Counted::kOn, Counted::kOnOrAfter, Counted::kOnOrBefore,
                            Counted::kStreak}[below(5)];
  spec.cohorts = 1 + below(4);
  spec.periods = 1 + below(5);
  if (spec.counted == Counted::kOn && below(3) == 0) {
    spec.periods = 0;
    for (uint32_t b = 0; b < 1 + below(3); ++b) {
      const uint32_t first = below(4), last = first + below(3);
      spec.brackets.push_back({first, last});
      spec.periods = std::max(spec.periods, last + 1);
    }
  }
  const int64_t from_ms = kTestBegin + below(3) * test.unit_ms();
  std::vector<int64_t> edges;
  for (uint32_t b = 0; b < spec.cohorts + spec.periods; ++b)
    edges.push_back(from_ms + b * test.unit_ms());
  edges.push_back(kTestBegin + 1000 * test.unit_ms());
  spec.buckets = TimeBuckets(edges);
  if (below(3) == 0)  // somewhere in the last cohort's bucket
    spec.starts_before_ms = spec.buckets.end(spec.cohorts - 1) - (1 + below(2)) * test.step_ms;
  spec.rolling = below(3) == 0;
  spec.rolling_unit_ms = test.unit_ms();
  spec.horizon_ms = kTestBegin + (15 + below(15)) * test.step_ms;
  if (spec.counted != Counted::kStreak && below(3) == 0) {
    spec.values = true;
    spec.properties = {kHeldProperty};
  }
  const uint32_t customers = 1 + below(3), count = 1 + below(12) * customers;
  for (uint32_t i = 0; i < count; ++i)
    test.events.push_back(
        {below(customers), "abcd"[below(4)], below(30) * test.step_ms, below(3) - int64_t{1}});
  return test;
}

std::string Describe(const History& test) {
  const RetentionSpec& spec = test.spec;
  std::string text = test.start + " then " + test.comeback + ", cohorts " +
                     std::to_string(spec.cohorts) + " periods " + std::to_string(spec.periods) +
                     " from " +
                     std::to_string((spec.buckets.begin(0) - kTestBegin) / test.step_ms) +
                     (spec.cohort == Cohort::kFirstTime ? " first time" : "") +
                     (spec.rolling ? " rolling to " : " to ") +
                     std::to_string((spec.horizon_ms - kTestBegin) / test.step_ms) + " counted " +
                     std::to_string(static_cast<int>(spec.counted));
  for (const RetentionSpec::Bracket& b : spec.brackets)
    text += " [" + std::to_string(b.first) + "," + std::to_string(b.last) + "]";
  for (const TestEvent& e : test.events) {
    text += "\n" + std::to_string(e.customer) + " " + e.letter + " at " +
            std::to_string(e.time_ms / test.step_ms) + " held " + std::to_string(e.held);
  }
  return text;
}

TEST(RetentionOracleTest, CountsWhatEveryMemberDid) {
  constexpr uint32_t kSeeds = 200;
  for (uint32_t seed = 0; seed < kSeeds; ++seed) {
    std::mt19937 random(seed);
    const History test = Draw(random);
    const TestLayout layout{.parts = 1 + static_cast<int>(random() % 3),
                            .month_ms = random() % 2 ? int64_t{1} << 31 : 7 * test.step_ms,
                            .members = 1 + static_cast<uint32_t>(random() % 3),
                            .stride = random() % 2 ? 1u : 40'000u};
    const TestSnapshot snapshot(test.events, layout);
    const BindSpec bind = RetentionBinding(test.spec);
    const Binding binding(snapshot.view(), bind, 1);
    const RetentionResult result = RunRetention(test.spec, binding, 1 + seed % 2);
    std::vector<std::vector<TestEvent>> timelines;
    for (uint32_t customer = 0; customer < 3; ++customer)
      timelines.push_back(TimelineOf(test, customer));
    for (uint32_t c = 0; c < test.spec.cohorts; ++c) {
      uint64_t size = 0;
      std::vector<uint64_t> came(test.columns(), 0), complete(test.columns(), 0);
      std::vector<int64_t> sums(test.columns(), 0);
      for (const std::vector<TestEvent>& timeline : timelines) {
        const int begin = MemberBy(test, timeline, c);
        if (begin < 0) continue;
        ++size;
        for (size_t k = 0; k < test.columns(); ++k) {
          const Found found = Column(test, timeline, c, static_cast<size_t>(begin), k);
          came[k] += found.came;
          sums[k] += found.came ? found.sum : 0;
          const int64_t last =
              test.spec.brackets.empty() ? static_cast<int64_t>(k) : test.spec.brackets[k].last;
          const int64_t over_ms =
              timeline[static_cast<size_t>(begin)].time_ms + (last + 1) * test.unit_ms();
          complete[k] += kTestBegin + over_ms <= test.spec.horizon_ms;
        }
      }
      const std::string at =
          "seed " + std::to_string(seed) + " cohort " + std::to_string(c) + ": " + Describe(test);
      ASSERT_EQ(result.everyone.sizes[c], size) << at;
      for (size_t k = 0; k < test.columns(); ++k) {
        const RetentionCell& cell = result.everyone.cells[c][k];
        ASSERT_EQ(cell.customers, came[k]) << at << " column " << k;
        if (test.spec.values) {
          ASSERT_EQ(static_cast<int64_t>(cell.whole_sum), sums[k]) << at << " column " << k;
        }
        if (test.spec.rolling) {
          ASSERT_EQ(cell.complete, complete[k]) << at << " column " << k;
        }
      }
    }
  }
}

}  // namespace
}  // namespace waypost::exec

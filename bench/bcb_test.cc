#include "bcb.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

namespace waypost::bench {
namespace {

constexpr uint32_t kUsers = 20'000;  // scale factor 0.01
constexpr int64_t kModulus = 1'000'000'007;

struct EventSums {
  int64_t rows = 0, users = 0, times = 0, events = 0, amounts = 0, products = 0, sessions = 0,
          durations = 0;
  auto operator<=>(const EventSums&) const = default;
};

EventSums SumEvents() {
  const Bcb bcb;
  EventSums sums;
  std::vector<BcbEvent> events;
  for (uint32_t id = 1; id <= kUsers; ++id) {
    const BcbUser user = bcb.User(id);
    bcb.Events(user, &events);
    sums.rows += static_cast<int64_t>(events.size());
    sums.users += !events.empty();
    for (const BcbEvent& e : events) {
      sums.times = (sums.times + e.time_ms) % kModulus;
      sums.events += e.event;
      sums.amounts += e.amount_cents;
      sums.products += e.product;
      sums.sessions = (sums.sessions + static_cast<int64_t>(BcbSessionId(user, e))) % kModulus;
      sums.durations += e.duration_ms;
    }
  }
  return sums;
}

// The numbers are the specification's own, for its smallest scale.
TEST(BcbTest, EventsHaveThePublishedSums) {
  const EventSums want{1'068'238,      19'177,     711'594'092, 15'057'285,
                       32'339'165'354, 34'080'261, 294'301'062, 25'612'772'793};
  const EventSums got = SumEvents();
  EXPECT_EQ(got.rows, want.rows);
  EXPECT_EQ(got.users, want.users);
  EXPECT_EQ(got.times, want.times);
  EXPECT_EQ(got.events, want.events);
  EXPECT_EQ(got.amounts, want.amounts);
  EXPECT_EQ(got.products, want.products);
  EXPECT_EQ(got.sessions, want.sessions);
  EXPECT_EQ(got.durations, want.durations);
}

TEST(BcbTest, UsersHaveThePublishedSums) {
  const Bcb bcb;
  int64_t aum = 0, score = 0, city = 0, vip = 0;
  for (uint32_t id = 1; id <= kUsers; ++id) {
    const BcbUser user = bcb.User(id);
    aum = (aum + user.aum_cents) % kModulus;
    score += user.score;
    city += user.city;
    vip += user.vip >= 1;
  }
  EXPECT_EQ(std::tuple(aum, score, city, vip), std::tuple(107'059'158, 14'142'682, 960'446, 3930));
}

// The number of rows is the specification's; the other is what its question 17 finds of them.
TEST(BcbTest, HoldingsAreAsManyAsPublished) {
  const Bcb bcb;
  size_t rows = 0, invested = 0;
  std::vector<BcbHolding> holdings;
  for (uint32_t id = 1; id <= kUsers; ++id) {
    bcb.Holdings(bcb.User(id), &holdings);
    rows += holdings.size();
    int64_t sum = 0;
    for (const BcbHolding& holding : holdings) {
      const std::string_view type = BcbProductType(holding.product);
      if (type == "fund" || type == "wealth") sum += holding.amount_cents;
    }
    invested += sum >= 1'000'000;
  }
  EXPECT_EQ(rows, 17'618u);
  EXPECT_EQ(invested, 3'259u);
}

TEST(BcbTest, TimeIncreasesInsideAUser) {
  const Bcb bcb;
  std::vector<BcbEvent> events;
  for (uint32_t id = 1; id <= 500; ++id) {
    bcb.Events(bcb.User(id), &events);
    EXPECT_TRUE(
        std::is_sorted(events.begin(), events.end(),
                       [](const BcbEvent& a, const BcbEvent& b) { return a.time_ms <= b.time_ms; }))
        << id;
  }
}

}  // namespace
}  // namespace waypost::bench

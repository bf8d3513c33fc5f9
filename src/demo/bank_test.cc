#include "demo/bank.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/batch.h"
#include "model/tracking_plan.h"

namespace waypost::demo {
namespace {

constexpr int64_t kNow = 1'774'972'800'000;  // 2026-04-01 00:00, the bank's time
constexpr int64_t kDay = 24 * 3600 * 1000;

std::vector<Bytes> Batches(const BankSpec& spec) {
  std::vector<Bytes> batches;
  EXPECT_TRUE(WriteBank(spec, [&](Bytes batch) -> Result<> {
                batches.push_back(std::move(batch));
                return {};
              }).ok());
  return batches;
}

// Calls `see` with every item and the names of its batch.
template <typename See>
void ForEachItem(const BankSpec& spec, See see) {
  for (const Bytes& batch : Batches(spec)) {
    auto reader = BatchReader::Open(batch);
    ASSERT_TRUE(reader.ok()) << reader.error().message();
    for (size_t i = 0; i < reader.value().item_count(); ++i) {
      auto item = reader.value().Next();
      ASSERT_TRUE(item.ok() && item.value());
      see(*item.value(), reader.value().names());
    }
  }
}

std::map<std::string, int> EventCounts(const BankSpec& spec) {
  std::map<std::string, int> counts;
  ForEachItem(spec, [&](const ItemView& item, auto) {
    if (item.kind == ItemKind::kEvent) ++counts[std::string(item.what)];
  });
  return counts;
}

TEST(BankTest, TheSameSpecGivesTheSameBytes) {
  const BankSpec spec{.customers = 50, .now_ms = kNow};
  EXPECT_EQ(Batches(spec), Batches(spec));
  EXPECT_NE(Batches(spec), Batches({.seed = 2, .customers = 50, .now_ms = kNow}));
}

TEST(BankTest, ACustomerIsTheSameInABankOfAnySize) {
  const auto small = Batches({.customers = 20, .now_ms = kNow});
  const auto large = Batches({.customers = 60, .now_ms = kNow});
  ASSERT_EQ(small.size(), 1u);
  ASSERT_EQ(large.size(), 3u);
  EXPECT_EQ(small[0], large[0]);
}

TEST(BankTest, StopsAtTheFirstErrorOfTheSink) {
  int calls = 0;
  const auto result = WriteBank({.customers = 100, .now_ms = kNow}, [&](Bytes) -> Result<> {
    if (++calls == 2) return Error(Code::kUnavailable, "storage_full", "no space");
    return {};
  });
  EXPECT_FALSE(result.ok());
  EXPECT_EQ(calls, 2);
}

TEST(BankTest, TwentyThousandCustomersMakeAboutAMillionEvents) {
  int events = 0;
  for (const auto& [name, count] : EventCounts({.customers = 2'000, .now_ms = kNow}))
    events += count;
  EXPECT_THAT(events, testing::AllOf(testing::Ge(90'000), testing::Le(130'000)));
}

TEST(BankTest, NothingHappensOutsideThePeriod) {
  ForEachItem({.customers = 200, .days = 30, .now_ms = kNow - 5}, [](const ItemView& item, auto) {
    EXPECT_LT(item.meta.time_ms, kNow - 5) << item.what;
    EXPECT_GE(item.meta.time_ms, kNow - 30 * kDay) << item.what;
  });
}

TEST(BankTest, FunnelsNarrow) {
  auto counts = EventCounts({.customers = 2'000, .now_ms = kNow});
  EXPECT_GT(counts["product_detail"], 3 * counts["buy_click"]);
  EXPECT_GT(counts["buy_click"], counts["pay_submit"]);
  EXPECT_GT(counts["pay_submit"], counts["purchase_success"]);
  EXPECT_GT(counts["purchase_success"], 100);
  EXPECT_GT(counts["loan_approved"], 0);
}

TEST(BankTest, TheFirstLoginJoinsDeviceAndCustomer) {
  std::set<std::string> linked;
  ForEachItem({.customers = 200, .now_ms = kNow}, [&](const ItemView& item, auto) {
    if (item.kind == ItemKind::kLink) {
      ASSERT_EQ(item.identities.size(), 2u);
      EXPECT_TRUE(linked.insert(std::string(item.identities[0].value)).second);
    } else if (item.what == "login_success") {
      EXPECT_TRUE(linked.contains(std::string(item.identities[0].value)));
    }
  });
  EXPECT_GT(linked.size(), 100u);
}

TEST(BankTest, FitsItsTrackingPlanInStrictMode) {
  TrackingPlan plan;
  PlanChange change = BankPlan("default");
  change.mode = PlanMode::kStrict;
  ASSERT_TRUE(plan.Apply(change).ok());
  ForEachItem({.customers = 500, .now_ms = kNow}, [&](const ItemView& item, auto names) {
    if (item.kind == ItemKind::kEvent) {
      EXPECT_TRUE(plan.ObserveEvent(item.what, item.meta.time_ms).ok()) << item.what;
    }
    for (const PropertyView& p : item.properties) {
      const Verdict verdict = plan.Observe(names[p.name], p.value, kSeenOnEvents);
      EXPECT_TRUE(verdict.ok()) << names[p.name] << " " << verdict.mismatch;
    }
  });
}

TEST(BankTest, ItsPlanHasNoNameTheBankDoesNotUse) {
  std::set<std::string> used;
  ForEachItem({.customers = 2'000, .now_ms = kNow}, [&](const ItemView& item, auto names) {
    if (item.kind == ItemKind::kEvent) used.insert(std::string(item.what));
    for (const PropertyView& p : item.properties) used.insert(std::string(names[p.name]));
  });
  std::set<std::string> planned;
  for (const EventChange& event : BankPlan("default").events) planned.insert(event.name);
  for (const PropertyChange& property : BankPlan("default").properties)
    planned.insert(property.name);
  EXPECT_EQ(used, planned);
}

}  // namespace
}  // namespace waypost::demo

#include "demo/bank.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
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
  for (const auto& [name, count] : EventCounts({.customers = 500, .now_ms = kNow})) events += count;
  EXPECT_THAT(events, testing::AllOf(testing::Ge(20'000), testing::Le(35'000)));
}

TEST(BankTest, NothingHappensOutsideThePeriod) {
  ForEachItem({.customers = 200, .days = 30, .now_ms = kNow - 5}, [](const ItemView& item, auto) {
    EXPECT_LT(item.meta.time_ms, kNow - 5) << item.what;
    EXPECT_GE(item.meta.time_ms, kNow - 30 * kDay) << item.what;
  });
}

TEST(BankTest, FunnelsNarrow) {
  auto counts = EventCounts({.customers = 500, .now_ms = kNow});
  EXPECT_GT(counts["product_detail"], 3 * counts["buy_click"]);
  EXPECT_GT(counts["buy_click"], counts["pay_submit"]);
  EXPECT_GT(counts["pay_submit"], counts["purchase_success"]);
  EXPECT_GT(counts["purchase_success"], 25);
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
  ForEachItem({.customers = 200, .now_ms = kNow}, [&](const ItemView& item, auto names) {
    if (item.kind == ItemKind::kEvent) {
      EXPECT_TRUE(plan.ObserveEvent(item.what, item.meta.time_ms).ok()) << item.what;
    }
    for (const PropertyView& p : item.properties) {
      const Verdict verdict = plan.Observe(names[p.name], p.value, kSeenOnEvents);
      EXPECT_TRUE(verdict.ok()) << names[p.name] << " " << verdict.mismatch;
    }
  });
}

TEST(BankTest, HoldingsAreWhatWasBoughtAndIsNotDueAndRowsFitTheirTables) {
  std::map<std::string, Table> tables;
  for (Table& table : BankTables()) tables.emplace(table.id, std::move(table));
  std::map<std::string, std::set<std::string>> keys;  // of rows, by table
  std::set<std::pair<std::string, std::string>> bought;
  int held_of_bought = 0;
  ForEachItem({.customers = 300, .now_ms = kNow, .tables = true},
              [&](const ItemView& item, auto names) {
                const auto text = [&](std::string_view name) {
                  for (const PropertyView& p : item.properties) {
                    if (names[p.name] == name) return std::string(p.value.text);
                  }
                  return std::string();
                };
                if (item.what == "purchase_success")
                  bought.emplace(item.identities[0].value, text("product_id"));
                if (item.kind != ItemKind::kRow) return;
                const Table& table = tables.at(std::string(item.what));
                for (const PropertyView& p : item.properties) {
                  const auto column = table.FindColumn(names[p.name]);
                  ASSERT_TRUE(column) << names[p.name];
                  EXPECT_EQ(table.columns[*column].type, p.value.type) << names[p.name];
                  if (names[p.name] == "matures") {
                    EXPECT_GT(p.value.whole, kNow / kDay);
                  }
                  const std::string& refers = table.columns[*column].refers;
                  if (!refers.empty()) {
                    EXPECT_TRUE(keys[refers].contains(std::string(p.value.text))) << refers;
                  }
                }
                EXPECT_EQ(item.identities.empty(), table.owner == Table::Owner::kNobody);
                EXPECT_TRUE(keys[table.id].insert(text(table.key[0])).second) << table.id;
                if (table.id == "holding")
                  held_of_bought +=
                      bought.contains({std::string(item.identities[0].value), text("product_id")});
              });
  EXPECT_GE(keys["account"].size(), 300u);
  EXPECT_GT(held_of_bought, 20);
}

TEST(BankTest, VisitsOfADayAreOfCustomersOfTheBankAndNeverInTheFuture) {
  BankDay day({.customers = 10, .now_ms = kNow});
  std::set<std::string> seen, ids;
  for (int i = 0; i < 60; ++i) {
    const Bytes batch = day.Visit(kNow + i);
    auto reader = BatchReader::Open(batch).value();
    for (size_t n = 0; n < reader.item_count(); ++n) {
      const auto item = reader.Next().value();
      EXPECT_LT(item->meta.time_ms, kNow + i);
      EXPECT_TRUE(ids.insert(std::string(item->meta.message_id)).second);
      const std::string_view who = item->identities[0].value;
      if (who.starts_with("C")) seen.emplace(who);
    }
  }
  EXPECT_THAT(seen.size(), testing::AllOf(testing::Gt(5u), testing::Le(10u)));
}

TEST(BankTest, ACampaignRunsInItsMonthsAndWhoIsHeldOutGetsNoPush) {
  std::map<std::string, std::string> groups;
  int pushes = 0;
  // March, in which nobody speaks of gold.
  ForEachItem({.customers = 500, .days = 31, .now_ms = kNow},
              [&](const ItemView& item, auto names) {
                for (const PropertyView& p : item.properties) {
                  if (names[p.name] == "touch_group")
                    groups[std::string(item.identities[0].value)] = p.value.text;
                  if (names[p.name] == "campaign") {
                    EXPECT_NE(p.value.text, "积存金周周惠");
                  }
                }
                if (item.what != "push_receive") return;
                ++pushes;
                EXPECT_EQ(groups.at(std::string(item.identities[0].value)), "触达组");
              });
  EXPECT_GT(pushes, 50);
  EXPECT_GT(std::ranges::count_if(groups, [](auto& group) { return group.second == "对照组"; }),
            20);
}

TEST(BankTest, ItsPlanHasNoNameTheBankDoesNotUse) {
  std::set<std::string> used;
  ForEachItem({.customers = 600, .now_ms = kNow}, [&](const ItemView& item, auto names) {
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

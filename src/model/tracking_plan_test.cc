#include "model/tracking_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waypost {
namespace {

using ::testing::ElementsAre;

TEST(TrackingPlanTest, TheFirstSightDeclaresTheType) {
  TrackingPlan plan;
  const Verdict price = plan.Observe("price", Value::Double(1.5), kSeenOnEvents);
  ASSERT_TRUE(price.ok());
  EXPECT_EQ(price.property, kFirstPlanProperty);
  EXPECT_EQ(plan.Observe("name", Value::String("x"), kSeenOnCustomers).property,
            kFirstPlanProperty + 1);
  EXPECT_EQ(plan.Observe("price", Value::String("x"), kSeenOnCustomers).mismatch, "type_mismatch");
  EXPECT_EQ(plan.Observe(price.property, Value::Int(2), kSeenOnEvents).value, Value::Double(2));

  const PlanProperty& property = *plan.FindProperty("price");
  EXPECT_EQ(property.type, ValueType::kDouble);
  EXPECT_EQ(property.count, 2u);
  EXPECT_EQ(property.mismatches, 1u);
  EXPECT_EQ(property.seen_on, kSeenOnEvents | kSeenOnCustomers);
  EXPECT_FALSE(property.declared);
  EXPECT_EQ(plan.FindProperty("other"), nullptr);
}

TEST(TrackingPlanTest, IntsWidenToDoublesAtTheFirstFractionUnlessDeclared) {
  TrackingPlan plan;
  EXPECT_EQ(plan.Observe("n", Value::Int(1), kSeenOnEvents).value, Value::Int(1));
  EXPECT_EQ(plan.Observe("n", Value::Double(2), kSeenOnEvents).value, Value::Int(2));
  EXPECT_EQ(plan.Observe("n", Value::Double(2.5), kSeenOnEvents).value, Value::Double(2.5));
  EXPECT_EQ(plan.Observe("n", Value::Int(3), kSeenOnEvents).value, Value::Double(3));

  ASSERT_TRUE(plan.Apply({.properties = {{.name = "age", .type = ValueType::kInt}}}).ok());
  EXPECT_EQ(plan.Observe("age", Value::Double(2.5), kSeenOnEvents).mismatch, "type_mismatch");
}

TEST(TrackingPlanTest, CountsEventsAndTheirFirstAndLastTime) {
  TrackingPlan plan;
  EXPECT_EQ(plan.ObserveEvent("a", 50).event, 0u);
  EXPECT_EQ(plan.ObserveEvent("b", 10).event, 1u);
  EXPECT_EQ(plan.ObserveEvent("a", -20).event, 0u);
  plan.ObserveEvent(EventTypeId{0}, 40);
  const PlanEvent& event = plan.events()[0];
  EXPECT_EQ(event.count, 3u);
  EXPECT_EQ(event.first_ms, -20);
  EXPECT_EQ(event.last_ms, 50);
}

TEST(TrackingPlanTest, StrictModeTakesOnlyWhatIsDeclared) {
  TrackingPlan plan;
  plan.ObserveEvent("seen", 1);
  plan.Observe("seen_too", Value::Int(1), kSeenOnEvents);
  ASSERT_TRUE(plan.Apply({.mode = PlanMode::kStrict,
                          .properties = {{.name = "amount", .type = ValueType::kDecimal}},
                          .events = {{.name = "pay", .display_zh = "支付"}}})
                  .ok());
  EXPECT_TRUE(plan.ObserveEvent("pay", 1).ok());
  EXPECT_TRUE(plan.Observe("amount", Value::Double(9.99), kSeenOnEvents).ok());
  EXPECT_EQ(plan.ObserveEvent("seen", 1).mismatch, "undeclared");
  EXPECT_EQ(plan.ObserveEvent("new", 1).mismatch, "undeclared");
  EXPECT_EQ(plan.Observe("seen_too", Value::Int(1), kSeenOnEvents).mismatch, "undeclared");
  EXPECT_EQ(plan.Observe("new", Value::Int(1), kSeenOnEvents).mismatch, "undeclared");
  EXPECT_EQ(plan.FindEvent("new"), nullptr);
  EXPECT_EQ(plan.FindEvent("pay")->display_zh, "支付");
}

TEST(TrackingPlanTest, EventsWithoutARequiredPropertyAreCounted) {
  TrackingPlan plan;
  ASSERT_TRUE(plan.Apply({.properties = {{.name = "amount", .type = ValueType::kInt}},
                          .events = {{.name = "pay",
                                      .required = std::vector<std::string>{"amount", "amount"}}}})
                  .ok());
  const EventTypeId pay = plan.ObserveEvent("pay", 1).event;
  const PropertyId amount = plan.FindProperty("amount")->id;
  EXPECT_THAT(plan.events()[pay].required, ElementsAre(amount));
  EXPECT_FALSE(plan.ObserveCompleteness(pay, {}));
  EXPECT_TRUE(plan.ObserveCompleteness(pay, std::vector{amount}));
  EXPECT_EQ(plan.events()[pay].incomplete, 1u);
}

TEST(TrackingPlanTest, SensitivePropertiesTakeNoValues) {
  TrackingPlan plan;
  plan.Observe("note", Value::String("x"), kSeenOnEvents);
  ASSERT_TRUE(plan.Apply({.properties = {{.name = "note", .data_class = DataClass::kC3}}}).ok());
  EXPECT_EQ(plan.Observe("note", Value::String("y"), kSeenOnEvents).mismatch, "sensitive");
}

TEST(TrackingPlanTest, ColumnsOfEveryEventAreFoundButNotWritten) {
  TrackingPlan plan;
  EXPECT_EQ(plan.FindProperty("$ingest_time")->id, kIngestTimeProperty);
  EXPECT_EQ(plan.FindProperty(kLibraryProperty)->name, "$library");
  EXPECT_EQ(plan.FindProperty(PropertyId{9}), nullptr);
  EXPECT_EQ(plan.Observe("$source", Value::String("x"), kSeenOnEvents).mismatch, "reserved_name");
  EXPECT_EQ(plan.Observe(kSourceProperty, Value::String("x"), kSeenOnEvents).mismatch,
            "reserved_name");
  EXPECT_TRUE(plan.properties().empty());
}

TEST(TrackingPlanTest, AFullPlanTakesNoNewNamesButGoesOn) {
  TrackingPlan plan;
  for (size_t i = 0; i < kMaxPlanProperties; ++i) {
    ASSERT_TRUE(plan.Observe("p" + std::to_string(i), Value::Int(1), kSeenOnEvents).ok());
  }
  for (size_t i = 0; i < kMaxPlanEvents; ++i) {
    ASSERT_TRUE(plan.ObserveEvent("e" + std::to_string(i), 1).ok());
  }
  EXPECT_EQ(plan.Observe("more", Value::Int(1), kSeenOnEvents).mismatch, "plan_full");
  EXPECT_EQ(plan.ObserveEvent("more", 1).mismatch, "plan_full");
  EXPECT_TRUE(plan.Observe("p9999", Value::Int(1), kSeenOnEvents).ok());
  EXPECT_TRUE(plan.ObserveEvent("e4999", 1).ok());
  EXPECT_EQ(plan.Apply({.events = {{.name = "more"}}}).error().name(), "plan_full");
}

TEST(TrackingPlanTest, AChangeAppliesWholeOrNotAtAll) {
  const struct {
    PlanChange change;
    const char* error;
  } cases[] = {
      {{.properties = {{.name = ""}}}, "bad_name"},
      {{.properties = {{.name = std::string(129, 'x')}}}, "bad_name"},
      {{.properties = {{.name = "new"}}}, "bad_type"},
      {{.properties = {{.name = "$source", .type = ValueType::kInt}}}, "reserved_name"},
      {{.properties = {{.name = "text", .type = ValueType::kInt}}}, "type_conflict"},
      {{.events = {{.name = "e", .required = std::vector<std::string>{"nowhere"}}}},
       "unknown_property"},
  };
  TrackingPlan plan;
  plan.Observe("text", Value::String("x"), kSeenOnEvents);
  for (const auto& c : cases) {
    PlanChange change = c.change;
    change.mode = PlanMode::kStrict;
    change.properties.insert(change.properties.begin(), {.name = "good", .type = ValueType::kInt});
    EXPECT_EQ(plan.Apply(change).error().name(), c.error);
    EXPECT_EQ(plan.mode(), PlanMode::kOpen) << c.error;
    EXPECT_EQ(plan.FindProperty("good"), nullptr) << c.error;
  }
}

TrackingPlan BusyPlan() {
  TrackingPlan plan;
  plan.ObserveEvent("a", -5);
  plan.ObserveEvent("b", 7);
  plan.Observe("x", Value::Int(1), kSeenOnEvents);
  plan.Observe("x", Value::String(""), kSeenOnItems);
  plan.Observe("y", Value::DateTime(1), kSeenOnCustomers);
  EXPECT_TRUE(
      plan.Apply({.mode = PlanMode::kStrict,
                  .properties = {{.name = "x",
                                  .data_class = DataClass::kC1,
                                  .display_zh = "甲",
                                  .display_en = "ex"}},
                  .events = {{.name = "b", .required = std::vector<std::string>{"y", "x"}}}})
          .ok());
  plan.ObserveCompleteness(1, {});
  return plan;
}

TEST(TrackingPlanTest, ASavedPlanIsTheSamePlan) {
  const TrackingPlan plan = BusyPlan();
  const Bytes saved = plan.Encode();
  TrackingPlan loaded = TrackingPlan::Decode(saved).value();
  EXPECT_EQ(loaded.Encode(), saved);
  EXPECT_EQ(loaded.mode(), PlanMode::kStrict);
  EXPECT_EQ(loaded.FindProperty("x")->display_zh, "甲");
  EXPECT_EQ(loaded.FindProperty("x")->mismatches, 1u);
  EXPECT_EQ(loaded.FindEvent("b")->incomplete, 1u);
  EXPECT_EQ(loaded.FindEvent("a")->first_ms, -5);
  EXPECT_EQ(loaded.Observe("x", Value::Int(2), kSeenOnEvents).property, kFirstPlanProperty);
}

TEST(TrackingPlanTest, ADamagedSavedPlanIsAnError) {
  const Bytes saved = BusyPlan().Encode();
  for (size_t size = 0; size < saved.size(); ++size) {
    EXPECT_FALSE(TrackingPlan::Decode(std::span(saved).first(size)).ok()) << size;
  }
}

TEST(PlanChangeTest, IsReadBackAsWritten) {
  const PlanChange change = {
      .project = "default",
      .mode = PlanMode::kOpen,
      .properties = {{.name = "a", .type = ValueType::kDate, .data_class = DataClass::kC3},
                     {.name = "b", .display_zh = "乙", .display_en = ""}},
      .events = {{.name = "e", .required = std::vector<std::string>{}},
                 {.name = "f", .display_en = "F", .required = std::vector<std::string>{"a", "b"}},
                 {.name = "g"}}};
  const Bytes bytes = change.Encode();
  EXPECT_EQ(PlanChange::Decode(bytes).value(), change);
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(PlanChange::Decode(std::span(bytes).first(size)).ok()) << size;
  }
}

}  // namespace
}  // namespace waypost

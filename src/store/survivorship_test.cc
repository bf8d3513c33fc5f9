#include "store/survivorship.h"

#include <gtest/gtest.h>

#include "model/batch.h"

namespace waypost::store {
namespace {

AttributeValue Set(int64_t value, int64_t time_ms, std::string_view source = "") {
  return {.value = Value::Int(value), .time_ms = time_ms, .source = source};
}
AttributeValue Once(int64_t value, int64_t time_ms) {
  return {.value = Value::Int(value), .time_ms = time_ms, .once = true};
}
AttributeValue Counted(int64_t value, int64_t time_ms) {
  return {.value = Value::Int(value), .time_ms = time_ms, .added = true};
}
AttributeValue Removed(int64_t time_ms) {
  return {.value = {ValueType::kInt}, .time_ms = time_ms, .removed = true};
}

constexpr int64_t kNothing = -1;

struct Case {
  const char* name;
  SurvivorRule rule;
  std::vector<AttributeValue> values;
  int64_t survivor;
  int64_t time_ms = 0;
};

TEST(SurvivorshipTest, TheRuleSaysWhichValueIsTheCustomers) {
  const SurvivorRule last, first{Survivorship::kFirst}, min{Survivorship::kMin},
      max{Survivorship::kMax}, source{Survivorship::kSource, {"crm", "app"}},
      all{Survivorship::kUnion};
  const Case cases[] = {
      {"nobody has any", last, {}, kNothing},
      {"the latest", last, {Set(1, 30), Set(2, 20)}, 1, 30},
      {"of equals the last", last, {Set(1, 30), Set(2, 30)}, 2, 30},
      {"the earliest", first, {Set(1, 30), Set(2, 20)}, 2, 20},
      {"the smallest", min, {Set(3, 30), Set(2, 20), Set(5, 40)}, 2, 20},
      {"the greatest", max, {Set(3, 30), Set(9, 20), Set(5, 40)}, 9, 20},
      {"the best source", source, {Set(1, 30, "app"), Set(2, 20, "crm"), Set(3, 90, "web")}, 2, 20},
      {"the latest of one source", source, {Set(1, 30, "app"), Set(2, 40, "app")}, 2, 40},
      {"a union of numbers is the latest", all, {Set(1, 30), Set(2, 20)}, 1, 30},
      {"a removal takes away what was before", last, {Set(1, 30), Removed(31)}, kNothing},
      {"and nothing after it", min, {Set(1, 30), Set(2, 32), Removed(31)}, 2, 32},
      {"set once gives way", last, {Once(1, 90), Set(2, 20)}, 2, 20},
      {"the earliest of set once", last, {Once(1, 90), Once(2, 20)}, 2, 20},
      {"counters add up", last, {Counted(3, 10), Counted(2, 40)}, 5, 40},
      {"on top of what was set before", last, {Counted(3, 50), Set(10, 20)}, 13, 50},
      {"but not of what was set after", last, {Counted(3, 10), Set(10, 20)}, 10, 20},
      {"a removal takes counters away", last, {Counted(3, 10), Removed(20), Counted(1, 30)}, 1, 30},
  };
  for (const Case& c : cases) {
    std::string text;
    const auto survivor = Survivor(c.rule, c.values, &text);
    EXPECT_EQ(survivor ? survivor->value.whole : kNothing, c.survivor) << c.name;
    EXPECT_EQ(survivor ? survivor->time_ms : 0, c.time_ms) << c.name;
  }
}

TEST(SurvivorshipTest, ListsAreUnitedWhenTheRuleSaysSoOrTheyWereAppended) {
  const auto list = [](std::vector<std::string_view> items) { return PackList(items); };
  const std::string a = list({"x", "y"}), b = list({"y", "z"}), both = list({"x", "y", "z"});
  for (const bool added : {false, true}) {
    const AttributeValue values[] = {
        {.value = Value::List(a), .time_ms = 10, .added = added},
        {.value = Value::List(b), .time_ms = 20, .added = added},
    };
    std::string text;
    EXPECT_EQ(Survivor({}, values, &text)->value.text, added ? both : b);
    const std::string united(Survivor({Survivorship::kUnion}, values, &text)->value.text);
    EXPECT_EQ(ListItems(united).size(), 3u);
  }
}

}  // namespace
}  // namespace waypost::store

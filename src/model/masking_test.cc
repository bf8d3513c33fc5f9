#include "model/masking.h"

#include <gtest/gtest.h>

namespace waypost {
namespace {

TEST(MaskingTest, AMaskTellsValuesApartAndHidesWhatTheyAre) {
  constexpr struct {
    std::string_view text, masked;
  } kCases[] = {{"", ""},
                {"李", "*"},
                {"李娜", "李*"},
                {"欧阳小娜", "欧***"},
                {"上海陆家嘴", "上****"},
                {"12345678", "123****"},
                {"13812345678", "138****5678"},
                {"110101199003071234", "110****1234"},
                {"li.na@example.com", "li.****.com"},
                {"\x80\x80", ""}};
  for (const auto& [text, masked] : kCases) EXPECT_EQ(Masked(text), masked) << text;
}

TEST(MaskingTest, WhatIsNotClassedOtherwiseIsAPersons) {
  TrackingPlan plan;
  ASSERT_TRUE(plan.Apply({.properties = {{.name = "city",
                                          .type = ValueType::kString,
                                          .data_class = DataClass::kC1}}})
                  .ok());
  plan.Observe("note", Value::String("x"), kSeenOnCustomers);
  EXPECT_FALSE(IsPersonal(*plan.FindProperty("city")));
  EXPECT_TRUE(IsPersonal(*plan.FindProperty("note")));
  EXPECT_TRUE(IsPersonalKey("phone"));
  EXPECT_FALSE(IsPersonalKey("login"));
}

}  // namespace
}  // namespace waypost

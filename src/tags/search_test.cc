#include "tags/search.h"

#include <gtest/gtest.h>

namespace waypost::tags {
namespace {

struct SearchCase {
  const char *text, *query;
  bool has;
};

TEST(SearchTest, ATextIsFoundInChinesePinyinAndEnglish) {
  const SearchCase cases[] = {
      {"资产层级 Asset tier", "资产", true},
      {"资产层级 Asset tier", "asset", true},
      {"资产层级 Asset tier", "TIER 层级", true},
      {"资产层级 Asset tier", "zichan", true},
      {"资产层级 Asset tier", "ziChanCengJi", true},
      {"资产层级 Asset tier", "zccj", true},
      {"资产层级 Asset tier", "cengji asset", true},
      {"资产层级 Asset tier", "jiceng", false},
      {"近30天交易次数", "jin30tian", true},
      {"近30天交易次数", "jiaoyi", true},
      {"Asset tier", "zichan", false},
      {"任何", "", true},
      {"绿色金融", "lvse", false},
      {"绿色金融", "lus", true},
  };
  for (const SearchCase& c : cases)
    EXPECT_EQ(SearchText(c.text).Has(c.query), c.has) << c.text << " / " << c.query;
}

TEST(SearchTest, BrokenTextFindsNothingAndHarmsNothing) {
  EXPECT_FALSE(SearchText("a\xff\xe4\xb8").Has("b"));
  EXPECT_TRUE(SearchText("a\xff\xe4\xb8").Has("a"));
}

}  // namespace
}  // namespace waypost::tags

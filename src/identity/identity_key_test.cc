#include "identity/identity_key.h"

#include <gtest/gtest.h>

namespace waypost::identity {
namespace {

TEST(IdentityKeyTest, ValuesAreWrittenInOneWay) {
  struct Case {
    const char *key, *value, *normalised;
  };
  for (const Case& c : {
           Case{"login", "  u 1\t", "u 1"},
           {"login", "U1", "U1"},
           {"phone", "+86 138-1234-5678", "13812345678"},
           {"phone", "008613812345678", "13812345678"},
           {"phone", "8613812345678", "13812345678"},
           {"phone", "(020) 8765 4321", "02087654321"},
           {"phone", "+44 7911 123456", "447911123456"},
           {"phone", "86100000", "86100000"},
           {"phone", "sha256:ab12", "sha256:ab12"},
           {"email", " Ann@Bank.CN ", "ann@bank.cn"},
           {"device", "A-b", "A-b"},
       }) {
    EXPECT_EQ(Normalised(c.key, c.value), c.normalised) << c.key << " " << c.value;
  }
}

TEST(IdentityKeyTest, ValuesThatStandForNobodyAreBlocked) {
  for (const char* value : {"", "0", "0000", "-", "-1", "null", "NULL", "undefined", "None", "NaN",
                            "(null)", "[object Object]", "00000000-0000-0000-0000-000000000000"}) {
    EXPECT_TRUE(IsBlocked(value)) << value;
  }
  for (const char* value : {"1", "10", "-2", "null1", "a", "u0", "0a"})
    EXPECT_FALSE(IsBlocked(value)) << value;
}

TEST(IdentityKeyTest, UnknownKeysAreWeak) {
  EXPECT_EQ(TraitsOf("login").strength, Strength::kStrong);
  EXPECT_EQ(TraitsOf("device").strength, Strength::kWeak);
  EXPECT_EQ(TraitsOf("whatever").strength, Strength::kWeak);
  EXPECT_LT(TraitsOf("customer_no").rank, TraitsOf("login").rank);
}

}  // namespace
}  // namespace waypost::identity

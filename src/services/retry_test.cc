#include "services/retry.h"

#include <gtest/gtest.h>

namespace waypost::services {
namespace {

TEST(RetryTest, PausesDoubleUntilTheLongest) {
  EXPECT_EQ(DoublingPauseMs(0, 500, 60'000), 500);
  EXPECT_EQ(DoublingPauseMs(1, 500, 60'000), 1'000);
  EXPECT_EQ(DoublingPauseMs(6, 500, 60'000), 32'000);
  EXPECT_EQ(DoublingPauseMs(7, 500, 60'000), 60'000);
  EXPECT_EQ(DoublingPauseMs(4'000'000'000, 500, 60'000), 60'000);
}

}  // namespace
}  // namespace waypost::services

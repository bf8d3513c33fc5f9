#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace waypost {
namespace {

Result<int> Half(int n) {
  if (n % 2 != 0) return Error(Code::kInvalid, "odd", "not even: " + std::to_string(n));
  return n / 2;
}

Result<int> Quarter(int n) { return TRY(Half(TRY(Half(n)))); }

TEST(ResultTest, TryGivesTheValueOrReturnsTheError) {
  EXPECT_EQ(Quarter(12).value(), 3);
  EXPECT_EQ(Quarter(6).error().name(), "odd");
  EXPECT_EQ(Quarter(6).error().message(), "not even: 3");
}

TEST(ResultTest, CarriesValuesThatOnlyMove) {
  Result<std::unique_ptr<int>> made = std::make_unique<int>(7);
  const std::unique_ptr<int> taken = std::move(made).value();
  EXPECT_EQ(*taken, 7);
}

TEST(ResultTest, WhileSaysWhatWasBeingDone) {
  EXPECT_EQ(Error(Code::kIo, "disk gone").While("read footer").message(), "read footer: disk gone");
}

TEST(ResultDeathTest, AskingAFailureForItsValueStopsTheProgram) {
  EXPECT_DEATH((void)Half(1).value(), "CHECK failed");
}

}  // namespace
}  // namespace waypost

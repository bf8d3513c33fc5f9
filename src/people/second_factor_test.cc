#include "people/second_factor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/sim_random.h"

namespace waypost::people {
namespace {

constexpr std::string_view kSecret = "12345678901234567890";  // of RFC 6238, appendix B

TEST(SecondFactorTest, CodesAreThoseOfTheRfc) {
  const struct {
    int64_t seconds;
    std::string_view code;
  } kCases[] = {{59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
                {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"}};
  for (const auto& [seconds, code] : kCases)
    EXPECT_EQ(CodeOf(kSecret, seconds * 1'000 / kStepMs, 8), code);
}

TEST(SecondFactorTest, Base32IsThatOfTheRfc) {
  for (const auto& [bytes, text] : {std::pair<std::string_view, std::string_view>{"", ""},
                                    {"f", "MY"},
                                    {"fo", "MZXQ"},
                                    {"foo", "MZXW6"},
                                    {"foob", "MZXW6YQ"},
                                    {"fooba", "MZXW6YTB"},
                                    {"foobar", "MZXW6YTBOI"}}) {
    EXPECT_EQ(Base32(bytes), text);
  }
}

TEST(SecondFactorTest, ACodeCountsOnceAndOneStepEarlyOrLate) {
  constexpr int64_t kNowMs = 1'750'000'000'000, kStep = kNowMs / kStepMs;
  const auto uses = [](int64_t step) {
    SecondFactor factor{.secret = std::string(kSecret), .confirmed = true};
    return factor.Use(CodeOf(kSecret, step), kNowMs);
  };
  EXPECT_FALSE(uses(kStep - 2));
  EXPECT_TRUE(uses(kStep - 1));
  EXPECT_TRUE(uses(kStep));
  EXPECT_TRUE(uses(kStep + 1));
  EXPECT_FALSE(uses(kStep + 2));

  SecondFactor factor{.secret = std::string(kSecret), .confirmed = true};
  const std::string code = CodeOf(kSecret, kStep);
  EXPECT_TRUE(factor.Use(code.substr(0, 3) + " " + code.substr(3), kNowMs));
  EXPECT_FALSE(factor.Use(code, kNowMs));
  EXPECT_FALSE(factor.Use(CodeOf(kSecret, kStep - 1), kNowMs));  // older than one that counted
  EXPECT_TRUE(factor.Use(CodeOf(kSecret, kStep + 1), kNowMs + kStepMs));
  EXPECT_FALSE(factor.Use("", kNowMs));
  EXPECT_FALSE(factor.Use("000000", kNowMs));
}

TEST(SecondFactorTest, RecoveryCodesCountOnceAndAreNotKept) {
  io::SimRandom random(1);
  SecondFactor factor = SecondFactor::Make(random);
  const std::vector<std::string> codes = factor.NewRecovery(random);
  ASSERT_EQ(codes.size(), 10u);
  EXPECT_THAT(factor.Json(), testing::Not(testing::HasSubstr(codes[3])));
  SecondFactor again = SecondFactor::Read(factor.Json()).value();
  EXPECT_EQ(again.secret, factor.secret);
  std::string typed = codes[3];
  for (char& c : typed) c = static_cast<char>(std::tolower(c));
  EXPECT_TRUE(again.Use(typed.insert(4, "-"), 0));
  EXPECT_FALSE(again.Use(codes[3], 0));
  EXPECT_TRUE(again.Use(codes[4], 0));
  EXPECT_EQ(again.recovery.size(), 8u);
}

}  // namespace
}  // namespace waypost::people

#include "ingest/wire_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/decoder_fixture.h"

namespace waypost::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

std::string ErrorOf(const Result<std::string>& result) {
  return result.ok() ? "ok" : result.error().name();
}

TEST(WireTextTest, InflatesWhatWasDeflated) {
  const std::string text(200'000, 'x');
  EXPECT_EQ(Inflate(Gzip(text), 1 << 20).value(), text);
  EXPECT_EQ(Inflate(Gzip(""), 10).value(), "");
  EXPECT_EQ(Inflate(Gzip("ab") + Gzip("cd"), 10).value(), "abcd");
  EXPECT_EQ(Inflate(Gzip("0123456789"), 10).value(), "0123456789");
}

TEST(WireTextTest, RefusesBrokenAndExplodingGzip) {
  const std::string good = Gzip("[1,2,3,4,5,6,7,8]");
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_EQ(ErrorOf(Inflate(good.substr(0, size), 100)), "bad_encoding") << size;
  }
  std::string flipped = good;
  flipped[flipped.size() - 8] ^= 1;
  EXPECT_EQ(ErrorOf(Inflate(flipped, 100)), "bad_encoding");
  EXPECT_EQ(ErrorOf(Inflate(good + "x", 100)), "bad_encoding");
  EXPECT_EQ(ErrorOf(Inflate("plain text", 100)), "bad_encoding");
  EXPECT_EQ(ErrorOf(Inflate(Gzip("01234567890"), 10)), "too_large");
  EXPECT_EQ(ErrorOf(Inflate(Gzip(std::string(50 << 20, '\0')), 1 << 20)), "too_large");
}

TEST(WireTextTest, DecodesBase64OfBothAlphabets) {
  EXPECT_EQ(DecodeBase64(""), "");
  EXPECT_EQ(DecodeBase64("TQ=="), "M");
  EXPECT_EQ(DecodeBase64("TWE="), "Ma");
  EXPECT_EQ(DecodeBase64("TWFu"), "Man");
  EXPECT_EQ(DecodeBase64("TWFuTQ"), "ManM");
  EXPECT_EQ(DecodeBase64("+/-_"), "\xfb\xff\xbf");
  for (const char* text : {"T", "TWFuT", "TW Fu", "TW\nFu", "TWFu!", "T===", "=TWF", "TWE=TWE="}) {
    EXPECT_EQ(DecodeBase64(text), std::nullopt) << text;
  }
}

TEST(WireTextTest, ReadsFormFields) {
  const FormFields fields = ParseForm("data=a%2Bb+c%3D&gzip=1&&x&y=%zz%4&%E4%BD%A0=%e5%a5%bd");
  EXPECT_THAT(fields, ElementsAre(Pair("data", "a+b c="), Pair("gzip", "1"), Pair("x", ""),
                                  Pair("y", "%zz%4"), Pair("你", "好")));
  EXPECT_EQ(*FindField(fields, "gzip"), "1");
  EXPECT_EQ(FindField(fields, "none"), nullptr);
}

TEST(WireTextTest, HashesAsJavaDoes) {
  EXPECT_EQ(JavaHash(""), 0);
  EXPECT_EQ(JavaHash("hello"), 99'162'322);
  EXPECT_EQ(JavaHash("polygenelubricants"), INT32_MIN);
}

}  // namespace
}  // namespace waypost::ingest

#include "files/text_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

namespace waypost::files {
namespace {

using ::testing::HasSubstr;

std::string Gzip(std::string_view text, int level = 6) {
  z_stream stream{};
  deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// The whole text, or the error's message.
std::string Text(std::string raw, Encoding encoding = Encoding::kUtf8, size_t step = SIZE_MAX) {
  auto source = OpenText(MakeTextSource(std::move(raw), step), encoding);
  if (!source.ok()) return source.error().message();
  std::string text;
  std::string piece(100'003, '\0');
  for (;;) {
    auto size = ReadFully(*source.value(), piece);
    if (!size.ok()) return size.error().message();
    text.append(piece, 0, size.value());
    if (size.value() < piece.size()) return text;
  }
}

constexpr std::string_view kName = "\xE5\xBC\xA0\xE4\xB8\x89";  // a name in UTF-8
constexpr std::string_view kGbkName = "\xD5\xC5\xC8\xFD";       // and in GBK

TEST(TextSourceTest, DropsTheByteOrderMark) { EXPECT_EQ(Text("\xEF\xBB\xBFid,a\n"), "id,a\n"); }

TEST(TextSourceTest, UnpacksGzipByItsMagicAndSeveralMembers) {
  EXPECT_EQ(Text(Gzip("id,a\n") + Gzip("1,x\n")), "id,a\n1,x\n");
  EXPECT_EQ(Text(Gzip("id,a\n") + Gzip("1,x\n"), Encoding::kUtf8, 1), "id,a\n1,x\n");
}

TEST(TextSourceTest, DamagedGzipIsRefused) {
  const std::string good = Gzip(std::string(1000, 'a') + "\n");
  EXPECT_THAT(Text(good.substr(0, good.size() - 9)), HasSubstr("ends too early"));
  std::string bad = good;
  bad[bad.size() / 2] ^= 0x55;
  EXPECT_THAT(Text(bad), HasSubstr("damaged"));
}

TEST(TextSourceTest, AGzipBombIsRefusedLongBeforeItsEnd) {
  EXPECT_THAT(Text(Gzip(std::string(256 << 20, 'a'), 9)), HasSubstr("250 times"));
}

TEST(TextSourceTest, ReadsGbkWhereverItIsCut) {
  std::string gbk, utf8;
  for (int i = 0; i < 40'000; ++i) {
    gbk.append("1,").append(kGbkName).append("\n");
    utf8.append("1,").append(kName).append("\n");
  }
  EXPECT_TRUE(Text(gbk, Encoding::kGbk) == utf8);
  EXPECT_TRUE(Text(gbk, Encoding::kGbk, 997) == utf8);
}

TEST(TextSourceTest, GbkDeclaredAsUtf8IsRefusedWithAnOffer) {
  EXPECT_THAT(Text("id,name\n1," + std::string(kGbkName) + "\n"), HasSubstr("encoding = \"gbk\""));
}

TEST(TextSourceTest, BytesThatAreNotGbkAreNamed) {
  EXPECT_THAT(Text("id,a\n1,\xFF\xFF\n", Encoding::kGbk), HasSubstr("byte 7 is not GBK"));
  EXPECT_THAT(Text("id,a\n1,\xD5", Encoding::kGbk), HasSubstr("byte 7 is not GBK"));
}

TEST(TextSourceTest, ACharacterCutAtTheEndOfTheHeadIsFine) {
  for (size_t pad = 0; pad < 4; ++pad) {
    std::string text(pad, 'x');
    while (text.size() < 200'000) text += kName;
    EXPECT_TRUE(Text(text) == text);
  }
}

TEST(TextSourceTest, WhatIsNoTextIsRefusedByName) {
  const std::pair<std::string, std::string> cases[] = {
      {std::string("PK\x03\x04") + std::string(100, '\0'), "zip or xlsx"},
      {"\xD0\xCF\x11\xE0 more", "old Excel"},
      {"PAR1 more", "Parquet"},
      {std::string("\xFF\xFEi\0d\0", 6), "UTF-16"},
      {std::string("id\0a", 4), "byte 2 is zero"},
      {Gzip(Gzip("id\n")), "gzip inside gzip"},
      {"id,a\n1,\xFF\xFE\xFD\n", "not UTF-8; save it"},
  };
  for (const auto& [raw, message] : cases) EXPECT_THAT(Text(raw), HasSubstr(message));
}

}  // namespace
}  // namespace waypost::files

#include "ingest/json_parser.h"

#include <gtest/gtest.h>

#include "ingest/limits.h"

namespace waypost::ingest {
namespace {

// "bad_json at byte 3", or "ok".
std::string Verdict(std::string_view text) {
  JsonParser parser;
  const auto tree = parser.Parse(text);
  if (tree.ok()) return "ok";
  const std::string& message = tree.error().message();
  const size_t at = message.find("at byte");
  return tree.error().name() + " " + message.substr(at, message.find(':') - at);
}

std::string Nested(size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(JsonParserTest, SaysWhereATextStopsBeingJson) {
  const struct {
    std::string text, verdict;
  } cases[] = {
      {"", "bad_json at byte 0"},
      {"  \n", "bad_json at byte 3"},
      {"{", "bad_json at byte 1"},
      {"{}{}", "bad_json at byte 2"},
      {R"({"a":1/*x*/})", "bad_json at byte 6"},
      {R"({"x":NaN})", "bad_json at byte 5"},
      {R"({"x":-Infinity})", "bad_json at byte 6"},
      {"[1,]", "bad_json at byte 3"},
      {"[01]", "bad_json at byte 2"},
      {"[1.]", "bad_json at byte 3"},
      {"[1e]", "bad_json at byte 3"},
      {"{'a':1}", "bad_json at byte 1"},
      {R"({"a" 1})", "bad_json at byte 5"},
      {R"({"a":1 "b":2})", "bad_json at byte 7"},
      {R"(["a)", "bad_json at byte 3"},
      {R"(["\x"])", "bad_json at byte 2"},
      {R"(["\u12"])", "bad_json at byte 2"},
      {"[\"\n\"]", "bad_json at byte 2"},
      {"[tru]", "bad_json at byte 1"},
      {Nested(33), "bad_json at byte 32"},
      {std::string(100'000, '['), "bad_json at byte 32"},
      {"\xff\xfe[\0{\0}\0]\0", "bad_encoding at byte 0"},
      {"[\"a\xff\"]", "bad_encoding at byte 3"},
      {"[\"\xc0\xaf\"]", "bad_encoding at byte 2"},
      {"[\"\xed\xa0\x80\"]", "bad_encoding at byte 2"},
      {"[\"\xf4\x90\x80\x80\"]", "bad_encoding at byte 2"},
      {"[\"\xe4\xb8\"]", "bad_encoding at byte 2"},
      {R"(["\ud800"])", "bad_encoding at byte 2"},
      {R"(["\udc00"])", "bad_encoding at byte 2"},
      {R"(["\ud800\u0041"])", "bad_encoding at byte 2"},
      {R"(["\ud83d\ude00","\u0000","\\\"\/\b\f\n\r\t"])", "ok"},
      {Nested(32), "ok"},
      {"\xEF\xBB\xBF{}", "ok"},
      {" [1, -0.5e+3, \"中文\", {\"a\":null}, true] ", "ok"},
  };
  for (const auto& c : cases) EXPECT_EQ(Verdict(c.text), c.verdict) << c.text.substr(0, 60);
}

TEST(JsonParserTest, NumbersOutOfRangeLeaveTheRestReadable) {
  JsonParser parser;
  for (const char* number : {"1e999", "-1e999", "18446744073709551616", "-9223372036854775809"}) {
    const std::string text = "[1," + std::string(number) + ",\"x\"," + number + "]";
    const auto tree = parser.Parse(text);
    ASSERT_TRUE(tree.ok()) << number;
    const simdjson::dom::element root = tree.value();
    EXPECT_EQ(int64_t{root.at(0)}, 1);
    EXPECT_TRUE(IsUnkeepableNumber(root.at(1))) << number;
    EXPECT_EQ(std::string_view{root.at(2)}, "x");
    EXPECT_TRUE(IsUnkeepableNumber(root.at(3))) << number;
  }
  EXPECT_FALSE(IsUnkeepableNumber("number out of range"));
}

TEST(JsonParserTest, CountsOffsetsFromWhereTheTextBegan) {
  JsonParser parser;
  EXPECT_NE(parser.Parse("[1,]", 100).error().message().find("byte 103"), std::string::npos);
}

TEST(JsonParserTest, GrowsForLongTextsAndStaysStrictAboutDepth) {
  JsonParser parser;
  EXPECT_TRUE(parser.Parse("[]").ok());
  EXPECT_TRUE(parser.Parse("[\"" + std::string(1 << 20, 'x') + "\"]").ok());
  EXPECT_TRUE(parser.Parse(Nested(kMaxJsonDepth)).ok());
  EXPECT_FALSE(parser.Parse(Nested(kMaxJsonDepth + 1)).ok());
}

}  // namespace
}  // namespace waypost::ingest

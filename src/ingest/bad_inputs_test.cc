// The hostile and broken bodies of the shared cases, with the answers they expect.
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <map>

#include "ingest/decoder.h"
#include "ingest/decoder_fixture.h"
#include "ingest/wire_text.h"

namespace waypost::ingest {
namespace {

constexpr std::string_view kEvent =
    R"({"type":"track","event":"pay","distinct_id":"u1","time":1790000000000,"properties":{"amt":1}})";

std::string Base64(std::string_view bytes) {
  static constexpr char kDigits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t bits = 0;
    for (size_t j = i; j < i + 3; ++j)
      bits = bits << 8 | (j < bytes.size() ? static_cast<uint8_t>(bytes[j]) : 0);
    for (size_t j = 0; j < 4; ++j)
      text += i + j <= bytes.size() ? kDigits[bits >> (18 - 6 * j) & 63] : '=';
  }
  return text;
}

std::string Repeated(std::string_view text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) all += text;
  return all;
}

std::string With(std::string_view properties) {
  return R"([{"event":"a","distinct_id":"u","properties":)" + std::string(properties) + "}]";
}

// Bodies whose recipe is more than a literal, by case.
const std::map<std::string_view, std::function<std::string()>>& Recipes() {
  static const std::map<std::string_view, std::function<std::string()>> recipes = {
      {"H40", [] { return Gzip(std::string(32 << 20, '\0')); }},
      {"H43",
       [] {
         const std::string gzip = Gzip(Repeated(kEvent, 100));
         return gzip.substr(0, gzip.size() / 2);
       }},
      {"H44",
       [] {
         std::string gzip = Gzip(kEvent);
         gzip[gzip.size() - 8] ^= 1;
         return gzip;
       }},
      {"I01", [] { return ""; }},
      {"I10", [] { return std::string(100'000, '['); }},
      {"I11", [] { return Repeated(R"({"a":)", 100'000); }},
      {"I12", [] { return std::string(33, '[') + std::string(33, ']'); }},
      {"I15", [] { return std::string("\xff\xfe[\0{\0}\0]\0", 10); }},
      {"I16", [] { return "[{\"event\":\"a\xff\",\"distinct_id\":\"u\"}]"; }},
      {"I23", [] { return With(R"({"x":")" + std::string(9'216, 'x') + R"("})"); }},
      {"I25", [] { return With(R"({"x":[0)" + Repeated(", 1", 9'999) + "]}"); }},
      {"I37",
       [] { return R"([{"event":"a","distinct_id":")" + std::string(1'024, 'u') + R"("}])"; }},
      {"I45",
       [] {
         return "[" + Repeated(R"({"event":"a","distinct_id":"u","$insert_id":"k1"},)", 1) +
                R"({"event":"a","distinct_id":"u","$insert_id":"k1"}])";
       }},
      {"I50",
       [] {
         std::string text = Base64(Gzip(kEvent));
         for (char& c : text) c = c == '+' ? ' ' : c;
         return "data_list=" + text + " ";
       }},
      {"I52", [] { return "gzip=1&data_list=" + Base64("[" + std::string(kEvent) + "]"); }},
      {"I54", [] { return "gzip=1&data_list=" + Base64(Gzip(std::string(32 << 20, '\0'))); }},
  };
  return recipes;
}

// The text of a Python expression '...'.encode(), or nothing for any other.
std::optional<std::string> Literal(std::string_view make) {
  if (!make.starts_with('\'') || !make.ends_with("'.encode()")) return std::nullopt;
  make = make.substr(1, make.size() - 11);
  std::string text;
  for (size_t i = 0; i < make.size(); ++i) {
    if (make[i] == '\\' && i + 1 < make.size()) ++i;  // \\ and \' are all there are
    text += make[i];
  }
  return text;
}

// Answers that identities decide, not bodies.
bool IsDecidedLater(std::string_view code) {
  return code == "id_quarantined" || code == "unauthorized";
}

TEST(BadInputsTest, EveryBodyGetsTheAnswerItsCaseStates) {
  const std::filesystem::path path = SharedFolder() / "cases/bad_inputs.jsonl";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no cases beside the checkout";
  const FixtureKeys keys;
  Decoder decoder(keys);
  simdjson::dom::parser parser;
  std::ifstream file(path);
  int judged = 0;
  for (std::string line; std::getline(file, line);) {
    const simdjson::dom::element row = parser.parse(line);
    const std::string_view surface = row["surface"], id = row["id"], code = row["code"];
    if (!surface.starts_with("ingest") || IsDecidedLater(code)) continue;
    std::string_view make;
    std::optional<std::string> body;
    if (!row["make"].get_string().get(make)) body = Literal(make);
    if (const auto recipe = Recipes().find(id); recipe != Recipes().end()) body = recipe->second();
    if (!body) continue;
    const bool is_form = body->find("data_list=") != std::string::npos;
    const Result<Decoded> decoded =
        decoder.Decode({.method = "POST",
                        .path = is_form ? "/sa" : "/v1/events",
                        .query = "project=default&token=TOKEN",
                        .content_type = id == "I19" ? "application/xml" : "application/json",
                        .body = *body,
                        .now_ms = 1'795'310'000'000});
    ++judged;
    if (code == "ok" || code == "quarantined") {
      ASSERT_TRUE(decoded.ok()) << id << ": " << decoded.error().message();
      EXPECT_EQ(decoded.value().accepted > 0, code == "ok") << id;
      EXPECT_EQ(decoded.value().quarantined > 0, code == "quarantined") << id;
    } else {
      ASSERT_FALSE(decoded.ok()) << id;
      EXPECT_EQ(decoded.error().name(), code) << id << ": " << decoded.error().message();
      EXPECT_LT(decoded.error().message().size(), 200u) << id;
    }
  }
  EXPECT_GE(judged, 35);
}

}  // namespace
}  // namespace waypost::ingest

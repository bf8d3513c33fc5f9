#include "identity/key_rules.h"

#include <gtest/gtest.h>

namespace waypost::identity {
namespace {

KeyJudge Judge(std::string_view key) {
  const KeyRules rules = KeyRules::Defaults();
  const KeyRule* rule = rules.Find(key);
  return KeyJudge(rule ? *rule : KeyRule{.name = std::string(key)});
}

TEST(KeyRulesTest, ValuesAreWrittenInOneWay) {
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
    EXPECT_EQ(Judge(c.key).Normalised(c.value), c.normalised) << c.key << " " << c.value;
  }
}

TEST(KeyRulesTest, ValuesThatStandForNobodyAreBlocked) {
  for (const char* value : {"", "0", "0000", "-", "-1", "null", "NULL", "undefined", "None", "NaN",
                            "(null)", "[object Object]", "00000000-0000-0000-0000-000000000000"}) {
    EXPECT_TRUE(Judge("login").IsBlocked(value)) << value;
  }
  for (const char* value : {"1", "10", "-2", "null1", "a", "u0", "0a"})
    EXPECT_FALSE(Judge("login").IsBlocked(value)) << value;
}

TEST(KeyRulesTest, ARuleBlocksValuesOfItsOwn) {
  const KeyJudge judge({.name = "phone", .blocked = {"95588"}, .blocked_patterns = {"1000\\d*"}});
  EXPECT_TRUE(judge.IsBlocked("95588"));
  EXPECT_TRUE(judge.IsBlocked("10001"));
  EXPECT_FALSE(judge.IsBlocked("955880"));
  EXPECT_FALSE(judge.IsBlocked("x10001"));
}

TEST(KeyRulesTest, AHashedKeyKeepsOneHashOfEachNumberHoweverItIsWritten) {
  const KeyRule rule{.name = "phone",
                     .normaliser = Normaliser::kPhone,
                     .blocked = {"955 88"},
                     .blocked_patterns = {"1000\\d*"},
                     .hashed = true};
  const KeyJudge judge(rule, KeyedHash("secret"));
  // printf 'phone\x0013812345678' | openssl dgst -sha256 -hmac secret
  const std::string kept = "h:00c48b6c006b331b2b5dc509469958ec";
  for (const std::string& value :
       {std::string("13812345678"), std::string("+86 138-1234-5678"), kept})
    EXPECT_EQ(judge.Normalised(value), kept) << value;
  EXPECT_NE(KeyJudge(rule, KeyedHash("other")).Normalised("13812345678"), kept);
  KeyRule card = rule;
  card.name = "card";
  EXPECT_NE(KeyJudge(card, KeyedHash("secret")).Normalised("13812345678"), kept);
  EXPECT_FALSE(judge.IsBlocked(kept));
  for (const char* nobody : {"0000", "null", "10001", "95588"}) {
    EXPECT_TRUE(judge.IsBlocked(judge.Normalised(nobody))) << nobody;
  }
  EXPECT_TRUE(KeyedHash::IsOne(judge.Normalised("95588")));
}

TEST(KeyRulesTest, RulesOfTheFirstVersionAreRead) {
  ByteWriter out;
  out.U8(1);
  out.Varint(10);
  out.Varint(20);
  out.Varint(1);
  out.Text("card");
  for (const uint8_t part : {1, 3, 0}) out.U8(part);
  for (int i = 0; i < 3; ++i) out.Varint(0);
  out.Text("");
  for (int i = 0; i < 3; ++i) out.Varint(0);
  const Result<KeyRules> read = KeyRules::Decode(out.bytes());
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value(),
            (KeyRules{.keys = {{.name = "card", .strength = Strength::kStrong, .priority = 3}},
                      .largest_cluster = 10}));
}

TEST(KeyRulesTest, RulesAreTheSameAfterEncoding) {
  KeyRules rules = KeyRules::Defaults();
  rules.keys[3].values = 5;
  rules.keys[3].window_ms = 9;
  rules.keys[3].hashed = true;
  rules.keys[7].blocked = {"a", "b"};
  rules.keys[7].blocked_patterns = {"x+"};
  rules.keys.push_back({.name = "token", .parent = "device"});
  rules.attributes = {{"city", "source", {"crm", "app"}}, {"score", "max"}};
  ASSERT_TRUE(rules.Check().ok());
  const Bytes bytes = rules.Encode();
  EXPECT_EQ(KeyRules::Decode(bytes).value(), rules);
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(KeyRules::Decode(std::span(bytes).first(size)).ok()) << size;
  }
}

TEST(KeyRulesTest, RulesThatCannotBeAreRefusedByTheirPlace) {
  const auto refused = [](auto change) {
    KeyRules rules = KeyRules::Defaults();
    change(&rules);
    const Result<> checked = rules.Check();
    return checked.ok() ? std::string() : checked.error().message();
  };
  EXPECT_EQ(refused([](KeyRules*) {}), "");
  EXPECT_NE(refused([](KeyRules* r) { r->keys[0].name = ""; }), "");
  EXPECT_NE(refused([](KeyRules* r) { r->keys[1].name = r->keys[0].name; }), "");
  EXPECT_NE(refused([](KeyRules* r) { r->keys[0].parent = "nothing"; }), "");
  EXPECT_NE(refused([](KeyRules* r) { r->keys[0].look_back_ms = 1; }), "");
  EXPECT_NE(refused([](KeyRules* r) { r->keys[7].window_ms = 1; }), "");
  EXPECT_NE(refused([](KeyRules* r) { r->keys[7].blocked_patterns = {"("}; }), "");
  EXPECT_NE(refused([](KeyRules* r) { r->attributes = {{"city", "best"}}; }), "");
  EXPECT_NE(refused([](KeyRules* r) { r->largest_cluster = 1; }), "");
}

}  // namespace
}  // namespace waypost::identity

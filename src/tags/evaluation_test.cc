#include "tags/evaluation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <map>
#include <random>

#include "analytics/test_world.h"
#include "model/batch.h"
#include "model/time_text.h"
#include "tags/live_tag.h"
#include "tags/value_file.h"

namespace waypost::tags {
namespace {

namespace json = boost::json;
using analytics::World;
using analytics::WorldLayout;
using testing::HasSubstr;

constexpr int64_t kDay = 86'400'000;
constexpr int64_t kNow = 1'775'001'600'000;  // 2026-04-01T00:00Z

const std::vector<WorldLayout>& Layouts() {
  static const std::vector<WorldLayout> layouts = {
      {}, {.spread_blocks = true}, {.parts_per_month = 3, .ordinals_per_user = 3, .seed = 5}};
  return layouts;
}

Making MakingOf(const std::string& text) {
  const Result<Making> making = ReadMaking(json::parse(text));
  EXPECT_TRUE(making.ok()) << text << "\n" << making.error().message();
  return making.ok() ? making.value() : Making{};
}

std::string TextOf(const Evaluated& values, uint32_t ordinal) {
  if (values.type == ValueType::kString || values.type == ValueType::kList) {
    const uint32_t code = values.values.CodeAt(ordinal);
    if (code == 0) return "-";
    const std::string& text = values.values.texts[code - 1];
    if (values.type == ValueType::kString) return text;
    std::string joined;
    for (const std::string_view item : ListItems(text))
      joined += (joined.empty() ? "" : "+") + std::string(item);
    return joined;
  }
  if (!values.values.HasNumber(ordinal)) return "-";
  const double number = values.values.numbers[ordinal];
  if (values.type == ValueType::kDateTime) return DateTimeText(static_cast<int64_t>(number));
  return std::to_string(number).substr(0, 6);
}

// Every user's value; "-" is none.
std::map<std::string, std::string> Values(World& world, const Making& making,
                                          const WorldLayout& layout, int64_t now_ms = kNow,
                                          unsigned threads = 1) {
  const column::SnapshotView snapshot = world.Build(layout);
  const Situation situation{
      world, {.now_ms = now_ms, .threads = threads, .snapshot = &snapshot}, now_ms < kNow};
  const Result<Evaluated> values = Evaluate(making, situation);
  EXPECT_TRUE(values.ok()) << values.error().message();
  std::map<std::string, std::string> out;
  if (!values.ok()) return out;
  for (uint32_t ordinal = 0; ordinal < snapshot.ordinal_count; ++ordinal) {
    const std::string user = world.UserOf(ordinal);
    if (!user.empty()) out[user] = TextOf(values.value(), ordinal);
  }
  return out;
}

// A small bank. ann buys often, bob bought once, cid only looked, dan did nothing.
World Bank() {
  World world;
  world.types = {{"amount", ValueType::kDecimal}, {"joined", ValueType::kDate}};
  const auto buy = [&](const char* user, int days_ago, double amount, const char* type) {
    world.Add(
        {user, "buy", kNow - days_ago * kDay + 3'600'000, {{"amount", amount}, {"type", type}}});
  };
  buy("ann", 90, 10, "gold");
  buy("ann", 40, 100.5, "fund");
  buy("ann", 20, 50, "fund");
  buy("ann", 2, 900, "bond");
  buy("bob", 60, 30, "gold");
  world.Add("cid", "look", kNow - 5 * kDay);
  world.attributes = {{"ann", {{"vip", 3}, {"assets", 5'000'000}, {"city", "上海"}}},
                      {"bob", {{"vip", 1}, {"assets", 60'000}, {"joined", 20484}}},
                      {"cid", {{"vip", 0}, {"assets", 900.5}}},
                      {"dan", {{"city", "北京"}}}};
  return world;
}

struct Case {
  const char* name;
  const char* making;
  std::map<std::string, std::string> values;
};

const std::vector<Case>& Cases() {
  static const std::vector<Case> cases = {
      {"TheFirstLayerThatHoldsIsTheValue",
       R"j({"kind":"layers","layers":[{"value":"高","eql":"assets >= 50000"},
           {"value":"中","eql":"assets >= 900"}],"otherwise":"低"})j",
       {{"ann", "高"}, {"bob", "高"}, {"cid", "中"}, {"dan", "低"}}},
      {"WithoutOtherwiseNothingIsNothing",
       R"j({"kind":"layers","layers":[{"value":"a","eql":"vip = 3"}]})j",
       {{"ann", "a"}, {"bob", "-"}, {"cid", "-"}, {"dan", "-"}}},
      {"AllLayersThatHoldMakeAList",
       R"j({"kind":"layers","match":"all","layers":[{"value":"buyer","eql":"DID(buy)"},
           {"value":"rich","eql":"assets >= 1000000"},{"value":"buyer","eql":"vip = 1"},
           {"value":"known","eql":"vip IS NOT NULL"}]})j",
       {{"ann", "buyer+rich+known"}, {"bob", "buyer+known"}, {"cid", "known"}, {"dan", "-"}}},
      {"AMetricIsANumber",
       R"j({"kind":"value","of":"DID(buy) LAST 60 DAYS SUM(amount)"})j",
       {{"ann", "1050.5"}, {"bob", "30.000"}, {"cid", "-"}, {"dan", "-"}}},
      {"CountsOfNothingAreZero",
       R"j({"kind":"value","of":"DID(buy) COUNT"})j",
       {{"ann", "4.0000"}, {"bob", "1.0000"}, {"cid", "0.0000"}, {"dan", "0.0000"}}},
      {"AMetricHasIntervals",
       R"j({"kind":"value","of":"DID(buy) COUNT","bands":{"edges":[1,3],
           "labels":["never","some","often"]}})j",
       {{"ann", "often"}, {"bob", "some"}, {"cid", "never"}, {"dan", "never"}}},
      {"AMetricHasQuantiles",
       R"j({"kind":"value","of":"assets","bands":{"quantiles":3,"labels":["c","b","a"]}})j",
       {{"ann", "a"}, {"bob", "b"}, {"cid", "c"}, {"dan", "-"}}},
      {"ActiveDaysAreDaysWithAnyEvent",
       R"j({"kind":"value","of":"DID(ANY EVENT) LAST 30 DAYS DAYS","bands":{"edges":[1,2],
           "labels":["0","1","2+"]}})j",
       {{"ann", "2+"}, {"bob", "0"}, {"cid", "1"}, {"dan", "0"}}},
      {"TheLastOfAPropertyIsText",
       R"j({"kind":"value","of":"LAST(buy).type"})j",
       {{"ann", "bond"}, {"bob", "gold"}, {"cid", "-"}, {"dan", "-"}}},
      {"TheFirstTimeIsATime",
       R"j({"kind":"value","of":"DID(look) FIRST TIME"})j",
       {{"ann", "-"}, {"bob", "-"}, {"cid", "2026-03-27T00:00:00.000Z"}, {"dan", "-"}}},
      {"DaysSinceTheLast",
       R"j({"kind":"value","of":"DID(buy) DAYS SINCE LAST"})j",
       {{"ann", "2.0000"}, {"bob", "60.000"}, {"cid", "-"}, {"dan", "-"}}},
      {"ADateIsItsMidnight",
       R"j({"kind":"value","of":"joined"})j",
       {{"ann", "-"}, {"bob", "2026-01-31T00:00:00.000Z"}, {"cid", "-"}, {"dan", "-"}}},
      {"AnAttributeIsAValue",
       R"j({"kind":"value","of":"city"})j",
       {{"ann", "上海"}, {"bob", "-"}, {"cid", "-"}, {"dan", "北京"}}},
      {"APreferenceIsWhatComesMostOften",
       R"j({"kind":"preference","events":"DID(buy)","property":"type"})j",
       {{"ann", "fund"}, {"bob", "gold"}, {"cid", "-"}, {"dan", "-"}}},
      {"OrWhatSumsToMost",
       R"j({"kind":"preference","events":"DID(buy)","property":"type","sum":"amount"})j",
       {{"ann", "bond"}, {"bob", "gold"}, {"cid", "-"}, {"dan", "-"}}},
      {"SeveralPreferencesAreAListInOrder",
       R"j({"kind":"preference","events":"DID(buy)","property":"type","top":2})j",
       {{"ann", "fund+bond"}, {"bob", "gold"}, {"cid", "-"}, {"dan", "-"}}},
      {"RfmGivesEightCells",
       R"j({"kind":"rfm","events":"DID(buy)","sum":"amount","recency":{"mean":true},
           "frequency":{"mean":true},"monetary":{"mean":true}})j",
       {{"ann", "重要价值客户"}, {"bob", "一般挽留客户"}, {"cid", "-"}, {"dan", "-"}}},
      {"RfmGivesScores",
       R"j({"kind":"rfm","events":"DID(buy)","count":"days","sum":"amount","result":"scores",
           "recency":{"edges":[7,30]},"frequency":{"top":[1]},
           "monetary":{"edges":[10,100,1000,10000]}})j",
       {{"ann", "324"}, {"bob", "112"}, {"cid", "-"}, {"dan", "-"}}},
      {"ARuleIsTrueOrFalseOfEverybody",
       R"j({"kind":"rule","eql":"NOT DID(buy)"})j",
       {{"ann", "0.0000"}, {"bob", "0.0000"}, {"cid", "1.0000"}, {"dan", "1.0000"}}},
      {"AScoreSumsNumbersAndPoints",
       R"j({"kind":"score","terms":[{"of":"vip","weight":10},{"of":"city",
           "points":{"上海":5}},{"of":"DID(buy) SUM(amount)","weight":0.01}]
})j",
       {{"ann", "45.605"}, {"bob", "10.300"}, {"cid", "0.0000"}, {"dan", "0.0000"}}},
  };
  return cases;
}

// Printed by name, not by bytes.
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class EvaluationTest : public testing::TestWithParam<Case> {};

TEST_P(EvaluationTest, GivesEverybodyTheirValueInEveryLayout) {
  World world = Bank();
  for (const WorldLayout& layout : Layouts()) {
    const unsigned threads = layout.spread_blocks ? 3 : 1;
    EXPECT_EQ(Values(world, MakingOf(GetParam().making), layout, kNow, threads), GetParam().values);
  }
}

INSTANTIATE_TEST_SUITE_P(, EvaluationTest, testing::ValuesIn(Cases()),
                         [](const auto& info) { return info.param.name; });

TEST(EvaluateTest, APastMomentSeesOnlyWhatHadHappened) {
  World world = Bank();
  const Making count = MakingOf(R"j({"kind":"value","of":"DID(buy) COUNT"})j");
  EXPECT_EQ(Values(world, count, {}, kNow - 30 * kDay)["ann"], "2.0000");
  const Making last = MakingOf(R"j({"kind":"value","of":"LAST(buy).type"})j");
  EXPECT_EQ(Values(world, last, {}, kNow - 30 * kDay)["ann"], "fund");
  const Making sequence = MakingOf(R"j({"kind":"rule","eql":"SEQ(buy THEN buy THEN buy)"
})j");
  EXPECT_EQ(Values(world, sequence, {}, kNow - 30 * kDay)["ann"], "0.0000");
  EXPECT_EQ(Values(world, sequence, {}, kNow)["ann"], "1.0000");
}

struct Wrong {
  const char* making;
  const char* says;
};

TEST(EvaluateTest, WhatCannotBeIsSaidBeforeAnythingRuns) {
  World world = Bank();
  const column::SnapshotView snapshot = world.Build({});
  const Situation situation{world, {.now_ms = kNow, .snapshot = &snapshot}};
  const Wrong wrongs[] = {
      {R"j({"kind":"layers","layers":[{"value":"a","eql":"vpi = 1"}]})j",
       "make.layers[0]: line 1, column 1: there is no field 'vpi'; did you mean 'vip'?"},
      {R"j({"kind":"value","of":"city","bands":{"edges":[1],"labels":["a","b"]}})j",
       "only numbers have bands"},
      {R"j({"kind":"preference","events":"DID(buy)","property":"amount"})j", "is a decimal"},
      {R"j({"kind":"preference","events":"DID(buy)","property":"tipe"})j", "did you mean 'type'?"},
      {R"j({"kind":"preference","events":"DID(buy)","property":"type","sum":"type"})j",
       "no number"},
      {R"j({"kind":"rfm","events":"DID(buy)","sum":"type","recency":{"mean":true},
           "frequency":{"mean":true},"monetary":{"mean":true}})j",
       "needs a number"},
      {R"j({"kind":"score","terms":[{"of":"city"}]})j", "a text needs \"points\""},
      {R"j({"kind":"rule","eql":"TAG(x) = 1"})j", "there are no tags here"},
  };
  for (const Wrong& wrong : wrongs) {
    const auto type = CheckMaking(MakingOf(wrong.making), situation);
    ASSERT_FALSE(type.ok()) << wrong.making;
    EXPECT_THAT(type.error().message(), HasSubstr(wrong.says));
  }
}

TEST(MakingTest, NumbersOfManyDigitsAreKeptToFifteenAndReadAgainAsTheyAre) {
  const auto points = [](const std::string& number) {
    return R"j({"kind":"score","terms":[{"of":"city","points":{"a":)j" + number + "}}]}";
  };
  for (const char* number : {"0.12345678901234567", "-1.2345678901234567e-5", "1e15",
                             "999999999999999.9", "1.2345678901234567e-19", "5"}) {
    const json::value written = MakingToJson(MakingOf(points(number)));
    EXPECT_EQ(MakingToJson(MakingOf(json::serialize(written))), written) << number;
  }
  for (const char* number : {"5e76", "-1.1e15"}) {
    EXPECT_THAT(
        ReadMaking(json::parse(points(number))).error().message(),
        HasSubstr("terms[0].points.a: give a number from -1000000000000000 to 1000000000000000"));
  }
}

// One customer after the other, by what each did.
TEST(EvaluateTest, RandomHistoriesGiveWhatCountingByHandGives) {
  std::mt19937 random(11);
  World world;
  std::map<std::string, std::vector<std::pair<int64_t, json::object>>> did;
  const char* types[] = {"a", "b", "c"};
  for (int i = 0; i < 400; ++i) {
    const std::string user = "u" + std::to_string(random() % 40);
    const int64_t ms = kNow - static_cast<int64_t>(random() % (80 * 24)) * 3'600'000 - 1 - i;
    json::object properties{{"n", static_cast<int64_t>(random() % 9)}};
    if (random() % 4) properties["type"] = types[random() % 3];
    did[user].emplace_back(ms, properties);
    world.Add({user, "e", ms, properties});
  }
  std::map<std::string, std::string> sums, favourites, lasts;
  for (auto& [user, events] : did) {
    std::ranges::sort(events, {}, [](const auto& e) { return e.first; });
    int64_t sum = 0;
    bool any = false;
    std::map<std::string, int> counts;
    for (const auto& [ms, properties] : events) {
      const bool within = ms >= kNow - 30 * kDay && ms < kNow;
      if (within) sum += properties.at("n").as_int64();
      any |= within;
      if (within && properties.contains("type"))
        ++counts[std::string(properties.at("type").as_string())];
    }
    sums[user] = any ? std::to_string(static_cast<double>(sum)).substr(0, 6) : "-";
    favourites[user] = "-";
    int most = 0;
    for (const auto& [type, count] : counts) {
      if (count > most) favourites[user] = type;
      most = std::max(most, count);
    }
    const auto& last = events.back().second;
    lasts[user] = last.contains("type") ? std::string(last.at("type").as_string()) : "-";
  }
  for (const WorldLayout& layout : Layouts()) {
    EXPECT_EQ(Values(world, MakingOf(R"j({"kind":"value","of":"DID(e) LAST 30 DAYS SUM(n)"
  })j"),
                     layout, kNow, 2),
              sums);
    EXPECT_EQ(Values(world, MakingOf(R"j({"kind":"preference","events":"DID(e) LAST 30 DAYS",
                                         "property":"type"})j"),
                     layout, kNow, 2),
              favourites);
    EXPECT_EQ(Values(world, MakingOf(R"j({"kind":"value","of":"LAST(e).type"})j"), layout, kNow, 2),
              lasts);
  }
}

// Reading and writing a making.

TEST(MakingTest, WhatIsWrittenIsReadTheSame) {
  for (const Case& c : Cases()) {
    const json::value written = MakingToJson(MakingOf(c.making));
    EXPECT_EQ(MakingToJson(MakingOf(json::serialize(written))), written) << c.name;
  }
}

TEST(MakingTest, WhatIsWrongIsSaidWithItsPlace) {
  const Wrong wrongs[] = {
      {R"j({"kind":"layer"})j", "make.kind: there is no 'layer'; did you mean 'layers'?"},
      {R"j({"kind":"layers","layers":[]})j", "make.layers"},
      {R"j({"kind":"layers","layers":[{"value":"","eql":"vip = 1"}]})j", "make.layers[0].value"},
      {R"j({"kind":"layers","layers":[{"value":"a","eql":"vip ="}]})j", "line 1, column 6"},
      {R"j({"kind":"value","of":"vip = 1 OR city"})j", "what may stand left of a test"},
      {R"j({"kind":"value","of":"assets","bands":{"edges":[2,1],"labels":["a","b","c"]}})j",
       "make.bands.edges[1]: each must be greater"},
      {R"j({"kind":"value","of":"assets","bands":{"edges":[1],"labels":["a"]}})j",
       "make.bands.labels"},
      {R"j({"kind":"value","of":"assets","bands":{"labels":["a"]}})j", "give one of"},
      {R"j({"kind":"preference","events":"vip = 1","property":"x"})j", "say which events"},
      {R"j({"kind":"preference","events":"DID(a)","property":"x","top":0})j", "make.top"},
      {R"j({"kind":"uploaded","type":"map"})j", "make.type: use one of"},
      {R"j({"kind":"model","model":"churn","range":[1,0]})j", "make.range"},
      {R"j({"kind":"model","range":[0,1]})j", "model"},
      {R"j({"kind":"rule"})j", "give \"eql\""},
  };
  for (const Wrong& wrong : wrongs) {
    const auto making = ReadMaking(json::parse(wrong.making));
    ASSERT_FALSE(making.ok()) << wrong.making;
    EXPECT_THAT(making.error().message(), HasSubstr(wrong.says)) << wrong.making;
  }
}

// Live tags.

// A world that goes on, and a tag that follows it.
class Following {
 public:
  explicit Following(const std::string& making) : making_(MakingOf(making)), tag_(making_) {
    for (const char* name : {"a", "b"}) world_.DeclareEvent(name);
    world_.DeclareAttribute("vip", 1);
    world_.DeclareAttribute("city", "x");
    world_.types = {{"amount", ValueType::kInt}};
    world_.Add({"u0", "a", kNow - 3 * kDay, {{"amount", 1}, {"type", "fund"}}});
    world_.attributes["u0"] = {{"vip", 0}, {"city", "x"}};
  }

  void Happens(const std::string& user, const std::string& event, int64_t ms, int amount,
               const std::string& type) {
    world_.Add({user, event, ms, {{"amount", amount}, {"type", type}}});
    happened_.emplace_back(user, *world_.Event(event));
  }
  void Becomes(const std::string& user, int vip, const std::string& city) {
    world_.attributes[user] = {{"vip", vip}, {"city", city}};
    happened_.emplace_back(user, analytics::kAttributesChanged);
  }

  // At every moment when time moves a value, and then at `now_ms`.
  void GoTo(int64_t now_ms) {
    for (int edges = 0; tag_.next_ms() > 0 && tag_.next_ms() < now_ms; ++edges) {
      ASSERT_LT(edges, 1'000);
      const int64_t edge_ms = tag_.next_ms();
      if (happened_.empty()) ExpectBatch(world_.Build(layout_), edge_ms - 1);
      Advance(edge_ms);
      if (testing::Test::HasFailure()) return;
    }
    Advance(now_ms);
  }
  // Of four users, so that the world gives nobody others later.
  void HaveSeveralOrdinals() {
    layout_ = {.parts_per_month = 2, .ordinals_per_user = 2, .seed = 3};
    for (const char* user : {"u1", "u2", "u3"}) world_.attributes[user] = {{"city", "x"}};
  }
  std::vector<LiveTag::Moved> moves;
  LiveTag& tag() { return tag_; }

 private:
  void Advance(int64_t now_ms) {
    const column::SnapshotView snapshot = world_.Build(layout_);
    analytics::Touches touches;
    for (const auto& [user, what] : happened_) {
      for (uint32_t ordinal = 0; ordinal < snapshot.ordinal_count; ++ordinal) {
        if (world_.UserOf(ordinal) == user) touches.Add(ordinal, what);
      }
    }
    happened_.clear();
    touches.Prepare(snapshot);
    const exec::CustomerValues before = tag_.held();
    moves.clear();
    const auto advanced = tag_.Advance(
        {.snapshot = snapshot, .names = world_, .options = {.now_ms = now_ms}}, touches, &moves);
    ASSERT_TRUE(advanced.ok()) << advanced.error().message();
    for (const LiveTag::Moved& one : moves) {
      EXPECT_FALSE(one.before == one.after);
      EXPECT_EQ(one.before.code, before.CodeAt(one.customer));
    }
    ExpectBatch(snapshot, now_ms);
  }
  void ExpectBatch(const column::SnapshotView& snapshot, int64_t now_ms) {
    const auto batch =
        Evaluate(making_, {world_, {.now_ms = now_ms, .threads = 1, .snapshot = &snapshot}});
    ASSERT_TRUE(batch.ok()) << batch.error().message();
    const auto live = tag_.Values();
    const Evaluated unpacked = Unpack(live.type, *live.columns);
    EXPECT_EQ(live.type, batch.value().type);
    for (uint32_t ordinal = 0; ordinal < snapshot.ordinal_count; ++ordinal) {
      EXPECT_EQ(TextOf(unpacked, ordinal), TextOf(batch.value(), ordinal))
          << world_.UserOf(ordinal) << " " << json::serialize(MakingToJson(making_)) << " at "
          << now_ms - kNow;
    }
  }

  World world_;
  WorldLayout layout_;
  const Making making_;
  LiveTag tag_;
  std::vector<std::pair<std::string, uint32_t>> happened_;
};

std::string RandomMaking(std::mt19937& random) {
  const auto one = [&](std::vector<std::string> choices) {
    return choices[random() % choices.size()];
  };
  const auto range = [&] {
    return one({"", " LAST 90 MINUTES", " LAST 5 HOURS", " LAST 2 DAYS INCLUDING CURRENT",
                " SINCE 3 HOURS AGO", " BETWEEN 6 HOURS AGO AND 1 HOUR AGO"});
  };
  const auto events = [&] {
    return "DID(" + one({"a", "b", "a OR b", "a[amount > 1]"}) + ")" + range();
  };
  const auto rule = [&] {
    return one({events() + one({"", " COUNT >= 2", " SUM(amount) > 3"}), "vip >= 1",
                "LAST(a" + range() + ").amount >= 2", "NOT " + events(),
                "SEQ(a THEN WITHIN 1 HOUR b)" + range()});
  };
  const auto operand = [&] {
    return one({events() + one({" COUNT", " SUM(amount)", " DAYS", " MAX(amount)"}), "vip",
                "LAST(a" + range() + ").amount", "DID(b) DAYS SINCE LAST"});
  };
  const std::string bands = R"(,"bands":{"edges":[1,3],"labels":["low","mid","high"]})";
  return one({
      R"({"kind":"layers","layers":[{"value":"x","eql":")" + rule() + R"("},{"value":"y","eql":")" +
          rule() + R"("}])" + one({"", R"(,"otherwise":"z")", R"(,"match":"all")"}) + "}",
      R"({"kind":"value","of":")" + operand() + "\"" + one({"", bands}) + "}",
      "{\"kind\":\"value\",\"of\":\"LAST(a" + range() + ").type\"}",
      R"({"kind":"preference","events":")" + events() + R"(","property":"type")" +
          one({"", R"(,"sum":"amount")"}) + R"(,"top":)" + one({"1", "2"}) + "}",
      R"({"kind":"rfm","events":")" + events() +
          R"(","sum":"amount","recency":{"edges":[1]},"frequency":{"edges":[2]},)"
          R"("monetary":{"edges":[3,5]},"result":")" +
          one({"cell", "scores"}) + "\"}",
      R"({"kind":"rule","eql":")" + rule() + "\"}",
      R"({"kind":"score","terms":[{"of":")" + operand() +
          R"(","weight":2},{"of":"city","points":{"x":1,"y":5}}])" + one({"", bands}) + "}",
  });
}

TEST(LiveTagTest, ValuesAreThoseOfTheBatchAfterEveryEventAndAtEveryEdge) {
  for (uint32_t seed = 0; seed < 14 && !HasFailure(); ++seed) {
    std::mt19937 random(seed);
    Following following(RandomMaking(random));
    if (seed % 4 == 3) following.HaveSeveralOrdinals();
    int64_t now_ms = kNow;
    following.GoTo(now_ms);
    for (int step = 0; step < 9 && !HasFailure(); ++step) {
      now_ms += static_cast<int64_t>(random() % 4'000) * (random() % 3 ? 1'000 : 7'000);
      const std::string user = "u" + std::to_string(random() % 4);
      if (random() % 4) {
        const int64_t late = random() % 3 ? 0 : static_cast<int64_t>(random() % 400) * 60'000;
        following.Happens(user, random() % 2 ? "a" : "b", now_ms - late,
                          1 + static_cast<int>(random() % 3), random() % 2 ? "fund" : "gold");
      } else {
        following.Becomes(user, static_cast<int>(random() % 3), random() % 2 ? "x" : "y");
      }
      following.GoTo(now_ms);
    }
  }
}

TEST(LiveTagTest, AValueChangesByItselfWhenItsWindowEnds) {
  Following following(
      R"j({"kind":"layers","layers":[{"value":"busy","eql":"DID(a) LAST 1 HOUR"}],
           "otherwise":"calm"})j");
  following.GoTo(kNow);
  following.Happens("u0", "a", kNow + 1'000, 1, "fund");
  following.GoTo(kNow + 1'000);
  ASSERT_EQ(following.moves.size(), 1u);
  EXPECT_EQ(following.tag().Json(following.moves[0].before), "calm");
  EXPECT_EQ(following.tag().Json(following.moves[0].after), "busy");
  following.GoTo(kNow + 1'000 + 3'600'001);
  ASSERT_EQ(following.moves.size(), 1u);
  EXPECT_EQ(following.tag().Json(following.moves[0].after), "calm");
}

TEST(LiveTagTest, RefusesWhatComparesCustomersOrFollowsNoEvents) {
  World world = Bank();
  const column::SnapshotView snapshot = world.Build({});
  const Situation situation{world, {.now_ms = kNow, .snapshot = &snapshot}};
  const Wrong wrongs[] = {
      {R"j({"kind":"value","of":"assets","bands":{"quantiles":2,"labels":["a","b"]}})j", "edges"},
      {R"j({"kind":"rfm","events":"DID(buy)","sum":"amount","recency":{"edges":[3]},
           "frequency":{"mean":true},"monetary":{"edges":[3]}})j",
       "edges"},
      {R"j({"kind":"rule","eql":"TOP 5 BY assets"})j", "judges each customer alone"},
      {R"j({"kind":"uploaded","type":"string"})j", "does not follow"},
  };
  for (const Wrong& wrong : wrongs) {
    const auto live = CheckLive(MakingOf(wrong.making), situation);
    ASSERT_FALSE(live.ok()) << wrong.making;
    EXPECT_THAT(live.error().message(), HasSubstr(wrong.says));
  }
}

}  // namespace
}  // namespace waypost::tags

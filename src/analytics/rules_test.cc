// Rules against an oracle that looks at one customer after the other and knows no columns.
#include "analytics/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <functional>
#include <optional>
#include <random>
#include <set>

#include "analytics/row_filter.h"
#include "analytics/rule_oracle.h"
#include "column/block_image.h"
#include "eql/rule_json.h"
#include "eql/text.h"
#include "exec/limit.h"
#include "model/time_text.h"

namespace waypost::analytics {
namespace {

using testing::HasSubstr;

constexpr int64_t kDay = People::kDay;
constexpr int64_t kNow = People::kNow;

// A snapshot with nothing else of events than is wanted.
class OfWanted {
 public:
  OfWanted(const column::SnapshotView& all, const column::Wanted& wanted) : view_(all) {
    for (column::BlockView& block : view_.blocks) {
      for (const column::EventBlock*& part : block.parts) {
        column::EventBlock some = *part;
        std::erase_if(some.slices, [&](const column::EventSlice& slice) {
          return !column::Wanted::Has(wanted.events, slice.event_type);
        });
        for (column::EventSlice& slice : some.slices) {
          std::erase_if(slice.columns, [&](const column::Column& column) {
            return !column::Wanted::Has(wanted.properties, column.property());
          });
        }
        column::BlockBuilder builder(part->block, part->base_ms);
        builder.AddOthers(some, {});
        images_.push_back(builder.Build());
        part = &parts_.emplace_back(column::ReadBlockImage(images_.back().bytes()).value());
      }
    }
  }
  const column::SnapshotView& view() const { return view_; }

 private:
  column::SnapshotView view_;
  std::deque<column::Image> images_;
  std::deque<column::EventBlock> parts_;
};

// Some customers of one block, asked about by themselves.
void ExpectNearAsBatch(const exec::Rule& rule, const column::SnapshotView& snapshot,
                       const exec::CustomerBits& expected, const std::string& text) {
  if (exec::ComparesCustomers(rule)) return;
  std::mt19937_64 random(text.size());
  constexpr size_t kWords = exec::BlockBits().size();
  const auto block = static_cast<uint32_t>(random() % (expected.size() / kWords));
  exec::BlockBits among{};
  for (uint64_t& word : among) word = random();
  const column::SnapshotView near = exec::Near(snapshot, block, among);
  const exec::BlockBits found = exec::SelectInBlock(rule, near, block, among);
  EXPECT_EQ(found, exec::SelectInBlock(rule, snapshot, block, among)) << text;
  const OfWanted wanted(near, exec::ReadBy(rule));
  EXPECT_EQ(found, exec::SelectInBlock(rule, wanted.view(), block, among)) << text;
  for (size_t w = 0; w < kWords; ++w) {
    ASSERT_EQ(found[w], expected[block * kWords + w] & among[w]) << text << " word " << w;
  }
}

// It may be given up after any piece of its work.
void GiveUp(const exec::Rule& rule, const column::SnapshotView& snapshot, size_t pieces,
            unsigned threads) {
  std::atomic<size_t> begun = 0;
  const exec::Limit limit([&] { return begun++ >= pieces; });
  exec::SelectAndReport(rule, snapshot, threads);
}

// Whoever a query selects, by name.
std::set<std::string> Selected(World& world, const std::string& text, const WorldLayout& layout,
                               unsigned threads = 1, const MemberSets* sets = nullptr) {
  const column::SnapshotView snapshot = world.Build(layout);
  const eql::Query query = eql::ParseQuery(text).value();
  const auto resolved = ResolveQuery(query, world, {.now_ms = kNow, .sets = sets});
  EXPECT_TRUE(resolved.ok()) << text << "\n" << resolved.error().message();
  if (!resolved.ok()) return {};
  const exec::CustomerBits bits = RunQuery(resolved.value(), snapshot, threads);
  const exec::SelectionReport report =
      exec::SelectAndReport(resolved.value().rule, snapshot, threads);
  if (query.limit == 0) {
    EXPECT_EQ(report.customers, bits) << text;
    ExpectNearAsBatch(resolved.value().rule, snapshot, bits, text);
  }
  GiveUp(resolved.value().rule, snapshot, text.size() % 16, threads);
  std::set<std::string> users;
  for (uint32_t ordinal = 0; ordinal < bits.size() * 64; ++ordinal) {
    if (!(bits[ordinal / 64] >> (ordinal % 64) & 1)) continue;
    const std::string user = world.UserOf(ordinal);
    // With spread blocks there are ordinals that nobody has; a rule may select them as customers.
    if (!user.empty()) users.insert(user);
  }
  return users;
}

// Rules about the world of People::Fill, as text.
class RuleWriter {
 public:
  explicit RuleWriter(uint32_t seed) : random_(seed) {}

  std::string Write(int depth) {
    if (depth > 0) {
      switch (random_() % 5) {
        case 0:
          return "(" + Write(depth - 1) + " AND " + Write(depth - 1) + ")";
        case 1:
          return "(" + Write(depth - 1) + " OR " + Write(depth - 1) + ")";
        case 2:
          return "NOT " + Write(depth - 1);
        default:
          break;
      }
    }
    switch (random_() % 8) {
      case 0:
      case 1:
        return Field();
      case 2:
      case 3:
      case 4:
        return "DID" + Group() + Range() + Measured();
      case 5:
        return One({"FIRST", "LAST"}) + "(" + Events() + Range() + Where() + ")." +
               One({"channel" + Text(), "amount" + Test("0.25")});
      case 6:
        return Sequence();
      default:
        return One({"TOP ", "BOTTOM "}) + One({"1", "5", "30%", "12.5%", "100%"}) + " BY " +
               One({"vip", "aum", "COUNT OF " + Group() + Range(),
                    "SUM(amount) OF " + Group() + Range(), "DAYS OF " + Group()});
    }
  }

 private:
  std::string One(const std::vector<std::string>& choices) {
    return choices[random_() % choices.size()];
  }
  std::string Test(const std::string& unit) {
    const auto number = [&] {
      const int n = static_cast<int>(random_() % 5);
      return unit == "1" ? std::to_string(n) : std::to_string(n * std::stod(unit));
    };
    return One({" = " + number(), " != " + number(), " < " + number(), " <= " + number(),
                " > " + number(), " >= " + number(), " BETWEEN " + number() + " AND " + number(),
                " IN (" + number() + ", " + number() + ")", " NOT IN (" + number() + ")",
                " IS NULL", " IS NOT NULL"});
  }
  std::string Text() {
    return One({" = app", " != 'web'", " IN (app, other)", " NOT IN (app)", " CONTAINS 'e'",
                " STARTS WITH a", " IS NULL", " IS NOT NULL"});
  }
  std::string Field() {
    return One({"vip" + Test("1"), "aum" + Test("0.5"), "city = 上海", "city != 'x y'",
                "city IN (北京, 上海)", "city CONTAINS ' '", "city IS NULL"});
  }
  std::string Filter() {
    return One({"channel" + Text(), "amount" + Test("0.25"), "(amount > 0.25 OR channel = app)",
                "NOT channel = app"});
  }
  std::string Where() { return random_() % 3 ? "" : ", " + Filter(); }
  std::string Event() {
    return One({"a", "b", "c", "ANY EVENT"}) + (random_() % 3 ? "" : "[" + Filter() + "]");
  }
  std::string Events() { return random_() % 3 ? Event() : Event() + " OR " + Event(); }
  std::string Group() { return "(" + Events() + Where() + ")"; }
  std::string Range() {
    return One({"", " LAST 30 DAYS", " LAST 7 DAYS", " LAST 10 DAYS INCLUDING CURRENT"});
  }
  std::string Measured() {
    return One({"", " COUNT" + Test("1"), " DAYS" + Test("1"), " SUM(amount)" + Test("0.25"),
                " AVG(amount)" + Test("0.25"), " MAX(amount)" + Test("0.25"),
                " MIN(amount)" + Test("0.25"), " DISTINCT(channel)" + Test("1"),
                " DISTINCT(amount)" + Test("1"), " DAYS SINCE LAST" + Test("1"),
                " DAYS SINCE FIRST > 20"});
  }
  std::string Sequence() {
    std::string text = "SEQ(" + Events();
    for (uint32_t n = 1 + random_() % 2; n > 0; --n) {
      text += " THEN " + One({"", "", "WITHIN 3 DAYS ", "WITHIN 12 HOURS "}) +
              One({"", "", "WITHOUT " + Event() + " "}) + Events();
    }
    return text + ")" + One({"", " WITHIN 10 DAYS"}) + One({"", " LAST 30 DAYS"}) +
           One({"", " REACHED >= 1", " REACHED >= 2"});
  }

  std::mt19937 random_;
};

std::set<std::string> Expected(const People& people, const RuleOracle& oracle,
                               const eql::Rule& rule) {
  std::set<std::string> expected;
  for (const auto& [user, attributes] : people.attributes) {
    if (oracle.Holds(rule, user)) expected.insert(user);
  }
  return expected;
}

// What each leaf of a rule gives, and the events of those it is wrong about.
std::string Differences(World& world, const People& people, const eql::Rule& rule,
                        const WorldLayout& layout) {
  std::string text;
  const RuleOracle oracle(people);
  std::vector<const eql::Rule*> leaves;
  eql::CollectLeaves(rule, &leaves);
  for (const eql::Rule* leaf : leaves) {
    const std::string written = eql::FormatRule(*leaf);
    const auto expected = Expected(people, oracle, *leaf);
    const auto selected = Selected(world, written, layout);
    for (const auto& [user, events] : people.events) {
      if (expected.contains(user) == selected.contains(user)) continue;
      text += "\n" + written + ": expected " + (expected.contains(user) ? "" : "no ") + user;
      for (const Happened& e : events) {
        text +=
            "\n  " + DateTimeText(e.ms) + " " + e.name + " " + boost::json::serialize(e.properties);
      }
    }
  }
  return text;
}

TEST(RulesTest, SelectWhoTheOracleSelects) {
  for (uint32_t seed = 0; seed < 6; ++seed) {
    World world;
    const People people = People::Fill(&world, seed);
    const RuleOracle oracle(people);
    for (uint32_t n = 0; n < 60; ++n) {
      const std::string text = RuleWriter(seed * 1'000 + n).Write(3);
      const auto query = eql::ParseQuery(text);
      ASSERT_TRUE(query.ok()) << text << "\n" << query.error().message();
      const eql::Rule& rule = query.value().where[0];
      const WorldLayout layouts[] = {
          {}, {.parts_per_month = 3, .ordinals_per_user = 3, .seed = seed + 1}};
      const WorldLayout& layout = layouts[n % 2];
      ASSERT_EQ(Selected(world, text, layout, 1 + n % 3), Expected(people, oracle, rule))
          << "seed " << seed << ", rule " << n << ": " << text
          << Differences(world, people, rule, layout);
    }
  }
}

TEST(RulesTest, CustomersWithoutEventsDidNot) {
  World world;
  world.Add("busy", "pay", kNow - 2 * kDay);
  world.attributes["idle"] = {{"vip", 1}};
  EXPECT_EQ(Selected(world, "NOT DID(pay)", {}), (std::set<std::string>{"idle"}));
  EXPECT_EQ(Selected(world, "DID(pay) COUNT = 0", {}), (std::set<std::string>{"idle"}));
}

TEST(RulesTest, DaysAreThoseBeforeTodayUnlessSaid) {
  World world;
  world.Add("today", "pay", kNow);
  world.Add("yesterday", "pay", kNow - 1);
  world.Add("week", "pay", kNow - 7 * kDay);
  world.Add("before", "pay", kNow - 7 * kDay - 1);
  EXPECT_EQ(Selected(world, "DID(pay) LAST 7 DAYS", {}),
            (std::set<std::string>{"week", "yesterday"}));
  EXPECT_EQ(Selected(world, "DID(pay) LAST 1 DAY INCLUDING CURRENT", {}),
            (std::set<std::string>{"today"}));
  EXPECT_EQ(Selected(world, "DID(pay) LAST 1 HOUR", {}),
            (std::set<std::string>{"today", "yesterday"}));
  EXPECT_EQ(Selected(world, "DID(pay) BETWEEN '2026-03-25' AND '2026-03-31'", {}),
            (std::set<std::string>{"week", "yesterday"}));
  EXPECT_EQ(Selected(world, "DID(pay) SINCE 7 DAYS AGO", {}),
            (std::set<std::string>{"today", "week", "yesterday"}));
}

TEST(RulesTest, WhatCameAfterTheMomentOfARuleIsNotThere) {
  World world;
  world.Add("before", "pay", kNow - 40 * kDay);
  world.Add("then", "pay", kNow - 9 * kDay - 1);  // the last millisecond of ten days ago
  world.Add("after", "pay", kNow - 9 * kDay);
  const std::set<std::string> both{"before", "then"};
  const std::pair<const char*, std::set<std::string>> cases[] = {
      {"DID(pay)", both},
      {"NOT DID(pay)", {"after"}},
      {"DID(pay) LAST 2 YEARS INCLUDING CURRENT", both},
      {"DID(pay) SINCE '2026-01-01'", both},
      {"DID(pay) LAST 24 HOURS", {"then"}},
      {"DID(pay) LAST 1 DAY INCLUDING CURRENT", {"then"}},
      {"DID(pay) DAYS SINCE LAST = 0", {"then"}},
      {"SEQ(pay THEN pay) REACHED >= 1", both},
  };
  for (const auto& [rule, who] : cases) {
    EXPECT_EQ(Selected(world, "FIND customer AT '2026-03-22' WHERE " + std::string(rule), {}), who)
        << rule;
    EXPECT_EQ(Selected(world, "FIND customer AT 10 DAYS AGO WHERE " + std::string(rule), {}), who)
        << rule;
  }
  // Today is not over yet, and a day to come may be asked about.
  world.Add("today", "pay", kNow);
  EXPECT_EQ(Selected(world, "FIND customer AT TODAY WHERE DID(pay) LAST 2 HOURS", {}),
            (std::set<std::string>{"today"}));
  EXPECT_EQ(Selected(world, "FIND customer AT '2026-04-03' WHERE DID(pay) LAST 3 DAYS", {}),
            (std::set<std::string>{"today"}));
}

TEST(RulesTest, AHoldOutAndItsComplementAreEveryoneOnce) {
  World world;
  for (int u = 0; u < 1'000; ++u) world.Add("u" + std::to_string(u), "pay", kNow - kDay);
  const auto in = Selected(world, "SAMPLE 10% SEED 'h'", {});
  const auto out = Selected(world, "NOT SAMPLE 10% SEED 'h'", {});
  EXPECT_EQ(in.size() + out.size(), 1'000u);
  EXPECT_NEAR(static_cast<double>(in.size()), 100, 40);
  EXPECT_EQ(in, Selected(world, "SAMPLE 10% SEED 'h'", {}, 2));
  EXPECT_NE(in, Selected(world, "SAMPLE 10% SEED 'i'", {}));
  EXPECT_EQ(Selected(world, "DID(pay) LIMIT 17 SEED 's'", {}).size(), 17u);
}

struct Wrong {
  std::string rule, message;
};

TEST(RulesTest, AnErrorNamesThePlaceAndTheNearestName) {
  World world;
  world.attributes["u"] = {{"vip", 1}, {"city", "x"}, {"tags", boost::json::array{"a"}}};
  world.Add({"u", "transfer", kNow - 1, {{"amount", 1}, {"channel", "app"}}});
  world.Build({});
  const Wrong cases[] = {
      {"vpi = 1", "line 1, column 1: there is no field 'vpi'; did you mean 'vip'?"},
      {"vip = 1\nAND DID(transfr)",
       "line 2, column 9: there is no event 'transfr'; did you mean 'transfer'?"},
      {"DID(transfer, amout > 1)",
       "line 1, column 15: there is no event property 'amout'; did you mean 'amount'?"},
      {"vip CONTAINS 'x'", "line 1, column 1: op: 'vip' is a int"},
      {"vip = 'x'", "line 1, column 1: value: "},
      {"city LAST 3 DAYS", "line 1, column 1: 'city' is a string, not a time"},
      {"DID(transfer) SUM(channel) > 1", "SUM needs a number; 'channel' is a string"},
      {"TOP 5 BY city", "has no order to rank by"},
      {"TAG(risk) = 'high'", "there are no tags here"},
      {"ANY holdings[x = 1]", "there are no tables here"},
      {"IN SEGMENT x", "there are no segments here"},
      {"DID(transfer[DID(transfer)])", "a filter has conditions on properties or columns"},
      {"SEQ(transfer THEN WITHIN 1 MONTH transfer)", "a month has no fixed length"},
      {"DID(transfer) BETWEEN '2026-02-30' AND NOW", "'2026-02-30' is no time"},
      {"DID(transfer) BETWEEN '2026-12-01' AND '2026-01-01'", "the range ends before it begins"},
  };
  for (const Wrong& wrong : cases) {
    const auto resolved =
        ResolveQuery(eql::ParseQuery(wrong.rule).value(), world, {.now_ms = kNow});
    ASSERT_FALSE(resolved.ok()) << wrong.rule;
    EXPECT_EQ(resolved.error().name(), "eql_unknown");
    EXPECT_THAT(resolved.error().message(), HasSubstr(wrong.message)) << wrong.rule;
  }
}

class OneSet final : public MemberSets {
 public:
  explicit OneSet(Members members) : members_(std::move(members)) {}
  Result<Members> Find(std::string_view, std::string_view name) const override {
    if (name == "known") return members_;
    return Error(Code::kNotFound, "there is no segment '" + std::string(name) + "'");
  }

 private:
  const Members members_;
};

TEST(RulesTest, SegmentsAreMembersAndQuestionsTakeRulesForTheirPopulation) {
  World world;
  for (const char* user : {"u0", "u1", "u2", "u3"}) world.Add(user, "pay", kNow - kDay);
  world.Add("u1", "buy", kNow - kDay + 1);
  world.Build({});
  const OneSet sets(std::make_shared<const exec::CustomerBits>(exec::CustomerBits{0b0110}));
  EXPECT_EQ(Selected(world, "IN SEGMENT known AND NOT DID(buy)", {}, 1, &sets),
            (std::set<std::string>{"u2"}));
  const std::string question =
      R"q({"ask":"trends","measures":[{"name":"n","of":"pay","measure":"uniques"}],
          "range":{"last":1,"unit":"day"},"who":{"eql":"IN SEGMENT known AND NOT DID(buy)"}})q";
  const auto answer = Ask(question, world.Build({}), world, {.now_ms = kNow, .sets = &sets});
  ASSERT_TRUE(answer.ok()) << answer.error().message();
  EXPECT_THAT(answer.value(), HasSubstr(R"("total":1)"));
}

TEST(RulesTest, SayHowLongTheyStayTheSame) {
  World world;
  world.attributes["u"] = {{"vip", 1}};
  world.Add("u", "pay", kNow - kDay);
  world.Build({});
  constexpr int64_t kNoon = kNow + kDay / 2, kForEver = std::numeric_limits<int64_t>::max();
  const std::pair<const char*, int64_t> cases[] = {
      {"vip = 1 AND DID(pay) COUNT > 2", kForEver},
      {"DID(pay) BETWEEN '2026-01-01' AND '2026-02-01'", kForEver},
      {"DID(pay) LAST 7 DAYS", kNow + kDay},
      {"DID(pay) DAYS SINCE LAST > 3", kNow + kDay},
      {"DID(pay) SINCE TODAY", kNow + kDay},
      {"DID(pay) LAST 7 DAYS AND DID(pay) LAST 2 HOURS", kNoon + 1},
      {"SEQ(pay THEN pay) LAST 90 MINUTES", kNoon + 1},
      {"FIND customer AT '2026-01-01' WHERE DID(pay) LAST 2 HOURS", kForEver},
      {"FIND customer AT 1 DAY AGO WHERE DID(pay) LAST 2 HOURS", kNow + kDay},
  };
  for (const auto& [text, until] : cases) {
    const auto resolved = ResolveQuery(eql::ParseQuery(text).value(), world, {.now_ms = kNoon});
    ASSERT_TRUE(resolved.ok()) << text << "\n" << resolved.error().message();
    EXPECT_EQ(resolved.value().same_until_ms, until) << text;
    EXPECT_FALSE(resolved.value().drifts) << text;
  }
}

TEST(RulesTest, ARollingRangeSaysWhenItTakesInAndLetsGo) {
  World world;
  world.types = {{"seen", ValueType::kDateTime}};
  world.attributes["u"] = {{"seen", kNow}};
  world.Add("u", "pay", kNow - 30 * 60'000);
  world.Add("u", "pay", kNow + 5 * 60'000);
  const column::SnapshotView snapshot = world.Build({});
  constexpr int64_t kMinute = 60'000, kNever = std::numeric_limits<int64_t>::max();
  const std::pair<const char*, int64_t> cases[] = {
      {"DID(pay) LAST 1 HOUR", kNow + 5 * kMinute},          // the second comes
      {"DID(pay) LAST 34 MINUTES", kNow + 4 * kMinute + 1},  // the first goes
      {"DID(pay) LAST 20 MINUTES", kNow + 5 * kMinute},
      {"NOT DID(pay) NEXT 2 MINUTES", kNow + 3 * kMinute},
      {"SEQ(pay THEN pay) LAST 31 MINUTES", kNow + kMinute + 1},
      {"DID(pay) SINCE 40 MINUTES AGO", kNow + 10 * kMinute + 1},
      {"DID(pay) BETWEEN '2026-01-01' AND NOW", kNow + 5 * kMinute},
      {"DID(pay) LAST 7 DAYS", kNever},
      {"DID(pay)", kNever},
  };
  for (const auto& [text, next] : cases) {
    const auto resolved = ResolveQuery(eql::ParseQuery(text).value(), world, {.now_ms = kNow});
    ASSERT_TRUE(resolved.ok()) << text << "\n" << resolved.error().message();
    EXPECT_FALSE(resolved.value().drifts) << text;
    EXPECT_EQ(exec::NextChange(resolved.value().rule, snapshot, 0, kNow), next) << text;
  }
  const auto drifting =
      ResolveQuery(eql::ParseQuery("DID(pay) LAST 1 HOUR AND seen > 2 HOURS AGO").value(), world,
                   {.now_ms = kNow});
  EXPECT_TRUE(drifting.value().drifts);
}

// What a rule selects in a snapshot seen through another rule, by name.
std::set<std::string> Seen(World& world, const std::string& text, const std::string& visible,
                           const WorldLayout& layout) {
  const column::SnapshotView snapshot = world.Build(layout);
  RowFilter filter;
  const auto seen = filter.See(visible, snapshot, world, {.now_ms = kNow}).value();
  const auto resolved = ResolveQuery(eql::ParseQuery(text).value(), world, {.now_ms = kNow});
  const exec::CustomerBits bits = RunQuery(resolved.value(), seen, 2);
  std::set<std::string> users;
  for (uint32_t ordinal = 0; ordinal < bits.size() * 64; ++ordinal) {
    const std::string user =
        bits[ordinal / 64] >> (ordinal % 64) & 1 ? world.UserOf(ordinal) : std::string();
    if (!user.empty()) users.insert(user);
  }
  return users;
}

TEST(RowFilterTest, OnlyVisibleCustomersAreInAnyAnswer) {
  World world;
  People::Fill(&world, 5);
  const WorldLayout layouts[] = {{}, {.parts_per_month = 2, .ordinals_per_user = 3, .seed = 3}};
  const char* visible[] = {"city = 上海", "DID(a) LAST 30 DAYS", "vip IS NULL AND NOT DID(b)"};
  const char* rules[] = {"vip >= 1", "NOT DID(a)", "SEQ(a THEN b)", "DID(b) SUM(amount) > 0.5",
                         "vip >= 1 OR vip IS NULL"};
  for (const WorldLayout& layout : layouts) {
    for (const char* scope : visible) {
      const auto all = Selected(world, scope, layout);
      EXPECT_FALSE(all.empty()) << scope;
      for (const char* rule : rules) {
        std::set<std::string> both;
        std::ranges::set_intersection(all, Selected(world, rule, layout),
                                      std::inserter(both, both.end()));
        EXPECT_EQ(Seen(world, rule, scope, layout), both) << rule << " for " << scope;
      }
    }
  }
}

TEST(RowFilterTest, QuestionsCountOnlyVisibleCustomersAndAnotherSnapshotIsLookedAtAnew) {
  World world;
  for (int u = 0; u < 9; ++u) {
    const std::string user = "u" + std::to_string(u);
    world.Add(user, "pay", kNow - kDay);
    world.attributes[user] = {{"org", u % 3}};
  }
  RowFilter filter;
  const auto uniques = [&](const std::string& id, int64_t now_ms) {
    column::SnapshotView snapshot = world.Build({});
    snapshot.id = id;
    const AskOptions options{.now_ms = now_ms};
    const auto seen = filter.See("org = 1", snapshot, world, options);
    const std::string question =
        R"({"ask":"trends","measures":[{"name":"n","of":"pay","measure":"uniques"}],
            "range":{"from":"2026-03-01","to":"2026-04-01"}})";
    return Ask(question, seen.value(), world, options).value();
  };
  EXPECT_THAT(uniques("1", kNow), HasSubstr(R"("total":3)"));
  world.attributes["u0"] = {{"org", 1}};
  EXPECT_THAT(uniques("1", kNow), HasSubstr(R"("total":3)"));  // the snapshot has the same name
  EXPECT_THAT(uniques("2", kNow), HasSubstr(R"("total":4)"));
  EXPECT_EQ(filter.See("orgg = 1", world.Build({}), world, {}).error().name(), "eql_unknown");
}

}  // namespace
}  // namespace waypost::analytics

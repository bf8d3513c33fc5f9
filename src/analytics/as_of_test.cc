// Questions that ask what customers were when an event happened, against an oracle that goes
// through the events one after the other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "analytics/ask.h"
#include "analytics/test_world.h"

namespace waypost::analytics {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

constexpr int64_t kDayLong = 86'400'000;
constexpr int64_t kJanuary = 1'767'225'600'000;  // 2026-01-01T00:00Z
constexpr int64_t kDaysLong = 60;
constexpr const char* kLevels[] = {"gold", "plain", "silver"};

// What a customer was from a moment to another, as one of the customer's timelines has it.
struct Version {
  std::string level;
  int64_t since_ms, until_ms;
};
struct Happening {
  int64_t time_ms;
  std::string event;
};

// Customers with a level that changes, and a tag that is 1 on odd days of those with an odd number.
struct Then final : Tables, TagValues {
  World world;
  column::SnapshotView snapshot;
  std::map<std::string, std::vector<Happening>> events;
  std::map<std::string, std::vector<Version>> levels;

  explicit Then(const WorldLayout& layout) {
    std::mt19937 random(7);
    for (int u = 0; u < 20; ++u) {
      const std::string user = "u" + std::to_string(u);
      for (int n = 0; n < 30; ++n) {
        const int64_t time = kJanuary + static_cast<int64_t>(random() % (kDaysLong * kDayLong));
        const char* event = random() % 2 ? "see" : "buy";
        world.Add(user, event, time);
        events[user].push_back({time, event});
      }
      std::ranges::sort(events[user], {}, &Happening::time_ms);
    }
    world.DeclareAttribute("level", "gold");
    world.DeclareAttribute("city", "x");
    snapshot = world.Build(layout);
    PlaceLevels(&random);
    PlaceTag();
  }

  // Of a customer's timelines the one that changed last says what the customer was.
  std::string LevelAt(const std::string& user, int64_t time) const {
    const Version* last = nullptr;
    for (const Version& v : levels.at(user)) {
      const bool holds = v.since_ms <= time && time < v.until_ms;
      if (holds && (!last || v.since_ms > last->since_ms)) last = &v;
    }
    return last ? last->level : "";
  }
  bool TaggedAt(const std::string& user, int64_t time) const {
    const int64_t day = (time - kJanuary) / kDayLong;
    return day >= 20 && std::stoi(user.substr(1)) % 2 == 1 && day % 2 == 1;
  }

  Result<Tables::Found> Find(std::string_view) const override {
    Tables::Found found;
    found.table = std::make_shared<const Table>(
        Table{.id = "customer",
              .columns = {{.name = "age", .type = ValueType::kInt}, {.name = "level"}}});
    found.ever_rows = std::make_shared<const std::vector<const column::EventBlock*>>();
    found.ever_of_customers = std::make_shared<const column::SnapshotView>(past_);
    return found;
  }
  Result<Values> Find(std::string_view, int64_t) const override { return tag_.back(); }
  Result<std::vector<std::string>> Names() const override { return std::vector<std::string>(); }
  Result<std::vector<Values>> History(std::string_view, const exec::TimeRange&) const override {
    return tag_;
  }

  Result<json::value> Asked(const std::string& question, unsigned threads = 2) const {
    const AskOptions options{.now_ms = kJanuary + kDaysLong * kDayLong,
                             .threads = threads,
                             .tags = this,
                             .tables = this};
    return json::parse(TRY(Ask(question, snapshot, world, options)));
  }

 private:
  std::vector<uint32_t> MembersOf(uint32_t root) const {
    const auto cluster = snapshot.clusters.Find(root);
    if (!cluster) return {root};
    return {cluster->members.begin(), cluster->members.end()};
  }

  // Each timeline has a chain of values of its own; what is past is a part of its own.
  void PlaceLevels(std::mt19937* random) {
    std::map<std::pair<uint32_t, bool>, std::unique_ptr<column::BlockBuilder>> builders;
    for (const uint32_t root : world.Customers()) {
      for (const uint32_t member : MembersOf(root)) {
        int64_t since = kJanuary + static_cast<int64_t>((*random)() % (10 * kDayLong));
        while (since < kJanuary + kDaysLong * kDayLong) {
          const bool last = (*random)() % 4 == 0;
          const int64_t until =
              last ? INT64_MAX : since + 1 + static_cast<int64_t>((*random)() % (20 * kDayLong));
          const std::string level = kLevels[(*random)() % 3];
          levels[world.UserOf(root)].push_back({level, since, until});
          auto& builder = builders[{member >> 16, last}];
          if (!builder) builder = std::make_unique<column::BlockBuilder>(member >> 16, 0);
          std::vector<column::Cell> cells = {
              {.property = 1, .type = column::ColumnType::kString, .text = level},
              {.property = kSinceColumn, .type = column::ColumnType::kDateTime, .whole = since}};
          if (!last) {
            cells.push_back(
                {.property = kUntilColumn, .type = column::ColumnType::kDateTime, .whole = until});
          }
          builder->Add({.local = member & 0xFFFF, .cells = cells});
          since = last ? INT64_MAX : until;
        }
      }
    }
    past_ = snapshot;
    past_.blocks.clear();
    for (auto& [key, builder] : builders) {
      images_.push_back(builder->Build());
      blocks_.push_back(column::ReadBlockImage(images_.back().bytes()).value());
      if (past_.blocks.empty() || past_.blocks.back().block != key.first)
        past_.blocks.push_back({.block = key.first, .parts = {}, .attributes = {}});
      past_.blocks.back().parts.push_back(&blocks_.back());
    }
  }

  void PlaceTag() {
    for (int64_t day = 20; day < kDaysLong; ++day) {
      auto columns = std::make_shared<column::CustomerColumns>();
      std::map<uint32_t, std::vector<column::Cell>> cells;
      for (const uint32_t root : world.Customers()) {
        auto& block = cells[root >> 16];
        block.resize(std::max<size_t>(block.size(), (root & 0xFFFF) + 1));
        block[root & 0xFFFF].whole = TaggedAt(world.UserOf(root), kJanuary + day * kDayLong);
      }
      for (const auto& [block, values] : cells) {
        std::vector<const column::Cell*> rows;
        for (const column::Cell& cell : values) rows.push_back(&cell);
        auto image = std::make_shared<const column::Image>(
            column::BuildColumn(1, column::ColumnType::kInt, rows));
        columns->Set(block, column::ReadColumnImage(image->bytes()).value(), image);
      }
      tag_.push_back({ValueType::kInt, std::move(columns), kJanuary + day * kDayLong});
    }
  }

  column::SnapshotView past_;
  std::deque<column::Image> images_;
  std::deque<column::EventBlock> blocks_;
  std::vector<Values> tag_;
};

std::string Trend(const std::string& members) {
  return R"({"ask": "trends", "as_of": "event", "range": {"from": "2026-01-01", "to": "2026-03-02"},
    "interval": "all", "measures": [{"name": "n", "of": "buy"},
    {"name": "u", "of": "buy", "measure": "uniques"}])" +
         members + "}";
}
std::pair<int64_t, int64_t> Totals(const json::value& group) {
  const json::value& measures = group.at("measures");
  return {measures.at("n").at("total").as_int64(), measures.at("u").at("total").as_int64()};
}

class AsOf : public testing::TestWithParam<WorldLayout> {
 protected:
  // Events named "buy" for which `holds`, and how many customers they are of.
  std::pair<int64_t, int64_t> Count(
      const std::function<bool(const std::string&, int64_t)>& holds) const {
    std::pair<int64_t, int64_t> counts;
    for (const auto& [user, all] : then_.events) {
      int64_t n = 0;
      for (const Happening& event : all) n += event.event == "buy" && holds(user, event.time_ms);
      counts.first += n;
      counts.second += n > 0;
    }
    return counts;
  }
  // Made once a layout.
  static const Then& Made(const WorldLayout& layout) {
    static std::map<std::tuple<int, bool, int>, std::unique_ptr<Then>> made;
    auto& one = made[{layout.parts_per_month, layout.spread_blocks, layout.ordinals_per_user}];
    if (!one) one = std::make_unique<Then>(layout);
    return *one;
  }
  const Then& then_ = Made(GetParam());
};

TEST_P(AsOf, APopulationIsOfCustomersAsTheyWereAtEachEvent) {
  const auto answer =
      then_.Asked(Trend(R"(, "who": {"customer": "level", "op": "=", "value": "gold"})"));
  ASSERT_TRUE(answer.ok()) << answer.error().message();
  EXPECT_EQ(answer.value().at("attributes_as_of"), "event");
  EXPECT_EQ(Totals(answer.value().at("everyone")),
            Count([&](const auto& user, int64_t t) { return then_.LevelAt(user, t) == "gold"; }));
}

TEST_P(AsOf, WhoWasNothingYetIsNull) {
  const auto answer = then_.Asked(
      Trend(R"(, "who": {"customer": "level", "op": "!=", "value": "gold", "null": "include"})"));
  ASSERT_TRUE(answer.ok()) << answer.error().message();
  EXPECT_EQ(Totals(answer.value().at("everyone")),
            Count([&](const auto& user, int64_t t) { return then_.LevelAt(user, t) != "gold"; }));
}

TEST_P(AsOf, ABreakdownPutsEachEventWhereItsCustomerWas) {
  const auto answer = then_.Asked(Trend(R"(, "by": {"customer": "level"})"));
  ASSERT_TRUE(answer.ok()) << answer.error().message();
  std::set<std::string> seen;
  for (const json::value& group : answer.value().at("groups").as_array()) {
    const json::value& by = group.at("by").at(0);
    const std::string level = by.is_null() ? "" : std::string(by.as_string());
    seen.insert(level);
    EXPECT_EQ(Totals(group),
              Count([&](const auto& user, int64_t t) { return then_.LevelAt(user, t) == level; }))
        << level;
  }
  EXPECT_EQ(seen, (std::set<std::string>{"", "gold", "plain", "silver"}));
}

TEST_P(AsOf, ATagIsWhatItWasOnTheDayOfTheEvent) {
  const auto answer = then_.Asked(Trend(R"(, "who": {"tag": "t", "op": "=", "value": 1})"));
  ASSERT_TRUE(answer.ok()) << answer.error().message();
  EXPECT_EQ(Totals(answer.value().at("everyone")),
            Count([&](const auto& user, int64_t t) { return then_.TaggedAt(user, t); }));
}

TEST_P(AsOf, AFunnelAsksAtEachStep) {
  const auto answer = then_.Asked(
      R"({"ask": "funnel", "as_of": "event", "range": {"from": "2026-01-01", "to": "2026-03-02"},
          "window": "12h", "who": {"customer": "level", "op": "in", "value": ["gold", "silver"]},
          "steps": [{"event": "see", "where": {"customer": "level", "op": "=", "value": "gold"}}, "buy"]})");
  ASSERT_TRUE(answer.ok()) << answer.error().message();
  int64_t entered = 0, converted = 0;
  for (const auto& [user, all] : then_.events) {
    bool sees = false, buys = false;
    for (const Happening& first : all) {
      if (first.event != "see" || then_.LevelAt(user, first.time_ms) != "gold") continue;
      sees = true;
      for (const Happening& second : all) {
        const int64_t after = second.time_ms - first.time_ms;
        const std::string level = then_.LevelAt(user, second.time_ms);
        buys |= second.event == "buy" && after > 0 && after <= kDayLong / 2 &&
                (level == "gold" || level == "silver");
      }
    }
    entered += sees;
    converted += buys;
  }
  const json::array& steps = answer.value().at("everyone").at("steps").as_array();
  EXPECT_EQ(steps[0].at("count").as_int64(), entered);
  EXPECT_EQ(steps[1].at("count").as_int64(), converted);
  EXPECT_TRUE(0 < converted && converted < entered);
}

INSTANTIATE_TEST_SUITE_P(Layouts, AsOf,
                         testing::Values(WorldLayout{.parts_per_month = 3},
                                         WorldLayout{.spread_blocks = true, .ordinals_per_user = 3},
                                         WorldLayout{.ordinals_per_user = 2}));

TEST(AsOfTest, WhatIsNotKeptIsSaid) {
  const Then then{{}};
  for (const char* question : {R"(, "who": {"customer": "city", "op": "=", "value": "x"})",
                               R"(, "by": {"customer": "city"})"}) {
    const auto answer = then.Asked(Trend(question));
    ASSERT_FALSE(answer.ok());
    EXPECT_THAT(answer.error().message(), HasSubstr("what 'city' was is not kept"));
  }
}

}  // namespace
}  // namespace waypost::analytics

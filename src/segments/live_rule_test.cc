// Members that follow events and time, against the batch evaluator asked anew at each moment.
#include "segments/live_rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "analytics/test_world.h"
#include "column/block_image.h"
#include "eql/text.h"

namespace waypost::segments {
namespace {

using analytics::World;

constexpr int64_t kMinute = 60'000, kHour = 60 * kMinute, kDay = 24 * kHour;
constexpr int64_t kNow = 1'775'001'600'000;  // 2026-04-01T00:00Z

exec::CustomerBits Batch(const World& world, const column::SnapshotView& snapshot,
                         const std::string& text, int64_t now_ms) {
  const auto resolved = analytics::ResolveQuery(eql::ParseQuery(text).value(), world,
                                                {.now_ms = now_ms, .default_zone = "UTC"});
  EXPECT_TRUE(resolved.ok()) << text << resolved.error().message();
  return analytics::RunQuery(resolved.value(), snapshot, 1);
}

// A world that goes on, and a rule that follows it.
class Follower {
 public:
  explicit Follower(const std::string& text) : text_(text), rule_(eql::ParseQuery(text).value()) {
    for (const char* name : {"a", "b"}) world_.DeclareEvent(name);
    world_.DeclareAttribute("vip", 1);
    world_.types = {{"amount", ValueType::kInt}};
    world_.Add({"first", "a", kNow - 3 * kDay, {{"amount", 1}}});
    world_.attributes["first"] = {{"vip", 0}};
    world_.Build({});
  }

  void Happens(const std::string& user, const std::string& event, int64_t ms, int amount) {
    world_.Add({user, event, ms, {{"amount", amount}}});
    happened_.emplace_back(user, *world_.Event(event));
  }
  void Becomes(const std::string& user, int vip) {
    world_.attributes[user] = {{"vip", vip}};
    happened_.emplace_back(user, analytics::kAttributesChanged);
  }

  // At every moment when time moves somebody, and then at `now_ms`.
  void GoTo(int64_t now_ms) {
    for (int edges = 0; rule_.next_ms() > 0 && rule_.next_ms() < now_ms; ++edges) {
      ASSERT_LT(edges, 1'000) << text_;
      const int64_t edge_ms = rule_.next_ms();
      if (happened_.empty()) ExpectMembers(edge_ms - 1);
      Advance(edge_ms);
      if (testing::Test::HasFailure()) return;
    }
    Advance(now_ms);
  }
  const exec::CustomerBits& members() const { return rule_.members(); }
  std::vector<Moved> moves;

 private:
  void Advance(int64_t now_ms) {
    const column::SnapshotView snapshot = world_.Build({});
    analytics::Touches touches;
    for (const auto& [user, what] : happened_) {
      for (uint32_t ordinal = 0; ordinal < snapshot.ordinal_count; ++ordinal) {
        if (world_.UserOf(ordinal) == user) touches.Add(ordinal, what);
      }
    }
    happened_.clear();
    touches.Prepare(snapshot);
    const exec::CustomerBits before = rule_.members();
    moves.clear();
    const auto advanced = rule_.Advance(
        {.snapshot = snapshot, .names = world_, .options = {.now_ms = now_ms}}, touches, &moves);
    ASSERT_TRUE(advanced.ok()) << advanced.error().message();
    exec::CustomerBits moved = before;
    moved.resize(rule_.members().size());
    for (const Moved& one : moves) {
      EXPECT_EQ(moved[one.customer / 64] >> (one.customer % 64) & 1, one.in ? 0u : 1u);
      moved[one.customer / 64] ^= 1ull << (one.customer % 64);
    }
    EXPECT_EQ(moved, rule_.members());
    ExpectMembers(now_ms);
  }
  void ExpectMembers(int64_t now_ms) {
    EXPECT_EQ(rule_.members(), Batch(world_, world_.Build({}), text_, now_ms))
        << text_ << " at " << now_ms - kNow;
  }

  const std::string text_;
  World world_;
  LiveRule rule_;
  std::vector<std::pair<std::string, uint32_t>> happened_;
};

std::string RandomRule(std::mt19937& random, int depth) {
  const auto one = [&](std::vector<std::string> choices) {
    return choices[random() % choices.size()];
  };
  if (depth > 0 && random() % 3) {
    return one({"(" + RandomRule(random, depth - 1) + " AND " + RandomRule(random, depth - 1) + ")",
                "(" + RandomRule(random, depth - 1) + " OR " + RandomRule(random, depth - 1) + ")",
                "NOT " + RandomRule(random, depth - 1)});
  }
  const std::string range =
      one({"", " LAST 90 MINUTES", " LAST 5 HOURS", " LAST 1 DAY", " LAST 2 DAYS INCLUDING CURRENT",
           " SINCE 3 HOURS AGO", " NEXT 2 HOURS", " BETWEEN '2026-03-31' AND NOW",
           " BETWEEN 6 HOURS AGO AND 1 HOUR AGO"});
  const std::string event = one({"a", "b", "a OR b", "ANY EVENT", "a[amount > 1]"});
  return one({"DID(" + event + ")" + range +
                  one({"", " COUNT >= 2", " SUM(amount) > 3", " COUNT = 0", " DAYS >= 2"}),
              "LAST(" + event + range + ").amount >= 2", "SEQ(a THEN b)" + range,
              "SEQ(a THEN WITHIN 1 HOUR WITHOUT a b)" + range, "vip >= 1", "vip IS NULL",
              "DID(a) DAYS SINCE LAST >= 1", "SAMPLE 50%"});
}

TEST(LiveRuleTest, MembersAreWhomTheBatchSelectsAfterEveryEventAndAtEveryEdge) {
  for (uint32_t seed = 0; seed < 20 && !HasFailure(); ++seed) {
    std::mt19937 random(seed);
    Follower follower(RandomRule(random, 2));
    int64_t now_ms = kNow;
    follower.GoTo(now_ms);
    for (int step = 0; step < 25 && !HasFailure(); ++step) {
      now_ms += static_cast<int64_t>(random() % 4'000) * (random() % 3 ? 1'000 : 7'000);
      const std::string user = "u" + std::to_string(random() % 5);
      // Most are told at once, some late, some of a time to come.
      const int64_t late =
          random() % 3 ? 0 : static_cast<int64_t>(random() % 500) * kMinute - kHour;
      if (random() % 5) {
        follower.Happens(user, random() % 2 ? "a" : "b", now_ms - late, 1 + random() % 3);
      } else {
        follower.Becomes(user, static_cast<int>(random() % 3));
      }
      follower.GoTo(now_ms);
    }
  }
}

TEST(LiveRuleTest, ACustomerLeavesByHimselfWhenHisEventLeavesTheRange) {
  Follower follower("DID(a) LAST 1 HOUR");
  follower.GoTo(kNow);
  follower.Happens("u", "a", kNow + kMinute, 1);
  follower.GoTo(kNow + kMinute);
  ASSERT_EQ(follower.moves.size(), 1u);
  EXPECT_TRUE(follower.moves[0].in);
  follower.GoTo(kNow + kMinute + kHour);
  EXPECT_TRUE(follower.moves.empty());  // an hour ago is within the hour
  follower.GoTo(kNow + kMinute + kHour + 1);
  ASSERT_EQ(follower.moves.size(), 1u);
  EXPECT_FALSE(follower.moves[0].in);
}

// Values by ordinal of the one tag there is, "tier".
class OneTag final : public analytics::TagValues {
 public:
  void Set(const std::vector<std::string>& tiers) {
    std::vector<column::Cell> cells;
    for (const std::string& tier : tiers)
      cells.push_back({1, column::ColumnType::kString, 0, 0, tier});
    std::vector<const column::Cell*> rows;
    for (const column::Cell& cell : cells) rows.push_back(cell.text.empty() ? nullptr : &cell);
    const auto image = std::make_shared<const column::Image>(
        column::BuildColumn(1, column::ColumnType::kString, rows));
    const auto columns = std::make_shared<column::CustomerColumns>();
    columns->Set(0, column::ReadColumnImage(image->bytes()).value(), image);
    columns_ = columns;
  }
  Result<Values> Find(std::string_view, int64_t) const override {
    return Values{ValueType::kString, columns_};
  }
  Result<std::vector<std::string>> Names() const override {
    return std::vector<std::string>{"tier"};
  }
  Result<std::vector<Values>> History(std::string_view, const exec::TimeRange&) const override {
    return std::vector<Values>{};
  }

 private:
  std::shared_ptr<const column::CustomerColumns> columns_;
};

TEST(LiveRuleTest, ATagMeansItsNewestValuesAsSoonAsTheyAreMade) {
  World world;
  for (const char* user : {"u", "v", "w"}) world.Add(user, "a", kNow - kHour);
  const column::SnapshotView snapshot = world.Build({});
  OneTag tag;
  tag.Set({"gold", "silver", ""});
  LiveRule rule(eql::ParseQuery("TAG(tier) = gold AND DID(a) LAST 2 HOURS").value());
  const auto advance = [&](int64_t now_ms, uint64_t sets_version) {
    std::vector<Moved> moves;
    const auto advanced = rule.Advance({.snapshot = snapshot,
                                        .names = world,
                                        .options = {.now_ms = now_ms, .tags = &tag},
                                        .sets_version = sets_version},
                                       {}, &moves);
    EXPECT_TRUE(advanced.ok()) << advanced.error().message();
    return rule.members()[0];
  };
  EXPECT_EQ(advance(kNow, 1), 0b001u);
  tag.Set({"silver", "gold", "gold"});
  EXPECT_EQ(advance(kNow + 1, 2), 0b110u);
  EXPECT_EQ(advance(rule.next_ms(), 2), 0u);
}

TEST(LiveRuleTest, RefusesWhatCannotBeJudgedOfOneCustomerByHisEvents) {
  World world;
  world.types = {{"seen", ValueType::kDateTime}};
  world.attributes["u"] = {{"vip", 1}, {"seen", kNow}};
  world.Add("u", "a", kNow);
  const column::SnapshotView snapshot = world.Build({});
  const std::pair<const char*, const char*> cases[] = {
      {"TOP 5 BY vip", "judges each customer alone"},
      {"NOT BOTTOM 5% BY COUNT OF (a)", "judges each customer alone"},
      {"DID(a) LIMIT 5", "judges each customer alone"},
      {"seen > 2 HOURS AGO", "a moment that moves"},
      {"DID(a) LAST TIME > NOW", "a moment that moves"},
      {"FIND customer AT '2026-01-01' WHERE DID(a)", "says AT"},
  };
  for (const auto& [text, why] : cases) {
    LiveRule rule(eql::ParseQuery(text).value());
    std::vector<Moved> moves;
    const auto advanced = rule.Advance(
        {.snapshot = snapshot, .names = world, .options = {.now_ms = kNow}}, {}, &moves);
    ASSERT_FALSE(advanced.ok()) << text;
    EXPECT_EQ(advanced.error().name(), "eql_unknown");
    EXPECT_THAT(advanced.error().message(), testing::HasSubstr(why)) << text;
  }
}

}  // namespace
}  // namespace waypost::segments

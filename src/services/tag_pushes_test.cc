#include "services/tag_pushes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>

#include "io/sim_random.h"
#include "services/test_bank.h"
#include "tags/value_file.h"

namespace waypost::services {
namespace {

namespace json = boost::json;

constexpr uint32_t kBlock = 65'536;
constexpr uint32_t kCustomers = 2 * kBlock + 100;  // two blocks and some
constexpr size_t kMost = 60;                       // that wait

// Takes everything, once it is open.
class Gate final : public channels::Channel {
 public:
  const channels::Traits& traits() const override { return traits_; }
  channels::Answer Send(const channels::Message& message) override {
    std::unique_lock lock(mutex_);
    opened_.wait(lock, [&] { return open_; });
    texts_.push_back(message.text);
    changed_.notify_all();
    return {.what = channels::HandOff::kAccepted, .why = {}, .captured = {}};
  }
  std::optional<bool> Find(const channels::Message&) override { return {}; }

  void Open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    opened_.notify_all();
  }
  // The texts so far, as soon as there are `count`.
  std::vector<std::string> WaitFor(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(60), [&] { return texts_.size() >= count; });
    return texts_;
  }

 private:
  const channels::Traits traits_;
  std::mutex mutex_;
  std::condition_variable opened_, changed_;
  bool open_ = false;
  std::vector<std::string> texts_;
};

class TagPushesTest : public testing::Test {
 protected:
  TagPushesTest() {
    BatchFeed feed(engine());
    for (uint32_t first = 0; first < kCustomers; first += 10'000) {
      BatchWriter out({"default", "test", clock_.NowMs(), {}});
      for (uint32_t c = first; c < std::min(first + 10'000, kCustomers); ++c) {
        out.BeginItem(ItemKind::kProfile, kProfileSet, {}, {.time_ms = clock_.NowMs()});
        out.AddIdentity("login", std::to_string(c));
        out.EndItem();
      }
      EXPECT_TRUE(feed.Append(out.Finish()).ok());
    }
    EXPECT_TRUE(feed.Finish().ok());
    EXPECT_TRUE(engine().Read().ok());  // everybody is known
    journeys().SetChannel("crm", gate_);
    Open();
  }
  ~TagPushesTest() override { lane_.reset(); }

  engine::Engine& engine() { return *bank_.engines.Find("").value(); }
  Journeys& journeys() { return *bank_.engines.FindJourneys("").value(); }
  void Open() {
    lane_.reset();
    lane_ = std::make_unique<PushLane>(bank_.machine, engine().directory() + "/deliveries",
                                       PushOrder{"crm", {"tier"}, "crm", "login"}, engine(),
                                       journeys(), kMost);
    ASSERT_TRUE(lane_->Open().ok());
  }

  // Everyone has `usual`, but for those in `others`.
  analytics::TagValues::Values Values(double usual, const std::map<uint32_t, double>& others = {}) {
    tags::Evaluated values{.type = ValueType::kDouble, .values = {}};
    values.values.numbers.assign(kCustomers, usual);
    values.values.codes.assign(kCustomers, 0);
    for (const auto& [customer, value] : others) values.values.numbers[customer] = value;
    column::SnapshotView all;
    all.ordinal_count = kCustomers;
    auto bytes = std::make_shared<const Bytes>(tags::EncodeValues(values, all));
    const auto day =
        std::make_shared<const tags::DayValues>(tags::DecodeValues(*bytes, bytes).value());
    return {ValueType::kDouble, {day, &day->columns}};
  }
  // As a run of the tag tells it.
  void Tell(const analytics::TagValues::Values& now) {
    TagChange change{tag_, clock_.NowMs(), told_, now, {}};
    if (told_) change.changed = exec::Changed(*told_->columns, *now.columns);
    ASSERT_TRUE(lane_->Take(change).ok());
    told_ = now;
  }
  size_t waiting() { return lane_->State().at("waiting").to_number<size_t>(); }
  // Fifty customers of each block, who become `value`.
  static std::map<uint32_t, double> Fifty(double value) {
    std::map<uint32_t, double> some;
    for (uint32_t i = 0; i < 150; ++i) some[i / 50 * kBlock + i % 50] = value;
    return some;
  }
  // Makes the logins 7 and 8 one customer, known as 7, or two again.
  void Tie(ItemKind kind) {
    identity::KeyRules rules = identity::KeyRules::Defaults();
    for (identity::KeyRule& key : rules.keys) key.values = 0;
    ASSERT_TRUE(engine().ChangeIdentityRules(rules).ok());
    BatchWriter out({"default", "desk", clock_.NowMs(), {}});
    out.BeginItem(kind, "link", {}, {.time_ms = clock_.NowMs()});
    out.AddIdentity("login", "7");
    out.AddIdentity("login", "8");
    out.EndItem();
    BatchFeed feed(engine());
    ASSERT_TRUE(feed.Append(out.Finish()).ok());
    ASSERT_TRUE(feed.Finish().ok());
    ASSERT_TRUE(engine().Read().ok());
  }
  // Of each customer's changes the last, and that they are in order.
  static std::map<std::string, double> Last(const std::vector<std::string>& texts) {
    std::map<std::string, double> last;
    for (const std::string& text : texts) {
      const json::value change = json::parse(text);
      const std::string who(change.at("customer").at("value").as_string());
      const auto known = last.find(who);
      EXPECT_EQ(change.at("before").to_number<double>(), known == last.end() ? 1 : known->second);
      last[who] = change.at("after").to_number<double>();
    }
    return last;
  }

  ManualClock clock_{1'775'001'600'000};
  TestBank bank_{clock_, 0};
  const std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();
  const tags::LiveDefinition tag_{.id = "tier", .name_zh = {}, .name_en = {}, .making = {}};
  std::optional<analytics::TagValues::Values> told_;
  std::unique_ptr<PushLane> lane_;
};

TEST_F(TagPushesTest, MoreChangesThanMayWaitComeOnceThereIsRoom) {
  Tell(Values(1));
  lane_->Start();
  Tell(Values(1, Fifty(2)));
  EXPECT_EQ(waiting(), 100u) << "two blocks of them";
  gate_->Open();
  const auto sent = gate_->WaitFor(150);
  EXPECT_EQ(sent.size(), 150u);
  EXPECT_EQ(Last(sent).size(), 150u);
}

TEST_F(TagPushesTest, WhatIsTakenLateIsWhatIsTrueThen) {
  Tell(Values(1));
  lane_->Start();
  Tell(Values(1, Fifty(2)));
  Tell(Values(1, Fifty(3)));
  EXPECT_EQ(waiting(), 100u) << "no room for any";
  clock_.Advance(3'600'000);
  Tell(Values(1, Fifty(4)));
  gate_->Open();
  const auto last = Last(gate_->WaitFor(250));  // the third block has missed two and three
  EXPECT_EQ(last.size(), 150u);
  for (const auto& [who, value] : last) EXPECT_EQ(value, 4) << who;
}

TEST_F(TagPushesTest, WhatHadNoRoomIsFoundAfterARestart) {
  Tell(Values(1));
  clock_.Advance(3'600'000);  // so that what was told is kept
  Tell(Values(1, Fifty(2)));
  EXPECT_EQ(waiting(), 100u);
  Open();
  EXPECT_EQ(waiting(), 100u);
  told_.reset();
  lane_->Start();
  Tell(Values(1, Fifty(2)));
  gate_->Open();
  EXPECT_EQ(Last(gate_->WaitFor(150)).size(), 150u);
  EXPECT_EQ(gate_->WaitFor(150).size(), 150u);
}

// Whoever was told of a customer hears of him again when he has another value, not because he was
// somebody else's for a while.
TEST_F(TagPushesTest, WhoWasMergedAndIsHimselfAgainIsToldOnlyWhatIsNew) {
  Tell(Values(1));
  Tie(ItemKind::kLink);
  Tell(Values(1, {{8, exec::kNoNumber}}));
  clock_.Advance(3'600'000);  // so that what was told is kept
  Tell(Values(1, {{8, exec::kNoNumber}, {9, 3}}));
  Open();
  told_.reset();
  Tie(ItemKind::kUnlink);
  Tell(Values(1, {{9, 3}}));
  EXPECT_EQ(waiting(), 1u) << "of the ninth";
  Tell(Values(1, {{9, 3}, {8, 5}}));
  lane_->Start();
  gate_->Open();
  EXPECT_EQ(Last(gate_->WaitFor(2)), (std::map<std::string, double>{{"8", 5}, {"9", 3}}));
}

// As after a run: who has no value of his own had none while he was merged, either.
TEST_F(TagPushesTest, WhoLostHisValueWhileHeWasMergedIsToldOnceHeIsHimself) {
  Tell(Values(1));
  Tie(ItemKind::kLink);
  Tell(Values(1, {{8, exec::kNoNumber}}));
  Tie(ItemKind::kUnlink);
  Tell(Values(1, {{8, exec::kNoNumber}, {9, 3}}));
  lane_->Start();
  gate_->Open();
  const auto sent = gate_->WaitFor(2);
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_THAT(sent[0], testing::HasSubstr(R"("value":"8"},"before":1,"after":null)"));
}

}  // namespace
}  // namespace waypost::services

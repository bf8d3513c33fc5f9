// What journeys decide, pushed to others: each of it, in order for each customer, over crashes.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <chrono>

#include "services/sensors_form.h"
#include "services/tag_pushes.h"
#include "services/test_eventually.h"
#include "services/test_journeys.h"

namespace waypost::services {
namespace {

namespace json = boost::json;
using What = journeys::TraceLine::What;

// Answers as it is told, message by message.
class Receiver final : public channels::Channel {
 public:
  explicit Receiver(uint32_t together = 1) { traits_.together = together; }
  const channels::Traits& traits() const override { return traits_; }
  channels::Answer Send(const channels::Message& message) override {
    const std::lock_guard lock(mutex_);
    channels::Answer answer{answers_.empty() ? usual.load() : answers_.front(), "as told", {}};
    if (!answers_.empty()) answers_.pop_front();
    if (answer.what == channels::HandOff::kAccepted) texts_.push_back(message.text);
    return answer;
  }
  std::optional<bool> Find(const channels::Message&) override { return {}; }
  void Answer(std::deque<channels::HandOff> answers) {
    const std::lock_guard lock(mutex_);
    answers_ = std::move(answers);
  }
  // "ann entered 3-0"
  std::vector<std::string> Taken() {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> taken;
    for (const std::string& text : texts_) {
      const json::value line = json::parse(text);
      const auto word = [&](const json::value& of) { return std::string(of.as_string()); };
      taken.push_back(word(line.at("customer").at("value")) + " " + word(line.at("what")) + " " +
                      word(line.at("id")));
    }
    return taken;
  }
  std::vector<std::string> Texts() {
    const std::lock_guard lock(mutex_);
    return texts_;
  }
  std::atomic<channels::HandOff> usual{channels::HandOff::kAccepted};

 private:
  channels::Traits traits_;
  std::mutex mutex_;
  std::deque<channels::HandOff> answers_;
  std::vector<std::string> texts_;
};

class DecisionPushesTest : public JourneysTest, public DecisionListener {
 protected:
  ~DecisionPushesTest() override { lane_.reset(); }

  static uint32_t Kinds(std::initializer_list<What> kinds) {
    uint32_t bits = 0;
    for (const What what : kinds) bits |= 1u << static_cast<uint32_t>(what);
    return bits;
  }
  // A server with one delivery, of who comes in and who leaves.
  void Serve(std::vector<std::string> of = {}) {
    Open(false);
    journeys().SetListener(this);
    journeys().SetChannel("lake", receiver_);
    order_.id = order_.channel = "lake";
    order_.journeys = std::move(of);
    const std::string folder = engine().directory() + "/deliveries";
    ASSERT_TRUE(disk_.CreateDirectory(folder).ok());
    lane_ = std::make_unique<PushLane>(machine_, folder, order_, engine(), journeys());
    ASSERT_TRUE(lane_->Open().ok());
    ASSERT_TRUE(engines_->StartJourneys().ok());
    ASSERT_TRUE(journeys().FollowLines(order_.decisions | Kinds({What::kPassed})).ok());
    lane_->Start();
  }
  void End() {
    lane_->Stop();
    Close();
    lane_.reset();
  }
  Result<> OnLines(std::span<const DecidedLine> lines) override {
    if (deaf_) return Error(Code::kUnavailable, "not now");
    return lane_->Take(lines);
  }
  void Enter(const std::string& who, const std::string& journey = "welcome") {
    Know(who);
    ASSERT_TRUE(journeys().Enter(journey, {{"login", who}, {}, {}}).ok());
  }
  uint64_t CountOf(std::string_view what) { return lane_->State().at(what).to_number<uint64_t>(); }

  std::shared_ptr<Receiver> receiver_ = std::make_shared<Receiver>();
  PushOrder order_{.decisions = Kinds({What::kEntered, What::kLeft})};
  std::unique_ptr<PushLane> lane_;
  std::atomic<bool> deaf_{false};
};

TEST_F(DecisionPushesTest, WhatIsFollowedComesInItsOrderOnceAndTheRestDoesNot) {
  Serve({"welcome"});
  EnterAnn();
  std::string other(kWelcome);
  other.replace(other.find("welcome"), 7, "another");
  ASSERT_TRUE(journeys().Publish(other).ok());
  Enter("ann", "another");
  clock_.Advance(2 * kDayMs);
  ASSERT_TRUE(Eventually([&] { return receiver_->Taken().size() == 2; }));
  const std::vector<std::string> taken = receiver_->Taken();
  EXPECT_THAT(taken[0], testing::MatchesRegex("ann entered [0-9]+-0"));
  EXPECT_THAT(taken[1], testing::MatchesRegex("ann left [0-9]+-[0-9]+"));
  EXPECT_TRUE(Eventually([&] { return CountOf("sent") == 2; }));
  EXPECT_EQ(CountOf("waiting"), 0u);
  EXPECT_TRUE(Eventually([&] { return StateOf().untold_lines().empty(); }));
  End();
}

TEST_F(DecisionPushesTest, NothingIsMissedOrRenamedWhenThePowerGoes) {
  receiver_->usual = channels::HandOff::kBusy;
  Serve();
  EnterAnn();
  ASSERT_TRUE(Eventually([&] { return CountOf("waiting") == 1; }));
  Enter("bob");
  deaf_ = true;
  Enter("eve");
  lane_->Stop();
  CutPower();
  deaf_ = false;
  lane_.reset();
  receiver_->usual = channels::HandOff::kAccepted;
  Serve();
  ASSERT_TRUE(Eventually([&] { return receiver_->Taken().size() >= 3; }));
  std::vector<std::string> who;
  for (const std::string& one : receiver_->Taken()) who.push_back(one.substr(0, one.find(' ')));
  EXPECT_THAT(who, testing::ElementsAre("ann", "bob", "eve"));
  End();
}

TEST_F(DecisionPushesTest, WhatIsNotTakenForADayIsGivenUpAndGoesAgainWhenAsked) {
  receiver_->usual = channels::HandOff::kBusy;
  Serve();
  EnterAnn();
  ASSERT_TRUE(
      Eventually([&] { return lane_->State().at("last_problem").as_string() == "as told"; }));
  EXPECT_EQ(CountOf("dead_count"), 0u);
  clock_.Advance(25 * 3'600'000);
  ASSERT_TRUE(Eventually([&] { return CountOf("dead_count") >= 1; }));
  EXPECT_EQ(lane_->State().at("dead").as_array().back().at("what"), "entered");
  receiver_->usual = channels::HandOff::kAccepted;
  ASSERT_TRUE(lane_->Retry().ok());
  EXPECT_TRUE(Eventually([&] { return CountOf("dead_count") == 0 && CountOf("waiting") == 0; }));
  End();
}

// Of what a channel takes together, some is not taken: nobody's second thing comes before his
// first.
TEST_F(DecisionPushesTest, OneCustomersComeInTheirOrderThoughManyGoTogether) {
  receiver_ = std::make_shared<Receiver>(10);
  receiver_->Answer({channels::HandOff::kBusy});
  Serve();
  EnterAnn();
  Enter("bob");
  ASSERT_TRUE(Eventually([&] { return receiver_->Taken().size() == 2; }));
  clock_.Advance(2 * kDayMs);
  ASSERT_TRUE(Eventually([&] { return receiver_->Taken().size() == 4; }));
  std::vector<std::string> of_ann;
  for (const std::string& one : receiver_->Taken())
    if (one.starts_with("ann")) of_ann.push_back(one.substr(4, 4));
  EXPECT_THAT(of_ann, testing::ElementsAre("ente", "left"));
  End();
}

// "ann $PlanMsgArrived hello accepted", hours since then, of each that is told in the form of
// Sensors; as a receiver reads it.
std::vector<std::string> EventsOf(const std::vector<std::string>& texts, int64_t since_ms) {
  std::vector<std::string> events;
  for (const std::string& text : texts) {
    const json::object record = json::parse(text).as_object();
    const json::object& properties = record.at("properties").as_object();
    std::string event(record.at("event").as_string());
    for (const std::string_view name : {"$sf_component_id", "$sf_channel_id", "$sf_msg_status",
                                        "$sf_send_fail_code", "$sf_fail_reason"}) {
      if (const json::value* value = properties.if_contains(name))
        event += " " + std::string(value->as_string());
    }
    events.push_back(fmt::format("{} {} {:+}", std::string(record.at("distinct_id").as_string()),
                                 event, (record.at("time").as_int64() - since_ms) / 3'600'000));
  }
  return events;
}

TEST_F(DecisionPushesTest, InTheFormOfSensorsEachIsTheEventThatSensorsTellsOfIt) {
  order_.sensors = true;
  order_.decisions = kSensorsKinds;
  Serve();
  const int64_t start = clock_.NowMs();
  EnterAnn();
  ASSERT_TRUE(Eventually([&] { return receiver_->Texts().size() == 5; }));
  const json::object sent = json::parse(receiver_->Texts().back()).as_object();
  const std::string key(sent.at("properties").at("$sf_msg_id").as_string());
  EXPECT_EQ(sent.at("properties"), json::value({{"$sf_plan_id", "welcome"},
                                                {"$sf_plan_id_virtual", "welcome"},
                                                {"$sf_plan_type", "新流程画布"},
                                                {"$sf_plan_version", "1"},
                                                {"$sf_plan_strategy_id", "0"},
                                                {"$sf_enter_plan_time", start},
                                                {"$sf_component_id", "hello"},
                                                {"$sf_strategy_unit_id", "welcome_hello"},
                                                {"$sf_msg_id", key},
                                                {"$sf_channel_id", "sms"},
                                                {"$is_login_id", true}}));
  ASSERT_TRUE(journeys().GiveReceipt(key, "bounced").ok());
  const auto sms = std::make_shared<Receiver>();
  sms->usual = channels::HandOff::kUnknown;
  journeys().SetChannel("sms", sms);
  clock_.Advance(3'600'000);
  Enter("bob");
  ASSERT_TRUE(Eventually([&] { return receiver_->Texts().size() == 10; }));
  const json::object planned = json::parse(receiver_->Texts()[8]).as_object();
  // Its provider says so before it has answered.
  ASSERT_TRUE(journeys()
                  .GiveReceipt(std::string(planned.at("properties").at("$sf_msg_id").as_string()),
                               "delivered")
                  .ok());
  clock_.Advance(kDayMs + 3'600'000);
  ASSERT_TRUE(Eventually([&] { return receiver_->Texts().size() == 14; }));
  EXPECT_THAT(EventsOf(receiver_->Texts(), start),
              testing::ElementsAre(
                  "ann $PlanAudienceEnter +0", "ann $JourneyComponentEnter start +0",
                  "ann $PlanMsgSendPrepare hello sms +0", "ann $JourneyComponentEnter hello +0",
                  "ann $PlanMsgSendDone hello sms +0",
                  "ann $PlanMsgArrived hello sms RECEIPT_SEND_FAILED bounced receipt +0",
                  "bob $PlanAudienceEnter +1", "bob $JourneyComponentEnter start +1",
                  "bob $PlanMsgSendPrepare hello sms +1", "bob $JourneyComponentEnter hello +1",
                  "bob $PlanMsgSendDone hello sms +1",
                  "bob $PlanMsgArrived hello sms RECEIPT_SEND_SUCCESS +1",
                  "ann $JourneyComponentEnter pause +0", "bob $JourneyComponentEnter pause +1"));
  End();
}

}  // namespace
}  // namespace waypost::services

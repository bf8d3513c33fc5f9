#include "journeys/requests.h"

#include <gtest/gtest.h>

#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

// An API journey whose customers stay a day.
std::string Called(std::string_view entry = R"({"kind":"api"})", std::string_view extra = {}) {
  return Drawn(R"({"id":"w","type":"wait","for":"24h"})", "start>w", extra, "j", entry);
}
const Properties kAnn{{"who", "ann"}}, kBob{{"who", "bob"}};

TEST(RequestsTest, WhatCameOfARequestIsAnsweredAgainForSevenDaysAlsoOfOneThatWasRefused) {
  for (const bool refused : {false, true}) {
    Stage stage;
    stage.Publish(Called());
    if (refused) stage.SetPhase(Phase::kPaused);
    const EnterReply first = stage.Enter(1, "j", "r1", kAnn).value();
    EXPECT_EQ(first.entry == 0, refused);
    EXPECT_FALSE(first.duplicate);
    if (refused) stage.SetPhase(Phase::kRunning);
    stage.Advance(kRequestsKeptMs);
    (void)stage.Enter(9, "j", "r9", kBob);  // older ones may be forgotten now
    stage.Restart();
    const EnterReply again = stage.Enter(1, "j", "r1", kAnn).value();
    EXPECT_TRUE(again.duplicate);
    EXPECT_EQ(again.entry, first.entry);
    if (refused) EXPECT_EQ(again.reason, Reject::kPaused);
    EXPECT_EQ(stage.journey().entered, refused ? 1u : 2u) << "and nothing else";
    const Result<EnterReply> other = stage.Enter(1, "j", "r1", kBob);
    ASSERT_FALSE(other.ok());
    EXPECT_EQ(other.error().name(), "idempotency_conflict");
    EXPECT_EQ(stage.Enter(1, "j", "r1", kAnn).value().entry, first.entry);
  }
}

TEST(RequestsTest, WhoIsKeptWaitingInAPauseIsToldSoAndAskedAgainWhatCameOfIt) {
  Stage stage;
  stage.Publish(Called(R"({"kind":"api"})", R"("entry_while_paused":"queue","queue_limit":1)"));
  stage.SetPhase(Phase::kPaused);
  EnterReply reply = stage.Enter(1, "j", "r1", kAnn).value();
  EXPECT_TRUE(reply.awaited);
  EXPECT_EQ(reply.reason, Reject::kPaused);
  EXPECT_FALSE(stage.Enter(2, "j", "r2", kBob).value().awaited) << "there is no more room";
  reply = stage.Enter(1, "j", "r1", kAnn).value();
  EXPECT_TRUE(reply.duplicate && reply.awaited);
  stage.Restart();
  stage.SetPhase(Phase::kRunning);
  reply = stage.Enter(1, "j", "r1", kAnn).value();
  EXPECT_TRUE(reply.duplicate);
  EXPECT_NE(reply.entry, 0u);
}

TEST(RequestsTest, TheSameRequestIsTheSameWhoeverItsCustomerIsByThen) {
  Stage stage;
  stage.Publish(Called());
  const EnterReply first = stage.Enter(2, "j", "r1", kAnn).value();
  stage.Merge(2, 1);
  const Result<EnterReply> again = stage.Enter(1, "j", "r1", kAnn);
  ASSERT_TRUE(again.ok()) << again.error().message();
  EXPECT_EQ(again.value().entry, first.entry);
  EXPECT_TRUE(again.value().duplicate);
}

// R4: as those of events do.
TEST(RequestsTest, WhoIsLetInGoesByTheKeyThatHeComesWith) {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"w","type":"wait","for":"9d"})", "start>w",
                      R"("reentry":{"policy":"per_key"})", "j",
                      R"({"kind":"api","key":"loan","unknown_user":"hold","hold":"1h"})"));
  const auto ask = [&](const char* loan) {
    return stage.Enter(1, "j", {}, {{"loan", loan}}).value().entry != 0;
  };
  EXPECT_TRUE(ask("L1"));
  EXPECT_TRUE(ask("L2"));
  EXPECT_FALSE(ask("L1"));
  EXPECT_EQ(stage.Rejects(Reject::kActiveKey), 1u);
  Machine::Out out;
  ASSERT_TRUE(stage.machine()
                  .EnterUnknown({"j", "login:ann", {{"loan", "L3"}}, {}}, stage.now(), &out)
                  .ok());
  stage.machine().OnKnown("login:ann", 1, stage.now(), &out);
  stage.Follow(std::exchange(out, {}));
  ASSERT_EQ(stage.journey().active, 3u);
  EXPECT_EQ(stage.state().FindEntry(3)->key, "L3");
}

TEST(RequestsTest, OfSomebodyWhoIsNotKnownItIsRememberedToo) {
  struct Case {
    std::string_view entry;
    bool awaited, comes;
  };
  for (const auto& [entry, awaited, comes] :
       {Case{R"({"kind":"api"})", false, false},
        Case{R"({"kind":"api","unknown_user":"hold","hold":"1h"})", true, false},
        Case{R"({"kind":"api","unknown_user":"hold","hold":"1h"})", true, true}}) {
    Stage stage;
    stage.Publish(Called(entry));
    Machine::Out out;
    const auto ask = [&](const Properties& context) {
      Result<EnterReply> reply =
          stage.machine().EnterUnknown({"j", "login:ann", context, "r1"}, stage.now(), &out);
      stage.Follow(std::exchange(out, {}));
      return reply;
    };
    EXPECT_EQ(ask(kAnn).value().awaited, awaited);
    EXPECT_TRUE(ask(kAnn).value().duplicate);
    EXPECT_EQ(ask(kAnn).value().awaited, awaited);
    EXPECT_EQ(ask(kBob).error().name(), "idempotency_conflict");
    if (comes) {
      stage.machine().OnKnown("login:ann", 1, stage.now(), &out);
      stage.Follow(std::exchange(out, {}));
    }
    stage.Advance(2 * kHour);
    stage.Restart();
    const EnterReply later = stage.Enter(1, "j", "r1", kAnn).value();
    EXPECT_TRUE(later.duplicate);
    EXPECT_FALSE(later.awaited) << "it is over";
    EXPECT_EQ(later.entry != 0, comes);
    if (!comes) EXPECT_EQ(later.reason, Reject::kUnknownUser);
    EXPECT_EQ(stage.Rejects(Reject::kUnknownUser), comes ? 0u : 1u) << "counted once";
  }
}

TEST(RequestsTest, NoneIsKeptForEver) {
  Stage stage;
  stage.Publish(Called(R"({"kind":"api"})", R"("reentry":{"policy":"always"})"));
  for (int day = 0; day < 60; ++day) {
    for (int i = 0; i < 5; ++i) (void)stage.Enter(1, "j", "r" + std::to_string(day * 5 + i), kAnn);
    stage.Advance(kDayMs);
    EXPECT_LE(stage.journey().requests.size(), 5u * 8);
  }
  EXPECT_EQ(stage.journey().requests.size(), 5u * 8);
  EXPECT_EQ(State::Decode(stage.state().Encode()).value().journeys()[0].requests.size(), 5u * 8);
}

TEST(RequestsTest, OneThatIsAskedAgainIsKeptFromWhenItWasAnswered) {
  Requests requests;
  requests.Add("a", {.body = 1, .at_ms = 0});
  requests.Add("a", {.body = 1, .entry = 4, .at_ms = kDayMs});
  requests.Add("b", {.at_ms = kRequestsKeptMs + 1});
  ASSERT_TRUE(requests.Find("a"));
  EXPECT_EQ(requests.Find("a")->entry, 4u);
  requests.Add("b", {.at_ms = kRequestsKeptMs + kDayMs + 1});
  EXPECT_FALSE(requests.Find("a"));
  EXPECT_TRUE(requests.Find("b"));
}

}  // namespace
}  // namespace waypost::journeys

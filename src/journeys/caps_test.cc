// What caps go by, what counts against them, and what stays counted of who was erased.
#include <gtest/gtest.h>

#include "base/clock.h"
#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

std::string Sends(std::string_view id, std::string_view extra = R"("priority":50)",
                  std::string_view more = {}) {
  return Drawn(R"({"id":"s","type":"send","channel":"sms","text":"hi")" + std::string(more) + "}",
               "start>s", R"("reentry":{"policy":"always"},)" + std::string(extra), id);
}

// Who entered what, and how many of these messages went.
struct Came {
  Ordinal customer;
  std::string_view journey;
  Properties context = {};
};
size_t SentOf(std::string_view cap, const std::vector<Came>& entered) {
  Stage stage;
  stage.Policy(R"({"caps":[{"name":"c","limit":1,"rolling":"24h",)" + std::string(cap) + "}]}");
  stage.Publish(Sends("loans", R"("tags":["loans","rates"])"));
  stage.Publish(Sends("rates", R"("tags":["rates"])"));
  stage.Publish(Sends("plain"));
  for (const Ordinal customer : {1u, 2u}) {
    stage.world.attributes[{customer, "firm"}] = "acme";
    stage.world.addresses[customer] = "one phone";
  }
  stage.world.attributes[{3, "firm"}] = "other";
  for (const Came& one : entered) (void)stage.Enter(one.customer, one.journey, {}, one.context);
  stage.Restart();
  return stage.sent.size();
}

TEST(CapsTest, GoByTagAccountAndAddress) {
  const struct {
    std::string_view cap;
    std::vector<Came> entered;
    size_t sent;
  } cases[] = {
      {R"("scope":"tag")", {{1, "loans"}, {1, "rates"}}, 1},  // one tag of the two is full
      {R"("scope":"tag")", {{1, "rates"}, {1, "loans"}}, 1},  // likewise
      {R"("scope":"tag","of":"loans")", {{1, "loans"}, {1, "rates"}}, 2},
      {R"("scope":"tag","of":"rates")", {{1, "loans"}, {1, "rates"}}, 1},
      {R"("scope":"tag")", {{1, "plain"}, {1, "plain"}}, 2},  // it has none
      {R"("scope":"tag")", {{1, "loans"}, {2, "loans"}}, 2},  // of each customer
      {R"("scope":"account","of":"firm")", {{1, "plain"}, {2, "plain"}}, 1},
      {R"("scope":"account","of":"firm")", {{1, "plain"}, {3, "plain"}}, 2},
      {R"("scope":"account","of":"firm")", {{4, "plain"}, {4, "plain"}}, 2},  // has none
      {R"("scope":"account","of":"card")",
       {{1, "plain", {{"card", "7"}}},
        {1, "plain", {{"card", "8"}}},
        {3, "plain", {{"card", "7"}}}},
       2},
      {R"("scope":"account","of":"firm")", {{1, "plain", {{"firm", "own"}}}, {2, "plain"}}, 2},
      {R"("scope":"address")", {{1, "plain"}, {2, "plain"}, {3, "plain"}}, 2},
  };
  for (const auto& one : cases) EXPECT_EQ(SentOf(one.cap, one.entered), one.sent) << one.cap;
}

TEST(CapsTest, AMessageCountsAsWhatItWasWhenItWasDecided) {
  Stage stage;
  stage.Policy(R"({"caps":[{"name":"t","limit":1,"rolling":"24h","scope":"tag"},
                           {"name":"a","limit":1,"rolling":"24h","scope":"account","of":"firm"}]})");
  stage.world.attributes[{1, "firm"}] = "acme";
  stage.world.attributes[{2, "firm"}] = "acme";
  stage.Publish(Sends("a", R"("tags":["loans"])"));
  stage.Publish(Sends("b", R"("tags":["loans"])"));
  stage.Publish(Sends("c", R"("tags":["cards"])"));
  (void)stage.Enter(1, "a");
  stage.Publish(Sends("a", R"("tags":["cards"])"));
  stage.Attribute(1, "firm", "another");
  (void)stage.Enter(1, "b");
  EXPECT_EQ(stage.sent.size(), 1u) << "it was about loans";
  (void)stage.Enter(1, "c");
  EXPECT_EQ(stage.sent.size(), 2u) << "and not about cards";
  (void)stage.Enter(2, "c");
  EXPECT_EQ(stage.sent.size(), 2u) << "the firm has had one, whoever is of it now";
}

TEST(CapsTest, OfAnAccountWithoutANameAndOfTagsThatAreNoneAreFaults) {
  const CheckedPolicy checked =
      CheckPolicy(R"({"caps":[{"name":"a","limit":1,"rolling":"1h","scope":"account"}]})");
  ASSERT_EQ(checked.faults.size(), 1u);
  EXPECT_EQ(checked.faults[0].field + " " + checked.faults[0].code, "caps.of missing");
  for (const std::string_view tags : {R"("x")", R"([""])", R"(["a","a"])", "[1]", "{}"}) {
    Stage stage;
    const Result<uint32_t> published =
        stage.TryPublish(Sends("a", R"("tags":)" + std::string(tags)));
    ASSERT_FALSE(published.ok()) << tags;
    EXPECT_NE(published.error().message().find("tags: "), std::string::npos);
  }
}

TEST(CapsTest, WhatWasSentCountsOnceHoweverOftenCustomersBecomeOne) {
  Stage stage;
  stage.Policy(R"({"caps":[{"name":"c","limit":2,"rolling":"24h"}]})");
  stage.Publish(Sends("j"));
  (void)stage.Enter(1);
  for (int turn = 0; turn < 3; ++turn) {
    stage.OnIdentity(1, {1, 2});
    stage.OnIdentity(1, {1});
    stage.OnIdentity(2, {2});
  }
  stage.OnIdentity(1, {1, 2});
  (void)stage.Enter(1);
  EXPECT_EQ(stage.sent.size(), 2u);
  (void)stage.Enter(1);
  EXPECT_EQ(stage.sent.size(), 2u);
}

// What counts there no more is not kept for addresses that nothing is sent to any more either.
TEST(CapsTest, OfAnAddressNothingIsKeptThatCountsNoMore) {
  Stage stage;
  stage.Policy(R"({"caps":[{"name":"c","limit":9,"rolling":"40d","scope":"address"}]})");
  stage.Publish(Sends("j"));
  for (Ordinal customer = 1; customer <= 5; ++customer) (void)stage.Enter(customer);
  EXPECT_EQ(stage.state().shared_count(), 5u);
  stage.Advance(39 * kDayMs);
  (void)stage.Enter(1);
  EXPECT_EQ(stage.state().shared_count(), 5u);
  State again = State::Decode(stage.state().Encode()).value();
  const size_t decided = stage.log.size();
  stage.Advance(kDayMs);
  (void)stage.Enter(6);
  EXPECT_EQ(stage.state().shared_count(), 2u) << "the first, and who came now";
  for (size_t i = decided; i < stage.log.size(); ++i) ASSERT_TRUE(again.Apply(stage.log[i]).ok());
  EXPECT_EQ(again.Encode(), stage.state().Encode()) << "as after a restart";
  stage.provider = [](const change::TouchPlanned&) { return Outcome::kRejected; };
  (void)stage.Enter(7);
  EXPECT_EQ(stage.state().shared_count(), 2u) << "it never went";
}

// It waits longer than a minute, and its customer has the telephone of another by then.
TEST(CapsTest, AMessageThatMovesIsCappedAtItsNewAddress) {
  const struct {
    std::string_view more;
    int64_t after_ms;
    size_t sent;
    uint64_t capped;
  } cases[] = {
      {"", 2 * kMinute, 1, 1},
      {"", 48 * kHour, 2, 0},
      {R"(,"on_cap":"wait","cap_wait":"2d")", 2 * kMinute, 2, 0},
      {R"(,"on_cap":"wait","cap_wait":"2d","time_to_live":"3h")", 2 * kMinute, 1, 1},
  };
  for (const auto& one : cases) {
    Stage stage;
    stage.Policy(R"({"caps":[{"name":"phone","limit":1,"rolling":"24h","scope":"address"}]})");
    stage.Publish(Sends("j", R"("priority":50)", one.more));
    stage.world.addresses = {{1, "own"}, {2, "shared"}};
    (void)stage.Enter(2);
    stage.dispatching = false;
    (void)stage.Enter(1);
    stage.Advance(one.after_ms);
    stage.world.addresses[1] = "shared";
    stage.dispatching = true;
    stage.Commit();
    stage.Restart();
    stage.Advance(30 * kHour);
    EXPECT_EQ(stage.sent.size(), one.sent) << one.more;
    EXPECT_EQ(stage.Denied("s", Outcome::kCapped), one.capped) << one.more;
    if (!one.more.empty() && one.sent == 2)
      EXPECT_EQ(stage.sent[1].at_ms, At(kTen) + 24 * kHour)
          << "when that of the other counts no more";
    stage.world.addresses[3] = "own";
    (void)stage.Enter(3);
    EXPECT_EQ(stage.sent.size(), one.sent + 1) << "where it did not go nothing counts";
  }
}

// Whether caps hold for a message, and whether it counts against them, are two things.
TEST(CapsTest, ExemptIsOneThingAndNotToCountAnother) {
  const struct {
    std::string_view said, more;
    size_t own, after;  // of three of its own; and one of others after one of its own
  } cases[] = {{"", "", 1, 0},
               {R"({"category":"news"})", "", 3, 1},
               {R"({"category":"news","counts":true})", "", 3, 0},
               {R"({"category":"news","exempt":false})", "", 3, 1},
               {R"({"category":"other","exempt":true})", "", 1, 0},
               {"", R"(,"transactional":true)", 3, 1},
               {R"({"category":"news","counts":true})", R"(,"transactional":true)", 3, 0},
               {R"({"category":"news","exempt":false})", R"(,"transactional":true)", 3, 1}};
  for (const auto& one : cases) {
    SCOPED_TRACE(std::string(one.said) + std::string(one.more));
    const auto sent = [&](size_t own, size_t others) {
      Stage stage;
      stage.Policy(R"({"caps":[{"name":"c","limit":1,"rolling":"24h"}],"uncapped":[)" +
                   std::string(one.said) + "]}");
      stage.Publish(Sends("news", R"("category":"news")", one.more));
      stage.Publish(Sends("ads"));
      for (size_t i = 0; i < others; ++i) (void)stage.Enter(1, "ads");
      for (size_t i = 0; i < own; ++i) (void)stage.Enter(1, "news");
      if (others == 0 && own == 1) (void)stage.Enter(1, "ads");
      return stage.sent.size();
    };
    EXPECT_EQ(sent(3, 0), one.own);
    EXPECT_EQ(sent(1, 0) - 1, one.after);
  }
  // It obeys, and does not count: what others sent holds it back.
  Stage stage;
  stage.Policy(R"({"caps":[{"name":"c","limit":1,"rolling":"24h"}],
                   "uncapped":[{"category":"news","exempt":false}]})");
  stage.Publish(Sends("news", R"("category":"news")"));
  stage.Publish(Sends("ads"));
  (void)stage.Enter(1, "ads");
  (void)stage.Enter(1, "news");
  EXPECT_EQ(stage.Denied("s", Outcome::kCapped, "news"), 1u);
  EXPECT_EQ(CheckPolicy(R"({"uncapped":[{"category":"a","exempt":false,"counts":true}]})")
                .faults.at(0)
                .code,
            kNoEffect);
}

// By the first channel whose own guards let it, which may be none; a later visit begins anew.
TEST(CapsTest, WhatACapKeepsFromItsChannelGoesByTheNextThatMay) {
  constexpr std::string_view kInstead =
      R"(,"on_cap":"next_channel","instead":[{"channel":"push","text":"b"},
          {"channel":"email","text":"c"}])";
  const std::string caps = R"("caps":[{"name":"c","scope":"channel","limit":1,"rolling":"24h"}])";
  const struct {
    std::string_view policy;
    bool pushed;  // to whom push does not reach
    std::vector<std::string> sent;
  } cases[] = {
      {"", true, {"sms", "push", "email"}},
      {R"(,"arbitration":"5m")", true, {"sms", "push", "email"}},
      {"", false, {"sms", "email"}},
      {R"(,"channels":[{"name":"push","consent":"opt_in"}])", true, {"sms", "email"}},
  };
  for (const auto& one : cases) {
    SCOPED_TRACE(one.policy);
    Stage stage;
    stage.Policy("{" + caps + std::string(one.policy) + "}");
    if (!one.pushed) stage.world.unreachable = {{1, "push"}};
    stage.Publish(Sends("j", R"("priority":50)", kInstead));
    for (int i = 0; i < 4; ++i) {
      (void)stage.Enter(1);
      stage.Advance(10 * kMinute);
    }
    stage.Restart();
    std::vector<std::string> sent;
    for (const HandOff& message : stage.sent) sent.push_back(message.channel);
    EXPECT_EQ(sent, one.sent);
    EXPECT_EQ(stage.journey().active, 0u);
    stage.Advance(kDayMs);
    (void)stage.Enter(1);
    stage.Advance(10 * kMinute);
    EXPECT_EQ(stage.sent.back().channel, "sms");
  }
}

TEST(CapsTest, WhatNoCapKeepsBackGoesByNoOtherChannel) {
  Stage stage;
  stage.world.unreachable = {{1, "sms"}};
  stage.Publish(Sends("j", R"("priority":50)",
                      R"(,"on_cap":"next_channel","instead":[{"channel":"push","text":"b"}])"));
  (void)stage.Enter(1);
  EXPECT_EQ(stage.sent.size(), 0u);
  EXPECT_EQ(stage.Denied("s", Outcome::kNotReachable), 1u);
}

// A phone of two customers, one of whom is erased: what went to the phone still counts there, and
// comes back when it never arrived; what names who was erased is in the state no more.
TEST(CapsTest, OfAnAddressAndAnAccountHoldForWhoIsLeftWhenTheOtherIsErased) {
  for (const std::string_view scope :
       {R"("scope":"address")", R"("scope":"account","of":"firm")"}) {
    for (const bool bounced : {false, true}) {
      SCOPED_TRACE(scope);
      Stage stage;
      stage.Policy(R"({"caps":[{"name":"c","limit":1,"rolling":"24h",)" + std::string(scope) +
                   "}]}");
      stage.Publish(Drawn(R"({"id":"s","type":"send","channel":"sms","text":"hi","price":0.05})",
                          "start>s", R"("reentry":{"policy":"per_key","each_key":"once"})", "j",
                          R"({"kind":"event","on":"A","key":"card"})"));
      for (const Ordinal customer : {1u, 2u}) {
        stage.world.addresses[customer] = "13800138000";
        stage.world.attributes[{customer, "firm"}] = "acme-7788";
      }
      stage.provider = [](const change::TouchPlanned&) { return std::optional<Outcome>(); };
      stage.Event(1, "A", {{"name", "Zhang San"}, {"card", "card-6222"}});
      ASSERT_EQ(stage.sent.size(), 1u);
      Machine::Out told;
      stage.machine().OnReceipt(stage.sent[0].key, Outcome::kSent, "13800138000 took it",
                                stage.now(), &told);
      stage.Follow(told);
      stage.provider = nullptr;
      stage.Erase(1);
      Machine::Out out;
      if (bounced)
        stage.machine().OnReceipt(stage.sent[0].key, Outcome::kBounced, "13800138000 is off",
                                  stage.now(), &out);
      stage.Follow(out);
      const Bytes state = stage.state().Encode();
      const std::string_view bytes(reinterpret_cast<const char*>(state.data()), state.size());
      for (const std::string_view name : {"13800138000", "acme-7788", "Zhang San", "card-6222"})
        EXPECT_EQ(bytes.find(name), std::string_view::npos) << name;
      stage.Restart();
      stage.Event(2, "A", {{"card", "7"}});
      EXPECT_EQ(stage.sent.size(), bounced ? 2u : 1u);
      EXPECT_EQ(stage.Denied("s", Outcome::kSent), 1u) << "what was counted stays";
      EXPECT_EQ(stage.journey().entered, 2u);
      EXPECT_FALSE(stage.state().FindCustomer(1));
    }
  }
}

}  // namespace
}  // namespace waypost::journeys

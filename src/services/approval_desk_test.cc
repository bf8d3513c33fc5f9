// What an approval of a journey stands on beside the journey's own text.
#include "services/approval_desk.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "api/sign_in.h"
#include "io/sim_random.h"
#include "services/journey_uses.h"
#include "services/test_bank.h"

namespace waypost::services {
namespace {

namespace json = boost::json;
using ApprovalVerb = api::ApprovalCall::Verb;
using catalog::Definition;

// A journey for those of a segment.
std::string For(const std::string& segment) {
  return R"json({"id":"j",
  "entry":{"kind":"batch","segment":")json" +
         segment + R"json(","schedule":{"every":"day","at":"09:00"}},
  "nodes":[{"id":"start","type":"entry"},{"id":"end","type":"exit"}],
  "edges":[{"from":"start","to":"end"}]})json";
}

class ApprovalDeskTest : public testing::Test {
 protected:
  void SetUp() override {
    Put({.kind = "tag", .id = "mood", .body = R"({"make":1})"});
    Put({.kind = "list", .id = "blocked", .body = R"({"key":"login"})"});
    Put({.kind = "segment",
         .id = "calm",
         .body = R"({"eql":"TAG mood = 'calm'"})",
         .uses = {{"tag", "mood"}}});
    Put({.kind = "segment", .id = "vip", .name_en = "VIP customers", .body = R"({"eql":"a > 1"})"});
    Put({.kind = "segment", .id = "other", .body = R"({"eql":"a > 2"})"});
    Call(ApprovalVerb::kSetFlow, R"({"levels":[{"name":"all","rule":"any","people":["token"]}]})");
  }
  catalog::Catalog& catalog() { return *bank_.catalogs.Find("default").value()->catalog; }
  void Put(Definition definition) {
    definition.state = "live";
    ASSERT_TRUE(catalog().Create(std::move(definition), 1).ok());
  }
  void Change(const catalog::Reference& of, const std::function<void(Definition*)>& change) {
    Definition definition = catalog().Get(of).value();
    change(&definition);
    ASSERT_TRUE(catalog().Change(std::move(definition), 2).ok());
  }
  json::object Call(ApprovalVerb verb, std::string_view body, std::string who = "eve") {
    const Result<std::string> answer = desk_.Call({.verb = verb,
                                                   .project = "default",
                                                   .kind = "journey",
                                                   .id = "j",
                                                   .who = std::move(who),
                                                   .body = std::string(body)});
    EXPECT_TRUE(answer.ok()) << answer.error().message();
    return answer.ok() ? json::parse(answer.value()).as_object() : json::object();
  }
  void Approve() {
    const json::object asked = Call(ApprovalVerb::kAsk, journey_);
    Call(ApprovalVerb::kVote,
         json::serialize(json::object{{"hash", asked.at("hash")}, {"yes", true}}),
         std::string(api::kTokenHolder));
  }
  // Why it may not be published; empty when it may.
  std::string WhyNot() {
    const Result<> may = desk_.MayDo("default", kApprovedJourney, "j", journey_);
    if (may.ok()) return {};
    EXPECT_EQ(may.error().name(), "approval");
    return std::string(may.error().message());
  }
  // What the request says that it stands on; * behind what is another now.
  std::string Uses() {
    std::string uses;
    const json::object shown = Call(ApprovalVerb::kShow, "");
    for (const json::value& one : shown.at("uses").as_array())
      uses += json::value_to<std::string>(one.at("kind")) + "/" +
              json::value_to<std::string>(one.at("id")) +
              (one.at("changed").as_bool() ? "* " : " ");
    return uses;
  }

  std::string journey_ = For("VIP customers");
  ManualClock clock_{1'790'000'000'000};
  TestBank bank_{clock_, 1};
  io::SimRandom random_{1};
  const TestFolder folder_;
  const std::unique_ptr<people::People> people_ =
      people::People::Open(catalog::Catalog::Open(folder_ / "people.db").value(), clock_, random_,
                           {})
          .value();
  EngineApprovals desk_{bank_.engines, bank_.catalogs, *people_, clock_, {}};
};

TEST_F(ApprovalDeskTest, AJourneyIsApprovedAsTheSegmentsItNamesAndWhatTheseAreMadeOfWere) {
  journey_ = For("calm");
  Approve();
  EXPECT_EQ(WhyNot(), "");
  EXPECT_EQ(Uses(), "segment/calm tag/mood ");

  for (const catalog::Reference& of : {catalog::Reference{"segment", "calm"}, {"tag", "mood"}}) {
    Change(of, [](Definition* definition) { definition->body = R"({"eql":"a > 7"})"; });
    EXPECT_NE(Uses().find(of.kind + "/" + of.id + "* "), std::string::npos) << Uses();
    EXPECT_EQ(WhyNot(),
              "the " + of.kind + " '" + of.id + "' was changed after it was approved: ask again");
    Approve();
    EXPECT_EQ(WhyNot(), "");
  }
}

TEST_F(ApprovalDeskTest, AJourneyStaysApprovedWhenWhatItDoesNotNameOrOnlyANameIsAnother) {
  Approve();
  Change({"segment", "other"}, [](Definition* other) { other->body = R"({"eql":"a > 7"})"; });
  Change({"segment", "vip"}, [](Definition* vip) {
    vip->owner = "li";
    vip->body = R"({ "eql": "a > 1"})";
  });
  EXPECT_EQ(WhyNot(), "");
}

TEST_F(ApprovalDeskTest, WhatAJourneyStandsOnIsNamedByItsConditionsToo) {
  constexpr std::string_view kNames = R"json({"id":"j",
    "entry":{"kind":"event","on":"pay","filter":"IN SEGMENT other"},
    "exit_on":[{"event":"pay","where":"IN LIST blocked"}],
    "nodes":[{"id":"start","type":"entry"},
             {"id":"which","type":"judge","when":"IN SEGMENT calm AND IN SEGMENT nobody"}],
    "edges":[{"from":"start","to":"which"}]})json";
  std::string named;
  for (const Used& one : UsesOf(*bank_.catalogs.Find("default").value(), kNames).value())
    named += one.of.kind + "/" + one.of.id + " ";
  EXPECT_EQ(named, "list/blocked segment/calm segment/other tag/mood ");
}

TEST_F(ApprovalDeskTest, AJourneyIsNotApprovedWhenANameMeansAnotherSegmentNow) {
  Approve();
  Change({"segment", "vip"}, [](Definition* vip) { vip->name_en = "Very important"; });
  EXPECT_EQ(WhyNot(), "the segment 'vip' was changed after it was approved: ask again");
  EXPECT_EQ(Uses(), "segment/vip* ");
  Change({"segment", "other"}, [](Definition* other) { other->name_en = "VIP customers"; });
  EXPECT_EQ(Uses(), "segment/other* segment/vip* ");
  EXPECT_EQ(WhyNot(), "the segment 'other' was changed after it was approved: ask again");
  ASSERT_TRUE(catalog().Remove({"segment", "other"}).ok());
  Change({"segment", "vip"}, [](Definition* vip) { vip->name_en = "VIP customers"; });
  EXPECT_EQ(WhyNot(), "");
}

}  // namespace
}  // namespace waypost::services

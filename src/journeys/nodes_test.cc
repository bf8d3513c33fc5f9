// What single kinds of nodes do beside the published scenarios.
#include <gmock/gmock.h>

#include "base/clock.h"
#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

using testing::ElementsAre;

TEST(SetNodeTest, SeveralAttributesAreSetAtOnce) {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"s","type":"set","attributes":[
      {"attribute":"tier","value":"gold"},{"attribute":"since","value":"today"}]},
      {"id":"m","type":"send","channel":"sms","text":"{{tier}} {{since}}"})",
                      "start>s s>m"));
  (void)stage.Enter(1);
  ASSERT_EQ(stage.sent.size(), 1u);
  EXPECT_EQ(stage.sent[0].text, "gold today");
  ASSERT_EQ(stage.marks.size(), 2u);
  EXPECT_EQ(stage.marks[1].attribute + "=" + stage.marks[1].value, "since=today");
  EXPECT_NE(stage.marks[0].key, stage.marks[1].key);
}

TEST(SetNodeTest, WhatIsSetTwiceOrNotAtAllIsRefused) {
  for (const auto& [fields, fault] : std::initializer_list<std::pair<std::string, std::string>>{
           {R"("attributes":[])", "attributes missing"},
           {R"("attributes":[{"attribute":"a","value":"1"},{"attribute":"a","value":"2"}])",
            "attributes.attribute duplicate_attribute"},
           {R"("attributes":[{"attribute":"a","value":"1"}],"value":"2")", "value unknown_field"},
           {R"("attribute":"a")", "value missing"}}) {
    const Checked checked =
        CheckJourney(Drawn(R"({"id":"s","type":"set",)" + fields + "}", "start>s"), TestWorld());
    const auto found =
        std::ranges::find_if(checked.faults, [](const Fault& f) { return !f.warning; });
    ASSERT_NE(found, checked.faults.end()) << fields;
    EXPECT_EQ(found->node + " " + found->field + " " + found->code, "s " + fault);
  }
}

// Which way each of eight goes, three times.
std::vector<std::string> Ways(std::string_view mode) {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"r","type":"ratio","mode":")" + std::string(mode) +
                          R"(","branches":[{"outcome":"a","percent":50},
                                           {"outcome":"b","percent":50}]})",
                      "start>r", R"("reentry":{"policy":"always"})"));
  std::vector<std::string> ways;
  for (Ordinal customer = 0; customer < 8; ++customer) {
    std::string& way = ways.emplace_back();
    for (int visit = 0; visit < 3; ++visit) {
      const uint64_t before = stage.Out("r", "a");
      stage.Advance(1);
      (void)stage.Enter(customer);
      way += stage.Out("r", "a") > before ? 'a' : 'b';
    }
  }
  return ways;
}

TEST(RatioNodeTest, TheSameCustomerGoesTheSameWayOrIsDrawnAnew) {
  const auto is_one_way = [](const std::string& way) { return way == "aaa" || way == "bbb"; };
  const std::vector<std::string> sticky = Ways("sticky"), drawn = Ways("random");
  EXPECT_TRUE(std::ranges::all_of(sticky, is_one_way));
  EXPECT_FALSE(std::ranges::all_of(drawn, is_one_way));
  EXPECT_EQ(Ways("random"), drawn) << "a replay draws what was drawn";
}

TEST(RatioNodeTest, WhatIsDrawnAnewKeepsTheShares) {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"r","type":"ratio","mode":"random","branches":[
      {"outcome":"a","percent":20},{"outcome":"b","percent":80}]})",
                      "start>r", R"("reentry":{"policy":"always"})"));
  for (int i = 0; i < 4'000; ++i) (void)stage.Enter(7);
  EXPECT_NEAR(static_cast<double>(stage.Out("r", "a")), 800, 110);  // over four deviations
}

TEST(WaitEventTest, AnEventMovesAllEntriesOfTheCustomerOrTheOldest) {
  for (const bool earliest : {false, true}) {
    Stage stage;
    stage.Publish(Drawn(R"({"id":"x","type":"wait_event","timeout":"9d","entries":")" +
                            std::string(earliest ? "earliest" : "all") +
                            R"(","branches":[{"outcome":"paid","event":"Paid"}]},
                               {"id":"m","type":"send","channel":"sms","text":"{{loan}}"})",
                        "start>x x:paid>m", R"("reentry":{"policy":"always"})"));
    for (const char* loan : {"L1", "L2"}) (void)stage.Enter(1, "j", {}, {{"loan", loan}});
    (void)stage.Enter(2, "j", {}, {{"loan", "L3"}});
    stage.Event(1, "Paid");
    std::vector<std::string> texts;
    for (const HandOff& one : stage.sent) texts.push_back(one.text);
    if (earliest) {
      EXPECT_THAT(texts, ElementsAre("L1"));
      stage.Event(1, "Paid");
      EXPECT_EQ(stage.sent.back().text, "L2");
    } else {
      EXPECT_THAT(texts, testing::UnorderedElementsAre("L1", "L2"));
    }
    EXPECT_EQ(stage.journey().active, 1u);
  }
}

}  // namespace
}  // namespace waypost::journeys

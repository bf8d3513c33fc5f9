// What a node sets of a customer, and adds to what the customer has.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

using testing::UnorderedElementsAre;

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

// The world says what the customer has; nothing that the stage sets comes back to it.
TEST(SetNodeTest, WhatIsAddedIsSeenAtOnceAndByOtherEntriesWhenTheCustomerHasIt) {
  Stage stage;
  stage.world.attributes[{1, "points"}] = "10";
  stage.Publish(Drawn(R"({"id":"s","type":"set","attributes":[
      {"attribute":"points","increment":5},{"attribute":"share","increment":-0.1}]},
      {"id":"m","type":"send","channel":"sms","text":"{{points}} {{share}}"},
      {"id":"l","type":"loop","max_visits":2})",
                      "start>s s>m m>l l:again>s", R"("reentry":{"policy":"always"})"));
  const auto texts = [&] {
    std::vector<std::string> all;
    for (const HandOff& one : std::exchange(stage.sent, {})) all.push_back(one.text);
    return all;
  };
  (void)stage.Enter(1);
  EXPECT_THAT(texts(), UnorderedElementsAre("15 -0.1", "20 -0.2", "25 -0.3"));
  ASSERT_EQ(stage.marks.size(), 6u);
  EXPECT_TRUE(std::ranges::all_of(stage.marks, &change::Marked::adds));
  EXPECT_EQ(stage.marks[2].attribute + "+=" + stage.marks[2].value, "points+=5");
  stage.world.attributes[{1, "points"}] = "30";
  stage.Restart();
  (void)stage.Enter(1);
  EXPECT_THAT(texts(), UnorderedElementsAre("35 -0.1", "40 -0.2", "45 -0.3"))
      << "what the customer has, not what another entry saw";
  (void)stage.Enter(2, "j", {}, {{"points", "1000"}});
  EXPECT_THAT(texts(), UnorderedElementsAre("5 -0.1", "10 -0.2", "15 -0.3"))
      << "what came with the entry is no attribute";
}

TEST(SetNodeTest, WhatIsSetIsAddedTo) {
  Stage stage;
  stage.world.attributes[{1, "points"}] = "many";
  stage.Publish(Drawn(R"({"id":"a","type":"set","attribute":"points","increment":1000000},
      {"id":"b","type":"set","attribute":"points","value":"0.5"},
      {"id":"c","type":"set","attribute":"points","increment":1000000},
      {"id":"m","type":"send","channel":"sms","text":"{{points}}"})",
                      "start>a a>b b>c c>m"));
  (void)stage.Enter(1);
  EXPECT_EQ(stage.sent[0].text, "1000000.5");
}

TEST(SetNodeTest, WhatIsSetTwiceOrNotAtAllIsRefused) {
  for (const auto& [fields, fault] : std::initializer_list<std::pair<std::string, std::string>>{
           {R"("attributes":[])", "attributes missing"},
           {R"("attributes":[{"attribute":"a","value":"1"},{"attribute":"a","value":"2"}])",
            "attributes.attribute duplicate_attribute"},
           {R"("attributes":[{"attribute":"a","value":"1"}],"value":"2")", "value unknown_field"},
           {R"("attribute":"a","increment":0)", "increment no_effect"},
           {R"("attribute":"a","increment":"1")", "increment not_number"},
           {R"("attribute":"a","increment":1,"value":"2")", "value unknown_field"},
           {R"("attribute":"name","increment":1)", "attribute not_number"},
           {R"("attribute":"a")", "value missing"}}) {
    TestWorld world;
    world.textual = {"name"};
    const Checked checked =
        CheckJourney(Drawn(R"({"id":"s","type":"set",)" + fields + "}", "start>s"), world);
    const auto found =
        std::ranges::find_if(checked.faults, [](const Fault& f) { return !f.warning; });
    ASSERT_NE(found, checked.faults.end()) << fields;
    EXPECT_EQ(found->node + " " + found->field + " " + found->code, "s " + fault);
    EXPECT_EQ(std::ranges::count(checked.faults, false, &Fault::warning), 1) << fields;
  }
}

}  // namespace
}  // namespace waypost::journeys

// Waiting until something holds of the customer, and leaving when it does.
#include <gmock/gmock.h>

#include "base/clock.h"
#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

const Subject kVip{Subject::Kind::kSegment, "vip"}, kTier{Subject::Kind::kTag, "tier"},
    kCity{Subject::Kind::kAttribute, "city"};

// A world in which customers are in a segment, have a tag or live in the south; and a machine that
// is told when they do.
class Followed : public Stage {
 public:
  Followed() {
    for (const auto& [condition, subject] :
         {std::pair{"in vip", &kVip}, {"high", &kTier}, {"south", &kCity}}) {
      world.tests[condition] = [this, subject](const Facts& facts) {
        return holds.contains({facts.customer, *subject}) ? Truth::kYes : Truth::kNo;
      };
      world.subjects[condition] = {*subject};
    }
    world.tests["paid"] = [](const Facts&) { return Truth::kNo; };
  }
  void Set(Ordinal customer, const Subject& subject, bool now_holds) {
    if (now_holds) {
      holds.emplace(customer, subject);
    } else {
      holds.erase({customer, subject});
    }
    Machine::Out out;
    if (subject.kind == Subject::Kind::kAttribute) {
      machine().OnAttribute(customer, subject.name, now(), &out);
    } else {
      machine().OnSubject(customer, subject, now(), &out);
    }
    Follow(out);
  }
  std::set<std::pair<Ordinal, Subject>> holds;
};

std::string Waits(std::string_view branches, std::string_view more = {},
                  std::string_view extra = {}) {
  return Drawn(R"({"id":"x","type":"wait_event","timeout":"3d",)" + std::string(more) +
                   R"("branches":[)" + std::string(branches) + R"(]},{"id":"end","type":"exit"})",
               "start>x x:a>end x:b>end x:timeout>end", extra);
}
constexpr std::string_view kEither = R"({"outcome":"a","when":"in vip"},
                                        {"outcome":"b","when":"high"})";
constexpr std::string_view kBecomes = R"("accept_current":false,)";

TEST(ConditionWaitTest, WhatIsWaitedForGoesOnWhenItHoldsAndNotLaterThanTheTimeout) {
  for (const Subject* subject : {&kVip, &kTier}) {
    Followed stage;
    stage.Publish(Waits(kEither));
    for (const Ordinal customer : {1, 2}) (void)stage.Enter(customer);
    stage.Advance(kDayMs);
    stage.Set(1, kCity, true);
    EXPECT_EQ(stage.journey().active, 2u) << "what nobody waits for moves nobody";
    stage.Restart();
    stage.Set(1, *subject, true);
    EXPECT_EQ(stage.Out("x", subject == &kVip ? "a" : "b"), 1u);
    stage.Advance(2 * kDayMs);
    EXPECT_EQ(stage.Out("x", "timeout"), 1u);
    EXPECT_EQ(stage.journey().active, 0u);
  }
}

// After a restart it is a while until it is known who is in a live segment.
TEST(ConditionWaitTest, WhatCannotBeToldForAWhileHasNotEnded) {
  Followed stage;
  const auto known = stage.world.tests["in vip"];
  stage.Publish(Waits(kEither, kBecomes));
  stage.Set(1, kVip, true);
  (void)stage.Enter(1);
  stage.world.tests["in vip"] = [](const Facts&) { return Truth::kError; };
  stage.Set(1, kVip, true);
  stage.world.tests["in vip"] = known;
  stage.Set(1, kVip, true);
  EXPECT_EQ(stage.journey().active, 1u) << "it has held all the time";
}

TEST(ConditionWaitTest, AnAttributeThatChangesIsAskedOf) {
  Followed stage;
  stage.Publish(Waits(R"({"outcome":"a","when":"south"},{"outcome":"b","event":"B"})"));
  for (const Ordinal customer : {1, 2}) (void)stage.Enter(customer);
  stage.Set(1, kCity, true);
  EXPECT_EQ(stage.Out("x", "a"), 1u);
  stage.Event(2, "B");
  EXPECT_EQ(stage.Out("x", "b"), 1u);
}

TEST(ConditionWaitTest, WhatHoldsAlreadyPassesAtOnceOrHasToEndFirst) {
  Followed stage;
  stage.Set(1, kVip, true);
  stage.Publish(Waits(kEither));
  (void)stage.Enter(1);
  EXPECT_EQ(stage.Out("x", "a"), 1u);

  stage.Publish(Waits(kEither, kBecomes, R"("reentry":{"policy":"always"})"));
  (void)stage.Enter(1);
  stage.Set(1, kVip, true);  // told again of what it was
  EXPECT_EQ(stage.journey().active, 1u);
  stage.Restart();
  stage.Set(1, kVip, false);
  EXPECT_EQ(stage.journey().active, 1u);
  stage.Restart();
  stage.Set(1, kVip, true);
  EXPECT_EQ(stage.Out("x", "a"), 2u);
  EXPECT_EQ(stage.journey().active, 0u);
}

TEST(ConditionWaitTest, WhatCameTrueInAPauseIsFollowedWhenItGoesOn) {
  Followed stage;
  stage.Publish(Waits(kEither));
  (void)stage.Enter(1);
  stage.SetPhase(Phase::kPaused);
  stage.Set(1, kVip, true);
  stage.Set(1, kVip, false);
  EXPECT_EQ(stage.journey().active, 1u);
  stage.Advance(kDayMs);
  stage.SetPhase(Phase::kRunning);
  EXPECT_EQ(stage.Out("x", "a"), 1u);
}

TEST(ConditionWaitTest, EverybodyInsideIsAskedWhenNobodyKnowsWhoMoved) {
  Followed stage;
  stage.Publish(Waits(kEither));
  for (const Ordinal customer : {1, 2, 3}) (void)stage.Enter(customer);
  stage.holds = {{1, kVip}, {3, kVip}};
  Machine::Out out;
  stage.machine().OnSubject(kVip, stage.now(), &out);
  stage.Follow(out);
  EXPECT_EQ(stage.Out("x", "a"), 2u);
  EXPECT_EQ(stage.journey().active, 1u);
}

TEST(ConditionWaitTest, CustomersWhoBecomeOneHaveWhatEitherHad) {
  Followed stage;
  stage.Publish(Waits(kEither));
  (void)stage.Enter(1);
  (void)stage.Enter(2);
  stage.holds = {{1, kVip}};  // who is 1 and 2
  stage.Merge(2, 1);
  EXPECT_EQ(stage.Out("x", "a"), 1u);
  EXPECT_EQ(stage.journey().active, 0u);
}

TEST(ConditionExitTest, WhoeverItHoldsOfLeavesAndDoesNotComeIn) {
  Followed stage;
  stage.Publish(Drawn(R"({"id":"w","type":"wait","for":"9d"})", "start>w",
                      R"("exit_on":[{"when":"in vip"},{"when":"south"},{"event":"Closed"}],
                         "reentry":{"policy":"after_exit"})"));
  for (const Ordinal customer : {1, 2, 3}) (void)stage.Enter(customer);
  stage.Set(1, kVip, true);
  EXPECT_EQ(stage.Exits(Exit::kExitSegment), 1u);
  stage.Set(2, kCity, true);
  EXPECT_EQ(stage.Exits(Exit::kExitCondition), 1u);
  stage.Event(3, "Closed");
  EXPECT_EQ(stage.Exits(Exit::kExitEvent), 1u);
  EXPECT_EQ(stage.Enter(1).value().reason, Reject::kFilter);
  stage.Set(1, kVip, false);
  EXPECT_NE(stage.Enter(1).value().entry, 0u);
}

TEST(ConditionExitTest, ItHoldsFromTheVersionThatSaysIt) {
  const auto drawn = [](std::string_view extra) {
    return Drawn(R"({"id":"w","type":"wait","for":"9d"})", "start>w", extra);
  };
  for (const bool migrate : {false, true}) {
    Followed stage;
    stage.Publish(drawn({}));
    (void)stage.Enter(1);
    stage.Set(1, kVip, true);
    stage.Publish(drawn(std::string(R"("exit_on":[{"when":"in vip"}],"in_flight":{"policy":")") +
                        (migrate ? "migrate" : "pin") + "\"}"));
    EXPECT_EQ(stage.Exits(Exit::kExitSegment), migrate ? 1u : 0u);
  }
}

TEST(ConditionWaitTest, AnEarlierProgramsDecisionsAreRead) {
  // One decision: a token is set, as version 1 of the record wrote it.
  ByteWriter one, out;
  one.Varint(1);
  one.Signed(1'000);
  one.Varint(0);
  one.Varint(1);
  one.U8(static_cast<uint8_t>(Change(change::TokenSet{}).index()));
  FieldWriter a(&one);
  a(uint64_t{5}, uint32_t{1}, uint32_t{2}, uint32_t{1}, uint32_t{0}, TokenState::kWaiting,
    int64_t{900}, int64_t{2'000}, int64_t{0}, std::vector<uint32_t>{7});
  out.U8(1);
  out.Varint(1);
  out.Varint(one.size());
  out.Raw(one.bytes());
  const Result<std::vector<Decision>> read = DecodeDecisions(out.bytes());
  ASSERT_TRUE(read.ok()) << read.error().message();
  const auto& set = std::get<change::TokenSet>(read.value().at(0).changes.at(0));
  EXPECT_EQ(set.entry, 5u);
  EXPECT_THAT(set.token.forks, testing::ElementsAre(7));
  EXPECT_EQ(set.token.held_already, 0u);
}

struct Wrong {
  std::string_view branch, field, code;
};

TEST(ConditionWaitTest, WhatNobodyTellsOfIsRefusedWithItsPlace) {
  Followed stage;
  for (const auto& [branch, field, code] : std::initializer_list<Wrong>{
           {R"({"outcome":"a","when":"paid"})", "branches.when", "not_followed"},
           {R"({"outcome":"a","when":"what"})", "branches.when", "bad_condition"},
           {R"({"outcome":"a","when":"high","event":"A"})", "branches.when", "bad_wait"},
           {R"({"outcome":"a"})", "branches.event", "missing"}}) {
    const std::string json = Drawn(
        R"({"id":"x","type":"wait_event","timeout":"1d","branches":[)" + std::string(branch) + "]}",
        "start>x");
    const Checked checked = CheckJourney(json, stage.world);
    EXPECT_FALSE(checked.journey) << branch;
    const auto fault =
        std::ranges::find_if(checked.faults, [](const Fault& f) { return !f.warning; });
    ASSERT_NE(fault, checked.faults.end()) << branch;
    EXPECT_EQ(fault->node + " " + fault->field + " " + fault->code,
              "x " + std::string(field) + " " + std::string(code));
  }
  const Checked exits = CheckJourney(Drawn("", "", R"("exit_on":[{"when":"paid"}])"), stage.world);
  ASSERT_FALSE(exits.faults.empty());
  EXPECT_EQ(exits.faults[0].field + " " + exits.faults[0].code, "exit_on.when not_followed");
}

}  // namespace
}  // namespace waypost::journeys

#include "journeys/state.h"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

constexpr int64_t kDay = 24 * kHour;
constexpr std::string_view kHello = R"({"id":"hello","type":"send","channel":"sms","text":"hi"})";
constexpr std::string_view kPause = R"({"id":"pause","type":"wait","for":"40d"})";
constexpr std::string_view kAlways = R"("reentry":{"policy":"always"})";

Result<State> Reopened(const Stage& stage) { return State::Decode(stage.state().Encode()); }

TEST(StateTest, AMessageIsForgottenAMonthAfterItsOutcome) {
  Stage stage;
  stage.Publish(Drawn(kHello, "start>hello", kAlways));
  ASSERT_TRUE(stage.Enter(1).ok());
  const TouchKey key = stage.sent[0].key;
  stage.Advance(30 * kDay);
  stage.Receipt(key, Outcome::kOpened);  // a late receipt counts
  EXPECT_EQ(stage.journey().nodes.at("hello").outcomes.at(static_cast<uint8_t>(Outcome::kOpened)),
            1u);
  stage.Advance(30 * kDay);
  ASSERT_TRUE(stage.Enter(2).ok());
  EXPECT_TRUE(stage.state().FindTouch(key)) << "thirty days after it was opened";
  stage.Advance(2 * kDay);
  ASSERT_TRUE(stage.Enter(3).ok());
  EXPECT_FALSE(stage.state().FindTouch(key));
  EXPECT_EQ(stage.state().touch_count(), 2u);
}

TEST(StateTest, AMessageIsKeptWhileItsEntryMayAskForIt) {
  Stage stage;
  stage.Publish(
      Drawn(std::string(kHello) + "," + std::string(kPause), "start>hello hello>pause", kAlways));
  ASSERT_TRUE(stage.Enter(1).ok());
  const TouchKey key = stage.sent[0].key;
  stage.Advance(35 * kDay);
  ASSERT_TRUE(stage.Enter(2).ok());
  EXPECT_TRUE(stage.state().FindTouch(key));
  const Result<State> reopened = Reopened(stage);
  ASSERT_TRUE(reopened.ok());
  EXPECT_TRUE(reopened.value().FindTouch(key));
  stage.Advance(6 * kDay);
  ASSERT_TRUE(stage.Enter(3).ok());
  EXPECT_FALSE(stage.state().FindTouch(key)) << "it left after forty days";
}

TEST(StateTest, AMessageNobodyKnowsTheOutcomeOfIsNeverForgotten) {
  Stage stage;
  stage.provider = [](const change::TouchPlanned&) { return Outcome::kUnknown; };
  stage.Publish(Drawn(kHello, "start>hello", kAlways));
  ASSERT_TRUE(stage.Enter(1).ok());
  stage.Advance(200 * kDay);
  ASSERT_TRUE(stage.Enter(2).ok());
  EXPECT_THAT(stage.state().TouchesIn(Outcome::kUnknown), testing::SizeIs(2));
}

// Else a server that was restarted often would wait minutes before it tries again.
TEST(StateTest, AMessageThatIsPutBackForAtOnceWasNotTried) {
  Stage stage;
  stage.dispatching = false;
  stage.Publish(Drawn(kHello, "start>hello"));
  ASSERT_TRUE(stage.Enter(1).ok());
  Machine& machine = stage.machine();
  const TouchKey key = stage.state().DueTouches(stage.now()).at(0);
  for (const auto& [pause_ms, tries] : {std::pair(0, 0u), {0, 0u}, {kMinute, 1u}}) {
    Machine::Out out;
    ASSERT_TRUE(machine.Claim(key, stage.now(), &out));
    machine.PutBack(key, stage.now() + pause_ms, false, "test", stage.now(), &out);
    stage.Follow(out);
    EXPECT_EQ(stage.state().FindTouch(key)->tries, tries);
  }
}

TEST(StateTest, AnOutcomeIsToBeToldUntilTheLogHasItsEvent) {
  Stage stage;
  stage.Publish(Drawn(kHello, "start>hello", kAlways));
  ASSERT_TRUE(stage.Enter(1).ok());
  const TouchKey key = stage.sent[0].key;
  stage.Receipt(key, Outcome::kOpened);
  const Result<State> reopened = Reopened(stage);
  ASSERT_TRUE(reopened.ok());
  EXPECT_THAT(
      reopened.value().untold(),
      testing::UnorderedElementsAre(testing::Pair(std::pair(key, Outcome::kAccepted), testing::_),
                                    testing::Pair(std::pair(key, Outcome::kOpened), testing::_)));
  State state = State::Decode(stage.state().Encode()).value();
  state.Told(key, Outcome::kAccepted);
  EXPECT_THAT(state.untold(), testing::SizeIs(1));
  state.Told(key, Outcome::kAccepted);  // it came twice
  state.Told(key, Outcome::kOpened);
  EXPECT_THAT(state.untold(), testing::IsEmpty());
}

// So whoever tells looks at each once, and the order is the same after a restart.
TEST(StateTest, WhatIsForTheLogComesInTheOrderItWasDecided) {
  Stage stage;
  stage.Publish(
      Drawn(std::string(kHello) + R"(,{"id":"s","type":"set","attribute":"tier","value":"gold"})",
            "start>hello hello>s", kAlways));
  for (const Ordinal customer : {3, 1, 2}) ASSERT_TRUE(stage.Enter(customer).ok());
  const auto told = [](const State& state, uint64_t from, size_t most) {
    std::vector<std::pair<Ordinal, bool>> told;  // whose, and whether it is an outcome
    const uint64_t next = state.tellings().From(from, [&](const Telling& one) {
      if (told.size() == most) return false;
      if (one.outcome) {
        told.emplace_back(state.FindTouch(one.key)->plan.customer, true);
      } else if (const auto unset = state.unset().find(one.key); unset != state.unset().end()) {
        told.emplace_back(unset->second.customer, false);
      }
      return true;
    });
    return std::pair(told, next);
  };
  const State reopened = Reopened(stage).value();
  for (const State* state : {&stage.state(), &reopened}) {
    const auto [all, end] = told(*state, 0, 100);
    std::vector<Ordinal> set, sent;
    for (const auto& [customer, outcome] : all) (outcome ? sent : set).push_back(customer);
    EXPECT_THAT(set, testing::ElementsAre(3, 1, 2));
    EXPECT_THAT(sent, testing::ElementsAre(3, 1, 2));
    const auto [first, next] = told(*state, 0, 2);
    const auto [rest, last] = told(*state, next, 100);
    EXPECT_EQ(first.size() + rest.size(), all.size());
    EXPECT_EQ(last, end);
    EXPECT_THAT(told(*state, end, 100).first, testing::IsEmpty());
  }
  State state = Reopened(stage).value();
  const uint64_t end = told(state, 0, 100).second;
  while (!state.untold().empty()) {
    const auto what = state.untold().begin()->first;
    state.Told(what.first, what.second);
  }
  while (!state.unset().empty()) state.WasSet(TouchKey(state.unset().begin()->first));
  EXPECT_EQ(state.tellings().From(0, [](const Telling&) { return false; }), end);
}

TEST(StateTest, NothingIsToldOfWhoWasErased) {
  Stage stage;
  stage.Publish(Drawn(kHello, "start>hello", kAlways));
  ASSERT_TRUE(stage.Enter(1).ok());
  stage.Erase(1);
  EXPECT_THAT(stage.state().untold(), testing::IsEmpty());
}

TEST(StateTest, WhoPartsTakesNobodyAlongWhoHadBecomeOneWithHimAndStays) {
  Stage stage;
  stage.Consent(1, "push", false);
  stage.OnIdentity(2, {1, 2});
  stage.OnIdentity(0, {0, 1, 2});
  ASSERT_EQ(stage.state().Now(1), 0u);
  stage.OnIdentity(2, {2});
  EXPECT_EQ(stage.state().Now(1), 0u);
  EXPECT_EQ(stage.state().Now(2), 2u);
}

TEST(StateTest, WhoWasOneWithAnErasedCustomerIsHimselfAgain) {
  Stage stage;
  stage.Consent(1, "push", false);
  stage.OnIdentity(2, {1, 2});
  stage.Erase(2);
  stage.OnIdentity(1, {1});
  EXPECT_EQ(stage.state().Now(1), 1u);
}

// Two become one: caps are counted together, nobody is in twice or again, and a refusal of either
// is one of both. Two again: each has what he came into himself, and nothing is allowed that was
// not before.
TEST(StateTest, WhoIsOneWithAnotherIsNeitherInTwiceNorOverHisCapsAndSoWhenTheyPart) {
  Stage stage;
  stage.Policy(R"({"caps":[{"name":"two","limit":2,"rolling":"30d"}]})");
  stage.Publish(Drawn(R"({"id":"s","type":"send","channel":"sms","text":"{{name}}"})", "start>s",
                      R"("reentry":{"policy":"always"})", "hello"));
  stage.Publish(Drawn(R"({"id":"w","type":"wait","for":"30d"})", "start>w", "", "long"));
  for (const Ordinal customer : {1u, 2u}) {
    stage.world.attributes[{customer, "name"}] = "of " + std::to_string(customer);
    ASSERT_NE(stage.Enter(customer, "hello").value().entry, 0u);
  }
  ASSERT_NE(stage.Enter(2, "long", {}, {{"as", "2"}}).value().entry, 0u);
  stage.Consent(2, "push", false);
  stage.OnIdentity(1, {1, 2});
  stage.OnIdentity(1, {1, 2});  // it is heard of more than once
  EXPECT_NE(stage.Enter(1, "hello").value().entry, 0u);
  EXPECT_EQ(stage.sent.size(), 2u) << "two were sent between them";
  EXPECT_EQ(stage.Enter(1, "long").value().reason, Reject::kReentryOnce);
  const State& state = stage.state();
  EXPECT_EQ(state.FindCustomer(2), nullptr);
  EXPECT_EQ(state.FindCustomer(1)->entries.size(), 1u);
  EXPECT_EQ(state.FindCustomer(1)->marks.size(), 2u);
  EXPECT_GT(state.FindCustomer(1)->trace.size(), 4u);
  stage.Restart();
  stage.OnIdentity(1, {1});
  stage.OnIdentity(2, {2});
  const State& parted = stage.state();
  EXPECT_TRUE(parted.FindCustomer(1)->entries.empty());
  ASSERT_EQ(parted.FindCustomer(2)->entries.size(), 1u);
  EXPECT_EQ(parted.FindEntry(parted.FindCustomer(2)->entries[0])->customer, 2u);
  for (const Ordinal customer : {1u, 2u}) {
    EXPECT_EQ(stage.Enter(customer, "long").value().reason, Reject::kReentryOnce);
    (void)stage.Enter(customer, "hello");
    EXPECT_FALSE(parted.FindCustomer(customer)->consents.at({"push", "*"}));
  }
  EXPECT_EQ(stage.sent.size(), 2u) << "each had two in thirty days";
  stage.Advance(31 * kDayMs);
  for (const Ordinal customer : {1u, 2u}) (void)stage.Enter(customer, "hello");
  EXPECT_EQ(stage.sent.size(), 4u);
  EXPECT_EQ(stage.sent[2].text + stage.sent[3].text, "of 1of 2");
}

// Bytes at the end of a state in which no attribute waits to be written: two counts.
constexpr size_t kNothingSet = 2;
constexpr size_t kNothingHeard = 2;  // of sets, and of lists, likewise: one each
constexpr size_t kNothingTold = 2;   // of lines: which, and how many
constexpr size_t kNothingSpent = 1;  // by units

TEST(StateTest, CustomersAreNotOneInACircle) {
  Stage stage;
  stage.Merge(1, 2);
  Bytes image = stage.state().Encode();
  uint8_t& one =
      image[image.size() - 1 - kNothingSet - kNothingHeard - kNothingTold - kNothingSpent];
  ASSERT_EQ(one, 2);
  EXPECT_TRUE(State::Decode(image).ok());
  one = 1;
  EXPECT_EQ(State::Decode(image).error().code(), Code::kCorrupt);
}

TEST(StateTest, WhatWaitsForOneWhoIsTwoIsWrittenAnewOrNotSent) {
  for (const bool over : {false, true}) {
    Stage stage;
    stage.dispatching = false;
    const std::string more = R"({"id":"s","type":"send","channel":"sms","text":"{{name}}"})";
    stage.Publish(
        over ? Drawn(more, "start>s", kAlways)
             : Drawn(more + R"(,{"id":"w","type":"wait","for":"9h"})", "start>s s>w", kAlways));
    for (const Ordinal customer : {1u, 2u}) {
      stage.world.attributes[{customer, "name"}] = "of " + std::to_string(customer);
      (void)stage.Enter(1, "j", {}, {{"as", std::to_string(customer)}});
    }
    stage.OnIdentity(1, {1});
    stage.OnIdentity(2, {2});
    stage.Dispatch();
    std::map<Ordinal, std::string> said;
    for (const HandOff& one : stage.sent) said[one.customer] += one.text;
    EXPECT_EQ(said, over ? decltype(said){} : (decltype(said){{1, "of 1"}, {2, "of 2"}}));
  }
}

TEST(StateTest, AMachineSaysWhatWouldKeepSomebodyOutWithoutDeciding) {
  Stage stage;
  stage.Publish(Drawn(kPause, "start>pause"));
  EXPECT_EQ(stage.machine().WouldRefuse("j", 1, stage.now()).value(), std::nullopt);
  ASSERT_TRUE(stage.Enter(1).ok());
  EXPECT_EQ(stage.machine().WouldRefuse("j", 1, stage.now()).value(), Reject::kReentryOnce);
  stage.SetPhase(Phase::kPaused);
  EXPECT_EQ(stage.machine().WouldRefuse("j", 2, stage.now()).value(), Reject::kPaused);
  EXPECT_EQ(stage.Rejects(Reject::kPaused), 0u);
  EXPECT_FALSE(stage.machine().WouldRefuse("k", 1, stage.now()).ok());
}

// What the program of that format wrote: customers who wait, are forked, were sent something that
// is not known to have arrived, did A and not yet B, refused a channel; in version 4 an experiment
// too.
Bytes ImageOf(int version) {
  std::ifstream in(WAYPOST_SOURCE_DIR "/tests/images/journeys_v" + std::to_string(version),
                   std::ios::binary);
  EXPECT_TRUE(in);
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

TEST(StateTest, WhatOlderProgramsKeptGoesOn) {
  for (const int version : {3, 4}) {
    SCOPED_TRACE(version);
    const Bytes image = ImageOf(version);
    ASSERT_EQ(image.at(0), version);
    Result<State> read = State::Decode(image);
    ASSERT_TRUE(read.ok()) << read.error().message();
    const Bytes rewritten = read.value().Encode();
    EXPECT_EQ(State::Decode(rewritten).value().Encode(), rewritten);
    State state = std::move(read).value();
    EXPECT_EQ(state.journeys()[0].id, "old");
    EXPECT_EQ(state.journeys()[0].active, 3u);
    EXPECT_THAT(state.TouchesIn(Outcome::kUnknown), testing::SizeIs(1));
    EXPECT_FALSE(state.FindCustomer(3)->consents.at({"push", "*"}));
    EXPECT_EQ(state.StockTaken("cup"), 2u);
    EXPECT_EQ(state.journeys()[1].requests.size(), 1u);
    EXPECT_EQ(state.journeys().size(), version == 3 ? 3u : 4u);
    // Whoever is inside ends as if nothing had been.
    TestWorld world;
    for (Ordinal customer = 1; customer <= 3; ++customer) {
      world.attributes[{customer, "name"}] = "n";
    }
    Machine machine(std::move(state), {world, world, world});
    Machine::Out out;
    const int64_t begin = machine.state().time_ms();
    for (int hour = 1; hour <= 60 * 24; ++hour) machine.FireUntil(begin + hour * kHour, &out);
    EXPECT_EQ(machine.state().entry_count(), 0u);
    EXPECT_EQ(machine.state().journeys()[2].entered, 1u) << "did A and not B for thirty days";
    const auto& sent = machine.state().journeys()[0].nodes.at("c").outcomes;
    EXPECT_EQ(sent.at(static_cast<uint8_t>(Outcome::kPlanned)), 5u) << "three SMS, two pushes";
  }
}

// Of a journey that nobody has come into all that came later is zeros at the end: format 22 lacks
// the count of units that spent, 20 also the two of lines that others are told of, 18 also when who
// came in a pause comes in, 16 also the count of who comes on lists, 15 also the number of its
// lists, 13 also the counts of alarms and of sets that were heard of, 12 also that of runs that
// were given up, 11 also those of its open runs and of whom runs were for, 10 also those of its
// listings and of groups that are capped, 8 also the two counts of what was set, and 6 that of its
// lines.
TEST(StateTest, LinesThatAnOlderProgramKeptAreToldWithoutWhatItDidNotKeep) {
  const Result<State> read = State::Decode(ImageOf(24));
  ASSERT_TRUE(read.ok()) << read.error().message();
  std::vector<std::string> details;
  for (const UntoldLine& one : read.value().untold_lines()) {
    details.push_back(one.line.detail);
    EXPECT_EQ(std::tuple(one.entered_ms, one.came_ms, one.touch, one.channel, one.handed_over),
              std::tuple(0, 0, TouchKey(), "", false));
  }
  EXPECT_THAT(details, testing::ElementsAre("version 1", "next", "sms: ", "next", "", "", ""));
  const Bytes rewritten = read.value().Encode();
  EXPECT_EQ(State::Decode(rewritten).value().Encode(), rewritten);
}

TEST(StateTest, FormatsBeforeAreReadAsOnesWithoutWhatCameLater) {
  Stage stage;
  stage.Publish(Drawn(kHello, "start>hello"));
  const Bytes now = stage.state().Encode();
  for (const auto& [format, lacks] : {std::pair<uint8_t, size_t>(22, 1),
                                      {20, 3},
                                      {18, 4},
                                      {16, 5},
                                      {15, 6},
                                      {13, 8},
                                      {12, 9},
                                      {11, 11},
                                      {10, 13},
                                      {8, 13 + kNothingSet},
                                      {6, 14 + kNothingSet}}) {
    Bytes before = now;
    before[0] = format;
    before.resize(now.size() - lacks);
    const Result<State> read = State::Decode(before);
    ASSERT_TRUE(read.ok()) << read.error().message();
    EXPECT_EQ(read.value().Encode(), now);
  }
}

// Format 13, and decisions of its time, name runs by their day: the first run, of the 2nd of March.
TEST(StateTest, RunsThatWereNamedByTheirDayAreTheSameRuns) {
  Stage stage(At("2026-03-02T07:00:00"));
  stage.Publish(
      Drawn("", "", "", "j", R"({"kind":"batch","schedule":{"every":"day","at":"09:00"}})"));
  stage.AdvanceTo("2026-03-02T09:00:01");
  const int64_t run = stage.journey().runs.begin()->first;
  ASSERT_EQ(run, 20'514 * kDayMs + 9 * kHour);
  State replayed;
  for (Decision decision : stage.log) {
    decision.older = true;
    for (Change& change : decision.changes) {
      if (auto* taken = std::get_if<change::RunTaken>(&change)) taken->run = 20'514;
    }
    ASSERT_TRUE(replayed.Apply(decision).ok());
  }
  EXPECT_EQ(replayed.Encode(), stage.state().Encode());
  ByteWriter by_name, by_day;
  by_name.Signed(run);
  by_day.Signed(20'514);
  Bytes before = stage.state().Encode();
  const auto at = std::ranges::search(before, by_name.bytes());
  ASSERT_FALSE(at.empty());
  const auto place = at.begin() - before.begin();
  before.erase(at.begin(), at.end());
  before.insert(before.begin() + place, by_day.bytes().begin(), by_day.bytes().end());
  before[0] = 13;
  before.resize(before.size() - 8);  // no alarms, lists, nothing heard, nobody to come or told, ...
  EXPECT_EQ(State::Decode(before).value().Encode(), stage.state().Encode());
}

TEST(StateTest, RunsThatWereListedOrGivenUpByTheirDayAreTheSameRuns) {
  Stage stage(At("2026-03-02T07:00:00"));
  stage.Publish(Drawn("", "", "", "j",
                      R"({"kind":"batch","segment":"s","schedule":{"every":"day","at":"09:00"}})"));
  Machine::Out out;
  for (const bool listed : {true, false}) {
    stage.Advance(kDayMs);
    const int64_t run = stage.journey().open_runs.begin()->first;
    ASSERT_TRUE(listed ? stage.machine().ListRun("j", {run, 7, {1, 2}}, stage.now(), &out).ok()
                       : stage.machine().GiveUpRun("j", run, "none", stage.now(), &out).ok());
    stage.Follow(std::exchange(out, {}));
  }
  stage.List({3});  // of no run
  State replayed;
  for (Decision decision : stage.log) {
    decision.older = true;
    for (Change& change : decision.changes) {
      if (auto* taken = std::get_if<change::RunTaken>(&change)) taken->run /= kDayMs;
      if (auto* up = std::get_if<change::RunGivenUp>(&change)) up->run /= kDayMs;
      auto* listed = std::get_if<change::Listed>(&change);
      if (listed && listed->of_run) listed->run /= kDayMs;
    }
    ASSERT_TRUE(replayed.Apply(decision).ok());
  }
  EXPECT_EQ(replayed.Encode(), stage.state().Encode());
  EXPECT_EQ(replayed.journeys()[0].audiences.begin()->first, 20'514 * kDayMs + 9 * kHour);
  EXPECT_EQ(replayed.journeys()[0].failed_runs.begin()->first, 20'515 * kDayMs + 9 * kHour);
}

TEST(StateTest, AnAttributeIsToBeWrittenUntilTheLogHasIt) {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"s","type":"set","attribute":"tier","value":"gold"})", "start>s"));
  ASSERT_TRUE(stage.Enter(1).ok());
  ASSERT_TRUE(stage.Enter(2).ok());
  stage.Erase(2);
  const Result<State> reopened = Reopened(stage);
  ASSERT_TRUE(reopened.ok());
  ASSERT_THAT(reopened.value().unset(), testing::SizeIs(1));
  const auto& [key, unset] = *reopened.value().unset().begin();
  EXPECT_EQ(unset.customer, 1u);
  EXPECT_EQ(unset.attribute + "=" + unset.value, "tier=gold");
  State state = State::Decode(stage.state().Encode()).value();
  state.WasSet(key);
  state.WasSet(key);  // it came twice
  EXPECT_THAT(state.unset(), testing::IsEmpty());
}

// The log had no place for what was set: it is written with what was set since, each once, in
// order.
TEST(StateTest, AnAttributeThatWasNotTakenIsToBeWrittenBeforeWhatWasSetThen) {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"s","type":"set","attribute":"tier","value":"gold"},
                         {"id":"w","type":"wait","for":"1h"},
                         {"id":"t","type":"set","attribute":"tier","value":"silver"},
                         {"id":"u","type":"set","attribute":"points","increment":5})",
                      "start>s s>w w>t t>u"));
  ASSERT_TRUE(stage.Enter(1).ok());
  stage.Advance(2 * kHour);
  State state = Reopened(stage).value();
  const auto to_tell = [&] {
    std::string text;
    state.tellings().From(0, [&](const Telling& one) {
      const auto unset = state.unset().find(one.key);
      if (unset == state.unset().end()) return true;
      text += unset->second.value + (unset->second.adds ? "+ " : " ");
      return true;
    });
    return text;
  };
  EXPECT_EQ(to_tell(), "gold silver 5+ ");
  EXPECT_EQ(to_tell(), "gold silver 5+ ") << "asked again nothing is missing";
  state.WasSet(stage.marks[0].key);
  EXPECT_EQ(to_tell(), "silver 5+ ");
}

// "hello: goal 1, dead_end 2" of the nodes that somebody left from.
std::string LeftFrom(const Stage& stage) {
  std::string text;
  for (const auto& [id, counts] : stage.journey().nodes) {
    if (counts.left.empty()) continue;
    text += (text.empty() ? "" : "; ") + id + ":";
    for (const auto& [reason, count] : counts.left)
      text += " " + std::string(NameOf(static_cast<Exit>(reason))) + " " + std::to_string(count);
  }
  return text;
}

TEST(StateTest, EveryEntryThatLeftIsCountedAtOneNode) {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"f","type":"fork","branches":[{"outcome":"a"},{"outcome":"b"}]},
                         {"id":"w","type":"wait","for":"2d"},{"id":"v","type":"wait","for":"1d"},
                         {"id":"x","type":"wait","for":"9d"},{"id":"end","type":"exit"})",
                      "start>f f:a>w f:b>v v>x w>end", R"("goal":{"event":"buy"})"));
  for (Ordinal customer = 1; customer <= 4; ++customer) ASSERT_TRUE(stage.Enter(customer).ok());
  stage.Event(1, "buy");  // at w and v, which it came to last
  EXPECT_EQ(LeftFrom(stage), "v: goal 1");
  stage.Advance(kDay + 1);
  stage.Event(2, "buy");  // at w, and a day later at x
  stage.Advance(kDay);
  stage.Event(3, "buy");  // one way has ended
  stage.Advance(30 * kDay);
  EXPECT_EQ(LeftFrom(stage), "v: goal 1; x: goal 2 dead_end 1");
  EXPECT_EQ(Reopened(stage).value().Encode(), stage.state().Encode());
}

TEST(StateTest, WhatANewerProgramKeptIsNamed) {
  Bytes image = State().Encode();
  ++image[0];
  const Result<State> read = State::Decode(image);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().name(), "newer_format");
  image[0] = 2;
  EXPECT_EQ(State::Decode(image).error().code(), Code::kCorrupt);
}

}  // namespace
}  // namespace waypost::journeys

// What a new version does to those who are inside older ones.
#include "journeys/versions.h"

#include "io/sim_random.h"
#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

constexpr std::string_view kMigrate = R"("in_flight":{"policy":"migrate"})";

std::string Migrating(std::string_view more) {
  return R"("in_flight":{"policy":"migrate",)" + std::string(more) + "}";
}

std::string WaitAndSend(std::string_view wait, std::string_view extra = {},
                        std::string_view text = "x") {
  return Drawn(R"({"id":"w","type":"wait",)" + std::string(wait) +
                   R"(},{"id":"s","type":"send","channel":"sms","text":")" + std::string(text) +
                   "\"}",
               "start>w w>s", extra);
}

void ExpectCountsAddUp(const JourneyState& journey) {
  uint64_t entered = 0, active = 0;
  std::map<std::string, uint64_t> in, here;
  for (const auto& [version, counts] : journey.counts) {
    uint64_t exits = 0;
    for (const auto& [reason, count] : counts.exits) exits += count;
    EXPECT_EQ(counts.entered + counts.moved_in, counts.active + exits + counts.moved_out)
        << version;
    entered += counts.entered;
    active += counts.active;
    for (const auto& [node, of] : counts.nodes) {
      in[node] += of.in;
      here[node] += of.here;
    }
  }
  EXPECT_EQ(entered, journey.entered);
  EXPECT_EQ(active, journey.active);
  for (const auto& [node, counts] : journey.nodes) {
    EXPECT_EQ(counts.in, in[node]) << node;
    EXPECT_EQ(counts.here, here[node]) << node;
  }
}

TEST(VersionsTest, ATimeThatWasOverBeforeItsScheduleWasPublishedIsNotCaughtUpWith) {
  const auto batch = [](std::string_view schedule) {
    return Drawn("", "", "", "j", R"({"kind":"batch","schedule":)" + std::string(schedule) + "}");
  };
  Stage stage;
  stage.Publish(batch(R"({"every":"week","days":["mon"],"at":"11:00","from":"2026-03-02"})"));
  stage.AdvanceTo("2026-03-04T12:00:00");
  EXPECT_EQ(stage.RunDays(), "2026-03-02");
  stage.Publish(batch(R"({"every":"day","at":"09:00"})"));
  stage.Advance(kHour);
  EXPECT_EQ(stage.RunDays(), "2026-03-02") << "saving it ran it";
  EXPECT_EQ(stage.RunDays(true), "");
  stage.AdvanceTo("2026-03-05T12:00:00");
  EXPECT_EQ(stage.RunDays(), "2026-03-02 2026-03-05");
}

TEST(VersionsTest, ATimeThatWasOverWhileTheJourneyWasStoppedIsNotCaughtUpWith) {
  const std::string daily = Drawn("", "", "", "j", R"({"kind":"batch","schedule":
      {"every":"day","at":"11:00"}})");
  Stage stage;
  stage.Publish(daily);
  stage.AdvanceTo("2026-03-02T12:00:00");
  stage.SetPhase(Phase::kStopped);
  stage.AdvanceTo("2026-03-04T12:00:00");
  stage.Publish(daily);
  stage.Advance(kHour);
  EXPECT_EQ(stage.RunDays(), "2026-03-02");
  stage.AdvanceTo("2026-03-05T12:00:00");
  EXPECT_EQ(stage.RunDays(), "2026-03-02 2026-03-05");
}

TEST(VersionsTest, AnEndThatIsPutOffComes) {
  const auto until = [](std::string_view end) {
    return Drawn(R"({"id":"w","type":"wait","for":"9d"})", "start>w",
                 R"("on_end":"exit_all","end":")" + std::string(end) + "\"");
  };
  Stage stage;
  stage.Publish(until("2026-03-03T10:00:00+08:00"));
  stage.AdvanceTo("2026-03-03T12:00:00");
  stage.Publish(until("2026-03-05T10:00:00+08:00"));
  EXPECT_NE(stage.Enter(1).value().entry, 0u);
  stage.AdvanceTo("2026-03-05T10:00:00");
  EXPECT_EQ(stage.Exits(Exit::kJourneyEnded), 1u);
}

TEST(VersionsTest, ALimitCountsWhoCameInByVersionsThatHadNone) {
  Stage stage;
  stage.Publish(Drawn("", "", R"("reentry":{"policy":"always"})"));
  const int64_t first = stage.now();
  for (int i = 0; i < 3; ++i) {
    EXPECT_NE(stage.Enter(1).value().entry, 0u);
    stage.Advance(kHour);
  }
  stage.Publish(Drawn("", "", R"("reentry":{"policy":"always","limit":1,"per":"1h"})"));
  EXPECT_NE(stage.Enter(1).value().entry, 0u);
  stage.Publish(Drawn("", "", R"("reentry":{"policy":"always","limit":4,"per":"30d"})"));
  EXPECT_EQ(stage.Enter(1).value().reason, Reject::kReentryLimit);
  stage.Restart();
  stage.AdvanceTo(first + 30 * kDayMs - 1);
  EXPECT_EQ(stage.Enter(1).value().reason, Reject::kReentryLimit);
  stage.AdvanceTo(first + 30 * kDayMs);
  EXPECT_NE(stage.Enter(1).value().entry, 0u);
}

TEST(VersionsTest, AWaitThatIsChangedEndsAsTheNewOneSaysCountedFromWhenItBegan) {
  struct Case {
    std::string_view before, after, extra, published, sent;
  };
  const Case cases[] = {
      {R"("for":"3d")", R"("for":"5d")", "", "2026-03-03T10:00:00", "2026-03-05T10:00:00"},
      {R"("for":"3d")", R"("for":"5d")", kMigrate, "2026-03-03T10:00:00", "2026-03-07T10:00:00"},
      {R"("for":"3d")", R"("for":"36h")", kMigrate, "2026-03-03T10:00:00", "2026-03-03T22:00:00"},
      {R"("for":"3d")", R"("for":"1h")", kMigrate, "2026-03-03T10:00:00", "2026-03-03T10:00:00"},
      {R"("until":"09:00")", R"("until":"21:00")", kMigrate, "2026-03-02T12:00:00",
       "2026-03-02T21:00:00"},
      {R"("until":"09:00")", R"("until":"11:00")", kMigrate, "2026-03-02T12:00:00",
       "2026-03-02T12:00:00"},
      {R"("date":"due")", R"("date":"due","days":-1)", kMigrate, "2026-03-02T12:00:00",
       "2026-03-09T00:00:00"},
      {R"("date":"due")", R"("date":"due","days":-10)", kMigrate, "2026-03-02T12:00:00",
       "2026-03-02T12:00:00"}};
  for (const Case& one : cases) {
    Stage stage;
    stage.world.attributes[{1, "due"}] = "2026-03-10";
    stage.Publish(WaitAndSend(one.before));
    (void)stage.Enter(1);
    stage.AdvanceTo(one.published);
    stage.Publish(WaitAndSend(one.after, one.extra));
    stage.AdvanceTo("2026-04-01T00:00:00");
    ASSERT_EQ(stage.sent.size(), 1u) << one.after << one.published;
    EXPECT_EQ(stage.sent[0].at_ms, At(one.sent)) << one.after << one.published;
    ExpectCountsAddUp(stage.journey());
  }
}

TEST(VersionsTest, AWaitForAnEventAsksForTheNewOneAlsoInWhatHappenedSince) {
  const auto drawn = [](std::string_view event, std::string_view timeout,
                        std::string_view extra = {}) {
    return Drawn(R"({"id":"w","type":"wait_event","timeout":")" + std::string(timeout) +
                     R"(","branches":[{"outcome":"did","event":")" + std::string(event) + "\"}]}",
                 "start>w", extra);
  };
  Stage stage;
  stage.Publish(drawn("A", "3d"));
  for (const Ordinal customer : {1, 2, 3}) (void)stage.Enter(customer);
  stage.Advance(kHour);
  stage.Event(1, "B");
  stage.Publish(drawn("B", "3d", kMigrate));
  EXPECT_EQ(stage.Out("w", "did"), 1u) << "who did it while the other event was waited for";
  stage.Event(2, "A");
  EXPECT_EQ(stage.Out("w", "did"), 1u);
  stage.Event(2, "B");
  EXPECT_EQ(stage.Out("w", "did"), 2u);
  stage.Publish(drawn("B", "30m", kMigrate));
  EXPECT_EQ(stage.Out("w", "timeout"), 1u) << "the time is over already";
  EXPECT_EQ(stage.journey().active, 0u);
  ExpectCountsAddUp(stage.journey());
}

TEST(VersionsTest, NodesAddedBeforeRunAndThoseBehindNeverDo) {
  const auto drawn = [](std::string_view more, std::string_view edges,
                        std::string_view extra = {}) {
    return Drawn(R"({"id":"w","type":"wait","for":"1d"})" + std::string(more), edges, extra);
  };
  Stage stage;
  stage.Publish(drawn("", "start>w"));
  (void)stage.Enter(1);
  stage.Publish(drawn(R"(,{"id":"early","type":"send","channel":"sms","text":"e"},
                          {"id":"late","type":"send","channel":"sms","text":"l"})",
                      "start>early early>w w>late", kMigrate));
  stage.Advance(2 * kDayMs);
  ASSERT_EQ(stage.sent.size(), 1u);
  EXPECT_EQ(stage.sent[0].node, "late");
  EXPECT_EQ(stage.journey().counts.at(2).nodes.at("w").moved_in, 1u);
}

TEST(VersionsTest, WhoStandsAtANodeThatIsGoneGoesWhereTheVersionSays) {
  const std::string before =
      Drawn(R"({"id":"w","type":"wait","for":"3d"},{"id":"v","type":"wait","for":"1d"},
               {"id":"s","type":"send","channel":"sms","text":"s"},
               {"id":"t","type":"send","channel":"push","text":"t"})",
            "start>w w>v v>s s>t");
  const auto after = [](std::string_view extra) {
    return Drawn(R"({"id":"s","type":"send","channel":"sms","text":"s"},
                    {"id":"t","type":"send","channel":"push","text":"t"})",
                 "start>s s>t", extra);
  };
  struct Case {
    std::string_view target, sent;
    uint64_t removed;
  };
  for (const Case& one : {Case{"next", "sms push", 0}, {"exit", "", 1}, {"node:t", "push", 0}}) {
    Stage stage;
    stage.Publish(before);
    (void)stage.Enter(1);
    const Result<uint32_t> refused = stage.TryPublish(after(kMigrate));
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().message().find("node_needs_target"), std::string::npos);
    EXPECT_EQ(stage.journey().current, 1u) << "a refusal changes nothing";
    stage.Publish(after(Migrating(R"("removed":{"w":")" + std::string(one.target) + "\"}")));
    std::string sent;
    for (const HandOff& message : stage.sent) sent += (sent.empty() ? "" : " ") + message.channel;
    EXPECT_EQ(sent, one.sent) << one.target;
    EXPECT_EQ(stage.Exits(Exit::kNodeRemoved), one.removed) << one.target;
    EXPECT_EQ(stage.journey().nodes.at("w").moved_out, 1 - one.removed);
    ExpectCountsAddUp(stage.journey());
    stage.Publish(after(kMigrate));  // nobody stands there any more
  }
}

TEST(VersionsTest, TargetsThatAreNoneAreFaults) {
  Stage stage;
  for (const std::string_view extra :
       {R"("in_flight":{"policy":"migrate","removed":{"w":"node:nowhere"}})",
        R"("in_flight":{"policy":"migrate","removed":{"w":"elsewhere"}})",
        R"("in_flight":{"policy":"pin","recall":true})", R"("in_flight":{"policy":"follow"})"}) {
    EXPECT_FALSE(stage.TryPublish(WaitAndSend(R"("for":"1d")", extra)).ok()) << extra;
  }
}

TEST(VersionsTest, EverybodyLeavesWithHisMessagesWhenTheVersionSaysSo) {
  Stage stage;
  stage.dispatching = false;
  const std::string sends =
      Drawn(R"({"id":"s","type":"send","channel":"sms","text":"x"},{"id":"w","type":"wait",
               "for":"1d"})",
            "start>s s>w");
  stage.Publish(sends);
  (void)stage.Enter(1);
  stage.Publish(Drawn("", "", R"("in_flight":{"policy":"exit"})"));
  EXPECT_EQ(stage.Exits(Exit::kVersionMigratedOut), 1u);
  EXPECT_TRUE(stage.state().DueTouches(stage.now()).empty());
  EXPECT_EQ(stage.journey().counts.at(1).exits.size(), 1u);
}

TEST(VersionsTest, AMendedTextReachesWaitingMessagesWhenTheVersionRecallsThem) {
  for (const bool recall : {false, true}) {
    Stage stage(At("2026-03-02T23:00:00"));
    stage.Policy(R"({"quiet":[{"from":"22:00","to":"08:00"}],
                     "channels":[{"name":"sms","per_second":1}]})");
    const auto drawn = [](std::string_view text, std::string_view extra = {}) {
      return Drawn(R"({"id":"s","type":"send","channel":"sms","text":")" + std::string(text) +
                       R"("},{"id":"w","type":"wait","for":"1d"})",
                   "start>s s>w", extra);
    };
    stage.Publish(drawn("old"));
    stage.AdvanceTo("2026-03-03T08:00:00");
    for (Ordinal customer = 0; customer < 30; ++customer) (void)stage.Enter(customer);
    stage.Advance(9'500);  // ten are gone at one a second
    ASSERT_EQ(stage.sent.size(), 10u);
    stage.Publish(drawn("new", recall ? Migrating(R"("recall":true)") : std::string(kMigrate)));
    stage.Advance(kHour);
    ASSERT_EQ(stage.sent.size(), 30u);
    std::set<TouchKey> keys;
    for (size_t i = 0; i < 30; ++i) {
      EXPECT_EQ(stage.sent[i].text, recall && i >= 10 ? "new" : "old") << i;
      keys.insert(stage.sent[i].key);
    }
    EXPECT_EQ(keys.size(), 30u);
  }
}

TEST(VersionsTest, ATextThatCannotBeMadeAnyMoreIsNotSent) {
  Stage stage;
  stage.dispatching = false;
  const auto drawn = [](std::string_view text, std::string_view extra = {}) {
    return Drawn(R"({"id":"s","type":"send","channel":"sms","text":")" + std::string(text) +
                     R"("},{"id":"w","type":"wait","for":"1d"})",
                 "start>s s>w", extra);
  };
  stage.Publish(drawn("old"));
  (void)stage.Enter(1);
  stage.Publish(drawn("{{unheard_of}}", Migrating(R"("recall":true)")));
  EXPECT_TRUE(stage.state().DueTouches(stage.now()).empty());
  EXPECT_EQ(stage.Denied("s", Outcome::kRenderError), 1u);
}

TEST(VersionsTest, AGoalHoldsFromTheSwitchAndForWhatWasDoneBeforeOnlyWhenItSaysSo) {
  for (const bool history : {false, true}) {
    Stage stage;
    stage.Publish(WaitAndSend(R"("for":"2d")"));
    (void)stage.Enter(1);
    (void)stage.Enter(2);
    stage.Advance(kHour);
    stage.Event(1, "buy");
    stage.Publish(WaitAndSend(R"("for":"2d")", R"("goal":{"event":"buy"},)" +
                                                   (history ? Migrating(R"("apply_history":true)")
                                                            : std::string(kMigrate))));
    EXPECT_EQ(stage.Exits(Exit::kGoal), history ? 1u : 0u);
    stage.Event(2, "buy");
    EXPECT_EQ(stage.Exits(Exit::kGoal), history ? 2u : 1u);
  }
}

TEST(VersionsTest, NothingMovesInAPauseAndAllOfItWhenThatEnds) {
  Stage stage;
  stage.Publish(WaitAndSend(R"("for":"3d")"));
  (void)stage.Enter(1);
  (void)stage.Enter(2);
  stage.SetPhase(Phase::kPaused);
  stage.Advance(kDayMs);
  stage.Publish(WaitAndSend(R"("for":"1h")", kMigrate));
  stage.Advance(kHour);
  stage.Publish(Drawn(R"({"id":"s","type":"send","channel":"sms","text":"x"})", "start>s",
                      Migrating(R"("removed":{"w":"next"})")));
  stage.Advance(kHour);
  EXPECT_TRUE(stage.sent.empty());
  EXPECT_EQ(stage.journey().counts.at(3).active, 2u);
  stage.SetPhase(Phase::kRunning);
  EXPECT_EQ(stage.sent.size(), 2u);
  EXPECT_EQ(stage.journey().active, 0u);
}

// X is too late for the first version and in time for the next.
TEST(VersionsTest, WhatHappenedInAPauseCountsByTheVersionThatComesInIt) {
  const auto drawn = [](std::string_view lasts, std::string_view extra) {
    return Drawn(R"({"id":"x","type":"wait_event","timeout":")" + std::string(lasts) +
                     R"(","branches":[{"outcome":"got","event":"X"}]},{"id":"end","type":"exit"})",
                 "start>x x:got>end x:timeout>end", extra);
  };
  for (const std::string_view published : {"2026-03-02T12:00:00", "2026-03-02T14:30:00"}) {
    Stage stage;
    stage.Publish(drawn("1h", {}));
    (void)stage.Enter(1);
    stage.SetPhase(Phase::kPaused);
    stage.AdvanceTo("2026-03-02T11:30:00");
    stage.Event(1, "X");
    stage.AdvanceTo(published);
    stage.Publish(drawn("4h", kMigrate));
    stage.AdvanceTo("2026-03-02T15:00:00");
    stage.SetPhase(Phase::kRunning);
    EXPECT_EQ(stage.Out("x", "got"), 1u) << published;
    EXPECT_EQ(stage.Out("x", "timeout"), 0u) << published;
  }
}

// Each sends "late" when what it waits for is over.
TEST(VersionsTest, WhatLastsLongerByAPauseDoesSoInTheNextVersionToo) {
  const auto drawn = [](std::string_view nodes, std::string_view edges, std::string_view lasts) {
    std::string of(nodes);
    of.replace(of.find("LASTS"), 5, lasts);
    return Drawn(of, edges, R"("clock_while_paused":"frozen",)" + std::string(kMigrate));
  };
  constexpr std::string_view kLate = R"(,{"id":"s","type":"send","channel":"sms","text":"late"})";
  const std::pair<std::string, std::string_view> drawings[] = {
      {R"({"id":"x","type":"wait","for":"LASTS"})" + std::string(kLate), "start>x x>s"},
      {R"({"id":"x","type":"wait_event","timeout":"LASTS",
           "branches":[{"outcome":"got","event":"X"}]})" +
           std::string(kLate),
       "start>x x:timeout>s x:got>s"},
      {R"({"id":"f","type":"fork","branches":[{"outcome":"p"},{"outcome":"q"}]},
          {"id":"w","type":"wait","for":"9d"},{"id":"x","type":"join","timeout":"LASTS"})" +
           std::string(kLate),
       "start>f f:p>x f:q>w w>x x>s"},
      {R"({"id":"x","type":"call","journey":"k","wait":"completion","timeout":"LASTS"})" +
           std::string(kLate),
       "start>x x:timeout>s x:next>s"},
      {R"({"id":"x","type":"chain","steps":[
           {"channel":"push","text":"first","success":"opened","wait":"LASTS"},
           {"channel":"sms","text":"late","success":"opened","wait":"9d"}]})",
       "start>x"}};
  for (const auto& [nodes, edges] : drawings) {
    Stage stage;
    stage.Publish(Drawn(R"({"id":"w","type":"wait","for":"9d"})", "start>w", {}, "k"));
    stage.Publish(drawn(nodes, edges, "4h"));
    (void)stage.Enter(1);
    stage.AdvanceTo("2026-03-02T11:00:00");
    stage.SetPhase(Phase::kPaused);
    stage.AdvanceTo("2026-03-02T13:00:00");
    stage.SetPhase(Phase::kRunning);
    stage.Publish(drawn(nodes, edges, "5h"));
    stage.Advance(2 * kDayMs);
    const auto late = std::ranges::find(stage.sent, "late", &HandOff::text);
    ASSERT_NE(late, stage.sent.end()) << nodes;
    EXPECT_EQ(late->at_ms, At("2026-03-02T17:00:00")) << nodes;
  }
}

TEST(VersionsTest, AChainGoesOnAndHearsOfItsEarlierMessages) {
  const auto drawn = [](std::string_view wait, std::string_view before, std::string_view edges,
                        std::string_view extra = {}) {
    return Drawn(std::string(before) + R"({"id":"c","type":"chain","steps":[
                   {"channel":"push","text":"p","success":"opened","wait":")" +
                     std::string(wait) + R"("},
                   {"channel":"sms","text":"s","success":"delivered","wait":"1d"}]})",
                 edges, extra);
  };
  constexpr std::string_view kGreeting = R"({"id":"h","type":"send","channel":"mail","text":"h"},)";
  for (const bool opens : {false, true}) {
    Stage stage;
    stage.Publish(drawn("2d", "", "start>c"));
    (void)stage.Enter(1);
    stage.Advance(kHour);
    // The chain has another place now, and a message stands at the place it had.
    stage.Publish(drawn("1d", kGreeting, "start>h h>c", kMigrate));
    if (opens) stage.Receipt(stage.sent[0].key, Outcome::kOpened);
    stage.AdvanceTo("2026-03-03T10:00:01");
    EXPECT_EQ(stage.SentText(), opens ? "push@0" : "push@0 sms@86400000");
    EXPECT_EQ(stage.Out("c", "succeeded"), opens ? 1u : 0u);
    (void)stage.Enter(2);
    EXPECT_EQ(std::ranges::count(stage.sent, Ordinal{2}, &HandOff::customer), 2);
    ExpectCountsAddUp(stage.journey());
  }
}

TEST(VersionsTest, MessagesOfAnOlderVersionAreCountedAtTheirOwnNodes) {
  Stage stage;
  stage.Publish(WaitAndSend(R"("for":"1d")"));
  (void)stage.Enter(1);
  stage.Publish(Drawn(R"({"id":"other","type":"exit"})", "start>other"));
  stage.Advance(2 * kDayMs);
  ASSERT_EQ(stage.sent.size(), 1u);
  EXPECT_EQ(stage.sent[0].node, "s");
  EXPECT_EQ(stage.journey().counts.at(1).nodes.at("s").outcomes.at(
                static_cast<uint8_t>(Outcome::kAccepted)),
            1u);
  EXPECT_EQ(stage.journey().counts.at(1).sends, 1u);
}

// Versions of one journey follow each other while customers come, act and go.
TEST(VersionsTest, CountsAddUpThroughAnyRowOfVersions) {
  const std::string_view nodes[] = {
      R"({"id":"w","type":"wait","for":"1d"},{"id":"s","type":"send","channel":"sms","text":"x"})",
      R"({"id":"w","type":"wait","for":"6h"},{"id":"s","type":"send","channel":"sms","text":"x"},
         {"id":"e","type":"wait_event","timeout":"1d","branches":[{"outcome":"a","event":"A"}]})",
      R"({"id":"f","type":"fork","branches":[{"outcome":"l"},{"outcome":"r"}]},
         {"id":"w","type":"wait","for":"12h"},{"id":"v","type":"wait","for":"2d"},
         {"id":"j","type":"join","timeout":"1d"},
         {"id":"s","type":"send","channel":"sms","text":"x"})",
      R"({"id":"c","type":"chain","steps":[
            {"channel":"push","text":"p","success":"opened","wait":"5h"},
            {"channel":"sms","text":"s","success":"delivered","wait":"5h"}]},
         {"id":"e","type":"wait","for":"1d"})"};
  const std::string_view edges[] = {"start>w w>s", "start>e e:a>w e:timeout>s w>s",
                                    "start>f f:l>w f:r>v w>j v>j j>s", "start>c c:exhausted>e"};
  const std::string_view targets[] = {"next", "exit", "node:start"};
  for (uint64_t seed = 0; seed < 6; ++seed) {
    io::SimRandom random(seed);
    Stage stage;
    const auto draw = [&] {
      const size_t which = random.Below(std::size(nodes));
      std::string removed;
      for (const char* node : {"w", "s", "e", "f", "v", "j", "c"}) {
        removed += (removed.empty() ? "\"" : ",\"") + std::string(node) + "\":\"" +
                   std::string(targets[random.Below(2 + (random.Below(9) == 0))]) + "\"";
      }
      stage.Publish(
          Drawn(nodes[which], edges[which],
                R"("reentry":{"policy":"after_exit"},)" +
                    (random.Below(4) == 0 ? std::string(R"("in_flight":{"policy":"pin"})")
                                          : Migrating(R"("removed":{)" + removed + "}"))));
    };
    draw();
    for (int i = 0; i < 60; ++i) {
      stage.Advance(static_cast<int64_t>(random.Below(6 * kHour)));
      const auto customer = static_cast<Ordinal>(random.Below(8));
      switch (random.Below(6)) {
        case 0:
          draw();
          break;
        case 1:
          stage.Event(customer, "A");
          break;
        case 2:
          if (!stage.sent.empty()) stage.Receipt(stage.sent.back().key, Outcome::kOpened);
          break;
        case 3:
          if (stage.journey().phase == Phase::kRunning && random.Below(3) == 0) {
            stage.SetPhase(Phase::kPaused);
          } else if (stage.journey().phase == Phase::kPaused) {
            stage.SetPhase(Phase::kRunning);
          }
          break;
        default:
          (void)stage.Enter(customer);
      }
    }
    if (stage.journey().phase == Phase::kPaused) stage.SetPhase(Phase::kRunning);
    ExpectCountsAddUp(stage.journey());
    stage.Restart();
    stage.Advance(30 * kDayMs);
    EXPECT_EQ(stage.journey().active, 0u) << "somebody is left waiting, seed " << seed;
    std::set<TouchKey> keys;
    for (const HandOff& one : stage.sent) EXPECT_TRUE(keys.insert(one.key).second) << seed;
    ExpectCountsAddUp(stage.journey());
  }
}

TEST(VersionsTest, DifferencesSayWhatChangedOfWhichNode) {
  const std::string before = Drawn(
      R"({"id":"w","type":"wait","for":"1d","at":{"x":1}},
         {"id":"x","type":"split","branches":[{"outcome":"a","when":"1"},{"outcome":"b","when":"2"}]},
         {"id":"gone","type":"exit"})",
      "start>w w>x x:a>gone", R"("priority":5)");
  const std::string after = Drawn(
      R"({"id":"w","type":"wait","for":"2d","at":{"x":9}},
         {"id":"x","type":"split","branches":[{"outcome":"a","when":"3"},{"outcome":"b","when":"2"}]},
         {"id":"new","type":"exit"})",
      "start>w w>x x:a>new", R"("goal":{"event":"buy"},"in_flight":{"policy":"migrate"})");
  const std::vector<Difference> expected = {{"", "goal.event", "", "\"buy\""},
                                            {"", "priority", "5", ""},
                                            {"w", "for", "\"1d\"", "\"2d\""},
                                            {"x", "branches.a.when", "\"1\"", "\"3\""},
                                            {"x", "next.a", "\"gone\"", "\"new\""},
                                            {"new", "", "", "\"exit\""},
                                            {"gone", "", "\"exit\"", ""}};
  EXPECT_EQ(Differences(before, after), expected);
  EXPECT_TRUE(Differences(after, after).empty());
}

}  // namespace
}  // namespace waypost::journeys

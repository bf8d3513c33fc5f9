// The published scenarios about experiments, crashes, rehearsals and what is owed to whom.
#include "io/sim_random.h"
#include "journeys/overlay.h"
#include "journeys/rehearsal.h"
#include "journeys/scenarios.h"

namespace waypost::journeys {
namespace {

constexpr std::string_view kTrialEdges = "start>x x:a>a x:b>b";

// Thirty percent each way, the others wait a day for the winner.
std::string Experiment(std::string_view text_of_b = "b", std::string_view extra = {}) {
  return Drawn(R"({"id":"x","type":"experiment","lasts":"24h","min_sample":60,
                   "metric":{"event":"buy"},
                   "branches":[{"outcome":"a","percent":30},{"outcome":"b","percent":30}]},
                  {"id":"a","type":"send","channel":"sms","text":"a"},
                  {"id":"b","type":"send","channel":"sms","text":")" +
                   std::string(text_of_b) + "\"}",
               kTrialEdges, extra);
}

// Who got a message of each arm so far.
std::map<std::string, std::vector<Ordinal>> ArmsOf(const Stage& stage) {
  std::map<std::string, std::vector<Ordinal>> arms;
  for (const HandOff& one : stage.sent) arms[one.node].push_back(one.customer);
  return arms;
}

constexpr Ordinal kMany = 300;

// Of those who got b so many of a hundred buy, of the others 20.
void Play(Stage* stage, uint64_t b_percent) {
  for (Ordinal customer = 0; customer < kMany; ++customer) (void)stage->Enter(customer);
  stage->Advance(kHour);
  const auto arms = ArmsOf(*stage);
  for (const auto& [arm, customers] : arms) {
    EXPECT_GT(customers.size(), 60u);
    const uint64_t percent = arm == "b" ? b_percent : 20;
    for (size_t i = 0; i < customers.size() * percent / 100; ++i) stage->Event(customers[i], "buy");
  }
}

void WinnerTakesAll() {
  Stage stage;
  const int64_t begun = stage.now();
  stage.Publish(Experiment());
  Play(&stage, 50);
  const auto before = ArmsOf(stage);
  const size_t held = kMany - before.at("a").size() - before.at("b").size();
  EXPECT_EQ(stage.journey().nodes.at("x").here, held);
  stage.AdvanceTo(begun + 24 * kHour - 1);
  EXPECT_EQ(stage.journey().nodes.at("x").here, held);
  stage.AdvanceTo(begun + 24 * kHour);
  const Trial& trial = stage.journey().trials.at("x");
  EXPECT_EQ(trial.end, TrialEnd::kWinner);
  EXPECT_EQ(trial.winner, 1u);
  EXPECT_EQ(ArmsOf(stage).at("a"), before.at("a"));
  EXPECT_EQ(ArmsOf(stage).at("b").size(), before.at("b").size() + held);
  EXPECT_EQ(stage.journey().nodes.at("x").here, 0u);
  (void)stage.Enter(kMany);  // who comes later goes the same way
  EXPECT_EQ(stage.sent.back().node, "b");
}

void NoWinnerIsTheFirst() {
  Stage stage;
  stage.Publish(Experiment());
  Play(&stage, 22);
  const size_t b = ArmsOf(stage).at("b").size();
  stage.Advance(24 * kHour);
  EXPECT_EQ(stage.journey().trials.at("x").end, TrialEnd::kNoSignificance);
  EXPECT_EQ(ArmsOf(stage).at("a").size(), kMany - b);
  Stage small;
  small.Publish(Experiment());
  for (Ordinal customer = 0; customer < 50; ++customer) (void)small.Enter(customer);
  small.Advance(24 * kHour);
  EXPECT_EQ(small.journey().trials.at("x").end, TrialEnd::kTooFew);
  EXPECT_EQ(small.sent.size(), 50u) << "somebody was left waiting";
}

void GoesOnThroughAnEdit() {
  Stage stage;
  stage.Publish(Experiment());
  Play(&stage, 50);
  const Trial before = stage.journey().trials.at("x");
  stage.Publish(Experiment("mended"));
  const Trial& after = stage.journey().trials.at("x");
  EXPECT_FALSE(after.decided);
  EXPECT_EQ(after.ends_ms, before.ends_ms);
  EXPECT_EQ(after.given, before.given);
  stage.Advance(24 * kHour);
  EXPECT_EQ(stage.journey().trials.at("x").end, TrialEnd::kWinner);
}

void EndsInAPause() {
  for (const bool frozen : {false, true}) {
    Stage stage;
    const int64_t begun = stage.now();
    stage.Publish(Experiment("b", frozen ? R"("clock_while_paused":"frozen")" : ""));
    Play(&stage, 50);
    const size_t sent = stage.sent.size();
    stage.AdvanceTo(begun + 20 * kHour);
    stage.SetPhase(Phase::kPaused);
    stage.AdvanceTo(begun + 30 * kHour);
    for (Ordinal customer = 0; customer < kMany; ++customer) stage.Event(customer, "buy");
    EXPECT_EQ(stage.journey().trials.at("x").decided, !frozen);
    EXPECT_EQ(stage.sent.size(), sent);
    stage.SetPhase(Phase::kRunning);
    EXPECT_EQ(stage.sent.size() == kMany, !frozen);
    stage.AdvanceTo(begun + 34 * kHour);
    const Trial& trial = stage.journey().trials.at("x");
    // Where the clock stood still, everybody bought inside the window.
    EXPECT_EQ(trial.end, frozen ? TrialEnd::kNoSignificance : TrialEnd::kWinner);
    EXPECT_EQ(stage.sent.size(), kMany) << "each once";
  }
}

void OwedToWhom() {
  for (const auto& [credit, channel] :
       {std::pair{"last_touch", "sms"}, {"last_engaged", "push"}, {"first_touch", "push"}}) {
    Stage stage;
    stage.Publish(Drawn(R"({"id":"p","type":"send","channel":"push","text":"x"},
                           {"id":"w","type":"wait","for":"24h"},
                           {"id":"s","type":"send","channel":"sms","text":"y"},
                           {"id":"w2","type":"wait","for":"48h"})",
                        "start>p p>w w>s s>w2",
                        R"("goal":{"event":"buy","credit":")" + std::string(credit) + "\"}"));
    (void)stage.Enter(1);
    stage.Advance(5 * kMinute);
    stage.Receipt(stage.sent[0].key, Outcome::kOpened);
    stage.AdvanceTo("2026-03-03T10:00:01");
    stage.Receipt(stage.sent[1].key, Outcome::kDelivered);
    stage.AdvanceTo("2026-03-03T12:00:00");
    stage.Event(1, "buy");
    std::vector<TouchKey> credited;
    for (const Decision& decision : stage.log) {
      for (const Change& change : decision.changes) {
        if (const auto* c = std::get_if<change::Converted>(&change)) credited = c->credited.touches;
      }
    }
    ASSERT_EQ(credited.size(), 1u);
    EXPECT_EQ(stage.state().FindTouch(credited[0])->plan.channel, channel) << credit;
  }
}

// Scaled: 200 messages at 2 a second.
void ReleasedInOrder() {
  Stage stage(At("2026-03-02T22:30:00"));
  stage.Policy(R"({"quiet":[{"from":"22:00","to":"08:00"}],
                   "channels":[{"name":"sms","per_second":2}]})");
  const auto one = [](std::string_view id, std::string_view priority) {
    return Drawn(R"({"id":"s","type":"send","channel":"sms","text":"x"})", "start>s",
                 R"("priority":)" + std::string(priority), id);
  };
  stage.Publish(one("low", "10"));
  stage.Publish(one("high", "90"));
  for (Ordinal customer = 0; customer < 100; ++customer) {
    (void)stage.Enter(customer, "low");
    (void)stage.Enter(customer, "high");
  }
  EXPECT_TRUE(stage.sent.empty());
  stage.AdvanceTo("2026-03-03T09:00:00");
  ASSERT_EQ(stage.sent.size(), 200u);
  EXPECT_EQ(stage.sent.front().at_ms, At("2026-03-03T08:00:00"));
  EXPECT_EQ(stage.sent.back().at_ms, At("2026-03-03T08:01:39"));  // the 100th second
  for (size_t i = 0; i < 200; ++i) {
    const JourneyIndex journey = stage.state().FindTouch(stage.sent[i].key)->plan.journey;
    EXPECT_EQ(stage.state().journeys()[journey].id, i < 100 ? "high" : "low") << i;
  }
}

void PublishedWhileTheyCome() {
  Stage stage;
  const auto version = [](int text) {
    return Drawn(
        R"({"id":"s","type":"send","channel":"sms","text":")" + std::to_string(text) + "\"}",
        "start>s", {}, "j", R"({"kind":"event","on":"A"})");
  };
  stage.Publish(version(1));
  for (Ordinal customer = 0; customer < 200; ++customer) {
    if (customer == 137) stage.Publish(version(2));
    stage.Event(customer, "A");
  }
  ASSERT_EQ(stage.sent.size(), 200u);
  for (const HandOff& one : stage.sent) EXPECT_EQ(one.text, one.customer < 137 ? "1" : "2");
}

// A month of chance for 40 customers, with a restart every so often when `restarts`.
void Month(Stage* stage, const std::function<void()>& restart) {
  stage->Policy(R"({"caps":[{"name":"two","limit":2,"rolling":"48h"}],
                    "quiet":[{"from":"22:00","to":"08:00"}]})");
  stage->Publish(Drawn(R"({"id":"f","type":"send","channel":"push","text":"a"},
                          {"id":"w","type":"wait_event","timeout":"24h",
                           "branches":[{"outcome":"bought","event":"buy"}]},
                          {"id":"s","type":"send","channel":"sms","text":"b"})",
                       "start>f f>w w:timeout>s", R"("reentry":{"policy":"after_exit"})", "j",
                       R"({"kind":"event","on":"A"})"));
  io::SimRandom random(7);
  for (int i = 0; i < 120; ++i) {
    stage->Advance(static_cast<int64_t>(random.Below(4 * kHour)));
    stage->Event(static_cast<Ordinal>(random.Below(40)), random.Below(4) == 0 ? "buy" : "A");
    if (i % 97 == 0) restart();
  }
  stage->Advance(kDayMs);
}

void CountsAddUpOverACrash() {
  Stage steady, crashing;
  Month(&steady, [] {});
  Month(&crashing, [&] { crashing.Restart(); });
  EXPECT_EQ(crashing.state().Encode(), steady.state().Encode());
  const JourneyState& journey = steady.journey();
  uint64_t exits = 0;
  for (const auto& [reason, count] : journey.exits) exits += count;
  EXPECT_GT(exits, 20u);
  EXPECT_EQ(journey.entered, journey.active + exits);
  for (const auto& [id, counts] : journey.nodes) {
    uint64_t out = 0;
    for (const auto& [outcome, count] : counts.out) out += count;
    EXPECT_EQ(counts.in, out + counts.here) << id;
  }
}

void ReplayIsTheSame() {
  Stage first, second;
  Month(&first, [] {});
  Month(&second, [] {});
  EXPECT_EQ(EncodeDecisions(first.log), EncodeDecisions(second.log));
}

void DryRunDoesNothing() {
  Stage stage;
  stage.Policy(R"({"caps":[{"name":"one","limit":1,"rolling":"24h"}]})");
  const std::string draft =
      Drawn(R"({"id":"s","type":"send","channel":"sms","text":"x"},
               {"id":"m","type":"set","attribute":"tag","value":"yes"})",
            "start>s s>m", R"("reentry":{"policy":"always"})", "j", R"({"kind":"event","on":"A"})");
  const Bytes before = stage.state().Encode();
  Rehearsal dry(stage.state(), {stage.world, stage.world, stage.world});
  ASSERT_TRUE(dry.Begin(draft, stage.now()).ok());
  for (Ordinal customer = 0; customer < 200; ++customer) {
    dry.Play({stage.now(), customer % 150, "A", {}});
  }
  EXPECT_EQ(stage.state().Encode(), before);
  EXPECT_TRUE(stage.sent.empty());
  EXPECT_TRUE(stage.marks.empty());
  stage.Publish(draft);
  for (Ordinal customer = 0; customer < 200; ++customer) stage.Event(customer % 150, "A");
  Forecast run = ForecastOf(stage.state(), "j");
  run.kept_back["cap one"] = 50;
  EXPECT_EQ(dry.forecast(), run);
}

void CrashBeforeTheHandOff() {
  Stage stage;
  stage.dispatching = false;
  stage.Publish(Drawn(R"({"id":"s","type":"send","channel":"sms","text":"x"})", "start>s"));
  (void)stage.Enter(1);
  const std::vector<TouchKey> due = stage.state().DueTouches(stage.now());
  stage.Restart();
  stage.dispatching = true;
  stage.Advance(kHour);
  stage.Dispatch();
  ASSERT_EQ(stage.sent.size(), 1u);
  EXPECT_EQ(stage.sent[0].key, due.at(0));
}

// The provider has it; we do not know. It may be asked again under the same key.
void CrashAfterTheProviderTookIt() {
  Stage stage;
  stage.provider = [](const change::TouchPlanned&) { return std::optional<Outcome>(); };
  stage.Publish(Drawn(R"({"id":"s","type":"send","channel":"push","text":"x"})", "start>s"));
  (void)stage.Enter(1);
  stage.Restart();
  stage.provider = {};
  const std::vector<TouchKey> claimed = stage.state().TouchesIn(Outcome::kClaimed);
  for (const TouchKey& key : claimed) {
    Machine::Out out;
    stage.machine().PutBack(key, stage.now(), false, "restart", stage.now(), &out);
    stage.Follow(out);
  }
  ASSERT_EQ(stage.sent.size(), 2u);
  EXPECT_EQ(stage.sent[0].key, stage.sent[1].key) << "the provider sees it is the same";
  EXPECT_EQ(stage.Denied("s", Outcome::kAccepted), 1u);
}

// Scaled; the wheel has its own test of order and cost.
void ManyTimersInOneSecond() {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"w","type":"wait","for":"1h"})", "start>w"));
  for (Ordinal i = 0; i < 200; ++i) {
    stage.JumpClockTo(stage.now() + 1);
    (void)stage.Enter(i);
  }
  for (int i = 0; i < 20; ++i) {
    stage.Advance(kHour / 20);
    stage.Event(1, "A");
  }
  stage.Advance(kHour);
  EXPECT_EQ(stage.Out("w", "next"), 200u);
  int64_t last = 0;
  for (const Decision& decision : stage.log) {
    EXPECT_GE(decision.time_ms, last);
    last = decision.time_ms;
  }
}

void StaysLongEnough() {
  const std::string journey = Drawn("", "", R"("reentry":{"policy":"always"})", "j",
                                    R"({"kind":"segment","segment":"s","min_dwell":"60s"})");
  Stage stage;
  stage.Publish(journey);
  const auto move = [&](bool in) {
    Machine::Out out;
    stage.machine().OnMember("j", 1, in, stage.now(), &out);
    stage.Follow(out);
  };
  move(true);
  stage.AdvanceTo("2026-03-02T10:00:05");
  move(false);
  stage.AdvanceTo("2026-03-02T10:00:09");
  move(true);
  stage.AdvanceTo("2026-03-02T10:01:08");
  EXPECT_EQ(stage.journey().entered, 0u);
  stage.AdvanceTo("2026-03-02T10:05:00");
  ASSERT_EQ(stage.journey().entered, 1u);
  EXPECT_EQ(stage.journey().visits.at(1).last_entry_ms, At("2026-03-02T10:01:09"));
}

void MembersOfBefore() {
  Stage stage;
  stage.Publish(Drawn("", "", {}, "j", R"({"kind":"segment","segment":"s"})"));
  stage.Advance(kHour);
  EXPECT_EQ(stage.journey().entered, 0u);
  Machine::Out out;
  stage.machine().OnMember("j", 5, true, stage.now(), &out);
  stage.Follow(out);
  EXPECT_EQ(stage.journey().entered, 1u);
}

std::string Saying(std::string_view text, std::string_view extra = {}) {
  return Drawn(R"({"id":"s","type":"send","channel":"sms","text":")" + std::string(text) +
                   R"("},{"id":"w","type":"wait","for":"30d"})",
               "start>s s>w", extra);
}

// Held by the night and planned, both in a pause in which the text, the customer and a consent
// change.
void MendedInAPause() {
  Stage stage(At("2026-03-02T21:00:00"));
  stage.Policy(R"({"quiet":[{"from":"22:00","to":"08:00"}]})");
  for (const Ordinal customer : {1, 2, 3}) stage.world.attributes[{customer, "name"}] = "ann";
  stage.Publish(Saying("old {{name}}"));
  stage.dispatching = false;
  (void)stage.Enter(1);  // waits to be handed off
  stage.AdvanceTo("2026-03-02T23:00:00");
  (void)stage.Enter(2);  // held
  (void)stage.Enter(3);
  stage.SetPhase(Phase::kPaused);
  for (const Ordinal customer : {1, 2, 3}) stage.world.attributes[{customer, "name"}] = "eve";
  stage.Publish(Saying("new {{name}}", R"("in_flight":{"policy":"migrate","recall":true})"));
  stage.Consent(3, "sms", false);
  stage.AdvanceTo("2026-03-03T10:00:00");
  stage.dispatching = true;
  stage.Dispatch();
  EXPECT_TRUE(stage.sent.empty());
  stage.SetPhase(Phase::kRunning);
  ASSERT_EQ(stage.sent.size(), 2u);
  for (const HandOff& one : stage.sent) EXPECT_EQ(one.text, "new eve") << one.customer;
  EXPECT_EQ(stage.Denied("s", Outcome::kNotPermitted), 1u);
}

// A pause alone: what waits is made anew of what is known when it goes on.
void RefreshedAfterAPause() {
  Stage stage;
  stage.world.attributes[{1, "name"}] = "ann";
  stage.Publish(Saying("hi {{name}}"));
  stage.dispatching = false;
  (void)stage.Enter(1);
  stage.SetPhase(Phase::kPaused);
  stage.world.attributes[{1, "name"}] = "eve";
  stage.Advance(kHour);
  stage.dispatching = true;
  stage.SetPhase(Phase::kRunning);
  ASSERT_EQ(stage.sent.size(), 1u);
  EXPECT_EQ(stage.sent[0].text, "hi eve");
}
TEST(PauseTest, WhatWaitsIsMadeAnewWhenTheJourneyGoesOn) { RefreshedAfterAPause(); }

void MendedInTheOutbox() {
  for (const bool recall : {false, true}) {
    Stage stage;
    stage.dispatching = false;
    stage.Publish(Saying("old"));
    for (Ordinal customer = 0; customer < 50; ++customer) (void)stage.Enter(customer);
    stage.Publish(Saying("new", std::string(R"("in_flight":{"policy":"migrate","recall":)") +
                                    (recall ? "true}" : "false}")));
    stage.dispatching = true;
    stage.Dispatch();
    std::set<TouchKey> keys;
    for (const HandOff& one : stage.sent) {
      EXPECT_EQ(one.text, recall ? "new" : "old");
      keys.insert(one.key);
    }
    EXPECT_EQ(keys.size(), 50u);
    EXPECT_EQ(stage.sent.size(), 50u);
  }
}

void OpenAndLocked() {
  const std::string of = R"({"journey":{"entry":{"kind":"api"},"nodes":[
      {"id":"start","type":"entry"},{"id":"n","type":"wait","for":"2d"},
      {"id":"s","type":"send","channel":"sms","text":"title"}],
      "edges":[{"from":"start","to":"n"},{"from":"n","to":"s"}]},
      "open":[{"path":"nodes.s.text"}]})";
  ASSERT_TRUE(CheckTemplate(of).empty());
  const Made locked = ApplyOverlay(of, 1, {.id = "j", .set = R"({"nodes.n.for":"1d"})"});
  ASSERT_EQ(locked.faults.size(), 1u);
  EXPECT_EQ(locked.faults[0].code, "locked");
  const Made open = ApplyOverlay(of, 1, {.id = "j", .set = R"({"nodes.s.text":"ours"})"});
  EXPECT_TRUE(open.faults.empty());
  EXPECT_TRUE(CheckJourney(open.definition, TestWorld()).journey);
  // The next template has the place no more: that is listed, and what was made stays as it is.
  std::string next = of;
  next.replace(next.find(R"("nodes.s.text")"), 14, R"("nodes.n.for")");
  const Made moved = ApplyOverlay(next, 2, OriginOf(open.definition)->overlay);
  ASSERT_EQ(moved.faults.size(), 1u);
  EXPECT_EQ(moved.faults[0].field, "nodes.s.text");
  EXPECT_TRUE(moved.definition.empty());
}

void AskedAgainWithTheNewFilter() {
  Stage stage;
  const auto over = [](int64_t least) {
    return [least](const Facts& facts) {
      const auto amount =
          facts.properties ? FindProperty(*facts.properties, "amount") : std::nullopt;
      return amount && std::stoll(std::string(*amount)) > least ? Truth::kYes : Truth::kNo;
    };
  };
  stage.world.tests["amount > 100"] = over(100);
  stage.world.tests["amount > 10"] = over(10);
  const auto drawn = [](std::string_view where, std::string_view extra = {}) {
    return Drawn(R"({"id":"x","type":"wait_event","timeout":"9d","since":"node_entry",
                     "branches":[{"outcome":"got","event":"X","where":")" +
                     std::string(where) + R"("}]},{"id":"end","type":"exit"})",
                 "start>x x:got>end x:timeout>end", extra);
  };
  stage.Publish(drawn("amount > 100"));
  (void)stage.Enter(1);
  stage.Advance(kHour);
  stage.Event(1, "X", {{"amount", "50"}});
  EXPECT_EQ(stage.journey().active, 1u);
  stage.Advance(kHour);
  stage.Publish(drawn("amount > 10", R"("in_flight":{"policy":"migrate"})"));
  EXPECT_EQ(stage.Out("x", "got"), 1u);
  EXPECT_EQ(stage.Exits(Exit::kCompleted), 1u);
  EXPECT_EQ(stage.log.back().time_ms, At(kTen) + 2 * kHour);
}

}  // namespace

const std::vector<Scenario>& LifeScenarios() {
  static const std::vector<Scenario> kScenarios = {{"J121", MendedInAPause},
                                                   {"J128", MendedInTheOutbox},
                                                   {"J146", OpenAndLocked},
                                                   {"J147", OpenAndLocked},
                                                   {"J179", AskedAgainWithTheNewFilter},
                                                   {"J019", MembersOfBefore},
                                                   {"J020", StaysLongEnough},
                                                   {"J063", WinnerTakesAll},
                                                   {"J064", NoWinnerIsTheFirst},
                                                   {"J065", GoesOnThroughAnEdit},
                                                   {"J103", ReleasedInOrder},
                                                   {"J130", PublishedWhileTheyCome},
                                                   {"J133", OwedToWhom},
                                                   {"J141", CountsAddUpOverACrash},
                                                   {"J143", DryRunDoesNothing},
                                                   {"J144", ReplayIsTheSame},
                                                   {"J151", CrashBeforeTheHandOff},
                                                   {"J152", CrashAfterTheProviderTookIt},
                                                   {"J161", ManyTimersInOneSecond},
                                                   {"J178", EndsInAPause}};
  return kScenarios;
}

}  // namespace waypost::journeys

// The published scenarios about waiting, splitting, chains, forks, pauses, versions and goals.
#include "base/clock.h"
#include "journeys/scenarios.h"

namespace waypost::journeys {
namespace {

// One wait, then a message, so that the moment shows.
std::string WaitThenSend(std::string_view wait, std::string_view extra = {}) {
  return Drawn(R"({"id":"w","type":"wait",)" + std::string(wait) +
                   R"(},{"id":"s","type":"send","channel":"sms","text":"hello"})",
               "start>w w>s", extra);
}
int64_t Since(const Stage& stage, std::string_view from = kTen) {
  return stage.sent.empty() ? -1 : stage.sent[0].at_ms - At(from);
}

void AbsoluteAndCivil() {
  for (const auto& [wait, instant] : {std::pair{R"("for":"24h")", "2026-03-08T15:00:00Z"},
                                      {R"("for":"1d")", "2026-03-08T14:00:00Z"}}) {
    Stage stage(At("2026-03-07T10:00:00-05:00"));
    stage.Publish(WaitThenSend(wait, R"("zone":"America/New_York")"));
    (void)stage.Enter(1);
    stage.Advance(3 * kDayMs);
    ASSERT_EQ(stage.sent.size(), 1u);
    EXPECT_EQ(stage.sent[0].at_ms, At(instant));
  }
}
void UntilNine() {
  for (const auto& [late_ms, at] :
       {std::pair{int64_t{0}, "2026-03-02T09:00:00"}, {int64_t{1}, "2026-03-03T09:00:00"}}) {
    Stage stage(At("2026-03-02T09:00:00") + late_ms);
    stage.Publish(WaitThenSend(R"("until":"09:00")"));
    (void)stage.Enter(1);
    stage.Advance(3 * kDayMs);
    ASSERT_EQ(stage.sent.size(), 1u);
    EXPECT_EQ(stage.sent[0].at_ms, At(at));
  }
}
void WrongZone() {
  Stage stage;
  stage.world.attributes[{1, "timezone"}] = "Asia/Shangahi";
  stage.Publish(WaitThenSend(R"("until":"09:00")"));
  (void)stage.Enter(1);
  (void)stage.Enter(2);
  stage.Advance(3 * kDayMs);
  ASSERT_EQ(stage.sent.size(), 2u);
  EXPECT_EQ(stage.sent[0].at_ms, At("2026-03-03T09:00:00"));
  EXPECT_EQ(stage.sent[1].at_ms, stage.sent[0].at_ms);
  EXPECT_EQ(stage.state().alarms().at("tz_invalid"), 1u);
  EXPECT_EQ(stage.journey().alarms.at({"tz_invalid", "w"}).count, 1u);
}
void ZoneChanges() {
  Stage stage;
  stage.Publish(WaitThenSend(R"("until":"09:00")"));
  (void)stage.Enter(1);
  stage.AdvanceTo("2026-03-02T21:00:00Z");
  stage.Attribute(1, "timezone", "Europe/London");
  stage.Advance(3 * kDayMs);
  ASSERT_EQ(stage.sent.size(), 1u);
  EXPECT_EQ(stage.sent[0].at_ms, At("2026-03-03T09:00:00Z"));
}
void UnrelatedEvents() {
  Stage stage;
  stage.Publish(WaitThenSend(R"("for":"24h")"));
  (void)stage.Enter(1);
  for (int i = 0; i < 500; ++i) {
    stage.Advance(2 * kMinute);
    stage.Event(1, "view");
  }
  stage.Advance(kDayMs);
  EXPECT_EQ(stage.sent.size(), 1u);
  EXPECT_EQ(Since(stage), 24 * kHour);
}

constexpr std::string_view kWaitX =
    R"({"id":"x","type":"wait_event","timeout":"2d","branches":[{"outcome":"got","event":"X"}]},
       {"id":"end","type":"exit"})";
constexpr std::string_view kWaitXEdges = "start>x x:got>end x:timeout>end";

void ExactlyAtTheDeadline() {
  Stage stage;
  stage.Publish(Drawn(kWaitX, kWaitXEdges));
  (void)stage.Enter(1);
  stage.AdvanceTo(At(kTen) + 2 * kDayMs - 1);
  stage.JumpClockTo(At(kTen) + 2 * kDayMs);
  stage.Event(1, "X");
  stage.Advance(kDayMs);
  EXPECT_EQ(stage.Out("x", "got"), 1u);
  EXPECT_EQ(stage.Out("x", "timeout"), 0u);
}
void OpenedBeforeTheWait() {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"s","type":"send","channel":"push","text":"hello"},
                         {"id":"p","type":"wait","for":"50ms"},
                         {"id":"x","type":"wait_event","timeout":"2d","since":"touch",
                          "branches":[{"outcome":"opened","receipt":"opened"}]},
                         {"id":"end","type":"exit"})",
                      "start>s s>p p>x x:opened>end x:timeout>end"));
  (void)stage.Enter(1);
  stage.Receipt(stage.sent.at(0).key, Outcome::kOpened);
  stage.Advance(50);
  EXPECT_EQ(stage.Out("x", "opened"), 1u);
  EXPECT_EQ(stage.Exits(Exit::kCompleted), 1u);
}
void LoginBeforeTheNode() {
  Stage stage;
  stage.Event(1, "X");
  stage.Advance(5 * kMinute);
  stage.Publish(Drawn(kWaitX, kWaitXEdges));
  (void)stage.Enter(1);
  EXPECT_EQ(stage.journey().active, 1u);
  EXPECT_EQ(stage.Out("x", "got"), 0u);
}
void FirstAndRanked() {
  for (const bool ranked : {false, true}) {
    Stage stage;
    stage.Publish(Drawn(R"({"id":"w","type":"wait_event","timeout":"1d","mode":")" +
                            std::string(ranked ? "ranked" : "first") +
                            R"(","branches":[{"outcome":"y","event":"Y"},
                                             {"outcome":"x","event":"X"}]},
                               {"id":"end","type":"exit"})",
                        "start>w w:x>end w:y>end w:timeout>end"));
    (void)stage.Enter(1);
    stage.Event(1, "X");
    EXPECT_EQ(stage.Out("w", "x"), ranked ? 0u : 1u);
    stage.Advance(kHour);
    stage.Event(1, "Y");
    stage.AdvanceTo(At(kTen) + kDayMs - 1);
    EXPECT_EQ(stage.Out("w", "y"), 0u);
    stage.Advance(1);
    EXPECT_EQ(stage.Out("w", "y"), ranked ? 1u : 0u);
  }
}
void OnlyTheSameKey() {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"x","type":"wait_event","timeout":"9d","same_key":true,
                          "branches":[{"outcome":"got","event":"repay"}]},
                         {"id":"end","type":"exit"})",
                      "start>x x:got>end x:timeout>end", R"("reentry":{"policy":"per_key"})", "j",
                      R"({"kind":"event","on":"loan","key":"loan_id"})"));
  stage.Event(1, "loan", {{"loan_id", "L1"}});
  stage.Event(1, "loan", {{"loan_id", "L2"}});
  stage.Event(1, "repay", {{"loan_id", "L2"}});
  ASSERT_EQ(stage.journey().active, 1u);
  EXPECT_EQ(stage.state().FindEntry(1)->key, "L1");
}
void SameMessageTwice() {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"x","type":"wait_event","timeout":"9d",
                          "branches":[{"outcome":"got","event":"X"}]},
                         {"id":"y","type":"wait_event","timeout":"9d",
                          "branches":[{"outcome":"got","event":"X"}]})",
                      "start>x x:got>y"));
  (void)stage.Enter(1);
  stage.Event(1, "X", {}, "m");
  stage.Event(1, "X", {}, "m");
  EXPECT_EQ(stage.Out("x", "got"), 1u);
  EXPECT_EQ(stage.Out("y", "got"), 0u);
}
void LongerThanTheJourney() {
  Stage stage;
  const std::string json = WaitThenSend(R"("for":"30d")", R"("max_duration":"20d")");
  const Checked checked = CheckJourney(json, stage.world);
  EXPECT_TRUE(std::ranges::any_of(checked.faults, [](const Fault& fault) {
    return fault.code == "wait_exceeds_max_duration" && fault.warning;
  }));
  stage.Publish(json);
  (void)stage.Enter(1);
  stage.AdvanceTo(At(kTen) + 20 * kDayMs - 1);
  EXPECT_EQ(stage.journey().active, 1u);
  stage.Advance(1);
  EXPECT_EQ(stage.Exits(Exit::kMaxDuration), 1u);
}

void UnknownIsElse() {
  Stage stage;
  stage.world.tests["low"] = [](const Facts&) { return Truth::kUnknown; };
  stage.world.tests["not low"] = [](const Facts&) { return Truth::kUnknown; };
  stage.Publish(Drawn(R"({"id":"s","type":"split","branches":[{"outcome":"a","when":"low"},
                          {"outcome":"b","when":"not low"}]})",
                      "start>s"));
  (void)stage.Enter(1);
  EXPECT_EQ(stage.Out("s", "else"), 1u);
}
void OverlappingAudiences() {
  Stage stage;
  stage.world.tests["A"] = stage.world.tests["B"] = [](const Facts& facts) {
    return facts.customer == 1 ? Truth::kYes : Truth::kNo;
  };
  stage.Publish(Drawn(R"({"id":"s","type":"split","branches":[{"outcome":"a","when":"A"},
                          {"outcome":"b","when":"B"}]},{"id":"end","type":"exit"})",
                      "start>s s:a>end s:b>end"));
  (void)stage.Enter(1);
  (void)stage.Enter(2);
  EXPECT_EQ(stage.Out("s", "a"), 1u);
  EXPECT_EQ(stage.Out("s", "b"), 0u);
  EXPECT_EQ(stage.Exits(Exit::kNoBranch), 1u);
}
void RatioMovesOnlyTheRange() {
  Stage stage;
  const auto ratio = [](int a, int b) {
    return Drawn(R"({"id":"r","type":"ratio","branches":[{"outcome":"a","percent":)" +
                     std::to_string(a) + R"(},{"outcome":"b","percent":)" + std::to_string(b) +
                     "}]}",
                 "start>r", R"("reentry":{"policy":"always"})");
  };
  stage.Publish(ratio(50, 50));
  for (Ordinal customer = 0; customer < 500; ++customer) (void)stage.Enter(customer);
  const uint64_t first = stage.Out("r", "a");
  for (Ordinal customer = 0; customer < 500; ++customer) (void)stage.Enter(customer);
  EXPECT_EQ(stage.Out("r", "a"), 2 * first);
  stage.Publish(ratio(70, 30));
  for (Ordinal customer = 0; customer < 500; ++customer) {
    if (BucketOf(customer, "j", "r") < 5'000) {
      const uint64_t before = stage.Out("r", "a");
      (void)stage.Enter(customer);
      EXPECT_EQ(stage.Out("r", "a"), before + 1);
    }
  }
}
void MillionUsers() {
  uint32_t in_first = 0, in_both = 0;
  for (Ordinal customer = 0; customer < 1'000'000; ++customer) {
    const bool first = BucketOf(customer, "J1", "split") < 5'000;
    in_first += first;
    in_both += first && BucketOf(customer, "J2", "split") < 5'000;
  }
  EXPECT_NEAR(in_first, 500'000, 2'500);
  EXPECT_NEAR(static_cast<double>(in_both) / in_first, 0.5, 0.005);
}
void RatioSum() {
  Stage stage;
  const Result<uint32_t> published = stage.TryPublish(Drawn(
      R"({"id":"r","type":"ratio","branches":[{"outcome":"a","percent":50},
                                              {"outcome":"b","percent":40}]})",
      "start>r"));
  ASSERT_FALSE(published.ok());
  EXPECT_NE(published.error().message().find("ratio_sum"), std::string::npos);
}
void WorkingSaturday() {
  Stage stage(At("2026-02-28T10:00:00"));
  stage.Publish(Drawn(R"({"id":"t","type":"time_split","windows":[
                          {"on":"working_days","from":"09:00","to":"18:00"}]})",
                      "start>t"));
  (void)stage.Enter(1);
  EXPECT_EQ(stage.Out("t", "in"), 1u);
}

std::string Chain() {
  return Drawn(R"({"id":"c","type":"chain","habit":"channel_habit","steps":[
      {"channel":"push","text":"A","success":"opened","wait":"2d"},
      {"channel":"push","text":"B","success":"opened","wait":"2d"},
      {"channel":"sms","text":"C","success":"clicked","wait":"2d"},
      {"channel":"wechat","text":"D","success":"opened","wait":"2d"}]},
      {"id":"end","type":"exit"})",
               "start>c c:succeeded>end");
}
void WholeChain() {
  Stage stage;
  stage.Publish(Chain());
  (void)stage.Enter(1);
  stage.AdvanceTo(At(kTen) + 6 * kDayMs + kHour);
  EXPECT_EQ(stage.SentText(), "push@0 push@172800000 sms@345600000 wechat@518400000");
  stage.Receipt(stage.sent.back().key, Outcome::kOpened);
  ASSERT_EQ(stage.marks.size(), 1u);
  EXPECT_EQ(stage.marks[0].value, "wechat");
  EXPECT_EQ(stage.Exits(Exit::kCompleted), 1u);
}
void OpenedAtTheLastMoment() {
  Stage stage;
  stage.Publish(Chain());
  (void)stage.Enter(1);
  stage.AdvanceTo(At(kTen) + 2 * kDayMs - 1);
  stage.JumpClockTo(At(kTen) + 2 * kDayMs);
  stage.Receipt(stage.sent[0].key, Outcome::kOpened);
  stage.Advance(10 * kDayMs);
  EXPECT_EQ(stage.sent.size(), 1u);
  EXPECT_EQ(stage.Out("c", "succeeded"), 1u);
}
void TokenInvalid() {
  Stage stage;
  stage.provider = [](const change::TouchPlanned& plan) {
    return plan.channel == "push" ? Outcome::kRejected : Outcome::kAccepted;
  };
  stage.Publish(Drawn(R"({"id":"c","type":"chain","steps":[
      {"channel":"push","text":"A","wait":"2d"},{"channel":"sms","text":"C","wait":"2d"}]})",
                      "start>c"));
  (void)stage.Enter(1);
  stage.Dispatch();
  EXPECT_EQ(stage.SentText(), "push@0 sms@0");
}
void NotBound() {
  Stage stage;
  stage.world.unreachable.insert({1, "wechat"});
  stage.Publish(Chain());
  (void)stage.Enter(1);
  stage.Advance(10 * kDayMs);
  EXPECT_EQ(stage.sent.size(), 3u);
  EXPECT_EQ(stage.Denied("c", Outcome::kNotReachable), 1u);
  EXPECT_EQ(stage.Exits(Exit::kExhausted), 1u);
  EXPECT_TRUE(stage.marks.empty());
}
void UnknownFreezes() {
  for (const bool found : {false, true}) {
    Stage stage;
    stage.provider = [](const change::TouchPlanned&) { return std::optional<Outcome>(); };
    stage.Publish(Drawn(R"({"id":"c","type":"chain","steps":[
        {"channel":"sms","text":"A","success":"delivered","wait":"2d"},
        {"channel":"wechat","text":"B","wait":"2d"}]})",
                        "start>c"));
    (void)stage.Enter(1);
    stage.Receipt(stage.sent[0].key, Outcome::kUnknown);
    stage.Advance(5 * kDayMs);
    EXPECT_EQ(stage.SentText(), "sms@0");
    EXPECT_EQ(stage.state().TouchesIn(Outcome::kUnknown).size(), 1u);
    stage.Receipt(stage.sent[0].key, found ? Outcome::kDelivered : Outcome::kRejected);
    stage.AdvanceTo(stage.now());
    EXPECT_EQ(stage.sent.size(), found ? 1u : 2u);
  }
}
void CallsAChild() {
  for (const bool ends : {true, false}) {
    Stage stage;
    stage.Publish(Drawn(std::string(R"({"id":"w","type":"wait","for":")") +
                            (ends ? "72h" : "900h") + R"("},{"id":"end","type":"exit"})",
                        "start>w w>end", "", "child"));
    stage.Publish(Drawn(R"({"id":"c","type":"call","journey":"child","wait":"completion",
                            "timeout":"7d"},{"id":"end","type":"exit"})",
                        "start>c c>end c:timeout>end"));
    (void)stage.Enter(1);
    stage.AdvanceTo(At(kTen) + 3 * kDayMs);
    EXPECT_EQ(stage.Out("c", "next"), ends ? 1u : 0u);
    stage.AdvanceTo(At(kTen) + 7 * kDayMs);
    EXPECT_EQ(stage.Out("c", "timeout"), ends ? 0u : 1u);
  }
}

std::string Forked(std::string_view join, std::string_view b = R"("for":"96h")",
                   std::string_view extra = {}) {
  return Drawn(R"({"id":"f","type":"fork","branches":[{"outcome":"a"},{"outcome":"b"}]},
                  {"id":"wa","type":"wait","for":"24h"},{"id":"wb","type":"wait",)" +
                   std::string(b) + R"(},{"id":"j","type":"join")" + std::string(join) +
                   R"(},{"id":"s","type":"send","channel":"sms","text":"x"})",
               "start>f f:a>wa f:b>wb wa>j wb>j j>s", extra);
}
void GoalInAFork() {
  Stage stage;
  stage.Publish(Forked("", R"("for":"96h")", R"("goal":{"event":"buy"})"));
  (void)stage.Enter(1);
  stage.Advance(2 * kDayMs);
  stage.Event(1, "buy");
  stage.Advance(30 * kDayMs);
  EXPECT_EQ(stage.Exits(Exit::kGoal), 1u);
  EXPECT_EQ(stage.Out("j", "next"), 0u);
  EXPECT_EQ(stage.state().NextTimerBound(), std::nullopt);
}
void JoinAny() {
  Stage stage;
  stage.Publish(Forked(R"(,"wait_for":1)"));
  (void)stage.Enter(1);
  stage.Advance(30 * kDayMs);
  EXPECT_EQ(stage.sent.size(), 1u);
  EXPECT_EQ(Since(stage), kDayMs);
  EXPECT_EQ(stage.journey().active, 0u);
}
void JoinWithADeadBranch() {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"f","type":"fork","branches":[{"outcome":"a"},{"outcome":"b"}]},
                         {"id":"wa","type":"wait","for":"24h"},{"id":"wb","type":"wait","for":"1h"},
                         {"id":"j","type":"join","timeout":"3d"},
                         {"id":"s","type":"send","channel":"sms","text":"x"})",
                      "start>f f:a>wa f:b>wb wa>j j>s"));
  (void)stage.Enter(1);
  stage.Advance(30 * kDayMs);
  EXPECT_EQ(Since(stage), kDayMs);
}

void QueueOrDiscard() {
  for (const bool queue : {false, true}) {
    Stage stage;
    stage.Publish(Drawn(R"({"id":"w","type":"wait","for":"9h"})", "start>w",
                        queue ? R"("entry_while_paused":"queue")" : ""));
    stage.SetPhase(Phase::kPaused);
    (void)stage.Enter(1);
    stage.Advance(kHour);
    stage.SetPhase(Phase::kRunning);
    EXPECT_EQ(stage.Rejects(Reject::kPaused), queue ? 0u : 1u);
    EXPECT_EQ(stage.journey().entered, queue ? 1u : 0u);
  }
}
void Archived() {
  Stage stage;
  stage.Publish(WaitThenSend(R"("for":"24h")"));
  (void)stage.Enter(1);
  stage.SetPhase(Phase::kStopped);
  stage.SetPhase(Phase::kArchived);
  EXPECT_EQ(stage.Enter(2).value().reason, Reject::kEnded);
  EXPECT_EQ(stage.state().NextTimerBound(), std::nullopt);
  EXPECT_EQ(stage.journey().entered, 1u);
}
void NumbersOnlyGrow() {
  Stage stage;
  for (int version = 1; version <= 4; ++version) {
    const Result<uint32_t> published = stage.TryPublish(WaitThenSend(R"("for":"24h")"));
    EXPECT_EQ(published.value(), static_cast<uint32_t>(version));
    (void)stage.Enter(static_cast<Ordinal>(version));
  }
  EXPECT_EQ(stage.state().FindEntry(3)->version, 3u);
}
void FrozenClock() {
  Stage stage;
  stage.Publish(Drawn(R"({"id":"x","type":"wait_event","timeout":"24h",
                          "branches":[{"outcome":"got","event":"X"}]},{"id":"end","type":"exit"})",
                      "start>x x:got>end x:timeout>end", R"("clock_while_paused":"frozen")"));
  (void)stage.Enter(1);
  stage.Advance(20 * kHour);
  stage.SetPhase(Phase::kPaused);
  stage.Advance(5 * kHour);
  stage.Event(1, "X");
  stage.Advance(5 * kHour);
  stage.SetPhase(Phase::kRunning);
  EXPECT_EQ(stage.Out("x", "got"), 1u);
  EXPECT_EQ(stage.Out("x", "timeout"), 0u);
}
void PausedUntilNine() {
  for (const auto& [frozen, at] :
       {std::pair{false, "2026-03-03T11:00:00"}, {true, "2026-03-04T09:00:00"}}) {
    Stage stage;
    stage.Publish(
        WaitThenSend(R"("until":"09:00")", frozen ? R"("clock_while_paused":"frozen")" : ""));
    (void)stage.Enter(1);
    stage.AdvanceTo("2026-03-03T08:00:00");
    stage.SetPhase(Phase::kPaused);
    stage.AdvanceTo("2026-03-03T11:00:00");
    stage.SetPhase(Phase::kRunning);
    stage.Advance(3 * kDayMs);
    ASSERT_EQ(stage.sent.size(), 1u);
    EXPECT_EQ(stage.sent[0].at_ms, At(at));
  }
}

void GoalInTheWait() {
  Stage stage;
  stage.Publish(WaitThenSend(R"("for":"30d")", R"("goal":{"event":"buy"})"));
  (void)stage.Enter(1);
  stage.Advance(5 * kDayMs);
  stage.Event(1, "buy");
  EXPECT_EQ(stage.Exits(Exit::kGoal), 1u);
  EXPECT_EQ(stage.journey().conversions, 1u);
  stage.Advance(60 * kDayMs);
  EXPECT_TRUE(stage.sent.empty());
}
void GoalBeforeAnyTouch() {
  Stage stage;
  stage.Publish(WaitThenSend(R"("for":"30d")", R"("goal":{"event":"buy"})"));
  (void)stage.Enter(1);
  stage.Event(1, "buy");
  for (const Change& change : stage.log.back().changes) {
    if (const auto* one = std::get_if<change::Converted>(&change)) {
      EXPECT_TRUE(one->credited.touches.empty());
    }
  }
  EXPECT_EQ(stage.journey().conversions, 1u);
}
void CountedOnceOrEvery() {
  for (const bool every : {false, true}) {
    Stage stage;
    stage.Publish(WaitThenSend(
        R"("for":"30d")", R"("goal":{"event":"buy","value":"amount","unique":"order","count":")" +
                              std::string(every ? "every" : "once") + "\"}"));
    (void)stage.Enter(1);
    stage.Event(1, "buy", {{"order", "o1"}, {"amount", "10"}});
    stage.Event(1, "buy", {{"order", "o2"}, {"amount", "5"}});
    stage.Event(1, "buy", {{"order", "o2"}, {"amount", "5"}});
    EXPECT_EQ(stage.journey().conversions, every ? 2u : 1u);
    EXPECT_EQ(stage.journey().revenue, every ? 150'000 : 100'000);
  }
}
void Refunded() {
  Stage stage;
  stage.Publish(WaitThenSend(R"("for":"30d")",
                             R"("goal":{"event":"buy","unique":"order","count":"every",
                                        "reversal":"refund"})"));
  (void)stage.Enter(1);
  stage.Event(1, "buy", {{"order", "o1"}});
  stage.Event(1, "refund", {{"order", "o1"}});
  EXPECT_EQ(stage.journey().conversions, 1u);
  EXPECT_EQ(stage.journey().reversals, 1u);
}

void ClockStepsBack() {
  Stage stage;
  stage.Publish(WaitThenSend(R"("for":"1h")"));
  (void)stage.Enter(1);
  stage.Advance(kHour);
  EXPECT_EQ(stage.sent.size(), 1u);
  const int64_t before = stage.state().time_ms();
  stage.JumpClockTo(stage.now() - 5 * kMinute);
  stage.Event(1, "X");
  (void)stage.Enter(2);
  stage.AdvanceTo(At(kTen) + 2 * kHour - 1);
  EXPECT_EQ(stage.sent.size(), 1u);
  EXPECT_GE(stage.state().time_ms(), before);
  stage.Advance(1);
  EXPECT_EQ(stage.sent.size(), 2u);
}
void ReplayedElsewhere() {
  Stage stage;
  stage.Publish(Chain());
  for (Ordinal customer = 0; customer < 50; ++customer) (void)stage.Enter(customer);
  stage.Advance(5 * kDayMs);
  State other;
  for (const Decision& decision : stage.log) ASSERT_TRUE(other.Apply(decision).ok());
  EXPECT_EQ(other.Encode(), stage.state().Encode());
  for (const Decision& decision : stage.log) ASSERT_TRUE(other.Apply(decision).ok());
  EXPECT_EQ(other.Encode(), stage.state().Encode());
  const Result<State> decoded = State::Decode(other.Encode());
  ASSERT_TRUE(decoded.ok()) << decoded.error().message();
  EXPECT_EQ(decoded.value().Encode(), stage.state().Encode());
}
void ErasedWhileWaiting() {
  Stage stage;
  stage.Publish(WaitThenSend(R"("for":"24h")"));
  (void)stage.Enter(1);
  stage.Erase(1);
  EXPECT_EQ(stage.Exits(Exit::kErased), 1u);
  EXPECT_EQ(stage.journey().entered, 1u);
  stage.Advance(30 * kDayMs);
  EXPECT_TRUE(stage.sent.empty());
}

}  // namespace

const std::vector<Scenario>& FlowScenarios() {
  static const std::vector<Scenario> kScenarios = {{"J041", AbsoluteAndCivil},
                                                   {"J042", UntilNine},
                                                   {"J044", WrongZone},
                                                   {"J045", ZoneChanges},
                                                   {"J046", UnrelatedEvents},
                                                   {"J047", ExactlyAtTheDeadline},
                                                   {"J049", OpenedBeforeTheWait},
                                                   {"J050", LoginBeforeTheNode},
                                                   {"J051", FirstAndRanked},
                                                   {"J053", OnlyTheSameKey},
                                                   {"J054", SameMessageTwice},
                                                   {"J056", LongerThanTheJourney},
                                                   {"J057", UnknownIsElse},
                                                   {"J058", OverlappingAudiences},
                                                   {"J059", RatioMovesOnlyTheRange},
                                                   {"J060", MillionUsers},
                                                   {"J061", RatioSum},
                                                   {"J062", WorkingSaturday},
                                                   {"J067", WholeChain},
                                                   {"J068", OpenedAtTheLastMoment},
                                                   {"J069", TokenInvalid},
                                                   {"J071", NotBound},
                                                   {"J072", UnknownFreezes},
                                                   {"J073", CallsAChild},
                                                   {"J076", GoalInAFork},
                                                   {"J077", JoinAny},
                                                   {"J078", JoinWithADeadBranch},
                                                   {"J119", QueueOrDiscard},
                                                   {"J123", Archived},
                                                   {"J129", NumbersOnlyGrow},
                                                   {"J131", GoalInTheWait},
                                                   {"J132", GoalBeforeAnyTouch},
                                                   {"J134", CountedOnceOrEvery},
                                                   {"J135", Refunded},
                                                   {"J155", ClockStepsBack},
                                                   {"J162", ReplayedElsewhere},
                                                   {"J163", ErasedWhileWaiting},
                                                   {"J175", FrozenClock},
                                                   {"J176", PausedUntilNine}};
  return kScenarios;
}

}  // namespace waypost::journeys

#include "journeys/rehearsal.h"

#include <gmock/gmock.h>

#include "io/sim_random.h"
#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

constexpr std::string_view kPolicy = R"({"caps":[{"name":"two","limit":2,"rolling":"48h"}],
  "quiet":[{"from":"22:00","to":"08:00"}],
  "channels":[{"name":"sms","consent":"opt_in"},{"name":"push","per_second":1}]})";

// Buy within a day or be asked again, then by SMS; seen at once it is over.
std::string Draft() {
  return Drawn(
      R"({"id":"first","type":"send","channel":"push","text":"a","price":0.05},)"
      R"({"id":"look","type":"wait_event","branches":[{"outcome":"bought","event":"buy"}],"timeout":"24h"},)"
      R"({"id":"again","type":"chain","steps":[{"channel":"push","text":"b","success":"opened","wait":"12h"},)"
      R"({"channel":"sms","text":"c","success":"delivered","wait":"12h"}]})",
      "start>first first>look look:timeout>again",
      R"("reentry":{"policy":"after_exit"},"goal":{"event":"order","value":"amount"},"entry_cap_daily":6)",
      "j", R"({"kind":"event","on":"view"})");
}

std::vector<PastEvent> Month(uint64_t seed, int64_t from_ms) {
  io::SimRandom random(seed);
  std::vector<PastEvent> events;
  for (int64_t at = from_ms; at < from_ms + 30 * 24 * kHour;
       at += static_cast<int64_t>(random.Below(4 * kHour)) + 1) {
    constexpr const char* kNames[] = {"view", "view", "buy", "order", "other"};
    events.push_back({at,
                      static_cast<Ordinal>(1 + random.Below(12)),
                      kNames[random.Below(5)],
                      {{"amount", std::to_string(random.Below(1'000))}}});
  }
  return events;
}

// What kept messages back in the run, by the rule that its reasons begin with.
std::map<std::string, uint64_t> KeptBack(const Stage& stage) {
  std::map<std::string, uint64_t> kept_back;
  const auto count = [&](Outcome outcome, const std::string& why) {
    if (NeverHappened(outcome)) ++kept_back[why.substr(0, why.find(':'))];
  };
  for (const Decision& decision : stage.log) {
    for (const Change& change : decision.changes) {
      if (const auto* denied = std::get_if<change::Denied>(&change))
        count(denied->outcome, denied->why);
      if (const auto* moved = std::get_if<change::TouchMoved>(&change))
        count(moved->outcome, moved->why);
    }
  }
  return kept_back;
}

TEST(RehearsalTest, TheForecastIsWhatTheLaterRunGives) {
  uint64_t messages = 0, denied = 0;
  std::map<std::string, uint64_t> kept_back;
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    Stage stage;
    stage.Policy(kPolicy);
    for (Ordinal customer = 1; customer <= 6; ++customer) stage.Consent(customer, "sms", true);
    stage.Consent(3, "push", false);
    const int64_t from = stage.now();
    const std::vector<PastEvent> events = Month(seed, from);

    Rehearsal rehearsal(stage.state(), {stage.world, stage.world, stage.world});
    ASSERT_TRUE(rehearsal.Begin(Draft(), from).ok());
    for (const PastEvent& event : events) rehearsal.Play(event);
    rehearsal.End(from + 30 * 24 * kHour + 12 * kHour);

    stage.Publish(Draft());
    for (const PastEvent& event : events) {
      stage.AdvanceTo(event.at_ms - 1);
      stage.JumpClockTo(event.at_ms);
      stage.Event(event.customer, event.name, event.properties);
    }
    stage.AdvanceTo(from + 30 * 24 * kHour + 12 * kHour);
    Forecast run = ForecastOf(stage.state(), "j");
    run.kept_back = KeptBack(stage);
    EXPECT_EQ(rehearsal.forecast(), run) << "seed " << seed;
    for (const auto& [channel, days] : run.messages) {
      for (const auto& [day, count] : days) messages += count;
    }
    for (const auto& [outcome, count] : run.denied) denied += count;
    for (const auto& [rule, count] : run.kept_back) kept_back[rule] += count;
  }
  EXPECT_GT(messages, 200u);  // much happened
  EXPECT_GT(denied, 40u);
  EXPECT_GT(kept_back["cap two"], 20u);
  EXPECT_GT(kept_back["consent"], 8u);
}

TEST(RehearsalTest, NothingOfItIsReal) {
  Stage stage;
  const Bytes before = stage.state().Encode();
  Rehearsal rehearsal(stage.state(), {stage.world, stage.world, stage.world});
  EXPECT_FALSE(rehearsal.Begin("{}", stage.now()).ok());
  ASSERT_TRUE(rehearsal.Begin(Draft(), stage.now()).ok());
  rehearsal.Play({stage.now(), 1, "view", {}});
  EXPECT_EQ(rehearsal.forecast().entered, 1u);
  EXPECT_EQ(stage.state().Encode(), before);
  EXPECT_TRUE(stage.sent.empty());
}

// A segment's members come and go, and a run every other day takes those of the moment.
TEST(RehearsalTest, SegmentsAndRunsGiveWhatTheLaterRunGives) {
  constexpr std::string_view kEntries[] = {
      R"({"kind":"segment","segment":"s","min_dwell":"3h"})",
      R"({"kind":"segment","segment":"s","when":"leaves"})",
      R"({"kind":"segment","segment":"s","include_existing":true})",
      R"({"kind":"batch","segment":"s","schedule":{"every":"day","interval":2,
          "from":"2026-03-01","at":"09:30"}})"};
  for (const std::string_view entry : kEntries) {
    const std::string draft = Drawn(
        R"({"id":"first","type":"send","channel":"push","text":"a","price":0.05},
           {"id":"look","type":"wait_event","timeout":"24h",
            "branches":[{"outcome":"bought","event":"buy"}]},
           {"id":"again","type":"send","channel":"sms","text":"b"})",
        "start>first first>look look:timeout>again", R"("reentry":{"policy":"after_exit"})", "j",
        entry);
    Stage stage;
    const int64_t from_ms = stage.now();
    io::SimRandom random(5);
    std::set<Ordinal> members{1, 2};
    std::map<int64_t, std::vector<Ordinal>> members_at{{0, {1, 2}}};
    const auto now_in = [&] { return std::vector<Ordinal>(members.begin(), members.end()); };
    Rehearsal rehearsal(stage.state(), {stage.world, stage.world, stage.world}, [&](int64_t at_ms) {
      return std::prev(members_at.upper_bound(at_ms))->second;
    });
    ASSERT_TRUE(rehearsal.Begin(draft, from_ms, now_in()).ok());
    stage.Publish(draft);
    const EntryRule& rule = stage.journey().now().entry;
    if (rule.include_existing) stage.EnterMany(now_in());
    size_t runs = 0;
    // Whom a run is for comes in when it is taken, as the server sees to.
    const auto advance = [&](int64_t ms) {
      for (const int64_t until = stage.now() + ms; stage.now() < until;) {
        stage.AdvanceTo(std::min(until, stage.now() + kMinute));
        for (; runs < stage.runs.size(); ++runs) stage.EnterMany(now_in());
      }
    };
    for (int i = 0; i < 120; ++i) {
      advance((1 + static_cast<int64_t>(random.Below(180))) * kMinute);
      const auto customer = static_cast<Ordinal>(1 + random.Below(6));
      if (random.Below(3) == 0) {
        stage.Event(customer, "buy");
        rehearsal.Play(PastEvent{stage.now(), customer, "buy", {}});
        continue;
      }
      const bool in = members.insert(customer).second;
      if (!in) members.erase(customer);
      members_at[stage.now()] = now_in();
      if (rule.kind == EntryKind::kBatch) continue;
      Machine::Out out;
      stage.machine().OnMember("j", customer, in, stage.now(), &out);
      stage.Follow(out);
      rehearsal.Play(PastMove{stage.now(), customer, in});
    }
    advance(kDayMs);
    rehearsal.End(stage.now());
    Forecast run = ForecastOf(stage.state(), "j");
    run.kept_back = KeptBack(stage);
    EXPECT_EQ(rehearsal.forecast(), run) << entry;
    EXPECT_GT(run.entered, 10u) << entry;
    EXPECT_GT(run.messages["sms"].size(), 2u) << entry;
  }
}

}  // namespace
}  // namespace waypost::journeys

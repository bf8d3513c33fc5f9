// The order in which is asked what keeps a message back: of many things it is the first.
#include <gtest/gtest.h>

#include <span>

#include "base/clock.h"
#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

struct Rule {
  std::string_view journey, policy;  // fields that say so
  std::string_view reason;           // nothing: of the same as the one after it
};

// `,"field":...` of all from that one on.
std::string Fields(std::span<const Rule> rules, std::string_view Rule::* of) {
  std::string fields;
  for (const Rule& rule : rules) {
    if (!(rule.*of).empty()) fields += "," + std::string(rule.*of);
  }
  return fields;
}

// Section 6: consent, reachability, hours, caps, stock and budget, text.
TEST(OrderTest, AMessageThatManyThingsKeepBackIsKeptBackByTheFirst) {
  const Rule rules[] = {
      {"", "", "suppressed"},
      {"", "", "not_permitted"},
      {"", "", "not_reachable"},
      {"", R"("in_quiet":"drop","quiet":[{"from":"08:00","to":"20:00"}])", "quiet_dropped"},
      {"", R"("caps":[{"name":"one","limit":1,"rolling":"24h"}])", "capped"},
      {R"("budget_sends":1)", "", "budget_exhausted"},
      {"", "", "render_error"}};
  for (size_t i = 0; i <= std::size(rules); ++i) {
    const std::span<const Rule> left = std::span(rules).subspan(i);
    Stage stage;
    const auto publish = [&](std::string_view text) {
      stage.Publish(
          Drawn(R"({"id":"s","type":"send","channel":"sms","text":")" + std::string(text) + "\"}",
                "start>s", R"("reentry":{"policy":"always"})" + Fields(left, &Rule::journey)));
    };
    publish("hi");
    (void)stage.Enter(1);
    ASSERT_EQ(stage.sent.size(), 1u);
    const std::string policy = Fields(left, &Rule::policy);
    stage.Policy("{" + policy.substr(policy.empty() ? 0 : 1) + "}");
    if (i < 7) publish("{{nothing}}");
    if (i < 1) {
      Machine::Out out;
      stage.machine().SetList({1, "suppressed", true}, stage.now(), &out);
      stage.Follow(out);
    }
    if (i < 2) stage.Consent(1, "sms", false);
    if (i < 3) stage.world.unreachable = {{1, "sms"}};
    (void)stage.Enter(1);
    std::string_view denied;
    for (const Change& change : stage.log.back().changes) {
      if (const auto* one = std::get_if<change::Denied>(&change)) denied = NameOf(one->outcome);
    }
    EXPECT_EQ(denied, left.empty() ? "" : left.front().reason);
    EXPECT_EQ(stage.sent.size(), left.empty() ? 2u : 1u);
  }
}

// E2: dates, state, hold-out, release, data scope, filter, re-entry, journeys at once, caps of
// entries.
TEST(OrderTest, WhoIsKeptOutByManyThingsIsKeptOutByTheFirstAndUsesNothingUp) {
  const Rule rules[] = {{R"("start":"2026-03-03T00:00:00")", "", "not_started"},
                        {"", "", "paused"},
                        {R"("holdout_percent":100)", "", "holdout"},
                        {R"("release":{"percent":0})", "", "rollout_excluded"},
                        {R"("template":{"scope":"nobody"})", "", "out_of_scope"},
                        {"", "", "filter"},
                        {"", "", "reentry_once"},
                        {"", R"("max_journeys":1)", "journey_cap"},
                        {R"("entry_cap":2)", "", "cap_total"},
                        {R"("entry_cap_daily":2)", "", "cap_daily"},
                        {R"("entry_cap_each":{"attribute":"branch","limit":2})", "", "cap_each"}};
  for (size_t i = 0; i <= std::size(rules); ++i) {
    const std::span<const Rule> left = std::span(rules).subspan(i);
    SCOPED_TRACE(left.empty() ? "" : left.front().reason);
    Stage stage;
    stage.world.tests["nobody"] = [](const Facts&) { return Truth::kNo; };
    stage.Publish(Drawn(R"({"id":"w","type":"wait","for":"1d"})", "start>w", {}, "other"));
    (void)stage.Enter(1, "other");
    const auto publish = [&](const std::string& entry, const std::string& fields) {
      stage.Publish(Drawn({}, {}, fields, "j", entry));
    };
    publish(R"({"kind":"api"})", R"("entry_cap_each":{"attribute":"branch","limit":9})");
    (void)stage.Enter(1);
    (void)stage.Enter(2);
    const std::string policy = Fields(left, &Rule::policy);
    stage.Policy("{" + policy.substr(policy.empty() ? 0 : 1) + "}");
    publish(i <= 5 ? R"({"kind":"api","filter":"nobody"})" : R"({"kind":"api"})",
            (i <= 6 ? R"("priority":50)" : R"("reentry":{"policy":"always"})") +
                Fields(left, &Rule::journey));
    if (i <= 1) stage.SetPhase(Phase::kPaused);
    const EnterReply reply = stage.Enter(1).value();
    EXPECT_EQ(reply.entry != 0, left.empty());
    if (left.empty()) continue;
    EXPECT_EQ(NameOf(reply.reason), left.front().reason);
    EXPECT_EQ(stage.journey().entered, 2u);
    EXPECT_EQ(stage.journey().visits.at(1).entries_ms.size(), 1u);
  }
}

// H2: also who was of the branch when he came in.
TEST(OrderTest, NothingIsSentToWhoIsOutOfTheScopeOfWhoMadeTheJourney) {
  Stage stage;
  bool east = true;
  stage.world.tests["east"] = [&](const Facts&) { return east ? Truth::kYes : Truth::kNo; };
  stage.Publish(Drawn(R"({"id":"w","type":"wait","for":"1d"},
                         {"id":"s","type":"send","channel":"sms","text":"hi"})",
                      "start>w w>s", R"("template":{"scope":"east"})"));
  (void)stage.Enter(1);
  stage.Advance(kDayMs);
  ASSERT_EQ(stage.sent.size(), 1u);
  (void)stage.Enter(2);
  east = false;
  EXPECT_EQ(stage.Enter(3).value().reason, Reject::kOutOfScope);
  stage.Advance(kDayMs);
  EXPECT_EQ(stage.sent.size(), 1u);
  EXPECT_EQ(stage.Denied("s", Outcome::kNotPermitted), 1u);
}

}  // namespace
}  // namespace waypost::journeys

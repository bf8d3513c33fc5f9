#include "services/journeys.h"

#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <thread>

#include "journeys/rehearsal.h"
#include "model/time_text.h"
#include "services/sights.h"
#include "services/test_eventually.h"
#include "services/test_journeys.h"

namespace waypost::services {
namespace {

namespace json = boost::json;

// Knows nothing of anybody.
class Silence final : public journeys::Conditions,
                      public journeys::Customers,
                      public journeys::Renderer {
 public:
  Result<> Check(std::string_view, journeys::About) const override { return {}; }
  Result<> CheckAttribute(std::string_view, journeys::AskedFor) const override { return {}; }
  journeys::Truth Test(std::string_view, const journeys::Facts&) const override {
    return journeys::Truth::kUnknown;
  }
  Result<std::vector<journeys::Subject>> SubjectsOf(std::string_view) const override {
    return std::vector<journeys::Subject>();
  }
  std::optional<std::string> Attribute(Ordinal, std::string_view) const override { return {}; }
  std::optional<std::string> Address(const journeys::Facts&, std::string_view) const override {
    return {};
  }
  bool HasDone(Ordinal, const journeys::Deed&, int64_t, int64_t) const override { return false; }
  Result<std::string> Render(std::string_view text, const journeys::Facts&) const override {
    return std::string(text);
  }
};

// A number and the list behind it are of one moment.
TEST_F(JourneysTest, WhoWasAtANodeIsKnownWhenTheyHaveGone) {
  Open(true);
  EnterAnn();
  Know("bob");
  ASSERT_TRUE(journeys().Enter("welcome", {{"login", "bob"}, {}, {}}).ok());
  const column::SnapshotView whole;
  const Seen all(&whole);
  const auto at = [&](const std::string& node, const api::AtNodeAsk& ask) {
    return json::parse(journeys().CustomersAt("welcome", node, ask, all, false).value());
  };
  const json::value before = json::parse(journeys().Show("welcome").value());
  const std::string as_of(before.at("as_of").as_string());
  EXPECT_EQ(at("pause", {}).at("count"), 2);
  EXPECT_EQ(at("pause", {}).at("as_of"), before.at("as_of"));
  const json::value standing = json::parse(journeys().StandingAt("welcome", "pause", all).value());
  EXPECT_EQ(standing.at("here"), 2);
  EXPECT_EQ(standing.at("each"), "hour");
  EXPECT_EQ(standing.at("due").at(0).at("count"), 2);
  clock_.Advance(2 * kDayMs);
  ASSERT_TRUE(Eventually([&] { return at("pause", {}).at("count") == 0; }));
  EXPECT_EQ(at("pause", {.as_of = as_of}).at("count"), 2);
  EXPECT_EQ(at("pause", {.as_of = as_of}).at("as_of"), before.at("as_of"));
  EXPECT_EQ(at("pause", {.left = "dead_end"}).at("count"), 2);
  EXPECT_EQ(at("pause", {.left = "dead_end", .as_of = as_of}).at("count"), 0);
  EXPECT_EQ(at("hello", {.outcome = "next", .as_of = as_of}).at("count"), 2);
  EXPECT_EQ(at("hello", {.as_of = as_of}).at("count"), 0) << "it takes no time";
  const json::value shown = json::parse(journeys().Show("welcome").value());
  for (const json::value& node : shown.at("nodes").as_array()) {
    if (node.at("id") != "pause") continue;
    EXPECT_EQ(node.at("stay").at("count"), 2);
    EXPECT_GE(node.at("stay").at("p95_ms").to_number<double>(), 0.99 * kDayMs);
  }
  EXPECT_EQ(
      journeys().CustomersAt("welcome", "pause", {.as_of = "today"}, all, false).error().name(),
      "bad_request");
  EXPECT_EQ(journeys().StandingAt("welcome", "none", all).error().code(), Code::kNotFound);
  Close();
}

TEST_F(JourneysTest, ATestShowsWhatOneCustomerWouldGetAndDoesNothing) {
  Open(true);
  EnterAnn();
  ASSERT_TRUE(
      Eventually([&] { return journeys().Outbox(10).find("login:ann") != std::string::npos; }));
  std::string draft(kWelcome);
  draft.replace(draft.find("\"hi\""), 4, "\"{{sum}} for you\"");
  Journeys::Test test{.definition = draft, .person = {"login", "ann"}, .context = {{"sum", "7"}}};
  const auto run = [&] { return json::parse(journeys().RunTest(test).value()); };
  const json::value shown = run();
  EXPECT_EQ(shown.at("messages").at(0).at("text"), "7 for you");
  EXPECT_EQ(shown.at("messages").at(0).at("address"), "login:ann");
  EXPECT_EQ(shown.at("inside"), false);
  EXPECT_FALSE(shown.as_object().contains("refused"));
  EXPECT_EQ(shown.at("trace").as_array().back().at("what"), "left");
  test.masked = true;
  EXPECT_EQ(run().at("messages").at(0).at("text"), "****");
  test.send = true;  // there are no testers
  EXPECT_EQ(journeys().RunTest(test).error().name(), "not_tester");
  test.person.value = "nobody";
  EXPECT_EQ(journeys().RunTest(test).error().name(), "unknown_customer");
  const std::string outbox = journeys().Outbox(10);
  EXPECT_EQ(outbox.find("for you"), std::string::npos);
  EXPECT_EQ(StateOf().journeys()[0].entered, 1u);
  Close();
}

TEST_F(JourneysTest, AJourneyThatWasRehearsedShowsWhatWasExpectedBesideWhatCame) {
  const std::string draft = R"({"id":"seen","entry":{"kind":"event","on":"Seen"},
    "nodes":[{"id":"start","type":"entry"},{"id":"s","type":"send","channel":"sms","text":"hi"}],
    "edges":[{"from":"start","to":"s"}]})";
  Open(true);
  Know("ann");
  Know("bob");
  clock_.Advance(60'000);
  const json::value said = json::parse(journeys().Rehearse(draft, 7).value());
  EXPECT_EQ(said.at("entered"), 2);
  EXPECT_EQ(said.at("by_hour").at("sms").as_object().begin()->value(), 2);
  EXPECT_EQ(said.at("longest_wait_ms").at("sms"), 0);
  ASSERT_TRUE(journeys().Publish(draft).ok());
  Know("ann");
  const auto show = [&] { return json::parse(journeys().Show("seen").value()); };
  EXPECT_EQ(show().at("forecast").at("entered"), 2);
  EXPECT_EQ(show().at("forecast").at("version"), 1);
  EXPECT_EQ(show().at("actual").at("entered"), 1);
  Close();
  Open(true);
  EXPECT_EQ(show().at("forecast").at("entered"), 2);
  std::string other = draft;
  other.replace(other.find("\"hi\""), 4, "\"ho\"");
  ASSERT_TRUE(journeys().Publish(other).ok());
  EXPECT_FALSE(show().as_object().contains("forecast")) << "that was not rehearsed";
  Close();
}

TEST_F(JourneysTest, ACommandThatHasTheFolderOpenSendsNothing) {
  Open(false);
  EnterAnn();
  clock_.Advance(10'000);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(journeys().Outbox(10), R"({"items":[]})");
  Close();
  Open(true);  // what the command decided is done by the server
  EXPECT_TRUE(
      Eventually([&] { return journeys().Outbox(10).find("login:ann") != std::string::npos; }));
  Close();
}

// As the decisions say, and as what was kept says.
TEST_F(JourneysTest, CustomersWhoAreOneAreOneInJourneysAndTwoWhenTheMergeIsUndone) {
  const auto tie = [&](ItemKind kind) {
    BatchWriter out({.project = "default", .source = "test", .ingest_ms = clock_.NowMs()});
    out.BeginItem(kind, "link", {}, {.time_ms = clock_.NowMs()});
    out.AddIdentity("login", "ann");
    out.AddIdentity("login", "bob");
    out.EndItem();
    Append(out);
    clock_.Advance(1'000);
    EXPECT_TRUE(journeys().SetHeld(false).ok());  // all is decided and written
  };
  const auto enter = [&](const char* journey, const char* login) {
    const Result<std::string> entered = journeys().Enter(journey, {{"login", login}, {}, {}});
    EXPECT_TRUE(entered.ok()) << entered.error().message();
    return boost::json::parse(entered.value()).at("entered").as_bool();
  };
  const auto told = [&](const char* login, std::string_view what) {
    return journeys().Trace({"login", login}).value().find(what) != std::string::npos;
  };
  identity::KeyRules rules = identity::KeyRules::Defaults();
  for (identity::KeyRule& key : rules.keys) {
    if (key.strength == identity::Strength::kStrong) key.values = 0;
  }
  Open(false);
  ASSERT_TRUE(engine().ChangeIdentityRules(rules).ok());
  ASSERT_TRUE(journeys().SetPolicy(R"({"caps":[{"name":"one","limit":1,"rolling":"9d"}]})").ok());
  ASSERT_TRUE(journeys().Publish(kWelcome).ok());
  ASSERT_TRUE(journeys().Publish(std::string(kWelcome).replace(7, 7, "another")).ok());
  for (const char* login : {"ann", "bob"}) Know(login);
  EXPECT_TRUE(enter("welcome", "bob"));
  ASSERT_TRUE(journeys().SetConsent({"login", "bob"}, "push", "*", false).ok());
  tie(ItemKind::kLink);
  CutPower();
  Open(false);
  EXPECT_FALSE(enter("welcome", "ann")) << "she was in as bob";
  EXPECT_TRUE(enter("another", "ann"));
  EXPECT_TRUE(told("ann", "capped")) << "bob had his one message";
  EXPECT_EQ(StateOf().customers().size(), 1u);
  ASSERT_TRUE(engine().Flush().ok());
  tie(ItemKind::kUnlink);
  Close();
  Open(false);
  const journeys::State state = StateOf();
  ASSERT_EQ(state.customers().size(), 2u);
  for (const auto& [ordinal, customer] : state.customers()) {
    EXPECT_EQ(customer.entries.size(), 1u) << "each has his own";
    EXPECT_EQ(customer.consents, (decltype(customer.consents){{{"push", "*"}, false}}));
  }
  for (const char* login : {"ann", "bob"}) EXPECT_FALSE(enter("welcome", login)) << login;
  Close();
}

// Sixty-four callers at once let the same customers in, each into a journey of its own or all into
// one; what there is is taken to the last, and not once more.
struct Race {
  std::string_view name, policy, journey, node;
  bool own_journeys;
  uint64_t messages;  // in all
  uint64_t most;      // of one customer
};
constexpr int kCallers = 64;
constexpr uint64_t kRunners = 3;
constexpr std::string_view kAgain = R"("reentry":{"policy":"always"},)";
const Race kRaces[] = {
    {"cap", R"({"caps":[{"name":"three","limit":3,"rolling":"24h"}]})", kAgain, "", true,
     3 * kRunners, 3},
    {"address", R"({"caps":[{"name":"two","scope":"address","limit":2,"fixed":"day"}]})", kAgain,
     "", true, 2 * kRunners, 2},
    {"money", "{}", R"("reentry":{"policy":"always"},"budget":1.7,)", R"(,"price":0.1)", false, 17,
     17},
    {"sends", "{}", R"("reentry":{"policy":"always"},"budget_sends":19,)", "", false, 19, 19},
    {"stock", R"({"stock":[{"benefit":"cup","count":23}]})", kAgain, R"(,"benefit":"cup")", false,
     23, 23},
    {"entries", "{}", R"("reentry":{"policy":"always"},"entry_cap":29,)", "", false, 29, 29},
    {"once", "{}", "", "", false, kRunners, 1},
    {"journeys", R"({"max_journeys":2})", kAgain, "", true, 2 * kRunners, 2},
};

TEST_F(JourneysTest, SixtyFourAtOnceTakeWhatThereIsAndNotOneMore) {
  Open(false);
  for (const Race& race : kRaces) {
    SCOPED_TRACE(race.name);
    const std::string name(race.name);
    ASSERT_TRUE(journeys().SetPolicy(race.policy).ok());
    for (uint64_t i = 0; i < kRunners; ++i) Know(name + std::to_string(i));
    const auto id = [&](int caller) {
      return name + (race.own_journeys ? std::to_string(caller) : std::string());
    };
    for (int caller = 0; caller < (race.own_journeys ? kCallers : 1); ++caller) {
      const Result<std::string> published = journeys().Publish(
          R"({"id":")" + id(caller) + R"(","entry":{"kind":"api"},)" + std::string(race.journey) +
          R"("nodes":[{"id":"start","type":"entry"},
                      {"id":"hello","type":"send","channel":"sms","text":"hi")" +
          std::string(race.node) + R"(},{"id":"pause","type":"wait","for":"1d"}],
             "edges":[{"from":"start","to":"hello"},{"from":"hello","to":"pause"}]})");
      ASSERT_TRUE(published.ok()) << published.error().message();
    }
    const size_t before = StateOf().touch_count();
    std::vector<std::thread> callers;
    for (int caller = 0; caller < kCallers; ++caller) {
      callers.emplace_back([&, caller] {
        for (uint64_t i = 0; i < kRunners; ++i) {
          EXPECT_TRUE(
              journeys().Enter(id(caller), {{"login", name + std::to_string(i)}, {}, {}}).ok());
        }
      });
    }
    for (std::thread& caller : callers) caller.join();
    const journeys::State state = StateOf();
    EXPECT_EQ(state.touch_count() - before, race.messages);
    std::map<Ordinal, uint64_t> of_one;
    state.ForEachTouch([&](const journeys::Touch& touch) {
      if (state.journeys()[touch.plan.journey].id.starts_with(name)) ++of_one[touch.plan.customer];
    });
    for (const auto& [customer, count] : of_one) EXPECT_LE(count, race.most);
  }
  Close();
}

// The place of each message in the pace is its own, and the same part of all comes in however many
// ask at once.
TEST_F(JourneysTest, SixtyFourAtOnceKeepThePaceAndTheShareLetIn) {
  Open(false);
  ASSERT_TRUE(journeys().SetPolicy(R"({"channels":[{"name":"sms","per_second":5}]})").ok());
  std::string half(kWelcome);
  half.insert(1, R"("release":{"percent":50},)");
  ASSERT_TRUE(journeys().Publish(half).ok());
  constexpr int kAsked = 40;
  for (int i = 0; i < kAsked; ++i) Know("half" + std::to_string(i));
  std::vector<std::thread> callers;
  for (int caller = 0; caller < kCallers; ++caller) {
    callers.emplace_back([&, caller] {
      for (int i = caller % 8; i < kAsked; i += 8) {
        EXPECT_TRUE(
            journeys().Enter("welcome", {{"login", "half" + std::to_string(i)}, {}, {}}).ok());
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  const journeys::State state = StateOf();
  uint64_t wanted = 0;
  engine().Look([&](const engine::Applier& applier) {
    for (int i = 0; i < kAsked; ++i) {
      const Ordinal customer = *applier.identities().Find("login", "half" + std::to_string(i));
      wanted += journeys::BucketOf(customer, "welcome", "release") < 5'000;
    }
  });
  EXPECT_EQ(state.touch_count(), wanted);
  std::map<int64_t, int> in_second;
  state.ForEachTouch([&](const journeys::Touch& touch) { ++in_second[touch.plan.not_before_ms]; });
  ASSERT_EQ(in_second.size(), (wanted + 4) / 5);
  for (const auto& [at, count] : in_second) {
    EXPECT_LE(count, 5);
    EXPECT_EQ((at - clock_.NowMs()) % 1'000, 0);
  }
  Close();
}

// The run is the journey itself, published before the events came, with a provider that takes
// everything at once; each timer finds the clock at its time.
class RehearsalTest : public JourneysTest {
 protected:
  void Say(std::string_view login, std::string_view event, int64_t amount) {
    BatchWriter out({.project = "default", .source = "test", .ingest_ms = clock_.NowMs()});
    out.BeginEvent(event, {.time_ms = clock_.NowMs()});
    out.AddIdentity("login", login);
    out.AddProperty("amount", Value::Int(amount));
    out.EndItem();
    Append(out);
    TakeMessages();
  }
  // Brings about what is due until then, at its time.
  void AdvanceTo(int64_t until_ms) {
    while (const std::optional<journeys::Timer> next = StateOf().PopTimer(until_ms - 1)) {
      clock_.Advance(next->due_ms + 1 - clock_.NowMs());
      EXPECT_TRUE(journeys().GiveReceipt(std::string(32, '0'), "opened").ok());  // of no message
      TakeMessages();
    }
    clock_.Advance(until_ms - clock_.NowMs());
  }
  void TakeMessages() {
    const journeys::State state = StateOf();
    for (const journeys::TouchKey& key : state.DueTouches(clock_.NowMs())) {
      const std::string& channel = state.FindTouch(key)->plan.channel;
      const int64_t day = state.journeys()[0].now().zone.DayOf(clock_.NowMs());
      ++messages_[channel][DateText(day)];
      EXPECT_TRUE(journeys().GiveReceipt(KeyText(key), "accepted").ok());
    }
  }

  std::map<std::string, std::map<std::string, int64_t>> messages_;
};

TEST_F(RehearsalTest, OverKeptEventsItGivesWhatTheRunOnThemGave) {
  constexpr std::string_view kDraft = R"({"id":"draft","reentry":{"policy":"after_exit"},
    "entry":{"kind":"event","on":{"event":"Viewed","where":"amount >= 20"},
             "filter":"DID(Viewed) COUNT <= 20 AND NOT DID(Asked) LAST 1 DAY INCLUDING CURRENT"},
    "goal":{"event":"Bought","value":"amount"},
    "nodes":[{"id":"start","type":"entry"},
             {"id":"first","type":"send","channel":"sms","text":"a {{amount}}","price":0.05},
             {"id":"look","type":"wait_event","timeout":"5h",
              "branches":[{"outcome":"asked","event":"Asked"}]},
             {"id":"again","type":"send","channel":"push","text":"b"}],
    "edges":[{"from":"start","to":"first"},{"from":"first","to":"look"},
             {"from":"look","when":"timeout","to":"again"}]})";
  constexpr std::string_view kLogins[] = {"ann", "bob", "cid"};
  Open(false);
  for (const char* event : {"Viewed", "Asked", "Bought"}) Say("nobody", event, 1);
  for (const std::string_view login : kLogins) Know(std::string(login));
  ASSERT_TRUE(journeys()
                  .SetPolicy(R"({"caps":[{"name":"two","limit":2,"rolling":"48h"}],
                    "quiet":[{"from":"22:00","to":"08:00"}],
                    "channels":[{"name":"push","consent":"opt_in"}]})")
                  .ok());
  for (const char* login : {"ann", "bob"})
    ASSERT_TRUE(journeys().SetConsent({"login", login}, "push", "*", true).ok());
  clock_.Advance(1'000);
  const Result<std::string> published = journeys().Publish(kDraft);
  ASSERT_TRUE(published.ok()) << published.error().message();
  io::SimRandom random(3);
  for (int i = 0; i < 130; ++i) {
    constexpr std::string_view kEvents[] = {"Viewed", "Viewed", "Viewed", "Asked", "Bought"};
    AdvanceTo(clock_.NowMs() + static_cast<int64_t>(random.Below(5 * 3'600'000)) + 1);
    Say(kLogins[random.Below(3)], kEvents[random.Below(5)],
        static_cast<int64_t>(random.Below(100)));
  }
  AdvanceTo(clock_.NowMs() + 1);

  const journeys::Forecast run = ForecastOf(StateOf(), "draft");
  const Result<std::string> rehearsed = journeys().Rehearse(kDraft, 60);
  ASSERT_TRUE(rehearsed.ok()) << rehearsed.error().message();
  const boost::json::value forecast = boost::json::parse(rehearsed.value());
  const auto number = [&](std::string_view name) { return forecast.at(name).to_number<double>(); };
  const auto counts = [](const boost::json::value& value) {
    return boost::json::value_to<std::map<std::string, int64_t>>(value);
  };
  const auto by_name = [](const auto& by_reason) {
    std::map<std::string, int64_t> named;
    for (const auto& [reason, count] : by_reason) {
      named[std::string(journeys::NameOf(reason))] = static_cast<int64_t>(count);
    }
    return named;
  };
  EXPECT_EQ(number("entered"), run.entered);
  EXPECT_EQ(number("inside"), run.inside);
  EXPECT_EQ(number("conversions"), run.conversions);
  EXPECT_EQ(number("spend"), static_cast<double>(run.spend) / 10'000);
  EXPECT_EQ(number("revenue"), static_cast<double>(run.revenue) / 10'000);
  EXPECT_EQ(counts(forecast.at("rejects")), by_name(run.rejects));
  EXPECT_EQ(counts(forecast.at("exits")), by_name(run.exits));
  EXPECT_EQ(counts(forecast.at("denied")), by_name(run.denied));
  std::map<std::string, std::map<std::string, int64_t>> messages;
  for (const auto& [channel, days] : forecast.at("messages").as_object()) {
    messages[channel] = counts(days);
  }
  EXPECT_EQ(messages, messages_);
  // Everything came about.
  EXPECT_GT(run.entered, 15u);
  EXPECT_GT(run.conversions, 1u);
  EXPECT_GT(run.rejects.at(journeys::Reject::kFilter), 5u);
  EXPECT_GT(messages_["sms"].size(), 3u);
  EXPECT_GT(messages_["push"].size(), 2u);
  const std::map<std::string, int64_t> kept_back = counts(forecast.at("kept_back"));
  EXPECT_GT(kept_back.at("cap two"), 3);
  EXPECT_EQ(kept_back.at("cap two"), by_name(run.denied).at("capped"));
  EXPECT_EQ(kept_back.at("consent"), by_name(run.denied).at("not_permitted"));
  EXPECT_EQ(journeys().Rehearse(kDraft, 60).value(), rehearsed.value()) << "it decided something";
  Close();
}

TEST_F(JourneysTest, WhatACrashKeptFromBeingToldIsToldAtTheNextStart) {
  Open(false);
  EnterAnn();
  // The server's last act before the crash: the outcome is on disk, its event is not.
  std::vector<journeys::Decision> decisions;
  const Silence silence;
  journeys::Machine copy(StateOf(), {silence, silence, silence});
  const journeys::TouchKey key = copy.state().DueTouches(clock_.NowMs()).at(0);
  ASSERT_TRUE(copy.Claim(key, clock_.NowMs(), &decisions));
  copy.OnReceipt(key, journeys::Outcome::kAccepted, "provider", clock_.NowMs(), &decisions);
  ASSERT_TRUE(engine().AppendDecisions(journeys::EncodeDecisions(decisions)).ok());
  CutPower();

  Open(true);
  EXPECT_TRUE(Eventually([&] { return !Told().empty(); }));
  EXPECT_THAT(Told(), testing::ElementsAre("$touch_sent"));
  Close();
  Open(true);  // and not again
  Know("bob");
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_THAT(Told(), testing::IsEmpty());
  Close();
}

// Of an entry that is over nothing is known of what it came with.
TEST_F(JourneysTest, AMessageThatWaitsSaysTheNewTextAlsoOfWhoHasLeft) {
  const auto says = [](const std::string& text, const std::string& more) {
    return R"({"id":"once","entry":{"kind":"api"},)" + more +
           R"("nodes":[{"id":"start","type":"entry"},
                       {"id":"s","type":"send","channel":"sms","text":")" +
           text + R"("}],"edges":[{"from":"start","to":"s"}]})";
  };
  Open(false);
  Know("ann");
  ASSERT_TRUE(journeys().Publish(says("old", "")).ok());
  ASSERT_TRUE(journeys().Enter("once", {{"login", "ann"}, {}, {}}).ok());
  ASSERT_EQ(StateOf().entry_count(), 0u);
  const auto published =
      journeys().Publish(says("new", R"("in_flight":{"policy":"migrate","recall":true},)"));
  ASSERT_TRUE(published.ok()) << published.error().message();
  Close();
  Open(true);
  EXPECT_TRUE(Eventually([&] { return journeys().Outbox(10).find("new") != std::string::npos; }));
  EXPECT_EQ(journeys().Outbox(10).find("old"), std::string::npos);
  Close();
}

// A chain whose message is taken is a success at once.
constexpr std::string_view kRemembers = R"({"id":"remembers","entry":{"kind":"api"},
  "nodes":[{"id":"start","type":"entry"},
           {"id":"first","type":"set","attribute":"tier","value":"silver"},
           {"id":"then","type":"set","attributes":[{"attribute":"tier","value":"gold"},
                                                   {"attribute":"level","value":"3"}]},
           {"id":"more","type":"set","attributes":[{"attribute":"level","increment":2},
                                                   {"attribute":"visits","increment":1},
                                                   {"attribute":"share","increment":0.5}]},
           {"id":"try","type":"chain","habit":"habit",
            "steps":[{"channel":"sms","text":"hi","success":"accepted","wait":"1d"}]},
           {"id":"pause","type":"wait","for":"1d"}],
  "edges":[{"from":"start","to":"first"},{"from":"first","to":"then"},{"from":"then","to":"more"},
           {"from":"more","to":"try"},
           {"from":"try","to":"pause","when":"succeeded"}]})";

TEST_F(JourneysTest, WhatAJourneySetsIsTheCustomersOwnAndOnlyOnce) {
  Open(true);
  const PropertyChange level{.name = "level", .type = ValueType::kInt};
  ASSERT_TRUE(engine().ChangePlan({.project = "default", .properties = {level}}).ok());
  Know("ann");
  const auto published = journeys().Publish(kRemembers);
  ASSERT_TRUE(published.ok()) << published.error().message();
  ASSERT_TRUE(journeys().Enter("remembers", {{"login", "ann"}, {}, {}}).ok());
  const auto set = [&] {
    std::vector<std::string> all;
    EXPECT_TRUE(engine().Read().ok());
    for (const auto& bytes : engine().RecentBatches()) {
      BatchReader batch = BatchReader::Open(*bytes).value();
      while (const auto item = batch.Next().value()) {
        for (const PropertyView& property : item->properties) {
          if (item->kind == ItemKind::kProfile)
            all.push_back(std::string(batch.names()[property.name]) +
                          (item->what == kProfileIncrement ? "+=" : "=") +
                          engine::ValueAsText(property.value));
        }
      }
    }
    return all;
  };
  EXPECT_TRUE(Eventually([&] { return set().size() == 7; }));
  EXPECT_THAT(set(),
              testing::UnorderedElementsAre("tier=silver", "tier=gold", "level=3", "level+=2",
                                            "visits+=1", "share+=0.5", "habit=sms"));
  engine().Look([](const engine::Applier& applier) {
    for (const auto& entry : applier.quarantine().entries())
      ADD_FAILURE() << entry.reason << entry.detail;
  });
  EXPECT_THAT(StateOf().unset(), testing::IsEmpty());
  Close();
  Open(true);
  Know("bob");
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_THAT(set(), testing::IsEmpty());
  Close();
}

// Else the first that is told would wait for all that came before the plan's change.
TEST_F(JourneysTest, WhatIsToBeToldIsInThePlanWhenAJourneyIsPublished) {
  Open(false);
  EXPECT_EQ(engine().Read().value().plan->FindEvent("$touch_sent"), nullptr);
  ASSERT_TRUE(journeys().Publish(kWelcome).ok());
  EXPECT_NE(engine().Read().value().plan->FindEvent("$touch_sent"), nullptr);
  Close();
}

TEST_F(JourneysTest, AStrictPlanTakesWhatWaypostTellsOfACustomer) {
  Open(true);
  ASSERT_TRUE(engine()
                  .ChangePlan({.project = "default",
                               .mode = PlanMode::kStrict,
                               .properties = {{.name = "channel", .type = ValueType::kString}},
                               .events = {{.name = "Seen"}}})
                  .ok());
  EnterAnn();
  ASSERT_TRUE(journeys().SetConsent({"login", "ann"}, "push", "*", false).ok());
  const auto counted = [&](std::string_view event) {
    const PlanEvent* known = engine().Read().value().plan->FindEvent(event);
    return known ? known->count : 0;
  };
  EXPECT_TRUE(Eventually([&] { return counted("$touch_sent") == 1; }));
  EXPECT_EQ(counted("$consent_set"), 1u);
  EXPECT_EQ(engine().Read().value().plan->FindProperty("channel")->display_en, "")
      << "is the bank's own";
  EXPECT_EQ(engine().Read().value().plan->FindProperty("outcome")->display_en, "Outcome");
  engine().Look(
      [](const engine::Applier& applier) { EXPECT_TRUE(applier.quarantine().entries().empty()); });
  Close();
}

}  // namespace
}  // namespace waypost::services

// The machine against a naive interpreter (naive_interpreter.h): both must tell the same story of
// journeys that call each other, for a month, somewhere between leap years.
#include <boost/json.hpp>
#include <cstdlib>

#include "base/clock.h"
#include "io/sim_random.h"
#include "journeys/naive_interpreter.h"

namespace waypost::journeys {
namespace {

using Story = std::map<Ordinal, std::vector<std::string>>;
constexpr Ordinal kCustomers = 4;
constexpr std::string_view kJourneys[] = {"j", "k", "l"};

struct Happening {
  int64_t at_ms;
  Ordinal customer;
  std::string name;
};

// A node of the drawing, without its id, and its ways out.
struct Part {
  std::string fields;
  std::vector<std::string_view> outcomes;
};

class Drawer {
 public:
  explicit Drawer(io::SimRandom& random) : random_(random) {}

  // Every node leads to later ones, but for loops.
  std::string Draw(std::string_view id) {
    const size_t count = 3 + random_.Below(8);
    std::string nodes, edges;
    calls_ = 0;
    for (size_t i = 0; i <= count; ++i) {
      const std::string node = std::string(id) + std::to_string(i);
      const Part part = i == count ? Part{R"("type":"exit")", {}} : DrawPart(node);
      nodes += (i ? ",{\"id\":\"" : "{\"id\":\"") + node + "\"," + part.fields + "}";
      for (const std::string_view outcome : part.outcomes) {
        if (random_.Below(6) == 0 && !outcome.empty()) continue;
        const size_t to =
            outcome == "again" ? random_.Below(i + 1) : i + 1 + random_.Below(count - i);
        edges += " " + node + (outcome.empty() ? "" : ":") + std::string(outcome) + ">" +
                 std::string(id) + std::to_string(to);
      }
    }
    const std::string goal = R"("goal":{"event":"buy","count":")" + Either("once", "every") + "\"}";
    return Drawn(nodes, "start>" + std::string(id) + "0" + edges,
                 goal + DrawEnds() + R"(,"reentry":{)" + DrawReentry() + "}", id,
                 id == "j" ? R"({"kind":"event","on":"A"})" : R"({"kind":"api"})");
  }

  // Other lengths of waits, and other ways.
  std::string Redraw(const std::string& json) {
    boost::json::value drawing = boost::json::parse(json);
    boost::json::object& journey = drawing.as_object();
    journey["in_flight"] = {{"policy", "migrate"}};
    const auto redraw = [&](boost::json::value& of, std::initializer_list<const char*> fields) {
      for (const char* field : fields) {
        boost::json::value* span = of.as_object().if_contains(field);
        if (span && random_.Below(2)) *span = DrawSpan();
      }
    };
    boost::json::array& nodes = journey["nodes"].as_array();
    for (boost::json::value& node : nodes) {
      redraw(node, {"for", "timeout"});
      if (boost::json::value* steps = node.as_object().if_contains("steps"))
        for (boost::json::value& step : steps->as_array()) redraw(step, {"wait"});
    }
    for (boost::json::value& edge : journey["edges"].as_array()) {
      const std::string from(edge.at("from").as_string());
      const boost::json::value* when = edge.as_object().if_contains("when");
      if (from == "start" || (when && *when == "again") || random_.Below(4)) continue;
      const size_t at = std::stoul(from.substr(1)), last = nodes.size() - 2;
      edge.as_object()["to"] =
          from.substr(0, 1) + std::to_string(at + 1 + random_.Below(last - at));
    }
    return boost::json::serialize(drawing);
  }

 private:
  std::string Either(const char* one, const char* other) { return random_.Below(2) ? one : other; }
  std::string DrawSpan() { return std::to_string(1 + random_.Below(90 * kHour)) + "ms"; }

  std::string DrawEnds() {
    std::string ends;
    if (random_.Below(3) == 0) ends += R"(,"exit_on":[{"event":"Z"}])";
    if (random_.Below(3) == 0) ends += R"(,"max_duration":")" + DrawSpan() + "\"";
    if (random_.Below(2)) ends += R"(,"clock_while_paused":"frozen")";
    return ends;
  }

  std::string DrawReentry() {
    const char* policies[] = {R"("policy":"once")", R"("policy":"after_exit")",
                              R"("policy":"always")"};
    std::string rule = policies[random_.Below(std::size(policies))];
    if (random_.Below(3) == 0)
      rule = R"("policy":"after_interval","from":")" + Either("entry", "exit") +
             R"(","interval":")" + DrawSpan() + "\"";
    if (random_.Below(4) == 0) rule += R"(,"limit":2,"per":")" + DrawSpan() + "\"";
    return rule;
  }

  Part DrawPart(const std::string& id) {
    switch (random_.Below(19)) {
      case 14:
        return {R"("type":"wait","until":")" + Either("09:00", "17:30") + "\"", {""}};
      case 15:
        return {R"("type":"wait","window":)" + DrawWindows(), {""}};
      case 16:
        return {R"("type":"time_split","windows":)" + DrawWindows(), {"in", "out"}};
      case 17:
        return {R"("type":"loop","max_visits":)" + std::to_string(1 + random_.Below(3)),
                {"again", "done"}};
      case 18:
        return DrawSince();
      case 0:
        return {R"("type":"wait","for":")" + DrawSpan() + "\"", {""}};
      case 1:
        return {R"("type":"wait_event","timeout":")" + DrawSpan() +
                    R"(","branches":[{"outcome":"x","event":"X"}])",
                {"x", "timeout"}};
      case 2:
        return {R"("type":"judge","when":"rich")", {"yes", "no"}};
      case 3:
        return {R"("type":"ratio","branches":[{"outcome":"a","percent":37},
                                              {"outcome":"b","percent":63}])",
                {"a", "b"}};
      case 4:
        return DrawSend(id);
      case 5:
        return DrawChain(id);
      case 6:
        return {R"("type":"wait_event","timeout":")" + DrawSpan() + R"(","accept_current":)" +
                    Either("true", "false") + R"(,"branches":[{"outcome":"m","when":"member"}])",
                {"m", "timeout"}};
      case 7:
        return {R"("type":"wait_event","mode":"ranked","timeout":")" + DrawSpan() +
                    R"(","accept_current":)" + Either("true", "false") +
                    R"(,"branches":[{"outcome":"y","event":"Y"},{"outcome":"m","when":"member"},
                                    {"outcome":"x","event":"X"}])",
                {"y", "m", "x", "timeout"}};
      case 8:
        return DrawDate();
      case 9:
        return DrawCall();
      case 10:
      case 11:
        return {R"("type":"fork","branches":[{"outcome":"p"},{"outcome":"q"},{"outcome":"r"}])",
                {"p", "q", "r"}};
      default:
        return DrawJoin();
    }
  }

  static std::string Window(std::string_view days, std::string_view from, std::string_view to) {
    return R"({"days":[)" + std::string(days) + R"(],"from":")" + std::string(from) +
           R"(","to":")" + std::string(to) + "\"}";
  }
  std::string DrawWindows() {
    const std::string week = Window(R"("mon","tue","thu")", "09:00", Either("12:00", "18:00"));
    return "[" + week + (random_.Below(2) ? "," + Window(R"("sat","sun")", "10:00", "20:00") : "") +
           "]";
  }

  Part DrawSend(const std::string& id) {
    std::string send = R"("type":"send","channel":"sms","text":")" + id + "\"";
    if (random_.Below(3) == 0) send += R"(,"time_to_live":")" + DrawSpan() + "\"";
    const size_t draw = random_.Below(4);
    if (draw == 0) send += R"(,"on_cap":"exit")";
    if (draw == 1) send += R"(,"on_cap":"wait","cap_wait":")" + DrawSpan() + "\"";
    if (random_.Below(2)) return {send, {""}};
    return {send, {"", "failed"}};
  }

  Part DrawSince() {
    const char* since[] = {R"("touch")", R"("journey_entry")", R"("lookback","lookback":")"};
    const size_t draw = random_.Below(std::size(since));
    const std::string lookback = draw == 2 ? DrawSpan() + "\"" : "";
    return {R"("type":"wait_event","timeout":")" + DrawSpan() + R"(","since":)" + since[draw] +
                lookback + R"(,"mode":")" + Either("first", "ranked") +
                R"(","branches":[{"outcome":"x","event":"X"},{"outcome":"o","receipt":"opened"},
                                 {"outcome":"a","event":"A"}])",
            {"x", "o", "a", "timeout"}};
  }

  Part DrawChain(const std::string& id) {
    const auto step = [&](std::string_view channel, std::string_view text) {
      return R"({"channel":")" + std::string(channel) + R"(","text":")" + id + std::string(text) +
             R"(","success":")" + Either("opened", "goal") + R"(","wait":")" + DrawSpan() + "\"}";
    };
    return {R"("type":"chain","steps":[)" + step("push", "a") + "," + step("sms", "b") + "]",
            {"succeeded", "exhausted"}};
  }

  Part DrawDate() {
    const std::string every =
        random_.Below(2)
            ? R"("year","leap_day":")" + Either("02-28", "03-01")
            : R"("lunar_year","leap_month":")" +
                  Either("exact_else_regular", random_.Below(2) ? "regular_only" : "both");
    return {R"("type":"wait","date":"born","every":)" + every + R"(","until":")" +
                Either("09:00", "17:30") +
                "\",\"days\":" + std::to_string(static_cast<int>(random_.Below(9)) - 4),
            {"next", "no_date"}};
  }

  Part DrawJoin() {
    std::string join = R"("type":"join")";
    if (random_.Below(2)) join += R"(,"wait_for":)" + std::to_string(1 + random_.Below(3));
    if (random_.Below(3) == 0) join += R"(,"timeout":")" + DrawSpan() + "\"";
    return {join, {""}};
  }

  Part DrawCall() {
    if (++calls_ > 2) return {R"("type":"wait","for":")" + DrawSpan() + "\"", {""}};
    const std::string whom(kJourneys[random_.Below(std::size(kJourneys))]);
    const std::string call = R"("type":"call","journey":")" + whom + "\"";
    if (random_.Below(3) == 0) return {call, {""}};
    return {call + R"(,"wait":"completion","timeout":")" + DrawSpan() + "\"", {"next", "timeout"}};
  }

  io::SimRandom& random_;
  int calls_ = 0;
};

std::string DrawPublishable(Drawer& drawer, std::string_view id, const TestWorld& world) {
  while (true) {
    const std::string json = drawer.Draw(id);
    if (CheckJourney(json, world).journey) return json;  // a way leads to each of its nodes
  }
}

Story StoryOf(const Stage& stage) {
  Story story;
  struct Of {
    Ordinal customer = 0;
    std::string journey;
  };
  std::map<EntryId, Of> entries;
  for (const Decision& decision : stage.log) {
    const auto tell = [&](EntryId entry, std::string_view what) {
      const Of& of = entries.at(entry);
      story[of.customer].push_back(StoryLine(decision.time_ms, what, of.journey));
    };
    for (const Change& change : decision.changes) {
      if (const auto* in = std::get_if<change::Entered>(&change)) {
        entries[in->entry] = {in->customer, stage.state().journeys()[in->journey].id};
        tell(in->entry, "in");
      } else if (const auto* sent = std::get_if<change::TouchPlanned>(&change)) {
        tell(sent->entry, "send " + sent->text);
      } else if (const auto* left = std::get_if<change::Left>(&change)) {
        tell(left->entry, "out " + std::string(NameOf(left->reason)));
      }
    }
  }
  return story;
}

// Hands messages over in the order they were planned.
class InOrder final : public Stage {
 public:
  using Stage::Stage;
  uint64_t NumberOf(const TouchKey& key) const { return numbers_.at(key); }

  void Commit() override {
    Keep();
    for (bool handed = true; handed;) {
      handed = false;
      for (; read_ < log.size(); ++read_) {
        for (const Change& change : log[read_].changes) {
          const auto* planned = std::get_if<change::TouchPlanned>(&change);
          if (!planned) continue;
          numbers_[planned->key] = counts_[planned->customer]++;
          order_.push_back(planned->key);
        }
      }
      while (!handed && !order_.empty()) {
        const TouchKey key = order_.front();
        order_.pop_front();
        handed = machine().Claim(key, now(), &out_);
        Keep();
        if (handed) HandOver(key);
      }
    }
  }

 private:
  std::map<Ordinal, uint64_t> counts_;
  std::map<TouchKey, uint64_t> numbers_;  // of a customer's messages
  std::deque<TouchKey> order_;
  size_t read_ = 0;
};

class Comparison {
 public:
  explicit Comparison(uint64_t seed)
      : random_(seed),
        begin_ms_(At("2023-01-01T10:00:00") +
                  static_cast<int64_t>(random_.Below(6 * 365)) * kDayMs),
        stage_(begin_ms_) {
    stage_.world.tests["rich"] = [](const Facts& facts) {
      return IsRich(facts.customer) ? Truth::kYes : Truth::kNo;
    };
    stage_.world.tests["member"] = [&](const Facts& facts) {
      return members_.contains(facts.customer) ? Truth::kYes : Truth::kNo;
    };
    stage_.world.subjects["member"] = {kSegment};
    for (Ordinal customer = 0; customer < kCustomers; ++customer) Bear(customer);
  }

  void Run() {
    const bool quiet = random_.Below(2) == 0;
    stage_.Policy(R"({"caps":[{"name":"two","limit":2,"rolling":"24h"}])" +
                  std::string(quiet ? R"(,"quiet":[{"from":"22:00","to":"08:00"}]})" : "}"));
    Drawer drawer(random_);
    Naive::Journeys journeys, next;
    std::string drawn;
    for (size_t i = 0, turn = random_.Below(2); i < std::size(kJourneys); ++i) {
      const std::string id(kJourneys[turn ? i : std::size(kJourneys) - 1 - i]);
      stage_.Publish(DrawPublishable(drawer, id, stage_.world));
      drawn += stage_.journey(id).now().json + "\n";
    }
    Draw();
    for (const std::string_view id : kJourneys) {
      journeys[std::string(id)] = &stage_.journey(id).now();
      if (random_.Below(2)) DrawNext(drawer, id);
    }
    Play();
    for (const auto& [id, json] : next_) {
      next[id] = &stage_.journey(id).now();
      drawn += json + "\n";
    }
    Story told = StoryOf(stage_);
    for (Ordinal customer = 0; customer < kCustomers; ++customer) {
      std::vector<std::string> expected =
          Naive(journeys, next, customer, begin_ms_, by_customer_[customer], quiet).Live(end_ms_);
      std::vector<std::string>& got = told[customer];
      // Of what happens in one millisecond only the sum is compared.
      std::ranges::sort(expected);
      std::ranges::sort(got);
      ASSERT_EQ(got, expected) << "customer " << customer << "\n" << drawn;
    }
  }

 private:
  const Subject kSegment{Subject::Kind::kSegment, "members"};

  void Bear(Ordinal customer) {
    const auto born = BornOn(customer, births_[customer], begin_ms_);
    stage_.world.attributes.erase({customer, "born"});
    if (born) stage_.world.attributes[{customer, "born"}] = *born;
  }

  void Draw() {
    for (int i = 0; i < 150; ++i) {
      // Even milliseconds for events, odd ones for what providers say: never the same.
      const int64_t at = begin_ms_ + static_cast<int64_t>(random_.Below(30 * kDayMs / 2)) * 2;
      const auto customer = static_cast<Ordinal>(random_.Below(kCustomers));
      const uint64_t draw = random_.Below(30);
      const std::string name = draw < 8    ? "A"
                               : draw < 17 ? "X"
                               : draw < 22 ? "Y"
                               : draw < 24 ? "buy"
                               : draw < 25 ? "Z"
                               : draw < 28 ? std::string(kJoins)
                                           : std::string(kBornAgain);
      happenings_.push_back({at, customer, name});
      by_customer_[customer].emplace_back(at, name);
    }
    for (const std::string_view id : kJourneys) {
      if (random_.Below(2)) continue;
      const int64_t at = begin_ms_ + DrawTime(25 * kDayMs);
      Tell(at, PauseOf(id));
      Tell(at + DrawTime(4 * kDayMs), ResumeOf(id));
    }
    std::ranges::stable_sort(happenings_, {}, &Happening::at_ms);
  }

  // What everybody hears of.
  void Tell(int64_t at_ms, const std::string& what) {
    happenings_.push_back({at_ms, kNobody, what});
    for (Ordinal customer = 0; customer < kCustomers; ++customer)
      by_customer_[customer].emplace_back(at_ms, what);
  }

  int64_t DrawTime(int64_t within_ms) {
    return static_cast<int64_t>(1 + random_.Below(static_cast<uint64_t>(within_ms / 2))) * 2;
  }

  // Another version, which takes along who is inside.
  void DrawNext(Drawer& drawer, std::string_view id) {
    for (int tries = 0; tries < 20; ++tries) {
      const std::string json = drawer.Redraw(stage_.journey(id).now().json);
      if (!CheckJourney(json, stage_.world).journey) continue;
      next_[std::string(id)] = json;
      Tell(begin_ms_ + DrawTime(28 * kDayMs), MigrateOf(id));
      std::ranges::stable_sort(happenings_, {}, &Happening::at_ms);
      return;
    }
  }

  void Happen(const Happening& one) {
    Machine::Out out;
    if (one.name == kJoins) {
      if (!members_.insert(one.customer).second) members_.erase(one.customer);
      stage_.machine().OnSubject(one.customer, kSegment, stage_.now(), &out);
    } else if (one.name == kBornAgain) {
      ++births_[one.customer];
      Bear(one.customer);
      stage_.machine().OnAttribute(one.customer, "born", stage_.now(), &out);
    } else if (one.name.starts_with(MigrateOf(""))) {
      return stage_.Publish(next_.at(one.name.substr(MigrateOf("").size())));
    } else if (one.customer == kNobody) {
      const bool pauses = one.name.starts_with(PauseOf(""));
      const std::string id = one.name.substr((pauses ? PauseOf("") : ResumeOf("")).size());
      return stage_.SetPhase(pauses ? Phase::kPaused : Phase::kRunning, id);
    } else {
      return stage_.Event(one.customer, one.name);
    }
    stage_.Follow(out);
  }

  void Play() {
    std::vector<std::pair<int64_t, TouchKey>> opens;
    stage_.provider = [&](const change::TouchPlanned& plan) {
      const uint64_t number = stage_.NumberOf(plan.key);
      if (IsRefused(plan.customer, number)) return Outcome::kRejected;
      if (const auto after = OpenedAfter(plan.customer, number)) {
        opens.emplace_back(stage_.now() + *after, plan.key);
      }
      return Outcome::kAccepted;
    };
    size_t next = 0;
    while (true) {
      const auto open = std::ranges::min_element(opens);
      const int64_t event_at = next < happenings_.size() ? happenings_[next].at_ms : kNever;
      const int64_t open_at = open == opens.end() ? kNever : open->first;
      const int64_t limit = std::min({event_at, open_at, end_ms_});
      // What is due before may send something that is opened before.
      const size_t known = opens.size();
      const int64_t due = stage_.state().NextTimerBound().value_or(kNever);
      if (due < limit) {
        stage_.AdvanceTo(std::min(std::max(due, stage_.now() + 1), limit - 1));
        if (opens.size() != known || stage_.state().NextTimerBound().value_or(kNever) < limit)
          continue;
      }
      if (limit >= end_ms_) break;
      stage_.AdvanceTo(limit - 1);
      if (opens.size() != known) continue;
      stage_.JumpClockTo(limit);
      if (open_at <= event_at) {
        const TouchKey key = open->second;
        opens.erase(open);
        stage_.Receipt(key, Outcome::kOpened);
      } else {
        Happen(happenings_[next++]);
      }
    }
    stage_.AdvanceTo(end_ms_);
  }

  io::SimRandom random_;
  const int64_t begin_ms_, end_ms_ = begin_ms_ + 30 * kDayMs;
  InOrder stage_;
  std::map<std::string, std::string> next_;  // versions to come, by journey
  std::set<Ordinal> members_;
  std::map<Ordinal, uint64_t> births_;
  std::vector<Happening> happenings_;
  std::map<Ordinal, Naive::Happenings> by_customer_;
};

TEST(JourneyOracleTest, TheMachineTellsWhatANaiveInterpreterTells) {
  const char* only = std::getenv("JOURNEY_SEED");
  const char* many = std::getenv("JOURNEY_SEEDS");
  const uint64_t first = only ? std::strtoull(only, nullptr, 10) : 1;
  const uint64_t last = only ? first : many ? std::strtoull(many, nullptr, 10) : 100;
  for (uint64_t seed = first; seed <= last; ++seed) {
    SCOPED_TRACE("JOURNEY_SEED=" + std::to_string(seed));
    Comparison(seed).Run();
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace waypost::journeys

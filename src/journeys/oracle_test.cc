// The machine against a naive interpreter: one customer after the other, a list that is searched
// for whatever comes next, no timers, no shared state. Both must tell the same story.
#include <cstdlib>

#include "base/clock.h"
#include "base/hash.h"
#include "io/sim_random.h"
#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

using Story = std::map<Ordinal, std::vector<std::string>>;

struct Happening {
  int64_t at_ms;
  Ordinal customer;
  std::string name;
};

bool IsRich(Ordinal customer) { return customer % 3 == 1; }

// Comes into the segment, or leaves it.
constexpr std::string_view kJoins = "joins";
bool WaitsForMembers(const Node& node) {
  return node.kind == NodeKind::kWaitEvent && node.branches[0].match.of_customer();
}

// When a message is opened, counted from when it was sent; nothing: never.
std::optional<int64_t> OpenedAfter(Ordinal customer, uint64_t number) {
  const uint64_t draw = MixBits(customer * 1'000 + number + 7);
  if (draw % 3 != 0) return {};
  return static_cast<int64_t>(draw % (40 * kHour)) * 2 + 1;
}

std::string Line(int64_t at_ms, std::string_view what) {
  return std::to_string(at_ms) + " " + std::string(what);
}

// The whole life of one customer.
class Naive {
 public:
  Naive(const Journey& journey, Ordinal customer,
        std::vector<std::pair<int64_t, std::string>> events)
      : journey_(journey), customer_(customer), events_(std::move(events)) {}

  std::vector<std::string> Live(int64_t until_ms) {
    while (true) {
      int64_t next = until_ms + 1;
      for (const auto& [at, name] : events_) next = std::min(next, at);
      for (const Visit& visit : visits_) next = std::min(next, visit.due_ms);
      for (const auto& [at, message] : opens_) next = std::min(next, at);
      if (next > until_ms) return story_;
      now_ = next;
      if (Take(events_, [&](const std::string& name) { Hear(name); })) continue;
      if (Take(opens_, [&](size_t message) { Open(message); })) continue;
      for (Visit& visit : visits_) {
        if (visit.due_ms != now_) continue;
        TimeIsOver(visit);
        break;
      }
      std::erase_if(visits_, [](const Visit& visit) { return visit.left; });
    }
  }

 private:
  struct Visit {
    uint32_t node = 0;
    uint32_t step = 0;
    int64_t due_ms = kNever;
    std::vector<size_t> messages;  // of the chain at hand, by step
    bool held_already = false;     // what it waits for held when it came, and does still
    bool left = false;
  };
  struct Message {
    int64_t at_ms;
    bool opened = false;
  };

  template <typename T, typename F>
  bool Take(std::vector<std::pair<int64_t, T>>& list, F take) {
    for (size_t i = 0; i < list.size(); ++i) {
      if (list[i].first != now_) continue;
      const T what = list[i].second;
      list.erase(list.begin() + static_cast<ptrdiff_t>(i));
      take(what);
      std::erase_if(visits_, [](const Visit& visit) { return visit.left; });
      return true;
    }
    return false;
  }

  void Tell(std::string_view what) { story_.push_back(Line(now_, what)); }

  void Hear(const std::string& name) {
    if (name == kJoins) member_ = !member_;
    for (Visit& visit : visits_) {
      const Node& node = journey_.nodes[visit.node];
      if (name == "buy") {
        Leave(visit, "goal");
      } else if (WaitsForMembers(node)) {
        if (!member_) {
          visit.held_already = false;
        } else if (name == kJoins && !visit.held_already) {
          GoOn(visit, 0);
        }
      } else if (node.kind == NodeKind::kWaitEvent && name == node.branches[0].match.event) {
        GoOn(visit, 0);
      }
    }
    std::erase_if(visits_, [](const Visit& visit) { return visit.left; });
    if (name != journey_.entry.on.event) return;
    const bool may = journey_.reentry.policy == Reentry::kAlways ||
                     (journey_.reentry.policy == Reentry::kOnce ? !entered_ : visits_.empty());
    if (!may) return;
    entered_ = true;
    Tell("in");
    visits_.push_back({.node = journey_.first});
    Arrive(visits_.back());
  }

  void Open(size_t message) {
    messages_[message].opened = true;
    for (Visit& visit : visits_) {
      if (journey_.nodes[visit.node].kind != NodeKind::kChain) continue;
      if (std::ranges::find(visit.messages, message) != visit.messages.end()) GoOn(visit, 0);
    }
  }

  void Leave(Visit& visit, std::string_view why) {
    Tell("out " + std::string(why));
    visit.left = true;
    visit.due_ms = kNever;
  }

  void GoOn(Visit& visit, size_t outcome) {
    const uint32_t next = journey_.nodes[visit.node].next[outcome];
    if (next == kNoNode) {
      return Leave(visit, journey_.nodes[visit.node].kind != NodeKind::kChain ? "dead_end"
                          : outcome == 1                                      ? "exhausted"
                                                                              : "completed");
    }
    visit = {.node = next};
    Arrive(visit);
  }

  void Arrive(Visit& visit) {
    const Node& node = journey_.nodes[visit.node];
    switch (node.kind) {
      case NodeKind::kExit:
        return Leave(visit, "completed");
      case NodeKind::kWait:
      case NodeKind::kWaitEvent:
        if (WaitsForMembers(node) && member_ && node.accept_current) return GoOn(visit, 0);
        visit.held_already = member_;
        visit.due_ms = now_ + node.span.ms;
        return;
      case NodeKind::kJudge:
        return GoOn(visit, IsRich(customer_) ? 0 : 1);
      case NodeKind::kRatio:
        return GoOn(visit,
                    BucketOf(customer_, journey_.id, node.id) < node.branches[0].share ? 0 : 1);
      case NodeKind::kSend:
        (void)Send(visit, 0);
        return GoOn(visit, 0);
      case NodeKind::kChain:
        return Try(visit);
      default:
        return GoOn(visit, 0);
    }
  }

  void Try(Visit& visit) {
    const Node& node = journey_.nodes[visit.node];
    for (; visit.step < node.attempts.size(); ++visit.step) {
      if (!Send(visit, visit.step)) continue;
      visit.due_ms = now_ + node.attempts[visit.step].wait.ms;
      return;
    }
    GoOn(visit, 1);
  }

  void TimeIsOver(Visit& visit) {
    const Node& node = journey_.nodes[visit.node];
    if (node.kind == NodeKind::kWait) return GoOn(visit, 0);
    if (node.kind == NodeKind::kWaitEvent) return GoOn(visit, 1);
    ++visit.step;
    visit.due_ms = kNever;
    Try(visit);
  }

  // Two in any 24 hours.
  bool Send(Visit& visit, uint32_t step) {
    size_t lately = 0;
    for (const Message& message : messages_) lately += message.at_ms > now_ - kDayMs;
    const Node& node = journey_.nodes[visit.node];
    if (lately >= 2) return false;
    Tell("send " + node.attempts[step].text);
    if (const auto after = OpenedAfter(customer_, messages_.size())) {
      opens_.emplace_back(now_ + *after, messages_.size());
    }
    visit.messages.push_back(messages_.size());
    messages_.push_back({now_});
    return true;
  }

  const Journey& journey_;
  const Ordinal customer_;
  std::vector<std::pair<int64_t, std::string>> events_;
  std::vector<std::pair<int64_t, size_t>> opens_;
  std::vector<Visit> visits_;
  std::vector<Message> messages_;
  std::vector<std::string> story_;
  bool entered_ = false;
  bool member_ = false;
  int64_t now_ = 0;
};

// A drawing without circles: every node leads to later ones.
std::string DrawnAtRandom(io::SimRandom& random) {
  const size_t count = 3 + random.Below(8);
  std::string nodes, edges;
  const auto edge = [&](size_t from, std::string_view outcome) {
    const size_t to = from + 1 + random.Below(count - from);
    edges += " n" + std::to_string(from) + (outcome.empty() ? "" : ":") + std::string(outcome) +
             ">n" + std::to_string(to);
  };
  for (size_t i = 0; i <= count; ++i) {
    const std::string id = "n" + std::to_string(i);
    const std::string span = std::to_string(1 + random.Below(90)) + "h";
    std::string rest;
    std::vector<std::string_view> outcomes;
    switch (i == count ? 99 : random.Below(7)) {
      case 0:
        rest = R"("type":"wait","for":")" + span + "\"";
        outcomes = {""};
        break;
      case 1:
        rest = R"("type":"wait_event","timeout":")" + span +
               R"(","branches":[{"outcome":"x","event":"X"}])";
        outcomes = {"x", "timeout"};
        break;
      case 2:
        rest = R"("type":"judge","when":"rich")";
        outcomes = {"yes", "no"};
        break;
      case 3:
        rest = R"("type":"ratio","branches":[{"outcome":"a","percent":37},
                                             {"outcome":"b","percent":63}])";
        outcomes = {"a", "b"};
        break;
      case 4:
        rest = R"("type":"send","channel":"sms","text":")" + id + "\"";
        outcomes = {""};
        break;
      case 6:
        rest = R"("type":"wait_event","timeout":")" + span + R"(","accept_current":)" +
               (random.Below(2) ? "true" : "false") +
               R"(,"branches":[{"outcome":"m","when":"member"}])";
        outcomes = {"m", "timeout"};
        break;
      case 5:
        rest = R"("type":"chain","steps":[{"channel":"push","text":")" + id + R"(a","wait":")" +
               span + R"("},{"channel":"sms","text":")" + id + R"(b","wait":"7h"}])";
        outcomes = {"succeeded", "exhausted"};
        break;
      default:
        rest = R"("type":"exit")";
    }
    nodes += (i ? "," : "") + std::string(R"({"id":")") + id + "\"," + rest + "}";
    for (const std::string_view outcome : outcomes) {
      if (random.Below(6) != 0 || outcome.empty()) edge(i, outcome);
    }
  }
  const char* policies[] = {"once", "after_exit", "always"};
  return Drawn(nodes, "start>n0" + edges,
               R"("goal":{"event":"buy"},"reentry":{"policy":")" +
                   std::string(policies[random.Below(3)]) + "\"}",
               "j", R"({"kind":"event","on":"A"})");
}

// Empty when it may not be published: a node no way leads to.
std::string IfPublishable(const std::string& json, const TestWorld& world) {
  const Checked checked = CheckJourney(json, world);
  return checked.journey ? json : std::string();
}

Story StoryOf(const Stage& stage) {
  Story story;
  std::map<EntryId, Ordinal> customers;
  for (const Decision& decision : stage.log) {
    for (const Change& change : decision.changes) {
      if (const auto* in = std::get_if<change::Entered>(&change)) {
        customers[in->entry] = in->customer;
        story[in->customer].push_back(Line(decision.time_ms, "in"));
      } else if (const auto* sent = std::get_if<change::TouchPlanned>(&change)) {
        story[sent->customer].push_back(Line(decision.time_ms, "send " + sent->text));
      } else if (const auto* left = std::get_if<change::Left>(&change)) {
        story[customers[left->entry]].push_back(
            Line(decision.time_ms, "out " + std::string(NameOf(left->reason))));
      }
    }
  }
  return story;
}

void Compare(uint64_t seed) {
  io::SimRandom random(seed);
  Stage stage;
  stage.world.tests["rich"] = [](const Facts& facts) {
    return IsRich(facts.customer) ? Truth::kYes : Truth::kNo;
  };
  const Subject segment{Subject::Kind::kSegment, "members"};
  std::set<Ordinal> members;
  stage.world.tests["member"] = [&](const Facts& facts) {
    return members.contains(facts.customer) ? Truth::kYes : Truth::kNo;
  };
  stage.world.subjects["member"] = {segment};
  const auto happen = [&](const Happening& one) {
    if (one.name != kJoins) return stage.Event(one.customer, one.name);
    if (!members.insert(one.customer).second) members.erase(one.customer);
    Machine::Out out;
    stage.machine().OnSubject(one.customer, segment, stage.now(), &out);
    stage.Follow(out);
  };
  std::string json;
  while (json.empty()) json = IfPublishable(DrawnAtRandom(random), stage.world);
  stage.Policy(R"({"caps":[{"name":"two","limit":2,"rolling":"24h"}]})");
  stage.Publish(json);
  const Journey& journey = stage.journey().now();

  const int64_t begin = stage.now(), end = begin + 30 * kDayMs;
  std::vector<Happening> happenings;
  std::map<Ordinal, std::vector<std::pair<int64_t, std::string>>> by_customer;
  for (int i = 0; i < 120; ++i) {
    // Even milliseconds for events, odd ones for what providers say: never the same.
    const int64_t at = begin + static_cast<int64_t>(random.Below(30 * kDayMs / 2)) * 2;
    const auto customer = static_cast<Ordinal>(random.Below(4));
    const uint64_t draw = random.Below(24);
    const std::string name = draw < 8 ? "A" : draw < 19 ? "X" : draw < 20 ? "buy" : "joins";
    happenings.push_back({at, customer, name});
    by_customer[customer].emplace_back(at, name);
  }
  std::ranges::stable_sort(happenings, {}, &Happening::at_ms);

  // Messages are numbered in the order they were planned, whatever order they go out in.
  std::map<Ordinal, uint64_t> counts;
  std::map<TouchKey, uint64_t> numbers;
  size_t read = 0;
  std::vector<std::pair<int64_t, TouchKey>> opens;
  stage.provider = [&](const change::TouchPlanned& plan) {
    for (; read < stage.log.size(); ++read) {
      for (const Change& change : stage.log[read].changes) {
        const auto* planned = std::get_if<change::TouchPlanned>(&change);
        if (planned) numbers[planned->key] = counts[planned->customer]++;
      }
    }
    if (const auto after = OpenedAfter(plan.customer, numbers.at(plan.key))) {
      opens.emplace_back(stage.now() + *after, plan.key);
    }
    return Outcome::kAccepted;
  };
  size_t next = 0;
  while (true) {
    const auto open = std::ranges::min_element(opens);
    const int64_t event_at = next < happenings.size() ? happenings[next].at_ms : kNever;
    const int64_t open_at = open == opens.end() ? kNever : open->first;
    const int64_t limit = std::min({event_at, open_at, end});
    // What is due before may send something that is opened before.
    const size_t known = opens.size();
    const int64_t due = stage.state().NextTimerBound().value_or(kNever);
    if (due < limit) {
      stage.AdvanceTo(std::min(std::max(due, stage.now() + 1), limit - 1));
      if (opens.size() != known || stage.state().NextTimerBound().value_or(kNever) < limit)
        continue;
    }
    if (limit >= end) break;
    stage.AdvanceTo(limit - 1);
    if (opens.size() != known) continue;
    stage.JumpClockTo(limit);
    if (open_at <= event_at) {
      const TouchKey key = open->second;
      opens.erase(open);
      stage.Receipt(key, Outcome::kOpened);
    } else {
      happen(happenings[next++]);
    }
  }
  stage.AdvanceTo(end);

  Story told = StoryOf(stage);
  for (Ordinal customer = 0; customer < 4; ++customer) {
    std::vector<std::string> expected = Naive(journey, customer, by_customer[customer]).Live(end);
    std::vector<std::string>& got = told[customer];
    // Of what happens in one millisecond only the sum is compared.
    std::ranges::sort(expected);
    std::ranges::sort(got);
    ASSERT_EQ(got, expected) << "JOURNEY_SEED=" << seed << " customer " << customer << "\n" << json;
  }
}

TEST(JourneyOracleTest, TheMachineTellsWhatANaiveInterpreterTells) {
  const char* only = std::getenv("JOURNEY_SEED");
  const char* many = std::getenv("JOURNEY_SEEDS");
  const uint64_t first = only ? std::strtoull(only, nullptr, 10) : 1;
  const uint64_t last = only ? first : many ? std::strtoull(many, nullptr, 10) : 200;
  for (uint64_t seed = first; seed <= last; ++seed) {
    Compare(seed);
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace waypost::journeys

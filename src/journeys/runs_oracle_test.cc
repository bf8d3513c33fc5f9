// Whom lists let in where entries are capped, against somebody with a notebook: for each who is
// listed he reads again from its beginning who came in before.
#include <gtest/gtest.h>

#include <cstdlib>
#include <deque>
#include <list>

#include "base/clock.h"
#include "io/sim_random.h"
#include "journeys/test_stage.h"

namespace waypost::journeys {
namespace {

constexpr Ordinal kPeople = 12;
constexpr int64_t kStayMs = 20 * kHour + 1;

// Those of a list come in in waves of so many, so long one after the other.
struct WaveLimits {
  std::vector<uint64_t> numbers;  // none: all at once
  int64_t every_ms = 0;
  bool drops_rest = false;
};

// What a version says; 0: nothing.
struct Limits {
  uint64_t all = 0, day = 0, run = 0, branch = 0;
  bool any() const { return all + day + run + branch > 0; }
};

class Notebook {
 public:
  struct List {
    std::deque<std::pair<Ordinal, size_t>> to_come;  // with his wave
    size_t waves = 0, begun = 0;
    int64_t next_ms = 0;  // when the next wave begins
    int64_t every_ms = 0;
    uint64_t came = 0;

    bool waits(int64_t now_ms) const {
      const size_t wave = to_come.front().second;
      return wave > begun && wave <= waves && next_ms > now_ms;
    }
  };
  std::string policy;
  Limits limits;
  WaveLimits waves;
  std::list<List> lists;

  void Add(const std::vector<Ordinal>& customers, int64_t now_ms) {
    List& list = lists.emplace_back();
    list.waves = waves.numbers.size();
    list.next_ms = now_ms;
    list.every_ms = waves.every_ms;
    size_t wave = list.waves == 0 ? 0 : 1;
    uint64_t left = wave == 0 ? 0 : waves.numbers[0];
    for (const Ordinal customer : customers) {
      const bool last_for_all = wave == list.waves && !waves.drops_rest;
      if (wave > 0 && wave <= list.waves && left == 0 && !last_for_all)
        left = ++wave <= list.waves ? waves.numbers[wave - 1] : 0;
      list.to_come.emplace_back(customer, wave);
      left -= left > 0;
    }
  }

  // The oldest of which somebody may come; null: none.
  List* Open(int64_t now_ms) {
    for (List& list : lists) {
      if (!list.waits(now_ms)) return &list;
    }
    return nullptr;
  }

  // The next of the list: "in", or why not.
  std::string TakeNext(List& list, int64_t now_ms, const std::string& branch) {
    const auto [customer, wave] = list.to_come.front();
    list.to_come.pop_front();
    if (wave > list.begun && wave <= list.waves) {
      list.begun = wave;
      list.next_ms = now_ms + list.every_ms;
    }
    const std::string became =
        wave > list.waves ? "wave_excluded" : Judge(customer, now_ms, branch, list.came);
    if (became == "in") {
      entries_.push_back({customer, now_ms, branch});
      ++list.came;
    }
    if (list.to_come.empty()) lists.remove_if([&](const List& one) { return &one == &list; });
    return became;
  }

 private:
  struct Line {
    Ordinal customer;
    int64_t at_ms;
    std::string branch;
  };

  template <typename Which>
  uint64_t Count(const Which& which) const {
    return static_cast<uint64_t>(std::ranges::count_if(entries_, which));
  }
  static int64_t DayOf(int64_t at_ms) { return (at_ms + 8 * kHour) / kDayMs; }

  std::string Judge(Ordinal customer, int64_t now_ms, const std::string& branch,
                    uint64_t came) const {
    const auto his = [&](const Line& line) { return line.customer == customer; };
    const auto inside = [&](const Line& line) {
      return his(line) && line.at_ms + kStayMs >= now_ms;
    };
    const auto reached = [](uint64_t limit, uint64_t count) { return limit > 0 && count >= limit; };
    if (policy == "once" && Count(his) > 0) return "reentry_once";
    if (policy == "after_exit" && Count(inside) > 0) return "active";
    if (reached(limits.all, entries_.size())) return "cap_total";
    const auto today = [&](const Line& line) { return DayOf(line.at_ms) == DayOf(now_ms); };
    if (reached(limits.day, Count(today))) return "cap_daily";
    const auto of_branch = [&](const Line& line) { return line.branch == branch; };
    if (reached(limits.branch, Count(of_branch))) return "cap_each";
    if (reached(limits.run, came)) return "cap_run";
    return "in";
  }

  std::vector<Line> entries_;
};

class CappedRuns {
 public:
  explicit CappedRuns(uint64_t seed) : random_(seed) {}

  void Run() {
    const char* policies[] = {"once", "after_exit", "always"};
    notebook_.policy = policies[random_.Below(3)];
    rank_ = random_.Below(3);
    for (bool* one : {&all_, &day_, &run_, &branch_, &waves_}) *one = random_.Below(2) == 0;
    Publish();
    for (int i = 0; i < 120 && !testing::Test::HasFailure(); ++i) {
      stage_.Advance(1 + static_cast<int64_t>(random_.Below(8 * kHour)));
      Act();
    }
  }

 private:
  void Publish() {
    const auto draw = [&](bool capped, uint64_t most) {
      return capped ? 1 + random_.Below(most) : 0;
    };
    notebook_.limits = {draw(all_, 40), draw(day_, 6), draw(run_, 5), draw(branch_, 12)};
    const Limits& limits = notebook_.limits;
    std::string caps;
    const auto say = [&](std::string_view name, uint64_t limit) {
      if (limit > 0) caps += ",\"" + std::string(name) + "\":" + std::to_string(limit);
    };
    say("entry_cap", limits.all);
    say("entry_cap_daily", limits.day);
    say("entry_cap_run", limits.run);
    if (limits.branch > 0) {
      caps += R"(,"entry_cap_each":{"attribute":"branch","limit":)" +
              std::to_string(limits.branch) + "}";
    }
    notebook_.waves = {};
    std::string waves;
    if (waves_) {
      notebook_.waves = {
          {}, static_cast<int64_t>(1 + random_.Below(12)) * kHour, random_.Below(2) == 0};
      for (uint64_t count = 2 + random_.Below(3); count > 0; --count) {
        notebook_.waves.numbers.push_back(1 + random_.Below(3));
        waves += (waves.empty() ? R"({"number":)" : R"(,{"number":)") +
                 std::to_string(notebook_.waves.numbers.back()) + "}";
      }
      waves = R"(,"waves":{"remainder":")" +
              std::string(notebook_.waves.drops_rest ? "drop" : "last") + R"(","every":")" +
              std::to_string(notebook_.waves.every_ms) + R"(ms","each":[)" + waves + "]}";
    }
    const std::string rank = rank_ == 0
                                 ? ""
                                 : R"(,"rank":{"attribute":"assets","first":")" +
                                       std::string(rank_ == 1 ? "largest" : "smallest") + "\"}";
    stage_.Publish(
        Drawn(R"({"id":"w","type":"wait","for":")" + std::to_string(kStayMs) + "ms\"}", "start>w",
              R"("zone":"Asia/Shanghai","reentry":{"policy":")" + notebook_.policy + "\"}" + caps,
              "j", R"({"kind":"list")" + rank + waves + "}"));
  }

  void Act() {
    const auto customer = static_cast<Ordinal>(random_.Below(kPeople));
    switch (random_.Below(8)) {
      case 0:
      case 1:
        return List();
      case 2:
        stage_.world.attributes[{customer, "branch"}] = random_.Below(2) ? "east" : "west";
        return;
      case 3:
        stage_.world.attributes[{customer, "assets"}] = std::to_string(random_.Below(4)) + ".5";
        return;
      case 4:
        return random_.Below(5) == 0 ? Publish() : stage_.Restart();
      default:
        return LetIn(1 + random_.Below(6));
    }
  }

  void List() {
    std::vector<Ordinal> customers;
    for (uint64_t count = 1 + random_.Below(9); count > 0; --count)
      customers.push_back(static_cast<Ordinal>(random_.Below(kPeople)));
    stage_.List(customers);
    std::vector<Ordinal> each;
    for (const Ordinal one : customers) {
      if (std::ranges::find(each, one) == each.end()) each.push_back(one);
    }
    const std::vector<Ordinal>& listed = stage_.journey().listings.back().customers;
    ASSERT_TRUE(std::ranges::is_permutation(listed, each));
    if (rank_ != 0 || waves_ || notebook_.limits.any()) {
      CheckOrder(listed);
    } else {
      ASSERT_EQ(listed, each) << "as they are given";
    }
    notebook_.Add(listed, stage_.now());
  }

  // By rank, those without one last; of equals one comes before the other for ever.
  void CheckOrder(const std::vector<Ordinal>& listed) {
    const auto place = [&](Ordinal customer) {
      const auto assets = stage_.world.Attribute(customer, "assets");
      if (rank_ == 0) return 0.0;
      return assets ? std::stod(*assets) * (rank_ == 1 ? -1 : 1) : 1e9;
    };
    for (size_t i = 0; i < listed.size(); ++i) {
      for (size_t j = i + 1; j < listed.size(); ++j) {
        ASSERT_LE(place(listed[i]), place(listed[j])) << "not by rank";
        if (place(listed[i]) < place(listed[j])) continue;
        before_.insert({listed[i], listed[j]});
        ASSERT_FALSE(before_.contains({listed[j], listed[i]})) << "equals changed places";
      }
    }
  }

  void LetIn(size_t most) {
    const size_t read = stage_.log.size();
    std::vector<std::string> expected;
    for (size_t i = 0; i < most; ++i) {
      Notebook::List* list = notebook_.Open(stage_.now());
      if (!list) break;
      const Ordinal customer = list->to_come.front().first;
      const std::string branch = stage_.world.Attribute(customer, "branch").value_or("");
      expected.push_back(std::to_string(customer) + " " +
                         notebook_.TakeNext(*list, stage_.now(), branch));
    }
    stage_.LetIn(most);
    std::vector<std::string> got;
    for (size_t i = read; i < stage_.log.size(); ++i) {
      for (const Change& change : stage_.log[i].changes) {
        if (const auto* in = std::get_if<change::Entered>(&change))
          got.push_back(std::to_string(in->customer) + " in");
        if (const auto* refused = std::get_if<change::Refused>(&change))
          got.push_back(std::to_string(refused->customer) + " " +
                        std::string(NameOf(refused->reason)));
      }
    }
    ASSERT_EQ(got, expected) << stage_.journey().now().json;
  }

  io::SimRandom random_;
  Stage stage_;
  Notebook notebook_;
  uint64_t rank_ = 0;
  bool all_ = false, day_ = false, run_ = false, branch_ = false;  // what is capped
  bool waves_ = false;
  std::set<std::pair<Ordinal, Ordinal>> before_;
};

TEST(RunsOracleTest, TheMachineLetsInWhomTheNotebookLetsIn) {
  const char* only = std::getenv("JOURNEY_SEED");
  const char* many = std::getenv("JOURNEY_SEEDS");
  const uint64_t first = only ? std::strtoull(only, nullptr, 10) : 1;
  const uint64_t last = only ? first : many ? std::strtoull(many, nullptr, 10) : 40;
  for (uint64_t seed = first; seed <= last; ++seed) {
    SCOPED_TRACE("JOURNEY_SEED=" + std::to_string(seed));
    CappedRuns(seed).Run();
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace waypost::journeys

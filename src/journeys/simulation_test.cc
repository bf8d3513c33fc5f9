// What happens in a simulated month (simulation.h).
#include "journeys/simulation.h"

#include <cstdlib>

namespace waypost::journeys {

// A copy from before takes the place of all: sending is held until somebody lets it go on, and what
// the copy does not know of refusals and erasures is said again.
void Simulation::Restore() {
  ++restores_;
  base_ = kept_ = backup_;
  book_ = backup_book_;
  lists_ = backup_lists_;
  kept_at_ = 0;
  Restart();
  Give([&](Machine& machine, Out* out) { machine.SetHeld(true, now_, out); });
  for (const Ordinal customer : erased_) {
    for (const Ordinal one : Members(root_[customer]))  // in the copy they may be apart
      Give([&](Machine& machine, Out* out) { machine.Erase(one, now_, out); });
  }
  for (Ordinal customer = 0; customer < kCustomers; ++customer) {
    if (erased_.contains(customer) || root_[customer] != customer) continue;
    TellOf(customer);
    TellConsent(customer);
  }
  for (const Subject& subject : {kMembers, kGone})
    Give([&](Machine& machine, Out* out) { machine.OnSubject(subject, now_, out); });
}

// The provider is asked first about everything that may have been sent since the copy was made.
void Simulation::Release() {
  Give([&](Machine& machine, Out* out) { machine.FireUntil(now_, out); });
  for (const Outcome outcome : {Outcome::kPlanned, Outcome::kClaimed, Outcome::kUnknown}) {
    const std::vector<TouchKey> open = machine_->state().TouchesIn(outcome);
    for (const TouchKey& key : open) {
      if (!provider_.Has(key)) continue;
      Give([&](Machine& machine, Out* out) {
        machine.OnReceipt(key, Outcome::kAccepted, "query", now_, out);
      });
    }
  }
  Give([&](Machine& machine, Out* out) { machine.SetHeld(false, now_, out); });
}

// How urgent its messages are, what they are about, and what becomes of what is late.
std::string Simulation::DrawExtra() {
  const auto one_of = [&](std::initializer_list<std::string_view> words) {
    return std::string(words.begin()[random_.Below(words.size())]);
  };
  std::string extra = R"("priority":)" + std::to_string(random_.Below(4) * 30) +
                      R"(,"mandatory":)" + one_of({"true", "false", "false"}) + R"(,"category":")" +
                      one_of({"marketing", "news"}) + R"(","value":)" +
                      one_of({"0", "5", R"({"attribute":"assets"})"}) + R"(,"tags":)" +
                      one_of({"[]", R"(["loans"])", R"(["loans","cards"])", R"(["cards"])"}) +
                      R"(,"clock_while_paused":")" + one_of({"runs", "frozen"}) + '"';
  if (random_.Below(2) == 0)
    extra += R"(,"max_lateness":"2h","on_late":")" + one_of({"exit", "next_time"}) + '"';
  if (random_.Below(2) == 0)
    extra += R"(,"resume_per_second":)" + std::to_string(1 + random_.Below(2));
  return extra;
}

void Simulation::Publish() {
  ++published_;
  const std::string extra = R"("reentry":{"policy":"after_exit"},"zone":")" + zone_ +
                            R"(","goal":{"event":"buy","window":"3d","count":")" +
                            (published_ % 2 ? "once" : "every") +
                            R"("},"exit_on":[{"event":"leave"},{"when":"gone"}],)" + DrawExtra();
  const std::string json = Drawn(
      R"({"id":"j","type":"judge","when":"rich"},
         {"id":"r","type":"ratio","branches":[{"outcome":"a","percent":30},
                                              {"outcome":"b","percent":70}]},
         {"id":"w","type":"wait","for":"1d"},{"id":"u","type":"wait","until":"02:30"},
         {"id":"x","type":"wait_event","timeout":"36h","branches":[{"outcome":"x","event":"X"}]},
         {"id":"s","type":"send","channel":"sms","text":"t","on_cap":"wait","cap_wait":"2d"},
         {"id":"no","type":"set","attribute":"failed","value":"yes"},
         {"id":"f","type":"fork","branches":[{"outcome":"a"},{"outcome":"b"}]},
         {"id":"g","type":"join","timeout":"3d"},
         {"id":"l","type":"loop","max_visits":2},{"id":"q","type":"rate","most":2,"per":"6h"},
         {"id":"c","type":"chain","habit":"h","steps":[
            {"channel":"push","text":"A","wait":"1d"},{"channel":"sms","text":"B","wait":"12h","success":"goal"}]},
         {"id":"k","type":"call","journey":"called","wait":"completion","timeout":"20h",
          "out":[{"from":"seen"}]},
         {"id":"y","type":"wait_event","mode":"ranked","timeout":"10h",
          "branches":[{"outcome":"y","event":"Y"},{"outcome":"x","event":"X"}]},
         {"id":"b","type":"wait","date":"born","every":"lunar_year","until":"08:00"},
         {"id":"end","type":"exit"})",
      "start>j j:yes>r j:no>f r:a>w r:b>q q>u w>x u>s x:x>m x:timeout>s m:in>k m:timeout>c k>y "
      "k:timeout>c "
      "y:y>c y:x>b y:timeout>c b>c b:no_date>c s>l "
      "s:failed>no no>l "
      "f:a>w2 f:b>x2 w2>g x2:x>g x2:timeout>g g>c l:again>w l:done>end c:succeeded>end "
      "c:exhausted>end",
      extra, "sim" + std::to_string(published_ % 2),
      R"({"kind":"event","on":"A","unknown_user":"hold","hold":"36h"})");
  std::string with_fork = json;
  with_fork.replace(with_fork.find(R"({"id":"end")"), 0,
                    R"({"id":"w2","type":"wait","for":"5h"},
                       {"id":"x2","type":"wait_event","timeout":"9h",
                        "branches":[{"outcome":"x","event":"X"}]},
                       {"id":"m","type":"wait_event","timeout":"2d",
                        "branches":[{"outcome":"in","when":"members"}]},)");
  Give([&](Machine& machine, Out* out) {
    const Result<uint32_t> published = machine.Publish(with_fork, now_, out);
    ASSERT_TRUE(published.ok()) << published.error().message();
  });
}

// Those of a run come one part after the other, or at once.
std::string Simulation::DrawWaves() {
  if (random_.Below(3) == 0) return {};
  std::string waves = R"(,"waves":{"every":")" + std::to_string(1 + random_.Below(8)) +
                      R"(h","each":[{"percent":40})" +
                      (random_.Below(2) ? R"(,{"number":1},{"percent":30})" : R"(,{"rank":1})") +
                      R"(],"remainder":")" + (random_.Below(2) ? "last" : "drop") + '"';
  if (random_.Below(2) == 0) waves += R"(,"exclude":["exited","capped"])";
  if (random_.Below(2) == 0) waves += R"(,"no_overlap":true)";
  return waves + "}";
}

// An experiment whose ways put customers on a list and take them off, and a goal that is bought and
// taken back, or that is a condition.
std::string Simulation::DrawTrial() {
  const auto one_of = [&](std::string_view one, std::string_view other) {
    return std::string(random_.Below(2) ? one : other);
  };
  const std::string goal =
      one_of(R"("goal":{"event":"buy","value":"amount","unique":"order","reversal":"return",)",
             R"("goal":{"when":"members","value":"assets",)") +
      R"("window":"4d","count":"every","credit":")" + one_of("linear", "first_touch") + R"("},)";
  return Drawn(
      R"({"id":"xp","type":"experiment","lasts":"12d","min_sample":1,"metric":{"event":"X"},
          "branches":[{"outcome":"a","percent":40},{"outcome":"b","percent":30}],
          "test":")" +
          one_of("bayesian", "two_proportions") + R"(","winner":")" + one_of("auto", "manual") +
          R"(","no_winner":")" + one_of("a", "b") + R"("},
         {"id":"on","type":"list","list":"liked"},
         {"id":"off","type":"list","list":"liked","action":"remove"},
         {"id":"w","type":"wait","until":"11:00"},
         {"id":"s","type":"send","channel":"push","text":"t"})",
      "start>xp xp:a>on xp:b>off on>w off>w w>s",
      goal + R"("reentry":{"policy":"always"},"exit_on":[{"when":"gone"}],)" + DrawExtra(), "trial",
      R"({"kind":"event","on":"T"})");
}

// One that others call, one of runs that calls it, and one with an experiment.
void Simulation::PublishOthers() {
  const std::string rules = R"("reentry":{"policy":"after_exit"},"zone":")" + zone_ +
                            R"(","exit_on":[{"event":"leave"},{"when":"gone"}],)" + DrawExtra();
  const std::string called = Drawn(R"({"id":"w","type":"wait","for":"9h"},
               {"id":"x","type":"wait_event","timeout":"1d",
                "branches":[{"outcome":"x","event":"X"},{"outcome":"in","when":"members"}]},
               {"id":"v","type":"set","attribute":"seen","value":"yes"},
               {"id":"s","type":"send","channel":"push","text":"called"})",
                                   "start>w w>x x:x>v x:in>s v>s", rules, "called");
  const std::string run = Drawn(
      R"({"id":"s","type":"send","channel":"push","text":"run"},
         {"id":"k","type":"call","journey":"called","wait":"completion","timeout":"30h"},
         {"id":"k2","type":"call","journey":"called"})",
      "start>s s>k k:timeout>k2",
      rules + R"(,"entry_cap_run":)" + std::to_string(kOfRun) +
          R"(,"entry_cap_each":{"attribute":"branch","limit":)" + std::to_string(kOfBranch) + "}",
      "run",
      R"({"kind":"batch","segment":"vips","schedule":{"every":"day","at":"10:00"},)"
      R"("rank":{"attribute":"assets"})" +
          DrawWaves() + "}");
  const std::string trial = DrawTrial();
  for (const std::string& json : {called, run, trial}) {
    Give([&](Machine& machine, Out* out) {
      const Result<uint32_t> published = machine.Publish(json, now_, out);
      ASSERT_TRUE(published.ok()) << published.error().message();
    });
  }
}

// A run that was taken is for some of the customers, some of them named twice; it may be a while
// until that is known.
void Simulation::ListRuns(Out* out) {
  const auto index = machine_->state().FindJourney("run");
  if (!index) return;
  const std::map<int64_t, OpenRun> open = machine_->state().journeys()[*index].open_runs;
  for (const auto& [name, times] : open) {
    if (now_ >= times.until_ms) {
      ASSERT_TRUE(machine_->GiveUpRun("run", name, "too late", now_, out).ok());
      continue;
    }
    if (random_.Below(3) > 0) continue;
    std::vector<Ordinal> customers;
    for (uint64_t draw = MixBits(++runs_); draw > 0 && customers.size() < 8; draw /= kCustomers)
      customers.push_back(static_cast<Ordinal>(draw % kCustomers));
    std::erase_if(customers,
                  [&](Ordinal one) { return root_[one] != one || erased_.contains(one); });
    const Machine::RunAudience run{
        .run = name, .segment_run = static_cast<int64_t>(runs_), .customers = customers};
    ASSERT_TRUE(machine_->ListRun("run", run, now_, out).ok());
  }
}

// Whom those listed are known as.
void Simulation::FollowRoots() {
  for (Ordinal one = 0; one < kCustomers; ++one)
    world_.roots[one] = erased_.contains(one) ? std::nullopt : std::optional(root_[one]);
}

std::vector<Ordinal> Simulation::Members(Ordinal root) const {
  std::vector<Ordinal> members;
  for (Ordinal one = 0; one < kCustomers; ++one) {
    if (root_[one] == root) members.push_back(one);
  }
  return members;
}

// It holds for each, should they be several again.
void Simulation::TellConsent(Ordinal root) {
  Give([&](Machine& machine, Out* out) {
    machine.SetConsent({root, "sms", "*", !refuses_.contains(root)}, now_, out);
    machine.OnIdentity(root, Members(root), now_, out);
  });
}

void Simulation::TellOf(Ordinal root) {
  Give([&](Machine& machine, Out* out) { machine.OnIdentity(root, Members(root), now_, out); });
}

// What either of them refused both do.
void Simulation::Unite() {
  const Ordinal to = root_[random_.Below(kCustomers)], from = root_[random_.Below(kCustomers)];
  if (from == to || erased_.contains(from) || erased_.contains(to)) return;
  for (const Ordinal member : Members(from)) root_[member] = to;
  for (const Ordinal member : Members(to)) mixed_.insert(member);
  if (refuses_.erase(from) != 0) refuses_.insert(to);
  FollowRoots();
  TellOf(to);
}

void Simulation::Part() {
  const auto one = static_cast<Ordinal>(random_.Below(kCustomers));
  std::vector<Ordinal> members = Members(root_[one]);
  if (members.size() < 2 || erased_.contains(one)) return;
  const bool refused = refuses_.erase(root_[one]) != 0;
  std::erase(members, one);
  for (const Ordinal member : members) root_[member] = members.front();
  root_[one] = one;
  FollowRoots();
  for (const Ordinal root : {one, members.front()}) {
    if (refused) refuses_.insert(root);
    TellOf(root);
  }
}

// It becomes so of him, or no more.
void Simulation::Move(Ordinal customer, const Subject& subject) {
  if (erased_.contains(customer)) return;
  if (!holds_.emplace(customer, subject).second) holds_.erase({customer, subject});
  const bool of_whom = random_.Below(4) != 0;
  Give([&](Machine& machine, Out* out) {
    return of_whom ? machine.OnSubject(customer, subject, now_, out)
                   : machine.OnSubject(subject, now_, out);
  });
}

void Simulation::Act() {
  const Ordinal customer = root_[random_.Below(kCustomers)];
  const std::string id(kIds[random_.Below(2)]), any(kIds[random_.Below(std::size(kIds))]);
  const auto event = [&](std::string_view name) {
    if (erased_.contains(customer)) return;
    const Properties properties{{"order", std::to_string(random_.Below(3))},
                                {"amount", std::to_string(random_.Below(100))}};
    world_.history.push_back({customer, std::string(name), now_});
    Give([&](Machine& machine, Out* out) {
      machine.OnEvent({customer, name, properties, now_}, out);
    });
  };
  const auto phase = [&](Phase to) {
    Give([&](Machine& machine, Out* out) { (void)machine.SetPhase(any, to, "sim", now_, out); });
  };
  const std::string stranger = "login:" + std::to_string(random_.Below(4));
  switch (random_.Below(34)) {
    case 28:
    case 29:
    case 30:
      return event("T");
    case 31:
      return event("return");
    case 32:
      return event("buy");
    case 33:
      if (random_.Below(8) != 0) return event("X");
      return Give([&](Machine& machine, Out* out) {
        (void)machine.ChooseWay("trial", "xp", random_.Below(2) ? "a" : "b", now_, out);
      });
    case 20:
    case 21:
      return Move(customer, kMembers);
    case 22:
      return Move(customer, kGone);
    case 23:
      return event("Y");
    case 24:
      world_.attributes[{customer, "born"}] = "2001-" +
                                              std::string(random_.Below(2) ? "03-" : "04-1") +
                                              std::to_string(random_.Below(9));
      return Give(
          [&](Machine& machine, Out* out) { machine.OnAttribute(customer, "born", now_, out); });
    case 25:
    case 26:
    case 27:
      return Give(
          [&](Machine& machine, Out* out) { machine.LetIn(1 + random_.Below(3), now_, out); });
    case 18:
      return Unite();
    case 19:
      return Part();
    case 16:
      return Give([&](Machine& machine, Out* out) {
        (void)machine.EnterUnknown({id, stranger, {}, {}}, now_, out);
      });
    case 17:
      if (erased_.contains(customer)) return;
      return Give(
          [&](Machine& machine, Out* out) { machine.OnKnown(stranger, customer, now_, out); });
    case 0:
      if (erased_.contains(customer)) return;
      refuses_.insert(customer);
      return TellConsent(customer);
    case 1:
      if (erased_.contains(customer)) return;
      refuses_.erase(customer);
      return TellConsent(customer);
    case 2:
      return phase(Phase::kPaused);
    case 3:
    case 4:
      return phase(Phase::kRunning);
    case 5:
      return random_.Below(4) == 0 ? Publish() : event("A");
    case 6:
      if (random_.Below(6) != 0) return event("buy");
      for (const Ordinal member : Members(customer)) {
        erased_.insert(member);
        FollowRoots();
        Give([&](Machine& machine, Out* out) { machine.Erase(member, now_, out); });
      }
      return;
    case 7:
      return event("leave");
    case 8:
      world_.attributes[{customer, "timezone"}] = std::string_view(
          std::array{"Europe/London", "no/zone", "", zone_.c_str()}[random_.Below(4)]);
      return Give([&](Machine& machine, Out* out) {
        machine.OnAttribute(customer, "timezone", now_, out);
      });
    case 9:
    case 10:
      return event("X");
    default:
      return event("A");
  }
}

void Simulation::HandOver(const TouchKey& key) {
  const MoodyProvider::Answer answer = provider_.Send(key, random_.Next());
  if (random_.Below(20) == 0) return Crash();  // the answer is lost with us
  if (answer.try_again) {
    return Give([&](Machine& machine, Out* out) {
      machine.PutBack(key, now_ + kMinute, true, "busy", now_, out);
    });
  }
  const Outcome outcome = answer.outcome.value_or(Outcome::kUnknown);
  Give([&](Machine& machine, Out* out) { machine.OnReceipt(key, outcome, {}, now_, out); });
  for (int i = 0; i < answer.receipts && random_.Below(3) == 0; ++i) {
    const Outcome receipt = random_.Below(2) ? Outcome::kDelivered : Outcome::kOpened;
    Give([&](Machine& machine, Out* out) { machine.OnReceipt(key, receipt, {}, now_, out); });
  }
}

void Simulation::Dispatch() {
  for (const TouchKey& key : machine_->state().DueTouches(now_)) {
    Out out;
    const bool claimed = machine_->Claim(key, now_, &out);
    Write(out);  // on disk before the hand-off
    if (testing::Test::HasFatalFailure()) return;
    if (!claimed) continue;
    CheckHandOff(machine_->state().FindTouch(key)->plan);
    if (random_.Below(25) == 0) {
      Crash();  // between claim and hand-off
      continue;
    }
    HandOver(key);
  }
}

// An operator, or a status query, says what became of the unknown.
void Simulation::Reconcile() {
  const std::vector<TouchKey> unknown = machine_->state().TouchesIn(Outcome::kUnknown);
  for (const TouchKey& key : unknown) {
    if (!provider_.Has(key) && random_.Below(2) == 0) {
      Give([&](Machine& machine, Out* out) {
        machine.PutBack(key, now_, true, "query", now_, out);
      });
      continue;
    }
    const Outcome outcome = provider_.Has(key) ? Outcome::kAccepted : Outcome::kRejected;
    Give([&](Machine& machine, Out* out) { machine.OnReceipt(key, outcome, "query", now_, out); });
  }
}

void Simulation::TakeBack() {
  const std::set<TouchKey> recalls = machine_->state().recalls();
  for (const TouchKey& key : recalls) {
    const bool in_time = random_.Below(2) == 0;
    if (in_time) taken_back_.insert(key);
    Give([&](Machine& machine, Out* out) { machine.OnRecall(key, in_time, now_, out); });
  }
}

// What decisions say of a list it says once, also when that is not known afterwards.
void Simulation::KeepLists() {
  std::map<uint64_t, Unlisted> changes;
  for (const auto& [key, one] : machine_->state().unlisted()) changes.emplace(one.order, one);
  for (const auto& [order, one] : changes) {
    KeptList& list = lists_[one.list];
    if (order <= list.through) continue;
    if (one.on) list.on.insert(one.customer);
    if (!one.on) list.on.erase(one.customer);
    list.through = order;
  }
  if (random_.Below(10) == 0) return Crash();
  for (const auto& [name, list] : lists_) {
    Give([&](Machine& machine, Out* out) { machine.OnListKept(name, list.through, now_, out); });
  }
}

void Simulation::Run() {
  ASSERT_NO_FATAL_FAILURE(Give([&](Machine& machine, Out* out) {
    ASSERT_TRUE(machine.SetPolicy(rules_.json, now_, out).ok());
  }));
  ASSERT_NO_FATAL_FAILURE(PublishOthers());
  ASSERT_NO_FATAL_FAILURE(Publish());
  ASSERT_NO_FATAL_FAILURE(Publish());
  const int64_t end = now_ + 30 * kDayMs;
  while (now_ < end) {
    int64_t step = static_cast<int64_t>(random_.Below(4 * kHour)) + 1;
    if (random_.Below(50) == 0) step += kDayMs;  // down for a day
    now_ += step;
    const int64_t told = random_.Below(30) == 0 ? now_ - kHour : now_;  // the clock jumps back
    Give([&](Machine& machine, Out* out) { machine.FireUntil(told, out); });
    if (testing::Test::HasFatalFailure()) return;
    Dispatch();
    if (testing::Test::HasFatalFailure()) return;
    Act();
    if (testing::Test::HasFatalFailure()) return;
    CheckConditions();
    if (testing::Test::HasFatalFailure()) return;
    Dispatch();
    if (random_.Below(20) == 0) Reconcile();
    TakeBack();
    if (random_.Below(5) == 0) KeepLists();
    if (testing::Test::HasFatalFailure()) return;
    if (provider_.keys && !backup_.empty() && random_.Below(100) == 0) Restore();
    if (machine_->state().held() && random_.Below(8) == 0) Release();
    if (testing::Test::HasFatalFailure()) return;
  }
  const State whole = Fold(Decoded(base_), 0, writer_->end());
  ASSERT_EQ(whole.Encode(), machine_->state().Encode()) << "the fold of the log is another state";
  ASSERT_EQ(Decoded(whole.Encode()).Encode(), whole.Encode());
  CheckPace();
  CheckRuns();
  book_.CheckCounts(machine_->state());
  KeepLists();
  std::set<Ordinal> liked = lists_["liked"].on, said = book_.OnList("liked");
  for (const Ordinal customer : erased_) liked.erase(customer), said.erase(customer);
  ASSERT_EQ(liked, said) << "a list that is not what was said of it";
  if (testing::Test::HasFatalFailure()) return;
  // A message goes out once, and what may have been lost is listed.
  for (const auto& [key, count] : provider_.taken) ASSERT_LE(count, 1) << "sent twice";
  if (restores_ > 0) return;  // the copy does not know all that was sent
  for (const auto& [key, count] : provider_.taken) {
    const Touch* touch = machine_->state().FindTouch(key);
    if (taken_back_.contains(key)) continue;
    ASSERT_TRUE(touch);
    ASSERT_TRUE(WasHandedOver(touch->outcome) || touch->outcome == Outcome::kUnknown ||
                touch->outcome == Outcome::kClaimed)
        << "the provider has it, and we say " << NameOf(touch->outcome);
  }
}

TEST(JourneySimulationTest, AMonthOfCrashesBreaksNoPromise) {
  const char* only = std::getenv("JOURNEY_SEED");
  const char* many = std::getenv("JOURNEY_SEEDS");
  const uint64_t first = only ? std::strtoull(only, nullptr, 10) : 1;
  const uint64_t last = only ? first : many ? std::strtoull(many, nullptr, 10) : 6;
  for (uint64_t seed = first; seed <= last; ++seed) {
    SCOPED_TRACE("JOURNEY_SEED=" + std::to_string(seed));
    Simulation simulation(seed);
    if (!testing::Test::HasFatalFailure()) simulation.Run();
    if (testing::Test::HasFatalFailure()) return;
  }
}

}  // namespace waypost::journeys

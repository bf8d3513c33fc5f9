// Whole journeys for weeks on a virtual clock: a log on a disk that forgets, a provider with moods,
// crashes anywhere, a clock that jumps, clocks that are put forward, a backup that is restored,
// customers who become one and are two again. A failing seed replays: JOURNEY_SEED=n runs only that
// one.
//
// What holds after every decision:
//   entered = active + exits, of each journey; arrived = left + standing there, of each node; who
//   left from its nodes is who left the journey, for each reason
//   every token waits for a time, for something that is told or in a line, and no timer is lost
//   who waits in a line came after who stands before him
// After every input:
//   nobody waits for what holds of him, and nobody is in of whom holds what ends the journey
// At every hand-off:
//   it is on disk; not without consent, after erasure, in quiet hours, out of the channel's hours,
//   to who is held out, or while sending is held
// At the end:
//   a message reached its customer once at most; what the provider has we call sent or unknown
//   no window of a day has more messages of a customer than the cap
//   no window of a line let through more than it may
//   the replay of the whole log, each record twice, is the state
#include <array>
#include <cstdlib>
#include <optional>

#include "base/clock.h"
#include "io/sim_file_system.h"
#include "journeys/test_stage.h"
#include "log/log_directory.h"
#include "log/log_writer.h"

namespace waypost::journeys {
namespace {

// A provider outside of the crash: it remembers what it took.
class MoodyProvider {
 public:
  enum class Mood : uint8_t {
    kOk,
    kSlow,
    kDropsAfterAccept,
    kFailsAfterAccept,
    kBusy,
    kReset,
    kGarbage,
    kRefusesInSuccess,
    kRepeatsReceipts,
  };
  struct Answer {
    std::optional<Outcome> outcome;  // nothing: nobody knows
    int receipts = 0;
    bool try_again = false;
  };

  // With `keys`, a second message of one key reaches nobody.
  Answer Send(const TouchKey& key, uint64_t draw) {
    ++calls[key];
    if (keys && Has(key)) return {Outcome::kAccepted};
    switch (static_cast<Mood>(draw % 9)) {
      case Mood::kOk:
      case Mood::kSlow:
        ++taken[key];
        return {Outcome::kAccepted, 1};
      case Mood::kDropsAfterAccept:
      case Mood::kFailsAfterAccept:
        ++taken[key];
        return {};
      case Mood::kBusy:
        return {{}, 0, true};
      case Mood::kReset:
      case Mood::kGarbage:
        return {};
      case Mood::kRefusesInSuccess:
        return {Outcome::kRejected};
      case Mood::kRepeatsReceipts:
        ++taken[key];
        return {Outcome::kAccepted, 3};
    }
    return {};
  }
  bool Has(const TouchKey& key) const { return taken.contains(key); }

  std::map<TouchKey, int> calls, taken;
  bool keys = false;
};

class Simulation {
 public:
  explicit Simulation(uint64_t seed) : random_(seed), disk_random_(seed + 1) {
    provider_.keys = random_.Below(2) == 0;
    Restart();
    world_.tests["rich"] = [](const Facts& facts) {
      return facts.customer % 5 == 0 ? Truth::kUnknown
                                     : (facts.customer % 2 ? Truth::kYes : Truth::kNo);
    };
    for (const Subject& subject : {kMembers, kGone}) {
      world_.tests[subject.name] = [this, subject](const Facts& facts) {
        return holds_.contains({facts.customer, subject}) ? Truth::kYes : Truth::kNo;
      };
      world_.subjects[subject.name] = {subject};
    }
    zone_ = random_.Below(2) ? "Asia/Shanghai" : "America/New_York";
  }

  void Run();

 private:
  using Out = Machine::Out;
  static constexpr Ordinal kCustomers = 6;
  const Subject kMembers{Subject::Kind::kSegment, "members"}, kGone{Subject::Kind::kTag, "gone"};

  // An input the log has already: after a crash it comes again.
  void Give(const std::function<void(Machine&, Out*)>& input) {
    while (true) {
      Out out;
      input(*machine_, &out);
      if (random_.Below(40) == 0) {
        Crash();  // before the decision was written
        continue;
      }
      Write(out);
      if (random_.Below(60) == 0) Crash();
      return;
    }
  }
  void Write(const Out& out) {
    if (out.empty()) return;
    const log::Record record{log::RecordKind::kDecision,
                             std::make_shared<const Bytes>(EncodeDecisions(out))};
    ASSERT_TRUE(writer_->Write({&record, 1}).ok());
    Check();
  }
  void Crash() {
    const LogPosition end = writer_->end();
    disk_.Crash(random_.Next());
    Restart();
    ASSERT_EQ(writer_->end(), end) << "a decision that was on disk is gone";
    const std::set<TouchKey> claimed = machine_->state().TouchesIn(Outcome::kClaimed);
    for (const TouchKey& key : claimed) {
      Give([&](Machine& machine, Out* out) {
        machine.OnReceipt(key, Outcome::kUnknown, "restart", now_, out);
      });
    }
  }
  std::string LogPath() const { return "/log" + std::to_string(restores_); }
  // The state and the log's records from there on, each applied twice.
  State Fold(State state, LogPosition from, LogPosition end) {
    const Result<> read = directory_->Read(
        from, end, [&](LogPosition, log::RecordKind, std::span<const uint8_t> payload) -> Result<> {
          const auto decisions = TRY(DecodeDecisions(payload));
          for (int turn = 0; turn < 2; ++turn) {
            for (const Decision& decision : decisions) TRY(state.Apply(decision));
          }
          return {};
        });
    EXPECT_TRUE(read.ok()) << read.error().message();
    return state;
  }
  static State Decoded(const Bytes& bytes) {
    if (bytes.empty()) return {};
    Result<State> decoded = State::Decode(bytes);
    EXPECT_TRUE(decoded.ok()) << decoded.error().message();
    return std::move(decoded).value();
  }
  // What was kept and the records since; sometimes it is kept anew.
  void Restart() {
    directory_ = std::make_unique<log::LogDirectory>(disk_, disk_random_, LogPath());
    Result<log::OpenLogFile> open = directory_->Recover(0);
    ASSERT_TRUE(open.ok()) << open.error().message();
    const LogPosition end = open.value().end;
    writer_ = std::make_unique<log::LogWriter>(*directory_, std::move(open).value(), 1 << 20);
    State state = Fold(Decoded(kept_), kept_at_, end);
    if (random_.Below(4) != 0) {
      kept_ = state.Encode();
      kept_at_ = end;
      if (published_ > 1 && random_.Below(4) == 0)
        backup_ = kept_;  // of what runs, with its policy
    }
    machine_ = std::make_unique<Machine>(std::move(state), view_);
  }

  void Restore();
  void Release();
  void Publish();
  void Act();
  void Dispatch();
  void HandOver(const TouchKey& key);
  void Reconcile();
  void TakeBack();
  std::vector<Ordinal> Members(Ordinal root) const;
  void TellOf(Ordinal root);
  void TellConsent(Ordinal root);
  void Unite();
  void Part();
  void Check();
  using Places = std::set<std::tuple<uint32_t, EntryId, uint32_t>>;
  void CheckLine(JourneyIndex index, std::map<std::string, Places>& in_line);
  void CheckPace();
  void Move(Ordinal customer, const Subject& subject);
  void CheckConditions();
  void CheckHandOff(const change::TouchPlanned& plan);

  io::SimRandom random_, disk_random_;
  io::SimFileSystem disk_;
  TestWorld world_;
  World view_{world_, world_, world_};
  MoodyProvider provider_;
  std::unique_ptr<log::LogDirectory> directory_;
  std::unique_ptr<log::LogWriter> writer_;
  std::unique_ptr<Machine> machine_;
  std::string zone_;
  Bytes base_, kept_, backup_;  // what the log begins with, was kept later, and was put aside
  LogPosition kept_at_ = 0;
  int restores_ = 0;
  int64_t now_ = At("2026-03-05T10:00:00");  // New York moves its clocks on the 8th
  std::array<Ordinal, kCustomers> root_ = {0, 1, 2, 3, 4, 5};  // who each is known as
  std::set<Ordinal> mixed_;                                    // who was ever one with another
  std::set<Ordinal> refuses_, erased_;
  std::set<std::pair<Ordinal, Subject>> holds_;
  std::set<TouchKey> taken_back_;
  int published_ = 0;
};

// A copy from before takes the place of all: sending is held until somebody lets it go on, and what
// the copy does not know of refusals and erasures is said again.
void Simulation::Restore() {
  ++restores_;
  base_ = kept_ = backup_;
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
    const std::set<TouchKey> open = machine_->state().TouchesIn(outcome);
    for (const TouchKey& key : open) {
      if (!provider_.Has(key)) continue;
      Give([&](Machine& machine, Out* out) {
        machine.OnReceipt(key, Outcome::kAccepted, "query", now_, out);
      });
    }
  }
  Give([&](Machine& machine, Out* out) { machine.SetHeld(false, now_, out); });
}

void Simulation::Publish() {
  ++published_;
  const std::string extra =
      R"("reentry":{"policy":"after_exit"},"zone":")" + zone_ +
      R"(","goal":{"event":"buy","window":"3d"},"exit_on":[{"event":"leave"},{"when":"gone"}],
          "priority":)" +
      std::to_string(random_.Below(100));
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
            {"channel":"push","text":"A","wait":"1d"},{"channel":"sms","text":"B","wait":"12h"}]},
         {"id":"end","type":"exit"})",
      "start>j j:yes>r j:no>f r:a>w r:b>q q>u w>x u>s x:x>m x:timeout>s m:in>c m:timeout>c s>l "
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

void Simulation::CheckConditions() {
  const State& state = machine_->state();
  for (EntryId id = 1; id <= state.last_entry(); ++id) {
    const Entry* entry = state.FindEntry(id);
    if (!entry) continue;
    ASSERT_FALSE(holds_.contains({entry->customer, kGone})) << "in, and it is over";
    if (state.journeys()[entry->journey].phase != Phase::kRunning) continue;
    for (const Token& token : entry->tokens) {
      if (state.JourneyOf(*entry).nodes[token.node].id != "m") continue;
      ASSERT_FALSE(holds_.contains({entry->customer, kMembers})) << "waits for what holds";
    }
  }
}

void Simulation::Act() {
  const Ordinal customer = root_[random_.Below(kCustomers)];
  const std::string id = "sim" + std::to_string(random_.Below(2));
  const auto event = [&](std::string_view name) {
    if (erased_.contains(customer)) return;
    Give([&](Machine& machine, Out* out) {
      machine.OnEvent({customer, name, Properties{}, now_}, out);
    });
  };
  const auto phase = [&](Phase to) {
    Give([&](Machine& machine, Out* out) { (void)machine.SetPhase(id, to, "sim", now_, out); });
  };
  const std::string stranger = "login:" + std::to_string(random_.Below(4));
  switch (random_.Below(23)) {
    case 20:
    case 21:
      return Move(customer, kMembers);
    case 22:
      return Move(customer, kGone);
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
        Give([&](Machine& machine, Out* out) { machine.Erase(member, now_, out); });
      }
      return;
    case 7:
      return event("leave");
    case 8:
      world_.attributes[{customer, "timezone"}] = random_.Below(2) ? "Europe/London" : zone_;
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

// What may never be handed off.
void Simulation::CheckHandOff(const change::TouchPlanned& plan) {
  const State& state = machine_->state();
  const Ordinal customer = state.Now(plan.customer);
  ASSERT_EQ(customer, root_[customer]) << "to who is another";
  ASSERT_FALSE(plan.channel == "sms" && refuses_.contains(customer)) << "without consent";
  ASSERT_FALSE(erased_.contains(customer)) << "after erasure";
  const Zone zone = ZoneOf(customer, state.journeys()[plan.journey].now(), view_);
  const int64_t of_day = zone.ToWall(state.time_ms()) % kDayMs;
  ASSERT_FALSE(of_day >= 22 * kHour || of_day < 7 * kHour) << "in quiet hours";
  ASSERT_FALSE(plan.channel == "push" && of_day < 9 * kHour) << "out of the channel's hours";
  ASSERT_FALSE(state.held()) << "while it was held";
  ASSERT_TRUE(mixed_.contains(customer) || BucketOf(customer, {}, "holdout") >= 1'000)
      << "to who is held out";
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
  const std::set<TouchKey> unknown = machine_->state().TouchesIn(Outcome::kUnknown);
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

void Simulation::Check() {
  const State& state = machine_->state();
  std::map<Ordinal, std::vector<int64_t>> counted;
  for (const JourneyState& journey : state.journeys()) {
    uint64_t exits = 0;
    for (const auto& [reason, count] : journey.exits) exits += count;
    ASSERT_EQ(journey.entered, journey.active + exits);
    std::map<uint8_t, uint64_t> left;
    for (const auto& [id, counts] : journey.nodes) {
      for (const auto& [reason, count] : counts.left) left[reason] += count;
    }
    ASSERT_EQ(left, journey.exits);
    for (const auto& [version, of] : journey.counts) {
      std::map<uint8_t, uint64_t> of_version;
      for (const auto& [id, counts] : of.nodes) {
        for (const auto& [reason, count] : counts.left) of_version[reason] += count;
      }
      ASSERT_EQ(of_version, of.exits);
    }
  }
  std::map<std::string, uint64_t> standing;
  std::map<std::string, Places> in_line;
  size_t entries = 0;
  for (EntryId id = 1; id <= state.last_entry(); ++id) {
    const Entry* entry = state.FindEntry(id);
    if (!entry) continue;
    ++entries;
    ASSERT_FALSE(entry->tokens.empty()) << "an entry that is nowhere";
    const Journey& definition = state.JourneyOf(*entry);
    for (const Token& token : entry->tokens) {
      ++standing[definition.id + definition.nodes[token.node].id];
      ASSERT_NE(token.state, TokenState::kRunning);
      const NodeKind kind = definition.nodes[token.node].kind;
      const bool told = token.state == TokenState::kFrozen || kind == NodeKind::kWaitEvent ||
                        kind == NodeKind::kRate;
      if (kind == NodeKind::kRate) in_line[definition.id].emplace(token.step, id, token.id);
      ASSERT_TRUE(told || token.due_ms != kNever) << "nothing will ever move this token";
      if (state.journeys()[entry->journey].phase == Phase::kRunning) {
        ASSERT_GE(token.due_ms, state.time_ms() - 60'000) << "a timer was lost";
      }
    }
  }
  ASSERT_EQ(entries, state.entry_count());
  for (JourneyIndex i = 0; i < state.journeys().size(); ++i) CheckLine(i, in_line);
  for (const JourneyState& journey : state.journeys()) {
    for (const auto& [id, counts] : journey.nodes) {
      const auto there = standing.find(journey.id + id);
      ASSERT_EQ(counts.here, there == standing.end() ? 0 : there->second) << id;
      if (id == "f") continue;  // one in, two out
      uint64_t left = counts.ended;
      for (const auto& [outcome, count] : counts.out) left += count;
      // A token that leaves by an outcome that leads nowhere has passed and ended.
      ASSERT_LE(counts.in, left + standing[journey.id + id]) << id;
    }
  }
}

// `in_line`: who stands there, by journey.
void Simulation::CheckLine(JourneyIndex index, std::map<std::string, Places>& in_line) {
  const State& state = machine_->state();
  const JourneyState& journey = state.journeys()[index];
  const auto line = journey.lines.find("q");
  const Places waiting = line == journey.lines.end() ? Places() : line->second.waiting;
  ASSERT_EQ(waiting, in_line[journey.id]) << "a line that is not who stands in it";
  int64_t came_ms = 0;
  for (const auto& [place, entry, token] : waiting) {
    const int64_t arrived_ms = state.FindEntry(entry)->FindToken(token)->arrived_ms;
    ASSERT_GE(arrived_ms, came_ms) << "who came later stands before";
    came_ms = arrived_ms;
  }
  if (!waiting.empty() && journey.phase == Phase::kRunning) {
    ASSERT_GE(state.NextInLine(index, "q"), state.time_ms() - 60'000) << "a line that stands still";
  }
}

// Two in any six hours, whatever went wrong meanwhile.
void Simulation::CheckPace() {
  std::map<JourneyIndex, std::vector<int64_t>> passed;
  const Result<> read = directory_->Read(
      0, writer_->end(),
      [&](LogPosition, log::RecordKind, std::span<const uint8_t> payload) -> Result<> {
        for (const Decision& decision : TRY(DecodeDecisions(payload))) {
          for (const Change& one : decision.changes) {
            const auto* through = std::get_if<change::LinePassed>(&one);
            if (through) passed[through->journey].push_back(decision.time_ms);
          }
        }
        return {};
      });
  ASSERT_TRUE(read.ok()) << read.error().message();
  for (const auto& [journey, times] : passed) {
    for (size_t i = 2; i < times.size(); ++i) ASSERT_GE(times[i] - times[i - 2], 6 * kHour);
  }
}

void Simulation::Run() {
  ASSERT_NO_FATAL_FAILURE(Give([&](Machine& machine, Out* out) {
    ASSERT_TRUE(machine
                    .SetPolicy(R"({"caps":[{"name":"three","limit":3,"rolling":"24h"}],
                                   "quiet":[{"from":"22:00","to":"07:00"}],"holdout_percent":10,
                                   "channels":[{"name":"push","open":[{"from":"09:00","to":"22:00"}],
                                     "tries_a_day":2,"retry_after":"1h","recall":true}]})",
                               now_, out)
                    .ok());
  }));
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
    if (provider_.keys && !backup_.empty() && random_.Below(100) == 0) Restore();
    if (machine_->state().held() && random_.Below(8) == 0) Release();
    if (testing::Test::HasFatalFailure()) return;
  }
  const State whole = Fold(Decoded(base_), 0, writer_->end());
  ASSERT_EQ(whole.Encode(), machine_->state().Encode()) << "the fold of the log is another state";
  ASSERT_EQ(Decoded(whole.Encode()).Encode(), whole.Encode());
  CheckPace();
  // A message goes out once, and what may have been lost is listed.
  for (const auto& [key, count] : provider_.taken) ASSERT_LE(count, 1) << "sent twice";
  std::map<Ordinal, std::vector<int64_t>> taken;
  if (restores_ > 0) return;  // the copy does not know all that was sent
  for (const auto& [key, count] : provider_.taken) {
    const Touch* touch = machine_->state().FindTouch(key);
    if (taken_back_.contains(key)) continue;
    ASSERT_TRUE(touch);
    ASSERT_TRUE(WasHandedOver(touch->outcome) || touch->outcome == Outcome::kUnknown ||
                touch->outcome == Outcome::kClaimed)
        << "the provider has it, and we say " << NameOf(touch->outcome);
    // Who was one with another has messages that came while they were two.
    if (!erased_.contains(touch->plan.customer) && !mixed_.contains(touch->plan.customer)) {
      taken[touch->plan.customer].push_back(touch->planned_ms);
    }
  }
  for (auto& [customer, times] : taken) {
    std::ranges::sort(times);
    for (size_t i = 3; i < times.size(); ++i) {
      ASSERT_GE(times[i] - times[i - 3], kDayMs) << "over the cap";
    }
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

}  // namespace
}  // namespace waypost::journeys

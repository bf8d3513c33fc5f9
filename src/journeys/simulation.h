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
//   who waits for a journey that was called waits for somebody who is in it
//   of a run and of a group no more are in than its cap says, and of a wave nobody before it begins
// After every input:
//   nobody waits for what holds of him, and nobody is in of whom holds what ends the journey
// At every hand-off:
//   it is on disk; not without consent, after erasure, in quiet hours, out of the channel's hours,
//   to who is held out, or while sending is held
// At the end:
//   a message reached its customer once at most; what the provider has we call sent or unknown
//   no window of a line let through more than it may
//   each of a run came in, or was refused for a reason that holds, once, in the order of their rank
//   the replay of the whole log, each record twice, is the state
// And what the notebook says (simulation_book.h).
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "io/sim_file_system.h"
#include "journeys/simulation_book.h"
#include "journeys/test_stage.h"
#include "log/log_directory.h"
#include "log/log_writer.h"

namespace waypost::journeys {

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
    for (const Ordinal customer : {0u, 1u, 2u}) world_.attributes[{customer, "firm"}] = "acme";
    for (const Ordinal customer : {3u, 4u}) world_.addresses[customer] = "one phone";
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
    for (Ordinal customer = 0; customer < kCustomers; ++customer) {
      world_.attributes[{customer, "branch"}] = customer % 2 ? "east" : "west";
      if (customer > 0) world_.attributes[{customer, "assets"}] = std::to_string(customer * 7 % 4);
    }
  }

  void Run();

 private:
  using Out = Machine::Out;
  static constexpr Ordinal kCustomers = 6;
  static constexpr uint64_t kOfRun = 3, kOfBranch = 9;  // come in at most
  static constexpr std::string_view kIds[] = {"sim0", "sim1", "called", "run", "trial"};
  const Subject kMembers{Subject::Kind::kSegment, "members"}, kGone{Subject::Kind::kTag, "gone"};

  // An input the log has already: after a crash it comes again.
  void Give(const std::function<void(Machine&, Out*)>& input) {
    while (true) {
      Out out;
      input(*machine_, &out);
      ListRuns(&out);
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
    for (const Decision& decision : out) {
      book_.Follow(decision, machine_->state());
      if (testing::Test::HasFatalFailure()) return;
    }
    Check();
    CheckRanks(out);
  }
  void Crash() {
    const LogPosition end = writer_->end();
    disk_.Crash(random_.Next());
    Restart();
    ASSERT_EQ(writer_->end(), end) << "a decision that was on disk is gone";
    const std::vector<TouchKey> claimed = machine_->state().TouchesIn(Outcome::kClaimed);
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
      if (published_ > 1 && random_.Below(4) == 0) {
        backup_ = kept_;  // of what runs, with its policy
        backup_book_ = book_;
        backup_lists_ = lists_;
      }
    }
    machine_ = std::make_unique<Machine>(std::move(state), view_);
  }

  void Restore();
  void Release();
  std::string DrawExtra();
  std::string DrawWaves();
  std::string DrawTrial();
  void Publish();
  void PublishOthers();
  void ListRuns(Out* out);
  void FollowRoots();
  void Act();
  void Dispatch();
  void HandOver(const TouchKey& key);
  void Reconcile();
  void TakeBack();
  void KeepLists();
  std::vector<Ordinal> Members(Ordinal root) const;
  void TellOf(Ordinal root);
  void TellConsent(Ordinal root);
  void Unite();
  void Part();
  void Check();
  using Places = std::set<std::tuple<uint32_t, EntryId, uint32_t>>;
  void CheckLine(JourneyIndex index, std::map<std::string, Places>& in_line);
  void CheckCall(const Entry& entry, const Token& token);
  void CheckRanks(const Out& decisions) const;
  // Each decision of the log, from its beginning.
  void ForEachDecision(const std::function<void(const Decision&)>& visit);
  void CheckPace();
  struct OpenList;
  void CheckTaken(const OpenList& list, int64_t at_ms, std::optional<Reject> refused) const;
  void CheckRuns();
  void Move(Ordinal customer, const Subject& subject);
  void CheckConditions();
  void CheckHandOff(const change::TouchPlanned& plan);

  io::SimRandom random_, disk_random_;
  const DrawnRules rules_ = DrawnRules::Draw(random_);
  io::SimFileSystem disk_;
  TestWorld world_;
  World view_{world_, world_, world_};
  Book book_{world_, rules_}, backup_book_ = book_;
  // A list outside of the crash, as far as it was kept.
  struct KeptList {
    std::set<Ordinal> on;
    uint64_t through = 0;
  };
  std::map<std::string, KeptList> lists_, backup_lists_;
  MoodyProvider provider_;
  std::unique_ptr<log::LogDirectory> directory_;
  std::unique_ptr<log::LogWriter> writer_;
  std::unique_ptr<Machine> machine_;
  std::string zone_;
  Bytes base_, kept_, backup_;  // what the log begins with, was kept later, and was put aside
  LogPosition kept_at_ = 0;
  uint64_t runs_ = 0;  // listed
  int restores_ = 0;
  int64_t now_ = At("2026-03-05T10:00:00");  // New York moves its clocks on the 8th
  std::array<Ordinal, kCustomers> root_ = {0, 1, 2, 3, 4, 5};  // who each is known as
  std::set<Ordinal> mixed_;                                    // who was ever one with another
  std::set<Ordinal> refuses_, erased_;
  std::set<std::pair<Ordinal, Subject>> holds_;
  std::set<TouchKey> taken_back_;
  int published_ = 0;
};

}  // namespace waypost::journeys

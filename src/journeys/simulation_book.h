// A notebook of a simulated month (simulation.h): what was decided is read in it as somebody would
// who never saw the machine. He knows the rules that were drawn, keeps what was sent in one list
// and counts anew for each message.
//
//   of no cap are more sent than it allows, and nobody is kept back by one that is not full
//   what is exempt, and what does not count, is what the rules say
//   of messages of a customer that are decided in one moment the more urgent is decided first
//   what falls into hours that are not fair waits for the first that is, and as much longer as it
//   always does; is dropped only then
//   a wait that ends too late ends as the journey says; no more resume in a second than it says
//   who was given a way of an experiment goes it for ever, others go the one it ended with
//   goals, their money and what is taken back add up, and nothing is taken back that was not bought
//   a list is what its nodes say
#pragma once

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "io/sim_random.h"
#include "journeys/test_stage.h"

namespace waypost::journeys {

// The rules above all journeys, as drawn and as a document.
struct DrawnRules {
  struct Limit {
    Cap::Scope scope = Cap::Scope::kTenant;
    std::string of;
    size_t most = 0;
    int64_t window_ms = 0;  // 0: of local days of the bank
    int days = 0;           // of these: 1, or 7 from Monday on
  };
  std::vector<Limit> limits;
  std::map<std::string, std::pair<bool, bool>> uncapped;  // by category: exempt, counts
  bool drops = false, goes_otherwise = false;             // in hours that are not fair
  int64_t jitter_ms = 0, collect_ms = 0;
  Zone bank = Zone::Usual();
  std::map<std::string, Zone> units;
  std::string json;

  static DrawnRules Draw(io::SimRandom& random);
};

class Book {
 public:
  Book(const TestWorld& world, const DrawnRules& rules) : world_(&world), rules_(&rules) {}

  // `state` knows every version of every journey there is.
  void Follow(const Decision& decision, const State& state);

  // What adds up to what the state has counted of goals and experiments.
  void CheckCounts(const State& state) const;
  // Who is on the list by what was decided since the book began.
  std::set<Ordinal> OnList(const std::string& list) const;

  // By the customer's own clocks, else those of his unit, else the journey's.
  Zone ZoneOfCustomer(Ordinal customer, const Journey& definition) const;
  static bool IsFair(int64_t at_ms, std::string_view channel, Zone zone);

 private:
  // A message that counts, at whom it does and where else.
  struct Mark {
    TouchKey key;
    int64_t at_ms = 0;
    std::string channel, category, journey, address;
    std::vector<std::string> tags;
    change::Pairs accounts;
    std::set<Ordinal> of;
    bool lost = false;    // it never reached anybody
    bool shared = false;  // by two who were one: should it be lost, it may still count at one
  };
  // A journey's experiment: what each was given, and how it ended.
  struct Experiment {
    std::map<Ordinal, std::pair<uint32_t, bool>> given;  // way, and whether he did what it measures
    std::vector<uint64_t> came, did;                     // by way
    bool over = false, decided = false;
    uint32_t winner = 0;
  };
  struct Sums {
    uint64_t goals = 0, reversals = 0, of_held_out = 0;
    int64_t money = 0;
    std::map<std::pair<EntryId, Ordinal>, std::vector<std::string>> bought;  // by entry; 0: by whom
  };
  struct Inside {
    JourneyIndex journey = 0;
    uint32_t version = 0;
    Ordinal customer = 0;
    std::map<std::string, std::string> context;
    std::map<uint32_t, Token> tokens;
    Token gone;  // the last that ended
  };

  void Turn(const change::Entered& c);
  void Turn(const change::TokenSet& c);
  void Turn(const change::TokenGone& c);
  void Turn(const change::NodePassed& c);
  void Turn(const change::Left& c);
  void Turn(const change::ContextSet& c);
  void Turn(const change::TouchPlanned& c);
  void Turn(const change::TouchMoved& c);
  void Turn(const change::TouchReworded& c);
  void Turn(const change::Denied& c);
  void Turn(const change::Merged& c);
  void Turn(const change::Parted& c);
  void Turn(const change::Erased& c);
  void Turn(const change::Published& c);
  void Turn(const change::PhaseSet& c);
  void Turn(const change::TrialGiven& c);
  void Turn(const change::TrialConverted& c);
  void Turn(const change::TrialSet& c);
  void Turn(const change::Converted& c);
  void Turn(const change::LateGoal& c);
  template <typename Other>
  void Turn(const Other&) {}

  const Journey& DefinitionOf(const Inside& inside) const {
    return *state_->journeys()[inside.journey].versions.at(inside.version);
  }
  const Journey& NowOf(JourneyIndex journey) const {
    return *state_->journeys()[journey].versions.at(current_.at(journey));
  }
  bool IsTooLate(const Journey& definition, const Token& token) const {
    return !definition.max_lateness.empty() && token.due_ms + definition.max_lateness.ms < now_;
  }
  std::string AccountOf(const Inside& inside, const std::string& name) const;
  bool Obeys(const Journey& definition, const Node& node) const;
  // The limit that leaves no room for another such message now, or nothing.
  std::string FullLimit(const Inside& inside, const std::string& channel,
                        bool with_shared = false) const;
  std::string AddressOf(Ordinal customer) const;
  void TakeTurn(const Inside& inside, uint32_t node, uint32_t step);
  void CheckHeld(const Inside& inside, const Token& token, const Token* before);
  void CheckLate(const Inside& inside, const Token& token, bool left);
  void CheckResumed(const Decision& decision);
  void CheckWay(const Inside& inside, const Node& node, uint32_t way) const;
  void Count(JourneyIndex journey, std::pair<EntryId, Ordinal> whose, const std::string& unique,
             int64_t value, bool reversed, bool every);

  const TestWorld* world_;
  const DrawnRules* rules_;
  std::vector<Mark> marks_;
  std::map<EntryId, Inside> inside_;
  std::map<JourneyIndex, uint32_t> current_;  // version
  std::map<Ordinal, int64_t> spread_;         // by how much he always waits longer
  std::map<std::pair<JourneyIndex, std::string>, Experiment> experiments_;
  std::map<JourneyIndex, Sums> sums_;
  std::map<std::string, std::map<Ordinal, bool>> lists_;
  using Urgency = std::tuple<bool, int, double, int64_t>;
  std::map<std::tuple<Ordinal, int64_t, int64_t>, Urgency> turns_;  // customer, due, decided

  // Of the decision at hand.
  const State* state_ = nullptr;
  int64_t now_ = 0;
  std::set<JourneyIndex> resumed_;
  std::map<JourneyIndex, uint32_t> over_;  // waits that were over in the pause and go on at once
};

}  // namespace waypost::journeys

// Everything journeys know: the fold of all decisions. Only Apply changes it, but for what was
// told.
//
// A message is kept until kTouchesKeptMs after its last outcome, and longer while its entry lives
// or nobody knows what came of it. A receipt that comes later is counted as lost.
//
// Belongs to one thread.
#pragma once

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "journeys/decision.h"
#include "journeys/definition.h"
#include "journeys/durations.h"
#include "journeys/heard.h"
#include "journeys/policy.h"
#include "journeys/requests.h"
#include "journeys/runs.h"
#include "journeys/timer_wheel.h"
#include "journeys/touch.h"
#include "journeys/trace_line.h"
#include "journeys/untold.h"
#include "journeys/visits.h"

namespace waypost::journeys {

inline constexpr int64_t kTouchesKeptMs = 31 * kDayMs;

enum class TimerKind : uint8_t {
  kEnd,
  kRun,
  kEntryEnd,
  kToken,
  kArm,
  kTrial,
  kAwait,
  kLine,
  kQueue
};

// One run of a customer through one version.
struct Entry {
  EntryId id = 0;
  JourneyIndex journey = 0;
  uint32_t version = 0;
  Ordinal customer = 0;
  Ordinal entered_as = 0;  // the customer before any merge
  int64_t entered_ms = 0;
  std::string key;
  change::Pairs context;
  std::vector<Token> tokens;
  uint32_t last_token = 0;
  std::vector<std::pair<uint32_t, uint32_t>> visits;  // node, count
  std::vector<uint32_t> joined_forks;
  std::vector<TouchKey> touches;
  std::vector<std::string> bought;  // unique names of conversions; "" for one without
  EntryId parent = 0;
  uint32_t parent_token = 0;
  uint32_t migrations = 0;                       // to other versions
  uint32_t depth = 0;                            // of calls that led to it
  uint32_t list = 0, wave = 0;                   // change::Entered
  int64_t goal_ms = 0;                           // when it last met its goal
  bool goal_held = false;                        // the condition that is its goal held, last
  TimerWheel::Handle timer = TimerWheel::kNone;  // of the end of max_duration; not encoded
  uint32_t ended_at = kNoNode;  // where its last token went no further; not encoded
  template <typename A>
  void Fields(A& a) {
    a(id, journey, version, customer, entered_ms, key, context, tokens, last_token, visits,
      joined_forks, touches, bought, parent, parent_token);
    if (a.version() > 4) a(migrations);
    if (a.version() > 5) a(entered_as);
    if (a.version() > 9) a(depth, goal_ms);
    if (a.version() > 15) a(list, wave);
    if (a.version() > 16) a(goal_held);
  }

  Token* FindToken(uint32_t token);
  const Token* FindToken(uint32_t token) const;
  uint32_t VisitsOf(uint32_t node) const;
};

struct Customer {
  std::vector<EntryId> entries;  // alive
  std::vector<TouchMark> marks;
  std::map<std::pair<std::string, std::string>, bool> consents;  // channel, purpose
  std::vector<std::string> lists;
  std::vector<TraceLine> trace;  // the last kTraceLines
  template <typename A>
  void Fields(A& a) {
    a(entries, marks, consents, lists, trace);
  }
};
inline constexpr size_t kTraceLines = 200;

// in + moved_in = out (a fork: one of its ways) + ended without a way + moved_out + here. Each
// entry that left is counted at one node, so that `left` of all nodes adds up to the exits.
struct NodeCounts {
  uint64_t in = 0;
  uint64_t here = 0;                     // tokens that stand here now
  std::map<uint32_t, uint64_t> out;      // by the place of the outcome
  uint64_t ended = 0;                    // tokens that went no further
  std::map<uint8_t, uint64_t> outcomes;  // of messages, by Outcome: reached, ever
  uint64_t moved_in = 0, moved_out = 0;  // tokens that a migration put here, or took away
  std::map<uint8_t, uint64_t> left;      // entries that left from here, by Exit
  // What its messages have of conversions and their money, reversed ones too; ten-thousandths.
  int64_t credit = 0, revenue = 0;
  Durations stays;  // of tokens that went on, or no further
  template <typename A>
  void Fields(A& a) {
    a(in, here, out, ended, outcomes);
    if (a.version() > 4) a(moved_in, moved_out);
    if (a.version() > 6) a(left);
    if (a.version() > 9) a(credit, revenue);
    if (a.version() > 20) a(stays);
  }
};

// What happened in one version: entered + moved_in = active + exits + moved_out.
struct VersionCounts {
  int64_t published_ms = 0;
  uint64_t entered = 0, moved_in = 0, active = 0, moved_out = 0;
  std::map<uint8_t, uint64_t> exits;
  uint64_t sends = 0;  // messages that were not given back
  int64_t spent = 0;
  uint64_t conversions = 0, reversals = 0;
  int64_t revenue = 0;
  std::map<std::string, NodeCounts> nodes;
  template <typename A>
  void Fields(A& a) {
    a(published_ms, entered, moved_in, active, moved_out, exits, sends, spent, conversions,
      reversals, revenue, nodes);
  }
};

struct Arm {
  uint64_t number = 0;
  uint32_t step = 0;
  int64_t deadline_ms = 0, due_ms = 0;
  change::Pairs context;
  TimerWheel::Handle timer = TimerWheel::kNone;  // not encoded
  template <typename A>
  void Fields(A& a) {
    a(number, step, deadline_ms, due_ms, context);
  }
};
using ArmPlace = std::pair<Ordinal, std::string>;  // customer, key

// What guardrails look at, since the journey was published or resumed.
struct Watched {
  uint64_t messages = 0;   // that were handed off, or could not be made
  uint64_t failed = 0;     // of these: refused, bounced, not made
  uint64_t opted_out = 0;  // customers who withdrew a consent within kBlamedMs after a message
  int64_t spent_before = 0;
  template <typename A>
  void Fields(A& a) {
    a(messages, failed, opted_out, spent_before);
  }
};
inline constexpr int64_t kBlamedMs = 7 * kDayMs;

// Of the budget of a unit of the bank.
struct Spent {
  uint64_t sends = 0;
  int64_t money = 0;  // ten-thousandths
  template <typename A>
  void Fields(A& a) {
    a(sends, money);
  }
};

// Somebody who is not known yet and was asked in.
struct Awaited {
  int64_t due_ms = 0;
  change::Pairs context;
  std::string request;
  template <typename A>
  void Fields(A& a) {
    a(due_ms, context, request);
  }
};

// Whose goal counts though he is not in: he left, or was held out (entry 0).
struct GoalWatch {
  EntryId entry = 0;
  uint32_t version = 0;
  int64_t until_ms = 0;  // inclusive
  std::vector<TouchKey> touches;
  std::vector<std::string> bought;
  bool held = false;  // Entry::goal_held
  template <typename A>
  void Fields(A& a) {
    a(entry, version, until_ms, touches, bought);
    if (a.version() > 16) a(held);
  }
};

// Customers who would have come in and never do, to compare with.
struct HoldoutCounts {
  uint64_t customers = 0, conversions = 0;
  int64_t revenue = 0;
  template <typename A>
  void Fields(A& a) {
    a(customers, conversions, revenue);
  }
};

// Of a node that lets so many through in so long: who waits there, first come first, and when it
// last let somebody through. It is one line for all versions, and as fast as the newest of them
// says that has it.
struct Line {
  // Oldest first; the last kMaxRate or more, so that a version may say any `most`.
  std::vector<int64_t> passed_ms;
  uint32_t last_place = 0;
  std::set<std::tuple<uint32_t, EntryId, uint32_t>> waiting;  // place, entry, token; not encoded
  template <typename A>
  void Fields(A& a) {
    a(passed_ms, last_place);
  }
};

// How often a message was claimed in a day.
struct DayTries {
  int64_t day = 0;
  uint32_t tries = 0;
  template <typename A>
  void Fields(A& a) {
    a(day, tries);
  }
};

// Of one kind and node of a journey.
struct Alarm {
  uint64_t count = 0;
  int64_t first_ms = 0, last_ms = 0;
  std::string detail;  // of the last
  template <typename A>
  void Fields(A& a) {
    a(count, first_ms, last_ms, detail);
  }
};

inline constexpr std::string_view kUnknownYear = "unknown_year";

struct JourneyState {
  std::string id;
  std::map<uint32_t, std::shared_ptr<const Journey>> versions;
  uint32_t current = 0;
  Phase phase = Phase::kRunning;
  std::string phase_reason;
  int64_t paused_ms = 0;
  bool ended = false;
  uint64_t entered = 0;
  uint64_t active = 0;
  std::map<uint8_t, uint64_t> exits, rejects;
  std::map<int64_t, uint64_t> entered_on;      // local day
  std::map<std::string, uint64_t> entered_of;  // by the value that a cap is for
  std::map<std::string, NodeCounts> nodes;     // of all versions; their outcomes by place
  std::map<uint32_t, VersionCounts> counts;    // by version
  std::unordered_map<Ordinal, Visits> visits;
  size_t most_visits = kVisitsKept;  // kept of one customer: what any version's limit asks for
  std::map<ArmPlace, std::vector<Arm>> arms;
  Requests requests;
  // Who came in a pause, first come first, and when some of them are let in; 0: when it ends, or
  // nobody waits.
  std::deque<change::Waiting> queue;
  int64_t queue_next_ms = 0;
  // By name (Occurrence::run): skipped. Those that cannot come again are forgotten.
  std::map<int64_t, bool> runs;
  std::map<int64_t, OpenRun> open_runs;      // likewise these
  std::map<int64_t, Audience> audiences;     // of the last ones
  std::map<int64_t, FailedRun> failed_runs;  // the last kFailedRunsKept
  std::vector<Listing> listings;             // oldest first; none of nobody
  uint32_t last_list = 0;                    // Listing::number of the newest there ever was
  int64_t next_from_ms = 0;
  int64_t spent_money = 0;
  uint64_t spent_sends = 0;
  uint64_t conversions = 0, reversals = 0;
  int64_t revenue = 0;
  Watched watched;
  std::map<std::string, Trial> trials;     // by node
  std::map<std::string, Line> lines;       // by node
  std::map<std::string, Awaited> awaited;  // by person
  std::map<Ordinal, std::vector<GoalWatch>> watches;
  HoldoutCounts held_out;
  // By what and node, since the version was published; of years, since the policy was set.
  std::map<std::pair<std::string, std::string>, Alarm> alarms;

  const Journey& now() const { return *versions.at(current); }
  // The name of a run that is known by its local day.
  int64_t RunOn(int64_t day) const { return day * kDayMs + now().entry.schedule.at_ms; }
  // Customers listed who are still to come in.
  uint64_t CountListed() const;
  Listing* FindListing(uint32_t number);
};

struct Pacer {
  std::string name;
  uint32_t per_second = 0;
};
inline constexpr std::string_view kClaimSlots = "claimed ";

class State {
 public:
  State();
  // One that knows nothing but these rules for messages, which were in force or are part of such.
  static State Under(const std::string& policy_json);

  // Errors: kCorrupt when the decision does not fit what is there; the state is then of no use. A
  // decision that was applied before changes nothing.
  Result<> Apply(const Decision& decision);
  // One change of the decision being made, which ends with Commit.
  Result<> Apply(const Change& change, int64_t time_ms);
  void Commit(uint64_t number, int64_t time_ms, LogPosition inputs_to);
  // The log has the event of this outcome. A second time changes nothing.
  void Told(const TouchKey& key, Outcome outcome);
  // Others were told of this many lines, the oldest.
  void LinesTold(size_t count);
  // The log has the attribute that was set with this key.
  void WasSet(const TouchKey& key);

  // All of it, the same bytes for the same state.
  Bytes Encode() const;
  static Result<State> Decode(std::span<const uint8_t> bytes);

  uint64_t number() const { return number_; }
  int64_t time_ms() const { return time_ms_; }
  LogPosition inputs_to() const { return inputs_to_; }
  bool held() const { return held_; }
  const Policy& policy() const { return *policy_; }
  const std::string& policy_json() const { return policy_json_; }

  const std::vector<JourneyState>& journeys() const { return journeys_; }
  // Running journeys that broke a guardrail in the decision being made, and how.
  const std::map<JourneyIndex, std::string>& broken() const { return broken_; }
  std::optional<JourneyIndex> FindJourney(std::string_view id) const;
  const Entry* FindEntry(EntryId id) const;
  const Customer* FindCustomer(Ordinal customer) const;
  // Who that is since customers became one.
  Ordinal Now(Ordinal customer) const;
  // Whether anything is known of the customer, and by this ordinal.
  bool Knows(Ordinal customer) const;
  const Touch* FindTouch(const TouchKey& key) const;
  // In no order.
  template <typename Visit>
  void ForEachTouch(const Visit& visit) const {
    for (const auto& [key, touch] : touches_) visit(touch);
  }
  const std::unordered_map<Ordinal, Customer>& customers() const { return customers_; }
  // Those inside, in order; those inside older versions than the current one. Costs a look at every
  // entry there is.
  std::vector<EntryId> EntriesIn(JourneyIndex journey) const;
  std::vector<EntryId> EntriesBehind(JourneyIndex journey) const;
  size_t entry_count() const { return entries_.size(); }
  template <typename Visit>
  void ForEachEntry(const Visit& visit) const {
    for (const auto& [id, entry] : entries_) visit(entry);
  }
  const Journey& JourneyOf(const Entry& entry) const {
    return *journeys_[entry.journey].versions.at(entry.version);
  }
  // Messages that wait to be handed off, by channel, first to go first.
  using Ready = std::set<std::tuple<int64_t, uint64_t, TouchKey>>;  // not before, TurnOf, key
  const std::map<std::string, Ready>& ready() const { return ready_; }
  // The first due by then, of all channels.
  std::vector<TouchKey> DueTouches(int64_t now_ms) const;
  // Messages that are kPlanned, kClaimed or kUnknown now, increasing; costs sorting them.
  std::vector<TouchKey> TouchesIn(Outcome outcome) const;
  // Outcomes whose events are not known to be in the log.
  const UntoldMap& untold() const { return untold_; }
  // Lines that others are not known to have been told of, oldest first; of those kinds.
  const std::deque<UntoldLine>& untold_lines() const { return untold_lines_; }
  uint32_t followed_lines() const { return followed_lines_; }
  const std::map<TouchKey, Unset>& unset() const { return unset_; }
  // Both, as they were decided; among them some that the log has by now.
  const Tellings& tellings() const { return tellings_; }
  const std::map<TouchKey, Unlisted>& unlisted() const { return unlisted_; }
  // Messages that their providers are to take back.
  const std::set<TouchKey>& recalls() const { return recalls_; }
  // How often the message was claimed on that local day, where its channel limits it.
  uint32_t TriesOn(const TouchKey& key, int64_t day) const;
  size_t touch_count() const { return touches_.size(); }
  uint64_t lost_receipts() const { return lost_receipts_; }
  uint64_t StockTaken(const std::string& benefit) const;
  // Of the unit on days [first, after) of the bank, of which 31 before today are kept.
  Spent SpentOf(const std::string& unit, int64_t first, int64_t after) const;
  // What says how many messages of a channel, of a journey, and of a unit by the channel, go in a
  // second.
  std::vector<Pacer> PacersOf(const std::string& channel, std::optional<JourneyIndex> journey,
                              const std::string& unit) const;
  // The slots of a pacer taken so far: times, oldest first, the last per_second ones. By its name:
  // those that messages were planned for; with kClaimSlots before it: those they went at.
  const std::deque<int64_t>& SlotsOf(const std::string& pacer) const;
  // When the next wave of those listed begins after then, were nobody in its way; kNever: none.
  int64_t NextWaveAfter(int64_t time_ms) const;
  // When the line at the node lets the next one through; in the past: now.
  int64_t NextInLine(JourneyIndex journey, const std::string& node) const;
  // All that were ever raised, by what.
  const std::map<std::string, uint64_t>& alarms() const { return alarms_; }
  uint64_t last_entry() const { return last_entry_; }
  // The messages that count there.
  const std::vector<TouchMark>& SharedMarks(SharedKey key) const;
  // Addresses and accounts of which some may count.
  size_t shared_count() const { return shared_.size(); }
  // Who was in each set that leads into a journey when it was heard of last.
  const MembersOf& heard() const { return heard_; }
  // As it was kept apart before it was of the state.
  void SetHeard(MembersOf heard) { heard_ = std::move(heard); }

  // The first timer due by then. Whoever takes it must bring about what it was for, or find that
  // its time was moved.
  std::optional<Timer> PopTimer(int64_t now_ms);
  std::optional<int64_t> NextTimerBound() const { return wheel_.NextDueBound(); }
  size_t timer_count() const { return wheel_.size(); }

 private:
  static Error Corrupt(std::string what);
  void Rebuild();
  static void ExpectAll(JourneyState* journey);
  void HashAddresses(const std::map<std::string, std::vector<TouchMark>>& addresses);
  Result<> Do(const change::Published& c);
  Result<> Do(const change::PhaseSet& c);
  Result<> Do(const change::PolicySet& c);
  Result<> Do(const change::HeldSet& c);
  Result<> Do(const change::Refused& c);
  Result<> Do(const change::Entered& c);
  Result<> Do(const change::TokenSet& c);
  Result<> Do(const change::TokenGone& c);
  Result<> Do(const change::NodePassed& c);
  Result<> Do(const change::ForkJoined& c);
  Result<> Do(const change::Left& c);
  Result<> Do(const change::ContextSet& c);
  Result<> Do(const change::Marked& c);
  Result<> Do(const change::TouchPlanned& c);
  Result<> Do(const change::TouchMoved& c);
  Result<> Do(const change::Denied& c);
  Result<> Do(const change::ReceiptLost& c);
  Result<> Do(const change::ConsentSet& c);
  Result<> Do(const change::ListSet& c);
  Result<> Do(const change::Armed& c);
  Result<> Do(const change::Disarmed& c);
  Result<> Do(const change::Requested& c);
  Result<> Do(const change::Queued& c);
  Result<> Do(const change::QueueTaken& c);
  Result<> Do(const change::RunTaken& c);
  Result<> Do(const change::Listed& c);
  Result<> Do(const change::ListedTaken& c);
  Result<> Do(const change::RunGivenUp& c);
  Result<> Do(const change::Converted& c);
  Result<> Do(const change::Erased& c);
  Result<> Do(const change::Merged& c);
  Result<> Do(const change::AlarmRaised& c);
  Result<> Do(const change::TouchPutBack& c);
  Result<> Do(const change::TrialSet& c);
  Result<> Do(const change::TrialGiven& c);
  Result<> Do(const change::TrialConverted& c);
  Result<> Do(const change::Awaited& c);
  Result<> Do(const change::AwaitEnded& c);
  Result<> Do(const change::HeldOut& c);
  Result<> Do(const change::LateGoal& c);
  Result<> Do(const change::LateEvent& c);
  Result<> Do(const change::GoalHeld& c);
  Result<> Do(const change::RecallSet& c);
  Result<> Do(const change::Migrated& c);
  Result<> Do(const change::TouchReworded& c);
  Result<> Do(const change::Parted& c);
  Result<> Do(const change::LinePassed& c);
  Result<> Do(const change::Heard& c);
  Result<> Do(const change::Enlisted& c);
  Result<> Do(const change::ListKept& c);
  Result<> Do(const change::LinesFollowed& c);
  void ForgetUnheard();
  void HearAgain(const Decision& decision);
  Result<> NameRuns(Change& change) const;

  Result<JourneyState*> JourneyAt(JourneyIndex index);
  Result<Trial*> TrialAt(JourneyIndex index, const std::string& node);
  void BeginTrials(JourneyState& journey);
  // Of the ways of an experiment, in that version, or in the newest (0). Empty: it has none.
  static std::vector<uint32_t> SharesOf(const JourneyState& journey, const std::string& node,
                                        uint32_t version);
  Result<Entry*> EntryAt(EntryId id);
  // The counts of the node over all versions and of the entry's version, each to be changed alike.
  template <typename Change>
  void CountAt(const Entry& entry, uint32_t node, const Change& change) {
    CountAt(entry.journey, entry.version, JourneyOf(entry).nodes[node].id, change);
  }
  template <typename Change>
  void CountAt(JourneyIndex journey, uint32_t version, const std::string& node,
               const Change& change) {
    change(journeys_[journey].nodes[node]);
    change(journeys_[journey].counts[version].nodes[node]);
  }
  void CountStay(const Entry& entry, const Token& token, bool ended);
  // At which node; kNoNode: at none.
  uint32_t CountLeft(const Entry& entry, Exit reason);
  Result<> Migrate(Entry& entry, const change::Migrated& c, const std::vector<uint32_t>& same);
  static void SetVisits(Entry& entry, uint32_t node, uint32_t visit);
  void KnowOldVersions();
  void Trace(Ordinal customer, TraceLine line, const Touch* touch = nullptr,
             bool handed_over = false);
  // Of a message, wherever its entry is by now.
  void TraceTouch(const Touch& touch, TraceLine::What what, Outcome outcome, std::string detail,
                  bool handed_over = false);
  void TakeSlots(const change::TouchPlanned& plan, std::string_view of, int64_t at_ms);
  void Release(const Touch& touch);
  void SpendOf(Touch* touch);
  void SpendBack(const Touch& touch);
  void SetOutcome(Touch& touch, Outcome outcome, std::optional<int64_t> not_before_ms = {});
  Ready::value_type PlaceOf(const Touch& touch) const;
  using ReadyPlaces = std::map<std::string, std::vector<Ready::value_type>>;  // by channel
  void SortReady();
  void SortReady(ReadyPlaces waiting);
  // Its priority is another: also that of what waits for a time.
  void SortTurns(JourneyIndex index);
  void ForgetOldTouches();
  void ForgetOldShared();
  bool MayForget(const Touch& touch) const;
  void WatchGoal(const Entry& entry, Exit reason);
  void Credit(const change::Credited& credited, int64_t value);
  void AddWatch(JourneyState& journey, Ordinal customer, GoalWatch watch);
  void Watch(JourneyIndex index);
  void Watch(JourneyIndex index, Outcome outcome);
  void BlameFor(const Customer& customer);
  Result<> Install(const std::string& json, uint32_t version);
  Result<> GoByZoneOfBank();
  void ArmEntry(Entry& entry);
  void ArmToken(const Entry& entry, Token& token);
  void ArmJourney(JourneyIndex index);
  void ArmRun(JourneyIndex index);
  void ArmQueue(JourneyIndex index);
  // Nothing for tokens that wait in no line.
  void StepIntoLine(const Entry& entry, const Token& token);
  void StepOutOfLine(const Entry& entry, const Token& token);
  void ArmLine(JourneyIndex index, const std::string& node);
  void ArmAt(Ordinal customer, JourneyIndex journey, Arm& arm);
  bool IsOpen(const Telling& telling) const;
  void OrderTellings();
  TimerWheel::Handle SetTimer(int64_t due_ms, TimerKind kind, uint64_t subject, uint64_t detail,
                              JourneyIndex journey, int64_t expires_ms = kNever);
  void CancelTimer(TimerWheel::Handle& handle);

  uint64_t number_ = 0;
  int64_t time_ms_ = 0;
  LogPosition inputs_to_ = 0;
  bool held_ = false;
  std::string policy_json_;
  std::shared_ptr<const Policy> policy_ = std::make_shared<Policy>();
  std::vector<JourneyState> journeys_;
  // Whoever has one keeps it while others come; a flat map would be half empty, too.
  std::unordered_map<EntryId, Entry> entries_;
  std::unordered_map<Ordinal, Customer> customers_;
  std::unordered_map<TouchKey, Touch, boost::hash<TouchKey>> touches_;
  UntoldMap untold_;
  std::map<TouchKey, Unset> unset_;
  std::map<TouchKey, Unlisted> unlisted_;
  uint64_t sets_ = 0;
  std::map<std::string, uint64_t> stock_taken_;
  std::map<std::string, std::deque<int64_t>> slots_;
  std::map<std::string, uint64_t> alarms_;
  uint64_t lost_receipts_ = 0;
  EntryId last_entry_ = 0;
  boost::unordered_flat_map<SharedKey, std::vector<TouchMark>> shared_;
  std::set<TouchKey> recalls_;
  std::map<TouchKey, DayTries> day_tries_;
  std::map<Ordinal, Ordinal> known_as_;  // who became one with whom
  uint32_t followed_lines_ = 0;
  std::deque<UntoldLine> untold_lines_;
  MembersOf heard_;
  std::map<std::string, std::map<int64_t, Spent>> spent_;  // by unit and day of the bank

  // Made from the above.
  std::map<std::string, Ready> ready_;
  // kPlanned, kClaimed, kUnknown.
  std::map<Outcome, boost::unordered_flat_set<TouchKey>> unsettled_;
  Tellings tellings_;
  std::deque<std::pair<int64_t, TouchKey>> moved_;          // when messages moved, oldest first
  std::deque<std::pair<int64_t, SharedKey>> shared_since_;  // when marks of shared_ came, likewise
  std::map<JourneyIndex, std::string> broken_;              // by the decision being made
  std::vector<TouchKey> left_;  // of entries that left in the decision being made
  TimerWheel wheel_{0};
};

}  // namespace waypost::journeys

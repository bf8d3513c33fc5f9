// A journey as somebody drew it: a JSON document, checked as a whole and made into what the machine
// runs. docs/journeys.md describes the document; JourneySchema() is its JSON Schema.
//
//   const Checked checked = CheckJourney(json, conditions);
//   if (checked.journey) Publish(*checked.journey); else Show(checked.faults);
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "journeys/civil_time.h"
#include "journeys/conditions.h"
#include "journeys/reasons.h"
#include "journeys/schedule.h"
#include "journeys/trial.h"

namespace waypost::journeys {

inline constexpr uint32_t kNoNode = ~0u;
inline constexpr size_t kMaxNodes = 500;
inline constexpr size_t kMaxBranches = 30;
inline constexpr size_t kMaxTags = 20;
inline constexpr size_t kMaxAttributes = 30;  // of a set node; passed in or out of a call
inline constexpr size_t kMaxDefinitionBytes = 1 << 20;
inline constexpr int64_t kMaxRate = 100'000;

enum class NodeKind : uint8_t {
  kEntry = 1,
  kWait,
  kWaitEvent,
  kJudge,
  kSplit,
  kRatio,
  kTimeSplit,
  kSend,
  kChain,
  kSet,
  kFork,
  kJoin,
  kLoop,
  kCall,
  kExit,
  kExperiment,
  kRate,
  kList,
};
std::string_view NameOf(NodeKind kind);

// An event that may happen, and what must hold of it; or, without an event, what may become true of
// the customer.
struct EventMatch {
  std::string event;
  std::string where;  // empty: always
  bool of_customer() const { return event.empty() && !where.empty(); }
  friend bool operator==(const EventMatch&, const EventMatch&) = default;
};

struct Branch {
  std::string outcome;
  EventMatch match;                // of wait_event; `match.where` alone of split
  std::optional<Outcome> receipt;  // of wait_event: a message of this entry came so far
  uint32_t share = 0;              // of ratio, experiment: ten-thousandths
  friend bool operator==(const Branch&, const Branch&) = default;
};

enum class OnCap : uint8_t { kSkip, kWait, kExit, kNextChannel };
enum class Since : uint8_t { kNodeEntry, kTouch, kJourneyEntry, kLookback };
enum class OnPast : uint8_t { kSkip, kNow, kNextYear };

// One way to try: a send node has one, a fallback chain several.
struct Attempt {
  std::string channel;
  std::string text;                    // template
  Outcome success = Outcome::kOpened;  // of chains
  bool by_goal = false;                // of chains: the success is the journey's goal
  Span wait;                           // of chains: for the success
  std::string only_if;
  std::vector<std::pair<uint32_t, std::string>> wave_texts;  // of waves that are told another
  // What those of a wave are told; 0: who is of none.
  const std::string& TextFor(uint32_t wave) const;
  friend bool operator==(const Attempt&, const Attempt&) = default;
};

// A value of an entry's context that another entry gets, and under which name.
struct Passed {
  std::string from, as;
  friend bool operator==(const Passed&, const Passed&) = default;
};

// What a node sets of a customer.
struct Setting {
  std::string attribute, value;
  bool adds = false;  // the value, a number, to what there is
  friend bool operator==(const Setting&, const Setting&) = default;
};

struct Node {
  std::string id;
  NodeKind kind = NodeKind::kExit;
  std::vector<std::string> outcomes;  // by place, with `next`
  std::vector<uint32_t> next;         // kNoNode: not connected

  Span span;                           // wait for; wait_event, join and call: timeout;
                                       // experiment: how long; rate: `most` in any so long
  std::optional<int64_t> time_of_day;  // wait until
  std::string date_attribute;          // wait for a date of the customer's
  int32_t offset_days = 0, offset_months = 0;
  OnPast on_past = OnPast::kSkip;
  ComesRound round;             // wait for a date: for the next time that it comes round
  std::vector<Window> windows;  // wait for a window; time_split
  std::vector<Branch> branches;
  bool ranked = false;
  bool correlated = false;  // wait_event: only events with the entry's key
  bool earliest = false;    // wait_event: an event moves one of the customer's entries, the oldest
  bool random = false;      // ratio: drawn at each visit, not once for ever
  // wait_event: what holds of the customer when he comes is what he waits for; else it has to
  // become true after it was not.
  bool accept_current = true;
  Since since = Since::kNodeEntry;
  Span lookback;
  std::string condition;  // judge
  std::vector<Attempt> attempts;
  OnCap on_cap = OnCap::kSkip;
  Span cap_wait;
  Span time_to_live;
  int64_t price = 0;  // ten-thousandths
  bool transactional = false;
  std::string benefit;            // stock it takes one of
  std::string habit;              // chain: attribute set to the channel that worked
  std::vector<Setting> settings;  // set
  uint32_t join_count = 0;        // join: tokens wanted; 0 = all
  uint32_t join_fork = kNoNode;   // join: the fork whose tokens it collects
  uint32_t max_visits = 0;        // loop
  uint32_t most = 0;              // rate
  std::string list;               // list: that the customer is put on, or taken off
  bool takes_off = false;
  EventMatch metric;                            // experiment: what counts as success
  uint64_t min_sample = 0;                      // experiment: of each branch
  TrialTest test = TrialTest::kTwoProportions;  // experiment
  bool chosen_by_hand = false;                  // experiment: who wins is only proposed
  uint32_t no_winner = 0;                       // experiment: the branch that all go then
  std::string journey;                          // call
  bool wait_for_child = false;
  // call: what goes in, when not all of it does, and what comes back: names there and here.
  std::vector<Passed> in, out;

  // Whether it asks conditions which way to go; "error" is that of what cannot be told.
  bool asks() const { return kind == NodeKind::kJudge || kind == NodeKind::kSplit; }
  // The place of an outcome, or outcomes.size().
  size_t OutcomeIndex(std::string_view outcome) const;
  friend bool operator==(const Node&, const Node&) = default;
};

enum class EntryKind : uint8_t {
  kList,
  kBatch,
  kEvent,
  kNotDone,
  kBreakpoint,
  kSegment,
  kApi,
  kTag,  // a tag becomes another
};
enum class Repeat : uint8_t { kReset, kFirst, kIndependent };
enum class Reentry : uint8_t { kOnce, kAfterExit, kAfterInterval, kAlways, kPerKey };
enum class UnknownUser : uint8_t { kReject, kCreate, kHold };

inline constexpr size_t kMaxWaves = 100;
// A part of whom a run is for, who come in later than those before.
struct Wave {
  enum class By : uint8_t { kPercent, kNumber, kRank } by = By::kPercent;
  uint32_t share = 0;   // kPercent: of all of the run, ten-thousandths
  uint64_t number = 0;  // kNumber
  double rank = 0;      // kRank: to whom the entry's rank gives this, or who come before them
  // When it begins, or how long after the run is known. Neither: the first then, others so long as
  // Waves::every says after the one before has begun.
  std::optional<int64_t> start_ms;
  Span after;
  struct Text {
    std::string node;
    uint32_t step = 0;  // of a chain, from 0
    std::string text;
  };
  std::vector<Text> texts;  // what nodes say to its customers, where that is something else
};
struct Waves {
  std::vector<Wave> each;  // none: all come in at once
  Span every;
  bool drop_rest = false;   // whom no wave takes; else they are of the last
  bool no_overlap = false;  // a wave begins when nobody of those before is inside
  // Who stays out, of those after the first: who reached the goal, or left, since the run was
  // known; to whom caps let no message through.
  bool not_converted = false, not_exited = false, not_capped = false;
};

struct EntryRule {
  EntryKind kind = EntryKind::kApi;
  EventMatch on;       // kEvent, kNotDone
  EventMatch without;  // kNotDone
  Span within, grace;  // kNotDone, kBreakpoint
  Repeat repeat = Repeat::kReset;
  std::vector<EventMatch> steps;  // kBreakpoint
  std::string key;                // property that tells entries apart; empty: none
  std::string filter;             // condition
  std::string segment;            // kSegment, kBatch
  bool on_leave = false, include_existing = false;
  std::string tag, from, to;  // kTag: at least one of the values is given
  Span min_dwell;             // kSegment, kTag
  Schedule schedule;          // kBatch
  std::string rank_by;        // attribute that says who of a run comes first; empty: none
  bool smallest_first = false;
  Waves waves;  // kBatch, kList
  UnknownUser unknown_user = UnknownUser::kReject;
  Span hold;
};

inline constexpr uint32_t kMaxReentryLimit = 1'000;  // entries that are counted at most
struct ReentryRule {
  Reentry policy = Reentry::kOnce;
  Span interval;
  bool from_exit = false;
  Reentry each_key = Reentry::kAfterExit;  // kPerKey: or kOnce, or kAlways
  uint32_t limit = 0;                      // 0: none
  Span limit_window;
  uint32_t max_active = 100;  // kPerKey
};

// Who may come in so far: whom `who` names, and this share of everybody, which holds the same
// customers when it grows. Ten-thousandths.
struct Release {
  std::string who;  // condition; empty: nobody
  uint32_t percent = 10'000;
};

// What pauses the journey by itself. Shares are of the messages since it was published or resumed,
// in ten-thousandths, and are looked at from so many messages on; 0: not looked at.
struct Guardrails {
  uint32_t after = 100;
  uint32_t failed = 0;
  uint32_t opted_out = 0;
  int64_t spend = 0;  // ten-thousandths; 0: not looked at
};

struct Goal {
  // An event, or a condition on the customer: met whenever it becomes true after it was not.
  EventMatch on;
  bool every = false;  // count every one; else the first
  std::string value;   // property with the money, or, of a condition, attribute
  std::string unique;  // property that names the thing bought
  enum class Credit : uint8_t { kLastTouch, kLastEngaged, kFirstTouch, kLinear };
  Credit credit = Credit::kLastTouch;
  EventMatch reversal;
  // Counts so long after the last message (without one: after the entry), also of who left. Empty:
  // while the customer is in.
  Span window;
};

// What becomes of those inside older versions when this one is published: they stay on theirs, go
// on in this one, or leave.
struct InFlight {
  enum class Policy : uint8_t { kPin, kMigrate, kExit } policy = Policy::kPin;
  // kMigrate: where who stands at a node goes that this version lacks: "next", "exit", "node:ID".
  std::vector<std::pair<std::string, std::string>> removed;
  bool recall = false;         // messages not yet handed off say what this version says
  bool apply_history = false;  // goals and exits hold also for what was done before
};

struct Journey {
  std::string id;
  std::string name, name_en;  // in English only where it was given
  uint32_t version = 0;
  std::string category = "marketing";
  std::vector<std::string> tags;  // what its messages are about
  int32_t priority = 50;
  // Of two messages that may not both go: these first, and of one priority those worth more.
  bool mandatory = false;
  int64_t value = 0;            // ten-thousandths
  std::string value_attribute;  // the customer's number, in its place; empty: none
  bool has_zone = false;        // else it goes by the bank's
  Zone zone = Zone::Usual();
  std::optional<int64_t> start_ms, end_ms;
  bool exit_all_at_end = false;
  bool frozen_clock = false;  // while paused
  bool queue_while_paused = false;
  uint64_t queue_limit = 0;  // of who come in a pause; 0: none
  // What waits and is more than so late when it ends, after a pause or while the server was down.
  Span max_lateness;  // none: nothing is too late
  enum class OnLate : uint8_t { kGoOn, kNextTime, kExit } on_late = OnLate::kGoOn;
  uint32_t resume_per_second = 0;  // of what fell due in a pause; 0: all at once
  Span max_duration{.days = 400};
  EntryRule entry;
  ReentryRule reentry;
  uint64_t entry_cap = 0, entry_cap_daily = 0, entry_cap_run = 0;  // 0: none
  std::string cap_attribute;  // of customers with one value of it at most entry_cap_each come in
  uint64_t entry_cap_each = 0;
  uint32_t holdout = 0;  // ten-thousandths
  Release release;
  Guardrails guardrails;
  int64_t budget_money = 0;  // ten-thousandths; 0: none
  uint64_t budget_count = 0;
  uint32_t sends_per_second = 0;
  std::optional<Goal> goal;
  std::string scope;                // a condition: whom who made it may reach; empty: everybody
  std::vector<EventMatch> exit_on;  // while one of the customer holds, nobody comes in either
  InFlight in_flight;
  std::vector<Node> nodes;
  uint32_t first = kNoNode;  // the entry node
  std::string json;          // as it was given

  uint32_t FindNode(std::string_view node_id) const;
};

// Calls `visit` with the name of each event that can mean something to the journey; some twice, and
// some empty.
template <typename Visit>
void ForEachEventName(const Journey& journey, Visit visit) {
  visit(journey.entry.on.event);
  visit(journey.entry.without.event);
  for (const EventMatch& step : journey.entry.steps) visit(step.event);
  for (const EventMatch& match : journey.exit_on) visit(match.event);
  if (journey.goal) {
    visit(journey.goal->on.event);
    visit(journey.goal->reversal.event);
  }
  for (const Node& node : journey.nodes) {
    for (const Branch& branch : node.branches) visit(branch.match.event);
    visit(node.metric.event);
  }
}

// Calls `visit` with each condition on the customer that the journey follows: node, field,
// condition.
template <typename Visit>
void ForEachFollowed(const Journey& journey, Visit visit) {
  for (const EventMatch& match : journey.exit_on) {
    if (match.of_customer()) visit(std::string(), "exit_on.when", match.where);
  }
  if (journey.goal && journey.goal->on.of_customer())
    visit(std::string(), "goal.when", journey.goal->on.where);
  for (const Node& node : journey.nodes) {
    if (node.kind != NodeKind::kWaitEvent) continue;
    for (const Branch& branch : node.branches) {
      if (branch.match.of_customer()) visit(node.id, "branches.when", branch.match.where);
    }
  }
}

// For each node of one version the place in another of the node with its id and kind, or kNoNode.
std::vector<uint32_t> SameNodes(const Journey& from, const Journey& to);

// What is wrong with a document, where, and what to do. `node` is empty for the journey itself.
struct Fault {
  std::string node, field;
  std::string code;  // "unreachable", "ratio_sum", ...
  std::string message;
  bool warning = false;
  // What `message` names, for who says it in other words: {"least", "1"}, {"most", "31"}.
  std::vector<std::pair<std::string, std::string>> values = {};
};

// The code of a field that would change nothing.
inline constexpr std::string_view kNoEffect = "no_effect";
// The code of a cron line that comes round more often than every kLeastMinutes minutes.
inline constexpr std::string_view kTooFrequent = "too_frequent";
inline constexpr int kLeastMinutes = 5;

struct Checked {
  std::shared_ptr<const Journey> journey;  // null when a fault is not a warning
  std::vector<Fault> faults;
};

// Everything that is wrong, at once. Costs time in proportion to nodes and edges. One that names no
// zone is of the `zone`. Of one that was published before, what has no effect or comes too often is
// no fault.
Checked CheckJourney(std::string_view json, const Conditions& conditions, Zone zone = Zone::Usual(),
                     bool published_before = false);

// The faults as the message of one kInvalid "journey_invalid".
Error AsError(const std::vector<Fault>& faults);

// The document's JSON Schema (draft 2020-12).
std::string_view JourneySchema();

}  // namespace waypost::journeys

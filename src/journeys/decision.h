// What one input changed: the unit that is written to the log, whole or not at all. The state of
// all journeys is the fold of the decisions, so a replay asks no condition, clock or random number
// again.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "journeys/list_changes.h"
#include "journeys/token.h"
#include "journeys/trial.h"
#include "model/ids.h"

namespace waypost::journeys {

namespace change {

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct Published {
  std::string json;
  uint32_t version = 0;
  template <typename A>
  void Fields(A& a) {
    a(json, version);
  }
};
struct PhaseSet {
  JourneyIndex journey = 0;
  Phase phase = Phase::kRunning;
  std::string reason;
  template <typename A>
  void Fields(A& a) {
    a(journey, phase, reason);
  }
};
struct PolicySet {
  std::string json;
  template <typename A>
  void Fields(A& a) {
    a(json);
  }
};
struct HeldSet {
  bool held = false;
  template <typename A>
  void Fields(A& a) {
    a(held);
  }
};
struct Refused {
  JourneyIndex journey = 0;
  Ordinal customer = 0;
  Reject reason = Reject::kFilter;
  template <typename A>
  void Fields(A& a) {
    a(journey, customer, reason);
  }
};
struct Entered {
  EntryId entry = 0;
  JourneyIndex journey = 0;
  uint32_t version = 0;
  Ordinal customer = 0;
  std::string key;
  Pairs context;
  EntryId parent = 0;  // waits for it, with that token
  uint32_t parent_token = 0;
  uint32_t depth = 0;  // of calls that led to it
  std::string each;    // the customer's value that a cap is for
  uint32_t list = 0;   // Listing::number; 0: he was not listed
  uint32_t wave = 0;   // of the list, from 1; 0: it has none
  template <typename A>
  void Fields(A& a) {
    a(entry, journey, version, customer, key, context, parent, parent_token);
    if (a.version() > 9) a(depth, each);
    if (a.version() > 15) a(list, wave);
  }
};
struct TokenSet {
  EntryId entry = 0;
  Token token;
  template <typename A>
  void Fields(A& a) {
    a(entry, token);
  }
};
// `outcome` is the place of the outcome it left its node by; the number of outcomes when by none.
struct TokenGone {
  EntryId entry = 0;
  uint32_t token = 0;
  template <typename A>
  void Fields(A& a) {
    a(entry, token);
  }
};
struct NodePassed {
  EntryId entry = 0;
  uint32_t node = 0;
  uint32_t outcome = 0;
  template <typename A>
  void Fields(A& a) {
    a(entry, node, outcome);
  }
};
struct ForkJoined {
  EntryId entry = 0;
  uint32_t fork = 0;
  template <typename A>
  void Fields(A& a) {
    a(entry, fork);
  }
};
struct Left {
  EntryId entry = 0;
  Exit reason = Exit::kCompleted;
  template <typename A>
  void Fields(A& a) {
    a(entry, reason);
  }
};
struct ContextSet {
  EntryId entry = 0;
  std::string name, value;
  template <typename A>
  void Fields(A& a) {
    a(entry, name, value);
  }
};
// An attribute of the customer, to be written back; once for `key`.
struct Marked {
  Ordinal customer = 0;
  TouchKey key;
  std::string attribute, value;
  bool adds = false;  // the value to what there is
  template <typename A>
  void Fields(A& a) {
    a(customer, key, attribute, value);
    if (a.version() > 23) a(adds);
  }
};
struct TouchPlanned {
  TouchKey key;
  EntryId entry = 0;
  JourneyIndex journey = 0;
  uint32_t node = 0, visit = 0, step = 0;
  Ordinal customer = 0;
  std::string channel, address, category, text, benefit;
  int64_t price = 0;
  int64_t not_before_ms = 0;
  int64_t expires_ms = kNever;
  bool transactional = false;
  bool counts = true;
  std::string why;                // the rules that let it pass, with their values
  uint32_t wave = 0;              // of its entry
  std::vector<std::string> tags;  // of its journey then
  Pairs accounts;                 // that caps go by, by what names them
  std::string unit;               // of the bank, whose rules held; empty: none that has any
  template <typename A>
  void Fields(A& a) {
    a(key, entry, journey, node, visit, step, customer, channel, address, category, text, benefit,
      price, not_before_ms, expires_ms, transactional, counts, why);
    if (a.version() > 15) a(wave);
    if (a.version() > 16) a(tags, accounts);
    if (a.version() > 22) a(unit);
  }
};
struct TouchMoved {
  TouchKey key;
  Outcome outcome = Outcome::kUnknown;
  std::string why;
  template <typename A>
  void Fields(A& a) {
    a(key, outcome, why);
  }
};
// A send that did not come to be.
struct Denied {
  EntryId entry = 0;
  uint32_t node = 0, step = 0;
  Outcome outcome = Outcome::kCapped;
  std::string channel, why;
  template <typename A>
  void Fields(A& a) {
    a(entry, node, step, outcome, channel, why);
  }
};
struct ReceiptLost {
  TouchKey key;
  Outcome outcome = Outcome::kUnknown;
  template <typename A>
  void Fields(A& a) {
    a(key, outcome);
  }
};
struct ConsentSet {
  Ordinal customer = 0;
  std::string channel, purpose;  // "*": all
  bool allowed = false;
  template <typename A>
  void Fields(A& a) {
    a(customer, channel, purpose, allowed);
  }
};
struct ListSet {
  Ordinal customer = 0;
  std::string list;
  bool on = false;
  template <typename A>
  void Fields(A& a) {
    a(customer, list, on);
  }
};
// "Did A, and then not B": waiting for the B that does not come.
struct Armed {
  JourneyIndex journey = 0;
  Ordinal customer = 0;
  std::string key;
  uint64_t number = 0;  // tells independent ones apart
  uint32_t step = 0;
  int64_t deadline_ms = 0;  // B counts until then, inclusive
  int64_t due_ms = 0;
  Pairs context;
  template <typename A>
  void Fields(A& a) {
    a(journey, customer, key, number, step, deadline_ms, due_ms, context);
  }
};
struct Disarmed {
  JourneyIndex journey = 0;
  Ordinal customer = 0;
  std::string key;
  uint64_t number = 0;
  template <typename A>
  void Fields(A& a) {
    a(journey, customer, key, number);
  }
};
// What came of a call with an id of its own.
struct Requested {
  JourneyIndex journey = 0;
  std::string request;
  uint64_t body = 0;
  EntryId entry = 0;  // 0: refused, or awaited
  Reject reason = Reject::kFilter;
  bool awaited = false;
  template <typename A>
  void Fields(A& a) {
    a(journey, request, body, entry);
    if (a.version() > 15) a(reason, awaited);
  }
};
// Somebody who came in a pause, and comes in after it.
struct Waiting {
  Ordinal customer = 0;
  std::string key;
  Pairs context;
  EntryId parent = 0;  // as of Entered
  uint32_t parent_token = 0;
  uint32_t depth = 0;
  std::string request;  // by which he was asked in, with its body; empty: none
  uint64_t body = 0;
  template <typename A>
  void Fields(A& a) {
    a(customer, key, context);
    if (a.version() > 21) a(parent, parent_token, depth, request, body);
  }
};
struct Queued {
  JourneyIndex journey = 0;
  Waiting who;
  template <typename A>
  void Fields(A& a) {
    a(journey, who);
  }
};
// The first of those who came in a pause are let in; of who is left some more then.
struct QueueTaken {
  JourneyIndex journey = 0;
  uint64_t count = ~uint64_t{0};  // of them, at most
  int64_t next_ms = 0;            // 0: nobody is left
  template <typename A>
  void Fields(A& a) {
    a(journey);
    if (a.version() > 18) a(count, next_ms);
  }
};
// The messages that share a conversion, alike. One at most in what is older.
struct Credited {
  std::vector<TouchKey> touches;
  template <typename A>
  void Fields(A& a) {
    if (a.version() > 9) return a(touches);
    TouchKey one;
    a(one);
    if (one != TouchKey()) touches = {one};
  }
};
struct Converted {
  EntryId entry = 0;
  std::string unique;
  int64_t value = 0;  // ten-thousandths
  bool reversed = false;
  Credited credited;
  template <typename A>
  void Fields(A& a) {
    a(entry, unique, value, reversed, credited);
  }
};
struct Erased {
  Ordinal customer = 0;
  template <typename A>
  void Fields(A& a) {
    a(customer);
  }
};
struct Merged {
  Ordinal from = 0, to = 0;
  template <typename A>
  void Fields(A& a) {
    a(from, to);
  }
};
// Somebody has to look after a journey: "tz_invalid", "unknown_year", "run_given_up", "guardrail",
// "condition_failed".
struct AlarmRaised {
  std::string what;  // in older ones with more after it
  JourneyIndex journey = kNoJourney;
  std::string node, detail;
  template <typename A>
  void Fields(A& a) {
    a(what);
    if (a.version() > 13) a(journey, node, detail);
  }
};

// A message that was being handed off and was not taken, or that may be handed off again: planned
// once more, for then.
struct TouchPutBack {
  TouchKey key;
  int64_t not_before_ms = 0;
  std::string why;
  template <typename A>
  void Fields(A& a) {
    a(key, not_before_ms, why);
  }
};

// How an experiment stands: until when it lasts, or how it ended.
struct TrialSet {
  JourneyIndex journey = 0;
  std::string node;
  int64_t ends_ms = 0;
  bool decided = false;
  uint32_t winner = 0;
  TrialEnd end = TrialEnd::kTooFew;
  bool over = false;
  template <typename A>
  void Fields(A& a) {
    a(journey, node, ends_ms, decided, winner, end);
    if (a.version() > 17) {
      a(over);
    } else {
      over = decided;
    }
  }
};
// A customer was given a way of an experiment, or did what it measures.
struct TrialGiven {
  JourneyIndex journey = 0;
  std::string node;
  Ordinal customer = 0;
  uint32_t arm = 0;
  uint32_t version = 0;  // whose shares it was given by; 0: the newest
  template <typename A>
  void Fields(A& a) {
    a(journey, node, customer, arm);
    if (a.version() > 19) a(version);
  }
};
struct TrialConverted {
  JourneyIndex journey = 0;
  std::string node;
  Ordinal customer = 0;
  template <typename A>
  void Fields(A& a) {
    a(journey, node, customer);
  }
};

// Everybody inside an older version goes on in this one, where the node is that has the id and kind
// of the one he stands at, or where `moves` puts him, anew: by version and place of the node, the
// place of the other. REQUIRES: nobody stands at a node that has neither.
struct Migrated {
  JourneyIndex journey = 0;
  uint32_t version = 0;
  std::map<std::pair<uint32_t, uint32_t>, uint32_t> moves;
  template <typename A>
  void Fields(A& a) {
    a(journey, version, moves);
  }
};
// A message that waits to be handed off says something else now, or goes elsewhere.
struct TouchReworded {
  TouchKey key;
  std::string text;
  std::string address;  // empty in what is older: as before
  template <typename A>
  void Fields(A& a) {
    a(key, text);
    if (a.version() > 21) a(address);
  }
};
// Somebody who is not known yet, by the name he was called: comes in when he is, until then.
struct Awaited {
  JourneyIndex journey = 0;
  std::string person;
  int64_t due_ms = 0;
  Pairs context;
  std::string request;
  template <typename A>
  void Fields(A& a) {
    a(journey, person, due_ms, context, request);
  }
};
struct AwaitEnded {
  JourneyIndex journey = 0;
  std::string person;
  template <typename A>
  void Fields(A& a) {
    a(journey, person);
  }
};
// The customer would have come in and is of those who never do, and are measured until then.
struct HeldOut {
  JourneyIndex journey = 0;
  Ordinal customer = 0;
  int64_t until_ms = 0;
  template <typename A>
  void Fields(A& a) {
    a(journey, customer, until_ms);
  }
};
// A goal of a customer who is in no more, or was held out (entry 0).
struct LateGoal {
  JourneyIndex journey = 0;
  Ordinal customer = 0;
  EntryId entry = 0;
  std::string unique;
  int64_t value = 0;  // ten-thousandths
  bool reversed = false;
  Credited credited;
  template <typename A>
  void Fields(A& a) {
    a(journey, customer, entry, unique, value, reversed, credited);
  }
};
// What an entry came in for not having been done was done after all.
struct LateEvent {
  EntryId entry = 0;
  std::string event;
  template <typename A>
  void Fields(A& a) {
    a(entry, event);
  }
};
// The condition that is the goal holds of the customer now, or no more: of who is in, or whose goal
// still counts.
struct GoalHeld {
  JourneyIndex journey = 0;
  Ordinal customer = 0;
  EntryId entry = 0;
  bool holds = false;
  template <typename A>
  void Fields(A& a) {
    a(journey, customer, entry, holds);
  }
};
// Its provider is to take a message back, or has been asked to.
struct RecallSet {
  TouchKey key;
  bool asked = false;
  template <typename A>
  void Fields(A& a) {
    a(key, asked);
  }
};

// Customers who were one are two: `to` is these ordinals, and the entries are his.
struct Parted {
  Ordinal from = 0, to = 0;
  std::vector<Ordinal> members;
  std::vector<EntryId> entries;
  template <typename A>
  void Fields(A& a) {
    a(from, to, members, entries);
  }
};

// Which lines of traces others are told of from here on: a bit for each TraceLine::What.
struct LinesFollowed {
  uint32_t kinds = 0;
  template <typename A>
  void Fields(A& a) {
    a(kinds);
  }
};

// Somebody goes through a node that lets so many through in so long.
struct LinePassed {
  JourneyIndex journey = 0;
  std::string node;
  template <typename A>
  void Fields(A& a) {
    a(journey, node);
  }
};

}  // namespace change

// Stored by place: add at the end only.
using Change = std::variant<
    change::Published, change::PhaseSet, change::PolicySet, change::HeldSet, change::Refused,
    change::Entered, change::TokenSet, change::TokenGone, change::NodePassed, change::ForkJoined,
    change::Left, change::ContextSet, change::Marked, change::TouchPlanned, change::TouchMoved,
    change::Denied, change::ReceiptLost, change::ConsentSet, change::ListSet, change::Armed,
    change::Disarmed, change::Requested, change::Queued, change::QueueTaken, change::RunTaken,
    change::Converted, change::Erased, change::Merged, change::AlarmRaised, change::TouchPutBack,
    change::TrialSet, change::TrialGiven, change::TrialConverted, change::Migrated,
    change::TouchReworded, change::Awaited, change::AwaitEnded, change::HeldOut, change::LateGoal,
    change::RecallSet, change::Parted, change::LinePassed, change::Listed, change::ListedTaken,
    change::RunGivenUp, change::Heard, change::LateEvent, change::GoalHeld, change::Enlisted,
    change::ListKept, change::LinesFollowed>;

struct Decision {
  uint64_t number = 0;        // 1, 2, 3, ... for ever
  int64_t time_ms = 0;        // logical; never goes back
  LogPosition inputs_to = 0;  // the records of the log before this one are decided
  std::vector<Change> changes;
  // Those of before state format 14 name runs by their local day, and do not say what was heard of
  // sets (change::Heard).
  bool older = false;
};

// Decisions as one log record: its version, then for each its bytes with their size before them.
Bytes EncodeDecisions(std::span<const Decision> decisions);
// The same of decisions as they come, in records of `most_bytes` at most, but for one decision that
// takes more by itself.
class DecisionRecords {
 public:
  explicit DecisionRecords(size_t most_bytes) : most_bytes_(most_bytes) {}
  void Add(std::span<const Decision> decisions);
  // Those since the last call; none without a decision.
  std::vector<Bytes> Take();

 private:
  void Close();

  const size_t most_bytes_;
  std::vector<Bytes> full_;
  ByteWriter decisions_, one_;
  size_t count_ = 0;  // of decisions_
};
// kCorrupt says at which decision.
Result<std::vector<Decision>> DecodeDecisions(std::span<const uint8_t> payload);

}  // namespace waypost::journeys

// The deterministic machine of journeys: one input makes one decision, from the state, the input
// and what the world answers, and from nothing else. A decision is complete: folding it into the
// same state elsewhere gives what it gave here (state.h).
//
//   Machine machine(state, world);
//   std::vector<Decision> out;
//   machine.OnEvent({...}, &out);
//   log.Append(EncodeDecisions(out));     // only then hand anything off
//
// Order (docs/journeys.md): before an input of time t, every timer due before t fires; a timer due
// at t waits, so that an event exactly at a deadline is in time. Time never goes back: an input
// that says so happens now.
//
// Belongs to one thread.
#pragma once

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/hash.h"
#include "journeys/guards.h"
#include "journeys/state.h"
#include "journeys/versions.h"

namespace waypost::journeys {

struct EventInput {
  Ordinal customer = 0;
  std::string_view name;
  const Properties& properties;
  int64_t receive_ms = 0;
};

struct EnterInput {
  std::string_view journey;
  Ordinal customer = 0;
  std::string key;
  Properties context;
  std::string request;       // idempotency id; empty: none. For seven days what came of it is
                             // answered again, whoever the customer is by then
  bool came_before = false;  // in the same list
};

// Somebody who is not known, by the name he was called.
struct UnknownInput {
  std::string_view journey;
  std::string person;
  Properties context;
  std::string request;
};

// What became of asking somebody in.
struct EnterReply {
  EntryId entry = 0;  // 0: refused
  Reject reason = Reject::kFilter;
  bool duplicate = false;  // it was asked before, and this came of it then
  bool awaited = false;    // let in when he is known, or, for kPaused, when the journey goes on
};

// The entry that called, and its token that waits for the one that is made; 0: nobody waits.
struct Caller {
  EntryId waits = 0;
  uint32_t token = 0;
  uint32_t depth = 0;        // of the entry that is made
  std::string request = {};  // it was asked for by, with its body; empty: none
  uint64_t body = 0;
};

class Machine {
 public:
  using Out = std::vector<Decision>;

  Machine(State state, const World& world) : state_(std::move(state)), world_(world) {}

  const State& state() const { return state_; }

  // A decision that was made before, from the log. Errors: State::Apply's.
  Result<> Replay(const Decision& decision) {
    interests_known_ = false;
    return state_.Apply(decision);
  }

  // As State says of them.
  void Told(const TouchKey& key, Outcome outcome) { state_.Told(key, outcome); }
  void WasSet(const TouchKey& key) { state_.WasSet(key); }
  void LinesTold(size_t count) { state_.LinesTold(count); }
  // Which kinds of lines others are told of from now on (change::LinesFollowed).
  void FollowLines(uint32_t kinds, int64_t at_ms, Out* out);
  // The list says what decisions say of it up to that order (Unlisted).
  void OnListKept(const std::string& list, uint64_t through, int64_t at_ms, Out* out) {
    Begin(at_ms, out);
    Do(change::ListKept{list, through});
    End(out);
  }

  // Fires the timers due at or before `now_ms`, but for those that are held.
  void FireUntil(int64_t now_ms, Out* out);

  // From now on no input fires a timer that is due after `until_ms`, because an event that was
  // received by then may still come; kNever: none does. What such a timer ends is over all the
  // same: no input after it is in time.
  void HoldTimers(int64_t until_ms) { timers_until_ms_ = until_ms; }

  // Whether an event of this name may move anybody.
  bool Wants(std::string_view event) { return Interested(event) != nullptr; }
  void OnEvent(const EventInput& event, Out* out);
  // An attribute of a customer changed: waits for a date or a local time are armed anew, and
  // OnSubject.
  void OnAttribute(Ordinal customer, std::string_view attribute, int64_t at_ms, Out* out);
  // What conditions that are waited for, or that end journeys, speak of.
  const std::map<Subject, std::vector<JourneyIndex>>& Subjects();
  // It is another now, of one customer, or perhaps of everybody who is in.
  void OnSubject(Ordinal customer, const Subject& subject, int64_t at_ms, Out* out);
  void OnSubject(const Subject& subject, int64_t at_ms, Out* out);
  // What a provider said, and what of its answer the nodes that come may ask for. A message that is
  // not known is counted and changes nothing else.
  void OnReceipt(const TouchKey& key, Outcome outcome, std::string_view why, int64_t at_ms,
                 Out* out, const change::Pairs& captured = {});
  // A provider that was asked to take a message back has, or will not.
  void OnRecall(const TouchKey& key, bool taken_back, int64_t at_ms, Out* out);

  // kNotFound; kConflict "idempotency_conflict" when the request id came with another body.
  Result<EnterReply> Enter(const EnterInput& input, int64_t at_ms, Out* out);
  // Refuses him, or lets him in when he is known by then, as the entry's `unknown_user` says; to
  // make him known (`create`) is the caller's. Errors: Enter's.
  Result<EnterReply> EnterUnknown(const UnknownInput& input, int64_t at_ms, Out* out);
  // Whether OnKnown may let anybody in.
  bool AwaitsAnybody() const;
  void OnKnown(std::string_view person, Ordinal customer, int64_t at_ms, Out* out);
  // A list or a batch: keeps whom it is for, each once; the second time is refused. They come in by
  // LetIn: in the order of the entry's `rank`; where the journey caps entries, else, by hash, in
  // one that is the same for ever; otherwise as they are given; of waves, when theirs has begun.
  // kNotFound.
  Result<> List(std::string_view journey, const std::vector<Ordinal>& customers, int64_t at_ms,
                Out* out);
  // Likewise whom an open run of the journey is for, who are those that a run of its
  // segment kept; the run is not open any more. kNotFound: it was not.
  struct RunAudience {
    int64_t run = 0;          // its name
    int64_t segment_run = 0;  // 0: the journey has no segment any more
    std::vector<Ordinal> customers;
  };
  Result<> ListRun(std::string_view journey, const RunAudience& run, int64_t at_ms, Out* out);
  // That run is for nobody: it was not found in time whom it is for. kNotFound as above.
  Result<> GiveUpRun(std::string_view journey, int64_t run, std::string error, int64_t at_ms,
                     Out* out);
  // Lets in up to `most` of those listed for journeys that run, each as who he is by now, in a
  // decision of his own, so that nobody comes twice or is left out wherever the log ends; who was
  // still listed when the journey was stopped is refused likewise. False: nobody is left who may
  // come now.
  bool LetIn(size_t most, int64_t at_ms, Out* out);
  // Whether it may let anybody in.
  bool MayLetIn(int64_t at_ms) const { return !OpenListings(at_ms).empty(); }

  // The customer came into the segment that leads into the journey, or left it; or his tag has just
  // become what the entry says, or something else. With `min_dwell` he
  // comes in when that is still so after it. REQUIRES: the journey is there.
  void OnMember(std::string_view journey, Ordinal customer, bool in, int64_t at_ms, Out* out);
  // These are in those sets now (heard.h). Of a set that was not heard of before nobody comes in.
  // Who moved since is decided about with what is heard of him; more than kMovedAtOnce who come in
  // at once are a list: they come in by LetIn.
  void OnSets(const MembersOf& now, int64_t at_ms, Out* out);
  static constexpr size_t kMovedAtOnce = 4'096;

  // What would keep the customer out who came now with nothing but himself; nothing: he would come
  // in. Decides nothing. kNotFound.
  Result<std::optional<Reject>> WouldRefuse(std::string_view journey, Ordinal customer,
                                            int64_t now_ms);

  // What the definition's `in_flight` says becomes of those inside older versions (versions.h).
  // kInvalid "journey_invalid" lists the faults; "occurrence_in_past". Gives the version.
  Result<uint32_t> Publish(std::string_view json, int64_t at_ms, Out* out);
  // kNotFound; kConflict "bad_phase" when it cannot go from where it is.
  Result<> SetPhase(std::string_view journey, Phase phase, std::string reason, int64_t at_ms,
                    Out* out);
  // All who are held by the experiment, and all who come, go this way; its time is over. kNotFound;
  // kInvalid "bad_request" names no branch; kConflict "experiment_decided".
  Result<> ChooseWay(std::string_view journey, const std::string& node, std::string_view outcome,
                     int64_t at_ms, Out* out);
  // Errors: kInvalid "policy_invalid" says what is wrong and where.
  Result<> SetPolicy(std::string_view json, int64_t at_ms, Out* out);
  Result<> MaySetPolicy(std::string_view json) const;
  void SetHeld(bool held, int64_t at_ms, Out* out);
  void SetConsent(const change::ConsentSet& consent, int64_t at_ms, Out* out);
  void SetList(const change::ListSet& list, int64_t at_ms, Out* out);
  void Erase(Ordinal customer, int64_t at_ms, Out* out);
  // These ordinals, increasing, are one customer now, who is known by `root`, one of them. Who was
  // another before is united with him; who was another's and is his now is parted from that one.
  void OnIdentity(Ordinal root, std::span<const Ordinal> members, int64_t at_ms, Out* out);
  // Two customers are one, known as `to`. Their histories, caps and consents are united, of two
  // consents the one that forbids; of the entries of one journey the older one stays.
  void Merge(Ordinal from, Ordinal to, int64_t at_ms, Out* out);

  // Takes a planned message to hand it off, after the last look at consent, hours and state. False:
  // not now, or never (it is then settled). The decision must be on disk before the hand-off.
  bool Claim(const TouchKey& key, int64_t at_ms, Out* out);

  // Plans a message again, for then or, where its channel says so, later: one that was being handed
  // off and was not taken, or one of unknown outcome that its channel never got (`certain`), or may
  // get twice. One that was taken back meanwhile is cancelled when it is certain that it was not
  // sent. Nothing happens to others.
  void PutBack(const TouchKey& key, int64_t not_before_ms, bool certain, std::string_view why,
               int64_t at_ms, Out* out);

  // The records of the log before this one are decided by the decisions that come.
  void SetInputsTo(LogPosition inputs_to) { inputs_to_ = inputs_to; }

 private:
  struct Sent {
    enum class What : uint8_t { kPlanned, kDenied, kHeld, kLeft } what = What::kPlanned;
    Outcome outcome = Outcome::kPlanned;
  };

  int64_t Begin(int64_t at_ms, Out* out);
  void End(Out* out);
  void Do(Change change);
  const Entry& EntryOf(EntryId id) const;
  // The message of a step of the node that the token stands at, or null.
  const Touch* TouchAt(const Entry& entry, const Token& token, uint32_t step) const;
  int64_t now() const { return decision_.time_ms; }
  bool IsPaused(JourneyIndex journey) const {
    return state_.journeys()[journey].phase == Phase::kPaused;
  }
  Facts FactsOf(const Entry& entry) const;
  bool Holds(const EventMatch& match, const EventInput& event, const Properties* context) const;

  // Where what is asked of working days is of a year that no calendar was given of.
  void AlarmOfYears(JourneyIndex journey, const Node& node, Zone zone, bool found);
  void AlarmOfNextRun(JourneyIndex journey);
  void Fire(const Timer& timer);
  void FireRun(const Timer& timer);
  void TakeRun(change::RunTaken run);
  void FireArm(const Timer& timer);
  void OnLateEvent(EntryId entry, const EventInput& event);
  // What of the customer is held until then is decided at once, whose turn is first first.
  void FireTurn(const Timer& timer);
  void FireToken(EntryId entry, uint32_t token);
  void FireTrials(JourneyIndex journey);
  void FireLines(JourneyIndex journey);
  void FireAwaited(JourneyIndex journey);

  // Entry.
  void OnEntryEvent(JourneyIndex journey, const EventInput& event);
  void OnNotDone(JourneyIndex journey, const EventInput& event);
  void OnBreakpoint(JourneyIndex journey, const EventInput& event);
  std::optional<uint32_t> OpenListing(JourneyIndex journey, int64_t now_ms) const;
  // Journeys that have one.
  std::vector<JourneyIndex> OpenListings(int64_t at_ms) const;
  std::vector<change::Listed> ListedOver(JourneyIndex journey) const;
  void TakeListed(JourneyIndex journey, uint32_t place);
  void Move(JourneyIndex journey, Ordinal customer, bool in);
  struct SetMove {
    Ordinal customer = 0;
    const std::string* set = nullptr;
    bool in = false;
  };
  struct JourneyMove {
    Ordinal customer = 0;
    JourneyIndex journey = 0;
    bool in = false;
  };
  // Of some customers, all of each, in one decision.
  void Hear(std::span<const SetMove> heard, std::span<const JourneyMove> moves,
            const std::map<JourneyIndex, std::vector<Ordinal>>& listed);
  void Arm(JourneyIndex journey, Ordinal customer, const std::string& key, uint32_t step,
           Properties context);
  void DisarmAll(JourneyIndex journey, Ordinal customer, const std::string& key);
  void DisarmIfChanged(JourneyIndex journey, uint32_t version);
  std::vector<journeys::Arm> ArmsAt(JourneyIndex journey, Ordinal customer,
                                    const std::string& key) const;
  // What came with the request id before; nothing when it is new. kConflict as Enter.
  Result<std::optional<EnterReply>> RequestedBefore(JourneyIndex journey,
                                                    const std::string& request,
                                                    uint64_t body) const;
  void Remember(JourneyIndex journey, const std::string& request, uint64_t body,
                const EnterReply& reply);
  std::optional<Reject> Refusal(JourneyIndex journey, Ordinal customer, const std::string& key,
                                const Properties& context, bool past_holdout = false) const;
  bool IsHeldOut(const Journey& definition, Ordinal customer) const;
  void MeasureHeldOut(JourneyIndex journey, Ordinal customer);
  std::optional<Reject> ReentryRefusal(JourneyIndex journey, Ordinal customer,
                                       const std::string& key) const;
  // Among those listed.
  struct Place {
    uint32_t list = 0, wave = 0;  // change::Entered
    bool full = false;            // the run has let in as many as it may
  };
  EnterReply TryEnter(JourneyIndex journey, Ordinal customer, const std::string& key,
                      Properties context, const Caller& caller, const Place& place);
  EnterReply TryEnter(JourneyIndex journey, Ordinal customer, const std::string& key,
                      Properties context, const Caller& caller = {}) {
    return TryEnter(journey, customer, key, std::move(context), caller, Place());
  }
  static bool LeadsIn(const EntryRule& rule, bool in) {
    return rule.kind == EntryKind::kTag ? in : rule.on_leave != in;
  }
  std::string KeyIn(JourneyIndex journey, const Properties& context) const;
  static bool HasRoom(const JourneyState& journey);
  std::string CappedBy(const Journey& definition, Ordinal customer) const;
  void ListOnce(const std::vector<Ordinal>& customers, change::Listed listed);
  double RankOf(const EntryRule& rule, Ordinal customer) const;
  void Rank(JourneyIndex journey, std::vector<Ordinal>* customers) const;
  std::vector<change::ListedWave> WavesOf(JourneyIndex journey,
                                          const std::vector<Ordinal>& customers) const;
  bool StaysOut(JourneyIndex journey, Ordinal customer, int64_t since_ms) const;

  // Moving through the graph.
  void PlaceAt(EntryId entry, Token token, uint32_t node);
  void Run(EntryId entry, uint32_t token);
  std::optional<size_t> Execute(EntryId entry, uint32_t token);
  // Leaves by an outcome; true when it stands at another node now.
  bool Pass(EntryId entry, uint32_t token, size_t outcome);
  void Go(EntryId entry, uint32_t token, size_t outcome) {
    if (Pass(entry, token, outcome)) Run(entry, token);
  }
  void EndToken(EntryId entry, uint32_t token, Exit reason);
  void Leave(EntryId entry, Exit reason);
  // Who called and waits for it goes on; `how` it ended, with what.
  void AnswerCall(EntryId parent, uint32_t parent_token, int64_t called_ms, std::string_view how,
                  const Properties& context);
  void LeaveAll(JourneyIndex journey, Exit reason);
  void FollowConsent(Ordinal customer);

  // Customers who become one, and two again.
  void MoveArms(Ordinal from, Ordinal to);
  void LeaveTwice(Ordinal customer);
  // Whether a wait ends as the clocks where the customer is say.
  static bool GoesByTheClock(const Node& node) {
    return node.time_of_day || !node.windows.empty() || node.span.days != 0 ||
           node.span.months != 0;
  }
  static bool GoesByWorkingDays(const Node& node) {
    return std::ranges::any_of(
        node.windows, [](const Window& one) { return one.days != Window::Days::kWeekdays; });
  }
  // When a wait for so long is over, by the clocks of that zone.
  static int64_t SpanEnd(const Token& token, const Node& node, Zone zone) {
    return AddSpan(token.arrived_ms, node.span, zone) + token.stood_ms;
  }
  bool StandsStill(const Entry& entry) const {
    return IsPaused(entry.journey) && state_.JourneyOf(entry).frozen_clock;
  }
  // Customers who are in any journey, increasing.
  std::vector<Ordinal> Inside() const;
  // Waits for what the customer has may be for something else now.
  void RestAnew(Ordinal customer);
  void RestAnew(Ordinal customer, const std::function<bool(const Node&)>& which);
  // What kept `from` out, or messages from him, holds for `to` as well, and what `to`, one of these
  // ordinals, came into himself is his again.
  void Part(Ordinal from, Ordinal to, std::span<const Ordinal> members, int64_t at_ms, Out* out);
  void TimeOutAnew(EntryId entry, const Token& token, const Node& node);
  std::optional<size_t> Rest(EntryId entry, Token token, int64_t due_ms,
                             TokenState state = TokenState::kWaiting);

  // One for each kind of node that takes some thought.
  // A time of day is the next one from `from_ms` on, else from now.
  std::optional<size_t> Wait(EntryId entry, const Token& token, const Node& node,
                             std::optional<int64_t> from_ms = {});
  std::optional<size_t> WaitForDate(EntryId entry, const Token& token, const Node& node);
  std::optional<size_t> WaitEvent(EntryId entry, Token token, const Node& node);
  // In (after, until]. The event that let him in does not count.
  bool HasDone(const Entry& entry, const Deed& deed, int64_t after_ms, int64_t until_ms) const;
  size_t Ask(const Entry& entry, const Node& node);
  size_t Choose(const Entry& entry, const Token& token, const Node& node) const;
  std::optional<size_t> Send(EntryId entry, const Token& token, const Node& node);
  void GiveUpWaiting(EntryId id, const Token& token);
  std::optional<size_t> Chain(EntryId entry, Token token, const Node& node);
  std::optional<size_t> Succeed(EntryId entry, const Token& token, const Node& node, uint32_t step);
  void Set(EntryId entry, const Token& token, const Node& node);
  // What the attribute is for the entry when that is added.
  std::string SumOf(const Entry& entry, const Token& token, const Setting& added) const;
  void Fork(EntryId entry, Token token, const Node& node);
  std::optional<size_t> Join(EntryId entry, const Token& token);
  void SettleJoins(EntryId entry);
  void ReleaseJoin(EntryId entry, uint32_t fork, uint32_t node);
  static Properties Carried(const Properties& context, const std::vector<Passed>& passed);
  std::optional<size_t> Call(EntryId entry, const Token& token, const Node& node);
  std::optional<size_t> StandInLine(EntryId entry, Token token, const Node& node);

  // Those inside older versions go on in the current one.
  void Migrate(JourneyIndex journey, const Migration& migration);
  void TakeOut(EntryId id, const Migration& migration);
  void TakeAlong(EntryId id, const std::vector<Token>& before, const Journey& from,
                 const std::vector<bool>& as_before);
  void JudgeAnew(EntryId id, Token token, const Node& before);
  void RestOrFire(EntryId id, Token token, int64_t due_ms);
  bool ReachedBefore(EntryId id);
  // Messages that wait say what their node in the current version, or in their own, says now.
  void Reword(JourneyIndex journey, bool by_current);
  void Reword(const TouchKey& key, const Journey& definition);

  // Experiments.
  std::optional<size_t> Experiment(EntryId entry, const Token& token, const Node& node);
  void CountForTrials(JourneyIndex journey, const EventInput& event);
  void ReleaseHeld(JourneyIndex journey, const std::string& node);
  void ResumeTrials(JourneyIndex journey, int64_t paused_ms);

  // What a message of the journey to the customer is worth; ten-thousandths of money.
  double WorthOf(const Journey& definition, Ordinal customer) const;
  Sent TrySend(EntryId entry, Token token, const Node& node, uint32_t step);
  Sent Plan(const Entry& entry, const Token& token, const Node& node, uint32_t step,
            const Ruling& ruling, int64_t expires_ms);
  Sent Refuse(const Entry& entry, const Token& token, uint32_t step, Outcome outcome,
              std::string why);
  void Follow(const TouchKey& key);
  void Cancel(const TouchKey& key, std::string why);
  void AskBack(const TouchKey& key);
  bool HasOtherChannel(const Entry& entry, const Node& node, uint32_t step) const;
  bool MayGoOtherwise(const Touch& touch) const;
  // Whether the message may go at this hour.
  bool StillReaches(const TouchKey& key);
  bool IsHour(const Touch& touch);
  void WaitLonger(const TouchKey& key);
  int64_t NextTry(const Touch& touch, int64_t not_before_ms) const;

  // Events and the tokens that wait for them.
  // A token at a node, before an event: what the event brings somewhere it does not move on.
  struct Stand {
    EntryId entry = 0;
    uint32_t token = 0, node = 0, visit = 0;
  };
  // The oldest entry first. REQUIRES: `journeys` are in order.
  std::vector<Stand> StandingOf(Ordinal customer, std::span<const JourneyIndex> journeys) const;
  // Null when it went on, or is gone.
  const Token* StillAt(const Stand& stand) const;
  void OnWaits(std::span<const Stand> standing, const EventInput& event);
  // `taken`: nodes where the event has moved an entry and may move no other.
  void OnWait(const Stand& stand, const EventInput& event,
              std::vector<std::pair<JourneyIndex, std::string>>* taken);
  void OnGoal(EntryId entry, const EventInput& event);
  // A goal that is a condition: whether it holds when one begins to look; and what becomes of that,
  // of who is in and of who is watched.
  void LookAtGoal(EntryId entry);
  void AskGoal(EntryId entry);
  void AskLateGoals(JourneyIndex journey, Ordinal customer);
  std::optional<bool> GoalHolds(const Journey& definition, const Facts& facts) const;
  // Asks anew of the customer, in these journeys; null: in all.
  void AskAnew(Ordinal customer, const std::vector<JourneyIndex>* journeys);
  void AskAnew(EntryId entry);
  // Whether a condition that ends the journey holds, and which way out that is.
  std::optional<Exit> EndedBy(const Journey& definition, const Facts& facts) const;
  // True when the entry left.
  bool LeaveIfEnded(EntryId entry);
  void OnLateGoal(JourneyIndex journey, const EventInput& event);
  struct Reached {
    std::string unique;
    int64_t value = 0;
    bool reversed = false;
  };
  void Meet(EntryId entry, const Reached& reached);
  int64_t ValueOf(const Goal& goal, Ordinal customer) const;
  std::optional<Reached> GoalReached(const Goal& goal, const EventInput& event,
                                     const Properties* context,
                                     const std::vector<std::string>& bought) const;
  TouchKey OwedOf(const std::vector<TouchKey>& came, const Journey& definition) const;
  change::Credited CreditedTo(const std::vector<TouchKey>& touches,
                              const Journey& definition) const;
  // The chains that wait for the goal that has just been met.
  void FollowGoal(EntryId entry);
  bool IsSuccess(const Touch& touch, const Attempt& attempt) const;
  // Now; nothing when the wait is over. TakeBranch: it was in time.
  void Matched(EntryId entry, uint32_t token, size_t branch);
  void TakeBranch(EntryId entry, uint32_t token, size_t branch);
  bool IsLate(const Entry& entry, const Token& token) const;
  void Resume(JourneyIndex journey, int64_t paused_ms);
  struct Due {
    int64_t due_ms = 0;
    Stand stand;
  };
  // How many go on.
  uint64_t Drain(JourneyIndex journey, std::vector<Due> due);
  void TakeQueue(JourneyIndex journey);
  // What it waited for happened in a pause, and is to be followed.
  static bool WasMatched(const Token& token) {
    return token.state == TokenState::kHeld && token.step > 0;
  }
  // The way out of a wait_event or a call whose time is over.
  static uint32_t OverBy(const Node& node, const Token& token);
  bool IsTooLate(const Entry& entry, const Token& token) const;
  // As the journey says of a wait that is over too late.
  void FollowLate(EntryId entry, const Token& token);
  void FollowPause(EntryId entry, int64_t paused_ms);
  void GoOnWaiting(const Entry& entry, int64_t paused_ms, Token* token) const;
  void RestInPause(EntryId entry, const Token& token, size_t outcome);
  const std::vector<JourneyIndex>* Interested(std::string_view event);
  void LearnInterests();

  State state_;
  const World world_;
  int64_t timers_until_ms_ = kNever;
  int64_t input_ms_ = 0;  // of the input being decided; of a timer, when it was due
  LogPosition inputs_to_ = 0;
  Decision decision_;
  // Which journeys an event name can mean something to, by all their versions.
  boost::unordered_flat_map<std::string, std::vector<JourneyIndex>, TextHash, std::equal_to<>>
      interests_;
  std::map<Subject, std::vector<JourneyIndex>> subjects_;  // likewise
  bool interests_known_ = false;
};

// Where the ratio puts a customer: 0 to 9,999, the same for ever.
uint32_t BucketOf(Ordinal customer, std::string_view journey, std::string_view salt);
// Nodes have other places in other versions, so the migrations count. A folder that was restored
// gives ids again that what it does not know of had, so the time of the entry does.
TouchKey KeyOf(const Entry& entry, uint32_t node, uint32_t visit, uint32_t step);

}  // namespace waypost::journeys

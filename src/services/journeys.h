// The journeys of one project at work: events that were collected move them, timers fire by the
// machine's clock, decisions go into the project's log, and what they decided to send is handed to
// the channel once they are on disk. What became of messages comes back as events of the customer
// ("$touch_sent", ...), so that every question can count them.
//
// A timer fires when its time has been over for a tenth of a second and every batch that came
// before is applied, so that an event that came just before a deadline is in time, however long it
// is on its way to the disk and from there.
//
// Any thread may call any method.
#pragma once

#include <atomic>
#include <boost/json/object.hpp>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "api/services.h"
#include "channels/description.h"
#include "channels/sandbox.h"
#include "engine/engine.h"
#include "engine/follower.h"
#include "journeys/machine.h"
#include "journeys/rehearsal.h"
#include "services/answers.h"
#include "services/contents.h"
#include "services/delivery.h"
#include "services/forecasts.h"
#include "services/live_segments.h"
#include "services/machine.h"

namespace waypost::services {

class Seen;

// Who a customer is, as callers say it.
struct Person {
  std::string key;  // "login", "phone", ...
  std::string value;
};

// Something that happened to a customer and was decided, for others.
struct DecidedLine {
  uint64_t decision = 0;
  uint32_t place = 0;  // among those of its decision
  journeys::TraceLine::What what = journeys::TraceLine::What::kEntered;
  std::string journey;
  // As in a trace, with "customer" and, where there is one, "entered_at", "came_at" (to the node
  // that is passed), and of a message its "touch" and "channel".
  boost::json::object shown;
  bool handed_over = false;  // of a message: that it was, nobody had said before
};

// Is told of decisions once they are on disk, in their order; of each again after a crash.
class DecisionListener {
 public:
  virtual ~DecisionListener() = default;
  // What fails is told again.
  virtual Result<> OnLines(std::span<const DecidedLine> lines) = 0;
};

class Journeys final : public engine::Follower, public TagListener {
 public:
  // Days of conditions are those of `zone` (services/answers.h). Segments are run on `threads`.
  Journeys(const Machine& machine, const std::string& project, Catalogs& catalogs,
           const std::string& zone, unsigned threads)
      : host_(machine),
        project_(project),
        catalogs_(catalogs),
        threads_(threads),
        answers_(catalogs, project, zone) {}
  ~Journeys() override { Stop(); }

  // After the engine that we follow is open, and before anything else. What is collected is decided
  // about from here on; no timer fires and nothing is handed off.
  void Follow(engine::Engine& engine) { engine_ = &engine; }
  // Settles what was being handed off when the server ended, and starts the thread. For a server: a
  // command that has the folder open for a moment must send nothing. A folder that is a copy starts
  // with sending held. Errors: kIo.
  Result<> Start();
  // Hands nothing more off; what was decided is on disk. Before the engine is stopped.
  void Stop();

  // Who is told of decisions; before Start, and must outlive Stop. Of which kinds says FollowLines,
  // a bit for each TraceLine::What, from then on.
  void SetListener(DecisionListener* listener) { listener_ = listener; }
  Result<> FollowLines(uint32_t kinds);

  // Messages of this name go there from now on; null: to the sandbox.
  void SetChannel(const std::string& name, std::shared_ptr<channels::Channel> channel);
  // Messages being handed off, and of unknown outcome, by channel.
  struct OnTheirWay {
    uint64_t waiting = 0, claimed = 0, unknown = 0;
  };
  std::map<std::string, OnTheirWay> Traffic();

  // Below, who is `barred` finds that there is no name for what tells who somebody is.
  //
  // Faults and warnings of a definition, as JSON; of one whose journey runs also what it changes,
  // and how many are inside which version.
  std::string Check(std::string_view json, bool barred = false);
  // What a journey that events, a segment or a tag lead into would have done over the last days, as
  // JSON.
  // Decides nothing. Errors: kInvalid "journey_invalid", "not_rehearsable"; kTooLarge when there
  // are over a million events that mean something to it; PastSegment's.
  Result<std::string> Rehearse(std::string_view json, int64_t days, bool barred = false);
  // What a definition does with one customer, every wait being over at once, as JSON; decides
  // nothing. Each message becomes `becomes`. With `send` what it says is handed off as well, marked
  // as a test and counted nowhere, to somebody who is in the segment kTesters. Errors: kInvalid
  // "journey_invalid", "not_tester"; Find's; kUnavailable "sending_held".
  struct Test {
    std::string definition;
    Person person;
    journeys::Properties context;
    journeys::Outcome becomes = journeys::Outcome::kAccepted;
    bool send = false, masked = false, barred = false;
  };
  Result<std::string> RunTest(const Test& test);
  // Errors: Machine's; kUnavailable when the log refuses.
  Result<std::string> Publish(std::string_view json, bool barred = false);
  // What would keep it from being published, or the rules for messages from being set; changes
  // nothing.
  Result<> MayPublish(std::string_view json, bool barred);
  Result<> MaySetPolicy(std::string_view json);
  Result<std::string> SetPhase(const std::string& journey, journeys::Phase phase);
  Result<std::string> ChooseWay(const std::string& journey, const std::string& node,
                                const std::string& outcome);
  Result<std::string> SetPolicy(std::string_view json);
  Result<std::string> SetHeld(bool held);
  // Each comes in, or why not; in one decision record, so all or none. Who was never heard of is
  // refused, made known or awaited as the journey's entry says. One person may have a request id.
  struct Asked {
    Person person;
    journeys::Properties context;
    std::string request;
  };
  Result<std::string> Enter(const std::string& journey, const Asked& asked);
  Result<std::string> EnterAll(const std::string& journey, std::span<const Asked> asked);
  // `who` says so; the customer's timeline shows it before it holds.
  Result<std::string> SetConsent(const Person& person, const std::string& channel,
                                 const std::string& purpose, bool allowed,
                                 const std::string& who = {});
  // Whoever got the message refuses what comes by the channel for the same purpose, or, without
  // `now`, could. kNotFound "link_expired" when the message is not known, or no more.
  Result<> Unsubscribe(const std::string& channel, const std::string& key, bool now);
  // Moves a message that somebody of the bank answers, when `may` allows it of what is known.
  Result<> MoveTask(const journeys::TouchKey& key, journeys::Outcome outcome,
                    const std::string& why,
                    const std::function<Result<>(const journeys::Touch&)>& may);
  // Names of channels whose messages are tasks.
  std::set<std::string> TaskChannels();
  // Errors: kNotFound "unknown_customer".
  Result<Ordinal> Find(const Person& person);
  Result<std::string> GiveReceipt(const std::string& key, const std::string& outcome);
  // Many at once; those that are no receipts are counted.
  Result<> GiveReceipts(const std::vector<channels::Receipt>& receipts, size_t* not_understood);

  // Who is in live segments now. Who came, or left, since we heard of it last enters the journeys
  // that the segment leads into; what we heard is of the decision about it, so a restart neither
  // repeats nor misses anybody but one who came and went back before anybody looked. Until Start,
  // what is heard happened before the server ended, and so before what fell due since.
  void OnMembers(std::span<const LiveSegments::Change> changes);
  // Whether a segment or a tag leads into a journey, is waited for, or ends one.
  bool FollowsSets();
  // The channel of this name; null: there is none.
  std::shared_ptr<channels::Channel> FindChannel(const std::string& name);
  // Whether nothing is to be sent.
  bool held();
  // Likewise of tags that became others.
  bool Follows(const tags::LiveDefinition& tag) override;
  void OnValues(const TagChange& change) override;

  std::string List();
  Result<std::string> Show(const std::string& journey);
  // What each version did, newest first. Errors: kNotFound.
  Result<std::string> Versions(const std::string& journey);
  // One of them, and what it changes of the version `since`; 0: the one before it.
  Result<std::string> ShowVersion(const std::string& journey, uint32_t version, uint32_t since);
  // Everything that happened to a customer and why.
  Result<std::string> Trace(const Person& person);
  // Of one journey: whether the customer is or was in it, what happened, and, of who is not in it,
  // what would keep him out now.
  Result<std::string> Why(const std::string& journey, const Person& person);
  // Who of those seen is at a node now, or was at a moment that is past; with an outcome, who went
  // on from it that way, or, with the reason of an exit, who left the journey from it so. Of what
  // is past by the last kTraceLines things that happened to them; newest first. Looks at every
  // customer there is. Errors: kNotFound; kInvalid "bad_request" for a moment that is none.
  Result<std::string> CustomersAt(const std::string& journey, const std::string& node,
                                  const api::AtNodeAsk& ask, const Seen& seen, bool masked);
  // Until when those seen wait at a node, and what holds them or keeps its messages back. Looks at
  // everybody who is in any journey. Errors: kNotFound.
  Result<std::string> StandingAt(const std::string& journey, const std::string& node,
                                 const Seen& seen);
  std::string Outbox(size_t limit);
  // With what journeys know held still.
  void Look(const std::function<void(const journeys::State&)>& look);

  void Attach(const engine::Applier& applied) override { answers_.Attach(applied); }
  Result<> Restore(std::span<const uint8_t> state) override;
  Result<> OnDecisions(std::span<const uint8_t> record) override;
  void OnEvent(LogPosition position, const BatchReader& batch, const ItemView& item,
               Ordinal customer) override;
  void OnProfile(LogPosition position, const BatchReader& batch, const ItemView& item,
                 Ordinal customer) override;
  void OnIdentity(LogPosition position, int64_t time_ms, Ordinal ordinal) override;
  Bytes Encode() const override;

 private:
  using Out = journeys::Machine::Out;

  static constexpr int64_t kTimerLagMs = 100;
  static constexpr size_t kMostRecordBytes = 16 << 20;  // of decisions

  int64_t NowMs() const { return host_.clock.NowMs(); }
  int64_t HeardMs() const;
  // Decisions take many times as much as what is written of them.
  void Pack() {
    records_.Add(pending_);
    pending_.clear();
  }
  // Runs `act`, which may ask about customers, with the state held still.
  void Hold(const std::function<void()>& act);
  // Likewise, and waits until what it decided is on disk.
  Result<> Decide(const std::function<Result<>(journeys::Machine&, Out*)>& change);
  // Everything decided is on disk when it returns, also what `decide` does with the state held.
  // What came of decisions that were on disk before is on its way to the log.
  Result<> WriteDecisions(const std::function<void()>& decide = {});
  // The event that says so is in the log when it returns.
  Result<> TellConsent(const Person& person, const journeys::change::ConsentSet& consent,
                       const std::string& who);
  // Our events are in the plan when it returns, or it was logged why not.
  void DeclareEvents();
  // What decisions on disk did to customers: events for outcomes, and attributes that were set. At
  // most kTellingsAtOnce; true: there are events among them. Under the engine's hold.
  bool WriteUntold(BatchWriter* out);
  // To the log.
  void Tell(Bytes told, bool events);
  Result<> TellLines();
  void TellOutcome(const journeys::TouchKey& key, journeys::Outcome outcome, int64_t time_ms,
                   BatchWriter* out);
  void SetAttribute(const journeys::TouchKey& key, const journeys::Unset& unset, BatchWriter* out);
  void Told(std::string_view dedup_key);
  // The definition and its texts.
  journeys::Checked CheckAll(std::string_view json, bool barred);
  boost::json::object AgainstTheRunning(const journeys::Journey& draft, journeys::Checked* checked);
  Result<std::string> OfVersions(
      const std::string& id,
      const std::function<Result<boost::json::object>(const journeys::JourneyState&)>& show);
  // Who came in by a segment or a tag in a time that is past.
  struct Comings {
    std::vector<Ordinal> existing;                 // before
    std::vector<journeys::PastMove> moves;         // by time
    std::map<int64_t, std::vector<Ordinal>> runs;  // whom each was for
    // Of the last run at or before that moment.
    std::vector<Ordinal> MembersAt(int64_t at_ms) const;
  };
  Result<Comings> ComingsOf(const journeys::Journey& draft, const engine::Reading& reading,
                            int64_t from_ms, int64_t until_ms);
  // Makes those known who are not, where the journey's entry says so.
  Result<> MakeKnown(const std::string& journey, std::span<const Asked> asked);
  void LookForAwaited(const BatchReader& batch, const ItemView& item, Ordinal customer);
  Result<std::vector<journeys::EnterReply>> LetIn(const std::string& journey,
                                                  std::span<const Asked> asked);
  Result<std::optional<segments::Segments::LastRun>> SegmentOf(std::string_view definition) const;
  // Whom runs of batch journeys that were taken are for (journey_runs.cc).
  struct OpenRun {
    std::string journey, segment;
    int64_t run = 0;
    journeys::OpenRun times = {};
  };
  // Why it is not known yet.
  struct RunFailure {
    std::string error;
    uint32_t tries = 0;
    int64_t again_ms = 0;
  };
  void FindAudiences();
  std::vector<OpenRun> DueRuns();  // under the engine's hold
  Result<> FindAudience(const OpenRun& run);
  void OnRunFailed(const OpenRun& run, const std::string& error);  // likewise
  Result<segments::Segments::LastRun> RunSegment(const OpenRun& run) const;
  std::vector<Ordinal> AsKnownNow(const exec::CustomerBits& members) const;
  // Lists that decisions changed and that do not say so yet (journey_lists.cc).
  bool ListsAreDue() const;  // under the engine's hold
  Result<> KeepLists();
  std::vector<journeys::Fault> UnknownLists(const journeys::Journey& journey) const;
  void AddRuns(const journeys::JourneyState& journey, boost::json::object* shown) const;
  // Lets some of those listed in; true: there may be more.
  bool LetIn();
  // Whether who is in its segment comes in when it is published.
  bool ListsExisting(const journeys::Journey& journey) const;
  Result<> FollowSegment(const journeys::Journey& journey, const exec::CustomerBits& members,
                         bool lists);
  // Those sets that nobody heard of before.
  void HearFirst(journeys::MembersOf sets);
  Result<journeys::MembersOf> TagNow(const journeys::EntryRule& entry) const;
  // Who came by a tag in a time that is past, or became something else, by the values of each day.
  Result<std::vector<journeys::PastMove>> TagMoves(const journeys::EntryRule& entry,
                                                   const engine::Reading& reading, int64_t from_ms,
                                                   int64_t until_ms) const;
  Result<> CheckCertified(const std::string& tag) const;
  Result<> CheckTag(const journeys::Journey& journey) const;
  // Conditions that are waited for, or that end journeys (journey_conditions.cc). What is followed
  // under one of the names that the segment or tag has.
  template <typename Named>
  std::vector<journeys::Subject> FollowedAs(journeys::Subject::Kind kind, const Named& named) {
    std::vector<journeys::Subject> followed;
    for (const auto& [subject, journeys] : machine_->Subjects()) {
      if (subject.kind == kind && named.IsCalled(subject.name)) followed.push_back(subject);
    }
    return followed;
  }
  void TellMembers(const journeys::Subject& segment,
                   const std::shared_ptr<const exec::CustomerBits>& members);
  // Null: nobody knows who moved.
  void TellMoved(const journeys::Subject& subject, const exec::CustomerBits* moved);
  // Of conditions on segments that are not live and tags that are not certified.
  std::vector<journeys::Fault> NotFollowed(const journeys::Journey& journey) const;
  // Warnings about what goes by working days in years that no calendar was given of.
  std::vector<journeys::Fault> WithoutCalendar(const journeys::Journey& journey) const;
  // Whether the record is to be decided about, and what the batch in it says.
  bool IsUndecided(LogPosition position);
  bool IsNews(LogPosition position, const BatchReader& batch);
  void Wake();
  void WakeForRuns();
  void Work();
  // Takes messages out of the sandbox whose customer was erased, and those that are nobody's that
  // is known. The caller holds the state.
  void ForgetErased();
  // Decides what is due, writes it, and hands messages off. `erased`: how many there were.
  Result<> Turn(size_t* erased);

  const Machine host_;
  const std::string project_;
  Catalogs& catalogs_;
  const unsigned threads_;
  Contents contents_;
  Answers answers_;
  std::unique_ptr<journeys::Machine> machine_ = std::make_unique<journeys::Machine>(
      journeys::State(), journeys::World{answers_, answers_, answers_});
  engine::Engine* engine_ = nullptr;
  std::shared_ptr<channels::Sandbox> sandbox_;
  std::unique_ptr<Forecasts> forecasts_;  // null until Start
  std::mutex channels_mutex_;
  std::map<std::string, std::shared_ptr<channels::Channel>> channels_;
  std::unique_ptr<Delivery> delivery_;

  // Under the engine's hold.
  bool started_ = false;
  Out pending_;  // then in records_
  journeys::DecisionRecords records_{kMostRecordBytes};
  // Members by segment, as journeys name it, since start.
  std::map<std::string, std::shared_ptr<const exec::CustomerBits>> told_;
  std::map<std::pair<std::string, int64_t>, RunFailure> run_failures_;  // by journey and run
  int64_t lists_again_ms_ = 0;  // lists are not kept before then
  LogPosition at_ = ~LogPosition{0};
  bool decided_before_ = false;

  std::mutex write_mutex_;       // one record after the other, in the order of the decisions
  std::deque<Bytes> unwritten_;  // of records_; under write_mutex_
  uint64_t telling_ = 0;         // of State::tellings(), those before are on their way; likewise
  std::atomic<bool> tell_again_{false};  // some did not arrive
  std::atomic<uint64_t> written_{0};     // decisions up to this one are on disk
  DecisionListener* listener_ = nullptr;
  std::mutex declare_mutex_;
  bool declared_ = false;  // our events, or they cannot be

  std::mutex wake_mutex_;
  std::condition_variable wake_;
  bool woken_ = false, stopping_ = false;
  bool runs_due_ = false;  // the audience thread is to look
  std::thread thread_, audience_thread_;
};

}  // namespace waypost::services

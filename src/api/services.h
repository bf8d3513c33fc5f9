// What the routes need from the rest of the server, as small interfaces; services/ implements them.
// Every method may be called from any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/console_files.h"
#include "api/http_message.h"
#include "base/result.h"

namespace waypost::api {

// What became of a request that carries events. An item is accepted, quarantined (kept, readable,
// in no answer) or both counts leave it out (a duplicate within the request).
struct Receipt {
  size_t accepted = 0;
  size_t quarantined = 0;
  struct Issue {
    size_t index = 0;  // of the item in the request
    std::string reason;
  };
  std::vector<Issue> issues;  // the first few
};

class Collector {
 public:
  virtual ~Collector() = default;
  // Checks the write key, decodes by the wire format of the request's path, and appends. Does not
  // wait for the disk: `done` is called exactly once, perhaps from another thread, when the events
  // are safe or refused.
  virtual void Collect(Request request, std::function<void(Result<Receipt>)> done) = 0;
  // The key may send events.
  virtual bool KnowsWriteKey(std::string_view key) const = 0;
  // The key of a source of a project, or of its first; both empty: the first of the first. Errors:
  // kNotFound.
  virtual Result<std::string> WriteKeyOf(std::string_view project,
                                         std::string_view source) const = 0;
};

// Below, `project` is a project's name, or empty for the first one.

// Whom a caller sees of a project: in the answer all others are as if they were not there.
struct Sight {
  std::string project;
  std::string rows;  // EQL; empty: everyone
  // Values that are a person's (model/masking.h) are masked in the answer. Nobody is `barred`
  // alone.
  bool masked = false;
  bool barred = false;  // and those that are no numbers cannot be asked by: there are no such names
};

// Questions and answers are JSON texts. Calls may take long: the routes run them on workers.
class Questions {
 public:
  virtual ~Questions() = default;
  virtual Result<std::string> Ask(const Sight& sight, std::string_view question) = 0;
  // The plan and the bytes it would touch, without running it. What is touched is told only to who
  // sees everyone.
  virtual Result<std::string> Explain(const Sight& sight, std::string_view question) = 0;
};

// The tracking plan and what was collected under it, as JSON texts. May wait for locks.
class PlanView {
 public:
  virtual ~PlanView() = default;
  // Counts are told only to who sees everyone.
  virtual Result<std::string> Plan(const Sight& sight) = 0;
  // Declares what `change` holds; returns the plan after it.
  virtual Result<std::string> Change(std::string_view project, std::string_view change) = 0;
  virtual Result<std::string> Report(std::string_view project) = 0;
  // The newest first.
  virtual Result<std::string> RecentEvents(const Sight& sight, size_t limit) = 0;
  virtual Result<std::string> Quarantine(const Sight& sight, size_t limit) = 0;
  virtual Result<std::string> Projects() = 0;
  // {"sources":[{"name","write_key"}]}
  virtual Result<std::string> Sources(std::string_view project) = 0;
};

// What a profile holds beside who the customer is.
struct ProfileAsk {
  // Tags by id; no id: all that are certified; nothing: no tags.
  std::optional<std::vector<std::string>> tags;
  size_t events = 100;  // the newest
};

// A page of a timeline.
struct TimelineAsk {
  std::string before;  // "next" of the page before, or milliseconds since 1970; empty: the newest
  std::string event;   // only events of this name; empty: all
  size_t limit = 100;
};

// A page of rows of a table.
struct RowsAsk {
  std::string table;
  std::string after;  // "next" of the page before; empty: the first
  size_t limit = 100;
};

// One customer, found by any of its identities. JSON texts. Errors: kNotFound "unknown_customer".
class Customers {
 public:
  virtual ~Customers() = default;
  virtual Result<std::string> Customer(const Sight& sight, std::string_view key,
                                       std::string_view value) = 0;
  // What Customer says; nothing where that has to wait. Never waits.
  virtual std::optional<Result<std::string>> CustomerAtOnce(const Sight& sight,
                                                            std::string_view key,
                                                            std::string_view value) = 0;
  // Who it is, the newest values of tags, and the last events. Errors: also kNotFound "not_found"
  // for a tag.
  virtual Result<std::string> Profile(const Sight& sight, std::string_view key,
                                      std::string_view value, const ProfileAsk& ask) = 0;
  virtual Result<std::string> Timeline(const Sight& sight, std::string_view key,
                                       std::string_view value, const TimelineAsk& ask) = 0;
  // The customer's rows of a table. Errors: kNotFound "unknown_table".
  virtual Result<std::string> Rows(const Sight& sight, std::string_view key, std::string_view value,
                                   const RowsAsk& ask) = 0;
  // Erases the customer for good. Errors: kNotFound "unknown_customer".
  virtual Result<std::string> Erase(std::string_view project, std::string_view key,
                                    std::string_view value) = 0;
  // Cuts the identity off the customer it is of, with all that came with it, and says whose it is
  // then. Data that names it beside another identity joins them again. Errors: kNotFound
  // "unknown_customer".
  virtual Result<std::string> Cut(std::string_view project, std::string_view key,
                                  std::string_view value) = 0;
  // The customers that have `text` as an identity of any kind or as a part of their name.
  virtual Result<std::string> Search(const Sight& sight, std::string_view text) = 0;
};

// Journeys: bodies and answers are JSON texts, as docs/journeys.md describes them. Calls wait until
// what they changed is on disk.
// Which tasks: those whose state is one of `state` ("waiting", "accepted", "done", "refused",
// "withdrawn"; "open" is the first two, empty all), for `to`, or for all.
struct TaskAsk {
  std::string state, to;
  size_t limit = 100;
};

// Who is at a node, or went from it: by an outcome, or out of the journey for a reason; now, or as
// it was then ("2026-03-02T10:00:00.000Z"). What is empty is not asked.
struct AtNodeAsk {
  std::string outcome, left, as_of;
};

class JourneyDesk {
 public:
  virtual ~JourneyDesk() = default;
  virtual std::string Schema() = 0;
  // For who is `barred` a definition cannot ask by what tells who somebody is.
  virtual Result<std::string> Check(const Sight& sight, std::string_view definition) = 0;
  virtual Result<std::string> Rehearse(const Sight& sight, std::string_view definition,
                                       int64_t days) = 0;
  // What a definition does with one customer, every wait being over at once.
  virtual Result<std::string> Test(const Sight& sight, std::string_view body) = 0;
  virtual Result<std::string> Publish(const Sight& sight, std::string_view definition) = 0;
  // "running", "paused", "stopped", "archived".
  virtual Result<std::string> SetPhase(std::string_view project, const std::string& journey,
                                       std::string_view body) = 0;
  // Publishes the journey as it is, for more or fewer customers: its `release` with what is said.
  // {"outcome"}: which way all of an experiment go.
  virtual Result<std::string> ChooseWay(std::string_view project, const std::string& journey,
                                        const std::string& node, std::string_view body) = 0;
  virtual Result<std::string> Release(const Sight& sight, const std::string& journey,
                                      std::string_view body) = 0;
  virtual Result<std::string> Enter(std::string_view project, const std::string& journey,
                                    std::string_view body) = 0;
  virtual Result<std::string> SetPolicy(std::string_view project, std::string_view policy) = 0;
  virtual Result<std::string> SetHeld(std::string_view project, std::string_view body) = 0;
  // `who` says so. It is a decision, and an event of the customer ("$consent_set").
  virtual Result<std::string> SetConsent(std::string_view project, std::string_view body,
                                         const std::string& who) = 0;
  virtual Result<std::string> ShowPolicy(std::string_view project) = 0;
  // Of whom the caller sees: how many allowed and refused what, by channel and purpose.
  virtual Result<std::string> Consents(const Sight& sight) = 0;
  virtual Result<std::string> ConsentsOf(const Sight& sight, const std::string& key,
                                         const std::string& value) = 0;
  // About customers whom the caller sees, newest first, with how many there are of each state.
  virtual Result<std::string> Tasks(const Sight& sight, const TaskAsk& ask) = 0;
  // {"step": "accept", "done" or "refuse", "note"}. Errors: kNotFound; kConflict "conflict" for a
  // step that it is not in the state for.
  virtual Result<std::string> StepTask(const Sight& sight, const std::string& task,
                                       std::string_view body, const std::string& who) = 0;
  virtual Result<std::string> GiveReceipt(std::string_view project, std::string_view body) = 0;
  // Counts are told only to who sees everyone.
  virtual Result<std::string> List(const Sight& sight) = 0;
  virtual Result<std::string> Show(const Sight& sight, const std::string& journey) = 0;
  // What each version did; of one of them also what it changes of `since`, 0: of the one before.
  virtual Result<std::string> Versions(std::string_view project, const std::string& journey) = 0;
  virtual Result<std::string> ShowVersion(std::string_view project, const std::string& journey,
                                          uint32_t version, uint32_t since) = 0;
  virtual Result<std::string> Trace(const Sight& sight, const std::string& key,
                                    const std::string& value) = 0;
  virtual Result<std::string> Why(const Sight& sight, const std::string& journey,
                                  const std::string& key, const std::string& value) = 0;
  virtual Result<std::string> CustomersAt(const Sight& sight, const std::string& journey,
                                          const std::string& node, const AtNodeAsk& ask) = 0;
  // Until when who is at a node waits, and what holds them.
  virtual Result<std::string> StandingAt(const Sight& sight, const std::string& journey,
                                         const std::string& node) = 0;
  virtual Result<std::string> Outbox(const Sight& sight, size_t limit) = 0;
};

// A call about the channels that messages go to, or about their texts; docs/channels.md and
// docs/content.md show bodies and answers, both JSON.
struct ChannelCall {
  enum class Verb : uint8_t {
    kList,
    kShow,
    kCheck,
    kPut,
    kRemove,
    kSetSecrets,
    kTry,
    kReceipts,
    kCheckText,  // of a template
    kPreviewText,
    kMayUnsubscribe,  // whether kUnsubscribe would be done; changes nothing
    kUnsubscribe,
  };
  Verb verb = Verb::kList;
  std::string project, channel;
  std::string token;  // kReceipts: what only the provider was told; kUnsubscribe: the link's proof
  std::string body;
  std::string key, peer;  // kUnsubscribe: of the message; who calls
};

class ChannelDesk {
 public:
  virtual ~ChannelDesk() = default;
  virtual Result<std::string> Call(const ChannelCall& call) = 0;
};

// A call about approvals; docs/approvals.md shows bodies and answers, both JSON.
struct ApprovalCall {
  enum class Verb : uint8_t {
    kList,
    kFlows,
    kShow,
    kSetFlow,
    kRemoveFlow,
    kAsk,
    kVote,
    kWithdraw,
    kDelegate,
    kExternal,  // what the system of the name `id` signs with
    kAnswer,    // what the system `who` says
  };
  Verb verb = Verb::kList;
  std::string project;
  std::string kind, id;  // of the thing: "journey", "payday"
  std::string who;       // the person or key that calls
  std::string body;
  std::string time, sign;  // kAnswer: when it was signed, in seconds, and how
  bool barred = false;     // kAsk: who calls sees nothing of class C3
};

class ApprovalDesk {
 public:
  virtual ~ApprovalDesk() = default;
  virtual Result<std::string> Call(const ApprovalCall& call) = 0;
};

// A call about what people keep to use again: questions and dashboards (docs/questions.md), texts
// of messages (docs/content.md). Bodies and answers are JSON.
struct SavedCall {
  enum class Verb : uint8_t { kList, kShow, kPut, kRemove };
  Verb verb = Verb::kList;
  std::string project;
  std::string kind;  // "question", "dashboard", "template"
  std::string id;
  std::string who;  // the person or key that calls
  std::string body;
};

class SavedDesk {
 public:
  virtual ~SavedDesk() = default;
  // What is not shared is there for its owner alone.
  virtual Result<std::string> Call(const SavedCall& call) = 0;
};

// A call about segments or uploaded lists; docs/segments.md shows bodies and answers, both JSON.
struct SegmentCall {
  enum class Verb : uint8_t {
    kCheck,
    kEstimate,
    kList,
    kCreate,
    kShow,
    kChange,
    kRemove,
    kRun,
    kMembers,
    kOfCustomer,
    kOverlap,
    kExport,
    kDownload,  // the answer is the file
    kUpload,
    kLists,
  };
  Verb verb = Verb::kList;
  Sight sight = {};
  std::string id, body;
  std::string key, value;  // kOfCustomer: an identity
  int64_t run = 0;         // kMembers: 0 is the newest
  size_t limit = 100;
  // kExport, kDownload: set to what went out, for the audit log. May be null.
  std::string* exported = nullptr;
};

class SegmentBook {
 public:
  virtual ~SegmentBook() = default;
  virtual Result<std::string> Call(const SegmentCall& call) = 0;
};

struct IdentityName {
  std::string key, value;
};

// Which identities are one customer, as JSON texts.
class Identities {
 public:
  virtual ~Identities() = default;
  // Of both: api/identity_json.h.
  virtual Result<std::string> Rules(std::string_view project) = 0;
  virtual Result<std::string> ChangeRules(std::string_view project, std::string_view rules) = 0;
  // What they would merge and split.
  virtual Result<std::string> TryRules(const Sight& sight, std::string_view rules) = 0;
  // Newest first; `before`: "next" of the page before, or empty.
  virtual Result<std::string> Links(const Sight& sight, std::string_view before, size_t limit) = 0;
  virtual Result<std::string> Conflicts(const Sight& sight, size_t limit) = 0;
  // Errors: kNotFound "unknown_customer".
  virtual Result<std::string> Why(const Sight& sight, const IdentityName& a,
                                  const IdentityName& b) = 0;
};

// A call about tags; docs/tags.md shows bodies and answers, both JSON.
struct TagCall {
  enum class Verb : uint8_t {
    kCheck,
    kList,
    kCreate,
    kShow,
    kChange,
    kRemove,
    kStep,
    kRun,
    kBackfill,
    kUpload,
    kDistribution,
    kTransitions,
    kHealth,
    kReport,
    kLookUp,
    kNamePlaces,
  };
  Verb verb = Verb::kList;
  Sight sight = {};
  std::string id, body;
  std::string step;                           // kStep: "submit", "certify", ...
  std::string who;                            // the person or key that calls
  std::string query, state, category, album;  // kList: only such
};

class TagShelf {
 public:
  virtual ~TagShelf() = default;
  virtual Result<std::string> Call(const TagCall& call) = 0;
};

// A call about deliveries of tags; docs/tags.md shows bodies and answers, both JSON.
struct DeliveryCall {
  enum class Verb : uint8_t { kList, kShow, kPut, kRemove, kRun, kRetry };
  Verb verb = Verb::kList;
  std::string project, id;
  std::string who;  // the person or key that calls
  std::string body;
};

class DeliveryDesk {
 public:
  virtual ~DeliveryDesk() = default;
  virtual Result<std::string> Call(const DeliveryCall& call) = 0;
};

// A call about tables; docs/tables.md shows bodies and answers, both JSON.
struct TableCall {
  enum class Verb : uint8_t {
    kList,
    kShow,
    kDeclare,
    kRemove,
    kRows,
    kUpload,
    // Of the source a table is loaded from:
    kSource,
    kSetSource,
    kRemoveSource,
    kSetPassword,
    kCheckSource,
    kLoadSource,
  };
  Verb verb = Verb::kList;
  std::string project, id, body;
  bool whole = false;  // kLoadSource: all rows, in the place of those that are there
  std::string after;   // kRows: as RowsAsk's
  size_t limit = 100;
  bool masked = false;  // as Sight's
};

class TableDesk {
 public:
  virtual ~TableDesk() = default;
  virtual Result<std::string> Call(const TableCall& call) = 0;
};

class Backups {
 public:
  virtual ~Backups() = default;
  // Copies the project's data into a new folder while collecting goes on.
  virtual Result<> Backup(std::string_view project, const std::string& directory) = 0;
};

// What a call that is audited did.
struct AuditEntry {
  std::string_view what;  // Route::audit
  std::string who;        // the person or key
  std::string peer;
  std::string project;
  std::string target;  // "PUT /v1/plan"
  std::string detail;  // what the handler adds: who became what
  int status = 0;
  std::string request_id;
};

// The audit log. A call that cannot be recorded is not made.
class AuditTrail {
 public:
  virtual ~AuditTrail() = default;
  // Whether Record can be hoped to succeed. Errors: kUnavailable "audit_failed".
  virtual Result<> Ready() const = 0;
  // On disk when it returns: it waits for the disk.
  virtual Result<> Record(const AuditEntry& entry) = 0;
  // {"head":{"seq","hash"},"public_key","records":[newest first]}
  virtual std::string Newest(size_t limit) const = 0;
  // Begins to check every record there is now and the chain between them, unless that goes on.
  virtual void BeginCheck() = 0;
  // {"state":"none"|"running"|"holds"|"broken"|"failed","checked","of","witnessed","started_ms",
  // "ended_ms","record","fault"}: of the newest check.
  virtual std::string CheckJson() const = 0;
};

struct Gauge {
  std::string name;  // waypost_...
  std::string help;
  double value = 0;
};

class Health {
 public:
  virtual ~Health() = default;
  // Why the server should get no traffic now ("storage_full", "replaying", "draining",
  // "log_failed", "audit_failed", "clock_insane"); empty when ready.
  virtual std::vector<std::string> NotReady() const = 0;
  // Takes the machine's clock as right after it jumped, and says by how much that moved time: ms,
  // 0 when it was followed all along.
  virtual int64_t ConfirmClock() = 0;
  virtual std::vector<Gauge> Gauges() const = 0;
};

// A call about templates of journeys and the journeys made of them; docs/journeys.md shows bodies
// and answers, both JSON.
struct JourneyTemplateCall {
  enum class Verb : uint8_t { kList, kShow, kPut, kRemove, kMake, kSetPhase };
  Verb verb = Verb::kList;
  Sight sight;     // kMake: whose rows bound whom the journey reaches
  std::string id;  // of the template
  std::string who;
  std::string body;
};
class JourneyTemplates {
 public:
  virtual ~JourneyTemplates() = default;
  virtual Result<std::string> Call(const JourneyTemplateCall& call) = 0;
};

// All must outlive the routes' last answer.
struct Services {
  Collector& collector;
  Questions& questions;
  PlanView& plan;
  Customers& customers;
  SegmentBook& segments;
  Identities& identities;
  TagShelf& tags;
  Backups& backups;
  Health& health;
  AuditTrail& audit;
  Console console;
  JourneyDesk* journeys = nullptr;                // null: none are offered
  ChannelDesk* channels = nullptr;                // null: none are offered
  ApprovalDesk* approvals = nullptr;              // null: none are offered
  SavedDesk* saved = nullptr;                     // null: none are offered
  TableDesk* tables = nullptr;                    // null: none are offered
  DeliveryDesk* deliveries = nullptr;             // null: none are offered
  JourneyTemplates* journey_templates = nullptr;  // null: none are offered
};

}  // namespace waypost::api

// Tags (标签): what the business says of each customer, with an owner, a history and a life.
//
// A tag is a making (making.h) with names and a meaning; each change of it is a version in the
// catalog. A run evaluates it for all customers on a snapshot and keeps the values of one day as a
// file of its own (value_file.h); the entry in the catalog that is recorded afterwards makes the
// file count, so a run that failed or was killed leaves the last good values as they were, and can
// just be run again. The newest run of a day is the day's values.
//
// A tag that was certified is made by its certified version until a later one is certified.
//
// Bodies and answers are JSON texts; docs/tags.md shows each. Any thread; runs of one project take
// turns when they write.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "analytics/ask.h"
#include "analytics/calendar.h"
#include "catalog/catalog.h"
#include "io/file_system.h"
#include "tags/definition.h"
#include "tags/value_file.h"

namespace waypost::tags {

inline constexpr size_t kMaxUploaded = 100'000;  // values of one upload
inline constexpr size_t kMaxLookedUp = 1'000;    // customers of one look-up
inline constexpr size_t kMaxTagsAsked = 500;     // tags of one look-up
inline constexpr size_t kMaxBackfill = 400;      // days
inline constexpr size_t kMaxGroups = 200;        // values that a distribution names

// What a call looks at: one moment of the project, and who asks.
struct Moment {
  const column::SnapshotView& snapshot;
  const analytics::Names& names;
  int64_t now_ms = 0;
  std::string zone = "UTC";  // whose days
  unsigned threads = 1;
  const analytics::MemberSets* sets = nullptr;  // that rules may name
  const analytics::Tables* tables = nullptr;    // likewise
  // The ordinal that the customer of an identity ("login_id", "u1") is known by.
  std::function<std::optional<uint32_t>(std::string_view key, std::string_view value)> find;
  std::string who;
};

// A live tag and what makes it.
struct LiveDefinition {
  std::string id, name_zh, name_en;
  int64_t version = 0;  // of the making
  int64_t created_ms = 0;
  Making making;
  bool IsCalled(std::string_view name) const {
    return name == id || name == name_zh || name == name_en;
  }
  bool IsSame(const LiveDefinition& other) const {
    return id == other.id && version == other.version && created_ms == other.created_ms &&
           name_zh == other.name_zh && name_en == other.name_en;
  }
};

// Who keeps the values of live tags. Any thread.
class LiveValues {
 public:
  virtual ~LiveValues() = default;
  // Of now, and which local day that is; nothing when the tag is not live, or not known yet.
  struct Now {
    int64_t day = 0;
    analytics::TagValues::Values values;
  };
  virtual std::optional<Now> Find(std::string_view id) = 0;
  // Definitions have changed.
  virtual void Changed() = 0;
};

// When a tag that nobody uses goes by itself.
struct IdleRules {
  int64_t idle_days = 90;    // in nobody's use: it is told
  int64_t freeze_days = 30;  // told, and still in nobody's use: a live tag is frozen. 0: never
  int64_t retire_days = 90;  // frozen so, and still in nobody's use: it is retired. 0: never
};

// What was done with a tag that nobody uses: "idle" (it is told), "freeze" or "retire".
struct IdleStep {
  std::string id, owner, step;
};

// A day that has values.
struct DayRun {
  int64_t number = 0;  // of the entry
  std::string type;
};

// What was done with a tag, read from its entries.
struct History {
  std::map<int64_t, DayRun> days;  // by local day, days since 1970
  int64_t certified_version = 0;   // 0: never
  std::string submitted_by;        // of the last submission
  bool last_failed = false;        // of runs
  std::string last_error, last_error_zh;
  int64_t scheduled_ms = 0;  // of the last run by schedule, or when it went live
  int64_t last_used_ms = 0;  // that was noted; 0: never
  int64_t stepped_ms = 0;    // of the last step of its life
  int64_t told_idle_ms = 0;  // since it was used last; 0: it was not
  int64_t idled_ms = 0;      // when idleness froze it; 0: it did not
  int64_t scored_ms = 0;     // when a model gave the newest scores; 0: it never did
  // Since it was used, took a step or was made.
  int64_t IdleDays(int64_t created_ms, int64_t now_ms) const;
};

class Tags {
 public:
  // Value files go to `directory`, which is there. All must outlive the object.
  Tags(io::FileSystem& files, catalog::Catalog& catalog, std::string directory)
      : files_(files), catalog_(catalog), directory_(std::move(directory)) {}

  // Before anything is asked.
  void SetIdleRules(const IdleRules& rules) { idle_ = rules; }
  // May be null. Before anything is asked.
  void SetLive(LiveValues* live) { live_ = live; }
  // Those that others are made of first.
  Result<std::vector<LiveDefinition>> LiveDefinitions();
  // By what the values of now are decided; nothing of a tag that is not live.
  Result<std::optional<Making>> LiveMakingOf(const catalog::Definition& tag);
  // Who listens to values is another.
  void FollowersChanged() {
    if (live_) live_->Changed();
  }
  // The values of now, when the tag is live.
  std::optional<LiveValues::Now> Now(std::string_view id) {
    return live_ ? live_->Find(id) : std::nullopt;
  }

  // Definitions.
  Result<std::string> Check(std::string_view body, const Moment& moment);
  Result<std::string> Create(std::string_view body, const Moment& moment);
  // With "version", which it was made from; members that are left out stay. Another making puts the
  // tag back to draft; until it is certified again, its certified version goes on.
  Result<std::string> Change(std::string_view id, std::string_view body, const Moment& moment);
  Result<> Remove(std::string_view id);
  // Those in which every word of `query` is found, with all categories and albums there are.
  struct Filter {
    std::string query;                   // Chinese, pinyin, English, an id
    std::string state, category, album;  // a category holds those below it
  };
  Result<std::string> List(const Filter& filter);
  // Places::Name; answers with all places there are.
  Result<std::string> NamePlaces(std::string_view body, int64_t now_ms);
  Result<std::string> Show(std::string_view id);
  // Whether its values repeat what `names` does not show, and nobody certified that they may be
  // seen.
  Result<bool> Hides(std::string_view id, const analytics::Names& names);

  // {"note"}: takes a step of its life as moment.who: "submit", "certify", ... (Moves()). Errors:
  // kConflict "tag_state" from another state, "same_person" for certifying what one submitted,
  // "in_use" for retiring what others use.
  Result<std::string> Step(std::string_view id, std::string_view verb, std::string_view body,
                           const Moment& moment);

  // Takes the steps that are due of tags nobody uses, as "idle"; once a day is often enough. A tag
  // is used when its values are asked for and while others refer to it. Notes down who was used. A
  // tag that a step fails of, which is logged, is as it was.
  Result<std::vector<IdleStep>> TakeIdleSteps(const Moment& moment);
  // Notes down which tags were used, of each at most twice a day: what is not noted is not known
  // after a restart.
  Result<> NoteUsage(const Moment& moment);

  // Values.
  // {"day"}: of that past day; today when left out.
  Result<std::string> Run(std::string_view id, std::string_view body, const Moment& moment);
  // {"from", "to"}: each day, both included, oldest first.
  Result<std::string> Backfill(std::string_view id, std::string_view body, const Moment& moment);
  // {"key", "values": [[identity, value], ...], "replace"}: of an uploaded tag. Of a model's scores
  // also {"model_version", "at"}: kInvalid for a score out of its range; kConflict "older_scores"
  // when newer ones are there.
  Result<std::string> Upload(std::string_view id, std::string_view body, const Moment& moment);
  // {"day"}: how many customers have each value.
  Result<std::string> Distribution(std::string_view id, std::string_view body,
                                   const Moment& moment);
  // {"from", "to"}: how many went from each value to each.
  Result<std::string> Transitions(std::string_view id, std::string_view body, const Moment& moment);
  // The newest values of one customer, {"tag": value, ...}: of the tags that are named or, without
  // a name, of every tag that rules may name; what he has no value of is left out. Certified
  // values are everybody's to see. To be told with all others is not counted as a use of a tag.
  // Some 200 ns a tag; the first call after a run or a change reads what it needs.
  Result<std::string> Profile(std::span<const std::string> ids, const column::Cluster& customer);
  // {"key", "values" | "value", "tags", "day"}: values of customers by any identity; "****" of a
  // tag that hides them.
  Result<std::string> LookUp(std::string_view body, const Moment& moment);

  // How a tag is: coverage, age, drift, use, and what is found wrong.
  Result<std::string> Health(std::string_view id, const Moment& moment);
  // The health of all that are not retired. Notes down who was used.
  Result<std::string> Report(const Moment& moment);

  // Runs by schedule: live tags that have one, with when it last came, those they are made of
  // first.
  Result<std::vector<analytics::Planned>> Plans();
  // A run of today that counts as the schedule's.
  Result<std::string> RunPlanned(std::string_view id, const Moment& moment);

  // Removes files of runs that were cut short and of days that are kept no longer, and the values
  // that older records of runs name. For a start, before any run.
  Result<> Sweep();
  // Takes the values of customers who were erased out of the files of all days; how many files it
  // wrote anew. Costs reading them all when somebody was erased since the last time, or the start.
  Result<size_t> ForgetErased(const column::SnapshotView& snapshot);
  // Reads the values of every day; a sentence for each file that is damaged.
  Result<std::vector<std::string>> Verify();
  // Copies the values of every day to `directory`, checked and synced. Errors: kCorrupt naming the
  // file.
  Result<> CopyTo(const std::string& directory);

  // Grows with everything that is recorded of any tag: another number, perhaps other values.
  uint64_t recorded();

  // For rules (TagBook) and others beside.
  Result<std::vector<catalog::Definition>> All();  // by id
  Result<catalog::Definition> FindNamed(std::string_view name);
  Result<std::shared_ptr<const History>> HistoryOf(const catalog::Definition& tag);
  // As the customers are known in the snapshot, or, when that has no id, as they were kept.
  // REQUIRES: the day is one of its history's.
  Result<analytics::TagValues::Values> ValuesOf(const catalog::Definition& tag, int64_t day,
                                                const DayRun& run,
                                                const column::SnapshotView& snapshot);
  void CountUse(const std::string& id);

 private:
  struct Draft;
  Result<Draft> ReadDraft(std::string_view body, const Moment& moment, std::string_view id);
  Result<std::vector<catalog::Reference>> UsesOf(const Making& making, const Moment& moment,
                                                 std::string_view own_id);
  Result<ValueType> TypeOf(const Making& making, const Moment& moment);
  Result<catalog::Definition> Get(std::string_view id);
  Result<std::shared_ptr<const catalog::Definition>> Newest(std::string_view id);
  Result<bool> Hides(const catalog::Definition& tag, const analytics::Names& names);
  Result<> MayMove(const catalog::Definition& tag, const Move& move, const std::string& who);
  Result<bool> IsLive(const catalog::Definition& tag);
  Result<catalog::Definition> MadeBy(const catalog::Definition& newest);
  Result<std::string> RunDay(const catalog::Definition& tag, int64_t day, const Moment& moment);
  Result<std::string> Keep(const catalog::Definition& tag, int64_t day, const Evaluated& values,
                           const Moment& moment, int64_t base_ms,
                           const boost::json::object& more = {});
  Result<boost::json::object> HealthOf(const catalog::Definition& tag, const Moment& moment);
  Result<std::string> IdleStepOf(const catalog::Definition& tag, const Moment& moment);
  Result<> Note(const catalog::Definition& tag, std::string_view body, int64_t now_ms);
  // As Note. REQUIRES: keeping_ is held.
  Result<> Record(const catalog::Definition& tag, std::string_view body, int64_t now_ms);
  void Forget();  // what was read of definitions: one is another
  // The values of a day: the newest at or before it, the newest of all without one. As ValuesOf,
  // but those of now, which are right at every root.
  struct DayColumns {
    int64_t day = 0;
    analytics::TagValues::Values values;
    bool of_now = false;
  };
  struct Sheet;
  Result<std::shared_ptr<const Sheet>> NewestSheet();
  Result<DayColumns> ColumnsOf(const catalog::Definition& tag, std::optional<int64_t> day,
                               const column::SnapshotView& snapshot);
  std::string PathOf(const catalog::Definition& tag, int64_t day, int64_t number) const;

  io::FileSystem& files_;
  catalog::Catalog& catalog_;
  LiveValues* live_ = nullptr;
  IdleRules idle_;
  const std::string directory_;
  size_t forgotten_ = 0;  // ordinals that are in no file; for ForgetErased alone
  std::mutex keeping_;    // whoever adds entries takes turns: a file has the number of its entry

  // What was read lately.
  struct Opened {
    std::string path;
    std::shared_ptr<const DayValues> values;
    std::string snapshot;
    std::shared_ptr<const column::CustomerColumns> columns;  // for the snapshot; null: for none yet
  };
  Result<Opened> Open(const catalog::Definition& tag, int64_t day, const DayRun& run);
  std::mutex opened_mutex_;
  std::map<std::string, Opened> opened_;  // by path
  std::map<std::string, int64_t> used_;   // by id, since they were noted
  uint64_t recorded_ = 0;
  std::map<std::string, std::shared_ptr<const History>, std::less<>> histories_;  // by id
  std::map<std::string, std::shared_ptr<const catalog::Definition>, std::less<>> newest_;
  std::shared_ptr<const Sheet> sheet_;
};

// May rules name it?
bool MayBeNamed(const catalog::Definition& tag, const History& history);

// Tags for rules that name them, found by id, then by name.
class TagBook final : public analytics::TagValues {
 public:
  // `trial`: drafts can be named too, and a tag without values has none of anybody: for checking
  // and for making other tags.
  TagBook(Tags& tags, const column::SnapshotView& snapshot, analytics::Calendar calendar,
          bool trial = false)
      : tags_(tags), snapshot_(snapshot), calendar_(std::move(calendar)), trial_(trial) {}
  Result<Values> Find(std::string_view name, int64_t at_ms) const override;
  Result<std::vector<std::string>> Names() const override;
  Result<std::vector<Values>> History(std::string_view name,
                                      const exec::TimeRange& range) const override;
  // What decides the values of now of a live tag of whose none are known yet; nothing of others.
  Result<std::optional<Making>> FindUnknown(std::string_view name) const;

 private:
  Result<catalog::Definition> FindTag(std::string_view name) const;

  Tags& tags_;
  const column::SnapshotView& snapshot_;
  const analytics::Calendar calendar_;
  const bool trial_;
};

// A situation to evaluate in at `base_ms`, with other tags to name. Borrows all it is given.
struct Stage {
  Stage(Tags& tags, const Moment& moment, const analytics::Calendar& calendar, int64_t base_ms,
        bool past = false)
      : book(tags, moment.snapshot, calendar, true),
        situation{moment.names,
                  {.now_ms = base_ms,
                   .default_zone = moment.zone,
                   .threads = moment.threads,
                   .sets = moment.sets,
                   .tags = &book,
                   .tables = moment.tables,
                   .snapshot = &moment.snapshot},
                  past} {}
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  const TagBook book;
  const Situation situation;
};

}  // namespace waypost::tags

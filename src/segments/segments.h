// Segments (客群) and uploaded lists: what they are made of, their runs, and who was in each.
//
// A segment is a rule with an id and names; each change of it is a version in the catalog. A run
// evaluates the newest version on a snapshot and keeps who was selected, as a file of its own
// (member_file.h), with the count, who came and left since the run before, and the count after each
// part of the rule. A list is made by upload of identities; each upload is a run of it.
//
// Bodies and answers are JSON texts; docs/segments.md shows each. Estimates, members, overlaps and
// the segments of a customer stop at the thread's Limit (exec/limit.h). Any thread; runs of one
// project take turns when they write.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "analytics/ask.h"
#include "analytics/schedule.h"
#include "catalog/catalog.h"
#include "eql/rule.h"
#include "exec/selection.h"
#include "io/file_system.h"

namespace waypost::segments {

inline constexpr size_t kMaxListed = 100'000;       // values of one upload
inline constexpr size_t kMaxMembersGiven = 10'000;  // of one answer
inline constexpr size_t kMaxCompared = 20;          // segments of one comparison

// What a call looks at: one moment of the project.
struct Moment {
  const column::SnapshotView& snapshot;
  const analytics::Names& names;
  int64_t now_ms = 0;
  std::string zone = "UTC";
  unsigned threads = 1;
  const analytics::TagValues* tags = nullptr;  // that rules may name
  const analytics::Tables* tables = nullptr;   // likewise
  // Rules that would read more rows of events are refused before they run: kTooLarge.
  uint64_t max_rows = 20'000'000'000;
  // The ordinal of an identity ("login_id", "u1").
  std::function<std::optional<uint32_t>(std::string_view key, std::string_view value)> find;
};

// A segment whose members follow what happens ("refresh": "live").
struct LiveDefinition {
  std::string id, name_zh, name_en;
  int64_t version = 0;
  int64_t created_ms = 0;
  eql::Query query;
  bool IsCalled(std::string_view name) const {
    return name == id || name == name_zh || name == name_en;
  }
  friend bool operator==(const LiveDefinition&, const LiveDefinition&) = default;
};

// Who keeps the members of live segments. Any thread.
class LiveMembers {
 public:
  virtual ~LiveMembers() = default;
  // A bit per ordinal; nothing when the segment is not live, or not known yet.
  virtual std::optional<exec::CustomerBits> Find(std::string_view id) = 0;
  // Definitions have changed.
  virtual void Changed() = 0;
};

class Segments {
 public:
  // Member files go to `directory`, which is there. All must outlive the object.
  Segments(io::FileSystem& files, catalog::Catalog& catalog, std::string directory)
      : files_(files), catalog_(catalog), directory_(std::move(directory)) {}

  // May be null. Before anything is asked.
  void SetLive(LiveMembers* live) { live_ = live; }
  Result<std::vector<LiveDefinition>> LiveDefinitions();
  // Of all segments and lists; another number, other members.
  Result<int64_t> RunCount();

  // {"eql"} or {"rule"} -> {"eql", "rule", "uses"}: both forms of the rule, names resolved.
  Result<std::string> Check(std::string_view body, const Moment& moment);
  // {"eql"} or {"rule"} -> {"count", "everyone", "share"}; with "explain": true also "leaves"
  // (each with its text, estimated and real count) and "after".
  Result<std::string> Estimate(std::string_view body, const Moment& moment);

  // {"id", "name_zh", "name_en", "owner", "eql" | "rule", "refresh": "live",
  //  "schedule": {"cron", "zone"}}
  Result<std::string> Create(std::string_view body, const Moment& moment);
  // The same with "version", which it was made from; names, owner and schedule that are left out
  // stay, and {} ends a schedule.
  Result<std::string> Change(std::string_view id, std::string_view body, const Moment& moment);
  Result<> Remove(std::string_view id);
  Result<std::string> List();
  // The definition, what uses it, its runs, newest first, and its versions, oldest first.
  Result<std::string> Show(std::string_view id);

  struct LastRun {
    std::string id;  // of the segment or list
    bool live = false;
    int64_t number = 0;
    analytics::MemberSets::Members members;
    std::optional<eql::Query> rule;  // of a live segment of whose members none are known yet
  };
  // Evaluates, keeps, and tells about it.
  Result<std::string> Run(std::string_view id, const Moment& moment);
  // Segments that have a schedule, those that others are made of first.
  Result<std::vector<analytics::Planned>> Plans();
  // A run that its schedule asks for. Of a live segment it keeps who is in it now; nobody else is
  // looked at. One that fails is an entry as well and leaves the last kept run the newest.
  Result<std::string> RunPlanned(std::string_view id, const Moment& moment);
  // A run that the journey's run of that moment is for, of the segment that has this id or name: of
  // a live one likewise. Who was kept, and as which run. One that fails leaves no entry.
  Result<LastRun> RunFor(std::string_view journey, std::string_view name, const Moment& moment);
  // Who was in the run `number` (0: the newest; of a live segment: who is in it now), as the
  // customers are known now.
  Result<std::string> Members(std::string_view id, int64_t number, size_t limit,
                              const Moment& moment);
  Result<exec::CustomerBits> MemberBits(std::string_view kind, std::string_view id, int64_t number,
                                        const column::SnapshotView& snapshot);
  // By its id, or a name. kNotFound suggests what was meant.
  Result<catalog::Definition> FindNamed(std::string_view kind, std::string_view name);
  // Who was kept by the newest run, as the ordinals were then, or of a live segment who is in it;
  // null when that is run `known`, and when members of the live segment are not known yet.
  // kNotFound, also when there was no run.
  Result<LastRun> LastRunOf(std::string_view kind, std::string_view name, int64_t known);
  // The segments whose last run has the customer of the identity. kNotFound "unknown_customer".
  Result<std::string> OfCustomer(std::string_view key, std::string_view value,
                                 const Moment& moment);
  // {"segments": [ids]} -> sizes, and for each two how many they share.
  Result<std::string> Overlap(std::string_view body, const Moment& moment);

  // {"id", "name_zh", "name_en", "owner", "key", "values": [...]} -> how many are known. Instead of
  // key and values, "ordinals": customers of an answer. The same id again is a new upload.
  Result<std::string> Upload(std::string_view body, const Moment& moment);
  Result<std::string> Lists();
  // Customers who come on a list, or off it, in that order, each with a number that grows. A run of
  // the list by `journeys`, but for those that one before it kept already. kNotFound.
  struct Amendment {
    uint64_t number = 0;
    uint32_t customer = 0;
    bool on = false;
  };
  Result<> Amend(std::string_view name, std::span<const Amendment> changes, const Moment& moment);

  // Reads the members of every run; a sentence for each file that is damaged.
  Result<std::vector<std::string>> Verify();
  // Copies the members of every run to `directory`, checked and synced. Errors: kCorrupt naming
  // the file.
  Result<> CopyTo(const std::string& directory);

 private:
  Result<int64_t> NewestRun(const catalog::Reference& of);
  Result<std::vector<catalog::Reference>> UsesOf(const struct ReadRule& rule, const Moment& moment,
                                                 std::string_view own_id);
  Result<catalog::Definition> DefinitionOf(std::string_view body, const Moment& moment,
                                           std::string_view id);
  // A run, with `more` in its entry.
  Result<std::string> Evaluate(const catalog::Definition& definition, const Moment& moment,
                               boost::json::object more);
  // Likewise; of a live segment it keeps who is in it.
  Result<std::string> KeepOfNow(const catalog::Definition& definition, const Moment& moment,
                                boost::json::object more);
  // Writes members as the next run of `of`, with `more` in its entry.
  Result<std::string> Keep(const catalog::Definition& of, const exec::CustomerBits& members,
                           const Moment& moment, int64_t base_ms, const boost::json::object& more);
  std::string PathOf(const catalog::Reference& of, int64_t created_ms, int64_t number) const;

  friend class CatalogSets;
  io::FileSystem& files_;
  LiveMembers* live_ = nullptr;
  catalog::Catalog& catalog_;
  const std::string directory_;
  std::mutex keeping_;
  std::mutex listing_;  // a list is read and kept anew by one at a time
};

// Segments and lists for rules that name them, as of `snapshot`. Found by id, then by name.
class CatalogSets final : public analytics::MemberSets {
 public:
  CatalogSets(Segments& segments, const column::SnapshotView& snapshot)
      : segments_(segments), snapshot_(snapshot) {}
  Result<Members> Find(std::string_view kind, std::string_view name) const override;

 private:
  Segments& segments_;
  const column::SnapshotView& snapshot_;
};

}  // namespace waypost::segments

// Whom to look at again, for who keeps what rules say of every customer as events come: the members
// of live segments, the values of live tags.
//
//   Lookout lookout({query});
//   TRY(lookout.Advance(moment, touches, &looker));   // the first time: looker.LookAtAll
//   ... something happens to customers 7 and 12 ...
//   TRY(lookout.Advance(later, {7: pay, 12: login}, &looker));  // looker.LookAt 7
//
// After Advance what the looker worked out is what the rules say of everyone at that moment in that
// snapshot, whatever was given before: it is a function of the snapshot and the moment, and a
// restart needs nothing kept. A customer is looked at anew when something happened to him that the
// rules speak of, and at the first moment at which a range that rolls takes in or lets go one of
// his events; everyone is when the day ends of which the rules speak, and when a set, a tag or a
// table they name has changed.
//
// Belongs to one thread.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <queue>
#include <span>
#include <vector>

#include "analytics/rules.h"
#include "exec/selection.h"

namespace waypost::exec {
class Selector;
}

namespace waypost::analytics {

// What happened to a customer: the number of an event's type, or one of these.
inline constexpr uint32_t kAttributesChanged = ~0u;
inline constexpr uint32_t kIdentityChanged = ~0u - 1;

// Customers that something happened to, by block.
class Touches {
 public:
  // `customer`: any ordinal; that of a customer who is now another's counts for nobody.
  void Add(uint32_t customer, uint32_t what);

  struct Block {
    std::map<uint32_t, exec::BlockBits> by_what;
    column::SnapshotView near;  // of all of them; borrows the snapshot
  };
  // Cuts out of the snapshot what rules need of each block. Before anybody advances; once.
  void Prepare(const column::SnapshotView& snapshot);
  const std::map<uint32_t, Block>& blocks() const { return blocks_; }
  // All that happened, sorted.
  const std::vector<uint32_t>& whats() const { return whats_; }

 private:
  std::vector<uint32_t> whats_;
  std::map<uint32_t, Block> blocks_;
};

// What a lookout and its looker see; all borrowed for the call. The moment must not go back.
struct LookMoment {
  const column::SnapshotView& snapshot;
  const Names& names;
  AskOptions options;
  // Another one: a segment or a list has other members, a tag other values, a table other rows.
  uint64_t sets_version = 0;
  // The snapshot knows more than had happened by the moment, and that is not looked at.
  bool past = false;
};

// What happened then or later is nothing to the rule.
void CutAt(int64_t until_ms, exec::Rule* rule);

// Works out what the rules say, of whom it is told. After an error it is told of all.
class Looker {
 public:
  virtual ~Looker() = default;
  using Rules = std::span<const ResolvedQuery>;  // of the lookout's queries, in their order
  virtual Result<> LookAtAll(const LookMoment& moment, Rules rules) = 0;
  // Of these of one block, of whom some may be customers no more; `near` has all they need.
  virtual Result<> LookAt(const LookMoment& moment, Rules rules, const column::SnapshotView& near,
                          uint32_t block, const exec::BlockBits& who) = 0;
};

class Lookout {
 public:
  // What happens to a customer that rules speak of.
  struct Needs {
    std::vector<uint32_t> events;
    bool any_event = false, attributes = false, rolls = false;
  };
  static void FindNeeds(const exec::Rule& rule, Needs* needs);

  explicit Lookout(std::vector<eql::Query> queries);

  // Whether the query can be followed. kInvalid "eql_unknown" for one that compares customers
  // (TOP, BOTTOM, LIMIT), compares a value with a moment that moves (seen > 2 HOURS AGO) or has its
  // own moment (AT).
  static Result<> Check(const eql::Query& query, const ResolvedQuery& resolved);

  // `touches` are all since the last call, prepared from the moment's snapshot. Errors:
  // ResolveQuery's and Check's, before the looker is told of anybody; the looker's.
  Result<> Advance(const LookMoment& moment, const Touches& touches, Looker* looker);

  // Before this moment time alone changes nothing.
  int64_t next_ms() const;

 private:
  // What is looked by at the moment.
  Looker::Rules RulesAt(const LookMoment& moment);
  bool Wants(uint32_t what) const;
  bool HasWork(const LookMoment& moment, const Touches& touches) const;
  // Makes resolved_ what the queries mean at the moment.
  Result<> Resolve(const LookMoment& moment, const Touches& touches);
  Result<> Begin(const LookMoment& moment, Looker* looker);
  Result<> GoOn(const LookMoment& moment, const Touches& touches, uint32_t first_new,
                Looker* looker);
  Result<> Look(const LookMoment& moment, const column::SnapshotView& near, uint32_t block,
                const exec::BlockBits& who, Looker* looker);
  void FindChanges(const exec::Selector& selector, int64_t now_ms);
  std::map<uint32_t, exec::BlockBits> TakeDue(int64_t now_ms);

  const std::vector<eql::Query> queries_;
  bool names_sets_ = false;  // or tags, or tables
  std::vector<ResolvedQuery> resolved_;
  std::vector<ResolvedQuery> cut_;  // of a moment that is past
  int64_t resolved_until_ms_ = 0;
  Needs needs_;  // its events sorted
  bool built_ = false;
  uint32_t ordinals_ = 0;  // looked at so far
  uint64_t sets_version_ = 0;
  int64_t days_until_ms_ = 0;
  // The one moment at which each customer with events in a rolling range is looked at again.
  boost::unordered_flat_map<uint32_t, int64_t> wake_at_;
  // Those moments, the first on top. What was put off stays and is passed over when its turn comes.
  using Wake = std::pair<int64_t, uint32_t>;
  std::priority_queue<Wake, std::vector<Wake>, std::greater<>> woken_;
};

}  // namespace waypost::analytics

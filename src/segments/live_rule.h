// Who matches a rule now: members that follow what happens to customers, and time.
//
//   LiveRule rule(eql::ParseQuery("DID(pay) LAST 24 HOURS COUNT >= 3").value());
//   TRY(rule.Advance(moment, touches, &moves));       // the first time everyone is looked at
//   ... something happens to customers 7 and 12 ...
//   TRY(rule.Advance(later, {7: pay, 12: login}, &moves));  // only 7 is looked at
//
// After Advance the members are whom the batch evaluator selects at that moment in that snapshot,
// whatever was given before: they are a function of the snapshot and the moment, and a restart
// needs nothing kept. A customer is looked at anew when something happened to him that the rule
// speaks of, and at the first moment at which a range that rolls takes in or lets go one of his
// events; everyone is when the day ends of which the rule speaks, and when a set or a tag it names
// has changed.
//
// Belongs to one thread.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "analytics/rules.h"
#include "exec/selection.h"

namespace waypost::exec {
class Selector;
}

namespace waypost::segments {

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
  // Cuts out of the snapshot what rules need of each block. Before rules advance; once.
  void Prepare(const column::SnapshotView& snapshot);
  const std::map<uint32_t, Block>& blocks() const { return blocks_; }
  // All that happened, sorted.
  const std::vector<uint32_t>& whats() const { return whats_; }

 private:
  std::vector<uint32_t> whats_;
  std::map<uint32_t, Block> blocks_;
};

// A customer came or left.
struct Moved {
  uint32_t customer = 0;
  bool in = false;
};

class LiveRule {
 public:
  // What rules see; all borrowed for the call. The moment must not go back.
  struct Moment {
    const column::SnapshotView& snapshot;
    const analytics::Names& names;
    analytics::AskOptions options;
    // Another one: a segment or a list has other members, a tag other values, a table other rows.
    uint64_t sets_version = 0;
  };

  explicit LiveRule(eql::Query query);

  // Whether the query can be followed. kInvalid "eql_unknown" for one that compares customers
  // (TOP, BOTTOM, LIMIT), compares a value with a moment that moves (seen > 2 HOURS AGO) or has its
  // own moment (AT).
  static Result<> Check(const eql::Query& query, const analytics::ResolvedQuery& resolved);

  // Appends who came and who left. `touches` are all since the last call, prepared from the
  // moment's snapshot. Errors: ResolveQuery's and Check's; the members stay as they were.
  Result<> Advance(const Moment& moment, const Touches& touches, std::vector<Moved>* moves);

  // Before this moment time alone changes nothing.
  int64_t next_ms() const;
  const exec::CustomerBits& members() const { return members_; }

 private:
  struct Needs {
    std::vector<uint32_t> events;  // sorted
    bool any_event = false, attributes = false, rolls = false;
  };
  static void FindNeeds(const exec::Rule& rule, Needs* needs);
  bool Wants(uint32_t what) const;
  bool HasWork(const Moment& moment, const Touches& touches) const;
  // Makes resolved_ what the query means at the moment.
  Result<> Resolve(const Moment& moment, const Touches& touches);
  void Rebuild(const Moment& moment, std::vector<Moved>* moves);
  void LookAt(const Moment& moment, const column::SnapshotView& near, uint32_t block,
              const exec::BlockBits& who, std::vector<Moved>* moves);
  void FindChanges(const exec::Selector& selector, int64_t now_ms);
  std::map<uint32_t, exec::BlockBits> TakeDue(int64_t now_ms);

  eql::Query query_;
  bool names_sets_ = false;  // or tags, or tables
  std::optional<analytics::ResolvedQuery> resolved_;
  int64_t resolved_until_ms_ = 0;
  Needs needs_;
  exec::CustomerBits members_;
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

}  // namespace waypost::segments

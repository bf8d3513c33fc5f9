// Which typed identities are one customer: a deterministic fold of identities and links in the
// order of the log.
//
//   IdentityGraph graph;
//   // Where the event is stored, for ever, and whom it belongs to, today.
//   const Ordinal timeline = graph.Resolve(item.identities, {.time_ms = t});
//   const Ordinal customer = graph.root(timeline);
//
// Rules of joining a and b:
//   - An identity that stands for nobody (KeyJudge::IsBlocked), or was set apart because it was
//     linked to too many customers on one day, joins nothing.
//   - Clusters that have no strong identity between them, or only one of them has, become one.
//   - When both have: two strong identities join their clusters unless these would then hold more
//     values of a key than its rule allows (one, of the strong keys by default). That is a
//     conflict, kept and listed.
//   - Whose a weak identity is, by time, says identity/link_fold.h. An owner begins a new ordinal
//   of the
//     same identity (identity_table.h says why); so does a day on which nobody owns it, when its
//     key looks back.
//   - A cluster of more than KeyRules::largest_cluster identities is refused, kept and listed.
// Every link is kept, also when it was refused or closed a cycle, and every cut. The clusters are a
// function of the ordinals and of the links that are not cut, in order: cutting a link leaves the
// customers that would be there had it never been, and changing the rules joins what was refused.
//
// Belongs to one thread at a time. Deterministic: the same calls give the same graph.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "identity/cluster_fold.h"
#include "identity/identity_table.h"
#include "identity/link_fold.h"
#include "identity/link_log.h"

namespace waypost::identity {

// What other rules would make of the links.
struct RuleTrial {
  uint64_t customers_now = 0, customers_then = 0;  // of two or more ordinals
  uint64_t merged = 0;                             // customers then that are several now
  uint64_t split = 0;                              // customers now that are several then
  struct Example {
    bool merges = false;           // or splits
    std::vector<Ordinal> members;  // of the customer that is one in one and several in the other
  };
  std::vector<Example> examples;  // the first of each kind
};

class IdentityGraph {
 public:
  // `hash`: of keys that are `hashed`.
  explicit IdentityGraph(KeyRules rules = KeyRules::Defaults(), KeyedHash hash = {});

  const KeyRules& rules() const { return rules_; }
  // Folds all links again under other rules. REQUIRES: rules.Check()
  void SetRules(const KeyRules& rules);
  // What that would do; changes nothing. Costs a step a link.
  RuleTrial TryRules(const KeyRules& rules) const;

  // The timeline an item with these identities lands on: the ordinal of the strong one of lowest
  // priority that stands for somebody, or else of the first that does, or else of the first. All
  // get ordinals; that strong one joins all the others. REQUIRES: !identities.empty().
  Ordinal Resolve(std::span<const IdentityView> identities, const Origin& origin = {});
  // The first joins each of the others.
  void Link(std::span<const IdentityView> identities,
            const Origin& origin = {.rule = LinkRule::kLink});
  // Two or more: the links between any two of them are cut. One: all its links are. The children of
  // each (KeyRule::parent) are cut off with it. Unknown identities are ignored.
  void Unlink(std::span<const IdentityView> identities,
              const Origin& origin = {.rule = LinkRule::kUnbind});

  // Erases the customer that the ordinal is of. Its ordinals are nobody's for ever, their links are
  // cut, and the values of identities that were only its own are taken away: seen again, they are
  // somebody new. What the customer did with a device that is others' too is erased with it; the
  // device stays. Returns the ordinals, increasing. The next journal replaces all before it.
  std::vector<Ordinal> Erase(Ordinal ordinal, const Origin& origin);
  bool erased(Ordinal ordinal) const {
    return ordinal / 64 < erased_.size() && (erased_[ordinal / 64] >> (ordinal % 64) & 1);
  }
  // A bit per ordinal; those beyond its end are not erased.
  const std::vector<uint64_t>& erased() const { return erased_; }

  // 0 .. ordinal_count() - 1 are given out.
  uint32_t ordinal_count() const { return table_.size(); }
  // Changes whenever clusters do.
  uint64_t generation() const { return generation_; }
  // Calls `visit` for ordinals whose customer has, or had, other members than at the last call: at
  // least every root there is or was among them. An ordinal may come more than once. Costs what
  // changed.
  void TakeChanged(const std::function<void(Ordinal)>& visit);

  // The identity's ordinal now. `value` as it came, not normalised.
  std::optional<Ordinal> Find(std::string_view key, std::string_view value) const;
  // REQUIRES (for these): ordinal < ordinal_count().
  IdentityView identity(Ordinal ordinal) const { return table_.identity(ordinal); }
  bool strong(Ordinal ordinal) const { return table_.strong(ordinal); }
  bool blocked(Ordinal ordinal) const { return fold_.blocked(ordinal) || set_apart(ordinal); }
  bool set_apart(Ordinal ordinal) const { return set_apart_.contains(table_.first(ordinal)); }
  // When this ordinal of its identity begins.
  int64_t from_ms(Ordinal ordinal) const { return table_.from_ms(ordinal); }
  // The ordinal a customer is known by: of the cluster's strong identity of lowest priority, or
  // else the lowest. It stays while the strong identities of the customer do.
  Ordinal root(Ordinal ordinal) const { return fold_.root(ordinal); }
  // All ordinals of the customer, with this one; increasing.
  std::vector<Ordinal> Members(Ordinal ordinal) const { return fold_.Members(ordinal); }
  // Visits the clusters of two or more with roots in [first, last), by root, increasing; members
  // increasing, with the root.
  void ForEachCluster(
      Ordinal first, Ordinal last,
      const std::function<void(Ordinal root, std::span<const Ordinal> members)>& visit) const;
  // Whether the ordinal's customer is it alone.
  bool alone(Ordinal ordinal) const { return fold_.alone(ordinal); }

  // The ordinals are looked after in pages of so many bits.
  static constexpr uint32_t kPageBits = 12;
  // Pages with an ordinal that belongs to another customer, or to one with other members, than at
  // the last call; increasing. At the first: all that hold clusters.
  std::vector<uint32_t> TakeTouchedPages();

  const LinkLog& links() const { return links_; }
  // Numbers of the refused links, newest first, at most `limit`.
  std::vector<uint32_t> Conflicts(size_t limit) const;
  uint64_t conflict_count() const { return links_.refused().size(); }
  // First ordinals of the identities that were set apart, increasing.
  std::vector<Ordinal> SetApart() const;
  // Numbers of the links from a's identity to b's, as few as can be; empty when they are not one
  // customer, or one identity.
  std::vector<uint32_t> Chain(Ordinal a, Ordinal b) const;
  // Numbers of the links that would make one customer of theirs but were refused.
  std::vector<uint32_t> RefusedBetween(Ordinal a, Ordinal b) const;
  // What joining the two would come to now.
  Outcome WouldBe(Ordinal a, Ordinal b) const { return fold_.Judge(a, b, INT64_MAX); }

  // Appends what changed since the last drain, as bytes for ApplyJournal. Appends nothing when
  // nothing did. True: it is the whole graph, to take the place of all journals before.
  bool DrainJournal(ByteWriter* out);
  // Takes in what another graph drained: its journals in order, given to an empty graph, and then
  // FoldAll(), make its copy. Errors: kCorrupt when the bytes are no journal that fits this graph,
  // kConflict "old_format" when an earlier version wrote them; the graph must then be thrown away.
  Result<> ApplyJournal(std::span<const uint8_t> bytes);
  void FoldAll();
  // The whole graph as one journal.
  void EncodeAll(ByteWriter* out) const;

 private:
  Ordinal Register(const IdentityView& identity, int64_t time_ms);
  void AddNode();
  Ordinal AddPeriod(Ordinal ordinal, int64_t from_ms);
  Ordinal AddVisit(Ordinal period, int64_t from_ms);
  Ordinal DayOf(Ordinal period, int64_t time_ms);
  Claim ClaimOn(Ordinal period) const;
  std::vector<Ordinal> ClaimedWith(Ordinal ordinal) const;
  bool IsOwnedBy(Ordinal owner, Ordinal period) const;
  void Join(Ordinal a, Ordinal b, const Origin& origin);
  void Own(Ordinal owner, Ordinal period, const Origin& origin);
  void Connect(Ordinal a, Ordinal b, const Origin& origin);
  uint32_t AddLink(Ordinal a, Ordinal b, const Origin& origin);
  Outcome Merge(Ordinal a, Ordinal b, int64_t time_ms);
  void Touch(Ordinal ordinal);
  void SetApartIfShared(Ordinal ordinal, int64_t time_ms);
  void CutAll(const std::set<uint32_t>& links, const Origin& origin);
  void SetErased(Ordinal ordinal);
  void CutOff(Ordinal parent, Ordinal child, std::set<uint32_t>* cut) const;
  void Refold(std::span<const Ordinal> seeds, uint32_t last = LinkLog::kNone);
  void Fold(std::span<const Ordinal> ordinals);
  Result<> ApplyEntry(ByteReader* in);
  Result<> ApplyLink(bool cut, ByteReader* in);

  KeyRules rules_;
  IdentityTable table_;
  ClusterFold fold_;
  LinkLog links_;
  boost::unordered_flat_set<Ordinal> set_apart_;  // first ordinals
  std::vector<uint64_t> erased_;
  bool rewrite_ = false;  // the next journal is the whole graph
  uint64_t generation_ = 0;
  std::vector<bool> touched_;  // by page
  std::vector<Ordinal> changed_;
  ByteWriter journal_;
};

}  // namespace waypost::identity

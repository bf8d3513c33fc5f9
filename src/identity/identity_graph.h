// Which typed identities are one customer: a deterministic fold of identities and links in the
// order of the log.
//
//   IdentityGraph graph;
//   const Ordinal timeline = graph.Resolve(item.identities);   // where the event is stored, for
//   ever const Ordinal customer = graph.root(timeline);             // whom it belongs to, today
//
// Rules of joining a and b:
//   - An identity that stands for nobody (IsBlocked) joins nothing.
//   - Clusters that have no strong identity between them, or only one of them has, become one.
//   - When both have: two strong identities join their clusters unless these would then hold two
//     values of one strong key; that is a conflict, counted and listed. A weak identity, which is
//     seen with another strong one than its own, stays where it is: a device that two customers
//     use.
//   - A cluster of more than kMaxClusterSize identities is refused, counted and listed.
// Every join that was not refused is kept as a link, also when it closed a cycle. The clusters are
// the fold of the links in order; cutting one folds what was connected to it again.
//
// Belongs to one thread at a time. Deterministic: the same calls give the same graph.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "identity/identity_table.h"

namespace waypost::identity {

inline constexpr uint32_t kMaxClusterSize = 500;
inline constexpr size_t kMaxConflictsListed = 1000;

// A join that was refused: name "id_quarantined".
struct Conflict {
  enum class Reason : uint8_t { kTwoValuesOfOneKey = 1, kClusterFull = 2 };
  Reason reason = Reason::kTwoValuesOfOneKey;
  Ordinal a = 0;
  Ordinal b = 0;
  friend bool operator==(const Conflict&, const Conflict&) = default;
};

class IdentityGraph {
 public:
  // The timeline an item with these identities lands on: the ordinal of the first one that stands
  // for somebody, or else of the first. All get ordinals; the first strong one joins all the
  // others. REQUIRES: !identities.empty().
  Ordinal Resolve(std::span<const IdentityView> identities);
  // The first joins each of the others.
  void Link(std::span<const IdentityView> identities);
  // Two or more: the links between any two of them are cut. One: all its links are. Unknown
  // identities are ignored.
  void Unlink(std::span<const IdentityView> identities);

  // 0 .. ordinal_count() - 1 are given out.
  uint32_t ordinal_count() const { return table_.size(); }
  // Changes whenever clusters do.
  uint64_t generation() const { return generation_; }
  // Calls `visit` for ordinals whose customer has, or had, other members than at the last call: at
  // least every root there is or was among them. An ordinal may come more than once. Costs what
  // changed.
  void TakeChanged(const std::function<void(Ordinal)>& visit);

  // `value` as it came, not normalised.
  std::optional<Ordinal> Find(std::string_view key, std::string_view value) const;
  // REQUIRES (for these): ordinal < ordinal_count().
  IdentityView identity(Ordinal ordinal) const { return table_.identity(ordinal); }
  // The ordinal a customer is known by: of the cluster's strong identity of lowest rank, or else
  // the lowest.
  Ordinal root(Ordinal ordinal) const { return nodes_[ordinal].root; }
  // All ordinals of the customer, with this one; increasing.
  std::vector<Ordinal> Members(Ordinal ordinal) const;
  // Visits the clusters of two or more with roots in [first, last), by root, increasing; members
  // increasing, with the root.
  void ForEachCluster(
      Ordinal first, Ordinal last,
      const std::function<void(Ordinal root, std::span<const Ordinal> members)>& visit) const;
  // Whether the ordinal's customer is it alone.
  bool alone(Ordinal ordinal) const { return nodes_[ordinal].next == ordinal; }

  // The ordinals are looked after in pages of so many bits.
  static constexpr uint32_t kPageBits = 12;
  // Pages with an ordinal that belongs to another customer, or to one with other members, than at
  // the last call; increasing. At the first: all that hold clusters.
  std::vector<uint32_t> TakeTouchedPages();

  // The first kMaxConflictsListed different ones.
  std::span<const Conflict> conflicts() const { return conflicts_; }
  uint64_t conflict_count() const { return conflict_count_; }

  // Appends what changed since the last drain, as bytes for ApplyJournal. Appends nothing when
  // nothing did.
  void DrainJournal(ByteWriter* out);
  // Does what another graph did. The journals of a graph, applied in order to an empty one, make
  // its copy. kCorrupt when the bytes are no journal that fits this graph; it must then be thrown
  // away.
  Result<> ApplyJournal(std::span<const uint8_t> bytes);
  // The whole graph as one journal.
  void EncodeAll(ByteWriter* out) const;

 private:
  static constexpr uint32_t kNoLink = ~0u;
  struct Node {
    Ordinal root = 0;
    Ordinal next = 0;               // the members of a cluster form a ring
    uint32_t first_link = kNoLink;  // the list of this identity's links
  };
  struct EndOfLink {
    Ordinal ordinal = 0;
    uint32_t next = kNoLink;  // in the list of `ordinal`
  };
  struct LinkRecord {  // in the order of joining; one that was cut is left behind with equal ends
    EndOfLink a, b;
  };
  enum class Outcome { kTogether, kJoined, kApart, kTwoValues, kFull };

  Ordinal Register(const IdentityView& identity);
  void AddNode();
  void Touch(Ordinal ordinal);
  void Join(Ordinal a, Ordinal b);
  Outcome Judge(Ordinal a, Ordinal b) const;
  Outcome Merge(Ordinal a, Ordinal b);
  bool HoldTwoValues(Ordinal a, Ordinal b) const;
  bool Precedes(Ordinal a, Ordinal b) const;
  void AddConflict(const Conflict& conflict);

  void AddLink(Ordinal a, Ordinal b);
  bool Linked(Ordinal a, Ordinal b) const;
  std::vector<uint32_t> LinksOf(Ordinal ordinal) const;
  void Cut(uint32_t link);
  void RemoveFromList(Ordinal ordinal, uint32_t link);
  EndOfLink& EndAt(uint32_t link, Ordinal ordinal);
  const EndOfLink& EndAt(uint32_t link, Ordinal ordinal) const;
  void Refold(std::span<const Ordinal> seeds);
  Result<> ApplyEntry(ByteReader* in);

  IdentityTable table_;
  std::vector<Node> nodes_;
  std::vector<LinkRecord> links_;
  std::vector<Conflict> conflicts_;
  uint64_t conflict_count_ = 0;
  uint64_t generation_ = 0;
  std::vector<bool> touched_;  // by page
  std::vector<Ordinal> changed_;
  ByteWriter journal_;
};

}  // namespace waypost::identity

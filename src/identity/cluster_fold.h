// Clusters of ordinals as joins make them, one after the other: what the link log is folded into.
#pragma once

#include <cstdint>
#include <vector>

#include "identity/identity_table.h"
#include "model/ids.h"

namespace waypost::identity {

// What became of a join. Numbers are stored.
enum class Outcome : uint8_t {
  kTogether = 1,   // they were one cluster already
  kJoined = 2,     // they are now
  kApart = 3,      // refused: a weak identity that has another owner
  kTwoValues = 4,  // refused: more values of one key than its rule allows
  kFull = 5,       // refused: too many identities
  kBlocked = 6,    // stands for nobody; nothing to keep
  kCut = 7,        // not a join
};
inline bool IsRefusal(Outcome outcome) {
  return outcome == Outcome::kTwoValues || outcome == Outcome::kFull ||
         outcome == Outcome::kApart || outcome == Outcome::kBlocked;
}
std::string_view OutcomeName(Outcome outcome);

// Belongs to one thread. Costs of joins are those of the clusters' sizes.
class ClusterFold {
 public:
  // `table` must outlive the fold.
  ClusterFold(const IdentityTable& table, uint32_t largest) : table_(table), largest_(largest) {}

  void AddOrdinal();
  // Everybody alone.
  void Clear(uint32_t largest);
  void Free(Ordinal ordinal) { nodes_[ordinal] = {ordinal, ordinal}; }

  uint32_t size() const { return static_cast<uint32_t>(nodes_.size()); }
  Ordinal root(Ordinal ordinal) const { return nodes_[ordinal].root; }
  bool alone(Ordinal ordinal) const { return nodes_[ordinal].next == ordinal; }
  bool blocked(Ordinal ordinal) const { return table_.blocked(ordinal); }
  std::vector<Ordinal> Members(Ordinal ordinal) const;  // increasing

  // What joining a and b at `time_ms` comes to.
  Outcome Judge(Ordinal a, Ordinal b, int64_t time_ms) const;
  // Does so.
  Outcome Merge(Ordinal a, Ordinal b, int64_t time_ms);

 private:
  struct Node {
    Ordinal root = 0;
    Ordinal next = 0;  // the members of a cluster form a ring
  };
  bool HoldTooMany(Ordinal a, Ordinal b, int64_t time_ms) const;
  bool IsTooLarge(Ordinal a, Ordinal b) const;
  bool Precedes(Ordinal a, Ordinal b) const;

  const IdentityTable& table_;
  uint32_t largest_;
  std::vector<Node> nodes_;
};

}  // namespace waypost::identity

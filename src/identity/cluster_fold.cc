#include "identity/cluster_fold.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace waypost::identity {

std::string_view OutcomeName(Outcome outcome) {
  switch (outcome) {
    case Outcome::kTogether:
      return "already_one";
    case Outcome::kJoined:
      return "joined";
    case Outcome::kApart:
      return "belongs_to_another";
    case Outcome::kTwoValues:
      return "too_many_values";
    case Outcome::kFull:
      return "cluster_full";
    case Outcome::kBlocked:
      return "stands_for_nobody";
    case Outcome::kCut:
      return "cut";
  }
  return "cut";
}

void ClusterFold::AddOrdinal() { nodes_.push_back({size(), size()}); }

void ClusterFold::Clear(uint32_t largest) {
  largest_ = largest;
  for (Ordinal o = 0; o < size(); ++o) Free(o);
}

std::vector<Ordinal> ClusterFold::Members(Ordinal ordinal) const {
  std::vector<Ordinal> members = {ordinal};
  for (Ordinal at = nodes_[ordinal].next; at != ordinal; at = nodes_[at].next)
    members.push_back(at);
  std::sort(members.begin(), members.end());
  return members;
}

Outcome ClusterFold::Judge(Ordinal a, Ordinal b, int64_t time_ms) const {
  if (root(a) == root(b)) return Outcome::kTogether;
  if (blocked(a) || blocked(b)) return Outcome::kBlocked;
  const bool both_owned = table_.strong(root(a)) && table_.strong(root(b));
  if (both_owned && (!table_.strong(a) || !table_.strong(b))) return Outcome::kApart;
  if (HoldTooMany(a, b, time_ms)) return Outcome::kTwoValues;
  return IsTooLarge(a, b) ? Outcome::kFull : Outcome::kJoined;
}

// Counts identities; one of several periods is one.
bool ClusterFold::IsTooLarge(Ordinal a, Ordinal b) const {
  std::vector<Ordinal> members = Members(a);
  for (const Ordinal member : Members(b)) members.push_back(member);
  if (members.size() <= largest_) return false;
  for (Ordinal& member : members) member = table_.first(member);
  std::sort(members.begin(), members.end());
  const auto end = std::unique(members.begin(), members.end());
  return end - members.begin() > static_cast<ptrdiff_t>(largest_);
}

// Whether the clusters of a and b, as one, hold more values of a key than its rule allows. A value
// that has been known for longer than the rule's window does not count.
bool ClusterFold::HoldTooMany(Ordinal a, Ordinal b, int64_t time_ms) const {
  std::map<uint16_t, std::set<Ordinal>> values;
  for (const Ordinal side : {a, b}) {
    for (const Ordinal member : Members(side)) {
      const KeyRule& rule = table_.rule(member);
      if (rule.values == 0) continue;
      const bool counts = rule.window_ms == 0 || time_ms == INT64_MAX ||
                          table_.from_ms(member) > time_ms - rule.window_ms;
      if (!counts) continue;
      std::set<Ordinal>& of_key = values[table_.key_id(member)];
      of_key.insert(table_.first(member));
      if (of_key.size() > rule.values) return true;
    }
  }
  return false;
}

Outcome ClusterFold::Merge(Ordinal a, Ordinal b, int64_t time_ms) {
  const Outcome outcome = Judge(a, b, time_ms);
  if (outcome != Outcome::kJoined) return outcome;
  const Ordinal root_a = root(a), root_b = root(b);
  std::swap(nodes_[a].next, nodes_[b].next);  // two rings become one
  const Ordinal both = Precedes(root_a, root_b) ? root_a : root_b;
  for (const Ordinal member : Members(a)) nodes_[member].root = both;
  return outcome;
}

// Whether a customer that is both is known by a.
bool ClusterFold::Precedes(Ordinal a, Ordinal b) const {
  const auto order = [&](Ordinal o) {
    return std::tuple(!table_.strong(o), table_.rule(o).priority, o);
  };
  return order(a) < order(b);
}

}  // namespace waypost::identity

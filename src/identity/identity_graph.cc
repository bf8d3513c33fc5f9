#include "identity/identity_graph.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "base/clock.h"
#include "identity/graph_journal.h"

namespace waypost::identity {
namespace {

constexpr size_t kExamples = 20;
constexpr int kLinksJudged = 1'000;  // of a value, whether too many share it

int64_t DayNumber(int64_t time_ms) { return time_ms / kDayMs - (time_ms % kDayMs < 0); }

bool Contains(const std::vector<Claim>& claims, const Claim& claim) {
  return std::find(claims.begin(), claims.end(), claim) != claims.end();
}

std::vector<Ordinal> UpTo(uint32_t count) {
  std::vector<Ordinal> all(count);
  std::iota(all.begin(), all.end(), 0);
  return all;
}

}  // namespace

IdentityGraph::IdentityGraph(KeyRules rules, KeyedHash hash)
    : rules_(std::move(rules)),
      table_(rules_, std::move(hash)),
      fold_(table_, rules_.largest_cluster) {}

// ---- What callers ask for ----

Ordinal IdentityGraph::Resolve(std::span<const IdentityView> identities, const Origin& origin) {
  CHECK(!identities.empty());
  std::vector<Ordinal> ordinals;
  for (const IdentityView& identity : identities) {
    ordinals.push_back(Register(identity, origin.time_ms));
  }
  std::optional<Ordinal> owner, somebody;
  for (const Ordinal o : ordinals) {
    if (blocked(o)) continue;
    if (!somebody) somebody = o;
    if (!table_.strong(o)) continue;
    if (!owner || table_.rule(o).priority < table_.rule(*owner).priority) owner = o;
  }
  if (!owner) return somebody ? DayOf(*somebody, origin.time_ms) : ordinals.front();
  const auto parent_of = [&](Ordinal child) {
    return std::find_if(ordinals.begin(), ordinals.end(), [&](Ordinal o) {
      return table_.identity(o).key == table_.rule(child).parent && !blocked(o);
    });
  };
  for (const Ordinal other : ordinals) {
    if (parent_of(other) == ordinals.end()) Join(*owner, other, origin);
  }
  for (const Ordinal child : ordinals) {
    if (const auto parent = parent_of(child); parent != ordinals.end()) {
      Join(*parent, child, origin);
    }
  }
  return *owner;
}

void IdentityGraph::Link(std::span<const IdentityView> identities, const Origin& origin) {
  std::vector<Ordinal> ordinals;
  for (const IdentityView& identity : identities) {
    ordinals.push_back(Register(identity, origin.time_ms));
  }
  for (size_t i = 1; i < ordinals.size(); ++i) Join(ordinals[0], ordinals[i], origin);
}

void IdentityGraph::Unlink(std::span<const IdentityView> identities, const Origin& origin) {
  std::set<Ordinal> known;
  for (const IdentityView& identity : identities) {
    const auto found = Find(identity.key, identity.value);
    if (!found) continue;
    const std::vector<Ordinal> periods = table_.Periods(*found);
    known.insert(periods.begin(), periods.end());
  }
  std::set<uint32_t> cut;
  for (const Ordinal ordinal : known) {
    links_.ForEachOf(ordinal, [&](uint32_t link) {
      const Ordinal other = links_.Other(link, ordinal);
      if (identities.size() == 1 || known.contains(other)) cut.insert(link);
      CutOff(ordinal, other, &cut);
      return true;
    });
  }
  std::vector<Ordinal> seeds;
  for (const uint32_t link : cut) {
    for (const Ordinal end : {links_[link].a, links_[link].b}) {
      const std::vector<Ordinal> with = ClaimedWith(end);
      seeds.insert(seeds.end(), with.begin(), with.end());
    }
  }
  CutAll(cut, origin);
  if (!cut.empty()) Refold(seeds);
}

void IdentityGraph::CutAll(const std::set<uint32_t>& links, const Origin& origin) {
  for (const uint32_t link : links) {
    links_.Cut(link, origin);
    WriteLink(links_[links_.size() - 1], &journal_);
  }
}

std::vector<Ordinal> IdentityGraph::Erase(Ordinal ordinal, const Origin& origin) {
  const std::vector<Ordinal> members = Members(ordinal);
  std::set<uint32_t> cut;
  std::vector<Ordinal> seeds;  // what the customer was linked to, though it was not its own
  for (const Ordinal member : members) {
    links_.ForEachOf(member, [&](uint32_t link) {
      cut.insert(link);
      const std::vector<Ordinal> with = ClaimedWith(links_.Other(link, member));
      seeds.insert(seeds.end(), with.begin(), with.end());
      return true;
    });
  }
  CutAll(cut, origin);
  for (const Ordinal member : members) {
    fold_.Free(member);
    SetErased(member);
  }
  std::erase_if(seeds, [&](Ordinal seed) { return erased(seed); });
  Refold(seeds);
  for (const Ordinal member : members) Touch(member);
  changed_.insert(changed_.end(), members.begin(), members.end());
  rewrite_ = true;
  return members;
}

void IdentityGraph::SetErased(Ordinal ordinal) {
  erased_.resize(std::max<size_t>(erased_.size(), ordinal / 64 + 1));
  erased_[ordinal / 64] |= 1ull << (ordinal % 64);
  table_.Detach(ordinal);
}

// What is linked to its parent's identity is cut from all else.
void IdentityGraph::CutOff(Ordinal parent, Ordinal child, std::set<uint32_t>* cut) const {
  if (table_.rule(child).parent != table_.identity(parent).key) return;
  links_.ForEachOf(child, [&](uint32_t link) {
    if (table_.first(links_.Other(link, child)) != table_.first(parent)) cut->insert(link);
    return true;
  });
}

std::optional<Ordinal> IdentityGraph::Find(std::string_view key, std::string_view value) const {
  const auto found = table_.Find(key, table_.Normalised(key, value));
  return found ? std::optional(table_.PeriodAt(*found, INT64_MAX)) : std::nullopt;
}

void IdentityGraph::ForEachCluster(
    Ordinal first, Ordinal last,
    const std::function<void(Ordinal root, std::span<const Ordinal> members)>& visit) const {
  for (Ordinal o = first; o < std::min(last, ordinal_count()); ++o) {
    if (root(o) == o && !alone(o)) visit(o, Members(o));
  }
}

std::vector<uint32_t> IdentityGraph::TakeTouchedPages() {
  std::vector<uint32_t> pages;
  for (uint32_t page = 0; page < touched_.size(); ++page) {
    if (touched_[page]) pages.push_back(page);
  }
  touched_.clear();
  return pages;
}

void IdentityGraph::Touch(Ordinal ordinal) {
  const size_t page = ordinal >> kPageBits;
  if (touched_.size() <= page) touched_.resize(page + 1);
  touched_[page] = true;
}

void IdentityGraph::TakeChanged(const std::function<void(Ordinal)>& visit) {
  for (const Ordinal ordinal : std::exchange(changed_, {})) visit(ordinal);
}

// ---- Ordinals ----

Ordinal IdentityGraph::Register(const IdentityView& identity, int64_t time_ms) {
  const std::string value = table_.Normalised(identity.key, identity.value);
  const Ordinal ordinal = table_.FindOrAdd(identity.key, value, time_ms);
  if (ordinal == fold_.size()) {
    AddNode();
    WriteIdentity(table_.identity(ordinal), time_ms, &journal_);
  }
  return table_.PeriodAt(ordinal, time_ms);
}

void IdentityGraph::AddNode() {
  fold_.AddOrdinal();
  links_.AddOrdinal();
}

Ordinal IdentityGraph::AddPeriod(Ordinal ordinal, int64_t from_ms) {
  const Ordinal added = table_.AddPeriod(ordinal, from_ms);
  AddNode();
  WritePeriod(table_.first(ordinal), from_ms, &journal_);
  return added;
}

Claim IdentityGraph::ClaimOn(Ordinal period) const {
  const uint32_t own = OwnerLink(table_, links_, period);
  if (own != LinkLog::kNone || !table_.HasPeriods(period)) return {own, period};
  const std::vector<Ordinal> periods = table_.Periods(period);
  const auto at = std::find(periods.begin(), periods.end(), period) - periods.begin();
  return Claims(table_, links_, period)[static_cast<size_t>(at)];
}

// The periods of its identity that are together with this one, which is the first.
std::vector<Ordinal> IdentityGraph::ClaimedWith(Ordinal ordinal) const {
  std::vector<Ordinal> with = {ordinal};
  if (!table_.HasPeriods(ordinal)) return with;
  const std::vector<Ordinal> periods = table_.Periods(ordinal);
  const std::vector<Claim> claims = Claims(table_, links_, ordinal);
  const auto at = std::find(periods.begin(), periods.end(), ordinal) - periods.begin();
  for (size_t i = 0; i < periods.size(); ++i) {
    if (periods[i] != ordinal && claims[i] == claims[static_cast<size_t>(at)]) {
      with.push_back(periods[i]);
    }
  }
  return with;
}

// Whether the period is the owner's, itself or as its parent is.
bool IdentityGraph::IsOwnedBy(Ordinal owner, Ordinal period) const {
  for (int generation = 0; generation < 8; ++generation) {
    const Claim claim = ClaimOn(period);
    if (claim.link == LinkLog::kNone) return false;
    period = links_.Other(claim.link, claim.period);
    if (period == owner) return true;
    if (table_.strong(period)) return false;
  }
  return false;
}

// Where something that a weak identity did alone is kept: a new period for a new day, when the key
// looks back and nobody owns it.
Ordinal IdentityGraph::DayOf(Ordinal period, int64_t time_ms) {
  if (table_.strong(period) || table_.rule(period).look_back_ms == 0) return period;
  const int64_t from_ms = table_.from_ms(period);
  if (time_ms >= from_ms && time_ms - from_ms < kDayMs) return period;
  const Claim claim = ClaimOn(period);
  const bool owned = claim.link != LinkLog::kNone && table_.from_ms(claim.period) <= time_ms;
  if (owned) return period;
  return AddVisit(period, time_ms > from_ms ? time_ms : DayNumber(time_ms) * kDayMs);
}

// A period of nobody yet: with its visitor, or with the owner it comes soon enough before.
Ordinal IdentityGraph::AddVisit(Ordinal period, int64_t from_ms) {
  const Ordinal added = AddPeriod(period, from_ms);
  const std::vector<Ordinal> with = ClaimedWith(added);
  if (with.size() > 1) Merge(with[1], added, INT64_MAX);
  return added;
}

// ---- Joining ----

void IdentityGraph::Join(Ordinal a, Ordinal b, const Origin& origin) {
  if (table_.first(a) == table_.first(b) || blocked(a) || blocked(b)) return;
  a = table_.PeriodAt(a, origin.time_ms);
  b = table_.PeriodAt(b, origin.time_ms);
  if (table_.Owns(a, b)) return Own(a, b, origin);
  if (table_.Owns(b, a)) return Own(b, a, origin);
  Connect(a, b, origin);
}

// What the identity of `period` does is the owner's, from now on.
void IdentityGraph::Own(Ordinal owner, Ordinal period, const Origin& origin) {
  if (IsOwnedBy(owner, period)) return;
  const std::vector<Ordinal> before = table_.Periods(period);
  const std::vector<Claim> claims = Claims(table_, links_, period);
  const bool begins = table_.from_ms(period) == origin.time_ms &&
                      OwnerLink(table_, links_, period) == LinkLog::kNone;
  if (!begins) period = AddPeriod(period, origin.time_ms);
  const uint32_t link = AddLink(owner, period, origin);
  std::vector<Claim> lost;  // by periods that are another's now
  const std::vector<Ordinal> periods = table_.Periods(period);
  const std::vector<Claim> claims_now = Claims(table_, links_, period);
  for (size_t i = 0, j = 0; j < before.size(); ++i) {
    if (periods[i] != before[j]) continue;
    if (claims_now[i] != claims[j] && !Contains(lost, claims[j])) lost.push_back(claims[j]);
    ++j;
  }
  std::vector<Ordinal> moved;
  for (size_t j = 0; j < before.size(); ++j) {
    if (Contains(lost, claims[j])) moved.push_back(before[j]);
  }
  if (moved.empty()) {
    links_.SetOutcome(link, Merge(owner, period, origin.time_ms));
  } else {
    moved.push_back(period);
    Refold(moved, link);
  }
  SetApartIfShared(owner, origin.time_ms);
  SetApartIfShared(period, origin.time_ms);
}

// Joins and keeps the link, unless it would say nothing new.
void IdentityGraph::Connect(Ordinal a, Ordinal b, const Origin& origin) {
  if (const auto known = links_.Between(a, b)) {
    const bool refused_again = IsRefusal(fold_.Judge(a, b, origin.time_ms));
    if (links_[*known].in_force() || refused_again) return;
  }
  const uint32_t link = AddLink(a, b, origin);
  links_.SetOutcome(link, Merge(a, b, origin.time_ms));
  SetApartIfShared(a, origin.time_ms);
  SetApartIfShared(b, origin.time_ms);
}

uint32_t IdentityGraph::AddLink(Ordinal a, Ordinal b, const Origin& origin) {
  const uint32_t link = links_.Add(a, b, origin);
  WriteLink(links_[link], &journal_);
  return link;
}

Outcome IdentityGraph::Merge(Ordinal a, Ordinal b, int64_t time_ms) {
  const Ordinal root_a = root(a), root_b = root(b);
  const Outcome outcome = fold_.Merge(a, b, time_ms);
  if (outcome != Outcome::kJoined) return outcome;
  for (const Ordinal member : Members(a)) Touch(member);
  changed_.insert(changed_.end(), {root_a, root_b});
  ++generation_;
  return outcome;
}

// A value that more customers than one can be were linked to on one day joins nobody any more.
// Customers are told apart by strong identities that say more than it does.
void IdentityGraph::SetApartIfShared(Ordinal ordinal, int64_t time_ms) {
  std::set<Ordinal> customers;
  for (const Ordinal period : table_.Periods(ordinal)) {
    int judged = 0;
    links_.ForEachOf(period, [&](uint32_t link) {
      const Ordinal other = links_.Other(link, period);
      const bool says_more =
          table_.strong(other) &&
          (!table_.strong(ordinal) || table_.rule(other).priority < table_.rule(ordinal).priority);
      if (says_more && DayNumber(links_[link].time_ms) == DayNumber(time_ms)) {
        customers.insert(table_.first(other));
      }
      return ++judged < kLinksJudged;
    });
  }
  if (customers.size() <= rules_.most_customers_a_day) return;
  if (!set_apart_.insert(table_.first(ordinal)).second) return;
  WriteOrdinal(EntryKind::kSetApart, ordinal, &journal_);
}

// ---- Folding ----

// Folds again what is connected to the seeds; not what only `last`, the last link, connects, which
// joins as it would have anyway.
void IdentityGraph::Refold(std::span<const Ordinal> seeds, uint32_t last) {
  std::vector<Ordinal> reached;
  boost::unordered_flat_set<Ordinal> seen;
  const auto reach = [&](Ordinal ordinal) {
    if (seen.contains(ordinal)) return;
    for (const Ordinal period : ClaimedWith(ordinal)) {
      if (seen.insert(period).second) reached.push_back(period);
    }
  };
  for (const Ordinal seed : seeds) reach(seed);
  for (size_t i = 0; i < reached.size(); ++i) {
    links_.ForEachOf(reached[i], [&](uint32_t link) {
      if (link != last) reach(links_.Other(link, reached[i]));
      return true;
    });
  }
  std::vector<Ordinal> changed = reached;
  if (last != LinkLog::kNone) changed.push_back(root(links_[last].a));
  for (const Ordinal ordinal : reached) fold_.Free(ordinal);
  Fold(reached);
  if (last != LinkLog::kNone) {
    const std::vector<Ordinal> members = Members(links_[last].a);
    changed.insert(changed.end(), members.begin(), members.end());
  }
  for (const Ordinal ordinal : changed) Touch(ordinal);
  changed_.insert(changed_.end(), changed.begin(), changed.end());
  ++generation_;
}

void IdentityGraph::Fold(std::span<const Ordinal> ordinals) {
  FoldLinks(table_, links_, ordinals, &fold_,
            [&](uint32_t link, Outcome outcome) { links_.SetOutcome(link, outcome); });
}

void IdentityGraph::FoldAll() {
  const std::vector<Ordinal> all = UpTo(ordinal_count());
  const auto note = [&](Ordinal ordinal) {
    if (alone(ordinal)) return;
    Touch(ordinal);
    changed_.push_back(ordinal);
  };
  std::for_each(all.begin(), all.end(), note);
  fold_.Clear(rules_.largest_cluster);
  Fold(all);
  std::for_each(all.begin(), all.end(), note);
  ++generation_;
}

void IdentityGraph::SetRules(const KeyRules& rules) {
  WriteRules(rules, &journal_);
  rules_ = rules;
  table_.SetRules(rules);
  FoldAll();
}

RuleTrial IdentityGraph::TryRules(const KeyRules& rules) const {
  IdentityTable table(rules, table_.hash());
  for (Ordinal o = 0; o < ordinal_count(); ++o) {
    const IdentityView id = table_.identity(o);
    if (table_.first(o) != o) {
      table.AddPeriod(table_.first(o), table_.from_ms(o));
    } else if (table_.forgotten(o)) {
      table.AddForgotten(id.key, table_.from_ms(o));
    } else {
      table.FindOrAdd(id.key, id.value, table_.from_ms(o));
    }
  }
  for (Ordinal o = 0; o < ordinal_count(); ++o) {
    if (erased(o)) table.Detach(o);
  }
  ClusterFold then(table, rules.largest_cluster);
  for (Ordinal o = 0; o < ordinal_count(); ++o) then.AddOrdinal();
  FoldLinks(table, links_, UpTo(ordinal_count()), &then, [](uint32_t, Outcome) {});
  RuleTrial trial;
  // Counts the clusters of `one` and those whose members are several in `other`.
  const auto compare = [&](const ClusterFold& one, const ClusterFold& other, bool merges,
                           uint64_t* clusters, uint64_t* several) {
    for (Ordinal o = 0; o < ordinal_count(); ++o) {
      if (one.root(o) != o || one.alone(o)) continue;
      ++*clusters;
      std::vector<Ordinal> members = one.Members(o);
      const bool same = std::all_of(members.begin(), members.end(),
                                    [&](Ordinal m) { return other.root(m) == other.root(o); });
      if (same) continue;
      if (++*several <= kExamples) trial.examples.push_back({merges, std::move(members)});
    }
  };
  compare(then, fold_, true, &trial.customers_then, &trial.merged);
  compare(fold_, then, false, &trial.customers_now, &trial.split);
  return trial;
}

// ---- Why ----

std::vector<uint32_t> IdentityGraph::Conflicts(size_t limit) const {
  std::vector<uint32_t> conflicts;
  const auto& refused = links_.refused();
  for (auto at = refused.rbegin(); at != refused.rend() && conflicts.size() < limit; ++at) {
    conflicts.push_back(*at);
  }
  return conflicts;
}

std::vector<Ordinal> IdentityGraph::SetApart() const {
  std::vector<Ordinal> ordinals(set_apart_.begin(), set_apart_.end());
  std::sort(ordinals.begin(), ordinals.end());
  return ordinals;
}

// Goes from identity to identity: periods that are one customer's need no link between them.
std::vector<uint32_t> IdentityGraph::Chain(Ordinal a, Ordinal b) const {
  if (root(a) != root(b)) return {};
  a = table_.first(a);
  boost::unordered_flat_map<Ordinal, uint32_t> came_by;  // by identity
  std::vector<Ordinal> reached = {table_.first(b)};
  for (size_t i = 0; i < reached.size() && !came_by.contains(a); ++i) {
    std::vector<uint32_t> links;
    for (const Ordinal period : table_.Periods(reached[i])) {
      if (root(period) != root(b)) continue;
      links_.ForEachOf(period, [&](uint32_t link) { return links.push_back(link), true; });
    }
    std::sort(links.begin(), links.end());
    for (const uint32_t link : links) {
      const Ordinal end =
          table_.first(links_[link].a) == reached[i] ? links_[link].b : links_[link].a;
      const Ordinal other = table_.first(end);
      if (!links_[link].in_force() || other == reached.front()) continue;
      if (came_by.emplace(other, link).second) reached.push_back(other);
    }
  }
  std::vector<uint32_t> chain;
  while (a != reached.front() && came_by.contains(a)) {
    const auto link = links_[chain.emplace_back(came_by[a])];
    a = table_.first(table_.first(link.a) == a ? link.b : link.a);
  }
  return chain;
}

std::vector<uint32_t> IdentityGraph::RefusedBetween(Ordinal a, Ordinal b) const {
  std::vector<uint32_t> refused;
  for (const Ordinal member : Members(a)) {
    links_.ForEachOf(member, [&](uint32_t link) {
      const bool reaches = root(links_.Other(link, member)) == root(b);
      if (reaches && IsRefusal(links_[link].outcome)) refused.push_back(link);
      return true;
    });
  }
  std::sort(refused.begin(), refused.end());
  return refused;
}

}  // namespace waypost::identity

#include "identity/identity_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace waypost::identity {
namespace {

constexpr int64_t kDayMs = 86'400'000;
constexpr size_t kExamples = 20;
constexpr size_t kMaxSources = 60'000;  // further ones are not told apart

// Entries of a journal: u8 kind, then
enum class EntryKind : uint8_t {
  kLastOfFirstFormat = 5,  // up to here: links without time, source and rule; read no more
  kIdentity = 16,          // text key, text value, signed from_ms: the next ordinal
  kPeriod = 17,            // varint ordinal, signed from_ms: the next ordinal, of the same identity
  kSource = 18,            // text: the next source
  kLink = 19,              // varint a, varint b, signed time_ms, varint source, u8 rule, u8 outcome
  kCut = 20,               // varint link, signed time_ms, varint source, u8 rule
  kSetApart = 21,          // varint ordinal
  kRules = 22,             // varint size, KeyRules
};

int64_t DayNumber(int64_t time_ms) { return time_ms / kDayMs - (time_ms % kDayMs < 0); }

void WriteKind(EntryKind kind, ByteWriter* out) { out->U8(static_cast<uint8_t>(kind)); }

void WriteRules(const KeyRules& rules, ByteWriter* out) {
  WriteKind(EntryKind::kRules, out);
  out->Text(AsText(rules.Encode()));
}

void WriteIdentity(const IdentityView& identity, int64_t from_ms, ByteWriter* out) {
  WriteKind(EntryKind::kIdentity, out);
  out->Text(identity.key);
  out->Text(identity.value);
  out->Signed(from_ms);
}

void WritePeriod(Ordinal first, int64_t from_ms, ByteWriter* out) {
  WriteKind(EntryKind::kPeriod, out);
  out->Varint(first);
  out->Signed(from_ms);
}

void WriteSource(std::string_view source, ByteWriter* out) {
  WriteKind(EntryKind::kSource, out);
  out->Text(source);
}

}  // namespace

std::string_view LinkRuleName(LinkRule rule) {
  switch (rule) {
    case LinkRule::kSeenTogether:
      return "seen_together";
    case LinkRule::kLink:
      return "link";
    case LinkRule::kSignup:
      return "signup";
    case LinkRule::kBind:
      return "bind";
    case LinkRule::kAlias:
      return "alias";
    case LinkRule::kSameIdentity:
      return "same_identity";
    case LinkRule::kUnbind:
      return "unbind";
    case LinkRule::kLookBack:
      return "look_back";
  }
  return "link";
}

IdentityGraph::IdentityGraph(KeyRules rules)
    : rules_(std::move(rules)), table_(rules_), fold_(table_, rules_.largest_cluster) {}

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
  if (!owner) return somebody ? DayOf(*somebody, origin) : ordinals.front();
  const auto parent_of = [&](Ordinal child) {
    return std::find_if(ordinals.begin(), ordinals.end(), [&](Ordinal o) {
      return table_.identity(o).key == table_.rule(child).parent && !blocked(o);
    });
  };
  for (const Ordinal other : ordinals) {
    if (parent_of(other) == ordinals.end()) Join(*owner, other, origin);
  }
  for (const Ordinal child : ordinals) {
    const auto parent = parent_of(child);
    if (parent != ordinals.end()) {
      Join(table_.PeriodAt(*parent, origin.time_ms), child, origin);
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
  std::vector<Ordinal> known;
  for (const IdentityView& identity : identities) {
    const auto found = Find(identity.key, identity.value);
    if (!found) continue;
    const std::vector<Ordinal> periods = table_.Periods(*found);
    known.insert(known.end(), periods.begin(), periods.end());
  }
  std::vector<Ordinal> seeds;
  for (const Ordinal ordinal : known) CutChildren(ordinal, origin, &seeds);
  for (const Ordinal ordinal : known) {
    for (const uint32_t link : LinksOf(ordinal)) {
      const Ordinal other = Other(link, ordinal);
      const bool named = std::find(known.begin(), known.end(), other) != known.end();
      if (links_[link].rule == LinkRule::kSameIdentity || !links_[link].in_force()) continue;
      if (identities.size() > 1 && !named) continue;
      Cut(link, origin);
      seeds.insert(seeds.end(), {ordinal, other});
    }
  }
  if (!seeds.empty()) Refold(seeds);
}

// What hangs on the parent's identity by any link hangs on nothing else.
void IdentityGraph::CutChildren(Ordinal parent, const Origin& origin, std::vector<Ordinal>* seeds) {
  for (const uint32_t link : LinksOf(parent)) {
    const Ordinal child = Other(link, parent);
    if (!links_[link].in_force()) continue;
    if (table_.rule(child).parent != table_.identity(parent).key) continue;
    for (const uint32_t of_child : LinksOf(child)) {
      const Ordinal other = Other(of_child, child);
      const bool family =
          table_.first(other) == table_.first(parent) || table_.first(other) == table_.first(child);
      if (family || !links_[of_child].in_force()) continue;
      Cut(of_child, origin);
      seeds->insert(seeds->end(), {child, other});
    }
  }
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
  first_links_.push_back(kNoLink);
}

Ordinal IdentityGraph::AddPeriod(Ordinal ordinal, int64_t time_ms) {
  const Ordinal added = table_.AddPeriod(ordinal, time_ms);
  AddNode();
  WritePeriod(table_.first(ordinal), time_ms, &journal_);
  return added;
}

bool IdentityGraph::WasOwned(Ordinal ordinal) const {
  const std::vector<uint32_t> links = LinksOf(ordinal);
  return std::any_of(links.begin(), links.end(), [&](uint32_t link) {
    return !IsRefusal(links_[link].outcome) && table_.strong(Other(link, ordinal));
  });
}

// Where something that a weak identity did without an owner is kept: a new ordinal for a new day,
// when the key looks back.
Ordinal IdentityGraph::DayOf(Ordinal ordinal, const Origin& origin) {
  if (table_.strong(ordinal) || table_.rule(ordinal).look_back_ms == 0 || Owned(ordinal)) {
    return ordinal;
  }
  const bool same_day = origin.time_ms - table_.from_ms(ordinal) < kDayMs;
  if (same_day && !WasOwned(ordinal)) return ordinal;
  const Ordinal day = AddPeriod(ordinal, origin.time_ms);
  Connect(ordinal, day, {origin.time_ms, origin.source, LinkRule::kSameIdentity});
  return day;
}

// ---- Joining ----

void IdentityGraph::Join(Ordinal a, Ordinal b, const Origin& origin) {
  if (table_.first(a) == table_.first(b) || blocked(a) || blocked(b)) return;
  if (table_.strong(a) && table_.strong(b)) return Connect(a, b, origin);
  if (table_.strong(a)) return Own(a, b, origin);
  if (table_.strong(b)) return Own(b, a, origin);
  if (Owned(a) && Owned(b) && table_.rule(b).parent != table_.identity(a).key) {
    return Connect(a, b, origin);
  }
  if (Owned(a)) return Own(a, b, origin);
  if (Owned(b)) return Own(b, a, origin);
  Connect(a, b, origin);
}

// b, which is weak, is a's, which has an owner, from now on.
void IdentityGraph::Own(Ordinal a, Ordinal b, const Origin& origin) {
  if (root(a) == root(b)) return Connect(a, b, origin);
  if (Owned(b)) return Connect(a, AddPeriod(b, origin.time_ms), origin);
  if (table_.rule(b).look_back_ms > 0) b = LookBack(b, origin);
  Connect(a, b, origin);
  if (table_.rule(b).look_back_ms == 0 || root(a) != root(b)) return;
  for (const Ordinal day : table_.Periods(b)) {
    if (!Owned(day) && Comes(day, origin.time_ms)) Connect(a, day, origin);
  }
}

// Whether what was done under this ordinal belongs to an owner who comes at `time_ms`.
bool IdentityGraph::Comes(Ordinal ordinal, int64_t time_ms) const {
  const int64_t look_back_ms = table_.rule(ordinal).look_back_ms;
  return table_.from_ms(ordinal) >= time_ms - look_back_ms && !WasOwned(ordinal);
}

// Parts the days that come along from those that do not; the ordinal of this time, a new one when
// that does not come along itself.
Ordinal IdentityGraph::LookBack(Ordinal ordinal, const Origin& origin) {
  const Origin cut{origin.time_ms, origin.source, LinkRule::kLookBack};
  std::vector<Ordinal> seeds;
  for (const Ordinal day : table_.Periods(ordinal)) {
    for (const uint32_t link : LinksOf(day)) {
      const Ordinal other = Other(link, day);
      const bool days = links_[link].rule == LinkRule::kSameIdentity && links_[link].in_force();
      if (!days || Comes(day, origin.time_ms) == Comes(other, origin.time_ms)) continue;
      Cut(link, cut);
      seeds.insert(seeds.end(), {day, other});
    }
  }
  if (!seeds.empty()) Refold(seeds);
  return Comes(ordinal, origin.time_ms) ? ordinal : AddPeriod(ordinal, origin.time_ms);
}

// Joins and keeps the link, unless it is there already or says nothing.
void IdentityGraph::Connect(Ordinal a, Ordinal b, const Origin& origin) {
  const Outcome outcome = Merge(a, b, origin.time_ms);
  if (outcome == Outcome::kApart || outcome == Outcome::kBlocked) return;
  if (Linked(a, b, IsRefusal(outcome))) return;
  AddLink(a, b, {origin.time_ms, origin.source, origin.rule}, outcome);
  SetApartIfShared(a, origin.time_ms);
  SetApartIfShared(b, origin.time_ms);
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
    for (const uint32_t link : LinksOf(period)) {
      const Ordinal other = Other(link, period);
      const bool says_more =
          table_.strong(other) &&
          (!table_.strong(ordinal) || table_.rule(other).priority < table_.rule(ordinal).priority);
      if (says_more && DayNumber(links_[link].time_ms) == DayNumber(time_ms)) {
        customers.insert(table_.first(other));
      }
    }
  }
  if (customers.size() <= rules_.most_customers_a_day) return;
  if (!set_apart_.insert(table_.first(ordinal)).second) return;
  WriteKind(EntryKind::kSetApart, &journal_);
  journal_.Varint(ordinal);
}

// ---- Links ----

IdentityGraph::EndOfLink& IdentityGraph::EndAt(uint32_t link, Ordinal ordinal) {
  return links_[link].a.ordinal == ordinal ? links_[link].a : links_[link].b;
}

const IdentityGraph::EndOfLink& IdentityGraph::EndAt(uint32_t link, Ordinal ordinal) const {
  return links_[link].a.ordinal == ordinal ? links_[link].a : links_[link].b;
}

Ordinal IdentityGraph::Other(uint32_t link, Ordinal ordinal) const {
  return links_[link].a.ordinal == ordinal ? links_[link].b.ordinal : links_[link].a.ordinal;
}

uint16_t IdentityGraph::SourceNumber(std::string_view source) {
  const auto found = std::find(sources_.begin(), sources_.end(), source);
  if (found == sources_.end() && sources_.size() < kMaxSources) {
    WriteSource(source, &journal_);
    sources_.emplace_back(source);
    return static_cast<uint16_t>(sources_.size() - 1);
  }
  return found == sources_.end() ? 0 : static_cast<uint16_t>(found - sources_.begin());
}

void IdentityGraph::AddLink(Ordinal a, Ordinal b, const Origin& origin, Outcome outcome) {
  const uint16_t source = SourceNumber(origin.source);
  AddRecord({.a = {a},
             .b = {b},
             .time_ms = origin.time_ms,
             .source = source,
             .rule = origin.rule,
             .outcome = outcome});
  WriteRecord(links_.back(), &journal_);
}

void IdentityGraph::AddRecord(LinkRecord record) {
  const auto link = static_cast<uint32_t>(links_.size());
  for (EndOfLink* end : {&record.a, &record.b}) {
    end->next = std::exchange(first_links_[end->ordinal], link);
  }
  links_.push_back(record);
  if (IsRefusal(record.outcome)) conflicts_.push_back(link);
}

// Walks both lists at once, so that it costs no more than the shorter.
bool IdentityGraph::Linked(Ordinal a, Ordinal b, bool refused) const {
  uint32_t of_a = first_links_[a], of_b = first_links_[b];
  const auto joins = [&](const LinkRecord& link) {
    const bool ends = (link.a.ordinal == a && link.b.ordinal == b) ||
                      (link.a.ordinal == b && link.b.ordinal == a);
    return ends && !link.cut && IsRefusal(link.outcome) == refused;
  };
  while (of_a != kNoLink && of_b != kNoLink) {
    if (joins(links_[of_a]) || joins(links_[of_b])) return true;
    of_a = EndAt(of_a, a).next;
    of_b = EndAt(of_b, b).next;
  }
  return false;
}

std::vector<uint32_t> IdentityGraph::LinksOf(Ordinal ordinal) const {
  std::vector<uint32_t> links;
  for (uint32_t at = first_links_[ordinal]; at != kNoLink; at = EndAt(at, ordinal).next) {
    links.push_back(at);
  }
  return links;
}

void IdentityGraph::Cut(uint32_t link, const Origin& origin) {
  const uint16_t source = SourceNumber(origin.source);
  AddCut(link, {.time_ms = origin.time_ms, .source = source, .rule = origin.rule});
  WriteRecord(links_.back(), &journal_);
}

// A cut is in no list of links; its first end's `next` is the link it cuts.
void IdentityGraph::AddCut(uint32_t link, LinkRecord cut) {
  links_[link].cut = true;
  cut.a = {links_[link].a.ordinal, link};
  cut.b = {links_[link].b.ordinal};
  cut.outcome = Outcome::kCut;
  cut.cut = true;
  links_.push_back(cut);
}

// Takes apart everything connected to the seeds by links in force and joins it again in the order
// of the links.
void IdentityGraph::Refold(std::span<const Ordinal> seeds) {
  std::vector<Ordinal> reached;
  std::vector<uint32_t> links;
  boost::unordered_flat_set<Ordinal> seen;
  const auto reach = [&](Ordinal ordinal) {
    if (seen.insert(ordinal).second) reached.push_back(ordinal);
  };
  for (const Ordinal seed : seeds) reach(seed);
  for (size_t i = 0; i < reached.size(); ++i) {
    for (const uint32_t link : LinksOf(reached[i])) {
      if (!links_[link].in_force()) continue;
      links.push_back(link);
      reach(links_[link].a.ordinal);
      reach(links_[link].b.ordinal);
    }
  }
  for (const Ordinal ordinal : reached) {
    fold_.Free(ordinal);
    Touch(ordinal);
  }
  changed_.insert(changed_.end(), reached.begin(), reached.end());
  std::sort(links.begin(), links.end());
  links.erase(std::unique(links.begin(), links.end()), links.end());
  for (const uint32_t link : links) {
    Merge(links_[link].a.ordinal, links_[link].b.ordinal, links_[link].time_ms);
  }
  ++generation_;
}

// ---- Rules ----

void IdentityGraph::SetRules(const KeyRules& rules) {
  WriteRules(rules, &journal_);
  rules_ = rules;
  table_.SetRules(rules);
  fold_.Clear(rules.largest_cluster);
  conflicts_.clear();
  for (uint32_t i = 0; i < links_.size(); ++i) {
    LinkRecord& link = links_[i];
    if (link.cut) continue;
    link.outcome = fold_.Merge(link.a.ordinal, link.b.ordinal, link.time_ms);
    if (IsRefusal(link.outcome)) conflicts_.push_back(i);
  }
  for (Ordinal o = 0; o < ordinal_count(); ++o) {
    Touch(o);
    changed_.push_back(o);
  }
  ++generation_;
}

RuleTrial IdentityGraph::TryRules(const KeyRules& rules) const {
  IdentityTable table(rules);
  for (Ordinal o = 0; o < ordinal_count(); ++o) {
    const IdentityView id = table_.identity(o);
    if (table_.first(o) == o) {
      table.FindOrAdd(id.key, id.value, table_.from_ms(o));
    } else {
      table.AddPeriod(table_.first(o), table_.from_ms(o));
    }
  }
  ClusterFold then(table, rules.largest_cluster);
  for (Ordinal o = 0; o < ordinal_count(); ++o) then.AddOrdinal();
  for (const LinkRecord& link : links_) {
    if (!link.cut) then.Merge(link.a.ordinal, link.b.ordinal, link.time_ms);
  }
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

identity::Link IdentityGraph::link(size_t i) const {
  const LinkRecord& link = links_[i];
  return {link.a.ordinal, link.b.ordinal, link.time_ms,   sources_[link.source],
          link.rule,      link.outcome,   link.in_force()};
}

std::vector<uint32_t> IdentityGraph::Conflicts(size_t limit) const {
  const size_t count = std::min(limit, conflicts_.size());
  return {conflicts_.rbegin(), conflicts_.rbegin() + static_cast<ptrdiff_t>(count)};
}

std::vector<Ordinal> IdentityGraph::SetApart() const {
  std::vector<Ordinal> ordinals(set_apart_.begin(), set_apart_.end());
  std::sort(ordinals.begin(), ordinals.end());
  return ordinals;
}

std::vector<uint32_t> IdentityGraph::Chain(Ordinal a, Ordinal b) const {
  if (a == b || root(a) != root(b)) return {};
  boost::unordered_flat_map<Ordinal, uint32_t> came_by;
  std::vector<Ordinal> reached = {b};
  for (size_t i = 0; i < reached.size() && !came_by.contains(a); ++i) {
    std::vector<uint32_t> links = LinksOf(reached[i]);
    std::sort(links.begin(), links.end());
    for (const uint32_t link : links) {
      const Ordinal other = Other(link, reached[i]);
      const bool usable = links_[link].in_force() && root(other) == root(a) && other != b;
      if (usable && came_by.emplace(other, link).second) reached.push_back(other);
    }
  }
  std::vector<uint32_t> chain;
  for (Ordinal at = a; at != b && came_by.contains(at); at = Other(chain.back(), at)) {
    chain.push_back(came_by[at]);
  }
  return chain;
}

std::vector<uint32_t> IdentityGraph::RefusedBetween(Ordinal a, Ordinal b) const {
  std::vector<uint32_t> refused;
  for (const Ordinal member : Members(a)) {
    for (const uint32_t link : LinksOf(member)) {
      const bool reaches = root(Other(link, member)) == root(b);
      if (reaches && !links_[link].cut && IsRefusal(links_[link].outcome)) refused.push_back(link);
    }
  }
  std::sort(refused.begin(), refused.end());
  return refused;
}

// ---- The journal ----

void IdentityGraph::WriteRecord(const LinkRecord& record, ByteWriter* out) const {
  const bool cut = record.outcome == Outcome::kCut;
  WriteKind(cut ? EntryKind::kCut : EntryKind::kLink, out);
  if (cut) {
    out->Varint(record.a.next);
  } else {
    out->Varint(record.a.ordinal);
    out->Varint(record.b.ordinal);
  }
  out->Signed(record.time_ms);
  out->Varint(record.source);
  out->U8(static_cast<uint8_t>(record.rule));
  if (!cut) out->U8(static_cast<uint8_t>(record.outcome));
}

void IdentityGraph::DrainJournal(ByteWriter* out) {
  out->Raw(journal_.bytes());
  journal_.Clear();
}

void IdentityGraph::EncodeAll(ByteWriter* out) const {
  WriteRules(rules_, out);
  for (Ordinal o = 0; o < ordinal_count(); ++o) {
    if (table_.first(o) == o) {
      WriteIdentity(table_.identity(o), table_.from_ms(o), out);
    } else {
      WritePeriod(table_.first(o), table_.from_ms(o), out);
    }
  }
  for (const std::string& source : sources_) WriteSource(source, out);
  for (const LinkRecord& link : links_) WriteRecord(link, out);
  for (const Ordinal ordinal : SetApart()) {
    WriteKind(EntryKind::kSetApart, out);
    out->Varint(ordinal);
  }
}

Result<> IdentityGraph::ApplyJournal(std::span<const uint8_t> bytes) {
  CHECK(journal_.size() == 0);
  ByteReader in(bytes);
  while (!in.done()) {
    const size_t offset = bytes.size() - in.left();
    auto applied = ApplyEntry(&in);
    if (applied.ok() && !in.ok()) applied = Error(Code::kCorrupt, "it is cut");
    if (!applied.ok()) {
      return std::move(applied).error().While(
          fmt::format("identity journal, entry at byte {}", offset));
    }
  }
  journal_.Clear();
  return {};
}

Result<> IdentityGraph::ApplyEntry(ByteReader* in) {
  const auto kind = static_cast<EntryKind>(in->U8());
  if (kind <= EntryKind::kLastOfFirstFormat) {
    return Error(Code::kConflict, "old_format",
                 "an earlier version wrote this folder; export its events with that version and "
                 "import them into a new folder");
  }
  const auto known = [&](uint64_t ordinal) { return ordinal < ordinal_count(); };
  switch (kind) {
    case EntryKind::kIdentity: {
      const std::string_view key = in->Text(), value = in->Text();
      const int64_t from_ms = in->Signed();
      if (table_.FindOrAdd(key, value, from_ms) != fold_.size()) {
        return Error(Code::kCorrupt, "an identity is added twice");
      }
      AddNode();
      return {};
    }
    case EntryKind::kPeriod: {
      const uint64_t first = in->Varint();
      const int64_t from_ms = in->Signed();
      if (!known(first)) return Error(Code::kCorrupt, "a period of no identity");
      AddPeriod(static_cast<Ordinal>(first), from_ms);
      return {};
    }
    case EntryKind::kSource:
      if (sources_.size() >= kMaxSources) return Error(Code::kCorrupt, "too many sources");
      sources_.emplace_back(in->Text());
      return {};
    case EntryKind::kSetApart: {
      const uint64_t ordinal = in->Varint();
      if (!known(ordinal)) return Error(Code::kCorrupt, "no such identity is set apart");
      set_apart_.insert(table_.first(static_cast<Ordinal>(ordinal)));
      return {};
    }
    case EntryKind::kRules:
      SetRules(TRY(KeyRules::Decode(AsBytes(in->Text()))));
      return {};
    case EntryKind::kLink:
    case EntryKind::kCut:
      return ApplyRecord(kind == EntryKind::kCut, in);
    case EntryKind::kLastOfFirstFormat:
      break;
  }
  return Error(Code::kCorrupt, fmt::format("no such kind: {}", static_cast<int>(kind)));
}

Result<> IdentityGraph::ApplyRecord(bool cut, ByteReader* in) {
  const uint64_t a = in->Varint(), b = cut ? 0 : in->Varint();
  const int64_t time_ms = in->Signed();
  const uint64_t source = in->Varint();
  const uint8_t rule = in->U8(), outcome = cut ? 0 : in->U8();
  const bool rule_known = rule >= static_cast<uint8_t>(LinkRule::kSeenTogether) &&
                          rule <= static_cast<uint8_t>(LinkRule::kLookBack);
  if (!in->ok() || source >= sources_.size() || !rule_known) {
    return Error(Code::kCorrupt, "no such source or rule");
  }
  LinkRecord record{.time_ms = time_ms,
                    .source = static_cast<uint16_t>(source),
                    .rule = static_cast<LinkRule>(rule)};
  if (cut) {
    if (a >= links_.size() || links_[a].cut) return Error(Code::kCorrupt, "no such link to cut");
    AddCut(static_cast<uint32_t>(a), record);
    Refold(std::array{links_.back().a.ordinal, links_.back().b.ordinal});
    return {};
  }
  const bool pair = a < ordinal_count() && b < ordinal_count() && a != b;
  if (!pair || outcome < 1 || outcome >= static_cast<uint8_t>(Outcome::kCut)) {
    return Error(Code::kCorrupt, fmt::format("no such pair: {} and {}", a, b));
  }
  record.a.ordinal = static_cast<Ordinal>(a);
  record.b.ordinal = static_cast<Ordinal>(b);
  record.outcome = static_cast<Outcome>(outcome);
  if (!IsRefusal(record.outcome)) Merge(record.a.ordinal, record.b.ordinal, time_ms);
  AddRecord(record);
  return {};
}

}  // namespace waypost::identity

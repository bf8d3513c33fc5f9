#include "identity/identity_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace waypost::identity {
namespace {

// Entries of a journal: u8 kind, then
enum class EntryKind : uint8_t {
  kIdentity = 1,       // text key, text value: the next ordinal
  kLink = 2,           // varint a, varint b
  kCut = 3,            // varint a, varint b: of the link between them
  kConflict = 4,       // u8 reason, varint a, varint b
  kConflictCount = 5,  // varint: conflicts so far
};

void WriteIdentity(const IdentityView& identity, ByteWriter* out) {
  out->U8(static_cast<uint8_t>(EntryKind::kIdentity));
  out->Text(identity.key);
  out->Text(identity.value);
}

void WritePair(EntryKind kind, Ordinal a, Ordinal b, ByteWriter* out) {
  out->U8(static_cast<uint8_t>(kind));
  out->Varint(a);
  out->Varint(b);
}

void WriteConflict(const Conflict& conflict, ByteWriter* out) {
  out->U8(static_cast<uint8_t>(EntryKind::kConflict));
  out->U8(static_cast<uint8_t>(conflict.reason));
  out->Varint(conflict.a);
  out->Varint(conflict.b);
}

}  // namespace

// ---- What callers ask for ----

Ordinal IdentityGraph::Resolve(std::span<const IdentityView> identities) {
  CHECK(!identities.empty());
  std::vector<Ordinal> ordinals;
  for (const IdentityView& identity : identities) ordinals.push_back(Register(identity));
  const auto strong = std::find_if(ordinals.begin(), ordinals.end(), [&](Ordinal o) {
    return table_.strong(o) && !table_.blocked(o);
  });
  if (strong != ordinals.end()) {
    for (const Ordinal other : ordinals) Join(*strong, other);
  }
  const auto somebody =
      std::find_if(ordinals.begin(), ordinals.end(), [&](Ordinal o) { return !table_.blocked(o); });
  return somebody == ordinals.end() ? ordinals.front() : *somebody;
}

void IdentityGraph::Link(std::span<const IdentityView> identities) {
  std::vector<Ordinal> ordinals;
  for (const IdentityView& identity : identities) ordinals.push_back(Register(identity));
  for (size_t i = 1; i < ordinals.size(); ++i) Join(ordinals[0], ordinals[i]);
}

void IdentityGraph::Unlink(std::span<const IdentityView> identities) {
  std::vector<Ordinal> known;
  for (const IdentityView& identity : identities) {
    if (const auto found = Find(identity.key, identity.value)) known.push_back(*found);
  }
  std::vector<Ordinal> seeds = known;
  for (const Ordinal ordinal : known) {
    for (const uint32_t link : LinksOf(ordinal)) {
      const Ordinal other =
          links_[link].a.ordinal == ordinal ? links_[link].b.ordinal : links_[link].a.ordinal;
      const bool named = std::find(known.begin(), known.end(), other) != known.end();
      if (identities.size() > 1 && !named) continue;
      WritePair(EntryKind::kCut, ordinal, other, &journal_);
      Cut(link);
      seeds.push_back(other);
    }
  }
  if (seeds.size() > known.size()) Refold(seeds);
}

std::optional<Ordinal> IdentityGraph::Find(std::string_view key, std::string_view value) const {
  return table_.Find(key, Normalised(key, value));
}

std::vector<Ordinal> IdentityGraph::Members(Ordinal ordinal) const {
  std::vector<Ordinal> members = {ordinal};
  for (Ordinal at = nodes_[ordinal].next; at != ordinal; at = nodes_[at].next)
    members.push_back(at);
  std::sort(members.begin(), members.end());
  return members;
}

void IdentityGraph::ForEachCluster(
    Ordinal first, Ordinal last,
    const std::function<void(Ordinal root, std::span<const Ordinal> members)>& visit) const {
  for (Ordinal o = first; o < std::min(last, ordinal_count()); ++o) {
    if (nodes_[o].root == o && !alone(o)) visit(o, Members(o));
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

// ---- Joining ----

Ordinal IdentityGraph::Register(const IdentityView& identity) {
  const Ordinal ordinal = table_.FindOrAdd(identity.key, Normalised(identity.key, identity.value));
  if (ordinal == nodes_.size()) {
    AddNode();
    WriteIdentity(table_.identity(ordinal), &journal_);
  }
  return ordinal;
}

void IdentityGraph::AddNode() {
  const auto ordinal = static_cast<Ordinal>(nodes_.size());
  nodes_.push_back({.root = ordinal, .next = ordinal});
}

void IdentityGraph::Join(Ordinal a, Ordinal b) {
  if (a == b || table_.blocked(a) || table_.blocked(b)) return;
  switch (Merge(a, b)) {
    case Outcome::kTogether:
      if (Linked(a, b)) return;
      [[fallthrough]];
    case Outcome::kJoined:
      AddLink(a, b);
      return WritePair(EntryKind::kLink, a, b, &journal_);
    case Outcome::kApart:
      return;
    case Outcome::kTwoValues:
      return AddConflict({Conflict::Reason::kTwoValuesOfOneKey, a, b});
    case Outcome::kFull:
      return AddConflict({Conflict::Reason::kClusterFull, a, b});
  }
}

IdentityGraph::Outcome IdentityGraph::Judge(Ordinal a, Ordinal b) const {
  if (nodes_[a].root == nodes_[b].root) return Outcome::kTogether;
  if (table_.strong(nodes_[a].root) && table_.strong(nodes_[b].root)) {
    if (!table_.strong(a) || !table_.strong(b)) return Outcome::kApart;
    if (HoldTwoValues(a, b)) return Outcome::kTwoValues;
  }
  if (Members(a).size() + Members(b).size() > kMaxClusterSize) return Outcome::kFull;
  return Outcome::kJoined;
}

// Whether the clusters of a and b have values of one strong key each.
bool IdentityGraph::HoldTwoValues(Ordinal a, Ordinal b) const {
  std::vector<uint16_t> keys;
  for (const Ordinal member : Members(a)) {
    if (table_.strong(member)) keys.push_back(table_.key_id(member));
  }
  const std::vector<Ordinal> others = Members(b);
  return std::any_of(others.begin(), others.end(), [&](Ordinal member) {
    return table_.strong(member) &&
           std::find(keys.begin(), keys.end(), table_.key_id(member)) != keys.end();
  });
}

IdentityGraph::Outcome IdentityGraph::Merge(Ordinal a, Ordinal b) {
  const Outcome outcome = Judge(a, b);
  if (outcome != Outcome::kJoined) return outcome;
  const Ordinal root_a = nodes_[a].root, root_b = nodes_[b].root;
  std::swap(nodes_[a].next, nodes_[b].next);  // two rings become one
  const Ordinal root = Precedes(root_a, root_b) ? root_a : root_b;
  for (const Ordinal member : Members(a)) {
    nodes_[member].root = root;
    Touch(member);
  }
  changed_.insert(changed_.end(), {root_a, root_b});
  ++generation_;
  return outcome;
}

// Whether a customer that is both is known by a. Weak keys have the highest rank.
bool IdentityGraph::Precedes(Ordinal a, Ordinal b) const {
  return std::pair(table_.traits(a).rank, a) < std::pair(table_.traits(b).rank, b);
}

void IdentityGraph::AddConflict(const Conflict& conflict) {
  ++conflict_count_;
  WriteConflict(conflict, &journal_);
  if (conflicts_.size() >= kMaxConflictsListed) return;
  if (std::find(conflicts_.begin(), conflicts_.end(), conflict) != conflicts_.end()) return;
  conflicts_.push_back(conflict);
}

// ---- Links ----

IdentityGraph::EndOfLink& IdentityGraph::EndAt(uint32_t link, Ordinal ordinal) {
  return links_[link].a.ordinal == ordinal ? links_[link].a : links_[link].b;
}

const IdentityGraph::EndOfLink& IdentityGraph::EndAt(uint32_t link, Ordinal ordinal) const {
  return links_[link].a.ordinal == ordinal ? links_[link].a : links_[link].b;
}

void IdentityGraph::AddLink(Ordinal a, Ordinal b) {
  const auto link = static_cast<uint32_t>(links_.size());
  links_.push_back({{a, nodes_[a].first_link}, {b, nodes_[b].first_link}});
  nodes_[a].first_link = link;
  nodes_[b].first_link = link;
}

// Walks both lists at once, so that it costs no more than the shorter.
bool IdentityGraph::Linked(Ordinal a, Ordinal b) const {
  uint32_t of_a = nodes_[a].first_link, of_b = nodes_[b].first_link;
  const auto joins = [&](const LinkRecord& link) {
    return (link.a.ordinal == a && link.b.ordinal == b) ||
           (link.a.ordinal == b && link.b.ordinal == a);
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
  for (uint32_t at = nodes_[ordinal].first_link; at != kNoLink; at = EndAt(at, ordinal).next) {
    links.push_back(at);
  }
  return links;
}

void IdentityGraph::Cut(uint32_t link) {
  RemoveFromList(links_[link].a.ordinal, link);
  RemoveFromList(links_[link].b.ordinal, link);
  links_[link] = {};
}

void IdentityGraph::RemoveFromList(Ordinal ordinal, uint32_t link) {
  uint32_t* at = &nodes_[ordinal].first_link;
  while (*at != link) at = &EndAt(*at, ordinal).next;
  *at = EndAt(link, ordinal).next;
}

// Takes apart everything connected to the seeds by links and joins it again in the order of the
// links.
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
      links.push_back(link);
      reach(links_[link].a.ordinal);
      reach(links_[link].b.ordinal);
    }
  }
  for (const Ordinal ordinal : reached) {
    nodes_[ordinal].root = nodes_[ordinal].next = ordinal;
    Touch(ordinal);
  }
  changed_.insert(changed_.end(), reached.begin(), reached.end());
  std::sort(links.begin(), links.end());
  links.erase(std::unique(links.begin(), links.end()), links.end());
  for (const uint32_t link : links) Merge(links_[link].a.ordinal, links_[link].b.ordinal);
  ++generation_;
}

// ---- The journal ----

void IdentityGraph::DrainJournal(ByteWriter* out) {
  out->Raw(journal_.bytes());
  journal_.Clear();
}

void IdentityGraph::EncodeAll(ByteWriter* out) const {
  for (Ordinal o = 0; o < table_.size(); ++o) WriteIdentity(table_.identity(o), out);
  for (const LinkRecord& link : links_) {
    if (link.a.ordinal != link.b.ordinal)
      WritePair(EntryKind::kLink, link.a.ordinal, link.b.ordinal, out);
  }
  for (const Conflict& conflict : conflicts_) WriteConflict(conflict, out);
  out->U8(static_cast<uint8_t>(EntryKind::kConflictCount));
  out->Varint(conflict_count_);
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
  if (kind == EntryKind::kIdentity) {
    const std::string_view key = in->Text(), value = in->Text();
    if (table_.FindOrAdd(key, value) != nodes_.size()) {
      return Error(Code::kCorrupt, "an identity is added twice");
    }
    AddNode();
    return {};
  }
  if (kind == EntryKind::kConflictCount) {
    conflict_count_ = in->Varint();
    return {};
  }
  const auto reason =
      kind == EntryKind::kConflict ? static_cast<Conflict::Reason>(in->U8()) : Conflict::Reason{};
  const uint64_t a = in->Varint(), b = in->Varint();
  if (a >= nodes_.size() || b >= nodes_.size() || a == b) {
    return Error(Code::kCorrupt, fmt::format("no such pair: {} and {} of {}", a, b, nodes_.size()));
  }
  const auto left = static_cast<Ordinal>(a), right = static_cast<Ordinal>(b);
  switch (kind) {
    case EntryKind::kLink:
      Merge(left, right);
      AddLink(left, right);
      return {};
    case EntryKind::kCut:
      for (const uint32_t link : LinksOf(left)) {
        if (links_[link].a.ordinal != right && links_[link].b.ordinal != right) continue;
        Cut(link);
        Refold(std::array{left, right});
        return {};
      }
      return Error(Code::kCorrupt, fmt::format("{} and {} have no link to cut", a, b));
    case EntryKind::kConflict:
      return AddConflict({reason, left, right}), Result<>();
    default:
      return Error(Code::kCorrupt, fmt::format("no such kind: {}", static_cast<int>(kind)));
  }
}

}  // namespace waypost::identity

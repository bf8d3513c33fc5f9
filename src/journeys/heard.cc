#include "journeys/heard.h"

#include <algorithm>
#include <bit>

namespace waypost::journeys {
namespace {

void AddOrdinals(size_t w, uint64_t word, std::vector<Ordinal>* to) {
  for (; word; word &= word - 1)
    to->push_back(static_cast<Ordinal>(w * 64) + static_cast<Ordinal>(std::countr_zero(word)));
}

// Who is in a set, and was before; null: the entry asks for none.
struct Side {
  const Members *before = nullptr, *now = nullptr;
  uint64_t Was(size_t w) const { return before ? before->Word(w) : 0; }
  uint64_t Is(size_t w) const { return now ? now->Word(w) : 0; }
  size_t words() const { return now ? std::max(before->words(), now->words()) : 0; }
};

}  // namespace

Members::Members(std::span<const uint64_t> bits) {
  pages_.resize((bits.size() + kWords - 1) / kWords);
  for (size_t w = 0; w < bits.size(); ++w) {
    std::vector<uint64_t>& page = pages_[w / kWords];
    if (bits[w] && page.empty()) page.resize(kWords);
    if (bits[w]) page[w % kWords] = bits[w];
  }
}

void Members::Set(Ordinal customer, bool in) {
  const size_t w = customer / 64;
  if (!in && Word(w) == 0) return;
  if (w / kWords >= pages_.size()) pages_.resize(w / kWords + 1);
  std::vector<uint64_t>& page = pages_[w / kWords];
  if (page.empty()) page.resize(kWords);
  const uint64_t bit = 1ull << (customer % 64);
  uint64_t& word = page[w % kWords];
  word = in ? word | bit : word & ~bit;
}

std::vector<Ordinal> Members::Ordinals() const {
  std::vector<Ordinal> customers;
  for (size_t w = 0; w < words(); ++w) AddOrdinals(w, Word(w), &customers);
  return customers;
}

std::string SetOfValue(const std::string& tag, const std::string& value) {
  return "tag\x1f" + tag + "\x1f" + value;
}

std::vector<std::string> SetsOf(const EntryRule& entry) {
  std::vector<std::string> sets;
  if (entry.kind == EntryKind::kSegment) sets = {entry.segment};
  if (entry.kind != EntryKind::kTag) return sets;
  for (const std::string* value : {&entry.from, &entry.to}) {
    if (!value->empty()) sets.push_back(SetOfValue(entry.tag, *value));
  }
  return sets;
}

Moved MovedBy(const EntryRule& entry, const MembersOf& before, const MembersOf& now) {
  const bool by_tag = entry.kind == EntryKind::kTag;
  Side from, to;
  for (const std::string& set : SetsOf(entry)) {
    const auto was = before.find(set), is = now.find(set);
    if (was == before.end() || is == now.end()) return {};
    const bool is_from = by_tag && !entry.from.empty() && set == SetOfValue(entry.tag, entry.from);
    (is_from ? from : to) = {&was->second, &is->second};
  }
  Moved moved;
  for (size_t w = 0; w < std::max(from.words(), to.words()); ++w) {
    const uint64_t gone = from.now ? from.Was(w) & ~from.Is(w) : ~0ull;
    const uint64_t there = to.now ? to.Is(w) & ~to.Was(w) : ~0ull;
    AddOrdinals(w, gone & there, &moved.came);
    AddOrdinals(w, to.now ? to.Was(w) & ~to.Is(w) : from.Is(w) & ~from.Was(w), &moved.left);
  }
  return moved;
}

}  // namespace waypost::journeys

#include "identity/identity_table.h"

#include <algorithm>

#include "base/hash.h"

namespace waypost::identity {
namespace {

constexpr size_t kChunkBytes = 1 << 20;
constexpr std::string_view kOtherKey = "other";

}  // namespace

IdentityTable::IdentityTable(const KeyRules& rules, KeyedHash hash)
    : rules_(rules), hash_(std::move(hash)), by_value_(0, Hash{}, Equal{this}) {}

KeyJudge IdentityTable::JudgeOf(std::string_view name) const {
  const KeyRule* rule = rules_.Find(name);
  return KeyJudge(rule ? *rule : KeyRule{.name = std::string(name)}, hash_);
}

void IdentityTable::SetRules(const KeyRules& rules) {
  rules_ = rules;
  for (const auto& key : keys_) key->judge = JudgeOf(key->name);
  for (Entry& entry : entries_) {
    entry.blocked = keys_[entry.key]->judge.IsBlocked({entry.text, entry.size});
  }
}

std::string IdentityTable::Normalised(std::string_view key, std::string_view value) const {
  const auto known = FindKey(key);
  return known ? keys_[*known]->judge.Normalised(value) : JudgeOf(key).Normalised(value);
}

IdentityTable::Sought IdentityTable::Seek(uint16_t key, std::string_view value) {
  return {key, value, static_cast<uint32_t>(Hash64(value, key))};
}

bool IdentityTable::Equal::operator()(const Sought& sought, const Known& known) const {
  return known.hash == sought.hash && table->entries_[known.first].key == sought.key &&
         table->value(known.first) == sought.value;
}

std::string_view IdentityTable::value(Ordinal ordinal) const {
  const Entry& entry = entries_[first(ordinal)];
  return {entry.text, entry.size};
}

std::optional<uint16_t> IdentityTable::FindKey(std::string_view name) const {
  for (size_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i]->name == name) return static_cast<uint16_t>(i);
  }
  return std::nullopt;
}

uint16_t IdentityTable::AddKey(std::string_view name) {
  keys_.push_back(std::make_unique<Key>(std::string(name), JudgeOf(name)));
  return static_cast<uint16_t>(keys_.size() - 1);
}

std::optional<Ordinal> IdentityTable::Find(std::string_view key, std::string_view value) const {
  const auto key_id = FindKey(key);
  if (!key_id && keys_.size() >= kMaxKeys && key != kOtherKey) {
    return Find(kOtherKey, std::string(key) + ":" + std::string(value));
  }
  if (!key_id) return std::nullopt;
  const auto found = by_value_.find(Seek(*key_id, value));
  return found == by_value_.end() ? std::nullopt : std::optional<Ordinal>(found->first);
}

Ordinal IdentityTable::FindOrAdd(std::string_view key, std::string_view value, int64_t from_ms) {
  auto key_id = FindKey(key);
  if (!key_id && keys_.size() >= kMaxKeys && key != kOtherKey) {
    return FindOrAdd(kOtherKey, std::string(key) + ":" + std::string(value), from_ms);
  }
  if (!key_id) key_id = AddKey(key);
  const Sought sought = Seek(*key_id, value);
  const auto found = by_value_.find(sought);
  if (found != by_value_.end()) return found->first;
  const bool blocked = keys_[*key_id]->judge.IsBlocked(value);
  entries_.push_back(
      {Keep(value), static_cast<uint32_t>(value.size()), *key_id, blocked, false, size(), from_ms});
  by_value_.insert(Known{size() - 1, sought.hash});
  return size() - 1;
}

Ordinal IdentityTable::AddPeriod(Ordinal ordinal, int64_t from_ms) {
  Entry entry = entries_[ordinal];
  entry.from_ms = from_ms;
  const Ordinal added = size();
  entries_.push_back(entry);
  std::vector<Ordinal>& periods = periods_[entry.first];
  if (periods.empty()) periods.push_back(entry.first);
  const auto later = std::upper_bound(
      periods.begin(), periods.end(), from_ms,
      [&](int64_t time_ms, Ordinal other) { return time_ms < entries_[other].from_ms; });
  periods.insert(later, added);
  return added;
}

void IdentityTable::Detach(Ordinal ordinal) {
  const auto found = periods_.find(first(ordinal));
  if (found == periods_.end()) return Forget(ordinal);
  std::erase(found->second, ordinal);
  if (found->second.empty()) Forget(first(ordinal));
}

void IdentityTable::Forget(Ordinal first) {
  Entry& entry = entries_[first];
  by_value_.erase(Known{first, Seek(entry.key, {entry.text, entry.size}).hash});
  periods_.erase(first);
  std::fill_n(const_cast<char*>(entry.text), entry.size, '\0');
  entry.size = 0;
  entry.forgotten = true;
}

Ordinal IdentityTable::AddForgotten(std::string_view key, int64_t from_ms) {
  const uint16_t key_id = FindKey(key) ? *FindKey(key) : AddKey(key);
  entries_.push_back({Keep(""), 0, key_id, true, true, size(), from_ms});
  return size() - 1;
}

bool IdentityTable::Owns(Ordinal owner, Ordinal period) const {
  if (strong(period) || strong(owner)) return !strong(period);
  const std::string& parent = rule(period).parent;
  return !parent.empty() && keys_[entries_[owner].key]->name == parent;
}

std::vector<Ordinal> IdentityTable::Periods(Ordinal ordinal) const {
  const auto found = periods_.find(first(ordinal));
  return found == periods_.end() ? std::vector<Ordinal>{ordinal} : found->second;
}

Ordinal IdentityTable::PeriodAt(Ordinal ordinal, int64_t time_ms) const {
  const auto found = periods_.find(first(ordinal));
  if (found == periods_.end()) return ordinal;
  const std::vector<Ordinal>& periods = found->second;
  const auto later =
      std::upper_bound(periods.begin(), periods.end(), time_ms,
                       [&](int64_t time, Ordinal other) { return time < entries_[other].from_ms; });
  return later == periods.begin() ? periods.front() : *(later - 1);
}

IdentityView IdentityTable::identity(Ordinal ordinal) const {
  return {keys_[entries_[first(ordinal)].key]->name, value(ordinal)};
}

const char* IdentityTable::Keep(std::string_view text) {
  if (text.size() > chunk_left_) {
    chunk_left_ = std::max(kChunkBytes, text.size());
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(chunk_left_));
    chunk_at_ = chunks_.back().get();
  }
  char* kept = chunk_at_;
  chunk_at_ = std::copy(text.begin(), text.end(), kept);
  chunk_left_ -= text.size();
  return kept;
}

}  // namespace waypost::identity

#include "identity/identity_table.h"

#include <algorithm>

#include "base/hash.h"

namespace waypost::identity {
namespace {

constexpr size_t kChunkBytes = 1 << 20;
constexpr std::string_view kOtherKey = "other";

}  // namespace

IdentityTable::IdentityTable() : by_value_(0, Hash{this}, Equal{this}) {}

size_t IdentityTable::Hash::operator()(const Sought& sought) const {
  return Hash64(sought.value, sought.key);
}
size_t IdentityTable::Hash::operator()(Ordinal ordinal) const {
  return (*this)(table->SoughtOf(ordinal));
}

bool IdentityTable::Equal::operator()(const Sought& sought, Ordinal ordinal) const {
  const Sought kept = table->SoughtOf(ordinal);
  return kept.key == sought.key && kept.value == sought.value;
}

IdentityTable::Sought IdentityTable::SoughtOf(Ordinal ordinal) const {
  const Entry& entry = entries_[ordinal];
  return {entry.key, {entry.text, entry.size}};
}

std::optional<uint16_t> IdentityTable::FindKey(std::string_view name) const {
  for (size_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i]->name == name) return static_cast<uint16_t>(i);
  }
  return std::nullopt;
}

uint16_t IdentityTable::AddKey(std::string_view name) {
  keys_.push_back(std::make_unique<Key>());
  keys_.back()->name = name;
  keys_.back()->traits = TraitsOf(keys_.back()->name);
  return static_cast<uint16_t>(keys_.size() - 1);
}

std::optional<Ordinal> IdentityTable::Find(std::string_view key, std::string_view value) const {
  const auto key_id = FindKey(key);
  if (!key_id && keys_.size() >= kMaxKeys && key != kOtherKey) {
    return Find(kOtherKey, std::string(key) + ":" + std::string(value));
  }
  if (!key_id) return std::nullopt;
  const auto found = by_value_.find(Sought{*key_id, value});
  return found == by_value_.end() ? std::nullopt : std::optional<Ordinal>(*found);
}

Ordinal IdentityTable::FindOrAdd(std::string_view key, std::string_view value) {
  if (const auto found = Find(key, value)) return *found;
  auto key_id = FindKey(key);
  if (!key_id && keys_.size() >= kMaxKeys && key != kOtherKey) {
    return FindOrAdd(kOtherKey, std::string(key) + ":" + std::string(value));
  }
  if (!key_id) key_id = AddKey(key);
  entries_.push_back({Keep(value), static_cast<uint32_t>(value.size()), *key_id, IsBlocked(value)});
  by_value_.insert(size() - 1);
  return size() - 1;
}

IdentityView IdentityTable::identity(Ordinal ordinal) const {
  const Sought kept = SoughtOf(ordinal);
  return {keys_[kept.key]->name, kept.value};
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

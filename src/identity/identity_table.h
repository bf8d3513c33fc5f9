// Typed identities and their ordinals: a dense number each, in order of first sight. About 35 bytes
// an identity besides its text.
#pragma once

#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "identity/identity_key.h"
#include "model/batch.h"
#include "model/ids.h"

namespace waypost::identity {

// Belongs to one thread. Texts stay where they are for its life.
class IdentityTable {
 public:
  static constexpr size_t kMaxKeys = 1000;

  IdentityTable();
  IdentityTable(const IdentityTable&) = delete;
  IdentityTable& operator=(const IdentityTable&) = delete;

  uint32_t size() const { return static_cast<uint32_t>(entries_.size()); }

  // `value` is normalised already. Keys after the first kMaxKeys share the key "other", the value
  // then being "key:value".
  std::optional<Ordinal> Find(std::string_view key, std::string_view value) const;
  // The ordinal there is, or the next.
  Ordinal FindOrAdd(std::string_view key, std::string_view value);

  // REQUIRES (for these): ordinal < size().
  IdentityView identity(Ordinal ordinal) const;
  const KeyTraits& traits(Ordinal ordinal) const { return keys_[entries_[ordinal].key]->traits; }
  bool strong(Ordinal ordinal) const { return traits(ordinal).strength == Strength::kStrong; }
  bool blocked(Ordinal ordinal) const { return entries_[ordinal].blocked; }
  uint16_t key_id(Ordinal ordinal) const { return entries_[ordinal].key; }

 private:
  struct Key {
    std::string name;
    KeyTraits traits;  // views `name`
  };
  struct Entry {
    const char* text = nullptr;
    uint32_t size = 0;
    uint16_t key = 0;
    bool blocked = false;
  };
  struct Sought {
    uint16_t key;
    std::string_view value;
  };
  struct Hash {
    using is_transparent = void;
    const IdentityTable* table;
    size_t operator()(const Sought& sought) const;
    size_t operator()(Ordinal ordinal) const;
  };
  struct Equal {
    using is_transparent = void;
    const IdentityTable* table;
    bool operator()(Ordinal a, Ordinal b) const { return a == b; }
    bool operator()(const Sought& sought, Ordinal ordinal) const;
    bool operator()(Ordinal ordinal, const Sought& sought) const {
      return (*this)(sought, ordinal);
    }
  };
  Sought SoughtOf(Ordinal ordinal) const;
  std::optional<uint16_t> FindKey(std::string_view name) const;
  uint16_t AddKey(std::string_view name);
  const char* Keep(std::string_view text);

  std::vector<std::unique_ptr<Key>> keys_;
  std::vector<Entry> entries_;
  std::vector<std::unique_ptr<char[]>> chunks_;
  char* chunk_at_ = nullptr;  // where the next text goes
  size_t chunk_left_ = 0;
  boost::unordered_flat_set<Ordinal, Hash, Equal> by_value_;
};

}  // namespace waypost::identity

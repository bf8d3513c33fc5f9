// Typed identities and their ordinals: dense numbers, in order of first sight. About 50 bytes an
// identity besides its text.
//
// Most identities are one ordinal for ever. A weak one, a device, that passes from one customer to
// another gets another ordinal for each period: what happened before stays under the ordinals from
// before, so whose an event is needs no more than its ordinal, for every question alike. The other
// way, events of one ordinal that belong to several customers by time, would have to be known by
// every operator.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "identity/key_rules.h"
#include "model/batch.h"
#include "model/ids.h"

namespace waypost::identity {

// Belongs to one thread. Texts stay where they are for its life.
class IdentityTable {
 public:
  static constexpr size_t kMaxKeys = 1000;

  explicit IdentityTable(const KeyRules& rules, KeyedHash hash = {});
  IdentityTable(const IdentityTable&) = delete;
  IdentityTable& operator=(const IdentityTable&) = delete;

  uint32_t size() const { return static_cast<uint32_t>(entries_.size()); }

  const KeyedHash& hash() const { return hash_; }
  // Judges every key and value anew.
  void SetRules(const KeyRules& rules);
  std::string Normalised(std::string_view key, std::string_view value) const;

  // `value` is normalised already; the answer is the identity's first ordinal. Keys after the first
  // kMaxKeys share the key "other", the value then being "key:value".
  std::optional<Ordinal> Find(std::string_view key, std::string_view value) const;
  // The ordinal there is, or the next, whose first period begins at `from_ms`.
  Ordinal FindOrAdd(std::string_view key, std::string_view value, int64_t from_ms);
  // The next ordinal: of the same identity as `ordinal`, from `from_ms` until its next period.
  Ordinal AddPeriod(Ordinal ordinal, int64_t from_ms);

  // REQUIRES (for these): ordinal < size().
  IdentityView identity(Ordinal ordinal) const;
  const KeyRule& rule(Ordinal ordinal) const { return keys_[entries_[ordinal].key]->judge.rule(); }
  bool strong(Ordinal ordinal) const { return rule(ordinal).strength == Strength::kStrong; }
  bool blocked(Ordinal ordinal) const { return entries_[ordinal].blocked; }
  // The identity's first ordinal: the same for all its periods.
  Ordinal first(Ordinal ordinal) const { return entries_[ordinal].first; }
  int64_t from_ms(Ordinal ordinal) const { return entries_[ordinal].from_ms; }
  // The ordinal is no period of its identity any more. When it was the last one, the identity's
  // value is taken away: it is found no more, its ordinals have an empty one. REQUIRES: it is a
  // period.
  void Detach(Ordinal ordinal);
  // The next ordinal, of an identity whose value was taken away.
  Ordinal AddForgotten(std::string_view key, int64_t from_ms);
  bool forgotten(Ordinal ordinal) const { return entries_[first(ordinal)].forgotten; }
  bool HasPeriods(Ordinal ordinal) const { return periods_.contains(first(ordinal)); }
  // Whether a link to `owner` says whose a period is: it is weak, the other strong or of its parent
  // key.
  bool Owns(Ordinal owner, Ordinal period) const;
  // All ordinals of the identity, by the time they begin; of equal times the later one last.
  std::vector<Ordinal> Periods(Ordinal ordinal) const;
  // The one that `time_ms` lies in; the earliest for times before.
  Ordinal PeriodAt(Ordinal ordinal, int64_t time_ms) const;
  uint16_t key_id(Ordinal ordinal) const { return entries_[ordinal].key; }

 private:
  struct Key {
    std::string name;
    KeyJudge judge;
  };
  struct Entry {
    const char* text = nullptr;
    uint32_t size = 0;
    uint16_t key = 0;
    bool blocked = false;
    bool forgotten = false;  // of the first
    Ordinal first = 0;
    int64_t from_ms = 0;
  };
  struct Sought {
    uint16_t key;
    std::string_view value;
    uint32_t hash;
  };
  // An identity in the set of all. With the hash at hand its text is read only to compare it with
  // one that is most likely the same, not when the set grows.
  struct Known {
    Ordinal first;
    uint32_t hash;
  };
  struct Hash {
    using is_transparent = void;
    size_t operator()(const Sought& sought) const { return sought.hash; }
    size_t operator()(const Known& known) const { return known.hash; }
  };
  struct Equal {
    using is_transparent = void;
    const IdentityTable* table;
    bool operator()(const Known& a, const Known& b) const { return a.first == b.first; }
    bool operator()(const Sought& sought, const Known& known) const;
    bool operator()(const Known& known, const Sought& sought) const {
      return (*this)(sought, known);
    }
  };
  static Sought Seek(uint16_t key, std::string_view value);
  std::string_view value(Ordinal ordinal) const;
  std::optional<uint16_t> FindKey(std::string_view name) const;
  uint16_t AddKey(std::string_view name);
  KeyJudge JudgeOf(std::string_view name) const;
  const char* Keep(std::string_view text);
  void Forget(Ordinal first);

  KeyRules rules_;
  const KeyedHash hash_;
  std::vector<std::unique_ptr<Key>> keys_;
  std::vector<Entry> entries_;
  std::vector<std::unique_ptr<char[]>> chunks_;
  char* chunk_at_ = nullptr;  // where the next text goes
  size_t chunk_left_ = 0;
  boost::unordered_flat_set<Known, Hash, Equal> by_value_;
  boost::unordered_flat_map<Ordinal, std::vector<Ordinal>> periods_;  // of those with several
};

}  // namespace waypost::identity

// Which messages were taken already, so that a client's retry counts once: the 128-bit hashes of
// the dedup keys of the last days, one table a day of ingest time. A day is forgotten whole when it
// is older than the horizon.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace waypost::store {

// Belongs to one thread. About 32 bytes a key.
class SeenMessages {
 public:
  // Keys taken within the last `horizon_days` full days are known.
  explicit SeenMessages(int horizon_days) : horizon_days_(horizon_days) {}

  // True when the key is new; it is known from now on. `ingest_ms` comes from the log record, so a
  // replay decides the same. The chance that a new key is taken for a known one is below 1e-19 for
  // a billion keys.
  bool Add(std::string_view key, int64_t ingest_ms);

  size_t size() const;

  // About what a key takes in a journal.
  static constexpr size_t kEncodedBytes = 19;

  // The keys added since the last call, for the journal; nothing when there are none.
  Bytes Drain();
  // Everything, for a journal that begins anew.
  Bytes EncodeAll() const;
  // Takes in what Drain() or EncodeAll() gave.
  Result<> Restore(std::span<const uint8_t> bytes);

 private:
  struct Key {
    uint64_t low = 0, high = 0;  // both zero: an empty place
    friend bool operator==(const Key&, const Key&) = default;
  };
  // Open addressing, at most 3/4 full.
  struct Day {
    std::vector<Key> places;
    size_t count = 0;
    bool Contains(const Key& key) const;
    void Insert(const Key& key);
  };

  void Take(int64_t day, const Key& key);

  int horizon_days_;
  int64_t newest_day_ = INT64_MIN;
  std::map<int64_t, Day> days_;
  std::vector<std::pair<int64_t, Key>> added_;
};

}  // namespace waypost::store

#include "store/seen_messages.h"

#include <xxhash.h>

#include "base/clock.h"

namespace waypost::store {
namespace {

constexpr size_t kFirstPlaces = 1024;

int64_t DayOf(int64_t ms) { return ms >= 0 ? ms / kDayMs : -((-ms + kDayMs - 1) / kDayMs); }

}  // namespace

bool SeenMessages::Day::Contains(const Key& key) const {
  for (size_t i = key.low & (places.size() - 1);; i = (i + 1) & (places.size() - 1)) {
    if (places[i] == key) return true;
    if (places[i] == Key{}) return false;
  }
}

void SeenMessages::Day::Insert(const Key& key) {
  if (places.empty() || count * 4 >= places.size() * 3) {
    std::vector<Key> old(places.empty() ? kFirstPlaces : places.size() * 2);
    old.swap(places);
    count = 0;
    for (const Key& moved : old) {
      if (!(moved == Key{})) Insert(moved);
    }
  }
  size_t i = key.low & (places.size() - 1);
  while (!(places[i] == Key{})) i = (i + 1) & (places.size() - 1);
  places[i] = key;
  ++count;
}

void SeenMessages::Take(int64_t day, const Key& key) {
  if (day > newest_day_) {
    newest_day_ = day;
    days_.erase(days_.begin(), days_.lower_bound(day - horizon_days_));
  }
  if (day >= newest_day_ - horizon_days_) days_[day].Insert(key);
}

bool SeenMessages::Add(std::string_view text, int64_t ingest_ms) {
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  const Key key{hash.low64, hash.high64 | 1};
  for (const auto& [day, keys] : days_) {
    if (keys.Contains(key)) return false;
  }
  const int64_t day = DayOf(ingest_ms);
  Take(day, key);
  added_.emplace_back(day, key);
  return true;
}

size_t SeenMessages::size() const {
  size_t count = 0;
  for (const auto& [day, keys] : days_) count += keys.count;
  return count;
}

Bytes SeenMessages::Drain() {
  ByteWriter out;
  for (const auto& [day, key] : added_) {
    out.Signed(day);
    out.U64(key.low);
    out.U64(key.high);
  }
  added_.clear();
  return out.Take();
}

Bytes SeenMessages::EncodeAll() const {
  ByteWriter out;
  for (const auto& [day, keys] : days_) {
    for (const Key& key : keys.places) {
      if (key == Key{}) continue;
      out.Signed(day);
      out.U64(key.low);
      out.U64(key.high);
    }
  }
  return out.Take();
}

Result<> SeenMessages::Restore(std::span<const uint8_t> bytes) {
  for (ByteReader in(bytes); !in.done();) {
    const int64_t day = in.Signed();
    Key key;
    key.low = in.U64();
    key.high = in.U64();
    if (!in.ok()) return Error(Code::kCorrupt, "seen messages: cut");
    Take(day, key);
  }
  return {};
}

}  // namespace waypost::store

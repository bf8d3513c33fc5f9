// Structs to bytes and back by naming their fields once:
//
//   struct Left { uint64_t entry = 0; Exit reason = Exit::kError;
//     template <typename A> void Fields(A& a) { a(entry, reason); } };
//
// Unsigned numbers are varints, signed ones zig-zag varints (base/bytes.h). Reading wrong bytes
// makes the reader bad, as ByteReader does; an enum's number that does not exist does too.
//
// What was written by an older version of a format lacks fields: `a.version()` is that version when
// reading it, and kNewest otherwise.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "journeys/reasons.h"
#include "model/ids.h"

namespace waypost::journeys {

inline constexpr uint8_t kNewest = 255;

template <typename E>
bool IsOneOf(uint8_t number, E last) {
  return number <= static_cast<uint8_t>(last);
}
inline bool IsValid(Reject, uint8_t number) { return IsReject(number); }
inline bool IsValid(Outcome, uint8_t number) { return IsOutcome(number); }
inline bool IsValid(Exit, uint8_t number) { return IsExit(number); }

// Maps without an order are written by key.
template <typename M>
concept Unordered = requires {
  typename M::mapped_type;
  typename M::hasher;
};

class FieldWriter {
 public:
  explicit FieldWriter(ByteWriter* out) : out_(*out) {}
  uint8_t version() const { return kNewest; }
  template <typename... T>
  void operator()(const T&... fields) {
    (Put(fields), ...);
  }

 private:
  void Put(bool v) { out_.U8(v); }
  void Put(const std::string& v) { out_.Text(v); }
  template <typename T>
    requires std::is_integral_v<T>
  void Put(T v) {
    if constexpr (std::is_signed_v<T>) {
      out_.Signed(v);
    } else {
      out_.Varint(v);
    }
  }
  template <typename T>
    requires std::is_enum_v<T>
  void Put(T v) {
    out_.U8(static_cast<uint8_t>(v));
  }
  template <typename A, typename B>
  void Put(const std::pair<A, B>& v) {
    Put(v.first);
    Put(v.second);
  }
  template <typename T>
  void Put(const std::vector<T>& v) {
    out_.Varint(v.size());
    for (const T& item : v) Put(item);
  }
  template <typename T>
  void Put(const std::deque<T>& v) {
    out_.Varint(v.size());
    for (const T& item : v) Put(item);
  }
  template <typename K, typename V>
  void Put(const std::map<K, V>& v) {
    out_.Varint(v.size());
    for (const auto& item : v) Put(item);
  }
  template <Unordered M>
  void Put(const M& v) {
    std::vector<const typename M::value_type*> items;
    for (const auto& item : v) items.push_back(&item);
    std::ranges::sort(items, {}, [](const auto* item) -> const auto& { return item->first; });
    out_.Varint(items.size());
    for (const auto* item : items) Put(*item);
  }
  template <typename T>
    requires requires(T& t, FieldWriter& w) { t.Fields(w); }
  void Put(const T& v) {
    const_cast<T&>(v).Fields(*this);
  }
  ByteWriter& out_;
};

class FieldReader {
 public:
  explicit FieldReader(ByteReader* in, uint8_t version = kNewest) : in_(*in), version_(version) {}
  uint8_t version() const { return version_; }
  template <typename... T>
  void operator()(T&... fields) {
    (Get(fields), ...);
  }
  bool ok() const { return ok_ && in_.ok(); }

 private:
  void Get(bool& v) { v = in_.U8() != 0; }
  void Get(std::string& v) { v = in_.Text(); }
  template <typename T>
    requires std::is_integral_v<T>
  void Get(T& v) {
    if constexpr (std::is_signed_v<T>) {
      v = static_cast<T>(in_.Signed());
    } else {
      v = static_cast<T>(in_.Varint());
    }
  }
  template <typename T>
    requires std::is_enum_v<T>
  void Get(T& v) {
    const uint8_t number = in_.U8();
    if (IsValid(T{}, number)) {
      v = static_cast<T>(number);
    } else {
      ok_ = false;
    }
  }
  template <typename A, typename B>
  void Get(std::pair<A, B>& v) {
    Get(v.first);
    Get(v.second);
  }
  template <typename T>
  void Get(std::vector<T>& v) {
    v.clear();
    const uint64_t count = Count();
    v.reserve(std::min(count, kReserved));
    for (uint64_t left = count; left > 0 && ok(); --left) Get(v.emplace_back());
  }
  template <typename T>
  void Get(std::deque<T>& v) {
    v.clear();
    for (uint64_t left = Count(); left > 0 && ok(); --left) Get(v.emplace_back());
  }
  template <typename M>
    requires Unordered<M> ||
             std::is_same_v<M, std::map<typename M::key_type, typename M::mapped_type>>
  void Get(M& v) {
    v.clear();
    const uint64_t count = Count();
    if constexpr (requires { v.reserve(count); }) v.reserve(std::min(count, in_.left() / 16));
    for (uint64_t left = count; left > 0 && ok(); --left) {
      typename M::key_type key;
      Get(key);
      Get(v.try_emplace(v.end(), std::move(key))->second);  // they are in order
    }
  }
  template <typename T>
    requires requires(T& t, FieldReader& r) { t.Fields(r); }
  void Get(T& v) {
    v.Fields(*this);
  }
  static constexpr uint64_t kReserved = 1024;  // before any of the items was read
  // Every item takes a byte at least.
  uint64_t Count() {
    const uint64_t count = in_.Varint();
    if (count > in_.left()) ok_ = false;
    return ok_ ? count : 0;
  }

  ByteReader& in_;
  const uint8_t version_;
  bool ok_ = true;
};

// Customers in a byte or two each where they are in order: as steps from one to the next.
template <typename A>
void StepFields(std::vector<Ordinal>& customers, A& a) {
  std::vector<int64_t> steps;
  int64_t last = 0;
  for (const Ordinal customer : customers) {
    steps.push_back(customer - last);
    last = customer;
  }
  a(steps);
  customers.clear();
  last = 0;
  for (const int64_t step : steps) {
    last = static_cast<int64_t>(static_cast<uint64_t>(last) + static_cast<uint64_t>(step));
    customers.push_back(static_cast<Ordinal>(last));
  }
}

}  // namespace waypost::journeys

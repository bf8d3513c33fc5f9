// What did not fit: events and values that are in no answer, kept so that people can see and mend.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace waypost::engine {

struct QuarantineEntry {
  int64_t time_ms = 0;  // when the server took it
  std::string reason;   // stable word, texts in model/error_texts.h
  std::string event;    // name of the event a value belonged to; empty for whole items
  std::string property;
  std::string detail;  // what came, as JSON text, cut to kMaxDetailBytes
  friend bool operator==(const QuarantineEntry&, const QuarantineEntry&) = default;
};

// Counts everything, keeps the newest. Belongs to one thread at a time.
class Quarantine {
 public:
  static constexpr size_t kMaxEntries = 1'000;
  static constexpr size_t kMaxDetailBytes = 1'024;

  void Add(QuarantineEntry entry);
  // Counts stay.
  void ForgetEntries() { entries_.clear(); }

  // Newest last.
  const std::deque<QuarantineEntry>& entries() const { return entries_; }
  // How many there ever were, by reason.
  const std::map<std::string, uint64_t>& counts() const { return counts_; }

  Bytes Encode() const;
  static Result<Quarantine> Decode(std::span<const uint8_t> bytes);

 private:
  std::deque<QuarantineEntry> entries_;
  std::map<std::string, uint64_t> counts_;
};

}  // namespace waypost::engine

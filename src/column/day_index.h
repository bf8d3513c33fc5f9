// Which customers have rows on which day, slice by slice of a part: for questions that only ask who
// was there when. Made when first asked for and kept with the part, since making it costs some 10
// ns a row and reading it under 1 ns.
//
//   auto days = block.days->Of(slice, phase_ms);   // null: no room, look at the rows
//   for (uint32_t d = 0; days && d < days->size(); ++d) days->OrInto(d, words);
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "base/clock.h"

namespace waypost::column {

struct EventSlice;

// Of one slice. Days are of 24 hours; where they begin is the caller's business. Any number of
// threads may read it.
class DayCustomers {
 public:
  // `phase_ms`, below kDayMs: how long day 0 has been going on at the part's base.
  DayCustomers(const EventSlice& slice, uint32_t phase_ms);

  uint32_t size() const { return static_cast<uint32_t>(days_.size()); }
  uint32_t phase_ms() const { return phase_ms_; }
  // When the day begins, after the part's base; day 0 has begun there.
  uint32_t Begin(uint32_t day) const {
    return day ? static_cast<uint32_t>(day * kDayMs - phase_ms_) : 0;
  }
  // ORs who has rows on the day into PersonIndex::kWords words.
  void OrInto(uint32_t day, uint64_t* words) const;
  uint64_t bytes() const;

 private:
  // Few customers are a list of locals, many are bits of the words that the slice has any in.
  struct Day {
    bool listed;
    size_t begin, end;  // in locals_ or words_
  };

  uint32_t phase_ms_;
  uint32_t first_word_ = 0;
  std::vector<Day> days_;
  std::vector<uint16_t> locals_;
  std::vector<uint64_t> words_;
};

// Of all slices of a part, as far as they were asked for. Any thread may call it.
class DayIndex {
 public:
  // What all parts together keep at most.
  static constexpr uint64_t kMaxBytes = 256 << 20;

  explicit DayIndex(size_t slices) : slices_(slices) {}
  ~DayIndex();
  DayIndex(const DayIndex&) = delete;
  DayIndex& operator=(const DayIndex&) = delete;

  // Of the slice with this place in its part. One phase is kept: another takes its place. Null when
  // `max_bytes` would be kept and more.
  std::shared_ptr<const DayCustomers> Of(size_t place, const EventSlice& slice, uint32_t phase_ms,
                                         uint64_t max_bytes = kMaxBytes);
  // What all parts keep now.
  static uint64_t KeptBytes();

 private:
  std::mutex mutex_;
  std::vector<std::shared_ptr<const DayCustomers>> slices_;
};

}  // namespace waypost::column

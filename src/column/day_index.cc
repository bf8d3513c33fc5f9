#include "column/day_index.h"

#include <algorithm>
#include <atomic>

#include "column/event_block.h"

namespace waypost::column {
namespace {

std::atomic<uint64_t> kept_bytes = 0;

struct Seen {
  uint16_t local;
  uint8_t day;
};

// Each customer and day with rows, once, by customer.
std::vector<Seen> SeenIn(const EventSlice& slice, uint32_t phase_ms) {
  std::vector<Seen> seen(slice.row_count);
  size_t count = 0;
  slice.persons.ForEach([&](uint32_t local, RowRange rows) {
    uint64_t last = UINT64_MAX;
    for (uint32_t row = rows.begin; row < rows.end; ++row) {
      const uint64_t day = (uint64_t{slice.times[row]} + phase_ms) / kDayMs;
      seen[count] = {static_cast<uint16_t>(local), static_cast<uint8_t>(day)};
      count += day != last;
      last = day;
    }
  });
  seen.resize(count);
  return seen;
}

}  // namespace

DayCustomers::DayCustomers(const EventSlice& slice, uint32_t phase_ms) : phase_ms_(phase_ms) {
  const std::vector<Seen> all = SeenIn(slice, phase_ms);
  if (all.empty()) return;
  std::vector<size_t> counts((uint64_t{UINT32_MAX} + phase_ms) / kDayMs + 1);
  for (const Seen& seen : all) ++counts[seen.day];
  while (!counts.back()) counts.pop_back();
  first_word_ = all.front().local >> 6;
  const size_t words = static_cast<size_t>(all.back().local >> 6) - first_word_ + 1;
  size_t listed = 0, in_words = 0;
  for (const size_t count : counts) {
    const bool list = count < 2 * words;  // bits take at most twice the room
    size_t& used = list ? listed : in_words;
    days_.push_back({list, used, used + (list ? count : words)});
    used = days_.back().end;
  }
  locals_.resize(listed);
  words_.resize(in_words);
  std::vector<size_t> at;
  for (const Day& day : days_) at.push_back(day.begin);
  for (const auto& [local, day] : all) {
    if (days_[day].listed) {
      locals_[at[day]++] = local;
    } else {
      words_[at[day] + (local >> 6) - first_word_] |= 1ull << (local & 63);
    }
  }
}

void DayCustomers::OrInto(uint32_t day, uint64_t* words) const {
  const auto [listed, begin, end] = days_[day];
  if (listed) {
    for (const uint16_t local : std::span(locals_).subspan(begin, end - begin))
      words[local >> 6] |= 1ull << (local & 63);
  } else {
    for (size_t w = begin; w < end; ++w) words[first_word_ + (w - begin)] |= words_[w];
  }
}

uint64_t DayCustomers::bytes() const {
  return sizeof(*this) + days_.capacity() * sizeof(Day) + locals_.capacity() * sizeof(uint16_t) +
         words_.capacity() * sizeof(uint64_t);
}

DayIndex::~DayIndex() {
  for (const auto& days : slices_) kept_bytes -= days ? days->bytes() : 0;
}

std::shared_ptr<const DayCustomers> DayIndex::Of(size_t place, const EventSlice& slice,
                                                 uint32_t phase_ms, uint64_t max_bytes) {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<const DayCustomers>& kept = slices_[place];
  if (kept && kept->phase_ms() == phase_ms) return kept;
  if (kept_bytes >= max_bytes) return nullptr;
  auto made = std::make_shared<const DayCustomers>(slice, phase_ms);
  kept_bytes += made->bytes() - (kept ? kept->bytes() : 0);
  return kept = std::move(made);
}

uint64_t DayIndex::KeptBytes() { return kept_bytes; }

}  // namespace waypost::column

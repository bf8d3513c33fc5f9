#include "exec/pair_sweep.h"

#include <algorithm>

namespace waypost::exec {

using column::Column;
using column::ColumnType;
using column::PersonIndex;

namespace {

// Vectors that are written past their end, and then told where it is.
template <typename T>
void MakeRoom(std::vector<T>* into, size_t size) {
  if (into->size() < size) into->resize(2 * size);
}

}  // namespace

PairSweep::PairSweep(const BoundBlock& block, const MatchRules& rules)
    : rules_(rules), block_(block) {
  const BoundSlice* last = nullptr;  // with rows of step 0
  for (const BoundSlice& slice : block.slices) {
    if (slice.possible & rules.step_bits) Add(slice);
    if (!(slice.possible & 1)) continue;
    // Months are in order, so that the first row met is the first that happened.
    able_ &= !last || last->part->base_ms != slice.part->base_ms;
    last = &slice;
  }
  able_ = able_ && FindValues();
}

void PairSweep::Add(const BoundSlice& slice) {
  const Column* held = slice.columns[rules_.spec->steps[0].hold[0]];
  if (!held) return;
  const TimeRange& entry = rules_.spec->entry;
  const int64_t base_ms = slice.part->base_ms;
  const bool entering = entry.Contains(base_ms + slice.slice->first_time) &&
                        entry.Contains(base_ms + slice.slice->last_time);
  const bool plain = slice.filtered.empty() && !slice.clipped && !held->has_nulls() &&
                     (entering || !(slice.possible & 1));
  walks_.push_back({&slice, held, plain, 0, {}, {}, {}, {}, 0});
}

bool PairSweep::FindValues() {
  int64_t least = INT64_MAX, greatest = INT64_MIN;
  for (const Walk& walk : walks_) {
    const ColumnType type = walk.held->type();
    if (type == ColumnType::kString || type == ColumnType::kDouble || type == ColumnType::kList)
      return false;
    const column::PackedInts& numbers = walk.held->numbers();
    if (numbers.width() > 13 || numbers.base() > INT64_MAX - kMaxValues) return false;
    least = std::min(least, numbers.base());
    greatest = std::max(greatest, numbers.base() + (int64_t{1} << numbers.width()) - 1);
  }
  if (walks_.empty()) return true;
  const uint64_t span = static_cast<uint64_t>(greatest) - static_cast<uint64_t>(least);
  if (span >= kMaxValues) return false;
  least_ = least;
  stride_ = static_cast<uint32_t>(span / 64 + 1);
  marked_.assign(size_t{64} * stride_, 0);
  begun_.assign(size_t{64} * stride_, 0);
  return true;
}

void PairSweep::MoveTo(uint32_t w, uint64_t wanted) {
  for (const uint32_t word : marked_words_) marked_[word] = 0;
  for (size_t i = 0; i < begun_count_; ++i) begun_[begun_words_[i]] = 0;
  marked_words_.clear();
  begun_count_ = 0;
  met_count_ = 0;
  first_ = w * 64;
  wanted_ = wanted;
  further_ = 0;
  for (Walk& walk : walks_) {
    FindRows(w, &walk);
    if (!walk.plain) FindRoles(&walk);
  }
  for (const Walk& walk : walks_) {
    if (walk.slice->possible & 2) MarkFurther(walk);
  }
  for (Walk& walk : walks_) {
    if (!further_ && !(walk.slice->possible & 1)) continue;
    walk.plain ? Meet<true>(&walk) : Meet<false>(&walk);
  }
  if (further_) Deal();
}

// As PersonIndex::FillLocals: eight at once, and what is too many the next customer writes over.
void PairSweep::FindRows(uint32_t w, Walk* walk) {
  constexpr uint32_t kAtOnce = 8;
  walk->rows = {};
  walk->found_count = 0;
  const PersonIndex persons = walk->slice->slice->persons;
  const PersonIndex::Word word = persons.WordAt(w, &walk->cursor);
  if (!word.bits) return;
  column::RowRange rows = persons.RowsAt(word.rank);
  const uint32_t begin = rows.begin;
  const uint32_t last = word.rank + column::CountBits(word.bits) - 1;
  walk->rows = {begin, persons.RowsAt(last).end};
  MakeRoom(&walk->bits, walk->rows.size() + kAtOnce);
  uint8_t* const bits = walk->bits.data();
  uint32_t rank = word.rank;
  for (uint64_t left = word.bits; left; left &= left - 1) {
    const auto bit = static_cast<uint8_t>(std::countr_zero(left));
    std::fill_n(bits + (rows.begin - begin), kAtOnce, bit);
    for (uint32_t row = rows.begin + kAtOnce; row < rows.end; ++row) bits[row - begin] = bit;
    if (rank++ < last) rows = {rows.end, persons.RowsAt(rank).end};
  }
}

void PairSweep::FindRoles(Walk* walk) const {
  const BoundSlice& slice = *walk->slice;
  MakeRoom(&walk->roles, walk->rows.size());
  for (uint32_t row = walk->rows.begin; row < walk->rows.end; ++row) {
    const uint32_t i = row - walk->rows.begin;
    const bool there =
        !walk->held->IsNull(row) && (!slice.clipped || slice.time.Contains(slice.TimeMs(row)));
    walk->roles[i] =
        there ? slice.Mask(row, block_.Customer(first_ + walk->bits[i])) & rules_.step_bits : 0;
  }
}

void PairSweep::MarkFurther(const Walk& walk) {
  const column::PackedInts& numbers = walk.held->numbers();
  for (uint32_t row = walk.rows.begin; row < walk.rows.end; ++row) {
    const uint32_t i = row - walk.rows.begin, bit = walk.bits[i];
    if (!((walk.plain ? walk.slice->roles : walk.roles[i]) & 2)) continue;
    const auto value = static_cast<uint32_t>(numbers.Get(row) - least_);
    const uint32_t word = bit * stride_ + (value >> 6);
    marked_[word] |= 1ull << (value & 63);
    marked_words_.push_back(word);
    further_ |= 1ull << bit;
  }
  further_ &= wanted_;
}

template <bool kPlain>
void PairSweep::Meet(Walk* walk) {
  const BoundSlice& slice = *walk->slice;
  const column::PackedInts numbers = walk->held->numbers();
  const auto shift = static_cast<uint32_t>(numbers.base() - least_);
  const auto [begin, end] = walk->rows;
  MakeRoom(&walk->found, walk->rows.size());
  MakeRoom(&begun_words_, begun_count_ + walk->rows.size());
  MakeRoom(&met_, met_count_ + walk->rows.size());
  Begun* begun = walk->found.data();
  uint32_t* words = begun_words_.data() + begun_count_;
  Met* met = met_.data() + met_count_;
  const uint64_t* const marked = marked_.data();
  uint64_t* const seen = begun_.data();
  const uint8_t* const bits = walk->bits.data();
  const TimeRange& entry = rules_.spec->entry;
  uint64_t roles = slice.roles & rules_.step_bits, begins = roles & 1;
  for (uint32_t row = begin; row < end; ++row) {
    const uint32_t bit = bits[row - begin];
    if (!kPlain) {
      roles = walk->roles[row - begin];
      if (!roles) continue;
      begins = roles & (entry.Contains(slice.TimeMs(row)) ? 1 : 0);
    }
    const auto value = static_cast<uint32_t>(numbers.Offset(row)) + shift;
    const uint32_t word = bit * stride_ + (value >> 6);
    const uint64_t counts = wanted_ >> bit & 1;
    const uint64_t further = marked[word] >> (value & 63) & counts;
    const uint64_t fresh = ~seen[word] >> (value & 63) & begins & counts & ~further;
    seen[word] |= fresh << (value & 63);
    *begun = {row, bit};
    *words = word;
    *met = {&slice, roles, row, static_cast<uint16_t>(value), static_cast<uint8_t>(bit)};
    begun += fresh;
    words += fresh;
    met += further;
  }
  walk->found_count = static_cast<size_t>(begun - walk->found.data());
  begun_count_ += walk->found_count;
  met_count_ = static_cast<size_t>(met - met_.data());
}

// Puts the rows met in the customers' order.
void PairSweep::Deal() {
  ends_.fill(0);
  const std::span<const Met> all = std::span(met_).first(met_count_);
  for (const Met& met : all) ++ends_[met.bit + 1u];
  for (size_t bit = 1; bit < ends_.size(); ++bit) ends_[bit] += ends_[bit - 1];
  MakeRoom(&dealt_, all.size());
  for (const Met& met : all) {
    dealt_[ends_[met.bit]++] = met;
    __builtin_prefetch(&met.slice->slice->times[met.row]);
  }
}

void PairSweep::Collect(uint32_t bit) {
  placed_.clear();
  for (uint32_t i = bit ? ends_[bit - 1] : 0; i < ends_[bit]; ++i) {
    const Met& met = dealt_[i];
    placed_.push_back({met.value, {met.slice->TimeMs(met.row), met.mask, met.slice, met.row}});
  }
  std::sort(placed_.begin(), placed_.end(), [](const Placed& a, const Placed& b) {
    return a.value != b.value ? a.value < b.value : HappensBefore(a.hit, b.hit, false);
  });
}

}  // namespace waypost::exec

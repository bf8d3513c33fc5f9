#include "exec/funnel_steps.h"

#include <algorithm>

#include "exec/funnel_breaks.h"

namespace waypost::exec {

bool StepWalk::Suits(const BoundBlock& block, const MatchRules& rules) {
  return std::all_of(block.slices.begin(), block.slices.end(), [&](const BoundSlice& slice) {
    const uint64_t steps = slice.possible & rules.step_bits;
    return !steps || (std::has_single_bit(steps) && !(slice.possible & ~steps));
  });
}

StepWalk::StepWalk(const BoundBlock& block, const MatchRules& rules, LateBreaks* late, bool chains)
    : rules_(rules), late_(late), keeps_chains_(chains), steps_(rules.steps) {
  std::vector<uint32_t> counts;
  for (const BoundSlice& slice : block.slices) {
    if (!(slice.possible & rules.step_bits)) continue;
    if (months_.empty() || months_.back().base_ms != slice.part->base_ms) {
      months_.push_back({slice.part->base_ms, {}});
      counts.assign(steps_, 0);
    }
    const auto step = static_cast<uint32_t>(std::countr_zero(slice.possible));
    const int64_t base_ms = slice.part->base_ms;
    const bool all = slice.filtered.empty() &&
                     (step > 0 || (rules.spec->entry.Contains(base_ms + slice.slice->first_time) &&
                                   rules.spec->entry.Contains(base_ms + slice.slice->last_time)));
    months_.back().sources.push_back({&slice, step, 0, all});
    per_step_ = std::max(per_step_, ++counts[step]);
  }
  row_ = block.Customer(0);
  rows_.resize(size_t{64} * steps_ * per_step_);
  row_count_.resize(size_t{64} * steps_);
  chains_.resize(size_t{64} * steps_);
}

void StepWalk::Follow(uint32_t w, uint64_t wanted) {
  lanes_.fill({});
  mets_.clear();
  begun_ = 0;
  for (Month& month : months_) {
    base_ms_ = month.base_ms;
    for (uint64_t left = Gather(&month, w, wanted); left; left &= left - 1) {
      const auto bit = static_cast<uint32_t>(std::countr_zero(left));
      row_.local = w * 64 + bit;
      FollowMonth(bit);
      if (lanes_[bit].reached) begun_ |= 1ull << bit;
      if (lanes_[bit].reached == steps_) wanted &= ~(1ull << bit);
    }
  }
}

uint64_t StepWalk::Gather(Month* month, uint32_t w, uint64_t wanted) {
  uint64_t begins = 0, goes_on = 0;
  for (Source& source : month->sources) {
    const column::PersonIndex& persons = source.slice->slice->persons;
    const column::PersonIndex::Word word = persons.WordAt(w, &source.cursor);
    const uint64_t here = word.bits & wanted;
    (source.step ? goes_on : begins) |= here;
  }
  const uint64_t all = begins | (goes_on & begun_);
  if (!all) return 0;
  std::fill(row_count_.begin(), row_count_.end(), 0);
  for (Source& source : month->sources) {
    const BoundSlice& slice = *source.slice;
    const column::PersonIndex& persons = slice.slice->persons;
    const column::PersonIndex::Word word = persons.WordAt(w, &source.cursor);
    for (uint64_t left = word.bits & all; left; left &= left - 1) {
      const auto bit = static_cast<uint32_t>(std::countr_zero(left));
      const column::RowRange rows = slice.Clip(persons.RowsAt(word.RankOf(bit)));
      if (rows.empty()) continue;
      __builtin_prefetch(&slice.slice->times[rows.begin]);  // a visit is some 100 ns away
      const size_t at = bit * steps_ + source.step;
      rows_[at * per_step_ + row_count_[at]++] = {&slice, rows.begin, rows.end, source.all};
    }
  }
  return all;
}

void StepWalk::FollowMonth(uint32_t bit) {
  lane_ = &lanes_[bit];
  lane_rows_ = &rows_[bit * steps_ * per_step_];
  lane_counts_ = &row_count_[bit * steps_];
  lane_chains_ = &chains_[bit * steps_];
  if (late_) late_->Begin(row_);
  for (uint32_t step = steps_; step-- > 0 && lane_->reached < steps_;) Advance(step, UINT32_MAX);
}

// The step's earliest rows that are left; null when there are none.
StepWalk::Rows* StepWalk::Next(uint32_t step) {
  Rows* const first = &lane_rows_[step * per_step_];
  Rows* next = nullptr;
  for (Rows* rows = first; rows < first + lane_counts_[step]; ++rows) {
    if (rows->at == rows->end) continue;
    if (!next || rows->time() < next->time() ||
        (rows->time() == next->time() &&
         ArrivesBefore(*rows->slice, rows->at, *next->slice, next->at)))
      next = rows;
  }
  return next;
}

void StepWalk::Advance(uint32_t step, uint32_t until) {
  while (Rows* rows = Next(step)) {
    if (rows->time() > until) return;
    Rows here = *rows;
    if (step == 0 && rows->all && lane_counts_[0] == 1) {
      const uint32_t* const times = here.slice->slice->times;
      if (!lane_->reached) Begin(here);
      while (here.at + 1 < here.end && times[here.at + 1] <= until) ++here.at;
    }
    rows->at = here.at + 1;
    if (!here.all && !Plays(here, step)) continue;
    if (step == 0) {
      Begin(here);
    } else {
      Advance(step - 1, here.time());
      Extend(step, here);
      if (lane_->reached == steps_) return;
    }
  }
}

bool StepWalk::Plays(const Rows& rows, uint32_t step) const {
  if (!rows.slice->filtered.empty() && !(rows.slice->Mask(rows.at, row_) >> step & 1)) return false;
  return step > 0 || rules_.spec->entry.Contains(base_ms_ + rows.time());
}

void StepWalk::Begin(const Rows& rows) {
  const int64_t time_ms = base_ms_ + rows.time();
  const Met met{rows.slice, rows.at, 0};
  if (!lane_->reached) lane_->first = met;
  Reach(0, {time_ms, rules_.Deadline(time_ms), met});
}

void StepWalk::Extend(uint32_t step, const Rows& rows) {
  const Chain& before = lane_chains_[step - 1];
  const int64_t time_ms = base_ms_ + rows.time();
  if (!(lane_->live >> (step - 1) & 1) || time_ms > before.deadline_ms) return;
  if (time_ms - before.last_ms > rules_.max_gap_ms[step]) return;
  if (late_ && late_->Any(rules_.breaks[step - 1], before.last_ms, time_ms)) {
    lane_->live &= ~(1u << (step - 1));
    return;
  }
  Met met{rows.slice, rows.at, 0};
  if (keeps_chains_) {
    met.before = static_cast<uint32_t>(mets_.size());
    mets_.push_back(before.end);
  }
  Reach(step, {time_ms, before.deadline_ms, met});
}

void StepWalk::Reach(uint32_t step, const Chain& chain) {
  lane_chains_[step] = chain;
  lane_->live |= 1u << step;
  if (step < lane_->reached) return;
  lane_->reached = step + 1;
  lane_->best = chain.end;
}

std::span<const Hit> StepWalk::Hits(uint32_t bit) {
  if (!keeps_chains_) return {};
  const Lane& lane = lanes_[bit];
  const auto hit = [](const Met& met, uint32_t step) {
    return Hit{met.slice->TimeMs(met.row), 1ull << step, met.slice, met.row};
  };
  hits_.resize(1 + lane.reached);
  hits_[0] = hit(lane.first, 0);
  const Met* met = &lane.best;
  for (uint32_t step = lane.reached - 1; step > 0; --step, met = &mets_[met->before])
    hits_[1 + step] = hit(*met, step);
  hits_[1] = hit(*met, 0);
  return hits_;
}

}  // namespace waypost::exec

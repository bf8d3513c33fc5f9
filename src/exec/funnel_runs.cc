#include "exec/funnel_runs.h"

namespace waypost::exec {

void FunnelRuns::Begin(const Customer& customer) {
  row_ = customer.row;
  left_ = customer.places[0].near->Of(row_.local);
  begun_ = false;
}

void FunnelRuns::Append(const TimeRange& entry, std::vector<Hit>* hits) {
  runs_.clear();
  const int64_t base_ms = left_[0].slice->part->base_ms;
  for (; !done() && left_[0].slice->part->base_ms == base_ms; left_ = left_.subspan(1)) {
    const auto& [slice, rows] = left_[0];
    const uint32_t* times = slice->slice->times;
    runs_.push_back({slice, times, rows.begin, rows.end, times[rows.begin]});
  }
  while (!runs_.empty()) {
    uint32_t until = UINT32_MAX;
    Run* run = First(&until);
    Take(run, until, entry, hits);
    if (run->at < run->end) {
      run->time = run->times[run->at];
    } else {
      *run = runs_.back();
      runs_.pop_back();
    }
  }
}

// The run whose next row comes first, and the time of the first row of another run.
FunnelRuns::Run* FunnelRuns::First(uint32_t* until) {
  Run* first = runs_.data();
  for (Run* run = first + 1; run < runs_.data() + runs_.size(); ++run) {
    const bool before =
        run->time != first->time
            ? run->time < first->time
            : HappensBefore(HitOf(*run->slice, run->at), HitOf(*first->slice, first->at), false);
    *until = std::min(*until, before ? first->time : run->time);
    if (before) first = run;
  }
  return first;
}

// The first row of the run, and those after it before `until`.
void FunnelRuns::Take(Run* run, uint32_t until, const TimeRange& entry, std::vector<Hit>* hits) {
  const BoundSlice& slice = *run->slice;
  const uint32_t first = run->at++;
  while (run->at < run->end && run->times[run->at] < until) ++run->at;
  const uint32_t last = run->at - 1;
  if (last > first && slice.filtered.empty()) {
    if (slice.roles == 1 && entry.Contains(slice.TimeMs(first)) &&
        entry.Contains(slice.TimeMs(last))) {
      if (!begun_) hits->push_back(HitOf(slice, first));
      begun_ = true;
      hits->push_back(HitOf(slice, last));
      return;
    }
    if (!(slice.roles & rules_.step_bits)) {
      hits->push_back(HitOf(slice, first));
      return;
    }
  }
  for (uint32_t row = first; row <= last; ++row) {
    const Hit hit = HitOf(slice, row);
    if (hit.mask) hits->push_back(hit);
  }
}

}  // namespace waypost::exec

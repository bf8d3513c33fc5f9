#include "exec/funnel_runs.h"

namespace waypost::exec {

void FunnelRuns::Begin(const Customer& customer) {
  row_ = customer.row;
  near_ = customer.places[0].near;
  next_ = 0;
  begun_ = false;
}

void FunnelRuns::Append(const TimeRange& entry, std::vector<Hit>* hits) {
  runs_.clear();
  const int64_t base_ms = near_->slice(next_).part->base_ms;
  for (; !done() && near_->slice(next_).part->base_ms == base_ms; ++next_) {
    const column::RowRange rows = near_->Rows(next_, row_.local);
    if (!rows.empty()) runs_.push_back({&near_->slice(next_), rows.begin, rows.end});
  }
  uint32_t until = 0;
  while (Run* run = First(&until)) Take(run, until, entry, hits);
}

// The run whose next row comes first, and the time of the first row of another run; null when all
// rows are taken.
FunnelRuns::Run* FunnelRuns::First(uint32_t* until) {
  Run* first = nullptr;
  *until = UINT32_MAX;
  for (Run& next : runs_) {
    Run* run = &next;
    if (run->at == run->end) continue;
    if (!first) {
      first = run;
      continue;
    }
    const uint32_t time = run->time(run->at), first_time = first->time(first->at);
    const bool before = time != first_time ? time < first_time
                                           : HappensBefore(HitOf(*run->slice, run->at),
                                                           HitOf(*first->slice, first->at), false);
    *until = std::min(*until, before ? first_time : time);
    if (before) first = run;
  }
  return first;
}

// The first row of the run, and those after it before `until`.
void FunnelRuns::Take(Run* run, uint32_t until, const TimeRange& entry, std::vector<Hit>* hits) {
  const BoundSlice& slice = *run->slice;
  const uint32_t first = run->at++;
  while (run->at < run->end && run->time(run->at) < until) ++run->at;
  const uint32_t last = run->at - 1;
  if (thin_ && last > first && slice.filtered.empty()) {
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

// What is kept of what happened to customers: the last of it for who asks, and for who is told.
#include "journeys/state.h"

namespace waypost::journeys {

void State::Trace(Ordinal customer, TraceLine line) {
  line.time_ms = time_ms_;
  if (const auto entry = entries_.find(line.entry); entry != entries_.end())
    line.version = entry->second.version;
  const Ordinal now = Now(customer);
  if (followed_lines_ >> static_cast<uint32_t>(line.what) & 1) {
    const uint64_t decision = number_ + 1;
    const bool goes_on = !untold_lines_.empty() && untold_lines_.back().decision == decision;
    untold_lines_.push_back({decision, goes_on ? untold_lines_.back().place + 1 : 0, now, line});
  }
  std::vector<TraceLine>& trace = customers_[now].trace;
  if (trace.size() == kTraceLines) trace.erase(trace.begin());
  trace.push_back(std::move(line));
}

// It goes, and if it ended, no further.
void State::CountStay(const Entry& entry, const Token& token, bool ended) {
  CountAt(entry, token.node, [&](NodeCounts& counts) {
    --counts.here;
    counts.ended += ended;
    counts.stays.Add(time_ms_ - token.arrived_ms);
  });
}

void State::LinesTold(size_t count) {
  untold_lines_.erase(untold_lines_.begin(), untold_lines_.begin() + static_cast<ptrdiff_t>(count));
}

Result<> State::Do(const change::LinesFollowed& c) {
  followed_lines_ = c.kinds;
  return {};
}

}  // namespace waypost::journeys

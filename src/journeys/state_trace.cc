// What is kept of what happened to customers: the last of it for who asks, and for who is told.
#include <algorithm>

#include "journeys/state.h"

namespace waypost::journeys {

namespace {

// When the one that passes the line's node came there; 0: as the line before says.
int64_t CameMs(const Entry& entry, const TraceLine& line, const UntoldLine* before) {
  if (line.what != TraceLine::What::kPassed) return 0;
  if (before && before->line.what == line.what && before->line.entry == line.entry &&
      before->line.node == line.node)
    return 0;
  int64_t came = line.time_ms;
  for (const Token& token : entry.tokens)
    if (token.node == line.node) came = std::min(came, token.arrived_ms);
  return came;
}

// Of who is not inside any more: the last time of coming in before then; 0: not known any more.
int64_t EnteredMs(const JourneyState& journey, Ordinal customer, int64_t before_ms) {
  const auto visits = journey.visits.find(customer);
  if (visits == journey.visits.end()) return 0;
  const std::vector<int64_t>& times = visits->second.entries_ms;
  const auto after = std::ranges::upper_bound(times, before_ms);
  return after == times.begin() ? 0 : *std::prev(after);
}

}  // namespace

void State::Trace(Ordinal customer, TraceLine line, const Touch* touch, bool handed_over) {
  line.time_ms = time_ms_;
  const auto entry = entries_.find(line.entry);
  if (entry != entries_.end() && line.version == 0) line.version = entry->second.version;
  const Ordinal now = Now(customer);
  if (followed_lines_ >> static_cast<uint32_t>(line.what) & 1) {
    const uint64_t decision = number_ + 1;
    const UntoldLine* before = untold_lines_.empty() ? nullptr : &untold_lines_.back();
    if (before && before->decision != decision) before = nullptr;
    UntoldLine untold{decision, before ? before->place + 1 : 0, now, line};
    if (entry != entries_.end()) {
      untold.entered_ms = entry->second.entered_ms;
      untold.came_ms = CameMs(entry->second, line, before);
    } else if (touch) {
      untold.entered_ms = EnteredMs(journeys_[line.journey], now, touch->planned_ms);
    }
    if (touch) {
      untold.touch = touch->plan.key;
      untold.channel = touch->plan.channel;
      untold.handed_over = handed_over;
    }
    untold_lines_.push_back(std::move(untold));
  }
  std::vector<TraceLine>& trace = customers_[now].trace;
  if (trace.size() == kTraceLines) trace.erase(trace.begin());
  trace.push_back(std::move(line));
}

void State::TraceTouch(const Touch& touch, TraceLine::What what, Outcome outcome,
                       std::string detail, bool handed_over) {
  const auto& versions = journeys_[touch.plan.journey].versions;
  TraceLine line{.what = what,
                 .journey = touch.plan.journey,
                 .entry = touch.plan.entry,
                 .node = touch.plan.node,
                 .reason = static_cast<uint8_t>(outcome),
                 .detail = std::move(detail)};
  // The node that planned it, and not what stands in that place in the version of today.
  if (const auto planned = versions.find(touch.version); planned != versions.end()) {
    const Journey& version = *planned->second;
    line.version = touch.version;
    if (line.node >= version.nodes.size() || version.nodes[line.node].id != touch.node)
      line.node = version.FindNode(touch.node);
  }
  Trace(touch.plan.customer, std::move(line), &touch, handed_over);
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

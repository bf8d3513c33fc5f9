// Changes about goals, and about who is not inside: awaited, left with a goal still open, held out;
// and what is taken back from him.
#include <algorithm>

#include "journeys/state.h"

namespace waypost::journeys {
namespace {

void TakeBack(const std::string& unique, std::vector<std::string>* bought) {
  const auto found = std::ranges::find(*bought, unique);
  if (found != bought->end()) bought->erase(found);
}

}  // namespace

// From now on by what is known when he leaves: the last message, or the entry.
void State::WatchGoal(const Entry& entry, Exit reason) {
  JourneyState& state = journeys_[entry.journey];
  const Journey& definition = JourneyOf(entry);
  if (!definition.goal || definition.goal->window.empty()) return;
  if (reason == Exit::kErased || reason == Exit::kMerged) return;
  const bool over = !definition.goal->every && !entry.bought.empty();
  if (over && definition.goal->reversal.event.empty()) return;
  int64_t from = entry.entered_ms;
  for (const TouchKey& key : entry.touches) {
    const auto touch = touches_.find(key);
    if (touch != touches_.end()) from = std::max(from, touch->second.planned_ms);
  }
  const int64_t until = AddSpan(from, definition.goal->window, definition.zone);
  if (until < time_ms_) return;
  AddWatch(state, entry.customer,
           {entry.id, entry.version, until, entry.touches, entry.bought, entry.goal_held});
}

// Of those held out the last stays for good: it says that the customer would have come in once.
void State::AddWatch(JourneyState& journey, Ordinal customer, GoalWatch watch) {
  std::vector<GoalWatch>& watches = journey.watches[customer];
  std::erase_if(watches, [&](const GoalWatch& old) {
    return old.until_ms < time_ms_ && (old.entry != 0 || watch.entry == 0);
  });
  watches.push_back(std::move(watch));
}

// The parts add up to the whole.
void State::Credit(const change::Credited& credited, int64_t value) {
  const auto count = static_cast<int64_t>(credited.touches.size());
  for (int64_t i = 0; i < count; ++i) {
    const auto touch = touches_.find(credited.touches[static_cast<size_t>(i)]);
    if (touch == touches_.end()) continue;
    const auto part = [&](int64_t whole) { return whole * (i + 1) / count - whole * i / count; };
    CountAt(touch->second.plan.journey, touch->second.version, touch->second.node,
            [&](NodeCounts& counts) {
              counts.credit += part(10'000);
              counts.revenue += part(value);
            });
  }
}

Result<> State::Do(const change::Converted& c) {
  Entry& entry = *TRY(EntryAt(c.entry));
  JourneyState& state = journeys_[entry.journey];
  VersionCounts& version = state.counts[entry.version];
  const int64_t value = c.reversed ? -c.value : c.value;
  state.revenue += value;
  version.revenue += value;
  if (c.reversed) {
    ++state.reversals;
    ++version.reversals;
    TakeBack(c.unique, &entry.bought);
  } else {
    ++state.conversions;
    ++version.conversions;
    entry.bought.push_back(c.unique);
    entry.goal_ms = time_ms_;
    Credit(c.credited, c.value);
  }
  Trace(entry.customer, {.what = TraceLine::What::kConverted,
                         .journey = entry.journey,
                         .entry = entry.id,
                         .detail = c.reversed ? "reversed" : "counted"});
  return {};
}

Result<> State::Do(const change::Awaited& c) {
  TRY(JourneyAt(c.journey))->awaited[c.person] = {c.due_ms, c.context, c.request};
  SetTimer(c.due_ms, TimerKind::kAwait, c.journey, 0, c.journey);
  return {};
}

Result<> State::Do(const change::AwaitEnded& c) {
  TRY(JourneyAt(c.journey))->awaited.erase(c.person);
  return {};
}

Result<> State::Do(const change::HeldOut& c) {
  JourneyState& state = *TRY(JourneyAt(c.journey));
  ++state.held_out.customers;
  AddWatch(state, c.customer,
           {.version = state.current, .until_ms = c.until_ms, .touches = {}, .bought = {}});
  return {};
}

Result<> State::Do(const change::LateGoal& c) {
  JourneyState& state = *TRY(JourneyAt(c.journey));
  const auto watches = state.watches.find(c.customer);
  if (watches == state.watches.end()) return Corrupt("a goal that nobody watched for");
  const auto watch = std::ranges::find(watches->second, c.entry, &GoalWatch::entry);
  if (watch == watches->second.end()) return Corrupt("a goal that nobody watched for");
  if (c.reversed) {
    TakeBack(c.unique, &watch->bought);
  } else {
    watch->bought.push_back(c.unique);
  }
  const int64_t sign = c.reversed ? -1 : 1;
  if (c.entry == 0) {
    state.held_out.conversions += c.reversed ? 0 : 1;
    state.held_out.revenue += sign * c.value;
    return {};
  }
  VersionCounts& version = state.counts[watch->version];
  ++(c.reversed ? state.reversals : state.conversions);
  ++(c.reversed ? version.reversals : version.conversions);
  if (!c.reversed) Credit(c.credited, c.value);
  state.revenue += sign * c.value;
  version.revenue += sign * c.value;
  Trace(c.customer, {.what = TraceLine::What::kConverted,
                     .journey = c.journey,
                     .entry = c.entry,
                     .detail = c.reversed ? "reversed" : "counted after leaving"});
  return {};
}

Result<> State::Do(const change::GoalHeld& c) {
  if (const auto entry = entries_.find(c.entry); entry != entries_.end()) {
    entry->second.goal_held = c.holds;
    return {};
  }
  JourneyState& state = *TRY(JourneyAt(c.journey));
  const auto watches = state.watches.find(c.customer);
  if (watches == state.watches.end()) return Corrupt("a goal that nobody watched for");
  for (GoalWatch& watch : watches->second) {
    if (watch.entry == c.entry) watch.held = c.holds;
  }
  return {};
}

Result<> State::Do(const change::RecallSet& c) {
  if (!touches_.contains(c.key)) return Corrupt("there is no such message");
  if (c.asked) {
    recalls_.insert(c.key);
  } else {
    recalls_.erase(c.key);
  }
  return {};
}

}  // namespace waypost::journeys

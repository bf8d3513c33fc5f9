#include "journeys/timer_wheel.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <utility>

#include "base/check.h"

namespace waypost::journeys {
namespace {

constexpr uint32_t kFirstSlots = 256, kLevelSlots = 64;

uint64_t TickOf(int64_t ms) { return ms <= 0 ? 0 : static_cast<uint64_t>(ms) >> 10; }

// Slots of a level begin here in the flat arrays.
uint32_t BaseOf(int level) { return level == 0 ? 0 : kFirstSlots + kLevelSlots * (level - 1); }

}  // namespace

TimerWheel::TimerWheel(int64_t now_ms) : tick_(TickOf(now_ms)) { heads_.fill(kNone); }

uint32_t TimerWheel::SlotIndex(int level, uint64_t tick) {
  const uint32_t slots = level == 0 ? kFirstSlots : kLevelSlots;
  return BaseOf(level) + static_cast<uint32_t>((tick >> ShiftOf(level)) & (slots - 1));
}

TimerWheel::Handle TimerWheel::Arm(const Timer& timer) {
  uint32_t node = 0;
  if (free_.empty()) {
    node = static_cast<uint32_t>(nodes_.size());
    nodes_.emplace_back();
  } else {
    node = free_.back();
    free_.pop_back();
  }
  nodes_[node].timer = timer;
  if (TickOf(timer.due_ms) <= tick_) {
    nodes_[node].slot = kReady;
    late_.push({timer, node});
  } else {
    Place(node);
  }
  ++armed_;
  return node;
}

// A timer waits on the lowest level whose slots, counted from now, reach it.
void TimerWheel::Place(uint32_t node) {
  const uint64_t due = TickOf(nodes_[node].timer.due_ms);
  if (due <= tick_) {
    nodes_[node].slot = kReady;
    ready_.push_back({nodes_[node].timer, node});
    return;
  }
  int level = 0;
  while (level < kLevels - 1 && (due >> ShiftOf(level)) - (tick_ >> ShiftOf(level)) >=
                                    (level == 0 ? kFirstSlots : kLevelSlots)) {
    ++level;
  }
  const uint64_t furthest = (tick_ >> ShiftOf(level)) + kLevelSlots - 1;
  const uint64_t at =
      level == kLevels - 1 && (due >> ShiftOf(level)) > furthest ? furthest << ShiftOf(level) : due;
  const uint32_t slot = SlotIndex(level, at);
  Node& placed = nodes_[node];
  placed.slot = slot;
  placed.previous = kNone;
  placed.next = heads_[slot];
  if (placed.next != kNone) nodes_[placed.next].previous = node;
  heads_[slot] = node;
  busy_[slot / 64] |= 1ull << (slot % 64);
}

void TimerWheel::Unlink(uint32_t node) {
  const Node& gone = nodes_[node];
  if (gone.previous != kNone) {
    nodes_[gone.previous].next = gone.next;
  } else {
    heads_[gone.slot] = gone.next;
    if (gone.next == kNone) busy_[gone.slot / 64] &= ~(1ull << (gone.slot % 64));
  }
  if (gone.next != kNone) nodes_[gone.next].previous = gone.previous;
}

void TimerWheel::Cancel(Handle handle) {
  CHECK(handle < nodes_.size() && nodes_[handle].slot != kNone &&
        nodes_[handle].slot != kCancelled);
  --armed_;
  if (nodes_[handle].slot == kReady) {
    nodes_[handle].slot = kCancelled;
    return;
  }
  Unlink(handle);
  nodes_[handle].slot = kNone;
  free_.push_back(handle);
}

void TimerWheel::Spill(uint32_t slot) {
  uint32_t node = heads_[slot];
  heads_[slot] = kNone;
  busy_[slot / 64] &= ~(1ull << (slot % 64));
  while (node != kNone) {
    const uint32_t next = nodes_[node].next;
    Place(node);
    node = next;
  }
}

// REQUIRES: none is ready.
void TimerWheel::MoveTo(uint64_t tick) {
  const uint64_t before = tick_;
  tick_ = tick;
  ready_ = {};
  for (int level = kLevels - 1; level >= 0; --level) {
    if (level > 0 && (before >> ShiftOf(level)) == (tick >> ShiftOf(level))) continue;
    Spill(SlotIndex(level, tick));
  }
  std::ranges::sort(ready_, std::greater());
}

// The first tick after now at which a slot that holds something comes up.
std::optional<uint64_t> TimerWheel::NextBusyTick() const {
  std::optional<uint64_t> first;
  for (int level = 0; level < kLevels; ++level) {
    const uint32_t slots = level == 0 ? kFirstSlots : kLevelSlots;
    const uint64_t now = tick_ >> ShiftOf(level);
    for (uint64_t step = 1; step < slots;) {
      const uint32_t slot = SlotIndex(level, (now + step) << ShiftOf(level));
      const uint64_t word = busy_[slot / 64] >> (slot % 64);
      if (word == 0) {
        step += 64 - slot % 64;
        continue;
      }
      step += static_cast<uint64_t>(std::countr_zero(word));
      if (step >= slots) break;
      const uint64_t tick = (now + step) << ShiftOf(level);
      if (!first || tick < *first) first = tick;
      break;
    }
  }
  return first;
}

const TimerWheel::Due* TimerWheel::NextReady() const {
  if (ready_.empty()) return late_.empty() ? nullptr : &late_.top();
  return !late_.empty() && late_.top() < ready_.back() ? &late_.top() : &ready_.back();
}

std::optional<Timer> TimerWheel::PopDue(int64_t now_ms) {
  while (true) {
    if (const Due* next = NextReady()) {
      if (next->timer.due_ms > now_ms) return {};
      const Due due = *next;
      if (!ready_.empty() && next == &ready_.back()) {
        ready_.pop_back();
      } else {
        late_.pop();
      }
      const bool cancelled = std::exchange(nodes_[due.node].slot, kNone) == kCancelled;
      free_.push_back(due.node);
      if (cancelled) continue;
      --armed_;
      return due.timer;
    }
    const std::optional<uint64_t> next = NextBusyTick();
    if (!next || *next > TickOf(now_ms)) return {};
    MoveTo(*next);
  }
}

std::optional<int64_t> TimerWheel::NextDueBound() const {
  if (const Due* next = NextReady()) return next->timer.due_ms;
  const std::optional<uint64_t> next = NextBusyTick();
  if (!next) return {};
  return static_cast<int64_t>(*next << kTickBits);
}

}  // namespace waypost::journeys

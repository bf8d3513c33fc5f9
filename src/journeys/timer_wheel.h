// Timers by the hundred million: arming and cancelling cost the same whatever there is, and timers
// come out in the order of (due, order, content), whatever order they were armed in, so a wheel
// rebuilt from a snapshot fires like the one that was lost. (Hierarchical wheel: Varghese and
// Lauck, 1987.) One thread.
//
//   const TimerWheel::Handle handle = wheel.Arm({.due_ms = t, .entry = 7});
//   while (auto timer = wheel.PopDue(now)) Fire(*timer);      // due <= now
//
// 5 levels: 256 slots of 1.024 s, then 64 slots 64 times as long each, 136 years in all; what is
// further off waits in the last slot. What a slot that comes up holds is sorted once. About 56
// bytes a timer, as much again from when its slot comes up until it is out.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <vector>

namespace waypost::journeys {

struct Timer {
  int64_t due_ms = 0;
  uint64_t order = 0;  // among equal due times, lower first
  uint8_t kind = 0;
  uint64_t subject = 0;
  uint64_t detail = 0;
  friend auto operator<=>(const Timer&, const Timer&) = default;
};

class TimerWheel {
 public:
  using Handle = uint32_t;
  static constexpr Handle kNone = ~0u;

  explicit TimerWheel(int64_t now_ms);

  Handle Arm(const Timer& timer);
  // REQUIRES: the handle's timer was neither popped nor cancelled.
  void Cancel(Handle handle);
  // The first timer due at or before `now_ms`; nothing when there is none.
  std::optional<Timer> PopDue(int64_t now_ms);
  // When PopDue would give something, at the earliest: never later than the first timer, and at
  // most one slot of its level early, or the time of one that was cancelled after its slot came up.
  // Nothing when no timer is armed and none of those is left.
  std::optional<int64_t> NextDueBound() const;
  size_t size() const { return armed_; }

 private:
  static constexpr int kLevels = 5;
  static constexpr int kTickBits = 10;
  static constexpr int kFirstBits = 8, kLevelBits = 6;

  struct Node {
    Timer timer;
    uint32_t previous = kNone, next = kNone;
    uint32_t slot = kNone;  // kNone: free; or one of these
  };
  static constexpr uint32_t kReady = ~1u;      // among those about to fire
  static constexpr uint32_t kCancelled = ~2u;  // stays among them until it comes up

  static int ShiftOf(int level) { return level == 0 ? 0 : kFirstBits + kLevelBits * (level - 1); }
  static uint32_t SlotIndex(int level, uint64_t tick);
  void Place(uint32_t node);
  void Unlink(uint32_t node);
  void Spill(uint32_t slot);
  // Moves on to `tick`, spilling what its slots hold.
  void MoveTo(uint64_t tick);
  std::optional<uint64_t> NextBusyTick() const;

  struct Due {
    Timer timer;
    Handle node = kNone;
    friend auto operator<=>(const Due&, const Due&) = default;
  };
  const Due* NextReady() const;

  std::vector<Node> nodes_;
  std::vector<uint32_t> free_;
  std::array<uint32_t, 256 + 64 * 4> heads_;
  std::array<uint64_t, 8> busy_{};  // bit: the slot holds something
  uint64_t tick_;                   // timers of this tick and before are ready
  size_t armed_ = 0;
  std::vector<Due> ready_;  // of the slots that came up, the last first
  std::priority_queue<Due, std::vector<Due>, std::greater<>> late_;  // armed after theirs came up
};

}  // namespace waypost::journeys

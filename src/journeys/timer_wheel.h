// Timers by the hundred million: arming and cancelling cost the same whatever there is, and timers
// come out in the order of (due, order, content), whatever order they were armed in, so a wheel
// rebuilt from a snapshot fires like the one that was lost. (Hierarchical wheel: Varghese and
// Lauck, 1987.) One thread.
//
//   const TimerWheel::Handle handle = wheel.Arm({.due_ms = t, .entry = 7});
//   while (auto timer = wheel.PopDue(now)) Fire(*timer);      // due <= now
//
// 5 levels: 256 slots of 1.024 s, then 64 slots 64 times as long each, 136 years in all; what is
// further off waits in the last slot. About 56 bytes a timer.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
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
  // most one slot of its level early. Nothing when no timer is armed.
  std::optional<int64_t> NextDueBound() const;
  size_t size() const { return armed_; }

 private:
  static constexpr int kLevels = 5;
  static constexpr int kTickBits = 10;
  static constexpr int kFirstBits = 8, kLevelBits = 6;

  struct Node {
    Timer timer;
    uint32_t previous = kNone, next = kNone;
    uint32_t slot = kNone;  // kNone: free, kReady: among those about to fire
  };
  static constexpr uint32_t kReady = ~1u;

  static int ShiftOf(int level) { return level == 0 ? 0 : kFirstBits + kLevelBits * (level - 1); }
  static uint32_t SlotIndex(int level, uint64_t tick);
  void Place(uint32_t node);
  void Unlink(uint32_t node);
  void Spill(uint32_t slot);
  // Moves on to `tick`, spilling what its slots hold.
  void MoveTo(uint64_t tick);
  std::optional<uint64_t> NextBusyTick() const;

  struct Later {
    const std::vector<Node>* nodes;
    bool operator()(uint32_t a, uint32_t b) const { return (*nodes)[b].timer < (*nodes)[a].timer; }
  };

  std::vector<Node> nodes_;
  std::vector<uint32_t> free_;
  std::array<uint32_t, 256 + 64 * 4> heads_;
  std::array<uint64_t, 8> busy_{};  // bit: the slot holds something
  uint64_t tick_;                   // timers of this tick and before are ready
  size_t armed_ = 0;
  std::vector<uint32_t> ready_;  // a heap; cancelled ones stay until they come up
};

}  // namespace waypost::journeys

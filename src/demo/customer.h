// One customer of the demo bank: who they are, and what they are inclined to do.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "demo/world.h"

namespace waypost::demo {

inline constexpr int64_t kSecondMs = 1000;
inline constexpr int64_t kMinuteMs = 60 * kSecondMs;
inline constexpr int64_t kHourMs = 60 * kMinuteMs;
inline constexpr int64_t kLocalOffsetMs = 8 * kHourMs;  // the bank's clocks: UTC+8, no summer time

// The days the story covers: local midnight of the first, and the moment it is told.
struct Period {
  int64_t begin_ms = 0;
  int64_t end_ms = 0;  // exclusive
  int64_t days() const { return (end_ms - begin_ms + kDayMs - 1) / kDayMs; }
};

struct Customer {
  uint32_t number = 0;  // 1, 2, ...
  std::string login;
  std::string device;
  std::string name;
  bool female = false;
  int64_t born_day = 0;        // days since 1970-01-01
  int64_t registered_day = 0;  // likewise
  const Branch* branch = nullptr;
  std::string_view manager;
  std::string_view occupation;
  std::string_view platform;       // "ios", "android", "miniapp", "web"
  std::string_view first_channel;  // where the customer came from
  int64_t assets = 0;              // ten-thousandths of a yuan
  int vip = 0;                     // 0 .. 3
  int risk = 1;                    // appetite for risk, 1 .. 5
  int payday = 0;                  // day of the month a salary comes in; 0: elsewhere
  int64_t salary = 0;              // ten-thousandths
  double visits = 0;               // sessions in 90 days
  bool held_out = false;           // no push ever
  // When the customer is with the bank, within the period.
  int64_t joins_ms = 0;
  int64_t leaves_ms = 0;
  // What a session is about: weights.
  double wealth = 0, transfer = 0, pay = 0, loan = 0, card = 0, look = 0;
};

// The customer of this number; the same whatever others there are.
Customer MakeCustomer(const World& world, uint64_t seed, uint32_t number, const Period& period);

}  // namespace waypost::demo

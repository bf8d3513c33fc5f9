// The data of BCB, the bank customer-behaviour benchmark: users and 90 days of their events, made
// from nothing but a user's number, so any range of users can be made alone and in parallel.
//
//   Bcb bcb;
//   const BcbUser user = bcb.User(17);
//   bcb.Events(user, &events);        // strictly increasing in time
//
// The benchmark's specification fixes every draw; bcb_test.cc checks its published sums. Values
// depend on the C library's log, exp, pow and cos.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace waypost::bench {

// The window: [kBcbBeginMs, kBcbBeginMs + kBcbDays days), from 2026-01-01 00:00 in UTC+8.
inline constexpr int64_t kBcbBeginMs = 1'767'196'800'000;
inline constexpr int kBcbDays = 90;
inline constexpr int64_t kBcbDayMs = 86'400'000;
inline constexpr int64_t kBcbZoneMs = 8 * 3'600'000;
inline constexpr int64_t kBcbFirstDay = 20'454;  // 2026-01-01, in days since 1970-01-01

struct BcbUser {
  uint32_t id = 0;     // 1, 2, ...
  int registered = 0;  // day of the window; negative before it
  int gender = 0;
  int birth_year = 0;
  int city = 0;
  int province = 0;
  int branch = 0;
  int manager = 0;
  int risk = 0;
  int income = 0;
  int vip = 0;
  int channel = 0;
  int64_t aum_cents = 0;
  int64_t score = 0;
  // What the user's events are made from.
  int churn_day = 0;
  double rate = 0;
  int platform = 0;
  double wealth = 0, transfer = 0, loan = 0;
};

struct BcbEvent {
  int64_t time_ms = 0;
  uint8_t event = 0;     // 1 .. 40
  uint32_t session = 0;  // of the user; 0: none
  uint8_t platform = 0;
  uint8_t channel = 0;
  uint16_t page = 0;
  uint16_t product = 0;
  uint16_t campaign = 0;
  int64_t amount_cents = 0;
  uint32_t duration_ms = 0;
  uint8_t result = 1;
  uint32_t employee = 0;
};

struct BcbHolding {
  int product = 0;
  int64_t amount_cents = 0;
};

// A rank, as often as Zipf's law says.
class BcbZipf {
 public:
  BcbZipf(int count, double exponent);
  // 0 .. count - 1. `unit` is in [0, 1).
  int Rank(double unit) const;

 private:
  std::vector<double> cumulative_;
};

class Bcb {
 public:
  Bcb();
  BcbUser User(uint32_t id) const;
  // Replaces `events`.
  void Events(const BcbUser& user, std::vector<BcbEvent>* events) const;
  // Replaces `holdings`.
  void Holdings(const BcbUser& user, std::vector<BcbHolding>* holdings) const;

 private:
  friend class BcbLife;
  BcbZipf cities_, channels_, products_, pages_, campaigns_;
  std::vector<double> hours_;  // cumulative share of a day's sessions
};

inline constexpr int kBcbProducts = 5000;  // numbered from 1

// REQUIRES: the number is one a BcbEvent, BcbUser or BcbHolding can hold.
std::string_view BcbEventName(int event);
std::string_view BcbPlatformName(int platform);
std::string_view BcbChannelName(int channel);
std::string_view BcbProductType(int product);
// Globally unique, 0 for none.
uint64_t BcbSessionId(const BcbUser& user, const BcbEvent& event);

}  // namespace waypost::bench

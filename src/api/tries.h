// Failed sign-ins, by name or by address, so that nobody guesses for long.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/hash.h"

namespace waypost::api {

// Allows so many failures of one key within `kWindowMs` of the first. Thread-safe.
class Tries {
 public:
  static constexpr int kMostOfName = 5;
  static constexpr int kMostOfAddress = 20;  // many people may sit behind one
  static constexpr int64_t kWindowMs = 15 * 60'000;
  static constexpr size_t kMaxKeys = 10'000;  // more: those waiting longest are forgotten

  Tries(const Clock& clock, int most) : clock_(clock), most_(most) {}

  // Milliseconds until the key may try again; 0: now.
  int64_t WaitMs(std::string_view key);
  void Failed(std::string_view key);
  void Succeeded(std::string_view key);

 private:
  struct Failures {
    int count = 0;
    int64_t first_ms = 0;
  };
  const Clock& clock_;
  const int most_;
  std::mutex mutex_;
  std::unordered_map<std::string, Failures, TextHash, std::equal_to<>> failures_;  // by key
};

}  // namespace waypost::api

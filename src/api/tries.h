// Failed sign-ins, so that nobody guesses for long.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/hash.h"

namespace waypost::api {

// Allows `kMost` failures in any `kWindowMs` from one address. Thread-safe.
class Tries {
 public:
  static constexpr int kMost = 5;
  static constexpr int64_t kWindowMs = 15 * 60'000;
  static constexpr size_t kMaxAddresses = 10'000;  // more: those waiting longest are forgotten

  explicit Tries(const Clock& clock) : clock_(clock) {}

  // Milliseconds until the address may try again; 0: now.
  int64_t WaitMs(std::string_view address);
  void Failed(std::string_view address);
  void Succeeded(std::string_view address);

 private:
  struct Failures {
    int count = 0;
    int64_t first_ms = 0;
  };
  const Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<std::string, Failures, TextHash, std::equal_to<>> failures_;  // by address
};

}  // namespace waypost::api

// For tests of what another thread does.
#pragma once

#include <chrono>
#include <thread>

namespace waypost::services {

// Whether `found` becomes true within ten seconds; asks it a hundred times a second.
template <typename Found>
bool Eventually(Found found) {
  for (int turn = 0; turn < 1'000; ++turn) {
    if (found()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

}  // namespace waypost::services

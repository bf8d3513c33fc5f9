#include "api/tries.h"

#include <algorithm>

namespace waypost::api {

int64_t Tries::WaitMs(std::string_view key) {
  const std::lock_guard lock(mutex_);
  const auto found = failures_.find(key);
  if (found == failures_.end()) return 0;
  const int64_t left_ms = found->second.first_ms + kWindowMs - clock_.NowMs();
  if (left_ms <= 0) failures_.erase(found);
  return left_ms > 0 && found->second.count >= most_ ? left_ms : 0;
}

void Tries::Failed(std::string_view key) {
  const std::lock_guard lock(mutex_);
  if (failures_.size() >= kMaxKeys) {
    failures_.erase(std::ranges::min_element(
        failures_, {}, [](const auto& entry) { return entry.second.first_ms; }));
  }
  Failures& failures = failures_[std::string(key)];
  if (failures.count++ == 0) failures.first_ms = clock_.NowMs();
}

void Tries::Succeeded(std::string_view key) {
  const std::lock_guard lock(mutex_);
  if (const auto found = failures_.find(key); found != failures_.end()) failures_.erase(found);
}

}  // namespace waypost::api

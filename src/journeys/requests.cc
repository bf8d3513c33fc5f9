#include "journeys/requests.h"

#include <algorithm>

#include "base/hash.h"

namespace waypost::journeys {

TouchKey Requests::KeyOf(std::string_view id) { return {Hash64(id, 1), Hash64(id, 2)}; }

const Requests::Known* Requests::Find(std::string_view id) const {
  const auto found = known_.find(KeyOf(id));
  return found == known_.end() ? nullptr : &found->second;
}

void Requests::Add(std::string_view id, const Known& known) {
  const TouchKey key = KeyOf(id);
  known_[key] = known;
  came_.emplace_back(known.at_ms, key);
  for (; came_.front().first < known.at_ms - kRequestsKeptMs; came_.pop_front()) {
    const auto found = known_.find(came_.front().second);
    if (found != known_.end() && found->second.at_ms == came_.front().first) known_.erase(found);
  }
}

void Requests::SetTimes(int64_t at_ms) {
  for (auto& [key, known] : known_) known.at_ms = at_ms;
  Sort();
}

void Requests::Sort() {
  came_.clear();
  for (const auto& [key, known] : known_) came_.emplace_back(known.at_ms, key);
  std::ranges::sort(came_);
}

}  // namespace waypost::journeys

// Messages as the state keeps them: each one, what of it counts against caps and where, and which
// of those that wait goes first.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "journeys/decision.h"
#include "journeys/definition.h"

namespace waypost::journeys {

// What several customers may share, an address of a channel or an account: as a hash, which says
// nobody's address, so that what counts there stays when one of them is erased.
using SharedKey = uint64_t;
SharedKey AddressKey(const std::string& channel, const std::string& address);
SharedKey AccountKey(const std::string& named_by, const std::string& account);

struct Touch {
  change::TouchPlanned plan;  // its node: of the version that its entry is in
  uint32_t version = 0;       // that planned it
  std::string node;           // that planned it
  int64_t planned_ms = 0;
  Outcome outcome = Outcome::kPlanned;
  int64_t moved_ms = 0;
  std::vector<std::pair<Outcome, int64_t>> reached;  // each state once, when it was first heard of
  std::string why;
  uint32_t tries = 0;     // times it was claimed, but for those that were put back for at once
  bool recalled = false;  // its entry left for a reason that takes back what is not yet sent
  std::vector<SharedKey> shared;  // where it counts besides at its customer
  bool erased = false;            // its customer: nothing of it names him any more
  int64_t spent_on = 0;           // the day of the bank whose budget of its unit it took from
  template <typename A>
  void Fields(A& a) {
    a(plan, planned_ms, outcome, moved_ms, reached, why, tries, recalled);
    if (a.version() > 4) a(version, node);
    if (a.version() > 16) a(shared, erased);
    if (a.version() > 22) a(spent_on);
  }
};

// A message that counts against caps.
struct TouchMark {
  TouchKey key;
  int64_t time_ms = 0;
  JourneyIndex journey = 0;
  std::string channel, category;
  std::vector<std::string> tags;
  template <typename A>
  void Fields(A& a) {
    a(key, time_ms, journey, channel, category);
    if (a.version() > 16) return a(tags);
    std::string address;
    a(address);
  }
};

// Whose turn it is of those who wait for one moment, lower first: what is mandatory, then the
// higher priority, then what is of no use any more earlier.
uint64_t TurnOf(const Journey& journey, int64_t expires_ms = kNever);
// When a message of the token would be of no use any more; kNever: at no time.
int64_t ExpiryOf(const Token& token, const Journey& journey);

}  // namespace waypost::journeys

// Activity: in which calendar buckets a customer did something, and what follows from it: who is
// new, current, resurrected or dormant in a bucket (lifecycle), and in how many buckets customers
// are active (stickiness).
//
//   ActivityResult result = RunActivity(spec, binding, threads);
//
// The same spec and snapshot give the same result on any number of threads.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "exec/customer_set.h"
#include "exec/customers.h"

namespace waypost::exec {

struct ActivitySpec {
  EventSet events;
  TimeBuckets buckets;  // the one before the range first, then those asked for; at least 2
  // Also what was before the buckets is needed: who is new and who resurrected.
  bool ever = false;
  std::vector<uint32_t> ignored;
  Population population;

  // Whose customers to give: those in a state in a bucket, or active in so many buckets.
  struct Wanted {
    std::optional<uint32_t> state;
    uint32_t bucket = 0;  // of those asked for
    uint32_t active_in = 0;
  };
  std::optional<Wanted> wanted;
};

enum class LifecycleState : uint8_t {
  kNew,          // first active ever
  kCurrent,      // active, and in the bucket before
  kResurrected,  // active, not in the bucket before, but some time earlier
  kDormant,      // not active, but in the bucket before
};
inline constexpr size_t kLifecycleStates = 4;

struct ActivityResult {
  std::vector<std::array<uint64_t, kLifecycleStates>> states;  // by bucket asked for
  std::vector<uint64_t> active_in;  // [k]: customers active in exactly k of the buckets asked for
  CustomerSet customers;
};

BindSpec ActivityBinding(const ActivitySpec& spec);

// REQUIRES: `binding` was made from ActivityBinding(spec).
ActivityResult RunActivity(const ActivitySpec& spec, const Binding& binding, unsigned threads);

}  // namespace waypost::exec

// Any bytes given as a saved plan or as a change are refused or read; what is read is written the
// same.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "model/tracking_plan.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::span<const uint8_t> bytes(data, size);
  waypost::Result<waypost::TrackingPlan> plan = waypost::TrackingPlan::Decode(bytes);
  const waypost::Result<waypost::PlanChange> change = waypost::PlanChange::Decode(bytes);
  waypost::TrackingPlan changed = plan.ok() ? std::move(plan).value() : waypost::TrackingPlan();
  if (change.ok()) (void)changed.Apply(change.value());
  const waypost::Bytes saved = changed.Encode();
  CHECK(waypost::TrackingPlan::Decode(saved).value().Encode() == saved);
  return 0;
}

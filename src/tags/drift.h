// How far a distribution has moved from another.
#pragma once

#include <optional>

#include "tags/summary.h"

namespace waypost::tags {

inline constexpr double kDriftWarns = 0.1;
inline constexpr double kDriftAlarms = 0.25;

// The population stability index: the sum over bins of (a - e) ln(a / e), where e and a are the
// shares of the reference and of now, at least 1e-4 each (Siddiqi, Credit Risk Scorecards, 2006).
// Numbers fall in ten quantile bins of the reference, an edge belonging to the lower one; texts are
// bins themselves. Nothing when either has no values.
std::optional<double> StabilityIndex(const Summary& reference, const Summary& now);

}  // namespace waypost::tags

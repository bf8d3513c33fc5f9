#include "journeys/trial.h"

#include <algorithm>
#include <cmath>

namespace waypost::journeys {
namespace {

constexpr double kAlpha = 0.05;
constexpr double kBrokenZ = 3.0902;  // one-sided p = 0.001

double RateOf(const ArmCounts& arm) {
  return arm.entered == 0 ? 0
                          : static_cast<double>(arm.converted) / static_cast<double>(arm.entered);
}

// Of the difference of two proportions, two-sided.
double PValue(const ArmCounts& a, const ArmCounts& b) {
  const auto m = static_cast<double>(a.entered), n = static_cast<double>(b.entered);
  const double pooled = static_cast<double>(a.converted + b.converted) / (m + n);
  const double error = std::sqrt(pooled * (1 - pooled) * (1 / m + 1 / n));
  if (error == 0) return 1;
  return std::erfc(std::abs(RateOf(a) - RateOf(b)) / error / std::sqrt(2.0));
}

bool IsBroken(const std::vector<ArmCounts>& arms, const std::vector<uint32_t>& shares) {
  double all = 0, all_shares = 0, sum = 0;
  for (const ArmCounts& arm : arms) all += static_cast<double>(arm.entered);
  for (const uint32_t share : shares) all_shares += share;
  for (size_t i = 0; i < arms.size(); ++i) {
    const double expected = all * shares[i] / all_shares;
    const double off = static_cast<double>(arms[i].entered) - expected;
    if (expected > 0) sum += off * off / expected;
  }
  const double spread = 2.0 / (9.0 * static_cast<double>(arms.size() - 1));
  const double freedom = static_cast<double>(arms.size() - 1);
  return (std::cbrt(sum / freedom) - (1 - spread)) / std::sqrt(spread) > kBrokenZ;
}

}  // namespace

std::string_view NameOf(TrialEnd end) {
  constexpr std::string_view kNames[] = {"winner", "too_few", "sample_ratio", "no_significance"};
  return kNames[static_cast<size_t>(end)];
}

Verdict Compare(const std::vector<ArmCounts>& arms, const std::vector<uint32_t>& shares,
                uint64_t min_sample) {
  if (arms.size() < 2) return {};
  const bool enough = std::ranges::all_of(
      arms, [&](const ArmCounts& arm) { return arm.entered > 0 && arm.entered >= min_sample; });
  if (!enough) return {};
  if (IsBroken(arms, shares)) return {.end = TrialEnd::kSampleRatio};
  const auto best = std::ranges::max_element(arms, {}, RateOf);
  const double alpha = kAlpha / static_cast<double>(arms.size() - 1);
  for (auto other = arms.begin(); other != arms.end(); ++other) {
    if (other != best && PValue(*best, *other) >= alpha) return {.end = TrialEnd::kNoSignificance};
  }
  return {static_cast<uint32_t>(best - arms.begin()), TrialEnd::kWinner};
}

}  // namespace waypost::journeys

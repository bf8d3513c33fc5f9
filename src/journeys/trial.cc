#include "journeys/trial.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace waypost::journeys {
namespace {

constexpr double kAlpha = 0.05;
constexpr double kSureOfBest = 0.95;
constexpr uint64_t kMillion = 1'000'000;
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

bool IsBroken(const std::vector<ArmCounts>& arms) {
  double sum = 0;
  for (const ArmCounts& arm : arms) {
    const double expected = static_cast<double>(arm.expected) / kMillion;
    const double off = static_cast<double>(arm.entered) - expected;
    if (expected > 0) sum += off * off / expected;
  }
  const double spread = 2.0 / (9.0 * static_cast<double>(arms.size() - 1));
  const double freedom = static_cast<double>(arms.size() - 1);
  return (std::cbrt(sum / freedom) - (1 - spread)) / std::sqrt(spread) > kBrokenZ;
}

}  // namespace

std::string_view NameOf(TrialEnd end) {
  constexpr std::string_view kNames[] = {"winner", "too_few", "sample_ratio", "no_significance",
                                         "chosen"};
  return kNames[static_cast<size_t>(end)];
}

void Expect(const std::vector<uint32_t>& shares, uint64_t customers, std::vector<ArmCounts>* arms) {
  const uint64_t all = std::accumulate(shares.begin(), shares.end(), uint64_t{0});
  for (size_t i = 0; all > 0 && i < shares.size(); ++i)
    (*arms)[i].expected += customers * kMillion * shares[i] / all;
}

// Each density on a grid over where any of them is more than nothing; what falls on one point
// counts half.
std::vector<double> ChancesOfBest(const std::vector<ArmCounts>& arms) {
  constexpr size_t kPoints = 8'192;
  constexpr double kSpread = 8;  // standard deviations
  double from = 1, to = 0;
  for (const ArmCounts& arm : arms) {
    const auto n = static_cast<double>(arm.entered) + 2;
    const double mean = (static_cast<double>(arm.converted) + 1) / n;
    const double deviation = std::sqrt(mean * (1 - mean) / (n + 1));
    from = std::min(from, std::max(0.0, mean - kSpread * deviation));
    to = std::max(to, std::min(1.0, mean + kSpread * deviation));
  }
  const auto at = [&](size_t point) {
    return from + (to - from) * (static_cast<double>(point) + 0.5) / kPoints;
  };
  std::vector<std::vector<double>> weights;
  for (const ArmCounts& arm : arms) {
    const auto yes = static_cast<double>(arm.converted);
    const double no = static_cast<double>(arm.entered) - yes;
    std::vector<double>& of = weights.emplace_back(kPoints);
    for (size_t i = 0; i < kPoints; ++i) of[i] = yes * std::log(at(i)) + no * std::log1p(-at(i));
    const double most = *std::ranges::max_element(of);
    double sum = 0;
    for (double& weight : of) sum += weight = std::exp(weight - most);
    for (double& weight : of) weight /= sum;
  }
  std::vector<double> chances(arms.size()), below(arms.size());
  double all = 0;
  for (size_t i = 0; i < kPoints; ++i) {
    for (size_t arm = 0; arm < arms.size(); ++arm) {
      double chance = weights[arm][i];
      for (size_t other = 0; other < arms.size(); ++other)
        if (other != arm) chance *= below[other] + weights[other][i] / 2;
      chances[arm] += chance;
      all += chance;
    }
    for (size_t arm = 0; arm < arms.size(); ++arm) below[arm] += weights[arm][i];
  }
  for (double& chance : chances) chance /= all;
  return chances;
}

Verdict Compare(const std::vector<ArmCounts>& arms, const TrialRules& rules) {
  const auto none = [&](TrialEnd end) { return Verdict{rules.no_winner, end}; };
  const bool enough = arms.size() > 1 && std::ranges::all_of(arms, [&](const ArmCounts& arm) {
                        return arm.entered > 0 && arm.entered >= rules.min_sample;
                      });
  if (!enough) return none(TrialEnd::kTooFew);
  if (IsBroken(arms)) return none(TrialEnd::kSampleRatio);
  if (rules.test == TrialTest::kBayesian) {
    const std::vector<double> chances = ChancesOfBest(arms);
    const auto best = std::ranges::max_element(chances);
    if (*best < kSureOfBest) return none(TrialEnd::kNoSignificance);
    return {static_cast<uint32_t>(best - chances.begin()), TrialEnd::kWinner};
  }
  const auto best = std::ranges::max_element(arms, {}, RateOf);
  const double alpha = kAlpha / static_cast<double>(arms.size() - 1);
  for (auto other = arms.begin(); other != arms.end(); ++other) {
    if (other != best && PValue(*best, *other) >= alpha) return none(TrialEnd::kNoSignificance);
  }
  return {static_cast<uint32_t>(best - arms.begin()), TrialEnd::kWinner};
}

}  // namespace waypost::journeys

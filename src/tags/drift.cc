#include "tags/drift.h"

#include <algorithm>
#include <cmath>

#include "exec/quantile.h"

namespace waypost::tags {
namespace {

constexpr double kLeastShare = 1e-4;
constexpr int kBins = 10;

struct Bin {
  uint64_t reference = 0, now = 0;
};

std::vector<Bin> BinsOf(const std::vector<double>& reference, const std::vector<double>& now) {
  std::vector<double> edges;
  for (int i = 1; i < kBins; ++i) {
    const double edge = exec::Quantile(reference, static_cast<double>(i) / kBins);
    if (edges.empty() || edge > edges.back()) edges.push_back(edge);
  }
  std::vector<Bin> bins(edges.size() + 1);
  const auto bin_of = [&](double v) -> Bin& {
    return bins[static_cast<size_t>(std::ranges::lower_bound(edges, v) - edges.begin())];
  };
  for (const double v : reference) ++bin_of(v).reference;
  for (const double v : now) ++bin_of(v).now;
  return bins;
}

std::vector<Bin> BinsOf(const std::map<std::string, uint64_t>& reference,
                        const std::map<std::string, uint64_t>& now) {
  std::map<std::string_view, Bin> by_value;
  for (const auto& [value, count] : reference) by_value[value].reference = count;
  for (const auto& [value, count] : now) by_value[value].now = count;
  std::vector<Bin> bins;
  for (const auto& [value, bin] : by_value) bins.push_back(bin);
  return bins;
}

}  // namespace

std::optional<double> StabilityIndex(const Summary& reference, const Summary& now) {
  if (reference.with_value == 0 || now.with_value == 0) return std::nullopt;
  const bool numbers = !reference.numbers.empty() && !now.numbers.empty();
  const std::vector<Bin> bins =
      numbers ? BinsOf(reference.numbers, now.numbers) : BinsOf(reference.counts, now.counts);
  double of_reference = 0, of_now = 0;
  for (const Bin& bin : bins) {
    of_reference += static_cast<double>(bin.reference);
    of_now += static_cast<double>(bin.now);
  }
  if (of_reference == 0 || of_now == 0) return std::nullopt;
  double index = 0;
  for (const Bin& bin : bins) {
    const double e = std::max(static_cast<double>(bin.reference) / of_reference, kLeastShare);
    const double a = std::max(static_cast<double>(bin.now) / of_now, kLeastShare);
    index += (a - e) * std::log(a / e);
  }
  return index;
}

}  // namespace waypost::tags

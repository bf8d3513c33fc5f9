#include "tags/scoring.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace waypost::tags {
namespace {

using Method = Scoring::Method;

// Greater is better from here on.
using ClassOf = std::function<uint32_t(double)>;

ClassOf ByMean(const std::vector<double>& known) {
  long double sum = 0;
  for (const double v : known) sum += v;
  const auto mean = static_cast<double>(sum / static_cast<long double>(known.size()));
  return [mean](double v) { return v >= mean ? 2u : 1u; };
}

ClassOf ByEdges(std::vector<double> edges, bool less_is_better) {
  if (less_is_better) {
    for (double& edge : edges) edge = -edge;
    std::ranges::reverse(edges);
  }
  return [edges = std::move(edges)](double v) {
    return 1 + static_cast<uint32_t>(std::ranges::upper_bound(edges, v) - edges.begin());
  };
}

// By how many numbers are better: `of(better)`.
ClassOf ByRank(std::vector<double> known, std::function<uint32_t(size_t better)> of) {
  std::ranges::sort(known);
  return [known = std::move(known), of = std::move(of)](double v) {
    return of(static_cast<size_t>(known.end() - std::ranges::upper_bound(known, v)));
  };
}

ClassOf ByTop(std::vector<double> known, const Scoring& scoring) {
  std::vector<double> counts = scoring.numbers;
  if (scoring.method == Method::kTopShare) {
    for (double& n : counts) n = std::ceil(n / 100 * static_cast<double>(known.size()) - 1e-9);
  }
  return ByRank(std::move(known), [counts = std::move(counts)](size_t better) {
    uint32_t in = 1;
    for (const double n : counts) in += static_cast<double>(better) < n;
    return in;
  });
}

ClassOf ByQuantile(std::vector<double> known, uint32_t parts) {
  const size_t all = known.size();
  return ByRank(std::move(known), [all, parts](size_t better) {
    return parts - static_cast<uint32_t>(better * parts / all);
  });
}

ClassOf Make(std::vector<double> known, const Scoring& scoring, bool less_is_better) {
  switch (scoring.method) {
    case Method::kMean:
      return ByMean(known);
    case Method::kEdges:
      return ByEdges(scoring.numbers, less_is_better);
    case Method::kQuantiles:
      return ByQuantile(std::move(known), scoring.parts);
    default:
      return ByTop(std::move(known), scoring);
  }
}

}  // namespace

std::vector<uint8_t> ClassesOf(std::span<const double> numbers, const Scoring& scoring,
                               bool less_is_better) {
  const double sign = less_is_better ? -1 : 1;
  std::vector<double> known;
  for (const double v : numbers) {
    if (!std::isnan(v)) known.push_back(sign * v);
  }
  std::vector<uint8_t> classes(numbers.size());
  if (known.empty()) return classes;
  const ClassOf class_of = Make(std::move(known), scoring, less_is_better);
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (!std::isnan(numbers[i])) classes[i] = static_cast<uint8_t>(class_of(sign * numbers[i]));
  }
  return classes;
}

}  // namespace waypost::tags

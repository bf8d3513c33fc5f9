#include "base/nearest.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace waypost {
namespace {

// Levenshtein's distance, by rows.
size_t Distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t change = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row.back();
}

}  // namespace

std::string Nearest(std::string_view name, std::span<const std::string> known) {
  std::string nearest;
  size_t least = name.size() / 3 + 2;
  for (const std::string& other : known) {
    const size_t longer = std::max(other.size(), name.size()),
                 shorter = std::min(other.size(), name.size());
    if (longer - shorter >= least || longer > 128) continue;
    const size_t distance = Distance(name, other);
    if (distance >= least) continue;
    least = distance;
    nearest = other;
  }
  return nearest;
}

}  // namespace waypost

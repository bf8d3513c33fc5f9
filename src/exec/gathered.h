// Numbers gathered one by one, in runs, so that none moves when many more come.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <vector>

namespace waypost::exec {

// Numbers in runs, none of them empty. What a function takes that works on numbers in any order.
using NumberRuns = std::span<const std::vector<int64_t>>;

// How many there are, and what of all of them together; without any, all zero.
struct Extent {
  size_t count = 0;
  __int128 sum = 0;
  int64_t least = 0, greatest = 0;
};
inline Extent ExtentOf(NumberRuns runs) {
  Extent all;
  if (!runs.empty()) all.least = all.greatest = runs[0][0];
  for (const std::vector<int64_t>& run : runs) {
    all.count += run.size();
    for (const int64_t number : run) {
      all.sum += number;
      all.least = std::min(all.least, number);
      all.greatest = std::max(all.greatest, number);
    }
  }
  return all;
}

class Gathered {
 public:
  void Add(int64_t number) {
    if (runs_.empty() || runs_.back().size() == kRun) Begin();
    runs_.back().push_back(number);
  }
  // All of another's, which is left empty.
  void Take(Gathered* from) {
    runs_.insert(runs_.end(), std::move_iterator(from->runs_.begin()),
                 std::move_iterator(from->runs_.end()));
    from->runs_.clear();
  }

  NumberRuns runs() const { return runs_; }

 private:
  static constexpr size_t kRun = 8192;

  void Begin() {
    runs_.emplace_back();
    if (runs_.size() > 1) runs_.back().reserve(kRun);  // the first grows: mostly there are few
  }

  std::vector<std::vector<int64_t>> runs_;
};

}  // namespace waypost::exec

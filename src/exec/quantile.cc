#include "exec/quantile.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace waypost::exec {
namespace {

// Finds the values that are at some places when all are in order. Those far from every place asked
// for are counted and left out, so that there is little to put in order.
class Ranks {
 public:
  // REQUIRES: there is a number.
  explicit Ranks(NumberRuns runs) : runs_(runs) {
    const Extent extent = ExtentOf(runs);
    low_ = static_cast<uint64_t>(extent.least);
    const auto bits = std::bit_width(static_cast<uint64_t>(extent.greatest) - low_);
    shift_ = std::max(0, static_cast<int>(bits) - kBits);
    for (const std::vector<int64_t>& run : runs) {
      for (const int64_t v : run) ++begins_[BucketOf(v) + 1];
    }
    for (size_t b = 1; b < begins_.size(); ++b) begins_[b] += begins_[b - 1];
  }

  size_t count() const { return begins_.back(); }
  // REQUIRES: rank < count(); all calls before Gather().
  void Want(size_t rank) { wanted_[BucketAt(rank)] = true; }
  void Gather() {
    size_t left_out = 0;
    for (size_t b = 0; b < wanted_.size(); ++b) {
      left_out_[b] = left_out;
      if (!wanted_[b]) left_out += begins_[b + 1] - begins_[b];
    }
    gathered_.reserve(count() - left_out);
    for (const std::vector<int64_t>& run : runs_) {
      for (const int64_t v : run) {
        if (wanted_[BucketOf(v)]) gathered_.push_back(v);
      }
    }
  }
  // REQUIRES: it was wanted.
  int64_t At(size_t rank) {
    const auto at = gathered_.begin() + static_cast<ptrdiff_t>(rank - left_out_[BucketAt(rank)]);
    std::nth_element(gathered_.begin(), at, gathered_.end());
    return *at;
  }

 private:
  static constexpr int kBits = 12;

  size_t BucketOf(int64_t v) const { return (static_cast<uint64_t>(v) - low_) >> shift_; }
  size_t BucketAt(size_t rank) const {
    return static_cast<size_t>(std::upper_bound(begins_.begin(), begins_.end(), rank) -
                               begins_.begin()) -
           1;
  }

  NumberRuns runs_;
  uint64_t low_ = 0;
  int shift_ = 0;
  std::array<size_t, (1 << kBits) + 1> begins_{};  // ranks of each bucket's first value
  std::array<bool, 1 << kBits> wanted_{};
  std::array<size_t, 1 << kBits> left_out_{};
  std::vector<int64_t> gathered_;
};

}  // namespace

std::vector<double> Quantiles(NumberRuns runs, std::span<const double> qs) {
  Ranks ranks(runs);
  const auto place = [&](double q) { return static_cast<double>(ranks.count() - 1) * q; };
  const auto low = [&](double q) { return static_cast<size_t>(std::floor(place(q))); };
  const auto high = [&](double q) { return std::min(low(q) + 1, ranks.count() - 1); };
  for (const double q : qs) {
    ranks.Want(low(q));
    ranks.Want(high(q));
  }
  ranks.Gather();
  std::vector<double> quantiles;
  for (const double q : qs) {
    const auto below = static_cast<double>(ranks.At(low(q)));
    const auto above = static_cast<double>(ranks.At(high(q)));
    quantiles.push_back(below + (place(q) - std::floor(place(q))) * (above - below));
  }
  return quantiles;
}

}  // namespace waypost::exec

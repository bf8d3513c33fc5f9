#include "exec/bit_kernels.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace waypost::exec {
namespace {

// All lengths around those that are counted at once, and sets as full as can be: sums of bytes must
// not overflow.
TEST(BitKernelsTest, EachLevelCountsWhatOneByOneCounts) {
  std::mt19937_64 random(5);
  for (size_t words = 0; words <= 200; ++words) {
    for (const bool full : {false, true}) {
      std::vector<uint64_t> a(words, ~0ull), b(words, ~0ull);
      for (size_t w = 0; w < words && !full; ++w) a[w] = random(), b[w] = random();
      uint64_t want = 0;
      for (size_t bit = 0; bit < 64 * words; ++bit)
        want += (a[bit / 64] & b[bit / 64]) >> (bit % 64) & 1;
      for (size_t level = 0; level < CountCommonLevels().size(); ++level) {
        ASSERT_EQ(CountCommonLevels()[level](a.data(), b.data(), words), want)
            << "level " << level << ", " << words << " words";
      }
    }
  }
}

}  // namespace
}  // namespace waypost::exec

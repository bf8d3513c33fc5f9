#include "exec/range_kernels.h"

#include <algorithm>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace waypost::exec {
namespace {

using column::PackedInts;

void MarkOneByOne(const PackedInts& numbers, uint64_t first, uint64_t span, size_t from,
                  size_t words, uint64_t* marks) {
  for (size_t w = from; w < words; ++w) {
    uint64_t mark = 0;
    for (size_t i = 0; i < 64; ++i)
      mark |= uint64_t{numbers.Offset(64 * w + i) - first <= span} << i;
    marks[w] = mark;
  }
}

void MarkRangePortable(const PackedInts& numbers, uint64_t first, uint64_t span, size_t words,
                       uint64_t* marks) {
  MarkOneByOne(numbers, first, span, 0, words, marks);
}

}  // namespace

#if defined(__x86_64__)
namespace {

// Eight numbers begin at a byte. Each half of a vector holds the bytes of four of them: a number of
// up to 25 bits is in four bytes, wherever in the first of them it begins.
__attribute__((target("avx2"))) void MarkRangeAvx2(const PackedInts& numbers, uint64_t first,
                                                   uint64_t span, size_t words, uint64_t* marks) {
  constexpr uint8_t kWidest = 25;
  const size_t width = numbers.width();
  const uint64_t greatest = (1ull << std::min<size_t>(width, 63)) - 1;
  if (width == 0 || width > kWidest || first > greatest)
    return MarkRangePortable(numbers, first, span, words, marks);

  alignas(32) uint8_t places[32];
  alignas(32) uint32_t shifts[8];
  const size_t second = 4 * width / 8;  // where the bytes of the fifth number begin
  for (size_t k = 0; k < 8; ++k) {
    const size_t byte = k * width / 8 - (k < 4 ? 0 : second);
    for (size_t j = 0; j < 4; ++j) places[4 * k + j] = static_cast<uint8_t>(byte + j);
    shifts[k] = k * width % 8;
  }
  const __m256i place = _mm256_load_si256(reinterpret_cast<const __m256i*>(places));
  const __m256i shift = _mm256_load_si256(reinterpret_cast<const __m256i*>(shifts));
  const __m256i mask = _mm256_set1_epi32(static_cast<int>(greatest));
  const __m256i low = _mm256_set1_epi32(static_cast<int>(first));
  const __m256i size = _mm256_set1_epi32(static_cast<int>(std::min(span, greatest)));

  // The last loads reach 16 bytes beyond where the fifth number begins, which must be readable.
  const size_t readable = PackedInts::ByteSize(numbers.size(), numbers.width()) + 8;
  size_t w = 0;
  for (; w < words && (64 * w + 56) * width / 8 + second + 16 <= readable; ++w) {
    const uint8_t* at = numbers.data() + 8 * w * width;
    uint64_t mark = 0;
    for (int k = 0; k < 64; k += 8, at += width) {
      const __m128i half = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
      const __m128i other = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + second));
      __m256i v = _mm256_inserti128_si256(_mm256_castsi128_si256(half), other, 1);
      v = _mm256_srlv_epi32(_mm256_shuffle_epi8(v, place), shift);
      v = _mm256_sub_epi32(_mm256_and_si256(v, mask), low);
      const __m256i inside = _mm256_cmpeq_epi32(_mm256_min_epu32(v, size), v);
      const auto bits = static_cast<uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(inside)));
      mark |= uint64_t{bits} << k;
    }
    marks[w] = mark;
  }
  MarkOneByOne(numbers, first, span, w, words, marks);
}

}  // namespace

#endif

std::span<const MarkRangeFn> MarkRangeLevels() {
  static const std::vector<MarkRangeFn> levels = [] {
    std::vector<MarkRangeFn> can = {&MarkRangePortable};
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2")) can.push_back(&MarkRangeAvx2);
#endif
    return can;
  }();
  return levels;
}

}  // namespace waypost::exec

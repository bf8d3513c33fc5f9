#include "exec/bit_kernels.h"

#include <bit>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace waypost::exec {
namespace {

uint64_t CountCommonPortable(const uint64_t* a, const uint64_t* b, size_t words) {
  uint64_t count = 0;
  for (size_t w = 0; w < words; ++w) count += static_cast<uint64_t>(std::popcount(a[w] & b[w]));
  return count;
}

}  // namespace

#if defined(__x86_64__)
// False alarms of g++ 12: its own AVX-512 header, and a helper that is always inlined.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wpsabi"
namespace {

// Bytes are counted by a table look-up per half; sums of bytes stay below 256 for 16 vectors.
__attribute__((target("avx2"), always_inline)) inline __m256i BitsPerByte(__m256i v) {
  const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2,
                                         1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
  const __m256i low = _mm256_set1_epi8(15);
  return _mm256_add_epi8(
      _mm256_shuffle_epi8(table, _mm256_and_si256(v, low)),
      _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(v, 4), low)));
}

__attribute__((target("avx2"))) uint64_t CountCommonAvx2(const uint64_t* a, const uint64_t* b,
                                                         size_t words) {
  const auto load = [](const uint64_t* p) __attribute__((target("avx2"))) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
  };
  __m256i total = _mm256_setzero_si256();
  size_t w = 0;
  for (; w + 32 <= words; w += 32) {
    __m256i bytes = _mm256_setzero_si256();
    for (size_t v = w; v < w + 32; v += 4) {
      bytes = _mm256_add_epi8(bytes, BitsPerByte(_mm256_and_si256(load(a + v), load(b + v))));
    }
    total = _mm256_add_epi64(total, _mm256_sad_epu8(bytes, _mm256_setzero_si256()));
  }
  alignas(32) uint64_t lanes[4];
  _mm256_store_si256(reinterpret_cast<__m256i*>(lanes), total);
  return lanes[0] + lanes[1] + lanes[2] + lanes[3] + CountCommonPortable(a + w, b + w, words - w);
}

__attribute__((target("avx512f,avx512bw"))) uint64_t CountCommonAvx512(const uint64_t* a,
                                                                       const uint64_t* b,
                                                                       size_t words) {
  const __m512i table =
      _mm512_broadcast_i32x4(_mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
  const __m512i low = _mm512_set1_epi8(15);
  __m512i total = _mm512_setzero_si512();
  size_t w = 0;
  for (; w + 64 <= words; w += 64) {
    __m512i bytes = _mm512_setzero_si512();
    for (size_t v = w; v < w + 64; v += 8) {
      const __m512i common = _mm512_and_si512(_mm512_loadu_si512(a + v), _mm512_loadu_si512(b + v));
      bytes = _mm512_add_epi8(bytes, _mm512_shuffle_epi8(table, _mm512_and_si512(common, low)));
      bytes = _mm512_add_epi8(
          bytes, _mm512_shuffle_epi8(table, _mm512_and_si512(_mm512_srli_epi16(common, 4), low)));
    }
    total = _mm512_add_epi64(total, _mm512_sad_epu8(bytes, _mm512_setzero_si512()));
  }
  return static_cast<uint64_t>(_mm512_reduce_add_epi64(total)) +
         CountCommonPortable(a + w, b + w, words - w);
}

__attribute__((target("avx512f,avx512vpopcntdq"))) uint64_t CountCommonPopcnt(const uint64_t* a,
                                                                              const uint64_t* b,
                                                                              size_t words) {
  __m512i total = _mm512_setzero_si512();
  size_t w = 0;
  for (; w + 8 <= words; w += 8) {
    total = _mm512_add_epi64(total, _mm512_popcnt_epi64(_mm512_and_si512(
                                        _mm512_loadu_si512(a + w), _mm512_loadu_si512(b + w))));
  }
  return static_cast<uint64_t>(_mm512_reduce_add_epi64(total)) +
         CountCommonPortable(a + w, b + w, words - w);
}

}  // namespace
#pragma GCC diagnostic pop

#endif

std::span<const CountCommonFn> CountCommonLevels() {
  static const std::vector<CountCommonFn> levels = [] {
    std::vector<CountCommonFn> can = {&CountCommonPortable};
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2")) can.push_back(&CountCommonAvx2);
    if (__builtin_cpu_supports("avx512bw")) can.push_back(&CountCommonAvx512);
    if (__builtin_cpu_supports("avx512vpopcntdq")) can.push_back(&CountCommonPopcnt);
#endif
    return can;
  }();
  return levels;
}

}  // namespace waypost::exec

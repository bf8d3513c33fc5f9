// Counting bits that two sets have in common, with the widest instructions this processor has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace waypost::exec {

// The number of bits set in both a[0..words) and b[0..words).
using CountCommonFn = uint64_t (*)(const uint64_t* a, const uint64_t* b, size_t words);

// All that this processor can do, the fastest last. The first is for any processor; the others must
// equal it.
std::span<const CountCommonFn> CountCommonLevels();

inline CountCommonFn FastestCountCommon() { return CountCommonLevels().back(); }

}  // namespace waypost::exec

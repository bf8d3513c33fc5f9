// Counting bits that two sets have in common, with the widest instructions this processor has.
#pragma once

#include <cstddef>
#include <cstdint>

namespace waypost::exec {

// The number of bits set in both a[0..words) and b[0..words).
using CountCommonFn = uint64_t (*)(const uint64_t* a, const uint64_t* b, size_t words);

// For any processor: what the others must equal.
uint64_t CountCommonPortable(const uint64_t* a, const uint64_t* b, size_t words);

// The fastest that this processor can do; chosen once.
CountCommonFn FastestCountCommon();

}  // namespace waypost::exec

// Which packed numbers are in a range, a bit each, with the widest instructions this processor has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "column/packed_ints.h"

namespace waypost::exec {

// Bit i of marks[w] says whether number 64w + i is one whose Offset() o has o - first <= span, the
// difference wrapping around, so that what is below the range is not in it. Writes `words` words.
// REQUIRES: numbers.size() >= 64 * words
using MarkRangeFn = void (*)(const column::PackedInts& numbers, uint64_t first, uint64_t span,
                             size_t words, uint64_t* marks);

// All that this processor can do, the fastest last. The first is for any processor; the others must
// equal it.
std::span<const MarkRangeFn> MarkRangeLevels();

inline MarkRangeFn FastestMarkRange() { return MarkRangeLevels().back(); }

}  // namespace waypost::exec

// A checksum of the events of a block that does not depend on how they are laid out: the same for
// one part and for the several it was merged from. Proves that compaction lost and changed nothing.
#pragma once

#include <cstdint>
#include <span>

#include "column/event_block.h"

namespace waypost::column {

// Sum over all rows of a hash of (event type, customer, time) and over all values of a hash of the
// row, the property and the value. Sums of several blocks add up (modulo 2^64). Reads every value
// once.
// `without`: customers (locals, increasing) whose rows do not count.
uint64_t BlockChecksum(const EventBlock& block, std::span<const uint32_t> without = {});

}  // namespace waypost::column

// What a question sees: every part of every block at one moment, and which ordinals are one
// customer. Views only; the owner (store::Snapshot) keeps everything alive and unchanged.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "column/clusters.h"
#include "column/event_block.h"

namespace waypost::column {

struct BlockView {
  uint32_t block = 0;
  // By (base_ms, age): of two parts of one month the older arrived first, so rows of equal time are
  // in order when the older part's come first.
  std::vector<const EventBlock*> parts;
  // Attributes of the block's customers: row = local ordinal; short columns mean NULL beyond their
  // end. A cluster's are whole at its root's row: what survives of all its members' values. The
  // other members' rows hold what each has by itself and are nobody's.
  std::vector<Column> attributes;

  const Column* FindAttribute(uint32_t property) const;
};

struct SnapshotView {
  std::string id;  // same id and same question: same bytes of answer
  uint32_t ordinal_count = 0;
  std::vector<BlockView> blocks;  // by block, increasing; blocks without anything may be left out
  Clusters clusters;              // most customers are one ordinal and are not listed
  // Bit per ordinal: set for every member of a cluster, roots too. Operators skip these in the
  // block pass and visit them cluster by cluster. Size: ordinal_count / 64 + 1 words.
  std::vector<uint64_t> clustered;
  // Bit per ordinal, set when erased: in no answer. Empty when nobody is.
  std::vector<uint64_t> erased;
  // The block whose bits come first in the two: 0, but in a view of what is near one block.
  uint32_t bits_from = 0;
  // Parts that could not be read: answers must say that they are incomplete.
  std::vector<std::string> damaged_parts;

  const BlockView* FindBlock(uint32_t block) const;
  bool IsErased(uint32_t ordinal) const { return Bit(erased, ordinal); }

 private:
  bool Bit(const std::vector<uint64_t>& bits, uint32_t ordinal) const {
    const uint32_t at = ordinal - (bits_from << 16);
    return at / 64 < bits.size() && (bits[at / 64] >> (at % 64) & 1);
  }
};

}  // namespace waypost::column

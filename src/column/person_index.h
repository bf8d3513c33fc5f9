// Which customers of a block have rows in a slice, and which rows: the rows of a customer are
// adjacent, so this is a sorted set of local ordinals and a list of row starts.
//
// Held as 65,536 bits with a running count per 64 when many customers are present, as a sorted list
// of 16-bit locals when few (kDenseFrom). A local ordinal is ordinal & 0xFFFF.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "column/packed_ints.h"

namespace waypost::column {

// std::popcount is a call on processors that may lack the instruction; this is a few additions.
inline uint32_t CountBits(uint64_t v) {
  v -= v >> 1 & 0x5555555555555555ull;
  v = (v & 0x3333333333333333ull) + (v >> 2 & 0x3333333333333333ull);
  v = (v + (v >> 4)) & 0x0F0F0F0F0F0F0F0Full;
  return static_cast<uint32_t>(v * 0x0101010101010101ull >> 56);
}

struct RowRange {
  uint32_t begin = 0;
  uint32_t end = 0;  // not included
  bool empty() const { return begin == end; }
  uint32_t size() const { return end - begin; }
};

// A view into an image. Any number of threads may read it.
class PersonIndex {
 public:
  static constexpr uint32_t kWords = 1024;  // of 64 customers each
  static constexpr uint32_t kDenseFrom = 1024;

  uint32_t person_count() const { return person_count_; }
  // Rows of all customers together.
  uint32_t row_count() const { return static_cast<uint32_t>(starts_.Offset(person_count_)); }
  bool dense() const { return words_ != nullptr; }

  bool Contains(uint32_t local) const { return Rank(local) != kAbsent; }

  // The customer's rows within the slice; empty when it has none.
  RowRange Rows(uint32_t local) const {
    const uint32_t rank = Rank(local);
    return rank == kAbsent ? RowRange{} : RowsAt(rank);
  }

  // Asks memory for what Rows will read first.
  void Prefetch(uint32_t local) const {
    if (!dense()) return __builtin_prefetch(locals_ + person_count_ / 2);
    __builtin_prefetch(words_ + (local >> 6));
    __builtin_prefetch(ranks_ + (local >> 6));
  }

  // Rows of the rank-th customer present. REQUIRES: rank < person_count().
  RowRange RowsAt(uint32_t rank) const {
    return {static_cast<uint32_t>(starts_.Offset(rank)),
            static_cast<uint32_t>(starts_.Offset(rank + 1))};
  }

  // The customers present among locals [64w, 64w + 64), and the rank of the first of them.
  struct Word {
    uint64_t bits = 0;
    uint32_t rank = 0;
    // The rank of local 64w + bit. REQUIRES: it is present.
    uint32_t RankOf(uint32_t bit) const { return rank + CountBits(bits & ((1ull << bit) - 1)); }
  };
  // `*cursor` begins at 0 and is for one walk over increasing w.
  Word WordAt(uint32_t w, uint32_t* cursor) const {
    if (dense()) return {words_[w], ranks_[w]};
    while (*cursor < person_count_ && locals_[*cursor] >> 6 < w) ++*cursor;
    Word word{0, *cursor};
    for (uint32_t i = *cursor; i < person_count_ && locals_[i] >> 6 == w; ++i)
      word.bits |= 1ull << (locals_[i] & 63);
    return word;
  }

  // ORs the customers present into 1,024 words.
  void OrInto(uint64_t* words) const {
    if (dense()) {
      for (uint32_t w = 0; w < kWords; ++w) words[w] |= words_[w];
    } else {
      for (uint32_t i = 0; i < person_count_; ++i)
        words[locals_[i] >> 6] |= 1ull << (locals_[i] & 63);
    }
  }

  // Calls visit(local, RowRange) for each customer present, in order.
  template <typename Visit>
  void ForEach(Visit visit) const {
    uint32_t begin = static_cast<uint32_t>(person_count_ ? starts_.Offset(0) : 0);
    uint32_t rank = 0;
    const auto next = [&](uint32_t local) {
      const auto end = static_cast<uint32_t>(starts_.Offset(++rank));
      visit(local, RowRange{begin, end});
      begin = end;
    };
    if (dense()) {
      for (uint32_t w = 0; w < kWords; ++w) {
        for (uint64_t bits = words_[w]; bits; bits &= bits - 1) {
          next(w * 64 + static_cast<uint32_t>(std::countr_zero(bits)));
        }
      }
    } else {
      for (uint32_t i = 0; i < person_count_; ++i) next(locals_[i]);
    }
  }

  // The customer of each row: row_count() locals. For loops over rows that do not stop at
  // customers.
  void FillLocals(uint16_t* locals) const;

  // Null when sparse.
  const uint64_t* words() const { return words_; }

 private:
  friend Result<PersonIndex> ReadPersonIndex(ByteReader* in);
  static constexpr uint32_t kAbsent = ~0u;

  uint32_t Rank(uint32_t local) const {
    if (dense()) {
      const uint64_t word = words_[local >> 6];
      const uint64_t bit = 1ull << (local & 63);
      if (!(word & bit)) return kAbsent;
      return ranks_[local >> 6] + CountBits(word & (bit - 1));
    }
    const uint16_t* end = locals_ + person_count_;
    const uint16_t* at = std::lower_bound(locals_, end, static_cast<uint16_t>(local));
    return at != end && *at == local ? static_cast<uint32_t>(at - locals_) : kAbsent;
  }

  uint32_t person_count_ = 0;
  const uint64_t* words_ = nullptr;   // dense
  const uint16_t* ranks_ = nullptr;   // dense: customers before each word
  const uint16_t* locals_ = nullptr;  // sparse
  PackedInts starts_;                 // person_count + 1 row numbers
};

// `locals` strictly increasing; `starts` one longer, increasing. Appends u32 count · u32 dense(0/1)
// · (1,024 words · 1,024 ranks | locals, padded to 8) · packed starts. REQUIRES: out->size() % 8 ==
// 0.
void WritePersonIndex(std::span<const uint16_t> locals, std::span<const int64_t> starts,
                      ByteWriter* out);

// A view into the reader's bytes, which must be 8-byte aligned. kCorrupt when cut or impossible.
Result<PersonIndex> ReadPersonIndex(ByteReader* in);

}  // namespace waypost::column

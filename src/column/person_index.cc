#include "column/person_index.h"

namespace waypost::column {
namespace {

void WriteDense(std::span<const uint16_t> locals, ByteWriter* out) {
  std::vector<uint64_t> words(PersonIndex::kWords);
  for (const uint16_t local : locals) words[local >> 6] |= 1ull << (local & 63);
  for (const uint64_t word : words) out->U64(word);
  uint32_t before = 0;
  for (const uint64_t word : words) {
    out->U16(static_cast<uint16_t>(before));
    before += static_cast<uint32_t>(std::popcount(word));
  }
}

void WriteSparse(std::span<const uint16_t> locals, ByteWriter* out) {
  for (const uint16_t local : locals) out->U16(local);
  for (size_t i = locals.size(); i % 4 != 0; ++i) out->U16(0);
}

Error Impossible(const char* what) {
  return Error(Code::kCorrupt, std::string("customer index: ") + what);
}

bool Increasing(const PackedInts& starts) {
  for (uint32_t i = 1; i < starts.size(); ++i) {
    if (starts.Offset(i) <= starts.Offset(i - 1)) return false;
  }
  return true;
}

}  // namespace

void WritePersonIndex(std::span<const uint16_t> locals, std::span<const int64_t> starts,
                      ByteWriter* out) {
  CHECK(out->size() % 8 == 0 && starts.size() == locals.size() + 1 && starts.front() == 0);
  const bool dense = locals.size() >= PersonIndex::kDenseFrom;
  out->U32(static_cast<uint32_t>(locals.size()));
  out->U32(dense);
  if (dense) {
    WriteDense(locals, out);
  } else {
    WriteSparse(locals, out);
  }
  PackInts(starts, out);
}

// First each customer's first row is marked, then the marks run on: locals increase.
void PersonIndex::FillLocals(uint16_t* locals) const {
  const uint32_t rows = row_count();
  std::fill_n(locals, rows, uint16_t{0});
  uint32_t rank = 0;
  const auto mark = [&](uint32_t local) {
    locals[starts_.Offset(rank++)] = static_cast<uint16_t>(local);
  };
  if (dense()) {
    for (uint32_t w = 0; w < kWords; ++w) {
      for (uint64_t bits = words_[w]; bits; bits &= bits - 1)
        mark(w * 64 + static_cast<uint32_t>(std::countr_zero(bits)));
    }
  } else {
    while (rank < person_count_) mark(locals_[rank]);
  }
  uint16_t local = 0;
  for (uint32_t row = 0; row < rows; ++row) locals[row] = local = std::max(local, locals[row]);
}

Result<PersonIndex> ReadPersonIndex(ByteReader* in) {
  PersonIndex index;
  index.person_count_ = in->U32();
  const uint32_t dense = in->U32();
  if (index.person_count_ > 65'536 || dense > 1) return Impossible("impossible count");
  if (dense) {
    index.words_ = reinterpret_cast<const uint64_t*>(in->Raw(PersonIndex::kWords * 8).data());
    index.ranks_ = reinterpret_cast<const uint16_t*>(in->Raw(PersonIndex::kWords * 2).data());
    if (!in->ok()) return Impossible("cut");
    uint32_t before = 0;
    for (uint32_t w = 0; w < PersonIndex::kWords; ++w) {
      if (index.ranks_[w] != static_cast<uint16_t>(before)) return Impossible("wrong ranks");
      before += static_cast<uint32_t>(std::popcount(index.words_[w]));
    }
    if (before != index.person_count_) return Impossible("wrong count");
  } else {
    index.locals_ =
        reinterpret_cast<const uint16_t*>(in->Raw((index.person_count_ + 3) / 4 * 8).data());
    if (!in->ok()) return Impossible("cut");
    for (uint32_t i = 1; i < index.person_count_; ++i) {
      if (index.locals_[i] <= index.locals_[i - 1]) return Impossible("not increasing");
    }
  }
  index.starts_ = TRY(ReadPackedInts(in));
  if (index.starts_.size() != index.person_count_ + 1 || index.starts_.base() != 0 ||
      index.starts_.Offset(0) != 0 || !Increasing(index.starts_)) {
    return Impossible("wrong row starts");
  }
  return index;
}

}  // namespace waypost::column

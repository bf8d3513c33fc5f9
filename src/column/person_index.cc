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

Error BadIndex(const char* what) {
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

// Most customers have a few rows: eight are written at once, and what is too many the next customer
// writes over. The view is copied so that it can stay in registers while bytes are written.
void PersonIndex::FillLocals(uint16_t* locals) const {
  constexpr uint32_t kAtOnce = 8;
  const uint32_t rows = row_count();
  const PersonIndex persons = *this;
  persons.ForEach([&](uint32_t local, RowRange range) {
    const auto value = static_cast<uint16_t>(local);
    if (range.begin + kAtOnce > rows) {
      std::fill(locals + range.begin, locals + range.end, value);
      return;
    }
    const uint64_t four = value * 0x0001000100010001ull;
    std::memcpy(locals + range.begin, &four, sizeof(four));
    std::memcpy(locals + range.begin + 4, &four, sizeof(four));
    for (uint32_t row = range.begin + kAtOnce; row < range.end; ++row) locals[row] = value;
  });
}

Result<PersonIndex> ReadPersonIndex(ByteReader* in) {
  PersonIndex index;
  index.person_count_ = in->U32();
  const uint32_t dense = in->U32();
  if (index.person_count_ > 65'536 || dense > 1) return BadIndex("impossible count");
  if (dense) {
    index.words_ = reinterpret_cast<const uint64_t*>(in->Raw(PersonIndex::kWords * 8).data());
    index.ranks_ = reinterpret_cast<const uint16_t*>(in->Raw(PersonIndex::kWords * 2).data());
    if (!in->ok()) return BadIndex("cut");
    uint32_t before = 0;
    for (uint32_t w = 0; w < PersonIndex::kWords; ++w) {
      if (index.ranks_[w] != static_cast<uint16_t>(before)) return BadIndex("wrong ranks");
      before += static_cast<uint32_t>(std::popcount(index.words_[w]));
    }
    if (before != index.person_count_) return BadIndex("wrong count");
  } else {
    index.locals_ =
        reinterpret_cast<const uint16_t*>(in->Raw((index.person_count_ + 3) / 4 * 8).data());
    if (!in->ok()) return BadIndex("cut");
    for (uint32_t i = 1; i < index.person_count_; ++i) {
      if (index.locals_[i] <= index.locals_[i - 1]) return BadIndex("not increasing");
    }
  }
  index.starts_ = TRY(ReadPackedInts(in));
  if (index.starts_.size() != index.person_count_ + 1 || index.starts_.base() != 0 ||
      index.starts_.Offset(0) != 0 || !Increasing(index.starts_)) {
    return BadIndex("wrong row starts");
  }
  return index;
}

}  // namespace waypost::column

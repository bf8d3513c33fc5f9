#include "column/column_image.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "column/block_image.h"

namespace waypost::column {
namespace {

void PadToWord(ByteWriter* out) {
  while (out->size() % 8 != 0) out->U8(0);
}

Error Impossible(const char* what) { return Error(Code::kCorrupt, std::string("column: ") + what); }

bool IsWhole(ColumnType type) {
  return type == ColumnType::kBool || type == ColumnType::kInt || type == ColumnType::kDecimal ||
         type == ColumnType::kDateTime || type == ColumnType::kDate;
}

Result<Dictionary> ReadDictionary(ByteReader* in) {
  const PackedInts ends = TRY(ReadPackedInts(in));
  const uint64_t size = in->U64();
  const std::string_view text = AsText(in->Raw((size + 7) / 8 * 8));
  if (!in->ok() || size > text.size()) return Impossible("dictionary is cut");
  int64_t before = 0;
  for (uint32_t i = 0; i < ends.size(); ++i) {
    // Texts are different, so only the first can be empty; the loop ends where the bytes do.
    if (ends.Get(i) < before + (i > 0)) return Impossible("dictionary is not in order");
    before = ends.Get(i);
  }
  if (before != static_cast<int64_t>(size)) return Impossible("dictionary has a wrong size");
  return Dictionary(ends, text.data());
}

bool CodesInside(const PackedInts& codes, const Dictionary& dictionary) {
  if (codes.size() == 0) return true;
  if (codes.base() != 0) return false;
  if (codes.width() < 32 && (1ull << codes.width()) <= dictionary.size()) return true;
  for (uint32_t i = 0; i < codes.size(); ++i) {
    if (codes.Offset(i) >= dictionary.size()) return false;
  }
  return true;
}

}  // namespace

void ColumnBuilder::Admit(ColumnType type) {
  if (type == type_ || (type == ColumnType::kInt && type_ == ColumnType::kDouble)) return;
  CHECK(type == ColumnType::kDouble && type_ == ColumnType::kInt);
  type_ = ColumnType::kDouble;
  for (int64_t& number : numbers_) number = std::bit_cast<int64_t>(static_cast<double>(number));
}

uint32_t ColumnBuilder::CodeOf(std::string_view text) {
  const auto [at, added] = codes_.try_emplace(text, static_cast<uint32_t>(texts_.size()));
  if (added) texts_.push_back(text);
  return at->second;
}

void ColumnBuilder::AddNumber(uint32_t row, int64_t bits) {
  rows_.push_back(row);
  numbers_.push_back(bits);
}

void ColumnBuilder::AddItems(uint32_t row, std::span<const uint32_t> codes) {
  items_.insert(items_.end(), codes.begin(), codes.end());
  AddNumber(row, static_cast<int64_t>(items_.size()));
}

void ColumnBuilder::Add(uint32_t row, const Cell& cell) {
  Admit(cell.type);
  if (cell.type == ColumnType::kString) {
    AddNumber(row, CodeOf(cell.text));
  } else if (cell.type == ColumnType::kList) {
    std::vector<uint32_t> codes;
    for (ByteReader in(AsBytes(cell.text)); !in.done();) codes.push_back(CodeOf(in.Text()));
    AddItems(row, codes);
  } else if (type_ == ColumnType::kDouble) {
    const double real = cell.type == ColumnType::kInt ? static_cast<double>(cell.whole) : cell.real;
    AddNumber(row, std::bit_cast<int64_t>(real));
  } else {
    AddNumber(row, cell.whole);
  }
}

void ColumnBuilder::AddAll(uint32_t first_row, const Column& column) {
  Admit(column.type());
  std::vector<uint32_t> code_of(column.dictionary().size());
  for (uint32_t code = 0; code < code_of.size(); ++code) {
    code_of[code] = CodeOf(column.dictionary().Text(code));
  }
  for (uint32_t row = 0; row < column.row_count(); ++row) {
    if (column.IsNull(row)) continue;
    if (column.type() == ColumnType::kString) {
      AddNumber(first_row + row, code_of[column.Code(row)]);
    } else if (column.type() == ColumnType::kList) {
      std::vector<uint32_t> codes;
      const RowRange items = column.Items(row);
      for (uint32_t i = items.begin; i < items.end; ++i)
        codes.push_back(code_of[column.ItemCode(i)]);
      AddItems(first_row + row, codes);
    } else if (column.type() == ColumnType::kDouble) {
      AddNumber(first_row + row, std::bit_cast<int64_t>(column.Real(row)));
    } else if (type_ == ColumnType::kDouble) {
      AddNumber(first_row + row, std::bit_cast<int64_t>(static_cast<double>(column.Whole(row))));
    } else {
      AddNumber(first_row + row, column.Whole(row));
    }
  }
}

std::vector<int64_t> ColumnBuilder::Placed(std::span<const uint32_t> place) const {
  // NULL rows repeat some value, so that they do not widen the packing.
  std::vector<int64_t> placed(place.size(), numbers_.empty() ? 0 : numbers_[0]);
  for (size_t i = 0; i < rows_.size(); ++i) placed[place[rows_[i]]] = numbers_[i];
  return placed;
}

void ColumnBuilder::WritePresence(std::span<const uint32_t> place, ByteWriter* out) const {
  std::vector<uint64_t> present((place.size() + 63) / 64);
  for (const uint32_t row : rows_) present[place[row] >> 6] |= 1ull << (place[row] & 63);
  for (const uint64_t word : present) out->U64(word);
}

void ColumnBuilder::WriteDictionary(ByteWriter* out) {
  std::vector<uint32_t> order(texts_.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](uint32_t a, uint32_t b) { return texts_[a] < texts_[b]; });
  std::vector<int64_t> ends;
  code_place_.resize(order.size());
  int64_t end = 0;
  for (uint32_t i = 0; i < order.size(); ++i) {
    code_place_[order[i]] = i;
    ends.push_back(end += static_cast<int64_t>(texts_[order[i]].size()));
  }
  PackInts(ends, out);
  out->U64(static_cast<uint64_t>(end));
  for (const uint32_t code : order) out->Raw(AsBytes(texts_[code]));
  PadToWord(out);
}

void ColumnBuilder::WriteLists(std::span<const uint32_t> place, ByteWriter* out) {
  std::vector<RowRange> ranges(place.size());
  uint32_t begin = 0;
  for (size_t i = 0; i < rows_.size(); ++i) {
    const auto end = static_cast<uint32_t>(numbers_[i]);
    ranges[place[rows_[i]]] = {begin, end};
    begin = end;
  }
  std::vector<int64_t> starts = {0}, codes;
  for (const RowRange& range : ranges) {
    for (uint32_t i = range.begin; i < range.end; ++i) codes.push_back(code_place_[items_[i]]);
    starts.push_back(static_cast<int64_t>(codes.size()));
  }
  PackInts(starts, out);
  PackCodes(codes, out);
}

void ColumnBuilder::Write(std::span<const uint32_t> place, ByteWriter* out) {
  CHECK(out->size() % 8 == 0);
  const bool has_nulls = rows_.size() != place.size();
  if (type_ == ColumnType::kString && texts_.empty()) CodeOf("");  // what NULL rows point at
  out->U32(property_);
  out->U8(static_cast<uint8_t>(type_));
  out->U8(has_nulls);
  out->U16(0);
  out->U32(static_cast<uint32_t>(place.size()));
  out->U32(0);
  if (has_nulls) WritePresence(place, out);
  if (type_ == ColumnType::kString || type_ == ColumnType::kList) WriteDictionary(out);
  if (type_ == ColumnType::kList) {
    WriteLists(place, out);
  } else if (type_ == ColumnType::kDouble) {
    for (const int64_t bits : Placed(place)) out->U64(static_cast<uint64_t>(bits));
  } else if (type_ == ColumnType::kString) {
    std::vector<int64_t> codes = Placed(place);
    for (int64_t& code : codes) code = code_place_[static_cast<size_t>(code)];
    PackCodes(codes, out);
  } else {
    PackInts(Placed(place), out);
  }
}

Result<Column> ReadColumn(ByteReader* in) {
  Column column;
  column.property_ = in->U32();
  column.type_ = static_cast<ColumnType>(in->U8());
  const uint8_t has_nulls = in->U8();
  in->U16();
  column.row_count_ = in->U32();
  in->U32();
  const uint32_t rows = column.row_count_;
  if (has_nulls) {
    column.present_ =
        reinterpret_cast<const uint64_t*>(in->Raw((uint64_t{rows} + 63) / 64 * 8).data());
  }
  if (!in->ok()) return Impossible("cut");
  if (column.type_ == ColumnType::kString || column.type_ == ColumnType::kList) {
    column.dictionary_ = TRY(ReadDictionary(in));
  }
  if (column.type_ == ColumnType::kDouble) {
    column.reals_ = reinterpret_cast<const double*>(in->Raw(uint64_t{rows} * 8).data());
    if (!in->ok()) return Impossible("cut");
    return column;
  }
  column.numbers_ = TRY(ReadPackedInts(in));
  if (column.type_ == ColumnType::kList) {
    column.items_ = TRY(ReadPackedInts(in));
    if (column.numbers_.size() != rows + 1) return Impossible("wrong number of rows");
    int64_t before = 0;
    for (uint32_t i = 0; i <= rows; ++i) {
      const int64_t start = column.numbers_.Get(i);
      if (start < before || start > column.items_.size()) return Impossible("wrong list starts");
      before = start;
    }
    if (!CodesInside(column.items_, column.dictionary_))
      return Impossible("code outside dictionary");
    return column;
  }
  if (column.numbers_.size() != rows) return Impossible("wrong number of rows");
  if (column.type_ == ColumnType::kString) {
    if (!CodesInside(column.numbers_, column.dictionary_))
      return Impossible("code outside dictionary");
    return column;
  }
  if (!IsWhole(column.type_)) return Impossible("unknown type");
  return column;
}

}  // namespace waypost::column

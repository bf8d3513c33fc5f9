#include "column/column_image.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>

#include "column/block_image.h"

namespace waypost::column {
namespace {

constexpr size_t kHeadBytes = 16;  // of a column, before its presence bits

Error BadColumn(const char* what) { return Error(Code::kCorrupt, std::string("column: ") + what); }

bool IsWhole(ColumnType type) {
  return type == ColumnType::kBool || type == ColumnType::kInt || type == ColumnType::kDecimal ||
         type == ColumnType::kDateTime || type == ColumnType::kDate;
}

Result<Dictionary> ReadDictionary(ByteReader* in) {
  const PackedInts ends = TRY(ReadPackedInts(in));
  const uint64_t size = in->U64();
  const std::string_view text = AsText(in->Raw((size + 7) / 8 * 8));
  if (!in->ok() || size > text.size()) return BadColumn("dictionary is cut");
  int64_t before = 0;
  for (uint32_t i = 0; i < ends.size(); ++i) {
    // Texts are different, so only the first can be empty; the loop ends where the bytes do.
    const int64_t end = ends.Get(i);
    if (end < before || (i > 0 && end == before)) return BadColumn("dictionary is not in order");
    before = end;
  }
  if (before != static_cast<int64_t>(size)) return BadColumn("dictionary has a wrong size");
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

std::string_view TextKeeper::Keep(std::string_view text) {
  constexpr size_t kFirstPiece = 256, kLargestPiece = 1 << 20;
  if (size_ - used_ < text.size()) {
    size_ = std::max(std::clamp(size_ * 2, kFirstPiece, kLargestPiece), text.size());
    used_ = 0;
    pieces_.push_back(std::make_unique_for_overwrite<char[]>(size_));
  }
  char* at = pieces_.empty() ? nullptr : pieces_.back().get() + used_;
  std::copy(text.begin(), text.end(), at);
  used_ += text.size();
  return {at, text.size()};
}

uint32_t ColumnBuilder::CodeOf(std::string_view text, bool keep) {
  if (last_code_ < texts_.size() && texts_[last_code_] == text) return last_code_;
  if (const auto found = codes_.find(text); found != codes_.end()) {
    return last_code_ = found->second;
  }
  last_code_ = static_cast<uint32_t>(texts_.size());
  texts_.push_back(keep ? keeper_.Keep(text) : text);
  codes_.emplace(texts_.back(), last_code_);
  return last_code_;
}

void ColumnBuilder::AddNumber(uint32_t row, int64_t bits) {
  if (rows_.empty() && row != numbers_.size()) {
    rows_.resize(numbers_.size());
    std::iota(rows_.begin(), rows_.end(), 0);
  }
  numbers_.push_back(bits);
  if (!rows_.empty() || row != numbers_.size() - 1) rows_.push_back(row);
}

void ColumnBuilder::AddItems(uint32_t row, std::span<const uint32_t> codes) {
  items_.insert(items_.end(), codes.begin(), codes.end());
  AddNumber(row, static_cast<int64_t>(items_.size()));
}

void ColumnBuilder::Add(uint32_t row, const Cell& cell) {
  Admit(cell.type);
  if (cell.type == ColumnType::kString) {
    AddNumber(row, CodeOf(cell.text, true));
  } else if (cell.type == ColumnType::kList) {
    std::vector<uint32_t> codes;
    for (ByteReader in(AsBytes(cell.text)); !in.done();) codes.push_back(CodeOf(in.Text(), true));
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
    code_of[code] = CodeOf(column.dictionary().Text(code), false);
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

std::optional<Cell> ColumnBuilder::CellAt(uint32_t row, ByteWriter* list) const {
  size_t at = row;
  if (!rows_.empty()) {
    const auto found = std::lower_bound(rows_.begin(), rows_.end(), row);
    if (found == rows_.end() || *found != row) return std::nullopt;
    at = static_cast<size_t>(found - rows_.begin());
  }
  if (at >= numbers_.size()) return std::nullopt;
  Cell cell{.property = property_, .type = type_};
  if (type_ == ColumnType::kString) {
    cell.text = texts_[static_cast<size_t>(numbers_[at])];
  } else if (type_ == ColumnType::kDouble) {
    cell.real = std::bit_cast<double>(numbers_[at]);
  } else if (type_ == ColumnType::kList) {
    list->Clear();
    for (auto i = at == 0 ? 0 : static_cast<size_t>(numbers_[at - 1]);
         i < static_cast<size_t>(numbers_[at]); ++i)
      list->Text(texts_[items_[i]]);
    cell.text = AsText(list->bytes());
  } else {
    cell.whole = numbers_[at];
  }
  return cell;
}

std::vector<int64_t> ColumnBuilder::Placed(std::span<const uint32_t> place) const {
  // NULL rows repeat some value, so that they do not widen the packing.
  std::vector<int64_t> placed(place.size(), numbers_.empty() ? 0 : numbers_[0]);
  for (size_t i = 0; i < numbers_.size(); ++i) placed[place[RowOf(i)]] = numbers_[i];
  return placed;
}

void ColumnBuilder::WritePresence(std::span<const uint32_t> place, ByteWriter* out) const {
  std::vector<uint64_t> present((place.size() + 63) / 64);
  for (size_t i = 0; i < numbers_.size(); ++i) {
    const uint32_t at = place[RowOf(i)];
    present[at >> 6] |= 1ull << (at & 63);
  }
  for (const uint64_t word : present) out->U64(word);
}

void ColumnBuilder::WriteDictionary(ByteWriter* out) {
  std::vector<uint32_t> order(texts_.size());
  std::iota(order.begin(), order.end(), 0);
  if (!std::is_sorted(texts_.begin(), texts_.end())) {
    std::sort(order.begin(), order.end(),
              [&](uint32_t a, uint32_t b) { return texts_[a] < texts_[b]; });
  }
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
  out->PadToWord();
}

void ColumnBuilder::WriteLists(std::span<const uint32_t> place, ByteWriter* out) {
  std::vector<RowRange> ranges(place.size());
  uint32_t begin = 0;
  for (size_t i = 0; i < numbers_.size(); ++i) {
    const auto end = static_cast<uint32_t>(numbers_[i]);
    ranges[place[RowOf(i)]] = {begin, end};
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
  const bool has_nulls = numbers_.size() != place.size();
  if (type_ == ColumnType::kString && texts_.empty()) CodeOf("", false);  // what NULL rows point at
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
    PackInts(Placed(place), out, spare_bits_);
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
  if (!in->ok()) return BadColumn("cut");
  if (column.type_ == ColumnType::kString || column.type_ == ColumnType::kList) {
    column.dictionary_ = TRY(ReadDictionary(in));
  }
  if (column.type_ == ColumnType::kDouble) {
    column.reals_ = reinterpret_cast<const double*>(in->Raw(uint64_t{rows} * 8).data());
    if (!in->ok()) return BadColumn("cut");
    return column;
  }
  column.numbers_ = TRY(ReadPackedInts(in));
  if (column.type_ == ColumnType::kList) {
    column.items_ = TRY(ReadPackedInts(in));
    if (column.numbers_.size() != rows + 1) return BadColumn("wrong number of rows");
    int64_t before = 0;
    for (uint32_t i = 0; i <= rows; ++i) {
      const int64_t start = column.numbers_.Get(i);
      if (start < before || start > column.items_.size()) return BadColumn("wrong list starts");
      before = start;
    }
    if (!CodesInside(column.items_, column.dictionary_))
      return BadColumn("code outside dictionary");
    return column;
  }
  if (column.numbers_.size() != rows) return BadColumn("wrong number of rows");
  if (column.type_ == ColumnType::kString) {
    if (!CodesInside(column.numbers_, column.dictionary_))
      return BadColumn("code outside dictionary");
    return column;
  }
  if (!IsWhole(column.type_)) return BadColumn("unknown type");
  return column;
}

Image ColumnBuilder::WriteAlone(size_t rows) {
  std::vector<uint32_t> place(rows);
  std::iota(place.begin(), place.end(), 0);
  ByteWriter out;
  // A flag that was one and becomes the other has its place; and flags of one bit each are words.
  spare_bits_ = type_ == ColumnType::kBool ? 0 : 1;
  Write(place, &out);
  return Image(out.bytes());
}

namespace {

// Sets rows in place. False, the image being of no use then, when something does not fit.
bool Patch(const Column& column, std::span<const RowCell> changes, Image* image) {
  const PackedInts& numbers = column.numbers();
  uint8_t* const present = image->data() + kHeadBytes;
  const size_t presence_bytes = column.has_nulls() ? (size_t{column.row_count()} + 63) / 64 * 8 : 0;
  uint8_t* const reals = present + presence_bytes;
  uint8_t* const packed = image->data() + (numbers.data() - image->bytes().data());
  for (const auto& [row, cell] : changes) {
    if (row >= column.row_count() || column.type() == ColumnType::kList) return false;
    if (!cell && !column.has_nulls()) return false;
    if (column.has_nulls()) {
      const auto bit = static_cast<uint8_t>(1u << (row & 7));
      uint8_t& bits = present[row >> 3];
      bits = static_cast<uint8_t>(cell ? bits | bit : bits & ~bit);
    }
    if (!cell) continue;
    if (cell->type != column.type()) return false;
    if (column.type() == ColumnType::kDouble) {
      std::memcpy(reals + size_t{row} * 8, &cell->real, 8);
      continue;
    }
    bool known = true;
    const int64_t number = column.type() == ColumnType::kString
                               ? column.dictionary().LowerBound(cell->text, &known)
                               : cell->whole;
    if (!known || !numbers.Holds(number)) return false;
    numbers.Put(packed, row, number);
  }
  return true;
}

// Both in byte order, without repeats.
std::vector<std::string_view> MergedTexts(const std::vector<std::string_view>& known,
                                          std::span<const RowCell> changes) {
  std::vector<std::string_view> added, merged;
  for (const RowCell& change : changes) {
    if (change.cell) added.push_back(change.cell->text);
  }
  std::sort(added.begin(), added.end());
  added.erase(std::unique(added.begin(), added.end()), added.end());
  std::set_union(known.begin(), known.end(), added.begin(), added.end(),
                 std::back_inserter(merged));
  return merged;
}

uint32_t PlaceOf(std::string_view text, const std::vector<std::string_view>& texts) {
  return static_cast<uint32_t>(std::lower_bound(texts.begin(), texts.end(), text) - texts.begin());
}

// The texts stay in the order they have, so only new ones are sorted; those in no row any more go.
Image WithTexts(const Column& before, std::span<const RowCell> changes) {
  constexpr uint32_t kNull = UINT32_MAX;
  std::vector<uint32_t> codes(before.row_count(), kNull);
  for (uint32_t row = 0; row < codes.size(); ++row) {
    if (!before.IsNull(row)) codes[row] = before.Code(row);
  }
  for (const RowCell& change : changes) {
    if (change.row >= codes.size()) codes.resize(change.row + 1, kNull);
    codes[change.row] = kNull;
  }
  std::vector<bool> used(before.dictionary().size());
  for (const uint32_t code : codes) {
    if (code != kNull) used[code] = true;
  }
  std::vector<std::string_view> known;
  for (uint32_t code = 0; code < used.size(); ++code) {
    if (used[code]) known.push_back(before.dictionary().Text(code));
  }
  const std::vector<std::string_view> texts = MergedTexts(known, changes);
  std::vector<uint32_t> place(used.size());
  for (uint32_t code = 0, at = 0; code < used.size(); ++code) {
    if (!used[code]) continue;
    while (texts[at] != before.dictionary().Text(code)) ++at;
    place[code] = at;
  }
  for (uint32_t& code : codes) code = code == kNull ? kNull : place[code];
  for (const auto& [row, cell] : changes) codes[row] = cell ? PlaceOf(cell->text, texts) : kNull;

  ColumnBuilder builder(before.property(), ColumnType::kString);
  builder.SetTexts(texts);
  for (uint32_t row = 0; row < codes.size(); ++row) {
    if (codes[row] != kNull) builder.AddCode(row, codes[row]);
  }
  return builder.WriteAlone(codes.size());
}

}  // namespace

std::optional<Image> ChangedColumn(const Image& before, std::span<const RowCell> changes) {
  const Column column = ReadColumnImage(before.bytes()).value();
  Image image = before;
  const Column copy = ReadColumnImage(image.bytes()).value();
  if (Patch(copy, changes, &image)) return image;
  const bool texts = std::ranges::all_of(changes, [](const RowCell& change) {
    return !change.cell || change.cell->type == ColumnType::kString;
  });
  if (column.type() != ColumnType::kString || !texts) return std::nullopt;
  return WithTexts(column, changes);
}

}  // namespace waypost::column

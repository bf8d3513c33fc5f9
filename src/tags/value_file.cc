#include "tags/value_file.h"

#include <cmath>
#include <cstring>
#include <numeric>

#include "base/hash.h"
#include "column/block_image.h"
#include "column/column_image.h"
#include "model/batch.h"
#include "store/sealed_file.h"

namespace waypost::tags {
namespace {

using column::Cell;
using column::Column;
using column::ColumnType;

constexpr uint32_t kBlockSize = 1 << 16;
constexpr double kMostWhole = 0x1p53;

uint64_t IdOf(const std::string& path) { return Hash64(path.substr(path.rfind('/') + 1)); }

Error Damaged(const char* what) {
  return Error(Code::kCorrupt, "damaged_file", std::string("values of a tag: ") + what);
}

// Whole numbers take fewer bits; a column becomes one of doubles at its first fraction.
Cell CellOf(const Evaluated& values, uint32_t ordinal) {
  const double number = values.values.HasNumber(ordinal) ? values.values.numbers[ordinal] : 0;
  switch (values.type) {
    case ValueType::kString:
    case ValueType::kList:
      return {.type = static_cast<ColumnType>(values.type),
              .text = values.values.texts[values.values.CodeAt(ordinal) - 1]};
    case ValueType::kBool:
    case ValueType::kDateTime:
      return {.type = static_cast<ColumnType>(values.type), .whole = static_cast<int64_t>(number)};
    default:
      if (std::trunc(number) == number && std::abs(number) < kMostWhole)
        return {.type = ColumnType::kInt, .whole = static_cast<int64_t>(number)};
      return {.type = ColumnType::kDouble, .real = number};
  }
}

ColumnType FirstType(ValueType type) {
  return type == ValueType::kDouble ? ColumnType::kInt : static_cast<ColumnType>(type);
}

void PadToWord(ByteWriter* out) {
  while (out->size() % 8 != 0) out->U8(0);
}

bool HasValue(const Column* column, uint32_t row) {
  return column && row < column->row_count() && !column->IsNull(row);
}

// A row of a column as a cell; `list` keeps the text of a list.
Cell CellAt(const Column& column, uint32_t row, std::string* list) {
  Cell cell{.type = column.type()};
  if (cell.type == ColumnType::kString) {
    cell.text = column.Text(row);
  } else if (cell.type == ColumnType::kDouble) {
    cell.real = column.Real(row);
  } else if (cell.type == ColumnType::kList) {
    const column::RowRange range = column.Items(row);
    std::vector<std::string_view> items;
    for (uint32_t i = range.begin; i < range.end; ++i)
      items.push_back(column.dictionary().Text(column.ItemCode(i)));
    *list = PackList(items);
    cell.text = *list;
  } else {
    cell.whole = column.Whole(row);
  }
  return cell;
}

bool HasValue(const Evaluated& values, uint32_t ordinal) {
  const bool texts = values.type == ValueType::kString || values.type == ValueType::kList;
  return texts ? values.values.CodeAt(ordinal) != 0 : values.values.HasNumber(ordinal);
}

std::pair<Column, std::shared_ptr<const void>> Alone(column::ColumnBuilder* builder,
                                                     uint32_t rows) {
  const auto image = std::make_shared<column::Image>(builder->WriteAlone(rows));
  // What was just written can be read.
  return {column::ReadColumnImage(image->bytes()).value(), image};
}

// The column with other values in some rows.
std::pair<Column, std::shared_ptr<const void>> Patched(
    const Column* column, ColumnType type,
    const std::map<uint32_t, std::pair<const Column*, uint32_t>>& patches) {
  const uint32_t rows = std::max(column ? column->row_count() : 0, patches.rbegin()->first + 1);
  column::ColumnBuilder builder(0, column ? column->type() : type);
  std::string list;
  for (uint32_t row = 0; row < rows; ++row) {
    const auto patch = patches.find(row);
    const Column* from = patch == patches.end() ? column : patch->second.first;
    const uint32_t from_row = patch == patches.end() ? row : patch->second.second;
    if (HasValue(from, from_row)) builder.Add(row, CellAt(*from, from_row, &list));
  }
  return Alone(&builder, rows);
}

}  // namespace

std::pair<Column, std::shared_ptr<const void>> BlockColumn(const Evaluated& values, uint32_t first,
                                                           uint32_t rows) {
  column::ColumnBuilder builder(0, FirstType(values.type));
  for (uint32_t row = 0; row < rows; ++row) {
    if (HasValue(values, first + row)) builder.Add(row, CellOf(values, first + row));
  }
  return Alone(&builder, rows);
}

std::pair<Column, std::shared_ptr<const void>> AsAttribute(ValueType type, const Column& values,
                                                           uint32_t property) {
  column::ColumnBuilder builder(property, static_cast<ColumnType>(type));
  std::string list;
  for (uint32_t row = 0; row < values.row_count(); ++row) {
    if (values.IsNull(row)) continue;
    Cell cell = CellAt(values, row, &list);
    if (type == ValueType::kDouble && cell.type == ColumnType::kInt)
      cell = {.type = ColumnType::kDouble, .real = static_cast<double>(cell.whole)};
    builder.Add(row, cell);
  }
  return Alone(&builder, values.row_count());
}

namespace {

// The payload of a file, block by block.
class PayloadWriter {
 public:
  explicit PayloadWriter(ValueType type) {
    out_.U32(static_cast<uint32_t>(type));
    out_.U32(0);
  }
  void Add(uint32_t block, column::ColumnBuilder* values, uint32_t rows) {
    std::vector<uint32_t> place(rows);
    std::iota(place.begin(), place.end(), 0);
    ByteWriter image;
    values->Write(place, &image);
    PadToWord(&image);
    ++count_;
    out_.U32(block);
    out_.U32(0);
    out_.U64(image.size());
    out_.Raw(image.bytes());
  }
  Bytes Take() {
    Bytes bytes = out_.Take();
    std::memcpy(bytes.data() + 4, &count_, sizeof count_);
    return bytes;
  }

 private:
  ByteWriter out_;
  uint32_t count_ = 0;
};

Result<> WritePayload(io::FileSystem& files, const std::string& path, const Bytes& payload) {
  TRY(store::WriteSealedFile(files, path, store::SealedKind::kTagValues, IdOf(path), payload));
  return files.SyncDirectory(io::ParentDirectory(path));
}

bool HoldsErased(const DayValues& values, const column::SnapshotView& snapshot) {
  for (const auto& [block, column] : values.columns.columns()) {
    for (uint32_t row = 0; row < column.row_count(); ++row)
      if (!column.IsNull(row) && snapshot.IsErased(block * kBlockSize + row)) return true;
  }
  return false;
}

}  // namespace

Bytes EncodeValues(const Evaluated& values, const column::SnapshotView& snapshot) {
  PayloadWriter payload(values.type);
  for (uint32_t first = 0; first < snapshot.ordinal_count; first += kBlockSize) {
    const uint32_t rows = std::min(kBlockSize, snapshot.ordinal_count - first);
    column::ColumnBuilder builder(0, FirstType(values.type));
    bool any = false;
    for (uint32_t row = 0; row < rows; ++row) {
      const uint32_t ordinal = first + row;
      if (!HasValue(values, ordinal) || snapshot.IsErased(ordinal)) continue;
      builder.Add(row, CellOf(values, ordinal));
      any = true;
    }
    if (any) payload.Add(first / kBlockSize, &builder, rows);
    if (first > UINT32_MAX - kBlockSize) break;
  }
  return payload.Take();
}

Result<DayValues> DecodeValues(std::span<const uint8_t> bytes, std::shared_ptr<const void> owner) {
  ByteReader in(bytes);
  const uint32_t type = in.U32();
  const uint32_t count = in.U32();
  DayValues values;
  values.type = static_cast<ValueType>(type);
  if (type > 0xFF || TypeName(values.type).empty()) return Damaged("unknown type");
  int64_t before = -1;
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t block = in.U32();
    in.U32();
    const std::span<const uint8_t> image = in.Raw(in.U64());
    if (!in.ok() || image.size() % 8 != 0 || block <= before || block > 0xFFFF)
      return Damaged("cut short");
    before = block;
    const Column column = TRY(column::ReadColumnImage(image));
    const bool number = values.type == ValueType::kDouble &&
                        (column.type() == ColumnType::kInt || column.type() == ColumnType::kDouble);
    if (!number && column.type() != static_cast<ColumnType>(values.type))
      return Damaged("a column of another type");
    if (column.row_count() > kBlockSize) return Damaged("a block of too many");
    values.columns.Set(block, column, owner);
  }
  if (!in.ok() || !in.done()) return Damaged("cut short");
  return values;
}

Result<> WriteValues(io::FileSystem& files, const std::string& path, const Evaluated& values,
                     const column::SnapshotView& snapshot) {
  return WritePayload(files, path, EncodeValues(values, snapshot));
}

Result<bool> ForgetValues(io::FileSystem& files, const std::string& path,
                          const column::SnapshotView& snapshot) {
  const auto values = TRY(ReadValues(files, path));
  if (!HoldsErased(*values, snapshot)) return false;
  PayloadWriter payload(values->type);
  std::string list;
  for (const auto& [block, column] : values->columns.columns()) {
    column::ColumnBuilder builder(0, column.type());
    for (uint32_t row = 0; row < column.row_count(); ++row) {
      if (!column.IsNull(row) && !snapshot.IsErased(block * kBlockSize + row))
        builder.Add(row, CellAt(column, row, &list));
    }
    payload.Add(block, &builder, column.row_count());
  }
  TRY(WritePayload(files, path, payload.Take()));
  return true;
}

Result<std::shared_ptr<const DayValues>> ReadValues(io::FileSystem& files,
                                                    const std::string& path) {
  auto file = std::make_shared<store::SealedFile>(
      TRY(store::SealedFile::Open(files, path, store::SealedKind::kTagValues, IdOf(path))));
  TRY(file->Verify());
  Result<DayValues> values = DecodeValues(file->payload(), file);
  if (!values.ok()) return std::move(values).error().While(path);
  return std::make_shared<const DayValues>(std::move(values).value());
}

Evaluated Unpack(ValueType type, const column::CustomerColumns& columns) {
  Evaluated out;
  out.type = type;
  if (columns.columns().empty()) return out;
  const size_t ordinals = (size_t{columns.columns().rbegin()->first} + 1) * kBlockSize;
  out.values.numbers.assign(ordinals, exec::kNoNumber);
  out.values.codes.assign(ordinals, 0);
  std::map<std::string, uint32_t, std::less<>> codes;
  std::string list;
  for (const auto& [block, column] : columns.columns()) {
    for (uint32_t row = 0; row < column.row_count(); ++row) {
      if (column.IsNull(row)) continue;
      const size_t ordinal = size_t{block} * kBlockSize + row;
      const Cell cell = CellAt(column, row, &list);
      if (cell.type == ColumnType::kString || cell.type == ColumnType::kList) {
        const auto [at, added] = codes.try_emplace(std::string(cell.text), codes.size() + 1);
        if (added) out.values.texts.emplace_back(cell.text);
        out.values.codes[ordinal] = at->second;
      } else {
        out.values.numbers[ordinal] =
            cell.type == ColumnType::kDouble ? cell.real : static_cast<double>(cell.whole);
      }
    }
  }
  return out;
}

std::pair<const Column*, uint32_t> FindValue(const column::CustomerColumns& columns,
                                             const column::Cluster& customer) {
  const auto at = [&](uint32_t ordinal) -> std::pair<const Column*, uint32_t> {
    const Column* column = columns.Find(ordinal >> 16);
    const uint32_t row = ordinal & 0xFFFF;
    return {HasValue(column, row) ? column : nullptr, row};
  };
  auto found = at(customer.root);
  for (size_t i = 0; !found.first && i < customer.members.size(); ++i)
    found = at(customer.members[i]);
  return found;
}

namespace {

// Rows that get the value of another: by block, then row.
using Patches = std::map<uint32_t, std::map<uint32_t, std::pair<const Column*, uint32_t>>>;

// A root without a value gets that of its first member that has one.
void AddPatch(const column::CustomerColumns& columns, const column::Cluster& cluster,
              Patches* patches) {
  if (HasValue(columns.Find(cluster.root >> 16), cluster.root & 0xFFFF)) return;
  const auto found = FindValue(columns, cluster);
  if (found.first) (*patches)[cluster.root >> 16][cluster.root & 0xFFFF] = found;
}

std::shared_ptr<const column::CustomerColumns> WithPatches(
    const std::shared_ptr<const column::CustomerColumns>& before, const Patches& patches) {
  if (patches.empty()) return before;
  auto columns = std::make_shared<column::CustomerColumns>(*before);
  for (const auto& [block, rows] : patches) {
    const ColumnType found = rows.begin()->second.first->type();
    const ColumnType type = found == ColumnType::kDouble ? ColumnType::kInt : found;
    auto [column, owner] = Patched(before->Find(block), type, rows);
    columns->Set(block, column, std::move(owner));
  }
  return columns;
}

}  // namespace

std::shared_ptr<const column::CustomerColumns> ForSnapshot(
    const std::shared_ptr<const DayValues>& values, const column::SnapshotView& snapshot) {
  Patches patches;
  for (size_t c = 0; c < snapshot.clusters.size(); ++c)
    AddPatch(values->columns, snapshot.clusters[c], &patches);
  return WithPatches({values, &values->columns}, patches);
}

std::shared_ptr<const column::CustomerColumns> ForCustomer(
    const std::shared_ptr<const column::CustomerColumns>& columns,
    const column::Cluster& customer) {
  Patches patches;
  AddPatch(*columns, customer, &patches);
  return WithPatches(columns, patches);
}

}  // namespace waypost::tags

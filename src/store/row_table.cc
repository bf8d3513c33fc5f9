#include "store/row_table.h"

#include <algorithm>
#include <tuple>

#include "model/value.h"

namespace waypost::store {
namespace {

using column::Cell;
using column::ColumnType;

void PutCell(const Cell& cell, ByteWriter* out) {
  out->Varint(cell.property);
  out->U8(static_cast<uint8_t>(cell.type));
  switch (cell.type) {
    case ColumnType::kBool:
      return out->U8(cell.whole != 0);
    case ColumnType::kDouble:
      return out->F64(cell.real);
    case ColumnType::kString:
    case ColumnType::kList:
      return out->Text(cell.text);
    default:
      return out->Signed(cell.whole);
  }
}

// False for a type there is not.
bool ReadCell(ByteReader* in, Cell* cell) {
  const uint64_t column = in->Varint();
  const uint8_t type = in->U8();
  if (column > UINT32_MAX || type < 1 || type > static_cast<uint8_t>(ColumnType::kList))
    return false;
  *cell = {.property = static_cast<uint32_t>(column), .type = static_cast<ColumnType>(type)};
  switch (cell->type) {
    case ColumnType::kBool:
      cell->whole = in->U8();
      break;
    case ColumnType::kDouble:
      cell->real = in->F64();
      break;
    case ColumnType::kString:
    case ColumnType::kList:
      cell->text = in->Text();
      break;
    default:
      cell->whole = in->Signed();
  }
  return in->ok();
}

// A packed row being read.
struct Reader {
  explicit Reader(std::string_view packed) : in(AsBytes(packed)) {
    name = in.Text();
    owner = static_cast<Ordinal>(in.Varint() - 1);
    cells = in.Varint();
  }
  ByteReader in;
  std::string_view name;
  Ordinal owner;
  uint64_t cells;
};

bool IsWhole(std::string_view packed) {
  Reader row(packed);
  std::vector<uint32_t> columns;
  Cell cell;
  for (uint64_t left = row.cells; left > 0; --left) {
    if (!row.in.ok() || !ReadCell(&row.in, &cell)) return false;
    columns.push_back(cell.property);
  }
  std::ranges::sort(columns);
  return row.in.ok() && row.in.done() && !row.name.empty() &&
         std::ranges::adjacent_find(columns) == columns.end();
}

// A row at an owner's place, with cells more.
struct Placed {
  Ordinal owner;
  std::string_view name, packed;
  std::span<const Cell> more = {};
};

// An owner of rows that are owned through others, and what these lend them.
struct Link {
  Ordinal owner;
  std::vector<Cell> cells;  // whole ones
  friend bool operator==(const Link& a, const Link& b) {
    return a.owner == b.owner &&
           std::ranges::equal(a.cells, b.cells, [](const Cell& x, const Cell& y) {
             return x.property == y.property && x.whole == y.whole;
           });
  }
};

// The row's cell of column `from`, when it has one, as one of column `to`.
void CopyCell(std::string_view packed, uint32_t from, uint32_t to, std::vector<Cell>* out) {
  Reader row(packed);
  Cell cell;
  for (uint64_t left = row.cells; left > 0 && ReadCell(&row.in, &cell); --left) {
    if (cell.property != from) continue;
    cell.property = to;
    out->push_back(cell);
  }
}

std::shared_ptr<const RowBlock> Build(uint32_t block, std::vector<Placed> rows) {
  std::ranges::sort(rows, {}, [](const Placed& row) { return std::tie(row.owner, row.name); });
  column::BlockBuilder builder(block, 0);
  std::vector<Cell> cells;
  for (const Placed& placed : rows) {
    Reader row(placed.packed);
    cells.resize(row.cells);
    for (Cell& cell : cells) CHECK(ReadCell(&row.in, &cell));
    cells.insert(cells.end(), placed.more.begin(), placed.more.end());
    builder.Add({.local = placed.owner & (kBlockSize - 1), .cells = cells});
  }
  auto built = std::make_shared<RowBlock>();
  built->image = builder.Build();
  built->events = column::ReadBlockImage(built->image.bytes()).value();
  return built;
}

constexpr uint64_t kSlackBytes = 1 << 20;

}  // namespace

Bytes PackRow(const RowView& row) {
  ByteWriter out;
  out.Text(row.name);
  out.Varint(row.owner == kNobody ? 0 : uint64_t{row.owner} + 1);
  out.Varint(row.cells.size());
  for (const Cell& cell : row.cells) PutCell(cell, &out);
  return out.Take();
}

std::string_view RowTable::NameOf(std::string_view packed) { return Reader(packed).name; }
Ordinal RowTable::OwnerOf(std::string_view packed) { return Reader(packed).owner; }

std::string_view RowTable::CellOf(std::string_view packed, uint32_t column) {
  Reader row(packed);
  Cell cell;
  for (uint64_t left = row.cells; left > 0; --left) {
    const auto begin = row.in;
    if (!ReadCell(&row.in, &cell)) return {};
    if (cell.property != column) continue;
    ByteReader from = begin;
    (void)from.Varint();
    const auto* first = reinterpret_cast<const char*>(from.position());
    return {first, static_cast<size_t>(row.in.position() - from.position())};
  }
  return {};
}

// Rows that nobody owns lie by number.
uint32_t RowTable::BlockOf(uint32_t number) const {
  const Ordinal owner = OwnerOf(rows_[number]);
  return (owner == kNobody ? number : owner) >> kBlockBits;
}

void RowTable::Touch(uint32_t number) {
  Block& block = blocks_[BlockOf(number)];
  block.stale = true;
  ++version_;
}

Result<> RowTable::Put(std::span<const uint8_t> packed) {
  if (!IsWhole(AsText(packed))) return Error(Code::kCorrupt, "rows: cut or impossible");
  const std::string_view kept = texts_->Keep(AsText(packed));
  const std::string_view name = NameOf(kept);
  uint32_t number = 0;
  bool stays = false;
  if (const auto there = numbers_.find(name); there != numbers_.end()) {
    number = there->second;
    stays = OwnerOf(rows_[number]) == OwnerOf(kept);
    Touch(number);
    live_bytes_ -= rows_[number].size();
    numbers_.erase(there);  // its name lies in the row that goes
  } else if (!free_.empty()) {
    number = free_.back();
    free_.pop_back();
  } else {
    number = static_cast<uint32_t>(rows_.size());
    rows_.emplace_back();
  }
  rows_[number] = kept;
  numbers_.emplace(name, number);
  live_bytes_ += kept.size();
  kept_bytes_ += kept.size();
  Touch(number);
  if (!stays) blocks_[BlockOf(number)].numbers.push_back(number);
  Tidy();
  return {};
}

std::string_view RowTable::Find(std::string_view name) const {
  const auto there = numbers_.find(name);
  return there == numbers_.end() ? std::string_view() : rows_[there->second];
}

bool RowTable::Remove(std::string_view name) {
  const auto there = numbers_.find(name);
  if (there == numbers_.end()) return false;
  const uint32_t number = there->second;
  Touch(number);
  live_bytes_ -= rows_[number].size();
  numbers_.erase(there);
  rows_[number] = {};
  free_.push_back(number);
  Tidy();
  return true;
}

// Packed rows that were replaced take their place until they are half of all.
void RowTable::Tidy() {
  if (kept_bytes_ < 2 * live_bytes_ + kSlackBytes) return;
  const auto before = std::exchange(texts_, std::make_unique<column::TextKeeper>());
  numbers_.clear();
  for (uint32_t number = 0; number < rows_.size(); ++number) {
    if (rows_[number].empty()) continue;
    rows_[number] = texts_->Keep(rows_[number]);
    numbers_.emplace(NameOf(rows_[number]), number);
  }
  kept_bytes_ = live_bytes_;
}

void RowTable::ForEach(const std::function<void(std::string_view)>& visit) const {
  for (const std::string_view row : rows_) {
    if (!row.empty()) visit(row);
  }
}

std::vector<std::string> RowTable::NamesOf(Ordinal owner) const {
  std::vector<std::string> names;
  const auto block = blocks_.find(owner >> kBlockBits);
  if (block == blocks_.end()) return names;
  for (const uint32_t number : block->second.numbers) {
    if (!rows_[number].empty() && OwnerOf(rows_[number]) == owner)
      names.emplace_back(NameOf(rows_[number]));
  }
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  return names;
}

std::shared_ptr<const RowBlocks> RowTable::Blocks() {
  if (built_ && built_version_ == version_) return built_;
  auto now = std::make_shared<RowBlocks>();
  if (built_) now->blocks = built_->blocks;
  for (auto block = blocks_.begin(); block != blocks_.end();) {
    auto& [place, here] = *block;
    if (!std::exchange(here.stale, false)) {
      ++block;
      continue;
    }
    std::vector<uint32_t>& numbers = here.numbers;
    std::ranges::sort(numbers);
    const auto repeated = std::ranges::unique(numbers);
    numbers.erase(repeated.begin(), repeated.end());
    std::erase_if(numbers, [&](uint32_t n) { return rows_[n].empty() || BlockOf(n) != place; });
    std::vector<Placed> rows;
    for (const uint32_t number : numbers) {
      const Ordinal owner = OwnerOf(rows_[number]);
      rows.push_back({owner == kNobody ? number : owner, NameOf(rows_[number]), rows_[number]});
    }
    if (rows.empty()) {
      now->blocks.erase(place);
      block = blocks_.erase(block);
      continue;
    }
    now->blocks.insert_or_assign(place, Build(place, std::move(rows)));
    ++block;
  }
  now->rows = size();
  built_ = std::move(now);
  built_version_ = version_;
  return built_;
}

Bytes RowTable::With(std::string_view packed, std::string_view name, const Cell& cell) {
  Reader row(packed);
  std::vector<Cell> cells(row.cells);
  for (Cell& known : cells) CHECK(ReadCell(&row.in, &known));
  std::erase_if(cells, [&](const Cell& known) { return known.property == cell.property; });
  cells.push_back(cell);
  return PackRow({name, row.owner, cells});
}

RowBlocks RowTable::Through(uint32_t column, const RowTable& others, uint32_t their_column,
                            std::span<const Copied> copies) const {
  boost::unordered_flat_map<std::string_view, std::vector<Link>, TextHash> owners;
  others.ForEach([&](std::string_view other) {
    const std::string_view value = CellOf(other, their_column);
    const Ordinal owner = OwnerOf(other);
    if (value.empty() || owner == kNobody) return;
    Link link{owner, {}};
    for (const Copied& copy : copies) CopyCell(other, copy.from, copy.to, &link.cells);
    std::vector<Link>& of = owners[value];
    if (std::ranges::find(of, link) == of.end()) of.push_back(std::move(link));
  });
  std::map<uint32_t, std::vector<Placed>> placed;
  ForEach([&](std::string_view row) {
    const auto found = owners.find(CellOf(row, column));
    if (found == owners.end()) return;
    for (const Link& link : found->second)
      placed[link.owner >> kBlockBits].push_back({link.owner, NameOf(row), row, link.cells});
  });
  RowBlocks made;
  for (auto& [block, rows] : placed) {
    made.rows += rows.size();
    made.blocks.emplace(block, Build(block, std::move(rows)));
  }
  return made;
}

}  // namespace waypost::store

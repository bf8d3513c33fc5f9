#include "store/attribute_block.h"

#include <algorithm>
#include <bit>
#include <set>
#include <utility>

#include "base/bytes.h"

namespace waypost::store {
namespace {

constexpr size_t kMaxSources = 60'000;  // further ones are not told apart: "none"

bool IsText(ValueType type) { return type == ValueType::kString || type == ValueType::kList; }

// Whether a change of this kind and time replaces what is there.
bool Wins(AttributeOp op, int64_t time_ms, bool there, bool there_once, int64_t there_time_ms) {
  if (op == AttributeOp::kSetOnce) return !there || (there_once && time_ms < there_time_ms);
  return there_once || time_ms >= there_time_ms;
}

}  // namespace

AttributeBlock::Cell& AttributeBlock::Attribute::At(uint32_t local) {
  if (cells.size() <= local) cells.resize(local + 1);
  return cells[local];
}

uint32_t AttributeBlock::Attribute::NumberOf(std::string_view text) {
  const auto found = text_numbers.find(text);
  if (found != text_numbers.end()) return found->second;
  const auto number = static_cast<uint32_t>(texts.size());
  texts.push_back(std::make_unique<std::string>(text));
  text_numbers.emplace(*texts.back(), number);
  return number;
}

int64_t AttributeBlock::Attribute::BitsOf(const Value& value) {
  if (IsText(value.type)) return NumberOf(value.text);
  if (type != ValueType::kDouble) return value.whole;
  return std::bit_cast<int64_t>(
      value.type == ValueType::kDouble ? value.real : static_cast<double>(value.whole));
}

void AttributeBlock::Attribute::Widen() {
  type = ValueType::kDouble;
  for (Cell& cell : cells) cell.bits = std::bit_cast<int64_t>(static_cast<double>(cell.bits));
}

void AttributeBlock::Attribute::Append(Cell* cell, std::string_view items) {
  std::string packed = cell->present ? *texts[static_cast<size_t>(cell->bits)] : std::string();
  std::vector<std::string_view> have;
  for (ByteReader in(AsBytes(packed)); !in.done();) have.push_back(in.Text());
  ByteWriter added;
  for (ByteReader in(AsBytes(items)); !in.done();) {
    const std::string_view item = in.Text();
    if (std::find(have.begin(), have.end(), item) == have.end()) {
      added.Text(item);
      have.push_back(item);
    }
  }
  cell->bits = NumberOf(packed.append(AsText(added.bytes())));
}

void AttributeBlock::Attribute::Change(uint32_t local, AttributeOp op, const Value& value,
                                       int64_t time_ms, uint16_t source) {
  if (type != value.type) {
    if (type == ValueType::kInt && value.type == ValueType::kDouble) Widen();
    const bool fits =
        type == value.type || (type == ValueType::kDouble && value.type == ValueType::kInt);
    if (!fits) return;  // the tracking plan lets no other mixture through
  }
  Cell& cell = At(local);
  const int64_t latest_ms = std::max(cell.time_ms, time_ms);
  if (op == AttributeOp::kIncrement && cell.present) {
    if (type == ValueType::kDouble) {
      cell.bits = std::bit_cast<int64_t>(std::bit_cast<double>(cell.bits) +
                                         std::bit_cast<double>(BitsOf(value)));
    } else {
      cell.bits = static_cast<int64_t>(static_cast<uint64_t>(cell.bits) +
                                       static_cast<uint64_t>(value.whole));
    }
    cell = {cell.bits, latest_ms, source, true, cell.once, cell.added};
  } else if (op == AttributeOp::kAppend) {
    const bool added = cell.added || !cell.present;
    Append(&cell, value.text);
    cell = {cell.bits, latest_ms, source, true, false, added};
  } else if (Wins(op, time_ms, cell.present, cell.once, cell.time_ms)) {
    cell = {op == AttributeOp::kUnset ? 0 : BitsOf(value),
            time_ms,
            source,
            op != AttributeOp::kUnset,
            op == AttributeOp::kSetOnce,
            op == AttributeOp::kIncrement};
  }
}

Value AttributeBlock::Attribute::ValueOf(const Cell& cell) const {
  Value value{type, cell.bits, 0, {}};
  if (type == ValueType::kDouble) value.real = std::bit_cast<double>(cell.bits);
  if (IsText(type) && cell.present) value.text = *texts[static_cast<size_t>(cell.bits)];
  return value;
}

column::Image AttributeBlock::Build(PropertyId property) const {
  static const Attribute kNobodyHasIt;
  static const ShownRows kNothingShown;
  const auto own = attributes_.find(property);
  const Attribute& attribute = own == attributes_.end() ? kNobodyHasIt : own->second;
  const auto instead = shown_.find(property);
  const ShownRows& shown = instead == shown_.end() ? kNothingShown : instead->second;

  ValueType type = attribute.type;
  size_t size = attribute.cells.size();
  for (const auto& [local, one] : shown) {
    size = std::max<size_t>(size, local + 1);
    if (attribute.cells.empty() || one.value.type == ValueType::kDouble) type = one.value.type;
  }
  std::vector<column::Cell> values(size);
  std::vector<const column::Cell*> rows(size);
  const auto put = [&](uint32_t local, const Value& value) {
    const bool widened = type == ValueType::kDouble && value.type == ValueType::kInt;
    values[local] = {property, static_cast<column::ColumnType>(type), value.whole,
                     widened ? static_cast<double>(value.whole) : value.real, value.text};
    rows[local] = &values[local];
  };
  for (uint32_t local = 0; local < attribute.cells.size(); ++local) {
    const Cell& cell = attribute.cells[local];
    if (cell.present && !shown_rows_.contains(local)) put(local, attribute.ValueOf(cell));
  }
  for (const auto& [local, one] : shown) {
    Value value = one.value;
    value.text = one.text;
    put(local, value);
  }
  return column::BuildColumn(property, static_cast<column::ColumnType>(type), rows);
}

uint16_t AttributeBlock::SourceNumber(std::string_view source) {
  const auto found = std::find(sources_.begin(), sources_.end(), source);
  if (found != sources_.end()) return static_cast<uint16_t>(found - sources_.begin());
  if (sources_.size() > kMaxSources) return 0;
  if (sources_.empty() && !source.empty()) sources_.emplace_back();  // 0: none
  sources_.emplace_back(source);
  return static_cast<uint16_t>(sources_.size() - 1);
}

void AttributeBlock::Stale(PropertyId property, uint32_t local) {
  columns_ = nullptr;
  const auto built = built_.find(property);
  if (built == built_.end()) return;
  std::vector<uint32_t>& changed = built->second.changed;
  changed.push_back(local);
  if (changed.size() > built->second.column.row_count() / 4 + 16) built_.erase(built);
}

std::optional<column::Cell> AttributeBlock::CellAt(PropertyId property, uint32_t local) const {
  Value value;
  if (shown_rows_.contains(local)) {
    const auto rows = shown_.find(property);
    if (rows == shown_.end()) return std::nullopt;
    const auto shown = rows->second.find(local);
    if (shown == rows->second.end()) return std::nullopt;
    value = shown->second.value;
    value.text = shown->second.text;
  } else {
    const auto own = attributes_.find(property);
    if (own == attributes_.end() || local >= own->second.cells.size()) return std::nullopt;
    const Cell& cell = own->second.cells[local];
    if (!cell.present) return std::nullopt;
    value = own->second.ValueOf(cell);
  }
  return column::Cell{property, static_cast<column::ColumnType>(value.type), value.whole,
                      value.real, value.text};
}

// The column with the rows that changed as they are now; nothing where it must be built anew.
std::optional<column::Image> AttributeBlock::Changed(PropertyId property) const {
  const Built& built = built_.at(property);
  const auto own = attributes_.find(property);
  const bool same_type = own == attributes_.end() || own->second.cells.empty() ||
                         static_cast<column::ColumnType>(own->second.type) == built.column.type();
  if (!same_type) return std::nullopt;
  std::vector<std::optional<column::Cell>> cells(built.changed.size());
  std::vector<column::RowCell> changes;
  for (size_t i = 0; i < cells.size(); ++i) {
    cells[i] = CellAt(property, built.changed[i]);
    changes.push_back({built.changed[i], cells[i] ? &*cells[i] : nullptr});
  }
  return column::ChangedColumn(*built.image, changes);
}

void AttributeBlock::Apply(LogPosition position, uint32_t local, AttributeOp op,
                           PropertyId property, const Value& value, int64_t time_ms,
                           std::string_view source) {
  if (position < position_) return;
  changed_at_ = position;
  const auto [at, added] = attributes_.try_emplace(property);
  if (added) at->second.type = value.type;
  at->second.Change(local, op, value, time_ms, SourceNumber(source));
  Stale(property, local);
}

void AttributeBlock::ForEach(
    uint32_t local, const std::function<void(PropertyId, const AttributeValue&)>& visit) const {
  for (const auto& [property, attribute] : attributes_) {
    if (local < attribute.cells.size()) __builtin_prefetch(&attribute.cells[local]);
  }
  for (const auto& [property, attribute] : attributes_) {
    if (local >= attribute.cells.size()) continue;
    const Cell& cell = attribute.cells[local];
    if (cell.time_ms == kNever) continue;
    visit(property, {attribute.ValueOf(cell), cell.time_ms, sources_[cell.source], !cell.present,
                     cell.once, cell.added});
  }
}

void AttributeBlock::Show(uint32_t local, const std::map<PropertyId, AttributeValue>& values) {
  if (shown_rows_.insert(local).second) {
    ForEach(local, [&](PropertyId property, const AttributeValue&) { Stale(property, local); });
  }
  for (auto& [property, rows] : shown_) {
    if (!values.contains(property) && rows.erase(local)) Stale(property, local);
  }
  for (const auto& [property, survivor] : values) {
    const auto [at, added] = shown_[property].try_emplace(local);
    Shown& shown = at->second;
    Value value = survivor.value;
    const std::string_view text = std::exchange(value.text, {});
    if (!added && shown.value == value && shown.text == text) continue;
    shown.value = value;
    shown.text = text;
    Stale(property, local);
  }
}

void AttributeBlock::ShowOwn(uint32_t local) {
  if (!shown_rows_.erase(local)) return;
  for (auto at = shown_.begin(); at != shown_.end();) {
    if (at->second.erase(local)) Stale(at->first, local);
    at = at->second.empty() ? shown_.erase(at) : std::next(at);
  }
  ForEach(local, [&](PropertyId property, const AttributeValue&) { Stale(property, local); });
}

std::shared_ptr<const AttributeColumns> AttributeBlock::Columns() {
  if (columns_) return columns_;
  auto columns = std::make_shared<AttributeColumns>();
  std::set<PropertyId> properties;
  for (const auto& [property, attribute] : attributes_) properties.insert(property);
  for (const auto& [property, rows] : shown_) properties.insert(property);
  for (const PropertyId property : properties) {
    const auto [at, added] = built_.try_emplace(property);
    Built& built = at->second;
    if (added || !built.changed.empty()) {
      std::optional<column::Image> image;
      if (!added) image = Changed(property);
      built.image =
          std::make_shared<const column::Image>(image ? *std::move(image) : Build(property));
      built.column = column::ReadColumnImage(built.image->bytes()).value();
      built.changed.clear();
    }
    columns->images_.push_back(built.image);
    columns->columns_.push_back(built.column);
  }
  return columns_ = columns;
}

void AttributeBlock::Attribute::Erase(uint32_t local) {
  const Cell cell = std::exchange(cells[local], {});
  const bool alone = cell.present && IsText(type) &&
                     std::none_of(cells.begin(), cells.end(), [&](const Cell& other) {
                       return other.present && other.bits == cell.bits;
                     });
  if (!alone) return;
  std::string& text = *texts[static_cast<size_t>(cell.bits)];
  text_numbers.erase(text);
  text.clear();
}

void AttributeBlock::Erase(LogPosition position, uint32_t local) {
  if (position < position_) return;
  changed_at_ = std::max(changed_at_, position);
  for (auto& [property, attribute] : attributes_) {
    if (local < attribute.cells.size()) attribute.Erase(local);
  }
  for (auto& [property, rows] : shown_) rows.erase(local);
  shown_rows_.erase(local);
  built_.clear();  // their dictionaries know its texts
  columns_ = nullptr;
}

Bytes AttributeBlock::Encode() const {
  ByteWriter out;
  out.Varint(block_);
  out.Varint(position_);
  out.Varint(sources_.size());
  for (const std::string& source : sources_) out.Text(source);
  out.Varint(attributes_.size());
  for (const auto& [property, attribute] : attributes_) {
    out.Varint(property);
    out.U8(static_cast<uint8_t>(attribute.type));
    out.Varint(attribute.texts.size());
    for (const auto& text : attribute.texts) out.Text(*text);
    out.Varint(attribute.cells.size());
    for (const Cell& cell : attribute.cells) {
      out.U8(static_cast<uint8_t>(cell.present | cell.once << 1 | (cell.time_ms == kNever) << 2 |
                                  cell.added << 3));
      if (cell.time_ms == kNever) continue;
      out.Signed(cell.time_ms);
      out.Varint(cell.source);
      if (cell.present) out.Signed(cell.bits);
    }
  }
  return out.Take();
}

Result<std::unique_ptr<AttributeBlock>> AttributeBlock::Decode(std::span<const uint8_t> bytes) {
  const Error cut(Code::kCorrupt, "attributes: cut or impossible");
  ByteReader in(bytes);
  auto block = std::make_unique<AttributeBlock>(static_cast<uint32_t>(in.Varint()));
  block->position_ = in.Varint();
  for (uint64_t sources = in.Varint(); sources > 0 && in.ok(); --sources) {
    block->sources_.emplace_back(in.Text());
  }
  if (block->sources_.size() > kMaxSources + 2) return cut;
  for (uint64_t i = in.Varint(); i > 0 && in.ok(); --i) {
    const auto [at, added] = block->attributes_.try_emplace(static_cast<PropertyId>(in.Varint()));
    if (!added) return cut;
    Attribute& attribute = at->second;
    attribute.type = static_cast<ValueType>(in.U8());
    if (attribute.type < ValueType::kBool || attribute.type > ValueType::kList) return cut;
    for (uint64_t texts = in.Varint(); texts > 0 && in.ok(); --texts) {
      attribute.texts.push_back(std::make_unique<std::string>(in.Text()));
      attribute.text_numbers.emplace(*attribute.texts.back(), attribute.texts.size() - 1);
    }
    const uint64_t cells = in.Varint();
    if (cells > kBlockSize) return cut;
    attribute.cells.resize(cells);
    for (Cell& cell : attribute.cells) {
      const uint8_t flags = in.U8();
      if (flags & 4) continue;
      cell.present = flags & 1;
      cell.once = flags & 2;
      cell.added = flags & 8;
      cell.time_ms = in.Signed();
      const uint64_t source = in.Varint();
      if (source >= block->sources_.size()) return cut;
      cell.source = static_cast<uint16_t>(source);
      if (cell.present) cell.bits = in.Signed();
      const bool inside = static_cast<uint64_t>(cell.bits) < attribute.texts.size();
      if (cell.present && IsText(attribute.type) && !inside) return cut;
    }
  }
  if (!in.ok() || !in.done()) return cut;
  return block;
}

}  // namespace waypost::store

#include "store/attribute_block.h"

#include <algorithm>
#include <bit>

#include "base/bytes.h"

namespace waypost::store {
namespace {

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
                                       int64_t time_ms) {
  if (op != AttributeOp::kUnset && type != value.type) {
    if (type == ValueType::kInt && value.type == ValueType::kDouble) Widen();
    const bool fits =
        type == value.type || (type == ValueType::kDouble && value.type == ValueType::kInt);
    if (!fits) return;  // the tracking plan lets no other mixture through
  }
  Cell& cell = At(local);
  changed = true;
  if (op == AttributeOp::kIncrement && cell.present) {
    if (type == ValueType::kDouble) {
      cell.bits = std::bit_cast<int64_t>(std::bit_cast<double>(cell.bits) +
                                         std::bit_cast<double>(BitsOf(value)));
    } else {
      cell.bits = static_cast<int64_t>(static_cast<uint64_t>(cell.bits) +
                                       static_cast<uint64_t>(value.whole));
    }
    cell.time_ms = std::max(cell.time_ms, time_ms);
  } else if (op == AttributeOp::kAppend) {
    Append(&cell, value.text);
    cell = {cell.bits, std::max(cell.time_ms, time_ms), true, false};
  } else if (Wins(op, time_ms, cell.present, cell.once, cell.time_ms)) {
    cell = {op == AttributeOp::kUnset ? 0 : BitsOf(value), time_ms, op != AttributeOp::kUnset,
            op == AttributeOp::kSetOnce};
  }
}

column::Image AttributeBlock::Attribute::Build(PropertyId property) const {
  std::vector<column::Cell> values(cells.size());
  std::vector<const column::Cell*> rows(cells.size());
  for (size_t i = 0; i < cells.size(); ++i) {
    if (!cells[i].present) continue;
    column::Cell& value = values[i];
    value.type = static_cast<column::ColumnType>(type);
    value.whole = cells[i].bits;
    if (type == ValueType::kDouble) value.real = std::bit_cast<double>(cells[i].bits);
    if (IsText(type)) value.text = *texts[static_cast<size_t>(cells[i].bits)];
    rows[i] = &value;
  }
  return column::BuildColumn(property, static_cast<column::ColumnType>(type), rows);
}

void AttributeBlock::Apply(LogPosition position, uint32_t local, AttributeOp op,
                           PropertyId property, const Value& value, int64_t time_ms) {
  if (position < position_) return;
  changed_at_ = position;
  const auto [at, added] = attributes_.try_emplace(property);
  if (added) {
    if (op == AttributeOp::kUnset) {
      attributes_.erase(at);
      return;
    }
    at->second.type = value.type;
  }
  at->second.Change(local, op, value, time_ms);
  columns_ = nullptr;
}

void AttributeBlock::Clear(LogPosition position, uint32_t local, int64_t time_ms) {
  if (position < position_) return;
  changed_at_ = position;
  for (auto& [property, attribute] : attributes_)
    attribute.Change(local, AttributeOp::kUnset, {}, time_ms);
  columns_ = nullptr;
}

void AttributeBlock::ForEach(
    uint32_t local,
    const std::function<void(PropertyId, const Value&, int64_t, bool)>& visit) const {
  for (const auto& [property, attribute] : attributes_) {
    if (local >= attribute.cells.size() || !attribute.cells[local].present) continue;
    const Cell& cell = attribute.cells[local];
    Value value{attribute.type, cell.bits, 0, {}};
    if (attribute.type == ValueType::kDouble) value.real = std::bit_cast<double>(cell.bits);
    if (IsText(attribute.type)) value.text = *attribute.texts[static_cast<size_t>(cell.bits)];
    visit(property, value, cell.time_ms, cell.once);
  }
}

std::shared_ptr<const AttributeColumns> AttributeBlock::Columns() {
  if (columns_) return columns_;
  auto columns = std::make_shared<AttributeColumns>();
  for (auto& [property, attribute] : attributes_) {
    if (attribute.changed) {
      built_[property] = std::make_shared<const column::Image>(attribute.Build(property));
      attribute.changed = false;
    }
    Result<column::Column> column = column::ReadColumnImage(built_[property]->bytes());
    CHECK(column.ok());
    columns->images_.push_back(built_[property]);
    columns->columns_.push_back(column.value());
  }
  return columns_ = columns;
}

Bytes AttributeBlock::Encode() const {
  ByteWriter out;
  out.Varint(block_);
  out.Varint(position_);
  out.Varint(attributes_.size());
  for (const auto& [property, attribute] : attributes_) {
    out.Varint(property);
    out.U8(static_cast<uint8_t>(attribute.type));
    out.Varint(attribute.texts.size());
    for (const auto& text : attribute.texts) out.Text(*text);
    out.Varint(attribute.cells.size());
    for (const Cell& cell : attribute.cells) {
      out.U8(static_cast<uint8_t>(cell.present | cell.once << 1 | (cell.time_ms == kNever) << 2));
      if (cell.time_ms == kNever) continue;
      out.Signed(cell.time_ms);
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
      cell.time_ms = in.Signed();
      if (cell.present) cell.bits = in.Signed();
      const bool inside = static_cast<uint64_t>(cell.bits) < attribute.texts.size();
      if (cell.present && IsText(attribute.type) && !inside) return cut;
    }
  }
  if (!in.ok() || !in.done()) return cut;
  return block;
}

}  // namespace waypost::store

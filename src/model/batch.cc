#include "model/batch.h"

#include <cmath>
#include <utility>

namespace waypost {
namespace {

constexpr uint8_t kVersion = 1;
constexpr uint8_t kTimeFixedFlag = 1;
constexpr uint32_t kNoName = UINT32_MAX;

size_t VarintSize(uint64_t v) {
  size_t size = 1;
  for (; v >= 0x80; v >>= 7) ++size;
  return size;
}

Error Damaged(std::string_view what) {
  return Error(Code::kCorrupt, "corrupt_batch", "batch payload is damaged: " + std::string(what));
}

// False for a type no ValueType has.
bool ReadValue(ByteReader& in, Value* value) {
  const uint8_t type = in.U8();
  *value = {.type = static_cast<ValueType>(type)};
  switch (value->type) {
    case ValueType::kBool:
      value->whole = in.U8();
      return value->whole <= 1;
    case ValueType::kInt:
    case ValueType::kDecimal:
    case ValueType::kDateTime:
    case ValueType::kDate:
      value->whole = in.Signed();
      return true;
    case ValueType::kDouble:
      value->real = in.F64();
      return std::isfinite(value->real);
    case ValueType::kString:
    case ValueType::kList:
      value->text = in.Text();
      return true;
  }
  return false;
}

bool ReadIdentities(ByteReader& in, std::span<const std::string_view> names,
                    std::vector<IdentityView>* out) {
  out->clear();
  for (uint64_t left = in.Varint(); left > 0 && in.ok(); --left) {
    const uint64_t key = in.Varint();
    if (key >= names.size()) return false;
    out->push_back({names[key], in.Text()});
  }
  return in.ok();
}

}  // namespace

BatchWriter::BatchWriter(const BatchHeader& header) {
  header_.U8(kVersion);
  header_.Text(header.project);
  header_.Text(header.source);
  header_.Signed(header.ingest_ms);
  header_.Text(header.import_chunk);
}

void BatchWriter::BeginEvent(std::string_view name, const ItemMeta& meta) {
  BeginItem(ItemKind::kEvent, name, {}, meta);
}

void BatchWriter::BeginItem(ItemKind kind, std::string_view what, std::string_view detail,
                            const ItemMeta& meta) {
  CHECK(!begun_);
  begun_ = true;
  ++begun_count_;
  identity_count_ = property_count_ = 0;
  head_.Clear();
  identities_.Clear();
  properties_.Clear();
  head_.U8(static_cast<uint8_t>(kind));
  head_.U8(meta.time_fixed ? kTimeFixedFlag : 0);
  head_.Signed(meta.time_ms);
  head_.Text(meta.message_id);
  head_.Text(meta.dedup_key);
  head_.Varint(NameIndex(meta.library));
  head_.Varint(NameIndex(what));
  head_.Text(detail);
}

void BatchWriter::AddIdentity(std::string_view key, std::string_view value) {
  CHECK(begun_);
  identities_.Varint(NameIndex(key));
  identities_.Text(value);
  ++identity_count_;
}

std::optional<uint32_t> BatchWriter::GuessName(std::string_view name) const {
  const uint32_t guess = name_list_.empty() ? kNoName : name_list_[last_name_].follower;
  if (guess == kNoName || name_list_[guess].last_item == 0 || NameText(guess) != name) return {};
  return guess;
}

bool BatchWriter::AddProperty(std::string_view name, const Value& value) {
  return AddProperty(NameIndex(name), value);
}

bool BatchWriter::AddProperty(uint32_t name, const Value& value) {
  CHECK(begun_);
  last_name_ = name;
  if (std::exchange(name_list_[name].last_item, begun_count_) == begun_count_) return false;
  properties_.Varint(name);
  properties_.U8(static_cast<uint8_t>(value.type));
  PutValue(value);
  ++property_count_;
  return true;
}

void BatchWriter::PutValue(const Value& value) {
  switch (value.type) {
    case ValueType::kBool:
      return properties_.U8(value.whole != 0);
    case ValueType::kInt:
    case ValueType::kDecimal:
    case ValueType::kDateTime:
    case ValueType::kDate:
      return properties_.Signed(value.whole);
    case ValueType::kDouble:
      CHECK(std::isfinite(value.real));
      return properties_.F64(value.real);
    case ValueType::kString:
    case ValueType::kList:
      return properties_.Text(value.text);
  }
  CHECK(false && "a ValueType");
}

void BatchWriter::EndItem() {
  CHECK(begun_);
  begun_ = false;
  items_.Varint(head_.size() + VarintSize(identity_count_) + identities_.size() +
                VarintSize(property_count_) + properties_.size());
  items_.Raw(head_.bytes());
  items_.Varint(identity_count_);
  items_.Raw(identities_.bytes());
  items_.Varint(property_count_);
  items_.Raw(properties_.bytes());
  ++item_count_;
}

void BatchWriter::DropItem() {
  CHECK(begun_);
  begun_ = false;
}

void BatchWriter::AddQuarantine(std::string_view reason, std::string_view detail, int64_t time_ms) {
  BeginItem(ItemKind::kQuarantine, reason, detail, {.time_ms = time_ms});
  EndItem();
}

void BatchWriter::RewindTo(Place place) {
  CHECK(!begun_ && place.items <= item_count_ && place.bytes <= items_.size());
  item_count_ = place.items;
  items_.bytes().resize(place.bytes);
}

Bytes BatchWriter::Finish() {
  CHECK(!begun_);
  header_.bytes().reserve(header_.size() + names_.size() + items_.size() + 20);
  header_.Varint(name_list_.size());
  header_.Raw(names_.bytes());
  header_.Varint(item_count_);
  header_.Raw(items_.bytes());
  return header_.Take();
}

std::string_view BatchWriter::NameText(uint32_t index) const {
  const Name& name = name_list_[index];
  return AsText(std::span(names_.bytes()).subspan(name.offset, name.size));
}

uint32_t BatchWriter::NameIndex(std::string_view text) {
  uint32_t index = name_list_.empty() ? kNoName : name_list_[last_name_].follower;
  if (index == kNoName || NameText(index) != text) {
    index = FindOrAddName(text);
    name_list_[last_name_].follower = index;
  }
  last_name_ = index;
  return index;
}

uint32_t BatchWriter::FindOrAddName(std::string_view text) {
  if (const auto found = name_index_.find(text); found != name_index_.end()) return found->second;
  const auto index = static_cast<uint32_t>(name_list_.size());
  name_index_.emplace(text, index);
  names_.Text(text);
  name_list_.push_back({.offset = static_cast<uint32_t>(names_.size() - text.size()),
                        .size = static_cast<uint32_t>(text.size()),
                        .follower = kNoName,
                        .last_item = 0});
  return index;
}

Result<BatchReader> BatchReader::Open(std::span<const uint8_t> payload) {
  ByteReader in(payload);
  if (in.U8() != kVersion) return Damaged("unknown version");
  BatchReader reader;
  reader.header_ = {.project = in.Text(),
                    .source = in.Text(),
                    .ingest_ms = in.Signed(),
                    .import_chunk = in.Text()};
  for (uint64_t left = in.Varint(); left > 0 && in.ok(); --left) reader.names_.push_back(in.Text());
  reader.item_count_ = in.Varint();
  if (!in.ok()) return Damaged("the header is cut");
  reader.items_ = in;
  reader.items_left_ = reader.item_count_;
  return reader;
}

Result<std::optional<ItemView>> BatchReader::Next() {
  if (items_left_ == 0) {
    if (!items_.done()) return Damaged("bytes after the last item");
    return std::optional<ItemView>();
  }
  --items_left_;
  ByteReader in(items_.Raw(items_.Varint()));
  ItemView item;
  item.kind = static_cast<ItemKind>(in.U8());
  item.meta.time_fixed = in.U8() & kTimeFixedFlag;
  item.meta.time_ms = in.Signed();
  item.meta.message_id = in.Text();
  item.meta.dedup_key = in.Text();
  const uint64_t library = in.Varint();
  const uint64_t what = in.Varint();
  item.detail = in.Text();
  if (!in.ok() || library >= names_.size() || what >= names_.size())
    return Damaged("an item's head");
  item.meta.library = names_[library];
  item.what_name = static_cast<uint32_t>(what);
  item.what = names_[what];
  if (item.kind < ItemKind::kEvent || item.kind > ItemKind::kRowsReplace)
    return Damaged("an item's kind");
  if (!ReadIdentities(in, names_, &identities_)) return Damaged("an item's identities");
  item.property_bytes = {in.position(), in.left()};
  if (!ReadProperties(item.property_bytes, &properties_)) return Damaged("an item's properties");
  for (const PropertyView& property : properties_) {
    if (property.name >= names_.size()) return Damaged("a property's name");
  }
  item.identities = identities_;
  item.properties = properties_;
  return std::optional(item);
}

bool ReadProperties(std::span<const uint8_t> bytes, std::vector<PropertyView>* out) {
  out->clear();
  ByteReader in(bytes);
  for (uint64_t left = in.Varint(); left > 0; --left) {
    PropertyView property;
    const uint64_t name = in.Varint();
    if (name > UINT32_MAX || !ReadValue(in, &property.value) || !in.ok()) return false;
    property.name = static_cast<uint32_t>(name);
    out->push_back(property);
  }
  return in.ok();
}

std::string PackList(std::span<const std::string_view> items) {
  ByteWriter out;
  for (const std::string_view item : items) out.Text(item);
  return std::string(AsText(out.bytes()));
}

std::vector<std::string_view> ListItems(std::string_view packed) {
  std::vector<std::string_view> items;
  for (ByteReader in(AsBytes(packed)); !in.done();) {
    const std::string_view item = in.Text();
    if (in.ok()) items.push_back(item);
  }
  return items;
}

}  // namespace waypost

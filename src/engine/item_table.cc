#include "engine/item_table.h"

namespace waypost::engine {
namespace {

enum Change : uint8_t { kSet = 1, kDelete = 2 };

}  // namespace

std::string ItemTable::KeyOf(std::string_view type, std::string_view id) {
  ByteWriter key;
  key.Text(type);
  key.Text(id);
  return std::string(AsText(key.bytes()));
}

void ItemTable::Set(std::string_view type, std::string_view id, int64_t time_ms,
                    std::string_view property, const Value& value) {
  Properties& item = items_[KeyOf(type, id)];
  const auto there = item.find(property);
  if (there != item.end() && there->second.time_ms > time_ms) return;
  item.insert_or_assign(std::string(property), Property{value.type, value.whole, value.real,
                                                        std::string(value.text), time_ms});
  changes_.U8(kSet);
  changes_.Text(type);
  changes_.Text(id);
  changes_.Signed(time_ms);
  changes_.Text(property);
  changes_.U8(static_cast<uint8_t>(value.type));
  changes_.Signed(value.whole);
  changes_.F64(value.real);
  changes_.Text(value.text);
}

void ItemTable::Delete(std::string_view type, std::string_view id) {
  if (items_.erase(KeyOf(type, id)) == 0) return;
  changes_.U8(kDelete);
  changes_.Text(type);
  changes_.Text(id);
}

const ItemTable::Properties* ItemTable::Find(std::string_view type, std::string_view id) const {
  const auto found = items_.find(KeyOf(type, id));
  return found == items_.end() ? nullptr : &found->second;
}

Bytes ItemTable::Drain() { return std::exchange(changes_, {}).Take(); }

Result<> ItemTable::Restore(std::span<const uint8_t> changes) {
  for (ByteReader in(changes); !in.done();) {
    const uint8_t change = in.U8();
    const std::string_view type = in.Text(), id = in.Text();
    if (change == kDelete) {
      Delete(type, id);
    } else {
      const int64_t time_ms = in.Signed();
      const std::string_view property = in.Text();
      Value value;
      value.type = static_cast<ValueType>(in.U8());
      value.whole = in.Signed();
      value.real = in.F64();
      value.text = in.Text();
      if (change != kSet || !in.ok()) return Error(Code::kCorrupt, "items: cut or impossible");
      Set(type, id, time_ms, property, value);
    }
  }
  changes_.Clear();
  return {};
}

}  // namespace waypost::engine

// Items: the things events are about (a product, a piece of content), as item_set records describe
// them. Simple for now: one table of type and id to properties, the latest by event time wins.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "model/batch.h"

namespace waypost::engine {

// Belongs to one thread at a time.
class ItemTable {
 public:
  struct Property {
    ValueType type;
    int64_t whole;
    double real;
    std::string text;
    int64_t time_ms;
  };
  using Properties = std::map<std::string, Property, std::less<>>;

  // Sets the item's properties, or deletes it; each no later than what is there by `time_ms` loses.
  void Set(std::string_view type, std::string_view id, int64_t time_ms, std::string_view property,
           const Value& value);
  void Delete(std::string_view type, std::string_view id);

  // Null when there is none.
  const Properties* Find(std::string_view type, std::string_view id) const;
  size_t size() const { return items_.size(); }

  // Changes since the last call, for the journal; Restore() takes them in again.
  Bytes Drain();
  Result<> Restore(std::span<const uint8_t> changes);

 private:
  static std::string KeyOf(std::string_view type, std::string_view id);
  std::map<std::string, Properties, std::less<>> items_;
  ByteWriter changes_;
};

}  // namespace waypost::engine

// A batch: what one accepted request put into the log, as flat bytes. Decoders write it with
// BatchWriter while they read the wire format; views read it with BatchReader without copying. It
// is the payload of log records of kind RecordKind::kBatch.
//
//   BatchWriter out({.project = "default", .source = "web", .ingest_ms = now});
//   out.BeginEvent("page_view", {.time_ms = t, .message_id = id, .library = "js/1.27"});
//   out.AddIdentity("login", "u1");                // the first one names the timeline it lands on
//   out.AddProperty("price", Value::Double(9.5));
//   out.EndItem();
//   Bytes payload = out.Finish();
//
// Layout (integers as in base/bytes.h; a name is an index into the name table):
//   u8 version = 1 · text project · text source · signed ingest_ms · text import_chunk
//   varint names · text * names
//   varint items · (varint size, item bytes) * items
// Item:
//   u8 kind · u8 flags · signed time_ms · text message_id · text dedup_key · name library
//   · name what · text detail
//   varint identities · (name key, text value) * identities
//   varint properties · (name property, u8 type, value) * properties
// Value: bool u8 · int, decimal, datetime, date signed · double 8 bytes · string, list text
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/result.h"
#include "model/value.h"

namespace waypost {

enum class ItemKind : uint8_t {
  kEvent = 1,       // what = event name
  kProfile = 2,     // what = ProfileOp name; properties = the attributes
  kLink = 3,        // identities are one customer (what: "link", "signup", "alias" or "bind")
  kUnlink = 4,      // the identities are cut from each other
  kItem = 5,        // what = item type, detail = item id; an entity's attributes are set
  kItemDelete = 6,  // what = item type, detail = item id
  kQuarantine = 7,  // what = reason ("bad_time", ...), detail = what came, as JSON text, no secrets
  // Of tables (model/table.h): what = the table, properties = columns, identities = whose it is;
  // detail = its name when the table has no key.
  kRow = 8,         // takes the place of the row of its name
  kRowDelete = 9,   // properties: the key alone
  kStagedRow = 10,  // of a load that replaces the table: what import_chunk says before its last '/'
  kRowsReplace = 11,  // the table is what this batch's load staged
};

// The load that a batch with an import_chunk is of.
inline std::string_view LoadOf(std::string_view import_chunk) {
  return import_chunk.substr(0, import_chunk.rfind('/'));
}

// Names of profile operations, as `what` of kProfile.
inline constexpr std::string_view kProfileSet = "set";
inline constexpr std::string_view kProfileSetOnce = "set_once";
inline constexpr std::string_view kProfileIncrement = "increment";
inline constexpr std::string_view kProfileAppend = "append";
inline constexpr std::string_view kProfileUnset = "unset";
inline constexpr std::string_view kProfileDelete = "delete";

struct BatchHeader {
  std::string_view project = {};
  std::string_view source = {};
  int64_t ingest_ms = 0;
  // Which piece of which file import this is, or empty. Two batches of a project with the same
  // non-empty import_chunk are one: the first in the log counts, whatever time lies between, and
  // the second changes nothing. Views remember 8 bytes (Hash64) a chunk.
  std::string_view import_chunk = {};
};

struct ItemMeta {
  int64_t time_ms = 0;
  // The sender's own id of the message, kept as it came. May be empty.
  std::string_view message_id = {};
  // Two items of a project with the same non-empty key are one: the first in the log counts.
  std::string_view dedup_key = {};
  std::string_view library = {};
  // The time was clamped because the sender's clock was wrong.
  bool time_fixed = false;
};

struct IdentityView {
  std::string_view key;  // "login", "device", "phone", ...
  std::string_view value;
  friend bool operator==(const IdentityView&, const IdentityView&) = default;
};

// Writes one batch. Not for sharing between threads. Between Begin* and EndItem or DropItem:
// identities and properties in any order. Nothing given needs to outlive the call. A property costs
// no allocation once its name is known: items of one batch mostly repeat the same names in the same
// order.
class BatchWriter {
 public:
  explicit BatchWriter(const BatchHeader& header);

  void BeginEvent(std::string_view name, const ItemMeta& meta);
  void BeginItem(ItemKind kind, std::string_view what, std::string_view detail,
                 const ItemMeta& meta);
  void AddIdentity(std::string_view key, std::string_view value);
  // For kList, `value.text` is packed as PackList does. False, and nothing is added, when the item
  // has a property of that name already. REQUIRES: a double is finite.
  bool AddProperty(std::string_view name, const Value& value);
  // The same in two steps, so that a caller may judge names only when they are new: the number of a
  // name that an item of this batch has as a property and that followed the name before it last
  // time, and the number of any name.
  std::optional<uint32_t> GuessName(std::string_view name) const;
  uint32_t NumberName(std::string_view name) { return NameIndex(name); }
  bool AddProperty(uint32_t name, const Value& value);
  void EndItem();
  // Forgets the item begun.
  void DropItem();
  // A whole kQuarantine item. REQUIRES: no item is begun.
  void AddQuarantine(std::string_view reason, std::string_view detail, int64_t time_ms);

  size_t item_count() const { return item_count_; }
  // Bytes the payload has now, about.
  size_t size() const { return items_.size(); }

  // A place to come back to: what was ended after Here() is forgotten by RewindTo.
  // REQUIRES: no item is begun, neither at Here() nor at RewindTo().
  struct Place {
    size_t items = 0, bytes = 0;
  };
  Place Here() const { return {item_count_, items_.size()}; }
  void RewindTo(Place place);

  // The payload. REQUIRES: no item is begun; the writer is not used again.
  Bytes Finish();

 private:
  // Where a name's text is inside names_, the name asked for after it last time, and the last item
  // that has it as a property, counted from 1.
  struct Name {
    uint32_t offset, size, follower, last_item;
  };
  std::string_view NameText(uint32_t index) const;
  uint32_t NameIndex(std::string_view text);
  uint32_t FindOrAddName(std::string_view text);
  void PutValue(const Value& value);

  ByteWriter header_;
  ByteWriter names_;
  std::vector<Name> name_list_;
  boost::unordered_flat_map<std::string, uint32_t, TextHash, std::equal_to<>> name_index_;
  uint32_t last_name_ = 0;
  ByteWriter items_;
  size_t item_count_ = 0;
  bool begun_ = false;
  uint32_t begun_count_ = 0;
  ByteWriter head_, identities_, properties_;
  uint32_t identity_count_ = 0, property_count_ = 0;
};

// One property of an item: `name` indexes BatchReader::names().
struct PropertyView {
  uint32_t name = 0;
  Value value;
};

// One item of a batch. All views borrow the payload.
struct ItemView {
  ItemKind kind = ItemKind::kEvent;
  ItemMeta meta;
  uint32_t what_name = 0;  // index of `what` in BatchReader::names()
  std::string_view what;
  std::string_view detail;
  std::span<const IdentityView> identities;
  std::span<const PropertyView> properties;
  // Where this item's encoded properties begin: hand to ReadProperties to read them again later.
  std::span<const uint8_t> property_bytes;
};

// Reads a payload. Errors are kCorrupt: a payload comes from our own log, whose checksums passed.
class BatchReader {
 public:
  // `payload` must outlive the reader.
  static Result<BatchReader> Open(std::span<const uint8_t> payload);

  const BatchHeader& header() const { return header_; }
  // Every name used in the batch, by index.
  std::span<const std::string_view> names() const { return names_; }
  size_t item_count() const { return item_count_; }

  // The next item, or nothing at the end. The view is valid until the next call.
  Result<std::optional<ItemView>> Next();

 private:
  BatchHeader header_;
  std::vector<std::string_view> names_;
  size_t item_count_ = 0;
  size_t items_left_ = 0;
  ByteReader items_{{}};
  std::vector<IdentityView> identities_;
  std::vector<PropertyView> properties_;
};

// Decodes (count, properties...) at the start of `bytes` into `out`, replacing it. False when the
// bytes are cut or hold an unknown type; `out` then holds what came before.
bool ReadProperties(std::span<const uint8_t> bytes, std::vector<PropertyView>* out);

// Lists of strings in one text: (varint length, bytes)*. A cut text gives the whole items before
// the cut.
std::string PackList(std::span<const std::string_view> items);
std::vector<std::string_view> ListItems(std::string_view packed);

}  // namespace waypost

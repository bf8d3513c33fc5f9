// Puts one record of a request into the batch, held to the limits, all of it or nothing. A record
// is one call of a client; it may become several items (a sign-up is an event and a link).
//
//   writer.Start();
//   writer.BeginItem(ItemKind::kEvent, "pay", "", meta);
//   writer.AddIdentity("login", "u1");
//   writer.AddFields("", properties);
//   writer.EndItem();
//   if (const auto reason = writer.Finish(record); !reason.empty()) ...
//
// The first violation is remembered and what follows is ignored, so callers need not look in
// between. Finish then takes back the record's items and writes a kQuarantine item with the reason
// and the redacted JSON instead.
//
// Borrowed by one request on one thread.
#pragma once

#include <simdjson.h>

#include <boost/unordered/unordered_flat_set.hpp>
#include <span>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "ingest/record_time.h"
#include "model/batch.h"

namespace waypost::ingest {

// Property names that were judged and found good, remembered from request to request so that names
// are judged once. At most 20,000; then it starts anew.
class GoodNames {
 public:
  // Why the name cannot be a property's ("bad_name", "reserved_name", "sensitive"), or nothing.
  std::string_view Judge(std::string_view name);

 private:
  boost::unordered_flat_set<std::string, TextHash, std::equal_to<>> good_;
};

class RecordWriter {
 public:
  enum class Nested { kRefuse, kFlatten };  // objects as values: "nested_object", or dotted names

  RecordWriter(BatchWriter& out, GoodNames& names, Nested nested, int64_t now_ms)
      : out_(out), names_(names), nested_(nested), now_ms_(now_ms) {}

  // Texts written "YYYY-MM-DD HH:MM[:SS[.fff]]" are datetimes read off this clock from now on.
  // Without this they stay texts.
  void ReadTimesOn(const WallClock& clock) { clock_ = clock; }

  void Start();
  void Fail(std::string_view reason);
  bool failed() const { return !reason_.empty(); }
  // Nothing when the record is in the batch, else the reason it is quarantined for (RedactedJson).
  std::string_view Finish(simdjson::dom::element record,
                          std::span<const std::string> hashed_keys = {});

  // REQUIRES: names and ids in `what`, `detail` and `meta` were judged by the caller.
  void BeginItem(ItemKind kind, std::string_view what, std::string_view detail,
                 const ItemMeta& meta);
  void EndItem();
  void AddIdentity(std::string_view key, std::string_view value);
  void AddProperty(std::string_view name, const Value& value);
  // Adds nothing when the item has the property already.
  void AddMissingProperty(std::string_view name, const Value& value);

  // One field. null is absence, so nothing is added.
  void AddField(std::string_view name, simdjson::dom::element value);
  // Every field of an object, `prefix` before each name. With `keep_first`, fields the item has
  // already are passed over; else they are "duplicate_property".
  void AddFields(std::string_view prefix, simdjson::dom::object fields, bool keep_first = false);

 private:
  void AddNested(std::string_view name, simdjson::dom::object fields);
  void AddText(std::string_view name, std::string_view text);
  void AddList(std::string_view name, simdjson::dom::array list);
  bool AppendJson(simdjson::dom::element value);
  bool HasSensitiveName(simdjson::dom::element value) const;

  BatchWriter& out_;
  GoodNames& names_;
  const Nested nested_;
  const int64_t now_ms_;
  std::optional<WallClock> clock_;

  BatchWriter::Place start_;
  std::string_view reason_;
  bool begun_ = false;
  bool keep_first_ = false;
  size_t property_count_ = 0;
  std::string path_;  // dotted name of the property being added
  std::string item_;  // JSON text of a list's item
  ByteWriter list_;
};

}  // namespace waypost::ingest
